"""Which communes and EPCI there are, where, and what they were before, in the form of Etalab's files.

Outlines are simulated like the communes: each département is a rectangle, about where it lies among the others, and its
communes are stripes of it. A few towns have absorbed a commune: files of earlier years still speak of its code.
"""

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.geography import Territories
from simulation.parameters import Ints
from simulation.seeds import departement_centres
from simulation.tabulate import text_column

OUTLINES = "contours-administratifs-communes"
COMMUNES, EPCIS = "decoupage-administratif-communes", "decoupage-administratif-epci"
ABSORBED = {f"{departement}951": f"{departement}971" for departement in ("01", "22", "33", "54", "67")}
"""Former code by the commune that its people belong to now, the town of its département."""
ABSORBED_SHARE = 0.3
ROWS, HEIGHT_DEG, WIDTH_DEG = 10, 0.9, 1.2


def division_tables(territories: Territories, year: int) -> dict[str, pa.Table]:
    """Return the outlines, the communes and the EPCI of a year."""
    codes, cities = territories.commune_codes, territories.city_codes
    one_of_each = [codes.index(city) if city in codes else cities.index(city) for city in dict.fromkeys(cities)]
    departements = [territories.departements[territories.departement[i]] for i in one_of_each]
    current = [cities[i] for i in one_of_each]
    names = [territories.commune_labels_fr[i].removesuffix(" 1er Arrondissement") for i in one_of_each]
    parts = [i for i, is_part in enumerate(territories.is_arrondissement) if is_part]
    absorbed = list(ABSORBED.values())
    communes = pa.table(
        {
            "code": [*current, *absorbed, *(codes[i] for i in parts)],
            "nom": [
                *names,
                *(f"Ancienne commune simulée {code}" for code in absorbed),
                *(territories.commune_labels_fr[i] for i in parts),
            ],
            "type": ["commune-actuelle"] * len(current)
            + ["commune-deleguee"] * len(absorbed)
            + ["arrondissement-municipal"] * len(parts),
            "departement": [
                *(departement.code for departement in departements),
                *(code[:2] for code in absorbed),
                *(territories.departements[territories.departement[i]].code for i in parts),
            ],
            "chefLieu": pa.array([None] * len(current) + list(ABSORBED) + [None] * len(parts), pa.string()),
            "anciensCodes": pa.array(
                [json.dumps([ABSORBED[code]]) if code in ABSORBED else None for code in current]
                + [None] * (len(absorbed) + len(parts)),
                pa.string(),
            ),
            "annee": pa.array([year] * (len(current) + len(absorbed) + len(parts))),
        }
    )
    epci = territories.epci
    epcis = pa.table(
        {
            "code": list(territories.epci_codes),
            "nom": [f"EPCI simulé {code}" for code in territories.epci_codes],
            "modeFinancement": ["FPU"] * len(territories.epci_codes),
            "membres": [
                json.dumps([{"code": code} for code in dict.fromkeys(np.array(cities)[epci == position])])
                for position in range(len(territories.epci_codes))
            ],
            "annee": pa.array([year] * len(territories.epci_codes)),
        }
    )
    outlines = pa.table(
        {
            "code": current,
            "nom": names,
            "departement": [departement.code for departement in departements],
            "region": [territories.region_codes[departement.region] for departement in departements],
            "geometry": [json.dumps(shape) for shape in _outlines([departement.code for departement in departements])],
            "annee": pa.array([year] * len(current)),
        }
    )
    return {OUTLINES: outlines, COMMUNES: communes, EPCIS: epcis}


def _outlines(departements: Sequence[str]) -> list[dict[str, object]]:
    """Return a stripe a commune, in the rectangle of its département: rows north to south, in each west to east."""
    centres = departement_centres()
    placed = sorted(set(departements) & set(centres), key=lambda code: (-centres[code][0], code))
    corner = {}
    per_row = -(-len(placed) // ROWS)
    for row in range(ROWS):
        line = sorted(placed[row * per_row : (row + 1) * per_row], key=lambda code: (centres[code][1], code))
        for column, code in enumerate(line):
            corner[code] = (-4.5 + WIDTH_DEG * column, 51.0 - HEIGHT_DEG * row)
    for number, code in enumerate(sorted(set(departements) - set(placed))):
        corner[code] = (-61.0 + WIDTH_DEG * number, 16.0)
    shapes: list[dict[str, object]] = []
    seen: dict[str, int] = {}
    for code in departements:
        at = seen[code] = seen.get(code, -1) + 1
        width = WIDTH_DEG / departements.count(code)
        west, north = corner[code][0] + at * width, corner[code][1]
        ring = [(west, north), (west, north - HEIGHT_DEG), (west + width, north - HEIGHT_DEG), (west + width, north)]
        shapes.append({"type": "Polygon", "coordinates": [[[round(x, 4), round(y, 4)] for x, y in (*ring, ring[0])]]})
    return shapes


def before_mergers(table: pa.Table, code: str, year: int, amounts: Sequence[str]) -> pa.Table:
    """Return a table in which the rows of a year stand as they did before the mergers; `amounts` are divided."""
    is_divided = pc.and_(
        pc.equal(table["annee"], year), pc.is_in(table[code].cast(pa.string()), pa.array(list(ABSORBED)))
    )
    moved = table.filter(is_divided)
    former: Ints = pc.index_in(moved[code].cast(pa.string()), pa.array(list(ABSORBED))).to_numpy()
    moved = moved.set_column(moved.schema.get_field_index(code), code, text_column(list(ABSORBED.values()), former))
    for name in amounts:
        position = table.schema.get_field_index(name)
        share = pc.if_else(is_divided, 1 - ABSORBED_SHARE, 1.0)
        table = table.set_column(position, name, pc.multiply(table[name], share))
        moved = moved.set_column(position, name, pc.multiply(moved[name], ABSORBED_SHARE))
    return pa.concat_tables([table.cast(moved.schema), moved])
