"""The models that are set beside each other, on days whose answer is known and on the real files."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from research import least_squares as ls
from research.validation import other_models as om


@pytest.fixture(scope="module")
def known_days() -> pd.DataFrame:
    """Four years of one region without noise: weekends lower, 50 MW/°C below 15, 20 MW/°C above 22, a yearly wave."""
    date_day = pd.date_range("2016-01-01", "2019-12-31")
    turn = 2 * np.pi * (date_day.day_of_year - 1) / 365.25
    wave = 100 * np.sin(2 * turn)
    # Week by week warmer and colder, so that temperature is not the wave itself.
    temperature = 13 - 10 * np.cos(turn) + 5 * np.sin(np.arange(len(date_day)) / 3.3)
    day_class = np.where(date_day.day_of_week >= 5, "weekend", "weekday")
    regime = (date_day.year - (date_day.month < 7)).astype(str)
    load = (
        3000
        - 400 * (day_class == "weekend")
        + 50 * np.maximum(15 - temperature, 0)
        + 20 * np.maximum(temperature - 22, 0)
        + wave
    )
    return pd.DataFrame(
        {
            "territory_code": "11",
            "temperature_code": "smoothed",
            "date_day": date_day,
            "season_regime_code": regime,
            "day_class_code": day_class,
            "calendar_cell_code": regime + "|" + day_class,
            "load_mean_mw": load,
            "temperature_c": temperature,
            "is_held_out": date_day.year == 2019,
        }
    )


def test_only_the_model_with_waves_predicts_a_wave_exactly(known_days: pd.DataFrame) -> None:
    scores = om.errors(om.predictions(known_days)).loc["smoothed"]["cv_rmse_pct"].droplevel("territory_code")
    assert scores[om.WITH_WAVES] == pytest.approx(0, abs=1e-9)
    assert scores.drop(om.WITH_WAVES).min() > 1


def test_errors_are_relative_to_the_mean_load(known_days: pd.DataFrame) -> None:
    days = known_days.assign(model="one tenth too much", load_predicted_mw=1.1 * known_days["load_mean_mw"])
    score = om.errors(days).iloc[0]
    mean_square = (days["load_mean_mw"] ** 2).mean()
    assert score["nmbe_pct"] == pytest.approx(10)
    assert score["cv_rmse_pct"] == pytest.approx(10 * np.sqrt(mean_square) / days["load_mean_mw"].mean())


@pytest.fixture(scope="module")
def real_days(real_warehouse: object) -> pd.DataFrame:
    with duckdb.connect(str(real_warehouse), read_only=True) as warehouse:
        return warehouse.execute(om.DAYS_QUERY, [om.HELD_OUT_YEAR]).df()


def test_headline_is_the_hold_out_that_the_reference_computes(real_days: pd.DataFrame) -> None:
    region = real_days[(real_days["territory_code"] == "76") & (real_days["temperature_code"] == "smoothed")]
    names = {"temperature_c": "temperature_smoothed_c", "season_regime_code": "regime_code"}
    quarters = region["date_day"].dt.to_period("Q").astype(str)
    expected = ls.holdout(region.rename(columns=names).assign(calendar_quarter_code=quarters), "common", True)
    assert expected is not None
    score = om.errors(om.predictions(region)).loc[("smoothed", om.HEADLINE, "76")]
    assert score["cv_rmse_pct"] == pytest.approx(expected.cv_rmse_pct, rel=1e-9)
    assert score["nmbe_pct"] == pytest.approx(expected.nmbe_pct, rel=1e-6)


@pytest.mark.parametrize(("temperature", "worst_median"), [("smoothed", 4.0), ("raw", 4.6)])
def test_yearly_waves_predict_2019_better_in_every_region(
    real_days: pd.DataFrame, temperature: str, worst_median: float
) -> None:
    wide = om.errors(om.predictions(real_days)).loc[temperature]["cv_rmse_pct"].unstack("model")
    assert len(wide) == 12
    assert (wide[om.WITH_WAVES] < wide[om.HEADLINE]).all()
    assert (wide[om.HEADLINE] < wide["degree days"]).all()
    assert wide[om.WITH_WAVES].median() < worst_median
    # Why 8 % is the bound of a fit: what is blind to temperature passes in hardly any region.
    assert (wide["month x weekday"] < 8).sum() <= 1
