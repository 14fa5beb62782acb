"""Daily temperatures of the 13 regions: a yearly cycle and weather that neighbouring regions share.

Anomalies have a common part, autoregressive of order 2, and a regional one of order 1 whose correlation falls with
distance: .96 at 130 km and .73 at 900 km together. Winters vary more than summers.
"""

from dataclasses import dataclass

import numpy as np

from simulation import parameters
from simulation.parameters import REGIONS, Days, Floats

LEAD_IN_DAYS = 31
"""Days of temperature before the first day of load, so that smoothing has what it needs."""
BURN_IN_DAYS = 200
REGIONAL_BOUND = 2.0
"""Standard deviations."""
COLDEST_C, HOTTEST_C = -12.0, 42.0


@dataclass(frozen=True)
class Weather:
    """Temperatures in °C, shape (13 regions, days); the 12 regions of `REGIONS` first, then Corse."""

    days: Days
    tmin: Floats
    tmax: Floats
    tmoy: Floats

    def smoothed(self) -> Floats:
        """Return (T + 0.5 T-1 + 0.25 T-2) / 1.75 for the days after the lead-in, shape (13, days of load)."""
        t = self.tmoy
        weighted = (t[:, 2:] + 0.5 * t[:, 1:-1] + 0.25 * t[:, :-2]) / 1.75
        return weighted[:, LEAD_IN_DAYS - 2 :]


def distances_km() -> Floats:
    """Return the distances between the centres of the 13 regions."""
    latitude = np.radians([*(r.latitude for r in REGIONS), parameters.CORSE_LATITUDE])
    longitude = np.radians([*(r.longitude for r in REGIONS), parameters.CORSE_LONGITUDE])
    north = latitude[:, None] - latitude[None, :]
    east = (longitude[:, None] - longitude[None, :]) * np.cos((latitude[:, None] + latitude[None, :]) / 2)
    kilometres: Floats = 6371.0 * np.hypot(north, east)
    return kilometres


def anomalies(rng: np.random.Generator, count: int) -> Floats:
    """Return standardised anomalies, shape (13, count)."""
    root = np.linalg.cholesky(np.exp(-((distances_km() / parameters.TEMPERATURE_REGIONAL_REACH_KM) ** 1.5)))
    total = BURN_IN_DAYS + count
    common = parameters.TEMPERATURE_COMMON_INNOVATION_SD * rng.standard_normal(total)
    regional = np.sqrt(1 - parameters.TEMPERATURE_REGIONAL_AR**2) * rng.standard_normal((total, len(root))) @ root.T
    first, second = parameters.TEMPERATURE_COMMON_AR
    for i in range(2, total):
        common[i] += first * common[i - 1] + second * common[i - 2]
        regional[i] += parameters.TEMPERATURE_REGIONAL_AR * regional[i - 1]
    share = parameters.TEMPERATURE_COMMON_SHARE
    # Regions do not part without bound: rare contrasts would look like values of other regions.
    bounded = np.clip(regional, -REGIONAL_BOUND, REGIONAL_BOUND)
    series: Floats = np.sqrt(share) * common[:, None] + np.sqrt(1 - share) * bounded
    return series[BURN_IN_DAYS:].T


def simulate_weather(rng: np.random.Generator, load_days: Days) -> Weather:
    """Draw the temperatures of the days of load and of the lead-in before them, to a hundredth of a degree."""
    days = np.arange(load_days[0] - LEAD_IN_DAYS, load_days[-1] + 1)
    day_of_year = (days - days.astype("datetime64[Y]")).astype(np.float64) + 1
    winter = np.cos(2 * np.pi * (day_of_year - parameters.TEMPERATURE_COLDEST_DAY) / 365.25)
    climate = np.array(
        [
            *(
                (r.temperature_mean_c, r.temperature_amplitude_c, r.temperature_noise_c, r.temperature_range_c)
                for r in REGIONS
            ),
            parameters.CORSE_CLIMATE_C,
        ]
    )
    mean, amplitude, noise, span = (climate[:, [i]] for i in range(4))
    mid = mean - amplitude * winter + noise * (1 + 0.1 * winter) * anomalies(rng, len(days))
    width = np.maximum(span * (1 - 0.3 * winter) + 3.3 * rng.standard_normal(mid.shape), 1.5)
    tmin = np.round(np.clip(mid - width / 2, COLDEST_C, HOTTEST_C), 2)
    tmax = np.round(np.clip(mid + width / 2, COLDEST_C, HOTTEST_C), 2)
    return Weather(days=days, tmin=tmin, tmax=tmax, tmoy=np.round((tmin + tmax) / 2 + 1e-9, 2))
