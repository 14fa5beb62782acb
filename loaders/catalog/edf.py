"""Datasets of EDF, which runs the networks that are not joined to the mainland's: Corse and four overseas regions."""

from loaders.catalog.entries import LICENCE, Column, Dataset, Kind, Partition

DATASETS = (
    Dataset(
        dataset_id="courbe-de-charge-de-la-production-delectricite-par-filiere",
        portal="edf",
        title="Courbe de charge de la production d'électricité par filière (Corse et outre-mer)",
        producer="EDF",
        licence=LICENCE,
        grain="territory and hour, since 2019, Corse, Guadeloupe, Guyane, Martinique and La Réunion; MW",
        key=("territoire", "date_heure"),
        columns=(
            Column(
                "territoire",
                Kind.TEXT,
                needed=True,
                aliases=("Territoire",),
                known=("corse", "guadeloupe", "guyane", "martinique", "reunion", "la reunion"),
            ),
            Column("date_heure", Kind.INSTANT, needed=True, aliases=("Date - Heure", "Date et heure", "Date")),
            Column("statut", Kind.TEXT, aliases=("Statut",)),
            # With what comes by cable: the load, up to losses. La Réunion's highest is near 500.
            Column(
                "production_totale_mw",
                Kind.NUMBER,
                needed=True,
                aliases=("Production totale (MW)",),
                low=0,
                high=2_000,
                is_steady=True,
            ),
            Column("importations_mw", Kind.NUMBER, needed=True, aliases=("Importations (MW)",), low=-500, high=1_000),
            Column("thermique_mw", Kind.NUMBER, needed=True, aliases=("Thermique (MW)",), low=-100, high=2_000),
        ),
        time_column="date_heure",
        step_minutes=60,
        partition=Partition.YEAR,
        rhythm_days=400,
        fewest_rows=200_000,
    ),
)
