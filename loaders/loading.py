"""Loads datasets from their portals: only what changed, part by part, several portals side by side.

What a portal said when a part landed is kept in the lake under `_portal/`, so that the next load knows what is due.
It is written after the landing: an interruption in between costs one more download, never a row.
"""

import datetime as dt
import json
import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace

import duckdb

from dataelec.errors import DataElecError, first_line
from dataelec.scratch import scratch
from dataelec.settings import Settings
from loaders.catalog import CATALOG, Dataset, find, match_columns
from loaders.exports import open_export
from loaders.extents import WHOLE
from loaders.http import Client, Limits, PortalError, QuotaSpentError, UnreachableError
from loaders.lake import Lake
from loaders.landing import CLOCKS_APART, EARLIEST_VINTAGE, OLDER, Progress, Whole, import_files
from loaders.portals import PORTALS
from loaders.portals.base import Announced, Part, Portal
from loaders.reading import workspace

LANDED, UNCHANGED, FAILED = "landed", "unchanged", "failed"
OK, DRIFT = "ok", "drift"
LARGEST_LOOKED_INTO = 20 << 20


@dataclass(frozen=True)
class PartSeen:
    """What was true of a part when it landed."""

    state: str
    rows: int
    fetched_at: str
    paths: tuple[str, ...]
    """The lake's files that hold its rows."""


@dataclass(frozen=True)
class DatasetSeen:
    """What was true of a dataset when it last landed whole; `modified` is None until it has."""

    modified: str | None = None
    rows: int | None = None
    parts: dict[str, PartSeen] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of one dataset in a load; what landed before a failure stays landed."""

    dataset: str
    portal: str
    result: str
    parts: tuple[str, ...] = ()
    """The parts that were downloaded and landed."""
    rows: int = 0
    bytes: int = 0
    why: str = ""
    is_unreachable: bool = False
    """Whether there was no connection to its portal."""


@dataclass(frozen=True)
class Drift:
    """How a dataset stands on its portal against the catalog."""

    dataset: str
    result: str
    rows: int | None = None
    modified: str = ""
    findings: tuple[str, ...] = ()


def loadable(dataset_ids: Sequence[str] = ()) -> list[Dataset]:
    """Return the datasets asked for (none: all that can be loaded); DataElecError for one that cannot."""
    if not dataset_ids:
        return [dataset for dataset in CATALOG.values() if dataset.portal in PORTALS]
    asked = [find(dataset_id) for dataset_id in dict.fromkeys(dataset_ids)]
    for dataset in asked:
        if dataset.portal not in PORTALS:
            raise DataElecError(
                f"`{dataset.dataset_id}` is not loaded from a portal.",
                f"Download it and run `dataelec import {dataset.dataset_id} FILE...`.",
            )
    return asked


def load(
    lake: Lake,
    datasets: Sequence[Dataset],
    settings: Settings,
    *,
    now: Callable[[], dt.datetime],
    limits: Limits | None = None,
    progress: Progress = lambda message: None,
) -> list[Outcome]:
    """Land what is due of each dataset; return what became of it, in the order given.

    A dataset that fails stops no other one; a spent quota or no connection at all stops its portal. DataElecError where
    the lake itself cannot be written. KeyboardInterrupt leaves what has landed.
    """
    lake.refuse_mixture(is_simulated=False)
    with lake.writing():
        lake.refuse_mixture(is_simulated=False)
    stop = threading.Event()
    board = _Board(progress)
    landing = threading.Lock()
    portals = list(dict.fromkeys(dataset.portal for dataset in datasets))

    def run(portal: str) -> list[Outcome]:
        own = [dataset for dataset in datasets if dataset.portal == portal]
        loader = _PortalLoader(lake, portal, now, landing, lambda message: board.notify(portal, message))
        return loader.load(own, settings, limits or Limits(), stop)

    with ThreadPoolExecutor(max_workers=max(1, len(portals))) as threads:
        futures = [threads.submit(run, portal) for portal in portals]
        try:
            outcomes = {outcome.dataset: outcome for future in futures for outcome in future.result()}
        finally:
            stop.set()
    return [outcomes[dataset.dataset_id] for dataset in datasets]


def check_sources(
    datasets: Sequence[Dataset],
    settings: Settings,
    today: dt.date,
    *,
    limits: Limits | None = None,
    progress: Progress = lambda message: None,
) -> list[Drift]:
    """Ask the portals whether each dataset still stands as the catalog says.

    One call a dataset; of those that consist of files the newest is downloaded for its columns, unless it is large.
    Portals are asked side by side; one without a connection is asked for one dataset, which says so for the others.
    """
    limits = limits or Limits(connect_timeout=4, attempts_to_connect=2)
    board = _Board(progress)

    def ask(portal: str) -> list[Drift]:
        own = [dataset for dataset in datasets if dataset.portal == portal]
        found: list[Drift] = []
        for dataset in own:
            board.notify(portal, f"asking for {dataset.dataset_id}")
            try:
                found.append(_check(open_portal(portal, settings, limits, today), dataset))
            except UnreachableError as problem:
                rest = own[len(found) + 1 :]
                unasked = f"\nThe same portal has {len(rest)} more, which were not asked for." if rest else ""
                found.append(Drift(dataset.dataset_id, FAILED, findings=(f"{problem}{unasked}",)))
                return [*found, *(Drift(other.dataset_id, FAILED) for other in rest)]
            except DataElecError as problem:
                found.append(Drift(dataset.dataset_id, FAILED, findings=(str(problem),)))
        return found

    portals = list(dict.fromkeys(dataset.portal for dataset in datasets))
    with ThreadPoolExecutor(max_workers=max(1, len(portals))) as threads:
        found = {drift.dataset: drift for drifts in threads.map(ask, portals) for drift in drifts}
    return [found[dataset.dataset_id] for dataset in datasets]


def _check(portal: Portal, dataset: Dataset) -> Drift:
    announced = portal.describe(dataset)
    drift = announced.drift if announced.fields else _drift_of_newest_file(portal, dataset, announced)
    return Drift(dataset.dataset_id, DRIFT if drift else OK, announced.rows, announced.modified, drift)


def _drift_of_newest_file(portal: Portal, dataset: Dataset, announced: Announced) -> tuple[str, ...]:
    """Say which needed columns the newest file lacks; it has others that are not landed."""
    newest = announced.parts[-1]
    if newest.bytes and newest.bytes > LARGEST_LOOKED_INTO:
        return ()
    with workspace() as (connection, folder):
        download = portal.fetch(dataset, announced, newest, folder, lambda number: None)
        columns = open_export(download.file, folder, connection, dataset.member).columns
    missing = match_columns(dataset, columns).missing
    return tuple(f"column `{name}` is gone from {download.file.name}" for name in missing)


def open_portal(
    portal: str, settings: Settings, limits: Limits, today: dt.date, stop: threading.Event | None = None
) -> Portal:
    """Return a portal, at the address that the settings give or at its own."""
    entry = PORTALS[portal]
    if entry.calls_a_minute:
        limits = replace(limits, pause=60 / entry.calls_a_minute)
    address = settings.portal_urls.get(portal, entry.url)
    return entry.kind(Client(entry.name, address, limits, stop, entry.file_hosts), today)


class _Board:
    """What each portal is at, said as one line; portals report from threads of their own."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.lines: dict[str, str] = {}
        self.lock = threading.Lock()

    def notify(self, portal: str, message: str) -> None:
        with self.lock:
            self.lines[portal] = message
            self.progress(" | ".join(self.lines.values()))


class _PortalLoader:
    """Loads one portal's datasets, one after the other."""

    def __init__(
        self,
        lake: Lake,
        portal: str,
        now: Callable[[], dt.datetime],
        landing: threading.Lock,
        notify: Progress,
    ) -> None:
        """Write to `lake` only while holding `landing`: one landing at a time bounds memory too."""
        self.lake = lake
        self.portal = portal
        self.now = now
        self.landing = landing
        self.notify = notify

    def load(
        self, datasets: Sequence[Dataset], settings: Settings, limits: Limits, stop: threading.Event
    ) -> list[Outcome]:
        """Load each dataset; after a spent quota, or without a connection, none of the others is tried."""
        outcomes: list[Outcome] = []
        given_up: PortalError | None = None
        for dataset in datasets:
            outcome = Outcome(dataset.dataset_id, self.portal, UNCHANGED)
            if given_up:
                is_unreachable = isinstance(given_up, UnreachableError)
                why = f"Not tried: {given_up}"
                outcomes.append(replace(outcome, result=FAILED, why=why, is_unreachable=is_unreachable))
                continue
            run = _DatasetLoad(self, dataset, outcome)
            try:
                run.load(open_portal(self.portal, settings, limits, self.now().date(), stop))
            except DataElecError as problem:
                given_up = problem if isinstance(problem, QuotaSpentError | UnreachableError) else None
                run.fail(str(problem), isinstance(given_up, UnreachableError))
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
                what = f"{type(problem).__name__}: {first_line(problem)}"
                run.fail(
                    f"{self.portal} answered what cannot be understood ({what}).\n"
                    "Nothing more of it was landed. Look at the dataset on the portal; if it looks well, report this."
                )
            except (OSError, duckdb.Error) as problem:
                what = problem.strerror if isinstance(problem, OSError) and problem.strerror else first_line(problem)
                run.fail(f"{what}.\nNothing more of it was landed. Check the lake's permissions and the space left.")
            outcomes.append(run.outcome)
        return outcomes


class _DatasetLoad:
    """One dataset's load; `outcome` grows with each part that lands."""

    def __init__(self, loader: _PortalLoader, dataset: Dataset, outcome: Outcome) -> None:
        self.loader = loader
        self.lake = loader.lake
        self.dataset = dataset
        self.outcome = outcome
        self.seen = read_seen(self.lake, dataset)
        recorded = [record.path for record in self.lake.records(dataset)]
        self.held = self.lake.storage.present(recorded, dataset.folder)

    def fail(self, why: str, is_unreachable: bool = False) -> None:
        self.outcome = replace(self.outcome, result=FAILED, why=why, is_unreachable=is_unreachable)

    def load(self, portal: Portal) -> None:
        """Land all that is due; raises what went wrong, `outcome` then says what landed before."""
        self.loader.notify(f"{self.dataset.dataset_id}: asking what changed")
        announced = portal.describe(self.dataset)
        if self._is_as_seen(announced):
            return
        self._refuse_shrinkage(announced)
        parts = portal.parts(self.dataset, announced)
        due = [part for part in parts if self._is_due(part)]
        pace = _Pace(due)
        for part in due:
            self._land(portal, announced, part, pace)
            pace.done(part)
        self._remember(replace(self.seen, modified=announced.modified, rows=announced.rows))
        undated = (announced.rows or 0) - sum(part.rows or 0 for part in parts)
        if undated > 0:
            self._note(f"{undated:,} of the {announced.rows:,} rows announced lie in no year")
        self._note(*announced.drift)

    def _note(self, *notes: str) -> None:
        self.outcome = replace(self.outcome, why="; ".join([*filter(None, [self.outcome.why]), *notes]))

    def _is_as_seen(self, announced: Announced) -> bool:
        same = (self.seen.modified, self.seen.rows) == (announced.modified, announced.rows)
        told = all(not self._is_due(part) for part in announced.parts)
        return same and told and all(self._is_held(seen) for seen in self.seen.parts.values())

    def _is_held(self, seen: PartSeen) -> bool:
        """Say whether the lake has the files that hold the part's rows, whatever was landed once."""
        return all(path in self.held for path in seen.paths)

    def _is_due(self, part: Part) -> bool:
        seen = self.seen.parts.get(part.name)
        if seen is None or not self._is_held(seen):
            return True
        if self.dataset.is_rolling and part.rows is not None and part.rows < self._fewest(seen.rows):
            return False  # It leaves the publisher's window: the lake keeps it.
        return seen.state != part.state

    def _fewest(self, rows_before: int) -> int:
        return math.ceil(rows_before * (1 - self.dataset.largest_shrinkage))

    def _refuse_shrinkage(self, announced: Announced) -> None:
        """Refuse a dataset that lost more rows since it last landed than its publisher ever takes away."""
        before, rows = self.seen.rows, announced.rows
        if before is None or rows is None or self.dataset.is_rolling or rows >= self._fewest(before):
            return
        raise PortalError(
            f"`{self.dataset.dataset_id}` has {rows:,} rows on the portal; it had {before:,} when it last landed.",
            "Nothing was landed. Look at the dataset on the portal: if it did shrink, raise `largest_shrinkage` in"
            " loaders/catalog/ for this load.",
        )

    def _land(self, portal: Portal, announced: Announced, part: Part, pace: "_Pace") -> None:
        name = self.dataset.dataset_id if part.name == WHOLE else f"{self.dataset.dataset_id} {part.name}"

        def notify(number: int) -> None:
            self.loader.notify(f"{name}: {number / 1e6:.1f} MB; {pace}")

        notify(0)
        with scratch() as folder:
            download = portal.fetch(self.dataset, announced, part, folder, notify)
            now = self.loader.now()
            seen = self.seen.parts.get(part.name)
            fewest = max(self.dataset.fewest_rows if part.path else 1, self._fewest(seen.rows) if seen else 1)
            with self.loader.landing:
                self.loader.notify(f"{name}: landing; {pace}")
                report = import_files(
                    self.lake,
                    self.dataset.dataset_id,
                    [download.file],
                    loaded_at=now,
                    published_at=_instant(announced.modified),
                    url=download.url,
                    portal_modified_at=announced.modified or None,
                    year=part.year,
                    whole=Whole(part.name, download.rows, fewest),
                )
        (file,) = report.files
        if older := file.left_out.get(OLDER, 0):
            self._note(f"{name}: {older:,} rows differ from the lake's, which are of a later vintage and stay")
        if file.withdrawn:
            self._note(f"{name}: {file.withdrawn:,} rows are no longer published and left the lake")
        self.outcome = replace(
            self.outcome,
            result=LANDED if report.is_changed else self.outcome.result,
            parts=(*self.outcome.parts, part.name),
            rows=self.outcome.rows + file.rows,
            bytes=self.outcome.bytes + download.bytes,
        )
        self.held.update(report.paths)
        landed = PartSeen(part.state, file.rows, now.isoformat(), report.paths)
        self._remember(replace(self.seen, parts={**self.seen.parts, part.name: landed}))

    def _remember(self, seen: DatasetSeen) -> None:
        self.seen = seen
        with self.loader.landing, self.lake.storage.lock():
            content = json.dumps(asdict(seen), indent=1, sort_keys=True) + "\n"
            self.lake.storage.write(_seen_path(self.dataset), content.encode())


class _Pace:
    """How far a dataset's load is, and how long the rest will take: by rows where they are known, else by parts."""

    def __init__(self, due: Sequence[Part]) -> None:
        self.unit = "parts" if any(part.rows is None for part in due) else "rows"
        self.due = sum(self._weight(part) for part in due)
        self.landed = 0
        self.started = time.monotonic()

    def _weight(self, part: Part) -> int:
        return 1 if self.unit == "parts" or part.rows is None else part.rows

    def done(self, part: Part) -> None:
        self.landed += self._weight(part)

    def __str__(self) -> str:
        standing = f"{self.landed:,} of {self.due:,} {self.unit}"
        if not self.landed:
            return standing
        seconds = (time.monotonic() - self.started) / self.landed * (self.due - self.landed)
        left = f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
        return f"{standing}, about {left} left"


def read_seen(lake: Lake, dataset: Dataset) -> DatasetSeen:
    """Return what the portal said of a dataset when it last landed; nothing seen where it was never loaded."""
    path = _seen_path(dataset)
    if not lake.storage.exists(path):
        return DatasetSeen()
    kept = json.loads(lake.storage.read(path))
    parts = {name: PartSeen(**{**seen, "paths": tuple(seen["paths"])}) for name, seen in kept["parts"].items()}
    return DatasetSeen(kept["modified"], kept["rows"], parts)


def _seen_path(dataset: Dataset) -> str:
    return f"_portal/{dataset.dataset_id}.json"


def _instant(moment: str) -> dt.datetime | None:
    """Return a portal's date of change; None, which stands for the time of download, where it is none.

    One that cannot be, of before there were such data or still to come, is none: it would keep true corrections out.
    """
    try:
        found = dt.datetime.fromisoformat(moment)
        at = (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return at if EARLIEST_VINTAGE <= at <= dt.datetime.now(dt.UTC) + CLOCKS_APART else None
