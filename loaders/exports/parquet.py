"""Parquet files, and Arrow tables in their form."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from dataelec.errors import DataElecError
from loaders.conversion import literal, quoted
from loaders.exports.base import UNREADABLE, Export, described


@dataclass(frozen=True)
class ParquetExport(Export):
    """A Parquet file; its values have types of their own."""

    def scan(self, chosen: Sequence[int], connection: duckdb.DuckDBPyConnection) -> str:
        """Return SQL that reads the chosen columns."""
        named = ", ".join(f"{quoted(self.columns[i])} as {quoted(str(i))}" for i in chosen)
        return f"(select file_row_number + 1 as _record, {named} from {_rows(self.path, file_row_number=True)})"

    def place(self, record: int) -> str:
        """Return the number of the row."""
        return f"{self.name}, row {record}"


@dataclass(frozen=True)
class ArrowExport(Export):
    """An Arrow table, registered with a connection."""

    def scan(self, chosen: Sequence[int], connection: duckdb.DuckDBPyConnection) -> str:
        """Return SQL that reads the chosen columns."""
        named = ", ".join(f"{quoted(self.columns[i])} as {quoted(str(i))}" for i in chosen)
        return f"(select _record, {named} from arrow_rows)"

    def place(self, record: int) -> str:
        """Return the number of the row."""
        return f"{self.name}, row {record}"


def open_parquet(name: str, path: Path, connection: duckdb.DuckDBPyConnection) -> ParquetExport:
    """List the columns of a Parquet file."""
    try:
        columns, types = described(connection, _rows(path))
    except UNREADABLE as problem:
        raise DataElecError(f"{name} is a cut or damaged Parquet file.", "Download it again.") from problem
    return ParquetExport(name, path, columns, types)


def open_arrow(name: str, rows: pa.Table, connection: duckdb.DuckDBPyConnection) -> ArrowExport:
    """Register an Arrow table and list its columns."""
    connection.register("arrow_rows", rows.append_column("_record", pa.array(np.arange(1, rows.num_rows + 1))))
    columns, types = described(connection, "(select * exclude (_record) from arrow_rows)")
    return ArrowExport(name, Path(), columns, types)


def _rows(path: Path, file_row_number: bool = False) -> str:
    number = ", file_row_number = true" if file_row_number else ""
    return f"read_parquet({literal(str(path))}, hive_partitioning = false{number})"
