"""Prints the first answer of a built warehouse: MW per °C by region, with interval and status."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from dataelec.warehouse import Row, Warehouse
from report import sensitivity, texts

STATUS_COLOURS = {"qualified": "green", "degraded": "yellow", "not_identified": "red", "insufficient_data": "dim"}
BRING = {
    "sample": "  dataelec sample",
    "live": "  dataelec load {dataset}          from its portal\n"
    "  dataelec import {dataset} FILE   a file you already have",
}
NEXT = """Database: {database}
Try next:
  make shell{data}        the DuckDB command line on this database, read-only
  make report{data}       the page people look at, in report/dist/index.html
  make docs{data}         every table and column described, with lineage, in one page
  {live}"""


def sensitivity_table(rows: Sequence[Row], specification: str) -> Table:
    """The heating slopes of one specification as a table, regions first, then their sums."""
    first_days = [row["window_start_on"] for row in rows if row["window_start_on"]]
    last_days = [row["window_end_on"] for row in rows if row["window_end_on"]]
    is_simulated = any(row["is_simulated"] for row in rows)
    span = f"{min(first_days)} to {max(last_days)}" if first_days else "no data"
    label = "SIMULATED DATA: " if is_simulated else ""
    sources = "Simulated data" if is_simulated else f"Sources: RTE, Weathernews on ODRÉ, {texts.LICENCE}"
    table = Table(
        title=f"{label}MW per °C colder, {span}, `{specification}`",
        title_style="bold red" if is_simulated else "bold",
        caption=sources if first_days else None,
        box=None,
        padding=(0, 1, 0, 0),
    )
    table.add_column("territory", no_wrap=True)
    for column in ("MW/°C", "95 % interval", "from °C"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for row in sorted(rows, key=lambda row: row["territory_level_code"] != "region"):
        slope, low = row["heating_slope_mw_per_c"], row["heating_slope_mw_per_c_ci95_low"]
        balance_point, status = row["heating_balance_point_c"], row["heating_fit_status"]
        table.add_row(
            row["territory_label_fr"],
            "-" if slope is None else f"{slope:.1f}",
            "-" if low is None else f"{low:.1f} .. {row['heating_slope_mw_per_c_ci95_high']:.1f}",
            "-" if balance_point is None else f"{balance_point:.1f}",
            f"[{STATUS_COLOURS[status]}]{status}[/]",
            style="bold" if row["territory_level_code"] != "region" else None,
        )
    return table


def why_none(warehouse: Warehouse, rows: Sequence[Row], target: str) -> str:
    """Why no territory has a slope, and the commands that bring what is missing; nothing where one has."""
    if any(row["heating_slope_mw_per_c"] is not None for row in rows):
        return ""
    lines = ["No territory has a slope."]
    for row in sensitivity.datasets_not_held(warehouse):
        dataset = row["dataset_code"]
        lines.append(f"The lake has no {dataset}. To get it:\n{BRING[target].format(dataset=dataset)}")
    return "\n".join(lines)


def next_steps(database: Path, target: str) -> str:
    """What people can look at next, for the same target."""
    data, live = ("", "make run DATA=live   the same on the real lake") if target == "sample" else (" DATA=live", "")
    return NEXT.format(database=database, data=data, live=live).rstrip()
