"""How often the published 95 % intervals hold a truth that was planted: `python -m tests.validation.coverage`.

Each seed is a client type of its own in one warehouse: the twelve regions simulated together, run through the very
SQL that dbt compiled, from the days on. Rows of the answer are read from the published tables.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from tests.validation.observed import DATABASE_NAME, Observed, build_observed
from tests.validation.markdown import as_markdown
from tests.validation.simulation import World

TRUTH = "truth"
SEASONS = ("season_2016", "season_2018")
WINDOWS = ("all", *SEASONS)
SEEDS_AT_ONCE = 10
POOLED_TARGET = (0.93, 0.97)
REGION_FLOOR = 0.90
FALSE_ALARM_CEILING = 0.01

FITS_QUERY = """
    select
        client_type_code,
        territory_code,
        window_code,
        specification_code,
        heating_slope_mw_per_c as estimate,
        heating_slope_mw_per_c_ci95_low as ci95_low,
        heating_slope_mw_per_c_ci95_high as ci95_high,
        heating_fit_status
    from analysis.weather_sensitivity
    where territory_code <> '94' and client_type_code <> 'all' and heating_slope_mw_per_c is not null
"""
CHANGES_QUERY = """
    select
        client_type_code,
        base_territory_code || '>' || territory_code as territory_code,
        base_window_code || '>' || window_code as window_code,
        specification_code,
        heating_slope_change_mw_per_c as estimate,
        heating_slope_change_mw_per_c_ci95_low as ci95_low,
        heating_slope_change_mw_per_c_ci95_high as ci95_high
    from analysis.sensitivity_change
"""


def run_sql(observed: Observed, series: pd.DataFrame, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The published rows of ``weather_sensitivity`` and ``sensitivity_change`` for simulated days.

    ``series`` holds rows of ``int_regression_days_prepared``; everything that does not follow from them is read from
    the warehouse of real files.
    """
    models, unchanged = observed.models_between(
        "int_regression_days_prepared", "weather_sensitivity", "sensitivity_change"
    )
    scratch = folder / "simulated.duckdb"
    scratch.unlink(missing_ok=True)
    with duckdb.connect(config={"memory_limit": "3GB", "threads": 2, "temp_directory": str(folder)}) as connection:
        connection.execute(f"set TimeZone = 'UTC'; attach '{observed.database}' as real_files (read_only)")
        connection.execute(f"attach '{scratch}' as {DATABASE_NAME}; use {DATABASE_NAME}")
        for schema in sorted({schema for schema, _ in unchanged} | {model.schema for model in models}):
            connection.execute(f"create schema if not exists {schema}")
        for schema, name in unchanged:
            if name != "int_load_series_listed":
                connection.execute(f"create view {schema}.{name} as from real_files.{schema}.{name}")
        connection.register("simulated_days", series)
        connection.execute(
            """
            create table intermediate.int_regression_days_prepared as
            select * replace (cast(date_day as date) as date_day) from simulated_days
            """
        )
        connection.execute(
            """
            create table intermediate.int_load_series_listed as
            with client_types as (
                select distinct split_part(series_code, '|', 2) as client_type_code from simulated_days
            )
            select listed.* replace (
                client_types.client_type_code as client_type_code,
                replace(listed.series_code, '|all|', '|' || client_types.client_type_code || '|') as series_code,
                replace(listed.country_series_code, '|all|', '|' || client_types.client_type_code || '|')
                    as country_series_code
            )
            from real_files.intermediate.int_load_series_listed as listed
            cross join client_types
            where listed.variant_code = 'daily' and listed.client_type_code = 'all'
            """
        )
        for model in models:
            query = model.query
            if model.name == "int_windows_listed":
                # Windows do not know of each other: three are enough here.
                query = f"select * from ({query}) as listed where window_code in {WINDOWS}"
            connection.execute(f"create table {model.relation} as {query}")
        fits, changes = connection.execute(FITS_QUERY).df(), connection.execute(CHANGES_QUERY).df()
    scratch.unlink()
    return fits, changes


def simulated(world: World, seeds: int, with_effect: bool) -> Iterator[pd.DataFrame]:
    """Rows of a few seeds at a time; with an effect, the first lot holds the truth without noise as well."""
    expected = world.cell_load_mw + (world.weather_load_mw if with_effect else 0.0)
    for first in range(0, seeds, SEEDS_AT_ONCE):
        parts = [
            # Other noise for the series without an effect.
            world.rows(f"seed_{seed:04d}", expected + world.noise(seed + (0 if with_effect else 1_000_000)))
            for seed in range(first, min(first + SEEDS_AT_ONCE, seeds))
        ]
        if with_effect and first == 0:
            parts.append(world.rows(TRUTH, expected))
        yield pd.concat(parts, ignore_index=True)


def with_truth(rows: pd.DataFrame, world: World) -> pd.DataFrame:
    """Add ``target`` and ``is_covered``: the planted slope for ``free``, else the same fit without noise."""
    keys = ["territory_code", "window_code", "specification_code"]
    truth = rows[rows["client_type_code"] == TRUTH].set_index(keys)["estimate"].rename("target")
    judged = rows[rows["client_type_code"] != TRUTH].join(truth, on=keys)
    planted = world.planted["heating_slope_mw_per_c"].to_dict()
    planted["FR"] = sum(planted.values())
    is_free = judged["specification_code"] == "free"
    judged.loc[is_free, "target"] = [
        planted[code] if ">" not in code else _difference(code, planted)
        for code in judged.loc[is_free, "territory_code"]
    ]
    judged["is_covered"] = judged["target"].between(judged["ci95_low"], judged["ci95_high"])
    judged["half_width_share"] = (judged["ci95_high"] - judged["ci95_low"]) / 2 / judged["target"].abs()
    judged["error_share"] = (judged["estimate"] - judged["target"]) / judged["target"].abs()
    return judged


def _difference(code: str, planted: dict[str, float]) -> float:
    base, other = code.split(">")
    return planted[other] - planted[base]


def coverage_row(rows: pd.DataFrame, label: str) -> dict[str, object]:
    """Pooled coverage with its Monte-Carlo error, counted over seeds because regions of one seed err together."""
    by_seed = rows.groupby("client_type_code")["is_covered"].mean()
    by_territory = rows.groupby("territory_code")["is_covered"].mean()
    return {
        "answer": label,
        "intervals": len(rows),
        "coverage %": 100 * rows["is_covered"].mean(),
        "Monte-Carlo error": 100 * by_seed.std() / np.sqrt(len(by_seed)),
        "least": 100 * by_territory.min(),
        "where": by_territory.idxmin(),
        "greatest": 100 * by_territory.max(),
        "without interval": int(rows["ci95_low"].isna().sum()),
        "median half-width %": 100 * rows["half_width_share"].median(),
        "mean error %": 100 * rows["error_share"].mean(),
    }


def coverage_table(fits: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of answer."""
    regions = fits[fits["territory_code"] != "FR"]
    country = fits[fits["territory_code"] == "FR"]
    rows = [
        coverage_row(part, f"{specification}, {window}{place}")
        for place, frame in (("", regions), (", France", country))
        for specification in ("common", "free", "lower_bound")
        for window in WINDOWS
        if len(
            part := frame[(frame["specification_code"] == specification) & (frame["window_code"] == window)]
        )
    ]
    seasons = ">".join(SEASONS)
    for specification in ("common", "free"):
        own = changes[changes["specification_code"] == specification]
        rows.append(
            coverage_row(own[own["window_code"] == "all>all"], f"{specification}, difference of two regions")
        )
        two_seasons = own[own["window_code"] == seasons]
        is_country = two_seasons["territory_code"] == "FR>FR"
        rows.append(coverage_row(two_seasons[~is_country], f"{specification}, difference of two seasons"))
    return pd.DataFrame(rows)


def main() -> None:
    """Print both tables as Markdown and fail where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="keeps the warehouse of real files for another run")
    parser.add_argument("--results", type=Path, help="folder that gets every interval as Parquet")
    arguments = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        observed = build_observed(arguments.folder or Path(scratch))
        with duckdb.connect(str(observed.database), read_only=True) as warehouse:
            world = World.of(warehouse)
        lots = [
            run_sql(observed, rows, Path(scratch)) for rows in simulated(world, arguments.seeds, with_effect=True)
        ]
        alarms = pd.concat(
            run_sql(observed, rows, Path(scratch))[0]
            for rows in simulated(world, arguments.seeds, with_effect=False)
        )
    fits = with_truth(pd.concat([lot[0] for lot in lots]), world)
    changes = with_truth(pd.concat([lot[1] for lot in lots]), world)
    if arguments.results:
        for name, rows in (("fits", fits), ("changes", changes), ("alarms", alarms)):
            rows.to_parquet(arguments.results / f"{name}.parquet")
    table = coverage_table(fits, changes)
    print(as_markdown(table, digits=1))
    regional = alarms[alarms["territory_code"] != "FR"]
    called = regional.assign(is_qualified=regional["heating_fit_status"] == "qualified")
    statuses = (
        called.groupby(["specification_code", "window_code"])["is_qualified"]
        .agg(["size", "mean"])
        .rename(columns={"size": "series", "mean": "called qualified %"})
        .mul([1, 100])
        .reset_index()
    )
    print(as_markdown(statuses, digits=2))
    print(f"{arguments.seeds} seeds, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
