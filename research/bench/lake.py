"""Times `status`, an unchanged `load` and a build's reading copy of a lake of 10,000 files and 100,000 records.

    python -m research.bench.lake

The files are small: what is timed is the book-keeping. Records beyond the files are earlier states, pruned.
"""

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path

from loaders.catalog import CATALOG
from loaders.lake import Lake, Vintage, manifest_content, manifest_path, sha256_of, vintages_path
from loaders.landing import import_files
from loaders.loading import DatasetSeen, PartSeen

FILES, RECORDS = 10_000, 100_000
DATASET = "temperature-quotidienne-regionale"
MOST_SECONDS = 5.0
NOW = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def make_lake(root: Path) -> Lake:
    """Make a lake whose one dataset has so many files, and so many earlier states."""
    file = root.parent / "one.csv"
    file.write_text("date;code_insee_region;tmin;tmax;tmoy\n2024-01-31;11;1;9;5\n")
    lake = Lake(str(root))
    import_files(lake, DATASET, [file], loaded_at=NOW, published_at=NOW)
    dataset = CATALOG[DATASET]
    (record,) = lake.records(dataset)
    content = (root / record.path).read_bytes()
    records, vintages = list(lake.all_records(dataset)), []
    for number in range(FILES - 1):
        path = f"{dataset.folder}/year={3000 + number}/{DATASET}.parquet"
        (root / path).parent.mkdir()
        (root / path).write_bytes(content)
        records.append(replace(record, path=path))
    for number in range(RECORDS - FILES):
        earlier = replace(record, path=records[1 + number % FILES].path, sha256=f"{number:064x}")
        vintages.append(Vintage(earlier, None, NOW.isoformat(), NOW.isoformat(), False, ()))
    (root / manifest_path(dataset)).write_bytes(manifest_content(records))
    (root / vintages_path(dataset)).parent.mkdir(exist_ok=True)
    (root / vintages_path(dataset)).write_text(json.dumps([asdict(vintage) for vintage in vintages]))
    assert sha256_of(root / record.path) == record.sha256
    return lake


def seen_as_landed(lake: Lake, portal_rows: int) -> None:
    """Write down what the portal said, so that a load finds nothing new."""
    dataset = CATALOG[DATASET]
    parts = {
        path: PartSeen("unchanged", 1, NOW.isoformat(), (path,))
        for path in (record.path for record in lake.records(dataset))
    }
    seen = DatasetSeen("2025-01-01T00:00:00+00:00", portal_rows, parts)
    lake.storage.write(f"_portal/{DATASET}.json", json.dumps(asdict(seen)).encode())


def unchanged_load(root: Path) -> None:
    """Load from a portal that says what it said before."""
    from unittest import mock

    from dataelec.settings import Settings
    from loaders import loading
    from loaders.portals.base import Announced

    announced = mock.Mock(spec=Announced, modified="2025-01-01T00:00:00+00:00", rows=FILES, parts=())
    portal = mock.Mock(describe=lambda dataset: announced)
    with mock.patch.object(loading, "open_portal", return_value=portal):
        (outcome,) = loading.load(Lake(str(root)), [CATALOG[DATASET]], Settings(root.parent), now=lambda: NOW)
    assert outcome.result == loading.UNCHANGED, outcome


def timed(name: str, work: str, *arguments: str) -> float:
    """Run work in a process of its own; return its seconds of processor, which neighbours cannot lengthen."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", work, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name:<40} {seconds:6.2f} s of processor, {time.perf_counter() - started:6.2f} s in all")
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "lake"
        lake = make_lake(root)
        seen_as_landed(lake, FILES)
        print(f"{FILES:,} files, {RECORDS:,} records")
        status = "import sys; from command.main import main; sys.argv = ['dataelec', *sys.argv[1:]]\n"
        status += "try: main()\nexcept SystemExit: pass"
        load = "import sys; from pathlib import Path; from research.bench.lake import unchanged_load\n"
        load += "unchanged_load(Path(sys.argv[1]))"
        copy = "import sys; from pathlib import Path; from loaders.lake import Lake; from loaders.pinning import pin\n"
        copy += "pin(Lake(sys.argv[1]), Path(sys.argv[2]))"
        seconds = [
            timed("status", status, "status", "--lake", str(root)),
            timed("load, nothing changed", load, str(root)),
        ]
        timed("reading copy, first", copy, str(root), f"{folder}/x.duckdb.lake")
        timed("reading copy, nothing changed", copy, str(root), f"{folder}/x.duckdb.lake")
    if max(seconds) > MOST_SECONDS:
        sys.exit(f"More than {MOST_SECONDS:.0f} s: book-keeping has become slow.")


if __name__ == "__main__":
    main()
