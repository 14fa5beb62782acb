"""Changes of slopes and the diagnostics of the fits, against refits of the same days."""

from functools import cache, partial

import duckdb
import numpy as np
import pandas as pd
import pytest

from research import least_squares as ls
from tests.project.test_against_reference import DAYS, SPECIFICATIONS, TOLERANCE

close = partial(pytest.approx, rel=TOLERANCE, nan_ok=True)


def days_by_region(warehouse: duckdb.DuckDBPyConnection, window: str, client: str = "all") -> dict[str, pd.DataFrame]:
    days = warehouse.execute(DAYS, [window, client]).df()
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
    is_refused = published["heating_slope_mw_per_c"].isna() | published["base_heating_slope_mw_per_c"].isna()
    assert published.loc[is_refused, "heating_slope_change_mw_per_c"].isna().all()
    # Pairs of twelve regions, and of five seasons of each of them and of France, half seasons included. Refused are
    # those of Corse, and what would compare with days after 2022-09-15.
    counts = published.groupby(["comparison_code", is_refused]).size()
    assert counts.to_dict() == {
        ("territories", False): 66,
        ("territories", True): 12,
        ("windows", False): 130,
        ("windows", True): 24,
    }
    leave_outs = LeaveOuts(real, specification)
    for row in published[~is_refused].itertuples():
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


def diagnostics(
    warehouse: duckdb.DuckDBPyConnection, diagnostic: str, specification: str, client: str = "all"
) -> pd.DataFrame:
    return warehouse.execute(
        """
        from analysis.sensitivity_diagnostics
        where diagnostic_code = ? and specification_code = ? and client_type_code = ?
        """,
        [diagnostic, specification, client],
    ).df()


@pytest.mark.parametrize("specification", SPECIFICATIONS)
def test_residuals(real: duckdb.DuckDBPyConnection, specification: ls.Specification) -> None:
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
            waves = ls.SEASON_WAVES if specification == "season_adjusted" else 0
            fitted = ls.fit(frame, 15.0, 22.0 if is_cooling_kept[region] else None, waves)
        ordered = frame.sort_values("date_day")
        residuals = pd.Series(fitted.residuals, index=ordered.index)
        for diagnostic, bins in {
            "residual_by_temperature": (2 * np.floor(ordered["temperature_smoothed_c"] / 2)).astype(int).astype(str),
            "residual_by_day_class": ordered["day_class_code"],
            "residual_by_month": ordered["date_day"].dt.strftime("%m"),
        }.items():
            for bin_code, members in residuals.groupby(bins):
                rmse_pct = 100 * np.sqrt((members**2).mean()) / ordered.loc[members.index, "load_mean_mw"].mean()
                expected[diagnostic, region, bin_code] = (len(members), members.mean(), rmse_pct)
    found = {
        (diagnostic, row.territory_code, row.bin_code): (row.days_count, row.residual_mean_mw, row.residual_rmse_pct)
        for diagnostic in ("residual_by_temperature", "residual_by_day_class", "residual_by_month")
        for row in diagnostics(real, diagnostic, specification).itertuples()
    }
    assert found.keys() == expected.keys()
    for key, (days_count, mean_mw, rmse_pct) in expected.items():
        # Residuals of a class sum to nothing.
        assert found[key] == (days_count, close(mean_mw, abs=1e-6), close(rmse_pct)), key


def assert_slopes_follow_what_is_left_out(
    warehouse: duckdb.DuckDBPyConnection, client: str, incomplete: pd.DataFrame | None
) -> None:
    """Without each season, class and kind of day that a region has, and at other balance points; nothing else."""
    expected = {}
    for region, frame in days_by_region(warehouse, "all", client).items():
        season = "season_" + frame["regime_code"].str[:4]
        left_out = {
            **{("slope_without_season", code): season == code for code in season.unique()},
            **{
                ("slope_without_day_class", code): frame["day_class_code"] == code
                for code in frame["day_class_code"].unique()
            },
            ("slope_without_days", "below_0_c"): frame["temperature_smoothed_c"] < 0,
            ("slope_without_days", "july_and_august"): frame["date_day"].dt.month.isin([7, 8]),
            ("slope_without_days", "weekends_and_special_days"): ~frame["day_class_code"].str.match(
                "monday|midweek|friday"
            ),
        }
        if incomplete is not None:
            of_region = incomplete.loc[incomplete["region_code"] == region, "date_day"]
            left_out["slope_without_days", "incomplete"] = frame["date_day"].isin(of_region)
        for (diagnostic, bin_code), is_left_out in left_out.items():
            fitted = ls.fit(frame[~is_left_out], 15.0, 22.0)
            expected[diagnostic, region, bin_code] = (fitted.n_days, close(fitted.heating_slope))
        for point in ls.HEATING_GRID_C:
            fitted = ls.fit(frame, point, 22.0)
            expected["slope_by_balance_point", region, str(point)] = (fitted.n_days, close(fitted.heating_slope))
    found = {
        (diagnostic, row.territory_code, row.bin_code): (row.days_count, row.heating_slope_mw_per_c)
        for diagnostic in {diagnostic for diagnostic, _, _ in expected}
        for row in diagnostics(warehouse, diagnostic, "common", client).itertuples()
    }
    assert found == expected


def test_slopes_follow_what_is_left_out(real: duckdb.DuckDBPyConnection) -> None:
    incomplete = real.execute(
        """
        select region_code, date_day from core.fct_daily_load
        where half_hours_valid_count < half_hours_expected_count
        """
    ).df()
    assert len(incomplete) > 100
    assert_slopes_follow_what_is_left_out(real, "all", incomplete)


def test_slopes_of_a_category_follow_what_is_left_out(sample: duckdb.DuckDBPyConnection) -> None:
    """It is held for three years of five: what it never had is not left out of it."""
    assert_slopes_follow_what_is_left_out(sample, "enedis_enterprise", None)
