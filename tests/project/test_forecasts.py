"""The days ahead: a forecast may not know what comes later, regions sum to France, and intervals hold what they say."""

import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

CHAIN = (
    "forecast/int_forecast_days_prepared",
    "forecast/int_forecast_terms_valued",
    "forecast/int_forecast_moments_summed",
    "forecast/int_forecast_fits_solved",
    "forecast/int_forecast_residuals_computed",
    "forecast/int_forecast_memories_kept",
    "forecast/int_forecast_memories_fitted",
    "forecast/int_forecast_temperatures_spoiled",
    "forecast/int_forecasts_issued",
    "forecast/int_forecast_intervals_calibrated",
    "forecast/int_forecast_shapes_solved",
    "forecast/int_forecast_shapes_expected",
    "forecast/int_half_hourly_forecasts_issued",
    "forecast/int_half_hourly_forecast_intervals_calibrated",
    "load_forecast",
    "half_hourly_load_forecast",
    "forecast_score",
)
REGIONS = ("11", "53")
ISSUED_ON = "2023-03-25"
"""The day before clocks change."""


@pytest.fixture(scope="module")
def compiled(sample_warehouse: Path) -> Path:
    return sample_warehouse.parent / "target" / "compiled" / "dataelec" / "models" / "marts"


@pytest.fixture(scope="module")
def small(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that holds two regions, so that all forecasts are made anew within seconds."""
    path = tmp_path_factory.mktemp("forecasts") / sample_warehouse.name
    shutil.copy(sample_warehouse, path)
    with duckdb.connect(str(path)) as warehouse:
        for table in ("core.fct_half_hourly_load", "core.fct_daily_load"):
            warehouse.execute(f"delete from {table} where region_code not in {REGIONS} or date_day < date '2020-10-01'")
    return path


def forecasts(small: Path, compiled: Path, folder: Path, *changes: str) -> duckdb.DuckDBPyConnection:
    """All forecasts, made anew after some data was changed."""
    path = folder / small.name
    shutil.copy(small, path)
    warehouse = duckdb.connect(str(path))
    warehouse.execute("set TimeZone = 'UTC'")
    for change in changes:
        warehouse.execute(change)
    for model in CHAIN:
        query = (compiled / f"{model}.sql").read_text("utf-8")
        schema = "intermediate" if "/" in model else "analysis"
        warehouse.execute(f"create or replace table {schema}.{model.rsplit('/')[-1]} as {query}")
    return warehouse


def issued(warehouse: duckdb.DuckDBPyConnection, until: str) -> pd.DataFrame:
    """Days with their intervals, and half-hours."""
    return (
        warehouse.execute(
            f"""
        select
            territory_code, issued_on, horizon_days, null as period_start_at_utc,
            energy_forecast_mwh, energy_forecast_mwh_ci80_low, energy_forecast_mwh_ci95_high
        from analysis.load_forecast
        where issued_on <= date '{until}' and energy_forecast_mwh is not null
        union all by name
        select
            territory_code, issued_on, horizon_days, period_start_at_utc, load_forecast_mw as energy_forecast_mwh,
            half_width_80_share as energy_forecast_mwh_ci80_low, half_width_95_share as energy_forecast_mwh_ci95_high
        from intermediate.int_half_hourly_forecasts_issued
        inner join intermediate.int_half_hourly_forecast_intervals_calibrated
            using (territory_level_code, territory_code, horizon_days, half_hour_number, issued_on)
        where issued_on <= date '{until}'
        """
        )
        .df()
        .set_index(["territory_code", "issued_on", "horizon_days", "period_start_at_utc"])
        .sort_index()
    )


def moved(left: pd.DataFrame, right: pd.DataFrame) -> bool:
    """Whether any figure differs by more than the order of a sum makes it."""
    assert left.index.equals(right.index)
    return not np.allclose(left, right, rtol=1e-9, equal_nan=True)


def garbage(issued_on: str) -> tuple[str, ...]:
    """Everything that is not known at 12:00 of that day: loads from 11:00, temperatures past the last day ahead."""
    return (
        "update core.fct_half_hourly_load set load_mw = 7 * load_mw + 12345"
        f" where period_start_at_utc at time zone 'Europe/Paris' >= timestamp '{issued_on} 11:00:00'",
        "update core.fct_daily_load set load_mean_mw = 7 * load_mean_mw + 12345, energy_mwh = 1"
        f" where date_day >= date '{issued_on}'",
        "update intermediate.int_daily_temperatures_smoothed"
        " set temperature_mean_c = 55 - temperature_mean_c, temperature_smoothed_c = 44"
        f" where date_day > date '{issued_on}' + 14",
    )


@pytest.mark.slow
def test_what_comes_later_moves_no_forecast(small: Path, compiled: Path, tmp_path: Path) -> None:
    for name in ("whole", "spoiled", "leaking"):
        (tmp_path / name).mkdir()
    with forecasts(small, compiled, tmp_path / "whole") as whole:
        expected = issued(whole, ISSUED_ON)
        later = issued(whole, "2023-03-27")
    with forecasts(small, compiled, tmp_path / "spoiled", *garbage(ISSUED_ON)) as spoiled:
        assert expected.index.get_level_values(3).notna().sum() > 20_000
        assert not moved(issued(spoiled, ISSUED_ON), expected)
        assert moved(issued(spoiled, "2023-03-27"), later)
    # The test sees a leak: told that loads are published at once, forecasts read what was spoiled.
    told = "update reference.forecast_sources set publication_delay_hours = 0 where source_code = 'load'"
    with forecasts(small, compiled, tmp_path / "leaking", told) as whole:
        expected = issued(whole, ISSUED_ON)
    with forecasts(small, compiled, tmp_path / "leaking", told, *garbage(ISSUED_ON)) as leaking:
        assert moved(issued(leaking, ISSUED_ON), expected)


def test_a_late_source_is_forecast_from_what_is_there(small: Path, compiled: Path, tmp_path: Path) -> None:
    """Loads two days late, a day that is missing: forecasts are made all the same, from the days before."""
    late = "update reference.forecast_sources set publication_delay_hours = 60 where source_code = 'load'"
    missing = "delete from core.fct_daily_load where date_day = date '2023-03-23'"
    with forecasts(small, compiled, tmp_path, late, missing) as warehouse:
        kept = warehouse.execute(
            "select count(*), count(energy_forecast_mwh) from analysis.load_forecast"
            f" where issued_on = date '{ISSUED_ON}'"
        ).fetchone()
        known = warehouse.execute(
            "select distinct last_day_known_on from intermediate.int_forecast_memories_kept"
            f" where issued_on = date '{ISSUED_ON}' and forecast_code = 'dataelec'"
        ).fetchall()
    assert kept == (42, 42)
    assert [str(day) for (day,) in known] == ["2023-03-22"]


def test_imported_temperatures_carry_forecasts_beyond_the_last_day_observed(sample: duckdb.DuckDBPyConnection) -> None:
    """From the newest day of issue: 14 days, of every region and France, all marked as of forecast temperatures."""
    newest = sample.execute(
        """
        select
            count(*), count(distinct territory_code), count(energy_mwh), min(energy_forecast_mwh_ci95_low) > 0,
            bool_and(is_temperature_forecast), max(date_day)
        from analysis.load_forecast
        where issued_on = (select max(issued_on) from analysis.load_forecast)
        """
    ).fetchone()
    observed, coming = sample.execute(
        """
        select
            (select max(date_day) from core.fct_daily_temperature),
            (select max(date_day) from staging.stg_own__coming_temperatures)
        """
    ).fetchall()[0]
    # The day of issue itself, the one after the last whose load is known, is the first of the coming ones.
    assert newest == (13 * 13, 13, 0, True, True, coming)
    assert (coming - observed).days == 14
    assert sample.execute(
        "select bool_or(is_temperature_forecast) from analysis.load_forecast where date_day <= ?", [observed]
    ).fetchone() == (False,)
    # The file tells the day it was made on too, of thirteen regions: observed since, and counted.
    assert sample.execute(
        "select count(*), sum(affected_count) from analysis.data_quality"
        " where quality_reason_code = 'day_already_observed'"
    ).fetchone() == (13, 13)


@pytest.mark.slow
def test_imported_temperatures_move_the_days_to_come_alone(small: Path, compiled: Path, tmp_path: Path) -> None:
    figures = "select * from analysis.load_forecast where {} order by all"
    results = {}
    for name, degrees in (("as_imported", 0), ("colder", 5)):
        (tmp_path / name).mkdir()
        replaced = (
            "create table coming as select * replace (temperature_mean_c - "
            f"{degrees} as temperature_mean_c) from staging.stg_own__coming_temperatures",
            "drop view staging.stg_own__coming_temperatures",
            "create table staging.stg_own__coming_temperatures as from coming",
        )
        with forecasts(small, compiled, tmp_path / name, *replaced) as warehouse:
            results[name] = [
                warehouse.execute(figures.format(f"{kept} is_temperature_forecast")).df() for kept in ("not", "")
            ]
    (before, ahead), (before_too, colder) = results.values()
    pd.testing.assert_frame_equal(before, before_too, rtol=1e-9)
    # Winter: a day that is colder asks for more.
    assert (colder["energy_forecast_mwh"] > 1.03 * ahead["energy_forecast_mwh"]).mean() > 0.9


def test_regions_sum_to_france(sample: duckdb.DuckDBPyConnection) -> None:
    worst = sample.execute(
        """
        select max(abs(country.energy_forecast_mwh / regions.energy_forecast_mwh - 1)), count(*)
        from analysis.load_forecast as country
        inner join (
            select issued_on, horizon_days, sum(energy_forecast_mwh) as energy_forecast_mwh
            from analysis.load_forecast
            where territory_level_code = 'region'
            group by all
        ) as regions using (issued_on, horizon_days)
        where country.territory_level_code = 'country'
        """
    ).fetchone()
    assert worst is not None
    assert worst[0] < 1e-9
    assert worst[1] > 5000


def test_half_hours_are_those_of_the_day_and_mean_its_forecast(sample: duckdb.DuckDBPyConnection) -> None:
    """46, 48 or 50 of them, in every territory: their energy is that of the day, and regions sum to France."""
    days = sample.execute(
        """
        select
            date_day, count(*) as half_hours, min(energy_forecast_mwh) as energy, sum(load_forecast_mw) / 2 as summed,
            count(distinct period_start_at_utc) as instants
        from intermediate.int_half_hourly_forecasts_issued
        inner join intermediate.int_forecasts_issued as days
            using (territory_level_code, territory_code, issued_on, horizon_days, date_day)
        where days.forecast_code = 'dataelec' and horizon_days = 1
        group by territory_code, date_day
        """
    ).df()
    assert np.allclose(days["summed"], days["energy"], rtol=1e-9)
    assert (days["half_hours"] == days["instants"]).all()
    counts = days.groupby(days["date_day"].astype(str))["half_hours"].first()
    assert (counts["2023-03-26"], counts["2023-10-29"], set(counts)) == (46, 50, {46, 48, 50})


def test_half_hours_are_told_better_than_by_a_flat_day(sample: duckdb.DuckDBPyConnection) -> None:
    """France in 2023: near the error of the day itself, and the marts say the same as the forecasts behind them."""
    by_hour = sample.execute(
        """
        select half_hourly_mape_pct, mape_pct, half_hours_count, days_count from analysis.forecast_score
        where
            forecast_code = 'dataelec' and territory_code = 'FR' and period_code = '2023' and horizon_days = 1
        """
    ).fetchall()[0]
    expected = sample.execute(
        """
        select 100 * avg(abs(load_forecast_mw / load_mw - 1)), count(*)
        from intermediate.int_half_hourly_forecasts_issued
        where
            territory_code = 'FR' and year(date_day) = 2023 and horizon_days = 1 and load_mw is not null
            and issued_on in (
                select issued_on from intermediate.int_forecasts_issued
                where territory_code = 'FR' and energy_mwh is not null and horizon_days = 1
            )
        """
    ).fetchall()[0]
    assert by_hour[0] == pytest.approx(expected[0])
    assert by_hour[2] == expected[1] > 47 * by_hour[3]
    assert by_hour[1] < by_hour[0] < 1.6 * by_hour[1]
    within = sample.execute(
        """
        select avg((load_mw between load_forecast_mw_ci80_low and load_forecast_mw_ci80_high)::int)
        from analysis.half_hourly_load_forecast where load_mw is not null
        """
    ).fetchall()[0][0]
    assert 0.65 < within < 0.95


def test_forecasts_beat_what_asks_for_no_model_and_hold_their_intervals(sample: duckdb.DuckDBPyConnection) -> None:
    rows = sample.execute(
        """
        select
            forecast_code, horizon_days,
            avg(mape_pct), avg(abs(bias_pct)), avg(coverage_80_pct), avg(coverage_95_pct)
        from analysis.forecast_score
        where territory_level_code = 'region' and period_code = '2023' and horizon_days in (1, 7, 14)
        group by all
        """
    ).fetchall()
    scores = {(code, horizon): figures for code, horizon, *figures in rows}
    for horizon in (1, 7, 14):
        error, bias, within_80, within_95 = scores[("dataelec", horizon)]
        assert error < 0.6 * min(scores[("persistence", horizon)][0], scores[("same_weekday", horizon)][0])
        assert bias < 2
        assert 70 < within_80 < 90
        assert 88 < within_95 < 99


def test_the_score_is_that_of_the_forecasts(sample: duckdb.DuckDBPyConnection) -> None:
    """Worked out again in pandas from the daily loads: error, bias, spread, coverage of one region and horizon."""
    days = sample.execute(
        """
        select forecast.*, daily.load_mean_mw * dates.hours_in_local_day_count as observed_mwh
        from analysis.load_forecast as forecast
        inner join core.fct_daily_load as daily
            on daily.region_code = forecast.territory_code and daily.date_day = forecast.date_day
        inner join core.dim_dates as dates on dates.date_day = daily.date_day
        where
            forecast.territory_code = '53' and horizon_days = 3 and year(forecast.date_day) = 2023
            and daily.is_counted and forecast.issued_on = forecast.date_day - 3
        """
    ).df()
    score = sample.execute(
        """
        select days_count, mape_pct, bias_pct, cv_rmse_pct, coverage_80_pct from analysis.forecast_score
        where territory_code = '53' and horizon_days = 3 and period_code = '2023' and forecast_code = 'dataelec'
        """
    ).fetchone()
    error = days["energy_forecast_mwh"] - days["observed_mwh"]
    within = days["observed_mwh"].between(days["energy_forecast_mwh_ci80_low"], days["energy_forecast_mwh_ci80_high"])
    assert score == pytest.approx(
        (
            len(days),
            100 * (error.abs() / days["observed_mwh"]).mean(),
            100 * error.sum() / days["observed_mwh"].sum(),
            100 * (error**2).mean() ** 0.5 / days["observed_mwh"].mean(),
            100 * within.mean(),
        )
    )


def test_rtes_own_forecast_is_judged_against_the_load_that_it_is_published_with(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    """Worked out again from the published half-hours: error as it is, and once brought to the level of the year."""
    days = sample.execute(
        """
        select date_day, avg(load_forecast_day_before_mw) as forecast, avg(load_published_mw) as load
        from staging.stg_odre__half_hourly_national_loads
        where
            year(date_day) = 2022 and month(date_day) not in (3, 10)
            and not is_phantom_hour and load_forecast_day_before_mw is not null
        group by date_day
        """
    ).df()
    error, levelled, count = sample.execute(
        """
        select sum(mape_pct * days_count) / sum(days_count), sum(level_corrected_mape_pct), sum(days_count)
        from analysis.forecast_score
        where
            forecast_code = 'rte' and period_code like '2022-%' and period_code not in ('2022-03', '2022-10')
            and territory_code = 'FR'
        """
    ).fetchall()[0]
    assert count == len(days)
    assert error == pytest.approx(100 * (days["forecast"] / days["load"] - 1).abs().mean())
    by_month = days.groupby(days["date_day"].dt.month)
    expected = [
        100 * (month["forecast"] * month["load"].sum() / month["forecast"].sum() / month["load"] - 1).abs().mean()
        for _, month in by_month
    ]
    assert levelled == pytest.approx(sum(expected))
