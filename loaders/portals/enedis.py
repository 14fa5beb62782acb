"""Enedis: Data Fair, whose half-hours are only to be had month by month through its imitation of Explore v2.1.

That layer answers 410 where metadata are asked, and 200 without rows for a month that is not published: metadata and
counts come from Data Fair itself.
"""

import datetime as dt
from pathlib import Path
from typing import Any

from loaders.catalog import Dataset, Partition
from loaders.extents import bounds, part_names
from loaders.http import BytesSeen, PortalError
from loaders.portals.base import Announced, Download, Part
from loaders.portals.data_fair import DATASETS_PATH, DataFair
from loaders.portals.parquet import refuse_incomplete

EXPORTS_PATH = "/api/explore/v2.1/catalog/datasets"
SUMMED = "total_energie_soutiree_wh"


class Enedis(DataFair):
    """Enedis's portal."""

    def parts(self, dataset: Dataset, announced: Announced) -> list[Part]:
        """Count and sum each month from the first row's to the last one's, two calls a month."""
        if dataset.partition is not Partition.MONTH:
            return super().parts(dataset, announced)
        time = dataset.time_column
        first, last = (self._edge_day(dataset, time, order) for order in (time, f"-{time}"))
        # A rolling window has no year that is closed.
        names = part_names(first, last, last.year - first.year + 1, last.year)
        parts = [self._part(dataset, time, name) for name in names]
        return [part for part in parts if part.rows]

    def fetch(self, dataset: Dataset, announced: Announced, part: Part, folder: Path, seen: BytesSeen) -> Download:
        """Download a month as Parquet; PortalError unless it has the rows that Data Fair counts."""
        if dataset.partition is not Partition.MONTH:
            return super().fetch(dataset, announced, part, folder, seen)
        first, last = bounds(part.name)
        time = dataset.time_column
        where = f"{time} >= '{first}T00:00:00+00:00' and {time} < '{last}T00:00:00+00:00'"
        path = f"{EXPORTS_PATH}/{dataset.dataset_id}/exports/parquet"
        target = folder / f"{dataset.dataset_id}-{part.name}.parquet"
        size = self.client.download(path, {"where": where}, target, seen)
        assert part.rows is not None
        refuse_incomplete(self.client.portal, target, part.rows)
        return Download(target, self.client.address(path, {"where": where}), part.rows, size)

    def _part(self, dataset: Dataset, time: str, name: str) -> Part:
        first, last = bounds(name)
        query = f"{time}:[{first}T00:00:00Z TO {last}T00:00:00Z}}"
        total = self._number(dataset, "lines", "total", {"size": 0, "qs": query})
        if not total:
            return Part(name, "0 rows", 0)
        energy = self._number(dataset, "metric_agg", "metric", {"metric": "sum", "field": SUMMED, "qs": query})
        return Part(name, f"{total:.0f} rows {energy:.9g}", int(total))

    def _edge_day(self, dataset: Dataset, time: str, order: str) -> dt.date:
        answer = self._ask(dataset, "lines", {"size": 1, "select": time, "sort": order})
        try:
            return dt.datetime.fromisoformat(answer["results"][0][time]).astimezone(dt.UTC).date()
        except (KeyError, IndexError, TypeError, ValueError):
            raise self._changed(f"does not say which months `{dataset.dataset_id}` spans") from None

    def _number(self, dataset: Dataset, action: str, key: str, parameters: dict[str, str | int]) -> float:
        answer = self._ask(dataset, action, parameters)
        if not isinstance(answer.get(key), int | float):
            raise self._changed(f"does not count the rows of `{dataset.dataset_id}`")
        return float(answer[key])

    def _ask(self, dataset: Dataset, action: str, parameters: dict[str, str | int]) -> dict[str, Any]:
        return self.client.json(f"{DATASETS_PATH}/{dataset.dataset_id}/{action}", parameters)

    def _changed(self, what: str) -> PortalError:
        return PortalError(
            f"{self.client.portal} {what}.",
            "Its interface may have changed: compare with loaders/portals/enedis.py.",
        )
