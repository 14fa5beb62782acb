"""Writes the calendar seeds from maintained packages: `dataelec calendars`.

dbt never touches the network and seeds are plain tables that anybody can read, so the two calendars that classify a day
are written once from `holidays` (public holidays) and `vacances-scolaires-france` (school holidays of zones A, B, C). A
test holds the seeds equal to what the installed packages say.
"""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import holidays
from vacances_scolaires_france import SchoolHolidayDates

FIRST_YEAR = 2012
LAST_YEAR = 2028
SCHOOL_ZONES = ("A", "B", "C")
SEED_FOLDER = Path("seeds/calendar")

Row = tuple[str, ...]


def public_holiday_rows() -> Iterator[Row]:
    """Yield (date_day, holiday_label_fr) for each national public holiday, in date order."""
    national = holidays.country_holidays("FR", years=range(FIRST_YEAR, LAST_YEAR + 1), language="fr")
    for day, label in sorted(national.items()):
        yield day.isoformat(), label


def school_holiday_rows() -> Iterator[Row]:
    """Yield (school_zone_code, first_day, last_day, school_holiday_label_fr), both days included, in order."""
    dates = SchoolHolidayDates()
    days = {
        day: detail
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for day, detail in dates.holidays_for_year(year).items()
    }
    for zone in SCHOOL_ZONES:
        in_zone = {day: d["nom_vacances"] for day, d in days.items() if d[f"vacances_zone_{zone.lower()}"]}
        first: dt.date | None = None
        for day in sorted(in_zone):
            first = first or day
            following = day + dt.timedelta(days=1)
            if in_zone.get(following) != in_zone[day]:
                yield zone, first.isoformat(), day.isoformat(), in_zone[day]
                first = None


def write_calendars(home: Path) -> Iterator[Path]:
    """Write both seeds of the project at `home`; yield the path of each."""
    folder = home / SEED_FOLDER
    yield _write(folder / "public_holidays.csv", ("date_day", "holiday_label_fr"), public_holiday_rows())
    yield _write(
        folder / "school_holidays.csv",
        ("school_zone_code", "first_day", "last_day", "school_holiday_label_fr"),
        school_holiday_rows(),
    )


def _write(path: Path, header: Row, rows: Iterator[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
