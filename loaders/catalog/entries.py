"""What a catalog entry is made of: a dataset, its columns and how their values are read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Code:
    """What the codes of a column look like, and how those come back that a spreadsheet or pandas mangled."""

    pattern: str
    """What a right code matches as a whole."""
    width: int
    """Digits that a number is padded to with zeros: `1` and `1.0` are `01`."""
    names: str = ""
    """The territories whose names people write in place of codes: `regions` or `departements`."""
    words: tuple[str, ...] = ()
    """Other values that portals write, as they are."""


REGION = Code(r"\d\d", 2, names="regions")
DEPARTEMENT = Code(r"\d\d|2[AB]|9[78]\d", 2, names="departements")
COMMUNE = Code(r"\d[\dAB]\d{3}", 5)
EPCI = Code(r"\d{9}|Z+|X+", 9)
IRIS = Code(r"\d[\dAB]\d{7}|Z+|X+", 9)
NAF_DIVISION = Code(r"\d\d|X+", 2)
MODALITY = Code(r"[0-9A-Z]", 1)
"""One character, as the census codes its answers."""


@dataclass(frozen=True)
class Range:
    """What a column's values can be in one territory: beyond, they are in another unit, or another's."""

    column: str
    by: str
    """The column that says the territory."""
    limits: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Order:
    """Columns whose values never fall from one to the next, but for a share of the rows."""

    columns: tuple[str, ...]
    most_broken: float = 0.0


@dataclass(frozen=True)
class Total:
    """A column that is the sum of others, in half of a file's rows at least."""

    column: str
    parts: tuple[str, ...]
    needs: tuple[str, ...]
    """The parts without which a row says nothing."""
    tolerance: float
    """The share of the total by which the parts may miss it."""
    slack: float
    """And so much beside, in the total's unit."""


@dataclass(frozen=True)
class Ratio:
    """A quotient of two columns whose median over a file reveals the unit."""

    column: str
    of: str
    low: float
    high: float
    where: str = "true"
    """The rows that it is taken over, as SQL."""


@dataclass(frozen=True)
class OlderCodes:
    """The codes that a column had up to a year, when they meant something else."""

    last_year: int
    codes: tuple[str, ...]
    fewest: int
    """So many rows of a later year cannot do with these alone."""


@dataclass(frozen=True)
class YearMark:
    """What in a file identifies the year of its rows, where no column does."""

    column: str
    """The column looked at: of the dataset, or of the file alone."""
    offset: int = 0
    """Added to its largest value, that is the year, where there are `fewest` rows; where nothing is `known`."""
    fewest: int = 0
    where: tuple[str, ...] = ()
    """Rows whose sum of the column is `known`, as SQL; the first that there are any of count."""
    known: Mapping[int, int] = field(default_factory=dict)
    """The year by that sum."""


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
    code: Code | None = None
    """What codes look like; for `Kind.CODE` alone."""
    codes_by: tuple[str, Mapping[str, Code]] | None = None
    """(another column, what codes look like for its values), where one column holds codes of several kinds."""
    nulls: tuple[str, ...] = ()
    """Words, in lower case, that the portal writes where there is no value."""
    is_count: bool = False
    """Whether values are whole numbers."""
    is_steady: bool = False
    """Whether a value lies near those of the same day: seven times as much, or as little, is an error."""
    known: tuple[str, ...] = ()
    """Values, in lower case and without accents; `x*` is what begins with x. A file of others is another's, or new."""
    older: OlderCodes | None = None
    """The codes of an older vintage, where `time_column` is a year."""
    is_blank_kept: bool = False
    """Whether a row without a value lands although a file needs the column: what reads the lake counts such rows."""
    made_from: str = ""
    """SQL over other columns of the dataset that gives the value where a file lacks the column."""
    foreign: tuple[str, ...] = ()
    """Values, in lower case and without accents, that only another dataset has, its `sibling` where it has one."""

    @property
    def width(self) -> int:
        """Digits of a code, padded with zeros; 0 for other kinds."""
        return self.code.width if self.code else 0


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
    identifies: then a file replaces what the lake has of the same `slice_by`."""
    columns: tuple[Column, ...]
    time_column: str
    """What dates a row: an instant or a date partitions the lake by year, an integer is a calendar year."""
    clock_column: str | None = None
    """The Paris clock time published beside the instant, if any."""
    is_proved: bool = False
    """Whether its reading was proved on real files, not on simulated ones alone."""
    step_minutes: int | None = None
    """The time between two rows of one series; another makes it another dataset. None where there is none."""
    ordered: tuple[Order, ...] = ()
    ranges: tuple[Range, ...] = ()
    totals: tuple[Total, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    year_mark: YearMark | None = None
    older_headers: tuple[Mapping[str, str], ...] = ()
    """Headers of other vintages: the field ids by name, where a name means another column than it does today."""
    slice_by: tuple[str, ...] = ()
    """Without a key: the columns that define the slices a file has in full; it replaces these slices only."""
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
    is_optional: bool = False
    """Whether a lake without it lacks nothing."""
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
