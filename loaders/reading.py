"""Reads an export, or an Arrow table in a portal's form, as a dataset: a typed DuckDB table that passed the checks."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from dataelec.errors import DataElecError
from loaders.catalog import Column, Dataset, Kind, Match, Partition, best_fit, match_columns
from loaders.checks import run_checks
from loaders.conversion import ALWAYS_READABLE, instant, literal, published_text, quoted, typed_value
from loaders.exports import UNREADABLE, Export, Form, open_export, place, scan, unreadable
from loaders.queries import all_rows, count, first_row

MEMORY_LIMIT = "400MB"

# What an unreadable value should have been.
_EXPECTED = {
    Kind.NUMBER: "a number",
    Kind.INTEGER: "a whole number",
    Kind.DATE: "a date (2016-01-31, 31/01/2016 or 31/01/16)",
    Kind.INSTANT: "an instant (2016-01-31T00:30:00+01:00)",
    Kind.CODE: "a code",
    Kind.CLOCK: "a clock time (00:30)",
}


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


@dataclass(frozen=True)
class _Source:
    """SQL for the rows, with the columns matched to the dataset; `name` is what lineage calls it."""

    name: str
    sql: str
    types: tuple[str, ...]
    match: Match


@contextmanager
def workspace() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Yield a DuckDB connection that spills to disk beyond its memory limit, and a folder; both go afterwards."""
    with tempfile.TemporaryDirectory(prefix="dataelec-") as name:
        folder = Path(name)
        # A file, not memory: there DuckDB compresses what it holds.
        with duckdb.connect(folder / "workspace.duckdb") as connection:
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
) -> Reading:
    """Read an export into `table`.

    A row's vintage is its `record_timestamp`, else `published_at`, else when the file was last modified. DataElecError
    names the file, the line and the value that cannot be taken.
    """
    with tempfile.TemporaryDirectory(prefix="dataelec-") as folder:
        export = open_export(given, Path(folder), connection, dataset.member)
        match = _recognise(export, dataset)
        fallback = published_at or dt.datetime.fromtimestamp(given.stat().st_mtime, dt.UTC)
        _load(connection, dataset, export, match, table, landing, fallback)
        results = run_checks(connection, table, dataset, landing.loaded_at.date())
        failed = [result for result in results if not result.is_passed]
        if failed:
            where = export.name if failed[0].record is None else place(export, failed[0].record)
            fitting = failed[0].fitting or _fitting(export)
            raise DataElecError(
                f"{where}: {failed[0].finding}.",
                f"Nothing was landed. {_looks_like(fitting)}"
                if fitting and fitting != dataset.dataset_id
                else "Nothing was landed. Check that the file is this dataset's export, in its units; export it again.",
            )
    return _reading(connection, dataset, export.name, match, table, landing)


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
    numbered = rows.append_column("_record", pa.array(np.arange(1, rows.num_rows + 1)))
    connection.register("arrow_rows", numbered)
    described = all_rows(connection, "describe select * exclude (_record) from arrow_rows")
    columns, types = zip(*[(row[0], row[1]) for row in described], strict=True)
    match = match_columns(dataset, columns)
    if match.missing:
        raise DataElecError(f"{name} lacks {_listed(match.missing)}.")
    named = ", ".join(f"{quoted(columns[i])} as {quoted(str(i))}" for i in _wanted(match))
    source = _Source(name, f"(select _record, {named} from arrow_rows)", types, match)
    bad = _create(connection, dataset, source, table, landing, vintage_at, decimal_comma=False)
    connection.unregister("arrow_rows")
    if bad:
        raise DataElecError(f"{name}, row {bad[0]}: column `{bad[1]}` is not {_EXPECTED[dataset.column(bad[1]).kind]}.")
    return _reading(connection, dataset, name, match, table, landing)


# --- recognising -----------------------------------------------------------------------------------------------------


def _recognise(export: Export, dataset: Dataset) -> Match:
    """Match the export's columns; DataElecError where it is no export of this dataset."""
    named = [other for other in export.dataset_ids if other != dataset.dataset_id]
    if named:
        raise DataElecError(
            f"{export.name} says itself that it is `{named[0]}`, not `{dataset.dataset_id}`.",
            f"Run `dataelec import {named[0]} …` if the catalog has it (`dataelec sources`).",
        )
    match = match_columns(dataset, export.columns)
    if match.missing:
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
    return match


def _fitting(export: Export) -> str:
    """Return the dataset that the export's columns fit best; empty if they fit none."""
    dataset = best_fit(export.columns)
    return dataset.dataset_id if dataset else ""


def _looks_like(dataset_id: str) -> str:
    return f"It looks like `{dataset_id}`: run `dataelec import {dataset_id} …`."


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:20])
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown


# --- typing ----------------------------------------------------------------------------------------------------------


def _load(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    export: Export,
    match: Match,
    table: str,
    landing: Landing,
    fallback: dt.datetime,
) -> None:
    """Create `table` from the export; a file delimited by `;` may write all its numbers with a decimal comma."""
    bad = _scan_into(connection, dataset, export, match, table, landing, fallback, decimal_comma=False)
    if bad and _is_decimal_comma(connection, dataset, export, match, bad):
        bad = _scan_into(connection, dataset, export, match, table, landing, fallback, decimal_comma=True)
    if bad:
        record, name = bad
        value = _value_at(connection, export, match.positions[name], record)
        raise DataElecError(
            f"{place(export, record)}, column `{export.columns[match.positions[name]].strip()}`:"
            f" {value!r} is not {_EXPECTED[dataset.column(name).kind]}{_comma_remark(dataset.column(name), value)}.",
            "Nothing was landed. Mend the value or export the file again.",
        )


def _scan_into(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    export: Export,
    match: Match,
    table: str,
    landing: Landing,
    fallback: dt.datetime,
    decimal_comma: bool,
) -> tuple[int, str] | None:
    problems: list[DataElecError] = []
    source = _Source(export.name, scan(export, _wanted(match), connection, problems), export.types, match)
    try:
        return _create(connection, dataset, source, table, landing, fallback, decimal_comma)
    except UNREADABLE as problem:
        raise problems[0] if problems else unreadable(export, problem) from problem


def _wanted(match: Match) -> list[int]:
    positions = sorted(match.positions.values())
    return positions if match.vintage is None else [*positions, match.vintage]


def _create(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    source: _Source,
    table: str,
    landing: Landing,
    fallback: dt.datetime,
    decimal_comma: bool,
) -> tuple[int, str] | None:
    """Create the typed table; return the first record and column that cannot be read, if any."""
    match, values, judgements = source.match, [], []
    for column in dataset.columns:
        if column.name not in match.positions and column.name == "annee" and landing.year:
            values.append(f"{landing.year}::INTEGER as annee")
            continue
        if column.name not in match.positions:
            values.append(f"null::{column.kind.sql_type} as {quoted(column.name)}")
            continue
        position = match.positions[column.name]
        name, kind = str(position), source.types[position]
        value = typed_value(column, name, kind, decimal_comma)
        values.append(f"{value} as {quoted(column.name)}")
        if column.kind not in ALWAYS_READABLE:
            judgements.append(
                f"when {value} is null and {published_text(name, kind)} is not null then {literal(column.name)}"
            )
    own_vintage = "null"
    if match.vintage is not None:
        own_vintage = instant(str(match.vintage), source.types[match.vintage])
    connection.execute(
        f"""
        create or replace table {table} as
        select *, {_part(dataset)} as _part
        from (
            select
                _record, {", ".join(values)},
                coalesce({own_vintage}, TIMESTAMPTZ {literal(fallback.isoformat())}) as _vintage_at,
                TIMESTAMPTZ {literal(landing.loaded_at.isoformat())} as _loaded_at,
                {literal(source.name)} as _source_file,
                {str(landing.is_simulated).lower()} as _is_simulated,
                case {" ".join(judgements) or "when false then ''"} end as _unreadable
            from {source.sql}
        )
        """
    )
    found = first_row(
        connection,
        f"select _record, _unreadable from {table} where _unreadable is not null order by _record limit 1",
    )
    return (found[0], found[1]) if found else None


def _part(dataset: Dataset) -> str:
    """Return SQL for the part of the lake that a row goes to: `2024`, `2024-03`, `73`; NULL without partitions."""
    time = quoted(dataset.time_column)
    if dataset.column(dataset.time_column).kind is Kind.INSTANT:
        time = f"{time} at time zone 'UTC'"
    match dataset.partition:
        case Partition.YEAR:
            return f"strftime({time}, '%Y')"
        case Partition.MONTH:
            return f"strftime({time}, '%Y-%m')"
        case Partition.DEPARTEMENT:
            return f"{quoted(dataset.key[0])}[:2]"
        case Partition.NONE:
            return "null::VARCHAR"


def _value_at(connection: duckdb.DuckDBPyConnection, export: Export, position: int, record: int) -> str:
    rows = scan(export, [position], connection, [])
    found = first_row(connection, f"select {quoted(str(position))}::VARCHAR from {rows} where _record = {record}")
    return str(found[0]) if found else ""


def _is_decimal_comma(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, export: Export, match: Match, bad: tuple[int, str]
) -> bool:
    record, name = bad
    if export.form is not Form.CSV or export.delimiter != ";" or dataset.column(name).kind is not Kind.NUMBER:
        return False
    return "," in _value_at(connection, export, match.positions[name], record)


def _comma_remark(column: Column, value: str) -> str:
    if column.kind is Kind.NUMBER and value.strip().replace(",", "", 1).replace(".", "", 1).isdigit():
        return " as the others are: decimal commas are read where the delimiter is `;` and all numbers have them"
    return ""


def _reading(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, name: str, match: Match, table: str, landing: Landing
) -> Reading:
    """Leave out the rows without a complete key or before the dataset's first day, counting them."""
    rows = count(connection, table)
    if not rows:
        raise DataElecError(f"{name} holds no rows.", "Download it again, with a period that has data.")
    left_out = {}
    unusable = {f"no value in `{key}`": f"{quoted(key)} is null" for key in dataset.key if dataset.column(key).needed}
    if dataset.any_of:
        nothing = " and ".join(f"{quoted(name)} is null" for name in dataset.any_of)
        unusable[f"no value in any of {', '.join(dataset.any_of)}"] = nothing
    if dataset.first_day:
        unusable[f"before {dataset.first_day}"] = f"{quoted(dataset.time_column)} < DATE '{dataset.first_day}'"
    for reason, condition in unusable.items():
        if without := count(connection, f"{table} where {condition}"):
            left_out[reason] = without
            connection.execute(f"delete from {table} where {condition}")
    given = {*match.positions, *(["annee"] if landing.year else [])}
    absent = tuple(name for name in dataset.names if name not in given)
    return Reading(name, table, rows, absent, match.unknown, left_out)
