"""Every dataset of the catalog lands alike from each form in which people hold exports."""

import csv
import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.catalog import CATALOG, Column, Dataset, Kind
from loaders.lake import Lake
from loaders.landing import import_files
from tests.loaders.lakes import NOW

PUBLISHED = dt.datetime(2025, 5, 1, tzinfo=dt.UTC)


def value(column: Column, row: int) -> str:
    """Return what a portal would write into a column, other in each row and within its limits."""
    if column.known:
        return column.known[0].rstrip("*").upper()
    match column.kind:
        case Kind.TEXT:
            return f"é{row}"
        case Kind.CODE:
            return f"{row + 1:0{column.width}}"
        case Kind.CLOCK:
            return "00:30"
        case Kind.DATE | Kind.PUBLISHED_DATE:
            return f"2024-01-{13 + row}"
        case Kind.INSTANT:
            return f"2024-01-{12 + row}T23:30:00+00:00"
        case Kind.INTEGER:
            return str(int(column.low or 0) + (1 if column.low == 0 else 10) + row)
        case Kind.NUMBER:
            low, high = (column.low or 0, column.high or 100) if column.low is not None else (0, 100)
            number = low + (high - low) / 4 + row / 8
            return f"{number:.0f}" if column.is_count else f"{number:.3f}"


def rows_of(entry: Dataset) -> list[dict[str, str]]:
    rows = [{column.name: value(column, row) for column in entry.columns} for row in range(3)]
    if entry.step_minutes == 60:
        rows = [{name: text.replace(":30:", ":00:") for name, text in row.items()} for row in rows]
    for order, row in product(entry.ordered, rows):
        for first, second in pairwise(order.columns):
            row[second] = max(row[first], row[second], key=float)
    for ratio, row in product(entry.ratios, rows):
        row |= {ratio.of: "100", ratio.column: f"{100 * (ratio.low * ratio.high) ** 0.5:.3f}"}
    return rows


def as_csv(entry: Dataset, delimiter: str = ";", labels: bool = False, end: str = "\n") -> str:
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=delimiter, lineterminator=end)
    writer.writerow([c.aliases[0] if labels and c.aliases else c.name for c in entry.columns])
    writer.writerows(row.values() for row in rows_of(entry))
    return sink.getvalue()


def zipped(content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("export.csv", content)
    return sink.getvalue()


def as_parquet(entry: Dataset) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows_of(entry)), sink)
    return sink.getvalue()


FORMS: dict[str, Callable[[Dataset], bytes]] = {
    "labels, BOM, CRLF": lambda entry: as_csv(entry, labels=True, end="\r\n").encode("utf-8-sig"),
    "commas": lambda entry: as_csv(entry, ",").encode(),
    "latin-1": lambda entry: as_csv(entry).encode("latin-1"),
    "decimal commas": lambda entry: as_csv(entry).replace(".", ",").encode(),
    "json": lambda entry: json.dumps(rows_of(entry)).encode(),
    "json lines": lambda entry: "\n".join(json.dumps(row) for row in rows_of(entry)).encode(),
    "parquet": as_parquet,
    "gz": lambda entry: gzip.compress(as_csv(entry).encode()),
    "zip": lambda entry: zipped(as_csv(entry).encode()),
}


ONE_OF_EACH_PORTAL = {entry.portal: dataset for dataset, entry in CATALOG.items()}.values()


@pytest.mark.parametrize(
    "dataset", [pytest.param(d, marks=() if d in ONE_OF_EACH_PORTAL else pytest.mark.slow) for d in CATALOG]
)
def test_every_form_lands_the_same_rows(dataset: str, tmp_path: Path) -> None:
    entry, lake, first = CATALOG[dataset], Lake(str(tmp_path / "lake")), tmp_path / "ids.csv"
    first.write_text(as_csv(entry))
    (report,) = import_files(lake, dataset, [first], loaded_at=NOW, published_at=PUBLISHED).files
    assert (report.rows, report.new, report.left_out) == (3, 3, {})
    files = []
    for number, form in enumerate(FORMS.values()):
        files.append(tmp_path / f"form-{number}")
        files[-1].write_bytes(form(entry))
    reports = import_files(lake, dataset, files, loaded_at=NOW, published_at=PUBLISHED).files
    counts = {form: (r.new, r.replaced, r.unchanged, r.unknown) for form, r in zip(FORMS, reports, strict=True)}
    assert counts == dict.fromkeys(FORMS, (0, 0, 3, ()))
