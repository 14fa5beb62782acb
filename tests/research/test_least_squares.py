"""Self-checks of the reference fit: explicit dummies, formulas written out, planted truth, hand counts."""

from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import linalg, stats

from research import least_squares as ls

Floats = NDArray[np.float64]
assert_close = partial(np.testing.assert_allclose, rtol=1e-8, atol=1e-8)


def days_frame(
    start: str = "2016-01-01",
    end: str = "2018-06-30",
    *,
    heating: tuple[float, float] = (15.0, 100.0),
    cooling: tuple[float, float] = (22.0, 40.0),
    noise: float = 60.0,
    missing: tuple[str, ...] = ("2016-04-05", "2016-04-06", "2017-08-31"),
    seed: int = 7,
) -> pd.DataFrame:
    """Days of a made-up territory; ``heating`` and ``cooling`` are (balance point, slope)."""
    rng = np.random.default_rng(seed)
    days = pd.date_range(start, end)
    season = np.cos(2 * np.pi * (days.day_of_year.to_numpy() - 20) / 365.25)
    temperature = 13.0 - 9.0 * season + rng.normal(0, 3, len(days))
    regime = days.year - (days.month < 7)
    day_class = np.select([days.day_of_week == 5, days.day_of_week == 6], ["saturday", "sunday"], "midweek")
    level = 5000.0 - 30.0 * (regime - 2015) - 600.0 * (days.day_of_week >= 5)
    errors = np.zeros(len(days))
    shocks = rng.normal(0, noise, len(days))
    for i in range(1, len(days)):
        errors[i] = 0.7 * errors[i - 1] + shocks[i]
    load = level + heating[1] * np.maximum(heating[0] - temperature, 0) + errors
    load = load + cooling[1] * np.maximum(temperature - cooling[0], 0)
    frame = pd.DataFrame(
        {
            "date_day": days,
            "load_mean_mw": load,
            "temperature_smoothed_c": temperature,
            "regime_code": regime.astype(str),
            "day_class_code": day_class,
            "calendar_quarter_code": days.to_period("Q").astype(str),
        }
    )
    frame["calendar_cell_code"] = frame["regime_code"] + "|" + frame["day_class_code"]
    return frame[~frame["date_day"].isin(pd.to_datetime(list(missing)))].reset_index(drop=True)


def explicit_design(frame: pd.DataFrame, tau_heating: float, tau_cooling: float | None) -> Floats:
    """Hinges first, then one dummy column per cell."""
    temperature = frame["temperature_smoothed_c"].to_numpy()
    hinges = [np.maximum(tau_heating - temperature, 0)]
    if tau_cooling is not None:
        hinges.append(np.maximum(temperature - tau_cooling, 0))
    dummies = pd.get_dummies(frame["calendar_cell_code"], dtype=float).to_numpy()
    return np.column_stack([*hinges, dummies])


def brute_sse(frame: pd.DataFrame, tau_heating: float, tau_cooling: float | None) -> tuple[Floats, float]:
    """Coefficients, slopes first, and SSE with one dummy per cell."""
    design, load = explicit_design(frame, tau_heating, tau_cooling), frame["load_mean_mw"].to_numpy()
    coefficients = np.linalg.lstsq(design, load, rcond=None)[0]
    residuals = load - design @ coefficients
    return coefficients, float(residuals @ residuals)


def brute_search(frame: pd.DataFrame) -> tuple[float, float, Floats]:
    """Both balance points and both slopes of the least SSE, one pair at a time."""
    best = (np.inf, 0.0, 0.0, np.zeros(2))
    for tau_heating in np.arange(10, 19.5, 0.5):
        for tau_cooling in np.arange(18, 26.5, 0.5):
            if tau_cooling < tau_heating + 2:
                continue
            coefficients, sse = brute_sse(frame, tau_heating, tau_cooling)
            if (coefficients[:2] > 0).all() and sse < best[0]:
                best = (sse, tau_heating, tau_cooling, coefficients[:2])
    return best[1:]


@pytest.mark.parametrize("tau_cooling", [22.0, None])
def test_fit_equals_statsmodels_with_a_dummy_per_cell(tau_cooling: float | None) -> None:
    frame = days_frame()
    fitted = ls.fit(frame.sample(frac=1, random_state=1), 15.0, tau_cooling)
    result = sm.OLS(frame["load_mean_mw"].to_numpy(), explicit_design(frame, 15.0, tau_cooling)).fit()
    n_slopes = len(fitted.slopes)
    assert_close(fitted.slopes, result.params[:n_slopes])
    assert_close(fitted.ols_se, result.bse[:n_slopes])
    np.testing.assert_allclose(fitted.residuals, result.resid, rtol=1e-8, atol=1e-6)
    assert_close(fitted.sse, result.ssr)
    assert_close(fitted.overall_r2, result.rsquared)
    assert fitted.n_parameters == len(result.params)
    assert fitted.cv_rmse_pct == pytest.approx(100 * np.sqrt(np.mean(result.resid**2)) / frame["load_mean_mw"].mean())
    cells_only = sm.OLS(frame["load_mean_mw"].to_numpy(), result.model.exog[:, n_slopes:]).fit()
    assert fitted.within_r2 == pytest.approx(1 - result.ssr / cells_only.ssr)


def test_hac_errors_equal_newey_west_over_calendar_days_written_out() -> None:
    frame = days_frame()
    design, load = explicit_design(frame, 15.0, 22.0), frame["load_mean_mw"].to_numpy()
    residuals = load - design @ np.linalg.lstsq(design, load, rcond=None)[0]
    apart = np.abs(frame["date_day"].to_numpy()[:, None] - frame["date_day"].to_numpy()[None, :])
    weights = np.maximum(1 - apart.astype("timedelta64[D]").astype(float) / 15, 0)
    scores = design * residuals[:, None]
    bread = np.linalg.inv(design.T @ design)
    n, k = design.shape
    variance = np.diag(bread @ (scores.T @ weights @ scores) @ bread) * n / (n - k)
    assert_close(ls.fit(frame, 15.0, 22.0).hac_se, np.sqrt(variance[:2]))


def test_waves_are_what_a_regression_on_all_columns_gives() -> None:
    frame = days_frame(cooling=(21.0, 80.0)).sort_values("date_day")
    turn = 2 * np.pi * (frame["date_day"].dt.day_of_year.to_numpy() - 1) / 365.25
    frame["load_mean_mw"] += 150 * np.sin(turn) - 70 * np.cos(2 * turn)
    temperature = frame["temperature_smoothed_c"].to_numpy()
    waves = [wave(order * turn) for order in (1, 2, 3) for wave in (np.sin, np.cos)]
    cells = pd.get_dummies(frame["calendar_cell_code"]).to_numpy(dtype=float)
    hinges = [np.maximum(15 - temperature, 0), np.maximum(temperature - 22, 0)]
    design = np.column_stack([*hinges, *waves, cells])
    whole = sm.OLS(frame["load_mean_mw"].to_numpy(), design).fit()
    found = ls.fit(frame, 15.0, 22.0, waves=3)
    assert_close(found.slopes, whole.params[:2])
    assert_close(found.wave_coefficients, whole.params[2:8])
    assert_close(found.ols_se, whole.bse[:2])
    assert found.sse == pytest.approx(whole.ssr)
    assert found.n_parameters == design.shape[1]


def test_rho1_skips_pairs_across_a_missing_day() -> None:
    fitted = ls.fit(days_frame(missing=()), 15.0, None)
    residuals = fitted.residuals
    assert fitted.rho1 == pytest.approx(residuals[1:] @ residuals[:-1] / (residuals @ residuals))
    gap = np.arange(len(residuals)) != 100
    holed = replace(
        fitted,
        columns=fitted.columns[gap],
        load=fitted.load[gap],
        load_demeaned=fitted.load_demeaned[gap],
        load_fitted=fitted.load_fitted[gap],
        days=fitted.days[gap],
    )
    kept = residuals[gap]
    pairs = np.delete(kept[1:] * kept[:-1], 99)
    assert holed.rho1 == pytest.approx(pairs.sum() / (kept @ kept))


def test_search_equals_a_loop_over_all_pairs() -> None:
    frame = days_frame(heating=(14.0, 90.0), cooling=(21.0, 50.0), noise=20.0)
    found = ls.search(frame)
    tau_heating, tau_cooling, slopes = brute_search(frame)
    assert (found.tau_heating, found.tau_cooling) == (tau_heating, tau_cooling)
    assert_close(found.slopes, slopes)


@pytest.mark.parametrize(("tau_heating", "tau_cooling"), [(16.5, 20.5), (16.0, 18.0)])
def test_search_finds_planted_points_exactly_without_noise(tau_heating: float, tau_cooling: float) -> None:
    found = ls.search(days_frame(heating=(tau_heating, 80.0), cooling=(tau_cooling, 30.0), noise=0.0))
    assert (found.tau_heating, found.tau_cooling) == (tau_heating, tau_cooling)
    np.testing.assert_allclose(found.slopes, [80.0, 30.0], rtol=1e-9)


def test_search_admits_no_pair_closer_than_two_degrees() -> None:
    found = ls.search(days_frame(heating=(17.0, 80.0), cooling=(18.5, 80.0), noise=0.0))
    assert found.tau_cooling is not None
    assert found.tau_cooling - found.tau_heating == 2.0


def test_search_without_admissible_pair_is_heating_alone() -> None:
    frame = days_frame(heating=(15.0, 100.0), cooling=(20.0, -60.0), noise=0.0)
    found, alone = ls.search(frame), ls.search_heating_only(frame)
    sse = {tau: brute_sse(frame, tau, None)[1] for tau in np.arange(10, 19.5, 0.5)}
    assert found.tau_cooling is None
    assert found.cooling_slope == 0.0
    assert found.tau_heating == alone.tau_heating == min(sse, key=lambda tau: sse[tau])


def test_search_wants_a_positive_heating_slope_beside_cooling() -> None:
    found = ls.search(days_frame(heating=(15.0, -50.0), cooling=(20.0, 60.0), noise=0.0))
    assert found.tau_cooling is None
    assert found.heating_slope < 0


def test_equal_errors_go_to_the_lowest_balance_points() -> None:
    """One single day above 22: every cooling point under it gives the same fit from 22 on."""
    frame = days_frame(noise=0.0)
    frame["temperature_smoothed_c"] = frame["temperature_smoothed_c"].clip(upper=17.5)
    hot = frame.index[frame["date_day"] == "2016-07-20"]
    frame.loc[hot, "temperature_smoothed_c"] = 25.2
    frame["load_mean_mw"] = 5000 + 100 * np.maximum(15 - frame["temperature_smoothed_c"], 0)
    frame.loc[hot, "load_mean_mw"] += 320
    found = ls.search(frame)
    assert (found.tau_heating, found.tau_cooling) == (15.0, 18.0)
    assert found.cooling_slope == pytest.approx(320 / 7.2)


def test_fit_leaves_out_a_cooling_term_that_no_day_shows() -> None:
    frame = days_frame()
    frame["temperature_smoothed_c"] = frame["temperature_smoothed_c"].clip(upper=21.0)
    fitted = ls.fit(frame, 15.0, 22.0)
    assert fitted.tau_cooling is None
    assert fitted.cooling_slope == 0.0
    assert fitted.heating_slope == pytest.approx(ls.fit(frame, 15.0, None).heating_slope, rel=1e-12)


def test_fit_leaves_out_a_cooling_term_that_mirrors_heating() -> None:
    """With one cold and one hot temperature, a hot day is just a day that is not cold."""
    frame = days_frame()
    frame["temperature_smoothed_c"] = np.where(frame["date_day"].dt.day % 3 == 0, 25.0, 9.0)
    fitted = ls.fit(frame, 15.0, 22.0)
    assert fitted.tau_cooling is None
    assert fitted.heating_slope == pytest.approx(ls.fit(frame, 15.0, None).heating_slope, rel=1e-12)


def test_unfittable_frames_say_why() -> None:
    frame = days_frame()
    warm = frame.assign(temperature_smoothed_c=frame["temperature_smoothed_c"].clip(lower=16.0))
    with pytest.raises(ls.UnfittableError, match=r"no variation of degrees below 15\.0"):
        ls.fit(warm, 15.0, 22.0)
    with pytest.raises(ls.UnfittableError, match="each day once"):
        ls.fit(pd.concat([frame, frame.head(1)]), 15.0, None)
    with pytest.raises(ls.UnfittableError, match="lacks calendar_cell_code"):
        ls.fit(frame.drop(columns="calendar_cell_code"), 15.0, None)
    with pytest.raises(ls.UnfittableError, match="cannot carry"):
        ls.fit(frame.head(3).assign(calendar_cell_code=["a", "a", "b"]), 15.0, None)


def test_jackknife_equals_the_formula_over_explicit_refits() -> None:
    frame = days_frame()
    found = ls.jackknife(frame, ls.search)
    without = {q: brute_search(frame[frame["calendar_quarter_code"] != q])[2] for q in ("2016Q1", "2017Q3", "2018Q2")}
    for quarter, slopes in without.items():
        assert_close([found.heating_leave_outs[quarter], found.cooling_leave_outs[quarter]], slopes)
    groups = 10
    assert sorted(found.heating_leave_outs) == sorted(frame["calendar_quarter_code"].unique())
    values = np.array(list(found.heating_leave_outs.values()))
    se = np.sqrt((groups - 1) * values.var())
    slope = ls.search(frame).heating_slope
    t_975_with_9_degrees = 2.2621571628
    assert found.heating.se == pytest.approx(se)
    assert found.heating.ci_low == pytest.approx(slope - t_975_with_9_degrees * se)
    assert found.heating.ci_high == pytest.approx(slope + t_975_with_9_degrees * se)
    assert found.cooling.half_width == pytest.approx(t_975_with_9_degrees * found.cooling.se)


def test_jackknife_leave_out_without_cooling_days_has_cooling_slope_zero() -> None:
    frame = days_frame()
    is_summer = frame["calendar_quarter_code"] == "2017Q3"
    frame.loc[~is_summer, "temperature_smoothed_c"] = frame["temperature_smoothed_c"].clip(upper=17.0)
    found = ls.jackknife(frame, ls.search)
    assert found.cooling_leave_outs["2017Q3"] == 0.0
    rest = frame[~is_summer]
    assert found.heating_leave_outs["2017Q3"] == ls.search_heating_only(rest).heating_slope
    assert found.cooling_leave_outs["2016Q1"] > 0


def test_one_quarter_has_no_interval() -> None:
    frame = days_frame("2016-01-01", "2016-03-31")
    assert np.isnan(ls.jackknife(frame, ls.search_heating_only).heating.se)


def test_a_quarter_that_alone_holds_the_cold_leaves_no_interval() -> None:
    frame = days_frame("2017-07-01", "2017-12-31")
    is_summer = frame["calendar_quarter_code"] == "2017Q3"
    frame.loc[is_summer, "temperature_smoothed_c"] = frame["temperature_smoothed_c"].clip(lower=16.0)
    result = ls.two_stage(frame, "common")
    assert result.fit.heating_slope > 0
    assert np.isnan(result.jackknife.heating_leave_outs["2017Q4"])
    assert np.isnan(result.jackknife.heating.se)
    assert "cooling_interval_includes_zero" in result.cooling_drop_reasons


def test_half_a_season_without_a_quarter_is_too_short_for_yearly_waves() -> None:
    frame = days_frame("2017-07-01", "2017-12-31")
    with pytest.raises(ls.UnfittableError, match="of one kind with the calendar"):
        ls.fit(frame[frame["calendar_quarter_code"] == "2017Q4"], 15.0, 22.0, waves=3)
    result = ls.two_stage(frame, "season_adjusted")
    assert result.fit.heating_slope > 0
    assert np.isnan(result.jackknife.heating.se)
    assert not np.isnan(ls.two_stage(frame, "common").jackknife.heating.se)


def test_two_stage_keeps_a_cooling_term_that_is_clear() -> None:
    frame = days_frame(cooling=(21.0, 80.0), noise=15.0)
    for specification in ("common", "free"):
        result = ls.two_stage(frame, specification)
        assert result.is_cooling_kept
        assert result.cooling_drop_reasons == ()
        assert result.fit is result.first_fit
    assert (result.fit.tau_heating, result.fit.tau_cooling) == (15.0, 21.0)


def test_two_stage_names_every_reason_to_drop_cooling() -> None:
    negative = ls.two_stage(days_frame(cooling=(21.0, -60.0), noise=5.0), "common")
    assert negative.cooling_drop_reasons == ("cooling_slope_not_positive",)
    assert (negative.fit.tau_heating, negative.fit.tau_cooling) == (15.0, None)
    assert set(negative.jackknife.cooling_leave_outs.values()) == {0.0}

    none_admissible = ls.two_stage(days_frame(cooling=(20.0, -60.0), noise=0.0), "free")
    assert none_admissible.cooling_drop_reasons == ("no_admissible_cooling_term",)

    unclear = ls.two_stage(days_frame(cooling=(22.0, 4.0), noise=60.0), "common")
    assert unclear.first_fit.cooling_slope > 0
    assert unclear.cooling_drop_reasons == ("cooling_interval_includes_zero",)

    steep = days_frame(heating=(14.0, 100.0), cooling=(17.0, 80.0), noise=2.0)
    edge = ls.two_stage(steep, "free")
    assert edge.first_fit.tau_cooling == 18.0
    assert edge.is_cooling_kept, "a term that is told apart from zero stays, wherever its balance point lies"


@pytest.mark.parametrize(("n_warm_days", "is_kept"), [(9, False), (10, True)])
def test_two_stage_wants_ten_days_above_the_cooling_point(n_warm_days: int, is_kept: bool) -> None:
    frame = days_frame()
    capped = frame["temperature_smoothed_c"].clip(upper=22.0)
    july = frame.index[frame["date_day"].dt.month == 7]
    warm = july[np.linspace(0, len(july) - 1, n_warm_days).astype(int)]
    frame["temperature_smoothed_c"] = capped
    frame.loc[warm, "temperature_smoothed_c"] = 24.0 + np.arange(n_warm_days) % 3
    temperature = frame["temperature_smoothed_c"]
    frame["load_mean_mw"] = 5000 + 100 * (15 - temperature).clip(lower=0) + 50 * (temperature - 22).clip(lower=0)
    result = ls.two_stage(frame, "common")
    assert result.is_cooling_kept is is_kept
    assert ("few_days_above_cooling_point" in result.cooling_drop_reasons) is not is_kept


def test_holdout_predicts_the_last_four_quarters_with_the_latest_effects() -> None:
    """Without noise, the only error is the level change planted from July 2018 on, 50 MW."""
    frame = days_frame("2016-01-01", "2018-12-31", cooling=(22.0, 80.0), noise=0.0)
    frame["load_mean_mw"] += 30.0 * (frame["regime_code"].astype(int) - 2015)
    frame.loc[frame["date_day"] >= "2018-07-01", "load_mean_mw"] -= 50.0
    result = ls.holdout(frame, "common")
    assert result is not None
    actual = frame[frame["date_day"] >= "2018-01-01"].set_index("date_day")["load_mean_mw"]
    assert list(result.predicted.index) == list(actual.index)
    error = result.predicted - actual
    np.testing.assert_allclose(error[error.index < "2018-07-01"], 0.0, atol=1e-6)
    np.testing.assert_allclose(error[error.index >= "2018-07-01"], 50.0, atol=1e-6)
    n_after = int((error.index >= "2018-07-01").sum())
    assert result.nmbe_pct == pytest.approx(100 * 50 * n_after / actual.sum())
    assert result.cv_rmse_pct == pytest.approx(100 * 50 * np.sqrt(n_after / len(actual)) / actual.mean())
    assert result.train_fit.n_days == (frame["date_day"] < "2018-01-01").sum()


def test_holdout_takes_the_latest_regime_that_has_the_class_and_counts_unknown_classes() -> None:
    frame = days_frame("2015-07-01", "2018-06-30", noise=0.0, missing=())
    level = frame["regime_code"].map({"2015": 0.0, "2016": 100.0, "2017": 0.0})
    frame["load_mean_mw"] = 5000 + level + 100 * (15 - frame["temperature_smoothed_c"]).clip(lower=0)

    def reclass(days: list[str], code: str) -> None:
        at = frame["date_day"].isin(pd.to_datetime(days))
        frame.loc[at, "day_class_code"] = code
        frame.loc[at, "calendar_cell_code"] = frame.loc[at, "regime_code"] + "|" + code

    reclass(["2015-11-11", "2015-12-25", "2017-11-01"], "public_holiday")
    reclass(["2018-03-20", "2018-03-21"], "lockdown")
    result = ls.holdout(frame, "common", is_cooling_kept=False)
    assert result is not None
    actual = frame.set_index("date_day")["load_mean_mw"]
    error = result.predicted - actual.reindex(result.predicted.index)
    assert result.n_left_out == 2
    assert pd.Timestamp("2018-03-20") not in error.index
    # Weekdays take season 2016's level, 100 above the truth; the holiday only ever was in season 2015.
    assert error["2017-11-02"] == pytest.approx(100.0)
    assert error["2017-11-01"] == pytest.approx(0.0, abs=1e-6)


def test_holdout_needs_a_year_of_training() -> None:
    assert ls.holdout(days_frame("2016-07-01", "2018-03-31"), "common", False) is None
    assert ls.holdout(days_frame("2016-01-01", "2017-12-31"), "common", False) is not None


def test_free_holdout_searches_the_balance_point_on_the_training_days() -> None:
    frame = days_frame("2016-01-01", "2018-12-31", cooling=(22.0, 0.0), noise=0.0)
    late = frame["date_day"] >= "2018-01-01"
    temperature = frame["temperature_smoothed_c"]
    frame.loc[~late, "load_mean_mw"] = 5000 + 100 * (12 - temperature).clip(lower=0)
    frame.loc[late, "load_mean_mw"] = 5000 + 100 * (18 - temperature).clip(lower=0)
    result = ls.holdout(frame, "free", is_cooling_kept=False)
    assert result is not None
    assert result.train_fit.tau_heating == 12.0
    assert ls.search_heating_only(frame).tau_heating != 12.0


def test_france_sums_slopes_and_leave_outs_filling_a_missing_quarter_with_the_full_slope() -> None:
    north = ls.two_stage(days_frame(seed=1, cooling=(21.0, 80.0), noise=15.0), "common")
    south_frame = days_frame(seed=2, heating=(15.0, 40.0))
    south_frame = south_frame[south_frame["calendar_quarter_code"] != "2016Q1"]
    south = ls.two_stage(south_frame, "common")
    total = ls.france({"north": north, "south": south})
    assert total.heating_slope == north.fit.heating_slope + south.fit.heating_slope
    sums = {
        q: value + south.jackknife.heating_leave_outs.get(q, south.fit.heating_slope)
        for q, value in north.jackknife.heating_leave_outs.items()
    }
    assert total.jackknife.heating_leave_outs == pytest.approx(sums)
    assert total.jackknife.heating_leave_outs["2016Q1"] == pytest.approx(
        north.jackknife.heating_leave_outs["2016Q1"] + south.fit.heating_slope
    )
    assert total.jackknife.heating.se == pytest.approx(np.sqrt(9 * np.var(list(sums.values()))))


def test_errors_of_a_sum_of_one_region_are_its_own() -> None:
    frame = days_frame()
    fitted = ls.fit(frame, 15.0, 22.0)
    errors = ls.france_errors({"alone": fitted})
    assert errors.n_days == fitted.n_days
    for name in ("within_r2", "overall_r2", "cv_rmse_pct", "rho1", "hac_se"):
        assert_close(getattr(errors, name), getattr(fitted, name))


def test_residuals_of_a_sum_are_those_of_days_that_every_region_has() -> None:
    north = ls.fit(days_frame(seed=1, missing=("2017-02-01",)), 15.0, 22.0)
    south = ls.fit(days_frame(seed=2, missing=("2017-02-03", "2017-02-04")), 15.0, None)
    errors = ls.france_errors({"north": north, "south": south})
    both = pd.DataFrame({"north": north.residuals}, index=north.days).join(
        pd.DataFrame({"south": south.residuals, "load": south.load}, index=south.days), how="inner"
    )
    total, load = both["north"] + both["south"], both["load"] + pd.Series(north.load, index=north.days)
    assert errors.n_days == len(both) == north.n_days - 2
    assert errors.cv_rmse_pct == pytest.approx(100 * np.sqrt((total**2).mean()) / load[total.index].mean())
    yesterday = total.shift(freq="D").reindex(total.index).fillna(0)
    assert errors.rho1 == pytest.approx((total * yesterday).sum() / (total**2).sum())
    assert np.isnan(errors.hac_se[1])


def test_newey_west_of_a_sum_equals_driscoll_and_kraay_over_all_rows_at_once() -> None:
    """A regression of both regions stacked, whose shocks of one day may go together."""
    frames = [days_frame(seed=seed, heating=(15.0, 100.0 * seed), missing=()) for seed in (1, 2)]
    frames[1]["load_mean_mw"] += 0.5 * frames[0]["load_mean_mw"]
    errors = ls.france_errors({str(at): ls.fit(frame, 15.0, 22.0) for at, frame in enumerate(frames)})
    designs = [explicit_design(frame, 15.0, 22.0) for frame in frames]
    days, parameters = designs[0].shape
    stacked = sm.OLS(pd.concat(frames)["load_mean_mw"].to_numpy(), linalg.block_diag(*designs)).fit(
        cov_type="hac-groupsum", cov_kwds={"time": np.tile(np.arange(days), 2), "maxlags": 14, "use_correction": False}
    )
    for slope in (0, 1):
        of_sum = np.zeros(2 * parameters)
        of_sum[[slope, parameters + slope]] = 1.0
        variance = of_sum @ stacked.cov_params() @ of_sum * days / (days - parameters)
        assert errors.hac_se[slope] == pytest.approx(np.sqrt(variance), rel=1e-8)


def test_prediction_of_a_sum_is_that_of_days_that_every_region_predicts() -> None:
    north_frame, south_frame = days_frame("2016-01-01", "2018-12-31"), days_frame("2016-01-01", "2018-12-31", seed=2)
    south_frame = south_frame[south_frame["date_day"] != pd.Timestamp("2018-05-05")]
    north, south = (ls.holdout(frame, "common", False) for frame in (north_frame, south_frame))
    total = ls.france_prediction([north, south])
    assert north
    assert south
    assert total
    assert list(total.actual.index) == list(south.actual.index)
    actual = south.actual + north.actual[south.actual.index]
    error = south.predicted + north.predicted[south.actual.index] - actual
    assert total.cv_rmse_pct == pytest.approx(100 * np.sqrt((error**2).mean()) / actual.mean())
    assert total.nmbe_pct == pytest.approx(100 * error.mean() / actual.mean())
    assert ls.france_prediction([north, None]) is None


@pytest.mark.parametrize("which", ["heating", "cooling"])
def test_profile_interval_equals_the_inequality_over_all_pairs(
    which: Literal["heating", "cooling"],
) -> None:
    frame = days_frame(heating=(15.3, 100.0), cooling=(21.0, 60.0), noise=80.0)
    best = ls.search(frame)
    n_effective = best.n_days * (1 - best.rho1) / (1 + best.rho1)
    freedom = n_effective - best.n_parameters
    least: dict[float, float] = {}
    for tau_heating in np.arange(10, 19.5, 0.5):
        for tau_cooling in np.arange(max(18, tau_heating + 2), 26.5, 0.5):
            coefficients, sse = brute_sse(frame, tau_heating, tau_cooling)
            if (coefficients[:2] > 0).all():
                tau = float(tau_heating if which == "heating" else tau_cooling)
                least[tau] = min(least.get(tau, np.inf), sse)
    limit = min(least.values()) * (1 + stats.f.ppf(0.95, 1, np.floor(freedom)) / freedom)
    expected = tuple(sorted(tau for tau, sse in least.items() if sse <= limit))
    assert ls.profile_interval_tau(frame, which, is_cooling_kept=True) == expected
    assert 1 < len(expected) < len(least)


def test_profile_interval_without_cooling_or_freedom() -> None:
    no_cooling = days_frame(cooling=(20.0, -60.0), noise=1.0)
    assert ls.profile_interval_tau(no_cooling, "cooling", False) is None
    assert ls.profile_interval_tau(no_cooling, "heating", False) is not None
    winter = days_frame("2016-11-01", "2017-03-31", noise=1.0)
    assert ls.profile_interval_tau(winter, "heating", False) is not None
    slow_wave = 500.0 * np.sin(np.arange(len(winter)) / 8.0)
    assert (
        ls.profile_interval_tau(winter.assign(load_mean_mw=winter["load_mean_mw"] + slow_wave), "heating", False)
        is None
    )


def test_invariance_to_names_and_scale() -> None:
    frame = days_frame()
    plain = ls.two_stage(frame, "free")
    renamed = frame.assign(
        calendar_cell_code=frame["calendar_cell_code"].str[::-1], load_mean_mw=frame["load_mean_mw"] * 2
    ).sample(frac=1, random_state=3)
    doubled = ls.two_stage(renamed, "free")
    np.testing.assert_allclose(doubled.fit.slopes, 2 * plain.fit.slopes, rtol=1e-9)
    assert doubled.jackknife.heating.se == pytest.approx(2 * plain.jackknife.heating.se)
    assert doubled.fit.cv_rmse_pct == pytest.approx(plain.fit.cv_rmse_pct)
