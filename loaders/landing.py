"""Lands rows: merges what was read with what the lake holds, on the natural key, and stages the files that change.

- A row whose published values the lake already holds changes nothing, whatever its vintage.
- A row that differs replaces the lake's if its vintage is later; on an equal vintage the row in the lake stays.
- A source replaces only the columns that it carries.
- Rows of a dataset without a key replace all that the lake holds, unless they are the same ones.
"""

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dataelec.errors import DataElecError
from loaders.catalog import Dataset, Kind, Partition, find
from loaders.conversion import literal, quoted
from loaders.extents import WHOLE, bounds
from loaders.lake import LINEAGE, FileRecord, Lake, StagedFile, sha256_of
from loaders.queries import all_rows, count, first_row
from loaders.reading import Landing, Reading, read_file, read_table, workspace

Progress = Callable[[str], None]

TABLES_AT_ONCE = 2
STATE = "lake_rows"
REPEATED = "the key stands twice in the file: the row of the later vintage, else the first, counts"
OLDER = "the lake holds another value of the same or a later vintage"


@dataclass(frozen=True)
class FileReport:
    """What became of one file's rows: `rows` = new + replaced + unchanged + all left out."""

    name: str
    rows: int
    new: int
    replaced: int
    unchanged: int
    left_out: dict[str, int]
    unknown: tuple[str, ...]
    withdrawn: int = 0
    """Rows that the lake held of the part and that are no longer published."""


@dataclass(frozen=True)
class Whole:
    """What a download claims to be: all the rows of one part, as portals name parts."""

    part: str
    rows: int | None
    """How many rows were announced."""
    fewest: int
    """How many it must have at least."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did."""

    dataset: str
    files: tuple[FileReport, ...]
    parts: tuple[str, ...]
    """Parts of the lake (years, months, départements) whose file changed; empty for a dataset in one file."""
    paths: tuple[str, ...]
    """The lake's files that hold the rows read, changed or not."""
    is_changed: bool


def import_files(
    lake: Lake,
    dataset_id: str,
    files: Sequence[Path],
    *,
    loaded_at: dt.datetime,
    published_at: dt.datetime | None = None,
    url: str | None = None,
    portal_modified_at: str | None = None,
    year: str | None = None,
    whole: Whole | None = None,
    progress: Progress = lambda message: None,
) -> ImportReport:
    """Land exports of a dataset, in the order given: all of them, or none and the lake stays as it was.

    `published_at` is the vintage of files whose rows carry none, `year` the year of rows that do not say it; `url` and
    `portal_modified_at` go into the manifest. With `whole`, rows of that part which the one file lacks leave the lake.
    DataElecError says which file and why.
    """
    dataset = find(dataset_id)
    landing = Landing(loaded_at, is_simulated=False, url=url, portal_modified_at=portal_modified_at, year=year)
    lake.refuse_mixture(is_simulated=False)
    with workspace() as (connection, folder):
        readings = []
        for number, file in enumerate(files):
            progress(f"reading {file.name}")
            readings.append(read_file(connection, dataset, file, f"read_{number}", landing, published_at))
        if whole:
            _refuse_incomplete(readings[0], whole)
        with lake.writing():
            lake.refuse_mixture(is_simulated=False)
            state = _State(connection, lake, dataset, folder, landing)
            reports = []
            for reading in readings:
                progress(f"merging {reading.name}")
                reports.append(state.merge(reading, whole))
            progress("writing the lake")
            staged = state.staged_files()
            if staged:
                lake.land({dataset_id: staged})
    parts = tuple(sorted(part for part in state.changed if part is not None))
    paths = tuple(sorted(path_of(dataset, part) for part in state.taken))
    return ImportReport(dataset_id, tuple(reports), parts, paths, is_changed=bool(staged))


def land_tables(
    lake: Lake,
    tables: Mapping[str, pa.Table],
    *,
    is_simulated: bool,
    loaded_at: dt.datetime,
    vintage_at: dt.datetime,
) -> None:
    """Make Arrow tables in the portals' form the whole of what the lake holds of these datasets (by id).

    All of them land together. What the lake held of them is not kept; other datasets stay. The same tables and times
    give the same bytes.
    """
    landing = Landing(loaded_at, is_simulated)
    with tempfile.TemporaryDirectory(prefix="dataelec-") as name, lake.writing():
        lake.refuse_mixture(is_simulated)

        def stage(dataset_id: str) -> list[StagedFile]:
            with workspace() as (connection, _):
                dataset, source = find(dataset_id), f"{dataset_id}.parquet"
                reading = read_table(connection, dataset, tables[dataset_id], source, "read", landing, vintage_at)
                state = _State(connection, None, dataset, Path(name), landing)
                state.adopt(reading)
                return state.staged_files()

        # The longest first; a database each, because much of the work of one uses one core.
        by_length = sorted(tables, key=lambda dataset_id: -tables[dataset_id].num_rows)
        with ThreadPoolExecutor(TABLES_AT_ONCE) as pool:
            staged = dict(zip(by_length, pool.map(stage, by_length), strict=True))
        removed = []
        for dataset_id, files in staged.items():
            written = {file.record.path for file in files}
            removed += [record for record in lake.records(find(dataset_id)) if record.path not in written]
        lake.land(staged, removed)


class _State:
    """The rows of a dataset as they will stand after the landing: the parts touched so far, in one DuckDB table."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        lake: Lake | None,
        dataset: Dataset,
        folder: Path,
        landing: Landing,
    ) -> None:
        """Start empty; rows are taken from `lake` (None: from nowhere) as merges touch their parts."""
        self.connection = connection
        self.lake = lake
        self.dataset = dataset
        self.folder = folder
        self.landing = landing
        self.held = {part_of(record.path): record for record in lake.records(dataset)} if lake else {}
        self.taken: set[str | None] = set()
        self.changed: set[str | None] = set()
        self.replaced: set[str | None] = set()
        columns = [f"{quoted(column.name)} {column.kind.sql_type}" for column in dataset.columns]
        connection.execute(
            f"create or replace table {STATE} ({', '.join(columns)}, _vintage_at TIMESTAMPTZ, _loaded_at TIMESTAMPTZ,"
            " _source_file VARCHAR, _is_simulated BOOLEAN, _part VARCHAR)"
        )

    def adopt(self, reading: Reading) -> None:
        """Make one source's rows the whole state; DataElecError unless all its rows have keys of their own."""
        repeated = self._leave_out_repeated_keys(reading)
        if repeated or reading.left_out:
            raise DataElecError(f"{reading.name}: rows without a key of their own: {repeated}, {reading.left_out}")
        self._become(reading)

    def _become(self, reading: Reading) -> None:
        """Make the source's table the state, without copying it."""
        self.connection.execute(f"drop table {STATE}")
        self.connection.execute(f"alter table {reading.table} rename to {STATE}")
        self.changed = {row[0] for row in all_rows(self.connection, f"select distinct _part from {STATE}")}

    def merge(self, reading: Reading, whole: Whole | None = None) -> FileReport:
        """Merge one source's rows, using up its table; says what became of them."""
        if not self.dataset.key:
            return self._replace_all(reading)
        repeated = self._leave_out_repeated_keys(reading)
        self._take_touched_parts(reading)
        if not count(self.connection, STATE):
            new = count(self.connection, reading.table)
            self._become(reading)
            return self._report(reading, repeated, {"new": new})
        self._judge(reading)
        counts = dict(all_rows(self.connection, "select _verdict, count(*) from judged group by _verdict"))
        for verdict, parts in (("new", self.changed), ("replaced", self.replaced)):
            found = all_rows(self.connection, f"select distinct _part from judged where _verdict = '{verdict}'")
            parts.update(row[0] for row in found)
        withdrawn = self._withdraw(whole) if whole else 0
        self.changed |= self.replaced
        self._apply(reading)
        return replace(self._report(reading, repeated, counts), withdrawn=withdrawn)

    def _withdraw(self, whole: Whole) -> int:
        """Delete the state's rows of a part that the source, which is all of it, does not have; return their number."""
        gone = (
            f"from {STATE} where {extent(self.dataset, whole.part)}"
            " and rowid not in (select _row from judged where _row is not null)"
            " and _vintage_at < (select max(_vintage_at) from judged)"
        )
        self.replaced.update(row[0] for row in all_rows(self.connection, f"select distinct _part {gone}"))
        withdrawn = count(self.connection, gone.removeprefix("from "))
        self.connection.execute(f"delete {gone}")
        return withdrawn

    def _replace_all(self, reading: Reading) -> FileReport:
        """Make a source of rows without keys the state; if the lake holds the same rows, change nothing."""
        rows = count(self.connection, reading.table)
        self._take_touched_parts(reading)
        if self._bag(STATE) == self._bag(reading.table):
            self.connection.execute(f"drop table {reading.table}")
            return self._report(reading, 0, {"unchanged": rows})
        is_replaced = bool(count(self.connection, STATE))
        self._become(reading)
        self.replaced = set(self.changed) if is_replaced else set()
        return self._report(reading, 0, {"replaced" if is_replaced else "new": rows})

    def _bag(self, table: str) -> tuple[Any, ...] | None:
        """Return what tells the rows of a table, in any order, from others (but for chance)."""
        names = ", ".join(map(quoted, self.dataset.names))
        return first_row(self.connection, f"select count(*), sum(hash({names})::HUGEINT) from {table}")

    def _report(self, reading: Reading, repeated: int, counts: Mapping[str, int]) -> FileReport:
        left_out = dict(reading.left_out)
        left_out |= {reason: n for reason, n in ((REPEATED, repeated), (OLDER, counts.get("older", 0))) if n}
        return FileReport(
            name=reading.name,
            rows=reading.rows,
            new=counts.get("new", 0),
            replaced=counts.get("replaced", 0),
            unchanged=counts.get("unchanged", 0),
            left_out=left_out,
            unknown=reading.unknown,
        )

    def staged_files(self) -> list[StagedFile]:
        """Write the parts that changed to local files, sorted by natural key, and describe them."""
        return [self._staged_file(part) for part in sorted(self.changed, key=lambda part: part or "")]

    def _leave_out_repeated_keys(self, reading: Reading) -> int:
        """Reduce the source to one row a key; return how many rows that leaves out."""
        if not self.dataset.key:
            return 0
        key = ", ".join(map(quoted, self.dataset.key))
        repeated = count(self.connection, reading.table) - count(
            self.connection, f"(select distinct {key} from {reading.table})"
        )
        # Ranking costs much more than counting, and hardly any source repeats a key.
        if repeated:
            self.connection.execute(
                f"create or replace table {reading.table} as select * from {reading.table}"
                f" qualify row_number() over (partition by {key} order by _vintage_at desc, _record) = 1"
            )
        return repeated

    def _take_touched_parts(self, reading: Reading) -> None:
        """Copy into the state the lake's files of parts that the source touches and that are not there yet."""
        touched = {row[0] for row in all_rows(self.connection, f"select distinct _part from {reading.table}")}
        for part in touched - self.taken:
            self.taken.add(part)
            if part not in self.held:
                continue
            assert self.lake is not None
            if not self.lake.storage.exists(self.held[part].path):
                continue  # Somebody deleted it: what the source brings is all there can be.
            local = self.lake.storage.local_copy(self.held[part].path, self.folder)
            self.connection.execute(
                f"insert into {STATE} by name select *, {_sql_text(part)}::VARCHAR as _part"
                f" from read_parquet({literal(str(local))}, hive_partitioning = false)"
            )

    def _judge(self, reading: Reading) -> None:
        """Compare the source's rows with the state: `judged` has them as they would land, with a verdict each."""
        carried = [name for name in self.dataset.names if name not in reading.absent]
        same = " and ".join(f"i.{quoted(name)} is not distinct from s.{quoted(name)}" for name in carried)
        kept = ", ".join(f"s.{quoted(name)} as {quoted(name)}" for name in reading.absent)
        key = " and ".join(f"i.{quoted(name)} {self._equals(name)} s.{quoted(name)}" for name in self.dataset.key)
        self.connection.execute(
            f"""
            create or replace table judged as
            select i.* {f"replace ({kept})" if kept else ""}, s._row,
                case
                    when s._row is null then 'new'
                    when {same} then 'unchanged'
                    when i._vintage_at > s._vintage_at then 'replaced'
                    else 'older'
                end as _verdict
            from {reading.table} as i left join (select *, rowid as _row from {STATE}) as s on {key}
            """
        )

    def _equals(self, name: str) -> str:
        # The plain comparison, where no null can stand, is the one that DuckDB joins on in little memory.
        return "=" if self.dataset.column(name).needed else "is not distinct from"

    def _apply(self, reading: Reading) -> None:
        names = ", ".join(map(quoted, (*self.dataset.names, *LINEAGE, "_part")))
        self.connection.execute(
            f"delete from {STATE} where rowid in (select _row from judged where _verdict = 'replaced')"
        )
        self.connection.execute(
            f"insert into {STATE} by name select {names} from judged where _verdict in ('new', 'replaced')"
        )
        self.connection.execute("drop table judged")
        self.connection.execute(f"drop table {reading.table}")

    def _staged_file(self, part: str | None) -> StagedFile:
        names = ", ".join(map(quoted, (*self.dataset.names, *LINEAGE)))
        order = f"order by {', '.join(map(quoted, self.dataset.key))}" if self.dataset.key else ""
        path = path_of(self.dataset, part)
        local = self.folder / path.replace("/", "__")
        rows = f"{STATE} where _part is not distinct from {_sql_text(part)}"
        self.connection.execute(
            f"copy (select {names} from {rows} {order}) to {literal(str(local))}"
            " (format parquet, compression zstd, row_group_size 122880)"
        )
        return StagedFile(local, self._record(path, local, rows), replaces_rows=part in self.replaced)

    def _record(self, path: str, local: Path, rows: str) -> FileRecord:
        first, last = _day_sql(self.dataset)
        described = all_rows(
            self.connection,
            f"select count(*), min(_vintage_at), max(_vintage_at), max(_loaded_at), min({first})::VARCHAR,"
            f" max({last})::VARCHAR, list(distinct _source_file), {_gaps_sql(self.dataset)} from {rows}",
        )
        (number, vintage_from, vintage_to, fetched_at, first_day, last_day, sources, gaps) = described[0]
        return FileRecord(
            dataset=self.dataset.dataset_id,
            path=path,
            rows=number,
            bytes=local.stat().st_size,
            sha256=sha256_of(local),
            url=self.landing.url,
            source_files=tuple(sorted(sources)),
            fetched_at=_iso(fetched_at),
            portal_modified_at=self.landing.portal_modified_at,
            vintage_from=_iso(vintage_from),
            vintage_to=_iso(vintage_to),
            first_day=first_day,
            last_day=last_day,
            producer=self.dataset.producer,
            licence=self.dataset.licence,
            is_simulated=self.landing.is_simulated,
            gaps=gaps or 0,
        )


def _refuse_incomplete(reading: Reading, whole: Whole) -> None:
    if whole.rows is not None and reading.rows != whole.rows:
        raise DataElecError(
            f"{reading.name} has {reading.rows:,} rows where {whole.rows:,} were announced.",
            "Nothing of it was landed. The portal may be republishing: run the command again later.",
        )
    if reading.rows < whole.fewest:
        raise DataElecError(
            f"{reading.name} has {reading.rows:,} rows; {whole.fewest:,} at least were expected.",
            "Nothing of it was landed. Look at the dataset on the portal: if it did shrink, see `fewest_rows` and"
            " `largest_shrinkage` in loaders/catalog/.",
        )


def extent(dataset: Dataset, part: str) -> str:
    """Return SQL for the rows of a dataset that a part holds, as portals name parts: `all`, `2024`, `73 2025-2026`."""
    if part == WHOLE:
        return "true"
    territory, _, span = part.rpartition(" ")
    first, last = bounds(span)
    if not dataset.is_dated:
        return f"{quoted(dataset.time_column)} between {first.year} and {last.year - 1}"
    time = quoted(dataset.time_column)
    if dataset.column(dataset.time_column).kind is Kind.INSTANT:
        time = f"({time} at time zone 'UTC')"
    in_span = f"{time} >= DATE '{first}' and {time} < DATE '{last}'"
    return f"{in_span} and starts_with({quoted(dataset.key[0])}, {literal(territory)})" if territory else in_span


def path_of(dataset: Dataset, part: str | None) -> str:
    """Return the path, relative to the lake, of the file that holds a part of a dataset."""
    name = dataset.dataset_id
    match dataset.partition:
        case Partition.NONE:
            return f"{dataset.folder}/{name}.parquet"
        case Partition.MONTH:
            assert part is not None
            return f"{dataset.folder}/year={part[:4]}/{name}-{part}.parquet"
        case _:
            return f"{dataset.folder}/{dataset.partition.value}={part}/{name}.parquet"


def part_of(path: str) -> str | None:
    """Return the part of its dataset that a file of the lake holds; None where there is one file."""
    *_, folder, name = path.split("/")
    month = re.search(r"-(\d{4}-\d{2})\.parquet$", name)
    if month:
        return month[1]
    return folder.partition("=")[2] if "=" in folder else None


def _sql_text(part: str | None) -> str:
    return "null" if part is None else literal(part)


def _day_sql(dataset: Dataset) -> tuple[str, str]:
    """Return SQL for the first and last French day that a row covers."""
    time = quoted(dataset.time_column)
    match dataset.column(dataset.time_column).kind:
        case Kind.INSTANT:
            day = f"({time} at time zone 'Europe/Paris')::DATE"
            return day, day
        case Kind.DATE:
            return time, time
        case _:
            return f"make_date({time}, 1, 1)", f"make_date({time}, 12, 31)"


def _gaps_sql(dataset: Dataset) -> str:
    """Return SQL for the days, or years where that is all there is, between the first and the last without any row."""
    step = _day_sql(dataset)[0] if dataset.is_dated else quoted(dataset.time_column)
    return f"max({step}) - min({step}) + 1 - count(distinct {step})"


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()
