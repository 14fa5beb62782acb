"""Earlier states: listed, compared, restored exactly, pruned by rule; and what was known at a moment."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from dataelec.errors import DataElecError
from loaders.catalog import CATALOG
from loaders.lake import Lake, RowsMoved
from loaders.landing import import_files
from loaders.pinning import pin
from loaders.verification import verify
from loaders.vintages import instant, last_refresh, prune, restore, since
from tests.loaders.lakes import (
    ANNUAL,
    NEW,
    NOW,
    OLD,
    TEMPERATURE,
    TEMPERATURE_IDS,
    csv_text,
    temperature_file,
    temperature_row,
    tree,
)

DATASET = CATALOG[TEMPERATURE]
BETWEEN = dt.datetime(2024, 7, 1, tzinfo=dt.UTC)
NEWEST = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
PATH = f"odre/{TEMPERATURE}/year=2024/{TEMPERATURE}.parquet"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def land(lake: Lake, folder: Path, vintage: dt.datetime, **tmoy: float) -> None:
    """Land days of 2024, written `d0131`, with their mean temperature."""
    rows = [temperature_row(f"2024-{day[1:3]}-{day[3:]}", tmoy=value) for day, value in tmoy.items()]
    file = temperature_file(folder, rows)
    import_files(lake, TEMPERATURE, [file], loaded_at=NOW, published_at=vintage)


def ids(lake: Lake) -> list[str]:
    return [vintage.vintage_id for vintage in lake.vintages(DATASET)]


def known(lake: Lake, folder: Path, moment: dt.datetime | None) -> list[tuple[str, float]]:
    """Return days and temperatures as a build reads them that begins now, as of a moment."""
    pin(lake, folder / "copy", moment)
    with duckdb.connect() as connection:
        return connection.execute(
            f"select date::varchar, tmoy from read_parquet('{folder}/copy/odre/{TEMPERATURE}/**/*.parquet',"
            " union_by_name = true, hive_partitioning = false) order by all"
        ).fetchall()


def manifest(folder: Path) -> int:
    """Return how many rows the reading copy's manifest says there are."""
    return sum(record["rows"] for record in json.loads((folder / f"copy/_manifest/{TEMPERATURE}.json").read_text()))


def test_what_was_known_then_is_neither_doubled_nor_lost(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, OLD, d0130=1, d0131=2)
    land(lake, tmp_path, NEW, d0131=9, d0201=3)
    land(lake, tmp_path, NEWEST, d0202=4)
    first = [("2024-01-30", 1.0), ("2024-01-31", 2.0)]
    second = [("2024-01-30", 1.0), ("2024-01-31", 9.0), ("2024-02-01", 3.0)]
    for moment, expected in ((BETWEEN, first), (NEW, second), (NEWEST, [*second, ("2024-02-02", 4.0)])):
        assert known(lake, tmp_path, moment) == expected
        assert manifest(tmp_path) == len(expected)
    assert known(lake, tmp_path, None) == [*second, ("2024-02-02", 4.0)]
    with pytest.raises(DataElecError, match="no row that was published by 2023-12-31"):
        known(lake, tmp_path, instant("2023-12-31"))


def test_a_row_republished_early_among_later_ones_keeps_its_value_until_then(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, OLD, d0130=1, d0131=2)
    rows = [[*temperature_row(f"2024-01-{day}", tmoy=9), at] for day, at in ((30, NEW), (31, NEWEST))]
    ids_ = ("id", "date", "code_insee_region", "region", "tmin", "tmax", "tmoy", "record_timestamp")
    file = tmp_path / "mixed.csv"
    file.write_text(csv_text(ids_, [[*row[:-1], row[-1].isoformat()] for row in rows]))
    import_files(lake, TEMPERATURE, [file], loaded_at=NOW)
    assert known(lake, tmp_path, BETWEEN) == [("2024-01-30", 1.0), ("2024-01-31", 2.0)]
    assert known(lake, tmp_path, NEW) == [("2024-01-30", 9.0), ("2024-01-31", 2.0)]
    assert known(lake, tmp_path, NEWEST) == [("2024-01-30", 9.0), ("2024-01-31", 9.0)]


def test_what_a_revision_moved_is_said_by_month_and_column(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, OLD, d0130=1, d0131=2, d0215=5)
    land(lake, tmp_path, NEW, d0130=4, d0131=1, d0301=7)
    moved = (
        RowsMoved("2024-01-01", "changed", "tmoy", 2, 3.0, 5.0, 3.0),
        RowsMoved("2024-03-01", "added", "", 1, None, None, None),
    )
    (recorded,) = last_refresh(lake, DATASET)
    assert (recorded.path, recorded.moved) == (PATH, moved)
    (compared,) = since(lake, DATASET, BETWEEN)
    assert compared.moved == moved
    assert since(lake, DATASET, NEW) == []


def test_restoring_brings_the_earlier_bytes_back_and_is_undone_the_same_way(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, OLD, d0131=2)
    before = tree(Path(lake.root))[PATH]
    land(lake, tmp_path, NEW, d0131=9)
    after = tree(Path(lake.root))[PATH]
    restore(lake, DATASET, ids(lake)[0], NOW)
    assert tree(Path(lake.root))[PATH] == before
    assert verify(lake).is_sound
    # What was taken back was no good: nobody who looks back meets it either.
    assert known(lake, tmp_path, None) == known(lake, tmp_path, NEWEST) == [("2024-01-31", 2.0)]
    with pytest.raises(DataElecError, match="is in that state already"):
        restore(lake, DATASET, before[:12], NOW)
    restore(lake, DATASET, after[:12], NOW)
    assert tree(Path(lake.root))[PATH] == after
    assert known(lake, tmp_path, BETWEEN) == [("2024-01-31", 2.0)]
    assert known(lake, tmp_path, NEWEST) == [("2024-01-31", 9.0)]


def test_pruning_keeps_the_newest_and_says_what_can_no_longer_be_known(lake: Lake, tmp_path: Path) -> None:
    for vintage, tmoy in ((OLD, 1), (BETWEEN, 2), (NEW, 3)):
        land(lake, tmp_path, vintage, d0131=tmoy)
    rehearsed = prune(lake, [DATASET], keep=1, replaced_before=NOW + dt.timedelta(1), is_rehearsal=True)
    assert len(list(Path(lake.root).glob("_superseded/**/*.parquet"))) == 2
    assert prune(lake, [DATASET], keep=1, replaced_before=NOW + dt.timedelta(1)) == rehearsed
    assert [vintage.kept_as is None for vintage in lake.vintages(DATASET)] == [True, False]
    assert len(list(Path(lake.root).glob("_superseded/**/*.parquet"))) == 1
    assert known(lake, tmp_path, BETWEEN) == [("2024-01-31", 2.0)]
    with pytest.raises(DataElecError, match="was pruned"):
        known(lake, tmp_path, OLD)
    with pytest.raises(DataElecError, match="was pruned"):
        restore(lake, DATASET, ids(lake)[0], NOW)
    assert prune(lake, [DATASET], keep=0, replaced_before=NOW) == [], "what was replaced since then stays"
    assert verify(lake).is_sound


def test_an_altered_file_is_not_merged_with_new_rows(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, OLD, d0131=2)
    altered = Path(lake.root) / PATH
    altered.write_bytes(altered.read_bytes() + b"x")
    before = tree(Path(lake.root))
    with pytest.raises(DataElecError, match=f"{PATH} is not as it was landed"):
        land(lake, tmp_path, NEW, d0201=9)
    assert tree(Path(lake.root)) == before
    with pytest.raises(DataElecError, match=f"{PATH} is missing or not as it was landed"):
        known(lake, tmp_path, None)


def test_an_altered_file_is_replaced_by_an_earlier_state_and_not_kept(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, OLD, d0131=2)
    before = tree(Path(lake.root))[PATH]
    land(lake, tmp_path, NEW, d0131=9)
    (Path(lake.root) / PATH).write_bytes(b"altered")
    restore(lake, DATASET, before[:12], NOW)
    assert tree(Path(lake.root))[PATH] == before
    assert verify(lake).is_sound
    assert len(ids(lake)) == 1


def test_a_lake_landed_before_there_were_histories_opens(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, OLD, d0131=2)
    land(lake, tmp_path, NEW, d0131=9)
    (vintage,) = lake.vintages(DATASET)
    (Path(lake.root) / f"_vintages/{TEMPERATURE}.json").unlink()
    beside = (Path(lake.root) / str(vintage.kept_as)).with_suffix(".json")
    beside.write_text(json.dumps(asdict(vintage.record)))
    (found,) = lake.vintages(DATASET)
    assert (found.record, found.kept_as, found.replaced_by_vintage) == (
        vintage.record,
        vintage.kept_as,
        NEW.isoformat(),
    )
    assert known(lake, tmp_path, BETWEEN) == [("2024-01-31", 2.0)]
    land(lake, tmp_path, NEWEST, d0131=10)
    assert [v.replaced_by_vintage for v in lake.vintages(DATASET)] == [NEW.isoformat(), NEWEST.isoformat()]
    assert prune(lake, [DATASET], keep=1, replaced_before=NOW + dt.timedelta(1))
    assert not beside.exists()


def test_a_folder_may_be_named_as_it_likes(tmp_path: Path) -> None:
    """An apostrophe ends no text of a query, a bracket is no pattern that another lake fits."""
    lake, other = Lake(str(tmp_path / "l'\u00e9t\u00e9 [ab]*")), Lake(str(tmp_path / "l'\u00e9t\u00e9 a"))
    land(other, tmp_path, OLD, d0131=7)
    land(lake, tmp_path, OLD, d0130=1, d0131=2)
    mixed = [[*temperature_row(f"2024-01-{day}", tmoy=9), at.isoformat()] for day, at in ((30, NEW), (31, NEWEST))]
    file = tmp_path / "[it's] mixed.csv"
    file.write_text(csv_text((*TEMPERATURE_IDS, "record_timestamp"), mixed))
    import_files(lake, TEMPERATURE, [file], loaded_at=NOW)
    assert known(lake, tmp_path, NEW) == [("2024-01-30", 9.0), ("2024-01-31", 2.0)]
    (recorded,), (compared,) = last_refresh(lake, DATASET), since(lake, DATASET, BETWEEN)
    assert recorded.moved == compared.moved == (RowsMoved("2024-01-01", "changed", "tmoy", 2, 3.0, 18.0, 8.0),)
    restore(lake, DATASET, ids(lake)[0], NOW)
    assert known(lake, tmp_path, None) == [("2024-01-30", 1.0), ("2024-01-31", 2.0)]
    assert verify(lake).is_sound


def test_years_are_compared_where_a_year_is_all_that_dates_rows(lake: Lake, tmp_path: Path) -> None:
    header = ("annee", "code_insee_region", "consommation_brute_electricite_rte")
    for vintage, value in ((OLD, 70_000.0), (NEW, 71_000.0)):
        file = tmp_path / "annual.csv"
        file.write_text(csv_text(header, [[2020, "11", value]]))
        import_files(lake, ANNUAL, [file], loaded_at=NOW, published_at=vintage)
    (difference,) = last_refresh(lake, CATALOG[ANNUAL])
    (moved,) = difference.moved
    assert (moved.month, moved.before, moved.after) == ("2020-01-01", 70_000.0, 71_000.0)
