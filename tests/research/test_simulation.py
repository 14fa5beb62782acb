"""The simulated series hold what was planted in them, and the judge of intervals counts rightly."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter

from research.validation import coverage, simulation
from research.validation.observed import Observed


@pytest.fixture(scope="module")
def world(real_warehouse: Path) -> simulation.World:
    with duckdb.connect(str(real_warehouse), read_only=True) as warehouse:
        return simulation.World.of(warehouse)


def test_autoregression_is_found_again() -> None:
    shocks = np.random.default_rng(1).normal(size=40_000)
    series = lfilter([1.0], [1.0, -0.6, 0.0, -0.2], shocks)
    coefficients = simulation._autoregression(series)
    assert len(coefficients) == simulation.NOISE_ORDER >= 30
    assert coefficients[:3] == pytest.approx([0.6, 0.0, 0.2], abs=0.02)
    assert coefficients[3:] == pytest.approx(np.zeros(simulation.NOISE_ORDER - 3), abs=0.02)


def test_noise_has_the_size_the_memory_and_the_company_of_the_real_residuals(world: simulation.World) -> None:
    real = simulation._by_region(world.days, "residual_mw")
    noises = [world.noise(seed) for seed in range(30)]
    drawn = np.concatenate(noises)
    assert not np.array_equal(noises[0], noises[1])
    np.testing.assert_array_equal(noises[0], world.noise(0))
    np.testing.assert_allclose(drawn.std(axis=0), real.std(axis=0), rtol=0.08)
    for lag in (1, 7, 14):
        real_memory = np.median([np.corrcoef(real[lag:, j], real[:-lag, j])[0, 1] for j in range(12)])
        memory = np.median([np.corrcoef(drawn[lag:, j], drawn[:-lag, j])[0, 1] for j in range(12)])
        assert memory == pytest.approx(real_memory, abs=0.04)
    np.testing.assert_allclose(np.corrcoef(drawn.T), np.corrcoef(real.T), atol=0.2)


def test_the_sql_finds_what_was_planted_without_noise(
    world: simulation.World, real_warehouse: Path, tmp_path: Path
) -> None:
    observed = Observed(real_warehouse, real_warehouse.parent / "target")
    rows = world.rows(coverage.TRUTH, world.cell_load_mw + world.weather_load_mw)
    fits, changes = coverage.run_sql(observed, rows, tmp_path)
    free = fits[(fits["specification_code"] == "free") & (fits["window_code"] == "all")].set_index("territory_code")
    for column in ("heating_slope_mw_per_c", "heating_balance_point_c"):
        np.testing.assert_allclose(free.loc[world.planted.index, column], world.planted[column], rtol=1e-7)
    assert free.loc["FR", "heating_slope_mw_per_c"] == pytest.approx(
        world.planted["heating_slope_mw_per_c"].sum(), rel=1e-7
    )
    assert set(changes["comparison_code"]) == {"windows", "territories"}


def test_coverage_counts_intervals_that_hold_the_truth() -> None:
    rows = pd.DataFrame(
        {
            "client_type_code": ["a", "a", "b", "b"],
            "territory_code": ["11", "24", "11", "24"],
            "ci95_low": [9.0, 10.5, 9.5, np.nan],
            "ci95_high": [11.0, 11.0, 12.0, np.nan],
            "estimate": [10.0, 10.75, 10.75, 10.0],
            "target": 10.0,
        }
    )
    row = coverage.coverage_row(coverage.judge(rows), "some")
    # An interval that is missing holds nothing.
    assert (row["coverage %"], row["least"], row["where"]) == (50, 0, "24")
    assert row["without interval"] == 1
    assert row["Monte-Carlo error"] == pytest.approx(0)


def test_targets_that_are_missed_are_named() -> None:
    table = pd.DataFrame(
        {
            "answer": ["common, all", "free, all", "season_adjusted, all", "common, season_2016"],
            "coverage %": [95.0, 92.9, 60.0, 97.1],
            "least": [89.9, 92.0, 50.0, 95.0],
            "where": ["84", "93", "11", "24"],
        }
    )
    alarm_table = pd.DataFrame(
        {
            "specification_code": ["common", "free"],
            "window_code": ["all", "all"],
            "called qualified %": [0.9, 1.0],
        }
    )
    assert coverage.missed_targets(table, alarm_table) == [
        "free, all: pooled 92.9 %",
        "common, season_2016: pooled 97.1 %",
        "common, all: 84 89.9 %",
        "no effect, free, all: 1.00 % qualified",
    ]
