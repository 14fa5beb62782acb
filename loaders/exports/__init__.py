"""Portal exports as people hold them: recognised by content, decompressed to a working folder, then only streamed.

A module a format. Nothing here depends on a dataset; `loaders.reading` reads an `Export` as one.
"""

from dataclasses import replace
from pathlib import Path

import duckdb

from dataelec.errors import DataElecError
from loaders.exports.archive import is_packed, unwrapped
from loaders.exports.base import UNREADABLE, Export, head_of, plainly_named, printable
from loaders.exports.csv import open_csv
from loaders.exports.foreign import refuse_markup, refuse_signatures
from loaders.exports.json import open_json
from loaders.exports.parquet import open_arrow, open_parquet
from loaders.exports.text import as_utf8

__all__ = ["UNREADABLE", "Export", "open_arrow", "open_export", "open_head", "plainly_named", "printable"]


def open_export(given: Path, workspace: Path, connection: duckdb.DuckDBPyConnection, member: str = "") -> Export:
    """Recognise a file and list its columns; DataElecError says what the file is when it is not an export.

    `member` tells the file wanted from others in an archive, as a regular expression on its base name.
    """
    name = printable(given)
    _refuse_what_is_no_file(given)
    plain = plainly_named(unwrapped(given, name, workspace, member), workspace)
    head = head_of(plain)
    if head.startswith(b"PAR1"):
        return open_parquet(name, plain, connection)
    refuse_signatures(name, head)
    plain, is_composed = as_utf8(plain, name, workspace)
    start = head_of(plain).decode("utf-8", errors="ignore").removeprefix("\ufeff").lstrip()
    if not start:
        raise DataElecError(f"{name} is empty.", "Download it again.")
    refuse_markup(name, start)
    export = open_json(name, plain, start, workspace, connection) if start[0] in "[{" else open_csv(name, plain)
    return replace(export, is_composed=is_composed)


def open_head(given: Path, workspace: Path, connection: duckdb.DuckDBPyConnection) -> Export | None:
    """Recognise a file by its beginning alone; None where that does not show the columns."""
    name = printable(given)
    _refuse_what_is_no_file(given)
    head = head_of(given)
    if head.startswith(b"PAR1"):
        return open_parquet(name, plainly_named(given, workspace), connection)
    if is_packed(head):
        return None
    refuse_signatures(name, head)
    start = head.decode("utf-8", errors="ignore").removeprefix("\ufeff").lstrip()
    refuse_markup(name, start)
    if not start or start[0] in "[{":
        return None
    # The whole of a CSV file's first lines is enough for its header.
    beginning = workspace / "beginning"
    beginning.write_bytes(head[: head.rfind(b"\n") + 1] or head)
    return open_csv(name, as_utf8(beginning, name, workspace)[0])


def _refuse_what_is_no_file(given: Path) -> None:
    name = printable(given)
    if given.is_dir():
        raise DataElecError(f"{name} is a folder.", f"Name the files in it: {name}/*")
    if not given.is_file():
        raise DataElecError(f"There is no file {given.parent / name}.", "Check the path.")
    if given.stat().st_size == 0:
        raise DataElecError(f"{name} is empty (0 bytes).", "Download it again.")
