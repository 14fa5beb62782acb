"""A lake in a bucket holds what a folder holds, and what a bucket refuses is said clearly and leaves it as it was."""

import datetime as dt
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dataelec.errors import DataElecError
from loaders import journal
from loaders.catalog import CATALOG
from loaders.copying import copy_lake
from loaders.lake import Lake
from loaders.landing import import_files
from loaders.pinning import pin
from loaders.storage import LOCK, Storage
from loaders.verification import verify
from loaders.vintages import prune, restore
from tests.loaders.bucket_stand_in import Bucket, serving
from tests.loaders.lakes import ANNUAL, NEW, NOW, OLD, TEMPERATURE, temperature_file, temperature_row, tree

PROJECT = Path(__file__).parents[2]
DATASET = CATALOG[TEMPERATURE]


@pytest.fixture(autouse=True)
def two_datasets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalog is two datasets, so that a lake is few files."""
    for dataset_id in [dataset_id for dataset_id in CATALOG if dataset_id not in (TEMPERATURE, ANNUAL)]:
        monkeypatch.delitem(CATALOG, dataset_id)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    with serving() as bucket:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", bucket.url)
        monkeypatch.setenv("NO_GCE_CHECK", "true")
        fsspec.get_filesystem_class("gs").clear_instance_cache()
        yield bucket
        fsspec.get_filesystem_class("gs").clear_instance_cache()


@pytest.fixture
def lake(bucket: Bucket) -> Lake:
    return Lake("gs://lakes/live")


def land(lake: Lake, folder: Path, vintage: dt.datetime, tmoy: float, day: str = "2024-01-31") -> None:
    file = temperature_file(folder, [temperature_row(day, tmoy=tmoy)], f"{tmoy}.csv")
    import_files(lake, TEMPERATURE, [file], loaded_at=NOW, published_at=vintage)


def contents(bucket: Bucket) -> dict[str, bytes]:
    return {name: content for name, (_, content) in sorted(bucket.objects.items())}


def test_every_verb_leaves_in_a_bucket_what_it_leaves_in_a_folder(bucket: Bucket, lake: Lake, tmp_path: Path) -> None:
    folder = Lake(str(tmp_path / "lake"))
    for place in (lake, folder):
        land(place, tmp_path, OLD, 1)
        land(place, tmp_path, NEW, 2)
        land(place, tmp_path, NOW, 3)
        first = place.vintages(DATASET)[0]
        restore(place, DATASET, first.vintage_id, NOW)
        assert prune(place, [DATASET], keep=2, replaced_before=NOW + dt.timedelta(1))
        assert verify(place).is_sound
    assert lake.status(NOW) == folder.status(NOW)
    written = {path: (Path(folder.root) / path).read_bytes() for path in tree(Path(folder.root))}
    assert {name.removeprefix("live/"): content for name, content in contents(bucket).items()} == written
    for place, copy in ((lake, tmp_path / "from-bucket"), (folder, tmp_path / "from-folder")):
        pin(place, copy)
    assert tree(tmp_path / "from-bucket") == tree(tmp_path / "from-folder")


def test_a_lake_moves_to_a_bucket_and_back(bucket: Bucket, lake: Lake, tmp_path: Path) -> None:
    origin = Lake(str(tmp_path / "lake"))
    land(origin, tmp_path, OLD, 1)
    land(origin, tmp_path, NEW, 2)
    copy_lake(origin, lake)
    assert copy_lake(origin, lake).files == 0
    back = Lake(str(tmp_path / "back"))
    copy_lake(lake, back)
    assert tree(Path(back.root)) == tree(Path(origin.root))
    land(origin, tmp_path, NOW, 3)
    with pytest.raises(DataElecError, match="There is another lake at gs://lakes/live"):
        copy_lake(origin, lake)


def test_one_writer_at_a_time_by_what_the_bucket_itself_refuses(bucket: Bucket, lake: Lake, tmp_path: Path) -> None:
    with Lake(lake.root).writing(), pytest.raises(DataElecError, match=f"held for writing by {socket.gethostname()}"):
        land(lake, tmp_path, OLD, 1)
    land(lake, tmp_path, OLD, 1)
    assert f"live/{LOCK}" not in bucket.objects


def test_the_lock_of_a_killed_process_of_this_machine_is_taken_over(bucket: Bucket, lake: Lake, tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    bucket.write(f"live/{LOCK}", f"{socket.gethostname()}, process {ended.pid}".encode(), None)
    land(lake, tmp_path, OLD, 1)
    bucket.write(f"live/{LOCK}", f"elsewhere, process {ended.pid}".encode(), None)
    with pytest.raises(DataElecError, match=r"if it was killed, delete gs://lakes/live/\.lock"):
        land(lake, tmp_path, NEW, 2)


def test_of_many_who_take_over_one_lock_one_gets_it(bucket: Bucket, lake: Lake) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    bucket.write(f"live/{LOCK}", f"{socket.gethostname()}, process {ended.pid}".encode(), None)
    first, second = Storage(lake.root), Storage(lake.root)
    seen_by_second = second._lock_generation()
    with first.lock():
        with pytest.raises(FileExistsError):
            second._delete_lock(seen_by_second)
        assert f"live/{LOCK}" in bucket.objects


def test_a_lock_that_somebody_else_made_meanwhile_is_not_dropped(bucket: Bucket, lake: Lake) -> None:
    with Storage(lake.root).lock():
        bucket.delete(f"live/{LOCK}", None)
        bucket.write(f"live/{LOCK}", b"elsewhere, process 1", None)
    assert f"live/{LOCK}" in bucket.objects


@pytest.mark.parametrize(
    ("status", "expected"), [(401, r"rejects the request \(HTTP 401\)"), (403, r"rejects the request \(HTTP 403\)")]
)
def test_a_bucket_that_refuses_is_named_with_what_to_do(
    bucket: Bucket, lake: Lake, tmp_path: Path, status: int, expected: str
) -> None:
    bucket.refuse = lambda method, name: status
    for work in (lake.exists, lambda: lake.status(NOW), lambda: land(lake, tmp_path, OLD, 1), lambda: verify(lake)):
        with pytest.raises(DataElecError, match=expected) as caught:
            work()
        assert "credentials" in caught.value.advice


@pytest.mark.slow
def test_googles_default_credentials_are_used_and_asked_for_where_there_are_none(
    bucket: Bucket, lake: Lake, tmp_path: Path
) -> None:
    land(lake, tmp_path, OLD, 1)
    before = contents(bucket)
    bucket.token = "of-a-service-account"
    key, file = tmp_path / "key.json", temperature_file(tmp_path, [temperature_row(tmoy=2)], "2.csv")
    settings = {"GOOGLE_APPLICATION_CREDENTIALS": str(key), "CLOUDSDK_CONFIG": str(tmp_path)}
    done = dataelec("import", TEMPERATURE, str(file), "--lake", lake.root, **settings)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {lake.root} rejects the request (HTTP 401): Anonymous caller")
    assert "`gcloud auth application-default login`, or GOOGLE_APPLICATION_CREDENTIALS" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(bucket) == before
    key.write_text(json.dumps(service_account(f"{bucket.url}/token")))
    done = dataelec("import", TEMPERATURE, str(file), "--lake", lake.root, **settings)
    assert done.returncode == 0, done.stderr
    assert contents(bucket) != before


def dataelec(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "dataelec", *arguments],
        env={**os.environ, "DATAELEC_HOME": str(PROJECT), **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def service_account(token_uri: str) -> dict[str, str]:
    """Return a service account's key file, whose key is made here."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    account = {"type": "service_account", "project_id": "p", "client_email": "a@example.org", "token_uri": token_uri}
    return {**account, "private_key": pem, "private_key_id": "1", "client_id": "1"}


def test_who_may_only_read_builds_and_is_refused_to_change_anything(bucket: Bucket, lake: Lake, tmp_path: Path) -> None:
    for vintage, tmoy in ((OLD, 1), (NEW, 2)):
        land(lake, tmp_path, vintage, tmoy)
    bucket.write("live/_staging/new/x", b"of a landing that was killed before its intent", None)
    before = contents(bucket)
    bucket.refuse = lambda method, name: 403 if method != "GET" else None
    pin(lake, tmp_path / "copy")
    assert verify(lake).files
    first = lake.vintages(DATASET)[0].vintage_id
    for work in (
        lambda: land(lake, tmp_path, NOW, 3),
        lambda: restore(lake, DATASET, first, NOW),
        lambda: prune(lake, [DATASET], keep=0, replaced_before=NOW + dt.timedelta(1)),
        lambda: copy_lake(lake, Lake("gs://lakes/other")),
    ):
        with pytest.raises(DataElecError, match=r"rejects the request \(HTTP 403\)") as caught:
            work()
        assert "their role on the bucket" in caught.value.advice
    assert contents(bucket) == before


def test_a_bucket_that_is_not_there_is_named(bucket: Bucket, tmp_path: Path) -> None:
    with pytest.raises(DataElecError, match="There is no bucket `nosuch`"):
        land(Lake("gs://nosuch/live"), tmp_path, OLD, 1)
    with pytest.raises(DataElecError, match="names no bucket"):
        Lake("gs://")


@pytest.mark.slow
def test_a_write_refused_midway_leaves_the_last_good_data(bucket: Bucket, lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, OLD, 1)
    good = dict(bucket.objects)
    pin(lake, tmp_path / "before")
    land(lake, tmp_path, NEW, 2)
    done = contents(bucket)
    pin(lake, tmp_path / "after")
    ends = []
    for writes in range(20):
        bucket.objects = dict(good)
        allowed = iter(range(writes))
        bucket.refuse = lambda method, name, allowed=allowed: (  # type: ignore[misc]
            403 if method == "POST" and not name.endswith(LOCK) and next(allowed, None) is None else None
        )
        try:
            land(lake, tmp_path, NEW, 2)
            ends.append("done")
        except DataElecError as problem:
            ends.append("refused" if "HTTP 403" in problem.message else problem.message)
        bucket.refuse = lambda method, name: None
        pin(lake, tmp_path / "read")
        assert tree(tmp_path / "read") in (tree(tmp_path / "before"), tree(tmp_path / "after"))
        land(lake, tmp_path, NEW, 2)
        assert contents(bucket) == done
        if ends[-1] == "done":
            break
    assert ends == ["refused"] * (len(ends) - 1) + ["done"]
    assert len(ends) > 5


def test_a_list_that_comes_late_hides_nothing_from_a_build(bucket: Bucket, lake: Lake, tmp_path: Path) -> None:
    bucket.late = 3600
    land(lake, tmp_path, OLD, 1)
    land(lake, tmp_path, NEW, 2)
    pin(lake, tmp_path / "copy")
    records = lake.records(DATASET)
    back = Lake(str(tmp_path / "back"))
    copy_lake(lake, back)
    assert verify(back).is_sound
    assert [(tmp_path / "copy" / record.path).stat().st_size for record in records] == [r.bytes for r in records]


def test_a_list_that_comes_late_hides_no_interrupted_landing(bucket: Bucket, lake: Lake, tmp_path: Path) -> None:
    bucket.late = 3600
    land(lake, tmp_path, OLD, 1)
    good = dict(bucket.objects)
    for vintage, tmoy in ((NEW, 2), (NOW, 3)):
        land(lake, tmp_path, vintage, tmoy)
    undisturbed = held(bucket)
    bucket.objects = good
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "step", lambda name: 1 / 0 if name.endswith(".parquet") else None)
        with pytest.raises(ZeroDivisionError):
            land(lake, tmp_path, NEW, 2)
    assert f"live/{journal.INTENT}" in bucket.objects
    bucket.delete(f"live/{LOCK}", None)
    land(lake, tmp_path, NOW, 3)
    assert held(bucket) == undisturbed


def held(bucket: Bucket) -> dict[str, bytes]:
    """Return what is in the bucket but for what is staged, which a late list keeps from being cleared."""
    return {name: content for name, content in contents(bucket).items() if journal.STAGING not in name}


@pytest.mark.slow
def test_many_files_over_a_slow_link_are_fetched_side_by_side_and_only_once(
    bucket: Bucket, lake: Lake, tmp_path: Path
) -> None:
    origin = Lake(str(tmp_path / "lake"))
    rows = [temperature_row(f"{year}-01-31") for year in range(1980, 2025)]
    import_files(origin, TEMPERATURE, [temperature_file(tmp_path, rows)], loaded_at=NOW, published_at=OLD)
    copy_lake(origin, lake)
    bucket.latency = 0.05
    bucket.most_at_once = 0
    assert pin(lake, tmp_path / "copy").fetched > 40
    assert bucket.most_at_once > 8
    assert pin(lake, tmp_path / "copy").fetched == 0


def test_many_files_are_looked_for_in_one_call_and_late_ones_by_name(bucket: Bucket, lake: Lake) -> None:
    names = [f"odre/x/{number}.parquet" for number in range(40)]
    for name in names[:30]:
        bucket.write(f"live/{name}", b"x", None)
    bucket.calls.clear()
    assert lake.storage.present(names[:30], "odre/x") == set(names[:30])
    assert bucket.calls["GET"] <= 2
    bucket.late = 3600
    bucket.write(f"live/{names[30]}", b"x", None)
    assert lake.storage.present(names, "odre/x") == set(names[:31])


def test_the_command_line_explains_a_bucket_without_a_traceback(bucket: Bucket, tmp_path: Path) -> None:
    bucket.refuse = lambda method, name: 403
    done = dataelec("status", "--lake", "gs://lakes/live")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: gs://lakes/live rejects the request (HTTP 403)")
    assert "Traceback" not in done.stderr
