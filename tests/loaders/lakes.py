"""Small exports, and ways to look at a lake, for the tests of this folder."""

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

LOAD = "consommation-quotidienne-brute-regionale"
TEMPERATURE = "temperature-quotidienne-regionale"
ANNUAL = "consommation-annuelle-brute-regionale"

NOW = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
OLD = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
NEW = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)

TEMPERATURE_IDS = ("id", "date", "code_insee_region", "region", "tmin", "tmax", "tmoy")
TEMPERATURE_LABELS = ("ID", "Date", "Code INSEE région", "Région", "TMin (°C)", "TMax (°C)", "TMoy (°C)")

Row = Sequence[Any]


def temperature_row(day: str = "2024-01-31", code: str = "11", tmoy: object = 5.5) -> list[Any]:
    """Return one day's temperatures in the order of the portal's columns."""
    return [f"{day}T00:00:00-{code}", day, code, "Île-de-France", -5.0, 10.0, tmoy]


def csv_text(header: Iterable[str], rows: Iterable[Row], delimiter: str = ";", newline: str = "\n") -> str:
    """Return a CSV file's text."""
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=delimiter, lineterminator=newline)
    writer.writerow(list(header))
    writer.writerows(rows)
    return sink.getvalue()


def temperature_file(folder: Path, rows: Iterable[Row], name: str = "t.csv") -> Path:
    """Write a CSV export of temperatures with field ids."""
    path = folder / name
    path.write_text(csv_text(TEMPERATURE_IDS, rows))
    return path


def json_file(folder: Path, records: object, name: str = "x.json") -> Path:
    """Write anything as JSON."""
    path = folder / name
    path.write_text(json.dumps(records, ensure_ascii=False))
    return path


def load_fields(**changes: Any) -> dict[str, Any]:
    """Return one half-hour's published fields."""
    return {
        "date_heure": "2019-01-15T00:30:00+01:00",
        "date": "2019-01-15",
        "heure": "00:30",
        "code_insee_region": "11",
        "region": "Île-de-France",
        "consommation_brute_electricite_rte": 9000,
        "statut_rte": "Définitif",
        **changes,
    }


def rows_of(lake: Path, dataset: str, columns: str = "*", order: str = "all") -> list[tuple[Any, ...]]:
    """Return a dataset's rows as models read them."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(
            f"select {columns} from read_parquet('{lake}/odre/{dataset}/**/*.parquet', union_by_name = true,"
            f" hive_partitioning = false) order by {order}"
        ).fetchall()


def tree(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder, but for the lock."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
