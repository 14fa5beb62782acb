"""Datasets of data.education.gouv.fr (Opendatasoft): the school calendar."""

from loaders.catalog.entries import LICENCE, Column, Dataset, Kind

DATASETS = (
    Dataset(
        dataset_id="fr-en-calendrier-scolaire",
        portal="education",
        title="Calendrier scolaire",
        is_proved=True,
        producer="Ministère de l'Éducation",
        licence=LICENCE,
        grain="académie, period and people concerned",
        key=("start_date", "location", "description", "population", "annee_scolaire"),
        columns=(
            Column("description", Kind.TEXT, needed=True, aliases=("Description",)),
            Column("population", Kind.TEXT, needed=True, aliases=("Population",)),
            Column("start_date", Kind.INSTANT, needed=True, aliases=("Date de début",)),
            Column("end_date", Kind.INSTANT, aliases=("Date de fin",)),
            Column("location", Kind.TEXT, needed=True, aliases=("Académies", "Académie")),
            Column("zones", Kind.TEXT, needed=True, aliases=("Zones",)),
            Column("annee_scolaire", Kind.TEXT, needed=True, aliases=("Année scolaire",)),
            # Not published, always null: what dates a row must lie in the past, and a calendar reaches into the future.
            Column("annee", Kind.INTEGER),
        ),
        time_column="annee",
        fewest_rows=1_000,
    ),
)
