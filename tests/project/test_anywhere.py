"""The dbt project as a stranger meets it: from any directory, without a lake, with half a lake, and documented."""

import json
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from loaders.catalog import CATALOG
from research.project import PROJECT, build


def test_build_works_from_any_directory_and_leaves_nothing_there(sample_warehouse: Path) -> None:
    """The simulated warehouse is built from `elsewhere`."""
    assert list((sample_warehouse.parent / "elsewhere").iterdir()) == []


@pytest.mark.slow
def test_build_without_a_lake_says_what_to_run(tmp_path: Path) -> None:
    built = build(tmp_path / "nowhere", tmp_path / "none.duckdb", "sample")
    assert built.returncode != 0
    assert "There is no lake at" in built.stdout
    assert "dataelec sample" in built.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "reason"), [("dataelec.duckdb", "hides the schema"), ("table.csv", "must end in .duckdb")]
)
def test_a_database_name_that_misleads_is_refused(sample_lake: Path, tmp_path: Path, name: str, reason: str) -> None:
    built = build(sample_lake, tmp_path / name, "sample")
    assert built.returncode != 0
    assert reason in built.stdout
    assert "DATAELEC_DATABASE" in built.stdout


def test_make_refuses_an_unknown_target_before_it_starts() -> None:
    made = subprocess.run(
        ["make", "--dry-run", "run", "DATA=nosuch"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert made.returncode != 0
    assert made.stdout == ""
    assert "DATA is sample or live, not 'nosuch'" in made.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("absent", "empty_fact"),
    [
        # Corse's load is EDF's, and where ODRÉ has no temperature stations of SYNOP say it.
        (
            ("consommation-quotidienne-brute-regionale", "courbe-de-charge-de-la-production-delectricite-par-filiere"),
            "core.fct_daily_load",
        ),
        (("temperature-quotidienne-regionale", "donnees-synop-essentielles-omm"), "core.fct_daily_temperature"),
    ],
)
def test_a_lake_without_loads_or_temperatures_builds(
    sample_lake: Path, tmp_path: Path, absent: tuple[str, ...], empty_fact: str
) -> None:
    lake = tmp_path / "half"
    shutil.copytree(sample_lake, lake)
    for dataset in absent:
        for partition in (lake / CATALOG[dataset].folder).glob("year=*"):
            shutil.rmtree(partition)
        manifest = lake / "_manifest" / f"{dataset}.json"
        records = json.loads(manifest.read_text(encoding="utf-8"))
        held = [record for record in records if (lake / record["path"]).exists()]
        manifest.write_text(json.dumps(held), encoding="utf-8")
    built = build(lake, tmp_path / "half.duckdb", "sample", "--exclude-resource-type", "unit_test")
    assert built.returncode == 0, built.stdout[-3000:]
    with duckdb.connect(str(tmp_path / "half.duckdb"), read_only=True) as warehouse:
        assert warehouse.execute(f"select count(*) from {empty_fact}").fetchone() == (0,)
        answers = warehouse.execute(
            """
            select distinct heating_slope_mw_per_c, heating_fit_status from analysis.weather_sensitivity
            where client_type_code = 'all'
            """
        ).fetchall()
        assert answers == [(None, "insufficient_data")]


def test_docs_show_lineage_from_source_to_mart(documented: Path) -> None:
    page = (documented / "static_index.html").read_text(encoding="utf-8")
    for node in (
        "source.dataelec.odre.consommation_quotidienne_brute_regionale",
        "model.dataelec.stg_odre__half_hourly_loads",
        "model.dataelec.weather_sensitivity",
    ):
        assert node in page
