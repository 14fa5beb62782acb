"""The SQL's figures against an independent fit of the same days: numpy and statsmodels on rows, no sums."""

from collections.abc import Sequence
from typing import Literal

import duckdb
import numpy as np
import pandas as pd
import pytest

from research import least_squares as ls

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
    inner join intermediate.int_window_days_listed as windows using (date_day)
    where
        days.exclusion_code is null
        and series.is_daily
        and windows.window_code = ?
        and series.client_type_code = ?
"""
TOLERANCE = 1e-8


REGIONS_COUNT = 12
CORSE = "94"
"""Held in the simulated lake alone."""


def of_region(
    frame: pd.DataFrame, specification: ls.Specification, result: ls.TwoStage, hold_out: ls.Holdout | None
) -> dict[str, float | None]:
    """What a region's row should say; None where it should say nothing."""
    expected: dict[str, float | None] = {
        "within_r2_share": result.fit.within_r2,
        "overall_r2_share": result.fit.overall_r2,
        "cv_rmse_pct": result.fit.cv_rmse_pct,
        "residual_lag1_correlation": result.fit.rho1,
        "days_used_count": result.fit.n_days,
    }
    sides: tuple[tuple[Literal["heating", "cooling"], float, float | None, ls.Interval], ...] = (
        ("heating", result.fit.heating_slope, result.fit.tau_heating, result.jackknife.heating),
        ("cooling", result.fit.cooling_slope, result.fit.tau_cooling, result.jackknife.cooling),
    )
    for at, (side, slope, balance_point, interval) in enumerate(sides):
        is_there = side == "heating" or result.is_cooling_kept
        taus = ls.profile_interval_tau(frame, side, result.is_cooling_kept) if specification == "free" else None
        expected |= {
            f"{side}_slope_mw_per_c": slope if is_there else None,
            f"{side}_slope_mw_per_c_se": interval.se if is_there else None,
            f"{side}_slope_mw_per_c_ci95_low": interval.ci_low if is_there else None,
            f"{side}_slope_mw_per_c_ci95_high": interval.ci_high if is_there else None,
            f"{side}_slope_mw_per_c_hac_se": result.fit.hac_se[at] if is_there else None,
            f"{side}_slope_mw_per_c_ols_se": result.fit.ols_se[at] if is_there else None,
            f"{side}_balance_point_c": balance_point,
            f"{side}_balance_point_c_ci95_low": taus[0] if taus else None,
            f"{side}_balance_point_c_ci95_high": taus[-1] if taus else None,
        }
    return expected | of_hold_out(hold_out)


def of_france(fitted: dict[str, ls.TwoStage], hold_outs: Sequence[ls.Holdout | None]) -> dict[str, float | None]:
    """What the row of France should say; the ordinary formula has no meaning for a sum of regions that err together."""
    france, errors = ls.france(fitted), ls.france_errors({region: result.fit for region, result in fitted.items()})
    expected: dict[str, float | None] = {
        "within_r2_share": errors.within_r2,
        "overall_r2_share": errors.overall_r2,
        "cv_rmse_pct": errors.cv_rmse_pct,
        "residual_lag1_correlation": errors.rho1,
        "days_used_count": errors.n_days,
    }
    for at, (side, slope, interval) in enumerate(
        (
            ("heating", france.heating_slope, france.jackknife.heating),
            ("cooling", france.cooling_slope, france.jackknife.cooling),
        )
    ):
        expected |= {
            f"{side}_slope_mw_per_c": slope,
            f"{side}_slope_mw_per_c_se": interval.se,
            f"{side}_slope_mw_per_c_ci95_low": interval.ci_low,
            f"{side}_slope_mw_per_c_ci95_high": interval.ci_high,
            f"{side}_slope_mw_per_c_hac_se": errors.hac_se[at],
            f"{side}_slope_mw_per_c_ols_se": None,
            f"{side}_balance_point_c": None,
            f"{side}_balance_point_c_ci95_low": None,
            f"{side}_balance_point_c_ci95_high": None,
        }
    return expected | of_hold_out(ls.france_prediction(hold_outs))


def of_hold_out(hold_out: ls.Prediction | None) -> dict[str, float | None]:
    if hold_out is None:
        return dict.fromkeys(("hold_out_days_count", "hold_out_cv_rmse_pct", "hold_out_nmbe_pct"))
    return {
        "hold_out_days_count": len(hold_out.actual),
        "hold_out_cv_rmse_pct": hold_out.cv_rmse_pct,
        "hold_out_nmbe_pct": hold_out.nmbe_pct,
    }


def assert_equals_reference(
    warehouse: duckdb.DuckDBPyConnection, specification: ls.Specification, window: str = "all", client: str = "all"
) -> None:
    """Every published figure of every region and of France, with Corse and without, refitted from days."""
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
    frames = {str(region): frame for region, frame in days.groupby("territory_code")}
    assert len(frames.keys() - {CORSE}) == REGIONS_COUNT
    fitted = {region: ls.two_stage(frame, specification) for region, frame in frames.items()}
    hold_outs = {
        region: ls.holdout(frame, specification, fitted[region].is_cooling_kept) for region, frame in frames.items()
    }
    expected = {
        region: of_region(frame, specification, fitted[region], hold_outs[region]) for region, frame in frames.items()
    }
    if CORSE in frames:
        expected["FR13"] = of_france(fitted, list(hold_outs.values()))
        del fitted[CORSE], hold_outs[CORSE]
    expected["FR"] = of_france(fitted, list(hold_outs.values()))
    for territory, figures in expected.items():
        for column, value in figures.items():
            found, wanted = (
                float("nan") if v is None or pd.isna(v) else float(v) for v in (published.at[territory, column], value)
            )
            # A mean of errors of both signs may be next to nothing.
            assert found == pytest.approx(
                wanted, rel=TOLERANCE, abs=1e-9 if column == "hold_out_nmbe_pct" else None, nan_ok=True
            ), f"{territory} {specification} {window} {client} {column}"


SPECIFICATIONS: tuple[ls.Specification, ...] = ("common", "free", "season_adjusted")
CATEGORIES = ("enedis_residential", "enedis_professional", "enedis_enterprise")


@pytest.mark.parametrize("specification", ["common", pytest.param("free", marks=pytest.mark.slow), "season_adjusted"])
def test_real_files(real: duckdb.DuckDBPyConnection, specification: ls.Specification) -> None:
    """Every window, the half seasons at both ends included, whose intervals are wide or missing."""
    windows = real.execute(
        "select distinct window_code from analysis.weather_sensitivity where window_start_on is not null order by 1"
    ).fetchall()
    assert len(windows) == 7
    for (window,) in windows:
        assert_equals_reference(real, specification, window)


def test_days_used(real: duckdb.DuckDBPyConnection, sample: duckdb.DuckDBPyConnection) -> None:
    """Days of a window on which a region, or each of the twelve, has a load that counts and a temperature."""
    for warehouse in (real, sample):
        rows = warehouse.execute(
            """
            with days as (
                select region_code, date_day
                from core.fct_daily_load inner join core.fct_daily_temperature using (region_code, date_day)
                where is_counted and temperature_smoothed_c is not null
            ),

            territory_days as (
                select region_code as territory_code, date_day from days
                union all
                select 'FR' as territory_code, date_day from days group by date_day having count(*) = $regions
            )

            select
                territory_code,
                window_code,
                any_value(days_used_count),
                count(territory_days.date_day)
            from analysis.weather_sensitivity
            left join territory_days using (territory_code)
            where
                specification_code = 'common'
                and client_type_code = 'all'
                and heating_slope_mw_per_c is not null
                and date_day between window_start_on and window_end_on
            group by all
            """,
            {"regions": REGIONS_COUNT},
        ).fetchall()
        assert len(rows) > REGIONS_COUNT
        for *label, used, counted in rows:
            assert used == counted, label


@pytest.mark.parametrize("category", ["all", *CATEGORIES])
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
@pytest.mark.slow
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
