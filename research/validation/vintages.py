"""Revises a dataset at random and asks DuckLake, another's lake, what changed and what stood before.

    python -m research.validation.vintages

What `dataelec diff` says moved, what a build reads as of each day and what `dataelec restore` brings back are compared
with what DuckLake tells of the same states. DuckLake is in an environment of its own; where it cannot be installed,
that is said, and nothing is judged.
"""

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import numpy as np
import pandas as pd

from loaders.catalog import CATALOG
from loaders.lake import Lake, RowsMoved
from loaders.landing import Whole, import_files
from loaders.pinning import pin
from loaders.vintages import restore
from research.project import environment_with

HERE = Path(__file__).parent
DATASET = CATALOG["temperature-quotidienne-regionale"]
KEY, VALUES = ["code_insee_region", "date"], ["tmin", "tmax", "tmoy"]
YEAR, FIRST_LANDING = 2024, dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def revised(number: int, seed: int) -> list[pd.DataFrame]:
    """Return so many states of one table: values change, days are withdrawn, days that were withdrawn come back."""
    random = np.random.default_rng(seed)
    days = pd.date_range(f"{YEAR}-01-01", f"{YEAR}-12-31").strftime("%Y-%m-%d")
    whole = pd.MultiIndex.from_product([["11", "84"], days], names=KEY).to_frame(index=False)
    whole["tmoy"] = np.round(random.uniform(-5, 30, len(whole)), 2)
    states = []
    for _ in range(number):
        whole["tmoy"] += random.choice([0, -0.25, 0.5], len(whole), p=[0.9, 0.05, 0.05])
        whole["tmin"], whole["tmax"] = whole["tmoy"] - 4.5, whole["tmoy"] + 4.5
        states.append(whole[random.random(len(whole)) < 0.97].reset_index(drop=True))
    return states


def landed_at(number: int) -> dt.datetime:
    """Return the vintage of a state."""
    return FIRST_LANDING + dt.timedelta(days=number)


def land(lake: Lake, states: list[pd.DataFrame], folder: Path) -> None:
    """Land each state as a download of the whole year, as `dataelec load` does."""
    for number, state in enumerate(states):
        file = folder / f"landed-{number}.csv"
        state.to_csv(file, sep=";", index=False)
        at = landed_at(number)
        whole = Whole(str(YEAR), len(state), 1)
        import_files(lake, DATASET.dataset_id, [file], loaded_at=at, published_at=at, whole=whole)


def ask_ducklake(states: list[pd.DataFrame], environment: Path, folder: Path) -> None:
    """Have DuckLake keep the states and write its answers to the folder; CalledProcessError where it cannot be had."""
    python = environment_with(HERE / "ducklake-requirements.txt", environment)
    for number, state in enumerate(states):
        state.to_parquet(folder / f"{number}.parquet")
    subprocess.run([str(python), str(HERE / "ducklake_states.py"), ",".join(KEY), str(folder)], check=True)


def moved(changes: pd.DataFrame) -> list[RowsMoved]:
    """Return DuckLake's rows before and after, summed as `dataelec diff` sums them."""
    month = changes["date"].str[:7] + "-01"
    found = []
    for kind, change in (("insert", "added"), ("delete", "withdrawn")):
        counts = month[changes["change_type"] == kind].value_counts()
        found += [RowsMoved(day, change, "", int(rows), None, None, None) for day, rows in counts.items()]
    indexed = changes.assign(month=month).set_index([*KEY, "month"])
    before = indexed[indexed["change_type"] == "update_preimage"]
    after = indexed[indexed["change_type"] == "update_postimage"].reindex(before.index)
    for column in VALUES:
        both = pd.DataFrame({"before": before[column], "after": after[column]})
        both = both[both["before"] != both["after"]]
        for day, rows in both.groupby("month"):
            before_sum, after_sum = (round(float(rows[name].sum()), 9) for name in ("before", "after"))
            largest = round(float((rows["after"] - rows["before"]).abs().max()), 9)
            found.append(RowsMoved(str(day), "changed", column, len(rows), before_sum, after_sum, largest))
    return sorted(found, key=_place)


def _place(rows: RowsMoved) -> tuple[str, str, str]:
    return rows.month, rows.change, rows.column


def rows_of(file: Path) -> pd.DataFrame:
    """Return a file's rows in the order of their key."""
    table = pd.read_parquet(file, columns=[*KEY, *VALUES])
    return table.assign(date=table["date"].astype(str)).sort_values(KEY, ignore_index=True)


def judge(lake: Lake, number: int, folder: Path) -> list[str]:
    """Return where the lake and DuckLake disagree."""
    wrong = []
    path = f"{DATASET.folder}/year={YEAR}/{DATASET.dataset_id}.parquet"
    vintages = lake.vintages(DATASET)
    for position, vintage in enumerate(vintages, start=1):
        if sorted(vintage.moved, key=_place) != moved(pd.read_parquet(folder / f"changes-{position}.parquet")):
            wrong.append(f"what landing {position} moved")
    for position in range(number):
        kept = rows_of(folder / f"kept-{position}.parquet")
        pin(lake, folder / "copy", landed_at(position))
        if not rows_of(folder / "copy" / path).equals(kept):
            wrong.append(f"what was known on {landed_at(position):%Y-%m-%d}")
    for position, vintage in enumerate(vintages):
        restore(lake, DATASET, vintage.vintage_id, landed_at(number))
        if not rows_of(Path(lake.root) / path).equals(rows_of(folder / f"kept-{position}.parquet")):
            wrong.append(f"what restoring state {position} brought back")
    return wrong


@click.command(help=__doc__)
@click.option("--environment", type=click.Path(path_type=Path), default=".venv-ducklake", show_default=True)
@click.option("--states", "number", default=8, show_default=True, help="How many states the table goes through.")
@click.option("--seed", default=2024, show_default=True)
def main(environment: Path, number: int, seed: int) -> None:
    """Say what agrees; exit with 1 where anything does not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        states = revised(number, seed)
        try:
            ask_ducklake(states, environment.absolute(), folder)
        except subprocess.CalledProcessError as problem:
            click.echo(f"Skipped: DuckLake cannot be had here ({problem}).")
            return
        lake = Lake(str(folder / "lake"))
        land(lake, states, folder)
        changes = sum(len(vintage.moved) for vintage in lake.vintages(DATASET))
        if wrong := judge(lake, number, folder):
            sys.exit("DuckLake disagrees on " + ", ".join(wrong))
    click.echo(
        f"{number} states: DuckLake agrees on all {changes} changes by month and column, on what was known on each of"
        f" {number} days, and on each of {number - 1} states restored"
    )


if __name__ == "__main__":
    main()
