"""Opens the DuckDB command line on a copy of the warehouse, read-only, marts on the search path.

`python -m report.shell --target sample`; a query may come through a pipe. The copy lies beside the database and is made
anew only after a build: an open shell keeps no build waiting, and a running build keeps nobody from asking.
"""

import os
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import click

from report.warehouse import Warehouse, WarehouseError, copy_database, database_path

SCHEMAS = ("analysis", "core", "dataelec", "reference")
WELCOME = """DataElec: {database}, as built {built_at:%Y-%m-%d %H:%M} UTC{label}. Read-only.

{tables}

Try:
  -- how many MW does each °C colder add?
  select territory_label_fr, heating_slope_mw_per_c, heating_fit_status from weather_sensitivity
  where window_code = 'all' and specification_code = 'common' and client_type_code = 'all' order by 2 desc nulls last;

  -- how much did France use each year, and when was the peak?
  select period_year, energy_mwh, load_peak_mw, load_peak_at_utc from consumption_by_period
  where period_kind_code = 'year' and territory_code = 'FR' order by 1;

  -- what does each column mean, in which unit?
  select column_name, comment from duckdb_columns() where table_name = 'weather_sensitivity';

More questions: analyses/README.md. `describe dim_dates;` lists the columns of a table, .quit leaves.
"""


def open_copy(database: Path) -> Path:
    """Return a copy of the database as last built; the one at hand while a build is writing."""
    copy = database.parent / "shell" / database.name
    if database.is_file() and copy.is_file() and _stamp(copy) == _stamp(database):
        return copy
    copy.parent.mkdir(exist_ok=True)
    fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
    try:
        stamp = _stamp(database) if database.is_file() else 0
        copy_database(database, fresh)
        os.utime(fresh, ns=(stamp, stamp))
        fresh.replace(copy)
    except WarehouseError as error:
        if not copy.is_file():
            raise
        click.echo(f"{str(error).splitlines()[0]}\nOpening the copy made before.", err=True)
    finally:
        fresh.unlink(missing_ok=True)
    return copy


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns


def search_path(warehouse: Warehouse) -> dict[str, list[str]]:
    """Return the schemas that people ask, in order, each with its tables."""
    found: dict[str, list[str]] = {}
    for row in warehouse.rows(
        "select table_schema, table_name from information_schema.tables where table_schema in (?, ?, ?, ?)"
        " order by table_name",
        SCHEMAS,
    ):
        found.setdefault(row["table_schema"], []).append(row["table_name"])
    return {schema: found[schema] for schema in SCHEMAS if schema in found}


def welcome(database: Path, copy: Path, schemas: dict[str, list[str]], *, is_simulated: bool) -> str:
    """Return what greets people: where they are, which tables there are, three queries to try."""
    width = max(map(len, schemas), default=0) + 2
    return WELCOME.format(
        database=database,
        built_at=datetime.fromtimestamp(copy.stat().st_mtime, UTC),
        label=", SIMULATED DATA" if is_simulated else "",
        tables="\n".join(
            textwrap.fill(
                f"{schema:{width}}{', '.join(tables)}", 110, subsequent_indent=" " * width, break_on_hyphens=False
            )
            for schema, tables in schemas.items()
        ),
    )


@click.command()
@click.option("--target", type=click.Choice(["sample", "live"]), default="sample", help="dbt target that was built.")
def main(target: str) -> None:
    """Open the DuckDB command line on the warehouse, read-only."""
    database = database_path(target)
    try:
        copy = open_copy(database)
        with Warehouse(copy, is_copy=True) as warehouse:
            is_simulated = warehouse.is_simulated()
            if target == "live" and is_simulated:
                # The greeting says what is simulated, but a pipe shows none.
                raise WarehouseError(
                    f"{database} holds SIMULATED DATA, target live real ones. `unset DATAELEC_DATABASE`, or build that"
                    " target into it: `dbt build --target live`."
                )
            schemas = search_path(warehouse)
            greeting = welcome(database, copy, schemas, is_simulated=is_simulated)
    except WarehouseError as error:
        sys.exit(str(error))
    if sys.stdin.isatty():
        click.echo(greeting)
    shell = Path(sys.executable).parent / "duckdb"
    settings = f"set TimeZone = 'UTC'; set search_path = '{','.join(schemas)}';"
    os.execv(shell, [shell.name, "-readonly", str(copy), "-cmd", settings])


if __name__ == "__main__":
    main()
