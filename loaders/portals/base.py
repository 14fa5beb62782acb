"""What every portal can be asked, whatever its API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from loaders.catalog import Dataset, Kind, Match
from loaders.http import BytesSeen, Client, PortalError, StatusError


@dataclass(frozen=True)
class Part:
    """A part of a dataset that is requested, and lands, by itself."""

    name: str
    """See `loaders.extents`."""
    state: str
    """What the portal says of it: as long as that is the same, its rows are."""
    rows: int | None = None
    """How many rows the portal counts; None where it does not say."""
    path: str = ""
    """The file that it is, where the portal has files."""
    year: str | None = None
    """The year of its rows, where they do not say it."""
    bytes: int | None = None
    """How large its file is, where the portal says so."""


@dataclass(frozen=True)
class Announced:
    """What a portal says of a dataset before anything is downloaded."""

    modified: str
    """The portal's own date of the last change, as it writes it; empty where it gives none."""
    rows: int | None
    fields: tuple[str, ...]
    """The columns; empty where the portal does not list them."""
    drift: tuple[str, ...]
    """How the fields differ from the catalog, one sentence each; none of it forbids loading."""
    numbers: tuple[str, ...] = ()
    """Columns of numbers, by which a change of a part can be seen."""
    parts: tuple[Part, ...] = ()
    """The parts, where they are told along with the rest."""


@dataclass(frozen=True)
class Download:
    """One part's rows as downloaded; `rows` of them were announced."""

    file: Path
    url: str
    rows: int | None
    bytes: int


class Portal(Protocol):
    """One portal; every method raises PortalError where it does not give what it should."""

    def describe(self, dataset: Dataset) -> Announced:
        """Request fields, row count and date of change; reject a dataset that lacks a needed column."""
        ...

    def parts(self, dataset: Dataset, announced: Announced) -> Sequence[Part]:
        """Return the parts that the portal has rows of, oldest first."""
        ...

    def fetch(self, dataset: Dataset, announced: Announced, part: Part, folder: Path, seen: BytesSeen) -> Download:
        """Download a part into `folder`, and check that it is whole as far as can be told before it is read."""
        ...


def metadata(client: Client, folder: str, dataset: Dataset, largest: int | None = None) -> dict[str, Any]:
    """Return what a portal says of a dataset below the path `folder`; PortalError where it has no such dataset."""
    try:
        return client.json(f"{folder}/{dataset.dataset_id}", largest=largest)
    except StatusError as problem:
        if problem.status not in (404, 410):
            raise
        raise PortalError(
            f"{client.portal} has no dataset `{dataset.dataset_id}` (HTTP {problem.status}).",
            "It was renamed or withdrawn: look for it on the portal and correct its id in loaders/catalog/."
            " The lake keeps what it has.",
        ) from problem


def unknown_form(client: Client, dataset: Dataset) -> PortalError:
    """Return the error for an answer that no longer looks as it did when this was written."""
    return PortalError(
        f"{client.portal} describes `{dataset.dataset_id}` in a form that is not known.",
        "Its interface may have changed: compare with the modules in loaders/portals/.",
    )


def refuse_unusable(portal: str, dataset: Dataset, match: Match, rows: int) -> None:
    """Raise PortalError where a needed column is gone or hardly a row is announced."""
    if match.missing:
        raise PortalError(
            f"{portal} no longer has {_listed(match.missing)} in `{dataset.dataset_id}`;"
            f" not in the catalog: {_listed(match.unknown) or 'nothing'}.",
            "If a column was renamed, add its new name to the aliases in loaders/catalog/.",
        )
    if rows < dataset.fewest_rows:
        raise PortalError(
            f"{portal} announces {rows:,} rows for `{dataset.dataset_id}`, which has at least {dataset.fewest_rows:,}."
            if rows
            else f"{portal} announces no rows for `{dataset.dataset_id}`.",
            "The lake keeps what it has. The portal may be republishing it: try again later. If it is right, lower"
            " `fewest_rows` in loaders/catalog/.",
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
