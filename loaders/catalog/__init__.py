"""Every dataset the project knows: ids, columns, labels, licence. Where a portal renames things, mend it here."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from dataelec.errors import DataElecError
from loaders.catalog import ademe, edf, education, enedis, etalab, holidays, insee, melodi, meteo_france, odre, ore, own
from loaders.catalog.entries import (
    LICENCE,
    Code,
    Column,
    Dataset,
    Kind,
    OlderCodes,
    Order,
    Partition,
    Range,
    Ratio,
    Total,
    YearMark,
)

__all__ = [
    "CATALOG",
    "LICENCE",
    "VINTAGE_NAME",
    "Code",
    "Column",
    "Dataset",
    "Kind",
    "Match",
    "OlderCodes",
    "Order",
    "Partition",
    "Range",
    "Ratio",
    "Total",
    "YearMark",
    "best_fit",
    "find",
    "match_columns",
    "normalised",
]

VINTAGE_NAME = "record_timestamp"

CATALOG: dict[str, Dataset] = {
    dataset.dataset_id: dataset
    for portal in (odre, ore, enedis, edf, insee, melodi, meteo_france, ademe, etalab, education, holidays, own)
    for dataset in portal.DATASETS
}


@dataclass(frozen=True)
class Match:
    """How a file's columns match a dataset: positions in the file by field id, and the unmatched ones."""

    positions: dict[str, int]
    vintage: int | None
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    doubled: tuple[tuple[str, str, str], ...]
    """(field id, first name, second name) where two columns of the file claim one field."""


def find(dataset_id: str) -> Dataset:
    """Return a dataset by id; DataElecError for an unknown one."""
    if dataset_id in CATALOG:
        return CATALOG[dataset_id]
    # No guess: ids that differ by a few letters are other datasets, and rows of one would pass for the other's.
    raise DataElecError(
        f"There is no dataset `{dataset_id}` in the catalog.",
        "`dataelec sources` lists all ids. A dataset that is not among them cannot be landed as one that is.",
    )


@cache
def normalised(label: str) -> str:
    """Return a label without accents, case and superfluous spaces, as labels are compared."""
    decomposed = unicodedata.normalize("NFKD", label.replace("\ufeff", ""))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


def match_columns(dataset: Dataset, names: Iterable[str]) -> Match:
    """Recognise a file's column names, ids or labels, as the dataset's fields; reads no data."""
    found = list(names)
    labels = {normalised(name) for name in found}
    by_label = {
        normalised(label): column.name for column in dataset.columns for label in (column.name, *column.aliases)
    }
    for header in dataset.older_headers:
        if header.keys() <= labels:
            by_label |= header
    positions: dict[str, int] = {}
    vintage: int | None = None
    unknown, doubled = [], []
    for position, name in enumerate(found):
        field = by_label.get(normalised(name))
        if field in positions:
            doubled.append((field, found[positions[field]], name))
        elif field is not None:
            positions[field] = position
        elif normalised(name) == VINTAGE_NAME:
            vintage = position
        else:
            unknown.append(name)
    missing = tuple(
        column.name
        for column in dataset.columns
        if column.needed and column.name not in positions and not column.made_from
    )
    return Match(positions, vintage, tuple(unknown), missing, tuple(doubled))


def best_fit(names: Iterable[str]) -> Dataset | None:
    """Return the dataset all of whose needed columns are among these names, the one that knows most; else None."""
    found = list(names)
    fits = [(match_columns(dataset, found), dataset) for dataset in CATALOG.values()]
    complete = [(len(match.positions), dataset) for match, dataset in fits if not match.missing]
    return max(complete, key=lambda fit: fit[0])[1] if complete else None
