"""Territories below the regions: real départements, each with a few simulated communes; levels that add up.

Codes and names of départements, their regions (from the project's seeds) and the 45 arrondissements of Paris, Lyon and
Marseille are official (INSEE, code officiel géographique). Communes are simulated, and so are all populations: each
commune's is drawn, and a département or a region has the sum. Codes of communes end in 951 and after (81 overseas),
which INSEE gives to none.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation.parameters import REGIONS, Array, Floats, Ints
from simulation.seeds import named_departements, named_regions
from simulation.tabulate import text_column

COMMUNES_PER_DEPARTEMENT = 8
CITY_OF_ARRONDISSEMENTS = {"75": ("75056", "Paris"), "69": ("69123", "Lyon"), "13": ("13055", "Marseille")}
_ARRONDISSEMENTS = {"75": (75101, 20), "69": (69381, 9), "13": (13201, 16)}
_CITY_SHARE = {"75": 1.0, "69": 0.27, "13": 0.42}
"""The city's part of the département's people."""

# People in thousands and mean altitude in metres of where they live, rounded, to simulate with; none for Mayotte.
PEOPLE_AND_ALTITUDE: dict[str, tuple[int, int]] = {
    "01": (665, 280), "02": (530, 90), "03": (335, 260), "04": (165, 520), "05": (140, 870), "06": (1100, 130),
    "07": (330, 280), "08": (270, 170), "09": (155, 430), "10": (310, 120), "11": (375, 100), "12": (280, 520),
    "13": (2060, 90), "14": (695, 50), "15": (145, 720), "16": (350, 100), "17": (660, 20), "18": (300, 160),
    "19": (240, 350), "21": (535, 280), "22": (605, 90), "23": (115, 430), "24": (415, 120), "25": (545, 400),
    "26": (520, 210), "27": (600, 110), "28": (430, 140), "29": (920, 70), "2A": (162, 150), "2B": (182, 140),
    "30": (755, 90), "31": (1430, 170), "32": (190, 160), "33": (1650, 30), "34": (1200, 60), "35": (1100, 50),
    "36": (220, 150), "37": (610, 70), "38": (1280, 320), "39": (260, 350), "40": (420, 40), "41": (330, 100),
    "42": (770, 460), "43": (230, 740), "44": (1450, 30), "45": (680, 110), "46": (175, 240), "47": (330, 70),
    "48": (76, 850), "49": (820, 50), "50": (495, 60), "51": (565, 100), "52": (170, 280), "53": (305, 100),
    "54": (730, 240), "55": (185, 230), "56": (765, 50), "57": (1050, 210), "58": (205, 220), "59": (2610, 40),
    "60": (830, 80), "61": (280, 190), "62": (1460, 50), "63": (660, 440), "64": (690, 130), "65": (230, 380),
    "66": (485, 170), "67": (1150, 160), "68": (765, 280), "69": (1890, 230), "70": (235, 270), "71": (550, 250),
    "72": (565, 70), "73": (440, 480), "74": (835, 560), "75": (2130, 40), "76": (1255, 70), "77": (1440, 80),
    "78": (1450, 100), "79": (375, 120), "80": (570, 60), "81": (390, 230), "82": (260, 110), "83": (1090, 120),
    "84": (565, 110), "85": (695, 40), "86": (440, 110), "87": (370, 310), "88": (360, 390), "89": (335, 150),
    "90": (140, 380), "91": (1310, 80), "92": (1630, 60), "93": (1660, 50), "94": (1410, 50), "95": (1260, 70),
    "971": (385, 60), "972": (360, 80), "973": (295, 10), "974": (870, 200),
}  # fmt: skip


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
        return tuple(named_regions()[code].label_fr for code in self.region_codes)

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
    named = {code: place for code, place in named_departements().items() if code in PEOPLE_AND_ALTITUDE}
    region_codes = tuple(sorted({place.region_code for place in named.values()}))
    departements = tuple(
        Departement(
            code,
            place.label_fr,
            region_codes.index(place.region_code),
            1_000 * PEOPLE_AND_ALTITUDE[code][0],
            PEOPLE_AND_ALTITUDE[code][1],
        )
        for code, place in sorted(named.items(), key=lambda item: (item[1].region_code, item[0]))
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
