"""Places of the regions on a grid of tiles, so that a map needs neither outlines nor a tile server."""

from collections.abc import Sequence

from report.warehouse import Row

# Column and row of each region's official code; neighbours on the ground are neighbours on the grid as far as
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
LONGEST_LINE = 17


def lines(label: str) -> list[str]:
    """A name on one line or two of like length, broken after a hyphen or at a space; cut where it is still too long."""
    if len(label) <= 10:
        return [label]
    breaks = [at + 1 for at, sign in enumerate(label[:-1]) if sign in "- "]
    if not breaks:
        return [_cut(label)]
    middle = min(breaks, key=lambda at: abs(2 * at - len(label)))
    return [_cut(label[:middle].rstrip(" ")), _cut(label[middle:])]


def placed(rows: Sequence[Row]) -> list[Row]:
    """Rows with `_column` and `_row` of their tile (None off the map) and `_lines`, the name as the tile writes it."""
    return [
        row
        | dict(zip(("_column", "_row"), PLACES.get(row["territory_code"], (None, None)), strict=True))
        | {"_lines": "\n".join(lines(row["territory_label_fr"]))}
        for row in rows
    ]


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"
