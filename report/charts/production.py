"""Charts of production beside consumption, and of exchanges."""

from report.charts.drawing import BLUE, GREY, MARK_DY, NAME_DY, ORANGE, ROW_PX, Spec, spec, tooltip, upward, words
from report.figures import Text

TWH = Text("TWh", "TWh")
FIELD = "_energy_twh"


def _bars(language: str, colour: Spec, number: str) -> Spec:
    """A bar a row, its name above, its value at its end."""
    label = f"_{language}"
    x = {"field": FIELD, "type": "quantitative", "axis": None}
    name = words({"field": label}, align="left", dy=NAME_DY)
    name["encoding"]["x"] = {"value": 0}
    value = words({"field": FIELD, "type": "quantitative", "format": number}, align="left", dx=6, dy=MARK_DY + 1)
    value["encoding"]["x"] = x | {"field": "bar_end"}
    order = {"field": FIELD, "order": "descending"}
    return spec(
        height={"step": ROW_PX},
        padding={"left": 2, "top": 5, "right": 48, "bottom": 5},
        # The value of a bar to the left of zero stands right of zero.
        transform=[{"calculate": f"max(0, datum.{FIELD})", "as": "bar_end"}],
        encoding={"y": {"field": label, "type": "ordinal", "title": None, "axis": None, "sort": order}},
        layer=[
            {
                "mark": {"type": "bar", "height": 12, "yOffset": MARK_DY},
                "encoding": {
                    "x": x,
                    "color": colour,
                    "tooltip": tooltip((label, Text("Quoi", "What"), None), (FIELD, TWH, number), language=language),
                },
            },
            value,
            name,
        ],
    )


def production(language: str) -> Spec:
    """Energy of each source, consumption in grey beside them."""
    return _bars(language, {"condition": {"test": "datum._is_consumption", "value": GREY}, "value": BLUE}, ",.1f")


def borders(language: str) -> Spec:
    """Net exports by border; imports in another colour, left of zero."""
    return _bars(language, {"condition": {"test": f"datum.{FIELD} < 0", "value": ORANGE}, "value": BLUE}, "+,.1f")


def exchanges(language: str) -> Spec:
    """Net exports of each month, imports under the line in another colour."""
    y = upward(FIELD, Text("TWh par mois", "TWh per month"), language, zero=True)
    y["axis"] |= {"format": "+,.2~f", "labelExpr": "datum.value === 0 ? '0' : datum.label"}
    x = {
        "field": "month_start_on",
        "type": "temporal",
        "timeUnit": "utcyearmonth",
        "title": None,
        "scale": {"type": "utc"},
        "axis": {"format": "%Y", "tickCount": "year", "grid": False, "labelAlign": "left"},
    }
    return spec(
        height=260,
        layer=[
            {
                "mark": {"type": "bar"},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {"condition": {"test": f"datum.{FIELD} < 0", "value": ORANGE}, "value": BLUE},
                    "tooltip": tooltip(
                        ("month_start_on", Text("Mois du", "Month from"), None),
                        (FIELD, TWH, "+,.2f"),
                        language=language,
                    ),
                },
            },
            {"mark": {"type": "rule", "color": GREY}, "encoding": {"y": {"datum": 0}}},
        ],
    )
