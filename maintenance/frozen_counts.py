"""Count the rows of closed years in a warehouse of real data and freeze them in a seed: `dataelec freeze`."""

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from dataelec.errors import DataElecError
from dataelec.warehouse import Warehouse

SEED = Path("seeds/quality/frozen_counts.csv")
COLUMNS = ("table_name", "calendar_year", "territories_count", "rows_count", "reason")
OPEN_YEARS = 3
"""Producers revise about as many years back: the latest years are not closed."""

COUNTS = """
    select 'fct_half_hourly_load' as table_name, cast(year(date_day) as integer) as calendar_year,
        count(distinct region_code) as territories_count, count(*) as rows_count,
        min(dayofyear(date_day)) = 1 and max(strftime(date_day, '%m-%d')) = '12-31' as is_whole
    from core.fct_half_hourly_load group by all
    union all
    select 'fct_daily_temperature', year(date_day), count(distinct region_code), count(temperature_published_mean_c),
        min(dayofyear(date_day)) = 1 and max(strftime(date_day, '%m-%d')) = '12-31'
    from core.fct_daily_temperature group by all
    union all
    select 'fct_annual_consumption', calendar_year, count(distinct territory_code), count(*), true
    from core.fct_annual_consumption where territory_level_code = 'departement' group by all
    order by all
"""

Count = tuple[str, int, int, int]


def counts_of(database: Path) -> list[Count]:
    """Return what the warehouse counts in closed, whole years; DataElecError where it is simulated or absent."""
    with Warehouse(database) as warehouse:
        is_simulated = warehouse.is_simulated()
        rows = warehouse.rows(COUNTS)
    if is_simulated:
        raise DataElecError(f"{database} holds simulated data.", "Counts are frozen for real data alone.")
    last_closed = dt.date.today().year - OPEN_YEARS
    return [
        (row["table_name"], row["calendar_year"], row["territories_count"], row["rows_count"])
        for row in rows
        if row["is_whole"] and row["calendar_year"] < last_closed
    ]


def freeze_counts(counts: Sequence[Count], reason: str, seed: Path) -> list[Count]:
    """Write the counts with their reasons, the old reason where nothing changed; return those that changed."""
    with seed.open(encoding="utf-8", newline="") as stream:
        held = {
            (row["table_name"], int(row["calendar_year"]), int(row["territories_count"]), int(row["rows_count"])): row[
                "reason"
            ]
            for row in csv.DictReader(stream)
        }
    changed = [count for count in counts if count not in held]
    with seed.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((*count, held.get(count, reason)) for count in counts)
    return changed
