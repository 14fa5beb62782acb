"""The fit with a few rows more in its seeds: a copy of the project, built on a copy of a warehouse."""

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from research.project import PROJECT, dbt

BUILT_FROM = ("analyses", "macros", "models", "seeds", "tests/generic", "dbt_project.yml", "profiles.yml")


def widen(warehouse: Path, home: Path, rows: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Copy the project into ``home`` with a warehouse beside it; add ``rows`` to the seeds of its fit.

    Returns the copy of the warehouse, for `fit_anew`.
    """
    for name in BUILT_FROM:
        source, copy = PROJECT / name, home / name
        copy.parent.mkdir(exist_ok=True, parents=True)
        if source.is_dir():
            shutil.copytree(source, copy, dirs_exist_ok=True)
        else:
            shutil.copy(source, copy)
    for seed, added in rows.items():
        with (home / "seeds" / "sensitivity" / f"{seed}.csv").open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(added)
    database = home / warehouse.name
    shutil.copy(warehouse, database)
    return database


def fit_anew(lake: Path, database: Path, *answers: str, target: str = "sample") -> None:
    """Build the seeds and the models of the fit in a copy that `widen` made, and the marts named.

    Raises ``RuntimeError`` with what dbt said where the build fails.
    """
    home = database.parent
    built = dbt(
        "build",
        lake,
        database,
        target,
        *("--project-dir", home, "--profiles-dir", home),
        *("--select", "path:seeds/sensitivity", "path:models/sensitivity"),
        *answers,
        "--exclude-resource-type",
        *("test", "unit_test"),
    )
    if built.returncode != 0:
        raise RuntimeError(built.stdout[-3000:])
