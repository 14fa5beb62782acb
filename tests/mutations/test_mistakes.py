"""A wrong number must not pass: each mistake is made in a copy of the project, which builds, and a data test fails.

What lies behind the fits and forecasts is not built again: a mistake counts as caught where figures are made, not
where a slope that follows from them looks odd.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from research.project import PROJECT, Finished, run
from tests.mutations.conftest import VERDICTS
from tests.mutations.mistakes import MISTAKES, Mistake

pytestmark = pytest.mark.slow

BEHIND_THE_FITS = ("int_regression_days_prepared+", "int_forecast_days_prepared+")
PARTS = ("dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests/generic", "tests/singular")
MOST_NAMED = 3


class Copy:
    """A copy of the project and of the warehouse that the unchanged project built."""

    def __init__(self, folder: Path, lake: Path, warehouse: Path) -> None:
        self.project = folder / "project"
        self.database = folder / "simulated.duckdb"
        self.lake, self.warehouse = lake, warehouse
        self.artefacts = folder / "target"

    def renew(self) -> None:
        """Make project and warehouse what they were."""
        shutil.rmtree(self.project, ignore_errors=True)
        for part in PARTS:
            target = self.project / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if (PROJECT / part).is_dir():
                shutil.copytree(PROJECT / part, target)
            else:
                shutil.copy(PROJECT / part, target)
        self.database.unlink(missing_ok=True)
        shutil.copy(self.warehouse, self.database)

    def dbt(self, command: str, models: Sequence[str], *arguments: str) -> Finished:
        """Run a dbt command on the models and what follows from them."""
        selected = [f"{model}+" for model in models]
        return run(
            *("dbt", command, "--select", *selected, "--exclude", *BEHIND_THE_FITS),
            *("--project-dir", self.project, "--profiles-dir", self.project),
            *("--target-path", self.artefacts, "--log-path", self.artefacts),
            *arguments,
            env={
                "DATAELEC_HOME": str(self.project),
                "DATAELEC_LAKE": str(self.lake),
                "DATAELEC_DATABASE": str(self.database),
            },
        )

    def failed_tests(self, models: Sequence[str]) -> list[str]:
        """Build the models, which must succeed, and return the names of the data tests that then fail."""
        built = self.dbt("run", models)
        assert built.returncode == 0, f"the build itself fails, so no test catches it:\n{built.stdout[-3000:]}"
        tested = self.dbt("test", models, "--resource-type", "test")
        results = json.loads((self.artefacts / "run_results.json").read_text(encoding="utf-8"))["results"]
        assert results, f"no data test stands on {models}"
        broken = [result["unique_id"] for result in results if result["status"] == "error"]
        assert not broken, f"tests that cannot run catch nothing: {broken}\n{tested.stdout[-3000:]}"
        return [result["unique_id"].split(".")[2] for result in results if result["status"] == "fail"]


@pytest.fixture(scope="module")
def copy(sample_lake: Path, sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("mistakes"), sample_lake, sample_warehouse)


def test_the_unchanged_project_is_green_in_the_same_harness(copy: Copy, request: pytest.FixtureRequest) -> None:
    copy.renew()
    failed = copy.failed_tests(sorted({model for mistake in MISTAKES for model in mistake.models}))
    request.config.stash[VERDICTS]["(none)"] = ", ".join(failed) or "nothing, as it should be"
    assert failed == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_mistake_is_caught(copy: Copy, mistake: Mistake, request: pytest.FixtureRequest) -> None:
    verdicts = request.config.stash[VERDICTS]
    verdicts[mistake.name] = "not judged"
    copy.renew()
    mistake.make(copy.project)
    failed = copy.failed_tests(mistake.models)
    named = ", ".join(failed[:MOST_NAMED])
    verdicts[mistake.name] = f"{named} and {len(failed) - MOST_NAMED} more" if len(failed) > MOST_NAMED else named
    if not failed:
        verdicts[mistake.name] = "NOTHING"
    assert failed
