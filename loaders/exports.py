"""Portal exports as people hold them: recognised by content, decompressed to a working folder, then only streamed.

Nothing here depends on a dataset; `loaders.reading` reads an `Export` as one.
"""

import codecs
import csv
import errno
import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import IO, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv

from dataelec.errors import DataElecError
from loaders.conversion import literal, quoted
from loaders.queries import all_rows

CHUNK = 1 << 20
# Exports of few distinct values shrink to a fiftieth; a small file may shrink to anything.
MOST_UNFOLDED = 250
SMALL = 64 << 20
DELIMITERS = (";", ",")
INTERRUPTED = "Streaming interrupted"
# What DuckDB raises for a file that is cut or malformed; other errors of its own are no fault of the file.
UNREADABLE = (duckdb.DataError, duckdb.IOException, duckdb.InvalidInputException)
# Control characters that no export holds: they tell a binary file, or text of two bytes a character.
_NO_TEXT = bytes({*range(32), 127} - set(b"\t\n\r"))
# An accented French letter in UTF-8; in Latin-1 these two bytes would be `Ã` before a sign, which no word has.
_UTF8_ACCENT = re.compile(rb"\xc3[\x80-\xbf]")


class Form(Enum):
    """How an export writes its rows."""

    PARQUET = "Parquet"
    CSV = "CSV"
    JSON_ARRAY = "array"
    JSON_LINES = "newline_delimited"


@dataclass(frozen=True)
class Export:
    """One export, ready to be scanned: `path` is the plain file, `name` the base name of the one given."""

    name: str
    path: Path
    form: Form
    columns: tuple[str, ...]
    types: tuple[str, ...]
    delimiter: str = ""
    header_lines: int = 0
    wraps_fields: bool = False
    """Whether a JSON record holds its values in `fields` (Explore v1)."""
    dataset_ids: tuple[str, ...] = field(default=())
    """The dataset ids that the file itself names."""


def open_export(given: Path, workspace: Path, connection: duckdb.DuckDBPyConnection, member: str = "") -> Export:
    """Recognise a file and list its columns; DataElecError says what the file is when it is no export.

    `member` tells the file wanted from others in an archive, as a regular expression on its base name.
    """
    name = given.name
    _refuse_what_is_no_file(given)
    plain = _plainly_named(_unwrapped(given, name, workspace, member), workspace)
    head = _head(plain)
    if head.startswith(b"PAR1"):
        return _open_parquet(name, plain, connection)
    plain = _as_utf8(plain, name, workspace)
    start = _head(plain).decode("utf-8", errors="ignore").removeprefix("\ufeff").lstrip()
    if not start:
        raise DataElecError(f"{name} is empty.", "Download it again.")
    if start.startswith("<"):
        raise DataElecError(
            f"{name} is an HTML or XML page, not an export.",
            "The portal probably answered with an error or a login page; open the file to see, then download again.",
        )
    if start[0] in "[{":
        return _open_json(name, plain, start, connection)
    return _open_csv(name, plain)


def scan(
    export: Export, chosen: Sequence[int], connection: duckdb.DuckDBPyConnection, problems: list[DataElecError]
) -> str:
    """Return SQL for a FROM clause: `_record` (1 for the first row) and the columns at these positions.

    The columns are named by position ("0", "3", …). The scan serves one query. DuckDB replaces what went wrong in a CSV
    file by an error of its own: the real one is put into `problems`.
    """
    if export.form is Form.CSV:
        connection.register("csv_rows", _csv_reader(export, chosen, problems))
        return "csv_rows"
    if export.form is Form.PARQUET:
        named = ", ".join(f"{quoted(export.columns[i])} as {quoted(str(i))}" for i in chosen)
        return (
            f"(select file_row_number + 1 as _record, {named}"
            f" from read_parquet({literal(str(export.path))}, file_row_number = true, hive_partitioning = false))"
        )
    return _json_scan(export, chosen)


def place(export: Export, record: int) -> str:
    """Return where a record stands in the file, for a message: a line of a CSV file, else its number."""
    if export.form is Form.CSV:
        return f"{export.name}, line {_csv_line(export, record)}"
    kind = "line" if export.form is Form.JSON_LINES else "row" if export.form is Form.PARQUET else "record"
    return f"{export.name}, {kind} {record}"


def unreadable(export: Export, problem: Exception) -> DataElecError:
    """Return the error for a file that broke off or is malformed while it was read."""
    if isinstance(problem, DataElecError):
        return problem
    what = str(problem).replace(str(export.path), export.name).splitlines()[0]
    return DataElecError(f"{export.name} cannot be read to its end: {what}", "It is cut or damaged: download it again.")


# --- the file itself -------------------------------------------------------------------------------------------------


def _refuse_what_is_no_file(given: Path) -> None:
    if given.is_dir():
        raise DataElecError(f"{given} is a folder.", f"Name the files in it: {given}/*")
    if not given.is_file():
        raise DataElecError(f"There is no file {given}.", "Check the path.")
    if given.stat().st_size == 0:
        raise DataElecError(f"{given.name} is empty (0 bytes).", "Download it again.")


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(1 << 16)


def _unwrapped(path: Path, name: str, workspace: Path, member: str) -> Path:
    """Return the plain file: `path` itself, or what it holds decompressed to `workspace`."""
    head = _head(path)
    if head.startswith(b"\x1f\x8b"):
        return _decompressed(path, name, workspace)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _unzipped(path, name, workspace, member)
    return path


def _plainly_named(path: Path, workspace: Path) -> Path:
    """Return a path that DuckDB takes for one file: it would read `export [1].json` as a pattern."""
    if not set("*?[") & set(str(path)):
        return path
    link = workspace / "plainly-named"
    link.symlink_to(path.absolute())
    return link


def _decompressed(path: Path, name: str, workspace: Path) -> Path:
    target = workspace / "decompressed"
    try:
        with gzip.open(path, "rb") as source:
            _unfold(source, target, name, path.stat().st_size)
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise DataElecError(f"{name} is a cut or damaged gzip file: {problem}", "Download it again.") from problem
    return target


def _unzipped(path: Path, name: str, workspace: Path, member: str) -> Path:
    # The name that the archive gives a file is never used as a path: it could climb out.
    target = workspace / "unzipped"
    try:
        with zipfile.ZipFile(path) as archive:
            chosen = _chosen_member(archive, name, member)
            with archive.open(chosen) as source:
                _unfold(source, target, name, chosen.compress_size)
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError, NotImplementedError) as problem:
        raise DataElecError(
            f"{name} is a cut, damaged or locked zip file: {problem}", "Download it again."
        ) from problem
    return target


def _unfold(source: IO[bytes] | gzip.GzipFile, target: Path, name: str, compressed: int) -> None:
    """Write what an archive holds to a file; DataElecError where it unfolds beyond any export, or there is no room."""
    largest = max(SMALL, MOST_UNFOLDED * compressed)
    size = 0
    try:
        with target.open("wb") as sink:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > largest:
                    raise DataElecError(
                        f"{name} unfolds to more than {MOST_UNFOLDED} times its size ({size / 1e6:,.0f} MB and more):"
                        " no export does, a zip bomb would.",
                        "Nothing was landed. Look at where the file comes from.",
                    )
                _write(sink, chunk)
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        raise DataElecError(
            f"{name} cannot be unpacked: no space left after {size / 1e6:,.0f} MB.",
            "Nothing was landed. Make room where temporary files go (TMPDIR), then run the command again.",
        ) from problem


def _write(sink: IO[bytes], chunk: bytes) -> None:
    sink.write(chunk)


def _chosen_member(archive: zipfile.ZipFile, name: str, member: str) -> zipfile.ZipInfo:
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    names = [m.filename for m in members]
    climbing = [n for n in names if n.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", n) or n[1:2] == ":"]
    if climbing:
        raise DataElecError(
            f"{name} holds a file whose path leads out of the archive: {climbing[0]!r}.",
            "Nothing was unpacked. No portal makes such archives: look at where the file comes from.",
        )
    if "[Content_Types].xml" in names:
        raise DataElecError(f"{name} is an office document.", "Save the sheet as CSV (UTF-8) and import that.")
    if len(members) > 1 and member:
        wanted = re.compile(member, re.IGNORECASE)
        members = [m for m in members if wanted.fullmatch(m.filename.rpartition("/")[2])]
    if len(members) != 1:
        listed = ", ".join(names[:5]) or "nothing"
        wanted_one = f", {len(members)} of them like `{member}`" if member else ""
        raise DataElecError(
            f"{name} holds {len(names)} files ({listed}){wanted_one}.", "Extract the one wanted and import it."
        )
    return members[0]


# --- text ------------------------------------------------------------------------------------------------------------


def _as_utf8(path: Path, name: str, workspace: Path) -> Path:
    """Return a UTF-8 file without byte order mark with the same text, itself where it is one."""
    encoding = _encoding(path, name)
    has_mark = _head(path).startswith(codecs.BOM_UTF8)
    if encoding == "utf-8" and not has_mark:
        return path
    target = workspace / "utf8"
    with path.open("rb") as source, target.open("wb") as sink:
        if has_mark:
            source.seek(len(codecs.BOM_UTF8))
        for text in _decoded(source, encoding):
            sink.write(text.encode())
    return target


def _encoding(path: Path, name: str) -> str:
    """Return `utf-8`, or `cp1252` (Latin-1 with its printable extensions); DataElecError for anything else."""
    for encoding in ("utf-8", "cp1252"):
        with path.open("rb") as stream:
            if _is_text(stream, encoding):
                if encoding != "utf-8":
                    _refuse_mixture(path, name)
                return encoding
    raise DataElecError(
        f"{name} is no text in UTF-8 or Latin-1, nor a Parquet file.",
        "Export it again as CSV, JSON or Parquet, or save it as UTF-8.",
    )


def _refuse_mixture(path: Path, name: str) -> None:
    """Refuse text that is UTF-8 in one line and Latin-1 in another: read as either, accents would turn to rubbish."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if _UTF8_ACCENT.search(line):
                raise DataElecError(
                    f"{name} mixes UTF-8 and Latin-1: line {number} has accents in UTF-8, others have not.",
                    "Download it again, or save it whole as UTF-8.",
                )


def _is_text(stream: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
            if len(chunk.translate(None, _NO_TEXT)) < len(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(stream: IO[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


# --- one form each ---------------------------------------------------------------------------------------------------


def _open_parquet(name: str, path: Path, connection: duckdb.DuckDBPyConnection) -> Export:
    try:
        described = all_rows(
            connection, f"describe select * from read_parquet({literal(str(path))}, hive_partitioning = false)"
        )
    except UNREADABLE as problem:
        raise DataElecError(f"{name} is a cut or damaged Parquet file.", "Download it again.") from problem
    columns, types = zip(*[(row[0], row[1]) for row in described], strict=True)
    return Export(name, path, Form.PARQUET, columns, types)


def _open_json(name: str, path: Path, start: str, connection: duckdb.DuckDBPyConnection) -> Export:
    form = Form.JSON_ARRAY if start[0] == "[" else Form.JSON_LINES
    if form is Form.JSON_LINES:
        _refuse_a_single_answer(name, start)
    export = Export(name, path, form, (), ())
    try:
        keys = _json_keys(export, "$", connection)
        wraps_fields = "fields" in keys and bool({"datasetid", "recordid"} & set(keys))
        if wraps_fields:
            inner = _json_keys(export, "$.fields", connection)
            listed = _json_rows(export, {"datasetid": "VARCHAR"})
            ids = all_rows(connection, f"select distinct datasetid from {listed} where datasetid is not null")
            dataset_ids = tuple(sorted(row[0] for row in ids))
            outer = ("record_timestamp",) if "record_timestamp" in keys else ()
            keys = (*(key for key in inner if key not in outer), *outer)
            export = replace(export, wraps_fields=True, dataset_ids=dataset_ids)
    except UNREADABLE as problem:
        raise unreadable(export, problem) from problem
    if not keys:
        raise DataElecError(f"{name} holds no records.", "Download it again, with a period that has data.")
    return replace(export, columns=keys, types=("VARCHAR",) * len(keys))


def _refuse_a_single_answer(name: str, start: str) -> None:
    """Refuse one JSON object that is an interface's answer (an error, a page of records) rather than a record."""
    try:
        first = json.loads(start.splitlines()[0])
    except ValueError:
        first = None
    answers = {"error_code", "errorcode", "error", "total_count", "nhits", "results", "records"}
    if first is None or answers & set(first):
        said = first.get("message") or first.get("error") if first else None
        raise DataElecError(
            f"{name} is a single JSON object, not a list of records{f': {said}' if said else ''}.",
            "Download the dataset's export in JSON, CSV or Parquet rather than a page of an interface.",
        )


def _json_keys(export: Export, path: str, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return all keys of the objects at `path` of the records, in the order they first appear."""
    rows = all_rows(
        connection,
        f"""
        with listed as (
            select row_number() over () as record, json_keys(json, '{path}') as keys
            from read_json_objects({literal(str(export.path))}, format = '{export.form.value}')
        )
        select key, min(record) as first_record, min_by(position, record) as first_position
        from (select record, unnest(keys) as key, generate_subscripts(keys, 1) as position from listed)
        group by key order by first_record, first_position
        """,
    )
    return tuple(row[0] for row in rows)


def _json_rows(export: Export, columns: dict[str, str]) -> str:
    named = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    return (
        f"read_json({literal(str(export.path))}, format = '{export.form.value}', auto_detect = false,"
        f" columns = {{{named}}})"
    )


def _json_scan(export: Export, chosen: Sequence[int]) -> str:
    # Values stay text: what a number or a date is, the dataset says.
    outer = [i for i in chosen if not export.wraps_fields or export.columns[i] == "record_timestamp"]
    inner = [i for i in chosen if i not in outer]
    columns = {export.columns[i]: "VARCHAR" for i in outer}
    if inner:
        columns["fields"] = "STRUCT(" + ", ".join(f"{quoted(export.columns[i])} VARCHAR" for i in inner) + ")"
    named = [f"{quoted(export.columns[i])} as {quoted(str(i))}" for i in outer]
    named += [f"fields.{quoted(export.columns[i])} as {quoted(str(i))}" for i in inner]
    return f"(select row_number() over () as _record, {', '.join(named)} from {_json_rows(export, columns)})"


def _open_csv(name: str, path: Path) -> Export:
    readings = [_csv_header(path, delimiter) for delimiter in DELIMITERS]
    # The right delimiter is the one that finds more columns.
    delimiter, (header, lines) = max(zip(DELIMITERS, readings, strict=True), key=lambda reading: len(reading[1][0]))
    return Export(name, path, Form.CSV, header, ("VARCHAR",) * len(header), delimiter, lines)


def _csv_header(path: Path, delimiter: str) -> tuple[tuple[str, ...], int]:
    """Return the names in the first line that is not blank, and how many lines end with it."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter=delimiter)
        for row in rows:
            if row:
                return tuple(row), rows.line_num
    return (), 0


def _csv_reader(export: Export, chosen: Sequence[int], problems: list[DataElecError]) -> pa.RecordBatchReader:
    """Return the chosen columns as text, batch by batch, each row numbered."""
    names = [str(position) for position in range(len(export.columns))]
    wanted = [str(position) for position in chosen]
    schema = pa.schema([("_record", pa.int64()), *((name, pa.string()) for name in wanted)])
    return pa.RecordBatchReader.from_batches(schema, _csv_batches(export, names, wanted, schema, problems))


def _csv_batches(
    export: Export, names: list[str], wanted: list[str], schema: pa.Schema, problems: list[DataElecError]
) -> Iterator[pa.RecordBatch]:
    wrong: list[Any] = []

    def refuse(row: Any) -> str:
        wrong.append(row)
        return "error"

    record = 1
    try:
        rows = pyarrow.csv.open_csv(
            export.path,
            # One thread: the numbers of wrong rows are only known then.
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, skip_rows=export.header_lines, column_names=names, block_size=4 * CHUNK
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=export.delimiter, newlines_in_values=True, invalid_row_handler=refuse
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=wanted,
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        for batch in rows:
            numbers = pa.array(np.arange(record, record + batch.num_rows))
            record += batch.num_rows
            yield pa.RecordBatch.from_arrays([numbers, *batch.columns], schema=schema)
    except pa.ArrowInvalid as problem:
        if "Empty CSV file" in str(problem):
            return
        problems.append(_csv_problem(export, problem, wrong))
        raise problems[0] from problem


def _csv_problem(export: Export, problem: pa.ArrowInvalid, wrong: list[Any]) -> DataElecError:
    if not wrong:
        return unreadable(export, problem)
    row = wrong[0]
    where = place(export, row.number - export.header_lines)
    if INTERRUPTED in row.text:
        return DataElecError(
            f"{where}: the portal broke the export off: {row.text.strip()[:200]}", "Download it again."
        )
    return DataElecError(
        f"{where}: {row.actual_columns} columns where the header has {row.expected_columns}: {row.text[:100]!r}",
        "The file is cut or was edited: download it again.",
    )


def _csv_line(export: Export, record: int) -> int:
    """Return the line that a record begins on, counted again since quoted values may hold line breaks."""
    with export.path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter=export.delimiter)
        seen = -1  # The header.
        begins = 1
        for row in rows:
            seen += bool(row)
            if seen == record and row:
                return begins
            begins = rows.line_num + 1
    return begins
