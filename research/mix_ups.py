"""How many mix-ups of two regions are found, and how many of those found are none: spells planted into real hours.

    python research/mix_ups.py WAREHOUSE.duckdb [--compiled COMPILED.sql] [--seed 2019]

A part of one region's load goes to a neighbour for hours to days. The SQL is the compiled `suspected_mix_ups`; its
input is copied with the spells in it. Found is a spell of which half the hours are suspected, of either region. What is
suspected without any plant is shown apart: of real hours nobody knows which are good. Prints a Markdown table.
"""

import argparse
from pathlib import Path

import duckdb
import numpy as np

MODEL = "suspected_mix_ups"
INPUT = "int_hourly_loads_averaged"
COMPILED = Path("target/compiled/dataelec/models/marts") / f"{MODEL}.sql"
LOOK_UPS = {
    "dim_regions": "core.dim_regions",
    "neighbouring_regions": "reference.neighbouring_regions",
    "fct_half_hourly_load": "core.fct_half_hourly_load",
}
PARTS = (0.15, 0.2, 0.3)
HOURS = (6, 12, 24, 72)
DAYS_APART = 33
"""More than the four weeks that the usual share is taken from, so that no spell is another's measure."""


def plant(connection: duckdb.DuckDBPyConnection, part: float, hours: int, rng: np.random.Generator) -> int:
    """Move a part of one region's load to a neighbour, a spell every `DAYS_APART` days; return the number of spells."""
    pairs = connection.execute("select region_code, neighbour_region_code from neighbouring_regions").fetchall()
    first, days = connection.execute(
        "select min(date_day), datediff('day', min(date_day), max(date_day)) from original"
    ).fetchall()[0]
    spells = []
    for number, day in enumerate(range(20, days - 20, DAYS_APART)):
        giver, taker = pairs[rng.integers(len(pairs))]
        if rng.random() < 0.5:
            giver, taker = taker, giver
        spells.append((number, giver, taker, 24 * day + int(rng.integers(24)), hours))
    connection.execute(
        "create or replace table spells (spell_number int, giver varchar, taker varchar, first_hour int, hours int)"
    )
    connection.executemany("insert into spells values (?, ?, ?, ?, ?)", spells)
    connection.execute(
        f"""
        create or replace table {INPUT} as
        with numbered as (
            select *, 24 * datediff('day', date '{first}', date_day) + hour_of_day as hour_number from original
        ),
        moved as (
            select spells.*, givers.hour_number, {part} * givers.load_mean_mw as moved_mw
            from spells inner join numbered as givers
                on givers.region_code = spells.giver and givers.hour_number >= spells.first_hour
                and givers.hour_number < spells.first_hour + spells.hours
        )
        select numbered.region_code, date_day, hour_of_day,
            load_mean_mw - coalesce(lost.moved_mw, 0) + coalesce(won.moved_mw, 0) as load_mean_mw
        from numbered
        left join moved as lost on numbered.region_code = lost.giver and numbered.hour_number = lost.hour_number
        left join moved as won on numbered.region_code = won.taker and numbered.hour_number = won.hour_number
        """
    )
    connection.execute(f"set variable first_day = date '{first}'")
    return len(spells)


def found(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, int]:
    """Return how many planted spells are found, and how many suspicions lie on none of them."""
    hits, others = connection.execute(
        f"""
        with suspected as (
            select territory_code, hours_count, 24 * datediff('day', getvariable('first_day'),
                cast(timezone('Europe/Paris', suspicion_start_at_utc) as date))
                + hour(timezone('Europe/Paris', suspicion_start_at_utc)) as hour_number
            from ({sql})
        ),
        touched as (
            select spell_number, hour_number, territory_code,
                greatest(0, least(hour_number + hours_count, first_hour + hours) - greatest(hour_number, first_hour))
                    as overlap_hours, hours
            from suspected inner join spells on territory_code in (giver, taker)
        )
        select
            (select count(distinct spell_number) from (
                select spell_number from touched group by spell_number, territory_code, hours
                having sum(overlap_hours) >= 0.5 * hours
            ) as whole),
            (select count(*) from suspected anti join (from touched where overlap_hours > 0) as near
                using (territory_code, hour_number))
        """
    ).fetchall()[0]
    return hits, others


def main() -> None:
    """Measure each size and length on a warehouse's real hours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("--compiled", type=Path, default=COMPILED)
    parser.add_argument("--seed", type=int, default=2019)
    options = parser.parse_args()
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach '{options.warehouse}' as warehouse (read_only)")
    connection.execute(
        f"create table original as from warehouse.intermediate.{INPUT} where year(date_day) between 2016 and 2019"
    )
    sql = options.compiled.read_text(encoding="utf-8")
    for name, place in {INPUT: f"intermediate.{INPUT}", **LOOK_UPS}.items():
        schema, table = place.split(".")
        sql = sql.replace(f'"{options.warehouse.stem}"."{schema}"."{table}"', name)
        if name != INPUT:
            connection.execute(f"create table {name} as from warehouse.{place}")
    connection.execute(f"create table {INPUT} as from original")
    alone = connection.execute(f"select count(*) from ({sql})").fetchall()[0][0]
    print(f"Suspected without any plant, 2016-2019: {alone}\n")
    print("| part moved | hours | planted | found | recall % | others | precision % |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    rng = np.random.default_rng(options.seed)
    for part in PARTS:
        for hours in HOURS:
            planted = plant(connection, part, hours, rng)
            hits, others = found(connection, sql)
            new = max(others - alone, 0)
            print(
                f"| {100 * part:.0f} % | {hours} | {planted} | {hits} | {100 * hits / planted:.0f} | {new}"
                f" | {100 * hits / max(hits + new, 1):.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
