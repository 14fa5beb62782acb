"""What must hold of rows before they may enter a lake; each check yields what fails as data.

Rules on a row are put to all rows in one statement; rules on a file look at its rows together. A table may hold the
rows of several files (`_file`): each is judged on its own.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

import duckdb

from loaders.catalog import Column, Dataset, Kind
from loaders.conversion import literal, quoted
from loaders.queries import all_rows, first_row

# A new word of the publisher's is rare at first; a file of unknown words is another dataset, or a list that changed.
MOST_UNKNOWN = 0.01
# Fewer rows than this show no habit.
FEWEST_TO_JUDGE = 20
FEWEST_GAPS = 6
MOST_OFF_TOTAL = 0.5
# Real half-hours, another region's values in them, lie between 0.22 and 4.4 times their day's median.
STEADY = 7
# So many values of a day show what is usual.
FEWEST_OF_A_DAY = 12
# Two rows of one key that say different things: one file holds two publications, or another grain.
MOST_CONTRADICTIONS = 0.05


@dataclass(frozen=True)
class Failure:
    """A check that failed: which, what was found, and the first row that fails it, where one row does."""

    name: str
    finding: str
    record: int | None = None
    fitting: str = ""
    """The dataset that such a row is of, where that is known."""
    advice: str = ""
    """What to do, where that is not to export the file again."""


@dataclass(frozen=True)
class _Rule:
    """A condition that no row meets, and SQL for what to say of one that does."""

    name: str
    broken: str
    finding: str
    fitting: str = ""


def first_failure(
    connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, today: dt.date
) -> Failure | None:
    """Check a table of read rows (columns of the dataset, `_file` and `_record`) up to the first failure.

    Of several files, it tells that one of them fails, not which comes first.
    """
    checks = (check(connection, table, dataset) for check in _FILE_CHECKS)
    return next(chain(_row_rules(connection, table, dataset, today), chain.from_iterable(checks)), None)


# --- a row at a time -------------------------------------------------------------------------------------------------


def _row_rules(
    connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, today: dt.date
) -> Iterator[Failure]:
    rules = [*_limits(dataset), *_foreign_values(dataset), *_days(dataset, today), *_order(dataset), *_ranges(dataset)]
    rules += [*_steps(dataset), *_older_codes(dataset)]
    if not rules:
        return
    firsts = ", ".join(f"min(_record) filter (where {rule.broken})" for rule in rules)
    records = all_rows(connection, f"select {firsts} from {table}")[0]
    for rule, record in zip(rules, records, strict=True):
        if record is not None:
            found = first_row(
                connection, f"select {rule.finding} from {table} where _record = {record} and {rule.broken}"
            )
            yield Failure(rule.name, str(found[0]) if found else rule.name, record, rule.fitting)


def _limits(dataset: Dataset) -> Iterator[_Rule]:
    """No value lies outside what its column can hold: another unit or another dataset would."""
    for column in dataset.columns:
        value = quoted(column.name)
        if column.low is not None and column.high is not None:
            yield _Rule(
                f"{column.name} within limits",
                f"{value} not between {column.low} and {column.high}",
                f"'column `{column.name}`: ' || {_plain(value)}"
                f" || ' is not between {column.low:.15g} and {column.high:.15g}'",
            )
        if column.is_count:
            yield _Rule(
                f"{column.name} is whole",
                f"{value} <> round({value})",
                f"'column `{column.name}`: ' || {_plain(value)} || ' is not a whole number: a point or comma that"
                " divides thousands is taken for that of decimals'",
            )


def _ranges(dataset: Dataset) -> Iterator[_Rule]:
    """No value lies outside what it can be in its territory."""
    for limits in dataset.ranges:
        value, code = quoted(limits.column), quoted(limits.by)
        low, high = (
            f"case {code} "
            + " ".join(f"when {literal(territory)} then {pair[side]}" for territory, pair in limits.limits.items())
            + " end"
            for side in (0, 1)
        )
        yield _Rule(
            f"{limits.column} plausible in its territory",
            f"{value} not between {low} and {high}",
            f"'column `{limits.column}`: ' || {_plain(value)} || ' is not between ' || {_plain(low)} || ' and '"
            f" || {_plain(high)} || ', which `{limits.by}` ' || {code} || ' can have: another unit, thousands divided"
            " by a point or comma, or another column'",
        )


def _foreign_values(dataset: Dataset) -> Iterator[_Rule]:
    """No row is one that only another dataset has."""
    for column in dataset.columns:
        if column.foreign:
            value = quoted(column.name)
            yield _Rule(
                f"{column.name} of this dataset",
                _is_like(column, column.foreign),
                f"'column `{column.name}`: ''' || {value} || ''' is no value of `{dataset.dataset_id}`'",
                dataset.sibling,
            )


def _days(dataset: Dataset, today: dt.date) -> Iterator[_Rule]:
    """No day lies before 1950 or after the day of landing: measured values are of the past."""
    if dataset.is_dated:
        time = quoted(dataset.time_column)
        yield _Rule(
            "days are past",
            f"{time} < DATE '1950-01-01' or {time} >= DATE '{today + dt.timedelta(days=1)}'",
            f"'column `{dataset.time_column}`: ' || {time}::DATE || ' is no day of the past'",
        )


def _older_codes(dataset: Dataset) -> Iterator[_Rule]:
    """No row of an older vintage has a code that came later."""
    for column in dataset.columns:
        if column.older is not None:
            value, year = quoted(column.name), quoted(dataset.time_column)
            codes = ", ".join(map(literal, column.older.codes))
            yield _Rule(
                f"{column.name} of its year",
                f"{year} <= {column.older.last_year} and {value} not in ({codes})",
                f"'column `{column.name}`: ''' || {value} || ''' is no code of ' || {year}",
            )


def _order(dataset: Dataset) -> Iterator[_Rule]:
    """A row does not contradict itself: what is a minimum is no more than the mean."""
    for order in dataset.ordered:
        if not order.most_broken:
            yield _Rule(
                " <= ".join(order.columns),
                _is_out_of_order(order.columns),
                f"'{_described(order.columns)}: ' || concat_ws(', ', {', '.join(map(quoted, order.columns))})"
                " || ' are not in this order, smallest first'",
            )


def _steps(dataset: Dataset) -> Iterator[_Rule]:
    """Instants lie on the dataset's step: a quarter-hour is of another dataset."""
    if dataset.step_minutes and dataset.column(dataset.time_column).kind is Kind.INSTANT:
        time, microseconds = quoted(dataset.time_column), dataset.step_minutes * 60_000_000
        # Rows that hold nothing are left out afterwards, wherever they lie.
        held = f" and coalesce({', '.join(map(quoted, dataset.any_of))}) is not null" if dataset.any_of else ""
        yield _Rule(
            "instants on the step",
            f"epoch_us({time}) % {microseconds} <> 0{held}",
            f"'column `{dataset.time_column}`: ' || strftime({time} at time zone 'UTC', '%Y-%m-%d %H:%M:%S')"
            f" || ' UTC is not on a step of {dataset.step_minutes} minutes, which `{dataset.dataset_id}` has'",
        )


def _is_out_of_order(columns: tuple[str, ...]) -> str:
    return " or ".join(f"{quoted(first)} > {quoted(second)}" for first, second in pairwise(columns))


def _described(columns: tuple[str, ...]) -> str:
    return "columns " + ", ".join(f"`{name}`" for name in columns)


def _plain(number: str) -> str:
    """Return SQL for a number as people write it: no exponent, no superfluous zeros."""
    return f"format('{{:.15g}}', ({number})::DOUBLE)"


def _is_like(column: Column, values: tuple[str, ...]) -> str:
    """Return SQL that says whether a column's value, without case and accents, is one of these; `x*` begins with x."""
    plain = f"lower(strip_accents({quoted(column.name)}))"
    tests = []
    whole = [value for value in values if not set("*?") & set(value)]
    if whole:
        tests.append(f"{plain} in ({', '.join(map(literal, whole))})")
    tests += [f"{plain} glob {literal(value)}" for value in values if value not in whole]
    return f"({' or '.join(tests)})"


# --- a file's rows together ------------------------------------------------------------------------------------------


def known_values(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """Hardly any value is new: a list of values that changed would make all rows unknown in silence."""
    for column in dataset.columns:
        if not column.known:
            continue
        value = quoted(column.name)
        # A blank is as unknown as a new word, where a row that has one lands.
        unknown = f"filter (where not coalesce({_is_like(column, column.known)}, false))"
        landed = "" if column.is_blank_kept else f" where {value} is not null"
        found = first_row(
            connection,
            f"select sum(n), sum(n) {unknown} as _unknown, min(r) {unknown},"
            f" min_by(coalesce({value}, ''), r) {unknown}"
            f" from (select _file, {value}, count(*) as n, min(_record) as r from {table}{landed} group by all)"
            f" group by _file having _unknown > {MOST_UNKNOWN} * sum(n) limit 1",
        )
        if found:
            yield Failure(
                f"{column.name} known",
                f"column `{column.name}`: {found[3]!r} is no value that `{dataset.dataset_id}` is known to have;"
                f" {found[1]:,} of {found[0]:,} rows have such values",
                found[2],
                advice="Check that it is this dataset's export; if the publisher renamed its values, add them in"
                " loaders/catalog/.",
            )


def codes_are_of_their_year(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """A file of many rows that has the codes of an older vintage alone is of that vintage."""
    for column in dataset.columns:
        if column.older is None:
            continue
        value, year = quoted(column.name), quoted(dataset.time_column)
        codes = ", ".join(map(literal, column.older.codes))
        found = first_row(
            connection,
            f"select min({year}) from {table} where {year} > {column.older.last_year} group by _file, {year}"
            f" having count({value}) >= {column.older.fewest} and bool_and({value} in ({codes})) limit 1",
        )
        if found:
            yield Failure(
                f"{column.name} of its vintage",
                f"column `{column.name}` has the codes of {column.older.last_year} and before alone, which mean other"
                f" classes than those of {found[0]}",
                advice="Give it the year that it is of (--year).",
            )


def steps_are_the_datasets(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """Rows of one series follow each other at the dataset's step: hourly means are another dataset."""
    if not dataset.step_minutes:
        return
    time = quoted(dataset.time_column)
    if dataset.column(dataset.time_column).kind is Kind.INSTANT:
        yield from _within_the_hour(connection, table, dataset, time)
    elif dataset.step_minutes < 24 * 60:
        yield from _positions_of_a_day(connection, table, dataset)
    step = (
        f"INTERVAL {dataset.step_minutes} MINUTE" if dataset.column(dataset.time_column).kind is Kind.INSTANT else "1"
    )
    month = "INTERVAL 31 DAY" if step.startswith("INTERVAL") else "31"
    found = first_row(
        connection,
        # Steps longer than a month are not another grain: a few days were selected.
        f"select count(gap) as _gaps from (select _file, t - lag(t) over (partition by _file order by t) as gap"
        f" from (select distinct _file, {time} as t from {table})) group by _file"
        f" having count(*) filter (where gap <= {step}) = 0 and _gaps >= {FEWEST_GAPS} and median(gap) <= {month}"
        " limit 1",
    )
    if found:
        yield Failure(
            "step of the dataset",
            f"column `{dataset.time_column}`: no two of its {found[0] + 1:,} times are {_step_name(dataset)} apart, as"
            f" those of `{dataset.dataset_id}` are: the rows are means or sums over longer times, or a selection",
        )


def _within_the_hour(
    connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, time: str
) -> Iterator[Failure]:
    """Each series has rows at all minutes of the hour that the step has, in about the same number."""
    assert dataset.step_minutes
    minutes = 60 // dataset.step_minutes
    series = [name for name in dataset.key if name not in (dataset.time_column, dataset.clock_column)]
    names = ", ".join(map(quoted, series))
    found = first_row(
        connection,
        f"""
        select {quoted(series[0])}, sum(n), max(n) from (
            select _file, {names}, (epoch_us({time}) // 60000000) % 60 as minute, count(*) as n
            from {table} group by all
        ) group by _file, {names}
        having sum(n) >= {FEWEST_OF_A_DAY} and {minutes} * max(n) > 1.5 * sum(n) and sum(n) < 1.25 * max(n)
        order by 2 desc limit 1
        """,
    )
    if found:
        yield Failure(
            "all half-hours",
            f"`{series[0]}` {found[0]}: {found[2]:,} of {found[1]:,} rows stand at the same minute of the hour, where"
            f" `{dataset.dataset_id}` has a row every {dataset.step_minutes} minutes: hourly values, or a selection",
        )


def _positions_of_a_day(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """A day of hours has more than a few: one row a day is a daily sum."""
    time, position = quoted(dataset.time_column), quoted(dataset.key[-1])
    found = first_row(
        connection,
        f"select count(*) filter (where n <= 4) as _few, count(*) as _days from"
        f" (select _file, {time}, count(distinct {position}) as n from {table} group by all)"
        " group by _file having _days >= 4 and _few * 2 > _days limit 1",
    )
    if found:
        yield Failure(
            "hours of the day",
            f"column `{dataset.key[-1]}`: {found[0]:,} of {found[1]:,} days have four hours or fewer, where"
            f" `{dataset.dataset_id}` has one row an hour: daily values, or a selection",
        )


def _step_name(dataset: Dataset) -> str:
    is_instant = dataset.column(dataset.time_column).kind is Kind.INSTANT
    return f"{dataset.step_minutes} minutes" if is_instant else "a day"


def keys_do_not_contradict(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """Hardly any key stands twice with different values: rows of a finer grain would be taken for repetitions."""
    if not dataset.key:
        return
    key = ", ".join(map(quoted, dataset.key))
    values = [c.name for c in dataset.columns if c.name not in dataset.key and c.kind in (Kind.NUMBER, Kind.INTEGER)]
    # Counting is quick, and hardly any file repeats a key.
    repeating = all_rows(
        connection,
        f"select _file, sum(n) as _rows from (select _file, count(*) as n from {table} group by _file, {key})"
        f" group by _file having _rows - count(*) > {MOST_CONTRADICTIONS} * _rows and _rows >= {FEWEST_TO_JUDGE}",
    )
    if not values:
        return
    said = f"hash({', '.join(map(quoted, values))})"
    for file, rows in repeating:
        contradicting, record = all_rows(
            connection,
            f"select sum(n), min(r) from (select count(*) - 1 as n, max(_record) as r from {table}"
            f" where _file = {file} group by {key}, _vintage_at having count(distinct {said}) > 1)",
        )[0]
        if contradicting and contradicting > MOST_CONTRADICTIONS * rows:
            yield Failure(
                "one row a key",
                f"{contradicting:,} of {rows:,} rows repeat the {', '.join(f'`{name}`' for name in dataset.key)} of"
                " another with other values: rows of a finer grain, or two publications in one file",
                record,
                advice="Take the file apart by publication, or export it again at this dataset's grain:"
                f" {dataset.grain.partition(';')[0]}.",
            )


def mostly_in_order(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """What may be out of order in some rows is not in many."""
    for order in dataset.ordered:
        if not order.most_broken:
            continue
        present = " and ".join(f"{quoted(name)} is not null" for name in order.columns)
        broken = f"({_is_out_of_order(order.columns)})"
        found = first_row(
            connection,
            f"select count(*) as _rows, count(*) filter (where {broken}) as _off,"
            f" min(_record) filter (where {broken}) from {table} where {present} group by _file"
            f" having _rows >= {FEWEST_TO_JUDGE} and _off > {order.most_broken} * _rows limit 1",
        )
        if found:
            yield Failure(
                " <= ".join(order.columns),
                f"{_described(order.columns)}: in {found[1]:,} of {found[0]:,} rows they are not in this order,"
                " smallest first",
                found[2],
            )


def parts_make_totals(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """Parts add up to their total in most rows."""
    for total in dataset.totals:
        parts = " + ".join(f"coalesce({quoted(part)}, 0)" for part in total.parts)
        value = quoted(total.column)
        off = f"abs({value} - ({parts})) > {total.tolerance} * abs({value}) + {total.slack}"
        present = " and ".join(f"{quoted(name)} is not null" for name in (total.column, *total.needs))
        found = first_row(
            connection,
            f"select count(*) as _rows, count(*) filter (where {off}) as _off, min(_record) filter (where {off})"
            f" from {table} where {present} group by _file"
            f" having _rows >= {FEWEST_TO_JUDGE} and _off > {MOST_OFF_TOTAL} * _rows limit 1",
        )
        if found:
            yield Failure(
                f"parts of {total.column}",
                f"column `{total.column}`: in {found[1]:,} of {found[0]:,} rows it is not the sum of"
                f" {', '.join(f'`{part}`' for part in total.parts)}",
                found[2],
            )


def medians_tell_the_unit(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """A quotient that hardly varies is about what it always is: a thousand times as much is another unit."""
    for ratio in dataset.ratios:
        value, of = quoted(ratio.column), quoted(ratio.of)
        quotient = f"{value} / {of}"
        found = first_row(
            connection,
            f"select count(*) as _rows, median({quotient}) as _median from {table}"
            f" where {ratio.where} and {value} > 0 and {of} > 0 group by _file"
            f" having _rows >= {FEWEST_OF_A_DAY} and _median not between {ratio.low} and {ratio.high} limit 1",
        )
        if found:
            yield Failure(
                f"unit of {ratio.column}",
                f"column `{ratio.column}`: the median of {found[0]:,} rows divided by `{ratio.of}` is"
                f" {found[1]:.6g}, not"
                f" between {ratio.low:g} and {ratio.high:g}: it is in another unit",
            )


def values_near_their_day(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """No value is many times, or a small part of, the others of its series and day."""
    series = [name for name in dataset.key if name not in (dataset.time_column, dataset.clock_column)]
    for column in dataset.columns:
        if not column.is_steady:
            continue
        value = quoted(column.name)
        names = ", ".join(map(quoted, series))
        day = f"epoch_us({quoted(dataset.time_column)}) // 86400000000"
        days = (
            f"(select _file, {names}, {day} as _day, median({value}) as _usual,"
            f" min({value}) as _least, max({value}) as _most"
        )
        days += f" from {table} group by all having count({value}) >= {FEWEST_OF_A_DAY}"
        days += f" and (_most > {STEADY} * _usual or _least * {STEADY} < _usual))"
        found = first_row(
            connection,
            f"select _record, {value}, _usual from {table} as r inner join {days} as d using (_file, {names})"
            f" where {day} = _day and ({value} > {STEADY} * _usual or {value} * {STEADY} < _usual)"
            " order by _record limit 1",
        )
        if found:
            yield Failure(
                f"{column.name} near its day",
                f"column `{column.name}`: {found[1]:.15g} is"
                f" {'more' if found[1] > found[2] else 'less'} than {STEADY} times"
                f" {'' if found[1] > found[2] else 'under '}the median of its series that day, {found[2]:.15g}",
                found[0],
            )


def instants_agree_with_clock(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """Instants are not French local time taken for UTC, which an export without offsets would make them."""
    if dataset.column(dataset.time_column).kind is not Kind.INSTANT:
        return
    if dataset.clock_column is None:
        yield from _no_hole_in_spring(connection, table, dataset)
        return
    instant, clock = quoted(dataset.time_column), quoted(dataset.clock_column)
    found = first_row(
        connection,
        f"select count(*) as _rows,"
        f" count(*) filter (where {clock} = strftime(make_timestamp(epoch_us({instant})), '%H:%M')) as _mistaken"
        f" from {table} group by _file having _mistaken * 2 > _rows limit 1",
    )
    if found:
        yield Failure(
            "instants agree with clock",
            f"column `{dataset.time_column}` has no time zone and is French local time: read as UTC it equals"
            f" `{dataset.clock_column}` in {found[1]:,} of {found[0]:,} rows",
        )


def _no_hole_in_spring(connection: duckdb.DuckDBPyConnection, table: str, dataset: Dataset) -> Iterator[Failure]:
    """No hour is missing where French clocks jump from 02:00 to 03:00: instants know no such jump."""
    time = f"({quoted(dataset.time_column)} at time zone 'UTC')"
    found = first_row(
        connection,
        f"""
        with hours as (
            select _file, date_trunc('hour', {time}) as h from {table} where month({time}) = 3 group by all
        ),
        -- The last Sunday of March.
        turns as (select _file, h, last_day(h) - (dayofweek(last_day(h))::INTEGER) as d from hours)
        select d from turns where h between d + INTERVAL 1 HOUR and d + INTERVAL 3 HOUR
        group by _file, d having count(*) = 2 and count(*) filter (where h = d + INTERVAL 2 HOUR) = 0
        limit 1
        """,
    )
    if found:
        yield Failure(
            "no hole in spring",
            f"column `{dataset.time_column}` has no time zone and is French local time: on {found[0]:%Y-%m-%d} it has"
            " 01:00 and 03:00 but no 02:00",
            advice="Export it again with `timezone=UTC`, or with offsets (2024-03-31T03:00:00+02:00).",
        )


_FILE_CHECKS: tuple[Callable[[duckdb.DuckDBPyConnection, str, Dataset], Iterator[Failure]], ...] = (
    instants_agree_with_clock,
    known_values,
    codes_are_of_their_year,
    steps_are_the_datasets,
    keys_do_not_contradict,
    mostly_in_order,
    medians_tell_the_unit,
    parts_make_totals,
    values_near_their_day,
)
