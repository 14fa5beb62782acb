"""Count the rows of closed years in a warehouse of real data and freeze them in `seeds/quality/frozen_counts.csv`.

`python -m loaders.frozen_counts --reason "first import of 2016-2019" [DATABASE]`, once all other tests pass.
Counts that did not change keep the reason they had.
"""

import argparse
import csv
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from loaders.errors import DataElecError

SEED = Path("seeds/quality/frozen_counts.csv")
COLUMNS = ("table_name", "calendar_year", "territories_count", "rows_count", "reason")
OPEN_YEARS = 3
"""Producers revise about as many years back: the latest years are not closed."""

COUNTS = """
    select 'fct_half_hourly_load' as table_name, cast(year(date_day) as integer) as calendar_year,
        count(distinct region_code) as territories_count, count(*) as rows_count,
        min(dayofyear(date_day)) = 1 and max(strftime(date_day, '%m-%d')) = '12-31' as is_whole,
        bool_or(is_simulated) as is_simulated
    from core.fct_half_hourly_load group by all
    union all
    select 'fct_daily_temperature', year(date_day), count(distinct region_code), count(temperature_published_mean_c),
        min(dayofyear(date_day)) = 1 and max(strftime(date_day, '%m-%d')) = '12-31', false
    from core.fct_daily_temperature group by all
    union all
    select 'fct_annual_consumption', calendar_year, count(distinct territory_code), count(*), true,
        bool_or(is_simulated)
    from core.fct_annual_consumption where territory_level_code = 'departement' group by all
"""

Count = tuple[str, int, int, int]


def counts_of(database: Path) -> list[Count]:
    """Return what the warehouse counts in closed, whole years; DataElecError where it is simulated or absent."""
    if not database.is_file():
        raise DataElecError(f"There is no warehouse at {database}.", "`dbt build --target live` makes one.")
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(f"select * from ({COUNTS}) order by all").fetchall()
    if any(is_simulated for *_, is_simulated in rows):
        raise DataElecError(f"{database} holds simulated data.", "Counts are frozen for real data alone.")
    last_closed = dt.date.today().year - OPEN_YEARS
    return [
        (table, year, places, count)
        for table, year, places, count, is_whole, _ in rows
        if is_whole and year < last_closed
    ]


def freeze(counts: Sequence[Count], reason: str, seed: Path = SEED) -> list[Count]:
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="?", type=Path, default=Path("warehouse/live.duckdb"))
    parser.add_argument(
        "--reason", required=True, help="why the counts change: what was imported, what its producer revised"
    )
    options = parser.parse_args(arguments)
    try:
        changed = freeze(counts_of(options.database), options.reason)
    except DataElecError as error:
        print(error, file=sys.stderr)
        return 1
    for table, year, places, count in changed:
        print(f"{table} {year}: {count:,} rows of {places} territories")
    print(f"{len(changed)} counts changed in {SEED}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
