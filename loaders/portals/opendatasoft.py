"""Opendatasoft's Explore API v2.1: one Parquet export per part, never an offset, which would cap it at 10,000 rows."""

import datetime as dt
from pathlib import Path
from typing import Any

from loaders.catalog import Dataset, Kind, Partition, match_columns
from loaders.extents import WHOLE, bounds, part_names
from loaders.http import BytesSeen, Client, PortalError
from loaders.portals.base import Announced, Download, Part, differences, metadata, refuse_unusable, unknown_form
from loaders.portals.parquet import refuse_incomplete

CATALOG_PATH = "/api/explore/v2.1/catalog/datasets"
SUMMED = 8
"""How many columns of numbers are summed to see whether a part has changed."""
_NUMBERS = ("int", "double")
# The types under which Opendatasoft publishes values that are computed with; any other one is worth a look.
_TYPES = {
    Kind.NUMBER: _NUMBERS,
    Kind.INSTANT: ("datetime",),
    Kind.DATE: ("date", "datetime"),
}


class Opendatasoft:
    """A portal that speaks Explore v2.1."""

    def __init__(self, client: Client, today: dt.date) -> None:
        """Ask through `client`; `today` says which years are still revised."""
        self.client = client
        self.today = today

    def describe(self, dataset: Dataset) -> Announced:
        """Return what the metadata say; PortalError where the dataset or a needed column is gone."""
        answer = metadata(self.client, CATALOG_PATH, dataset)
        try:
            default = answer["metas"]["default"]
            types = {str(field["name"]): str(field["type"]) for field in answer["fields"]}
            rows, modified = int(default["records_count"]), str(default["modified"])
        except (KeyError, TypeError, ValueError):
            raise unknown_form(self.client, dataset) from None
        match = match_columns(dataset, types)
        refuse_unusable(self.client.portal, dataset, match, rows)
        numbers = tuple(f for f in types if types[f] in _NUMBERS and f in _published(dataset, types))
        return Announced(modified, rows, tuple(types), differences(dataset, match, types, _TYPES), numbers[:SUMMED])

    def parts(self, dataset: Dataset, announced: Announced) -> list[Part]:
        """Count and sum the rows of each part from the first row's to the last one's, one call a part."""
        if dataset.partition is Partition.NONE:
            return [Part(WHOLE, f"{announced.modified}, {announced.rows} rows", announced.rows)]
        time = _time_field(dataset, announced)
        first, last = (self._edge_day(dataset, time, order) for order in (time, f"{time} desc"))
        names = part_names(first, last, dataset.revised_years, self.today.year)
        parts = [self._part(dataset, time, name, announced.numbers) for name in names]
        return [part for part in parts if part.rows]

    def fetch(self, dataset: Dataset, announced: Announced, part: Part, folder: Path, seen: BytesSeen) -> Download:
        """Download one part as Parquet; PortalError unless it has the rows that the portal counts."""
        parameters = {"timezone": "UTC", "use_labels": "false"}
        name = dataset.dataset_id
        if part.name != WHOLE:
            name = f"{name}-{part.name}"
            parameters["where"] = _where(_time_field(dataset, announced), part.name)
        path = f"{CATALOG_PATH}/{dataset.dataset_id}/exports/parquet"
        target = folder / f"{name}.parquet"
        size = self.client.download(path, parameters, target, seen)
        assert part.rows is not None
        refuse_incomplete(self.client.portal, target, part.rows)
        return Download(target, self.client.address(path, parameters), part.rows, size)

    def _part(self, dataset: Dataset, time: str, name: str, numbers: tuple[str, ...]) -> Part:
        sums = [f"sum({field}) as sum_{number}" for number, field in enumerate(numbers)]
        answer = self._records(
            dataset, {"select": ", ".join(["count(*) as rows", *sums]), "where": _where(time, name), "limit": 1}
        )
        try:
            found = answer["results"][0]
            rows = int(found["rows"])
            # Rounded: a sum may differ in its last digits by the order of summing.
            state = [f"{float(found[f'sum_{number}'] or 0):.9g}" for number in range(len(numbers))]
        except (KeyError, IndexError, TypeError, ValueError):
            raise PortalError(
                f"{self.client.portal} does not count the rows of `{dataset.dataset_id}`.",
                "Its interface may have changed: compare with loaders/portals/opendatasoft.py.",
            ) from None
        return Part(name, " ".join([f"{rows} rows", *state]), rows)

    def _records(self, dataset: Dataset, parameters: dict[str, str | int]) -> dict[str, Any]:
        return self.client.json(f"{CATALOG_PATH}/{dataset.dataset_id}/records", {**parameters, "timezone": "UTC"})

    def _edge_day(self, dataset: Dataset, time: str, order: str) -> dt.date:
        """Return the UTC day of the row that comes first in this order."""
        answer = self._records(dataset, {"select": time, "where": f"{time} is not null", "order_by": order, "limit": 1})
        try:
            moment = dt.datetime.fromisoformat(answer["results"][0][time])
        except (KeyError, IndexError, TypeError, ValueError):
            raise PortalError(
                f"{self.client.portal} does not say which years `{dataset.dataset_id}` spans (column `{time}`).",
                "Its interface may have changed: compare with loaders/portals/opendatasoft.py.",
            ) from None
        # Without `timezone` being honoured the answer would be local time, hours from the UTC day it lies in.
        return moment.astimezone(dt.UTC).date() if moment.tzinfo else moment.date()


def _where(time: str, part: str) -> str:
    first, last = bounds(part)
    return f"{time} >= date'{first}' and {time} < date'{last}'"


def _published(dataset: Dataset, fields: dict[str, str]) -> set[str]:
    """Return the portal's names of the columns that the catalog knows, but for codes."""
    names = tuple(fields)
    positions = match_columns(dataset, names).positions
    return {names[i] for name, i in positions.items() if dataset.column(name).kind is not Kind.CODE}


def _time_field(dataset: Dataset, announced: Announced) -> str:
    """Return the portal's name of the column that dates a row."""
    return announced.fields[match_columns(dataset, announced.fields).positions[dataset.time_column]]
