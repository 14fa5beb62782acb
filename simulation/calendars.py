"""Days of the simulated period: season regimes and day classes, by the rules of the method."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import holidays
import numpy as np
from vacances_scolaires_france import SchoolHolidayDates

from simulation.parameters import Days

SOBRIETY_START = dt.date(2022, 9, 15)
LOCKDOWN = (dt.date(2020, 3, 17), dt.date(2020, 5, 10))
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days simulated, in order, with the regime of each and its class in each school zone."""

    days: Days
    regimes: tuple[str, ...]
    classes: dict[str, tuple[str, ...]]

    @property
    def spring_days(self) -> list[int]:
        """Positions of the days of 23 hours."""
        return [i for i, day in enumerate(self.days.tolist()) if is_clock_change(day, 3)]

    @property
    def autumn_days(self) -> list[int]:
        """Positions of the days of 25 hours."""
        return [i for i, day in enumerate(self.days.tolist()) if is_clock_change(day, 10)]


def is_clock_change(day: dt.date, month: int) -> bool:
    """Tell whether the day is the last Sunday of the month."""
    return day.month == month and day.day >= 25 and day.isoweekday() == 7


def season_regime(day: dt.date) -> str:
    """Return the July-to-June season of a day, named by its first year; 2022 is split where sobriety starts."""
    season = day.year if day.month >= 7 else day.year - 1
    if season != SOBRIETY_START.year:
        return str(season)
    return f"{season}{'a' if day < SOBRIETY_START else 'b'}"


def day_class(day: dt.date, public_holidays: set[dt.date], is_school_holiday: bool) -> str:
    """Return the first class that applies to a day."""
    weekday = day.isoweekday()
    if LOCKDOWN[0] <= day <= LOCKDOWN[1]:
        return "lockdown"
    if day in public_holidays:
        return "public_holiday"
    if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 3):
        return "christmas"
    if (weekday == 5 and day - ONE_DAY in public_holidays) or (weekday == 1 and day + ONE_DAY in public_holidays):
        return "bridge_day"
    if weekday >= 6:
        return "saturday" if weekday == 6 else "sunday"
    if day.month == 8:
        return "august_weekday"
    return {1: "monday", 5: "friday"}.get(weekday, "midweek") + ("_school_holiday" if is_school_holiday else "")


@lru_cache(maxsize=1)
def school_calendar() -> SchoolHolidayDates:
    """Return the package's school holidays, read once."""
    return SchoolHolidayDates()


def build_calendar(first_year: int, years: int) -> Calendar:
    """Classify every day of whole local years."""
    days = np.arange(f"{first_year}-01-01", f"{first_year + years}-01-01", dtype="datetime64[D]")
    spanned = range(first_year - 1, first_year + years + 1)
    public = set(holidays.country_holidays("FR", years=spanned))
    package = school_calendar()
    school = {day: detail for year in spanned for day, detail in package.holidays_for_year(year).items()}
    return Calendar(
        days=days,
        regimes=tuple(season_regime(day) for day in days.tolist()),
        classes={
            zone: tuple(
                day_class(day, public, bool(day in school and school[day][f"vacances_zone_{zone.lower()}"]))
                for day in days.tolist()
            )
            for zone in ("A", "B", "C")
        },
    )
