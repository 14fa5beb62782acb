"""Fixtures shared by all Python tests: where the real extracts lie, and warehouses built once per session."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from research.project import PROJECT, REAL_DATA, build, dbt, run


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow is whatever asks the warehouse of real files: the simulated one, built from the same SQL, answers sooner.

    The file that builds warehouses comes first: one worker is at it while the others are at what needs none.
    """
    items.sort(key=lambda item: item.path.name != "test_against_reference.py")
    for item in items:
        if isinstance(item, pytest.Function) and "real_warehouse" in item.fixturenames:
            item.add_marker(pytest.mark.slow)


def made_once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that is made by whichever of pytest's workers asks first, for all of them."""
    base = folders.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    made = folder / "made"
    with FileLock(f"{folder}.lock"):
        if not made.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            made.touch()
    return folder


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real extracts; tests that need it are skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the real extracts are not here: they belong beside the project, in ../shared/data")
    return REAL_DATA


@pytest.fixture(scope="session")
def real_lake(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new lake with every real file that the project can land, by `dataelec import`."""
    return made_once(tmp_path_factory, "real", lambda folder: import_all(real_data, folder / "lake")) / "lake"


def import_all(real_data: Path, lake: Path) -> None:
    """Land the real extracts in ``lake``."""
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
        found = sorted(real_data.glob(files))
        imported = run("dataelec", "import", dataset, *found, env={"DATAELEC_LAKE": str(lake)})
        assert imported.returncode == 0, imported.stderr


@pytest.fixture(scope="session")
def real_warehouse(real_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse built from the real lake; its dbt tests have passed.

    Unit tests read no lake: those of the simulated warehouse are enough.
    """

    def make(folder: Path) -> None:
        built = build(real_lake, folder / "real.duckdb", "live", "--exclude-resource-type", "unit_test")
        assert built.returncode == 0, built.stdout[-4000:]

    return made_once(tmp_path_factory, "real_warehouse", make) / "real.duckdb"


@pytest.fixture
def real(real_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the warehouse of real files."""
    with duckdb.connect(str(real_warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def sample_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated lake with its default seed."""

    def make(folder: Path) -> None:
        written = run("dataelec", "sample", env={"DATAELEC_LAKE": str(folder / "lake")})
        assert written.returncode == 0, written.stderr

    return made_once(tmp_path_factory, "sample", make) / "lake"


@pytest.fixture(scope="session")
def sample_warehouse(sample_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse built from the simulated lake; its dbt tests have passed. Artefacts in `target` beside it.

    It is built from the folder `elsewhere` beside it, outside the project.
    """

    def make(folder: Path) -> None:
        elsewhere = folder / "elsewhere"
        elsewhere.mkdir()
        project = ("--project-dir", PROJECT, "--profiles-dir", PROJECT)
        built = build(sample_lake, folder / "simulated.duckdb", "sample", *project, cwd=elsewhere)
        assert built.returncode == 0, built.stdout[-4000:]
        # The next dbt rejects what this one deprecates.
        assert "deprecat" not in built.stdout.lower(), built.stdout[-4000:]
        # Here, while no other worker reads what it writes to; with the settings of the build, dbt need not parse again.
        generated = dbt(
            "docs",
            sample_lake,
            folder / "simulated.duckdb",
            "sample",
            *("generate", "--static", "--exclude", "resource_type:test", "resource_type:unit_test"),
        )
        assert generated.returncode == 0, generated.stdout[-3000:]

    return made_once(tmp_path_factory, "sample_warehouse", make) / "simulated.duckdb"


@pytest.fixture(scope="session")
def documented(sample_warehouse: Path) -> Path:
    """The artefacts of the simulated warehouse, every model and question compiled, and dbt's page of documentation."""
    return sample_warehouse.parent / "target"


@pytest.fixture
def sample(sample_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the warehouse of the simulated lake."""
    with duckdb.connect(str(sample_warehouse), read_only=True) as connection:
        yield connection
