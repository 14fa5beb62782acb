"""mgcv as another judge of what predicts and of the curve: `python -m research.validation.gam`.

Real loads with the inputs of `predictive`, wind and cloud of the SYNOP stations among them: generalized additive models
of R's mgcv fitted to 2016-2018 predict 2019, and their derivatives stand beside `response_curve`. Skipped without R.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import click
import duckdb
import pandas as pd

from research.validation.markdown import as_markdown
from research.validation.stations import LATER, fitted

SCRIPT = Path(__file__).with_name("gam.R")
NEEDED = "R with the package mgcv (Debian: r-base-core, r-cran-mgcv)"
HELD_OUT_YEAR = 2019
DAYS = """
    with days as (
        select
            series.territory_code,
            days.date_day,
            dayofyear(days.date_day) as day_of_year,
            days.calendar_cell_code as cell,
            days.day_class_code,
            days.load_mean_mw,
            days.temperature_c,
            days.temperature_smoothed_longer_c as temperature_longer_c,
            days.temperature_mean_c as temperature_raw_c,
            days.wind_mean_m_s as wind_m_s,
            days.cloud_cover_mean_pct as cloud_cover_pct,
            days.humidity_mean_pct as humidity_pct,
            year(days.date_day) between 2016 and $year - 1 as is_training,
            year(days.date_day) = $year as is_held_out
        from intermediate.int_regression_days_prepared as days
        inner join intermediate.int_load_series_listed as series using (series_code)
        where
            series.is_daily
            and series.client_type_code = 'all'
            and days.exclusion_code is null
            and days.temperature_smoothed_longer_c is not null
    ),
    latest as (
        select territory_code, day_class_code, max(cell) as latest_cell from days where is_training group by all
    )
    select
        days.* replace (is_training::int as is_training, is_held_out::int as is_held_out),
        latest.latest_cell,
        bands.temperature_band_code
    from days
    left join latest using (territory_code, day_class_code)
    inner join reference.temperature_bands as bands
        on
            days.temperature_c >= coalesce(bands.lowest_temperature_c, days.temperature_c)
            and days.temperature_c < coalesce(bands.highest_temperature_c, days.temperature_c + 1)
    order by days.territory_code, days.date_day
"""
OURS = """
    select territory_code, hold_out_cv_rmse_pct as predictive
    from analysis.weather_sensitivity
    where
        specification_code = 'predictive'
        and client_type_code = 'all'
        and territory_level_code = 'region'
        and window_code = $window
        and hold_out_cv_rmse_pct is not null
"""
CURVE = """
    select territory_code, temperature_band_code, response_mw_per_c, response_mw_per_c_ci95_low,
        response_mw_per_c_ci95_high
    from analysis.response_curve
    where
        client_type_code = 'all'
        and territory_level_code = 'region'
        and window_code = 'all'
        and response_mw_per_c is not null
"""


def run(days: pd.DataFrame, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Held-out days as both models predict them, and the slope of each region by band of temperature."""
    given, predicted, curve = (folder / f"{name}.csv" for name in ("days", "predicted", "curve"))
    days.to_csv(given, index=False)
    subprocess.run(["Rscript", "--vanilla", str(SCRIPT), str(given), str(predicted), str(curve)], check=True)
    kinds = {"territory_code": str}
    return pd.read_csv(predicted, dtype=kinds, parse_dates=["date_day"]), pd.read_csv(curve, dtype=kinds)


def errors(days: pd.DataFrame, predicted: pd.DataFrame) -> pd.DataFrame:
    """CV(RMSE) in % of the mean load by region and model."""
    joined = predicted.merge(days[["territory_code", "date_day", "load_mean_mw"]], on=["territory_code", "date_day"])
    joined["squared"] = (joined["load_predicted_mw"] - joined["load_mean_mw"]) ** 2
    means = joined.groupby(["territory_code", "model"])[["squared", "load_mean_mw"]].mean()
    return (100 * means["squared"] ** 0.5 / means["load_mean_mw"]).unstack("model").add_prefix("mgcv, ")


@click.command(help=__doc__)
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps the warehouses for another run.")
def main(folder: Path | None) -> None:
    """Print both comparisons as Markdown."""
    has_package = (
        shutil.which("Rscript")
        and not subprocess.run(
            ["Rscript", "--vanilla", "-e", "library(mgcv)"], capture_output=True, check=False
        ).returncode
    )
    if not has_package:
        print(f"Skipped: this needs {NEEDED}, which is not here.")
        return
    with tempfile.TemporaryDirectory() as scratch:
        database = fitted(folder or Path(scratch), "stations")
        with duckdb.connect(str(database), read_only=True) as warehouse:
            days = warehouse.execute(DAYS, {"year": HELD_OUT_YEAR}).df()
            ours = warehouse.execute(OURS, {"window": LATER}).df().set_index("territory_code")
            curve = warehouse.execute(CURVE).df()
        predicted, slopes = run(days, Path(scratch))
    table = ours.join(errors(days, predicted)).reset_index()
    table.loc[len(table)] = ["median", *table.drop(columns="territory_code").median()]
    table.loc[len(table)] = ["worst", *table.iloc[:-1].drop(columns="territory_code").max()]
    print(f"\nCV(RMSE) of {HELD_OUT_YEAR} after 2016-{HELD_OUT_YEAR - 1}, %\n")
    print(as_markdown(table, digits=2))
    beside = curve.merge(slopes, on=["territory_code", "temperature_band_code"])
    beside["is_inside"] = beside["gam_mw_per_c"].between(
        beside["response_mw_per_c_ci95_low"], beside["response_mw_per_c_ci95_high"]
    )
    half_width = (beside["response_mw_per_c_ci95_high"] - beside["response_mw_per_c_ci95_low"]) / 2
    beside["is_apart"] = (beside["gam_mw_per_c"] - beside["response_mw_per_c"]).abs() > (
        half_width**2 + (1.96 * beside["gam_mw_per_c_se"]) ** 2
    ) ** 0.5
    by_band = beside.groupby("temperature_band_code").agg(
        regions=("is_inside", "size"),
        ours=("response_mw_per_c", "sum"),
        mgcv=("gam_mw_per_c", "sum"),
        inside_our_interval=("is_inside", "sum"),
        apart=("is_apart", "sum"),
    )
    print("\nMW for each °C warmer, sums of regions; regions whose mgcv slope lies in our interval\n")
    print(as_markdown(by_band.reset_index(), digits=0))
    print(
        f"\nInside our interval: {beside['is_inside'].sum()} of {len(beside)} bands; apart: {beside['is_apart'].sum()}."
    )
    regions = table.iloc[:-2]
    not_above = int((regions["predictive"] <= regions["mgcv, all"]).sum())
    print(f"Not above mgcv's in {not_above} of {len(regions)} regions.")


if __name__ == "__main__":
    main()
