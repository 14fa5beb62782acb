"""Opendatasoft's Explore API v2.1: one Parquet export per UTC year, never an offset, which would cap it at 10,000."""

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.catalog import Dataset, Kind, match_columns
from loaders.http import BytesSeen, Client, PortalError
from loaders.portals.base import WHOLE, Announced, Export, differences, metadata, refuse_unusable, unknown_form

CATALOG_PATH = "/api/explore/v2.1/catalog/datasets"
MAGIC = b"PAR1"
QUOTED = 300
# The types under which Opendatasoft publishes values that are computed with; any other one is worth a look.
_TYPES = {
    Kind.NUMBER: ("int", "double"),
    Kind.INSTANT: ("datetime",),
    Kind.DATE: ("date", "datetime"),
}


class Opendatasoft:
    """A portal that speaks Explore v2.1."""

    def __init__(self, client: Client) -> None:
        """Ask through `client`."""
        self.client = client

    def describe(self, dataset: Dataset) -> Announced:
        """Return what the metadata say; PortalError where the dataset or a needed column is gone."""
        said = metadata(self.client, CATALOG_PATH, dataset)
        try:
            default = said["metas"]["default"]
            types = {str(field["name"]): str(field["type"]) for field in said["fields"]}
            rows, modified = int(default["records_count"]), str(default["modified"])
        except (KeyError, TypeError, ValueError):
            raise unknown_form(self.client, dataset) from None
        match = match_columns(dataset, types)
        refuse_unusable(self.client.portal, dataset, match, rows)
        return Announced(modified, rows, tuple(types), differences(dataset, match, types, _TYPES))

    def periods(self, dataset: Dataset, announced: Announced) -> dict[str, int]:
        """Count the rows of each UTC year from the first row's to the last one's, one call a year."""
        if not dataset.is_partitioned:
            return {WHOLE: announced.rows}
        time = _time_field(dataset, announced)
        first, last = (self._edge_year(dataset, time, order) for order in (time, f"{time} desc"))
        years = [str(year) for year in range(first, last + 1)]
        counts = {year: self._total(dataset, _where(time, year)) for year in years}
        return {year: count for year, count in counts.items() if count}

    def fetch(self, dataset: Dataset, announced: Announced, period: str, folder: Path, seen: BytesSeen) -> Export:
        """Download one period as Parquet; PortalError unless it has the rows that the portal counts."""
        parameters = {"timezone": "UTC", "use_labels": "false"}
        if period == WHOLE:
            total, name = announced.rows, dataset.dataset_id
        else:
            where = _where(_time_field(dataset, announced), period)
            total, name = self._total(dataset, where), f"{dataset.dataset_id}-{period}"
            parameters["where"] = where
        path = f"{CATALOG_PATH}/{dataset.dataset_id}/exports/parquet"
        target = folder / f"{name}.parquet"
        size = self.client.download(path, parameters, target, seen)
        rows = self._rows_of(target)
        if rows != total:
            raise PortalError(
                f"{self.client.portal}: {target.name} has {rows:,} rows where {total:,} were announced.",
                "Nothing of it was landed. The portal may be republishing: run the command again later.",
            )
        return Export(target, self.client.address(path, parameters), rows, size)

    def _records(self, dataset: Dataset, parameters: dict[str, str | int]) -> dict[str, Any]:
        return self.client.json(f"{CATALOG_PATH}/{dataset.dataset_id}/records", {**parameters, "timezone": "UTC"})

    def _edge_year(self, dataset: Dataset, time: str, order: str) -> int:
        """Return the UTC year of the row that comes first in this order."""
        said = self._records(dataset, {"select": time, "where": f"{time} is not null", "order_by": order, "limit": 1})
        try:
            moment = dt.datetime.fromisoformat(said["results"][0][time])
        except (KeyError, IndexError, TypeError, ValueError):
            raise PortalError(
                f"{self.client.portal} does not say which years `{dataset.dataset_id}` spans (column `{time}`).",
                "Its interface may have changed: compare with loaders/portals/opendatasoft.py.",
            ) from None
        # Without `timezone` being honoured the answer would be local time, hours from the UTC year it lies in.
        return moment.astimezone(dt.UTC).year if moment.tzinfo else moment.year

    def _total(self, dataset: Dataset, where: str) -> int:
        said = self._records(dataset, {"where": where, "limit": 0})
        if not isinstance(said.get("total_count"), int):
            raise PortalError(
                f"{self.client.portal} does not count the rows of `{dataset.dataset_id}`.",
                "Its interface may have changed: compare with loaders/portals/opendatasoft.py.",
            )
        return int(said["total_count"])

    def _rows_of(self, file: Path) -> int:
        """Return the rows of a Parquet file; PortalError says what the file is when it is none."""
        try:
            return int(pq.read_metadata(file).num_rows)
        except (pa.ArrowException, OSError):
            raise PortalError(*self._no_parquet(file)) from None

    def _no_parquet(self, file: Path) -> tuple[str, str]:
        size = file.stat().st_size
        with file.open("rb") as stream:
            head = stream.read(QUOTED)
            stream.seek(max(0, size - QUOTED))
            tail = stream.read()
        again = "Nothing of it was landed. Run the command again later."
        portal, name = self.client.portal, file.name
        if not size:
            return f"{portal}: the export {name} is empty, 0 bytes.", again
        if head.lstrip().startswith(b"<"):
            return f"{portal} answered with an HTML page instead of the export {name}.", again
        if not head.startswith(MAGIC):
            return f"{portal} sent no export {name} but: {_text(head)}", again
        if b"interrupted" in tail.lower():
            said = _text(tail).lower().find("streaming")
            return f"{portal} broke the export {name} off: {_text(tail)[max(0, said) :]}", again
        return f"{portal}: the export {name} is cut or damaged after {size:,} bytes.", again


def _where(time: str, year: str) -> str:
    return f"{time} >= date'{year}-01-01' and {time} < date'{int(year) + 1}-01-01'"


def _time_field(dataset: Dataset, announced: Announced) -> str:
    """Return the portal's name of the column that dates a row."""
    return announced.fields[match_columns(dataset, announced.fields).positions[dataset.time_column]]


def _text(content: bytes) -> str:
    """Return readable text out of bytes that may hold anything."""
    decoded = content.decode("utf-8", errors="ignore")
    return " ".join("".join(c if c.isprintable() else " " for c in decoded).split())
