"""Datasets of calendrier.api.gouv.fr: public holidays, one dataset per zone since its files do not all name theirs."""

from loaders.catalog.entries import LICENCE, Column, Dataset, Kind

_ALSACE_MOSELLE = "jours-feries-alsace-moselle"


def _public_holidays(
    dataset_id: str, title: str, zone: str, path: str, *, foreign: tuple[str, ...] = (), sibling: str = ""
) -> Dataset:
    return Dataset(
        dataset_id=dataset_id,
        portal="holidays",
        title=title,
        is_proved=True,
        producer="Etalab",
        licence=LICENCE,
        grain=f"public holiday of {zone}",
        key=("date",),
        columns=(
            # Not what the lake is partitioned by: what dates a row must lie in the past, and holidays reach to 2050.
            Column("date", Kind.DATE, needed=True),
            Column("annee", Kind.INTEGER),
            Column("zone", Kind.TEXT),
            Column("est_jour_ferie", Kind.TEXT),
            Column("nom_jour_ferie", Kind.TEXT, needed=True, foreign=foreign),
        ),
        time_column="annee",
        rhythm_days=366,
        path=f"/jours-feries/{path}",
        sibling=sibling,
    )


DATASETS = (
    _public_holidays(
        "jours-feries",
        "Jours fériés en métropole",
        "mainland France",
        "metropole",
        # 26 December has gone by two names.
        foreign=("vendredi saint", "saint etienne", "2eme jour de noel"),
        sibling=_ALSACE_MOSELLE,
    ),
    _public_holidays(_ALSACE_MOSELLE, "Jours fériés en Alsace-Moselle", "Alsace and Moselle", "alsace-moselle"),
)
