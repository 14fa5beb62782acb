"""The `dataelec` command: `load`, `import`, `sample`, `sources`, `status`, `verify`."""

import datetime as dt
import errno
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Column, Table

from loaders.catalog import CATALOG, Dataset, find
from loaders.errors import DataElecError, first_line
from loaders.lake import DatasetStatus, Lake
from loaders.landing import FileReport, ImportReport, import_files
from loaders.loading import DRIFT, FAILED, LANDED, OK, Drift, Outcome, check_sources, load, loadable
from loaders.portals import PORTALS
from loaders.settings import LIVE_LAKE, SAMPLE_LAKE, Settings
from loaders.verification import verify
from simulation import DEFAULT_SEED, write_sample

SOME_DATASET_EMPTY = 3
PIPED_WIDTH = 400


def _instant(ctx: click.Context, param: click.Parameter, value: str | None) -> dt.datetime | None:
    """Read an ISO date or instant; without an offset it is UTC."""
    if value is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is not an ISO date or instant, such as 2025-10-31 or 2025-10-31T08:00:00+01:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


class _Explaining(click.Group):
    """A group whose commands explain their errors without a traceback and exit with 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command asked for."""
        try:
            return super().invoke(ctx)
        except DataElecError as problem:
            click.echo(f"Error: {problem}", err=True)
        except OSError as problem:
            if problem.errno == errno.EPIPE:
                raise
            click.echo(f"Error: {problem}\nCheck the path, its permissions and the space left.", err=True)
        except duckdb.Error as problem:
            click.echo(
                f"Error: {first_line(problem)}\nNothing was landed. Check the memory and the space left where temporary"
                " files go (TMPDIR).",
                err=True,
            )
        ctx.exit(1)


_lake_option = click.option(
    "--lake",
    metavar="ADDRESS",
    help="The lake: a folder or gs://bucket/prefix. Default: DATAELEC_LAKE, else the one named below.",
)


@click.group(
    cls=_Explaining,
    epilog="""\b
Settings (environment)
  DATAELEC_LAKE          the lake, a folder or gs://bucket/prefix
  DATAELEC_HOME          the folder that relative settings start at (default: .)
  DATAELEC_<PORTAL>_URL  another address of a portal, such as DATAELEC_ODRE_URL

\b
Exit codes
  0  done      1  an error, explained      2  wrong usage      3  status: a dataset is empty
""",
)
def main() -> None:
    """Get published French electricity data into a lake of typed Parquet files.

    A lake is a folder (or bucket) with Parquet files per dataset and year (or month, or département) and a manifest
    that says where each came from. It holds either real rows or simulated ones. dbt builds the warehouse from it.
    """


@main.command(
    "load",
    epilog=f"""\b
Examples
  dataelec load
  dataelec load temperature-quotidienne-regionale

\b
Portals: {", ".join(f"{name} ({entry.url})" for name, entry in PORTALS.items())};
DATAELEC_<PORTAL>_URL sets another address.
Default lake: {LIVE_LAKE}
Exit codes: 0 all landed or unchanged, 1 a dataset failed (the others landed), 2 wrong usage
""",
)
@click.argument("datasets", metavar="[DATASET...]", nargs=-1)
@_lake_option
def load_(datasets: tuple[str, ...], lake: str | None) -> None:
    """Load datasets from their portals: all that can be, or those named.

    Only what changed is downloaded: closed years, months of years that are still revised, or files, that the lake lacks
    or of which the portal says another thing than when they landed. Each lands by itself, so an interrupted load goes
    on where it stopped. Rows that the portal no longer has leave the lake. Portals are asked side by side; one that
    fails stops no other.
    """
    chosen = loadable(datasets)
    target = Lake(_root(lake, LIVE_LAKE))
    with _progress() as say:
        outcomes = load(target, chosen, Settings.from_environment(), now=lambda: dt.datetime.now(dt.UTC), progress=say)
    _show_load(outcomes, target.root)
    if any(outcome.result == FAILED for outcome in outcomes):
        sys.exit(1)


@main.command(
    "import",
    epilog=f"""\b
Examples
  dataelec import temperature-quotidienne-regionale temperature-quotidienne-regionale.csv
  dataelec import consommation-quotidienne-brute-regionale exports/*.parquet exports/*.json.gz
  dataelec import consommation-annuelle-brute-regionale annual.csv.zip --published-at 2025-03-01

\b
Default lake: {LIVE_LAKE}
Exit codes: 0 landed or unchanged, 1 an error (the lake is exactly as before), 2 wrong usage
""",
)
@click.argument("dataset")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--published-at",
    callback=_instant,
    metavar="INSTANT",
    help="Vintage of files whose rows carry none (ISO, UTC without offset). Default: when the file was modified.",
)
@click.option(
    "--year",
    type=click.IntRange(1900, 2100),
    help="Year of the rows, where they do not say it: populations of INSEE, FD_LOGEMT.",
)
@_lake_option
def import_(
    dataset: str, files: tuple[Path, ...], published_at: dt.datetime | None, year: int | None, lake: str | None
) -> None:
    """Land exports that you hold, all of them or none.

    DATASET is the portal's id (see `dataelec sources`). FILE is an export as a portal gives it: Parquet, JSON
    (Explore v1 or v2.1, array or lines) or CSV (`;` or `,`, field ids or labels, UTF-8 or Latin-1), plain, .gz or .zip;
    the content counts, not the suffix. Of an archive of several files the dataset's own is taken.

    Rows merge with those in the lake on the dataset's natural key. A row that says the same changes nothing; one that
    differs replaces the lake's if its vintage is later (`record_timestamp` in the file, else --published-at, else the
    file's time), and the file replaced is kept under _superseded/.
    """
    target = Lake(_root(lake, LIVE_LAKE))
    with _progress() as say:
        report = import_files(
            target,
            dataset,
            files,
            loaded_at=dt.datetime.now(dt.UTC),
            published_at=published_at,
            year=str(year) if year else None,
            progress=say,
        )
    _show_import(report, target.root)


@main.command(
    epilog=f"""\b
Examples
  dataelec sample
  dataelec sample --seed 7 --lake /data/simulated

\b
Default lake: {SAMPLE_LAKE}
Exit codes: 0 written or untouched, 1 an error, 2 wrong usage
"""
)
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Another seed, other numbers.")
@_lake_option
def sample(seed: int, lake: str | None) -> None:
    """Write a simulated lake, to build and test everything offline.

    Every dataset looks as its portal publishes it, with its defects, from slopes and balance points that are known:
    the truth lies in the lake under _truth/. The same seed gives the same rows; a lake that has them is left untouched.
    """
    root = _root(lake, SAMPLE_LAKE)
    with _progress() as say:
        say("simulating")
        is_written = write_sample(root, seed)
    click.echo(f"{'Wrote' if is_written else 'Untouched, it is there:'} the simulated lake of seed {seed}: {root}")


@main.command(
    epilog="""\b
Examples
  dataelec sources
  dataelec sources temperature-quotidienne-regionale
  dataelec sources --check

\b
Exit codes: 0 done (--check: every dataset as expected), 1 --check: one is gone or differs, or another error
"""
)
@click.argument("dataset", required=False)
@click.option("--check", is_flag=True, help="Ask the portals: is it there, with which fields and how many rows?")
def sources(dataset: str | None, check: bool) -> None:
    """List the datasets that can be landed, or all about one: columns, labels recognised, key, licence."""
    if check:
        chosen = loadable([dataset] if dataset else [])
        with _progress() as say:
            today = dt.datetime.now(dt.UTC).date()
            found = check_sources(chosen, Settings.from_environment(), today, progress=say)
        _show_check(found)
        if any(drift.result != OK for drift in found):
            sys.exit(1)
    elif dataset is None:
        _show_catalog()
    else:
        _show_dataset(find(dataset))


@main.command(
    epilog=f"""\b
Examples
  dataelec status
  dataelec status --lake {SAMPLE_LAKE} --json

\b
Default lake: {LIVE_LAKE}
Exit codes: 0 every dataset has rows, 3 some have none, 1 no lake or another error, 2 wrong usage
"""
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
@_lake_option
def status(as_json: bool, lake: str | None) -> None:
    """Say what a lake holds, dataset by dataset, and which datasets are empty.

    Gaps are days without any row between the first and the last (years, where a year is all that dates rows). The age
    is that of the newest day, or of the newest vintage where no day dates rows; it is late beyond the publisher's
    rhythm, and `dbt source freshness` warns of the same.
    """
    target = Lake(_root(lake, LIVE_LAKE))
    if target.settle():
        click.echo("Finished a landing that had been interrupted.", err=True)
    _refuse_no_lake(target)
    statuses = target.status(dt.datetime.now(dt.UTC))
    if as_json:
        click.echo(json.dumps({"lake": target.root, "datasets": [asdict(s) for s in statuses]}, indent=1))
    else:
        _show_status(target.root, statuses)
    if any(not s.rows for s in statuses):
        sys.exit(SOME_DATASET_EMPTY)


@main.command(
    "verify",
    epilog=f"""\b
Default lake: {LIVE_LAKE}
Exit codes: 0 all files are as they were landed, 1 one is missing, altered or foreign, or another error
""",
)
@_lake_option
def verify_(lake: str | None) -> None:
    """Hash every file of a lake again and compare with its manifest."""
    target = Lake(_root(lake, LIVE_LAKE))
    target.settle()
    _refuse_no_lake(target)
    found = verify(target)
    for what, paths in (("missing", found.missing), ("altered", found.altered), ("foreign", found.foreign)):
        for path in paths:
            click.echo(f"{what}: {path}")
    if found.is_sound:
        click.echo(f"{target.root}: {found.files} files, all as they were landed")
        return
    raise DataElecError(
        f"{target.root} is not as it was landed.",
        "Take foreign files away; delete an altered one and land it again with `dataelec load` or `dataelec import`.",
    )


def _refuse_no_lake(target: Lake) -> None:
    if not target.exists():
        raise DataElecError(
            f"There is no lake at {target.root}.",
            "`dataelec load`, `dataelec import` or `dataelec sample` makes one; --lake or DATAELEC_LAKE names another"
            f" place (the simulated one is {SAMPLE_LAKE}).",
        )


def _root(given: str | None, default: str) -> str:
    """Return the lake's address: a folder given on the command line starts where the command runs."""
    settings = Settings.from_environment()
    return settings.lake_root(default) if given is None else replace(settings, home=Path(), lake=given).lake_root(given)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that says what is going on, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda message: None
        return
    with console.status("starting") as spinner:
        yield lambda message: spinner.update(message)


def _ids() -> Column:
    # An id that is cut short cannot be typed.
    return Column("dataset", overflow="fold", no_wrap=False, min_width=30)


def _console() -> Console:
    """Return a console that does not break lines where nobody watches."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def _show_import(report: ImportReport, root: str) -> None:
    for file in report.files:
        click.echo(f"{file.name}: {_counts(file)}")
        for reason, number in file.left_out.items():
            click.echo(f"  left out {number:,} rows: {reason}")
        if file.unknown:
            click.echo(f"  ignored columns that the catalog does not know: {', '.join(map(repr, file.unknown))}")
    if not report.is_changed:
        click.echo(f"{report.dataset}: unchanged ({root})")
        return
    parts = f": {', '.join(report.parts)}" if report.parts else ""
    click.echo(f"{report.dataset}: landed in {root}{parts}")


def _counts(file: FileReport) -> str:
    return f"{file.rows:,} rows read: {file.new:,} new, {file.replaced:,} replaced, {file.unchanged:,} unchanged"


def _show_load(outcomes: list[Outcome], root: str) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("dataset", "portal", "result", "rows", "MB", "landed"):
        table.add_column(heading, justify="right" if heading in ("rows", "MB") else "left")
    for outcome in outcomes:
        sizes = (f"{outcome.rows:,}", f"{outcome.bytes / 1e6:.1f}") if outcome.parts else ("", "")
        table.add_row(outcome.dataset, outcome.portal, outcome.result, *sizes, _shortened(outcome.parts))
    _console().print(table)
    for outcome in outcomes:
        if outcome.why and outcome.result != FAILED:
            click.echo(f"{outcome.dataset}: {outcome.why}")
    for outcome in outcomes:
        if outcome.result == FAILED:
            click.echo(f"Error: {outcome.dataset}: {outcome.why}", err=True)
    number = {result: sum(outcome.result == result for outcome in outcomes) for result in (LANDED, FAILED)}
    rest = len(outcomes) - number[LANDED] - number[FAILED]
    click.echo(f"{number[LANDED]} landed, {rest} unchanged, {number[FAILED]} failed ({root})")


def _shortened(parts: tuple[str, ...]) -> str:
    return ", ".join(parts) if len(parts) <= 6 else f"{parts[0]} .. {parts[-1]} ({len(parts)} parts)"


def _show_check(found: list[Drift]) -> None:
    table = Table(_ids(), "result", "rows", "modified", box=None, pad_edge=False)
    for drift in found:
        table.add_row(drift.dataset, drift.result, "" if drift.rows is None else f"{drift.rows:,}", drift.modified)
    _console().print(table)
    for drift in found:
        for finding in drift.findings:
            click.echo(f"{drift.dataset}: {finding}", err=drift.result != DRIFT)


def _show_catalog() -> None:
    table = Table(_ids(), "producer", "one row per", "licence", box=None, pad_edge=False)
    for dataset in CATALOG.values():
        table.add_row(dataset.dataset_id, dataset.producer, dataset.grain, dataset.licence)
    _console().print(table)


def _show_dataset(dataset: Dataset) -> None:
    click.echo(f"{dataset.dataset_id}: {dataset.title}")
    click.echo(f"portal       {dataset.portal}")
    click.echo(f"producer     {dataset.producer}")
    click.echo(f"licence      {dataset.licence}")
    click.echo(f"cite as      {dataset.attribution}, extracted on <date>")
    click.echo(f"one row per  {dataset.grain}")
    click.echo(f"natural key  {', '.join(dataset.key) or 'none: a file replaces all rows'}")
    click.echo(f"lake files   one a {dataset.partition.value}" if dataset.partition.value else "lake files   one")
    click.echo(f"revisions    {_revisions(dataset)}")
    table = Table("column", "kind", "needed", "from..to", "also recognised", box=None, pad_edge=False)
    for column in dataset.columns:
        limits = "" if column.low is None else f"{column.low:g}..{column.high:g}"
        table.add_row(
            column.name, column.kind.value, "yes" if column.needed else "", limits, " | ".join(column.aliases)
        )
    _console().print(table)


def _revisions(dataset: Dataset) -> str:
    if dataset.is_frozen:
        return "none to come"
    late = f"late after {dataset.rhythm_days} days"
    if dataset.is_rolling:
        return f"a rolling window, of which the lake keeps what leaves it; {late}"
    return f"{dataset.revised_years} calendar years may still change; {late}" if dataset.is_dated else late


def _show_status(root: str, statuses: tuple[DatasetStatus, ...]) -> None:
    sort = "simulated" if any(s.is_simulated for s in statuses) else "real"
    click.echo(f"{root} ({sort} rows)" if any(s.rows for s in statuses) else f"{root} (no rows)")
    table = Table(box=None, pad_edge=False)
    numbers = ("rows", "files", "MB", "gaps")
    for heading in ("dataset", *numbers, "first day", "last day", "newest vintage", "last landing", "age"):
        table.add_column(heading, justify="right" if heading in numbers else "left")
    for s in statuses:
        if s.rows:
            table.add_row(
                s.dataset,
                f"{s.rows:,}",
                str(s.files),
                f"{s.bytes / 1e6:.1f}",
                str(s.gaps or ""),
                s.first_day,
                s.last_day,
                _minute(s.newest_vintage),
                _minute(s.last_landing),
                _age(s),
            )
    _console().print(table)
    for s in statuses:
        if not s.rows:
            click.echo(f"empty: {s.dataset} (`dataelec import {s.dataset} FILE...` lands files that you hold)")


def _age(status: DatasetStatus) -> str:
    if status.rhythm_days is None:
        return "frozen"
    return f"{status.age_days} days{f', late ({status.rhythm_days})' if status.is_late else ''}"


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") + " UTC" if moment else ""
