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


def test_years_at_equal_weather_change_as_rte_says_but_for_its_scope(real: duckdb.DuckDBPyConnection) -> None:
    """RTE's corrected consumption, 475, 474 and 473 TWh without energy's own, with Corse: half a point apart."""
    years = dict(
        real.execute(
            """
            select period_year, (energy_mwh, energy_at_normal_temperature_mwh, energy_change_without_weather_pct)
            from analysis.weather_corrected_load where territory_code = 'FR' and period_kind_code = 'year'
            """
        ).fetchall()
    )
    for year, published in {2017: 0.2, 2018: -0.3, 2019: -0.5}.items():
        (energy_before, normal_before, _), (_, normal, change) = years[year - 1], years[year]
        assert change == pytest.approx(100 * (normal - normal_before) / energy_before, abs=1e-9)
        assert change == pytest.approx(published, abs=0.55)
    energies, normals, _ = zip(*(years[year] for year in range(2016, 2020)), strict=True)
    assert max(normals) - min(normals) < max(energies) - min(energies)


def test_a_cold_day_draws_what_the_scenario_says(real: duckdb.DuckDBPyConnection) -> None:
    """28 February 2018 above what the days of its kind in that season draw without heating and cooling."""
    (observed, expected, half_width) = real.execute(
        """
        with at_0 as (
            select *, (extra_load_mw_ci95_high - extra_load_mw) / extra_load_mw as half_width_share
            from analysis.cold_snap_scenario where cold_snap_code = 'at_0'
        ),
        days as (
            select
                days.*,
                at_0.extra_load_mw / 15 * greatest(15 - days.temperature_c, 0) as heating_mw,
                coalesce(slopes.cooling_slope_mw_per_c, 0) * greatest(days.temperature_c - 22, 0) as cooling_mw,
                days.load_mean_mw - avg(days.load_mean_mw - heating_mw - cooling_mw) over cell as above_cell_mw
            from intermediate.int_regression_days_prepared as days
            inner join intermediate.int_load_series_listed as series using (series_code)
            inner join at_0 using (territory_code)
            inner join analysis.weather_sensitivity as slopes using (territory_code, client_type_code)
            where slopes.specification_code = 'common' and slopes.window_code = 'all'
                and series.is_daily and series.client_type_code = 'all' and days.exclusion_code is null
            window cell as (partition by series_code, calendar_cell_code)
        )
        select
            sum(above_cell_mw),
            sum(heating_mw),
            sum(heating_mw) * (select half_width_share from at_0 where territory_code = 'FR')
        from days where date_day = date '2018-02-28'
        """
    ).fetchone() or (0, 0, 0)
    assert expected > 40_000
    assert abs(observed - expected) < half_width


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


def test_the_missing_days_of_temperature_are_flagged(real: duckdb.DuckDBPyConnection) -> None:
    missing = real.execute(
        """
        select count(distinct date_day) from core.fct_daily_temperature
        where temperature_published_mean_c is null
        """
    ).fetchone()
    assert missing == (31,)


def test_yearly_consumption_of_sectors_is_the_published_one(real: duckdb.DuckDBPyConnection) -> None:
    """Électricité alone, over all operators: 434.1 TWh in 2012; sectors were redefined between 2017 and 2018."""
    rows = real.execute(
        """
        select calendar_year, sum(energy_mwh) / 1e6, sum(energy_mwh) filter (client_type_code = 'residential') / 1e6
        from core.fct_annual_consumption where territory_level_code = 'departement' group by calendar_year
        """
    ).fetchall()
    total = {year: twh for year, twh, _ in rows}
    residential = {year: twh for year, _, twh in rows}
    assert sorted(total) == list(range(2011, 2022))
    assert total[2012] == pytest.approx(434.1, abs=0.05)
    assert residential[2017] == pytest.approx(204.0, abs=0.05)
    assert residential[2018] == pytest.approx(161.6, abs=0.05)


def test_every_level_has_the_people_of_france(real: duckdb.DuckDBPyConnection) -> None:
    """68,094,280 municipal population, once: the arrondissements of three cities are not counted beside them."""
    rows = real.execute(
        """
        select territory_level_code, sum(population_count) from core.dim_territories
        where territory_level_code <> 'epci' group by territory_level_code
        """
    ).fetchall()
    assert dict(rows) == dict.fromkeys(("country", "region", "departement", "commune"), 68_094_280)
    labels = real.execute(
        "select commune_label_fr from core.dim_communes where commune_code in ('75056', '69123', '13055') order by all"
    ).fetchall()
    assert labels == [("Lyon",), ("Marseille",), ("Paris",)]


def test_territories_of_the_seeds_are_those_of_insee(real: duckdb.DuckDBPyConnection) -> None:
    differing = real.execute(
        """
        select departement_code, published.departement_label_fr, published.region_code
        from staging.stg_insee__departement_populations as published
        anti join core.dim_departements using (departement_code, departement_label_fr, region_code)
        """
    ).fetchall()
    assert differing == []
