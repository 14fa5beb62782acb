"""A build's reading copy: of one moment, whatever lands meanwhile, and nothing that the manifest does not list."""

import datetime as dt
import os
import threading
import time
from pathlib import Path

import duckdb
import pytest

from dataelec.errors import DataElecError
from loaders import journal
from loaders.lake import Lake
from loaders.landing import import_files
from loaders.pinning import pin
from tests.loaders.lakes import (
    LOAD,
    NOW,
    OLD,
    TEMPERATURE,
    json_file,
    load_fields,
    temperature_file,
    temperature_row,
    tree,
)

PATH = f"odre/{TEMPERATURE}/year=2024/{TEMPERATURE}.parquet"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path / "l'été [ab]"))
    land(lake, tmp_path, 1)
    return lake


def land(lake: Lake, folder: Path, tmoy: float, vintage: dt.datetime = OLD, *days: str) -> None:
    rows = [temperature_row(day, tmoy=tmoy) for day in (days or ("2023-01-31", "2024-01-31"))]
    file = temperature_file(folder, rows, f"{tmoy}.csv")
    import_files(lake, TEMPERATURE, [file], loaded_at=NOW, published_at=vintage)


def read(copy: Path) -> set[float]:
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select tmoy from read_parquet('{copy}/odre/{TEMPERATURE}/**/*.parquet', hive_partitioning = false,"
            " union_by_name = true)"
        ).fetchall()
    return {row[0] for row in rows}


def test_what_lands_after_the_beginning_waits_for_the_next_build(lake: Lake, tmp_path: Path) -> None:
    copy = tmp_path / "x.duckdb.lake"
    pin(lake, copy)
    before = tree(copy)
    land(lake, tmp_path, 2, NOW)
    assert tree(copy) == before
    assert read(copy) == {1.0}
    pinned = pin(lake, copy)
    assert (read(copy), pinned.fetched) == ({2.0}, 2)
    assert pin(lake, copy).fetched == 0


def test_a_folder_is_linked_and_takes_no_room_twice(lake: Lake, tmp_path: Path) -> None:
    pin(lake, tmp_path / "copy")
    assert (tmp_path / "copy" / PATH).samefile(Path(lake.root) / PATH)


def test_where_no_link_can_be_made_files_are_copied_and_hashed(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    pin(lake, tmp_path / "copy")
    assert not (tmp_path / "copy" / PATH).samefile(Path(lake.root) / PATH)
    content = bytearray((Path(lake.root) / PATH).read_bytes())
    content[-20] ^= 1
    (Path(lake.root) / PATH).write_bytes(content)
    with pytest.raises(DataElecError, match=f"{PATH} is missing or not as it was landed"):
        pin(lake, tmp_path / "other")


def test_files_that_nobody_landed_are_not_read(lake: Lake, tmp_path: Path) -> None:
    foreign = Path(lake.root) / f"odre/{TEMPERATURE}/year=2030/foreign.parquet"
    foreign.parent.mkdir()
    foreign.write_bytes((Path(lake.root) / PATH).read_bytes())
    pin(lake, tmp_path / "copy")
    assert not (tmp_path / "copy" / f"odre/{TEMPERATURE}/year=2030").exists()


def test_a_landing_at_any_step_is_read_whole_or_not_at_all(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone pins at each step of a landing, first as an onlooker who will not wait."""
    seen: list[tuple[str, set[float] | None]] = []

    def look(name: str) -> None:
        copy = tmp_path / f"copy-{len(seen)}"
        try:
            pin(Lake(lake.root), copy, wait=0)
        except DataElecError as problem:
            seen.append((name, None if "is being written" in str(problem) else {0.0}))
        else:
            seen.append((name, read(copy)))

    monkeypatch.setattr(journal, "step", look)
    land(lake, tmp_path, 2, NOW)
    states = [state for _, state in seen]
    assert {str(state) for state in states} == {"{1.0}", "None", "{2.0}"}
    assert states == sorted(states, key=lambda state: (state != {1.0}, state is not None)), seen


def test_a_build_that_meets_a_commit_waits_for_its_end(lake: Lake, tmp_path: Path) -> None:
    with lake.storage.lock():
        lake.storage.write(journal.INTENT, b"[]")
        waiting = threading.Thread(target=pin, args=(Lake(lake.root), tmp_path / "copy"))
        waiting.start()
        time.sleep(0.3)
        assert waiting.is_alive()
        lake.storage.delete_folder(journal.STAGING)
        waiting.join(timeout=20)
    assert read(tmp_path / "copy") == {1.0}


def test_an_interrupted_landing_is_finished_before_it_is_read(lake: Lake, tmp_path: Path) -> None:
    rows = [load_fields()]
    import_files(lake, LOAD, [json_file(tmp_path, rows)], loaded_at=NOW, published_at=OLD)
    lake.storage.write(journal.staged_path("left-over"), b"x")
    pin(lake, tmp_path / "copy")
    assert not lake.storage.exists(journal.STAGING)


def test_no_lake_leaves_nothing_of_another_to_read(lake: Lake, tmp_path: Path) -> None:
    pin(lake, tmp_path / "copy")
    pin(Lake(str(tmp_path / "none")), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
