"""One simulated set of sources, drawn from a seed number."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from loaders.sample import tables
from loaders.sample.calendars import Calendar, build_calendar
from loaders.sample.defects import publish_load, publish_temperature
from loaders.sample.load import simulate_load
from loaders.sample.weather import simulate_weather

DEFAULT_SEED = 2019
FIRST_YEAR = 2019
YEARS = 5
"""2019-2023: holds the lockdown and the start of energy sobriety, each with whole years around."""
FEWEST_YEARS = 4

LOAD_DATASET = "consommation-quotidienne-brute-regionale"
TEMPERATURE_DATASET = "temperature-quotidienne-regionale"
ANNUAL_DATASET = "consommation-annuelle-brute-regionale"


@dataclass(frozen=True)
class Simulation:
    """Simulated sources and the truth behind them.

    `tables` holds one table a dataset id, in the form of the portal's Parquet exports. `truth` holds `regions` (planted
    slopes and balance points), `days` (region by day: class, regime, noise-free and noisy mean MW), `hours` (hour
    factors) and `defects` (everything planted).
    """

    seed: int
    first_day: dt.date
    last_day: dt.date
    tables: dict[str, pa.Table]
    truth: dict[str, pa.Table]


def simulate(seed: int = DEFAULT_SEED, first_year: int = FIRST_YEAR, years: int = YEARS) -> Simulation:
    """Simulate whole local years of load, temperature and yearly totals: the same seed gives the same tables.

    Raises ValueError for fewer than four years: the fit needs as many quarters to leave out.
    """
    if years < FEWEST_YEARS:
        raise ValueError(f"{years} years are too few to simulate: ask for {FEWEST_YEARS} or more.")
    calendar: Calendar = build_calendar(first_year, years)
    # A stream for each part: a change in one leaves the draws of the others.
    weather_rng, load_rng, defects_rng, publishing_rng = np.random.default_rng(seed).spawn(4)
    weather = simulate_weather(weather_rng, calendar.days)
    true_load = simulate_load(load_rng, calendar, weather)
    published_load = publish_load(defects_rng, true_load, calendar)
    published_temperature = publish_temperature(defects_rng, weather, tables.CODES)
    calendar_years, true_gwh = tables.annual_energies(calendar, true_load)
    published_gwh, annual_defects = tables.published_energies(defects_rng, calendar_years, true_gwh)
    smoothed = weather.smoothed()
    defects = [
        *published_load.defects,
        *tables.swapped_date_defects(calendar),
        *published_temperature.defects,
        *annual_defects,
    ]
    return Simulation(
        seed=seed,
        first_day=calendar.days[0].astype(object),
        last_day=calendar.days[-1].astype(object),
        tables={
            LOAD_DATASET: tables.load_table(
                publishing_rng, calendar, published_load, tables.gas_loads(publishing_rng, smoothed)
            ),
            TEMPERATURE_DATASET: tables.temperature_table(publishing_rng, weather.days, published_temperature),
            ANNUAL_DATASET: tables.annual_table(publishing_rng, calendar_years, published_gwh),
        },
        truth={
            **tables.truth_tables(calendar, true_load, smoothed),
            "defects": tables.defect_table(calendar, defects),
        },
    )
