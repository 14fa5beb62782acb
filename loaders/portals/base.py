"""What every portal can be asked, whatever language it speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from loaders.catalog import Dataset, Kind, Match
from loaders.http import BytesSeen, Client, PortalError, StatusError

WHOLE = "all"
"""The one period of a dataset that is not partitioned."""

# How many UTC years, this one included, the publisher may still change. Where none is given: two.
REVISED_YEARS = {
    # Values of 2022-2024 rose years later, after a recalculation of self-consumed solar production.
    "consommation-quotidienne-brute-regionale": 4,
    "eco2mix-regional-cons-def": 4,
}
USUALLY_REVISED_YEARS = 2


@dataclass(frozen=True)
class Announced:
    """What a portal says of a dataset before anything is downloaded."""

    modified: str
    """The portal's own date of the last change, as it writes it."""
    rows: int
    fields: tuple[str, ...]
    drift: tuple[str, ...]
    """How the fields differ from the catalog, one sentence each; none of it forbids loading."""


@dataclass(frozen=True)
class Export:
    """One period's rows as downloaded: exactly `rows` of them, checked."""

    path: Path
    url: str
    rows: int
    bytes: int


class Portal(Protocol):
    """One portal; every method raises PortalError where it does not give what it should."""

    def describe(self, dataset: Dataset) -> Announced:
        """Ask for fields, row count and date of change; refuse a dataset that lacks a needed column."""
        ...

    def periods(self, dataset: Dataset, announced: Announced) -> dict[str, int]:
        """Return the portal's rows by period, a UTC year or `WHOLE`; only periods that have rows."""
        ...

    def fetch(self, dataset: Dataset, announced: Announced, period: str, folder: Path, seen: BytesSeen) -> Export:
        """Download a period into `folder` and check that all of its rows came."""
        ...


def is_closed(dataset: Dataset, period: str, this_year: int) -> bool:
    """Say whether the publisher no longer changes a period."""
    revised = REVISED_YEARS.get(dataset.dataset_id, USUALLY_REVISED_YEARS)
    return period != WHOLE and int(period) <= this_year - revised


def metadata(client: Client, folder: str, dataset: Dataset) -> dict[str, Any]:
    """Return what a portal says of a dataset below the path `folder`; PortalError where it has no such dataset."""
    try:
        return client.json(f"{folder}/{dataset.dataset_id}")
    except StatusError as problem:
        if problem.status not in (404, 410):
            raise
        raise PortalError(
            f"{client.portal} has no dataset `{dataset.dataset_id}` (HTTP {problem.status}).",
            "It was renamed or withdrawn: look for it on the portal and mend its id in loaders/catalog/."
            " The lake keeps what it has.",
        ) from problem


def unknown_form(client: Client, dataset: Dataset) -> PortalError:
    """Return the error for an answer that no longer looks as it did when this was written."""
    return PortalError(
        f"{client.portal} describes `{dataset.dataset_id}` in a form that is not known.",
        "Its interface may have changed: compare with the modules in loaders/portals/.",
    )


def refuse_unusable(portal: str, dataset: Dataset, match: Match, rows: int) -> None:
    """Raise PortalError where a needed column is gone or no row is announced."""
    if match.missing:
        raise PortalError(
            f"{portal} no longer has {_listed(match.missing)} in `{dataset.dataset_id}`;"
            f" not in the catalog: {_listed(match.unknown) or 'nothing'}.",
            "If a column was renamed, add its new name to the aliases in loaders/catalog/.",
        )
    if not rows:
        raise PortalError(
            f"{portal} announces no rows for `{dataset.dataset_id}`.",
            "The lake keeps what it has. The portal may be republishing it: try again later.",
        )


def differences(
    dataset: Dataset, match: Match, types: Mapping[str, str], expected: Mapping[Kind, tuple[str, ...]]
) -> tuple[str, ...]:
    """Say how a portal's fields (their types by name) differ from the catalog's columns, one sentence each."""
    fields = tuple(types)
    found = [f"new column `{name}` ({types[name]})" for name in match.unknown]
    found += [f"column `{name}` is gone" for name in dataset.names if name not in match.positions]
    for column in dataset.columns:
        known, position = expected.get(column.kind), match.positions.get(column.name)
        if known and position is not None and types[fields[position]] not in known:
            found.append(f"column `{column.name}` is {types[fields[position]]}, not {' or '.join(known)}")
    return tuple(found)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
