"""The days ahead on real files, 2019: beside LightGBM and mgcv on the same inputs, and beside RTE at 20:00.

The judges know of each day what ours does at 12:00 the day before: temperatures, season, class, loads of the last day
known whole, of its week and of the hours known. LightGBM gets an environment of its own; mgcv needs R
(`apt-get install r-base-core r-cran-mgcv`), and is left out, saying so, where it is absent.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import click
import duckdb
import numpy as np
import pandas as pd

from research.project import environment_with
from research.validation.markdown import as_markdown
from research.validation.observed import build_observed

HERE = Path(__file__).parent
PARTS = "select max(len(loads_begun_mw)) from intermediate.int_forecast_days_prepared"
DAYS = """
    with days as (
        select *, avg(load_mean_mw) over (
            partition by region_code order by date_day range between interval 6 day preceding and current row
        ) as load_week_mw
        from intermediate.int_forecast_days_prepared
    )
    select
        today.region_code, today.date_day, today.first_fit_month_on, today.load_mean_mw, today.day_class_code,
        today.year_share, today.years_elapsed, today.temperature_mean_c, today.temperature_smoothed_c,
        last_day.load_mean_mw as load_last_day_mw, last_day.load_week_mw as load_last_week_mw,
        last_day.day_class_code as day_class_last,
        last_day.temperature_mean_c as temperature_last_day_c,
        before.temperature_mean_c as temperature_before_c, {begun}
    from days as today
    inner join days as before on before.region_code = today.region_code and before.date_day = today.date_day - 1
    inner join days as last_day
        on last_day.region_code = today.region_code and last_day.date_day = today.date_day - 1 - today.load_lag_days
    order by all
"""
OURS = """
    select territory_code as region_code, date_day, energy_forecast_mwh / hours_in_local_day_count as load_forecast_mw
    from analysis.load_forecast inner join core.dim_dates using (date_day)
    where territory_level_code = 'region' and horizon_days = 1 and year(date_day) = 2019
"""
EVENINGS = """
    select
        count(*) as evenings,
        100 * avg(abs(forecasts.load_forecast_mw / forecasts.load_mw - 1)) as "ours, %",
        100 * avg(abs(forecast_day_ahead_mw / rte.load_mw - 1)) as "RTE, %"
    from intermediate.int_half_hourly_forecasts_issued as forecasts
    inner join read_csv(?) as rte
        on forecasts.period_start_at_utc at time zone 'Europe/Paris' = rte.local_time
    where territory_code = 'FR' and horizon_days = 1 and year(date_day) = 2019
"""


def days_with_inputs(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every day of a region with what is known of it the day before, loads in MW, temperatures in °C."""
    ((parts,),) = warehouse.execute(PARTS).fetchall()
    begun = (
        f"{day}.loads_begun_mw[{part}] as load_{name}_{part}_mw"
        for day, name in (("before", "begun"), ("last_day", "last_begun"))
        for part in range(1, parts + 1)
    )
    return warehouse.execute(DAYS.format(begun=", ".join(begun))).df()


def by_lightgbm(days: pd.DataFrame, environment: Path, folder: Path) -> pd.DataFrame:
    """Next days as LightGBM forecasts them."""
    python = environment_with(HERE / "lightgbm-requirements.txt", environment)
    given, answer = folder / "days.parquet", folder / "lightgbm.parquet"
    days.drop(columns="day_class_last").to_parquet(given)
    subprocess.run([str(python), str(HERE / "lightgbm_days_ahead.py"), str(given), str(answer)], check=True)
    return pd.read_parquet(answer)


def by_mgcv(days: pd.DataFrame, folder: Path) -> pd.DataFrame | None:
    """Next days as mgcv forecasts them; None without R or mgcv."""
    rscript = shutil.which("Rscript")
    if not rscript or subprocess.run([rscript, "-e", "library(mgcv)"], capture_output=True, check=False).returncode:
        print("mgcv is left out: no R with mgcv here (apt-get install r-base-core r-cran-mgcv).")
        return None
    given, answer = folder / "days.csv", folder / "mgcv.csv"
    days.to_csv(given, index=False)
    subprocess.run([rscript, str(HERE / "mgcv_days_ahead.R"), str(given), str(answer)], check=True)
    return pd.read_csv(answer, dtype={"region_code": str}, parse_dates=["date_day"])


def scores(days: pd.DataFrame, forecasts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Mean absolute error in % by model, of the regions and of their sum, on the days that all forecast."""
    table = days[["region_code", "date_day", "load_mean_mw"]].dropna()
    for name, forecast in forecasts.items():
        named = forecast.rename(columns={"load_forecast_mw": name})
        table = table.merge(named, on=["region_code", "date_day"]).dropna()
    counted = table.groupby("date_day")["region_code"].transform("count")
    country = table[counted == table["region_code"].nunique()].groupby("date_day").sum(numeric_only=True)
    rows = [
        {
            "model": name,
            "mean of regions, %": 100
            * (np.abs(table[name] / table["load_mean_mw"] - 1)).groupby(table["region_code"]).mean().mean(),
            "France, %": 100 * np.abs(country[name] / country["load_mean_mw"] - 1).mean(),
            "days": len(country),
        }
        for name in forecasts
    ]
    return pd.DataFrame(rows)


@click.command(help=__doc__)
@click.option("--database", type=click.Path(path_type=Path), help="A warehouse of the real files, else one is built.")
@click.option("--environment", type=click.Path(path_type=Path), default=".venv-lightgbm", show_default=True)
def main(database: Path | None, environment: Path) -> None:
    """Print the tables as Markdown."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with duckdb.connect(str(database or build_observed(folder).database), read_only=True) as warehouse:
            days, ours = days_with_inputs(warehouse), warehouse.execute(OURS).df()
            evenings = sorted((HERE.parents[2] / "shared" / "data" / "rte").glob("*.csv"))
            at_eight = warehouse.execute(EVENINGS, [str(evenings[0])]).df() if evenings else None
        forecasts = {"DataElec": ours, "LightGBM": by_lightgbm(days, environment.absolute(), folder)}
        if (judged := by_mgcv(days, folder)) is not None:
            forecasts["mgcv"] = judged
    print("\nThe next day of 2019, issued at 12:00, observed temperatures\n")
    print(as_markdown(scores(days, forecasts), digits=2))
    print("\nFrance at 20:00, the day ahead\n")
    print("RTE's published forecasts are not here." if at_eight is None else as_markdown(at_eight, digits=2))


if __name__ == "__main__":
    main()
