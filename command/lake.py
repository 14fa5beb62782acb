"""The lake's commands: `load`, `import`, `sample`, `sources`, `status`, `verify`."""

import datetime as dt
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from command.options import lake_option, progress
from command.tables import (
    show_catalog,
    show_check,
    show_dataset,
    show_file_checks,
    show_import,
    show_load,
    show_status,
)
from dataelec.errors import DataElecError
from dataelec.settings import LAKE, Settings
from loaders.catalog import CATALOG, find
from loaders.lake import Lake
from loaders.landing import check_files, import_files
from loaders.loading import FAILED, OK, check_sources, load, loadable
from loaders.portals import PORTALS
from loaders.verification import verify

SOME_DATASET_EMPTY = 3
LAKE_EMPTY = 3
LIVE_LAKE, SAMPLE_LAKE = LAKE.format("live"), LAKE.format("sample")


def _instant(ctx: click.Context, param: click.Parameter, value: str | None) -> dt.datetime | None:
    """Read an ISO date or instant; without an offset it is UTC."""
    if value is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{value!r} is not an ISO date or instant, such as 2025-10-31 or 2025-10-31T08:00:00+01:00"
        ) from None


@click.command(
    "load",
    epilog=f"""\b
Examples
  dataelec load
  dataelec load temperature-quotidienne-regionale

\b
Portals: {", ".join(f"{name} ({entry.url})" for name, entry in PORTALS.items())};
DATAELEC_<PORTAL>_URL sets another address.
Default lake: {LIVE_LAKE}
Exit codes: 0 all landed or unchanged, 1 a dataset failed (the others landed), 2 wrong usage, 3 the lake holds nothing
""",
)
@click.argument("datasets", metavar="[DATASET...]", nargs=-1)
@lake_option
def load_(datasets: tuple[str, ...], lake: str | None) -> None:
    """Load datasets from their portals: all that can be, or those named.

    Only what changed is downloaded: closed years, months of years that are still revised, or files, that the lake lacks
    or of which the portal says another thing than when they landed. Each lands by itself, so an interrupted load goes
    on where it stopped. Rows that the portal no longer has leave the lake. Portals are asked side by side; one that
    fails stops no other.
    """
    chosen = loadable(datasets)
    target = Lake(lake_root(lake, "live"))
    with progress() as notify:
        outcomes = load(
            target, chosen, Settings.from_environment(), now=lambda: dt.datetime.now(dt.UTC), progress=notify
        )
    show_load(outcomes, target.root)
    if any(outcome.result == FAILED for outcome in outcomes):
        sys.exit(1 if _holds_rows(target) else LAKE_EMPTY)


@click.command(
    "import",
    epilog=f"""\b
Examples
  dataelec import temperature-quotidienne-regionale temperature-quotidienne-regionale.csv
  dataelec import consommation-quotidienne-brute-regionale exports/*.parquet exports/*.json.gz
  dataelec import consommation-quotidienne-brute-regionale exports/*.json --check
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
@click.option("--check", is_flag=True, help="Read all files and say what is wrong with each; land none.")
@lake_option
def import_(
    dataset: str,
    files: tuple[Path, ...],
    published_at: dt.datetime | None,
    year: int | None,
    check: bool,
    lake: str | None,
) -> None:
    """Land exports that you hold, all of them or none.

    DATASET is the portal's id (see `dataelec sources`). FILE is an export as a portal gives it: Parquet, JSON
    (Explore v1 or v2.1, array or lines) or CSV (`;` or `,`, field ids or labels, UTF-8 or Latin-1), plain, .gz or .zip;
    the content counts, not the suffix. Of an archive of several files the dataset's own is taken.

    Rows merge with those in the lake on the dataset's natural key. A row that says the same changes nothing; one that
    differs replaces the lake's if its vintage is later (`record_timestamp` in the file, else --published-at, else the
    file's time), and the file replaced is kept (`dataelec vintages`).
    """
    if check:
        with progress() as notify:
            checks = check_files(
                dataset, files, checked_at=dt.datetime.now(dt.UTC), year=str(year) if year else None, progress=notify
            )
        show_file_checks(checks)
        sys.exit(any(each.problem for each in checks))
    target = Lake(lake_root(lake, "live"))
    with progress() as notify:
        report = import_files(
            target,
            dataset,
            files,
            loaded_at=dt.datetime.now(dt.UTC),
            published_at=published_at,
            year=str(year) if year else None,
            progress=notify,
        )
    show_import(report, target.root)


@click.command(
    epilog=f"""\b
Examples
  dataelec sample
  dataelec sample --seed 7 --lake /data/simulated

\b
Default lake: {SAMPLE_LAKE}
Exit codes: 0 written or untouched, 1 an error, 2 wrong usage
"""
)
@click.option("--seed", type=int, help="Another seed, other numbers.")
@lake_option
def sample(seed: int | None, lake: str | None) -> None:
    """Write a simulated lake, to build and test everything offline.

    Every dataset looks as its portal publishes it, with its defects, from slopes and balance points that are known:
    the truth lies in the lake under _truth/. The same seed gives the same rows; a lake that has them is left untouched.
    """
    # Imported here: other commands start in two thirds of the time without it.
    from simulation import DEFAULT_SEED, write_sample

    seed = DEFAULT_SEED if seed is None else seed
    root = lake_root(lake, "sample")
    with progress() as notify:
        notify("simulating")
        is_written = write_sample(root, seed)
    click.echo(f"{'Wrote' if is_written else 'Untouched, it is there:'} the simulated lake of seed {seed}: {root}")
    if lake is None and not Path(root).is_relative_to(Path.cwd()):
        click.echo("That is where the project's commands look for it, from any folder; --lake FOLDER writes elsewhere.")


@click.command(
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
    """List the datasets that can be landed, or all about one.

    All about one: its columns with the labels recognised, its key, its licence, what its rows are revised by.
    """
    if check:
        chosen = loadable([dataset] if dataset else [])
        with progress() as notify:
            today = dt.datetime.now(dt.UTC).date()
            found = check_sources(chosen, Settings.from_environment(), today, progress=notify)
        show_check(found)
        if any(drift.result != OK for drift in found):
            sys.exit(1)
    elif dataset is None:
        show_catalog()
    else:
        show_dataset(find(dataset))


@click.command(
    epilog=f"""\b
Examples
  dataelec status
  dataelec status --lake {SAMPLE_LAKE} --json

\b
Default lake: {LIVE_LAKE}, else {SAMPLE_LAKE}
Exit codes: 0 every dataset has rows, 3 some have none, 1 no lake or another error, 2 wrong usage
"""
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
@lake_option
def status(as_json: bool, lake: str | None) -> None:
    """Say what a lake holds, and which datasets are empty.

    Gaps are days without any row between the first and the last (years, where a year is all that dates rows). The age
    is that of the newest day, or of the newest vintage where no day dates rows; it is late beyond the publisher's
    rhythm, and `dbt source freshness` warns of the same.
    """
    target = lake_there_is(lake)
    if target.settle():
        click.echo("Finished a landing that had been interrupted.", err=True)
    refuse_no_lake(target)
    statuses = target.status(dt.datetime.now(dt.UTC))
    if as_json:
        click.echo(json.dumps({"lake": target.root, "datasets": [asdict(s) for s in statuses]}, indent=1))
    else:
        show_status(target.root, statuses)
    if any(not s.rows and not CATALOG[s.dataset].is_optional for s in statuses):
        sys.exit(SOME_DATASET_EMPTY)


@click.command(
    "verify",
    epilog=f"""\b
Default lake: {LIVE_LAKE}, else {SAMPLE_LAKE}
Exit codes: 0 all files are as they were landed, 1 one is missing, altered or foreign, or another error
""",
)
@lake_option
def verify_(lake: str | None) -> None:
    """Hash every file of a lake again and compare with its manifest."""
    target = lake_there_is(lake)
    target.settle()
    refuse_no_lake(target)
    found = verify(target)
    for what, paths in (("missing", found.missing), ("altered", found.altered), ("foreign", found.foreign)):
        for path in paths:
            click.echo(f"{what}: {path}")
    if found.is_sound:
        click.echo(f"{target.root}: {found.files} files, all as they were landed")
        return
    raise DataElecError(
        f"{target.root} is not as it was landed.",
        "Take foreign files away. Put an altered one back from a copy, `dataelec restore` an earlier state of it, or"
        " delete it and land it again with `dataelec load` or `dataelec import`.",
    )


def lake_there_is(given: str | None) -> Lake:
    """Return the lake that is meant; where nobody names one and no real row landed, the simulated one if there is."""
    live, simulated = (Lake(lake_root(given, target)) for target in ("live", "sample"))
    return simulated if live.root != simulated.root and simulated.exists() and not _holds_rows(live) else live


def _holds_rows(lake: Lake) -> bool:
    return any(lake.records(dataset) for dataset in CATALOG.values())


def refuse_no_lake(target: Lake) -> None:
    """Raise DataElecError where no lake was ever made."""
    if not target.exists():
        raise DataElecError(
            f"There is no lake at {target.root}.",
            "`dataelec load`, `dataelec import` or `dataelec sample` makes one; --lake or DATAELEC_LAKE names another"
            f" place (the simulated one is {SAMPLE_LAKE}).",
        )


def lake_root(given: str | None, target: str) -> str:
    """Return the lake's address: a folder given on the command line starts where the command runs."""
    if given is not None and not given.strip():
        # A variable of the shell that is not set: the working directory is never meant.
        raise click.BadParameter("it is empty; name a folder or gs://bucket/prefix", param_hint="--lake")
    settings = Settings.from_environment()
    return (settings if given is None else replace(settings, home=Path(), lake=given)).lake_root(target)
