"""Melodi, INSEE's interface to its statistical tables: a dataset is a zip of CSV under `/file/`. 30 calls a minute."""

import datetime as dt
from pathlib import Path

from loaders.catalog import Dataset, match_columns
from loaders.extents import WHOLE
from loaders.http import BytesSeen, Client
from loaders.portals.base import Announced, Download, Part, metadata, refuse_unusable, unknown_form


class Melodi:
    """api.insee.fr/melodi."""

    def __init__(self, client: Client, today: dt.date) -> None:
        """Ask through `client`."""
        self.client = client

    def describe(self, dataset: Dataset) -> Announced:
        """Return what the catalogue says; PortalError where the dataset, its CSV or a needed column is gone."""
        answer = metadata(self.client, "/catalog", dataset)
        try:
            (product,) = (p for p in answer["product"] if p["format"] == "CSV" and p["language"] == "FR")
            rows, name = int(answer["numObservations"]), str(product["id"])
            modified = str(product["modified"])
            fields = tuple(map(str, answer.get("ordreComposants") or ()))
        except (KeyError, TypeError, ValueError):
            raise unknown_form(self.client, dataset) from None
        match = match_columns(dataset, fields or dataset.names)
        refuse_unusable(self.client.portal, dataset, match, rows)
        drift = tuple(f"new column `{field}`" for field in match.unknown)
        whole = Part(WHOLE, f"{modified}, {rows} rows", rows, path=f"/file/{dataset.dataset_id}/{name}")
        return Announced(modified, rows, fields, drift, parts=(whole,))

    def parts(self, dataset: Dataset, announced: Announced) -> tuple[Part, ...]:
        """Return the whole dataset as one part."""
        return announced.parts

    def fetch(self, dataset: Dataset, announced: Announced, part: Part, folder: Path, seen: BytesSeen) -> Download:
        """Download the zip; that all rows are in it shows when it is read."""
        target = folder / f"{dataset.dataset_id}.zip"
        size = self.client.download(part.path, {}, target, seen)
        return Download(target, self.client.address(part.path), part.rows, size)
