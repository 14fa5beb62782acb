"""A new user's first hour: from a clean clone to ten answers, each with its time, then what goes wrong in a first hour.

`python -m research.first_hour` walks it in a temporary folder and prints what each step took. Packages are those of the
environment it runs in; what else a clone needs it makes itself.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from loaders.portals import PORTALS
from research.project import PROJECT

QUESTIONS = {
    "How many MW does each °C colder add?": "slope_by_region",
    "At which hour most?": "hour_of_highest_sensitivity",
    "How many MW more on the coldest day?": "extra_load_in_a_cold_snap",
    "How much of a year is weather?": "consumption_at_normal_temperature",
    "Did it change after September 2022?": "change_since_september_2022",
    "What does a Sunday change?": "calendar_effects",
    "Who consumes in each region?": "client_mix_over_time",
    "Where does insulation help most?": "where_insulation_helps_most",
    "When was each year's peak, on the French clock?": (
        "select period_year, load_peak_on, load_peak_local_time, round(load_peak_mw) from consumption_by_period"
        " where period_kind_code = 'year' and territory_code = 'FR' order by all"
    ),
    "How much does France draw at 19 h on Saturdays?": (
        "select period_year, round(load_mean_mw) from consumption_by_period where territory_code = 'FR'"
        " and period_kind_code = 'hour_and_day_class' and period_of_year_code = 'saturday|19' order by all"
    ),
}
NOTHING: Mapping[str, str] = {}
NOWHERE = {f"DATAELEC_{portal.upper()}_URL": "http://127.0.0.1:9" for portal in PORTALS}


@dataclass(frozen=True)
class Step:
    """What somebody did, how it ended and how long that took."""

    what: str
    code: int
    output: str
    seconds: float

    @property
    def lines(self) -> list[str]:
        """What was printed, empty lines left out."""
        return [line for line in self.output.splitlines() if line.strip()]


def walk(folder: Path) -> Iterator[Step]:
    """Clone into a folder and go the path, step by step."""
    clone, elsewhere = folder / "clone", folder / "elsewhere"
    elsewhere.mkdir()
    own = ("DATAELEC_", "DBT_", "PYTHONPATH")
    env = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    env |= {"PYTHONPATH": str(clone), "NO_PROXY": "127.0.0.1"}

    def step(what: str, *command: str, cwd: Path = clone, said: str = "", more: Mapping[str, str] = NOTHING) -> Step:
        started = time.monotonic()
        done = subprocess.run(
            command, cwd=cwd, env={**env, **more}, input=said, capture_output=True, text=True, check=False
        )
        return Step(what, done.returncode, done.stdout + done.stderr, time.monotonic() - started)

    yield step("git clone", "git", "clone", "--quiet", str(PROJECT), str(clone), cwd=folder)
    (clone / ".venv").mkdir()
    (clone / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (clone / ".venv" / "ready").touch()
    yield step("make run", "make", "run")
    yield step("make run, nothing changed", "make", "run")
    for question, asked in QUESTIONS.items():
        query = f"{asked};" if " " in asked else f".read target/compiled/dataelec/analyses/{asked}.sql"
        yield step(question, "make", "shell", said=f".mode csv\n{query}\n")
    dataelec = str(clone / ".venv" / "bin" / "dataelec")
    for named in (NOTHING, {"DATAELEC_HOME": str(clone)}):
        for verb in ("status", "verify", "summary", "shell"):
            label = f"dataelec {verb} from another folder{', DATAELEC_HOME set' if named else ''}"
            yield step(label, dataelec, verb, cwd=elsewhere, said="select count(*) from slopes;", more=named)
    yield step("make run DATA=live, no portal reachable", "make", "run", "DATA=live", more=NOWHERE)


@click.command()
def main() -> None:
    """Walk the path and print what each step took."""
    with tempfile.TemporaryDirectory() as folder:
        for step in walk(Path(folder)):
            click.echo(f"{step.seconds:7.1f} s  exit {step.code}  {step.what}: {step.lines[-1] if step.lines else ''}")


if __name__ == "__main__":
    main()
