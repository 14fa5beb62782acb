"""Datasets of INSEE: legal populations, one file per territory level of `ensemble.zip`, and the census of dwellings."""

from loaders.catalog.entries import LICENCE, Column, Dataset, Kind

_PRODUCER = "INSEE"
_PUBLISHED_YEAR = Column("annee", Kind.INTEGER, low=1990, high=2100)
"""Year of the populations. The files do not say it, so it is null unless whoever lands them adds it."""
_POPULATION_FILES = tuple(
    (year, f"/fr/statistiques/fichier/{number}/ensemble.zip")
    for year, number in (("2020", 6683035), ("2021", 7739582), ("2022", 8290591), ("2023", 8680726))
)
"""INSEE numbers its publications: each December one more line, from the page of the populations de référence."""
_DWELLING_FILES = (("2022", "/fr/statistiques/fichier/8647099/RP2022_logemt.zip"),)

_REGION = (
    Column("reg", Kind.CODE, needed=True, width=2),
    Column("region", Kind.TEXT, aliases=("Région",)),
)


def _counts(low: float, high: float) -> tuple[Column, ...]:
    """Return PMUN and PTOT; the limits tell a file of another territory level, whose columns are nearly the same."""
    return (Column("pmun", Kind.INTEGER, needed=True, low=low, high=high), Column("ptot", Kind.INTEGER))


_DATASET_REGIONS = Dataset(
    dataset_id="populations-legales-regions",
    portal="insee",
    title="Populations légales des régions",
    is_proved=True,
    producer=_PRODUCER,
    licence=LICENCE,
    grain="region; people",
    key=("reg", "annee"),
    columns=(
        *_REGION,
        Column("nbarr", Kind.INTEGER),
        Column("nbcan", Kind.INTEGER),
        Column("nbcom", Kind.INTEGER, needed=True),
        *_counts(200_000, 20_000_000),
        _PUBLISHED_YEAR,
    ),
    time_column="annee",
    files=_POPULATION_FILES,
    fewest_rows=13,
    member=r"donnees_regions\.csv",
)

_DATASET_DEPARTEMENTS = Dataset(
    dataset_id="populations-legales-departements",
    portal="insee",
    title="Populations légales des départements",
    is_proved=True,
    producer=_PRODUCER,
    licence=LICENCE,
    grain="département; people",
    key=("dep", "annee"),
    columns=(
        *_REGION,
        # Two or three characters, as text: a code of fixed width would pad '02' to '002'.
        Column("dep", Kind.TEXT, needed=True),
        Column("departement", Kind.TEXT, aliases=("Département",)),
        Column("nbarr", Kind.INTEGER),
        Column("nbcan", Kind.INTEGER),
        Column("nbcom", Kind.INTEGER, needed=True),
        *_counts(50_000, 4_000_000),
        _PUBLISHED_YEAR,
    ),
    time_column="annee",
    files=_POPULATION_FILES,
    fewest_rows=90,
    member=r"donnees_departements\.csv",
)

_DATASET_COMMUNES = Dataset(
    dataset_id="populations-legales-communes",
    portal="insee",
    title="Populations légales des communes",
    is_proved=True,
    producer=_PRODUCER,
    licence=LICENCE,
    grain="commune; people",
    key=("com", "annee"),
    columns=(
        *_REGION,
        Column("dep", Kind.TEXT, needed=True),
        Column("codarr", Kind.TEXT),
        Column("codcan", Kind.TEXT),
        Column("codcom", Kind.CODE, width=3),
        Column("com", Kind.CODE, needed=True, width=5),
        Column("commune", Kind.TEXT),
        *_counts(0, 4_000_000),
        Column("pcap", Kind.INTEGER),
        _PUBLISHED_YEAR,
    ),
    time_column="annee",
    files=_POPULATION_FILES,
    fewest_rows=30_000,
    member=r"donnees_communes\.csv",
)

_DATASET_DWELLINGS = Dataset(
    dataset_id="FD_LOGEMT",
    portal="insee",
    title="Fichier détail Logements ordinaires du recensement",
    producer=_PRODUCER,
    licence=LICENCE,
    grain="surveyed dwelling, with the number of dwellings that it stands for (`ipondl`)",
    key=(),
    columns=(
        Column("commune", Kind.CODE, needed=True, width=5),
        # Arrondissement of Paris, Lyon and Marseille; `ZZZZZ` elsewhere.
        Column("arm", Kind.TEXT),
        Column("catl", Kind.TEXT, needed=True),
        Column("typl", Kind.TEXT, needed=True),
        Column("surf", Kind.TEXT, needed=True),
        Column("cmbl", Kind.TEXT),
        Column("chfl", Kind.TEXT),
        Column("ipondl", Kind.NUMBER, needed=True, low=0, high=1_000),
        _PUBLISHED_YEAR,
    ),
    time_column="annee",
    rhythm_days=550,
    files=_DWELLING_FILES,
    fewest_rows=20_000_000,
    member=r"FD_LOGEMT\w*\.csv",
)

DATASETS = (_DATASET_REGIONS, _DATASET_DEPARTEMENTS, _DATASET_COMMUNES, _DATASET_DWELLINGS)
