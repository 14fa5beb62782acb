"""What the answers on the real files of 2016-2019 must show; the figures are those the methodology states."""

import duckdb
import pandas as pd
import pytest

COMMON = "specification_code = 'common' and window_code = 'all' and client_type_code = 'all'"


@pytest.fixture
def regions(real: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return real.execute(
        f"""
        select * from analysis.weather_sensitivity
        where {COMMON} and territory_level_code = 'region' and territory_code <> '94'
        order by territory_code
        """
    ).df()


def test_every_region_is_known_within_3_to_8_per_cent(regions: pd.DataFrame) -> None:
    half_width = regions["heating_slope_mw_per_c_ci95_high"] - regions["heating_slope_mw_per_c"]
    share = half_width / regions["heating_slope_mw_per_c"]
    assert len(regions) == 12
    assert share.between(0.03, 0.08).all(), share.tolist()
    assert set(regions["heating_fit_status"]) == {"qualified"}


def test_2019_is_predicted_within_5_and_a_half_per_cent(regions: pd.DataFrame) -> None:
    assert (regions["hold_out_days_count"] == 365).all()
    assert regions["hold_out_cv_rmse_pct"].median() < 5.5
    assert regions["hold_out_cv_rmse_pct"].max() < 8
    assert regions["hold_out_nmbe_pct"].abs().max() < 3.5


def test_france_adds_what_its_grid_operator_says(real: duckdb.DuckDBPyConnection, regions: pd.DataFrame) -> None:
    """About 2,400 MW/°C in winter (RTE, electricity reports 2016-2024); a forgotten factor of two would miss it."""
    ((slope, low, high),) = real.execute(
        f"""
        select heating_slope_mw_per_c, heating_slope_mw_per_c_ci95_low, heating_slope_mw_per_c_ci95_high
        from analysis.weather_sensitivity where {COMMON} and territory_code = 'FR'
        """
    ).fetchall()
    assert slope == pytest.approx(regions["heating_slope_mw_per_c"].sum(), rel=1e-9)
    assert slope == pytest.approx(2424, rel=0.01)
    assert low < 2400 < high


def test_hours_peak_in_the_morning_and_the_evening(real: duckdb.DuckDBPyConnection) -> None:
    factor = (
        real.execute(
            """
            select hour_of_day, heating_hour_factor from analysis.weather_sensitivity_hourly
            where territory_code = 'FR' and window_code = 'all' and client_type_code = 'all'
            order by hour_of_day
            """
        )
        .df()
        .set_index("hour_of_day")["heating_hour_factor"]
    )
    assert sorted(factor.index) == list(range(24))
    assert factor.loc[4:11].idxmax() in (7, 8)
    assert factor.loc[15:23].idxmax() == 19
    assert factor.idxmin() in (14, 15)
    assert factor.mean() == pytest.approx(1, abs=0.005)
    assert (factor[7], factor[19], factor[15]) == pytest.approx((1.12, 1.14, 0.85), abs=0.015)


def test_corse_is_a_refused_row_and_never_zero(real: duckdb.DuckDBPyConnection) -> None:
    rows = real.execute("select * from analysis.weather_sensitivity where territory_code = '94'").df()
    assert len(rows) > 0
    assert set(rows["heating_fit_status"]) == set(rows["cooling_fit_status"]) == {"insufficient_data"}
    assert rows["heating_slope_mw_per_c"].isna().all()
    assert rows["fit_reason_codes"].str.contains("no_load_published").all()
