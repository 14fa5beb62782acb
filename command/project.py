"""What those run who change the project: `docs`, `catalog`, `columns`, `calendars`, `freeze`."""

from pathlib import Path

import click

from command.options import database_option, target_option
from dataelec.errors import DataElecError
from dataelec.settings import Settings
from dataelec.warehouse import opened_copy
from loaders.storage import write_whole
from maintenance import catalog as dbt_catalog
from maintenance import docs_page, model_columns
from maintenance.calendars import write_calendars
from maintenance.frozen_counts import SEED, counts_of, freeze_counts


@click.command()
@click.argument("page", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
def docs(page: Path | None) -> None:
    """Mend the page that `dbt docs generate --static` wrote.

    As dbt writes it, it asks for pictures that are not there. PAGE is that file, by default target/static_index.html.
    """
    page = page or Settings.from_environment().home / "target/static_index.html"
    if not page.is_file():
        raise DataElecError(f"There is no page at {page}.", "`make docs` writes and mends it.")
    write_whole(page, docs_page.mend(page.read_text("utf-8")).encode())
    click.echo(f"Open {page} in a browser.")


@click.command(
    epilog="""\b
Exit codes: 0 written, or nothing to write; 1 --check: a file differs, or another error
"""
)
@click.option("--check", is_flag=True, help="Write nothing; say which files differ.")
def catalog(check: bool) -> None:
    """Write what dbt repeats of the catalog: titles, proofs, freshness."""
    home = Settings.from_environment().home
    if not check:
        for path in dbt_catalog.write(home):
            click.echo(f"Wrote {path}")
    elif outdated := dbt_catalog.different(home):
        raise DataElecError(
            f"Not as the catalog has it: {', '.join(map(str, outdated))}.",
            "`dataelec catalog` writes them.",
        )


@click.command()
@target_option
@database_option
@click.option("--check", is_flag=True, help="Write nothing; say which files are not complete.")
def columns(target: str, database: Path | None, check: bool) -> None:
    """Complete the columns of the models' YAML from what was built."""
    settings = Settings.from_environment()
    with opened_copy(database or settings.database_path(target)) as warehouse:
        texts = model_columns.incomplete(settings.home, model_columns.built_in(warehouse))
    if check and texts:
        raise DataElecError(
            f"Not the columns that were built: {', '.join(map(str, texts))}.", "`dataelec columns` writes them."
        )
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
        click.echo(f"Completed {path}")


@click.command()
def calendars() -> None:
    """Write the calendar seeds from the packages that keep them."""
    for path in write_calendars(Settings.from_environment().home):
        click.echo(f"Wrote {path}")


@click.command()
@click.option("--reason", required=True, help="Why the counts change: what was imported, what its producer revised.")
@database_option
def freeze(reason: str, database: Path | None) -> None:
    """Freeze the row counts of closed years of real data.

    Do it once all other tests pass. Counts that did not change keep the reason they had.
    """
    settings = Settings.from_environment()
    counts = counts_of(database or settings.database_path("live"))
    changed = freeze_counts(counts, reason, settings.home / SEED)
    for table, year, places, count in changed:
        click.echo(f"{table} {year}: {count:,} rows of {places} territories")
    click.echo(f"{len(changed)} counts changed in {SEED}.")
