"""What every chart shares: colours, type, and the ways of writing axes, tooltips and labels in Vega-Lite."""

import json
from collections.abc import Iterable
from typing import Any

from report.figures import Text
from report.labels import Labels
from report.sensitivity import ENEDIS_CLIENT_TYPES

Spec = dict[str, Any]

# Okabe and Ito's colours, distinguishable for readers who do not see red from green, dark enough on white and light
# enough on the dark page. Dashes, shapes or words beside the mark say the same, for print in black and white.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#2f7fb8", "#d1720c", "#0f8f6b", "#b65aa5", "#8a8f98"
RED = "#c8324b"
HEAT = ["#fdebd0", "#f8c287", "#ea8a4c", "#c4502f", "#7f2318"]
COLD = ["#e3eef6", "#b3d1e6", "#77abcf", "#3d7fb0", "#174f7c"]
INK, SOFT = "#22262c", "#565d67"
CLIENT_TYPE_COLOUR: Spec = {
    "field": "client_type_code",
    "type": "nominal",
    "scale": {"domain": list(ENEDIS_CLIENT_TYPES), "range": [BLUE, ORANGE, PURPLE]},
    "legend": None,
}
NOT_MEASURED = "#e4e6ea"
# How wide the place of a chart is, evaluated again whenever `width` changes, as when a phone is turned. Not `width`
# itself, which shrinks once the axis has its room: a legend would be laid out for another height.
PLACE_PX = "(width ? containerSize()[0] : 0)"

LOCALES = {
    "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"], "percent": "\u00a0%"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}
CONFIG = {
    "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', Arial, sans-serif",
    "lineBreak": "\n",
    "view": {"stroke": None},
    "background": None,
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": SOFT,
        "gridColor": "#d9dce1",
        "domainColor": "#8a8f98",
        "tickColor": "#8a8f98",
    },
    "legend": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "orient": "top",
        "offset": 8,
        "labelLimit": 290,
        "titleLimit": 320,
    },
    "title": {
        "anchor": "start",
        "fontSize": 17,
        "subtitleFontSize": 12,
        "subtitleColor": SOFT,
        "subtitlePadding": 6,
        "offset": 18,
        "color": INK,
    },
}


def rounded(field: str, digits: int = 0) -> str:
    """The expression that writes a number; with a decimal more below twenty, where whole numbers say little."""
    return f"format({field}, {field} < 20 ? ',.{max(digits, 1)}f' : ',.{digits}f')"


def literal(value: object) -> str:
    """A value as an expression of Vega writes it, whatever quotes a label has."""
    return json.dumps(value, ensure_ascii=False)


def legend_labels(labels: Labels, column: str, codes: Iterable[str], language: str) -> str:
    """The expression that writes the label of each code of a legend."""
    return f"{literal({code: labels.of(column, code).to(language) for code in codes})}[datum.value] || datum.value"


def spec(**parts: Any) -> Spec:
    """A chart as wide as its place, with the page's type and colours."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": CONFIG,
        "data": {"name": "main"},
        **parts,
    }


def across(field: str, title: Text, language: str, *, zero: bool, digits: int = 0) -> Spec:
    """A quantity along the horizontal axis; fewer ticks on a phone, the title where the axis ends."""
    ticks = {"expr": "max(2, ceil(width / 90))"}
    axis = {"tickCount": ticks, "labelFlush": False, "titleAlign": "right"}
    return _quantity(field, title.to(language), zero, digits, axis)


def upward(field: str, title: Text, language: str, *, zero: bool, digits: int = 0) -> Spec:
    """A quantity along the vertical axis, its unit written level above the axis."""
    axis = {"tickCount": 5, "titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -16}
    return _quantity(field, title.to(language), zero, digits, axis)


def _quantity(field: str, title: str, zero: bool, digits: int, axis: Spec) -> Spec:
    shared = {"format": f",.{digits}f", "titleAnchor": "end", "titleLimit": 330, "domain": False, "ticks": False}
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"zero": zero, "nice": True},
        "axis": shared | axis,
    }


def by_span(scale: str) -> Spec:
    """How the axis of `x` or `y` numbers its ticks: with decimals where the scale is short, in whole steps else."""
    span = f"(domain('{scale}')[1] - domain('{scale}')[0])"
    return {
        "labelExpr": f"format(datum.value, {span} < 0.5 ? ',.2f' : {span} < 5 ? ',.1f' : ',.0f')",
        "tickMinStep": {"expr": f"{span} < 5 ? 0 : 1"},
    }


def hours_of_day(language: str) -> Spec:
    """The local clock along the horizontal axis."""
    return {
        "field": "hour_of_day",
        "type": "quantitative",
        "title": Text("Heure locale", "Local hour").to(language),
        "scale": {"domain": [0, 23], "nice": False},
        "axis": {
            "values": [0, 6, 12, 18, 23],
            "labelExpr": "datum.value + ' h'" if language == "fr" else "datum.value + ':00'",
            "grid": False,
            "titleAnchor": "end",
            "titleAlign": "right",
        },
    }


# A row of a ranking: its name on one line, its marks on the next, so that a phone leaves them the whole width.
ROW_PX, NAME_DY, MARK_DY = 40, -8, 7


def rows_by(field: str, order: str) -> Spec:
    """A territory a row, in the order of a quantity; `row_names` writes the names."""
    return {
        "field": "territory_label_fr",
        "type": "ordinal",
        "sort": {"field": field, "order": order},
        "title": None,
        "axis": None,
    }


def zero_line() -> Spec:
    """Where zero lies, beside the marks of each row: a line from top to bottom would cross the names."""
    mark = {"type": "tick", "color": GREY, "thickness": 1.5, "size": 14, "yOffset": MARK_DY, "tooltip": None}
    return {"mark": mark, "encoding": {"x": {"datum": 0}}}


def row_names() -> Spec:
    """The name of each territory above its marks."""
    layer = words({"field": "territory_label_fr"}, align="left", dy=NAME_DY, limit=300)
    layer["encoding"]["x"] = {"value": 0}
    return layer


def date_text(field: str, form: str = "%d/%m/%Y") -> Spec:
    """The transform that writes a date as readers of both languages do, day first, for a tooltip."""
    return {"calculate": f"utcFormat(toDate(datum.{field} + 'T00:00:00Z'), '{form}')", "as": f"{field}_text"}


def tooltip(*fields: tuple[str, Text, str | None], language: str) -> list[Spec]:
    """Fields, their words and their number format; None for text."""
    return [
        {"field": field, "title": label.to(language), **({"format": form, "type": "quantitative"} if form else {})}
        for field, label, form in fields
    ]


def estimate_tooltip(field: str, digits: int, language: str, *names: tuple[str, Text]) -> list[Spec]:
    """A value with both ends of its interval, after what it is about."""
    number = f",.{digits}f"
    return tooltip(
        *((name, label, None) for name, label in names),
        (field, Text("Valeur", "Value"), number),
        (f"{field}_ci95_low", Text("IC 95 %, bas", "95% CI, low"), number),
        (f"{field}_ci95_high", Text("IC 95 %, haut", "95% CI, high"), number),
        language=language,
    )


def words(text: Spec, *, size: float = 12, colour: str | Spec = INK, weight: str = "normal", **mark: Any) -> Spec:
    """A layer of labels beside their marks, so that no legend is needed."""
    return {
        "mark": {"type": "text", "fontSize": size, "color": colour, "fontWeight": weight, "tooltip": None, **mark},
        "encoding": {"text": text},
    }
