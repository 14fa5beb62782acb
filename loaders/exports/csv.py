"""Delimited text: semicolons or commas; anything else is named and rejected."""

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv

from dataelec.errors import DataElecError
from loaders.exports.base import CHUNK, INTERRUPTED, Export, head_of

DELIMITERS = (";", ",")
# Delimiters that no portal writes: (character, what it is called).
OTHER_DELIMITERS = (("\t", "tabs"), ("|", "vertical bars"))
# A header further down is looked for in so many lines.
_TITLE_LINES = 30
# A value may be as long as what Arrow reads at once.
_BLOCK = 4 * CHUNK
csv.field_size_limit(_BLOCK)
_LONGEST_NAME = 1_000
_NEVER_CLOSED = "A quotation mark is not closed, or the file is damaged: download it again."


@dataclass(frozen=True)
class CsvExport(Export):
    """A CSV file; values are text."""

    delimiter: str = ";"
    header_lines: int = 0
    problems: list[DataElecError] = field(default_factory=list)
    """What went wrong in the last scan: DuckDB replaces it by an error of its own."""

    @property
    def _reader_name(self) -> str:
        return f"csv_rows_{id(self)}"

    def scan(self, chosen: Sequence[int], connection: duckdb.DuckDBPyConnection) -> str:
        """Register a stream of the chosen columns; return its name."""
        self.problems.clear()
        names = [str(position) for position in range(len(self.columns))]
        wanted = [str(position) for position in chosen]
        schema = pa.schema([("_record", pa.int64()), *((name, pa.string()) for name in wanted)])
        reader = pa.RecordBatchReader.from_batches(schema, self._batches(names, wanted, schema))
        connection.register(self._reader_name, reader)
        return self._reader_name

    def place(self, record: int) -> str:
        """Return the line that a record begins on, counted again since quoted values may hold line breaks."""
        return f"{self.name}, line {self._line(record)}"

    def unreadable(self, problem: Exception) -> DataElecError:
        """Return the error for a file that broke off or is malformed while it was read."""
        return self.problems[0] if self.problems else super().unreadable(problem)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Say that the last value may be cut: parts of split files, and people's own, also end without a line end."""
        if not _lacks_line_end(self.path):
            return ()
        return ("the last line has no end: make sure that its last value is whole",)

    def rows_below(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the line and values of the rows below the first, by each delimiter."""
        for delimiter in DELIMITERS:
            rows = _rows(self.name, self.path, delimiter)
            yield from itertools.takewhile(lambda row: row[0] <= _TITLE_LINES, rows)

    def _line(self, record: int) -> int:
        seen = -1  # The header.
        begins = 1
        for line, row in _rows(self.name, self.path, self.delimiter):
            seen += bool(row)
            if seen == record and row:
                return begins
            begins = line + 1
        return begins

    def _batches(self, names: list[str], wanted: list[str], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        wrong: list[Any] = []

        def refuse(row: Any) -> str:
            wrong.append(row)
            return "error"

        record = 1
        try:
            rows = pyarrow.csv.open_csv(
                self.path,
                # One thread: the numbers of wrong rows are only known then.
                read_options=pyarrow.csv.ReadOptions(
                    use_threads=False, skip_rows=self.header_lines, column_names=names, block_size=_BLOCK
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=refuse
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=wanted,
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
            for batch in rows:
                counted = np.arange(record, record + batch.num_rows, dtype=np.int64)
                # `pa.array` would import pandas, which takes longer than most files.
                numbers = pa.Array.from_buffers(pa.int64(), batch.num_rows, [None, pa.py_buffer(counted)])
                record += batch.num_rows
                yield pa.RecordBatch.from_arrays([numbers, *batch.columns], schema=schema)
            if _is_cut(self.path):
                raise pa.ArrowInvalid("no line end")
        except pa.ArrowInvalid as problem:
            if "Empty CSV file" in str(problem):
                return
            self.problems.append(self._problem(problem, wrong))
            raise self.problems[0] from problem

    def _problem(self, problem: pa.ArrowInvalid, wrong: list[Any]) -> DataElecError:
        if not wrong and _is_cut(self.path):
            # A number that lost its last digits is still a number.
            return DataElecError(
                f"{self.name} does not end with a line end: it is cut, and its last value may be too.",
                "Download it again; if it is whole, end its last line and import it again.",
            )
        if not wrong:
            return super().unreadable(problem)
        row = wrong[0]
        where = self.place(row.number - self.header_lines)
        if INTERRUPTED in row.text:
            return DataElecError(
                f"{where}: the portal broke off the export: {row.text.strip()[:200]}", "Download it again."
            )
        return DataElecError(
            f"{where}: {row.actual_columns} columns where the header has {row.expected_columns}: {row.text[:100]!r}",
            "The file is cut or was edited: download it again.",
        )


@dataclass(frozen=True)
class SemicolonExport(CsvExport):
    """A CSV file delimited by semicolons, as French spreadsheets write it: the comma may divide numbers."""

    may_have_decimal_commas = True


def open_csv(name: str, path: Path) -> CsvExport:
    """List the columns of a CSV file; DataElecError where it is delimited otherwise or its end is missing."""
    readings = [_header(name, path, delimiter) for delimiter in DELIMITERS]
    # The right delimiter is the one that finds more columns.
    delimiter, (header, lines) = max(zip(DELIMITERS, readings, strict=True), key=lambda reading: len(reading[1][0]))
    if max(map(len, header), default=0) > _LONGEST_NAME:
        raise DataElecError(f"{name}: a column's name is longer than {_LONGEST_NAME:,} characters.", _NEVER_CLOSED)
    _refuse_excels_first_line(name, header)
    _refuse_other_delimiters(name, path, len(header))
    form = SemicolonExport if delimiter == ";" else CsvExport
    return form(name, path, header, ("VARCHAR",) * len(header), delimiter=delimiter, header_lines=lines)


def _rows(name: str, path: Path, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the last line and the values of each row; DataElecError where a value has no end in sight."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter=delimiter)
        try:
            for row in rows:
                yield rows.line_num, tuple(row)
        except csv.Error as problem:
            raise DataElecError(
                f"{name}, up to line {rows.line_num}: a value is longer than {_BLOCK >> 20} MB.", _NEVER_CLOSED
            ) from problem


def _header(name: str, path: Path, delimiter: str) -> tuple[tuple[str, ...], int]:
    """Return the names in the first line that is not blank, and how many lines end with it."""
    return next(((row, line) for line, row in _rows(name, path, delimiter) if row), ((), 0))


def _refuse_excels_first_line(name: str, header: tuple[str, ...]) -> None:
    if header and header[0].strip().lower().startswith("sep="):
        raise DataElecError(
            f"{name}, line 1: `sep=` is a hint for Excel, not the header.",
            "Remove the first line, or export the file again, and import that.",
        )


def _refuse_other_delimiters(name: str, path: Path, columns: int) -> None:
    for delimiter, called in OTHER_DELIMITERS:
        if len(_header(name, path, delimiter)[0]) > max(columns, 2):
            raise DataElecError(
                f"{name} is text delimited by {called}, whatever its name ends in; exports have `;` or `,`.",
                "Open it in a spreadsheet and save it as CSV (UTF-8, delimited by semicolons), or download the"
                " dataset's own export: RTE's download of éCO2mix (.xls) is another file than the one on ODRÉ.",
            )


def _is_cut(path: Path) -> bool:
    """Say whether a file ends inside a line though whatever wrote its other line ends (CR LF) ends the last one too."""
    return _lacks_line_end(path) and b"\r\n" in head_of(path)


def _lacks_line_end(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, 2)
        # A quotation mark that closes the last value shows that nothing is missing.
        return stream.read(1) not in (b"\r", b"\n", b'"')
