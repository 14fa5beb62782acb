"""Lands rows: merges what was read with what the lake holds, on the natural key, and stages the files that change.

- A row whose published values the lake already holds changes nothing, whatever its vintage.
- A row that differs replaces the lake's if its vintage is later; on an equal vintage the row in the lake stays.
- A source replaces only the columns that it carries.
- Rows of a dataset without a key replace those of the same year and commune (`slice_by`), unless they are the same.
- A file whose values are many times those that the lake holds is in another unit, and is rejected.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from dataelec.errors import DataElecError
from dataelec.scratch import scratch
from loaders.catalog import Column, Dataset, Kind, Partition, find
from loaders.conversion import literal, quoted, typed_value
from loaders.exports import plainly_named, printable
from loaders.extents import WHOLE, bounds
from loaders.lake import LINEAGE, FileRecord, Lake, Replacement, StagedFile, sha256_of
from loaders.queries import all_rows, count, first_row
from loaders.reading import Landing, Reading, read_files, read_table, recognise_file, workspace
from loaders.revisions import compare

Progress = Callable[[str], None]
Result = TypeVar("Result")

TABLES_AT_ONCE = 2
READ_AT_ONCE = 2
# So many files, of so many bytes, are read by one statement: they are unpacked at the same time.
MOST_TOGETHER, LARGEST_TOGETHER = 32, 256 << 20
# A revision moves a value by percents; ten times as much is another unit, or a slip.
MOST_REVISED = 7
STATE = "lake_rows"
EARLIEST_VINTAGE = dt.datetime(1950, 1, 1, tzinfo=dt.UTC)
# How far the clock of whoever published may be ahead of ours.
CLOCKS_APART = dt.timedelta(days=1)
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
    remarks: tuple[str, ...] = ()
    """Further warnings for whoever landed it."""


@dataclass(frozen=True)
class FileCheck:
    """What reading a file found, without landing it: `problem` is why it would be rejected."""

    name: str
    rows: int = 0
    problem: DataElecError | None = None
    remarks: tuple[str, ...] = ()


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
        readings = _read_all(connection, dataset, files, landing, published_at, folder, progress)
        _refuse_impossible_vintages(connection, readings, loaded_at)
        if whole:
            _refuse_incomplete(readings[0], whole)
        with lake.writing():
            lake.refuse_mixture(is_simulated=False)
            state = _State(connection, lake, dataset, folder, landing)
            progress(f"merging {len(readings)} files" if len(readings) > 1 else f"merging {readings[0].name}")
            reports = state.merge_all(readings, whole)
            progress("writing the lake")
            staged = state.staged_files()
            if staged:
                lake.land({dataset_id: staged})
    parts = tuple(sorted(part for part in state.changed if part is not None))
    paths = tuple(sorted(path_of(dataset, part) for part in state.taken))
    return ImportReport(dataset_id, tuple(reports), parts, paths, is_changed=bool(staged))


def check_files(
    dataset_id: str,
    files: Sequence[Path],
    *,
    checked_at: dt.datetime,
    year: str | None = None,
    progress: Progress = lambda message: None,
) -> tuple[FileCheck, ...]:
    """Read exports as an import would and say of each what was found; nothing is landed, and no lake is needed."""
    dataset = find(dataset_id)
    landing = Landing(checked_at, is_simulated=False, year=year)

    def check(connection: duckdb.DuckDBPyConnection, number: int) -> FileCheck:
        file = files[number]
        progress(f"reading {printable(file)}")
        try:
            reading = read_files(connection, dataset, {number: file}, landing, None, folder)[0]
        except DataElecError as problem:
            return FileCheck(printable(file), problem=problem)
        connection.execute(f"drop table {reading.table}")
        return FileCheck(reading.name, reading.rows, remarks=reading.remarks)

    with workspace() as (connection, folder):
        return tuple(_side_by_side(connection, check, len(files)))


def _read_all(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    files: Sequence[Path],
    landing: Landing,
    published_at: dt.datetime | None,
    folder: Path,
    progress: Progress,
) -> list[Reading]:
    """Read files, some together; DataElecError names the first that is rejected, early where its beginning shows it."""
    for file in files if len(files) > 1 else ():
        recognise_file(connection, dataset, file, folder)

    together = _read_together(dataset, files)

    def read(own: duckdb.DuckDBPyConnection, number: int) -> list[Reading]:
        some = together[number]
        names = [printable(file) for file in some.values()]
        progress(f"reading {names[0]}{f' to {names[-1]}' if names[1:] else ''}")
        return read_files(own, dataset, some, landing, published_at, folder)

    return [reading for readings in _side_by_side(connection, read, len(together)) for reading in readings]


def _read_together(dataset: Dataset, files: Sequence[Path]) -> list[dict[int, Path]]:
    """Return which numbered files to read by one statement: neighbours, until they are many or large."""
    together: list[dict[int, Path]] = []
    room = 0
    for number, file in enumerate(files):
        size = file.stat().st_size if file.is_file() else 0
        room -= size
        # Where the year comes from the file, or files stand for one another, each is looked at alone.
        is_alone = dataset.year_mark or not dataset.key
        if not together or is_alone or room < 0 or len(together[-1]) == MOST_TOGETHER:
            together.append({})
            room = LARGEST_TOGETHER - size
        together[-1][number] = file
    return together


def _side_by_side(
    connection: duckdb.DuckDBPyConnection, job: Callable[[duckdb.DuckDBPyConnection, int], Result], jobs: int
) -> Iterator[Result]:
    """Do a few numbered jobs at once, each on a connection of its own; yield the results in order.

    A statement that reads files works on one core: two of them keep two at work.
    """

    def done(number: int) -> Result:
        with connection.cursor() as own:
            own.execute("set TimeZone = 'UTC'")
            return job(own, number)

    with ThreadPoolExecutor(READ_AT_ONCE) as pool:
        try:
            yield from pool.map(done, range(jobs))
        finally:
            pool.shutdown(cancel_futures=True)


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
    with scratch() as folder, lake.writing():
        lake.refuse_mixture(is_simulated)

        def stage(dataset_id: str) -> list[StagedFile]:
            with workspace() as (connection, _):
                dataset, source = find(dataset_id), f"{dataset_id}.parquet"
                reading = read_table(connection, dataset, tables[dataset_id], source, landing, vintage_at)
                state = _State(connection, None, dataset, folder, landing)
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
        self.replaced: dict[str | None, dt.datetime] = {}
        """The parts of which rows were replaced or withdrawn, with the earliest vintage that did so."""
        self.taken_from: dict[str | None, Path] = {}
        """Where the lake's files of the parts touched can be read."""
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

    def merge_all(self, readings: Sequence[Reading], whole: Whole | None) -> list[FileReport]:
        """Merge sources' rows in their order, using up their tables; says what became of those of each."""
        if not self.dataset.key:
            return self._replace_slices(readings, whole)
        if len(readings) > 1 and self._share_no_key(readings):
            return self._merge_together(readings)
        apart = self._apart(readings)
        repeated = [self._leave_out_repeated_keys(reading) for reading in apart]
        return [self._merge(reading, n, whole) for reading, n in zip(apart, repeated, strict=True)]

    def _apart(self, readings: Sequence[Reading]) -> list[Reading]:
        """Give each source a table of its own."""
        tables = Counter(reading.table for reading in readings)
        apart = []
        for reading in readings:
            if tables[reading.table] > 1:
                own = f"own_{reading.file}"
                self.connection.execute(
                    f"create table {own} as select * from {reading.table} where _file = {reading.file}"
                )
                apart.append(replace(reading, table=own))
            else:
                apart.append(reading)
        for table in tables.keys() - {reading.table for reading in apart}:
            self.connection.execute(f"drop table {table}")
        return apart

    def _share_no_key(self, readings: Sequence[Reading]) -> bool:
        """Say whether no key stands twice, and all sources carry the same columns: then their order does not matter."""
        if len({reading.absent for reading in readings}) > 1:
            return False
        key = ", ".join(map(quoted, self.dataset.key))
        tables = {reading.table for reading in readings}
        united = " union all ".join(f"select {key} from {table}" for table in tables)
        rows = sum(count(self.connection, table) for table in tables)
        return count(self.connection, f"(select distinct {key} from ({united}))") == rows

    def _merge_together(self, readings: Sequence[Reading]) -> list[FileReport]:
        """Merge sources in which no key stands twice in one go."""
        tables = dict.fromkeys(reading.table for reading in readings)
        united = " union all by name ".join(f"select * from {table}" for table in tables)
        self.connection.execute(f"create view united as {united}")
        union = replace(readings[0], name=f"{len(readings)} files", table="united")
        self._take_touched_parts(union)
        if not count(self.connection, STATE):
            found = all_rows(self.connection, "select _file, 'new', count(*) from united group by all")
            # A view, so that no row is copied; nothing is merged after these.
            self.connection.execute(f"drop table {STATE}")
            self.connection.execute(f"alter view united rename to {STATE}")
            self.changed = {row[0] for row in all_rows(self.connection, f"select distinct _part from {STATE}")}
        else:
            self._judge(union)
            found = all_rows(self.connection, "select _file, _verdict, count(*) from judged group by all")
            self._note_changes()
            self._apply()
        counts: dict[int, dict[str, int]] = {reading.file: {} for reading in readings}
        for file, verdict, number in found:
            counts[file][verdict] = number
        return [self._report(reading, 0, counts[reading.file]) for reading in readings]

    def _merge(self, reading: Reading, repeated: int, whole: Whole | None) -> FileReport:
        """Merge one source's rows, using up its table; says what became of them."""
        self._take_touched_parts(reading)
        if not count(self.connection, STATE):
            new = count(self.connection, reading.table)
            self._become(reading)
            return self._report(reading, repeated, {"new": new})
        self._judge(reading)
        counts = dict(all_rows(self.connection, "select _verdict, count(*) from judged group by _verdict"))
        self._note_changes()
        withdrawn = self._withdraw(whole) if whole else 0
        self._apply()
        self.connection.execute(f"drop table {reading.table}")
        return replace(self._report(reading, repeated, counts), withdrawn=withdrawn)

    def _note_changes(self) -> None:
        """Note the parts whose rows `judged` adds to or replaces."""
        added = all_rows(self.connection, "select distinct _part from judged where _verdict = 'new'")
        self.changed |= {row[0] for row in added}
        self._replaced("select _part, min(_vintage_at) from judged where _verdict = 'replaced' group by _part")

    def _withdraw(self, whole: Whole) -> int:
        """Delete the state's rows of a part that the source, which is all of it, does not have; return their number."""
        gone = (
            f"from {STATE} where {extent(self.dataset, whole.part)}"
            " and rowid not in (select _row from judged where _row is not null)"
            " and _vintage_at < (select max(_vintage_at) from judged)"
        )
        self._replaced(f"select _part, (select max(_vintage_at) from judged) {gone} group by _part")
        withdrawn = count(self.connection, gone.removeprefix("from "))
        self.connection.execute(f"delete {gone}")
        return withdrawn

    def _replaced(self, parts: str) -> None:
        """Note the parts, with the vintage that replaced or took away rows of theirs, that a query finds."""
        for part, vintage_at in all_rows(self.connection, parts):
            self.changed.add(part)
            self.replaced[part] = min(vintage_at, self.replaced.get(part, vintage_at))

    def _replace_slices(self, readings: Sequence[Reading], whole: Whole | None) -> list[FileReport]:
        """Put sources of rows without keys in the place of what the lake holds of the same slices (year, commune)."""
        for reading in readings:
            self._take_touched_parts(reading)
        if len(readings) == 1 and not count(self.connection, STATE):
            new = count(self.connection, readings[0].table)
            self._become(readings[0])
            return [self._report(readings[0], 0, {"new": new})]
        self._list_slices(readings)
        self._refuse_two_publications(readings)
        reports = []
        for number, reading in enumerate(readings):
            where = f"{reading.table} as i inner join brought as b on {self._same_slice('i', 'b')}"
            again = "not _is_first and _verdict <> 'unchanged'"
            repeated = count(self.connection, f"{where} where {again} and b._file = {number}")
            counts = dict(
                all_rows(
                    self.connection,
                    f"select _verdict, count(*) from {where} where b._file = {number}"
                    " and (_is_first or _verdict = 'unchanged') group by all",
                )
            )
            reports.append(self._report(reading, repeated, counts))
        withdrawn = self._take_slices_out(readings, whole)
        names = ", ".join(map(quoted, (*self.dataset.names, *LINEAGE, "_part")))
        for number, reading in enumerate(readings):
            self.connection.execute(
                f"insert into {STATE} by name select {names} from {reading.table} as i where exists (select 1 from"
                f" brought as b where {self._same_slice('i', 'b')} and b._file = {number} and _is_first"
                " and _verdict in ('new', 'replaced'))"
            )
            self.connection.execute(f"drop table {reading.table}")
        return [replace(reports[0], withdrawn=withdrawn), *reports[1:]]

    def _list_slices(self, readings: Sequence[Reading]) -> None:
        """Make `brought`: each source's slices, whether they come first with these rows, and a verdict each."""
        slices = ", ".join(map(quoted, self.dataset.slice_by))
        same_rows = ", ".join(f"b.{quoted(name)}" for name in (*self.dataset.slice_by, "_rows", "_bag"))
        # As many digits as a spreadsheet keeps.
        names = ", ".join(
            f"round({quoted(column.name)}, 9)" if column.kind is Kind.NUMBER else quoted(column.name)
            for column in self.dataset.columns
        )

        def listed(table: str, number: int) -> str:
            return (
                f"select {slices}, {number} as _file, count(*) as _rows, sum(hash({names})::HUGEINT) as _bag,"
                f" max(_vintage_at) as _vintage_at, min(_part) as _part from {table} group by all"
            )

        united = " union all ".join(listed(reading.table, number) for number, reading in enumerate(readings))
        self.connection.execute(f"create or replace table held as {listed(STATE, -1)}")
        self.connection.execute(f"create or replace table each_brought as {united}")
        # A slice that two files share lay across the cut between two parts of one file: its rows are those of both.
        self.connection.execute(
            f"""
            create or replace table brought as
            with whole_slices as (
                select {slices}, sum(_rows) as _all_rows, sum(_bag) as _all_bag, max(_vintage_at) as _latest
                from (select distinct on ({slices}, _rows, _bag) * from each_brought order by _file) group by {slices}
            )
            select
                b.*, row_number() over (partition by {same_rows} order by b._file) = 1 as _is_first,
                case
                    when h._rows is null then 'new'
                    when h._rows = w._all_rows and h._bag = w._all_bag then 'unchanged'
                    when w._latest < h._vintage_at then 'older'
                    else 'replaced'
                end as _verdict
            from each_brought as b
            inner join whole_slices as w on {self._same_slice("b", "w")}
            left join held as h on {self._same_slice("b", "h")}
            """
        )

    def _refuse_two_publications(self, readings: Sequence[Reading]) -> None:
        """Refuse files that bring other rows of the same slices, unless one slice lies across a cut."""
        found = first_row(
            self.connection,
            f"""
            select a._file, b._file, count(*), any_value(a.{quoted(self.dataset.slice_by[-1])})
            from each_brought as a inner join each_brought as b on {self._same_slice("a", "b")} and a._file < b._file
            where a._bag <> b._bag or a._rows <> b._rows
            group by a._file, b._file having count(*) > 1 limit 1
            """,
        )
        if found:
            first, second, shared, example = found
            raise DataElecError(
                f"{readings[first].name} and {readings[second].name} hold different rows of the same"
                f" {shared:,} {self.dataset.slice_by[-1]}s ({example} among them): two publications of one year.",
                "Nothing was landed. Import the one that counts, or one after the other.",
            )

    def _take_slices_out(self, readings: Sequence[Reading], whole: Whole | None) -> int:
        """Delete the state's rows of replaced slices and of those a whole publication lacks; count what is gone."""
        before = count(self.connection, STATE)
        replaced = count(self.connection, "brought where _verdict = 'replaced'")
        goes = f"exists (select 1 from brought as b where {self._same_slice(STATE, 'b')} and _verdict = 'replaced')"
        if whole:
            lacks = f"not exists (select 1 from brought as b where {self._same_slice(STATE, 'b')})"
            goes = f"{goes} or ({extent(self.dataset, whole.part)} and {lacks})"
        latest = "(select max(_vintage_at) from each_brought)"
        self._replaced(f"select _part, {latest} from {STATE} where {goes} group by _part")
        self.connection.execute(f"delete from {STATE} where {goes}")
        added = all_rows(self.connection, "select distinct _part from brought where _verdict = 'new'")
        self.changed |= {row[0] for row in added}
        gone = before - count(self.connection, STATE)
        came = first_row(self.connection, "select sum(_rows) from brought where _verdict = 'replaced' and _is_first")
        return max(gone - int((came and came[0]) or 0), 0) if replaced or whole else 0

    def _same_slice(self, first: str, second: str) -> str:
        return " and ".join(
            f"{first}.{quoted(name)} is not distinct from {second}.{quoted(name)}" for name in self.dataset.slice_by
        )

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
            remarks=reading.remarks,
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
            local = self._taken_file(self.lake, self.held[part])
            if local is None:
                continue  # Somebody deleted it: what the source brings is all there can be.
            self.taken_from[part] = plainly_named(local, self.folder)
            self._insert_held(self.taken_from[part], part)

    def _insert_held(self, local: Path, part: str | None) -> None:
        """Put the rows of a file of the lake into the state, as they would be read today.

        Lakes of earlier versions hold numbers as text, and codes without their zeros beside the same codes with them.
        """
        rows = f"read_parquet({literal(str(local))}, hive_partitioning = false)"
        types = dict(row[:2] for row in all_rows(self.connection, f"describe select * from {rows}"))
        values, renewed = [], []
        for column in self.dataset.columns:
            if (kind := types.get(column.name)) is None:
                continue
            value = quoted(column.name)
            if column.kind is Kind.CODE:
                published, value = value, f"coalesce({typed_value(column, column.name, kind)}, {value})"
                renewed.append(f"{published} is distinct from {value}")
            elif kind != column.kind.sql_type:
                value = typed_value(column, column.name, kind)
            values.append(f"{value} as {quoted(column.name)}")
        names = ", ".join([*values, *LINEAGE])
        one_a_key = ""
        if self.dataset.key and renewed and count(self.connection, f"{rows} where {' or '.join(renewed)}"):
            key = ", ".join(map(quoted, self.dataset.key))
            one_a_key = f"qualify row_number() over (partition by {key} order by _vintage_at desc, _loaded_at desc) = 1"
        self.connection.execute(
            f"insert into {STATE} by name"
            f" select * from (select {names}, {_sql_text(part)}::VARCHAR as _part from {rows}) {one_a_key}"
        )

    def _taken_file(self, lake: Lake, record: FileRecord) -> Path | None:
        """Return a local path of a file of the lake, None where it is gone; DataElecError where it was altered."""
        try:
            local = lake.storage.local_copy(record.path, self.folder)
            found = sha256_of(local)
        except FileNotFoundError:
            return None
        if found == record.sha256:
            return local
        raise DataElecError(
            f"{lake.root}/{record.path} is not as it was landed: its rows must not be merged with new ones.",
            "Nothing was landed. Put the file back from a copy, `dataelec restore` an earlier state of it, or delete it"
            " and land it again with `dataelec load` or `dataelec import`; `dataelec verify` names all such files.",
        )

    def _judge(self, reading: Reading) -> None:
        """Compare the source's rows with the state: `judged` has them as they would land, with a verdict each."""
        carried = [name for name in self.dataset.names if name not in reading.absent]
        same = " and ".join(self._says_the_same(name) for name in carried)
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
        self._refuse_another_unit(reading)

    def _refuse_another_unit(self, reading: Reading) -> None:
        """Refuse a source whose values are many times, or a small part of, those of the same rows in the lake."""
        numbers = [
            column
            for column in self.dataset.columns
            if column.kind is Kind.NUMBER and column.needed and column.name not in self.dataset.key
        ]
        if not numbers or not count(self.connection, "judged where _verdict = 'replaced'"):
            return
        joined = f"judged as i inner join (select *, rowid as _number from {STATE}) as s on i._row = s._number"
        for column in numbers:
            new, old = f"i.{quoted(column.name)}", f"s.{quoted(column.name)}"
            rows, usual = all_rows(
                self.connection, f"select count(*), median({new} / {old}) from {joined} where {new} > 0 and {old} > 0"
            )[0]
            if rows >= 3 and not 1 / MOST_REVISED <= usual <= MOST_REVISED:
                raise DataElecError(
                    f"{reading.name}: column `{column.name}`: its values are {usual:.4g} times those that the lake"
                    f" holds of the same rows (median of {rows:,}): it is in another unit.",
                    "Nothing was landed. Export it again in the dataset's units; if it is the lake that is wrong,"
                    " delete its file of these rows first.",
                )
            if column.is_steady:
                self._refuse_a_slip(reading, column, joined)

    def _refuse_a_slip(self, reading: Reading, column: Column, joined: str) -> None:
        """Refuse one value that is many times its earlier vintage, unless that is the one that leaves its day."""
        new, old = f"i.{quoted(column.name)}", f"s.{quoted(column.name)}"
        series = [n for n in self.dataset.key if n not in (self.dataset.time_column, self.dataset.clock_column)]
        time = quoted(self.dataset.time_column)
        same = " and ".join(f"d.{quoted(name)} = i.{quoted(name)}" for name in series)
        usual = (
            f"(select median(d.{quoted(column.name)}) from {STATE} as d where {same}"
            f" and d.{time} between i.{time} - INTERVAL 12 HOUR and i.{time} + INTERVAL 12 HOUR)"
        )
        far = f"{new} > 0 and {old} > 0 and ({new} > {MOST_REVISED} * {old} or {new} * {MOST_REVISED} < {old})"
        if not count(self.connection, f"{joined} where {far}"):
            return
        found = first_row(
            self.connection,
            f"select * from (select i._record, {new} as _new, {old} as _old, {usual} as _usual"
            f" from {joined} where {far})"
            " where abs(ln(_new / _usual)) >= abs(ln(_old / _usual)) order by _record limit 1",
        )
        if found:
            raise DataElecError(
                f"{reading.name}, row {found[0]}: column `{column.name}`: {found[1]:.15g} where the lake holds"
                f" {found[2]:.15g} of an earlier vintage.",
                "Nothing was landed. A revision moves a value by percents: look at the row and correct it, or export"
                " the file again.",
            )

    def _says_the_same(self, name: str) -> str:
        new, old = f"i.{quoted(name)}", f"s.{quoted(name)}"
        same = f"{new} is not distinct from {old}"
        if self.dataset.column(name).kind is not Kind.NUMBER:
            return same
        # A spreadsheet keeps fifteen digits, and pandas reads the last one as it likes.
        return f"({same} or coalesce(abs({new} - {old}) <= 1e-12 * abs({old}), false))"

    def _equals(self, name: str) -> str:
        # The plain comparison, where no null can stand, is the one that DuckDB joins on in little memory.
        column = self.dataset.column(name)
        return "=" if column.needed and not column.is_blank_kept else "is not distinct from"

    def _apply(self) -> None:
        names = ", ".join(map(quoted, (*self.dataset.names, *LINEAGE, "_part")))
        self.connection.execute(
            f"delete from {STATE} where rowid in (select _row from judged where _verdict = 'replaced')"
        )
        self.connection.execute(
            f"insert into {STATE} by name select {names} from judged where _verdict in ('new', 'replaced')"
        )
        self.connection.execute("drop table judged")

    def _staged_file(self, part: str | None) -> StagedFile:
        path = path_of(self.dataset, part)
        local = self.folder / f"new__{path.replace('/', '__')}"
        rows = f"{STATE} where {_is_part(part)}"
        write_rows(self.connection, self.dataset, rows, local)
        return StagedFile(local, self._record(path, local, rows), self._replacement(part, local))

    def _replacement(self, part: str | None, new: Path) -> Replacement | None:
        """Say what became of the rows of the lake's file of a part; None where all of them stand in the new one."""
        if part not in self.replaced or part not in self.taken_from:
            return None
        moved = compare(self.connection, self.dataset, self.taken_from[part], new)
        return Replacement(_iso(self.landing.loaded_at), _iso(self.replaced[part]), moved)

    def _record(self, path: str, local: Path, rows: str) -> FileRecord:
        landing = self.landing
        return describe(
            self.connection,
            self.dataset,
            path,
            local,
            rows,
            landing.url,
            landing.portal_modified_at,
            landing.is_simulated,
        )


def describe(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    path: str,
    local: Path,
    rows: str,
    url: str | None,
    portal_modified_at: str | None,
    is_simulated: bool,
) -> FileRecord:
    """Return the manifest record of a local file that is to stand at `path`; `rows` is what follows FROM in a query."""
    first, last = _day_sql(dataset)
    time = quoted(dataset.time_column)
    described = all_rows(
        connection,
        # Grouped first: to tell an instant's French day takes longer than all else here.
        f"select sum(n)::BIGINT, min(_first), max(_last), max(_loaded_at), min({first})::VARCHAR, max({last})::VARCHAR,"
        f" list(distinct _source_file), {_gaps_sql(dataset)}"
        f" from (select {time}, _source_file, count(*) as n, min(_vintage_at) as _first, max(_vintage_at) as _last,"
        f" max(_loaded_at) as _loaded_at from {rows} group by all)",
    )
    (number, vintage_from, vintage_to, fetched_at, first_day, last_day, sources, gaps) = described[0]
    return FileRecord(
        dataset=dataset.dataset_id,
        path=path,
        rows=number,
        bytes=local.stat().st_size,
        sha256=sha256_of(local),
        url=url,
        source_files=tuple(sorted(sources)),
        fetched_at=_iso(fetched_at),
        portal_modified_at=portal_modified_at,
        vintage_from=_iso(vintage_from),
        vintage_to=_iso(vintage_to),
        first_day=first_day,
        last_day=last_day,
        producer=dataset.producer,
        licence=dataset.licence,
        is_simulated=is_simulated,
        gaps=gaps or 0,
    )


def write_rows(connection: duckdb.DuckDBPyConnection, dataset: Dataset, rows: str, local: Path) -> None:
    """Write rows as the lake keeps them, sorted by natural key; `rows` is what follows FROM in a query."""
    names = ", ".join(map(quoted, (*dataset.names, *LINEAGE)))
    order = f"order by {', '.join(map(quoted, dataset.key))}" if dataset.key else ""
    connection.execute(
        f"copy (select {names} from {rows} {order}) to {literal(str(local))}"
        " (format parquet, compression zstd, row_group_size 122880)"
    )


def _refuse_impossible_vintages(
    connection: duckdb.DuckDBPyConnection, readings: Sequence[Reading], loaded_at: dt.datetime
) -> None:
    """Refuse rows published after now: they would keep every later correction out."""
    latest = max(loaded_at, dt.datetime.now(dt.UTC)) + CLOCKS_APART
    names = {reading.file: reading.name for reading in readings}
    for table in dict.fromkeys(reading.table for reading in readings):
        outside = first_row(
            connection,
            f"select _file, strftime(_vintage_at, '%Y-%m-%d %H:%M') from {table}"
            f" where _vintage_at > TIMESTAMPTZ '{latest.isoformat()}'"
            f" or _vintage_at < TIMESTAMPTZ '{EARLIEST_VINTAGE.isoformat()}' order by _file limit 1",
        )
        if outside:
            raise DataElecError(
                f"{names[outside[0]]} has rows that were published at {outside[1]} UTC, which cannot be.",
                "Nothing was landed. Check --published-at, the file's own time, or its column `record_timestamp`.",
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


def _is_part(part: str | None) -> str:
    """Return SQL for the rows of a part; an equation lets DuckDB pass over blocks of other parts."""
    return "_part is null" if part is None else f"_part = {literal(part)}"


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
