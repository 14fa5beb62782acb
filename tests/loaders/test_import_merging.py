"""Overlapping imports: nothing doubled, later vintages win, what says the same changes no byte."""

import datetime as dt
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataelec.errors import DataElecError
from loaders.catalog import CATALOG
from loaders.lake import Lake, RowsMoved
from loaders.landing import OLDER, REPEATED, FileReport, ImportReport, import_files, land_tables
from tests.loaders.lakes import (
    ANNUAL,
    LOAD,
    NEW,
    NOW,
    OLD,
    TEMPERATURE,
    json_file,
    load_fields,
    rows_of,
    temperature_file,
    temperature_row,
    tree,
)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def land(lake: Lake, *files: Path, dataset: str = TEMPERATURE, at: dt.datetime = NEW) -> ImportReport:
    return import_files(lake, dataset, files, loaded_at=NOW, published_at=at)


def counts(file: FileReport) -> tuple[int, int, int, int]:
    return file.rows, file.new, file.replaced, file.unchanged


def tmoy(lake: Lake) -> list[tuple[str, float]]:
    return rows_of(Path(lake.root), TEMPERATURE, "date::varchar, tmoy")


def test_importing_again_changes_no_byte(lake: Lake, tmp_path: Path) -> None:
    file = temperature_file(tmp_path, [temperature_row(tmoy="")])
    land(lake, file)
    before = tree(Path(lake.root))
    report = import_files(lake, TEMPERATURE, [file], loaded_at=NOW + dt.timedelta(days=1), published_at=NOW)
    assert not report.is_changed
    assert counts(report.files[0]) == (1, 0, 0, 1)
    assert tree(Path(lake.root)) == before


def test_a_later_vintage_replaces_and_the_old_file_is_kept(lake: Lake, tmp_path: Path) -> None:
    land(lake, temperature_file(tmp_path, [temperature_row("2023-05-01"), temperature_row("2024-05-01")]), at=OLD)
    first = tree(Path(lake.root))
    revised = temperature_file(tmp_path, [temperature_row("2024-05-01", tmoy=9), temperature_row("2024-05-02")])
    report = land(lake, revised, at=NEW)
    assert (counts(report.files[0]), report.parts) == ((2, 1, 1, 0), ("2024",))
    assert tmoy(lake) == [("2023-05-01", 5.5), ("2024-05-01", 9.0), ("2024-05-02", 5.5)]
    after = tree(Path(lake.root))
    old_path = f"odre/{TEMPERATURE}/year=2024/{TEMPERATURE}.parquet"
    untouched = f"odre/{TEMPERATURE}/year=2023/{TEMPERATURE}.parquet"
    kept = f"_superseded/odre/{TEMPERATURE}/year=2024/{TEMPERATURE}.{first[old_path][:12]}"
    assert after[untouched] == first[untouched]
    assert after[f"{kept}.parquet"] == first[old_path]
    (vintage,) = lake.vintages(CATALOG[TEMPERATURE])
    assert (vintage.record.sha256, vintage.kept_as) == (first[old_path], f"{kept}.parquet")
    assert (vintage.replaced_at, vintage.replaced_by_vintage) == (NOW.isoformat(), NEW.isoformat())
    assert vintage.moved == (
        RowsMoved("2024-05-01", "added", "", 1, None, None, None),
        RowsMoved("2024-05-01", "changed", "tmoy", 1, 5.5, 9.0, 3.5),
    )


def test_rows_that_are_only_added_keep_no_old_file(lake: Lake, tmp_path: Path) -> None:
    land(lake, temperature_file(tmp_path, [temperature_row("2024-05-01")]))
    land(lake, temperature_file(tmp_path, [temperature_row("2024-05-02")]))
    assert not (Path(lake.root) / "_superseded").exists()
    assert len(tmoy(lake)) == 2


@pytest.mark.parametrize("second_vintage", [OLD, NEW])
def test_an_equal_or_earlier_vintage_does_not_replace_and_is_reported(
    lake: Lake, tmp_path: Path, second_vintage: dt.datetime
) -> None:
    land(lake, temperature_file(tmp_path, [temperature_row(tmoy=1)]), at=NEW)
    report = land(lake, temperature_file(tmp_path, [temperature_row(tmoy=2)]), at=second_vintage)
    assert (counts(report.files[0]), report.files[0].left_out) == ((1, 0, 0, 0), {OLDER: 1})
    assert tmoy(lake) == [("2024-01-31", 1.0)]


def test_the_order_of_imports_of_two_vintages_does_not_matter(tmp_path: Path) -> None:
    def result(name: str, values: list[tuple[int, dt.datetime]]) -> list[tuple[str, float]]:
        lake = Lake(str(tmp_path / name))
        for value, vintage in values:
            land(lake, temperature_file(tmp_path, [temperature_row(tmoy=value)]), at=vintage)
        return tmoy(lake)

    assert result("a", [(1, OLD), (2, NEW)]) == result("b", [(2, NEW), (1, OLD)]) == [("2024-01-31", 2.0)]


def test_files_in_one_import_merge_like_imports_one_after_the_other(tmp_path: Path) -> None:
    first = temperature_file(tmp_path, [temperature_row("2024-01-30"), temperature_row(tmoy=1)], "a.csv")
    second = temperature_file(tmp_path, [temperature_row(tmoy=1), temperature_row("2024-02-01")], "b.csv")
    together, apart = Lake(str(tmp_path / "together")), Lake(str(tmp_path / "apart"))
    report = land(together, first, second)
    land(apart, first)
    land(apart, second)
    assert [counts(file) for file in report.files] == [(2, 2, 0, 0), (2, 1, 0, 1)]
    assert rows_of(Path(together.root), TEMPERATURE) == rows_of(Path(apart.root), TEMPERATURE)


def test_a_key_that_stands_twice_in_a_file_counts_once(lake: Lake, tmp_path: Path) -> None:
    report = land(lake, temperature_file(tmp_path, [temperature_row(tmoy=1), temperature_row(tmoy=2)]))
    assert (counts(report.files[0]), report.files[0].left_out) == ((2, 1, 0, 0), {REPEATED: 1})
    assert tmoy(lake) == [("2024-01-31", 1.0)]


def test_rows_without_a_key_are_left_out_and_counted(lake: Lake, tmp_path: Path) -> None:
    report = land(lake, temperature_file(tmp_path, [temperature_row(), temperature_row(code="")]))
    assert report.files[0].left_out == {"no value in `code_insee_region`": 1}
    assert len(tmoy(lake)) == 1


def test_a_file_replaces_only_the_columns_that_it_carries(lake: Lake, tmp_path: Path) -> None:
    land(lake, json_file(tmp_path, [load_fields(flag_ignore="non")]), dataset=LOAD, at=OLD)
    revised = json_file(tmp_path, [load_fields(consommation_brute_electricite_rte=9001)])
    report = land(lake, revised, dataset=LOAD, at=NEW)
    assert counts(report.files[0]) == (1, 0, 1, 0)
    columns = "consommation_brute_electricite_rte, flag_ignore"
    assert rows_of(Path(lake.root), LOAD, columns) == [(9001.0, "non")]


def test_vintage_is_the_records_own_then_the_one_given_then_the_files_time(lake: Lake, tmp_path: Path) -> None:
    own = {"datasetid": LOAD, "recordid": "a", "record_timestamp": "2019-09-19T22:26:19.584+02:00"}
    v1 = json_file(tmp_path, [{**own, "fields": load_fields()}], "v1.json")
    later = json_file(tmp_path, [load_fields(date_heure="2019-01-15T01:00:00+01:00", heure="01:00")], "flat.json")
    os.utime(later, (NEW.timestamp(), NEW.timestamp()))
    import_files(lake, LOAD, [v1], loaded_at=NOW, published_at=OLD)
    import_files(lake, LOAD, [later], loaded_at=NOW)
    assert rows_of(Path(lake.root), LOAD, "_source_file, _vintage_at::varchar", "1 desc") == [
        ("v1.json", "2019-09-19 20:26:19.584+00"),
        ("flat.json", "2025-01-01 00:00:00+00"),
    ]


def test_years_are_utc_and_half_open(lake: Lake, tmp_path: Path) -> None:
    new_year = load_fields(date_heure="2020-01-01T00:00:00+01:00", heure="00:00")
    an_hour_later = load_fields(date_heure="2020-01-01T01:00:00+01:00", heure="01:00")
    land(lake, json_file(tmp_path, [new_year, an_hour_later]), dataset=LOAD)
    rows = {
        year: pq.read_table(Path(lake.root) / f"odre/{LOAD}/year={year}/{LOAD}.parquet")["heure"].to_pylist()
        for year in (2019, 2020)
    }
    assert rows == {2019: ["00:00"], 2020: ["01:00"]}


def test_a_dataset_by_calendar_year_lies_in_one_file(lake: Lake, tmp_path: Path) -> None:
    record = {"annee": "2014", "code_insee_region": 11, "region": "X", "consommation_brute_electricite_rte": 71003}
    land(lake, json_file(tmp_path, [record]), dataset=ANNUAL)
    land(lake, json_file(tmp_path, [{**record, "annee": 2015}]), dataset=ANNUAL)
    assert rows_of(Path(lake.root), ANNUAL, "annee, code_insee_region") == [(2014, "11"), (2015, "11")]
    assert {s.dataset: (s.files, s.first_day, s.last_day) for s in lake.status(NOW)}[ANNUAL] == (
        1,
        "2014-01-01",
        "2015-12-31",
    )


def test_manifest_says_what_the_files_are(lake: Lake, tmp_path: Path) -> None:
    land(lake, temperature_file(tmp_path, [temperature_row("2024-01-31"), temperature_row("2024-03-01")]))
    records = json.loads((Path(lake.root) / f"_manifest/{TEMPERATURE}.json").read_text())
    files = tree(Path(lake.root))
    assert {r["path"]: r["sha256"] for r in records} == {p: h for p, h in files.items() if f"odre/{TEMPERATURE}" in p}
    held = next(r for r in records if r["rows"])
    expected = {
        "rows": 2,
        "first_day": "2024-01-31",
        "last_day": "2024-03-01",
        "source_files": ["t.csv"],
        "fetched_at": NOW.isoformat(),
        "vintage_to": NEW.isoformat(),
        "is_simulated": False,
        "url": None,
    }
    assert {key: held[key] for key in expected} == expected


def test_every_dataset_has_an_empty_file_of_the_landed_types(lake: Lake, tmp_path: Path) -> None:
    land(lake, temperature_file(tmp_path, [temperature_row()]))
    folder = Path(lake.root) / "odre" / TEMPERATURE
    empty, landed = pq.read_table(folder / "empty.parquet"), pq.read_table(folder / f"year=2024/{TEMPERATURE}.parquet")
    assert empty.num_rows == 0
    assert [(f.name, f.type) for f in empty.schema] == [(f.name, f.type) for f in landed.schema]
    assert rows_of(Path(lake.root), LOAD) == rows_of(Path(lake.root), ANNUAL) == []


def simulated(value: float, years: tuple[int, ...] = (2023, 2024)) -> dict[str, pa.Table]:
    rows = [dict(zip(("date", "code_insee_region"), (dt.date(y, 5, 1), 11), strict=True)) for y in years]
    return {TEMPERATURE: pa.Table.from_pylist([{**row, "tmin": 1.0, "tmax": 9.0, "tmoy": value} for row in rows])}


def land_simulated(lake: Lake, tables: dict[str, pa.Table]) -> None:
    land_tables(lake, tables, is_simulated=True, loaded_at=NOW, vintage_at=OLD)


def test_tables_land_the_same_bytes_and_replace_what_was_there(tmp_path: Path) -> None:
    once, again = Lake(str(tmp_path / "once")), Lake(str(tmp_path / "again"))
    land_simulated(once, simulated(2.0))
    land_simulated(again, simulated(1.0, (2020, 2023)))
    land_simulated(again, simulated(2.0))
    assert tree(Path(once.root)) == tree(Path(again.root))
    assert rows_of(Path(once.root), TEMPERATURE, "code_insee_region, tmoy, _is_simulated") == [("11", 2.0, True)] * 2


def test_a_lake_is_real_or_simulated(tmp_path: Path) -> None:
    real, sample = Lake(str(tmp_path / "real")), Lake(str(tmp_path / "sample"))
    file = temperature_file(tmp_path, [temperature_row()])
    land(real, file)
    land_simulated(sample, simulated(1.0))
    before = tree(tmp_path)
    with pytest.raises(DataElecError, match="holds simulated rows"):
        land(sample, file)
    with pytest.raises(DataElecError, match="holds real rows"):
        land_simulated(real, simulated(1.0))
    assert tree(tmp_path) == before
