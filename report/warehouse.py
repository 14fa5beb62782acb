"""Read-only access to the marts of a built warehouse, and what they hold."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

Row = dict[str, Any]
Needs = Mapping[str, Sequence[str]]
MART_SCHEMAS = ("core", "analysis")


class WarehouseError(Exception):
    """The warehouse cannot be read; the message says what to do next."""


def database_path(target: str) -> Path:
    """The warehouse file of a dbt target, from the same settings as profiles.yml."""
    home = Path(os.environ.get("DATAELEC_HOME", "."))
    return home / os.environ.get("DATAELEC_DATABASE", f"warehouse/{target}.duckdb")


class Warehouse:
    """The marts of one database file, opened read-only and closed on leaving the `with` block."""

    def __init__(self, database: Path) -> None:
        if not database.is_file():
            raise WarehouseError(f"There is no database at {database}: `dbt build` makes it.")
        try:
            self._connection = duckdb.connect(str(database), read_only=True)
        except duckdb.IOException as error:
            raise WarehouseError(f"{database} is being written or is damaged, try again later: {error}") from error
        self._columns: dict[str, set[str]] = {}
        for table, column in self._connection.execute(
            "select table_schema || '.' || table_name, column_name from information_schema.columns"
            " where table_schema in (?, ?)",
            list(MART_SCHEMAS),
        ).fetchall():
            self._columns.setdefault(table, set()).add(column)

    def __enter__(self) -> "Warehouse":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @property
    def tables(self) -> Mapping[str, set[str]]:
        """Columns of each mart, keyed `schema.table`."""
        return self._columns

    def has_column(self, table: str, column: str) -> bool:
        """Whether the mart exists and has the column."""
        return column in self._columns.get(table, ())

    def missing(self, needs: Needs) -> list[str]:
        """Which of the marts, or of their columns, are not there: `analysis.x` or `analysis.x.y`."""
        absent: list[str] = []
        for table, columns in needs.items():
            if table not in self._columns:
                absent.append(table)
            else:
                absent.extend(f"{table}.{column}" for column in columns if column not in self._columns[table])
        return absent

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Row]:
        """The result of a query as dictionaries, missing numbers as None."""
        result = self._connection.execute(query, list(parameters))
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
