"""Yearly consumption by commune, operator, category and sector: the records that `annual_tables` sums.

Whole kWh, so that communes add up to every level exactly. In the years of the load, all that is delivered is a
fixed part of it; in the last three, what Enedis delivers to a client type is the sum of its half-hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation import parameters
from simulation.calendars import Calendar
from simulation.client_types import CLIENT_TYPES, ClientTypeLoad, ClientTypeSlopes
from simulation.geography import Territories, summed
from simulation.housing import Housing
from simulation.load import TrueLoad, hours_of_days, local_daily_mean
from simulation.networks import OPERATORS, TEREGA_REGIONS, network_groups, operators_of_communes
from simulation.parameters import REGIONS, Array, Floats, Ints

FIRST_YEAR = 2011
RECLASSIFIED_IN = 2018
"""Before, firms of up to 36 kVA were counted as residential."""
TRANSMISSION_MISSING_IN = 2011
DELIVERED_SHARE = 0.925
"""Of the load; the rest are losses."""
OVERSEAS_GWH = {"01": 1_600, "02": 1_450, "03": 880, "04": 2_800, parameters.CORSE_CODE: parameters.CORSE_ENERGY_GWH}
_ISLAND_SHARES = {"RES": 0.45, "PRO": 0.15, "ENT": 0.40}

_SECRET_SHARE = 0.06
"""Of the cells of few clients."""


@dataclass(frozen=True)
class Cell:
    """One kind of clients: category, sector, NAF division, part of its client type and mean kWh a year of one site."""

    carrier: str
    category: str
    sector: str
    naf: str | None
    part: float
    site_mwh: float
    is_transmission: bool = False
    is_often_secret: bool = False

    def sector_in(self, year: int) -> str:
        """Return the sector as published for a year."""
        is_before = self.carrier == "Electricité" and self.category == "PRO" and year < RECLASSIFIED_IN
        return "RESIDENTIEL" if is_before else self.sector


CELLS = (
    Cell("Electricité", "RES", "RESIDENTIEL", None, 1.0, 4.6),
    Cell("Electricité", "PRO", "TERTIAIRE", "47", 0.72, 9),
    Cell("Electricité", "PRO", "AGRICULTURE", "01", 0.09, 11),
    Cell("Electricité", "PRO", "INCONNU", None, 0.19, 8),
    Cell("Electricité", "ENT", "TERTIAIRE", "84", 0.6, 250),
    Cell("Electricité", "ENT", "INDUSTRIE", "10", 0.38, 650, is_often_secret=True),
    Cell("Electricité", "ENT", "AGRICULTURE", "01", 0.02, 120, is_often_secret=True),
    Cell("Electricité", "ENT", "INDUSTRIE", "24", 1.0, 90_000, is_transmission=True, is_often_secret=True),
    Cell("Gaz", "RES", "RESIDENTIEL", None, 1.0, 12),
    Cell("Gaz", "ENT", "TERTIAIRE", "84", 1.0, 180),
    Cell("Gaz", "ENT", "INDUSTRIE", "10", 0.35, 3_000, is_often_secret=True),
    Cell("Gaz", "ENT", "INDUSTRIE", "20", 0.65, 200_000, is_transmission=True, is_often_secret=True),
)
# Gas by inhabitant and year, MWh, as magnitudes.
_GAS_MWH = {"RESIDENTIEL": 2.1, "TERTIAIRE": 1.3, "INDUSTRIE": 3.7}


@dataclass(frozen=True)
class Records:
    """What everything is summed from, one value a record; `kwh` is published, 0 where `secret` is 1."""

    year: Ints
    cell: Ints
    commune: Ints
    operator: Ints
    kwh: Ints
    sites: Ints
    secret: Ints
    thermosensitive_kwh: Ints
    slope_w: Floats


@dataclass(frozen=True)
class RegionYears:
    """MWh by year and region of the load: client types on all networks, the load, and homes' heat for one MW/°C."""

    years: Ints
    client_types: Floats
    load: Floats
    degree_hours: Floats


def energies_of_client_types(
    rng: np.random.Generator,
    calendar: Calendar,
    true_load: TrueLoad,
    smoothed: Floats,
    slopes: ClientTypeSlopes,
    load: ClientTypeLoad,
    served: Floats,
) -> RegionYears:
    """Return yearly energies: simulated where there is load, extended with drawn winters to the years before it."""
    hours = hours_of_days(calendar)
    year_of_day = calendar.days.astype("datetime64[Y]").astype(np.int64) + 1970
    simulated = np.unique(year_of_day)

    def by_year(daily_mw: Floats, first: int = 0) -> Floats:
        energy = daily_mw * hours[first:]
        return np.stack([energy[..., year_of_day[first:] == y].sum(axis=-1) for y in np.unique(year_of_day[first:])])

    region = true_load.slopes
    t = smoothed[: len(REGIONS)]
    below = by_year(np.maximum(region.heating_balance_point[:, None] - t, 0))
    above = by_year(np.maximum(t - region.cooling_balance_point[:, None], 0))
    total = by_year(local_daily_mean(calendar, true_load.load))
    level = total - region.heating_slope * below - region.cooling_slope * above
    client_types = (
        slopes.level_share[None] * level[:, None]
        + slopes.heating[None] * below[:, None]
        + slopes.cooling[None] * above[:, None]
    )
    published = by_year(local_daily_mean(calendar, load.load, load.first), load.first)
    client_types[-len(published) :] = published
    client_types /= served
    years = np.arange(FIRST_YEAR, simulated[-1] + 1)
    before = len(years) - len(simulated)
    mildness = rng.uniform(0.85, 1.12, (before, 1)) * rng.uniform(0.97, 1.03, (before, len(REGIONS)))
    growth = rng.uniform(0.97, 1.03, (before, 1))
    earlier_below = below.mean(axis=0) * mildness
    heat_change = (earlier_below - below.mean(axis=0))[:, None] * slopes.heating[None] / served
    earlier = client_types.mean(axis=0)[None] * growth[:, None] + heat_change
    earlier_total = total.mean(axis=0) * growth + region.heating_slope * (earlier_below - below.mean(axis=0))
    return RegionYears(
        years,
        np.concatenate([earlier, client_types]),
        np.concatenate([earlier_total, total]),
        np.concatenate([earlier_below, below]),
    )


def simulate_records(
    rng: np.random.Generator, territories: Territories, housing: Housing, energies: RegionYears, served: Floats
) -> Records:
    """Draw every record: client types allocated to communes by dwellings, heat, people and industry."""
    count, years = len(territories.people), energies.years
    distributor = operators_of_communes(territories)
    loaded = territories.load_region[territories.region]
    group = network_groups(territories)
    islands = np.array([OVERSEAS_GWH.get(code, 0) * 1_000.0 for code in territories.region_codes])
    island_years = rng.uniform(0.97, 1.03, (len(years), 1)) * islands
    people = territories.people.astype(np.float64)
    is_industrial = rng.random(count) < 0.35
    weights = {
        "home": housing.mains * rng.uniform(0.85, 1.15, count),
        "TERTIAIRE": people * rng.lognormal(0, 0.35, count),
        "INDUSTRIE": people**0.8 * rng.lognormal(0, 0.8, count),
        "AGRICULTURE": people**0.3 * rng.lognormal(0, 0.4, count),
        "INCONNU": people * rng.lognormal(0, 0.2, count),
    }
    heat = housing.heating_slope_w_per_c / 1e6 * energies.degree_hours[:, np.clip(loaded, 0, None)] * (loaded >= 0)
    has_gas = (loaded >= 0) & ((rng.random(count) < 0.75) | np.array(territories.is_arrondissement))
    region_code = np.array(territories.region_codes)[territories.region]
    parts: list[tuple[int, Floats, Ints]] = []
    for number, cell in enumerate(CELLS):
        weight = weights["home" if cell.category == "RES" else cell.sector]
        if cell.carrier == "Gaz":
            mwh = _gas(rng, cell, territories, weight * has_gas, is_industrial.astype(np.float64), len(years))
            network = np.where(np.isin(region_code, TEREGA_REGIONS), "Teréga", "GRT Gaz")
            owner = (
                np.array([OPERATORS.index(n) for n in network])
                if cell.is_transmission
                else np.full(count, OPERATORS.index("GRDF"))
            )
        elif cell.is_transmission:
            rest = DELIVERED_SHARE * energies.load - energies.client_types.sum(axis=1)
            mwh = _shared(np.maximum(rest, 0.02 * energies.load), weight * is_industrial, loaded)
            mwh[years == TRANSMISSION_MISSING_IN] = 0
            owner = np.full(count, OPERATORS.index("RTE"))
        else:
            of_client_type = energies.client_types[:, CLIENT_TYPES.index(cell.category)] * cell.part
            # What Enedis delivers and what others do are shared out apart: the half-hours are Enedis's.
            by_group = np.stack([of_client_type * served, of_client_type * (1 - served)], axis=2).reshape(
                len(years), -1
            )
            if cell.category == "RES":
                burnt = _by_group(heat, group, by_group.shape[1])
                mwh = heat + _shared(by_group - burnt, weight, group)
            else:
                mwh = _shared(by_group, weight, group)
            on_islands = weight * (islands[territories.region] > 0)
            share = _ISLAND_SHARES[cell.category] * cell.part
            mwh += _shared(island_years * share, on_islands, territories.region)
            owner = distributor
        parts.append((number, mwh, owner))
    return _as_records(rng, years, parts, heat, housing, people)


def _gas(
    rng: np.random.Generator, cell: Cell, territories: Territories, weight: Floats, is_industrial: Floats, years: int
) -> Floats:
    if cell.is_transmission:
        weight = weight * is_industrial
    by_region = territories.by_region(territories.people.astype(np.float64)) * _GAS_MWH[cell.sector] * cell.part
    winters = rng.uniform(0.9, 1.1, (years, 1))
    return _shared(by_region * winters * (territories.load_region >= 0), weight, territories.region)


def _by_group(values: Floats, group: Ints, count: int) -> Floats:
    return summed(values[:, group >= 0], group[group >= 0], count)


def _shared(totals: Floats, weight: Floats, group: Ints) -> Floats:
    """Share out the totals of each year and group to its communes by weight; communes of group -1 get nothing."""
    sums = np.bincount(group[group >= 0], weight[group >= 0], minlength=totals.shape[1])
    part = np.where(group >= 0, weight / np.where(sums > 0, sums, 1)[group], 0)
    return np.asarray(totals[:, group] * part)


def _as_records(
    rng: np.random.Generator,
    years: Ints,
    parts: Sequence[tuple[int, Floats, Ints]],
    heat: Floats,
    housing: Housing,
    people: Floats,
) -> Records:
    count = len(people)
    hidden_commune = int(np.argsort(people)[count // 20])
    columns: dict[str, list[Array]] = {name: [] for name in Records.__dataclass_fields__}
    for number, mwh, owner in parts:
        cell = CELLS[number]
        year, commune = np.nonzero(mwh >= 0.001)
        mine = mwh[year, commune]
        is_home = cell.carrier == "Electricité" and cell.category == "RES"
        secret = np.zeros(count, dtype=np.int64)
        if cell.is_often_secret:
            # The smallest are secret: few clients, in every year.
            secret[rng.random(count) < _SECRET_SHARE * np.median(people) / np.maximum(people, np.median(people))] = 1
        secret[hidden_commune] = 1
        is_secret = secret[commune]
        sites = np.maximum(np.round(mwh.mean(axis=0) / cell.site_mwh), 1).astype(np.int64)
        if is_home:
            sites = np.round(housing.mains * 1.12).astype(np.int64)
        columns["year"].append(years[year])
        columns["cell"].append(np.full(len(year), number))
        columns["commune"].append(commune)
        columns["operator"].append(owner[commune])
        columns["kwh"].append(np.where(is_secret, 0, np.round(1_000 * mine)).astype(np.int64))
        columns["sites"].append(sites[commune])
        columns["secret"].append(is_secret)
        columns["thermosensitive_kwh"].append(
            (np.round(1_000 * heat[year, commune]) * (1 - is_secret)).astype(np.int64) * is_home
        )
        columns["slope_w"].append(housing.heating_slope_w_per_c[commune] * (1 - is_secret) * is_home)
    return Records(**{name: np.concatenate(values) for name, values in columns.items()})
