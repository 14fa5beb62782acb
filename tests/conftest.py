"""Fixtures shared by all Python tests: where the real extracts lie, and warehouses built once per session."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).parent.parent
REAL_DATA = PROJECT.parent / "shared" / "data"

Finished = subprocess.CompletedProcess[str]


def run(
    *command: str | Path, env: dict[str, str] | None = None, cwd: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    """Run a command of this environment and return what it said; the caller judges the exit code."""
    executable = Path(sys.executable).parent / str(command[0])
    return subprocess.run(
        [str(executable), *map(str, command[1:])],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def build(lake: Path | str, database: Path, target: str, *arguments: str | Path) -> Finished:
    """Run `dbt build` from the project's folder on one lake into one database, artefacts beside the database."""
    return run(
        "dbt",
        "build",
        "--target",
        target,
        "--target-path",
        database.parent / "target",
        "--log-path",
        database.parent / "logs",
        *arguments,
        env={"DATAELEC_LAKE": str(lake), "DATAELEC_DATABASE": str(database), "DATAELEC_HOME": str(PROJECT)},
    )


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real extracts; tests that need it are skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the real extracts are not here: they belong beside the project, in ../shared/data")
    return REAL_DATA


@pytest.fixture(scope="session")
def real_lake(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new lake with every real file that the project can land, by `dataelec import`."""
    lake = tmp_path_factory.mktemp("real") / "lake"
    for dataset, files in {
        "consommation-quotidienne-brute-regionale": "odre/consommation-quotidienne-brute-regionale/*.parquet",
        "temperature-quotidienne-regionale": "odre/temperature-quotidienne-regionale/*.*",
        "consommation-annuelle-brute-regionale": "odre/consommation-annuelle-brute-regionale/*.csv",
        "eco2mix-regional-cons-def": "odre/eco2mix-regional-cons-def/*.csv.gz",
        "conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-departement": "ore/*.ids.csv",
        "consommation-electrique-par-secteur-dactivite-departement": "enedis/*.csv",
        "populations-legales-regions": "insee/donnees_regions.csv",
        "populations-legales-departements": "insee/donnees_departements.csv",
        "populations-legales-communes": "insee/donnees_communes.csv",
    }.items():
        imported = run(
            *("dataelec", "import", dataset, *sorted(real_data.glob(files))), env={"DATAELEC_LAKE": str(lake)}
        )
        assert imported.returncode == 0, imported.stderr
    return lake


@pytest.fixture(scope="session")
def real_warehouse(real_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse built from the real lake; its dbt tests have passed."""
    database = tmp_path_factory.mktemp("warehouse") / "real.duckdb"
    built = build(real_lake, database, "live")
    assert built.returncode == 0, built.stdout[-4000:]
    return database


@pytest.fixture
def real(real_warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the warehouse of real files."""
    return duckdb.connect(str(real_warehouse), read_only=True)


@pytest.fixture(scope="session")
def sample_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated lake with its default seed."""
    lake = tmp_path_factory.mktemp("sample") / "lake"
    written = run("dataelec", "sample", env={"DATAELEC_LAKE": str(lake)})
    assert written.returncode == 0, written.stderr
    return lake


@pytest.fixture(scope="session")
def sample_warehouse(sample_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse built from the simulated lake; its dbt tests have passed."""
    database = tmp_path_factory.mktemp("warehouse") / "simulated.duckdb"
    built = build(sample_lake, database, "sample")
    assert built.returncode == 0, built.stdout[-4000:]
    return database


@pytest.fixture
def sample(sample_warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the warehouse of the simulated lake."""
    return duckdb.connect(str(sample_warehouse), read_only=True)
