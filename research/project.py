"""Runs the project's own commands, for programs and tests: where it is, `dbt build` on one lake into one database."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
REAL_DATA = PROJECT.parent / "shared" / "data"
"""The real extracts, which are no part of the project: absent from most machines."""

Finished = subprocess.CompletedProcess[str]


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path = PROJECT) -> Finished:
    """Run a command of this environment and return what it printed; the caller judges the exit code."""
    executable = Path(sys.executable).parent / str(command[0])
    return subprocess.run(
        [str(executable), *map(str, command[1:])],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def build(lake: Path | str, database: Path, target: str, *arguments: str | Path, cwd: Path = PROJECT) -> Finished:
    """Run `dbt build` on one lake into one database."""
    return dbt("build", lake, database, target, *arguments, cwd=cwd)


def dbt(
    command: str, lake: Path | str, database: Path, target: str, *arguments: str | Path, cwd: Path = PROJECT
) -> Finished:
    """Run a command of dbt, from the project's folder unless another is named, artefacts beside the database."""
    return run(
        "dbt",
        command,
        *arguments,
        "--target",
        target,
        "--target-path",
        database.parent / "target",
        "--log-path",
        database.parent / "logs",
        env={"DATAELEC_LAKE": str(lake), "DATAELEC_DATABASE": str(database), "DATAELEC_HOME": str(PROJECT)},
        cwd=cwd,
    )


def environment_with(requirements: Path, environment: Path) -> Path:
    """Return the Python of a virtual environment that has these requirements; CalledProcessError where it cannot."""
    python = environment / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    # Each time: an installation may have been interrupted. Where all is there pip asks nobody.
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)]
    subprocess.run(pip, check=True)
    return python
