"""Changes of slopes and the diagnostics of the fits, against refits of the same days."""

from functools import cache, partial

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.project.test_against_reference import DAYS, SPECIFICATIONS, TOLERANCE
from tests.reference import least_squares as ls

close = partial(pytest.approx, rel=TOLERANCE, nan_ok=True)


def days_by_region(warehouse: duckdb.DuckDBPyConnection, window: str) -> dict[str, pd.DataFrame]:
    days = warehouse.execute(DAYS, [window, "all"]).df()
    return {str(region): frame for region, frame in days.groupby("territory_code")}


def without(quarters: list[str], answers: pd.DataFrame) -> pd.DataFrame:
    """The answer without each quarter; who does not hold the quarter answers as ever."""
    return pd.DataFrame({quarter: answers.loc[quarter if quarter in answers.index else ""] for quarter in quarters}).T


class LeaveOuts:
    """Slope and mean load of a territory in a window, whole (quarter "") and without each quarter; France sums."""

    def __init__(self, warehouse: duckdb.DuckDBPyConnection, specification: ls.Specification) -> None:
        self.days = cache(partial(days_by_region, warehouse))
        self.specification = specification
        self.of = cache(self._of)

    def _of(self, territory: str, window: str) -> pd.DataFrame:
        if territory == "FR":
            regions = {region: self.of(region, window) for region in self.days(window)}
            quarters = sorted(set().union(*(answers.index for answers in regions.values())))
            return sum(without(quarters, answers) for answers in regions.values())
        frame = self.days(window)[territory]
        fitted = ls.two_stage(frame, self.specification)
        slopes = {"": fitted.fit.heating_slope, **fitted.jackknife.heating_leave_outs}
        loads = {
            quarter: frame.loc[frame["calendar_quarter_code"] != quarter, "load_mean_mw"].mean() for quarter in slopes
        }
        return pd.DataFrame({"slope": slopes, "load": loads})


@pytest.mark.parametrize("specification", SPECIFICATIONS)
def test_changes(real: duckdb.DuckDBPyConnection, specification: ls.Specification) -> None:
    """Both sides without the same quarter; a side that does not hold the quarter stays as it is."""
    published = real.execute(
        "from analysis.sensitivity_change where specification_code = ? and client_type_code = 'all'", [specification]
    ).df()
    # Pairs of twelve regions, and of five seasons of each of them and of France, half seasons included.
    assert published.groupby("comparison_code").size().to_dict() == {"territories": 66, "windows": 130}
    leave_outs = LeaveOuts(real, specification)
    for row in published.itertuples():
        base = leave_outs.of(row.base_territory_code, row.base_window_code)
        other = leave_outs.of(row.territory_code, row.window_code)
        quarters = sorted(set(base.index) | set(other.index))
        base, other = without(quarters, base), without(quarters, other)
        for measure, changes in {
            "heating_slope_change_mw_per_c": other["slope"] - base["slope"],
            "heating_slope_change_pct": 100 * (other["slope"] / base["slope"] - 1),
            "heating_slope_share_change_pct_per_c": 100
            * (other["slope"] / other["load"] - base["slope"] / base["load"]),
        }.items():
            label = f"{row.base_territory_code} {row.base_window_code} {row.territory_code} {row.window_code} {measure}"
            left = changes.drop("").to_numpy()
            expected = np.sqrt((len(left) - 1) * np.mean((left - left.mean()) ** 2))
            # A difference of like slopes loses digits.
            assert getattr(row, measure) == close(changes[""], abs=1e-8), label
            assert getattr(row, f"{measure}_se") == close(expected), label


def diagnostics(warehouse: duckdb.DuckDBPyConnection, diagnostic: str, specification: str) -> pd.DataFrame:
    return warehouse.execute(
        """
        from analysis.sensitivity_diagnostics
        where client_type_code = 'all' and diagnostic_code = ? and specification_code = ?
        """,
        [diagnostic, specification],
    ).df()


@pytest.mark.parametrize("specification", SPECIFICATIONS)
def test_mean_residuals(real: duckdb.DuckDBPyConnection, specification: ls.Specification) -> None:
    is_cooling_kept = dict(
        real.execute(
            """
            select territory_code, cooling_slope_mw_per_c is not null from analysis.weather_sensitivity
            where client_type_code = 'all' and window_code = 'all' and specification_code = ?
            """,
            [specification],
        ).fetchall()
    )
    expected = {}
    for region, frame in days_by_region(real, "all").items():
        if specification == "free":
            fitted = ls.search(frame) if is_cooling_kept[region] else ls.search_heating_only(frame)
        else:
            waves = ls.LOWER_BOUND_WAVES if specification == "lower_bound" else 0
            fitted = ls.fit(frame, 15.0, 22.0 if is_cooling_kept[region] else None, waves)
        ordered = frame.sort_values("date_day")
        residuals = pd.Series(fitted.residuals, index=ordered.index)
        for diagnostic, bins in {
            "residual_by_temperature": (2 * np.floor(ordered["temperature_smoothed_c"] / 2)).astype(int).astype(str),
            "residual_by_day_class": ordered["day_class_code"],
            "residual_by_month": ordered["date_day"].dt.strftime("%m"),
        }.items():
            for bin_code, members in residuals.groupby(bins):
                expected[diagnostic, region, bin_code] = (len(members), members.mean())
    found = {
        (diagnostic, row.territory_code, row.bin_code): (row.days_count, row.residual_mean_mw)
        for diagnostic in ("residual_by_temperature", "residual_by_day_class", "residual_by_month")
        for row in diagnostics(real, diagnostic, specification).itertuples()
    }
    assert found.keys() == expected.keys()
    for key, (days_count, residual_mw) in expected.items():
        # Residuals of a class sum to nothing.
        assert found[key] == (days_count, close(residual_mw, abs=1e-6)), key


def test_slopes_without_a_season_a_class_and_at_other_balance_points(real: duckdb.DuckDBPyConnection) -> None:
    expected = {}
    for region, frame in days_by_region(real, "all").items():
        season = "season_" + frame["regime_code"].str[:4]
        for diagnostic, bins in (
            ("slope_without_season", season),
            ("slope_without_day_class", frame["day_class_code"]),
        ):
            for bin_code in bins.unique():
                expected[diagnostic, region, bin_code] = ls.fit(frame[bins != bin_code], 15.0, 22.0).heating_slope
        for point in ls.HEATING_GRID_C:
            expected["slope_by_balance_point", region, str(point)] = ls.fit(frame, point, 22.0).heating_slope
    found = {
        (diagnostic, row.territory_code, row.bin_code): row.heating_slope_mw_per_c
        for diagnostic in ("slope_without_season", "slope_without_day_class", "slope_by_balance_point")
        for row in diagnostics(real, diagnostic, "common").itertuples()
    }
    assert found.keys() == expected.keys()
    for key, slope in expected.items():
        assert found[key] == close(slope), key
