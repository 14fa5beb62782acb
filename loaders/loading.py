"""Loads datasets from their portals: only what changed, period by period, several portals side by side.

What a portal said when a period landed is kept in the lake under `_portal/`, so that the next load knows what is due.
It is written after the landing: an interruption in between costs one more download, never a row.
"""

import datetime as dt
import json
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import duckdb

from loaders.catalog import CATALOG, Dataset, find
from loaders.errors import DataElecError
from loaders.http import Client, Limits, PortalError, QuotaSpentError, UnreachableError
from loaders.lake import Lake
from loaders.landing import OLDER, Progress, import_files
from loaders.portals import PORTALS
from loaders.portals.base import WHOLE, Announced, Portal, is_closed
from loaders.settings import Settings

LANDED, UNCHANGED, FAILED = "landed", "unchanged", "failed"
OK, DRIFT = "ok", "drift"


@dataclass(frozen=True)
class PeriodSeen:
    """What was true of a period when it landed."""

    rows: int
    modified: str
    fetched_at: str


@dataclass(frozen=True)
class DatasetSeen:
    """What was true of a dataset when it last landed whole; `modified` is None until it has."""

    modified: str | None = None
    rows: int = 0
    periods: dict[str, PeriodSeen] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of one dataset in a load; what landed before a failure stays landed."""

    dataset: str
    portal: str
    result: str
    periods: tuple[str, ...] = ()
    """The periods that were downloaded and landed."""
    rows: int = 0
    bytes: int = 0
    why: str = ""


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
                f"`{dataset.dataset_id}` cannot be loaded from its portal yet.",
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
        loader = _PortalLoader(lake, portal, now, landing, lambda message: board.say(portal, message))
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
    *,
    limits: Limits | None = None,
    progress: Progress = lambda message: None,
) -> list[Drift]:
    """Ask the portals whether each dataset still stands as the catalog says; one call a dataset, no download."""
    found = []
    for dataset in datasets:
        progress(f"asking for {dataset.dataset_id}")
        try:
            announced = open_portal(dataset.portal, settings, limits or Limits()).describe(dataset)
        except DataElecError as problem:
            found.append(Drift(dataset.dataset_id, FAILED, findings=(str(problem),)))
            continue
        result = DRIFT if announced.drift else OK
        found.append(Drift(dataset.dataset_id, result, announced.rows, announced.modified, announced.drift))
    return found


def open_portal(portal: str, settings: Settings, limits: Limits, stop: threading.Event | None = None) -> Portal:
    """Return a portal, at the address that the settings give or at its own."""
    entry = PORTALS[portal]
    return entry.kind(Client(entry.name, settings.portal_urls.get(portal, entry.url), limits, stop))


class _Board:
    """What each portal is at, said as one line; portals report from threads of their own."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.lines: dict[str, str] = {}
        self.lock = threading.Lock()

    def say(self, portal: str, message: str) -> None:
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
        say: Progress,
    ) -> None:
        """Write to `lake` only while holding `landing`: one landing at a time bounds memory too."""
        self.lake = lake
        self.portal = portal
        self.now = now
        self.landing = landing
        self.say = say

    def load(
        self, datasets: Sequence[Dataset], settings: Settings, limits: Limits, stop: threading.Event
    ) -> list[Outcome]:
        """Load each dataset; after a spent quota, or without a connection, none of the others is tried."""
        outcomes: list[Outcome] = []
        given_up: PortalError | None = None
        for dataset in datasets:
            outcome = Outcome(dataset.dataset_id, self.portal, UNCHANGED)
            if given_up:
                outcomes.append(replace(outcome, result=FAILED, why=f"Not tried: {given_up}"))
                continue
            run = _DatasetLoad(self, dataset, outcome)
            try:
                run.load(open_portal(self.portal, settings, limits, stop))
            except DataElecError as problem:
                given_up = problem if isinstance(problem, QuotaSpentError | UnreachableError) else None
                run.fail(str(problem))
            except (OSError, duckdb.Error) as problem:
                run.fail(f"{problem}\nNothing more of it was landed. Check the lake's permissions and the space left.")
            outcomes.append(run.outcome)
        return outcomes


class _DatasetLoad:
    """One dataset's load; `outcome` grows with each period that lands."""

    def __init__(self, loader: _PortalLoader, dataset: Dataset, outcome: Outcome) -> None:
        self.loader = loader
        self.lake = loader.lake
        self.dataset = dataset
        self.outcome = outcome
        self.seen = read_seen(self.lake, dataset)

    def fail(self, why: str) -> None:
        self.outcome = replace(self.outcome, result=FAILED, why=why)

    def load(self, portal: Portal) -> None:
        """Land all that is due; raises what went wrong, `outcome` then says what landed before."""
        self.loader.say(f"{self.dataset.dataset_id}: asking what changed")
        announced = portal.describe(self.dataset)
        if self._is_as_seen(announced):
            return
        counts = portal.periods(self.dataset, announced)
        due = [period for period, rows in counts.items() if self._is_due(period, rows, announced)]
        started, rows_due, rows_done = time.monotonic(), sum(counts[period] for period in due), 0
        for period in due:
            left = _time_left(time.monotonic() - started, rows_done, rows_due)
            self._land(portal, announced, period, f"{rows_done:,} of {rows_due:,} rows{left}")
            rows_done += counts[period]
        self._remember(replace(self.seen, modified=announced.modified, rows=announced.rows))
        undated = announced.rows - sum(counts.values())
        notes = [self.outcome.why] if self.outcome.why else []
        if undated:
            notes.append(f"{undated:,} of the {announced.rows:,} rows announced lie in no year")
        self.outcome = replace(self.outcome, why="; ".join([*notes, *announced.drift]))

    def _is_as_seen(self, announced: Announced) -> bool:
        same = (self.seen.modified, self.seen.rows) == (announced.modified, announced.rows)
        return same and all(self._is_held(period) for period in self.seen.periods)

    def _is_held(self, period: str) -> bool:
        """Say whether the lake has the period's file, whatever was landed once."""
        part = "" if period == WHOLE else f"year={period}/"
        path = f"{self.dataset.folder}/{part}{self.dataset.dataset_id}.parquet"
        recorded = any(record.path == path for record in self.lake.records(self.dataset))
        return recorded and self.lake.storage.exists(path)

    def _is_due(self, period: str, rows: int, announced: Announced) -> bool:
        seen = self.seen.periods.get(period)
        if seen is None or seen.rows != rows or not self._is_held(period):
            return True
        # It must have been closed when it was fetched: a revision may have come between then and its closing.
        fetched_in = dt.datetime.fromisoformat(seen.fetched_at).year
        return seen.modified != announced.modified and not is_closed(self.dataset, period, fetched_in)

    def _land(self, portal: Portal, announced: Announced, period: str, standing: str) -> None:
        name = self.dataset.dataset_id if period == WHOLE else f"{self.dataset.dataset_id} {period}"

        def say(number: int) -> None:
            self.loader.say(f"{name}: {number / 1e6:.1f} MB; {standing}")

        say(0)
        with tempfile.TemporaryDirectory(prefix="dataelec-") as folder:
            export = portal.fetch(self.dataset, announced, period, Path(folder), say)
            now = self.loader.now()
            with self.loader.landing:
                self.loader.say(f"{name}: landing; {standing}")
                report = import_files(
                    self.lake,
                    self.dataset.dataset_id,
                    [export.path],
                    loaded_at=now,
                    published_at=_instant(announced.modified),
                    url=export.url,
                    portal_modified_at=announced.modified,
                )
        older = sum(file.left_out.get(OLDER, 0) for file in report.files)
        notes = [self.outcome.why] if self.outcome.why else []
        if older:
            notes.append(f"{name}: {older:,} rows differ from the lake's, which are of a later vintage and stay")
        self.outcome = replace(
            self.outcome,
            result=LANDED if report.is_changed else self.outcome.result,
            periods=(*self.outcome.periods, period),
            rows=self.outcome.rows + export.rows,
            bytes=self.outcome.bytes + export.bytes,
            why="; ".join(notes),
        )
        landed = PeriodSeen(export.rows, announced.modified, now.isoformat())
        self._remember(replace(self.seen, periods={**self.seen.periods, period: landed}))

    def _remember(self, seen: DatasetSeen) -> None:
        self.seen = seen
        with self.loader.landing, self.lake.storage.lock():
            content = json.dumps(asdict(seen), indent=1, sort_keys=True) + "\n"
            self.lake.storage.write(_seen_path(self.dataset), content.encode())


def read_seen(lake: Lake, dataset: Dataset) -> DatasetSeen:
    """Return what the portal said of a dataset when it last landed; nothing seen where it was never loaded."""
    path = _seen_path(dataset)
    if not lake.storage.exists(path):
        return DatasetSeen()
    said = json.loads(lake.storage.read(path))
    return DatasetSeen(
        said["modified"], said["rows"], {period: PeriodSeen(**seen) for period, seen in said["periods"].items()}
    )


def _seen_path(dataset: Dataset) -> str:
    return f"_portal/{dataset.dataset_id}.json"


def _instant(moment: str) -> dt.datetime | None:
    """Return a portal's date of change; None, which stands for the time of download, where it is none."""
    try:
        found = dt.datetime.fromisoformat(moment)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _time_left(elapsed: float, done: int, due: int) -> str:
    if not done:
        return ""
    seconds = elapsed / done * (due - done)
    return f", about {seconds / 60:.0f} min left" if seconds >= 90 else f", about {seconds:.0f} s left"
