"""A window, a specification or a term is a row of a seed: nothing else is written, and no other answer moves."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from research.widening import fit_anew, widen
from tests.project.test_against_reference import assert_equals_reference

# The whole fit once more.
pytestmark = pytest.mark.slow

TOLERANCE = 1e-8
FIGURES = "territory_code, client_type_code, window_code, specification_code"
# Two dates that no season and no break knows.
BECALMED, BECALMED_ON = "53", "2021-03-03"
FIRST_DAY, LAST_DAY = "2022-03-01", "2023-02-28"
ROWS: dict[str, list[list[object]]] = {
    "windows": [["a_year", "other", FIRST_DAY, LAST_DAY, "false", "Un an", "A year"]],
    "terms": [
        ["heating_7.5", "heating", "temperature_c", "below", 7.5, "Degrés sous 7,5 °C", "Degrees below 7.5 °C"],
    ],
    "regressors": [["wind", "false", 30, "", "", "Pente du vent", "Wind slope"]],
    "specifications": [
        ["eighteen", 11, "false", "Seuils à 18 et 22 °C", "Balance points at 18 and 22 °C"],
        ["hinged", 12, "false", "Coude à 7,5 °C", "Bend at 7.5 °C"],
        ["windy", 13, "false", "Avec le vent", "With wind"],
    ],
    "specification_terms": [
        ["eighteen", 1, "heating", "heating", 18, 18],
        ["eighteen", 2, "cooling", "cooling", 22, 22],
        ["hinged", 1, "bend", "heating", 7.5, 7.5],
        ["hinged", 2, "heating", "heating", 15, 15],
        ["hinged", 3, "cooling", "cooling", 22, 22],
        ["windy", 1, "wind", "wind", 0, 0],
        ["windy", 2, "heating", "heating", 15, 15],
        ["windy", 3, "cooling", "cooling", 22, 22],
    ],
}
DAYS = """
    select
        series.territory_code,
        days.date_day,
        days.load_mean_mw,
        days.temperature_c as temperature_smoothed_c,
        days.wind_mean_m_s,
        days.season_regime_code as regime_code,
        days.day_class_code,
        days.calendar_cell_code,
        days.calendar_quarter_code
    from intermediate.int_regression_days_prepared as days
    inner join intermediate.int_load_series_listed as series using (series_code)
    where days.exclusion_code is null and series.is_daily and series.client_type_code = 'all'
    order by series.territory_code, days.date_day
"""


@pytest.fixture(scope="module")
def widened(sample_lake: Path, sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated warehouse with the fit made anew in a copy of the project whose seeds have a few rows more."""
    database = widen(sample_warehouse, tmp_path_factory.mktemp("widened"), ROWS)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update intermediate.int_daily_regional_weather_averaged set wind_mean_m_s = null "
            "where region_code = ? and date_day = ?",
            [BECALMED, BECALMED_ON],
        )
    fit_anew(sample_lake, database, "weather_sensitivity", "sensitivity_by_regressor")
    return database


@pytest.fixture
def new(widened: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(widened), read_only=True) as connection:
        yield connection


def test_no_answer_that_stood_before_moves(new: duckdb.DuckDBPyConnection, sample_warehouse: Path) -> None:
    new.execute(f"attach '{sample_warehouse}' as before (read_only)")
    measures = [
        name
        for (name,) in new.execute(
            "select column_name from duckdb_columns() where database_name = 'before' "
            "and table_name = 'weather_sensitivity' and data_type in ('DOUBLE', 'INTEGER', 'BIGINT', 'DATE', 'VARCHAR')"
        ).fetchall()
        if name not in FIGURES
    ]
    rows = new.execute(
        f"""
        select {", ".join(f"old.{name}, new.{name}" for name in measures)}
        from before.analysis.weather_sensitivity as old
        left join analysis.weather_sensitivity as new using ({FIGURES})
        -- What predicts by the wind lacks it where a day does.
        where old.specification_code <> 'predictive' or old.territory_code not in ('{BECALMED}', 'FR', 'FR13')
        """
    ).fetchall()
    assert len(rows) > 1000
    for row in rows:
        for old, found in zip(row[::2], row[1::2], strict=True):
            assert found == (pytest.approx(old, rel=1e-9, abs=1e-12) if isinstance(old, float) else old)


def test_a_window_of_its_own_dates(new: duckdb.DuckDBPyConnection) -> None:
    assert_equals_reference(new, "common", "a_year")
    spans = new.execute(
        "select distinct window_start_on, window_end_on from analysis.weather_sensitivity "
        "where window_code = 'a_year' and window_start_on is not null"
    ).fetchall()
    assert [(str(first), str(last)) for first, last in spans] == [(FIRST_DAY, LAST_DAY)]


@pytest.mark.parametrize("territory", ["11", "93"])
@pytest.mark.parametrize("specification", ["eighteen", "hinged", "windy"])
def test_a_specification_and_its_terms(new: duckdb.DuckDBPyConnection, specification: str, territory: str) -> None:
    days = new.execute(DAYS).df().query("territory_code == @territory")
    published = (
        new.execute(
            "select * from analysis.sensitivity_by_regressor where specification_code = ? and window_code = 'all' "
            "and client_type_code = 'all' and territory_code = ?",
            [specification, territory],
        )
        .df()
        .set_index("regressor_code")
    )
    with_cooling = not pd.isna(published.at["cooling", "slope_mw_per_unit"])
    expected = coefficients(days, specification, with_cooling)
    assert set(published.index) == {"heating", "cooling"} | ({"wind"} if specification == "windy" else set())
    leave_outs = pd.DataFrame(
        [
            coefficients(days[days["calendar_quarter_code"] != quarter], specification, with_cooling)
            for quarter in sorted(days["calendar_quarter_code"].unique())
        ]
    )
    for regressor, row in published.iterrows():
        if regressor == "cooling" and not with_cooling:
            continue
        spread = leave_outs[regressor]
        assert row["slope_mw_per_unit"] == pytest.approx(expected[regressor], rel=TOLERANCE), regressor
        assert row["slope_mw_per_unit_se"] == pytest.approx(
            np.sqrt((len(spread) - 1) * spread.var(ddof=0)), rel=TOLERANCE
        )


def coefficients(days: pd.DataFrame, specification: str, with_cooling: bool) -> dict[str, float]:
    """Least squares on columns demeaned inside calendar cells, from days."""
    temperature = days["temperature_smoothed_c"].to_numpy()
    columns: dict[str, NDArray[np.float64]] = {
        "heating": np.maximum((18 if specification == "eighteen" else 15) - temperature, 0)
    }
    if with_cooling:
        columns["cooling"] = np.maximum(temperature - 22, 0)
    if specification == "hinged":
        columns["bend"] = np.maximum(7.5 - temperature, 0)
    if specification == "windy":
        columns["wind"] = days["wind_mean_m_s"].to_numpy()
    table = pd.DataFrame(columns | {"load": days["load_mean_mw"].to_numpy()})
    within = (table - table.groupby(days["calendar_cell_code"].to_numpy()).transform("mean")).to_numpy()
    solution = np.linalg.lstsq(within[:, :-1], within[:, -1], rcond=None)[0]
    return dict(zip(columns, map(float, solution), strict=True))


def test_a_wind_that_is_not_known_is_no_wind_of_zero(new: duckdb.DuckDBPyConnection) -> None:
    """One day without wind: fits that see it have no answer and say so, those of other days have one."""
    answers = dict(
        new.execute(
            "select window_code, (slope_mw_per_unit, fit_reason_codes) from analysis.sensitivity_by_regressor "
            "where specification_code = 'windy' and regressor_code = 'heating' and client_type_code = 'all' "
            "and territory_code = ? and window_code in ('all', 'season_2020', 'season_2021')",
            [BECALMED],
        ).fetchall()
    )
    assert answers["all"][0] is None
    assert answers["season_2020"] == (None, "too_few_data")
    assert answers["season_2021"][0] is not None
