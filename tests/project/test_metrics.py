"""What `mf query` answers, against the marts."""

import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from research.project import PROJECT, run

# Each call of `mf` starts from nothing and reads the whole project.
pytestmark = pytest.mark.slow

YEAR = "{{ Dimension('period__period_kind_code') }} = '%s' and {{ Dimension('period__territory_level_code') }} = '%s'"
LEVEL = "{{ Dimension('consumption__territory_level_code') }} = '%s'"
CLIENTS = LEVEL + " and {{ Dimension('consumption__nomenclature_code') }} = '%s'"
WHOLE = "{{ Dimension('sensitivity__window_code') }} = 'all'"


class Metrics:
    """The `mf` command on a copy of the project's definitions: it writes beside `dbt_project.yml`."""

    def __init__(self, folder: Path, lake: Path, warehouse: Path) -> None:
        for name in ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests", "analyses"):
            (folder / name).symlink_to(PROJECT / name)
        self.folder = folder
        # `mf` opens the database for writing, which no other reader bears.
        copy = shutil.copyfile(warehouse, folder / warehouse.name)
        self.env = {"DATAELEC_HOME": ".", "DATAELEC_LAKE": str(lake), "DATAELEC_DATABASE": str(copy)}
        self.env["DBT_PROFILES_DIR"] = "."
        parsed = run("dbt", "parse", env=self.env, cwd=folder)
        assert parsed.returncode == 0, parsed.stdout

    def query(self, metrics: str, by: str, where: str = "") -> pd.DataFrame:
        answer = self.folder / "answer.csv"
        condition = ("--where", where) if where else ()
        asked = run(
            *("mf", "query", "--metrics", metrics, "--group-by", by, *condition, "--csv", answer),
            env=self.env,
            cwd=self.folder,
        )
        assert asked.returncode == 0, asked.stdout + asked.stderr
        return pd.read_csv(answer, dtype={"territory": "string"})


@pytest.fixture(scope="module")
def metrics(sample_lake: Path, sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    return Metrics(tmp_path_factory.mktemp("metrics"), sample_lake, sample_warehouse)


@pytest.mark.parametrize(("kind", "level"), [("season", "region"), ("year", "country")])
def test_energy_and_mean_load_equal_the_mart(
    metrics: Metrics, sample: duckdb.DuckDBPyConnection, kind: str, level: str
) -> None:
    found = metrics.query("energy_mwh,load_mean_mw", "territory,period__period_year", YEAR % (kind, level))
    expected = sample.execute(
        """
        select territory_code, period_year, energy_mwh, case when is_complete then load_mean_mw end
        from analysis.consumption_by_period where period_kind_code = ? and territory_level_code = ?
        """,
        [kind, level],
    ).fetchall()
    assert len(found) == len(expected) > 4
    rows = found.set_index(["territory", "period__period_year"])
    for territory, year, energy, load in expected:
        row = rows.loc[(territory, year)]
        assert row["energy_mwh"] == pytest.approx(energy or float("nan"), rel=1e-5, nan_ok=True)
        assert row["load_mean_mw"] == pytest.approx(load or float("nan"), rel=1e-5, nan_ok=True)


def test_regions_add_up(metrics: Metrics, sample: duckdb.DuckDBPyConnection) -> None:
    found = metrics.query("energy_mwh,load_mean_mw,territories_count", "period__period_year", YEAR % ("year", "region"))
    expected = sample.execute(
        """
        select period_year, sum(energy_mwh), sum(load_mean_mw) from analysis.consumption_by_period
        where period_kind_code = 'year' and territory_level_code = 'region' group by all order by all
        """
    ).fetchall()
    rows = found.set_index("period__period_year")
    assert (rows["territories_count"] == 12).all()
    for year, energy, load in expected:
        assert rows.loc[year, "energy_mwh"] == pytest.approx(energy, rel=1e-5)
        assert rows.loc[year, "load_mean_mw"] == pytest.approx(load, rel=1e-4)


def test_what_weather_did_adds_up(metrics: Metrics, sample: duckdb.DuckDBPyConnection) -> None:
    """Months of a region to its years, but not regions to France."""
    kind = "{{ Dimension('corrected_period__period_kind_code') }} = 'month'"
    level = "{{ Dimension('corrected_period__territory_level_code') }} = 'region'"
    found = metrics.query("weather_effect_mwh", "territory,corrected_period__period_year", f"{kind} and {level}")
    expected = sample.execute(
        """
        select territory_code, period_year, sum(weather_effect_mwh) from analysis.weather_corrected_load
        where period_kind_code = 'month' and territory_level_code = 'region'
        group by all having count(weather_effect_mwh) = count(*)
        """
    ).fetchall()
    rows = found.dropna().set_index(["territory", "corrected_period__period_year"])["weather_effect_mwh"]
    assert len(rows) == len(expected) > 40
    for territory, year, effect in expected:
        assert rows.loc[(territory, year)] == pytest.approx(effect, rel=1e-4, abs=1)
    mixed = metrics.query("weather_effect_mwh", "corrected_period__period_year", kind)
    assert mixed.drop(columns="corrected_period__period_year").isna().all(axis=None)


def test_forecasts_of_one_issue_add_up(metrics: Metrics, sample: duckdb.DuckDBPyConnection) -> None:
    """Regions and days of one horizon, but not several forecasts of one day, nor regions and France."""
    level = "{{ Dimension('forecast_day__territory_level_code') }} = 'region'"
    tomorrow = "{{ Dimension('forecast_day__horizon_days') }} = 1"
    (found,) = metrics.query("energy_forecast_mwh", "forecast_day__territory_level_code", f"{level} and {tomorrow}")[
        "energy_forecast_mwh"
    ]
    expected = sample.execute(
        "select sum(energy_forecast_mwh) from analysis.load_forecast"
        " where territory_level_code = 'region' and horizon_days = 1"
    ).fetchall()[0][0]
    assert found == pytest.approx(expected, rel=1e-5)
    for by, mixed in (("territory_level_code", level), ("horizon_days", tomorrow)):
        answer = metrics.query("energy_forecast_mwh", f"forecast_day__{by}", mixed)
        assert answer["energy_forecast_mwh"].isna().all()


def test_what_must_not_be_added_is_null(metrics: Metrics) -> None:
    assert metrics.query("energy_mwh,load_mean_mw", "territory").drop(columns="territory").isna().all(axis=None)
    mixed = metrics.query("heating_slope_mw_per_c,answers_count", "territory", WHOLE)
    assert mixed["heating_slope_mw_per_c"].isna().all()
    assert (mixed["answers_count"] > 1).all()


def test_slopes_equal_the_mart(metrics: Metrics, sample: duckdb.DuckDBPyConnection) -> None:
    slopes = ("heating_slope_mw_per_c", "heating_slope_mw_per_c_ci95_low", "cooling_slope_mw_per_c")
    found = metrics.query(
        ",".join(slopes), "territory,sensitivity__client_type_code,sensitivity__specification_code", WHOLE
    )
    expected = sample.execute(
        f"""
        select territory_code, client_type_code, specification_code, {", ".join(slopes)}
        from analysis.weather_sensitivity where window_code = 'all'
        """
    ).df()
    assert len(found) == len(expected) > 100
    found.columns = expected.columns
    keys = ["territory_code", "client_type_code", "specification_code"]
    merged = expected.merge(found, on=keys, suffixes=("", "_found"))
    assert len(merged) == len(expected)
    for slope in slopes:
        assert merged[f"{slope}_found"].to_numpy() == pytest.approx(merged[slope].to_numpy(), rel=1e-5, nan_ok=True)


CLIENT_METRICS = ("client_energy_mwh", "client_energy_per_delivery_point_mwh", "client_energy_per_inhabitant_mwh")
CLIENT_KEYS = {
    "territory": "territory_code",
    "consumption__client_type_code": "client_type_code",
    "consumption__period_year": "period_year",
    "consumption__period_of_year_code": "period_of_year_code",
}


@pytest.mark.parametrize(
    ("level", "nomenclature"), [("departement", "ore_sector"), ("country", "all"), ("region", "enedis_category")]
)
def test_energy_by_client_type_equals_the_mart(
    metrics: Metrics, sample: duckdb.DuckDBPyConnection, level: str, nomenclature: str
) -> None:
    found = metrics.query(",".join(CLIENT_METRICS), ",".join(CLIENT_KEYS), CLIENTS % (level, nomenclature))
    expected = sample.execute(
        f"""
        select {", ".join((*CLIENT_KEYS.values(), *(metric.removeprefix("client_") for metric in CLIENT_METRICS)))}
        from analysis.consumption_by_client_type where territory_level_code = ? and nomenclature_code = ?
        """,
        [level, nomenclature],
    ).df()
    assert len(found) == len(expected) > 10
    found = found.rename(columns=CLIENT_KEYS)
    found["period_of_year_code"] = found["period_of_year_code"].map(
        lambda code: code if code == "all" else f"{code:02d}"
    )
    merged = expected.merge(found, on=list(CLIENT_KEYS.values()))
    assert len(merged) == len(expected)
    for metric in CLIENT_METRICS:
        known = merged[metric.removeprefix("client_")]
        # The mart leaves zero energy without a site; the metric says zero, so that sums of sites hold it.
        is_said = known.notna() | (merged["energy_mwh"] != 0)
        assert is_said.mean() > 0.5
        assert merged[metric][is_said].to_numpy() == pytest.approx(known[is_said].to_numpy(), rel=1e-9, nan_ok=True)


def test_sectors_of_regions_add_up(metrics: Metrics, sample: duckdb.DuckDBPyConnection) -> None:
    found = metrics.query(",".join(CLIENT_METRICS), "consumption__period_year", CLIENTS % ("region", "ore_sector"))
    expected = sample.execute(
        """
        select period_year, sum(energy_mwh), sum(delivery_points_count), count(*) = count(energy_mwh)
        from analysis.consumption_by_client_type
        where territory_level_code = 'region' and nomenclature_code = 'ore_sector' group by all order by all
        """
    ).fetchall()
    rows = found.set_index("consumption__period_year")
    assert len(rows) == len(expected) > 4
    for year, energy, sites, is_known in expected:
        assert is_known == bool(rows.loc[year, "client_energy_mwh"] == pytest.approx(energy, rel=1e-9))
        if is_known:
            assert rows.loc[year, "client_energy_per_delivery_point_mwh"] == pytest.approx(energy / sites, rel=0.05)
    # Inhabitants would count once for each sector.
    assert rows["client_energy_per_inhabitant_mwh"].isna().all()


@pytest.mark.parametrize(
    ("by", "where"),
    [
        # Sectors beside their total, and beside Enedis's categories.
        ("territory", LEVEL % "region"),
        # Categories beside their total.
        ("territory,metric_time__month", CLIENTS % ("region", "enedis_category")),
        # Levels of territory.
        ("consumption__period_year", "{{ Dimension('consumption__client_type_code') }} = 'residential'"),
    ],
)
def test_client_types_that_must_not_be_added_are_null(metrics: Metrics, by: str, where: str) -> None:
    found = metrics.query(f"client_energy_mwh,{CLIENT_METRICS[1]},client_kinds_count", by, where)
    assert len(found) > 0
    assert (found["client_kinds_count"] > 1).all()
    assert found[["client_energy_mwh", CLIENT_METRICS[1]]].isna().all(axis=None)


def test_sites_and_inhabitants_of_several_periods_are_null(metrics: Metrics) -> None:
    where = CLIENTS % ("region", "all")
    found = metrics.query(f"{','.join(CLIENT_METRICS)},client_periods_count", "territory", where)
    assert found["client_energy_mwh"].notna().any()
    assert (found["client_periods_count"] > 1).all()
    assert found[list(CLIENT_METRICS[1:])].isna().all(axis=None)
