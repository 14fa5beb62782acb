"""Daily weather stations: two in each mainland département and in Corse, one low and one high.

A station's day is its region's, shifted by altitude (-6.5 °C per km against the mean of where the region's people
live), with a lasting deviation of its département and small noise. Missing values are empty or `mq`; a quality code
stands beside each.
"""

import numpy as np
import pyarrow as pa

from simulation import parameters
from simulation.defects import SourceDefect
from simulation.geography import Territories
from simulation.parameters import REGIONS, Days, Floats, Ints
from simulation.tabulate import label_column
from simulation.weather import Weather

STATIONS = "donnees-climatologiques-de-base-quotidiennes"
LAPSE_C_PER_KM = -6.5
_LOW, _HIGH = 0.6, 1.6
"""Altitudes of the two stations against that of the département's people."""
_NOISE_C = 0.6
_OFFSET_C = 0.4
MISSING = 120
DOUBTFUL = 200


def station_table(
    rng: np.random.Generator, territories: Territories, weather: Weather
) -> tuple[pa.Table, list[SourceDefect], pa.Table]:
    """Return the stations as published, what is wrong with them, and each one's true shift against its region in °C."""
    codes = [*(r.code for r in REGIONS), parameters.CORSE_CODE]
    stations = [
        (position, which)
        for position, d in enumerate(territories.departements)
        if not d.is_overseas
        for which in range(2)
    ]
    people = np.array([d.people for d in territories.departements])
    altitudes = np.array([d.altitude_m for d in territories.departements], dtype=np.float64)
    regions = np.array([d.region for d in territories.departements])
    mean_altitude = np.bincount(regions, altitudes * people) / np.bincount(regions, people)
    position, which = np.array(stations).T
    altitude = np.round(altitudes[position] * np.array([_LOW, _HIGH])[which])
    offset = rng.normal(0, _OFFSET_C, len(territories.departements))[position]
    shift = offset + LAPSE_C_PER_KM * (altitude - mean_altitude[regions[position]]) / 1_000
    row_of = np.array([codes.index(territories.region_codes[territories.departements[p].region]) for p in position])
    days: Days = weather.days
    noise = rng.normal(0, _NOISE_C, (len(stations), len(days)))
    values = {
        name: np.round(published[row_of] + shift[:, None] + noise, 1)
        for name, published in (("tn", weather.tmin), ("tx", weather.tmax), ("tm", weather.tmoy))
    }
    latitude, longitude = _places(rng, territories, position)
    numbers_of = [_number(territories.departements[p].code, w) for p, w in stations]
    station, day = (axis.ravel() for axis in np.indices(noise.shape, dtype=np.int32))
    columns = {
        "num_poste": label_column(numbers_of, station),
        "nom_usuel": label_column(
            [f"STATION SIMULEE {territories.departements[p].code}-{w + 1}" for p, w in stations], station
        ),
        "lat": pa.array(latitude[station]),
        "lon": pa.array(longitude[station]),
        "alti": pa.array(altitude[station]),
        "aaaammjj": pa.array(days[day]),
    }
    defects = []
    size = noise.size
    doubtful = rng.choice(size, size=DOUBTFUL, replace=False)
    for name, celsius in values.items():
        missing = rng.choice(size, size=MISSING, replace=False)
        word = rng.integers(0, 2, MISSING)
        columns[name] = _texts(celsius.ravel(), missing, word)
        quality = np.zeros(size, dtype=np.int32)
        quality[doubtful] = 1
        quality[missing] = -1
        columns[f"q{name}"] = label_column(("1", "2"), quality)
        defects += [
            SourceDefect(
                STATIONS,
                "value_unavailable",
                numbers_of[station[i]],
                date_day=days[day[i]],
                column_name=name,
                value_true=float(celsius.ravel()[i]),
            )
            for i in missing
        ]
    truth = pa.table(
        {
            "station_code": numbers_of,
            "departement_code": [territories.departements[p].code for p in position],
            "altitude_m": altitude,
            "temperature_shift_c": shift,
        }
    )
    return pa.table(columns), defects, truth


def _texts(celsius: Floats, missing: Ints, word: Ints) -> pa.Array:
    """Return tenths of a degree as text, `mq` or nothing where a value is missing."""
    tenths = np.round(celsius * 10).astype(np.int64)
    low, high = int(tenths.min()), int(tenths.max())
    position = tenths - low
    position[missing] = np.where(word == 1, high - low + 1, -1)
    return label_column([*(f"{value / 10:.1f}" for value in range(low, high + 1)), "mq"], position)


def _number(departement: str, which: int) -> str:
    """Return a station's number: département (20 for Corse), commune, order; communes that INSEE gives to none."""
    prefix = "20" if departement in ("2A", "2B") else departement
    place = 951 + which + (10 if departement == "2B" else 0)
    return f"{prefix}{place}001"


def _places(rng: np.random.Generator, territories: Territories, position: Ints) -> tuple[Floats, Floats]:
    """Draw latitudes and longitudes around the centre of each station's region."""
    centre = {r.code: (r.latitude, r.longitude) for r in REGIONS}
    centre[parameters.CORSE_CODE] = (parameters.CORSE_LATITUDE, parameters.CORSE_LONGITUDE)
    at = np.array([centre[territories.region_codes[territories.departements[p].region]] for p in position])
    drawn = np.round(at + rng.uniform(-0.7, 0.7, at.shape), 4)
    return drawn[:, 0], drawn[:, 1]
