"""The SQL's figures against an independent fit of the same days: numpy and statsmodels on rows, no sums."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.reference import least_squares as ls

DAYS = """
    select
        series.territory_code,
        days.date_day,
        days.load_mean_mw,
        days.temperature_c as temperature_smoothed_c,
        days.season_regime_code as regime_code,
        days.day_class_code,
        days.calendar_cell_code,
        days.calendar_quarter_code
    from intermediate.int_regression_days_prepared as days
    inner join intermediate.int_load_series_listed as series using (series_code)
    inner join intermediate.int_windows_listed as windows using (season_regime_code)
    where
        days.exclusion_code is null
        and series.variant_code = 'daily'
        and windows.window_code = ?
        and series.client_type_code = ?
"""
TOLERANCE = 1e-8


def assert_equals_reference(
    warehouse: duckdb.DuckDBPyConnection, specification: ls.Specification, window: str = "all", client: str = "all"
) -> None:
    """Every published figure of every region and of France, refitted from days."""
    days = warehouse.execute(DAYS, [window, client]).df()
    published = (
        warehouse.execute(
            """
            select * from analysis.weather_sensitivity
            where specification_code = ? and window_code = ? and client_type_code = ?
            """,
            [specification, window, client],
        )
        .df()
        .set_index("territory_code")
    )
    fitted: dict[str, ls.TwoStage] = {}
    for region, frame in days.groupby("territory_code"):
        result = ls.two_stage(frame, specification)
        fitted[str(region)] = result
        row = published.loc[str(region)]
        label = f"{region} {specification} {window} {client}"
        close = pytest.approx
        assert pd.isna(row.cooling_slope_mw_per_c) is not result.is_cooling_kept, label
        assert row.heating_slope_mw_per_c == close(result.fit.heating_slope, rel=TOLERANCE), label
        assert row.heating_balance_point_c == result.fit.tau_heating, label
        expected = result.jackknife.heating
        for column, value in {
            "heating_slope_mw_per_c_se": expected.se,
            "heating_slope_mw_per_c_ci95_low": expected.ci_low,
            "heating_slope_mw_per_c_ci95_high": expected.ci_high,
        }.items():
            assert row[column] == close(value, rel=TOLERANCE, nan_ok=True), f"{label} {column}"
        for column, value in {
            "heating_slope_mw_per_c_hac_se": result.fit.hac_se[0],
            "heating_slope_mw_per_c_ols_se": result.fit.ols_se[0],
            "within_r2_share": result.fit.within_r2,
            "overall_r2_share": result.fit.overall_r2,
            "cv_rmse_pct": result.fit.cv_rmse_pct,
            "residual_lag1_correlation": result.fit.rho1,
            "days_used_count": result.fit.n_days,
        }.items():
            assert row[column] == close(value, rel=TOLERANCE, nan_ok=True), f"{label} {column}"
        if result.is_cooling_kept:
            assert row.cooling_balance_point_c == result.fit.tau_cooling, label
            for column, value in {
                "cooling_slope_mw_per_c": result.fit.cooling_slope,
                "cooling_slope_mw_per_c_se": result.jackknife.cooling.se,
                "cooling_slope_mw_per_c_hac_se": result.fit.hac_se[1],
                "cooling_slope_mw_per_c_ols_se": result.fit.ols_se[1],
            }.items():
                assert row[column] == close(value, rel=TOLERANCE), f"{label} {column}"
        hold_out = ls.holdout(frame, specification, result.is_cooling_kept)
        if not pd.isna(row.hold_out_cv_rmse_pct):
            assert hold_out is not None
            assert row.hold_out_cv_rmse_pct == close(hold_out.cv_rmse_pct, rel=TOLERANCE), label
            # A mean of errors of both signs may be next to nothing.
            assert row.hold_out_nmbe_pct == close(hold_out.nmbe_pct, rel=TOLERANCE, abs=1e-9), label
        if specification == "free":
            interval = ls.profile_interval_tau(frame, "heating", result.is_cooling_kept)
            if interval is not None:
                assert (row.heating_balance_point_c_ci95_low, row.heating_balance_point_c_ci95_high) == (
                    interval[0],
                    interval[-1],
                ), label
    if len(fitted) == 12:
        france, row = ls.france(fitted), published.loc["FR"]
        assert row.heating_slope_mw_per_c == pytest.approx(france.heating_slope, rel=TOLERANCE)
        assert row.heating_slope_mw_per_c_se == pytest.approx(france.jackknife.heating.se, rel=TOLERANCE, nan_ok=True)
        assert row.cooling_slope_mw_per_c == pytest.approx(france.cooling_slope, rel=TOLERANCE, nan_ok=True)
        assert row.cooling_slope_mw_per_c_se == pytest.approx(france.jackknife.cooling.se, rel=TOLERANCE, nan_ok=True)


SPECIFICATIONS: tuple[ls.Specification, ...] = ("common", "free", "lower_bound")
CATEGORIES = ("enedis_residential", "enedis_professional", "enedis_enterprise")


@pytest.mark.parametrize("specification", SPECIFICATIONS)
def test_real_files(real: duckdb.DuckDBPyConnection, specification: ls.Specification) -> None:
    """Every window, the half seasons at both ends included, whose intervals are wide or missing."""
    windows = real.execute("select distinct window_code from intermediate.int_windows_listed order by 1").fetchall()
    assert len(windows) == 7
    for (window,) in windows:
        assert_equals_reference(real, specification, window)


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("specification", SPECIFICATIONS)
def test_categories_of_clients(
    sample: duckdb.DuckDBPyConnection, specification: ls.Specification, category: str
) -> None:
    assert_equals_reference(sample, specification, "all", category)


# Many refits; what they add to the whole span above is other days.
@pytest.mark.slow
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("specification", SPECIFICATIONS)
def test_categories_of_clients_in_every_window(
    sample: duckdb.DuckDBPyConnection, specification: ls.Specification, category: str
) -> None:
    windows = sample.execute(
        """
        select distinct window_code from analysis.weather_sensitivity
        where client_type_code = ? and heating_slope_mw_per_c is not null and window_code <> 'all'
        """,
        [category],
    ).fetchall()
    # Four seasons, the first and the last of them halves, and both sides of 2022-09-15.
    assert len(windows) == 6
    for (window,) in windows:
        assert_equals_reference(sample, specification, window, category)


def slope_by_lstsq(frame: pd.DataFrame, *, with_cooling: bool) -> float:
    """The heating slope at 15 and 22 °C from columns demeaned inside cells."""
    temperature = frame["temperature_c"].to_numpy()
    columns = [np.maximum(15 - temperature, 0)]
    columns += [np.maximum(temperature - 22, 0)] if with_cooling else []
    table = pd.DataFrame([*columns, frame["load_mean_mw"].to_numpy()]).T
    within = (table - table.groupby(frame["calendar_cell_code"].to_numpy()).transform("mean")).to_numpy()
    return float(np.linalg.lstsq(within[:, :-1], within[:, -1], rcond=None)[0][0])


HOURS = """
    select *
    from analysis.weather_sensitivity_hourly
    where window_code = 'all' and territory_level_code = 'region'
    order by territory_code, hour_of_day
"""
DAYS_OF_HOURS = """
    select series.territory_code, series.variant_code, series.hour_of_day, days.*
    from intermediate.int_regression_days_prepared as days
    inner join intermediate.int_load_series_listed as series using (series_code)
    where days.exclusion_code is null and series.client_type_code = 'all'
"""


def test_hours(real: duckdb.DuckDBPyConnection) -> None:
    published = real.execute(f"select * from ({HOURS}) where fit_reason_codes not like '%no_load_published%'").df()
    days = real.execute(f"{DAYS_OF_HOURS} and series.variant_code like 'hour_%'").df()
    groups = dict(list(days.groupby(["territory_code", "hour_of_day"])))
    assert len(published) == len(groups) == 12 * 24
    for row in published.itertuples():
        expected = slope_by_lstsq(
            groups[row.territory_code, row.hour_of_day], with_cooling=not pd.isna(row.cooling_slope_mw_per_c)
        )
        label = (row.territory_code, row.hour_of_day)
        assert row.heating_slope_mw_per_c == pytest.approx(expected, rel=TOLERANCE), label


def slopes_without_each_quarter(frame: pd.DataFrame, *, with_cooling: bool) -> pd.Series:
    """The heating slope by the quarter that is left out."""
    return pd.Series(
        {
            quarter: slope_by_lstsq(frame[frame["calendar_quarter_code"] != quarter], with_cooling=with_cooling)
            for quarter in sorted(frame["calendar_quarter_code"].unique())
        }
    )


# A region whose day has a cooling term and one whose day has none: hours do as their day does.
@pytest.mark.parametrize(("territory", "with_cooling"), [("11", True), ("27", False)])
def test_errors_of_hours(real: duckdb.DuckDBPyConnection, territory: str, with_cooling: bool) -> None:
    published = real.execute(HOURS).df().query("territory_code == @territory")
    days = real.execute(f"{DAYS_OF_HOURS} and series.territory_code = ?", [territory]).df()
    assert set(published["cooling_slope_mw_per_c"].notna()) == {with_cooling}
    of_day = slopes_without_each_quarter(days[days["variant_code"] == "daily"], with_cooling=with_cooling)
    for row in published.itertuples():
        of_hour = slopes_without_each_quarter(days[days["hour_of_day"] == row.hour_of_day], with_cooling=with_cooling)
        for slopes, computed in (
            (of_hour, row.heating_slope_mw_per_c_se),
            (of_hour / of_day, row.heating_hour_factor_se),
        ):
            expected = np.sqrt((len(slopes) - 1) * slopes.var(ddof=0))
            assert computed == pytest.approx(expected, rel=TOLERANCE), row.hour_of_day
