"""What greets people on the DuckDB command line: which tables there are, and queries to try."""

import textwrap
from datetime import UTC, datetime
from pathlib import Path

from dataelec.warehouse import Warehouse

SCHEMAS = ("analysis", "core", "dataelec", "reference")
WELCOME = """DataElec: {database}, as built {built_at:%Y-%m-%d %H:%M} UTC{label}. Read-only.

{tables}

Try:
  -- how many MW does each °C colder add?
  select territory_label_fr, heating_slope_mw_per_c, heating_fit_status from slopes order by 2 desc nulls last;

  -- how much did France use each year, and when was the peak?
  select period_year, energy_mwh, load_peak_mw, load_peak_on, load_peak_local_time from consumption_by_period
  where period_kind_code = 'year' and territory_code = 'FR' order by 1;

  -- what does each column mean, in which unit?
  select column_name, comment from duckdb_columns() where table_name = 'weather_sensitivity';

  -- names of territories are in dim_territories; what does each value of a code stand for?
  select code, label_en from dim_labels where code_name = 'period_kind_code';

More questions: analyses/README.md. `describe dim_dates;` lists the columns of a table, .quit leaves.
"""


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
    """Return what greets people: where they are, which tables there are, queries to try."""
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
