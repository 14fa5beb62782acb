"""Numbers and dates as readers of each language write them."""

import re
from datetime import date, datetime
from math import floor, log10

from babel.dates import format_date, get_month_names
from babel.numbers import format_decimal

MINUS = "\u2212"
DASH = "\u2013"


def number(value: float | None, language: str, digits: int = 0, *, signed: bool = False) -> str:
    """A rounded number with the language's separators, a true minus and, if asked for, a plus; a dash for None."""
    if value is None:
        return DASH
    text = format_decimal(abs(value), format="#,##0" + ("." + "0" * digits if digits else ""), locale=language)
    if not any(sign in text for sign in "123456789"):
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def supported(value: float, low: float, high: float) -> tuple[float, int]:
    """A value with the two or three significant digits that its interval supports, and how many are decimals."""
    if not value:
        return 0.0, 0
    magnitude = floor(log10(abs(value)))
    known = floor(log10(high - low)) if high > low else magnitude
    place = min(max(known, magnitude - 2), magnitude - 1)
    return round(value, -place), max(-place, 0)


def day(value: date | None, language: str) -> str:
    """A date in words; a dash for None."""
    if value is None:
        return DASH
    text = format_date(value, format="long", locale="fr" if language == "fr" else "en_GB")
    return text.replace("1 ", "1er ", 1) if language == "fr" and value.day == 1 else text


def month(value: int, language: str) -> str:
    """The name of a month, 1 to 12."""
    return str(get_month_names("wide", locale=language)[value])


def clock(value: datetime, language: str) -> str:
    """A time of day as readers write it: `19 h 30`, `19:30`."""
    return f"{value.hour} h {value.minute:02d}" if language == "fr" else f"{value.hour}:{value.minute:02d}"


def unbroken(text: str, language: str) -> str:
    """The text with the spaces that no line breaks: before units; in French before `% : ; ? ! »` and after `«` too."""
    french = r" (?=[%:;?!»])|(?<=«) |" if language == "fr" else ""
    months = "|".join(month(each, language) for each in range(1, 13))
    if language == "en":
        text = re.sub(r"(?<=\d) %", "%", text)
    return re.sub(
        french + r"(?<=±) |(?<=\d) (?=°C|MW|GW|TWh|kWh|kVA)|(?:(?<=\d)|(?<=1er)) (?=" + months + ")", "\u00a0", text
    )
