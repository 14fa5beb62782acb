"""What a catalog entry is made of: a dataset, its columns and how their values are read."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

LICENCE = "Licence Ouverte / Open Licence (Etalab)"


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


class Partition(Enum):
    """How the lake divides a dataset's rows into files; the value is the folder's name."""

    NONE = ""
    YEAR = "year"  # the UTC year of an instant, the year of a day
    MONTH = "month"  # one file a month in the folder of the year
    DEPARTEMENT = "departement"  # the first two characters of the first key column


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
    foreign: tuple[str, ...] = ()
    """Values, in lower case and without accents, that only the dataset's `sibling` has."""


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
    """What identifies a row; null is a value like any other in a column that is not needed. Empty for rows that nothing
    identifies: then a file is a whole publication and replaces what the lake has."""
    columns: tuple[Column, ...]
    time_column: str
    """What dates a row: an instant or a date partitions the lake by year, an integer is a calendar year."""
    clock_column: str | None = None
    """The Paris clock time published beside the instant, if any."""
    is_proved: bool = False
    """Whether its reading was proved on real files, not on simulated ones alone."""
    first_day: dt.date | None = None
    """Rows of earlier days are left out, and counted: nothing else reaches that far back."""
    any_of: tuple[str, ...] = ()
    """Rows with no value in any of these columns are left out, and counted: they carry nothing that is used here."""
    partition: Partition = Partition.NONE
    revised_years: int = 2
    """How many calendar years, the present one included, the publisher may still change."""
    is_rolling: bool = False
    """Whether the publisher takes old rows away as new ones come: the lake keeps them."""
    is_frozen: bool = False
    """Whether no publication is to come."""
    rhythm_days: int = 400
    """Days after which the newest row, or the newest vintage of rows that are not dated by the day, is late."""
    is_narrowed: bool = False
    """Whether a portal that can is asked for the columns above alone: what stands beside them is personal."""
    fewest_rows: int = 1
    """Fewer rows, of the whole dataset or of one of its `files`, mean that the portal is broken: nothing is loaded."""
    largest_shrinkage: float = 0.02
    """The share of a part's rows, counted when it last landed, by which it may shrink without being rejected."""
    path: str = ""
    """Where it lies on its portal, if that does not follow from its id."""
    files: tuple[tuple[str, str], ...] = ()
    """Where no interface lists them: (year of the rows, path on the portal) of each published file."""
    sibling: str = ""
    """The dataset whose files have the same columns and are distinguished by `foreign` values alone."""
    member: str = ""
    """The file wanted in an archive of several, as a regular expression on its base name."""

    @property
    def folder(self) -> str:
        """The dataset's folder, relative to the lake."""
        return f"{self.portal}/{self.dataset_id}"

    @property
    def attribution(self) -> str:
        """The sentence that the licence asks for, without the date of extraction."""
        return f"{self.producer}, {self.title} ({self.dataset_id}), {self.licence}"

    @property
    def is_dated(self) -> bool:
        """Whether an instant or a day dates a row, rather than a year or nothing."""
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
