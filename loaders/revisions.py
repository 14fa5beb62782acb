"""Compares two states of a dataset's file: which rows moved, in which month, and by how much."""

from pathlib import Path
from typing import Any

import duckdb

from loaders.catalog import Dataset, Kind
from loaders.conversion import literal, quoted
from loaders.lake import RowsMoved
from loaders.queries import all_rows

CHANGED, ADDED, WITHDRAWN = "changed", "added", "withdrawn"
_NUMBERS = (Kind.NUMBER, Kind.INTEGER)


def compare(connection: duckdb.DuckDBPyConnection, dataset: Dataset, old: Path, new: Path) -> tuple[RowsMoved, ...]:
    """Return what moved between two files of a dataset, by month, kind of change and column."""
    for name, file in (("old_state", old), ("new_state", new)):
        connection.execute(
            f"create or replace temp view {name} as"
            f" select *, {_month_sql(dataset)} as _month, true as _is_there"
            f" from read_parquet({literal(str(file))}, hive_partitioning = false)"
        )
    return _compare_rows(connection, dataset) if dataset.key else _compare_bags(connection, dataset)


def _month_sql(dataset: Dataset) -> str:
    time = quoted(dataset.time_column)
    match dataset.column(dataset.time_column).kind:
        case Kind.INSTANT:
            return f"date_trunc('month', {time} at time zone 'UTC')::DATE"
        case Kind.DATE:
            return f"date_trunc('month', {time})::DATE"
        case _:
            return f"make_date({time}, 1, 1)"


def _compare_rows(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> tuple[RowsMoved, ...]:
    """Compare row by row on the natural key, all columns in one pass."""
    shared = _columns(connection, "old_state") & _columns(connection, "new_state")
    columns = [c for c in dataset.columns if c.name not in dataset.key and c.name in shared]
    on = " and ".join(f"o.{quoted(name)} is not distinct from n.{quoted(name)}" for name in dataset.key)
    both = "o._is_there and n._is_there"
    measures = ["count(*) filter (o._is_there is null)", "count(*) filter (n._is_there is null)"]
    for column in columns:
        old, new = f"o.{quoted(column.name)}", f"n.{quoted(column.name)}"
        moved = f"filter ({both} and {old} is distinct from {new})"
        measures.append(f"count(*) {moved}")
        if column.kind in _NUMBERS:
            measures += [f"sum({old}) {moved}", f"sum({new}) {moved}", f"max(abs({new} - {old})) {moved}"]
        else:
            measures += ["null", "null", "null"]
    found = all_rows(
        connection,
        f"select coalesce(o._month, n._month)::VARCHAR as month, {', '.join(measures)}"
        f" from old_state as o full join new_state as n on {on} group by month order by month",
    )
    moved_rows: list[RowsMoved] = []
    for month, added, withdrawn, *values in found:
        for change, number in ((ADDED, added), (WITHDRAWN, withdrawn)):
            if number:
                moved_rows.append(RowsMoved(month, change, "", number, None, None, None))
        for position, column in enumerate(columns):
            rows, before, after, largest = values[4 * position : 4 * position + 4]
            if rows:
                moved_rows.append(
                    RowsMoved(month, CHANGED, column.name, rows, _number(before), _number(after), _number(largest))
                )
    return tuple(moved_rows)


def _compare_bags(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> tuple[RowsMoved, ...]:
    """Count the rows of each state that the other lacks, where nothing says which row is which."""
    shared = _columns(connection, "old_state") & _columns(connection, "new_state")
    names = ", ".join(quoted(name) for name in dataset.names if name in shared)
    moved = []
    for change, one, other in ((ADDED, "new_state", "old_state"), (WITHDRAWN, "old_state", "new_state")):
        found = all_rows(
            connection,
            f"select _month::VARCHAR, count(*) from (select {names}, _month from {one} except all"
            f" select {names}, _month from {other}) group by 1 order by 1",
        )
        moved += [RowsMoved(month, change, "", rows, None, None, None) for month, rows in found]
    return tuple(sorted(moved, key=lambda rows: (rows.month, rows.change)))


def _columns(connection: duckdb.DuckDBPyConnection, view: str) -> set[str]:
    return {row[0] for row in all_rows(connection, f"select column_name from (describe {view})")}


def _number(value: Any) -> float | None:
    # Sums of decimals carry noise in their last digits that depends on the order of addition.
    return None if value is None else round(float(value), 9)
