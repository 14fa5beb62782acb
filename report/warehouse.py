"""Read-only access to the marts of a built warehouse, and what they hold."""

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
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
    """The marts of one database file, read from a copy that is dropped on leaving the `with` block.

    A reader of the file itself would keep a build waiting; the copy is taken while the file is held, so that no
    build can be half way in it.
    """

    def __init__(self, database: Path) -> None:
        if not database.is_file():
            raise WarehouseError(f"There is no database at {database}: `dbt build` makes it.")
        self._folder = tempfile.TemporaryDirectory(prefix="dataelec-report-")
        copy = Path(self._folder.name) / database.name
        try:
            with duckdb.connect(str(database), read_only=True):
                shutil.copyfile(database, copy)
            self._connection = duckdb.connect(str(copy), read_only=True)
        except duckdb.IOException as error:
            self._folder.cleanup()
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
        self._folder.cleanup()

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

    def rows(self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[Row]:
        """The result of a query as dictionaries, missing numbers as None, decimals as floats."""
        result = self._connection.execute(query, parameters)
        names = [column[0] for column in result.description or []]
        return [
            {
                name: float(value) if isinstance(value, Decimal) else value
                for name, value in zip(names, row, strict=True)
            }
            for row in result.fetchall()
        ]
