"""Coverage of the response curve on planted truth: `python -m research.validation.curve`.

Series as `coverage` draws them. The truth of a band is what the same fit makes of the series without noise. Energies of
the drivers are judged beside, by how far they are off: they have no intervals.
"""

import tempfile
import time
from pathlib import Path

import click
import duckdb
import pandas as pd

from research.validation.coverage import TRUTH, coverage_row, judge, run_sql, simulated
from research.validation.markdown import as_markdown
from research.validation.observed import build_observed
from research.validation.simulation import World

SEEDS = 100
MEASURE = "response_mw_per_c"
BAND = ["territory_code", "temperature_band_code"]
DRIVER = ["territory_code", "driver_code"]


def coverage(curves: pd.DataFrame) -> pd.DataFrame:
    """One row per band and one for all, regions alone."""
    kept = curves[curves[MEASURE].notna() & (curves["window_code"] == "all") & (curves["territory_code"] != "FR")]
    rows = kept.rename(
        columns={MEASURE: "estimate", f"{MEASURE}_ci95_low": "ci95_low", f"{MEASURE}_ci95_high": "ci95_high"}
    )
    truth = rows[rows["client_type_code"] == TRUTH].set_index(BAND)["estimate"].rename("target")
    judged = judge(rows[rows["client_type_code"] != TRUTH].join(truth, on=BAND))
    bands = [coverage_row(part, str(band)) for band, part in judged.groupby("temperature_band_code")]
    return pd.DataFrame([*bands, coverage_row(judged, "all bands")])


def shares(drivers: pd.DataFrame) -> pd.DataFrame:
    """How far shares of energy and variance lie from those without noise, by driver, in points."""
    regions = drivers[(drivers["territory_code"] != "FR") & drivers["energy_share"].notna()].set_index(DRIVER)
    is_truth = regions["client_type_code"] == TRUTH
    columns = ["energy_share", "variance_share"]
    off = 100 * (regions.loc[~is_truth, columns] - regions.loc[is_truth, columns].reindex(regions[~is_truth].index))
    return off.groupby("driver_code").agg(["mean", "std"]).reset_index()


@click.command(help=__doc__)
@click.option("--seeds", type=int, default=SEEDS, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps the warehouse of real files for another run.")
def main(seeds: int, folder: Path | None) -> None:
    """Print both tables as Markdown."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        observed = build_observed(folder or Path(scratch))
        with duckdb.connect(str(observed.database), read_only=True) as warehouse:
            world = World.of(warehouse)
        lots = [
            run_sql(observed, rows, Path(scratch), ("response_curve", "consumption_drivers"))
            for rows in simulated(world, seeds, with_effect=True)
        ]
    print(as_markdown(coverage(pd.concat([lot[0] for lot in lots], ignore_index=True)), digits=1))
    print(f"\n{shares(pd.concat([lot[1] for lot in lots], ignore_index=True)).to_string()}")
    print(f"\n{seeds} seeds, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
