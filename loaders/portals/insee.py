"""Files that the catalog lists, as on insee.fr: an address per publication, with the year of its rows."""

import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path

from loaders.catalog import Dataset
from loaders.http import BytesSeen, Client, PortalError, StatusError
from loaders.portals.base import Announced, Download, Part


class InseeFiles:
    """insee.fr, as far as its files go, and other portals of files."""

    def __init__(self, client: Client, today: dt.date) -> None:
        """Ask through `client`."""
        self.client = client

    def describe(self, dataset: Dataset) -> Announced:
        """Ask for the headers of each of the dataset's files; PortalError where one is gone."""
        parts, changes = [], []
        for year, path in dataset.files:
            try:
                headers = self.client.headers(path)
            except StatusError as problem:
                if problem.status not in (404, 410):
                    raise
                raise PortalError(
                    f"{self.client.portal} has no file {path} with the rows of {year} (HTTP {problem.status}).",
                    "Look for the publication on the portal and correct its address in its module of loaders/catalog."
                    " The lake keeps what it has.",
                ) from problem
            size = headers.get("Content-Length", "")
            parts.append(Part(year, _state(headers), path=path, year=year, bytes=int(size) if size.isdigit() else None))
            changes.append(_changed_at(headers))
        return Announced(max(changes), None, (), (), parts=tuple(parts))

    def parts(self, dataset: Dataset, announced: Announced) -> tuple[Part, ...]:
        """Return one part a file."""
        return announced.parts

    def fetch(self, dataset: Dataset, announced: Announced, part: Part, folder: Path, seen: BytesSeen) -> Download:
        """Download a file."""
        stem, dot, suffix = part.path.rpartition("/")[2].partition(".")
        target = folder / f"{stem}-{part.year}{dot}{suffix}"
        size = self.client.download(part.path, {}, target, seen)
        return Download(target, self.client.address(part.path), None, size)


def _state(headers: Mapping[str, str]) -> str:
    return " ".join(headers.get(name, "-") for name in ("Last-Modified", "Content-Length"))


def _changed_at(headers: Mapping[str, str]) -> str:
    """Return when a file last changed, in ISO form; empty where the portal does not say."""
    try:
        return parsedate_to_datetime(headers.get("Last-Modified", "")).isoformat()
    except ValueError:
        return ""
