"""What drives consumption: the simulated lake's own parts are found again, and real days are split as they look."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from research.project import PROJECT
from tests.project.test_response_curve import DAYS, columns_of, terms_of

PLAIN_DAYS = {1: "monday", 5: "friday", 6: "saturday", 7: "sunday"}
COEFFICIENTS = """
    select territory_code, left_out_code, regressor_code, coefficient
    from intermediate.int_slope_leave_outs_united
    inner join intermediate.int_load_series_listed using (series_code)
    where window_code = 'all' and specification_code = 'predictive' and client_type_code = 'all' and is_daily
"""
CALENDAR = ("day_class", "holidays", "regime")


def shares(warehouse: duckdb.DuckDBPyConnection, measure: str) -> pd.DataFrame:
    found = warehouse.execute(
        "select * from analysis.consumption_drivers where client_type_code = 'all' and territory_level_code = 'region'"
    ).df()
    return found.pivot(index="territory_code", columns="driver_code", values=measure).dropna(how="all")


def planted_parts(warehouse: duckdb.DuckDBPyConnection, lake: Path) -> pd.DataFrame:
    """The parts that the days of the fit were simulated from; nothing was planted for wind and light."""
    days = warehouse.execute(
        f"""
        select truth.*, dates.iso_weekday, dates.hours_in_local_day_count
        from read_parquet('{lake}/_truth/days.parquet') as truth
        inner join intermediate.int_load_series_listed as series
            on truth.region_code = series.territory_code and series.is_daily and series.client_type_code = 'all'
        inner join intermediate.int_regression_days_prepared as days using (series_code, date_day)
        inner join core.dim_dates as dates using (date_day)
        where days.exclusion_code is null
        """
    ).df()
    # Regimes of the warehouse begin where those of the simulation do.
    cells = ["region_code", "season_regime_code"]
    level = days.groupby([*cells, "day_class_code"])["load_without_temperature_mw"].mean()
    plain = days["iso_weekday"].map(PLAIN_DAYS).fillna("midweek")

    def of(kind: pd.Series) -> pd.Series:
        keys = pd.MultiIndex.from_frame(days[cells].assign(kind=kind))
        return pd.Series(level.reindex(keys).to_numpy(), index=days.index)

    own = days["load_without_temperature_mw"]
    weekday = of(plain).fillna(own)
    midweek = of(pd.Series("midweek", index=days.index)).fillna(weekday)
    is_lockdown = days["day_class_code"] == "lockdown"
    regime = midweek - midweek.groupby(days["region_code"]).transform("mean")
    return days.assign(
        temperature=days["load_noise_free_mean_mw"] - own,
        day_class=weekday - midweek,
        holidays=(own - weekday).where(~is_lockdown, 0),
        regime=regime + (own - weekday).where(is_lockdown, 0),
    )


def parts_of(days: pd.DataFrame, coefficients: dict[str, float]) -> pd.DataFrame:
    """The load of each day of one region in parts, as the mart tells them apart, from rows."""
    terms = terms_of("predictive")
    drivers = terms.merge(pd.read_csv(PROJECT / "seeds" / "sensitivity" / "driver_quantities.csv"))["driver_code"]
    explained = np.nan_to_num(columns_of(days, terms)) * [coefficients[code] for code in terms["regressor_code"]]
    parts = {driver: explained[:, drivers == driver].sum(axis=1) for driver in ("temperature", "wind", "light")}
    level = days["load_mean_mw"] - explained.sum(axis=1)
    cell = level.groupby(days["calendar_cell_code"]).transform("mean")
    by_class = cell.groupby([days["season_regime_code"], days["day_class_code"]]).first()

    def of(kinds: pd.Series) -> pd.Series:
        keys = pd.MultiIndex.from_arrays([days["season_regime_code"], kinds])
        return pd.Series(by_class.reindex(keys).to_numpy(), index=days.index)

    weekday = of((days["date_day"].dt.day_of_week + 1).map(PLAIN_DAYS).fillna("midweek")).fillna(cell)
    midweek = of(pd.Series("midweek", index=days.index)).fillna(weekday)
    lockdown = (cell - weekday).where(days["day_class_code"] == "lockdown", 0)
    parts |= {"day_class": weekday - midweek, "holidays": cell - weekday - lockdown}
    parts["midweek"] = midweek - midweek.mean()
    parts["regime"] = parts["midweek"] + lockdown
    table = pd.DataFrame(parts, index=days.index).assign(load=days["load_mean_mw"])
    return table.set_index(days["date_day"])


def shares_of(parts: pd.DataFrame) -> pd.Series:
    """Shares of variance and of energy by driver; what is left is the rest."""
    zone = parts.index.tz_localize("Europe/Paris")
    hours = ((zone + pd.DateOffset(days=1)) - zone).total_seconds().to_numpy() / 3600
    load = parts["load"]
    drivers = parts.drop(columns=["load", "midweek"])
    variance = drivers.apply(lambda part: part.cov(load)) / load.var()
    energy = drivers.mul(hours, axis=0).sum() / (load * hours).sum()
    table = pd.DataFrame({"variance_share": variance, "energy_share": energy})
    table.loc["rest"] = 1 - table.sum()
    return table.stack()


@pytest.mark.parametrize("territory", ["11", pytest.param("FR13", marks=pytest.mark.slow)])
def test_intervals_are_those_of_fits_without_each_quarter(sample: duckdb.DuckDBPyConnection, territory: str) -> None:
    """All but the coefficients, which the tests of the curve judge, made anew from rows without each quarter."""
    coefficients = {
        keys: dict(zip(rows["regressor_code"], rows["coefficient"], strict=True))
        for keys, rows in sample.execute(COEFFICIENTS).df().groupby(["territory_code", "left_out_code"])
    }
    days = sample.execute(DAYS).df()
    days = days[(days["territory_code"] == territory) | (territory == "FR13")]
    by_region = {region: rows.reset_index(drop=True) for region, rows in days.groupby("territory_code")}
    whole = {region: parts_of(rows, coefficients[region, "none"]) for region, rows in by_region.items()}
    changes = {}
    for quarter in sorted(days["calendar_quarter_code"].unique()):
        seen = {region: rows[rows["calendar_quarter_code"] != quarter] for region, rows in by_region.items()}
        parts = [parts_of(rows, coefficients[region, quarter]) for region, rows in seen.items()]
        without = sum(parts[1:], start=parts[0]).dropna()
        same_days = [part[part.index.isin(seen[region]["date_day"])] for region, part in whole.items()]
        # The regime is told against the mean of the same days.
        same_days = [part.assign(regime=part["regime"] - part["midweek"].mean()) for part in same_days]
        changes[quarter] = shares_of(without) - shares_of(sum(same_days[1:], start=same_days[0]).loc[without.index])
    count = len(changes)
    half_widths = stats.t.ppf(0.975, count - 1) * np.sqrt((count - 1) * pd.DataFrame(changes).T.var(ddof=0))
    drivers = sample.execute(
        "select * from analysis.consumption_drivers where client_type_code = 'all' and territory_code = ?", [territory]
    ).df()
    assert len(drivers) == 7
    for row in drivers.to_dict("records"):
        for measure in ("variance_share", "energy_share"):
            expected = half_widths[row["driver_code"], measure]
            if (row["driver_code"], measure) == ("rest", "variance_share"):
                expected = float("nan")
            for width in (row[f"{measure}_ci95_high"] - row[measure], row[measure] - row[f"{measure}_ci95_low"]):
                assert width == pytest.approx(expected, rel=1e-6, nan_ok=True), row["driver_code"]


def test_planted_parts_are_found_again(sample: duckdb.DuckDBPyConnection, sample_lake: Path) -> None:
    parts = planted_parts(sample, sample_lake)
    hours = parts["hours_in_local_day_count"]
    by_region = parts["region_code"]
    energy = (parts["load_mean_mw"] * hours).groupby(by_region).sum()
    found_energy, found_variance = shares(sample, "energy_share"), shares(sample, "variance_share")
    # Corse was planted apart.
    found_energy, found_variance = found_energy.drop("94"), found_variance.drop("94")
    assert len(found_variance) == 12
    for driver, within in (("temperature", 0.02), *((driver, 0.01) for driver in CALENDAR)):
        planted = (parts[driver] * hours).groupby(by_region).sum() / energy
        assert (found_energy[driver] - planted).abs().max() < within, driver
    # Months that are cold are dark too: what the waves take from temperature they give back. Levels of seasons take up
    # noise that lasts.
    for driver, within in (("temperature", 0.08), ("day_class", 0.02), ("holidays", 0.02), ("regime", 0.04)):
        planted = pd.Series(
            {
                region: days[driver].cov(days["load_mean_mw"]) / days["load_mean_mw"].var()
                for region, days in parts.groupby("region_code")
            }
        )
        assert (found_variance[driver] - planted).abs().max() < within, driver
        if driver == "temperature":
            together = found_variance["temperature"] + found_variance["light"] - planted
            assert together.abs().max() < 0.04
    assert found_variance["wind"].abs().max() < 0.01
    assert found_energy["wind"].abs().max() < 0.02


def test_real_days_follow_temperature_most(real: duckdb.DuckDBPyConnection) -> None:
    """Without a station's wind, which is a row with its reason and counts in the rest."""
    variance, least = shares(real, "variance_share"), shares(real, "variance_share_least")
    assert len(variance) == 12
    assert variance["temperature"].between(0.4, 0.8).all()
    assert (variance["rest"] < 0.06).all()
    assert variance["day_class"].gt(variance["holidays"]).all()
    # A third to a half of the variance is temperature or season, whichever is counted first.
    assert (variance["temperature"] - least["temperature"]).gt(0.1).all()
    reasons = real.execute(
        "select territory_level_code, driver_reason_code, variance_share, energy_mwh "
        "from analysis.consumption_drivers where driver_code = 'wind' and client_type_code = 'all' "
        "and territory_code in ('53', '94', 'FR') order by territory_code"
    ).fetchall()
    assert reasons == [
        ("region", "no_term", None, None),
        ("region", "no_fit", None, None),
        ("country", "not_in_every_region", None, None),
    ]
