"""Dwellings of each commune, and how they appear in the census: INSEE's cube (Melodi) and its file of dwellings.

Whole dwellings are drawn once, by commune, type, heating fuel and building period; both datasets count the same ones.
Electrically heated main dwellings carry the residential heating slope of their region: each in proportion to its type
and building period, so that communes add up to the region.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation.defects import SourceDefect
from simulation.geography import Territories, summed
from simulation.networks import network_groups
from simulation.parameters import Array, Floats, Ints
from simulation.tabulate import text_column

CENSUS_YEAR = 2021
PEOPLE_PER_DWELLING = 2.15
QUALITY_SPREAD = 0.25
"""Of the logarithm of what a commune's homes lose, against homes of the same types and ages elsewhere."""

FUELS = ("ELC", "TOWN_GAS", "OIL", "BOT_GAS", "OTH")
BUILD_PERIODS = ("Y_LT1919", "Y1919T1945", "Y1946T1970", "Y1971T1990", "Y1991T2005", "Y2006TAAAA")
_BUILD_SHARES = (0.14, 0.10, 0.22, 0.27, 0.14, 0.13)
_OTHER_FUEL_SHARES = (0.55, 0.15, 0.05, 0.25)
"""Of what is not heated with electricity."""

# Rounded from the census of 2017 as Enedis repeats it by département, main dwellings; in %.
ELECTRIC_HEATING_PCT = {
    "11": 27, "24": 28, "27": 17, "28": 29, "32": 21, "44": 17, "52": 34, "53": 33,
    "75": 32, "76": 39, "84": 24, "93": 40, "94": 50, "01": 4, "02": 4, "03": 3, "04": 8,
}  # fmt: skip
SECOND_HOMES_PER_MAIN = {"93": 0.22, "76": 0.2, "84": 0.17, "75": 0.17, "53": 0.16, "94": 0.55, "52": 0.13, "28": 0.13}
SECOND_HOMES_ELSEWHERE = 0.05
VACANT_PER_MAIN = 0.09

# What a dwelling loses relative to others, by type and building period: plausible, not measured.
_LOSS_OF_TYPE = np.array([1.5, 0.75, 0.6])
_LOSS_OF_PERIOD = np.array([1.3, 1.25, 1.2, 1.0, 0.85, 0.6])

# INSEE's codes of floor area, 1 (under 30 m²) to 7 (120 m² and over): parts of houses, flats, others.
_AREA_SHARES = np.array(
    [
        [0.01, 0.02, 0.08, 0.19, 0.27, 0.21, 0.22],
        [0.13, 0.11, 0.27, 0.30, 0.12, 0.04, 0.03],
        [0.45, 0.25, 0.20, 0.06, 0.02, 0.01, 0.01],
    ]
)
_FUEL_CODES = ("4", "2", "3", "5", "6")
"""CMBL, in the order of `FUELS`; `1` (heat network) is a part of `OTH`."""
_RECORD_STANDS_FOR = 900
"""Most dwellings that one record may stand for. Real weights lie around 4: the simulated file is that much shorter."""

MERGED_COMMUNES = 3
CUBE = "DS_RP_LOGEMENT_PRINC"
RECORDS = "FD_LOGEMT"


@dataclass(frozen=True)
class Housing:
    """Dwellings by commune: `main` by type, fuel and period, the others by type; and the heat they need."""

    main: Ints
    second: Ints
    vacant: Ints
    heating_slope_w_per_c: Floats
    """Of all electrically heated main dwellings of a commune; 0 where no load is published."""

    @property
    def electric(self) -> Ints:
        """Electrically heated main dwellings of each commune."""
        return np.asarray(self.main[:, :, 0].sum(axis=(1, 2)))

    @property
    def mains(self) -> Ints:
        """Main dwellings of each commune."""
        return np.asarray(self.main.sum(axis=(1, 2, 3)))


def simulate_housing(
    rng: np.random.Generator, territories: Territories, residential_slope_mw_per_c: Floats, served: Floats
) -> Housing:
    """Draw the dwellings; slopes are those of the twelve regions, MW/°C, of which Enedis serves the part `served`."""
    count = len(territories.people)
    region_codes = [territories.region_codes[i] for i in territories.region]
    house = _house_shares(rng, territories)
    electric = np.array([ELECTRIC_HEATING_PCT[code] for code in region_codes]) / 100 * rng.uniform(0.75, 1.25, count)
    age = np.array(_BUILD_SHARES) * rng.uniform(0.6, 1.4, (count, len(_BUILD_SHARES)))
    age /= age.sum(axis=1, keepdims=True)
    types = np.stack([house, 0.985 - house, np.full(count, 0.015)], axis=1)
    # Flats are heated with electricity a little more often than houses.
    of_type = np.clip(electric[:, None] * np.array([0.92, 1.1, 1.1]), 0, 0.95)
    fuels = np.concatenate([of_type[..., None], (1 - of_type)[..., None] * np.array(_OTHER_FUEL_SHARES)], axis=2)
    shares = types[:, :, None, None] * fuels[:, :, :, None] * age[:, None, None, :]
    mains = np.round(territories.people / PEOPLE_PER_DWELLING).astype(np.int64)
    main = np.stack(
        [
            rng.multinomial(number, share.ravel() / share.sum()).reshape(share.shape)
            for number, share in zip(mains, shares, strict=True)
        ]
    )
    away = np.array([SECOND_HOMES_PER_MAIN.get(code, SECOND_HOMES_ELSEWHERE) for code in region_codes])
    second = rng.poisson((mains * away * rng.uniform(0.5, 1.5, count))[:, None] * types)
    vacant = rng.poisson((mains * VACANT_PER_MAIN * rng.uniform(0.8, 1.2, count))[:, None] * types)
    loss = (main[:, :, 0] * _LOSS_OF_TYPE[:, None] * _LOSS_OF_PERIOD).sum(axis=(1, 2))
    # Walls differ beyond what type and age tell: what no key sees.
    loss = loss * rng.lognormal(0, QUALITY_SPREAD, count)
    group = network_groups(territories)
    wanted = 1e6 * (residential_slope_mw_per_c * np.stack([served, 1 - served])).T.ravel()
    total = np.bincount(group[group >= 0], weights=loss[group >= 0], minlength=len(wanted))
    slope = np.where(group >= 0, (wanted / np.where(total > 0, total, 1))[group] * loss, 0.0)
    return Housing(main, second, vacant, slope)


def _house_shares(rng: np.random.Generator, territories: Territories) -> Floats:
    """Draw the part of houses: few in arrondissements and around Paris, some in towns, most elsewhere."""
    share = rng.uniform(0.55, 0.85, len(territories.people))
    is_first = np.diff(territories.departement, prepend=-1) != 0
    share[is_first] = rng.uniform(0.3, 0.5, is_first.sum())
    dense = np.array([territories.departements[i].code in ("92", "93", "94") for i in territories.departement])
    share[dense] = rng.uniform(0.12, 0.35, dense.sum())
    parts = np.array(territories.is_arrondissement)
    share[parts] = rng.uniform(0.01, 0.08, parts.sum())
    return share


# --- the census as published ------------------------------------------------------------------------------------------


def dwelling_records(rng: np.random.Generator, territories: Territories, housing: Housing) -> pa.Table:
    """Return `FD_LOGEMT`: records whose weights add up to the dwellings, in no order."""
    main = housing.main.sum(axis=3)
    by_area = rng.multinomial(main, _AREA_SHARES[None, :, None, :])
    cells = [
        # Occupancy 1: main dwellings, by commune, type, fuel, area. 2 to 4: by commune and type alone.
        (np.stack(np.nonzero(by_area), axis=1), by_area[by_area > 0], 0),
        *(
            (np.pad(np.stack(np.nonzero(other), axis=1), ((0, 0), (0, 2)), constant_values=-1), other[other > 0], code)
            for other, code in ((housing.second, 2), (housing.vacant, 1))
        ),
    ]
    where = np.concatenate([cell for cell, _, _ in cells])
    number = np.concatenate([count for _, count, _ in cells])
    occupancy = np.concatenate([np.full(len(count), code) for _, count, code in cells])
    records = -(-number // _RECORD_STANDS_FOR)
    rows = rng.permutation(np.repeat(np.arange(len(number)), records))
    commune, kind, fuel, area = where[rows].T
    occupied = occupancy[rows]
    is_main = occupied == 0
    # Heat networks are a part of other fuels; houses have none.
    fuel_code = np.where((fuel == FUELS.index("OTH")) & (kind == 1) & (rng.random(len(rows)) < 0.6), 5, fuel)
    heating = np.select(
        [fuel == 0, kind == 1, is_main], [2, np.where(rng.random(len(rows)) < 0.5, 0, 1), 1], default=-1
    )
    is_part = np.array(territories.is_arrondissement)
    return pa.table(
        {
            "commune": text_column(territories.city_codes, commune),
            "arm": text_column(
                [*territories.commune_codes, "ZZZZZ"], np.where(is_part[commune], commune, len(is_part))
            ),
            # Main, vacant, second home.
            "catl": text_column(("1", "2", "3"), occupied),
            "typl": text_column(("1", "2", "3", "4", "5", "6"), np.where(kind == 2, 2 + commune % 4, kind)),
            "surf": text_column(("1", "2", "3", "4", "5", "6", "7", "Y"), np.where(is_main, area, 7)),
            "cmbl": text_column((*_FUEL_CODES, "1", "Y"), np.where(is_main, fuel_code, 6)),
            "chfl": text_column(("1", "2", "3", "Y"), np.where(is_main, heating, 3)),
            "ipondl": pa.array(number[rows] / records[rows]),
        }
    )


def housing_cube(
    rng: np.random.Generator, territories: Territories, housing: Housing
) -> tuple[pa.Table, list[SourceDefect]]:
    """Return `DS_RP_LOGEMENT_PRINC`: marginal totals by territory, `_T` for all, and rows of merged communes."""
    groups = [
        ("COM", *_grouped(territories.city_codes)),
        ("EPCI", list(territories.epci_codes), territories.epci),
        ("DEP", [d.code for d in territories.departements], territories.departement),
        ("REG", list(territories.region_codes), territories.region),
        ("FRANCE", ["F"], np.zeros(len(territories.people), dtype=np.int64)),
    ]
    parts = np.flatnonzero(territories.is_arrondissement)
    whole = _cube_cells(housing, territories.people)
    labels = list(whole)
    values = np.stack(list(whole.values()))
    geo: list[str] = []
    objects: list[str] = []
    blocks: list[Array] = []
    for name, codes, owner in groups:
        total = summed(values, owner, len(codes))
        geo += codes
        objects += [name] * len(codes)
        blocks.append(total)
    geo += [territories.commune_codes[i] for i in parts]
    objects += ["ARM"] * len(parts)
    blocks.append(values[:, parts])
    # A commune that merged keeps rows of its own: a part of what its new commune counts as well.
    hosts = rng.choice(np.flatnonzero(~np.array(territories.is_arrondissement)), size=MERGED_COMMUNES, replace=False)
    merged = [f"{territories.commune_codes[i][:-2]}9{k}" for k, i in enumerate(hosts)]
    geo += merged
    objects += ["COM"] * len(merged)
    blocks.append(np.floor(values[:, hosts] * 0.1))
    published = np.concatenate(blocks, axis=1)
    place, label = (axis.ravel() for axis in np.indices((published.shape[1], published.shape[0])))
    is_merged = place >= len(geo) - len(merged)
    columns = {
        "geo": text_column(geo, place),
        "geo_object": text_column(objects, place),
        "time_period": pa.array(np.full(len(place), CENSUS_YEAR)),
    }
    for position, name in enumerate(("rp_measure", "ocs", "tdw", "nrg_src", "build_end")):
        columns[name] = text_column([key[position] for key in labels], label)
    for name in ("l_stay", "carpark", "nor", "tsh", "cars"):
        columns[name] = text_column(("_T",), np.zeros(len(place), dtype=np.int64))
    columns["obs_status"] = text_column(("A", "K"), is_merged.astype(np.int64))
    columns["obs_value"] = pa.array(published.T.ravel().astype(np.float64))
    defects = [SourceDefect(CUBE, "merged_commune", code, CENSUS_YEAR) for code in merged]
    return pa.table(columns), defects


def _grouped(codes: tuple[str, ...]) -> tuple[list[str], Ints]:
    unique, owner = np.unique(np.array(codes), return_inverse=True)
    return unique.tolist(), owner


def _cube_cells(housing: Housing, people: Ints) -> dict[tuple[str, str, str, str, str], Ints]:
    """Return the values of communes by (measure, occupancy, type, fuel, building period)."""
    everything = "_T"
    of_type = {everything: slice(None), "1": slice(0, 1), "2": slice(1, 2)}
    of_occupancy = {"DW_MAIN": housing.main.sum(axis=(2, 3)), "DW_SEC_DW_OCC": housing.second, "DW_VAC": housing.vacant}
    of_occupancy[everything] = sum(of_occupancy.values(), np.zeros_like(housing.second))
    cells: dict[tuple[str, str, str, str, str], Ints] = {}
    for kind, members in of_type.items():
        for occupancy, dwellings in of_occupancy.items():
            cells["DWELLINGS", occupancy, kind, everything, everything] = dwellings[:, members].sum(axis=1)
        for i, fuel in enumerate(FUELS):
            cells["DWELLINGS", "DW_MAIN", kind, fuel, everything] = housing.main[:, members, i].sum(axis=(1, 2))
        for i, period in enumerate(BUILD_PERIODS):
            cells["DWELLINGS", "DW_MAIN", kind, everything, period] = housing.main[:, members, :, i].sum(axis=(1, 2))
    cells["DWELLINGS_POPSIZE", "DW_MAIN", everything, everything, everything] = people
    return cells
