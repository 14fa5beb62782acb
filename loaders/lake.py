"""A lake: typed Parquet files by dataset and part, a manifest record for each, one writer at a time.

<portal>/<dataset>/year=YYYY/<dataset>.parquet   rows of one UTC year, sorted by natural key (in some datasets
                                                 <dataset>-YYYY-MM.parquet of one month, or departement=NN/ of one)
<portal>/<dataset>/empty.parquet                 no rows, all columns: a model above an absent dataset still builds
_manifest/<dataset>.json                         one record per file; its writing completes a landing
_portal/<dataset>.json                           what the portal said when `load` landed each part
_vintages/<dataset>.json                         one record per file of which rows were replaced: what moved, and when
_superseded/<portal>/<dataset>/…                 those files, until they are pruned
_staging/                                        what a landing in progress has prepared
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataelec.errors import DataElecError, first_line
from loaders import journal
from loaders.catalog import CATALOG, Dataset, Kind, Partition
from loaders.storage import LakeBusyError, LakeRefusedError, Storage, is_inside

SUPERSEDED = "_superseded"
LINEAGE = ("_vintage_at", "_loaded_at", "_source_file", "_is_simulated")

_INSTANT = pa.timestamp("us", tz="UTC")
_ARROW_TYPES = {
    Kind.DATE: pa.date32(),
    Kind.INSTANT: _INSTANT,
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int32(),
}


@dataclass(frozen=True)
class FileRecord:
    """What the manifest says of one file; times are ISO text in UTC, None where a file has no rows."""

    dataset: str
    path: str
    """Relative to the lake."""
    rows: int
    bytes: int
    sha256: str
    url: str | None
    source_files: tuple[str, ...]
    """Base names of the files that rows came from."""
    fetched_at: str | None
    """When the file's newest rows were landed."""
    portal_modified_at: str | None
    """When the portal says the dataset last changed; None for files that people import."""
    vintage_from: str | None
    vintage_to: str | None
    first_day: str | None
    last_day: str | None
    producer: str
    licence: str
    is_simulated: bool
    gaps: int = 0
    """Days without any row between the first and the last day; years where a year is all that dates rows."""


@dataclass(frozen=True)
class RowsMoved:
    """Rows of one month that differ between two states of a file, in one column where they stand in both."""

    month: str
    """Its first day; of a year, where a year is all that dates rows, the first of January."""
    change: str
    """`changed`, `added` or `withdrawn`."""
    column: str
    """The column whose values changed; empty for rows added and withdrawn."""
    rows: int
    before: float | None
    """The sum of the column's values in these rows; None where it holds no numbers."""
    after: float | None
    largest: float | None
    """The largest absolute difference of one value."""


@dataclass(frozen=True)
class Replacement:
    """Why a file's state stopped being the newest, and what moved."""

    at: str
    """When it was replaced."""
    by_vintage: str | None
    """The earliest vintage of rows that replaced or withdrew its own; None where an earlier state was restored."""
    moved: tuple[RowsMoved, ...]


@dataclass(frozen=True)
class Vintage:
    """An earlier state of one of the lake's files."""

    record: FileRecord
    kept_as: str | None
    """Where the file is kept, relative to the lake; None once it is pruned."""
    replaced_at: str | None
    """None where a `dataelec` that did not write it down landed the next state."""
    replaced_by_vintage: str | None
    is_undone: bool
    """Whether a person restored an earlier state in its place: it counts in no later look back."""
    moved: tuple[RowsMoved, ...]

    @property
    def vintage_id(self) -> str:
        """What people name it by."""
        return self.record.sha256[:12]


@dataclass(frozen=True)
class StagedFile:
    """A new file of a dataset, still on local disk, that a landing puts at `record.path`."""

    local: Path
    record: FileRecord
    replacement: Replacement | None
    """What became of the old file's rows where some were replaced, so that the old file is kept aside."""


@dataclass(frozen=True)
class DatasetStatus:
    """What a lake holds of one dataset."""

    dataset: str
    rows: int
    files: int
    bytes: int
    first_day: str | None
    last_day: str | None
    newest_vintage: str | None
    last_landing: str | None
    is_simulated: bool
    gaps: int
    """Days between the first and the last, or years where that is all that dates rows, that have none."""
    age_days: int | None
    """How old the newest day is, or the newest vintage where no day dates rows; None where there are no rows."""
    rhythm_days: int | None
    """The age that is late; None where no publication is to come."""
    is_late: bool


class Lake:
    """One lake, at a folder or a bucket prefix."""

    def __init__(self, root: str) -> None:
        """Point at the lake; nothing is read or made."""
        self.root = root
        self.storage = Storage(root)
        self._furnished_for: tuple[Dataset, ...] = ()
        self._parsed: dict[str, tuple[bytes, tuple[FileRecord, ...]]] = {}

    def exists(self) -> bool:
        """Say whether a lake was ever made here."""
        return self.storage.exists(journal.MANIFEST)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lake, finish what was interrupted, make what a lake has; DataElecError if it is held."""
        with self.storage.lock():
            journal.recover(self.storage)
            try:
                self._furnish()
                yield
            except (OSError, DataElecError):
                journal.give_up(self.storage)
                raise

    def settle(self) -> bool:
        """Finish an interrupted landing unless its writer is still at work; True if one was finished.

        Who may only read leaves it: without an intent it changes nothing, and with one a build waits for it.
        """
        if not journal.is_unfinished(self.storage):
            return False
        try:
            with self.storage.lock():
                return journal.recover(self.storage)
        except (LakeBusyError, LakeRefusedError, PermissionError):
            return False

    def records(self, dataset: Dataset) -> tuple[FileRecord, ...]:
        """Return the manifest records of a dataset's files that hold rows, by path."""
        return tuple(record for record in self.all_records(dataset) if record.rows)

    def all_records(self, dataset: Dataset) -> tuple[FileRecord, ...]:
        """Return the manifest records of a dataset's files, the empty one included."""
        path = manifest_path(dataset)
        return self._read(path, self.storage.find(path))

    def manifests(self) -> dict[str, tuple[FileRecord, ...]]:
        """Return all manifest records of every dataset of the catalog, in catalog order."""
        return self.parsed(self.manifest_contents())

    def manifest_contents(self) -> dict[str, bytes | None]:
        """Return every dataset's manifest as it is stored."""
        paths = [manifest_path(dataset) for dataset in CATALOG.values()]
        return dict(zip(CATALOG, self.storage.find_all(paths), strict=True))

    def parsed(self, contents: Mapping[str, bytes | None]) -> dict[str, tuple[FileRecord, ...]]:
        """Return the records of stored manifests."""
        return {name: self._read(manifest_path(CATALOG[name]), content) for name, content in contents.items()}

    def _read(self, path: str, content: bytes | None) -> tuple[FileRecord, ...]:
        """Return the records of a manifest; reading many again, when nothing changed, would take seconds."""
        if content is None:
            return ()
        held = self._parsed.get(path)
        if held is None or held[0] != content:
            held = self._parsed[path] = (content, read_records(f"{self.root}/{path}", content))
        return held[1]

    def vintages(self, dataset: Dataset) -> tuple[Vintage, ...]:
        """Return the earlier states of a dataset's files, in the order in which they were replaced."""
        content = self.storage.find(vintages_path(dataset))
        if content is None:
            return self._vintages_of_before(dataset)
        return read_vintages(f"{self.root}/{vintages_path(dataset)}", content)

    def _vintages_of_before(self, dataset: Dataset) -> tuple[Vintage, ...]:
        """Return the states that a `dataelec` without `_vintages/` set aside, each with a record beside it."""
        folder = f"{SUPERSEDED}/{dataset.folder}"
        if not self.storage.exists(folder):
            return ()
        beside = [path for path in self.storage.files(folder) if path.endswith(".json")]
        with _naming(f"{self.root}/{folder}"):
            records = [record_from(json.loads(content)) for content in self.storage.find_all(beside) if content]
        chains: dict[str, list[FileRecord]] = {}
        for record in sorted(records, key=lambda record: record.fetched_at or ""):
            chains.setdefault(record.path, []).append(record)
        newest = {record.path: record for record in self.all_records(dataset)}
        found = []
        for path, chain in chains.items():
            after = [*chain[1:], newest.get(path)]
            for record, successor in zip(chain, after, strict=True):
                by = successor.vintage_to if successor else None
                at = successor.fetched_at if successor else None
                found.append(Vintage(record, f"{kept_stem(record)}.parquet", at, by, False, ()))
        return tuple(sorted(found, key=lambda vintage: vintage.replaced_at or ""))

    def is_simulated(self) -> bool | None:
        """Say whether the lake's rows are simulated; None for a lake without rows."""
        for records in self.manifests().values():
            for record in records:
                if record.rows:
                    return record.is_simulated
        return None

    def refuse_mixture(self, is_simulated: bool) -> None:
        """Raise DataElecError where the lake holds rows of the other sort."""
        held = self.is_simulated()
        if held is None or held is is_simulated:
            return
        raise DataElecError(
            f"The lake {self.root} holds {'simulated' if held else 'real'} rows;"
            f" {'simulated' if is_simulated else 'real'} ones must not be mixed in.",
            "Name another lake with --lake or DATAELEC_LAKE.",
        )

    def status(self, now: dt.datetime) -> tuple[DatasetStatus, ...]:
        """Return what the lake holds of each dataset of the catalog, in catalog order."""
        return tuple(
            _status(CATALOG[name], [record for record in records if record.rows], now)
            for name, records in self.manifests().items()
        )

    def land(self, staged: Mapping[str, Sequence[StagedFile]], removed: Sequence[FileRecord] = ()) -> None:
        """Put new files of datasets (by id) into the lake and take others away, all or nothing.

        Call it inside `writing()`. Files that are not named stay as they are.
        """
        self.storage.side_by_side(self._stage_file, [file for files in staged.values() for file in files])
        changes: list[journal.Change] = []
        manifests: list[journal.Change] = []
        for dataset_id, files in staged.items():
            dataset = CATALOG[dataset_id]
            held = {record.path: record for record in self.all_records(dataset)}
            vintages: list[Vintage] = []
            for record in removed:
                if record.dataset == dataset_id:
                    changes.append(journal.Change(record.path, None))
                    del held[record.path]
            for file in files:
                path, old = file.record.path, held.get(file.record.path)
                vintage = _vintage_of(old, file.replacement)
                vintages += [vintage] if vintage else []
                changes.append(
                    journal.Change(path, journal.staged_path(path), keep_as=vintage.kept_as if vintage else None)
                )
                held[path] = file.record
            manifests += self._stage_history(dataset, vintages)
            manifests.append(self.stage(manifest_path(dataset), manifest_content(held.values())))
        journal.commit(self.storage, [*changes, *manifests])

    def _stage_history(self, dataset: Dataset, more: Sequence[Vintage]) -> list[journal.Change]:
        """Stage a dataset's earlier states with more of them; nothing where there are no more."""
        if not more:
            return []
        return [self.stage_vintages(dataset, [*self.vintages(dataset), *more])]

    def stage_vintages(self, dataset: Dataset, vintages: Sequence[Vintage]) -> journal.Change:
        """Stage what the lake is to say of a dataset's earlier states."""
        return self.stage(vintages_path(dataset), _json([asdict(vintage) for vintage in vintages]))

    def stage(self, path: str, content: bytes) -> journal.Change:
        """Stage a small file; return the change that puts it in its place."""
        journal.step(f"before {path} is staged")
        self.storage.write(journal.staged_path(path), content)
        return journal.Change(path, journal.staged_path(path))

    def _stage_file(self, file: StagedFile) -> None:
        journal.step(f"before {file.record.path} is staged")
        self.storage.put(file.local, journal.staged_path(file.record.path))

    def _furnish(self) -> None:
        """Write the empty file and the manifest of each dataset that lacks them or whose columns changed."""
        if self._furnished_for == tuple(CATALOG.values()):
            return
        contents = self.manifest_contents()
        empties = self.storage.find_all([_empty_path(dataset) for dataset in CATALOG.values()])
        changes: list[journal.Change] = []
        for dataset, empty in zip(CATALOG.values(), empties, strict=True):
            manifest, path = contents[dataset.dataset_id], _empty_path(dataset)
            if manifest is not None and empty is not None and _has_columns_of(dataset, empty):
                continue
            content = _empty_file(dataset)
            record = _empty_record(dataset, path, content)
            held = [other for other in self._read(manifest_path(dataset), manifest) if other.path != path]
            changes.append(self.stage(path, content))
            changes.append(self.stage(manifest_path(dataset), manifest_content([*held, record])))
        if changes:
            changes.sort(key=lambda change: change.target.startswith(f"{journal.MANIFEST}/"))
            journal.commit(self.storage, changes)
        self._furnished_for = tuple(CATALOG.values())


def read_records(address: str, content: bytes) -> tuple[FileRecord, ...]:
    """Return the records of a stored manifest; DataElecError where it is none."""
    with _naming(address):
        return tuple(record_from(record) for record in json.loads(content))


@contextmanager
def _naming(address: str) -> Iterator[None]:
    """Say of records that cannot be read in this block which manifest they stand in."""
    try:
        yield
    except (ValueError, TypeError, KeyError) as problem:
        raise DataElecError(
            f"The manifest {address} cannot be read: {first_line(problem)}",
            "It was cut or edited, or a newer `dataelec` wrote it. Restore it from a copy of the lake; else delete it"
            " with the files of its dataset and land them again.",
        ) from problem


def record_from(stored: Mapping[str, Any]) -> FileRecord:
    """Return a manifest record from its JSON, of this version or of one before.

    ValueError where it names a file elsewhere: a shared lake must not get builds to write there.
    """
    if not is_inside(stored["path"]):
        raise ValueError(f"{stored['path']!r} lies outside the lake")
    return FileRecord(**{**stored, "source_files": tuple(stored["source_files"])})


def read_vintages(address: str, content: bytes) -> tuple[Vintage, ...]:
    """Return the vintages of a stored history; DataElecError where it is none."""
    with _naming(address):
        return tuple(_vintage_from(stored) for stored in json.loads(content))


def _vintage_from(stored: Mapping[str, Any]) -> Vintage:
    moved = tuple(RowsMoved(**rows) for rows in stored["moved"])
    rest = {field.name: stored[field.name] for field in fields(Vintage) if field.name not in ("record", "moved")}
    if rest["kept_as"] is not None and not is_inside(rest["kept_as"]):
        raise ValueError(f"{rest['kept_as']!r} lies outside the lake")
    return Vintage(record=record_from(stored["record"]), moved=moved, **rest)


def kept_stem(record: FileRecord) -> str:
    """Return where a file is kept once its rows are replaced, without the ending."""
    return f"{SUPERSEDED}/{record.path.removesuffix('.parquet')}.{record.sha256[:12]}"


def _vintage_of(old: FileRecord | None, replacement: Replacement | None) -> Vintage | None:
    if old is None or replacement is None:
        return None
    return Vintage(
        record=old,
        kept_as=f"{kept_stem(old)}.parquet",
        replaced_at=replacement.at,
        replaced_by_vintage=replacement.by_vintage,
        is_undone=replacement.by_vintage is None,
        moved=replacement.moved,
    )


def sha256_of(path: Path) -> str:
    """Return the hash of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def manifest_path(dataset: Dataset) -> str:
    """Return where a dataset's manifest is, relative to the lake."""
    return f"{journal.MANIFEST}/{dataset.dataset_id}.json"


def vintages_path(dataset: Dataset) -> str:
    """Return where a dataset's history is, relative to the lake."""
    return f"{journal.VINTAGES}/{dataset.dataset_id}.json"


def _empty_path(dataset: Dataset) -> str:
    return f"{dataset.folder}/empty.parquet"


def _has_columns_of(dataset: Dataset, empty: bytes) -> bool:
    return bool(pq.read_schema(pa.BufferReader(empty)).equals(_arrow_schema(dataset)))


def manifest_content(records: Iterable[FileRecord]) -> bytes:
    """Return a dataset's manifest as it is stored."""
    return _json([asdict(record) for record in sorted(records, key=lambda record: record.path)])


def _json(content: object) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _arrow_schema(dataset: Dataset) -> pa.Schema:
    published = [(column.name, _ARROW_TYPES.get(column.kind, pa.string())) for column in dataset.columns]
    lineage = [
        ("_vintage_at", _INSTANT),
        ("_loaded_at", _INSTANT),
        ("_source_file", pa.string()),
        ("_is_simulated", pa.bool_()),
    ]
    return pa.schema([*published, *lineage])


def _empty_file(dataset: Dataset) -> bytes:
    content = pa.BufferOutputStream()
    # `empty_table` would import pandas, which takes longer than all empty files.
    pq.write_table(pa.Table.from_batches([], _arrow_schema(dataset)), content, store_schema=False)
    return bytes(content.getvalue())


def _empty_record(dataset: Dataset, path: str, content: bytes) -> FileRecord:
    return FileRecord(
        dataset=dataset.dataset_id,
        path=path,
        rows=0,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        url=None,
        source_files=(),
        fetched_at=None,
        portal_modified_at=None,
        vintage_from=None,
        vintage_to=None,
        first_day=None,
        last_day=None,
        producer=dataset.producer,
        licence=dataset.licence,
        is_simulated=False,
    )


def _status(dataset: Dataset, records: Sequence[FileRecord], now: dt.datetime) -> DatasetStatus:
    last_day = max((record.last_day for record in records if record.last_day), default=None)
    newest_vintage = max((record.vintage_to for record in records if record.vintage_to), default=None)
    age = _age(last_day if dataset.is_dated else None, newest_vintage, now)
    rhythm = None if dataset.is_frozen else dataset.rhythm_days
    return DatasetStatus(
        dataset=dataset.dataset_id,
        rows=sum(record.rows for record in records),
        files=len(records),
        bytes=sum(record.bytes for record in records),
        first_day=min((record.first_day for record in records if record.first_day), default=None),
        last_day=last_day,
        newest_vintage=newest_vintage,
        last_landing=max((record.fetched_at for record in records if record.fetched_at), default=None),
        is_simulated=any(record.is_simulated for record in records),
        gaps=sum(record.gaps for record in records) + _days_between_files(dataset, records),
        age_days=age.days if age else None,
        rhythm_days=rhythm,
        is_late=age is not None and rhythm is not None and age > dt.timedelta(days=rhythm),
    )


def _age(last_day: str | None, newest_vintage: str | None, now: dt.datetime) -> dt.timedelta | None:
    """Return the time since the end of the last day, else since the newest vintage; dbt's freshness takes the same."""
    if last_day is not None:
        ended = dt.datetime.combine(dt.date.fromisoformat(last_day) + dt.timedelta(days=1), dt.time(), dt.UTC)
        return max(now - ended, dt.timedelta())
    return now - dt.datetime.fromisoformat(newest_vintage) if newest_vintage else None


def _days_between_files(dataset: Dataset, records: Sequence[FileRecord]) -> int:
    """Return the days that lie between the files of a dataset divided by time."""
    if dataset.partition not in (Partition.YEAR, Partition.MONTH):
        return 0
    spans = sorted((record.first_day, record.last_day) for record in records if record.first_day and record.last_day)
    days = [(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for first, last in spans]
    return sum(max((second[0] - first[1]).days - 1, 0) for first, second in pairwise(days))
