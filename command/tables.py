"""What the lake's commands print: reports, outcomes and lists as tables."""

from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Column, Table

from loaders.catalog import CATALOG, Dataset
from loaders.lake import DatasetStatus
from loaders.landing import FileCheck, FileReport, ImportReport
from loaders.loading import DRIFT, FAILED, LANDED, Drift, Outcome

PIPED_WIDTH = 400


def _ids() -> Column:
    # An id that is cut short cannot be typed.
    return Column("dataset", overflow="fold", no_wrap=False, min_width=30)


def console() -> Console:
    """Return a console that does not break lines where nobody watches."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def show_import(report: ImportReport, root: str) -> None:
    """Say of each file what became of its rows, and where they landed."""
    for file in report.files:
        click.echo(f"{file.name}: {_counts(file)}")
        for reason, number in file.left_out.items():
            click.echo(f"  left out {number:,} rows: {reason}")
        if file.unknown:
            click.echo(f"  ignored columns that the catalog does not know: {', '.join(map(repr, file.unknown))}")
        for remark in file.remarks:
            click.echo(f"  {remark}")
    if not report.is_changed:
        click.echo(f"{report.dataset}: unchanged ({root})")
        return
    parts = f": {', '.join(report.parts)}" if report.parts else ""
    click.echo(f"{report.dataset}: landed in {root}{parts}")


def _counts(file: FileReport) -> str:
    gone = f"; {file.withdrawn:,} rows that the lake held are gone" if file.withdrawn else ""
    counts = f"{file.new:,} new, {file.replaced:,} replaced, {file.unchanged:,} unchanged"
    return f"{file.rows:,} rows read: {counts}{gone}"


def show_file_checks(checks: Sequence[FileCheck]) -> None:
    """Say of each file what an import would find, rejected ones on standard error."""
    for check in checks:
        if check.problem is not None:
            click.echo(f"{check.name}: rejected: {check.problem}", err=True)
            continue
        click.echo(f"{check.name}: {check.rows:,} rows can be read")
        for remark in check.remarks:
            click.echo(f"  {remark}")


def show_load(outcomes: list[Outcome], root: str) -> None:
    """Say of each dataset what its load came to, each reason for failures once, and the numbers of each.

    Failures go to standard error; without any connection they are one sentence.
    """
    failed = [outcome for outcome in outcomes if outcome.result == FAILED]
    if all(outcome.is_unreachable for outcome in outcomes):
        portals = sorted({outcome.portal for outcome in outcomes})
        click.echo(
            f"Error: no portal can be reached ({', '.join(portals)}): nothing was loaded. Check the network, a proxy"
            " perhaps, and run the command again; files that you hold land by `dataelec import`.",
            err=True,
        )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("dataset", "portal", "result", "rows", "MB", "landed"):
        table.add_column(heading, justify="right" if heading in ("rows", "MB") else "left")
    for outcome in outcomes:
        sizes = (f"{outcome.rows:,}", f"{outcome.bytes / 1e6:.1f}") if outcome.parts else ("", "")
        table.add_row(outcome.dataset, outcome.portal, outcome.result, *sizes, _shortened(outcome.parts))
    console().print(table)
    for outcome in outcomes:
        if outcome.why and outcome.result != FAILED:
            click.echo(f"{outcome.dataset}: {outcome.why}")
    by_reason: dict[str, list[str]] = {}
    for outcome in failed:
        by_reason.setdefault(outcome.why.removeprefix("Not tried: "), []).append(outcome.dataset)
    for why, datasets in by_reason.items():
        click.echo(f"Error: {', '.join(datasets)}: {why}", err=True)
    landed = sum(outcome.result == LANDED for outcome in outcomes)
    rest = len(outcomes) - landed - len(failed)
    click.echo(f"{landed} landed, {rest} unchanged, {len(failed)} failed ({root})")


def _shortened(parts: tuple[str, ...]) -> str:
    return ", ".join(parts) if len(parts) <= 6 else f"{parts[0]} .. {parts[-1]} ({len(parts)} parts)"


def show_check(found: list[Drift]) -> None:
    """Say of each dataset whether its portal still has it as the catalog expects."""
    table = Table(_ids(), "result", "rows", "modified", box=None, pad_edge=False)
    for drift in found:
        table.add_row(drift.dataset, drift.result, "" if drift.rows is None else f"{drift.rows:,}", drift.modified)
    console().print(table)
    for drift in found:
        for finding in drift.findings:
            click.echo(f"{drift.dataset}: {finding}", err=drift.result != DRIFT)


def show_catalog() -> None:
    """List the catalog, a line a dataset."""
    table = Table(_ids(), "producer", "one row per", "licence", box=None, pad_edge=False)
    for dataset in CATALOG.values():
        table.add_row(dataset.dataset_id, dataset.producer, dataset.grain, dataset.licence)
    console().print(table)


def show_dataset(dataset: Dataset) -> None:
    """Say all that the catalog knows of a dataset."""
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
    console().print(table)


def _revisions(dataset: Dataset) -> str:
    if dataset.is_frozen:
        return "none to come"
    late = f"late after {dataset.rhythm_days} days"
    if dataset.is_rolling:
        return f"a rolling window, of which the lake keeps what leaves it; {late}"
    return f"{dataset.revised_years} calendar years may still change; {late}" if dataset.is_dated else late


def show_status(root: str, statuses: tuple[DatasetStatus, ...]) -> None:
    """Say what the lake has of each dataset, and which are empty."""
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
    console().print(table)
    for s in statuses:
        if not s.rows:
            click.echo(f"empty: {s.dataset} (`dataelec import {s.dataset} FILE...` lands files that you hold)")


def _age(status: DatasetStatus) -> str:
    if status.rhythm_days is None:
        return "frozen"
    return f"{status.age_days} days{f', late ({status.rhythm_days})' if status.is_late else ''}"


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") + " UTC" if moment else ""
