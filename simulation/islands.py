"""The hourly load of Corse and four overseas regions as EDF publishes it, and the weather overseas.

load = mean · weekday · shape(hour) + β_H · max(15 - T̃, 0) + β_C · max(T̃ - 22, 0) + noise, T̃ the smoothed temperature of
the Paris-local day. Corse has the temperature that ODRÉ publishes, the others the one their SYNOP station observes.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation.calendars import Calendar
from simulation.defects import SourceDefect
from simulation.parameters import COOLING_BY_HOUR, HEATING_BY_HOUR, SHAPE_PER_MILLE, Days, Floats
from simulation.synop import HOURS, MISSING
from simulation.tables import slot_instants
from simulation.tabulate import label_column, numbers
from simulation.weather import Weather

LOAD = "courbe-de-charge-de-la-production-delectricite-par-filiere"
HEATING_C, COOLING_C = 15.0, 22.0
_WEEKEND = 0.92
_NOISE, _MEMORY, _HOURLY_NOISE = 0.02, 0.7, 0.01
_IMPORTED = 0.3
_KELVIN = 273.15


@dataclass(frozen=True)
class Island:
    """A territory: names and codes, load (MW, MW/°C), and for those overseas climate (°C; which day is warmest)."""

    label: str
    region_code: str
    load_mean_mw: float
    heating_slope_mw_per_c: float
    cooling_slope_mw_per_c: float
    station_code: str = ""
    temperature_mean_c: float = 0.0
    temperature_amplitude_c: float = 0.0
    warmest_day: int = 230


ISLANDS = (
    Island("Corse", "94", 210.0, 8.0, 5.0),
    Island("Guadeloupe", "01", 160.0, 0.0, 7.0, "78897", 26.5, 1.6),
    Island("Guyane", "03", 85.0, 0.0, 4.0, "81405", 26.6, 0.7, 270),
    Island("Martinique", "02", 140.0, 0.0, 6.0, "78925", 26.8, 1.5),
    Island("Réunion", "04", 320.0, 0.0, 10.0, "61980", 24.3, 2.7, 40),
)


@dataclass(frozen=True)
class IslandWeather:
    """Mean temperature of each Paris-local day, °C, shape (islands, days)."""

    days: Days
    tmoy: Floats


def draw_weather(rng: np.random.Generator, weather: Weather) -> IslandWeather:
    """Draw the weather overseas; Corse has its own already."""
    day_of_year = (weather.days - weather.days.astype("datetime64[Y]")).astype(np.float64) + 1
    series = [weather.tmoy[-1]]
    for island in ISLANDS[1:]:
        cycle = np.cos(2 * np.pi * (day_of_year - island.warmest_day) / 365.25)
        series.append(
            island.temperature_mean_c
            + island.temperature_amplitude_c * cycle
            + 0.9 * _lasting(rng, len(day_of_year), 0.6)
        )
    return IslandWeather(weather.days, np.stack(series))


def observations(weather: IslandWeather) -> pa.Table:
    """Return the SYNOP observations overseas: the mean of the day and a daily cycle, no wind, cloud or humidity."""
    stations = [(row, island.station_code) for row, island in enumerate(ISLANDS) if island.station_code]
    shape = (len(stations), len(weather.days), len(HOURS))
    station, day, hour = (axis.ravel() for axis in np.indices(shape, dtype=np.int32))
    cycle = 2.5 * np.cos(2 * np.pi * (HOURS - 14) / 24)
    celsius = weather.tmoy[[row for row, _ in stations]][..., None] + cycle
    nothing = pa.nulls(celsius.size, pa.float64())
    return pa.table(
        {
            "numer_sta": label_column([code for _, code in stations], station),
            # Eight observations of one day of Paris: 00:00 UTC is 01:00 or 02:00 there, 21:00 is 22:00 or 23:00.
            "date": pa.array(weather.days[day].astype("datetime64[ms]") + HOURS[hour].astype("timedelta64[h]")),
            "t": numbers(np.round(celsius + _KELVIN, 2).ravel()),
            "ff": nothing,
            "u": nothing,
            "n": nothing,
        }
    )


def load_table(
    rng: np.random.Generator, calendar: Calendar, weather: IslandWeather
) -> tuple[pa.Table, list[SourceDefect], pa.Table]:
    """Return the hourly load as published, what is wrong with it, and the planted slopes."""
    midnights = slot_instants(calendar)[:, 0]
    first = midnights[0].astype("datetime64[h]")
    hours = np.arange(first, calendar.days[-1].astype("datetime64[h]") + np.timedelta64(23, "h"))
    day = np.searchsorted(midnights, hours.astype(midnights.dtype), side="right") - 1
    hour = (hours - midnights[day].astype("datetime64[h]")).astype(np.int64) % 24
    lead = len(weather.days) - len(calendar.days)
    t = weather.tmoy
    smoothed = ((t[:, 2:] + 0.5 * t[:, 1:-1] + 0.25 * t[:, :-2]) / 1.75)[:, lead - 2 :]
    weekday = (calendar.days.astype(np.int64) + 3) % 7
    shape = np.array(SHAPE_PER_MILLE["working_day"][0][::2], dtype=np.float64)
    heating, cooling = (np.array(factors) / np.mean(factors) for factors in (HEATING_BY_HOUR, COOLING_BY_HOUR))
    values = []
    for row, island in enumerate(ISLANDS):
        noise = 1 + _NOISE * _lasting(rng, len(calendar.days), _MEMORY)
        level = island.load_mean_mw * np.where(weekday >= 5, _WEEKEND, 1.0) * noise
        cold, warm = np.maximum(HEATING_C - smoothed[row], 0), np.maximum(smoothed[row] - COOLING_C, 0)
        load = level[day] * (shape / shape.mean())[hour]
        load += island.heating_slope_mw_per_c * cold[day] * heating[hour]
        load += island.cooling_slope_mw_per_c * warm[day] * cooling[hour]
        values.append(load * (1 + _HOURLY_NOISE * rng.standard_normal(len(hours))))
    published: Floats = np.round(np.stack(values), 2)
    missing = rng.choice(published.size, size=MISSING, replace=False)
    defects = [
        SourceDefect(
            LOAD,
            "value_unavailable",
            ISLANDS[i // len(hours)].region_code,
            date_day=calendar.days[day[i % len(hours)]],
            period_start_at_utc=hours[i % len(hours)].astype("datetime64[us]"),
            column_name="production_totale_mw",
            value_true=float(published.ravel()[i]),
        )
        for i in missing
    ]
    is_joined = np.array([island.region_code == "94" for island in ISLANDS])
    imported: Floats = (_IMPORTED * published * is_joined[:, None]).ravel()
    total: Floats = published.ravel().copy()
    total[missing] = np.nan
    place, moment = (axis.ravel() for axis in np.indices(published.shape, dtype=np.int32))
    table = pa.table(
        {
            "territoire": label_column([island.label for island in ISLANDS], place),
            "date_heure": pa.array(hours[moment].astype("datetime64[ms]")),
            "statut": label_column(["Validé"], np.zeros(total.size, dtype=np.int32)),
            "production_totale_mw": numbers(total),
            "importations_mw": numbers(np.round(imported, 2)),
            "thermique_mw": numbers(np.round(0.7 * published.ravel(), 2)),
        }
    )
    truth = pa.table(
        {
            "region_code": [island.region_code for island in ISLANDS],
            "heating_slope_mw_per_c": [island.heating_slope_mw_per_c for island in ISLANDS],
            "cooling_slope_mw_per_c": [island.cooling_slope_mw_per_c for island in ISLANDS],
        }
    )
    return table, defects, truth


def _lasting(rng: np.random.Generator, days: int, memory: float) -> Floats:
    """Draw a series of variance one in which a day resembles the day before."""
    lasting: Floats = np.sqrt(1 - memory**2) * rng.standard_normal(days)
    for i in range(1, days):
        lasting[i] += memory * lasting[i - 1]
    return lasting
