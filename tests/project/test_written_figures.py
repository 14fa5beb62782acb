"""Figures written in README and docs/methodology.md are the ones that the real files give."""

import re

import duckdb
import pandas as pd
import pytest

from research.project import PROJECT
from research.validation import other_models as om

WHOLE = "window_code = 'all' and client_type_code = 'all'"
REGIONS = f"{WHOLE} and territory_level_code = 'region' and heating_slope_mw_per_c is not null"
SPECIFICATIONS = ("common", "free", "season_adjusted")
HALF_WIDTH = "100 * (heating_slope_mw_per_c_ci95_high / heating_slope_mw_per_c - 1)"


MINUS = "\N{MINUS SIGN}"


def numbers(text: str) -> list[float]:
    return [float(n.replace(",", "").replace(MINUS, "-")) for n in re.findall(rf"[{MINUS}+-]?\d[\d,]*\.?\d*", text)]


def prose(page: str, pattern: str) -> list[float]:
    """The figures that a sentence holds where the pattern has groups; the page may break lines anywhere."""
    text = " ".join((PROJECT / page).read_text(encoding="utf-8").split())
    found = re.search(pattern, text)
    assert found, f"{page} says nothing like {pattern!r}"
    return [numbers(group)[0] for group in found.groups()]


def table_row(page: str, label: str) -> list[str]:
    """The cells of the first table row that starts with the label."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and cells[0].strip("*") == label:
            return cells[1:]
    raise AssertionError(f"{page} has no row {label!r}")


@pytest.mark.parametrize(
    ("label", "expressions"),
    [
        ("half-width by region, % of slope", (f"min({HALF_WIDTH})", f"max({HALF_WIDTH})")),
        ("R² within cells by region", ("min(within_r2_share)", "max(within_r2_share)")),
        ("R² overall by region", ("min(overall_r2_share)", "max(overall_r2_share)")),
        ("CV(RMSE) by region, %", ("min(cv_rmse_pct)", "max(cv_rmse_pct)")),
        ("hold-out 2019 CV(RMSE), median by region, %", ("median(hold_out_cv_rmse_pct)",)),
        ("hold-out 2019 CV(RMSE), worst region, %", ("max(hold_out_cv_rmse_pct)",)),
        ("hold-out 2019 NMBE by region, %", ("min(hold_out_nmbe_pct)", "max(hold_out_nmbe_pct)")),
        ("sum of heating slopes, MW/°C", ("sum(heating_slope_mw_per_c)",)),
        ("lag-1 autocorrelation of residuals", ("min(residual_lag1_correlation)", "max(residual_lag1_correlation)")),
    ],
)
def test_measured_errors_in_the_methodology(
    real: duckdb.DuckDBPyConnection, label: str, expressions: tuple[str, ...]
) -> None:
    for specification, cell in zip(SPECIFICATIONS, table_row("docs/methodology.md", label), strict=True):
        found = real.execute(
            f"""
            select {", ".join(expressions)} from analysis.weather_sensitivity
            where {REGIONS} and specification_code = ?
            """,
            [specification],
        ).fetchone()
        assert found is not None
        decimals = max((len(n.split(".")[1]) for n in re.findall(r"\d+\.\d+", cell)), default=0)
        assert numbers(cell) == pytest.approx([round(value, decimals) for value in found], abs=0.5001 * 10**-decimals)


def test_energies_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    label = "yearly energy of the 12 regions against the published, %"
    written = [numbers(cell)[0] for cell in table_row("docs/methodology.md", label)]
    found = real.execute(
        """
        select round(energy_difference_pct, 2) from analysis.data_quality
        where quality_reason_code = 'annual_energy_against_published' and territory_code = 'FR'
            and calendar_year between 2016 and 2019
        order by calendar_year
        """
    ).fetchall()
    assert written == pytest.approx([value for (value,) in found])


def test_slopes_by_balance_point_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    points = [float(cell) for cell in table_row("docs/methodology.md", "τ_H, °C")]
    slopes = [numbers(cell)[0] for cell in table_row("docs/methodology.md", "sum of slopes, MW/°C (τ_C = 22)")]
    found = dict(
        real.execute(
            """
            select cast(bin_code as double), sum(heating_slope_mw_per_c) from analysis.sensitivity_diagnostics
            where diagnostic_code = 'slope_by_balance_point' group by all
            """
        ).fetchall()
    )
    assert slopes == pytest.approx([found[point] for point in points], abs=0.51)


def test_interval_of_france_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    for specification, cell in zip(SPECIFICATIONS, table_row("docs/methodology.md", "its 95 % interval"), strict=True):
        found = real.execute(
            f"""
            select heating_slope_mw_per_c_ci95_low, heating_slope_mw_per_c_ci95_high from analysis.weather_sensitivity
            where {WHOLE} and territory_code = 'FR' and specification_code = ?
            """,
            [specification],
        ).fetchone()
        assert found is not None
        assert numbers(cell) == pytest.approx(list(found), abs=0.51)


def test_slopes_by_memory_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    written = [numbers(cell)[0] for cell in table_row("docs/methodology.md", "sum of `common` slopes, MW/°C")]
    found = dict(
        real.execute(
            """
            select bin_code, sum(heating_slope_mw_per_c) from analysis.sensitivity_diagnostics
            where diagnostic_code = 'slope_by_temperature_memory' group by all
            """
        ).fetchall()
    )
    assert written == pytest.approx([found["raw"], found["smoothed"], found["smoothed_longer"]], abs=0.51)


def residuals_by_month(real: duckdb.DuckDBPyConnection, specification: str, level: str) -> pd.DataFrame:
    """Mean residual in % of the mean load, by region and month, or of all regions together (`country`)."""
    return real.execute(
        f"""
        select
            case when $level = 'country' then 'FR' else territory_code end as code,
            bin_code as month_code,
            100 * sum(residual_mean_mw) / sum(load_mean_mw) as residual_pct
        from (
            select territory_code, bin_code, residual_mean_mw from analysis.sensitivity_diagnostics
            where
                diagnostic_code = 'residual_by_month'
                and specification_code = $specification
                and client_type_code = 'all'
                and territory_level_code = 'region'
        )
        inner join analysis.weather_sensitivity as fits using (territory_code)
        where {WHOLE} and specification_code = $specification
        group by all
        """,
        {"specification": specification, "level": level},
    ).df()


@pytest.mark.parametrize(
    ("label", "level"),
    [
        ("mean residual by month, twelve regions, % of mean load", "country"),
        ("mean residual by month, one region, % of its mean load", "region"),
    ],
)
def test_residuals_by_month_in_the_methodology(real: duckdb.DuckDBPyConnection, label: str, level: str) -> None:
    for specification, cell in zip(SPECIFICATIONS, table_row("docs/methodology.md", label), strict=True):
        found = residuals_by_month(real, specification, level)["residual_pct"]
        assert numbers(cell) == pytest.approx([found.min(), found.max()], abs=0.051)


def test_residuals_by_month_in_the_limits(real: duckdb.DuckDBPyConnection) -> None:
    """The extremes, and in which month and region they are."""
    low, high, low_of_one, high_of_one = prose(
        "docs/methodology.md",
        r"from (\S+) % \(April\) to (\S+) % \(January\) for `common`, in Bretagne from (\S+) to (\S+) %",
    )
    together = residuals_by_month(real, "common", "country").set_index("month_code")["residual_pct"]
    assert (together.idxmin(), together.idxmax()) == ("04", "01")
    assert [low, high] == pytest.approx([together.min(), together.max()], abs=0.051)
    each = residuals_by_month(real, "common", "region").set_index(["code", "month_code"])["residual_pct"]
    assert (each.idxmin(), each.idxmax()) == (("53", "04"), ("53", "01"))
    assert [low_of_one, high_of_one] == pytest.approx([each.min(), each.max()], abs=0.051)

    together_pct, each_pct = prose("docs/methodology.md", r"stay within (\S+) %, in any one region within (\S+) %")
    for written, level in ((together_pct, "country"), (each_pct, "region")):
        found = residuals_by_month(real, "season_adjusted", level)["residual_pct"].abs().max()
        assert written == pytest.approx(found, abs=0.051)


def slopes_by_diagnostic(real: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Sums over regions, by diagnostic and bin: `slope_by_balance_point 15.0` is the fit of all days."""
    return dict(
        real.execute(
            """
            select diagnostic_code || ' ' || bin_code, sum(heating_slope_mw_per_c)
            from analysis.sensitivity_diagnostics
            where heating_slope_mw_per_c is not null and territory_level_code = 'region'
            group by all
            """
        ).fetchall()
    )


def test_slopes_without_a_season_or_a_class_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    written = prose(
        "docs/methodology.md", r"any one season moves the sum by at most (\S+) %, any one day class by at most (\S+) %"
    )
    sums = slopes_by_diagnostic(real)
    whole = sums["slope_by_balance_point 15.0"]
    for most_pct, diagnostic in zip(written, ("slope_without_season", "slope_without_day_class"), strict=True):
        moved_pct = [100 * abs(slope / whole - 1) for code, slope in sums.items() if code.startswith(diagnostic)]
        # Said to be at most that much, so rounded up.
        assert most_pct - 0.1 < max(moved_pct) <= most_pct, diagnostic


def test_slopes_without_some_days_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    bins = ("incomplete", "below_0_c", "july_and_august", "weekends_and_special_days")
    written = [numbers(cell)[0] for cell in table_row("docs/methodology.md", "change of the sum of slopes, %")]
    sums = slopes_by_diagnostic(real)
    whole = sums["slope_by_balance_point 15.0"]
    found = [100 * (sums[f"slope_without_days {code}"] / whole - 1) for code in bins]
    assert written == pytest.approx(found, abs=0.0051)


def test_ratios_of_errors_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    written = prose(
        "docs/methodology.md",
        r"jackknife is (\S+) to (\S+) times Newey-West for `common`, Newey-West (\S+) to (\S+) times the ordinary",
    )
    found = real.execute(
        f"""
        select min(jackknife), max(jackknife), min(newey_west), max(newey_west)
        from (
            select
                heating_slope_mw_per_c_se / heating_slope_mw_per_c_hac_se as jackknife,
                heating_slope_mw_per_c_hac_se / heating_slope_mw_per_c_ols_se as newey_west
            from analysis.weather_sensitivity
            where {REGIONS} and specification_code = 'common'
        )
        """
    ).fetchone()
    assert found is not None
    assert written == pytest.approx(list(found), abs=0.051)


def test_cooling_terms_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    assert "published form, which drops it in four" in (PROJECT / "docs/methodology.md").read_text(encoding="utf-8")
    assert "five of seven cooling intervals do" in (PROJECT / "docs/methodology.md").read_text(encoding="utf-8")
    found = real.execute(
        f"""
        select
            count(*) filter (specification_code = 'common' and cooling_slope_mw_per_c is null),
            count(*) filter (cooling_balance_point_c_ci95_low = 18 or cooling_balance_point_c_ci95_high = 26),
            count(cooling_balance_point_c_ci95_low)
        from analysis.weather_sensitivity
        where {REGIONS}
        """
    ).fetchone()
    assert found == (4, 5, 7)


WAVES_AGAINST_NONE = """
    select
        fits.window_code,
        fits.territory_code,
        fits.heating_slope_mw_per_c < plain.heating_slope_mw_per_c as is_heating_below,
        fits.cooling_slope_mw_per_c > plain.cooling_slope_mw_per_c as is_cooling_above,
        fits.cooling_slope_mw_per_c,
        plain.cooling_slope_mw_per_c as plain_cooling_slope_mw_per_c
    from analysis.weather_sensitivity as fits
    inner join analysis.weather_sensitivity as plain using (territory_code, window_code, client_type_code)
    where
        fits.specification_code = 'season_adjusted'
        and plain.specification_code = 'common'
        and client_type_code = 'all'
        and fits.heating_slope_mw_per_c is not null
"""


def test_slopes_beside_waves_in_the_methodology(
    real: duckdb.DuckDBPyConnection, sample: duckdb.DuckDBPyConnection
) -> None:
    """`season_adjusted` against `common`: no bound by construction."""
    rows = real.execute(WAVES_AGAINST_NONE).df()
    assert rows["is_heating_below"].all()
    above, both, country, plain = prose(
        "docs/methodology.md", r"cooling slopes above in (\d+) of (\d+) \(France (\d+) against (\d+) MW/°C\)"
    )
    whole = rows[rows["window_code"] == "all"].set_index("territory_code")
    assert [above, both] == [whole["is_cooling_above"].sum(), whole["is_cooling_above"].count()]
    found = whole.loc["FR", ["cooling_slope_mw_per_c", "plain_cooling_slope_mw_per_c"]].to_list()
    assert [country, plain] == pytest.approx(found, abs=0.51)

    simulated = sample.execute(WAVES_AGAINST_NONE).df().query("window_code == 'all'")["is_heating_below"]
    assert prose("docs/methodology.md", r"heating slopes are above in all (\d+)") == [len(simulated)]
    assert not simulated.any()


def test_hours_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    hours = [int(cell) for cell in table_row("docs/methodology.md", "hour")]
    written = [float(cell) for cell in table_row("docs/methodology.md", "heating against the day's mean")]
    factors = dict(
        real.execute(
            f"""
            select hour_of_day, heating_hour_factor from analysis.weather_sensitivity_hourly
            where {WHOLE} and territory_code = 'FR'
            """
        ).fetchall()
    )
    assert written == pytest.approx([factors[hour] for hour in hours], abs=0.0051)
    assert sorted(factors, key=lambda hour: factors[hour])[:2] == [15, 16]


def test_predictions_in_the_methodology(real: duckdb.DuckDBPyConnection) -> None:
    """All but OpenDSM's, which needs an environment of its own (`make validate`)."""
    days = real.execute(om.DAYS_QUERY, [om.HELD_OUT_YEAR]).df()
    medians = om.errors(om.predictions(days))["cv_rmse_pct"].groupby(["model", "temperature_code"]).median()
    for label, model in {
        "`season_adjusted` (cells, degrees, three yearly waves)": om.WITH_WAVES,
        "`common` (the headline fit)": om.HEADLINE,
        "degree days without calendar": "degree days",
        "mean by month and weekday": "month x weekday",
    }.items():
        written = [float(cell) for cell in table_row("docs/methodology.md", label)]
        found = [medians[model, "smoothed"], medians[model, "raw"]]
        assert written == pytest.approx(found, abs=0.0051), label


def test_the_table_in_the_readme(real: duckdb.DuckDBPyConnection) -> None:
    rows = real.execute(
        f"""
        select territory_label_fr, heating_slope_mw_per_c, heating_slope_mw_per_c_ci95_low,
            heating_slope_mw_per_c_ci95_high, heating_fit_status
        from analysis.weather_sensitivity
        where {WHOLE} and specification_code = 'common' and heating_slope_mw_per_c is not null
        """
    ).fetchall()
    assert len(rows) == 13
    for label, slope, low, high, status in rows:
        cells = [cell.strip("*") for cell in table_row("README.md", label)]
        assert numbers(cells[0]) == pytest.approx([slope], abs=0.051), label
        assert numbers(cells[1]) == pytest.approx([low, high], abs=0.051), label
        assert cells[2] == status, label


def test_answers_of_worked_questions_in_the_readme(real: duckdb.DuckDBPyConnection) -> None:
    """Two of the five, from the facts; the others rest on figures that are held above."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    shape = re.search(r"winter weekday: ([\d.]+) GW at 19 h", text)
    snap = re.search(r"on 28 February 2018, at (-[\d.]+) °C against ([\d.]+)", text)
    assert shape
    assert snap
    load = real.execute(
        """
        select avg(load_mw) / 1000 from (
            select period_start_at_utc, sum(load_mw) as load_mw
            from core.fct_half_hourly_load inner join core.dim_dates using (date_day)
            where calendar_month in (1, 2, 12) and iso_weekday < 6 and not is_public_holiday
                and hour(timezone('Europe/Paris', period_start_at_utc)) = 19
            group by all having count(load_mw) = 12
        )
        """
    ).fetchone()
    temperatures = real.execute(
        """
        select min(temperature_smoothed_c), avg(temperature_smoothed_c) filter (month(date_day) = 1)
        from core.fct_daily_temperature where region_code = '11'
        """
    ).fetchone()
    assert load
    assert temperatures
    assert float(shape[1]) == pytest.approx(load[0], abs=0.051)
    assert [float(snap[1]), float(snap[2])] == pytest.approx(temperatures, abs=0.051)
