"""A lake: typed Parquet files by dataset and part, a manifest record for each, one writer at a time.

<portal>/<dataset>/year=YYYY/<dataset>.parquet   rows of one UTC year, sorted by natural key (in some datasets
                                                 <dataset>-YYYY-MM.parquet of one month, or departement=NN/ of one)
<portal>/<dataset>/empty.parquet                 no rows, all columns: a model above an absent dataset still builds
_manifest/<dataset>.json                         one record per file; its writing completes a landing
_portal/<dataset>.json                           what the portal said when `load` landed each part
_superseded/<portal>/<dataset>/…                 files of which rows were replaced, each with its record
_staging/                                        what a landing in progress has prepared
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dataelec.errors import DataElecError
from loaders import journal
from loaders.catalog import CATALOG, Dataset, Kind, Partition
from loaders.storage import Storage

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
class StagedFile:
    """A new file of a dataset, still on local disk, that a landing puts at `record.path`."""

    local: Path
    record: FileRecord
    replaces_rows: bool
    """Whether rows of the old file were replaced, so that the old file is kept aside."""


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

    def exists(self) -> bool:
        """Say whether a lake was ever made here."""
        return any(self.storage.exists(_manifest_path(dataset)) for dataset in CATALOG.values())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lake, finish what was interrupted, make what a lake has; DataElecError if it is held."""
        with self.storage.lock():
            journal.recover(self.storage)
            self._furnish()
            yield

    def settle(self) -> bool:
        """Finish an interrupted landing unless its writer is still at work; True if one was finished."""
        if not journal.is_unfinished(self.storage):
            return False
        try:
            with self.storage.lock():
                return journal.recover(self.storage)
        except DataElecError:
            return False

    def records(self, dataset: Dataset) -> tuple[FileRecord, ...]:
        """Return the manifest records of a dataset's files that hold rows, by path."""
        return tuple(record for record in self.all_records(dataset) if record.rows)

    def is_simulated(self) -> bool | None:
        """Say whether the lake's rows are simulated; None for a lake without rows."""
        for dataset in CATALOG.values():
            for record in self.records(dataset):
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
        return tuple(_status(dataset, self.records(dataset), now) for dataset in CATALOG.values())

    def land(self, staged: Mapping[str, Sequence[StagedFile]], removed: Sequence[FileRecord] = ()) -> None:
        """Put new files of datasets (by id) into the lake and take others away, all or nothing.

        Call it inside `writing()`. Files that are not named stay as they are.
        """
        changes: list[journal.Change] = []
        manifests: list[journal.Change] = []
        for dataset_id, files in staged.items():
            dataset = CATALOG[dataset_id]
            held = {record.path: record for record in self.all_records(dataset)}
            gone = [record.path for record in removed if record.dataset == dataset_id]
            for path in gone:
                changes.append(journal.Change(path, None))
                del held[path]
            for file in files:
                changes += self._stage_file(file, held.get(file.record.path))
                held[file.record.path] = file.record
            manifests.append(self._stage_content(_manifest_path(dataset), _manifest_content(held.values())))
        journal.commit(self.storage, [*changes, *manifests])

    def _stage_file(self, file: StagedFile, old: FileRecord | None) -> list[journal.Change]:
        path = file.record.path
        journal.step(f"before {path} is staged")
        self.storage.put(file.local, journal.staged_path(path))
        if old is None or not file.replaces_rows:
            return [journal.Change(path, journal.staged_path(path))]
        kept = f"_superseded/{path.removesuffix('.parquet')}.{old.sha256[:12]}"
        return [
            self._stage_content(f"{kept}.json", _json(asdict(old))),
            journal.Change(path, journal.staged_path(path), keep_as=f"{kept}.parquet"),
        ]

    def _stage_content(self, path: str, content: bytes) -> journal.Change:
        journal.step(f"before {path} is staged")
        self.storage.write(journal.staged_path(path), content)
        return journal.Change(path, journal.staged_path(path))

    def _furnish(self) -> None:
        """Write the empty file and the manifest of each dataset that lacks them or whose columns changed."""
        changes: list[journal.Change] = []
        for dataset in CATALOG.values():
            path = f"{dataset.folder}/empty.parquet"
            if self._is_furnished(dataset, path):
                continue
            content = _empty_file(dataset)
            record = _empty_record(dataset, path, content)
            held = [other for other in self.all_records(dataset) if other.path != path]
            changes.append(self._stage_content(path, content))
            changes.append(self._stage_content(_manifest_path(dataset), _manifest_content([*held, record])))
        if changes:
            journal.commit(self.storage, changes)

    def _is_furnished(self, dataset: Dataset, empty: str) -> bool:
        if not (self.storage.exists(empty) and self.storage.exists(_manifest_path(dataset))):
            return False
        return bool(pq.read_schema(pa.BufferReader(self.storage.read(empty))).equals(_arrow_schema(dataset)))

    def all_records(self, dataset: Dataset) -> tuple[FileRecord, ...]:
        """Return the manifest records of a dataset's files, the empty one included."""
        path = _manifest_path(dataset)
        if not self.storage.exists(path):
            return ()
        return tuple(
            FileRecord(**{**record, "source_files": tuple(record["source_files"])})
            for record in json.loads(self.storage.read(path))
        )


def sha256_of(path: Path) -> str:
    """Return the hash of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _manifest_path(dataset: Dataset) -> str:
    return f"_manifest/{dataset.dataset_id}.json"


def _manifest_content(records: Iterable[FileRecord]) -> bytes:
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
    pq.write_table(_arrow_schema(dataset).empty_table(), content, store_schema=False)
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
