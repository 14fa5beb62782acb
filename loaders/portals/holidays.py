"""calendrier.api.gouv.fr: the public holidays of a zone and year, as one JSON object of days and names."""

import datetime as dt
import json
from pathlib import Path

from loaders.catalog import Dataset
from loaders.http import BytesSeen, Client, PortalError, StatusError
from loaders.portals.base import Announced, Download, Part, unknown_form

FIRST_YEAR = 2010
YEARS_AHEAD = 2
FEWEST_DAYS = 11


class Holidays:
    """calendrier.api.gouv.fr. It gives no date of change: years to come are requested once a year."""

    def __init__(self, client: Client, today: dt.date) -> None:
        """Ask through `client`; `today` says which years are still to come."""
        self.client = client
        self.today = today

    def describe(self, dataset: Dataset) -> Announced:
        """Return the years to request; nothing is requested yet, since each answer is a year's holidays."""
        this_year = self.today.year
        parts = tuple(
            Part(
                str(year),
                "past" if year < this_year else f"to come, asked for in {this_year}",
                path=f"{dataset.path}/{year}.json",
                year=str(year),
            )
            for year in range(FIRST_YEAR, this_year + YEARS_AHEAD + 1)
        )
        return Announced(f"{this_year}-01-01", None, (), (), parts=parts)

    def parts(self, dataset: Dataset, announced: Announced) -> tuple[Part, ...]:
        """Return one part a year."""
        return announced.parts

    def fetch(self, dataset: Dataset, announced: Announced, part: Part, folder: Path, seen: BytesSeen) -> Download:
        """Write a year's holidays as JSON lines; PortalError where some are missing or lie in another year."""
        try:
            days = self.client.json(part.path)
        except StatusError as problem:
            if problem.status not in (404, 410):
                raise
            raise PortalError(
                f"{self.client.portal} has no {part.path} (HTTP {problem.status}).",
                "Look for the zone on the portal and correct `path` in loaders/catalog/holidays.py.",
            ) from problem
        if not all(isinstance(name, str) for name in days.values()):
            raise unknown_form(self.client, dataset)
        strange = [day for day in days if not day.startswith(f"{part.year}-")]
        if strange or len(days) < FEWEST_DAYS:
            what = f"the day {strange[0]!r}" if strange else f"{len(days)} holidays"
            raise PortalError(
                f"{self.client.portal} gives {what} for {part.year} (`{dataset.dataset_id}`).",
                "Nothing of it was landed. Open the address in a browser and run the command again later.",
            )
        target = folder / f"{dataset.dataset_id}-{part.year}.jsonl"
        lines = [json.dumps({"date": day, "nom_jour_ferie": name}, ensure_ascii=False) for day, name in days.items()]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        size = target.stat().st_size
        seen(size)
        return Download(target, self.client.address(part.path), len(days), size)
