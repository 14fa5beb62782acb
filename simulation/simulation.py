"""One simulated set of sources, drawn from a seed number."""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from simulation import tables
from simulation.calendars import Calendar, build_calendar
from simulation.defects import publish_load, publish_temperature
from simulation.load import TrueLoad, simulate_load
from simulation.sources import STREAMS, simulate_sources
from simulation.weather import Weather, simulate_weather

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
    factors) and `defects` (everything planted in them); `client_types` (slopes of Enedis's client types, and the rest),
    `communes` (people, dwellings, slope of the homes), `stations` and `synop_stations` (shift against the region, °C),
    `islands` (slopes of Corse and overseas) and `source_defects` (everything planted in the datasets beside load,
    temperature and yearly totals).
    """

    seed: int
    first_day: dt.date
    last_day: dt.date
    tables: dict[str, pa.Table]
    truth: dict[str, pa.Table]


@dataclass(frozen=True)
class Background:
    """What all simulated sources share: the days, true temperatures and loads, and a random stream for each part."""

    seed: int
    calendar: Calendar
    weather: Weather
    true_load: TrueLoad
    defects_rng: np.random.Generator
    publishing_rng: np.random.Generator
    source_rngs: tuple[np.random.Generator, ...]


def draw_background(seed: int = DEFAULT_SEED, first_year: int = FIRST_YEAR, years: int = YEARS) -> Background:
    """Draw weather and load of whole local years.

    Raises ValueError for fewer than four years: the fit needs as many quarters to leave out.
    """
    if years < FEWEST_YEARS:
        raise ValueError(f"{years} years are too few to simulate: ask for {FEWEST_YEARS} or more.")
    calendar = build_calendar(first_year, years)
    # A stream for each part: a change in one leaves the draws of the others.
    weather_rng, load_rng, defects_rng, publishing_rng, *source_rngs = np.random.default_rng(seed).spawn(4 + STREAMS)
    weather = simulate_weather(weather_rng, calendar.days)
    true_load = simulate_load(load_rng, calendar, weather)
    return Background(seed, calendar, weather, true_load, defects_rng, publishing_rng, tuple(source_rngs))


def simulate(seed: int = DEFAULT_SEED, first_year: int = FIRST_YEAR, years: int = YEARS) -> Simulation:
    """Simulate every dataset of the catalog: the same seed gives the same tables.

    Raises ValueError for fewer than four years.
    """
    background = draw_background(seed, first_year, years)
    regional = publish_regions(background)
    others = simulate_sources(background.source_rngs, background.calendar, background.weather, background.true_load)
    return replace(regional, tables={**regional.tables, **others.tables}, truth={**regional.truth, **others.truth})


def publish_regions(background: Background) -> Simulation:
    """Return load, temperature and yearly totals as published, once: the streams of the background go on."""
    calendar, true_load = background.calendar, background.true_load
    defects_rng, publishing_rng = background.defects_rng, background.publishing_rng
    published_load = publish_load(defects_rng, true_load, calendar)
    published_temperature = publish_temperature(defects_rng, background.weather, tables.CODES)
    calendar_years, true_gwh = tables.annual_energies(calendar, true_load)
    published_gwh, annual_defects = tables.published_energies(defects_rng, calendar_years, true_gwh)
    smoothed = background.weather.smoothed()
    defects = [
        *published_load.defects,
        *tables.swapped_date_defects(calendar),
        *published_temperature.defects,
        *annual_defects,
    ]
    return Simulation(
        seed=background.seed,
        first_day=calendar.days[0].astype(object),
        last_day=calendar.days[-1].astype(object),
        tables={
            LOAD_DATASET: tables.load_table(
                publishing_rng, calendar, published_load, tables.gas_loads(publishing_rng, smoothed)
            ),
            TEMPERATURE_DATASET: tables.temperature_table(
                publishing_rng, background.weather.days, published_temperature
            ),
            ANNUAL_DATASET: tables.annual_table(publishing_rng, calendar_years, published_gwh),
        },
        truth={
            **tables.truth_tables(calendar, true_load, smoothed),
            "defects": tables.defect_table(calendar, defects),
        },
    )
