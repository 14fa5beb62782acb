"""Each verb interrupted at each step: readers find the old state or the new one, and a rerun ends as if undisturbed.

The interruption is an exception that nothing catches: no code here undoes anything, so that the files are those that a
kill leaves, without a process for each step. `make stress` kills real processes at random moments.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pytest

import tests.loaders.portal_stand_in as stand_in
from dataelec.errors import DataElecError
from dataelec.settings import Settings
from loaders import journal
from loaders.catalog import CATALOG
from loaders.copying import copy_lake
from loaders.http import Limits
from loaders.lake import Lake
from loaders.landing import import_files
from loaders.loading import load
from loaders.pinning import pin
from loaders.vintages import prune, restore
from tests.loaders.bucket_stand_in import Bucket, serving
from tests.loaders.lakes import NEW, NOW, OLD, TEMPERATURE, temperature_file, temperature_row, tree
from tests.loaders.portal_stand_in import Published

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def one_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalog is one dataset, so that a lake is few files."""
    for dataset_id in [dataset_id for dataset_id in CATALOG if dataset_id != TEMPERATURE]:
        monkeypatch.delitem(CATALOG, dataset_id)


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Folder:
    """A lake in a folder, set back to an earlier content at will."""

    folder: Path

    @property
    def root(self) -> str:
        return str(self.folder / "lake")

    def content(self) -> dict[str, Any]:
        return tree(Path(self.root)) if Path(self.root).exists() else {}

    def save(self) -> None:
        shutil.copytree(self.root, self.folder / "saved")

    def reset(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        if (self.folder / "saved").exists():
            shutil.copytree(self.folder / "saved", self.root)


@dataclass
class InBucket:
    """A lake in a bucket, set back to an earlier content at will."""

    bucket: Bucket
    saved: dict[str, tuple[int, bytes]]
    root: str = "gs://lakes/live"

    def content(self) -> dict[str, Any]:
        return {name: content for name, (_, content) in self.bucket.objects.items()}

    def save(self) -> None:
        self.saved = dict(self.bucket.objects)

    def reset(self) -> None:
        self.bucket.objects = dict(self.saved)


Place = Folder | InBucket


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    if request.param == "folder":
        yield Folder(tmp_path)
        return
    with serving() as bucket:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", bucket.url)
        monkeypatch.setenv("NO_GCE_CHECK", "true")
        fsspec.get_filesystem_class("gs").clear_instance_cache()
        yield InBucket(bucket, {})
        fsspec.get_filesystem_class("gs").clear_instance_cache()


def import_(root: str, folder: Path, vintage: dt.datetime, tmoy: float, *days: str) -> None:
    file = temperature_file(folder, [temperature_row(day, tmoy=tmoy) for day in days], f"{tmoy}.csv")
    import_files(Lake(root), TEMPERATURE, [file], loaded_at=NOW, published_at=vintage)


def two_vintages(place: Place, folder: Path) -> None:
    import_(place.root, folder, OLD, 1, "2023-05-01", "2024-05-01")
    import_(place.root, folder, NEW, 2, "2023-05-01", "2024-05-01")
    place.save()


def interrupted_everywhere(place: Place, folder: Path, work: Callable[[], object]) -> int:
    """Interrupt `work` at each of its steps in turn, look, and do it again; return how many steps there were."""
    before = pinned(place, folder)
    steps = counted(work)
    after, done = place.content(), pinned(place, folder)
    assert done != before, "the work changes what is read"
    for fatal in range(steps):
        place.reset()
        with stopping_at(fatal), pytest.raises(Killed):
            work()
        assert pinned(place, folder) in (before, done), f"step {fatal}"
        # What whoever looked meanwhile has finished is refused as done.
        with suppress(_Done):
            work()
        assert place.content() == after, f"step {fatal}"
    return steps


def pinned(place: Place, folder: Path) -> dict[str, str]:
    """Return what a build reads; nothing where there is not a lake yet."""
    copy = folder / "copy"
    pin(Lake(place.root), copy, wait=0)
    return tree(copy) if copy.exists() else {}


def counted(work: Callable[[], object]) -> int:
    seen: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "step", seen.append)
        work()
    return len(seen)


@contextmanager
def stopping_at(fatal: int) -> Iterator[None]:
    """In this block the step of this number, and every later one, ends the process."""
    seen: list[str] = []

    def step(name: str) -> None:
        seen.append(name)
        if len(seen) > fatal:
            raise Killed(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "step", step)
        yield


class _Done(DataElecError):
    """The work was done already."""


def test_an_import(place: Place, tmp_path: Path) -> None:
    two_vintages(place, tmp_path)
    days = ("2022-05-01", "2023-05-01", "2024-05-01")
    assert interrupted_everywhere(place, tmp_path, lambda: import_(place.root, tmp_path, NOW, 3, *days)) > 10


def test_a_load(place: Place, tmp_path: Path) -> None:
    def rows(tmoy: float) -> pa.Table:
        names = {"id": ["a"], "date": [dt.date(2017, 1, 1)], "code_insee_region": [11], "region": ["x"]}
        return pa.table({**names, "tmin": [1.0], "tmax": [10.0], "tmoy": [tmoy]})

    def work() -> None:
        settings = Settings(tmp_path, None, {"odre": portal.url})
        for outcome in load(
            Lake(place.root), [CATALOG[TEMPERATURE]], settings, now=lambda: NOW, limits=Limits(attempts=1)
        ):
            assert outcome.result != "failed", outcome.why

    with stand_in.running() as portal:
        portal.datasets = {TEMPERATURE: Published(rows(1.0), "date")}
        work()
        place.save()
        portal.datasets = {TEMPERATURE: Published(rows(2.0), "date", modified="2025-05-01T06:00:00+00:00")}
        before, steps = pinned(place, tmp_path), counted(work)
        after, done = place.content(), pinned(place, tmp_path)
        assert done != before
        for fatal in range(steps):
            place.reset()
            with stopping_at(fatal), pytest.raises(Killed):
                work()
            assert pinned(place, tmp_path) in (before, done)
            work()
            assert place.content() == after, f"step {fatal}"


def test_a_restoration(place: Place, tmp_path: Path) -> None:
    two_vintages(place, tmp_path)
    vintage_id = Lake(place.root).vintages(CATALOG[TEMPERATURE])[0].vintage_id

    def work() -> None:
        try:
            restore(Lake(place.root), CATALOG[TEMPERATURE], vintage_id, NOW)
        except DataElecError as problem:
            if "in that state already" in problem.message:
                raise _Done(problem.message) from problem
            raise

    assert interrupted_everywhere(place, tmp_path, work) > 5


def test_pruning(place: Place, tmp_path: Path) -> None:
    two_vintages(place, tmp_path)
    import_(place.root, tmp_path, NOW, 3, "2023-05-01", "2024-05-01")
    if isinstance(place, Folder):
        shutil.rmtree(tmp_path / "saved")
    place.save()
    before = pinned(place, tmp_path)

    def work() -> None:
        prune(Lake(place.root), [CATALOG[TEMPERATURE]], keep=1, replaced_before=NOW + dt.timedelta(1))

    steps = counted(work)
    after = place.content()
    for fatal in range(steps):
        place.reset()
        with stopping_at(fatal), pytest.raises(Killed):
            work()
        assert pinned(place, tmp_path) == before
        work()
        assert place.content() == after, f"step {fatal}"
    assert steps > 5


def test_a_copy(place: Place, tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    import_(str(origin), tmp_path, OLD, 1, "2023-05-01")
    import_(str(origin), tmp_path, NEW, 2, "2023-05-01")
    assert interrupted_everywhere(place, tmp_path, lambda: copy_lake(Lake(str(origin)), Lake(place.root))) > 5
