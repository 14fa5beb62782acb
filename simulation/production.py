"""Production by filière and region, exchanges between regions and with neighbours, injections on the transmission grid.

Half-hour by half-hour: load = production + pumping (negative) + physical exchange (imports positive), exactly. What the
regions import together is what France does; commercial exchanges follow it with programmes of their own.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation.calendars import Calendar
from simulation.defects import SourceDefect
from simulation.load import AUTUMN_REPEATED_SLOTS, TrueLoad, hours_of_days, local_daily_mean
from simulation.parameters import REGIONS, SLOTS_PER_DAY, Array, Days, Floats, Ints
from simulation.tabulate import label_column, numbers

YEARS = 3
FILIERES = ("thermique", "nucleaire", "eolien", "solaire", "hydraulique", "pompage", "bioenergies")
PRODUCTION, EXCHANGES = "eco2mix-regional-cons-def", "imports-exports-commerciaux"
INJECTIONS = "injections-regionales-quotidiennes-consolidees-rpt"

# Installed power in GW, rounded, to simulate with: thermal, nuclear, wind, solar, hydro, pumping, bioenergies.
INSTALLED_GW = {
    "11": (1.6, 0.0, 0.1, 0.2, 0.0, 0.0, 0.4),
    "24": (0.3, 11.6, 1.5, 0.6, 0.1, 0.0, 0.1),
    "27": (0.3, 0.0, 1.1, 0.5, 0.5, 0.0, 0.1),
    "28": (2.0, 11.0, 1.0, 0.3, 0.0, 0.0, 0.1),
    "32": (2.4, 5.5, 6.0, 0.5, 0.0, 0.0, 0.3),
    "44": (2.6, 10.8, 4.5, 1.0, 2.3, 0.8, 0.2),
    "52": (2.5, 0.0, 1.3, 0.9, 0.0, 0.0, 0.1),
    "53": (0.8, 0.0, 1.2, 0.4, 0.3, 0.2, 0.1),
    "75": (0.5, 6.6, 1.7, 4.2, 1.8, 0.0, 0.4),
    "76": (0.2, 2.7, 1.8, 3.0, 5.3, 0.9, 0.2),
    "84": (1.2, 13.7, 0.7, 1.9, 11.6, 1.5, 0.2),
    "93": (2.3, 0.0, 0.1, 2.0, 3.2, 0.3, 0.3),
}
_SOLAR_HOURS = {"93": 1.25, "76": 1.2, "75": 1.1, "32": 0.85, "28": 0.88}

_MOST_SURPLUS_MW, _THROTTLED = 11_000, 0.85
"""Of the surplus beyond, this part is not produced."""

_BORDERS = ("gb", "cwe", "ch", "it", "es")
_PROGRAMME_SHARES = np.array([0.2, 0.1, 0.26, 0.26, 0.18])
"""How a French surplus goes to each neighbour, on average."""

UNAVAILABLE_INSTANTS = 14
"""Half-hours of one region and filière that the portal marks `-`."""
SECRET_INJECTION_DAYS = 60
_STATUSES = ("Données définitives", "Données consolidées")

# Part of a filière's production that is injected on the transmission grid, and its power bands.
_INJECTED = {
    "Nucléaire": ("nucleaire", 1.0, (("> 900 MW", 1.0, 6),)),
    "Hydraulique": ("hydraulique", 0.72, (("]12-50] MW", 0.25, 20), ("> 50 MW", 0.75, 14))),
    "Thermique non renouvelable": ("thermique", 0.7, (("]50-250] MW", 0.2, 4), ("> 250 MW", 0.8, 5))),
    "Eolien": ("eolien", 0.06, (("]12-50] MW", 0.4, 3), ("> 50 MW", 0.6, 3))),
    "Solaire": ("solaire", 0.03, (("]12-50] MW", 1.0, 4),)),
    "Bioénergies": ("bioenergies", 0.12, (("]12-50] MW", 1.0, 3),)),
}
_FEWEST_MEAN_MW = 4.0
"""A filière that injects less on average in a region and band is too few sites to publish."""


@dataclass(frozen=True)
class Production:
    """MW on the clock of 48 slots; `by_filiere` has shape (7, 12, days, 48), the others (12, days, 48)."""

    first: int
    load: Floats
    by_filiere: Floats
    exchange: Floats
    """Physical, imports of the region positive."""


def simulate_production(rng: np.random.Generator, calendar: Calendar, true_load: TrueLoad) -> Production:
    """Draw production over the last three years; exchanges are what is left of the load, in whole MW."""
    last_year = calendar.days[-1].astype(object).year
    first = int(np.searchsorted(calendar.days, np.datetime64(f"{last_year - YEARS + 1}-01-01")))
    load = true_load.load[:, first:]
    days = calendar.days[first:]
    installed = 1_000 * np.array([INSTALLED_GW[r.code] for r in REGIONS]).T[:, :, None, None]
    thermal, nuclear, wind, solar, hydro, pumping, bio = installed
    day_of_year = (days - days.astype("datetime64[Y]")).astype(np.float64) + 1
    winter = np.cos(2 * np.pi * (day_of_year - 15) / 365.25)[None, :, None]
    clock = ((np.arange(SLOTS_PER_DAY) + 0.5) / 2)[None, None, :]
    shape = (len(REGIONS), len(days), SLOTS_PER_DAY)

    blowing = 1 / (1 + np.exp(-(1.15 * _slow(rng, shape, days=2.2, shared=0.7) - 1.35 + 0.45 * winter)))
    wind_mw = wind * blowing
    half_day = 6.0 - 2.0 * winter
    height = np.cos(np.pi / 2 * np.clip(np.abs(clock - 13.2) / half_day, 0, 1)) * (0.72 - 0.22 * winter)
    clear = np.clip(0.75 + 0.2 * _slow(rng, shape, days=1.5, shared=0.4), 0.15, 1.0)
    sunny = np.array([_SOLAR_HOURS.get(r.code, 1.0) for r in REGIONS])[:, None, None]
    solar_mw = solar * np.clip(sunny * height * clear, 0, 0.9)
    national = load.sum(axis=0, keepdims=True)
    demand = national / national.mean() - 1
    bio_mw = bio * np.clip(0.62 + 0.05 * _slow(rng, shape, days=5, shared=0.2), 0.2, 0.95)
    melting = 0.06 * np.cos(2 * np.pi * (day_of_year - 140) / 365.25)[None, :, None]
    hydro_mw = hydro * np.clip(0.27 + melting + 0.35 * demand + 0.05 * _slow(rng, shape, days=8, shared=0.8), 0.05, 0.9)
    nuclear_mw = nuclear * np.clip(
        0.68 + 0.13 * winter + 0.12 * demand + 0.06 * _slow(rng, shape, days=15, shared=0.3), 0.25, 0.97
    )
    lack = national - sum(mw.sum(axis=0, keepdims=True) for mw in (nuclear_mw, wind_mw, solar_mw, hydro_mw, bio_mw))
    # Reactors are throttled before neighbours take more than lines can carry.
    nuclear_mw *= 1 - _THROTTLED * np.maximum(-lack - _MOST_SURPLUS_MW, 0) / nuclear_mw.sum(axis=0, keepdims=True)
    thermal_mw = thermal * np.clip(0.33 + lack / 40_000 + 0.05 * _slow(rng, shape, days=3, shared=0.2), 0.04, 0.92)
    is_night = (clock < 6.5) | (demand < -0.25)
    pumping_mw = -pumping * np.clip(0.65 * is_night + 0.15 * _slow(rng, shape, days=1, shared=0.6) - 0.1, 0, 0.95)
    by_filiere = np.round(np.stack([thermal_mw, nuclear_mw, wind_mw, solar_mw, hydro_mw, pumping_mw, bio_mw]))
    by_filiere += 0.0  # no negative zeros
    return Production(first, load, by_filiere, load - by_filiere.sum(axis=0))


def _slow(rng: np.random.Generator, shape: tuple[int, int, int], days: float, shared: float) -> Floats:
    """Return smooth standardised series that last about `days`, shape (12, days, 48); `shared` is a variance share."""
    regions, count, slots = shape
    knots_per_day = 4
    length = count * knots_per_day + 1
    memory = np.exp(-1 / (days * knots_per_day))
    draws = np.sqrt(shared) * rng.standard_normal((length, 1)) + np.sqrt(1 - shared) * rng.standard_normal(
        (length, regions)
    )
    series = np.empty_like(draws)
    series[0] = draws[0]
    for i in range(1, length):
        series[i] = memory * series[i - 1] + np.sqrt(1 - memory**2) * draws[i]
    at = np.arange(count * slots) * knots_per_day / slots
    knots = np.arange(length)
    return np.stack([np.interp(at, knots, series[:, i]) for i in range(regions)]).reshape(shape)


# --- as published -----------------------------------------------------------------------------------------------------


def production_table(
    rng: np.random.Generator, production: Production, calendar: Calendar, instants: Days
) -> tuple[pa.Table, list[SourceDefect]]:
    """Return `eco2mix-regional-cons-def` with spring's phantom rows, ordered by region, instant and clock time."""
    first = production.first
    at = instants[first:]
    values = {name: production.by_filiere[i].astype(np.int32).copy() for i, name in enumerate(FILIERES)} | {
        "ech_physiques": production.exchange.astype(np.int32)
    }
    load = production.load.copy()
    defects = []
    is_unavailable = {name: np.zeros(load.shape, dtype=bool) for name in values}
    springs = [day - first for day in calendar.spring_days if day >= first]
    for spring in springs:
        # The rows of 02:00 and 02:30 stand on the instants of the hour after, and repeat its values.
        for lost in AUTUMN_REPEATED_SLOTS:
            load[:, spring, lost] = load[:, spring, lost + 2]
            for mw in values.values():
                mw[:, spring, lost] = mw[:, spring, lost + 2]
            defects += [
                SourceDefect(PRODUCTION, "phantom_hour", r.code, period_start_at_utc=at[spring, lost]) for r in REGIONS
            ]
    # After the hours that spring publishes twice.
    lost_within = ((0, len(REGIONS)), (0, load.shape[1]), (8, SLOTS_PER_DAY))
    for name in rng.choice(("thermique", "eolien", "hydraulique", "bioenergies"), size=UNAVAILABLE_INSTANTS):
        at_region, at_day, at_slot = (int(rng.integers(low, high)) for low, high in lost_within)
        is_unavailable[name][at_region, at_day, at_slot] = True
        defects.append(
            SourceDefect(
                PRODUCTION,
                "value_unavailable",
                REGIONS[at_region].code,
                period_start_at_utc=at[at_day, at_slot],
                column_name=str(name),
                value_true=float(values[name][at_region, at_day, at_slot]),
            )
        )
    region, day, slot = (axis.ravel() for axis in np.indices(load.shape))
    clock = [f"{s // 2:02d}:{30 * (s % 2):02d}" for s in range(SLOTS_PER_DAY)]
    years = calendar.days[first:].astype("datetime64[Y]")
    columns = {
        "date_heure": pa.array(at.ravel()[day * SLOTS_PER_DAY + slot]),
        "date": label_column([str(d) for d in calendar.days[first:]], day),
        "heure": label_column(clock, slot),
        "code_insee_region": label_column([r.code for r in REGIONS], region),
        "libelle_region": label_column([r.label_fr for r in REGIONS], region),
        "nature": label_column(_STATUSES, (years == years[-1]).astype(np.int32)[day]),
        "consommation": pa.array(load.ravel().astype(np.int32)),
    }
    for name, mw in values.items():
        columns[name] = _texts(mw, is_unavailable[name], name)
    for name in ("stockage_batterie", "destockage_batterie", "eolien_terrestre", "eolien_offshore"):
        columns[name] = label_column(("0",), np.zeros(len(region), dtype=np.int32))
    return pa.table(columns), defects


def _texts(mw: Ints, is_unavailable: Array, name: str) -> pa.Array:
    """Return numbers as the portal writes them: `ND` where a region has no such plants, `-` where a value is lost."""
    low, high = int(mw.min()), int(mw.max())
    position = mw - low
    if name in FILIERES:
        has_none = np.array([INSTALLED_GW[r.code][FILIERES.index(name)] == 0 for r in REGIONS])
        position = np.where(has_none[:, None, None], high - low + 1, position)
    position = np.where(is_unavailable, high - low + 2, position)
    words = [*(str(value) for value in range(low, high + 1)), "ND", "-"]
    return label_column(words, position.ravel())


def exchange_table(rng: np.random.Generator, production: Production, calendar: Calendar) -> pa.Table:
    """Return `imports-exports-commerciaux`: MWh by hour and border, imports negative; 23, 24 or 25 positions a day."""
    first = production.first
    surplus = -production.exchange.sum(axis=0).reshape(production.load.shape[1], 24, 2).mean(axis=2)
    day, hour = (axis.ravel() for axis in np.indices(surplus.shape))
    is_spring, is_autumn = (np.isin(day + first, days) for days in (calendar.spring_days, calendar.autumn_days))
    times = np.where(is_spring & (hour == 2), 0, np.where(is_autumn & (hour == 2), 2, 1))
    day, hour = np.repeat(day, times), np.repeat(hour, times)
    # Programmes are made the day before: they miss what happens, and neighbours trade among themselves through France.
    net = surplus[day, hour] + rng.normal(0, 400, len(day))
    through = rng.normal(0, 900, (len(day), len(_BORDERS)))
    through -= through.mean(axis=1, keepdims=True)
    by_border = np.round(net[:, None] * _PROGRAMME_SHARES + through)
    position = np.arange(len(day)) - np.flatnonzero(np.diff(day, prepend=-1))[day] + 1
    columns = {"date": pa.array(calendar.days[first:][day]), "position": pa.array(position)}
    # A border carries programmes both ways in one hour.
    back = np.round(np.abs(rng.normal(0, 120, by_border.shape)))
    exports = np.maximum(by_border, 0) + back
    imports = np.minimum(by_border, 0) - back
    for i, border in enumerate(_BORDERS):
        columns[f"fr_{border}"] = pa.array(exports[:, i])
        columns[f"{border}_fr"] = pa.array(imports[:, i])
    columns["export_france"] = pa.array(exports.sum(axis=1))
    columns["import_france"] = pa.array(imports.sum(axis=1))
    return pa.table(columns)


def injection_table(
    rng: np.random.Generator, production: Production, calendar: Calendar
) -> tuple[pa.Table, list[SourceDefect]]:
    """Return the daily injections on the transmission grid by power band, less what secrecy drops."""
    first = production.first
    days = calendar.days[first:]
    hours = hours_of_days(calendar)[first:]
    rows: list[tuple[int, int, int, float, Floats]] = []
    labels = list(_INJECTED)
    bands = sorted({band for _, _, parts in _INJECTED.values() for band, _, _ in parts})
    for label, (filiere, injected, parts) in _INJECTED.items():
        daily = local_daily_mean(calendar, production.by_filiere[FILIERES.index(filiere)], first)
        for region in range(len(REGIONS)):
            for band, part, points in parts:
                mean_mw = daily[region] * injected * part * rng.uniform(0.9, 1.0)
                if mean_mw.mean() >= _FEWEST_MEAN_MW:
                    rows.append((region, labels.index(label), bands.index(band), points, np.round(mean_mw * hours, 3)))
    energy = np.stack([values for *_, values in rows])
    series, day = (axis.ravel() for axis in np.indices(energy.shape))
    dropped = np.unique(rng.choice(energy.size, size=SECRET_INJECTION_DAYS, replace=False))
    defects = [
        SourceDefect(
            INJECTIONS,
            "secret_row",
            REGIONS[rows[series[i]][0]].code,
            date_day=days[day[i]],
            column_name=labels[rows[series[i]][1]],
            value_true=float(energy.ravel()[i]),
        )
        for i in dropped
    ]
    kept = np.delete(np.arange(energy.size), dropped)
    series, day = series[kept], day[kept]
    keys = [np.array([row[i] for row in rows])[series] for i in range(4)]
    table = pa.table(
        {
            "date": pa.array(days[day]),
            "code_insee_region": label_column([r.code for r in REGIONS], keys[0]),
            "region": label_column([r.label_fr for r in REGIONS], keys[0]),
            "filiere": label_column(labels, keys[1]),
            "plage_de_puissance_injection": label_column(bands, keys[2]),
            "nb_points_injection": pa.array(keys[3]),
            "energie_journaliere_mwh": numbers(energy.ravel()[kept]),
        }
    )
    return table, defects
