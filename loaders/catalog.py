"""Every dataset the project knows: ids, columns, labels, licence. Where a portal renames things, mend it here."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from loaders.errors import DataElecError


class Kind(Enum):
    """How a published value is read."""

    TEXT = "text"
    CODE = "code"  # an official code, which keeps its zeros
    CLOCK = "clock"  # HH:MM
    PUBLISHED_DATE = "published date"  # a day as the portal wrote it, possibly wrong; French order becomes ISO
    DATE = "date"
    INSTANT = "instant"
    NUMBER = "number"
    INTEGER = "integer"

    @property
    def sql_type(self) -> str:
        """The DuckDB type that values of this kind land as."""
        return _SQL_TYPES.get(self, "VARCHAR")


_SQL_TYPES = {
    Kind.DATE: "DATE",
    Kind.INSTANT: "TIMESTAMP WITH TIME ZONE",
    Kind.NUMBER: "DOUBLE",
    Kind.INTEGER: "INTEGER",
}


@dataclass(frozen=True)
class Column:
    """One published field: its id, how to read it, the labels it also goes by and the values it can take."""

    name: str
    kind: Kind
    needed: bool = False
    aliases: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    width: int = 0
    """Digits of a code, padded with zeros; 0 for other kinds."""


@dataclass(frozen=True)
class Dataset:
    """One published dataset, as it lands in the lake."""

    dataset_id: str
    portal: str
    title: str
    producer: str
    licence: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    time_column: str
    """What dates a row: an instant or a date partitions the lake by year, an integer is a calendar year."""
    clock_column: str | None = None
    """The Paris clock time published beside the instant, if any."""

    @property
    def folder(self) -> str:
        """The dataset's folder, relative to the lake."""
        return f"{self.portal}/{self.dataset_id}"

    @property
    def attribution(self) -> str:
        """The sentence that the licence asks for, without the date of extraction."""
        return f"{self.producer}, {self.title} ({self.dataset_id}), {self.licence}"

    @property
    def is_partitioned(self) -> bool:
        """Whether the lake holds one file a year."""
        return self.column(self.time_column).kind is not Kind.INTEGER

    @property
    def names(self) -> tuple[str, ...]:
        """The field ids, in landed order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return a column by its id; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True)
class Match:
    """How a file's columns answer to a dataset: positions in the file by field id, and what is left."""

    positions: dict[str, int]
    vintage: int | None
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    doubled: tuple[tuple[str, str, str], ...]
    """(field id, first name, second name) where two columns of the file claim one field."""


VINTAGE_NAME = "record_timestamp"
LICENCE = "Licence Ouverte / Open Licence (Etalab)"


def _region() -> tuple[Column, Column]:
    return (
        Column("code_insee_region", Kind.CODE, needed=True, aliases=("Code INSEE région",), width=2),
        Column("region", Kind.TEXT, aliases=("Région",)),
    )


def _raw_consumption(unit: str, highest: float) -> tuple[Column, ...]:
    gas = f"{unit} PCS 0°C"
    return (
        Column(
            "consommation_brute_gaz_grtgaz",
            Kind.NUMBER,
            aliases=(
                f"Consommation brute gaz ({gas}) - GRTgaz",
                f"Consommation brute gaz ({gas}) - NaTran",
                "consommation_brute_gaz_natran",
            ),
        ),
        Column("statut_grtgaz", Kind.TEXT, aliases=("Statut - GRTgaz", "Statut - NaTran", "statut_natran")),
        Column("consommation_brute_gaz_terega", Kind.NUMBER, aliases=(f"Consommation brute gaz ({gas}) - Teréga",)),
        Column("statut_terega", Kind.TEXT, aliases=("Statut - Teréga",)),
        Column("consommation_brute_gaz_totale", Kind.NUMBER, aliases=(f"Consommation brute gaz totale ({gas})",)),
        Column(
            "consommation_brute_electricite_rte",
            Kind.NUMBER,
            needed=True,
            aliases=(f"Consommation brute électricité ({unit}) - RTE",),
            low=-1_000,
            high=highest,
        ),
        Column("statut_rte", Kind.TEXT, aliases=("Statut - RTE",)),
        Column("consommation_brute_totale", Kind.NUMBER, aliases=(f"Consommation brute totale ({unit})",)),
    )


_DATASETS = (
    Dataset(
        dataset_id="consommation-quotidienne-brute-regionale",
        portal="odre",
        title="Consommation quotidienne brute régionale",
        producer="RTE, NaTran and Teréga on ODRÉ",
        licence=LICENCE,
        grain="region and half-hour, since 2013, 12 regions (no Corse); MW",
        # In spring the publisher writes two rows on one instant, which only the published clock time tells apart.
        key=("code_insee_region", "date_heure", "heure"),
        columns=(
            Column("date_heure", Kind.INSTANT, needed=True, aliases=("Date - Heure",)),
            Column("date", Kind.PUBLISHED_DATE, aliases=("Date",)),
            Column("heure", Kind.CLOCK, needed=True, aliases=("Heure",)),
            *_region(),
            *_raw_consumption("MW", highest=60_000),
            Column("flag_ignore", Kind.TEXT, aliases=("flag ignore",)),
        ),
        time_column="date_heure",
        clock_column="heure",
    ),
    Dataset(
        dataset_id="temperature-quotidienne-regionale",
        portal="odre",
        title="Température quotidienne régionale",
        producer="Weathernews on ODRÉ",
        licence=LICENCE,
        grain="region and day, since 2016, 13 regions; °C",
        key=("code_insee_region", "date"),
        columns=(
            Column("id", Kind.TEXT, aliases=("ID",)),
            Column("date", Kind.DATE, needed=True, aliases=("Date",)),
            *_region(),
            Column("tmin", Kind.NUMBER, needed=True, aliases=("TMin (°C)",), low=-60, high=60),
            Column("tmax", Kind.NUMBER, needed=True, aliases=("TMax (°C)",), low=-60, high=60),
            Column("tmoy", Kind.NUMBER, needed=True, aliases=("TMoy (°C)",), low=-60, high=60),
        ),
        time_column="date",
    ),
    Dataset(
        dataset_id="consommation-annuelle-brute-regionale",
        portal="odre",
        title="Consommation annuelle brute régionale",
        producer="RTE, NaTran and Teréga on ODRÉ",
        licence=LICENCE,
        grain="region and year, since 2013, 13 regions; GWh",
        key=("code_insee_region", "annee"),
        columns=(
            Column("annee", Kind.INTEGER, needed=True, aliases=("Année",), low=1990, high=2100),
            *_region(),
            *_raw_consumption("GWh", highest=600_000),
        ),
        time_column="annee",
    ),
)

CATALOG: dict[str, Dataset] = {dataset.dataset_id: dataset for dataset in _DATASETS}


def find(dataset_id: str) -> Dataset:
    """Return a dataset by id; the error for an unknown id suggests a close one."""
    if dataset_id in CATALOG:
        return CATALOG[dataset_id]
    close = difflib.get_close_matches(dataset_id, CATALOG, n=1, cutoff=0.4)
    guess = f"Did you mean `{close[0]}`? " if close else ""
    raise DataElecError(
        f"There is no dataset `{dataset_id}` in the catalog.", f"{guess}`dataelec sources` lists all ids."
    )


def normalised(label: str) -> str:
    """Return a label without accents, case and superfluous spaces, as labels are compared."""
    decomposed = unicodedata.normalize("NFKD", label.replace("\ufeff", ""))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


def match_columns(dataset: Dataset, names: Iterable[str]) -> Match:
    """Recognise a file's column names, ids or labels, as the dataset's fields; reads no data."""
    found = list(names)
    by_label = {
        normalised(label): column.name for column in dataset.columns for label in (column.name, *column.aliases)
    }
    positions: dict[str, int] = {}
    vintage: int | None = None
    unknown, doubled = [], []
    for position, name in enumerate(found):
        field = by_label.get(normalised(name))
        if field in positions:
            doubled.append((field, found[positions[field]], name))
        elif field is not None:
            positions[field] = position
        elif normalised(name) == VINTAGE_NAME:
            vintage = position
        else:
            unknown.append(name)
    missing = tuple(column.name for column in dataset.columns if column.needed and column.name not in positions)
    return Match(positions, vintage, tuple(unknown), missing, tuple(doubled))


def best_fit(names: Iterable[str]) -> Dataset | None:
    """Return the dataset all of whose needed columns are among these names, the one that knows most; else None."""
    found = list(names)
    fits = [(match_columns(dataset, found), dataset) for dataset in CATALOG.values()]
    complete = [(len(match.positions), dataset) for match, dataset in fits if not match.missing]
    return max(complete, key=lambda fit: fit[0])[1] if complete else None
