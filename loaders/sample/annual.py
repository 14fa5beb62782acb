"""Yearly consumption by operator, category and sector: Agence ORE's long and wide forms, Enedis's départements.

One set of records (year, commune, operator, category, sector) is drawn and summed to every level and form, in whole
kWh, so that communes add up to départements and regions exactly. In the years of the load, all that is delivered is a
fixed part of it; in the last three, what Enedis delivers to a class is the sum of its half-hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from loaders.sample import parameters
from loaders.sample.calendars import Calendar
from loaders.sample.categories import CLASSES, ENEDIS_LABELS_FR, CategoryLoad, CategorySlopes
from loaders.sample.defects import SourceDefect
from loaders.sample.geography import Territories, summed
from loaders.sample.housing import ELECTRIC_HEATING_PCT, Housing
from loaders.sample.load import TrueLoad, hours_of_days, local_daily_mean
from loaders.sample.networks import OPERATORS, TEREGA_REGIONS, network_groups, operators_of_communes
from loaders.sample.parameters import REGIONS, Array, Floats, Ints
from loaders.sample.tabulate import numbers, text_column

FIRST_YEAR = 2011
LAST_WIDE_YEAR = 2021
LAST_ENEDIS_YEAR = 2017
RECLASSIFIED_IN = 2018
"""Before, firms of up to 36 kVA were counted as residential."""
TRANSMISSION_MISSING_IN = 2011
PER_MILLE_YEAR, KWH_YEAR = 2020, 2021
"""Years in which the thermosensitive share is per mille, and the thermosensitive energy kWh."""
THERMOSENSITIVE_SINCE = 2018
OUTLIER_YEAR, OUTLIER_FACTOR = 2022, 1_000
"""One small commune's homes are published in kWh; its département is right."""

LONG = "consommation-annuelle-d-electricite-et-gaz-par-{}"
WIDE = "conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-departement"
ENEDIS_YEARLY = "consommation-electrique-par-secteur-dactivite-departement"

DELIVERED_SHARE = 0.925
"""Of the load; the rest are losses."""
OVERSEAS_GWH = {"01": 1_600, "02": 1_450, "03": 880, "04": 2_800, parameters.CORSE_CODE: parameters.CORSE_ENERGY_GWH}
_ISLAND_SHARES = {"RES": 0.45, "PRO": 0.15, "ENT": 0.40}

_SECRET_SHARE = 0.06
"""Of the cells of few customers."""


@dataclass(frozen=True)
class Cell:
    """One kind of customers: category, sector, NAF division, part of its class and mean kWh a year of one site."""

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
_SECTORS = ("AGRICULTURE", "INDUSTRIE", "TERTIAIRE", "RESIDENTIEL", "INCONNU")
_WIDE_LETTERS = ("a", "i", "t", "r", "na")


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
    """MWh by year and region of the load: classes on all networks, the load, and homes' heat for one MW/°C."""

    years: Ints
    classes: Floats
    load: Floats
    degree_hours: Floats


def energies_of_classes(
    rng: np.random.Generator,
    calendar: Calendar,
    true_load: TrueLoad,
    smoothed: Floats,
    slopes: CategorySlopes,
    load: CategoryLoad,
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
    classes = (
        slopes.level_share[None] * level[:, None]
        + slopes.heating[None] * below[:, None]
        + slopes.cooling[None] * above[:, None]
    )
    published = by_year(local_daily_mean(calendar, load.load, load.first), load.first)
    classes[-len(published) :] = published
    classes /= served
    years = np.arange(FIRST_YEAR, simulated[-1] + 1)
    before = len(years) - len(simulated)
    mildness = rng.uniform(0.85, 1.12, (before, 1)) * rng.uniform(0.97, 1.03, (before, len(REGIONS)))
    growth = rng.uniform(0.97, 1.03, (before, 1))
    earlier_below = below.mean(axis=0) * mildness
    heat_change = (earlier_below - below.mean(axis=0))[:, None] * slopes.heating[None] / served
    earlier = classes.mean(axis=0)[None] * growth[:, None] + heat_change
    earlier_total = total.mean(axis=0) * growth + region.heating_slope * (earlier_below - below.mean(axis=0))
    return RegionYears(
        years,
        np.concatenate([earlier, classes]),
        np.concatenate([earlier_total, total]),
        np.concatenate([earlier_below, below]),
    )


def simulate_records(
    rng: np.random.Generator, territories: Territories, housing: Housing, energies: RegionYears, served: Floats
) -> Records:
    """Draw every record: classes shared out to communes by dwellings, heat, people and industry."""
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
            rest = DELIVERED_SHARE * energies.load - energies.classes.sum(axis=1)
            mwh = _shared(np.maximum(rest, 0.02 * energies.load), weight * is_industrial, loaded)
            mwh[years == TRANSMISSION_MISSING_IN] = 0
            owner = np.full(count, OPERATORS.index("RTE"))
        else:
            of_class = energies.classes[:, CLASSES.index(cell.category)] * cell.part
            # What Enedis delivers and what others do are shared out apart: the half-hours are Enedis's.
            by_group = np.stack([of_class * served, of_class * (1 - served)], axis=2).reshape(len(years), -1)
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
            # The smallest are secret: few customers, in every year.
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


# --- as published -----------------------------------------------------------------------------------------------------


def _grouped(records: Records, *keys: Ints) -> tuple[list[Ints], dict[str, Array]]:
    """Sum the records over equal keys: the distinct keys, in order, and the sums by name."""
    sizes = [int(key.max()) + 1 for key in keys]
    distinct, owner = np.unique(np.ravel_multi_index(keys, sizes), return_inverse=True)
    sums = {
        name: np.bincount(owner, getattr(records, name), minlength=len(distinct))
        for name in ("kwh", "sites", "secret", "thermosensitive_kwh", "slope_w")
    }
    return list(np.unravel_index(distinct, sizes)), sums


def long_tables(
    rng: np.random.Generator, records: Records, territories: Territories, housing: Housing
) -> tuple[dict[str, pa.Table], list[SourceDefect]]:
    """Return the long form of communes, départements and regions."""
    cities, city = np.unique(np.array(territories.city_codes), return_inverse=True)
    # Cities count as one since 2018, before by arrondissement: both stand in one list of places.
    place_of = {False: np.arange(len(territories.people)), True: len(territories.people) + city}
    since = records.year >= RECLASSIFIED_IN
    place = np.where(since, place_of[True][records.commune], place_of[False][records.commune])
    first_member = np.array([territories.city_codes.index(code) for code in cities])
    member = np.concatenate([place_of[False], first_member])
    names = [*territories.commune_labels_fr]
    for code, first in zip(cities, first_member, strict=True):
        is_city = territories.commune_codes[first] != code
        names.append(
            territories.commune_labels_fr[first].split(" ")[0] if is_city else territories.commune_labels_fr[first]
        )
    codes = [*territories.commune_codes, *cities.tolist()]
    people = np.concatenate([territories.people, np.bincount(city, territories.people).astype(np.int64)])
    rate = [np.concatenate([values, np.bincount(city, values)]) for values in (housing.electric, housing.mains)]
    epci_labels = [
        f"EPCI simulé {territories.departements[i // 2].code}-{i % 2 + 1}" for i in range(len(territories.epci_codes))
    ]
    owners = [territories.departements[i] for i in territories.departement]
    departements = territories.departements
    region_of_departement = np.array([d.region for d in departements])
    tables, defects = {}, []

    (year, where, operator, cell), sums = _grouped(records, records.year, place, records.operator, records.cell)
    commune_columns = {
        "code_commune": text_column(codes, where),
        "nom_commune": text_column(names, where),
        "code_epci": text_column(territories.epci_codes, territories.epci[member][where]),
        "nom_epci": text_column(epci_labels, territories.epci[member][where]),
        "code_departement": text_column([d.code for d in owners], member[where]),
        "nom_departement": text_column([d.label_fr for d in owners], member[where]),
        **_region_columns(territories, territories.region[member][where]),
    }
    is_home = (year == OUTLIER_YEAR) & (cell == 0) & (operator == 0) & (sums["kwh"] > 0)
    is_small = sums["kwh"] < np.quantile(sums["kwh"][is_home], 0.1)
    outlier = int(rng.choice(np.flatnonzero(is_home & is_small)))
    defects.append(
        SourceDefect(
            LONG.format("commune"),
            "outlier",
            codes[where[outlier]],
            calendar_year=OUTLIER_YEAR,
            column_name="conso_totale_mwh",
            value_published=float(sums["kwh"][outlier] * OUTLIER_FACTOR / 1_000),
            value_true=float(sums["kwh"][outlier] / 1_000),
        )
    )
    published = sums["kwh"] / 1_000
    published[outlier] *= OUTLIER_FACTOR
    tables[LONG.format("commune")] = _long(
        year, operator, cell, sums, published, commune_columns, people[where], (rate[0] / rate[1])[where]
    )

    for level, group in (("departement", territories.departement), ("region", territories.region)):
        (year, where, operator, cell), sums = _grouped(
            records, records.year, group[records.commune], records.operator, records.cell
        )
        total = territories.by_departement if level == "departement" else territories.by_region
        if level == "departement":
            columns = {
                "code_departement": text_column([d.code for d in departements], where),
                "nom_departement": text_column([d.label_fr for d in departements], where),
                **_region_columns(territories, region_of_departement[where]),
            }
        else:
            columns = _region_columns(territories, where)
        share = total(housing.electric) / total(housing.mains)
        tables[LONG.format(level)] = _long(
            year, operator, cell, sums, sums["kwh"] / 1_000, columns, total(territories.people)[where], share[where]
        )
    return tables, defects


def _region_columns(territories: Territories, region: Ints) -> dict[str, pa.Array]:
    # Codes have lost their zero.
    return {
        "code_region": text_column([code.lstrip("0") for code in territories.region_codes], region),
        "nom_region": text_column(territories.region_labels_fr, region),
    }


def _long(
    year: Ints,
    operator: Ints,
    cell: Ints,
    sums: dict[str, Array],
    published_mwh: Floats,
    place: dict[str, pa.Array],
    people: Array,
    electric_share: Floats,
) -> pa.Table:
    carriers = ("Electricité", "Gaz")
    sectors = (*_SECTORS,)
    by_year = {
        is_after: np.array([sectors.index(c.sector_in(RECLASSIFIED_IN - 1 + is_after)) for c in CELLS])
        for is_after in (False, True)
    }
    sector = np.where(year >= RECLASSIFIED_IN, by_year[True][cell], by_year[False][cell])
    heat_mwh = sums["thermosensitive_kwh"] / 1_000
    has_heat = (heat_mwh > 0) & (year >= THERMOSENSITIVE_SINCE)
    with np.errstate(divide="ignore", invalid="ignore"):
        share_pct = 100 * heat_mwh / (sums["kwh"] / 1_000)
    return pa.table(
        {
            "operateur": text_column(OPERATORS, operator),
            "annee": pa.array(year),
            "filiere": text_column(carriers, np.array([carriers.index(c.carrier) for c in CELLS])[cell]),
            **place,
            "code_categorie_consommation": text_column([c.category for c in CELLS], cell),
            "code_grand_secteur": text_column(sectors, sector),
            "code_secteur_naf2": text_column([c.naf for c in CELLS], cell),
            "nb_sites": pa.array(sums["sites"].astype(np.int64)),
            "conso_totale_mwh": pa.array(published_mwh),
            "nombre_de_mailles_secretisees": pa.array(sums["secret"].astype(np.int64)),
            "part_thermosensible": numbers(
                np.where(has_heat, share_pct * np.where(year == PER_MILLE_YEAR, 10, 1), np.nan)
            ),
            "conso_totale_usages_thermosensibles_mwh": numbers(
                np.where(has_heat, heat_mwh * np.where(year == KWH_YEAR, 1_000, 1), np.nan)
            ),
            "thermosensibilite_totale_kwh_dju": numbers(np.where(has_heat, sums["slope_w"] * 24 / 1_000, np.nan)),
            "nombre_d_habitants": pa.array(people),
            "taux_de_chauffage_electrique": pa.array(np.round(100 * electric_share, 2)),
        }
    )


def wide_table(records: Records, territories: Territories) -> pa.Table:
    """Return the frozen wide form of départements, 2011-2021: one column a sector, electricity beside gas."""
    within = records.year <= LAST_WIDE_YEAR
    is_gas = np.array([c.carrier == "Gaz" for c in CELLS]).astype(np.int64)
    columns: dict[str, Array] = {}
    keys = (records.year, is_gas[records.cell], territories.departement[records.commune], records.operator)
    sizes = [int(key.max()) + 1 for key in keys]
    flat = np.ravel_multi_index(keys, sizes)
    distinct = np.unique(flat[within])
    total = np.zeros(len(distinct))
    for letter, name in zip(_WIDE_LETTERS, _SECTORS, strict=True):
        is_sector = {
            after: np.array([c.sector_in(RECLASSIFIED_IN - 1 + after) == name for c in CELLS])
            for after in (False, True)
        }
        mine = within & np.where(
            records.year >= RECLASSIFIED_IN, is_sector[True][records.cell], is_sector[False][records.cell]
        )
        where = np.searchsorted(distinct, flat[mine])
        energy, sites, secret = (
            np.bincount(where, values[mine], minlength=len(distinct))
            for values in (records.kwh, records.sites, records.secret)
        )
        columns[f"conso{letter}"] = pa.array(energy / 1_000)
        columns[f"pdl{letter}"] = pa.array(sites)
        columns[f"nombre_maille_secretisees_{letter}"] = pa.array(secret.astype(np.int64))
        columns[f"indqual{letter}"] = pa.array(np.ones(len(distinct)))
        total += energy
    year, gas, departement, operator = np.unravel_index(distinct, sizes)
    region = np.array([d.region for d in territories.departements])[departement]
    codes = _region_columns(territories, region)
    return pa.table(
        {
            "operateur": text_column(OPERATORS, operator),
            "annee": pa.array(year),
            "filiere": text_column(("Electricité", "Gaz"), gas),
            **columns,
            "code_departement": text_column([d.code for d in territories.departements], departement),
            "libelle_departement": text_column([d.label_fr for d in territories.departements], departement),
            "code_region": codes["code_region"],
            "libelle_region": codes["nom_region"],
            "id_filiere": text_column(("100", "200"), gas),
            "consototale": pa.array(total / 1_000),
        }
    )


def enedis_table(records: Records, territories: Territories, housing: Housing) -> pa.Table:
    """Return Enedis's yearly consumption of mainland départements, 2011-2017, with rates of one census."""
    mainland = np.array([territories.load_region[d.region] >= 0 for d in territories.departements])
    within = (records.year <= LAST_ENEDIS_YEAR) & (records.operator == 0)
    years = np.arange(FIRST_YEAR, LAST_ENEDIS_YEAR + 1)
    shape = (len(years), len(territories.departements))
    flat = np.ravel_multi_index(
        (records.year[within] - FIRST_YEAR, territories.departement[records.commune[within]]), shape
    )
    cell = records.cell[within]
    columns: dict[str, Array] = {}
    for name, wanted in (
        ("residentiel", ("RES", None)),
        ("professionnel", ("PRO", None)),
        ("agriculture", ("ENT", "AGRICULTURE")),
        ("industrie", ("ENT", "INDUSTRIE")),
        ("tertiaire", ("ENT", "TERTIAIRE")),
        ("secteur_non_affecte", ("ENT", "INCONNU")),
    ):
        is_mine = np.array([c.category == wanted[0] and wanted[1] in (None, c.sector) for c in CELLS])[cell]
        energy, sites = (
            np.bincount(flat[is_mine], values[within][is_mine], minlength=shape[0] * shape[1])
            for values in (records.kwh, records.sites)
        )
        columns[f"nb_sites_{name}"], columns[f"conso_totale_{name}_mwh"] = sites, energy / 1_000
        if name in ("residentiel", "professionnel"):
            columns[f"conso_moyenne_{name}_mwh"] = energy / 1_000 / np.maximum(sites, 1)
    year, departement = (axis.ravel() for axis in np.indices(shape))
    kept = np.flatnonzero(mainland[departement])
    year, departement = year[kept], departement[kept]
    region = np.array([d.region for d in territories.departements])[departement]
    regions = [
        ENEDIS_LABELS_FR.get(c, n) for c, n in zip(territories.region_codes, territories.region_labels_fr, strict=True)
    ]
    return pa.table(
        {
            "annee": pa.array(years[year]),
            "nom_departement": text_column([d.label_fr for d in territories.departements], departement),
            "code_departement": text_column([d.code for d in territories.departements], departement),
            "nom_region": text_column(regions, region),
            "code_region": text_column(territories.region_codes, region),
            **{name: pa.array(values[kept]) for name, values in columns.items()},
            "nombre_d_habitants": pa.array(territories.by_departement(territories.people)[departement]),
            **{name: pa.array(values[departement]) for name, values in _rates(territories, housing).items()},
        }
    )


def _rates(territories: Territories, housing: Housing) -> dict[str, Floats]:
    """Return the housing rates of each département, %."""
    main = territories.by_departement(np.moveaxis(housing.main, 0, -1)).astype(np.float64)
    mains = main.sum(axis=(0, 1, 2))
    others = territories.by_departement(housing.second.sum(axis=1) + housing.vacant.sum(axis=1))
    periods = (
        "avant_1919", "de_1919_a_1945", "de_1946_a_1970", "de_1971_a_1990", "de_1991_a_2005", "de_2006_a_2010",
    )  # fmt: skip
    by_period = main.sum(axis=(0, 1)) / mains * 100
    rates = {
        "taux_de_logements_collectifs": 100 * main[1].sum(axis=(0, 1)) / mains,
        "taux_de_residences_principales": 100 * mains / (mains + others),
        **{f"residences_principales_{name}": by_period[i] for i, name in enumerate(periods)},
        "taux_de_chauffage_electrique": 100 * main[:, 0].sum(axis=(0, 1)) / mains,
    }
    return rates


assert set(ELECTRIC_HEATING_PCT) >= set(OVERSEAS_GWH), "every region has dwellings"
