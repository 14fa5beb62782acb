"""Yearly consumption as published: Agence ORE's long and wide forms at every level, Enedis's départements.

All are sums of one set of records, so that levels and forms agree to the kWh.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from simulation.annual import CELLS, FIRST_YEAR, RECLASSIFIED_IN, Records
from simulation.client_types import ENEDIS_LABELS_FR
from simulation.defects import SourceDefect
from simulation.geography import Territories, summed
from simulation.housing import Housing
from simulation.networks import OPERATORS
from simulation.parameters import Array, Floats, Ints
from simulation.tabulate import numbers, text_column

LAST_WIDE_YEAR = 2021
LAST_ENEDIS_YEAR = 2017
PER_MILLE_YEAR, KWH_YEAR = 2020, 2021
"""Years in which the thermosensitive share is per mille, and the thermosensitive energy kWh."""
THERMOSENSITIVE_SINCE = 2018
OUTLIER_YEAR, OUTLIER_FACTOR = 2022, 1_000
"""One small commune's homes are published in kWh; its département is right."""

IRIS_SINCE = 2018
"""The portal begins earlier; these years are enough to build on."""
IRIS_PEOPLE = 10_000
"""Communes of more people have two IRIS."""
_IRIS_SHARE = 0.6

LONG = "consommation-annuelle-d-electricite-et-gaz-par-{}"
WIDE = "conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-{}"
ENEDIS_YEARLY = "consommation-electrique-par-secteur-dactivite-departement"

_SECTORS = ("AGRICULTURE", "INDUSTRIE", "TERTIAIRE", "RESIDENTIEL", "INCONNU")
_CARRIERS = ("Electricité", "Gaz")
_WIDE_LETTERS = ("a", "i", "t", "r", "na")


@dataclass(frozen=True)
class Level:
    """One territory level: the place of each record, and what is published of each place."""

    name: str
    records: Records
    place: Ints
    texts: dict[str, list[str]]
    """Field ids of the long form."""
    people: Ints
    electric_share: Floats


def levels_of(records: Records, territories: Territories, housing: Housing) -> list[Level]:
    """Return communes, départements, regions, EPCI and IRIS, with the records of each."""
    regions = [code.lstrip("0") for code in territories.region_codes]  # Codes have lost their zero.
    of_region = {"code_region": regions, "nom_region": list(territories.region_labels_fr)}
    departements = territories.departements
    of_departement = {
        "code_departement": [d.code for d in departements],
        "nom_departement": [d.label_fr for d in departements],
        **_taken(of_region, [d.region for d in departements]),
    }
    epci_departement = territories.epci_departement
    of_epci = {
        "code_epci": list(territories.epci_codes),
        "nom_epci": [
            f"EPCI simulé {code} ({departements[d].code})"
            for code, d in zip(territories.epci_codes, epci_departement, strict=True)
        ],
    }
    above = {**_taken(of_epci, territories.epci), **_taken(of_departement, territories.departement)}
    communes = {
        "code_commune": list(territories.commune_codes),
        "nom_commune": list(territories.commune_labels_fr),
        **above,
    }
    commune = records.commune
    return [
        _commune_level(records, territories, housing, communes),
        _level("departement", records, commune, territories.departement, of_departement, territories, housing),
        _level("region", records, commune, territories.region, of_region, territories, housing),
        _level(
            "epci",
            records,
            commune,
            territories.epci,
            of_epci | _taken(of_region, [departements[d].region for d in epci_departement]),
            territories,
            housing,
        ),
        _iris_level(records, territories, housing, communes),
    ]


def _taken(texts: dict[str, list[str]], positions: Sequence[int] | Ints) -> dict[str, list[str]]:
    return {name: [values[i] for i in positions] for name, values in texts.items()}


def _level(
    name: str,
    records: Records,
    commune: Ints,
    group: Ints,
    texts: dict[str, list[str]],
    territories: Territories,
    housing: Housing,
) -> Level:
    people, electric, mains = (
        summed(values, group, int(group.max()) + 1) for values in (territories.people, housing.electric, housing.mains)
    )
    return Level(name, records, group[commune], texts, people, electric / mains)


def _commune_level(records: Records, territories: Territories, housing: Housing, texts: dict[str, list[str]]) -> Level:
    """Cities count as one since 2018, before by arrondissement: places are all communes, then the cities."""
    parts = np.flatnonzero(territories.is_arrondissement)
    cities = sorted({territories.city_codes[i] for i in parts})
    count = len(territories.people)
    city = np.arange(count)
    city[parts] = [count + cities.index(territories.city_codes[i]) for i in parts]
    first = [territories.city_codes.index(code) for code in cities]
    of_cities = _taken(texts, first)
    of_cities["code_commune"] = cities
    of_cities["nom_commune"] = [name.split(" ")[0] for name in of_cities["nom_commune"]]
    members = np.concatenate([np.arange(count), city[parts]])
    values = [
        np.bincount(members, np.concatenate([each, each[parts]])).astype(np.int64)
        for each in (territories.people, housing.electric, housing.mains)
    ]
    return Level(
        name="commune",
        records=records,
        place=np.where(records.year >= RECLASSIFIED_IN, city[records.commune], records.commune),
        texts={name: [*column, *of_cities[name]] for name, column in texts.items()},
        people=values[0],
        electric_share=values[1] / values[2],
    )


def _iris_level(records: Records, territories: Territories, housing: Housing, texts: dict[str, list[str]]) -> Level:
    """Larger communes have two IRIS, the others are one; cities stay in arrondissements."""
    is_large = territories.people > IRIS_PEOPLE
    # Communes first, then the second IRIS of the large ones.
    large = np.flatnonzero(is_large)
    owner = np.concatenate([np.arange(len(is_large)), large])
    of_communes = _taken(texts, owner)
    suffix = ["0101" if has_two else "0000" for has_two in is_large] + ["0102"] * len(large)
    codes = [code + end for code, end in zip(of_communes["code_commune"], suffix, strict=True)]
    names = [f"{name} {end}" for name, end in zip(of_communes["nom_commune"], suffix, strict=True)]
    kept = records.year >= IRIS_SINCE
    recent = Records(**{name: getattr(records, name)[kept] for name in Records.__dataclass_fields__})
    has_two = is_large[recent.commune]
    second = Records(**{name: getattr(recent, name)[has_two] for name in Records.__dataclass_fields__})
    shares = ("kwh", "sites", "thermosensitive_kwh", "slope_w")
    less = {name: _IRIS_SHARE * getattr(second, name) for name in shares}
    less |= {name: np.floor(less[name]).astype(np.int64) for name in shares if name != "slope_w"}
    first_part = replace(recent, **{name: getattr(recent, name).copy() for name in shares})
    for name in shares:
        getattr(first_part, name)[has_two] -= less[name]
    both = Records(
        **{
            name: np.concatenate([getattr(first_part, name), less.get(name, getattr(second, name))])
            for name in Records.__dataclass_fields__
        }
    )
    place_of_second = np.full(len(is_large), -1)
    place_of_second[large] = len(is_large) + np.arange(len(large))
    people = territories.people.copy()
    people[large] -= (people[large] * _IRIS_SHARE).astype(np.int64)
    return Level(
        name="iris",
        records=both,
        place=np.concatenate([recent.commune, place_of_second[second.commune]]),
        texts={"code_iris": codes, "nom_iris": names, **of_communes},
        people=np.concatenate([people, (territories.people[large] * _IRIS_SHARE).astype(np.int64)]),
        electric_share=(housing.electric / housing.mains)[owner],
    )


# --- the long form ----------------------------------------------------------------------------------------------------


def _grouped(records: Records, *keys: Ints) -> tuple[list[Ints], dict[str, Array]]:
    """Sum the records over equal keys: the distinct keys, in order, and the sums by name."""
    sizes = [int(key.max()) + 1 for key in keys]
    distinct, owner = np.unique(np.ravel_multi_index(keys, sizes), return_inverse=True)
    sums = {
        name: np.bincount(owner, getattr(records, name), minlength=len(distinct))
        for name in ("kwh", "sites", "secret", "thermosensitive_kwh", "slope_w")
    }
    return list(np.unravel_index(distinct, sizes)), sums


def long_tables(rng: np.random.Generator, levels: Sequence[Level]) -> tuple[dict[str, pa.Table], list[SourceDefect]]:
    """Return the long form of every level; one value of a commune is published in kWh."""
    tables, defects = {}, []
    for level in levels:
        records = level.records
        (year, place, operator, cell), sums = _grouped(
            records, records.year, level.place, records.operator, records.cell
        )
        published = sums["kwh"] / 1_000
        if level.name == "commune":
            is_home = (year == OUTLIER_YEAR) & (cell == 0) & (operator == 0) & (published > 0)
            is_small = published < np.quantile(published[is_home], 0.1)
            outlier = int(rng.choice(np.flatnonzero(is_home & is_small)))
            true = float(published[outlier])
            published[outlier] *= OUTLIER_FACTOR
            defects.append(
                SourceDefect(
                    LONG.format("commune"),
                    "outlier",
                    level.texts["code_commune"][place[outlier]],
                    calendar_year=OUTLIER_YEAR,
                    column_name="conso_totale_mwh",
                    value_published=float(published[outlier]),
                    value_true=true,
                )
            )
        tables[LONG.format(level.name)] = _long(level, (year, place, operator, cell), sums, published)
    return tables, defects


def _long(level: Level, keys: tuple[Ints, Ints, Ints, Ints], sums: dict[str, Array], published_mwh: Floats) -> pa.Table:
    year, place, operator, cell = keys
    sector = _sector_of(year, cell)
    heat_mwh = sums["thermosensitive_kwh"] / 1_000
    has_heat = (heat_mwh > 0) & (year >= THERMOSENSITIVE_SINCE)
    with np.errstate(divide="ignore", invalid="ignore"):
        share_pct = 100 * heat_mwh / (sums["kwh"] / 1_000)
    return pa.table(
        {
            "operateur": text_column(OPERATORS, operator),
            "annee": pa.array(year),
            "filiere": text_column(_CARRIERS, np.array([_CARRIERS.index(c.carrier) for c in CELLS])[cell]),
            **{name: text_column(texts, place) for name, texts in level.texts.items()},
            "code_categorie_consommation": text_column([c.category for c in CELLS], cell),
            "code_grand_secteur": text_column(_SECTORS, sector),
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
            "nombre_d_habitants": pa.array(level.people[place]),
            "taux_de_chauffage_electrique": pa.array(np.round(100 * level.electric_share[place], 2)),
        }
    )


# --- the wide form ----------------------------------------------------------------------------------------------------


def wide_table(level: Level) -> pa.Table:
    """Return the frozen wide form of a level, 2011-2021: one column a sector, electricity beside gas."""
    records = level.records
    within = records.year <= LAST_WIDE_YEAR
    is_gas = np.array([c.carrier == "Gaz" for c in CELLS]).astype(np.int64)
    keys = (records.year, is_gas[records.cell], level.place, records.operator)
    sizes = [int(key.max()) + 1 for key in keys]
    flat = np.ravel_multi_index(keys, sizes)
    distinct = np.unique(flat[within])
    columns: dict[str, Array] = {}
    total = np.zeros(len(distinct))
    sector = _sector_of(records.year, records.cell)
    for letter, position in zip(_WIDE_LETTERS, range(len(_SECTORS)), strict=True):
        mine = within & (sector == position)
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
    year, gas, place, operator = np.unravel_index(distinct, sizes)
    texts = {name.replace("nom_", "libelle_"): text_column(values, place) for name, values in level.texts.items()}
    return pa.table(
        {
            "operateur": text_column(OPERATORS, operator),
            "annee": pa.array(year),
            "filiere": text_column(_CARRIERS, gas),
            **columns,
            **texts,
            "id_filiere": text_column(("100", "200"), gas),
            "consototale": pa.array(total / 1_000),
        }
    )


def _sector_of(year: Ints, cell: Ints) -> Ints:
    """Return the position of each record's sector in `_SECTORS`, as published for its year."""
    before, after = (
        np.array([_SECTORS.index(c.sector_in(y)) for c in CELLS]) for y in (RECLASSIFIED_IN - 1, RECLASSIFIED_IN)
    )
    return np.where(year >= RECLASSIFIED_IN, after[cell], before[cell])


# --- Enedis -----------------------------------------------------------------------------------------------------------


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
