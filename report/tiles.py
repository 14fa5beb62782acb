"""Places of the regions on a grid of tiles, so that a map needs neither outlines nor a tile server."""

import re
from collections.abc import Sequence

from dataelec.warehouse import Row

# TableColumn and row of each region's official code; neighbours on the ground are neighbours on the grid as far as
# thirteen squares allow. Overseas regions have neither half-hourly load nor regional temperature.
PLACES = {
    "32": (2, 0),
    "53": (0, 1),
    "28": (1, 1),
    "11": (2, 1),
    "44": (3, 1),
    "52": (0, 2),
    "24": (1, 2),
    "27": (2, 2),
    "75": (1, 3),
    "84": (2, 3),
    "76": (1, 4),
    "93": (2, 4),
    "94": (3, 4),
}
# The same for départements: each code where it stands, as far as squares allow.
_DEPARTEMENTS = """
.. .. .. .. .. .. 62 .. .. .. .. .. ..
.. .. .. .. .. 76 80 59 .. .. .. .. ..
.. .. .. .. 27 78 95 60 02 08 55 .. ..
.. 22 50 14 61 92 75 93 77 51 54 57 67
29 56 35 53 72 28 91 94 10 52 70 88 68
.. .. 44 49 37 41 45 58 89 21 25 90 ..
.. .. 85 79 86 36 18 03 71 01 39 .. ..
.. .. .. 17 16 87 23 63 42 69 74 73 ..
.. .. .. 33 24 46 19 15 43 26 38 05 ..
.. .. .. 40 47 82 12 48 07 84 04 06 ..
.. .. .. 64 32 31 81 34 30 13 83 .. 2B
.. .. .. .. 65 09 11 66 .. .. .. .. 2A
"""
DEPARTEMENTS = {
    code: (column, row)
    for row, line in enumerate(_DEPARTEMENTS.split("\n")[1:-1])
    for column, code in enumerate(line.split())
    if code != ".."
}
# As many letters as a tile holds on a phone of 360 pixels.
LONGEST_LINE = 12
MOST_LINES = 3


def lines(label: str) -> list[str]:
    """A name on as few lines as a tile allows, broken after hyphens and at spaces, cut where it is still too long."""
    found: list[str] = []
    for word in re.findall(r"[^ -]+-?", label):
        joined = f"{found[-1]}{'' if found[-1].endswith('-') else ' '}{word}" if found else word
        if found and len(joined) <= LONGEST_LINE:
            found[-1] = joined
        else:
            found.append(word)
    kept = found[:MOST_LINES]
    if len(found) > MOST_LINES:
        kept[-1] += "…"
    return [line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…" for line in kept]


def placed(rows: Sequence[Row]) -> list[Row]:
    """Rows with `_column` and `_row` of their tile (None off the map) and `_lines`, the name as the tile writes it."""
    return [
        row
        | dict(zip(("_column", "_row"), PLACES.get(row["territory_code"], (None, None)), strict=True))
        | {"_lines": "\n".join(lines(row["territory_label_fr"]))}
        for row in rows
    ]
