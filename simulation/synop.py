"""Three-hourly weather of the SYNOP stations of the mainland and Corse, in the form of Opendatasoft's export.

A station's day has its region's mean temperature, shifted by altitude and a lasting deviation, and a daily cycle
between the region's minimum and maximum, warmest at 14:00 UTC. Wind and clouds are weather of their own, which last
from day to day and are one region's; a third of the stations do not observe clouds. The load knows of neither.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from simulation import parameters
from simulation.defects import SourceDefect
from simulation.parameters import REGIONS, Floats
from simulation.stations import LAPSE_C_PER_KM
from simulation.tabulate import label_column, numbers
from simulation.weather import Weather

SYNOP = "donnees-synop-essentielles-omm"
STATIONS_SEED = Path(__file__).parent.parent / "seeds" / "territories" / "synop_stations.csv"
HOURS = np.arange(0, 24, 3)
WARMEST_HOUR_UTC = 14
MISSING = 60
"""Values of each measure that are not published, beside the clouds of stations that do not observe them."""
_OFFSET_C, _NOISE_C = 0.4, 0.5
_DAY_MEMORY = 0.6
_WIND_MEAN_M_S, _WIND_SPREAD = 3.8, 0.45
_KELVIN = 273.15


@dataclass(frozen=True)
class Station:
    """One station; `row` is its region's among the simulated temperatures."""

    code: str
    row: int
    altitude_m: float


def simulated_stations() -> list[Station]:
    """Return the stations whose region has a simulated temperature, in the order of the list."""
    rows = {code: row for row, code in enumerate([*(r.code for r in REGIONS), parameters.CORSE_CODE])}
    with STATIONS_SEED.open(encoding="utf-8", newline="") as stream:
        return [
            Station(line["station_code"], rows[line["region_code"]], float(line["altitude_m"]))
            for line in csv.DictReader(stream)
            if line["region_code"] in rows
        ]


def synop_table(rng: np.random.Generator, weather: Weather) -> tuple[pa.Table, list[SourceDefect], pa.Table]:
    """Return the observations as published, what is wrong with them, and each station's true shift in °C."""
    stations = simulated_stations()
    row = np.array([station.row for station in stations])
    altitude = np.array([station.altitude_m for station in stations])
    mean_altitude = np.bincount(row, altitude) / np.bincount(row)
    shift = rng.normal(0, _OFFSET_C, len(stations)) + LAPSE_C_PER_KM * (altitude - mean_altitude[row]) / 1_000
    shape = (len(stations), len(weather.days), len(HOURS))
    cycle = np.cos(2 * np.pi * (HOURS - WARMEST_HOUR_UTC) / 24)
    half_range = ((weather.tmax - weather.tmin) / 2)[row][..., None]
    celsius = weather.tmoy[row][..., None] + shift[:, None, None] + half_range * cycle
    celsius += rng.normal(0, _NOISE_C, shape)
    regions = len(REGIONS) + 1
    wind_of_day = _lasting(rng, regions, len(weather.days))[row][..., None]
    wind = _WIND_MEAN_M_S * np.exp(_WIND_SPREAD * wind_of_day + rng.normal(0, 0.2, shape) + 0.15 * cycle)
    cloudiness = _lasting(rng, regions, len(weather.days))[row][..., None]
    cloud = np.clip(np.round(60 + 35 * cloudiness + rng.normal(0, 15, shape), -1), 0, 100)
    humidity = np.clip(np.round(75 + 0.15 * (cloud - 60) - 12 * cycle + rng.normal(0, 4, shape)), 15, 100)
    cloud[::3] = np.nan
    values = {
        "t": np.round(celsius + _KELVIN, 2).ravel(),
        "ff": np.round(wind, 1).ravel(),
        "u": humidity.ravel(),
        "n": cloud.ravel(),
    }
    station, day, hour = (axis.ravel() for axis in np.indices(shape, dtype=np.int32))
    at = weather.days[day].astype("datetime64[ms]") + HOURS[hour].astype("timedelta64[h]")
    codes = [s.code for s in stations]
    defects = []
    for name, measured in values.items():
        missing = rng.choice(np.flatnonzero(~np.isnan(measured)), size=MISSING, replace=False)
        defects += [
            SourceDefect(
                SYNOP,
                "value_unavailable",
                codes[station[i]],
                date_day=weather.days[day[i]],
                period_start_at_utc=at[i].astype("datetime64[us]"),
                column_name=name,
                value_true=float(measured[i]),
            )
            for i in missing
        ]
        measured[missing] = np.nan
    table = pa.table(
        {
            "numer_sta": label_column(codes, station),
            "date": pa.array(at),
            **{name: numbers(measured) for name, measured in values.items()},
        }
    )
    truth = pa.table({"station_code": codes, "altitude_m": altitude, "temperature_shift_c": shift})
    return table, defects, truth


def _lasting(rng: np.random.Generator, series: int, days: int) -> Floats:
    """Draw series of variance one in which a day resembles the day before, and series each other."""
    lasting: Floats = np.sqrt(0.7) * rng.standard_normal(days) + np.sqrt(0.3) * rng.standard_normal((series, days))
    lasting *= np.sqrt(1 - _DAY_MEMORY**2)
    for i in range(1, days):
        lasting[:, i] += _DAY_MEMORY * lasting[:, i - 1]
    return lasting
