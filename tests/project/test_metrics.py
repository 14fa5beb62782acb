"""What `mf query` answers, against the marts."""

import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.conftest import PROJECT, run

# Each call of `mf` starts from nothing and reads the whole project.
pytestmark = pytest.mark.slow

YEAR = "{{ Dimension('period__period_kind_code') }} = '%s' and {{ Dimension('period__territory_level_code') }} = '%s'"
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
