"""Coverage of response curve, calendar effects and drivers on planted truth: `python -m research.validation.curve`.

Series as `coverage` draws them. The truth of a band of temperature, or of a kind of day, is what the same models make
of the series without noise; that of a driver's share is the share that its part without noise has in the noisy load.
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
# By definition the energy of the regime is none, and that of light none over whole years: nothing to find.
SHARES = {
    "variance_share": ["temperature", "light", "day_class", "holidays", "regime"],
    "energy_share": ["temperature", "day_class", "holidays", "rest"],
}
SHOWN = ["answer", "intervals", "coverage %", "Monte-Carlo error", "least", "where", "greatest", "without interval"]


def coverage(published: pd.DataFrame, measure: str, kind: str, targets: pd.Series | None = None) -> pd.DataFrame:
    """One row per kind and one for all, regions alone; where no ``targets`` are given estimates without noise are."""
    is_asked = published[measure].notna() & (published["territory_level_code"] == "region")
    if "window_code" in published:
        is_asked &= published["window_code"] == "all"
    names = {measure: "estimate", f"{measure}_ci95_low": "ci95_low", f"{measure}_ci95_high": "ci95_high"}
    rows = published[is_asked].rename(columns=names)
    keys = ["territory_code", kind]
    if targets is None:
        targets = rows[rows["client_type_code"] == TRUTH].set_index(keys)["estimate"]
    else:
        keys.append("client_type_code")
    rows = rows[rows["client_type_code"] != TRUTH]
    judged = judge(rows.join(targets.rename("target"), on=keys))
    kinds = [coverage_row(part, str(name)) for name, part in judged.groupby(kind)]
    return pd.DataFrame([*kinds, coverage_row(judged, "all")])[SHOWN]


def shares(drivers: pd.DataFrame) -> pd.DataFrame:
    """Both shares of each driver under each other, of those that can be judged."""
    parts = []
    for measure, judged in SHARES.items():
        names = {f"{measure}{end}": f"share{end}" for end in ("", "_ci95_low", "_ci95_high")}
        rows = drivers[drivers["driver_code"].isin(judged)].rename(columns=names)
        parts.append(rows.assign(kind=measure + ", " + rows["driver_code"]))
    return pd.concat(parts)


def planted_shares(parts: pd.DataFrame, truth: pd.DataFrame) -> pd.Series:
    """Shares that the parts of ``truth`` have in each load of ``parts``, by region, kind of share and client type.

    Days count alike in energy, which the hours of clock changes do not move by a thousandth of a share.
    """
    found: dict[tuple[str, str, str], float] = {}
    for (region, client_type), days in parts.groupby(["territory_code", "client_type_code"]):
        own = truth[truth["territory_code"] == region].set_index("date_day")
        load = days.set_index("date_day")["load_mean_mw"]
        energies = {}
        for driver in SHARES["variance_share"]:
            part = own[f"{driver}_part_mw"]
            energies[driver] = part.mean() / load.mean()
            found[region, f"variance_share, {driver}", client_type] = part.cov(load) / load.var()
        energies["rest"] = 1 - sum(energies.values())
        found |= {
            (region, f"energy_share, {driver}", client_type): energies[driver] for driver in SHARES["energy_share"]
        }
    return pd.Series(found).rename_axis(["territory_code", "kind", "client_type_code"])


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
        published: dict[str, list[pd.DataFrame]] = {name: [] for name in (*ANSWERS, "consumption_drivers")}
        targets: list[pd.Series] = []
        truth = pd.DataFrame()
        for rows in simulated(world, seeds, with_effect=True):
            *answers, parts = run_sql(observed, rows, Path(scratch), (*published, "int_daily_load_parts_separated"))
            for frames, answer in zip(published.values(), answers, strict=True):
                frames.append(answer)
            parts[["territory_code", "client_type_code"]] = parts["series_code"].str.split("|", expand=True)[[0, 1]]
            is_truth = parts["client_type_code"] == TRUTH
            truth = parts[is_truth] if is_truth.any() else truth
            targets.append(planted_shares(parts[~is_truth], truth))
    tables = {name: coverage(pd.concat(published[name]), *asked) for name, asked in ANSWERS.items()}
    drivers = shares(pd.concat(published["consumption_drivers"]))
    tables["consumption_drivers"] = coverage(drivers, "share", "kind", pd.concat(targets))
    missed = []
    for name, table in tables.items():
        print(f"\n{name}\n\n{as_markdown(table, digits=1)}")
        pooled = table["coverage %"].iloc[-1]
        if not POOLED_TARGET_PCT[0] <= pooled <= POOLED_TARGET_PCT[1]:
            missed.append(f"{name}: pooled {pooled:.1f} %")
    print(f"\n{seeds} seeds, {time.monotonic() - started:.0f} s")
    if missed:
        raise SystemExit("Missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
