"""How far filled half-hours are off: good ones are hidden in the shape of real gaps and filled by the model's own SQL.

    python research/filling.py WAREHOUSE.duckdb [--compiled COMPILED.sql] [--trials 60] [--seed 2019]

The SQL is the compiled `int_half_hourly_loads_filled`; its input is copied with values taken out. Prints, by shape, the
mean absolute percentage error over trials and its 95th percentile, as the Markdown table of `docs/methodology.md`.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

MODEL = "int_half_hourly_loads_filled"
INPUT = "int_half_hourly_loads_flagged"
COMPILED = Path("target/compiled/dataelec/models/preparation/load") / f"{MODEL}.sql"


@dataclass(frozen=True)
class Shape:
    """A gap as it occurs: how many half-hours, in how many regions at once."""

    label: str
    half_hours: int
    regions: int | None
    """None for all of them."""


SHAPES = (
    Shape("an isolated spike: 1 half-hour, one region", 1, 1),
    Shape("a clock change: 2 half-hours, all regions", 2, None),
    Shape("a mix-up of two: 6 h", 12, 2),
    Shape("a mix-up of two: 12 h", 24, 2),
    Shape("one region away: 1 day", 48, 1),
    Shape("a mix-up of two: 2 days", 96, 2),
    Shape("one region away: 3 days", 144, 1),
    Shape("a scrambled day: 15.5 h, all regions", 31, None),
    Shape("scrambled days: 73 h, all regions", 146, None),
)


def masked_error(
    connection: duckdb.DuckDBPyConnection, sql: str, shape: Shape, trials: int, rng: np.random.Generator
) -> tuple[float, float, int]:
    """Return mean and 95th percentile of the gaps' mean absolute errors in %, and how many gaps were filled."""
    instants = [row[0] for row in connection.execute("select distinct instant_at from whole order by all").fetchall()]
    regions = [row[0] for row in connection.execute("select distinct region_code from whole order by all").fetchall()]
    # A month apart at least: what is hidden for one trial must not stand around another.
    step = max(len(instants) // (trials + 1), 48 * 16 + shape.half_hours)
    starts = np.arange(48 * 15, len(instants) - 48 * 15 - shape.half_hours, step)
    starts = starts + rng.integers(0, 48, size=len(starts))
    hidden = [
        (region, instants[start], instants[start + shape.half_hours])
        for start in starts
        for region in rng.choice(regions, shape.regions or len(regions), replace=False)
    ]
    connection.execute("create or replace table gaps (region_code varchar, first_at timestamptz, end_at timestamptz)")
    connection.executemany("insert into gaps values (?, ?, ?)", hidden)
    connection.execute(
        f"""
        create or replace table {INPUT} as
        select flagged.* replace (case when gaps.region_code is null then load_mw end as load_mw)
        from original as flagged
        left join gaps on flagged.region_code = gaps.region_code
            and flagged.period_start_at_utc >= gaps.first_at and flagged.period_start_at_utc < gaps.end_at
        """
    )
    errors = connection.execute(
        f"""
        select 100 * avg(abs(filled.load_filled_mw / whole.load_mw - 1)) as error_pct
        from ({sql}) as filled
        inner join whole on filled.region_code = whole.region_code and filled.period_start_at_utc = whole.instant_at
        inner join gaps on filled.region_code = gaps.region_code
            and filled.period_start_at_utc >= gaps.first_at and filled.period_start_at_utc < gaps.end_at
        group by gaps.region_code, gaps.first_at
        """
    ).fetchnumpy()["error_pct"]
    return float(np.mean(errors)), float(np.quantile(errors, 0.95)), len(errors)


def main() -> None:
    """Measure every shape on a warehouse's real half-hours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("--compiled", type=Path, default=COMPILED)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--seed", type=int, default=2019)
    parser.add_argument("--from-year", type=int, default=2016)
    options = parser.parse_args()
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach '{options.warehouse}' as warehouse (read_only)")
    connection.execute(
        f"create table original as from warehouse.intermediate.{INPUT} where year(date_day) >= {options.from_year}"
    )
    connection.execute(
        "create table whole as select region_code, period_start_at_utc as instant_at, load_mw from original"
        " where load_mw is not null and exclusion_code is null"
    )
    sql = options.compiled.read_text(encoding="utf-8")
    catalog = options.warehouse.stem
    sql = sql.replace(f'"{catalog}"."intermediate"."{INPUT}"', INPUT)
    rng = np.random.default_rng(options.seed)
    print("| gap hidden | gaps | mean error % | 95 % of gaps under % |\n|---|---:|---:|---:|")
    for shape in SHAPES:
        mean, high, count = masked_error(connection, sql, shape, options.trials, rng)
        print(f"| {shape.label} | {count} | {mean:.2f} | {high:.2f} |", flush=True)


if __name__ == "__main__":
    main()
