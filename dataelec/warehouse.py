"""Read-only access to the marts of a built warehouse, always through a copy: a reader keeps no build waiting."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from dataelec.errors import DataElecError, first_line
from dataelec.scratch import scratch

Row = dict[str, Any]
Needs = Mapping[str, Sequence[str]]
MART_SCHEMAS = ("core", "analysis")


class WarehouseError(DataElecError):
    """The warehouse cannot be read, or lacks what is asked of it."""


def copy_database(database: Path, copy: Path) -> None:
    """Copy a warehouse file while it is held for reading, so that no build can be half way in it."""
    if not database.is_file():
        raise WarehouseError(
            f"There is no database at {database}.",
            "`dataelec build` makes that of the simulated lake, `dataelec build --target live` that of the real one.",
        )
    with _opened(database):
        shutil.copyfile(database, copy)


def kept_copy(database: Path, warn: Callable[[str], None]) -> Path:
    """Return a copy beside the database, made anew after each build; while one is writing, the copy made before.

    `warn` is told when it is the older one.
    """
    copy = database.parent / "shell" / database.name
    if database.is_file() and copy.is_file() and _stamp(copy) == _stamp(database):
        return copy
    fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
    try:
        # Taken before copying: a build that ends meanwhile makes the next reader copy again.
        stamp = _stamp(database) if database.is_file() else 0
        if database.is_file():
            copy.parent.mkdir(exist_ok=True)
        copy_database(database, fresh)
        os.utime(fresh, ns=(stamp, stamp))
        fresh.replace(copy)
    except WarehouseError as error:
        if not copy.is_file():
            raise
        warn(f"{error.message}\nOpening the copy made before.")
    finally:
        fresh.unlink(missing_ok=True)
    return copy


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns


def _opened(database: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        raise WarehouseError(
            f"{database} is being written (try again later) or is no DuckDB database: {first_line(error)}",
            "If nothing writes it, delete it: `dataelec build` makes it anew.",
        ) from error


@contextmanager
def opened_copy(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a copy of a warehouse file, with every schema, that is dropped on leaving the `with` block."""
    with scratch() as folder:
        copy = folder / database.name
        copy_database(database, copy)
        with _opened(copy) as connection:
            yield connection


class Warehouse:
    """The marts of one database file, read from a copy that is dropped on leaving the `with` block.

    A reader of the file itself would keep a build waiting.
    """

    def __init__(self, database: Path, *, is_copy: bool = False) -> None:
        """Open the marts of `database`; `is_copy` where no build writes to that file, so that it can be read itself."""
        with ExitStack() as opening:
            copy = database if is_copy else opening.enter_context(scratch()) / database.name
            if not is_copy:
                copy_database(database, copy)
            self._connection = _opened(copy)
            self._open = opening.pop_all()
        self._connection.execute("set TimeZone = 'UTC'")
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
        self._open.close()

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

    def is_simulated(self) -> bool:
        """Whether any mart says that its rows are simulated."""
        flags = " union all ".join(
            f"select bool_or(is_simulated) as flag from {table}"
            for table, columns in sorted(self._columns.items())
            if "is_simulated" in columns
        )
        return bool(flags) and any(row["flag"] for row in self.rows(flags))

    def write(self, query: str, path: Path, options: str) -> None:
        """Write the result of a query to a file, with the options of DuckDB's `copy`."""
        target = str(path).replace("'", "''")
        self._connection.execute(f"copy ({query}) to '{target}' ({options})")

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
