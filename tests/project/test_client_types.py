"""Slopes of Enedis's client types on the simulated lake: what was planted, and what they are divided by."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

# Firms draw much and heat little: their slope is the roughest. Wrong rows, client types or factors are far off.
LARGEST_MEDIAN_ERROR = {"enedis_residential": 0.1, "enedis_professional": 0.2, "enedis_enterprise": 0.35}


@pytest.fixture
def found(sample: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return sample.execute(
        "from analysis.weather_sensitivity where window_code = 'all' and specification_code = 'free'"
    ).df()


def test_slopes_are_those_planted(found: pd.DataFrame, sample_lake: Path) -> None:
    truth = pd.read_parquet(sample_lake / "_truth" / "client_types.parquet")
    truth = truth.rename(columns={"region_code": "territory_code", "heating_slope_mw_per_c": "planted"})
    both = found.merge(truth[["territory_code", "client_type_code", "planted"]])
    assert both.groupby("client_type_code").size().to_dict() == dict.fromkeys(LARGEST_MEDIAN_ERROR, 12)
    error = (both["heating_slope_mw_per_c"] / both["planted"] - 1).groupby(both["client_type_code"]).median()
    for client_type, largest in LARGEST_MEDIAN_ERROR.items():
        assert abs(error[client_type]) < largest, client_type
    is_held = both["planted"].between(both["heating_slope_mw_per_c_ci95_low"], both["heating_slope_mw_per_c_ci95_high"])
    # Regions share noise: one lake is one draw, and far from 95 % of it may be held.
    assert is_held.mean() >= 0.7


def test_categories_take_part_of_all(found: pd.DataFrame) -> None:
    slopes = found.pivot(index="territory_code", columns="client_type_code", values="heating_slope_mw_per_c").dropna()
    assert len(slopes) == 13
    parts = slopes[list(LARGEST_MEDIAN_ERROR)]
    assert (parts.sum(axis=1) < 1.1 * slopes["all"]).all()
    assert (parts.idxmax(axis=1) == "enedis_residential").all()


def test_only_enedis_is_said_to_be_modelled(found: pd.DataFrame) -> None:
    assert found["is_load_partly_modelled"].equals(found["client_type_code"] != "all")


def test_slopes_are_shared_over_people_and_dwellings(found: pd.DataFrame, sample: duckdb.DuckDBPyConnection) -> None:
    """12.4 million people share some 430 MW/°C in Île-de-France: tens of W/°C each, not kW."""
    people = dict(sample.execute("select region_code, population_count from core.dim_regions").fetchall())
    published = found[found["heating_slope_mw_per_c"].notna()]
    # Corse's simulated load has nothing to do with its simulated dwellings.
    regions = published[(published["territory_level_code"] == "region") & (published["territory_code"] != "94")]
    for row in regions.itertuples():
        expected = 1e6 * row.heating_slope_mw_per_c / people[row.territory_code]
        assert row.heating_slope_w_per_c_per_inhabitant == pytest.approx(expected)
    everybody = regions[regions["client_type_code"] == "all"]
    assert everybody["heating_slope_w_per_c_per_inhabitant"].between(10, 100).all()
    assert everybody["heating_slope_w_per_c_per_electric_dwelling"].between(100, 1000).all()
    country = published[(published["territory_code"] == "FR") & (published["client_type_code"] == "all")].iloc[0]
    assert country.population_count == sum(people[code] for code in everybody["territory_code"])
    firms = found[found["client_type_code"].isin(["enedis_professional", "enedis_enterprise"])]
    assert firms["heating_slope_w_per_c_per_electric_dwelling"].isna().all()
    assert (firms["base_reason_codes"] == "not_about_dwellings").all()
