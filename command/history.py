"""The commands on what a lake held before: `vintages`, `diff`, `restore`, `prune`; and `copy` of a whole lake."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.table import Table

from command.lake import lake_there_is, refuse_no_lake
from command.options import lake_option, progress
from command.tables import console
from dataelec.errors import DataElecError
from dataelec.settings import LAKE, Settings
from loaders import vintages as history
from loaders.catalog import Dataset, find
from loaders.copying import copy_lake
from loaders.lake import Lake, RowsMoved
from loaders.landing import part_of

LIVE_LAKE, SAMPLE_LAKE = LAKE.format("live"), LAKE.format("sample")


def _open(lake: str | None) -> Lake:
    target = lake_there_is(lake)
    target.settle()
    refuse_no_lake(target)
    return target


def _chosen(target: Lake, datasets: Sequence[str]) -> list[Dataset]:
    return [find(dataset) for dataset in datasets] or history.datasets_with_vintages(target)


def _moment(ctx: click.Context, param: click.Parameter, value: str | None) -> dt.datetime | None:
    """Read the day or instant of `--as-of`."""
    try:
        return None if value is None else history.instant(value)
    except (ValueError, OverflowError):
        raise click.BadParameter(f"{value!r} is not a date or an instant, such as 2026-01-31") from None


@click.command(
    epilog=f"""\b
Examples
  dataelec vintages
  dataelec vintages temperature-quotidienne-regionale

\b
Default lake: {LIVE_LAKE}, else {SAMPLE_LAKE}
"""
)
@click.argument("datasets", metavar="[DATASET...]", nargs=-1)
@lake_option
def vintages(datasets: tuple[str, ...], lake: str | None) -> None:
    """List earlier states of the lake's files.

    A state is set aside when a landing replaces or withdraws rows of it. The vintage is that of its newest row, the
    change that of the rows which replaced it.
    """
    target = _open(lake)
    table = Table(box=None, pad_edge=False)
    for heading in (
        "dataset",
        "part",
        "id",
        "rows",
        "vintage",
        "landed",
        "replaced",
        "by vintage",
        "rows moved",
        "state",
    ):
        table.add_column(heading, justify="right" if heading.startswith("rows") else "left")
    number = 0
    for dataset in _chosen(target, datasets):
        for vintage in target.vintages(dataset):
            number += 1
            record = vintage.record
            table.add_row(
                dataset.dataset_id,
                part_of(record.path) or "all",
                vintage.vintage_id,
                f"{record.rows:,}",
                _minute(record.vintage_to),
                _minute(record.fetched_at),
                _minute(vintage.replaced_at),
                _minute(vintage.replaced_by_vintage),
                f"{_rows_moved(vintage.moved):,}" if vintage.moved else "",
                "pruned" if vintage.kept_as is None else "undone" if vintage.is_undone else "kept",
            )
    if number:
        console().print(table)
    click.echo(f"{target.root}: {number} earlier states")


def _rows_moved(moved: Sequence[RowsMoved]) -> int:
    """Return how many rows moved at least: a row of which two columns changed stands twice."""
    largest: dict[str, int] = defaultdict(int)
    for rows in moved:
        if rows.change == "changed":
            largest[rows.month] = max(largest[rows.month], rows.rows)
    return sum(largest.values()) + sum(rows.rows for rows in moved if rows.change != "changed")


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") if moment else ""


@click.command(
    epilog=f"""\b
Examples
  dataelec diff
  dataelec diff temperature-quotidienne-regionale --as-of 2026-01-31

\b
Default lake: {LIVE_LAKE}, else {SAMPLE_LAKE}
"""
)
@click.argument("datasets", metavar="[DATASET...]", nargs=-1)
@click.option(
    "--as-of",
    callback=_moment,
    metavar="DAY",
    help="Compare what was known on that day with what is held now. Default: what each dataset's last revision moved.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
@lake_option
def diff(datasets: tuple[str, ...], as_of: dt.datetime | None, as_json: bool, lake: str | None) -> None:
    """Say what moved, by dataset and month.

    Rows changed are counted for each column, with the sum of its values before and after and the largest change of one
    value; rows added and withdrawn are counted.
    """
    target = _open(lake)
    found = []
    for dataset in _chosen(target, datasets):
        if as_of is None:
            found += history.last_refresh(target, dataset)
        else:
            found += history.since(target, dataset, as_of)
    moved = _by_month(found)
    if as_json:
        listed = [{"dataset": dataset_id, **asdict(rows)} for dataset_id, rows in moved]
        click.echo(json.dumps({"lake": target.root, "moved": listed}, indent=1))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("dataset", "month", "change", "column", "rows", "sum before", "sum after", "moved by", "largest"):
        left = ("dataset", "month", "change", "column")
        table.add_column(heading, justify="left" if heading in left else "right")
    for dataset_id, rows in moved:
        by = None if rows.before is None or rows.after is None else rows.after - rows.before
        numbers = (_number(rows.before), _number(rows.after), _number(by), _number(rows.largest))
        table.add_row(dataset_id, rows.month[:7], rows.change, rows.column, f"{rows.rows:,}", *numbers)
    if moved:
        console().print(table)
    else:
        click.echo(f"{target.root}: nothing moved")


def _by_month(found: Sequence[history.FileDifference]) -> list[tuple[str, RowsMoved]]:
    """Return what moved in all files of a dataset together: a month may lie in several."""
    sums: dict[tuple[str, str, str, str], RowsMoved] = {}
    for difference in found:
        for rows in difference.moved:
            key = (difference.dataset, rows.month, rows.change, rows.column)
            other = sums.get(key)
            sums[key] = rows if other is None else _together(other, rows)
    return [(key[0], rows) for key, rows in sorted(sums.items())]


def _together(one: RowsMoved, other: RowsMoved) -> RowsMoved:
    def summed(a: float | None, b: float | None) -> float | None:
        return a if b is None else b if a is None else a + b

    largest = max((rows.largest for rows in (one, other) if rows.largest is not None), default=None)
    before, after = summed(one.before, other.before), summed(one.after, other.after)
    return replace(one, rows=one.rows + other.rows, before=before, after=after, largest=largest)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


@click.command(
    epilog=f"""\b
Examples
  dataelec vintages temperature-quotidienne-regionale
  dataelec restore temperature-quotidienne-regionale 6d3443c5050e

\b
Default lake: {LIVE_LAKE}, else {SAMPLE_LAKE}
Exit codes: 0 restored, 1 an error (the lake is exactly as before), 2 wrong usage
"""
)
@click.argument("dataset")
@click.argument("vintage_ids", metavar="ID...", nargs=-1, required=True)
@lake_option
def restore(dataset: str, vintage_ids: tuple[str, ...], lake: str | None) -> None:
    """Make an earlier state of a file count again.

    ID is that of `dataelec vintages`. The state that counted is set aside in its turn, so that restoring is undone the
    same way. The next revision that a portal publishes, or that is imported, lands on top of it.
    """
    target = _open(lake)
    for vintage_id in vintage_ids:
        restored = history.restore(target, find(dataset), vintage_id, dt.datetime.now(dt.UTC))
        record = restored.record
        click.echo(
            f"{record.path}: {record.rows:,} rows of vintage {_minute(record.vintage_to)} count again;"
            " `dataelec build` reads them."
        )


@click.command(
    epilog=f"""\b
Examples
  dataelec prune --keep 3
  dataelec prune --older-than 365 --rehearse

\b
Default lake: {LIVE_LAKE}, else {SAMPLE_LAKE}
"""
)
@click.argument("datasets", metavar="[DATASET...]", nargs=-1)
@click.option("--keep", type=click.IntRange(0), default=0, help="Keep the newest so many earlier states of each file.")
@click.option("--older-than", type=click.IntRange(0), default=0, metavar="DAYS", help="Keep what was replaced since.")
@click.option("--rehearse", is_flag=True, help="Delete nothing; say what would go.")
@lake_option
def prune(datasets: tuple[str, ...], keep: int, older_than: int, rehearse: bool, lake: str | None) -> None:
    """Delete earlier states by rule.

    A state goes if both rules let it go; at least one is to be given. The record of what moved stays. Builds as of a
    day on which a deleted state counted are refused from then on.
    """
    if not keep and not older_than:
        raise click.UsageError("say what to keep: --keep NUMBER, --older-than DAYS or both")
    target = _open(lake)
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=older_than)
    gone = history.prune(target, _chosen(target, datasets), keep=keep, replaced_before=before, is_rehearsal=rehearse)
    for vintage in gone:
        click.echo(f"{vintage.record.dataset} {part_of(vintage.record.path) or 'all'} {vintage.vintage_id}")
    size = sum(vintage.record.bytes for vintage in gone) / 1e6
    click.echo(f"{len(gone)} states ({size:.1f} MB) {'would go' if rehearse else 'pruned'} ({target.root})")


@click.command(
    epilog="""\b
Examples
  dataelec copy lake/live gs://my-bucket/lake
  dataelec copy gs://my-bucket/lake /data/lake

\b
Exit codes: 0 copied, or it was that copy already; 1 an error (the target is no lake then), 2 wrong usage
"""
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy a whole lake to an empty place.

    FROM and TO are folders or gs://bucket/prefix. Every file is checked against the manifest on its way. Rows, history
    and what portals said go along, so that `dataelec load` goes on there where it stopped here.
    """
    here = replace(Settings.from_environment(), home=Path())
    if not source.strip() or not target.strip():
        raise DataElecError("An address is empty.", "Name two places, each a folder or gs://bucket/prefix.")
    origin, place = Lake(here.anchored(source)), Lake(here.anchored(target))
    with progress() as notify:
        copied = copy_lake(origin, place, notify)
    if copied.files:
        click.echo(f"Copied {copied.files:,} files ({copied.bytes / 1e6:.1f} MB) from {origin.root} to {place.root}")
    else:
        click.echo(f"Unchanged: {place.root} is a copy of {origin.root}")
