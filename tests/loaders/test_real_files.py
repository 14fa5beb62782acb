"""The real extracts land whole: every row, the right values, overlapping vintages without doubles."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from loaders.lake import Lake
from loaders.landing import FileReport, import_files
from tests.loaders.lakes import ANNUAL, LOAD, TEMPERATURE, rows_of, tree

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PUBLISHED = dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
FOUR_YEARS = "*_201[6-9].parquet"


def files_of(real_data: Path, dataset: str, pattern: str) -> list[Path]:
    return sorted((real_data / "odre" / dataset).glob(pattern))


def counts(report: FileReport) -> tuple[int, int, int, int]:
    return report.rows, report.new, report.replaced, report.unchanged


@pytest.fixture(scope="module")
def landed(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with the half-hours of four years and the yearly totals."""
    lake = Lake(str(tmp_path_factory.mktemp("landed") / "lake"))
    for dataset, pattern in ((LOAD, FOUR_YEARS), (ANNUAL, "*.csv")):
        files = files_of(real_data, dataset, pattern)
        import_files(lake, dataset, files, loaded_at=NOW, published_at=PUBLISHED)
    return lake


def test_half_hours_land_as_an_independent_reading_has_them(landed: Lake, real_data: Path) -> None:
    sums = """
        count(*), count(distinct (code_insee_region, date_heure, heure)), count(consommation_brute_electricite_rte),
        sum(consommation_brute_electricite_rte)::BIGINT, sum(consommation_brute_gaz_terega)::BIGINT,
        min(date_heure)::varchar, max(date_heure)::varchar, count(distinct statut_rte),
        count(distinct (year(date_heure), {vintage})), avg(epoch({vintage}))::BIGINT
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        rows = f"(select * replace (date_heure::TIMESTAMPTZ as date_heure) from '{real_data}/odre/{LOAD}/{FOUR_YEARS}')"
        vintage = "record_timestamp::TIMESTAMPTZ"
        published = connection.execute(f"select {sums.format(vintage=vintage)} from {rows}").fetchall()
    assert rows_of(Path(landed.root), LOAD, sums.format(vintage="_vintage_at")) == published
    assert published[0][0] == 841_536


def test_the_json_of_the_same_vintage_changes_nothing(landed: Lake, real_data: Path) -> None:
    before = tree(Path(landed.root))
    report = import_files(landed, LOAD, files_of(real_data, LOAD, "json/*.json.gz"), loaded_at=NOW)
    assert [counts(file) for file in report.files] == [(n, 0, 0, n) for n in (17_280, 17_856, 17_856)]
    assert [file.left_out for file in report.files] == [{}, {}, {}]
    assert tree(Path(landed.root)) == before


def test_json_before_parquet_gives_the_same_rows(landed: Lake, real_data: Path, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    json, parquet = files_of(real_data, LOAD, "json/2019-03*"), files_of(real_data, LOAD, "*2019.parquet")
    report = import_files(lake, LOAD, [*json, *parquet], loaded_at=NOW)
    assert [counts(file) for file in report.files] == [(17_856, 17_856, 0, 0), (210_240, 192_384, 0, 17_856)]
    year = f"odre/{LOAD}/year=2019/{LOAD}.parquet"
    with duckdb.connect() as connection:
        ours, theirs = (
            f"(select * exclude (_source_file) from '{folder}/{year}')" for folder in (landed.root, lake.root)
        )
        differing = connection.execute(f"select count(*) from ({ours} except {theirs})").fetchall()
    assert differing == [(0,)]


def test_yearly_totals_land_from_the_labelled_csv(landed: Lake) -> None:
    rows = rows_of(Path(landed.root), ANNUAL, "annee, code_insee_region, consommation_brute_electricite_rte")
    assert len(rows) == 156
    assert (2014, "11", 71_003.0) in rows
    assert {code for _, code, _ in rows} >= {"11", "94"}


def test_temperatures_of_parquet_and_labelled_csv_are_the_same(real_data: Path, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    parquet, csv = files_of(real_data, TEMPERATURE, "*.parquet"), files_of(real_data, TEMPERATURE, f"{TEMPERATURE}.csv")
    report = import_files(lake, TEMPERATURE, [*parquet, *csv], loaded_at=NOW, published_at=PUBLISHED)
    assert [counts(file) for file in report.files] == [(46_332, 46_332, 0, 0), (46_709, 377, 0, 46_332)]
    assert report.parts == tuple(map(str, range(2016, 2026)))
