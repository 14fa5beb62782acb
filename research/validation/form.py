"""How the form of `predictive` was chosen, on days before 2019 alone: `python -m research.validation.form`.

Real loads with wind and cloud of the SYNOP stations. Each form is fitted to what comes before a trial, which it then
predicts, by least squares on rows outside the warehouse; 2019, the hold-out, is not looked at.
"""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import click
import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from research.validation.gam import DAYS, HELD_OUT_YEAR
from research.validation.markdown import as_markdown
from research.validation.stations import fitted

TRIALS = {
    "2018": ("2018-01-01", "2019-01-01"),
    "July 2017 to June 2018": ("2017-07-01", "2018-07-01"),
    "July to December 2018": ("2018-07-01", "2019-01-01"),
}


@dataclass(frozen=True)
class Form:
    """Terms of a form: where degrees below and above bend, of the smoothed temperature and of the two beside it."""

    below: tuple[int, ...] = (5, 10, 15, 18)
    above: tuple[int, ...] = (18, 22)
    beside: tuple[int, int] | None = (18, 18)
    waves: int = 10
    weather: tuple[str, ...] = ("wind_m_s", "wind_in_the_cold", "cloud_cover_pct")
    is_class_pooled: bool = True

    def columns(self, days: pd.DataFrame) -> NDArray[np.float64]:
        """A row a day, a column a term."""
        turns = np.outer((days["day_of_year"] - 1) / 365.25, 2 * np.pi * np.arange(1, self.waves + 1))
        degrees = [np.maximum(at - days["temperature_c"], 0) for at in self.below]
        degrees += [np.maximum(days["temperature_c"] - at, 0) for at in self.above]
        if self.beside:
            for name in ("temperature_longer_c", "temperature_raw_c"):
                degrees += [np.maximum(self.beside[0] - days[name], 0), np.maximum(days[name] - self.beside[1], 0)]
        return np.column_stack([np.sin(turns), np.cos(turns), *degrees, *(days[name] for name in self.weather)])


TAKEN = Form()
FORMS = {
    "taken": TAKEN,
    "six waves": replace(TAKEN, waves=6),
    "eight waves": replace(TAKEN, waves=8),
    "twelve waves": replace(TAKEN, waves=12),
    "a bend at 12 °C": replace(TAKEN, below=(5, 10, 12, 15, 18)),
    "bends at 20 and 25 °C": replace(TAKEN, above=(18, 20, 22, 25)),
    "no bend at 5 °C": replace(TAKEN, below=(10, 15, 18)),
    "smoothed temperature alone": replace(TAKEN, beside=None),
    "flat from 18 to 20 °C, memories from 15 to 22": replace(TAKEN, above=(20, 22, 25), beside=(15, 22)),
    "no wind in the cold": replace(TAKEN, weather=("wind_m_s", "cloud_cover_pct")),
    "humidity too": replace(TAKEN, weather=(*TAKEN.weather, "humidity_pct")),
    "neither wind nor cloud": replace(TAKEN, weather=()),
    "day classes of the latest season alone": replace(TAKEN, is_class_pooled=False),
}


def predicted(form: Form, seen: pd.DataFrame, later: pd.DataFrame) -> pd.Series:
    """Loads of later days, by coefficients inside calendar cells, the latest level and what day classes add."""
    columns, columns_later = form.columns(seen), form.columns(later)
    known = ~np.isnan(np.vstack([columns, columns_later])).any(axis=0)
    table = pd.DataFrame(columns[:, known]).assign(load=seen["load_mean_mw"].to_numpy())
    within = (table - table.groupby(seen["cell"].to_numpy()).transform("mean")).to_numpy()
    coefficients = np.linalg.lstsq(within[:, :-1], within[:, -1], rcond=None)[0]
    rest = seen["load_mean_mw"] - columns[:, known] @ coefficients
    regimes, classes = seen["cell"].str.split("|").str[0], seen["day_class_code"]
    if form.is_class_pooled:
        levels = (rest - rest.groupby(classes).transform("mean")).groupby(regimes).mean()
        effects = levels.iloc[-1] + (rest - regimes.map(levels)).groupby(classes).mean()
    else:
        effects = rest.groupby([classes, regimes]).mean().groupby(level=0).last()
    return columns_later[:, known] @ coefficients + later["day_class_code"].map(effects)


def error_pct(form: Form, days: pd.DataFrame, first: str, end: str) -> float:
    """CV(RMSE) of a trial, mean of the regions."""
    errors = []
    for _, region in days.groupby("territory_code"):
        seen, later = region[region["date_day"] < first], region[region["date_day"].between(first, end, "left")]
        residual = (later["load_mean_mw"] - predicted(form, seen, later)).dropna()
        errors.append(100 * np.sqrt((residual**2).mean()) / later.loc[residual.index, "load_mean_mw"].mean())
    return float(np.mean(errors))


@click.command(help=__doc__)
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps the warehouses for another run.")
def main(folder: Path | None) -> None:
    """Print the trials of every form as Markdown."""
    with tempfile.TemporaryDirectory() as scratch:
        database = fitted(folder or Path(scratch), "stations")
        with duckdb.connect(str(database), read_only=True) as warehouse:
            days = warehouse.execute(DAYS, {"year": HELD_OUT_YEAR}).df().query("is_training == 1")
    wind_above_usual = days["wind_m_s"] - days.groupby("territory_code")["wind_m_s"].transform("mean")
    days = days.assign(wind_in_the_cold=wind_above_usual * np.maximum(15 - days["temperature_c"], 0))
    found = pd.DataFrame(
        {trial: [error_pct(form, days, *span) for form in FORMS.values()] for trial, span in TRIALS.items()},
        index=pd.Index(FORMS, name="form"),
    )
    found["mean"] = found.mean(axis=1)
    print(as_markdown(found.reset_index(), digits=2))


if __name__ == "__main__":
    main()
