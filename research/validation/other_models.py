"""Errors on a year that no model saw, this method beside others: `python -m research.validation.other_models`.

All models get the same days and the same temperatures, raw for all or smoothed for all; they fit 2016-2018 and predict
2019. OpenDSM's daily model runs in an environment of its own, made in the given folder when it is not there.
"""

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from research.project import environment_with
from research.validation.markdown import as_markdown
from research.validation.observed import build_observed

Floats = NDArray[np.float64]
Predict = Callable[[pd.DataFrame, pd.DataFrame], Floats]

HERE = Path(__file__).parent
HELD_OUT_YEAR = 2019
COMMON_HEATING_C, COMMON_COOLING_C = 15.0, 22.0
WAVES = 3

DAYS_QUERY = """
    select
        series.territory_code,
        series.temperature_code,
        days.date_day,
        days.season_regime_code,
        days.day_class_code,
        days.calendar_cell_code,
        days.load_mean_mw,
        days.temperature_c,
        year(days.date_day) = ? as is_held_out
    from intermediate.int_regression_days_prepared as days
    inner join intermediate.int_load_series_listed as series using (series_code)
    where
        series.variant_code in ('daily', 'daily_raw')
        and series.client_type_code = 'all'
        and days.exclusion_code is null
    order by series.territory_code, series.temperature_code, days.date_day
"""


def degrees(days: pd.DataFrame) -> Floats:
    """Days x 2: degrees below the common heating and above the common cooling balance point."""
    temperature = days["temperature_c"].to_numpy(dtype=np.float64)
    return np.column_stack(
        [np.maximum(COMMON_HEATING_C - temperature, 0), np.maximum(temperature - COMMON_COOLING_C, 0)]
    )


def degrees_and_waves(days: pd.DataFrame) -> Floats:
    """Days x 8: degrees, then sine and cosine of each yearly wave, as in the specification ``season_adjusted``."""
    turn = 2 * np.pi * (days["date_day"].dt.day_of_year.to_numpy() - 1) / 365.25
    waves = [wave(order * turn) for order in range(1, WAVES + 1) for wave in (np.sin, np.cos)]
    return np.column_stack([degrees(days), *waves])


def calendar_fit(columns: Callable[[pd.DataFrame], Floats]) -> Predict:
    """The project's method: least squares inside calendar cells; a day takes the effect of the latest regime."""

    def predict(training: pd.DataFrame, held_out: pd.DataFrame) -> Floats:
        cells = training["calendar_cell_code"].to_numpy()
        table = np.column_stack([columns(training), training["load_mean_mw"]])
        within = table - pd.DataFrame(table).groupby(cells).transform("mean").to_numpy()
        slopes = np.linalg.lstsq(within[:, :-1], within[:, -1], rcond=None)[0]
        effects = (
            training.assign(effect=table[:, -1] - table[:, :-1] @ slopes)
            .groupby(["season_regime_code", "day_class_code"])["effect"]
            .mean()
            .groupby("day_class_code")
            .last()
        )
        levels = held_out["day_class_code"].map(effects)
        return np.asarray(levels + columns(held_out) @ slopes, dtype=np.float64)

    return predict


def plain_degree_days(training: pd.DataFrame, held_out: pd.DataFrame) -> Floats:
    """Load on degrees alone, no calendar."""
    table = np.column_stack([np.ones(len(training)), degrees(training)])
    slopes = np.linalg.lstsq(table, training["load_mean_mw"].to_numpy(), rcond=None)[0]
    return np.asarray(np.column_stack([np.ones(len(held_out)), degrees(held_out)]) @ slopes, dtype=np.float64)


def month_and_weekday(training: pd.DataFrame, held_out: pd.DataFrame) -> Floats:
    """The mean of the same weekday in the same month, blind to temperature."""
    keys = [
        training["date_day"].dt.month.rename("month"),
        training["date_day"].dt.day_of_week.rename("weekday"),
    ]
    means = training.groupby(keys)["load_mean_mw"].mean()
    wanted = pd.MultiIndex.from_arrays([held_out["date_day"].dt.month, held_out["date_day"].dt.day_of_week])
    return np.asarray(means.reindex(wanted), dtype=np.float64)


HEADLINE, WITH_WAVES, OPENDSM = "common", "common with yearly waves", "OpenDSM daily"
MODELS: dict[str, Predict] = {
    HEADLINE: calendar_fit(degrees),
    WITH_WAVES: calendar_fit(degrees_and_waves),
    "degree days": plain_degree_days,
    "month x weekday": month_and_weekday,
}


def predictions(days: pd.DataFrame) -> pd.DataFrame:
    """Held-out days with ``model`` and ``load_predicted_mw``, one row per model of this file."""
    parts: list[pd.DataFrame] = []
    for _, series in days.groupby(["territory_code", "temperature_code"]):
        training, held_out = series[~series["is_held_out"]], series[series["is_held_out"]]
        parts.extend(
            held_out.assign(model=name, load_predicted_mw=predict(training, held_out))
            for name, predict in MODELS.items()
        )
    return pd.concat(parts, ignore_index=True)


def opendsm_predictions(days: pd.DataFrame, environment: Path, folder: Path) -> pd.DataFrame:
    """Held-out days as OpenDSM's daily model predicts them."""
    python = environment_with(HERE / "opendsm-requirements.txt", environment)
    given, answer = folder / "days.parquet", folder / "predicted.parquet"
    keyed = days.assign(group=days["territory_code"] + "|" + days["temperature_code"])
    keyed[["group", "date_day", "load_mean_mw", "temperature_c", "is_held_out"]].to_parquet(given)
    subprocess.run([str(python), str(HERE / "opendsm_daily.py"), str(given), str(answer)], check=True)
    predicted = pd.read_parquet(answer)
    return keyed[keyed["is_held_out"]].merge(predicted, on=["group", "date_day"], how="left").assign(model=OPENDSM)


def errors(predicted: pd.DataFrame) -> pd.DataFrame:
    """CV(RMSE) and NMBE in per cent of the mean load by temperature, model and region."""
    error = predicted["load_predicted_mw"] - predicted["load_mean_mw"]
    grouped = predicted.assign(error=error, squared=error**2).groupby(["temperature_code", "model", "territory_code"])
    sums = grouped[["error", "squared", "load_mean_mw"]].mean()
    return pd.DataFrame(
        {
            "days": grouped["error"].count(),
            "cv_rmse_pct": 100 * np.sqrt(sums["squared"]) / sums["load_mean_mw"],
            "nmbe_pct": 100 * sums["error"] / sums["load_mean_mw"],
        }
    )


def comparison(scores: pd.DataFrame, temperature_code: str) -> pd.DataFrame:
    """CV(RMSE) by region and model, then the medians, the NMBE and in how many regions each is below OpenDSM."""
    chosen = scores.loc[temperature_code]
    wide = chosen["cv_rmse_pct"].unstack("model")
    bias = chosen["nmbe_pct"].unstack("model")
    order = [*MODELS, *([OPENDSM] if OPENDSM in wide else [])]
    table = wide[order].reset_index().rename(columns={"territory_code": "region"})
    table.loc[len(table)] = ["median", *wide[order].median()]
    table.loc[len(table)] = ["median NMBE", *bias[order].median()]
    table.loc[len(table)] = ["median absolute NMBE", *bias[order].abs().median()]
    if OPENDSM in wide:
        below = [f"{(wide[model] < wide[OPENDSM]).sum()} of {len(wide)}" for model in order]
        table = table.astype(object)
        table.loc[len(table)] = ["below OpenDSM", *below]
    return table


@click.command(help=__doc__)
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps the warehouse of real files for another run.")
@click.option("--environment", type=click.Path(path_type=Path), default=".venv-opendsm", show_default=True)
@click.option("--without-opendsm", is_flag=True, help="Only the models that need no other library.")
def main(folder: Path | None, environment: Path, without_opendsm: bool) -> None:
    """Print one table per pairing as Markdown."""
    with tempfile.TemporaryDirectory() as scratch:
        observed = build_observed(folder or Path(scratch))
        with duckdb.connect(str(observed.database), read_only=True) as warehouse:
            days = warehouse.execute(DAYS_QUERY, [HELD_OUT_YEAR]).df()
        predicted = predictions(days)
        if not without_opendsm:
            others = opendsm_predictions(days, environment.absolute(), Path(scratch))
            predicted = pd.concat([predicted, others], ignore_index=True)
    scores = errors(predicted)
    for temperature_code in ("smoothed", "raw"):
        print(f"\n{temperature_code} temperatures, CV(RMSE) of {HELD_OUT_YEAR} in %\n")
        print(as_markdown(comparison(scores, temperature_code), digits=2))


if __name__ == "__main__":
    main()
