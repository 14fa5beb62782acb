"""Prints the first answer of a built warehouse: MW per °C by region, with interval and status.

`python -m report.summary --target sample`
"""

import sys

import click
import duckdb
from rich.console import Console
from rich.table import Table

from report.warehouse import database_path

STATUS_COLOURS = {"qualified": "green", "degraded": "yellow", "not_identified": "red", "insufficient_data": "dim"}
QUESTION = """
    select
        territory_label_fr,
        heating_slope_mw_per_c,
        heating_slope_mw_per_c_ci95_low,
        heating_slope_mw_per_c_ci95_high,
        heating_balance_point_c,
        heating_fit_status,
        window_start_on,
        window_end_on,
        is_simulated,
        territory_level_code
    from analysis.weather_sensitivity
    where window_code = 'all' and client_type_code = 'all' and specification_code = ?
    order by territory_level_code desc, heating_slope_mw_per_c desc nulls last
"""
NEXT = """Database: {database}
Try next:
  make shell        the DuckDB command line on this database, read-only
  make report       the page people look at, in report/dist/index.html
  make docs         every table and column described, with lineage, in one page
  {live}"""


def sensitivity_table(warehouse: duckdb.DuckDBPyConnection, specification: str) -> Table:
    """The heating slopes of one specification as a table, regions first, then their sum."""
    rows = warehouse.execute(QUESTION, [specification]).fetchall()
    first_days, last_days = [row[6] for row in rows if row[6]], [row[7] for row in rows if row[7]]
    is_simulated = any(row[8] for row in rows)
    span = f"{min(first_days)} to {max(last_days)}" if first_days else "no data"
    label = "SIMULATED DATA: " if is_simulated else ""
    table = Table(
        title=f"{label}MW that each °C colder adds, {span}, `{specification}`",
        title_style="bold red" if is_simulated else "bold",
        caption="Simulated data" if is_simulated else "Sources: RTE, Weathernews on ODRÉ, Licence Ouverte",
        box=None,
        padding=(0, 1, 0, 0),
    )
    table.add_column("territory", no_wrap=True)
    for column in ("MW/°C", "95 % interval", "from °C"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for name, slope, low, high, balance_point, status, *_, level in rows:
        table.add_row(
            name,
            "-" if slope is None else f"{slope:.1f}",
            "-" if low is None else f"{low:.1f} .. {high:.1f}",
            "-" if balance_point is None else f"{balance_point:.1f}",
            f"[{STATUS_COLOURS[status]}]{status}[/]",
            style="bold" if level == "country" else None,
        )
    return table


@click.command()
@click.option("--target", type=click.Choice(["sample", "live"]), default="sample", help="dbt target that was built.")
@click.option(
    "--specification", type=click.Choice(["common", "free"]), default="free", help="How balance points are set."
)
def main(target: str, specification: str) -> None:
    """Print MW per °C by region from a built warehouse."""
    database = database_path(target)
    if not database.is_file():
        sys.exit(f"There is no database at {database}: `dbt build --target {target}` makes it.")
    with duckdb.connect(str(database), read_only=True) as warehouse:
        Console().print(sensitivity_table(warehouse, specification))
    live = "make run DATA=live   the same on the real lake" if target == "sample" else ""
    click.echo(NEXT.format(database=database, live=live).rstrip())


if __name__ == "__main__":
    main()
