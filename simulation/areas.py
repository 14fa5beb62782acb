"""Enedis's yearly consumption by commune, EPCI and IRIS with its thermosensitivity, in the portal's form.

Thermosensitivity is measured per delivery point and added up: what is published of an area is its true slope times the
noise of its meters, other in each year and smaller where there are many. Only the larger communes and IRIS have one,
29 % of the rows as in the real file. Units are wrong as they are in the real ones: a year of shares per mille, a year
of kWh called MWh, and single values that lost their decimal separator. The first year speaks of communes merged since.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from simulation.annual import CELLS
from simulation.annual_tables import Level
from simulation.defects import SourceDefect
from simulation.divisions import ABSORBED, before_mergers
from simulation.parameters import REGIONS, Floats, Ints
from simulation.tabulate import numbers, text_column

AREA = "consommation-electrique-par-secteur-dactivite-{}"
LEVELS = ("commune", "epci", "iris")
YEARS = 3
MEASURED_SHARE = 0.29
METER_NOISE_FLOOR, METER_NOISE_SITES = 0.03, 8.0
"""Relative standard error of a year: the root of the floor squared plus this many sites over the area's."""
LOST_SEPARATORS = 20
_SECTORS = ("AGRICULTURE", "INDUSTRIE", "TERTIAIRE", "RESIDENTIEL", "INCONNU")
_DECIMALS = 2
_AMOUNTS = (
    "nb_sites",
    "conso_totale_mwh",
    "conso_totale_usages_thermosensibles_mwh",
    "thermosensibilite_totale_kwh_dju",
)


def area_tables(
    rng: np.random.Generator, levels: Sequence[Level], years: Ints, degree_hours: Floats
) -> tuple[dict[str, pa.Table], list[SourceDefect]]:
    """Return the tables of the last years and what is wrong in them; `degree_hours` has the shape (years, regions)."""
    tables, defects = {}, []
    for level in (level for level in levels if level.name in LEVELS):
        table, lost = _area_table(rng, level, years, degree_hours)
        if level.name == "commune":
            table = before_mergers(table, "code_commune", int(years[-1]) - YEARS + 1, _AMOUNTS)
        tables[AREA.format(level.name)] = table
        defects += lost
    return tables, defects


def _area_table(
    rng: np.random.Generator, level: Level, years: Ints, degree_hours: Floats
) -> tuple[pa.Table, list[SourceDefect]]:
    records = level.records
    is_delivered = np.array([c.carrier == "Electricité" and not c.is_transmission for c in CELLS])
    kept = (records.operator == 0) & (records.year > years[-1] - YEARS) & is_delivered[records.cell]
    kept &= np.isin(_loaded_region(level)[level.place], np.arange(len(REGIONS)))
    first = years[-1] - YEARS + 1
    shape = (YEARS, len(level.people), len(CELLS))
    flat = np.ravel_multi_index((records.year[kept] - first, level.place[kept], records.cell[kept]), shape)
    distinct, owner = np.unique(flat, return_inverse=True)
    year, place, cell = (axis.astype(np.int64) for axis in np.unravel_index(distinct, shape))
    sums = {
        name: np.bincount(owner, getattr(records, name)[kept])
        for name in ("kwh", "sites", "secret", "thermosensitive_kwh", "slope_w")
    }
    is_home = (cell == 0) & (sums["slope_w"] > 0)
    if level.name != "epci":
        sites = np.zeros(len(level.people))
        sites[place[is_home]] = sums["sites"][is_home]
        is_home &= (sites >= np.quantile(sites[sites > 0], 1 - MEASURED_SHARE))[place]
    noise: Floats = np.sqrt(METER_NOISE_FLOOR**2 + METER_NOISE_SITES / np.maximum(sums["sites"], 1.0))
    kwh_per_dju: Floats = sums["slope_w"] * 24 / 1_000 * np.exp(noise * rng.standard_normal(len(year)))
    kwh_per_dju = np.asarray(np.round(np.where(is_home, kwh_per_dju, np.nan), _DECIMALS), dtype=np.float64)
    region = _loaded_region(level)[place]
    dju = np.round(degree_hours[len(years) - YEARS + year, region] / 24, 1)
    heat_mwh = kwh_per_dju * dju / 1_000
    total_mwh = sums["kwh"] / 1_000
    share_pct = 100 * heat_mwh / np.where(total_mwh > 0, total_mwh, np.nan)
    published = kwh_per_dju.copy()
    code = level.texts[f"code_{level.name}"]
    is_whole = ~np.isin(code, list(ABSORBED))[place]
    lost = rng.choice(np.flatnonzero(is_home & (year == 0) & is_whole), size=LOST_SEPARATORS, replace=False)
    published[lost] *= 10**_DECIMALS
    defects = [
        SourceDefect(
            AREA.format(level.name),
            "decimal_separator_lost",
            code[place[i]],
            calendar_year=int(first),
            column_name="thermosensibilite_totale_kwh_dju",
            value_published=float(published[i]),
            value_true=float(kwh_per_dju[i]),
        )
        for i in lost
    ]
    sectors = np.array([_SECTORS.index(c.sector) for c in CELLS])
    return (
        pa.table(
            {
                "annee": pa.array(first + year),
                **{name: text_column(texts, place) for name, texts in level.texts.items()},
                "code_categorie_consommation": text_column([c.category for c in CELLS], cell),
                "code_grand_secteur": text_column(_SECTORS, sectors[cell]),
                "code_secteur_naf2": text_column([c.naf for c in CELLS], cell),
                "nb_sites": pa.array(sums["sites"]),
                "conso_totale_mwh": pa.array(total_mwh),
                "nombre_de_mailles_secretisees": pa.array(sums["secret"]),
                "part_thermosensible": numbers(np.where(year == 1, 10, 1) * share_pct),
                "conso_totale_usages_thermosensibles_mwh": numbers(np.where(year == 2, 1_000, 1) * heat_mwh),
                "thermosensibilite_totale_kwh_dju": numbers(published),
                "dju_a_tr": numbers(np.where(is_home, dju, np.nan)),
                "dju_a_tn": numbers(np.where(is_home, np.round(degree_hours[:, region].mean(axis=0) / 24, 1), np.nan)),
            }
        ),
        defects,
    )


def _loaded_region(level: Level) -> Ints:
    """Return the position of each place's region among those whose load is published; -1 for the others."""
    loaded = {region.code: position for position, region in enumerate(REGIONS)}
    return np.array([loaded.get(code.zfill(2), -1) for code in level.texts["code_region"]])
