"""Outlines of communes and départements, small enough for a page: on a grid of half a kilometre, in steps along it.

Points of two neighbours that are one point stay one on the grid, so that no gap opens between them; a département is
what is left of its communes' borders where each that two of them share is struck out.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from dataelec.warehouse import Warehouse

NEEDS = {"core.dim_commune_outlines": ("commune_code", "departement_code", "outline_geojson")}
KM_PER_DEGREE, KM_PER_DEGREE_EAST = 111.2, 76.6
"""Of latitude, and of longitude in the middle of the country."""
COMMUNE_KM, DEPARTEMENT_KM = 0.5, 3.0
Point = tuple[int, int]
Ring = list[Point]


@lru_cache(maxsize=1)
def read(warehouse: Warehouse) -> tuple[dict[str, list[list[int]]], dict[str, dict[str, Any]]]:
    """Return communes as rings of steps and départements as GeoJSON in km; nothing where no outlines are held.

    Of the mainland and Corse: overseas no slope of heating is estimated, so there is nothing to colour.
    """
    if warehouse.missing(NEEDS):
        return {}, {}
    communes: dict[str, list[list[int]]] = {}
    borders: dict[str, set[tuple[Point, Point]]] = defaultdict(set)
    for row in warehouse.rows(
        "select commune_code, departement_code, outline_geojson from core.dim_commune_outlines"
        " where length(departement_code) = 2 order by commune_code"
    ):
        rings = _rings(json.loads(row["outline_geojson"]))
        communes[row["commune_code"]] = [
            _steps(ring) for ring in map(straightened, _snapped(rings, COMMUNE_KM)) if ring
        ]
        for ring in _snapped(rings, DEPARTEMENT_KM):
            for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
                borders[row["departement_code"]] ^= {(min(start, end), max(start, end))} if start != end else set()
    return communes, {code: _geojson(edges) for code, edges in borders.items() if edges}


def _rings(geometry: dict[str, Any]) -> Iterable[Sequence[Sequence[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


def _snapped(rings: Iterable[Sequence[Sequence[float]]], km: float) -> list[Ring]:
    """Rings on a grid, southwards, without their last point, which is the first."""
    found = []
    for ring in rings:
        points: Ring = []
        for longitude, latitude, *_ in ring:
            point = (round(longitude * KM_PER_DEGREE_EAST / km), round(-latitude * KM_PER_DEGREE / km))
            if not points or points[-1] != point:
                points.append(point)
        while len(points) > 1 and points[-1] == points[0]:
            points.pop()
        found.append(points)
    return found


def straightened(ring: Ring) -> Ring:
    """Return a ring without the points that lie on a line between others; empty where no area is left."""
    kept: Ring = []
    for point in [*ring, *ring[:1]]:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], point) == 0:
            kept.pop()
        kept.append(point)
    return kept[:-1] if len(kept) > 3 else []


def _turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def _steps(ring: Ring) -> list[int]:
    """A ring as its first point and the steps from each to the next, which compress well."""
    before = (0, 0)
    steps: list[int] = []
    for point in ring:
        steps += (point[0] - before[0], point[1] - before[1])
        before = point
    return steps


def _geojson(edges: set[tuple[Point, Point]]) -> dict[str, Any]:
    """Return the rings that edges make, in km."""
    beside: dict[Point, list[Point]] = defaultdict(list)
    for start, end in sorted(edges):
        beside[start].append(end)
        beside[end].append(start)
    polygons = []
    for first in sorted(beside):
        while beside[first]:
            ring, here = [first], first
            while True:
                there = beside[here].pop()
                beside[there].remove(here)
                if there == first:
                    break
                ring.append(there)
                here = there
            if kept := straightened(ring):
                polygons.append([[[x * DEPARTEMENT_KM, y * DEPARTEMENT_KM] for x, y in (*kept, kept[0])]])
    return {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": polygons}}
