"""What the simulation takes from the project's seeds: official names and codes, and which région lies where."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TERRITORIES = Path(__file__).parents[1] / "seeds" / "territories"


@dataclass(frozen=True)
class NamedRegion:
    """One région as the project knows it."""

    label_fr: str
    school_zone: str


@dataclass(frozen=True)
class NamedDepartement:
    """One département as the project knows it."""

    label_fr: str
    region_code: str


@cache
def named_regions() -> dict[str, NamedRegion]:
    """Return the régions by code."""
    return {
        row["region_code"]: NamedRegion(row["region_label_fr"], row["school_zone_code"]) for row in _rows("regions")
    }


@cache
def named_departements() -> dict[str, NamedDepartement]:
    """Return the départements by code."""
    return {
        row["departement_code"]: NamedDepartement(row["departement_label_fr"], row["region_code"])
        for row in _rows("departements")
    }


@cache
def departement_centres() -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of the centre of each département."""
    return {
        row["departement_code"]: (float(row["latitude_deg"]), float(row["longitude_deg"]))
        for row in _rows("departement_centres")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (TERRITORIES / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
