"""Temperatures of the days after the last one, as a weather forecast made then might tell them."""

import numpy as np
import pyarrow as pa

from simulation.parameters import CORSE_CODE, REGIONS
from simulation.tabulate import numbers, text_column
from simulation.weather import Weather

COMING = "temperatures-prevues-regionales"
DAYS_AHEAD = 14
_KEPT_A_DAY = 0.8
"""How much of what a day is warmer than usual the day after keeps."""
_ERROR_C = 0.5


def coming_table(rng: np.random.Generator, weather: Weather) -> pa.Table:
    """Return `temperatures-prevues-regionales`: what is usual on each day, and what is left of the last one's.

    The last day itself, which is observed by now, is in the file too, as it is where a forecast was made on that day.
    """
    ahead = np.arange(DAYS_AHEAD + 1)
    last = len(weather.days) - 1
    usual = np.mean([weather.tmoy[:, last - back + ahead] for back in range(365, last, 365)], axis=0)
    left = (weather.tmoy[:, [last]] - usual[:, :1]) * _KEPT_A_DAY**ahead
    expected = usual + left
    expected[:, 1:] += _ERROR_C * rng.standard_normal(DAYS_AHEAD)
    region, day = (axis.ravel() for axis in np.indices(expected.shape))
    return pa.table(
        {
            "date": pa.array((weather.days[-1] + ahead)[day]),
            "code_insee_region": text_column([*(r.code for r in REGIONS), CORSE_CODE], region),
            "tmoy": numbers(np.round(expected.ravel(), 1)),
        }
    )
