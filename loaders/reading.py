"""Reads an export, or an Arrow table in a portal's form, as a dataset: a typed DuckDB table that passed the checks."""

import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import duckdb
import pyarrow as pa

from dataelec.errors import DataElecError
from dataelec.scratch import scratch
from loaders.catalog import Column, Dataset, Kind, Match, Partition, best_fit, match_columns, normalised
from loaders.checks import first_failure
from loaders.conversion import ALWAYS_READABLE, instant, is_null_word, literal, published_text, quoted, typed_value
from loaders.exports import UNREADABLE, Export, open_arrow, open_export, open_head
from loaders.queries import all_rows, first_row

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
    """One source read into the table `table`, alone or with others: the needed parts of keys are complete.

    Its columns are the dataset's, the lake's lineage, `_part` (which file of the lake a row goes to; NULL where there
    is one file), `_file` (the source's number) and `_record` (1 for the source's first row).
    """

    name: str
    table: str
    file: int
    rows: int
    """Rows of the source, those left out included."""
    absent: tuple[str, ...]
    """Fields that the source does not carry; NULL in the table."""
    unknown: tuple[str, ...]
    """Columns of the source that the catalog does not know; not read."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Rows left out, by reason."""
    remarks: tuple[str, ...] = ()
    """Further warnings for whoever landed it."""


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


def read_files(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    files: Mapping[int, Path],
    landing: Landing,
    published_at: dt.datetime | None,
    folder: Path,
) -> list[Reading]:
    """Read numbered exports, neighbours of one shape by one statement into one table: that takes half the time.

    They are unpacked in `folder`, where there is need. A row's vintage is its `record_timestamp`, else `published_at`,
    else when the file was last modified. DataElecError names the first file that cannot be taken, the line and value.
    """
    try:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            sources = [
                _opened(connection, dataset, number, given, published_at, Path(own)) for number, given in files.items()
            ]
            alike = [tuple(group) for _, group in groupby(sources, attrgetter("shape"))]
            return [reading for group in alike for reading in _Passage(connection, dataset, group, landing).readings()]
    except DataElecError:
        if len(files) == 1:
            raise
    # One at a time, to find out which of them is wrong, and where.
    return [
        reading
        for number, given in files.items()
        for reading in read_files(connection, dataset, {number: given}, landing, published_at, folder)
    ]


def _opened(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    number: int,
    given: Path,
    published_at: dt.datetime | None,
    folder: Path,
) -> "_Source":
    own = folder / str(number)
    own.mkdir()
    export, match = _recognised(open_export(given, own, connection, dataset.member), dataset)
    return _Source(number, export, match, published_at or dt.datetime.fromtimestamp(given.stat().st_mtime, dt.UTC))


def read_table(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rows: pa.Table,
    name: str,
    landing: Landing,
    vintage_at: dt.datetime,
) -> Reading:
    """Read an Arrow table in the form of a portal's Parquet export, unchecked; `name` stands for the file."""
    export, match = _recognised(open_arrow(name, rows, connection), dataset)
    readings = _Passage(connection, dataset, (_Source(0, export, match, vintage_at),), landing).readings(checked=False)
    connection.unregister("arrow_rows")
    return readings[0]


# --- recognising -----------------------------------------------------------------------------------------------------


def recognise_file(connection: duckdb.DuckDBPyConnection, dataset: Dataset, given: Path, folder: Path) -> None:
    """Raise DataElecError where a file's first bytes and names show that it is not an export of the dataset.

    It costs nothing beside reading the file: an archive is not unpacked.
    """
    with tempfile.TemporaryDirectory(dir=folder) as own:
        if (export := open_head(given, Path(own), connection)) is not None:
            _recognised(export, dataset)


def _recognised(export: Export, dataset: Dataset) -> tuple[Export, Match]:
    """Match the export's columns; DataElecError where it is not an export of this dataset."""
    named = [other for other in export.dataset_ids if other != dataset.dataset_id]
    if named:
        raise DataElecError(
            f"{export.name} identifies itself as `{named[0]}`, not `{dataset.dataset_id}`.",
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
class _Source:
    """One export, recognised."""

    number: int
    export: Export
    match: Match
    fallback: dt.datetime
    """The vintage of rows that carry none."""

    @property
    def shape(self) -> tuple[object, ...]:
        """What sources have in common that one statement reads: fields and types, wherever they stand."""
        types = sorted((name, self.export.types[position]) for name, position in self.match.positions.items())
        vintage = "" if self.match.vintage is None else self.export.types[self.match.vintage]
        export = self.export
        return types, vintage, self.says_its_year, export.is_composed, export.may_have_decimal_commas

    @property
    def says_its_year(self) -> bool:
        """Whether records met have a year."""
        return self.match.positions.get("annee", self.export.keys_met) < self.export.keys_met


@dataclass(frozen=True)
class _Passage:
    """Sources of one shape on their way into a table, and all that they take along."""

    connection: duckdb.DuckDBPyConnection
    dataset: Dataset
    sources: tuple[_Source, ...]
    landing: Landing

    def readings(self, checked: bool = True) -> list[Reading]:
        """Create the table, check it, leave out what is not used; DataElecError where that fails."""
        self._create()
        if checked:
            self._check()
        rows, left_out = self._leave_out()
        absent = self._absent()
        readings = []
        for source in self.sources:
            number, export = source.number, source.export
            if not rows[number]:
                raise DataElecError(f"{export.name} holds no rows.", "Download it again, with a period that has data.")
            remarks = export.remarks + self._remarks(absent[number], rows[number])
            known = (absent[number], source.match.unknown, left_out[number])
            readings.append(Reading(export.name, self.table, number, rows[number], *known, remarks))
        return readings

    @property
    def table(self) -> str:
        """The table's name."""
        return f"read_{self.sources[0].number}"

    @property
    def _first(self) -> _Source:
        """The source by whose positions published values are named; the only one where a message names a place."""
        return self.sources[0]

    def _create(self) -> None:
        """Create the typed table; DataElecError names the first value that cannot be read.

        A format that leaves the comma free may write all its numbers with it.
        """
        bad = self._fill(decimal_comma=False)
        if bad and self._may_be_decimal_comma(bad):
            bad = self._fill(decimal_comma=True)
        if bad:
            self._refuse_several(f"column `{bad[1]}`")
            record, name = bad
            value = self._published(name, record)
            column, export = self.dataset.column(name), self._first.export
            raise DataElecError(
                f"{export.place(record)}, column `{export.columns[self._first.match.positions[name]].strip()}`:"
                f" {value!r} is not {_EXPECTED[column.kind]}{_remark(column, value)}.",
                "Nothing was landed. Correct the value or export the file again.",
            )
        self._date_by_content()

    def _check(self) -> None:
        """Run the checks; DataElecError names the first that failed."""
        failed = first_failure(self.connection, self.table, self.dataset, self.landing.loaded_at.date())
        if failed is None:
            return
        self._refuse_several(failed.name)
        export = self._first.export
        where = export.name if failed.record is None else export.place(failed.record)
        fitting = failed.fitting or _fitting(export)
        advice = failed.advice or (
            _looks_like(fitting)
            if fitting and fitting != self.dataset.dataset_id
            else "Check that the file is this dataset's export, in its units; export it again."
        )
        raise DataElecError(f"{where}: {failed.finding}.", f"Nothing was landed. {advice}")

    def _refuse_several(self, what: str) -> None:
        """Say that one of several sources is wrong; reading each alone then names it."""
        if len(self.sources) > 1:
            raise DataElecError(f"One of {len(self.sources)} files is wrong: {what}.")

    def _leave_out(self) -> tuple[dict[int, int], dict[int, dict[str, int]]]:
        """Delete the rows without a complete key or before the dataset's first day; count all, and them by reason."""
        unusable = self._unusable()
        cases = " ".join(f"when {condition} then {literal(reason)}" for reason, condition in unusable.items())
        rows = dict.fromkeys((source.number for source in self.sources), 0)
        left_out: dict[int, dict[str, int]] = {number: {} for number in rows}
        for number, reason, n in all_rows(
            self.connection,
            f"select _file, {f'case {cases} end' if cases else 'null'} as reason, count(*) from {self.table}"
            " group by all order by reason",
        ):
            rows[number] += n
            if reason is not None:
                left_out[number][reason] = n
        if any(left_out.values()):
            self.connection.execute(f"delete from {self.table} where {' or '.join(unusable.values())}")
        return rows, left_out

    # --- values

    def _fill(self, decimal_comma: bool) -> tuple[int, str] | None:
        """Create the table; return the first record and column that cannot be read, if any."""
        values, judgements = [], []
        for column in self.dataset.columns:
            value, judgement = self._value(column, decimal_comma)
            values.append(f"{value} as {quoted(column.name)}")
            if judgement:
                judgements.append(judgement)
        made = [
            f"{column.made_from} as {quoted(column.name)}"
            for column in self.dataset.columns
            if column.made_from and column.name not in self._first.match.positions
        ]
        published = ", ".join(quoted(str(position)) for position in self._chosen(self._first))
        try:
            self.connection.execute(
                f"""
                create or replace table {self.table} as
                select
                    * exclude ({published}, _fallback) {f"replace ({', '.join(made)})" if made else ""},
                    -- Judged here, where a value is a column: in one select it would be computed twice.
                    case {" ".join(judgements) or "when false then ''"} end as _unreadable, {self._part()} as _part
                from (
                    select
                        *, {", ".join(values)}, {self._evidence()}
                        {self._vintage()} as _vintage_at,
                        TIMESTAMPTZ {literal(self.landing.loaded_at.isoformat())} as _loaded_at,
                        {str(self.landing.is_simulated).lower()} as _is_simulated
                    from ({" union all ".join(map(self._rows, self.sources))})
                )
                """
            )
        except UNREADABLE as problem:
            self._refuse_several(str(problem))
            raise self._first.export.unreadable(problem) from problem
        found = first_row(
            self.connection,
            f"select _record, _unreadable from {self.table} where _unreadable is not null order by _record limit 1",
        )
        return (found[0], found[1]) if found else None

    def _rows(self, source: _Source) -> str:
        """Return SQL for a source's rows: values as published, named by the first source's positions."""
        positions = self._chosen(source)
        names = zip(positions, self._chosen(self._first), strict=True)
        values = ", ".join(f"{quoted(str(own))} as {quoted(str(named))}" for own, named in names)
        return (
            f"select {source.number} as _file, _record, {literal(source.export.name)} as _source_file,"
            f" TIMESTAMPTZ {literal(source.fallback.isoformat())} as _fallback, {values}"
            f" from {source.export.scan(sorted(positions), self.connection)}"
        )

    def _chosen(self, source: _Source) -> list[int]:
        """Return the positions of the columns read, in an order that all sources share."""
        match = source.match
        extra = (match.vintage, self._evidence_position())
        return [*(match.positions[name] for name in sorted(match.positions)), *(p for p in extra if p is not None)]

    def _value(self, column: Column, decimal_comma: bool) -> tuple[str, str]:
        """Return SQL for a column's value, and for its name where the value cannot be read."""
        if column.name == "annee" and self.landing.year and not self._first.says_its_year:
            return f"{self.landing.year}::INTEGER", ""
        if column.name not in self._first.match.positions:
            return f"null::{column.kind.sql_type}", ""
        position = self._first.match.positions[column.name]
        name, kind = str(position), self._first.export.types[position]
        # Where a clock time stands beside it, an instant without offset is judged by that.
        needs_offset = self.dataset.clock_column is None
        value = typed_value(
            column, name, kind, decimal_comma, needs_offset, self._first.export.is_composed, self._text_of
        )
        if column.kind in ALWAYS_READABLE:
            return value, ""
        text = published_text(name, kind)
        is_word = f" and not ({is_null_word(column, text)})" if column.nulls else ""
        is_unread = f"{quoted(column.name)} is null and {quoted(name)} is not null and {text} is not null"
        return value, f"when {is_unread}{is_word} then {literal(column.name)}"

    def _text_of(self, name: str) -> str:
        position = self._first.match.positions[name]
        return published_text(str(position), self._first.export.types[position])

    def _vintage(self) -> str:
        position = self._first.match.vintage
        if position is None:
            return "_fallback"
        return f"coalesce({instant(str(position), self._first.export.types[position])}, _fallback)"

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
        position = self._first.match.positions[name]
        rows = self._first.export.scan([position], self.connection)
        found = first_row(
            self.connection, f"select {quoted(str(position))}::VARCHAR from {rows} where _record = {record}"
        )
        return str(found[0]) if found else ""

    def _may_be_decimal_comma(self, bad: tuple[int, str]) -> bool:
        record, name = bad
        is_number = self.dataset.column(name).kind in (Kind.NUMBER, Kind.INTEGER)
        is_allowed = self._first.export.may_have_decimal_commas and is_number
        # What is one source's record is another in the next: trying tells.
        return is_allowed and (len(self.sources) > 1 or "," in self._published(name, record))

    # --- the year, where no column says it

    def _evidence_position(self) -> int | None:
        """Return where the file says what tells its year, if that is no column of the dataset."""
        mark = self.dataset.year_mark
        if mark is None or mark.known or self._first.says_its_year:
            return None
        found = [i for i, name in enumerate(self._first.export.columns) if normalised(name) == mark.column]
        return found[0] if found else None

    def _evidence(self) -> str:
        position = self._evidence_position()
        if position is None:
            return ""
        return (
            f"try_cast({published_text(str(position), self._first.export.types[position])} as INTEGER) as {_EVIDENCE},"
        )

    def _date_by_content(self) -> None:
        """Give rows the year that the file's content tells; DataElecError where it was said to be another."""
        mark = self.dataset.year_mark
        if mark is None or self._first.says_its_year:
            return
        year, is_certain = self._year_of_content()
        said = int(self.landing.year) if self.landing.year else None
        if year is not None and said is not None and (said != year if is_certain else said < year):
            raise DataElecError(
                f"{self._first.export.name} is of {year}{'' if is_certain else ' or later'}, not of {said}:"
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
            f"no value in `{key}`": f"{quoted(key)} is null"
            for key in dataset.key
            if dataset.column(key).needed and not dataset.column(key).is_blank_kept
        }
        if dataset.any_of:
            nothing = " and ".join(f"{quoted(name)} is null" for name in dataset.any_of)
            unusable[f"no value in any of {', '.join(dataset.any_of)}"] = nothing
        if dataset.first_day:
            unusable[f"before {dataset.first_day}"] = f"{quoted(dataset.time_column)} < DATE '{dataset.first_day}'"
        return unusable

    def _absent(self) -> dict[int, tuple[str, ...]]:
        """Return the fields that each source does not carry: a key that no record has is none."""
        made = {column.name for column in self.dataset.columns if column.made_from}
        carried, doubtful = {}, {"annee"} & {*self.dataset.names}
        for number, export, match in ((source.number, source.export, source.match) for source in self.sources):
            carried[number] = made | {name for name, position in match.positions.items() if position < export.keys_met}
            doubtful |= {name for name, position in match.positions.items() if position >= export.keys_met}
        if names := sorted(doubtful):
            counts = ", ".join(f"count({quoted(name)})" for name in names)
            for number, *values in all_rows(
                self.connection, f"select _file, {counts} from {self.table} group by _file"
            ):
                carried[number] |= {name for name, n in zip(names, values, strict=True) if n}
        return {
            number: tuple(name for name in self.dataset.names if name not in fields)
            for number, fields in carried.items()
        }

    def _remarks(self, absent: tuple[str, ...], rows: int) -> tuple[str, ...]:
        if empty := tuple(name for name in absent if self.dataset.column(name).needed):
            return (f"no row has a value of {_listed(empty)}: {rows:,} placeholders of what is not yet published",)
        return ()


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
