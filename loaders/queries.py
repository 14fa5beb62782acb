"""Two ways to ask DuckDB, both of which read the result to its end: an open result blocks its connection."""

from collections.abc import Sequence
from typing import Any

import duckdb


def all_rows(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Return all rows of a query whose result is known to be small."""
    return connection.execute(sql, list(values)).fetchall()


def first_row(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """Return the first row of a query whose result is known to be small; None if there is none."""
    rows = all_rows(connection, sql, values)
    return rows[0] if rows else None


def count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    """Return the number of rows of what follows FROM in a query."""
    return int(all_rows(connection, f"select count(*) from {rows}")[0][0])
