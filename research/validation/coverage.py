"""How often the published 95 % intervals hold a truth that was planted: `python -m research.validation.coverage`.

Each seed is a client type of its own in one warehouse: the twelve regions simulated together, run through the very
SQL that dbt compiled, from the days on. Rows of the answer are read from the published tables.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb
import numpy as np
import pandas as pd

from research.validation.markdown import as_markdown
from research.validation.observed import Observed, build_observed
from research.validation.simulation import World

TRUTH = "truth"
KEYS = ["territory_code", "window_code", "specification_code"]
SEASONS = ("season_2016", "season_2018")
WINDOWS = ("all", *SEASONS)
# Regions of a seed err together: with 200 seeds the Monte-Carlo error is 0.8 points, too much beside these bounds.
SEEDS = 1000
SEEDS_AT_ONCE = 10
POOLED_TARGET_PCT = (93, 97)
REGION_FLOOR_PCT = 90
FALSE_ALARM_CEILING_PCT = 1

# Where a published table holds the slope or the change of slope that is judged.
SLOPE, CHANGE = "heating_slope_mw_per_c", "heating_slope_change_mw_per_c"


def run_sql(
    observed: Observed,
    series: pd.DataFrame,
    folder: Path,
    answers: tuple[str, ...] = ("weather_sensitivity", "sensitivity_change"),
) -> list[pd.DataFrame]:
    """The rows of each of the ``answers`` for simulated days.

    ``series`` holds rows of ``int_regression_days_prepared``; everything that does not follow from them is read from
    the warehouse of real files.
    """
    models, unchanged = observed.models_between(["int_regression_days_prepared", "int_load_series_listed"], answers)
    name, scratch = observed.database_name, folder / "scratch.duckdb"
    scratch.unlink(missing_ok=True)
    with duckdb.connect(config={"memory_limit": "3GB", "threads": 2, "temp_directory": str(folder)}) as connection:
        connection.execute(f"set TimeZone = 'UTC'; attach '{observed.database}' as real_files (read_only)")
        connection.execute(f"attach '{scratch}' as {name}; use {name}")
        for schema in sorted({schema for schema, _ in unchanged} | {model.schema for model in models}):
            connection.execute(f"create schema if not exists {schema}")
        for schema, table in unchanged:
            # Windows do not know of each other: three are enough here.
            kept = f"where window_code in {WINDOWS}" if table == "int_window_days_listed" else ""
            connection.execute(f"create view {schema}.{table} as from real_files.{schema}.{table} {kept}")
        connection.register("simulated_days", series)
        connection.execute(
            """
            create table intermediate.int_regression_days_prepared as
            select * replace (cast(date_day as date) as date_day, cast(segment_start_on as date) as segment_start_on)
            from simulated_days
            """
        )
        connection.execute(
            """
            create table intermediate.int_load_series_listed as
            with client_types as (
                select distinct split_part(series_code, '|', 2) as client_type_code from simulated_days
            )
            select listed.* replace (
                cast(
                    row_number() over (order by client_types.client_type_code, listed.series_number) as integer
                ) as series_number,
                client_types.client_type_code as client_type_code,
                replace(listed.series_code, '|all|', '|' || client_types.client_type_code || '|') as series_code,
                replace(listed.country_series_code, '|all|', '|' || client_types.client_type_code || '|')
                    as country_series_code
            )
            from real_files.intermediate.int_load_series_listed as listed
            cross join client_types
            where listed.is_daily and listed.client_type_code = 'all'
            """
        )
        for model in models:
            connection.execute(f"create {model.materialized} {model.relation} as {model.query}")
        relations = {model.name: model.relation for model in models}
        published = [connection.execute(f"from {relations[answer]}").df() for answer in answers]
    scratch.unlink()
    return published


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
        print(f"seeds from {first} of {seeds}, {'with' if with_effect else 'without'} effect", file=sys.stderr)
        yield pd.concat(parts, ignore_index=True)


def as_answers(published: pd.DataFrame, measure: str) -> pd.DataFrame:
    """One form for slopes and changes of slopes: estimate, interval and what they are about; refusals left out."""
    answers = published.rename(
        columns={measure: "estimate", f"{measure}_ci95_low": "ci95_low", f"{measure}_ci95_high": "ci95_high"}
    )
    if measure == CHANGE:
        for part in ("territory", "window"):
            answers[f"{part}_code"] = answers[f"base_{part}_code"] + ">" + answers[f"{part}_code"]
    kept = ["client_type_code", *KEYS, "estimate", "ci95_low", "ci95_high"]
    return answers.loc[answers["estimate"].notna(), kept]


def with_truth(rows: pd.DataFrame, world: World) -> pd.DataFrame:
    """Add ``target`` and ``is_covered``: the planted slope for ``free``, else the same fit without noise."""
    truth = rows[rows["client_type_code"] == TRUTH].set_index(KEYS)["estimate"].rename("target")
    judged = rows[rows["client_type_code"] != TRUTH].join(truth, on=KEYS)
    planted = world.planted["heating_slope_mw_per_c"].to_dict()
    planted["FR"] = sum(planted.values())
    is_free = judged["specification_code"] == "free"
    judged.loc[is_free, "target"] = [
        planted[code] if ">" not in code else _difference(code, planted)
        for code in judged.loc[is_free, "territory_code"]
    ]
    return judge(judged)


def judge(rows: pd.DataFrame) -> pd.DataFrame:
    """Add whether the interval holds the target; for slopes also half-width and error as shares of the target."""
    # A change may truly be zero: nothing is a share of it.
    whole = rows["target"].abs().where(~rows["territory_code"].str.contains(">"))
    return rows.assign(
        is_covered=rows["target"].between(rows["ci95_low"], rows["ci95_high"]),
        half_width_share=(rows["ci95_high"] - rows["ci95_low"]) / 2 / whole,
        error_share=(rows["estimate"] - rows["target"]) / whole,
    )


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
        for specification in ("common", "free", "season_adjusted")
        for window in WINDOWS
        if len(part := frame[(frame["specification_code"] == specification) & (frame["window_code"] == window)])
    ]
    seasons = ">".join(SEASONS)
    for specification in ("common", "free"):
        own = changes[changes["specification_code"] == specification]
        rows.append(coverage_row(own[own["window_code"] == "all>all"], f"{specification}, difference of two regions"))
        two_seasons = own[own["window_code"] == seasons]
        is_country = two_seasons["territory_code"] == "FR>FR"
        rows.append(coverage_row(two_seasons[~is_country], f"{specification}, difference of two seasons"))
    return pd.DataFrame(rows)


def false_alarms(alarms: pd.DataFrame) -> pd.DataFrame:
    """How often a region's series without any effect of temperature is called qualified."""
    regional = alarms[(alarms["territory_code"] != "FR") & alarms[SLOPE].notna()]
    called = regional.assign(is_qualified=regional["heating_fit_status"] == "qualified")
    grouped = called.groupby(["specification_code", "window_code"])["is_qualified"]
    return pd.DataFrame({"series": grouped.size(), "called qualified %": 100 * grouped.mean()}).reset_index()


def missed_targets(table: pd.DataFrame, alarm_table: pd.DataFrame) -> list[str]:
    """What lies outside the targets, in words; ``season_adjusted`` and France are shown without a target."""
    asked = table[~table["answer"].str.contains("season_adjusted|France")]
    missed = [
        f"{row.answer}: pooled {row.pooled:.1f} %"
        for row in asked.rename(columns={"coverage %": "pooled"}).itertuples()
        if not POOLED_TARGET_PCT[0] <= row.pooled <= POOLED_TARGET_PCT[1]
    ]
    missed += [
        f"{row.answer}: {row.where} {row.least:.1f} %" for row in asked.itertuples() if row.least < REGION_FLOOR_PCT
    ]
    missed += [
        f"no effect, {row.specification_code}, {row.window_code}: {row.share:.2f} % qualified"
        for row in alarm_table.rename(columns={"called qualified %": "share"}).itertuples()
        if row.share >= FALSE_ALARM_CEILING_PCT
    ]
    return missed


@click.command(help=__doc__)
@click.option("--seeds", type=int, default=SEEDS, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps the warehouse of real files for another run.")
@click.option("--results", type=click.Path(path_type=Path), help="Folder that gets every interval as Parquet.")
def main(seeds: int, folder: Path | None, results: Path | None) -> None:
    """Print both tables as Markdown and fail where a target is missed."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        observed = build_observed(folder or Path(scratch))
        with duckdb.connect(str(observed.database), read_only=True) as warehouse:
            world = World.of(warehouse)
        lots = [run_sql(observed, rows, Path(scratch)) for rows in simulated(world, seeds, with_effect=True)]
        alarms = pd.concat(
            run_sql(observed, rows, Path(scratch))[0] for rows in simulated(world, seeds, with_effect=False)
        )
    fits = with_truth(as_answers(pd.concat([lot[0] for lot in lots]), SLOPE), world)
    changes = with_truth(as_answers(pd.concat([lot[1] for lot in lots]), CHANGE), world)
    if results:
        for name, rows in (("fits", fits), ("changes", changes), ("alarms", alarms)):
            rows.to_parquet(results / f"{name}.parquet")
    table, alarm_table = coverage_table(fits, changes), false_alarms(alarms)
    print(as_markdown(table, digits=1))
    print()
    print(as_markdown(alarm_table, digits=2))
    print(f"\n{seeds} seeds, {time.monotonic() - started:.0f} s")
    missed = missed_targets(table, alarm_table)
    if missed:
        raise SystemExit("Missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
