"""What the simulated regions look like: their loads, their climates, the shapes of days and the noise around them.

Numbers that one source alone needs (its categories, filières, dwellings, stations, planted defects) stand in the module
that writes it. These here are measured on the public files of RTE and Weathernews on ODRÉ (load 2016-2019, temperature
2016-2025) with the project's own method: slopes and balance points, day-class effects, hour factors and shapes are
least-squares estimates. `AR_COEFFICIENTS` is one autoregression of order 35 such that residuals of fits to noise
simulated with it have, on average, the coefficients of the real residuals inside calendar cells (each region's
standardised to variance one, pooled over the 12 regions, 16,200 days): coefficients estimated from residuals directly
are too short of memory, because the cells take up slow movements. They are typical values to simulate with, not results
to quote.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulation.seeds import named_regions

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]
Array = npt.NDArray[Any]
Days = npt.NDArray[np.datetime64]

SLOTS_PER_DAY = 48


@dataclass(frozen=True)
class Region:
    """One region: its code, where it lies, its load (MW, MW/°C, % of mean load) and its climate (°C)."""

    code: str
    latitude: float
    longitude: float
    load_mean_mw: float
    heating_slope_mw_per_c: float
    cooling_to_heating_ratio: float
    noise_pct: float
    """Root mean square of what a fit leaves over."""
    calendar_strength: float
    """Size of the day-class effects against the national ones; less spread than measured (0.5 to 1.3)."""
    august_pct: float
    temperature_mean_c: float
    temperature_amplitude_c: float
    temperature_noise_c: float
    temperature_range_c: float
    """Mean of tmax - tmin over the year."""
    gas_mean_mw: float
    terega_share: float
    """Part of the region's gas carried by Teréga; 0 where it has no network."""

    @property
    def label_fr(self) -> str:
        """The region's name."""
        return named_regions()[self.code].label_fr

    @property
    def school_zone(self) -> str:
        """The zone whose school holidays count."""
        return named_regions()[self.code].school_zone


REGIONS = (
    Region("11", 48.7, 2.5, 8120, 383, 0.25, 4.8, 0.97, -11.5, 12.9, 8.0, 3.3, 8.3, 8633, 0),
    Region("24", 47.5, 1.7, 2154, 108, 0.25, 5.9, 1.05, -6, 12.7, 7.9, 3.3, 9.9, 1826, 0),
    Region("27", 47.2, 4.8, 2468, 89, 0.21, 4.8, 1.15, -10, 12.4, 8.7, 3.3, 10.0, 2354, 0),
    Region("28", 49.1, 0.1, 3207, 145, 0.15, 4.6, 0.95, -7, 11.9, 6.8, 2.9, 8.2, 5131, 0),
    Region("32", 50.0, 2.8, 5800, 198, 0.15, 4.8, 0.97, -9, 11.9, 7.2, 3.0, 7.8, 8096, 0),
    Region("44", 48.7, 5.6, 5264, 157, 0.27, 4.3, 1.2, -10, 11.8, 8.6, 3.3, 9.8, 8495, 0),
    Region("52", 47.4, -0.8, 3124, 161, 0.15, 5.2, 1.2, -8, 13.4, 7.4, 3.2, 9.2, 2735, 0),
    Region("53", 48.2, -2.8, 2565, 151, 0.12, 5.7, 1.15, -6, 12.5, 5.9, 2.6, 7.9, 1841, 0),
    Region("75", 45.2, 0.2, 4992, 267, 0.25, 4.8, 0.85, -3, 14.2, 7.5, 3.1, 9.5, 3260, 0.49),
    Region("76", 43.7, 2.1, 4344, 249, 0.41, 4.4, 0.85, -2.5, 14.8, 8.4, 2.8, 10.3, 2211, 0.7),
    Region("84", 45.5, 4.6, 7636, 275, 0.26, 4.5, 1, -8.5, 12.7, 8.8, 3.3, 10.6, 5785, 0.005),
    Region("93", 44, 6.1, 4664, 242, 0.45, 3.7, 0.65, -1.5, 15.5, 8.8, 2.4, 10.2, 4793, 0),
)

CORSE_CODE = "94"
CORSE_LATITUDE, CORSE_LONGITUDE = 42.2, 9.1
CORSE_CLIMATE_C = (17.0, 7.7, 2.0, 9.9)
"""Mean, amplitude, noise and daily range of the one region whose temperature is published and whose load is not."""
CORSE_ENERGY_GWH = 2_300.0

DAY_CLASS_PCT = {
    "lockdown": -12.0,
    "public_holiday": -16.3,
    "christmas": -10.1,
    "bridge_day": -10.4,
    "saturday": -11.6,
    "sunday": -16.2,
    "august_weekday": -7.6,
    "monday": -1.9,
    "midweek": 0.0,
    "friday": -0.9,
    "monday_school_holiday": -3.5,
    "midweek_school_holiday": -1.5,
    "friday_school_holiday": -2.5,
}
"""Effect on the daily mean, % of mean load, against midweek outside school holidays; August is per region."""

SOBRIETY_LEVEL = 0.952
"""Level of the load from 2022-09-15 against before, apart from temperature."""

# One value an hour, the day's mean is 1 after normalising.
HEATING_BY_HOUR = (
    0.960, 0.990, 1.011, 1.005, 0.994, 1.010, 1.066, 1.115, 1.106, 1.070, 1.034, 0.996,
    0.960, 0.934, 0.895, 0.859, 0.870, 0.944, 1.086, 1.146, 1.078, 1.002, 0.940, 0.930,
)  # fmt: skip
COOLING_BY_HOUR = (
    0.82, 0.59, 0.57, 0.66, 0.73, 0.65, 0.29, 0.15, 0.18, 0.44, 0.77, 1.12,
    1.25, 1.43, 1.69, 1.92, 2.06, 2.08, 1.86, 1.13, 0.67, 0.67, 1.11, 1.04,
)  # fmt: skip

# Load apart from temperature at each half-hour, per mille of its daily mean: yearly mean, and what midwinter adds.
SHAPE_PER_MILLE: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "working_day": (
        (999, 951, 890, 875, 860, 848, 815, 797, 783, 783, 791, 821, 851, 909, 962, 1015, 1045, 1070, 1087, 1102, 1108,
         1111, 1117, 1123, 1134, 1129, 1134, 1114, 1105, 1102, 1080, 1067, 1051, 1035, 1023, 1016, 1021, 1033, 1062,
         1068, 1056, 1028, 1005, 992, 976, 987, 1042, 1026),
        (-7, -4, -2, -1, -1, 0, 0, 1, 0, 1, 1, 4, 7, 18, 27, 32, 29, 21, 14, 7, 2, -2, -6, -8, -10, -14, -15, -14, -14,
         -15, -15, -15, -14, -12, -10, -5, -1, 5, 11, 13, 12, 11, 6, -1, -6, -9, -11, -9),
    ),
    "saturday": (
        (1137, 1079, 1005, 984, 963, 943, 901, 877, 856, 846, 842, 850, 855, 870, 882, 905, 929, 968, 1005, 1041, 1060,
         1073, 1080, 1089, 1107, 1127, 1142, 1104, 1077, 1066, 1040, 1025, 1004, 988, 976, 973, 982, 997, 1024, 1039,
         1039, 1020, 1011, 1006, 1001, 1026, 1098, 1089),
        (1, 3, 3, 3, 2, 2, 2, 1, 1, 0, 0, -1, -2, -1, -1, -1, 0, 2, 5, 7, 7, 5, 3, 2, 1, 0, -1, -2, -3, -4, -6, -7, -9,
         -10, -10, -10, -7, -5, 1, 8, 11, 10, 8, 2, -1, -3, -3, 1),
    ),
    "sunday": (
        (1153, 1099, 1026, 1005, 984, 960, 915, 887, 863, 849, 841, 841, 838, 841, 842, 853, 870, 903, 940, 980, 1011,
         1038, 1057, 1076, 1099, 1126, 1142, 1096, 1060, 1044, 1017, 1002, 983, 968, 960, 963, 981, 1008, 1046, 1074,
         1085, 1075, 1074, 1072, 1066, 1087, 1158, 1142),
        (5, 8, 10, 8, 8, 8, 6, 3, 1, -2, -5, -7, -9, -10, -14, -18, -22, -22, -19, -13, -7, -3, 1, 3, 4, 5, 4, 3, 0, -1,
         -2, -2, -3, -3, -2, 0, 6, 12, 16, 20, 21, 19, 15, 4, -3, -7, -8, -6),
    ),
}  # fmt: skip

AR_COEFFICIENTS = (
    0.9143, -0.1230, -0.0652, 0.0269, 0.0348, 0.0515, 0.0417, -0.0392, -0.0324, 0.0523, -0.0015, -0.0504,
    0.0498, -0.0149, 0.0303, -0.0239, 0.0208, -0.0259, 0.0400, -0.0040, 0.0175, 0.0207, -0.0185, -0.0049,
    0.0231, 0.0078, 0.0195, -0.0231, -0.0180, 0.0164, 0.0006, -0.0197, 0.0173, -0.0308, 0.0263,
)  # fmt: skip
AR_INNOVATION_SD = 0.518
"""Of the series of variance one."""
INSIDE_CELL_NOISE = 0.91
"""Part of the noise's standard deviation that a fit inside calendar cells still sees."""
NOISE_COMMON_LOADING = {"93": 0.7}
"""Correlation of a region's innovations with those that all share."""
NOISE_COMMON_LOADING_ELSEWHERE = 0.88

# Daily anomalies of temperature, variance one: a part common to all regions, which lasts, and a regional one, which
# lasts less and fades with distance. Together lag correlations of .80, .60, .43 and, after five days, .21.
TEMPERATURE_COMMON_SHARE = 0.75
TEMPERATURE_COMMON_AR = (1.2, -0.36)
TEMPERATURE_COMMON_INNOVATION_SD = 0.439
TEMPERATURE_REGIONAL_AR = 0.6
TEMPERATURE_REGIONAL_REACH_KM = 500.0
TEMPERATURE_COLDEST_DAY = 21
"""Day of the year at which the yearly cycle is lowest."""
