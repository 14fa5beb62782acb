"""A landing killed at any step leaves the lake as it was or as it was to become, and nothing of another kind."""

import datetime as dt
import json
import multiprocessing
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import fsspec
import pytest

from dataelec.errors import DataElecError
from loaders import journal
from loaders.catalog import CATALOG
from loaders.journal import Change
from loaders.lake import Lake
from loaders.landing import import_files
from loaders.storage import Storage
from tests.loaders.lakes import NEW, NOW, OLD, TEMPERATURE, rows_of, temperature_file, temperature_row, tree

KILLED = 9
IMPORT_AND_DIE = """
import datetime as dt, os, sys
from pathlib import Path
from loaders import journal
from loaders.lake import Lake
from loaders.landing import import_files
lake, file, dataset, steps = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
seen = []
def step(name):
    seen.append(name)
    if len(seen) > steps:
        os._exit(9)
journal.step = step
at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
import_files(Lake(lake), dataset, [file], loaded_at=at, published_at=at)
print(len(seen))
"""


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "lake"))


def stage(storage: Storage, content: dict[str, bytes]) -> None:
    for path, text in content.items():
        storage.write(journal.staged_path(path), text)


def a_change() -> list[Change]:
    return [
        Change("a", journal.staged_path("a"), keep_as="old/a"),
        Change("new", journal.staged_path("new")),
        Change("gone", None),
        Change("manifest", journal.staged_path("manifest")),
    ]


BEFORE = {"a": b"a1", "gone": b"gone1", "manifest": b"m1"}
STAGED = {"a": b"a2", "new": b"new2", "manifest": b"m2"}
AFTER = {"a": b"a2", "old/a": b"a1", "new": b"new2", "manifest": b"m2"}


def begin(root: Path) -> Storage:
    storage = Storage(str(root))
    for path, content in BEFORE.items():
        storage.write(path, content)
    stage(storage, STAGED)
    return storage


def dying_after(steps: int) -> Callable[[str], None]:
    """Return a `step` that ends the process, at once and without clean-up, when it is reached once more."""
    seen: list[str] = []

    def step(name: str) -> None:
        seen.append(name)
        if len(seen) > steps:
            os._exit(KILLED)

    return step


def in_a_process(work: Callable[[], object], steps: int) -> int:
    """Run `work` in a forked process that dies after so many steps; return its exit code."""

    def run() -> None:
        journal.step = dying_after(steps)  # type: ignore[assignment]
        work()

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    return process.exitcode or 0


def content(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file() and p.name != ".lock"}


def test_a_change_killed_at_any_step_ends_as_before_or_as_after(tmp_path: Path) -> None:
    codes, ends = [], []
    for steps in range(20):
        root = tmp_path / str(steps)
        storage = begin(root)
        codes.append(in_a_process(lambda storage=storage: journal.commit(storage, a_change()), steps))  # type: ignore[misc]
        assert storage.exists("a"), "who reads meanwhile finds the old file or the new one"
        journal.recover(storage)
        ends.append(content(root))
        if codes[-1] == 0:
            break
    assert codes == [KILLED] * 8 + [0]
    assert ends == [BEFORE] + [AFTER] * 8


def test_recovery_killed_at_any_step_is_finished_by_the_next(tmp_path: Path) -> None:
    for steps in range(20):
        storage = begin(tmp_path / str(steps))
        assert in_a_process(lambda storage=storage: journal.commit(storage, a_change()), 3) == KILLED  # type: ignore[misc]
        code = in_a_process(lambda storage=storage: journal.recover(storage), steps)  # type: ignore[misc]
        journal.recover(storage)
        assert content(tmp_path / str(steps)) == AFTER
        if code == 0:
            return
    pytest.fail("the recovery never came to its end")


def test_a_bucket_killed_between_copy_and_deletion_keeps_the_old_file(storage: Storage, tmp_path: Path) -> None:
    for path, text in {**AFTER, "gone": b"gone1", "manifest": b"m1"}.items():
        storage.write(path, text)
    stage(storage, STAGED)
    storage.write(journal.INTENT, json.dumps([asdict(change) for change in a_change()]).encode())
    assert journal.recover(storage)
    assert content(tmp_path / "lake") == AFTER


def test_an_import_killed_at_any_step_ends_as_before_or_as_after(tmp_path: Path) -> None:
    def killed_import(root: Path, steps: int) -> int:
        command = [sys.executable, "-c", IMPORT_AND_DIE, str(root), str(revised), TEMPERATURE, str(steps)]
        return subprocess.run(command, check=False, cwd=Path(__file__).parents[2]).returncode

    first = temperature_file(tmp_path, [temperature_row("2023-05-01"), temperature_row("2024-05-01")], "a.csv")
    rows = [temperature_row("2023-05-01", tmoy=9), temperature_row("2024-05-01", tmoy=9), temperature_row("2022-05-01")]
    revised = temperature_file(tmp_path, rows, "b.csv")

    def lake(name: str) -> Path:
        root = tmp_path / name
        import_files(Lake(str(root)), TEMPERATURE, [first], loaded_at=NOW, published_at=OLD)
        return root

    before = tree(lake("before"))
    whole = lake("whole")
    assert killed_import(whole, 1_000) == 0
    after = tree(whole)
    seen = []
    for steps in range(0, 100, 4):
        root = lake(f"killed-{steps}")
        code = killed_import(root, steps)
        Lake(str(root)).settle()
        seen.append(tree(root))
        if code == 0:
            break
        assert code == KILLED
        assert killed_import(root, 1_000) == 0
        assert tree(root) == after
    assert {str(s) for s in seen} == {str(before), str(after)}
    assert seen == sorted(seen, key=lambda s: s == after), "once the intent is written, the change is made"


def test_making_a_lake_killed_at_any_step_is_finished_by_the_next_import(tmp_path: Path) -> None:
    file = temperature_file(tmp_path, [temperature_row()])

    def land(root: Path) -> None:
        import_files(Lake(str(root)), TEMPERATURE, [file], loaded_at=NOW, published_at=NEW)

    land(tmp_path / "whole")
    for steps in (1, 6, 12):
        root = tmp_path / str(steps)
        command = [sys.executable, "-c", IMPORT_AND_DIE, str(root), str(file), TEMPERATURE, str(steps)]
        subprocess.run(command, check=False, cwd=Path(__file__).parents[2])
        land(root)
        found = rows_of(root, TEMPERATURE, "date::varchar, tmoy")
        assert found == rows_of(tmp_path / "whole", TEMPERATURE, "date::varchar, tmoy")
        assert set(tree(root)) == set(tree(tmp_path / "whole"))


def test_what_was_staged_without_an_intent_is_cleared(storage: Storage, tmp_path: Path) -> None:
    stage(storage, {"a": b"half"})
    assert Lake(storage.root).settle() is False
    assert content(tmp_path / "lake") == {}


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    file = temperature_file(tmp_path, [temperature_row()])
    lake = Lake(str(tmp_path / "lake"))
    with Lake(lake.root).writing(), pytest.raises(DataElecError, match="Another `dataelec` command is writing"):
        import_files(lake, TEMPERATURE, [file], loaded_at=NOW)
    import_files(lake, TEMPERATURE, [file], loaded_at=NOW)


def test_looking_at_a_lake_leaves_a_writers_work_alone(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    with lake.writing():
        stage(lake.storage, {"a": b"at work"})
        assert Lake(lake.root).settle() is False
        assert lake.storage.read(journal.staged_path("a")) == b"at work"


def test_a_catalog_that_grew_furnishes_a_lake_made_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = temperature_file(tmp_path, [temperature_row()])
    lake = Lake(str(tmp_path / "lake"))
    with monkeypatch.context() as earlier:
        for dataset in [dataset for dataset in CATALOG if dataset != TEMPERATURE]:
            earlier.delitem(CATALOG, dataset)
        import_files(lake, TEMPERATURE, [file], loaded_at=NOW, published_at=NEW)
    import_files(lake, TEMPERATURE, [file], loaded_at=NOW, published_at=NEW)
    assert {s.dataset for s in lake.status(NOW) if s.rows} == {TEMPERATURE}
    assert all(lake.storage.exists(f"{dataset.folder}/empty.parquet") for dataset in CATALOG.values())


@pytest.fixture
def bucket() -> Iterator[Lake]:
    """A lake without renames and folders: fsspec's memory stands in for a bucket."""
    root = f"memory://bucket-{uuid.uuid4()}/prefix"
    yield Lake(root)
    fsspec.filesystem("memory").rm(root.split("/prefix")[0].removeprefix("memory:/"), recursive=True)


def test_a_bucket_holds_what_a_folder_holds(bucket: Lake, tmp_path: Path) -> None:
    folder = Lake(str(tmp_path / "lake"))
    for tmoy, vintage in ((1, OLD), (2, NEW)):
        file = temperature_file(tmp_path, [temperature_row(tmoy=tmoy)])
        for lake in (bucket, folder):
            import_files(lake, TEMPERATURE, [file], loaded_at=NOW, published_at=vintage)
    assert bucket.status(NOW) == folder.status(NOW)
    for path in tree(Path(folder.root)):
        assert bucket.storage.read(path) == folder.storage.read(path)
    assert not bucket.storage.exists("_staging")
    assert not bucket.storage.exists(".lock")


def test_a_bucket_has_one_writer_at_a_time(bucket: Lake, tmp_path: Path) -> None:
    file = temperature_file(tmp_path, [temperature_row()])
    with Lake(bucket.root).writing(), pytest.raises(DataElecError, match="is held for writing by"):
        import_files(bucket, TEMPERATURE, [file], loaded_at=dt.datetime.now(dt.UTC))
