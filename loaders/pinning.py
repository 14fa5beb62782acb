"""A reading copy of a lake: what it held at one moment, as a folder beside the warehouse, which dbt reads.

A build takes minutes, and a lake may change meanwhile; and DuckDB reads no bucket without an extension. So the files
that the manifest lists when a build begins are linked (from a folder) or fetched (from a bucket, those that changed
since the last build, many at once) into `<warehouse>.lake/`: what is landed later waits for the next build, and the
views of a warehouse read what it was built from.
"""

import datetime as dt
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dataelec.errors import DataElecError
from loaders import journal
from loaders.catalog import CATALOG
from loaders.lake import FileRecord, Lake, Vintage, manifest_content, manifest_path, sha256_of
from loaders.reading import workspace
from loaders.storage import write_whole
from loaders.vintages import KnownFile, known_files, write_known

PINNED = "_pinned.json"
REVISIONS = "_revisions.parquet"
SECONDS_TO_WAIT = 300
_REVISIONS_SCHEMA = pa.schema(
    [
        ("dataset", pa.string()),
        ("path", pa.string()),
        ("replaced_at", pa.string()),
        ("replaced_by_vintage", pa.string()),
        ("is_undone", pa.bool_()),
        ("month", pa.string()),
        ("change", pa.string()),
        ("column", pa.string()),
        ("rows", pa.int64()),
        ("before", pa.float64()),
        ("after", pa.float64()),
        ("largest", pa.float64()),
    ]
)


class _ChangedMeanwhileError(Exception):
    """A landing was under way: what was read may be of two moments."""


@dataclass(frozen=True)
class Pinned:
    """What a reading copy holds."""

    files: int
    fetched: int
    """Files that were not there from the last time and had to be copied."""
    fetched_bytes: int


@dataclass(frozen=True)
class _Snapshot:
    """What a lake says of itself at one moment."""

    contents: Mapping[str, bytes | None]
    records: Mapping[str, Sequence[FileRecord]]
    vintages: Mapping[str, Sequence[Vintage]]


def pin(lake: Lake, folder: Path, as_of: dt.datetime | None = None, wait: float = SECONDS_TO_WAIT) -> Pinned:
    """Make `folder` hold what the lake holds now, or what was known at a moment, and nothing else.

    A landing that is being committed is waited for. DataElecError where it takes too long, where a file is not as it
    was landed, or where nothing was known yet. Where there is no lake, the folder goes.
    """
    until = time.monotonic() + wait
    while True:
        lake.settle()
        try:
            return _pin_once(lake, folder, as_of)
        except _ChangedMeanwhileError:
            if time.monotonic() > until:
                raise DataElecError(
                    f"The lake {lake.root} is being written: a landing is under way since {wait:.0f} s.",
                    "Wait until that `dataelec` command has ended, then build again. If none is running, any"
                    " `dataelec status` finishes what was interrupted.",
                ) from None
            time.sleep(0.2)


def _pin_once(lake: Lake, folder: Path, as_of: dt.datetime | None) -> Pinned:
    contents = lake.manifest_contents()
    if not any(contents.values()):
        shutil.rmtree(folder, ignore_errors=True)
        return Pinned(0, 0, 0)
    datasets = list(CATALOG.values())
    vintages = dict(zip(CATALOG, lake.storage.side_by_side(lake.vintages, datasets), strict=True))
    snapshot = _Snapshot(contents, lake.parsed(contents), vintages)
    copy = _ReadingCopy(lake, folder, as_of)
    problem: DataElecError | None = None
    try:
        pinned = copy.take(snapshot)
    except DataElecError as found:
        problem = found
    # What is wrong may be no more than that a landing ended between two files.
    if journal.has_intent(lake.storage) or lake.manifest_contents() != contents:
        raise _ChangedMeanwhileError from problem
    if problem:
        raise problem
    return pinned


class _ReadingCopy:
    """The folder that is being made to hold a snapshot; `held` is what it holds from the last time."""

    def __init__(self, lake: Lake, folder: Path, as_of: dt.datetime | None) -> None:
        self.lake = lake
        self.folder = folder
        self.as_of = as_of
        self.held: dict[str, str] = {}
        with suppress(OSError, ValueError):
            self.held = dict(json.loads((folder / PINNED).read_bytes()))

    def take(self, snapshot: _Snapshot) -> Pinned:
        """Make the folder hold the snapshot."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Until all is there the folder is nothing to start from.
        (self.folder / PINNED).unlink(missing_ok=True)
        whole, partial = self._wanted(snapshot)
        names = {
            **{record.path: record.sha256 for record, _ in whole},
            **{k.record.path: n for k, n in partial.items()},
        }
        missing = [(record, path) for record, path in whole if not self._is_held(record.path, record.sha256)]
        self.lake.storage.side_by_side(lambda wanted: self._take_whole(*wanted), missing)
        records = {name: [r for r in found if not r.rows] for name, found in snapshot.records.items()}
        for record, _ in whole:
            if record.rows:
                records[record.dataset].append(record)
        for record in self._take_partial(partial):
            records[record.dataset].append(record)
        if self.as_of is not None and not any(r.rows for found in records.values() for r in found):
            raise self._nothing_known(snapshot)
        self._clear(set(names))
        for name, found in records.items():
            write_whole(self.folder / manifest_path(CATALOG[name]), manifest_content(found))
        pq.write_table(_revisions(snapshot, self.as_of), self.folder / REVISIONS)
        write_whole(self.folder / PINNED, json.dumps(names, indent=1).encode())
        return Pinned(len(names), len(missing), sum(record.bytes for record, _ in missing))

    def _wanted(self, snapshot: _Snapshot) -> tuple[list[tuple[FileRecord, str]], dict[KnownFile, str]]:
        """Return the files to take as they are, with where they are, and those to take some rows of, with a name."""
        whole = [(r, r.path) for found in snapshot.records.values() for r in found if not r.rows or self.as_of is None]
        partial: dict[KnownFile, str] = {}
        if self.as_of is None:
            return whole, partial
        for name, found in snapshot.records.items():
            for known in known_files(self.lake, found, snapshot.vintages[name], self.as_of):
                if known.is_whole:
                    whole.append((known.record, known.stored_at))
                else:
                    states = [known.record.sha256, *(vintage.record.sha256 for vintage in known.earlier)]
                    partial[known] = f"{' '.join(states)} as of {self.as_of.isoformat()}"
        return whole, partial

    def _is_held(self, path: str, name: str) -> bool:
        return self.held.get(path) == name and (self.folder / path).is_file()

    def _take_whole(self, record: FileRecord, stored_at: str) -> None:
        """Link a file, or copy it where no link can be made; DataElecError where it is not as it was landed."""
        target = self.folder / record.path
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f"{target.name}.part")
        beside.unlink(missing_ok=True)
        try:
            is_linked = self._link(stored_at, beside)
            # To hash all of a folder at each build would cost more than to read it; `dataelec verify` does.
            is_sound = beside.stat().st_size == record.bytes if is_linked else sha256_of(beside) == record.sha256
        except (FileNotFoundError, NotADirectoryError):
            is_sound = False
        if not is_sound:
            beside.unlink(missing_ok=True)
            raise DataElecError(
                f"{self.lake.root}/{stored_at} is missing or not as it was landed: nothing was built from it.",
                "`dataelec verify` names all such files. Put it back from a copy, `dataelec restore` an earlier state,"
                " or delete it and land it again with `dataelec load` or `dataelec import`.",
            )
        beside.replace(target)

    def _link(self, stored_at: str, target: Path) -> bool:
        """Bring a file of the lake to a local path; say whether it is the lake's own, linked."""
        if self.lake.storage.is_local:
            try:
                os.link(self.lake.storage.address(stored_at), target)
            except FileNotFoundError:
                raise
            except OSError:
                pass  # Another disk, or somebody else's file.
            else:
                return True
        self.lake.storage.fetch(stored_at, target)
        return False

    def _take_partial(self, partial: Mapping[KnownFile, str]) -> list[FileRecord]:
        """Write the files of which only some rows were known; return the records of those that hold any."""
        if not partial:
            return []
        assert self.as_of is not None
        records = []
        with workspace() as (connection, folder):
            for known in partial:
                dataset, target = CATALOG[known.record.dataset], self.folder / known.record.path
                target.unlink(missing_ok=True)  # It may be a link to the lake's own.
                record = write_known(connection, self.lake, dataset, known, self.as_of, folder, target)
                records += [record] if record.rows else []
        return records

    def _nothing_known(self, snapshot: _Snapshot) -> DataElecError:
        found = [r for records in snapshot.records.values() for r in records]
        found += [v.record for vintages in snapshot.vintages.values() for v in vintages]
        earliest = min((record.vintage_from for record in found if record.vintage_from), default=None)
        return DataElecError(
            f"The lake {self.lake.root} has no row that was published by {self.as_of:%Y-%m-%d %H:%M} UTC.",
            f"Its earliest vintage is of {earliest}: set DATAELEC_AS_OF to a later day, or not at all for the newest."
            if earliest
            else "It holds no rows at all: unset DATAELEC_AS_OF.",
        )

    def _clear(self, wanted: set[str]) -> None:
        """Delete what is in the folder and not wanted."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.relative_to(self.folder).as_posix() not in wanted:
                path.unlink()


def _revisions(snapshot: _Snapshot, as_of: dt.datetime | None) -> pa.Table:
    """Return what each landing that replaced rows moved, of those that were known at the moment."""
    rows = [
        {
            "dataset": vintage.record.dataset,
            "path": vintage.record.path,
            "replaced_at": vintage.replaced_at,
            "replaced_by_vintage": vintage.replaced_by_vintage,
            "is_undone": vintage.is_undone,
            "month": moved.month,
            "change": moved.change,
            "column": moved.column,
            "rows": moved.rows,
            "before": moved.before,
            "after": moved.after,
            "largest": moved.largest,
        }
        for vintages in snapshot.vintages.values()
        for vintage in vintages
        for moved in vintage.moved
        if as_of is None
        or (vintage.replaced_by_vintage and dt.datetime.fromisoformat(vintage.replaced_by_vintage) <= as_of)
    ]
    return pa.Table.from_pylist(rows, schema=_REVISIONS_SCHEMA)
