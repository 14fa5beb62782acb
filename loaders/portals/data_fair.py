"""Data Fair's API: the lines of a dataset in pages of at most 10,000, each naming the next one, or its file."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loaders.catalog import Dataset, Kind, match_columns
from loaders.extents import WHOLE
from loaders.http import BytesSeen, Client, PortalError
from loaders.portals.base import Announced, Download, Part, differences, metadata, refuse_unusable, unknown_form

DATASETS_PATH = "/data-fair/api/v1/datasets"
PAGE = 10_000
MOST_PAGES = 5_000
# A dataset of more lines is downloaded as the one CSV file that its publisher gave: pages are heavier, and the portal
# limits calls.
MOST_LINES = 300_000
# A page of the widest dataset; the client holds one at a time.
LARGEST_PAGE = 128 << 20
_TYPES = {Kind.NUMBER: ("number", "integer")}


class DataFair:
    """A portal that speaks Data Fair."""

    def __init__(self, client: Client, today: dt.date) -> None:
        """Ask through `client`."""
        self.client = client
        self.today = today

    def describe(self, dataset: Dataset) -> Announced:
        """Return what the metadata say; PortalError where the dataset or a needed column is gone."""
        answer = metadata(self.client, DATASETS_PATH, dataset)
        try:
            types = {str(f["key"]): str(f["type"]) for f in answer["schema"] if not str(f["key"]).startswith("_")}
            rows, modified = int(answer["count"]), str(answer["dataUpdatedAt"])
        except (KeyError, TypeError, ValueError):
            raise unknown_form(self.client, dataset) from None
        match = match_columns(dataset, types)
        refuse_unusable(self.client.portal, dataset, match, rows)
        return Announced(modified, rows, tuple(types), differences(dataset, match, types, _TYPES))

    def parts(self, dataset: Dataset, announced: Announced) -> list[Part]:
        """Return the whole dataset as one part: the portal dates a dataset, not its years."""
        return [Part(WHOLE, f"{announced.modified}, {announced.rows} rows", announced.rows)]

    def fetch(self, dataset: Dataset, announced: Announced, part: Part, folder: Path, seen: BytesSeen) -> Download:
        """Download all lines, or the publisher's file where they are many; as many must come as were announced."""
        assert part.rows is not None
        path = f"{DATASETS_PATH}/{dataset.dataset_id}"
        if part.rows > MOST_LINES and not dataset.is_narrowed:
            target = folder / f"{dataset.dataset_id}.csv"
            size = self.client.download(f"{path}/raw", {}, target, seen)
            return Download(target, self.client.address(f"{path}/raw"), part.rows, size)
        target = folder / f"{dataset.dataset_id}.jsonl"
        rows, size = 0, 0
        with target.open("w", encoding="utf-8") as sink:
            narrowed = f"&select={','.join(dataset.names)}" if dataset.is_narrowed else ""
            for page in self._pages(f"{path}/lines?size={PAGE}{narrowed}"):
                for line in page:
                    size += sink.write(json.dumps(line, ensure_ascii=False) + "\n")
                rows += len(page)
                seen(size)
        if rows != part.rows:
            raise PortalError(
                f"{self.client.portal}: `{dataset.dataset_id}` came with {rows:,} rows where"
                f" {part.rows:,} were announced.",
                "Nothing of it was landed. The portal may be republishing: run the command again later.",
            )
        return Download(target, self.client.address(f"{path}/lines"), rows, target.stat().st_size)

    def _pages(self, path: str) -> Iterator[list[Any]]:
        asked: set[str] = set()
        while path:
            if path in asked or len(asked) == MOST_PAGES:
                raise PortalError(
                    f"{self.client.portal} paginates in a loop: after {len(asked)} pages it names one that was read.",
                    "Nothing of it was landed. Run the command again later.",
                )
            asked.add(path)
            answer = self.client.json(path, largest=LARGEST_PAGE)
            if not isinstance(answer.get("results"), list):
                raise PortalError(
                    f"{self.client.portal} answered without rows after {len(asked) - 1} pages.",
                    "Nothing of it was landed. Run the command again later.",
                )
            yield answer["results"]
            # The last page may name a next one, which would be empty.
            path = self.client.path_of(answer["next"]) if answer.get("next") and answer["results"] else ""
