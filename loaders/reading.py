"""Reads an export, or an Arrow table in a portal's form, as a dataset: a typed DuckDB table that passed the checks."""

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from dataelec.errors import DataElecError
from dataelec.scratch import scratch
from loaders.catalog import Column, Dataset, Kind, Match, Partition, best_fit, match_columns, normalised
from loaders.checks import run_checks
from loaders.conversion import ALWAYS_READABLE, instant, is_null_word, literal, published_text, quoted, typed_value
from loaders.exports import UNREADABLE, Export, open_arrow, open_export, open_head
from loaders.queries import all_rows, count, first_row

MEMORY_LIMIT = "400MB"

# What an unreadable value should have been.
_EXPECTED = {
    Kind.NUMBER: "a number",
    Kind.INTEGER: "a whole number",
    Kind.DATE: "a date (2016-01-31, 31/01/2016 or 31/01/16)",
    Kind.PUBLISHED_DATE: "a date (2016-01-31, 31/01/2016 or 31/01/16)",
    Kind.INSTANT: "an instant (2016-01-31T00:30:00+01:00)",
    Kind.CODE: "a code",
    Kind.CLOCK: "a clock time (00:30)",
}
_EVIDENCE = "_evidence"
_WITHOUT_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
_ROUNDED_CODE = re.compile(r"\d[.,]?\d*[eE]\+?\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([ \u00a0\u202f\u2009'\u2019.,]\d{3})+([.,]\d+)?")
_COMMA_NUMBER = re.compile(r"[+-]?\d*[.,]?\d+")


@dataclass(frozen=True)
class Reading:
    """One source read into the table `table`: the needed parts of keys are complete.

    Its columns are the dataset's, the lake's lineage, `_part` (which file of the lake a row goes to; NULL where there
    is one file) and `_record` (1 for the source's first row).
    """

    name: str
    table: str
    rows: int
    """Rows of the source, those left out included."""
    absent: tuple[str, ...]
    """Fields that the source does not carry; NULL in the table."""
    unknown: tuple[str, ...]
    """Columns of the source that the catalog does not know; not read."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Rows left out, by reason."""
    remarks: tuple[str, ...] = ()
    """What else whoever landed it should know."""


@dataclass(frozen=True)
class Landing:
    """What all rows landed together have in common."""

    loaded_at: dt.datetime
    is_simulated: bool
    url: str | None = None
    """Where the rows were downloaded; None for files that people import."""
    portal_modified_at: str | None = None
    """When the portal says the dataset last changed."""
    year: str | None = None
    """What to write into `annee` where the rows do not say it."""


@contextmanager
def workspace() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Yield a DuckDB connection that spills to disk beyond its memory limit, and a folder; both go afterwards."""
    # A file, not memory: there DuckDB compresses what it holds.
    with scratch() as folder, duckdb.connect(folder / "workspace.duckdb") as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute(f"set temp_directory = {literal(str(folder / 'spill'))}")
        yield connection, folder


def read_file(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    given: Path,
    table: str,
    landing: Landing,
    published_at: dt.datetime | None,
    folder: Path,
) -> Reading:
    """Read an export into `table`; it is unpacked in `folder`, where there is need.

    A row's vintage is its `record_timestamp`, else `published_at`, else when the file was last modified. DataElecError
    names the file, the line and the value that cannot be taken.
    """
    with tempfile.TemporaryDirectory(dir=folder) as own:
        export, match = _recognised(open_export(given, Path(own), connection, dataset.member), dataset)
        fallback = published_at or dt.datetime.fromtimestamp(given.stat().st_mtime, dt.UTC)
        passage = _Passage(connection, dataset, export, match, table, landing, fallback)
        passage.create()
        passage.check()
        return passage.reading()


def read_table(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rows: pa.Table,
    name: str,
    table: str,
    landing: Landing,
    vintage_at: dt.datetime,
) -> Reading:
    """Read an Arrow table in the form of a portal's Parquet export into `table`; `name` stands for the file."""
    export, match = _recognised(open_arrow(name, rows, connection), dataset)
    passage = _Passage(connection, dataset, export, match, table, landing, vintage_at)
    passage.create()
    connection.unregister("arrow_rows")
    return passage.reading()


# --- recognising -----------------------------------------------------------------------------------------------------


def recognise_file(connection: duckdb.DuckDBPyConnection, dataset: Dataset, given: Path, folder: Path) -> None:
    """Raise DataElecError where a file's first bytes and names show that it is no export of the dataset.

    It costs nothing beside reading the file: an archive is not unpacked.
    """
    with tempfile.TemporaryDirectory(dir=folder) as own:
        if (export := open_head(given, Path(own), connection)) is not None:
            _recognised(export, dataset)


def _recognised(export: Export, dataset: Dataset) -> tuple[Export, Match]:
    """Match the export's columns; DataElecError where it is no export of this dataset."""
    named = [other for other in export.dataset_ids if other != dataset.dataset_id]
    if named:
        raise DataElecError(
            f"{export.name} says itself that it is `{named[0]}`, not `{dataset.dataset_id}`.",
            f"Run `dataelec import {named[0]} …` if the catalog has it (`dataelec sources`).",
        )
    match = match_columns(dataset, export.columns)
    if match.missing and not _are_placeholders(export, dataset, match):
        _refuse_a_late_header(export, dataset)
        fitting = _fitting(export)
        raise DataElecError(
            f"{export.name} lacks {_listed(match.missing)} of `{dataset.dataset_id}`;"
            f" it has {_listed(export.columns)}.",
            _looks_like(fitting)
            if fitting
            else f"`dataelec sources {dataset.dataset_id}` lists the columns and the labels that are recognised.",
        )
    if match.doubled:
        name, first, second = match.doubled[0]
        raise DataElecError(
            f"{export.name} has two columns for `{name}`: `{first}` and `{second}`.", "Remove one of them."
        )
    if export.is_open_ended:
        export = export.with_keys(_other_keys(export, dataset, match))
        match = replace(match_columns(dataset, export.columns), unknown=match.unknown)
    return export, match


def _are_placeholders(export: Export, dataset: Dataset, match: Match) -> bool:
    """Say whether records that lack keys are this dataset's all the same: those of a month not yet published do."""
    if not export.is_open_ended or set(match.missing) & {*dataset.key, dataset.time_column}:
        return False
    return dataset.dataset_id in export.dataset_ids or not match.unknown


def _other_keys(export: Export, dataset: Dataset, match: Match) -> list[str]:
    """Return the fields that the records looked into lack, spelled as the others are: ids, or labels."""
    are_labels = any(export.columns[position] != name for name, position in match.positions.items())
    lacking = [column for column in dataset.columns if column.name not in match.positions]
    return [column.aliases[0] if are_labels and column.aliases else column.name for column in lacking]


def _refuse_a_late_header(export: Export, dataset: Dataset) -> None:
    for line, names in export.rows_below():
        if not match_columns(dataset, names).missing:
            raise DataElecError(
                f"{export.name}: the header is line {line}, below a title.",
                f"Remove the lines above line {line} and import the file again.",
            )


def _fitting(export: Export) -> str:
    """Return the dataset that the export's columns fit best; empty if they fit none."""
    dataset = best_fit(export.columns)
    return dataset.dataset_id if dataset else ""


def _looks_like(dataset_id: str) -> str:
    return f"It looks like `{dataset_id}`: run `dataelec import {dataset_id} …`."


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:20])
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown


# --- the way down ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Passage:
    """One source on its way into a table, and all that it takes along: created, checked, then told as a `Reading`."""

    connection: duckdb.DuckDBPyConnection
    dataset: Dataset
    export: Export
    match: Match
    table: str
    landing: Landing
    fallback: dt.datetime
    """The vintage of rows that carry none."""

    def create(self) -> None:
        """Create the typed table; DataElecError names the first value that cannot be read.

        A format that leaves the comma free may write all its numbers with it.
        """
        bad = self._fill(decimal_comma=False)
        if bad and self._may_be_decimal_comma(bad):
            bad = self._fill(decimal_comma=True)
        if bad:
            record, name = bad
            value = self._published(name, record)
            column = self.dataset.column(name)
            raise DataElecError(
                f"{self.export.place(record)}, column `{self.export.columns[self.match.positions[name]].strip()}`:"
                f" {value!r} is not {_EXPECTED[column.kind]}{_remark(column, value)}.",
                "Nothing was landed. Mend the value or export the file again.",
            )
        self._date_by_content()

    def check(self) -> None:
        """Run the checks; DataElecError tells the first that failed."""
        results = run_checks(self.connection, self.table, self.dataset, self.landing.loaded_at.date())
        failed = next((result for result in results if not result.is_passed), None)
        if failed is None:
            return
        where = self.export.name if failed.record is None else self.export.place(failed.record)
        fitting = failed.fitting or _fitting(self.export)
        advice = failed.advice or (
            _looks_like(fitting)
            if fitting and fitting != self.dataset.dataset_id
            else "Check that the file is this dataset's export, in its units; export it again."
        )
        raise DataElecError(f"{where}: {failed.finding}.", f"Nothing was landed. {advice}")

    def reading(self) -> Reading:
        """Leave out the rows without a complete key or before the dataset's first day, counting them."""
        rows = count(self.connection, self.table)
        if not rows:
            raise DataElecError(f"{self.export.name} holds no rows.", "Download it again, with a period that has data.")
        left_out = {}
        for reason, condition in self._unusable().items():
            if without := count(self.connection, f"{self.table} where {condition}"):
                left_out[reason] = without
                self.connection.execute(f"delete from {self.table} where {condition}")
        absent = self._absent()
        return Reading(
            self.export.name, self.table, rows, absent, self.match.unknown, left_out, self._remarks(absent, rows)
        )

    # --- values

    def _fill(self, decimal_comma: bool) -> tuple[int, str] | None:
        """Create the table; return the first record and column that cannot be read, if any."""
        source = self.export.scan(self._chosen(), self.connection)
        values, judgements = [], []
        for column in self.dataset.columns:
            value, judgement = self._value(column, decimal_comma)
            values.append(f"{value} as {quoted(column.name)}")
            if judgement:
                judgements.append(judgement)
        made = [
            f"{column.made_from} as {quoted(column.name)}"
            for column in self.dataset.columns
            if column.made_from and column.name not in self.match.positions
        ]
        published = ", ".join(quoted(str(position)) for position in self._chosen())
        try:
            self.connection.execute(
                f"""
                create or replace table {self.table} as
                select
                    * exclude ({published}) {f"replace ({', '.join(made)})" if made else ""},
                    -- Judged here, where a value is a column: in one select it would be computed twice.
                    case {" ".join(judgements) or "when false then ''"} end as _unreadable, {self._part()} as _part
                from (
                    select
                        *, {", ".join(values)}, {self._evidence()}
                        {self._vintage()} as _vintage_at,
                        TIMESTAMPTZ {literal(self.landing.loaded_at.isoformat())} as _loaded_at,
                        {literal(self.export.name)} as _source_file,
                        {str(self.landing.is_simulated).lower()} as _is_simulated
                    from {source}
                )
                """
            )
        except UNREADABLE as problem:
            raise self.export.unreadable(problem) from problem
        found = first_row(
            self.connection,
            f"select _record, _unreadable from {self.table} where _unreadable is not null order by _record limit 1",
        )
        return (found[0], found[1]) if found else None

    def _chosen(self) -> list[int]:
        chosen = set(self.match.positions.values())
        if self.match.vintage is not None:
            chosen.add(self.match.vintage)
        if (position := self._evidence_position()) is not None:
            chosen.add(position)
        return sorted(chosen)

    def _value(self, column: Column, decimal_comma: bool) -> tuple[str, str]:
        """Return SQL for a column's value, and for its name where the value cannot be read."""
        if column.name == "annee" and self.landing.year and not self._says_its_year:
            return f"{self.landing.year}::INTEGER", ""
        if column.name not in self.match.positions:
            return f"null::{column.kind.sql_type}", ""
        position = self.match.positions[column.name]
        name, kind = str(position), self.export.types[position]
        # Where a clock time stands beside it, an instant without offset is judged by that.
        needs_offset = self.dataset.clock_column is None
        value = typed_value(column, name, kind, decimal_comma, needs_offset, self.export.is_composed, self._text_of)
        if column.kind in ALWAYS_READABLE:
            return value, ""
        text = published_text(name, kind)
        is_word = f" and not ({is_null_word(column, text)})" if column.nulls else ""
        is_unread = f"{quoted(column.name)} is null and {quoted(name)} is not null and {text} is not null"
        return value, f"when {is_unread}{is_word} then {literal(column.name)}"

    def _text_of(self, name: str) -> str:
        position = self.match.positions[name]
        return published_text(str(position), self.export.types[position])

    def _vintage(self) -> str:
        fallback = f"TIMESTAMPTZ {literal(self.fallback.isoformat())}"
        if self.match.vintage is None:
            return fallback
        return f"coalesce({instant(str(self.match.vintage), self.export.types[self.match.vintage])}, {fallback})"

    def _part(self) -> str:
        """Return SQL for the part of the lake that a row goes to: `2024`, `2024-03`, `73`; NULL without partitions."""
        time = quoted(self.dataset.time_column)
        if self.dataset.column(self.dataset.time_column).kind is Kind.INSTANT:
            # The same as `at time zone 'UTC'` in a third of the time.
            time = f"make_timestamp(epoch_us({time}))"
        match self.dataset.partition:
            case Partition.YEAR:
                return f"strftime({time}, '%Y')"
            case Partition.MONTH:
                return f"strftime({time}, '%Y-%m')"
            case Partition.DEPARTEMENT:
                return f"{quoted(self.dataset.key[0])}[:2]"
            case Partition.NONE:
                return "null::VARCHAR"

    def _published(self, name: str, record: int) -> str:
        """Return the text of one published value."""
        position = self.match.positions[name]
        rows = self.export.scan([position], self.connection)
        found = first_row(
            self.connection, f"select {quoted(str(position))}::VARCHAR from {rows} where _record = {record}"
        )
        return str(found[0]) if found else ""

    def _may_be_decimal_comma(self, bad: tuple[int, str]) -> bool:
        record, name = bad
        is_number = self.dataset.column(name).kind in (Kind.NUMBER, Kind.INTEGER)
        return self.export.may_have_decimal_commas and is_number and "," in self._published(name, record)

    # --- the year, where no column says it

    @property
    def _says_its_year(self) -> bool:
        return self.match.positions.get("annee", self.export.keys_met) < self.export.keys_met

    def _evidence_position(self) -> int | None:
        """Return where the file says what tells its year, if that is no column of the dataset."""
        mark = self.dataset.year_mark
        if mark is None or mark.known or self._says_its_year:
            return None
        found = [i for i, name in enumerate(self.export.columns) if normalised(name) == mark.column]
        return found[0] if found else None

    def _evidence(self) -> str:
        position = self._evidence_position()
        if position is None:
            return ""
        return f"try_cast({published_text(str(position), self.export.types[position])} as INTEGER) as {_EVIDENCE},"

    def _date_by_content(self) -> None:
        """Give rows the year that the file's content tells; DataElecError where it was said to be another."""
        mark = self.dataset.year_mark
        if mark is None or self._says_its_year:
            return
        year, is_certain = self._year_of_content()
        said = int(self.landing.year) if self.landing.year else None
        if year is not None and said is not None and (said != year if is_certain else said < year):
            raise DataElecError(
                f"{self.export.name} is of {year}{'' if is_certain else ' or later'}, not of {said}:"
                f" its `{mark.column.upper()}` says so.",
                f"Nothing was landed. Leave --year out or write --year {year}.",
            )
        if year is not None and said is None and is_certain:
            self.connection.execute(f"alter table {self.table} drop column annee")
            self.connection.execute(f"alter table {self.table} add column annee INTEGER default {year}")

    def _year_of_content(self) -> tuple[int | None, bool]:
        """Return the year that the content tells, and whether it is certain rather than the earliest possible."""
        mark = self.dataset.year_mark
        assert mark is not None
        if mark.known:
            for where in mark.where:
                total = first_row(self.connection, f"select sum({quoted(mark.column)}) from {self.table} where {where}")
                if total and total[0] is not None:
                    return mark.known.get(int(total[0])), True
            return None, False
        if self._evidence_position() is None:
            return None, False
        rows, latest = all_rows(self.connection, f"select count(*), max({_EVIDENCE}) from {self.table}")[0]
        self.connection.execute(f"alter table {self.table} drop column {_EVIDENCE}")
        return (None, False) if latest is None else (latest + mark.offset, rows >= mark.fewest)

    # --- what became of it

    def _unusable(self) -> dict[str, str]:
        """Return the reasons to leave out a row, and SQL for each."""
        dataset = self.dataset
        unusable = {
            f"no value in `{key}`": f"{quoted(key)} is null" for key in dataset.key if dataset.column(key).needed
        }
        if dataset.any_of:
            nothing = " and ".join(f"{quoted(name)} is null" for name in dataset.any_of)
            unusable[f"no value in any of {', '.join(dataset.any_of)}"] = nothing
        if dataset.first_day:
            unusable[f"before {dataset.first_day}"] = f"{quoted(dataset.time_column)} < DATE '{dataset.first_day}'"
        return unusable

    def _absent(self) -> tuple[str, ...]:
        """Return the fields that the source does not carry: a key that no record has is none."""
        carried = {*self.match.positions, *(column.name for column in self.dataset.columns if column.made_from)}
        if "annee" in self.dataset.names and count(self.connection, f"{self.table} where annee is not null"):
            carried.add("annee")
        added = [name for name, position in self.match.positions.items() if position >= self.export.keys_met]
        if added:
            counts = ", ".join(f"count({quoted(name)})" for name in added)
            values = all_rows(self.connection, f"select {counts} from {self.table}")[0]
            carried -= {name for name, number in zip(added, values, strict=True) if not number}
        return tuple(name for name in self.dataset.names if name not in carried)

    def _remarks(self, absent: tuple[str, ...], rows: int) -> tuple[str, ...]:
        remarks = self.export.remarks
        if empty := tuple(name for name in absent if self.dataset.column(name).needed):
            remarks += (f"no row has a value of {_listed(empty)}: {rows:,} placeholders of what is not yet published",)
        return remarks


def _remark(column: Column, value: str) -> str:
    """Return what a wrong value shows of how it came about; empty where it shows nothing."""
    if column.kind is Kind.INSTANT and _WITHOUT_OFFSET.fullmatch(value.strip()):
        return ", for it has no time zone: write Z for UTC or the offset (+01:00)"
    if column.kind is Kind.CODE and _ROUNDED_CODE.fullmatch(value.strip()):
        return ", for a spreadsheet wrote it as a rounded number: format the column as text in the original"
    if column.kind not in (Kind.NUMBER, Kind.INTEGER):
        return ""
    if _THOUSANDS.fullmatch(value.strip()):
        return (
            ", for its thousands are divided, or its comma is none of all numbers': numbers have no divider of"
            " thousands, and decimal commas are read where the delimiter is `;` and all numbers have them"
        )
    if _COMMA_NUMBER.fullmatch(value.strip()):
        return " as the others are: decimal commas are read where the delimiter is `;` and all numbers have them"
    return ""
