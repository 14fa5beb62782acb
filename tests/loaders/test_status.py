"""`dataelec status` and dbt's source freshness: ages against the publishers' rhythm, gaps, and that both agree."""

import datetime as dt
import json
import re
from pathlib import Path

import duckdb
import pytest

from loaders.catalog import CATALOG
from loaders.lake import DatasetStatus, Lake
from loaders.landing import import_files
from research.project import PROJECT, run
from tests.loaders.lakes import ANNUAL, NOW, TEMPERATURE, json_file, temperature_file, temperature_row

SOURCES = sorted((PROJECT / "models" / "staging").glob("*/_*__sources.yml"))


def status_of(lake: Lake, dataset: str, now: dt.datetime = NOW) -> DatasetStatus:
    return next(status for status in lake.status(now) if status.dataset == dataset)


def test_days_without_rows_are_counted_within_years_and_between_them(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    days = ("2022-12-30", "2024-01-01", "2024-01-04", "2024-01-05")
    import_files(lake, TEMPERATURE, [temperature_file(tmp_path, map(temperature_row, days))], loaded_at=NOW)
    assert status_of(lake, TEMPERATURE).gaps == 366 + 2
    annual = [
        {"annee": year, "code_insee_region": 11, "consommation_brute_electricite_rte": 9_000} for year in (2014, 2017)
    ]
    import_files(lake, ANNUAL, [json_file(tmp_path, annual)], loaded_at=NOW)
    assert status_of(lake, ANNUAL).gaps == 2


def test_the_missing_days_of_the_real_temperatures_are_found(real_data: Path, tmp_path: Path) -> None:
    """28 days are missing for all regions, nearly all of them month-ends."""
    lake = Lake(str(tmp_path / "lake"))
    files = sorted((real_data / "odre" / TEMPERATURE).glob(f"{TEMPERATURE}.*"))
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    import_files(lake, TEMPERATURE, files, loaded_at=now, published_at=now)
    assert status_of(lake, TEMPERATURE, now).gaps == 28
    (labelled,) = (file for file in files if file.suffix == ".csv")
    with duckdb.connect() as connection:
        rows = f"read_csv('{labelled}', delim = ';', all_varchar = true)"
        days = f"(select strptime(\"Date\", '%d/%m/%y')::date as day from {rows})"
        missing = connection.execute(f"select max(day) - min(day) + 1 - count(distinct day) from {days}").fetchall()
    assert missing == [(28,)]


@pytest.mark.parametrize(("days", "is_late"), [(61, False), (62, True)])
def test_rows_are_late_beyond_the_rhythm_of_their_publisher(days: int, is_late: bool, tmp_path: Path) -> None:
    assert CATALOG[TEMPERATURE].rhythm_days == 62
    lake = Lake(str(tmp_path / "lake"))
    import_files(lake, TEMPERATURE, [temperature_file(tmp_path, [temperature_row("2024-01-31")])], loaded_at=NOW)
    noon = dt.datetime(2024, 2, 1, 12, tzinfo=dt.UTC)
    status = status_of(lake, TEMPERATURE, noon + dt.timedelta(days=days))
    assert (status.age_days, status.is_late) == (days, is_late)


@pytest.mark.slow
def test_dbt_warns_of_the_datasets_that_status_calls_late_or_empty(tmp_path: Path) -> None:
    lake, now = Lake(str(tmp_path / "lake")), dt.datetime.now(dt.UTC)
    yesterday = str((now - dt.timedelta(days=1)).date())
    import_files(lake, TEMPERATURE, [temperature_file(tmp_path, [temperature_row(yesterday)])], loaded_at=now)
    annual = [{"annee": 2014, "code_insee_region": 11, "consommation_brute_electricite_rte": 9_000}]
    old = now - dt.timedelta(days=601)
    import_files(lake, ANNUAL, [json_file(tmp_path, annual)], loaded_at=now, published_at=old)
    fresh = run(
        *("dbt", "source", "freshness", "--target", "live"),
        *("--target-path", tmp_path / "target", "--log-path", tmp_path / "logs"),
        env={
            "DATAELEC_LAKE": lake.root,
            "DATAELEC_DATABASE": str(tmp_path / "live.duckdb"),
            "DATAELEC_HOME": str(PROJECT),
        },
    )
    assert fresh.returncode == 0, fresh.stdout
    names = dict(
        re.findall(r"- name: (\w+)\n        identifier: (\S+)", "\n".join(path.read_text() for path in SOURCES))
    )
    results = json.loads((tmp_path / "target" / "sources.json").read_text())["results"]
    said = {names[result["unique_id"].split(".")[-1]]: result["status"] for result in results}
    statuses = {status.dataset: status for status in lake.status(now)}
    assert said[TEMPERATURE] == "pass"
    assert said[ANNUAL] == "warn"
    assert statuses[ANNUAL].is_late
    for dataset, what in said.items():
        status = statuses[dataset]
        assert what == ("warn" if status.is_late or not status.rows else "pass"), dataset
