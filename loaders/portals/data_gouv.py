"""data.gouv.fr: a dataset is a list of files, here Météo-France's, two spans of years per département.

The names hold the years and rotate each January: the list of files is requested each time.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Any

from loaders.catalog import Dataset
from loaders.extents import bounds
from loaders.http import BytesSeen, Client, PortalError
from loaders.portals.base import Announced, Download, Part, metadata, unknown_form

DATASETS_PATH = "/api/1/datasets"
LARGEST_LIST = 64 << 20
_NAME = re.compile(r"Q_(?P<territory>\w+?)_(?:\w+-)?(?P<span>\d{4}-\d{4})_RR-T-Vent\.csv\.gz")


class DataGouv:
    """data.gouv.fr, as far as Météo-France's daily stations go."""

    def __init__(self, client: Client, today: dt.date) -> None:
        """Ask through `client`."""
        self.client = client

    def describe(self, dataset: Dataset) -> Announced:
        """List the files of the dataset; PortalError where the dataset is gone or none of its files is known."""
        answer = metadata(self.client, DATASETS_PATH, dataset, largest=LARGEST_LIST)
        try:
            found = [self._part(resource) for resource in answer["resources"]]
        except (KeyError, TypeError, ValueError):
            raise unknown_form(self.client, dataset) from None
        first_day = dataset.first_day or dt.date.min
        parts = [part for part in found if part and bounds(part.name.rpartition(" ")[2])[1] > first_day]
        if not parts:
            raise PortalError(
                f"{self.client.portal} lists {len(found)} files of `{dataset.dataset_id}`, none of them with stations"
                " of a département.",
                "Their names may have changed: compare with loaders/portals/data_gouv.py. The lake keeps what it has.",
            )
        modified = max(part.state.partition(" ")[0] for part in parts)
        return Announced(modified, None, (), (), parts=tuple(sorted(parts, key=lambda part: part.name)))

    def _part(self, resource: dict[str, Any]) -> Part | None:
        """Return a file as a part; None for one that is something else."""
        url = str(resource["url"])
        name = _NAME.fullmatch(url.rpartition("/")[2])
        if not name:
            return None
        modified = str(resource["last_modified"])
        return Part(f"{name['territory']} {name['span']}", f"{modified} {url}", path=self.client.path_of(url))

    def parts(self, dataset: Dataset, announced: Announced) -> tuple[Part, ...]:
        """Return one part a file."""
        return announced.parts

    def fetch(self, dataset: Dataset, announced: Announced, part: Part, folder: Path, seen: BytesSeen) -> Download:
        """Download a file."""
        target = folder / part.path.rpartition("/")[2]
        size = self.client.download(part.path, {}, target, seen)
        return Download(target, self.client.address(part.path), None, size)
