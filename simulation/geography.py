"""Territories below the regions: real départements, each with a few simulated communes; levels that add up.

Codes and names of départements, their regions and the 45 arrondissements of Paris, Lyon and Marseille are official
(INSEE, code officiel géographique). Communes are simulated, and so are all populations: each commune's is drawn, and a
département or a region has the sum. Codes of communes end in 951 and after (81 overseas), which INSEE gives to none.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import parameters
from simulation.parameters import REGIONS, Array, Floats, Ints
from simulation.tabulate import text_column

COMMUNES_PER_DEPARTEMENT = 8
POPULATION_YEAR = 2021
CITY_OF_ARRONDISSEMENTS = {"75": ("75056", "Paris"), "69": ("69123", "Lyon"), "13": ("13055", "Marseille")}
_ARRONDISSEMENTS = {"75": (75101, 20), "69": (69381, 9), "13": (13201, 16)}
_CITY_SHARE = {"75": 1.0, "69": 0.27, "13": 0.42}
"""The city's part of the département's people."""

# Région: code, name, people in thousands, mean altitude in metres of where they live; both rounded, to simulate with.
DEPARTEMENTS_BY_REGION: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "01": (("971", "Guadeloupe", 385, 60),),
    "02": (("972", "Martinique", 360, 80),),
    "03": (("973", "Guyane", 295, 10),),
    "04": (("974", "La Réunion", 870, 200),),
    "11": (
        ("75", "Paris", 2130, 40),
        ("77", "Seine-et-Marne", 1440, 80),
        ("78", "Yvelines", 1450, 100),
        ("91", "Essonne", 1310, 80),
        ("92", "Hauts-de-Seine", 1630, 60),
        ("93", "Seine-Saint-Denis", 1660, 50),
        ("94", "Val-de-Marne", 1410, 50),
        ("95", "Val-d'Oise", 1260, 70),
    ),
    "24": (
        ("18", "Cher", 300, 160),
        ("28", "Eure-et-Loir", 430, 140),
        ("36", "Indre", 220, 150),
        ("37", "Indre-et-Loire", 610, 70),
        ("41", "Loir-et-Cher", 330, 100),
        ("45", "Loiret", 680, 110),
    ),
    "27": (
        ("21", "Côte-d'Or", 535, 280),
        ("25", "Doubs", 545, 400),
        ("39", "Jura", 260, 350),
        ("58", "Nièvre", 205, 220),
        ("70", "Haute-Saône", 235, 270),
        ("71", "Saône-et-Loire", 550, 250),
        ("89", "Yonne", 335, 150),
        ("90", "Territoire de Belfort", 140, 380),
    ),
    "28": (
        ("14", "Calvados", 695, 50),
        ("27", "Eure", 600, 110),
        ("50", "Manche", 495, 60),
        ("61", "Orne", 280, 190),
        ("76", "Seine-Maritime", 1255, 70),
    ),
    "32": (
        ("02", "Aisne", 530, 90),
        ("59", "Nord", 2610, 40),
        ("60", "Oise", 830, 80),
        ("62", "Pas-de-Calais", 1460, 50),
        ("80", "Somme", 570, 60),
    ),
    "44": (
        ("08", "Ardennes", 270, 170),
        ("10", "Aube", 310, 120),
        ("51", "Marne", 565, 100),
        ("52", "Haute-Marne", 170, 280),
        ("54", "Meurthe-et-Moselle", 730, 240),
        ("55", "Meuse", 185, 230),
        ("57", "Moselle", 1050, 210),
        ("67", "Bas-Rhin", 1150, 160),
        ("68", "Haut-Rhin", 765, 280),
        ("88", "Vosges", 360, 390),
    ),
    "52": (
        ("44", "Loire-Atlantique", 1450, 30),
        ("49", "Maine-et-Loire", 820, 50),
        ("53", "Mayenne", 305, 100),
        ("72", "Sarthe", 565, 70),
        ("85", "Vendée", 695, 40),
    ),
    "53": (
        ("22", "Côtes-d'Armor", 605, 90),
        ("29", "Finistère", 920, 70),
        ("35", "Ille-et-Vilaine", 1100, 50),
        ("56", "Morbihan", 765, 50),
    ),
    "75": (
        ("16", "Charente", 350, 100),
        ("17", "Charente-Maritime", 660, 20),
        ("19", "Corrèze", 240, 350),
        ("23", "Creuse", 115, 430),
        ("24", "Dordogne", 415, 120),
        ("33", "Gironde", 1650, 30),
        ("40", "Landes", 420, 40),
        ("47", "Lot-et-Garonne", 330, 70),
        ("64", "Pyrénées-Atlantiques", 690, 130),
        ("79", "Deux-Sèvres", 375, 120),
        ("86", "Vienne", 440, 110),
        ("87", "Haute-Vienne", 370, 310),
    ),
    "76": (
        ("09", "Ariège", 155, 430),
        ("11", "Aude", 375, 100),
        ("12", "Aveyron", 280, 520),
        ("30", "Gard", 755, 90),
        ("31", "Haute-Garonne", 1430, 170),
        ("32", "Gers", 190, 160),
        ("34", "Hérault", 1200, 60),
        ("46", "Lot", 175, 240),
        ("48", "Lozère", 76, 850),
        ("65", "Hautes-Pyrénées", 230, 380),
        ("66", "Pyrénées-Orientales", 485, 170),
        ("81", "Tarn", 390, 230),
        ("82", "Tarn-et-Garonne", 260, 110),
    ),
    "84": (
        ("01", "Ain", 665, 280),
        ("03", "Allier", 335, 260),
        ("07", "Ardèche", 330, 280),
        ("15", "Cantal", 145, 720),
        ("26", "Drôme", 520, 210),
        ("38", "Isère", 1280, 320),
        ("42", "Loire", 770, 460),
        ("43", "Haute-Loire", 230, 740),
        ("63", "Puy-de-Dôme", 660, 440),
        ("69", "Rhône", 1890, 230),
        ("73", "Savoie", 440, 480),
        ("74", "Haute-Savoie", 835, 560),
    ),
    "93": (
        ("04", "Alpes-de-Haute-Provence", 165, 520),
        ("05", "Hautes-Alpes", 140, 870),
        ("06", "Alpes-Maritimes", 1100, 130),
        ("13", "Bouches-du-Rhône", 2060, 90),
        ("83", "Var", 1090, 120),
        ("84", "Vaucluse", 565, 110),
    ),
    "94": (("2A", "Corse-du-Sud", 162, 150), ("2B", "Haute-Corse", 182, 140)),
}
OVERSEAS_LABELS_FR = {"01": "Guadeloupe", "02": "Martinique", "03": "Guyane", "04": "La Réunion"}
REGION_LABELS_FR = {
    **OVERSEAS_LABELS_FR,
    **{region.code: region.label_fr for region in REGIONS},
    parameters.CORSE_CODE: parameters.CORSE_LABEL_FR,
}


@dataclass(frozen=True)
class Departement:
    """One département; `region` is its region's position in `Territories.region_codes`."""

    code: str
    label_fr: str
    region: int
    people: int
    altitude_m: int

    @property
    def is_overseas(self) -> bool:
        """Whether it lies outside Europe."""
        return len(self.code) == 3


@dataclass(frozen=True)
class Territories:
    """Communes with what they belong to, by position; arrondissements stand in the place of their city.

    `people` and `altitude_m` have one value a commune.
    """

    region_codes: tuple[str, ...]
    departements: tuple[Departement, ...]
    commune_codes: tuple[str, ...]
    commune_labels_fr: tuple[str, ...]
    departement: Ints
    epci_codes: tuple[str, ...]
    epci: Ints
    city_codes: tuple[str, ...]
    """The commune itself, or the city that an arrondissement is part of."""
    people: Ints
    altitude_m: Floats

    @property
    def region(self) -> Ints:
        """Position of each commune's region."""
        return np.array([d.region for d in self.departements])[self.departement]

    @property
    def epci_departement(self) -> Ints:
        """Position of the département of each EPCI: each lies in one."""
        _, first = np.unique(self.epci, return_index=True)
        return self.departement[first]

    @property
    def is_arrondissement(self) -> list[bool]:
        """Whether a commune is a municipal arrondissement."""
        return [code != city for code, city in zip(self.commune_codes, self.city_codes, strict=True)]

    @property
    def region_labels_fr(self) -> tuple[str, ...]:
        """Names of the regions."""
        return tuple(REGION_LABELS_FR[code] for code in self.region_codes)

    @property
    def load_region(self) -> Ints:
        """Position of each region among the twelve whose load is published; -1 for the others."""
        loaded = [region.code for region in REGIONS]
        return np.array([loaded.index(code) if code in loaded else -1 for code in self.region_codes])

    def by_departement(self, values: Array) -> Array:
        """Sum values of communes, on the last axis, over each département."""
        return summed(values, self.departement, len(self.departements))

    def by_region(self, values: Array) -> Array:
        """Sum values of communes, on the last axis, over each region."""
        return summed(values, self.region, len(self.region_codes))


def summed(values: Array, groups: Ints, count: int) -> Array:
    """Sum values, on the last axis, over `count` groups; `groups` holds the group of each."""
    total: Array = np.zeros((count, *values.shape[:-1]), dtype=values.dtype)
    np.add.at(total, groups, np.moveaxis(values, -1, 0))
    return np.moveaxis(total, 0, -1)


def simulate_territories(rng: np.random.Generator) -> Territories:
    """Draw communes with people and altitudes: one town and smaller places in each département."""
    region_codes = tuple(sorted(DEPARTEMENTS_BY_REGION))
    departements = tuple(
        Departement(code, label, region_codes.index(region), 1_000 * thousands, altitude)
        for region, members in sorted(DEPARTEMENTS_BY_REGION.items())
        for code, label, thousands, altitude in members
    )
    codes: list[str] = []
    labels: list[str] = []
    cities: list[str] = []
    owners: list[int] = []
    epcis: list[int] = []
    people: list[int] = []
    altitudes: list[float] = []
    for position, departement in enumerate(departements):
        names = _communes(departement.code)
        weights = _weights(rng, departement.code, len(names))
        drawn = np.maximum(np.round(departement.people * rng.uniform(0.98, 1.02) * weights), 60).astype(int)
        # Around the altitude of the département's people; arrondissements at it.
        lift = rng.uniform(0.4, 1.9, len(names))
        for i, (code, label, city) in enumerate(names):
            codes.append(code)
            labels.append(label)
            cities.append(city)
            owners.append(position)
            # A city lies in one; the places around it in either.
            epcis.append(2 * position + (code == city and i >= len(names) - COMMUNES_PER_DEPARTEMENT // 2))
            people.append(int(drawn[i]))
            altitudes.append(float(np.round(departement.altitude_m * (1.0 if code != city else lift[i]))))
    distinct_epcis, epci = np.unique(epcis, return_inverse=True)
    return Territories(
        region_codes=region_codes,
        departements=departements,
        commune_codes=tuple(codes),
        commune_labels_fr=tuple(labels),
        departement=np.array(owners),
        # Nine digits like the SIREN numbers of EPCI, of a range that is given to none.
        epci_codes=tuple(f"2999{i:05d}" for i in distinct_epcis),
        epci=epci,
        city_codes=tuple(cities),
        people=np.array(people),
        altitude_m=np.array(altitudes),
    )


def _communes(departement: str) -> list[tuple[str, str, str]]:
    """Return (code, name, code of the city) of the communes of a département."""
    named = []
    if departement in _ARRONDISSEMENTS:
        first, count = _ARRONDISSEMENTS[departement]
        city, label = CITY_OF_ARRONDISSEMENTS[departement]
        named = [
            (str(first + i), f"{label} {i + 1}{'er' if i == 0 else 'e'} Arrondissement", city) for i in range(count)
        ]
    simulated = 0 if departement == "75" else COMMUNES_PER_DEPARTEMENT
    start = 951 if len(departement) == 2 else 81
    width = 5 - len(departement)
    for i in range(simulated):
        code = f"{departement}{start + i:0{width}d}"
        named.append((code, f"Commune simulée {departement}-{i + 1:03d}", code))
    return named


def _weights(rng: np.random.Generator, departement: str, count: int) -> Floats:
    """Draw the communes' parts of the people: a town of a third, the rest falling; arrondissements alike."""
    if departement not in _ARRONDISSEMENTS:
        falling = 0.6 ** np.arange(count) * rng.uniform(0.8, 1.2, count)
        return np.asarray(falling / falling.sum())
    arrondissements = _ARRONDISSEMENTS[departement][1]
    inner = rng.uniform(0.3, 1.7, arrondissements)
    share = _CITY_SHARE[departement]
    if count == arrondissements:
        return np.asarray(inner / inner.sum())
    outer = 0.6 ** np.arange(count - arrondissements) * rng.uniform(0.8, 1.2, count - arrondissements)
    return np.concatenate([share * inner / inner.sum(), (1 - share) * outer / outer.sum()])


def population_tables(rng: np.random.Generator, territories: Territories) -> dict[str, pa.Table]:
    """Return the three files of INSEE's legal populations: PMUN adds up, PTOT counts some people twice."""
    apart = np.round(territories.people * rng.uniform(0.008, 0.03, len(territories.people))).astype(np.int64)
    region_of = territories.region
    names = territories.region_labels_fr
    owners = [territories.departements[i] for i in territories.departement]
    communes = pa.table(
        {
            "reg": text_column(territories.region_codes, region_of),
            "region": text_column(names, region_of),
            "dep": [d.code for d in owners],
            "codarr": ["1"] * len(owners),
            "codcan": [None if is_part else "01" for is_part in territories.is_arrondissement],
            "codcom": [code[-3:] for code in territories.commune_codes],
            "com": list(territories.commune_codes),
            "commune": list(territories.commune_labels_fr),
            "pmun": pa.array(territories.people),
            "pcap": pa.array(apart),
            "ptot": pa.array(territories.people + apart),
        }
    )
    # Three cities are one commune each.
    one_each = np.array(
        [
            1.0 / territories.city_codes.count(city) if city != code else 1.0
            for code, city in zip(territories.commune_codes, territories.city_codes, strict=True)
        ]
    )
    departement_region = np.array([d.region for d in territories.departements])
    departements = pa.table(
        {
            "reg": text_column(territories.region_codes, departement_region),
            "region": text_column(names, departement_region),
            "dep": [d.code for d in territories.departements],
            "departement": [d.label_fr for d in territories.departements],
            "nbarr": np.ones(len(territories.departements), dtype=np.int64),
            "nbcan": np.full(len(territories.departements), COMMUNES_PER_DEPARTEMENT),
            "nbcom": np.round(territories.by_departement(one_each)).astype(np.int64),
            "pmun": territories.by_departement(territories.people),
            "ptot": territories.by_departement(territories.people + apart),
        }
    )
    count_by_region = np.bincount(departement_region, minlength=len(territories.region_codes))
    regions = pa.table(
        {
            "reg": list(territories.region_codes),
            "region": list(names),
            "nbarr": count_by_region,
            "nbcan": count_by_region * COMMUNES_PER_DEPARTEMENT,
            "nbcom": np.round(territories.by_region(one_each)).astype(np.int64),
            "pmun": territories.by_region(territories.people),
            "ptot": territories.by_region(territories.people + apart),
        }
    )
    return {
        "populations-legales-regions": regions,
        "populations-legales-departements": departements,
        "populations-legales-communes": communes,
    }
