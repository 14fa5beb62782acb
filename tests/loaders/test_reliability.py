"""What goes wrong around a lake: clocks, odd answers, killed processes, full disks, other people's files."""

import datetime as dt
import errno
import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Self

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner

import tests.loaders.portal_stand_in as stand_in
from command.main import main
from dataelec.errors import DataElecError
from dataelec.scratch import ALIVE, clear_abandoned, scratch
from dataelec.settings import Settings
from loaders import journal
from loaders.catalog import CATALOG
from loaders.http import Limits
from loaders.lake import Lake
from loaders.landing import import_files
from loaders.loading import FAILED, LANDED, Outcome, load
from loaders.pinning import pin
from loaders.storage import write_whole
from tests.loaders.lakes import ANNUAL, NEW, NOW, OLD, TEMPERATURE, rows_of, temperature_file, temperature_row, tree
from tests.loaders.portal_stand_in import Published


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


@pytest.mark.parametrize("instant", ["2999-01-01", "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+14:00"])
def test_a_vintage_that_cannot_be_is_refused(lake: Lake, tmp_path: Path, instant: str) -> None:
    """Rows of a vintage to come would keep every later correction out."""
    file = temperature_file(tmp_path, [temperature_row()])
    arguments = ["import", TEMPERATURE, str(file), "--published-at", instant, "--lake", lake.root]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in (1, 2)
    assert "which cannot be" in done.stderr or "is not an ISO date" in done.stderr
    assert not lake.records(CATALOG[TEMPERATURE])


def test_an_empty_lake_option_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = temperature_file(tmp_path, [temperature_row()])
    done = CliRunner().invoke(main, ["import", TEMPERATURE, str(file), "--lake", ""])
    assert done.exit_code == 2
    assert "--lake" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "intent",
    [
        [{"target": "../../escaped", "staged": "_staging/payload"}],
        [{"target": "odre/x", "staged": "/etc/hostname"}],
        [{"target": "odre/x", "staged": "_staging/payload", "keep_as": "a/../../b"}],
        [{"target": None, "staged": None}],
        {"no": "list"},
    ],
)
def test_an_intent_that_leads_out_of_the_lake_is_refused(lake: Lake, tmp_path: Path, intent: object) -> None:
    lake.storage.write("_staging/payload", b"theirs")
    lake.storage.write(journal.INTENT, json.dumps(intent).encode())
    with pytest.raises(DataElecError, match="is not a landing of this lake"):
        lake.settle()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake"]
    assert lake.storage.read("_staging/payload") == b"theirs"


def test_a_manifest_that_cannot_be_read_or_leads_out_of_the_lake_is_named(lake: Lake, tmp_path: Path) -> None:
    import_files(lake, TEMPERATURE, [temperature_file(tmp_path, [temperature_row()])], loaded_at=NOW, published_at=NEW)
    records = json.loads(lake.storage.read(f"_manifest/{TEMPERATURE}.json"))
    for content in ("[{", json.dumps([{**record, "path": "../escaped.parquet"} for record in records])):
        lake.storage.write(f"_manifest/{TEMPERATURE}.json", content.encode())
        with pytest.raises(DataElecError, match=rf"_manifest/{TEMPERATURE}.json cannot be read"):
            pin(lake, tmp_path / "copy")
    assert not list(tmp_path.rglob("escaped*"))


def test_a_history_that_cannot_be_read_or_leads_out_of_the_lake_is_named(lake: Lake, tmp_path: Path) -> None:
    for published_at, tmoy in ((OLD, 5.0), (NEW, 6.0)):
        day = temperature_file(tmp_path, [[*temperature_row()[:-1], tmoy]])
        import_files(lake, TEMPERATURE, [day], loaded_at=NOW, published_at=published_at)
    vintages = json.loads(lake.storage.read(f"_vintages/{TEMPERATURE}.json"))
    for content in ("[{}]", json.dumps([{**vintage, "kept_as": "/etc/hostname"} for vintage in vintages])):
        lake.storage.write(f"_vintages/{TEMPERATURE}.json", content.encode())
        with pytest.raises(DataElecError, match=rf"_vintages/{TEMPERATURE}.json cannot be read"):
            pin(lake, tmp_path / "copy")


def answers() -> dict[str, bytes]:
    """Return odd descriptions of a dataset that a portal may send."""
    fields = [
        {"name": name, "type": kind}
        for name, kind in zip(
            ("annee", "code_insee_region", "consommation_brute_electricite_rte"), ("int", "text", "double"), strict=True
        )
    ]

    def described(rows: str, modified: str) -> bytes:
        text = (
            f'{{"metas":{{"default":{{"records_count":{rows},"modified":{modified}}}}},"fields":{json.dumps(fields)}}}'
        )
        return text.encode()

    return {
        "nested": b"[" * 100_000,
        "endless": described("1e400", '"2025-01-01T00:00:00+00:00"'),
        "surrogate": described("2", '"\\ud800"'),
    }


@pytest.fixture
def portal() -> Iterator[stand_in.StandIn]:
    with stand_in.running() as portal:
        rows = {"id": ["a"], "date": [dt.date(2017, 1, 1)], "code_insee_region": [11], "region": ["x"]}
        temperatures = pa.table({**rows, "tmin": [1.0], "tmax": [10.0], "tmoy": [5.0]})
        annual = pa.table({"annee": ["2023"], "code_insee_region": ["11"], "consommation_brute_electricite_rte": [7e4]})
        portal.datasets = {TEMPERATURE: Published(temperatures, "date"), ANNUAL: Published(annual, "annee")}
        yield portal


def outcomes(lake: Lake, portal: stand_in.StandIn) -> dict[str, Outcome]:
    settings = Settings(Path(), None, {"odre": portal.url})
    chosen = [CATALOG[ANNUAL], CATALOG[TEMPERATURE]]
    limits = Limits(attempts=1)
    return {o.dataset: o for o in load(lake, chosen, settings, now=lambda: NOW, limits=limits)}


@pytest.mark.parametrize("name", sorted(answers()))
def test_one_portals_odd_answer_fails_one_dataset(
    lake: Lake, portal: stand_in.StandIn, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = stand_in.Handler.send

    def send(handler: stand_in.Handler, answer: stand_in.Answer) -> None:
        if ANNUAL in handler.path and "/exports/" not in handler.path:
            answer = stand_in.Answer(answers()[name])
        real(handler, answer)

    monkeypatch.setattr(stand_in.Handler, "send", send)
    found = outcomes(lake, portal)
    assert found[ANNUAL].result == FAILED
    assert found[TEMPERATURE].result == LANDED
    found[ANNUAL].why.encode()


@pytest.mark.parametrize("modified", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2999-01-01"])
def test_a_portals_impossible_date_stands_for_the_time_of_download(
    lake: Lake, portal: stand_in.StandIn, modified: str
) -> None:
    portal.datasets[ANNUAL] = Published(portal.datasets[ANNUAL].rows, "annee", modified=modified)
    assert outcomes(lake, portal)[ANNUAL].result == LANDED
    ((vintage_at,),) = rows_of(Path(lake.root), ANNUAL, "_vintage_at")
    assert dt.timedelta() <= dt.datetime.now(dt.UTC) - vintage_at < dt.timedelta(minutes=5)


def test_working_folders_of_killed_processes_go_and_those_in_use_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    script = "import os; from dataelec.scratch import scratch\nwith scratch() as f: print(f, flush=True); os._exit(9)"
    killed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    left = Path(killed.stdout.strip())
    assert (left / ALIVE).exists()
    (tmp_path / "dataelec-being-made").mkdir()
    with scratch() as used:
        assert not left.exists()
        clear_abandoned(tmp_path)
        assert used.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["dataelec-being-made"]


def test_a_working_folder_in_the_making_is_not_taken_for_a_dead_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lock = fcntl.flock

    def late(mark: IO[str], operation: int) -> None:
        if operation == fcntl.LOCK_EX:
            # Another process begins just before this one has its lock.
            clear_abandoned(tmp_path)
        lock(mark, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with scratch() as used:
        assert used.exists()


def test_a_disk_that_is_full_at_any_moment_leaves_a_lake_as_it_was(lake: Lake, tmp_path: Path) -> None:
    """What is staged goes at once, for room is what lacks; once all is staged, the landing needs no more room."""
    days = ("2023-01-31", "2024-01-31")
    files = [temperature_file(tmp_path, [temperature_row(d, tmoy=t) for d in days], f"{t}.csv") for t in (1, 2)]
    import_files(lake, TEMPERATURE, files[:1], loaded_at=NOW, published_at=NEW)
    before = tree(Path(lake.root))
    arguments = ["import", TEMPERATURE, str(files[1]), "--published-at", NOW.isoformat(), "--lake", lake.root]
    for room in range(20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", full_after(room))
            done = CliRunner().invoke(main, arguments)
        if done.exit_code == 0:
            break
        assert done.exit_code == 1
        assert f"Error: no space left on the disk ({lake.root}/_staging/" in done.stderr
        assert "what was there before is untouched.\nMake room there" in done.stderr
        assert tree(Path(lake.root)) == before
    # Two files, their history, their manifest, the intent.
    assert room == 5
    assert rows_of(Path(lake.root), TEMPERATURE, "tmoy") == [(2.0,), (2.0,)]
    assert len(lake.vintages(CATALOG[TEMPERATURE])) == 2


def full_after(writes: int) -> Callable[[int], None]:
    """Return what flushes so many files and then finds the disk full."""
    left = iter(range(writes))

    def flush(descriptor: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")

    return flush


class NoRoom:
    """A connection that finds no room for the rows of an export, as DuckDB says it."""

    def __init__(self, real: duckdb.DuckDBPyConnection) -> None:
        self.real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.real.close()

    def cursor(self) -> "NoRoom":
        return NoRoom(self.real.cursor())

    def execute(self, query: str, *parameters: object) -> Any:
        if "as _unreadable" in query:
            raise duckdb.IOException('IO Error: Could not write file "/x/y.duckdb": No space left on device')
        return self.real.execute(query, *parameters)


def test_a_full_disk_is_not_laid_on_the_file_that_was_read(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *arguments: NoRoom(connect(*arguments)))
    file = temperature_file(tmp_path, [temperature_row()])
    with pytest.raises(DataElecError, match=r"t\.csv cannot be read: no space left where temporary files go") as caught:
        import_files(lake, TEMPERATURE, [file], loaded_at=NOW, published_at=NEW)
    assert "TMPDIR" in caught.value.advice
    assert "damaged" not in str(caught.value)


def test_a_page_that_finds_no_room_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "index.html"
    write_whole(page, b"the last page")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(page, b"a new page")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"index.html": b"the last page"}
