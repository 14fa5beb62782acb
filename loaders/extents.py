"""How parts of a dataset are named: `all`, a UTC year or month, a span of years, each perhaps after a territory."""

import datetime as dt

WHOLE = "all"
"""The one part of a dataset that is requested in one piece."""


def part_names(first: dt.date, last: dt.date, revised_years: int, this_year: int) -> list[str]:
    """Return the names of the parts from one day to another: years that are closed, months of those still revised.

    A year that closes gets another name, and is so fetched a last time as a whole.
    """
    names = []
    for year in range(first.year, last.year + 1):
        is_open = year > this_year - revised_years
        names += [f"{year}-{month:02}" for month in range(1, 13)] if is_open else [str(year)]
    return [name for name in names if bounds(name)[0] <= last and bounds(name)[1] > first]


def bounds(span: str) -> tuple[dt.date, dt.date]:
    """Return the first day of a year (`2024`), month (`2024-03`) or span of years (`2025-2026`), and the day after."""
    first, _, second = span.partition("-")
    if len(second) == 2:
        day = dt.date(int(first), int(second), 1)
        return day, (day + dt.timedelta(days=31)).replace(day=1)
    return dt.date(int(first), 1, 1), dt.date(int(second or first) + 1, 1, 1)
