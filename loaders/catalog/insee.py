"""Datasets of INSEE: legal populations, one file per territory level of `ensemble.zip`, and the census of dwellings."""

from loaders.catalog.entries import (
    COMMUNE,
    DEPARTEMENT,
    LICENCE,
    MODALITY,
    REGION,
    Code,
    Column,
    Dataset,
    Kind,
    OlderCodes,
    Order,
    YearMark,
)

_PRODUCER = "INSEE"
_PUBLISHED_YEAR = Column("annee", Kind.INTEGER, low=1990, high=2100)
"""Year of the rows. No column says it: whoever lands a file does, or what is in it (`year_mark`); else it is null."""
_POPULATION_FILES = tuple(
    (year, f"/fr/statistiques/fichier/{number}/ensemble.zip")
    for year, number in (("2020", 6683035), ("2021", 7739582), ("2022", 8290591), ("2023", 8680726))
)
"""INSEE numbers its publications: each December one more line, from the page of the populations de référence."""
_DWELLING_FILES = (("2022", "/fr/statistiques/fichier/8647099/RP2022_logemt.zip"),)

_PARIS = {
    2_229_621: 2013,
    2_220_445: 2014,
    2_206_488: 2015,
    2_190_327: 2016,
    2_187_526: 2017,
    2_175_601: 2018,
    2_165_423: 2019,
    2_145_906: 2020,
    2_133_111: 2021,
    2_113_705: 2022,
    2_103_778: 2023,
}
"""The year by the municipal population of Paris, which identifies the year of a file."""
_ILE_DE_FRANCE = {12_262_544: 2019, 12_463_067: 2023}
# Until 2019 the names of territories stood under REG, DEP and COM, their codes under CODREG, CODDEP and CODCOM.
_OLDER_REGION = {"codreg": "reg", "reg": "region"}
_OLDER_DEPARTEMENT = {**_OLDER_REGION, "coddep": "dep", "dep": "departement"}
_OLDER_COMMUNE = {**_OLDER_REGION, "coddep": "dep", "com": "commune"}

_REGION = (
    Column("reg", Kind.CODE, needed=True, code=REGION),
    Column("region", Kind.TEXT, aliases=("Région",)),
)


def _modality(name: str, known: str, needed: bool = False, older: OlderCodes | None = None) -> Column:
    return Column(name, Kind.CODE, needed=needed, code=MODALITY, known=tuple(known), older=older)


def _counts(low: float, high: float) -> tuple[Column, ...]:
    """Return PMUN and PTOT; the limits tell a file of another territory level, whose columns are nearly the same."""
    return (Column("pmun", Kind.INTEGER, needed=True, low=low, high=high), Column("ptot", Kind.INTEGER))


def _populations(
    level: str,
    title: str,
    key: str,
    columns: tuple[Column, ...],
    *,
    fewest_rows: int,
    older: dict[str, str],
    mark: YearMark,
) -> Dataset:
    """Return the populations of one territory level: a row for each territory."""
    return Dataset(
        dataset_id=f"populations-legales-{level}s",
        portal="insee",
        title=f"Populations légales des {title}s",
        is_proved=True,
        producer=_PRODUCER,
        licence=LICENCE,
        grain=f"{level.replace('departement', 'département')}; people",
        key=(key, "annee"),
        columns=(*_REGION, *columns, _PUBLISHED_YEAR),
        time_column="annee",
        files=_POPULATION_FILES,
        fewest_rows=fewest_rows,
        ordered=(Order(("pmun", "ptot")),),
        older_headers=(older,),
        year_mark=mark,
        member=rf"donnees_{level}s\.csv",
    )


_DATASET_REGIONS = _populations(
    "region",
    "région",
    "reg",
    (
        Column("nbarr", Kind.INTEGER),
        Column("nbcan", Kind.INTEGER),
        Column("nbcom", Kind.INTEGER, needed=True),
        *_counts(200_000, 20_000_000),
    ),
    fewest_rows=13,
    older=_OLDER_REGION,
    mark=YearMark("pmun", where=("reg = '11'",), known=_ILE_DE_FRANCE),
)

_DATASET_DEPARTEMENTS = _populations(
    "departement",
    "département",
    "dep",
    (
        Column("dep", Kind.CODE, needed=True, code=DEPARTEMENT),
        Column("departement", Kind.TEXT, aliases=("Département",)),
        Column("nbarr", Kind.INTEGER),
        Column("nbcan", Kind.INTEGER),
        Column("nbcom", Kind.INTEGER, needed=True),
        *_counts(50_000, 4_000_000),
    ),
    fewest_rows=90,
    older=_OLDER_DEPARTEMENT,
    mark=YearMark("pmun", where=("dep = '75'",), known=_PARIS),
)

_DATASET_COMMUNES = _populations(
    "commune",
    "commune",
    "com",
    (
        Column("dep", Kind.CODE, needed=True, code=DEPARTEMENT),
        Column("codarr", Kind.CODE, code=MODALITY),
        Column("codcan", Kind.CODE, code=Code(r"\d\d", 2)),
        Column("codcom", Kind.CODE, code=Code(r"\d{3}", 3)),
        # Overseas, a département has three digits and its communes' numbers begin with the last of them.
        Column("com", Kind.CODE, needed=True, code=COMMUNE, made_from="left(dep, 2) || codcom"),
        Column("commune", Kind.TEXT),
        *_counts(0, 4_000_000),
        Column("pcap", Kind.INTEGER),
    ),
    fewest_rows=30_000,
    older=_OLDER_COMMUNE,
    # Paris is published by arrondissement; people add the commune beside them.
    mark=YearMark("pmun", where=("com between '75101' and '75120'", "com = '75056'"), known=_PARIS),
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
        Column("commune", Kind.CODE, needed=True, code=COMMUNE),
        # Arrondissement of Paris, Lyon and Marseille; `ZZZZZ` elsewhere.
        Column("arm", Kind.CODE, code=Code(r"\d{5}|Z{5}", 5)),
        _modality("catl", "1234", needed=True),
        _modality("typl", "123456", needed=True),
        # Under 40 m², under 100 and above; seven classes from 2013.
        _modality("surf", "1234567yz", needed=True, older=OlderCodes(2012, tuple("123YZ"), fewest=1_000)),
        _modality("cmbl", "123456yz"),
        _modality("chfl", "12345yz"),
        Column("ipondl", Kind.NUMBER, needed=True, low=0, high=1_000),
        _PUBLISHED_YEAR,
    ),
    time_column="annee",
    rhythm_days=550,
    # Up to 2021 each year came in files of a few regions, and years lie side by side.
    slice_by=("annee", "commune"),
    # A census is named after the middle of its five years of collection; people are asked when they moved in.
    year_mark=YearMark("aemm", offset=-2, fewest=1_000),
    files=_DWELLING_FILES,
    fewest_rows=20_000_000,
    member=r"FD_LOGEMT\w*\.csv",
)

DATASETS = (_DATASET_REGIONS, _DATASET_DEPARTEMENTS, _DATASET_COMMUNES, _DATASET_DWELLINGS)
