"""What shows a built warehouse: `summary`, `page`, `pictures`, `shell`, `publish`.

What draws is imported by the command that needs it: the others start in a fraction of the time.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import duckdb
from rich.console import Console

from command.options import database_option, target_option
from dataelec.errors import DataElecError, first_line
from dataelec.settings import Settings
from dataelec.warehouse import Warehouse, WarehouseError, kept_copy
from loaders.storage import write_whole

PAGE = Path("report/dist/index.html")
PICTURES = Path("docs/images")


@contextmanager
def _warehouse(database: Path, target: str) -> Iterator[Warehouse]:
    """Open a copy of the warehouse; what its tables cannot answer is explained."""
    with Warehouse(database) as warehouse:
        try:
            yield warehouse
        except duckdb.Error as problem:
            raise WarehouseError(
                f"{database} cannot answer: {first_line(problem)}",
                f"If another version of the project built it, `dataelec build --target {target}` builds it anew.",
            ) from problem


@click.command()
@target_option
@click.option("--specification", metavar="CODE", help="How balance points are set. Default: the published one.")
def summary(target: str, specification: str | None) -> None:
    """Print MW per °C by territory, and what to look at next."""
    from report import sensitivity
    from report.summary import next_steps, sensitivity_table, why_none

    database = Settings.from_environment().database_path(target)
    with _warehouse(database, target) as warehouse:
        if lacks := warehouse.missing(sensitivity.NEEDS):
            raise WarehouseError(f"{database} lacks {lacks[0]}.", f"`dataelec build --target {target}` makes it.")
        asked = specification or sensitivity.PUBLISHED_SPECIFICATION
        rows = sensitivity.territories(warehouse, asked)
        if not rows:
            raise DataElecError(
                f"{database} has no answers by the specification `{asked}`.",
                "The column specification_code of weather_sensitivity lists those it has.",
            )
        reason = why_none(warehouse, rows, target)
    Console().print(sensitivity_table(rows, asked))
    if reason:
        click.echo(reason)
    click.echo(next_steps(database, target))


@click.command()
@target_option
@database_option
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help=f"Where to. Default: {PAGE}.")
def page(target: str, database: Path | None, output: Path | None) -> None:
    """Build the page people look at: one HTML file."""
    from report.page import build_page

    settings = Settings.from_environment()
    repository = settings.repository_url()
    with _warehouse(database or settings.database_path(target), target) as warehouse:
        text = build_page(warehouse, datetime.now(UTC), repository=repository)
    path = output or settings.home / PAGE
    try:
        write_whole(path, text.encode())
    except OSError as problem:
        raise DataElecError(
            f"The page {path} cannot be written: {problem.strerror or problem}.",
            "The last page, if there was one, is as it was. Check the place and the space left; then run this again.",
        ) from problem
    click.echo(f"Wrote {path} ({path.stat().st_size / 1e6:.1f} MB): open it in a browser.")


@click.command(
    epilog="""\b
Examples
  dataelec pictures --target live map-heating rank-heating
  dataelec pictures --output report/dist --language fr preview
"""
)
@target_option
@database_option
@click.option("--output", metavar="FOLDER", type=click.Path(path_type=Path), help=f"Where to. Default: {PICTURES}.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", help="Language of titles and numbers.")
@click.argument("names", nargs=-1, required=True)
def pictures(target: str, database: Path | None, output: Path | None, language: str, names: tuple[str, ...]) -> None:
    """Draw figures of the page as PNG files.

    NAMES are figures, such as map-heating, days-84 or hours-FR, or `preview`, which stands for the page where its
    address is shared.
    """
    from report.labels import Labels
    from report.page import figure_names, vintage
    from report.pictures import PREVIEW, picture
    from report.views import VIEWS, gather

    settings = Settings.from_environment()
    with _warehouse(database or settings.database_path(target), target) as warehouse:
        shown, _ = gather(VIEWS, warehouse)
        data, labels = vintage(warehouse, datetime.now(UTC)), Labels.read(warehouse)
    sheets = [sheet for _, found in shown for sheet in found]
    folder = output or settings.home / PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        try:
            content = picture(sheets, data, labels, name, language)
        except KeyError:
            if name == PREVIEW:  # a page without slopes stands without one
                click.echo("No region has a slope, so there is no preview.")
                continue
            raise DataElecError(
                f"There is no figure {name} to draw in this warehouse.",
                f"There are, where CODE is a region's or FR: {', '.join(figure_names(sheets))}.",
            ) from None
        path = folder / f"{name}{'-simulated' if data.is_simulated else ''}.png"
        path.write_bytes(content)
        click.echo(f"Wrote {path} ({len(content) / 1e3:.0f} kB)")


@click.command()
@target_option
def shell(target: str) -> None:
    """Open the DuckDB command line on the warehouse, read-only.

    A query may come through a pipe. It reads a copy that is made anew only after a build: an open shell keeps no build
    waiting, and a running build keeps nobody from asking.
    """
    from report.shell import search_path, welcome

    database = Settings.from_environment().database_path(target)
    copy = kept_copy(database, warn=lambda message: click.echo(message, err=True))
    with Warehouse(copy, is_copy=True) as warehouse:
        is_simulated = warehouse.is_simulated()
        if target == "live" and is_simulated:
            # The greeting says what is simulated, but a pipe shows none.
            raise WarehouseError(
                f"{database} holds SIMULATED DATA, target live real ones.",
                "`unset DATAELEC_DATABASE`, or build that target into it: `dataelec build --target live`.",
            )
        schemas = search_path(warehouse)
        greeting = welcome(database, copy, schemas, is_simulated=is_simulated)
    if sys.stdin.isatty():
        click.echo(greeting)
    program = Path(sys.executable).parent / "duckdb"
    start = f"set TimeZone = 'UTC'; set search_path = '{','.join(schemas)}';"
    os.execv(program, [program.name, "-readonly", str(copy), "-cmd", start])


@click.command()
@target_option
@click.option(
    "--output",
    metavar="ADDRESS",
    help="A folder or gs://bucket/prefix. Default: DATAELEC_PUBLISH, else published/TARGET.",
)
def publish(target: str, output: str | None) -> None:
    """Publish every mart as Parquet and CSV, and the worked answers.

    A data dictionary and a machine-readable description go with them; latest/ is always the newest edition. Readers
    see the last edition or the new one, never a mixture; if anything fails the last one stays.
    """
    from publish.answers import read_questions
    from publish.description import new_edition
    from publish.edition import publish as publish_edition
    from publish.tables import read_tables

    if output is not None and not output.strip():
        raise click.BadParameter("it is empty; name a folder or gs://bucket/prefix", param_hint="--output")
    settings = Settings.from_environment()
    root = output or settings.published_root(target)
    database = settings.database_path(target)
    with _warehouse(database, target) as warehouse:
        tables = read_tables(warehouse)
        edition = new_edition(warehouse, database)
        questions = read_questions(settings.home / "analyses", tables)
        try:
            package, is_new = publish_edition(root, warehouse, tables, edition, questions)
        except OSError as problem:
            raise DataElecError(
                str(problem),
                f"What was published before is untouched. Check the place {root} and the space left.",
            ) from problem
    label = " of SIMULATED data" if edition.is_simulated else ""
    sizes: dict[str, float] = {}
    for resource in package["resources"]:
        sizes[resource["format"]] = sizes.get(resource["format"], 0) + resource["bytes"] / 1e6
    parts = ", ".join(f"{form} {size:.1f}" for form, size in sizes.items())
    click.echo(f"{'Published' if is_new else 'Unchanged:'} edition {package['version']}{label}, in {root}")
    click.echo(f"{len(tables)} tables, {sum(sizes.values()):.1f} MB ({parts}); start with README.md there")
