"""The true load of the 12 regions, half-hour by half-hour, and what it was made from.

    load = base · regime · (1 + day-class effect) · shape(half-hour)
         + β_H · heating(half-hour) · max(τ_H - T̃, 0)
         + β_C · cooling(half-hour) · max(T̃ - τ_C, 0)
         + noise

T̃ = (T + 0.5 T-1 + 0.25 T-2) / 1.75 of the region's daily mean temperature. Shape and hour factors have mean 1 over the
day, so the noise-free daily mean obeys the same formula without them. Slopes are near those measured, jittered by the
seed; they stay constant over time while the level falls by about 5 % on 2022-09-15. Noise: a daily autoregression of
order 35 whose innovations the regions share in part, spread over the day in proportion to its shape, plus smooth
deviations inside the day.
"""

from dataclasses import dataclass

import numpy as np

from simulation import parameters
from simulation.calendars import Calendar
from simulation.parameters import REGIONS, SLOTS_PER_DAY, Floats
from simulation.weather import Weather

BURN_IN_DAYS = 400
CELL_JITTER = 0.007
REGIME_JITTER = 0.008
INTRADAY_NOISE = 0.014
WHITE_NOISE = 0.0015
AUTUMN_REPEATED_SLOTS = (4, 5)
"""02:00 and 02:30: twice on the day of 25 hours, never on the day of 23."""


@dataclass(frozen=True)
class Slopes:
    """Planted parameters, one value a region: MW/°C, °C and MW."""

    heating_slope: Floats
    heating_balance_point: Floats
    cooling_slope: Floats
    cooling_balance_point: Floats


@dataclass(frozen=True)
class TrueLoad:
    """Loads in MW on the clock of 48 slots, shape (12, days, 48), as if every slot existed on every day."""

    slopes: Slopes
    level: Floats
    """Noise-free mean of the day without temperature, shape (12, days)."""
    noise_free: Floats
    load: Floats


def local_daily_mean(calendar: Calendar, values: Floats, first: int = 0) -> Floats:
    """Average over the half-hours that the local day really has: 46, 48 or 50; `values` begin at day `first`."""
    mean: Floats = values.mean(axis=-1)
    extra = values[..., AUTUMN_REPEATED_SLOTS].sum(axis=-1)
    spring, autumn = (
        [day - first for day in days if day >= first] for days in (calendar.spring_days, calendar.autumn_days)
    )
    mean[..., spring] = (48 * mean[..., spring] - extra[..., spring]) / 46
    mean[..., autumn] = (48 * mean[..., autumn] + extra[..., autumn]) / 50
    return mean


def hours_of_days(calendar: Calendar) -> Floats:
    """Return the hours of each local day: 23, 24 or 25."""
    hours = np.full(len(calendar.days), 24.0)
    hours[calendar.spring_days], hours[calendar.autumn_days] = 23, 25
    return hours


def draw_slopes(rng: np.random.Generator) -> Slopes:
    """Draw slopes and balance points near the measured ones."""
    count = len(REGIONS)
    heating = np.array([r.heating_slope_mw_per_c for r in REGIONS]) * rng.uniform(0.92, 1.08, count)
    ratio = np.array([r.cooling_to_heating_ratio for r in REGIONS]) * rng.uniform(0.85, 1.0, count)
    return Slopes(
        heating_slope=heating,
        # Neighbours resemble one another: 13.7..16.3 in all, 1.6 apart at most under one seed.
        heating_balance_point=np.round(rng.uniform(14.5, 15.5) + rng.uniform(-0.8, 0.8, count), 1),
        cooling_slope=heating * ratio,
        cooling_balance_point=np.round(rng.uniform(19.5, 22.5, count), 1),
    )


def by_half_hour(by_hour: tuple[float, ...]) -> Floats:
    """Spread 24 hourly factors over 48 half-hours, mean 1."""
    values = np.repeat(np.array(by_hour), 2)
    following = np.roll(values, -1)
    factors: Floats = (values + np.roll(values, 1) + following) / 3
    factors /= factors.mean()
    return factors


def draw_regime_levels(rng: np.random.Generator, calendar: Calendar) -> Floats:
    """Draw the level of each region in each regime, returned by day, shape (12, days)."""
    levels = {
        regime: 1 + REGIME_JITTER * (0.7 * rng.standard_normal() + 0.7 * rng.standard_normal(len(REGIONS)))
        for regime in sorted(set(calendar.regimes))
    }
    return np.stack(
        [levels[regime] * (parameters.SOBRIETY_LEVEL if regime >= "2022b" else 1.0) for regime in calendar.regimes],
        axis=1,
    )


def draw_class_effects(rng: np.random.Generator, calendar: Calendar) -> Floats:
    """Draw day-class effects as a part of the region's mean load, a little other in each cell, shape (12, days)."""
    effects = np.empty((len(REGIONS), len(calendar.days)))
    for i, region in enumerate(REGIONS):
        strength = region.calendar_strength * rng.uniform(0.95, 1.05)
        pct = {name: strength * value for name, value in parameters.DAY_CLASS_PCT.items()}
        pct["august_weekday"] = region.august_pct
        cells = list(zip(calendar.regimes, calendar.classes[region.school_zone], strict=True))
        jitter = {cell: CELL_JITTER * rng.standard_normal() for cell in sorted(set(cells))}
        effects[i] = [pct[cell[1]] / 100 + jitter[cell] for cell in cells]
    return effects


def draw_shapes(rng: np.random.Generator, calendar: Calendar) -> Floats:
    """Return the shape of each day, mean 1 over 48 slots, with a small trait of each region, shape (12, days, 48)."""
    day_of_year = (calendar.days - calendar.days.astype("datetime64[Y]")).astype(np.float64) + 1
    winter = np.cos(2 * np.pi * (day_of_year - 15) / 365.25)
    by_kind = {
        kind: (np.array(mean) + winter[:, None] * np.array(amplitude)) / 1000
        for kind, (mean, amplitude) in parameters.SHAPE_PER_MILLE.items()
    }
    shape_of_class = {"saturday": "saturday", "sunday": "sunday", "public_holiday": "sunday"}
    angle = 2 * np.pi * np.arange(SLOTS_PER_DAY) / SLOTS_PER_DAY
    traits = sum(
        np.outer(rng.normal(0, 0.012 / k, len(REGIONS)), np.cos(k * angle))
        + np.outer(rng.normal(0, 0.012 / k, len(REGIONS)), np.sin(k * angle))
        for k in (1, 2, 3)
    )
    shapes = np.empty((len(REGIONS), len(calendar.days), SLOTS_PER_DAY))
    for i, region in enumerate(REGIONS):
        kinds = np.array([shape_of_class.get(c, "working_day") for c in calendar.classes[region.school_zone]])
        for kind, values in by_kind.items():
            shapes[i, kinds == kind] = values[kinds == kind]
    shapes *= 1 + np.asarray(traits)[:, None, :]
    shapes /= shapes.mean(axis=2, keepdims=True)
    return shapes


def draw_daily_noise(rng: np.random.Generator, count: int) -> Floats:
    """Return daily noise as a part of each region's mean load, shape (12, count)."""
    shared = np.array(
        [parameters.NOISE_COMMON_LOADING.get(r.code, parameters.NOISE_COMMON_LOADING_ELSEWHERE) for r in REGIONS]
    )
    total = BURN_IN_DAYS + count
    innovations = parameters.AR_INNOVATION_SD * (
        shared * rng.standard_normal((total, 1)) + np.sqrt(1 - shared**2) * rng.standard_normal((total, len(REGIONS)))
    )
    order = len(parameters.AR_COEFFICIENTS)
    latest_first = np.array(parameters.AR_COEFFICIENTS)
    series = np.zeros((total, len(REGIONS)))
    for i in range(order, total):
        series[i] = latest_first @ series[i - order : i][::-1] + innovations[i]
    sizes = np.array([r.noise_pct for r in REGIONS]) / 100 / parameters.INSIDE_CELL_NOISE
    noise: Floats = (series[BURN_IN_DAYS:] * sizes).T
    return noise


def spread_over_the_day(daily: Floats) -> Floats:
    """Spread daily values over 48 slots so that the day keeps its mean and midnight has no step."""
    step = np.diff(daily, axis=1, prepend=daily[:, :1], append=daily[:, -1:])
    before, after = step[:, :-1, None], step[:, 1:, None]
    u = (np.arange(SLOTS_PER_DAY) + 0.5) / SLOTS_PER_DAY
    curve = -before / 2 + (before + after) / 2 * u + 1.5 * (before - after) * u * (1 - u)
    spread: Floats = daily[:, :, None] + curve - curve.mean(axis=2, keepdims=True)
    return spread


def draw_intraday_noise(rng: np.random.Generator, count: int) -> Floats:
    """Return smooth deviations of a few hours, shared in part by the regions, shape (12, count, 48)."""
    length = count * SLOTS_PER_DAY
    kernel = np.hanning(15)
    kernel /= np.sqrt((kernel**2).sum())
    common = rng.standard_normal(length)
    mixed = 0.85 * common + 0.53 * rng.standard_normal((len(REGIONS), length))
    smooth = np.stack([np.convolve(row, kernel, mode="same") for row in mixed])
    noise = INTRADAY_NOISE * smooth + WHITE_NOISE * rng.standard_normal((len(REGIONS), length))
    return noise.reshape(len(REGIONS), count, SLOTS_PER_DAY)


def simulate_load(rng: np.random.Generator, calendar: Calendar, weather: Weather) -> TrueLoad:
    """Draw the true load."""
    slopes = draw_slopes(rng)
    smoothed = weather.smoothed()[: len(REGIONS)]
    heating = slopes.heating_slope[:, None] * np.maximum(slopes.heating_balance_point[:, None] - smoothed, 0)
    cooling = slopes.cooling_slope[:, None] * np.maximum(smoothed - slopes.cooling_balance_point[:, None], 0)
    mean_load = np.array([r.load_mean_mw for r in REGIONS])[:, None]
    regimes, effects = draw_regime_levels(rng, calendar), draw_class_effects(rng, calendar)
    mean_effect = effects.mean(axis=1, keepdims=True)
    base = mean_load * (1 - mean_effect) - (heating + cooling).mean(axis=1, keepdims=True)
    level = regimes * (base + mean_load * effects)
    shapes = draw_shapes(rng, calendar)
    noise_free = level[:, :, None] * shapes
    noise_free += heating[:, :, None] * by_half_hour(parameters.HEATING_BY_HOUR)
    noise_free += cooling[:, :, None] * by_half_hour(parameters.COOLING_BY_HOUR)
    count = len(calendar.days)
    noise = spread_over_the_day(draw_daily_noise(rng, count)) * mean_load[:, :, None] * shapes
    load = noise_free + noise + draw_intraday_noise(rng, count) * noise_free
    return TrueLoad(slopes=slopes, level=level, noise_free=noise_free, load=np.round(load))
