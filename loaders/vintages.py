"""Earlier states of a lake's files: what was known at a moment, what moved since, restoring and pruning them.

A file that only gains rows keeps no earlier state: each row says of what vintage it is. A file of which rows are
replaced or withdrawn is set aside, and a record in `_vintages/` says when, by which vintage, and what moved.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from dataelec.errors import DataElecError
from loaders import journal
from loaders.catalog import CATALOG, Dataset
from loaders.conversion import literal, quoted
from loaders.exports import plainly_named
from loaders.lake import FileRecord, Lake, Replacement, RowsMoved, StagedFile, Vintage, kept_stem, sha256_of
from loaders.landing import describe, write_rows
from loaders.reading import workspace
from loaders.revisions import compare


@dataclass(frozen=True)
class KnownFile:
    """A file as it was known at a moment: the state that stood then, and where its bytes are."""

    record: FileRecord
    stored_at: str
    is_whole: bool
    """Whether all its rows were published by then; else they are to be filtered by vintage."""
    earlier: tuple[Vintage, ...] = ()
    """States before it, the newest first, that rows published later are looked up in."""


@dataclass(frozen=True)
class FileDifference:
    """What moved in one of a dataset's files."""

    dataset: str
    path: str
    moved: tuple[RowsMoved, ...]


def instant(text: str) -> dt.datetime:
    """Return the moment that a setting names: a date stands for its end, in UTC; ValueError where it is neither."""
    if len(text) == len("2026-01-31"):
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max, dt.UTC)
    moment = dt.datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def known_files(
    lake: Lake, records: Sequence[FileRecord], vintages: Sequence[Vintage], moment: dt.datetime
) -> list[KnownFile]:
    """Return a dataset's files as they were known at a moment, without those of which nothing was.

    DataElecError where a state that is needed was pruned.
    """
    newest = {record.path: record for record in records if record.rows}
    found = []
    for path in sorted({*newest, *(vintage.record.path for vintage in vintages)}):
        known = _known(lake, newest.get(path), [v for v in vintages if v.record.path == path], moment)
        if known is not None:
            found.append(known)
    return found


def _known(lake: Lake, newest: FileRecord | None, vintages: Sequence[Vintage], moment: dt.datetime) -> KnownFile | None:
    chain = [v for v in vintages if not v.is_undone and v.replaced_by_vintage is not None]
    later = [i for i, v in enumerate(chain) if _moment(v.replaced_by_vintage) > moment]
    position = later[0] if later else len(chain)
    if later:
        record, stored_at = chain[position].record, chain[position].kept_as
    elif newest is not None:
        record, stored_at = newest, newest.path
    else:
        return None
    earlier = tuple(reversed(chain[:position]))
    is_known = any(_moment(r.vintage_from) <= moment for r in (record, *(v.record for v in earlier)))
    if not is_known:
        return None
    if stored_at is None:
        raise DataElecError(
            f"What was known of {record.path} on {moment:%Y-%m-%d} is no longer held: that state"
            f" ({record.sha256[:12]}) was pruned.",
            f"`dataelec vintages {record.dataset}` lists what is still there; choose a later DATAELEC_AS_OF.",
        )
    return KnownFile(record, stored_at, _moment(record.vintage_to) <= moment, earlier)


def write_known(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    dataset: Dataset,
    known: KnownFile,
    moment: dt.datetime,
    folder: Path,
    target: Path,
) -> FileRecord:
    """Write the rows of a file that were known at a moment to a local file; return its record.

    Of a row published later, the value that it had before counts.
    """
    by_then = f"_vintage_at <= TIMESTAMPTZ '{moment.isoformat()}'"

    def rows_of(stored_at: str) -> str:
        return f"read_parquet({literal(str(_readable(lake, stored_at, folder)))}, hive_partitioning = false)"

    connection.execute(f"create or replace temp table state as select * from {rows_of(known.stored_at)}")
    connection.execute(f"create or replace temp table known as select * from state where {by_then}")
    key = " and ".join(f"e.{quoted(name)} is not distinct from o.{quoted(name)}" for name in dataset.key)
    for vintage in known.earlier if dataset.key else ():
        if vintage.kept_as is None or not _lacks(connection, "state", "known"):
            break
        connection.execute(
            f"insert into known by name select e.* from {rows_of(vintage.kept_as)} as e"
            f" where {by_then.replace('_vintage_at', 'e._vintage_at')}"
            f" and exists (select 1 from state as o where {key}) and not exists (select 1 from known as o where {key})"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    write_rows(connection, dataset, "known", target)
    record = known.record
    if not _count(connection, "known"):
        return replace(record, rows=0, bytes=target.stat().st_size, sha256=sha256_of(target), vintage_to=None)
    return describe(
        connection, dataset, record.path, target, "known", record.url, record.portal_modified_at, record.is_simulated
    )


def _readable(lake: Lake, path: str, folder: Path) -> Path:
    """Return a local path that DuckDB reads a file of the lake from, however the lake's folder is named."""
    return plainly_named(lake.storage.local_copy(path, folder), folder)


def _lacks(connection: duckdb.DuckDBPyConnection, table: str, other: str) -> bool:
    return _count(connection, table) > _count(connection, other)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchall()[0]
    return int(row[0])


def _moment(text: str | None) -> dt.datetime:
    return dt.datetime.fromisoformat(text) if text else dt.datetime.max.replace(tzinfo=dt.UTC)


def last_refresh(lake: Lake, dataset: Dataset) -> list[FileDifference]:
    """Return what the last landing that replaced rows of a dataset moved, file by file."""
    vintages = lake.vintages(dataset)
    last = max((v.replaced_at for v in vintages if v.replaced_at), default=None)
    return [FileDifference(dataset.dataset_id, v.record.path, v.moved) for v in vintages if v.replaced_at == last]


def since(lake: Lake, dataset: Dataset, moment: dt.datetime) -> list[FileDifference]:
    """Return what moved between what was known of a dataset at a moment and what the lake holds now."""
    records = lake.records(dataset)
    before = {known.record.path: known for known in known_files(lake, records, lake.vintages(dataset), moment)}
    newest = {record.path: record for record in records}
    found = []
    with workspace() as (connection, folder):
        for path in sorted({*before, *newest}):
            old, new = folder / "old.parquet", folder / "new.parquet"
            if path in before and path in newest and before[path].stored_at == path and before[path].is_whole:
                continue
            if path in before:
                write_known(connection, lake, dataset, before[path], moment, folder, old)
            if path in newest:
                new = _readable(lake, path, folder)
            empty = _readable(lake, f"{dataset.folder}/empty.parquet", folder)
            moved = compare(connection, dataset, old if path in before else empty, new if path in newest else empty)
            found.append(FileDifference(dataset.dataset_id, path, moved))
    return [difference for difference in found if difference.moved]


def restore(lake: Lake, dataset: Dataset, vintage_id: str, at: dt.datetime) -> Vintage:
    """Make an earlier state of a file the one that counts; the state that did is set aside. Return the earlier one.

    Its rows come back exactly. Where it is the earlier vintage, the state set aside counts in no later look back.
    """
    with lake.writing(), workspace() as (connection, folder):
        vintage = _find_vintage(lake, dataset, vintage_id)
        path = vintage.record.path
        newest = {record.path: record for record in lake.all_records(dataset)}.get(path)
        if newest is not None and newest.sha256 == vintage.record.sha256 and _is_sound(lake, newest, folder):
            raise DataElecError(f"{path} is in that state already ({vintage.vintage_id}).", "Nothing was changed.")
        local = _kept_file(lake, vintage, folder)
        replacement = None
        if newest is not None and _is_sound(lake, newest, folder):
            is_later = _moment(vintage.record.vintage_to) > _moment(newest.vintage_to)
            moved = compare(connection, dataset, _readable(lake, path, folder), plainly_named(local, folder))
            by_vintage = vintage.record.vintage_to if is_later else None
            replacement = Replacement(at.astimezone(dt.UTC).isoformat(), by_vintage, moved)
        lake.land({dataset.dataset_id: [StagedFile(local, vintage.record, replacement)]})
    return vintage


def _find_vintage(lake: Lake, dataset: Dataset, vintage_id: str) -> Vintage:
    found = [v for v in lake.vintages(dataset) if v.vintage_id.startswith(vintage_id)]
    if not found or len({v.vintage_id for v in found}) > 1:
        raise DataElecError(
            f"`{dataset.dataset_id}` has {'no vintage' if not found else 'more than one vintage'} {vintage_id!r}.",
            f"`dataelec vintages {dataset.dataset_id}` lists them with their ids.",
        )
    if found[-1].kept_as is None:
        raise DataElecError(
            f"The vintage {vintage_id} of {found[-1].record.path} was pruned: its rows are no longer held.",
            f"`dataelec vintages {dataset.dataset_id}` lists those that are.",
        )
    return found[-1]


def _kept_file(lake: Lake, vintage: Vintage, folder: Path) -> Path:
    assert vintage.kept_as is not None
    try:
        local = lake.storage.local_copy(vintage.kept_as, folder)
        is_sound = sha256_of(local) == vintage.record.sha256
    except FileNotFoundError:
        is_sound = False
    if not is_sound:
        raise DataElecError(
            f"{lake.root}/{vintage.kept_as} is gone or not as it was set aside.",
            "Nothing was changed. Put it back from a copy of the lake, or choose another vintage.",
        )
    return local


def _is_sound(lake: Lake, record: FileRecord, folder: Path) -> bool:
    try:
        return sha256_of(lake.storage.local_copy(record.path, folder)) == record.sha256
    except FileNotFoundError:
        return False


def prune(
    lake: Lake,
    datasets: Iterable[Dataset],
    *,
    keep: int,
    replaced_before: dt.datetime,
    is_rehearsal: bool = False,
) -> list[Vintage]:
    """Delete kept states of each file beyond the newest `keep` that were replaced before a moment; return them.

    Their records stay and say what moved; what was known before them can no longer be built.
    """
    if is_rehearsal:
        return [v for dataset in datasets for v in _prunable(lake.vintages(dataset), keep, replaced_before)]
    pruned: list[Vintage] = []
    with lake.writing():
        changes: list[journal.Change] = []
        histories: list[journal.Change] = []
        for dataset in datasets:
            vintages = lake.vintages(dataset)
            gone = _prunable(vintages, keep, replaced_before)
            if not gone:
                continue
            left = [replace(v, kept_as=None) if v in gone else v for v in vintages]
            still_needed = {v.kept_as for v in left}
            for vintage in gone:
                if vintage.kept_as is not None and vintage.kept_as not in still_needed:
                    changes.append(journal.Change(vintage.kept_as, None))
                # Where a `dataelec` of before wrote a record beside it.
                changes.append(journal.Change(f"{kept_stem(vintage.record)}.json", None))
            histories.append(lake.stage_vintages(dataset, left))
            pruned += gone
        if histories:
            journal.commit(lake.storage, [*changes, *histories])
    return pruned


def _prunable(vintages: Sequence[Vintage], keep: int, replaced_before: dt.datetime) -> list[Vintage]:
    found = []
    for path in dict.fromkeys(vintage.record.path for vintage in vintages):
        kept = [v for v in vintages if v.record.path == path and v.kept_as is not None]
        beyond = kept[:-keep] if keep else kept
        found += [v for v in beyond if v.replaced_at is None or _moment(v.replaced_at) < replaced_before]
    return found


def datasets_with_vintages(lake: Lake) -> list[Dataset]:
    """Return the datasets of which the lake has earlier states."""
    return [dataset for dataset in CATALOG.values() if lake.vintages(dataset)]
