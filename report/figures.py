"""What a view is made of: texts in two languages, tables of figures, and charts drawn from them."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from zlib import compress

from dataelec.warehouse import Row
from report import numbers

LANGUAGES = ("fr", "en")
PACKED_FROM_ROWS = 40
FINDINGS_JOINED_BY = "|"


def typeset(text: str) -> str:
    """The text with apostrophes as printers set them."""
    return re.sub(r"(?<=\w)'(?=\w)", "\u2019", text)


class Text(NamedTuple):
    """The same words in the languages of the page."""

    fr: str
    en: str

    def to(self, language: str) -> str:
        """The words in one language, apostrophes as printers set them."""
        return typeset(self.fr if language == "fr" else self.en)

    def both(self) -> dict[str, str]:
        """The words by language."""
        return {language: self.to(language) for language in LANGUAGES}


def sentence(fr: str, en: str, **values: tuple[float | None, int] | str | Text) -> Text:
    """A sentence in both languages; `{name}` stands for a number with its digits, written as each reader does."""

    def filled(template: str, language: str) -> str:
        words: dict[str, str] = {}
        for name, value in values.items():
            if isinstance(value, Text):
                words[name] = value.to(language)
            elif isinstance(value, str):
                words[name] = value
            else:
                words[name] = numbers.number(value[0], language, value[1])
        return template.format(**words)

    return Text(filled(fr, "fr"), filled(en, "en"))


@dataclass(frozen=True)
class TableColumn:
    """A column that readers see in a table, and find in the CSV under the mart's own name.

    `digits` is how many decimals the page shows of a number (the CSV has them all); None marks text and dates.
    """

    name: str
    label: Text
    digits: int | None = None


@dataclass(frozen=True)
class Dataset:
    """Rows behind one or several charts.

    `columns` are shown and downloaded; entries of a row whose name starts with `_` serve the drawing only.
    `keys` name the columns that tell rows apart. Where there are many rows that nobody sees at once, `is_rounded` lets
    numbers hold no more digits than are shown.
    """

    name: str
    columns: Sequence[TableColumn]
    keys: Sequence[str]
    rows: Sequence[Row]
    is_rounded: bool = False

    def to_json(self) -> dict[str, Any]:
        """Column by column, which takes half the room of row by row; packed, until a screen asks, where large."""
        values = self.values()
        return {
            "keys": list(self.keys),
            "shown": [{"name": column.name, "digits": column.digits, **column.label.both()} for column in self.columns],
            **({"packed": packed(values)} if len(self.rows) > PACKED_FROM_ROWS else {"values": values}),
        }

    def values(self) -> dict[str, list[Any]]:
        """What is shown and drawn, by column, as JSON carries it."""
        shown = [column.name for column in self.columns]
        drawn = [name for name in (self.rows[0] if self.rows else ()) if name.startswith("_")]
        digits = {column.name: column.digits for column in self.columns if self.is_rounded}
        return {name: [_plain(row[name], digits.get(name)) for row in self.rows] for name in (*shown, *drawn)}

    def records(self) -> list[Row]:
        """Row by row, as Vega-Lite takes inline data."""
        values = self.values()
        return [dict(zip(values, cells, strict=True)) for cells in zip(*values.values(), strict=True)]


@dataclass(frozen=True)
class Figure:
    """A chart of one kind drawn from named datasets.

    `datasets` maps the data names of the chart's specification to datasets; the one called `main` stands in the
    table and in the CSV. `filters` names the controls of its view that keep the rows which have their value.
    `span` and `sources` stand under it where they are not those of half-hours and temperatures. `findings` say, by
    the values of the filters, what is found there: they are the heading then, with the title before the description.
    """

    name: str
    kind: str
    title: Text
    description: Text
    datasets: Mapping[str, str]
    filters: Sequence[str] = ()
    span: Text | None = None
    sources: Text | None = None
    findings: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawing:
    """Figures and the datasets that they are drawn from; drawings add up."""

    datasets: Sequence[Dataset] = ()
    figures: Sequence[Figure] = ()

    def __add__(self, other: "Drawing") -> "Drawing":
        return Drawing((*self.datasets, *other.datasets), (*self.figures, *other.figures))


@dataclass(frozen=True)
class Sheet:
    """One addressable screen of the page: `route` is its permanent address after `#/`."""

    route: str
    title: Text
    values: Mapping[str, Any] = field(default_factory=dict)
    datasets: Sequence[Dataset] = ()


def findings_by(rows: Sequence[Row], finding: Callable[[Sequence[Row]], Text | None], *columns: str) -> dict[str, Text]:
    """What is found in the rows of each value of the columns, by default of each territory; nothing where nothing is.

    Values of several columns are joined as the page's script joins the choices made.
    """
    parts: dict[str, list[Row]] = {}
    for row in rows:
        value = FINDINGS_JOINED_BY.join(str(row[column]) for column in columns or ("territory_code",))
        parts.setdefault(value, []).append(row)
    found = {value: finding(part) for value, part in parts.items()}
    return {value: words for value, words in found.items() if words}


def years_span(rows: Sequence[Row], column: str = "period_year") -> Text:
    """The first and the last year of the rows."""
    years = sorted({int(row[column]) for row in rows})
    span = f"{years[0]}" if len(years) == 1 else f"{years[0]}\u2013{years[-1]}"
    return Text(span, span)


def months_span(rows: Sequence[Row], column: str = "month_start_on") -> Text:
    """The first and the last month of rows in their order, by their first days as text."""

    def month(row: Row, language: str) -> str:
        year, number, _ = str(row[column]).split("-")
        return f"{numbers.month(int(number), language)} {year}"

    return Text(*(f"{month(rows[0], each)} \u2013 {month(rows[-1], each)}" for each in LANGUAGES))


def packed(value: object) -> str:
    """A value as compressed JSON in letters that a page can hold."""
    return b64encode(compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 9)).decode()


def _plain(value: object, digits: int | None = None) -> object:
    """A value that JSON can carry, with no more digits than asked for, or than a measurement has."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if value != value:
            return None
        if digits is not None:
            return round(value, digits) if digits else round(value)
        return float(f"{value:.7g}")
    return value
