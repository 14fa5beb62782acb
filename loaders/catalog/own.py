"""Tables that no portal publishes: people fill them in, in a form that this project documents, and import them."""

from loaders.catalog.entries import REGION, Column, Dataset, Kind, Partition

DATASETS = (
    Dataset(
        dataset_id="temperatures-prevues-regionales",
        portal="own",
        title="Températures prévues par région",
        producer="Prévision météorologique importée",
        licence="licence du fichier importé",
        grain="region and day to come; °C",
        key=("code_insee_region", "date"),
        columns=(
            Column("date", Kind.DATE, needed=True),
            Column("code_insee_region", Kind.CODE, needed=True, code=REGION),
            Column("tmoy", Kind.NUMBER, needed=True, low=-40, high=45),
            # Days lie ahead: nothing dates a row but the day that its file is of.
            Column("annee", Kind.INTEGER, low=1990, high=2100),
        ),
        time_column="annee",
        partition=Partition.NONE,
        rhythm_days=2,
        is_optional=True,
    ),
)
