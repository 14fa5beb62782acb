"""What the whole fit costs: `python -m research.bench.sensitivity`.

Days of the simulated lake are laid end to end until they last as long as the real ones, for twelve regions or more
and four client types. Then every model from the days to the answers runs in a process of its own, with the threads and
the memory that the profile gives dbt, through the SQL that dbt compiled.
"""

import resource
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import click
import duckdb
import pandas as pd
import yaml

from research.project import PROJECT
from research.validation.markdown import as_markdown
from research.validation.observed import Observed, build_simulated
from research.widening import fit_anew, widen

ANSWERS = ("weather_sensitivity", "weather_sensitivity_hourly", "sensitivity_change", "sensitivity_diagnostics")
SECONDS_CEILING, MEGABYTES_CEILING = 30, 1000
LAST_YEAR = 2025
# A specification of six terms beside those of the project, each with its jackknife.
SIX_TERMS = {
    "specifications": [["six", 21, "false", "Six termes", "Six terms"]],
    "specification_terms": [
        ["six", 1, "sine_1", "sine", 1, 1],
        ["six", 2, "cosine_1", "cosine", 1, 1],
        ["six", 3, "bend_cold", "heating", 10, 10],
        ["six", 4, "bend_mild", "heating", 18, 18],
        ["six", 5, "heating", "heating", 15, 15],
        ["six", 6, "cooling", "cooling", 22, 22],
    ],
}

# What the fit reads that grows with regions and years, by schema. `suffix` tells the copies of a region
# apart, and every day stands for the same day of the years asked for: leap years for leap years.
DATED = "as days cross join copies inner join years on year(date_day) = source_year"
THAT_DAY = "make_date(calendar_year, month(date_day), day(date_day)) as date_day"
INPUTS = {
    ("core", "dim_regions"): """
        select * replace (region_code || suffix as region_code) from {simulated} cross join copies
    """,
    ("core", "fct_daily_load"): f"""
        select days.* replace (region_code || suffix as region_code, {THAT_DAY}) from {{simulated}} {DATED}
    """,
    ("intermediate", "int_daily_client_loads_averaged"): f"""
        select
            region_code || suffix as region_code, client_type_code, {THAT_DAY}, is_counted,
            share * load_mean_mw as load_mean_mw
        from held.core.fct_daily_load {DATED}
        cross join (
            values ('enedis_residential', 0.4), ('enedis_professional', 0.1), ('enedis_enterprise', 0.3)
        ) as client_types (client_type_code, share)
    """,
    ("intermediate", "int_hourly_loads_averaged"): f"""
        select days.* replace (region_code || suffix as region_code, {THAT_DAY}) from {{simulated}} {DATED}
    """,
    ("intermediate", "int_daily_temperatures_smoothed"): f"""
        select days.* replace (region_code || suffix as region_code, {THAT_DAY}) from {{simulated}} {DATED}
    """,
    # Corse would be a thirteenth region.
    ("core", "fct_hourly_island_load"): "select * from {simulated} where false",
    ("intermediate", "int_daily_island_loads_averaged"): "select * from {simulated} where false",
    ("intermediate", "int_days_classified"): """
        select * replace (territory_code || suffix as territory_code) from {simulated}
        cross join copies where territory_level_code = 'region'
    """,
}


@dataclass(frozen=True)
class Size:
    """How much is fitted: years of days, multiples of the twelve regions."""

    years: int = 13
    copies: int = 1


REAL_SIZE = Size()
OTHER_SIZES = (Size(years=5), Size(years=9), Size(copies=2), Size(copies=3))


def make_inputs(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    connection.execute(
        f"""
        create temp view copies as
        select case when copy_number = 0 then '' else 'x' || copy_number end as suffix
        from (select unnest(range({size.copies})) as copy_number)
        """
    )
    connection.execute(
        f"""
        create temp view years as
        select calendar_year, 2020 + calendar_year % 4 as source_year
        from (select unnest(range({LAST_YEAR + 1 - size.years}, {LAST_YEAR + 1})) as calendar_year)
        """
    )
    for (schema, table), query in INPUTS.items():
        connection.execute(f"create table {schema}.{table} as {query.format(simulated=f'held.{schema}.{table}')}")


def run_fit(observed: Observed, folder: Path, size: Size) -> pd.DataFrame:
    """Seconds of every model, by the clock and of both processors; beside, the peak memory of the process so far."""
    models, read = observed.models_between([table for _, table in INPUTS], ANSWERS)
    scratch = folder / "scratch.duckdb"
    scratch.unlink(missing_ok=True)
    measured = []
    profile = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))["dataelec"]["outputs"]["sample"]
    settings = {"threads": profile["threads"], **profile["settings"], "temp_directory": str(folder)}
    with duckdb.connect() as connection:
        for name, value in settings.items():
            connection.execute(f"set {name} = '{value}'")
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"attach '{observed.database}' as held (read_only)")
        connection.execute(f"attach '{scratch}' as {observed.database_name}; use {observed.database_name}")
        for schema in sorted({schema for schema, _ in read} | {model.schema for model in models}):
            connection.execute(f"create schema if not exists {schema}")
        make_inputs(connection, size)
        for schema, table in read:
            if (schema, table) not in INPUTS:
                connection.execute(f"create view {schema}.{table} as from held.{schema}.{table}")
        for model in models:
            started, started_cpu = time.perf_counter(), time.process_time()
            connection.execute(f"create {model.materialized} {model.relation} as {model.query}")
            seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - started_cpu
            measured.append(
                (model.name, seconds, cpu_seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            )
    scratch.unlink()
    return pd.DataFrame(measured, columns=["model", "seconds", "CPU seconds", "peak MB"])


def measured_apart(observed: Observed, folder: Path, size: Size) -> pd.DataFrame:
    """A process of its own, so that its peak memory is of this size alone."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(run_fit, observed, folder, size).result()


@click.command(help=__doc__)
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps the simulated warehouse for another run.")
@click.option("--real-size-only", is_flag=True)
@click.option("--six-terms", is_flag=True, help="With a specification of six terms beside those of the project.")
def main(folder: Path | None, real_size_only: bool, six_terms: bool) -> None:
    """Print the cost of every model at real size, then how it grows; fail where real size costs too much."""
    with tempfile.TemporaryDirectory() as scratch:
        observed = build_simulated(folder or Path(scratch))
        if six_terms:
            database = widen(observed.database, Path(scratch) / "widened", SIX_TERMS)
            # What is not of the fit stays as it was compiled.
            shutil.copytree(observed.target, database.parent / "target")
            fit_anew(observed.database.parent / "lake", database, *ANSWERS)
            observed = Observed(database, database.parent / "target")
        by_model = measured_apart(observed, Path(scratch), REAL_SIZE)
        print(as_markdown(by_model.sort_values("seconds", ascending=False), digits=2))
        sizes = [REAL_SIZE, *([] if real_size_only else OTHER_SIZES)]
        runs = [by_model, *(measured_apart(observed, Path(scratch), size) for size in sizes[1:])]
    totals = pd.DataFrame(
        {
            "years": [size.years for size in sizes],
            "regions": [12 * size.copies for size in sizes],
            "seconds": [run["seconds"].sum() for run in runs],
            "CPU seconds": [run["CPU seconds"].sum() for run in runs],
            "peak MB": [run["peak MB"].max() for run in runs],
        }
    )
    print()
    print(as_markdown(totals, digits=1))
    seconds, megabytes = totals.loc[0, "seconds"], totals.loc[0, "peak MB"]
    if seconds > SECONDS_CEILING or megabytes > MEGABYTES_CEILING:
        raise SystemExit(f"Real size took {seconds:.0f} s and {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
