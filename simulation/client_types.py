"""Half-hourly energy by client type of Enedis, with a planted heating slope for each.

    load of a client type = share of the region's load without temperature, with its own shape over the day
               + its slopes · the region's degree-hours
               + share of the region's noise, and noise of its own

Heating and cooling slopes of the three client types and of the rest (clients of the transmission grid, other networks,
losses) add up to the region's. Balance points and hours are the region's for all, so that sums of hinges are hinges.
Fewer profiles and power bands than the portal publishes. Totals are always there, what they sum is not: a band of few
clients is secret.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import parameters
from simulation.calendars import Calendar
from simulation.load import AUTUMN_REPEATED_SLOTS, TrueLoad, by_half_hour, draw_daily_noise
from simulation.parameters import REGIONS, SLOTS_PER_DAY, Days, Floats, Ints
from simulation.tabulate import label_column

YEARS = 3
"""The portal keeps three years."""
CLIENT_TYPES = ("RES", "PRO", "ENT")

# Means over the regions; each region differs a little.
LEVEL_SHARES = np.array([0.30, 0.10, 0.37])
HEATING_SHARES = np.array([0.70, 0.07, 0.13])
COOLING_SHARES = np.array([0.15, 0.20, 0.45])
NOISE_SHARES = np.array([0.40, 0.08, 0.2])
"""Much of the noise is weather other than temperature, which homes feel most."""
OWN_NOISE = 0.25
"""Size of a client type's own noise against the region's."""

# Two harmonics of the day, added to the region's shape: homes peak in the evening, firms at noon.
_SHAPES = {"RES": (-0.02, -0.10, 0.05, -0.08), "PRO": (-0.12, -0.02, 0.02, 0.02), "ENT": (-0.08, 0.05, -0.01, 0.02)}

_ROUNDED_TO_WH = 10_000
"""The portal publishes whole Wh; ten kWh keep the simulated lake small and are 0.002 % of a half-hour."""

ENEDIS_LABELS_FR = {"75": "Nouvelle Aquitaine", "44": "Grand-Est"}
SMALL, LARGE = "conso-inf36-region", "conso-sup36-region"


@dataclass(frozen=True)
class Series:
    """One published series: its part of a client type, and the labels it goes by; totals have no part of their own."""

    client_type: str
    profile: str
    band: str
    sector: str | None
    part: float | None
    is_secret: bool = False
    """Not published, though its total holds it."""


SERIES = (
    Series("RES", "RES2 (+ RES5)", "P3: ]6-9] kVA", None, 0.62),
    Series("RES", "RES2 (+ RES5)", "P4: ]9-12] kVA", None, 0.38),
    Series("RES", "RES2 (+ RES5)", "P0: Total <= 36 kVA", None, None),
    Series("PRO", "PRO1 (+ PRO1WE)", "P4: ]9-12] kVA", None, 1.0, is_secret=True),
    Series("PRO", "PRO1 (+ PRO1WE)", "P0: Total <= 36 kVA", None, None),
    Series("ENT", "ENT1 (+ ENT2)", "P1: ]36-120] kVA", "S3: Tertiaire", 0.20, is_secret=True),
    Series("ENT", "ENT1 (+ ENT2)", "P2: ]120-250] kVA", "S3: Tertiaire", 0.25),
    Series("ENT", "ENT1 (+ ENT2)", "P3: Total ]36-250] kVA", "S3: Tertiaire", None),
    Series("ENT", "ENT3 (+ ENT4 + ENT5)", "P6: > 2000 kVA", "S2: Industrie", 0.55, is_secret=True),
    Series("ENT", "ENT3 (+ ENT4 + ENT5)", "P7: Total > 250 kVA", "S2: Industrie", None),
)
DETAILS = {series: series.part for series in SERIES if series.part is not None}


@dataclass(frozen=True)
class ClientTypeSlopes:
    """Planted slopes of the client types of Enedis, MW/°C, shape (3, 12); `residential` is of all networks."""

    heating: Floats
    cooling: Floats
    level_share: Floats
    residential: Floats


@dataclass(frozen=True)
class ClientTypeLoad:
    """Load of the client types in MW on the clock of 48 slots, shape (3, 12, days, 48), of the last years only."""

    slopes: ClientTypeSlopes
    first: int
    """Position of the first day among the days of load."""
    load: Floats


def draw_client_type_slopes(rng: np.random.Generator, true_load: TrueLoad, served: Floats) -> ClientTypeSlopes:
    """Draw the parts of the client types in each region's slopes and level; Enedis serves the part `served` of each."""

    def parts(means: Floats) -> Floats:
        return np.asarray(means[:, None] * rng.uniform(0.93, 1.07, (len(CLIENT_TYPES), len(REGIONS))))

    heating_part = parts(HEATING_SHARES)
    return ClientTypeSlopes(
        heating=heating_part * served * true_load.slopes.heating_slope,
        cooling=parts(COOLING_SHARES) * served * true_load.slopes.cooling_slope,
        level_share=parts(LEVEL_SHARES) * served,
        residential=heating_part[0] * true_load.slopes.heating_slope,
    )


def simulate_client_types(
    rng: np.random.Generator, slopes: ClientTypeSlopes, calendar: Calendar, true_load: TrueLoad, smoothed: Floats
) -> ClientTypeLoad:
    """Draw the load of each client type over the last three years; `smoothed` is °C, shape (12 or more, days)."""
    last_year = calendar.days[-1].astype(object).year
    first = int(np.searchsorted(calendar.days, np.datetime64(f"{last_year - YEARS + 1}-01-01")))
    region = true_load.slopes
    t = smoothed[: len(REGIONS), first:]
    below = np.maximum(region.heating_balance_point[:, None] - t, 0)[..., None] * by_half_hour(
        parameters.HEATING_BY_HOUR
    )
    above = np.maximum(t - region.cooling_balance_point[:, None], 0)[..., None] * by_half_hour(
        parameters.COOLING_BY_HOUR
    )
    weather = region.heating_slope[:, None, None] * below + region.cooling_slope[:, None, None] * above
    without = true_load.noise_free[:, first:] - weather
    noise = true_load.load[:, first:] - true_load.noise_free[:, first:]
    days = below.shape[1]
    angle = 2 * np.pi * (np.arange(SLOTS_PER_DAY) + 0.5) / SLOTS_PER_DAY
    waves = np.stack([np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)])
    mean_mw = np.array([r.load_mean_mw for r in REGIONS])[:, None]
    load = np.empty((len(CLIENT_TYPES), *below.shape))
    for c, client_type in enumerate(CLIENT_TYPES):
        shape = 1 + np.array(_SHAPES[client_type]) @ waves
        load[c] = slopes.level_share[c][:, None, None] * shape * without
        load[c] += slopes.heating[c][:, None, None] * below + slopes.cooling[c][:, None, None] * above
        own_noise = OWN_NOISE * draw_daily_noise(rng, days) * mean_mw
        load[c] += NOISE_SHARES[c] * shape * (noise + own_noise[..., None])
    return ClientTypeLoad(slopes, first, load)


def published_wh(load: ClientTypeLoad) -> dict[Series, Floats]:
    """Return Wh of each half-hour and published series, shape (12, days, 48): totals are sums of their parts."""
    values: dict[Series, Floats] = {}
    for series, part in DETAILS.items():
        energy = part * load.load[CLIENT_TYPES.index(series.client_type)] * (1e6 / 2)
        values[series] = np.round(energy / _ROUNDED_TO_WH) * _ROUNDED_TO_WH
    for total in (s for s in SERIES if s.part is None):
        values[total] = np.sum([v for s, v in values.items() if s.profile == total.profile], axis=0)
    return values


def real_half_hours(calendar: Calendar, instants: Days, first: int) -> tuple[Ints, Ints, Days]:
    """Return day, slot and instant of every half-hour that exists from day `first` on, in order of time.

    `instants` are those of the published clock, shape (days, 48): two of them do not exist in spring, and two more do
    in autumn, an hour before the same clock time comes again.
    """
    day, slot = (axis.ravel() for axis in np.indices(instants.shape))
    is_spring, is_autumn = (np.isin(day, days) for days in (calendar.spring_days, calendar.autumn_days))
    is_repeated = np.isin(slot, AUTUMN_REPEATED_SLOTS)
    at = instants.ravel()
    real, again = (day >= first) & ~(is_spring & is_repeated), (day >= first) & is_autumn & is_repeated
    at = np.concatenate([at[real], at[again] - np.timedelta64(1, "h")])
    order = np.argsort(at, kind="stable")
    return (
        np.concatenate([day[real], day[again]])[order],
        np.concatenate([slot[real], slot[again]])[order],
        at[order],
    )


def client_type_tables(
    load: ClientTypeLoad, calendar: Calendar, instants: Days, points: dict[str, Ints]
) -> dict[str, pa.Table]:
    """Return both datasets of half-hours, ordered by their keys; `points` are delivery points by region."""
    values, counts = published_wh(load), published_points(points)
    day, slot, at = real_half_hours(calendar, instants, load.first)
    tables = {}
    for dataset, is_large in ((SMALL, False), (LARGE, True)):
        series = sorted(
            (s for s in SERIES if (s.client_type == "ENT") is is_large and not s.is_secret),
            key=lambda s: (s.profile, s.band),
        )
        energy = np.stack([values[s][:, day - load.first, slot] for s in series], axis=2)
        region, moment, which = (axis.ravel() for axis in np.indices(energy.shape, dtype=np.int32))
        columns = {
            "horodate": pa.array(at[moment]),
            "region": label_column([ENEDIS_LABELS_FR.get(r.code, r.label_fr) for r in REGIONS], region),
            "code_region": label_column([r.code for r in REGIONS], region),
            "profil": label_column([s.profile for s in series], which),
            "plage_de_puissance_souscrite": label_column([s.band for s in series], which),
        }
        if is_large:
            columns["secteur_activite"] = label_column([s.sector for s in series], which)
        columns["nb_points_soutirage"] = pa.array(np.stack([counts[s] for s in series], axis=1)[region, which])
        columns["total_energie_soutiree_wh"] = pa.array(energy.ravel().astype(np.int64))
        tables[dataset] = pa.table(columns)
    return tables


def published_points(points: dict[str, Ints]) -> dict[Series, Ints]:
    """Return the delivery points of each published series by region; totals are sums."""
    counts: dict[Series, Ints] = {}
    for series, part in DETAILS.items():
        counts[series] = np.round(points[series.client_type] * part).astype(np.int64)
    for total in (s for s in SERIES if s.part is None):
        counts[total] = np.sum([n for s, n in counts.items() if s.profile == total.profile], axis=0)
    return counts
