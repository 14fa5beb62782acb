"""What every format gives: the columns of an export, its rows as SQL, and where one of its rows stands."""

import hashlib
import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import duckdb

from dataelec.errors import DataElecError, is_disk_full
from loaders.queries import all_rows

CHUNK = 1 << 20
INTERRUPTED = "Streaming interrupted"
# What DuckDB raises for a file that is cut or malformed; its other errors are not the file's fault.
UNREADABLE = (duckdb.DataError, duckdb.IOException, duckdb.InvalidInputException)


@dataclass(frozen=True)
class Export(ABC):
    """One export, ready to be scanned: `path` is the plain file, `name` the base name of the one given."""

    name: str
    path: Path
    columns: tuple[str, ...]
    types: tuple[str, ...]
    dataset_ids: tuple[str, ...] = field(default=(), kw_only=True)
    """The dataset ids that the file itself names."""

    is_composed: bool = field(default=False, kw_only=True)
    """Whether no accent stands as a character of its own, which some systems write so."""
    is_open_ended: ClassVar[bool] = False
    """Whether a record may lack keys: an absent one is a null, and `columns` may name some that no record has."""
    may_have_decimal_commas: ClassVar[bool] = False
    """Whether the format leaves the comma free to divide a number."""

    @abstractmethod
    def scan(self, chosen: Sequence[int], connection: duckdb.DuckDBPyConnection) -> str:
        """Return SQL for a FROM clause, for one query: `_record` (1 for the first row) and the columns chosen.

        They are named by position ("0", "3", …).
        """

    @abstractmethod
    def place(self, record: int) -> str:
        """Return where a record stands in the file, for a message."""

    @property
    def keys_met(self) -> int:
        """How many of the columns were met in the file; those behind were asked for."""
        return len(self.columns)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Warnings for whoever lands the file."""
        return ()

    def with_keys(self, more: Sequence[str]) -> "Export":
        """Return the export with columns that may stand in records not looked into; for one that is open-ended."""
        raise NotImplementedError

    def rows_below(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the line and values of rows below the first that may be the header."""
        yield from ()

    def unreadable(self, problem: Exception) -> DataElecError:
        """Return the error for a file that broke off or is malformed while it was read."""
        if isinstance(problem, DataElecError):
            return problem
        if is_disk_full(problem):
            return DataElecError(
                f"{self.name} cannot be read: no space left where temporary files go ({tempfile.gettempdir()}).",
                "Nothing was landed. Make room there, or name another folder by TMPDIR, then run the command again.",
            )
        what = str(problem).replace(str(self.path), self.name).splitlines()[0]
        return DataElecError(
            f"{self.name} cannot be read to its end: {what}", "It is cut or damaged: download it again."
        )


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file."""
    with path.open("rb") as stream:
        return stream.read(1 << 16)


def printable(path: Path) -> str:
    """Return a file's base name as text that can be printed and stored, whatever bytes the system has for it."""
    return os.fsencode(path.name).decode("utf-8", errors="replace")


def plainly_named(path: Path, folder: Path) -> Path:
    """Return a path that DuckDB takes for one file: it reads `export [1].json` as a pattern, and names in UTF-8 only.

    A link in `folder` stands for a path that would be misread.
    """
    text = os.fsencode(path)
    if not set(b"*?[") & set(text) and text.decode("utf-8", errors="ignore").encode() == text:
        return path
    link = folder / f"plainly-named-{hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:16]}"
    if not link.is_symlink():
        link.symlink_to(path.absolute())
    return link


def described(connection: duckdb.DuckDBPyConnection, rows: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names and DuckDB types of the columns of what follows FROM in a query."""
    found = all_rows(connection, f"describe select * from {rows}")
    return tuple(row[0] for row in found), tuple(row[1] for row in found)
