"""Statuses and reasons of every fit, told again from its published figures by the rules of docs/methodology.md."""

from typing import Any

import duckdb
import pytest

from tests.project.test_against_reference import SPECIFICATIONS

FEWEST_DAYS = {"heating": 30, "cooling": 10}
FEWEST_QUARTERS = 4
ABSENCES = {"load_or_temperature_not_held", "too_few_data"}
GRID_ENDS_C = {"heating": (10, 19), "cooling": (18, 26)}

Row = dict[str, Any]


def has_too_few_days(row: Row, side: str) -> bool:
    """Null where there is no balance point to count days beyond, as of France, a sum."""
    days_count = row[f"{side}_days_count"]
    return days_count is not None and days_count < FEWEST_DAYS[side]


def refusals(row: Row, side: str) -> set[str]:
    """Why a slope cannot be told apart from zero."""
    slope, low = row[f"{side}_slope_mw_per_c"], row[f"{side}_slope_mw_per_c_ci95_low"]
    return {
        reason
        for reason, holds in {
            "too_few_days": has_too_few_days(row, side),
            "too_few_quarters": low is None or row["quarters_count"] < FEWEST_QUARTERS,
            "slope_not_positive": slope <= 0,
            "interval_includes_zero": slope > 0 and low is not None and low <= 0,
        }.items()
        if holds
    }


def doubts(row: Row, side: str) -> set[str]:
    """Why a slope that is told apart from zero is less than qualified."""
    slope, low = row[f"{side}_slope_mw_per_c"], row[f"{side}_slope_mw_per_c_ci95_low"]
    half_width_share = (slope - low) / slope if low is not None and low > 0 else 0
    is_searched = row["specification_code"] == "free"
    return {
        reason
        for reason, holds in {
            "interval_wide": 0.15 < half_width_share <= 0.40,
            "interval_too_wide": half_width_share > 0.40,
            "balance_point_on_grid_edge": is_searched and row[f"{side}_balance_point_c"] in GRID_ENDS_C[side],
        }.items()
        if holds
    }


def status(row: Row, refused: set[str], doubted: set[str]) -> str:
    if any(reason.startswith("too_few") for reason in refused):
        return "insufficient_data"
    if refused or doubted & {"interval_too_wide", "balance_point_on_grid_edge"}:
        return "not_identified"
    if "coverage_below_95_pct" in of_series(row):
        return "insufficient_data"
    return "degraded" if doubted or of_series(row) else "qualified"


def of_series(row: Row) -> set[str]:
    """What both sides of the year share."""
    return {
        reason
        for reason, holds in {
            "coverage_below_95_pct": row["days_used_count"] < 0.95 * row["days_expected_count"],
            "fit_error_above_8_pct": row["cv_rmse_pct"] > 8,
            "hold_out_error_above_8_pct": (row["hold_out_cv_rmse_pct"] or 0) > 8,
        }.items()
        if holds
    }


def judged_again(row: Row) -> tuple[dict[str, str], set[str]]:
    """Status by side, and all reasons."""
    published = set(filter(None, row["fit_reason_codes"].split(",")))
    if row["heating_slope_mw_per_c"] is None:
        # Corse, or days that are not there.
        reasons = {"no_load_published"} if row["territory_code"] == "94" else published & ABSENCES
        return dict.fromkeys(FEWEST_DAYS, "insufficient_data"), reasons
    statuses, reasons = {}, of_series(row)
    for side in FEWEST_DAYS:
        if row[f"{side}_slope_mw_per_c"] is None:
            # A cooling term that was dropped: of its figures only the days are published, and why.
            refused = {reason.removeprefix(f"{side}_") for reason in published if reason.startswith(f"{side}_")}
            doubted: set[str] = set()
            assert refused
            assert ("too_few_days" in refused) is has_too_few_days(row, side)
        else:
            refused, doubted = refusals(row, side), doubts(row, side)
        statuses[side] = status(row, refused, doubted)
        reasons |= {f"{side}_{reason}" for reason in refused | doubted}
    return statuses, reasons


@pytest.mark.parametrize("specification", SPECIFICATIONS)
def test_statuses(real: duckdb.DuckDBPyConnection, sample: duckdb.DuckDBPyConnection, specification: str) -> None:
    for warehouse in (real, sample):
        rows = warehouse.execute("from analysis.weather_sensitivity where specification_code = ?", [specification]).df()
        rows = rows.astype(object).where(rows.notna(), None).to_dict("records")
        assert len(rows) > 13
        for row in rows:
            label = f"{row['territory_code']} {row['window_code']} {row['client_type_code']}"
            statuses, reasons = judged_again(row)
            assert statuses == {side: row[f"{side}_fit_status"] for side in statuses}, label
            assert reasons == set(filter(None, row["fit_reason_codes"].split(","))), label


def test_statuses_of_hours(real: duckdb.DuckDBPyConnection, sample: duckdb.DuckDBPyConnection) -> None:
    """An hour is judged by its own slope; coverage and errors are told of the day."""
    of_the_day = {
        "specification_code": "common",
        "days_used_count": 1,
        "days_expected_count": 1,
        "cv_rmse_pct": 0,
        "hold_out_cv_rmse_pct": None,
    }
    # Thirteen regions, Corse among them, and France; with Corse too where its load is held.
    for warehouse, territories in ((real, 14), (sample, 15)):
        rows = warehouse.execute("from analysis.weather_sensitivity_hourly").df()
        windows = rows["window_code"].nunique()
        assert len(rows) == territories * 24 * windows
        for row in rows.astype(object).where(rows.notna(), None).to_dict("records"):
            published = row["fit_reason_codes"].split(",")
            # How many days lie beyond the balance points is not published of hours.
            days = {f"{side}_days_count": 0 if f"{side}_too_few_days" in published else None for side in FEWEST_DAYS}
            statuses, reasons = judged_again(row | of_the_day | days)
            label = f"{row['territory_code']} {row['window_code']} {row['hour_of_day']}"
            assert statuses == {side: row[f"{side}_fit_status"] for side in statuses}, label
            assert reasons == set(filter(None, published)), label
