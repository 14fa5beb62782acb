"""What drives consumption: the simulated lake's own parts are found again, and real days are split as they look."""

from pathlib import Path

import duckdb
import pandas as pd

PLAIN_DAYS = {1: "monday", 5: "friday", 6: "saturday", 7: "sunday"}
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
