"""Thousands of malformed exports of every dataset, and hundreds of harmless ones, derived from the simulated lake.

A malformed one is rejected in one sentence, or what it lands is what an independent reading of the same file has; a
harmless one changes nothing. Both draw from one seeded generator: the number of a case gives the case.
"""

import csv
import datetime as dt
import gzip
import io
import json
import random
import re
import time
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataelec.errors import DataElecError
from loaders.catalog import CATALOG, Column, Dataset, Kind
from loaders.lake import Lake
from loaders.landing import import_files
from loaders.reading import Landing, read_files, workspace
from research.project import PROJECT
from tests.loaders.lakes import NEW, NOW, tree

MALFORMED, HARMLESS = 10_000, 300
COMMUNES = "populations-legales-communes"
ROWS = 60
LONGEST_SECONDS = 20
# So many malformed cases go all the way, to see that a rejection leaves the lake as it was.
LANDED_WHOLE = 100

Rows = list[dict[str, str]]


# --- what there is to spoil -------------------------------------------------------------------------------------------


def published(lake: Path, dataset: Dataset) -> Rows:
    """Return some neighbouring rows of a dataset as a portal would write them: text, field ids, offsets."""
    names = ", ".join(f'"{name}"' for name in dataset.names)
    # Series first, so that times follow each other; where a day has numbered hours, those of a day.
    times = [name for name in (dataset.time_column, dataset.clock_column) if name in dataset.key]
    series = [name for name in dataset.key if name not in times]
    by_hour = dataset.step_minutes == 60
    order = ", ".join(f'"{name}"' for name in ([*times, *series] if by_hour else [*series, *times]))
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        source = (
            f"read_parquet('{lake}/{dataset.folder}/**/*.parquet', union_by_name = true, hive_partitioning = false)"
        )
        needed = " and ".join(f'"{k}" is not null' for k in dataset.key if dataset.column(k).needed) or "true"
        found = connection.execute(
            f"select {names} from {source} where {needed} order by {order or 'commune'} limit {ROWS}"
        ).fetchall()
    return [
        {column.name: as_text(column, value) for column, value in zip(dataset.columns, row, strict=True)}
        for row in found
    ]


def as_text(column: Column, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.timezone(dt.timedelta(hours=1))).isoformat()
    if isinstance(value, float):
        return repr(value).removesuffix(".0") if column.is_count or value == int(value) else repr(value)
    return str(value)


# --- an independent reading -------------------------------------------------------------------------------------------


def understood(column: Column, text: str) -> object:
    """Return what a published text means, by Python alone."""
    text = text.strip(" ") if column.kind is Kind.TEXT else text.strip()
    if not text or text.lower() in column.nulls:
        return None
    match column.kind:
        case Kind.NUMBER:
            return float(text.replace(",", "."))
        case Kind.INTEGER:
            return int(float(text.replace(",", ".")))
        case Kind.CODE:
            bare = text.upper().removesuffix(".0")
            if column.code and column.code.names and plain(bare) in (names := codes_by_name(column.code.names)):
                return names[plain(bare)]
            return bare.zfill(column.width) if bare[:-1].isdigit() or bare.isdigit() else bare
        case Kind.DATE:
            return pd.Timestamp(text).date() if "/" not in text else dt.datetime.strptime(text, "%d/%m/%Y").date()
        case Kind.INSTANT:
            return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
        case _:
            return text


@cache
def codes_by_name(territories: str) -> dict[str, str]:
    """Return the codes of regions or départements by their names, which people write in place of codes."""
    seed = pd.read_csv(PROJECT / f"seeds/territories/{territories}.csv", dtype=str)
    singular = territories.removesuffix("s")
    return dict(zip(seed[f"{singular}_label_fr"].map(plain), seed[f"{singular}_code"], strict=True))


def plain(name: str) -> str:
    """Return a name without accents, case, hyphens and apostrophes, in which people's spellings differ."""
    letters = unicodedata.normalize("NFD", name.upper())
    return "".join(letter for letter in letters if letter.isalnum())


def comparable(value: object) -> object:
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


# --- spoiling ---------------------------------------------------------------------------------------------------------


@dataclass
class Case:
    """Rows on their way into a file, and the file's bytes once they are known."""

    dataset: Dataset
    rows: Rows
    rng: random.Random
    content: bytes | None = None

    def text(self, delimiter: str = ";") -> str:
        sink = io.StringIO()
        writer = csv.writer(sink, delimiter=delimiter, lineterminator="\n")
        writer.writerow(self.rows[0])
        writer.writerows(row.values() for row in self.rows)
        return sink.getvalue()

    def column(self, *kinds: Kind) -> Column:
        left = [c for c in self.dataset.columns if c.name in self.rows[0]]
        return self.rng.choice([c for c in left if not kinds or c.kind in kinds] or left)

    def bytes(self) -> bytes:
        return self.text().encode() if self.content is None else self.content


WORDS: tuple[str, ...] = (
    "abc",
    "n/d",
    "NaN",
    "inf",
    "-inf",
    "1 234",
    "1\u202f234,5",
    "1'234",
    "1.234.567",
    "1,2,3",
    "12:75",
    "#N/A",
    "0x1F",
)
WORDS += ("2024-13-45", "31/02/2024", "TRUE", "1e400", "--", "?", "é", "9" * 30, "1_0", "\t", "NULL", "=1+1", "2,5E+08")


def a_word(case: Case) -> None:
    row = case.rng.choice(case.rows)
    row[case.column().name] = case.rng.choice(WORDS)


def times(text: str, factor: float) -> str:
    try:
        return f"{float(text) * factor:.10g}"
    except ValueError:
        return text


def another_unit(case: Case) -> None:
    name, factor = case.column(Kind.NUMBER, Kind.INTEGER).name, case.rng.choice((1e-6, 1e-3, 1e3, 1e6, -1))
    for row in case.rows:
        row[name] = times(row[name], factor)


def a_slip(case: Case) -> None:
    row, name = case.rng.choice(case.rows), case.column(Kind.NUMBER).name
    row[name] = times(row[name], case.rng.choice((10, 0.1, 100)))


def a_column_gone(case: Case) -> None:
    name = case.column().name
    case.rows = [{k: v for k, v in row.items() if k != name} for row in case.rows]


def columns_changed_places(case: Case) -> None:
    first, second = case.column().name, case.column().name
    for row in case.rows:
        if first in row and second in row:
            row[first], row[second] = row[second], row[first]


def another_step(case: Case) -> None:
    case.rows = case.rows[:: case.rng.choice((2, 3, 7))]


def another_time(case: Case) -> None:
    name, shift = case.dataset.time_column, case.rng.choice((15, 7, 60 * 24 * 40_000, -60 * 24 * 40_000))
    for row in case.rows:
        with suppress(ValueError, KeyError, OverflowError):  # Spoilt already.
            if case.dataset.column(name).kind is Kind.INSTANT:
                row[name] = (dt.datetime.fromisoformat(row[name]) + dt.timedelta(minutes=shift)).isoformat()
            elif case.dataset.column(name).kind is Kind.INTEGER:
                row[name] = str(int(row[name]) + shift)


def no_offset(case: Case) -> None:
    for row in case.rows:
        for column in case.dataset.columns:
            if column.kind is Kind.INSTANT:
                row[column.name] = row.get(column.name, "")[:19]


def keys_twice(case: Case) -> None:
    name = case.column(Kind.NUMBER).name
    case.rows += [{**row, name: "1"} for row in case.rng.sample(case.rows, len(case.rows) // 2)]


def a_cut(case: Case) -> None:
    whole = case.bytes()
    case.content = whole[: case.rng.randrange(1, len(whole))]


def a_damaged_archive(case: Case) -> None:
    packed = bytearray(gzip.compress(case.bytes()))
    packed[case.rng.randrange(len(packed))] ^= 0xFF
    case.content = bytes(packed[: case.rng.choice((len(packed), len(packed) - 9))])


def flipped_bytes(case: Case) -> None:
    spoilt = bytearray(case.bytes())
    for _ in range(case.rng.randrange(1, 4)):
        spoilt[case.rng.randrange(len(spoilt))] = case.rng.choice(b'\x00\xff;,"\n\r9\xe9')
    case.content = bytes(spoilt)


def another_form(case: Case) -> None:
    text = case.text()
    case.content = case.rng.choice(
        (
            case.text("\t").encode(),
            case.text("|").encode(),
            text.encode("utf-16"),
            b"sep=;\n" + text.encode(),
            b"Extraction\n\n" + text.encode(),
            b"<html><table>" + text.encode(),
            json.dumps({"results": case.rows}).encode(),
            json.dumps({"type": "FeatureCollection", "features": case.rows}).encode(),
            json.dumps(case.rows).encode()[:-30],
            json.dumps(case.rows).encode() + b"\nStreaming interrupted due to the following error: x",
            text.encode() + b"Streaming interrupted due to the following error: x\n",
            text.replace(";", ";;", 3).encode(),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + text.encode(),
            text.encode() + "é".encode("latin-1") + b";\n",
            b"",
            b"\n\n",
        )
    )


SPOILERS: tuple[Callable[[Case], None], ...] = (
    *(a_word,) * 5,
    *(another_unit, a_slip, a_column_gone, columns_changed_places, another_step, another_time, no_offset, keys_twice),
    *(a_cut, a_damaged_archive, flipped_bytes, another_form),
)


def spoilt(dataset: Dataset, rows: Rows, number: int) -> Case:
    rng = random.Random(number)
    case = Case(dataset, [dict(row) for row in rows], rng)
    for _ in range(rng.choice((1, 1, 1, 2))):
        rng.choice(SPOILERS)(case)
    return case


def independent_rows(dataset: Dataset, content: bytes) -> list[dict[str, object]]:
    """Read the file's rows with Python's csv module, as the columns that the catalog has."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    # As DuckDB does, a line may end in a carriage return too.
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    header, body = lines[0], [line for line in lines[1:] if line]
    known = {name.strip(): position for position, name in enumerate(header)}
    rows = [
        {c.name: understood(c, line[known[c.name]]) if c.name in known else None for c in dataset.columns}
        for line in body
    ]
    for column in dataset.columns:
        if column.codes_by is not None and column.name in known:
            # What a code looks like depends on what else its row says.
            other, codes = column.codes_by
            for row in rows:
                if (code := codes.get(str(row[other]).upper())) is not None and row[column.name] is not None:
                    meant = understood(replace(column, kind=Kind.CODE, code=code), str(row[column.name]))
                    if re.fullmatch(code.pattern, str(meant)):
                        row[column.name] = meant
    if dataset.dataset_id == COMMUNES and "com" not in known:
        # A commune's code is also told by its département's and its number there.
        for row in rows:
            row["com"] = f"{str(row['dep'])[:2]}{row['codcom']}" if row["dep"] and row["codcom"] else None
    return rows


def tried(connection: duckdb.DuckDBPyConnection, case: Case, file: Path) -> tuple[str, list[tuple[object, ...]] | None]:
    """Return why a case was rejected, or what was read."""
    file.write_bytes(case.bytes())
    landing = Landing(NOW, is_simulated=False)
    try:
        table = read_files(connection, case.dataset, {0: file}, landing, NEW, file.parent)[0].table
    except DataElecError as problem:
        return str(problem), None
    names = ", ".join(f'"{name}"' for name in case.dataset.names)
    return "", connection.execute(f"select _record, {names} from {table} order by _record").fetchall()


def judged(case: Case, found: list[tuple[object, ...]]) -> str:
    """Say how what was read differs from the independent reading; empty where it does not."""
    if case.bytes()[:1] not in (b"\x1f",):
        expected = independent_rows(case.dataset, case.bytes())
        for record, *values in found:
            assert isinstance(record, int)
            row = expected[record - 1]
            for name, value in zip(case.dataset.names, values, strict=True):
                wanted = comparable(row[name])
                if comparable(value) != wanted and not (isinstance(wanted, str) and str(value) == wanted):
                    return f"row {record}, {name}: {value!r} where {wanted!r} stands"
    return ""


@pytest.mark.slow
def test_malformed_exports_are_rejected_cleanly_or_landed_rightly(sample_lake: Path, tmp_path: Path) -> None:
    datasets = list(CATALOG.values())
    bases = {dataset.dataset_id: published(sample_lake, dataset) for dataset in datasets}
    lake = Lake(str(tmp_path / "lake"))
    for dataset in datasets:
        whole = Case(dataset, bases[dataset.dataset_id], random.Random(0))
        file = tmp_path / "whole.csv"
        file.write_bytes(whole.bytes())
        import_files(lake, dataset.dataset_id, [file], loaded_at=NOW, published_at=NEW)
    failures: list[str] = []
    rejected = [0]

    def one(worker: int) -> None:
        with workspace() as (connection, folder):
            for number in range(worker, MALFORMED, 2):
                dataset = datasets[number % len(datasets)]
                case = spoilt(dataset, bases[dataset.dataset_id], number)
                started = time.monotonic()
                try:
                    message, found = tried(connection, case, folder / "case.dat")
                    problem = "" if found is None else judged(case, found)
                except Exception as error:  # Anything else is what the test looks for.
                    message, problem = "", f"{type(error).__name__}: {error}"
                rejected[0] += bool(message)
                if message and "case.dat" not in message:
                    problem = f"no file is named: {message}"
                if time.monotonic() - started > LONGEST_SECONDS:
                    problem = "too slow"
                if problem:
                    failures.append(f"case {number} ({dataset.dataset_id}): {problem[:300]}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(2)))
    assert not failures, f"{len(failures)} failures:\n" + "\n".join(failures[:25])
    assert MALFORMED * 0.5 < rejected[0] < MALFORMED
    before = tree(Path(lake.root))
    for number in range(0, MALFORMED, MALFORMED // LANDED_WHOLE):
        dataset = datasets[number % len(datasets)]
        file = tmp_path / "case.dat"
        file.write_bytes(spoilt(dataset, bases[dataset.dataset_id], number).bytes())
        try:
            import_files(lake, dataset.dataset_id, [file], loaded_at=NOW, published_at=NEW)
            before = tree(Path(lake.root))
        except DataElecError:
            assert tree(Path(lake.root)) == before, f"case {number}"


# --- harmless ---------------------------------------------------------------------------------------------------------


def by_pandas(rows: Rows, rng: random.Random) -> bytes:
    frame = pd.read_csv(io.StringIO(Case(next(iter(CATALOG.values())), rows, rng).text(",")), keep_default_na=True)
    text: str = frame.to_csv(index=False, sep=rng.choice((";", ",")))
    return text.encode()


def by_spreadsheet(rows: Rows, rng: random.Random) -> bytes:
    """Save as a French spreadsheet: zeros lost, decimal commas, day first, a mark or the system's encoding, CR LF."""

    def cell(text: str) -> str:
        try:
            number = float(text)
        except ValueError:
            return text
        plain = f"{number:.15g}" if abs(number) < 1e15 and "e" not in text.lower() else text
        return plain.replace(".", ",") if "n" not in plain else text

    saved = [{name: cell(value) for name, value in row.items()} for row in rows]
    text = Case(next(iter(CATALOG.values())), saved, rng).text().replace("\n", "\r\n")
    return text.encode(rng.choice(("utf-8", "utf-8-sig", "cp1252")), errors="strict")


def in_another_order(rows: Rows, rng: random.Random) -> bytes:
    names = rng.sample(list(rows[0]), len(rows[0]))
    shuffled = [{name: row[name] for name in names} for row in rng.sample(rows, len(rows))]
    return Case(next(iter(CATALOG.values())), shuffled, rng).text(rng.choice((";", ","))).encode()


def as_json(rows: Rows, rng: random.Random) -> bytes:
    sparse = [{name: value for name, value in row.items() if value} for row in rows]
    if rng.random() < 0.5:
        return "\n".join(json.dumps(row, ensure_ascii=rng.random() < 0.5) for row in sparse).encode() + b"\n"
    return json.dumps(sparse, indent=rng.choice((None, 1))).encode()


def as_parquet(rows: Rows, rng: random.Random) -> bytes:
    sink = io.BytesIO()
    filled = [{name: value or None for name, value in row.items()} for row in rows]
    schema = pa.schema([(name, pa.string()) for name in rows[0]])
    pq.write_table(pa.Table.from_pylist(filled, schema), sink)
    return sink.getvalue()


def packed(content: bytes, rng: random.Random) -> bytes:
    match rng.randrange(3):
        case 0:
            return content
        case 1:
            return gzip.compress(content)
        case _:
            sink = io.BytesIO()
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("export.csv", content)
            return sink.getvalue()


SAVERS: tuple[Callable[[Rows, random.Random], bytes], ...] = (
    by_pandas,
    by_spreadsheet,
    in_another_order,
    as_json,
    as_parquet,
)


def split(rows: Rows, rng: random.Random) -> Sequence[Rows]:
    cut = rng.randrange(1, len(rows)) if len(rows) > 1 else 1
    return [part for part in (rows[:cut], rows[cut:]) if part]


@pytest.mark.slow
def test_harmless_ways_to_save_a_file_again_change_nothing(sample_lake: Path, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    bases: dict[str, Rows] = {}
    for dataset in CATALOG.values():
        bases[dataset.dataset_id] = published(sample_lake, dataset)
        file = tmp_path / "whole.csv"
        file.write_bytes(Case(dataset, bases[dataset.dataset_id], random.Random(0)).bytes())
        import_files(lake, dataset.dataset_id, [file], loaded_at=NOW, published_at=NEW)
    before = tree(Path(lake.root))
    failures = []
    for number in range(HARMLESS):
        rng = random.Random(number)
        dataset_id = list(CATALOG)[number % len(CATALOG)]
        rows = bases[dataset_id]
        saver = rng.choice(SAVERS)
        parts = split(rows, rng) if rng.random() < 0.3 else [rows]
        files = []
        for position, part in enumerate(parts):
            files.append(tmp_path / f"again-{position}.dat")
            files[-1].write_bytes(packed(saver(part, rng), rng))
        try:
            reports = import_files(lake, dataset_id, files, loaded_at=NOW, published_at=NOW).files
            if sum(report.new + report.replaced for report in reports):
                failures.append(f"{number} {dataset_id} {saver.__name__}: {reports}")
        except DataElecError as problem:
            failures.append(f"{number} {dataset_id} {saver.__name__}, {len(parts)} parts: {problem}")
    assert not failures, f"{len(failures)}:\n" + "\n".join(failure[:400] for failure in failures[:20])
    assert tree(Path(lake.root)) == before
