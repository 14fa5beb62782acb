"""Half-hours that were filled, and spells in which regions may have been mixed up."""

import duckdb
import pytest


def test_a_spike_is_filled_with_what_lies_on_either_side(sample: duckdb.DuckDBPyConnection) -> None:
    """A spike is a quarter off at least; half an hour changes a region's load by some 2 %, never by a tenth."""
    rows = sample.execute(
        """
        select abs(repaired.load_filled_mw / ((before.load_mw + after.load_mw) / 2) - 1) as filled_difference,
            abs(repaired.load_published_mw / ((before.load_mw + after.load_mw) / 2) - 1) as published_difference
        from analysis.repaired_half_hours as repaired
        inner join core.fct_half_hourly_load as before on repaired.territory_code = before.region_code
            and repaired.period_start_at_utc = before.period_start_at_utc + interval 30 minute
        inner join core.fct_half_hourly_load as after on repaired.territory_code = after.region_code
            and repaired.period_start_at_utc = after.period_start_at_utc - interval 30 minute
        where repaired.load_correction_code = 'spike'
        """
    ).fetchall()
    assert len(rows) >= 20
    assert all(filled < 0.08 < published for filled, published in rows), rows


def test_every_half_hour_set_aside_within_a_week_of_valid_ones_is_filled(sample: duckdb.DuckDBPyConnection) -> None:
    left = sample.execute(
        """
        select count(*), count(load_filled_mw), count(*) filter (load_filled_mw is not null and load_mw is not null)
        from core.fct_half_hourly_load where load_correction_code in ('spike', 'other_region_values')
        """
    ).fetchone()
    assert left is not None
    assert left[0] == left[1] > 100
    assert left[2] == 0


def test_energies_of_corrupted_days_are_filled_and_say_so(real: duckdb.DuckDBPyConnection) -> None:
    """5 to 7 April 2016 are corrupted in all regions: three of thirty days, 10.7 % of the energy with the eve."""
    month, year = real.execute(
        """
        select energy_mwh, energy_filled_share, coverage_share from analysis.consumption_by_period
        where territory_code = 'FR' and period_year = 2016
            and (period_kind_code = 'month' and period_of_year_code = '04' or period_kind_code = 'year')
        order by period_kind_code
        """
    ).fetchall()
    assert month == (pytest.approx(38.99e6, rel=0.001), pytest.approx(0.107, abs=0.002), pytest.approx(0.9))
    assert year[1] == 0, "enough days of the year count without filled ones"


def test_known_mix_ups_are_suspected_and_nothing_is_left_out_for_it(real: duckdb.DuckDBPyConnection) -> None:
    spells = real.execute(
        """
        select territory_code, other_territory_code, strftime(suspicion_start_at_utc, '%Y-%m-%d')
        from analysis.suspected_mix_ups
        """
    ).fetchall()
    assert {("27", "84", "2019-08-01"), ("24", "11", "2019-09-07"), ("24", "11", "2019-09-09")} <= set(spells)
    assert len(spells) <= 10
    kept = real.execute(
        """
        select count(load_mw) from core.fct_half_hourly_load
        where region_code = '27' and date_day between '2019-08-02' and '2019-08-05'
        """
    ).fetchone()
    assert kept == (4 * 48,)
