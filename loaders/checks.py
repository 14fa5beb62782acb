"""What must hold of rows before they may enter a lake; each check returns its result as data."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb

from loaders.catalog import Dataset, Kind
from loaders.conversion import quoted
from loaders.queries import count, first_row


@dataclass(frozen=True)
class CheckResult:
    """One check's outcome; `record` is the first row that fails it, where one row does."""

    name: str
    is_passed: bool
    finding: str = ""
    record: int | None = None
    fitting: str = ""
    """The dataset that such a row is of, where that is known."""


def run_checks(
    connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, today: dt.date
) -> list[CheckResult]:
    """Run all checks on a table of read rows (columns of the dataset, and `_record`)."""
    checks: tuple[Callable[[duckdb.DuckDBPyConnection, str, Dataset, dt.date], Iterator[CheckResult]], ...] = (
        values_within_limits,
        no_values_of_the_sibling,
        days_are_past,
        instants_agree_with_clock,
    )
    return [result for check in checks for result in check(connection, table, dataset, today)]


def values_within_limits(
    connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, today: dt.date
) -> Iterator[CheckResult]:
    """No value lies outside what its column can hold: another unit or another dataset would."""
    for column in dataset.columns:
        if column.low is None or column.high is None:
            continue
        found = first_row(
            connection,
            f"select _record, {quoted(column.name)} from {table}"
            f" where {quoted(column.name)} not between ? and ? order by _record limit 1",
            [column.low, column.high],
        )
        yield CheckResult(
            name=f"{column.name} within limits",
            is_passed=found is None,
            finding=f"column `{column.name}`: {_plain(found[1])} is not between"
            f" {_plain(column.low)} and {_plain(column.high)}"
            if found
            else "",
            record=found[0] if found else None,
        )


def _plain(number: float) -> str:
    """Return a number as people write it: no exponent, no superfluous zeros."""
    return f"{number:.15g}"


def no_values_of_the_sibling(
    connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, today: dt.date
) -> Iterator[CheckResult]:
    """No row is one that only a dataset with the same columns has."""
    for column in dataset.columns:
        if not column.foreign:
            continue
        found = first_row(
            connection,
            f"select _record, {quoted(column.name)} from {table}"
            f" where list_contains(?, lower(strip_accents({quoted(column.name)}))) order by _record limit 1",
            [list(column.foreign)],
        )
        yield CheckResult(
            name=f"{column.name} of this dataset",
            is_passed=found is None,
            finding=f"column `{column.name}`: {found[1]!r} is no value of `{dataset.dataset_id}`" if found else "",
            record=found[0] if found else None,
            fitting=dataset.sibling,
        )


def days_are_past(
    connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, today: dt.date
) -> Iterator[CheckResult]:
    """No day lies before 1950 or after the day of landing: measured values are of the past."""
    if not dataset.is_dated:
        return
    time = quoted(dataset.time_column)
    found = first_row(
        connection,
        f"select _record, {time}::DATE from {table} where {time}::DATE not between DATE '1950-01-01' and ?"
        " order by _record limit 1",
        [today],
    )
    yield CheckResult(
        name="days are past",
        is_passed=found is None,
        finding=f"column `{dataset.time_column}`: {found[1]} is no day of the past" if found else "",
        record=found[0] if found else None,
    )


def instants_agree_with_clock(
    connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, today: dt.date
) -> Iterator[CheckResult]:
    """Instants are not French local time taken for UTC, which an export without offsets would make them."""
    if dataset.clock_column is None or dataset.column(dataset.time_column).kind is not Kind.INSTANT:
        return
    instant, clock = quoted(dataset.time_column), quoted(dataset.clock_column)
    rows = count(connection, table)
    mistaken = count(connection, f"{table} where {clock} = strftime({instant} at time zone 'UTC', '%H:%M')")
    is_passed = mistaken * 2 <= rows
    yield CheckResult(
        name="instants agree with clock",
        is_passed=is_passed,
        finding=""
        if is_passed
        else f"column `{dataset.time_column}` has no time zone and is French local time: read as UTC it equals"
        f" `{dataset.clock_column}` in {mistaken:,} of {rows:,} rows",
    )
