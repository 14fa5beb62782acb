"""Coverage of the response curve and of calendar effects on planted truth: `python -m research.validation.curve`.

Series as `coverage` draws them. The truth of a band of temperature, or of a kind of day, is what the same models make
of the series without noise. The energies of the drivers have no intervals: how far they are off stands beside.
"""

import tempfile
import time
from pathlib import Path

import click
import duckdb
import pandas as pd

from research.validation.coverage import POOLED_TARGET_PCT, TRUTH, coverage_row, judge, run_sql, simulated
from research.validation.markdown import as_markdown
from research.validation.observed import build_observed
from research.validation.simulation import World

SEEDS = 100
ANSWERS = {
    "response_curve": ("response_mw_per_c", "temperature_band_code"),
    "calendar_effects": ("effect_mw", "calendar_kind_code"),
}
SHOWN = ["answer", "intervals", "coverage %", "Monte-Carlo error", "least", "where", "greatest", "without interval"]


def coverage(published: pd.DataFrame, measure: str, kind: str) -> pd.DataFrame:
    """One row per kind and one for all, regions alone."""
    is_asked = published[measure].notna() & (published["territory_level_code"] == "region")
    if "window_code" in published:
        is_asked &= published["window_code"] == "all"
    names = {measure: "estimate", f"{measure}_ci95_low": "ci95_low", f"{measure}_ci95_high": "ci95_high"}
    rows = published[is_asked].rename(columns=names)
    keys = ["territory_code", kind]
    truth = rows[rows["client_type_code"] == TRUTH].set_index(keys)["estimate"].rename("target")
    judged = judge(rows[rows["client_type_code"] != TRUTH].join(truth, on=keys))
    kinds = [coverage_row(part, str(name)) for name, part in judged.groupby(kind)]
    return pd.DataFrame([*kinds, coverage_row(judged, "all")])[SHOWN]


def energies_off(drivers: pd.DataFrame) -> pd.DataFrame:
    """How far shares of energy lie from those without noise, by driver, in points: mean and spread."""
    regions = drivers[(drivers["territory_level_code"] == "region") & drivers["energy_share"].notna()]
    shares = 100 * regions.set_index(["territory_code", "driver_code", "client_type_code"])["energy_share"]
    off = shares - shares.xs(TRUTH, level="client_type_code")
    return off.drop(TRUTH, level="client_type_code").groupby("driver_code").agg(["mean", "std"]).reset_index()


@click.command(help=__doc__)
@click.option("--seeds", type=int, default=SEEDS, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps the warehouse of real files for another run.")
def main(seeds: int, folder: Path | None) -> None:
    """Print the tables as Markdown and fail where pooled coverage misses its target."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        observed = build_observed(folder or Path(scratch))
        with duckdb.connect(str(observed.database), read_only=True) as warehouse:
            world = World.of(warehouse)
        lots = [
            run_sql(observed, rows, Path(scratch), (*ANSWERS, "consumption_drivers"))
            for rows in simulated(world, seeds, with_effect=True)
        ]
    *published, drivers = (pd.concat(frames, ignore_index=True) for frames in zip(*lots, strict=True))
    missed = []
    for (name, asked), frame in zip(ANSWERS.items(), published, strict=True):
        table = coverage(frame, *asked)
        print(f"\n{name}\n\n{as_markdown(table, digits=1)}")
        pooled = table["coverage %"].iloc[-1]
        if not POOLED_TARGET_PCT[0] <= pooled <= POOLED_TARGET_PCT[1]:
            missed.append(f"{name}: pooled {pooled:.1f} %")
    print(f"\nconsumption_drivers, share of energy, points off\n\n{as_markdown(energies_off(drivers), digits=2)}")
    print(f"\n{seeds} seeds, {time.monotonic() - started:.0f} s")
    if missed:
        raise SystemExit("Missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
