"""The real files 2016-2019: published targets, yearly energies, known defects."""

import duckdb
import pytest


def slopes(real: duckdb.DuckDBPyConnection) -> dict[str, float]:
    rows = real.execute(
        """
        select territory_code, heating_slope_mw_per_c from analysis.weather_sensitivity
        where specification_code = 'common' and window_code = 'all' and client_type_code = 'all'
        """
    ).fetchall()
    return dict(rows)


def test_common_slopes_are_the_ones_computed_elsewhere(real: duckdb.DuckDBPyConnection) -> None:
    """RTE speaks of about 2,400 MW/°C in winter; a numpy fit of the same model gave 2,424 over the twelve regions."""
    found = slopes(real)
    assert found["FR"] == pytest.approx(2424, rel=0.005)
    assert found["11"] == pytest.approx(382.8, rel=0.01)
    assert found["84"] == pytest.approx(274.6, rel=0.01)
    assert found["27"] == pytest.approx(89.3, rel=0.01)
    assert found["94"] is None


def test_corse_is_a_row_with_its_reason(real: duckdb.DuckDBPyConnection) -> None:
    rows = real.execute(
        """
        select distinct heating_slope_mw_per_c, heating_fit_status, cooling_fit_status, fit_reason_codes
        from analysis.weather_sensitivity where territory_code = '94'
        """
    ).fetchall()
    assert rows == [(None, "insufficient_data", "insufficient_data", "no_load_published")]


def test_yearly_energies_match_the_published_totals(real: duckdb.DuckDBPyConnection) -> None:
    """A factor of two, a lost clock change or a summed gas column would be far outside."""
    rows = real.execute(
        """
        select territory_code, calendar_year, energy_difference_pct from analysis.data_quality
        where quality_reason_code = 'annual_energy_against_published' and calendar_year between 2016 and 2019
        """
    ).fetchall()
    france = {year: difference for code, year, difference in rows if code == "FR"}
    assert sorted(france) == [2016, 2017, 2018, 2019]
    assert all(abs(difference) < 0.3 for difference in france.values()), france
    regions = [difference for code, _, difference in rows if code != "FR"]
    assert len(regions) == 48
    assert max(map(abs, regions)) < 4
    assert max(map(abs, regions)) > 1, "the published files differ by region, and that is shown, not scaled away"


@pytest.mark.parametrize(
    ("reason", "year", "regions", "count"),
    [
        ("scrambled_regions", 2016, 12, 12 * 146),
        ("scrambled_regions", 2018, 12, 12 * 31),
        ("phantom_hour", 2016, 12, 24),
        ("phantom_hour", 2017, 12, 24),
        ("phantom_hour", 2018, 12, 24),
        ("phantom_hour", 2019, 12, 24),
        ("autumn_hour_not_published", 2018, 12, 24),
        ("other_region_values", 2019, 12, 24),
    ],
)
def test_known_defects_are_counted(
    real: duckdb.DuckDBPyConnection, reason: str, year: int, regions: int, count: int
) -> None:
    found = real.execute(
        """
        select count(distinct territory_code), sum(affected_count) from analysis.data_quality
        where quality_reason_code = ? and calendar_year = ?
        """,
        [reason, year],
    ).fetchone()
    assert found == (regions, count)


def test_the_known_spike_of_centre_is_found_by_rule(real: duckdb.DuckDBPyConnection) -> None:
    """Centre-Val de Loire, 2019-06-29 12:30 local."""
    spikes = real.execute(
        """
        select region_code, strftime(period_start_at_local, '%Y-%m-%d %H:%M')
        from intermediate.int_half_hourly_loads_flagged where exclusion_code = 'spike'
        """
    ).fetchall()
    assert ("24", "2019-06-29 12:30") in spikes
    assert len(spikes) <= 3


def test_the_twenty_eight_missing_days_of_temperature_are_flagged(real: duckdb.DuckDBPyConnection) -> None:
    missing = real.execute(
        """
        select count(distinct date_day) from core.fct_daily_temperature
        where temperature_published_mean_c is null
        """
    ).fetchone()
    assert missing == (28,)
