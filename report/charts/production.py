"""Charts of production beside consumption, and of exchanges."""

from report.charts.drawing import (
    BLUE,
    GREEN,
    GREY,
    MARK_DY,
    NAME_DY,
    ORANGE,
    PLACE_PX,
    PURPLE,
    ROW_PX,
    SOFT,
    Spec,
    date_text,
    hours_of_day,
    legend_labels,
    literal,
    spec,
    tooltip,
    upward,
    words,
)
from report.figures import Text
from report.labels import Labels

TWH = Text("TWh", "TWh")
FIELD = "_energy_twh"
MONTH = ("month_start_on_text", Text("Mois", "Month"), None)
MONTH_TEXT = date_text("month_start_on", "%m/%Y")
# From what runs all the time to what comes and goes.
SOURCE_COLOURS = {
    "nuclear": PURPLE,
    "hydro": BLUE,
    "bioenergy": "#7d5a32",
    "thermal": GREY,
    "wind": GREEN,
    "solar": "#e0b21c",
}


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
        transform=[MONTH_TEXT],
        layer=[
            {
                "mark": {"type": "bar"},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {"condition": {"test": f"datum.{FIELD} < 0", "value": ORANGE}, "value": BLUE},
                    "tooltip": tooltip(
                        MONTH,
                        (FIELD, TWH, "+,.2f"),
                        language=language,
                    ),
                },
            },
            {"mark": {"type": "rule", "color": GREY}, "encoding": {"y": {"datum": 0}}},
        ],
    )


def _areas(
    x: Spec,
    when: tuple[str, Text, str | None],
    what: tuple[str, Text, str],
    labels: Labels,
    language: str,
    *transforms: Spec,
) -> Spec:
    """A layer a source, one upon the other."""
    field, title, _ = what
    columns = {"expr": f"{PLACE_PX} < 460 ? 2 : 3"}
    names = legend_labels(labels, "production_kind_code", SOURCE_COLOURS, language)
    order = literal(list(SOURCE_COLOURS))
    return spec(
        height=300,
        transform=[{"calculate": f"indexof({order}, datum.production_kind_code)", "as": "place"}, *transforms],
        mark={"type": "area", "line": False},
        encoding={
            "x": x,
            "y": upward(field, title, language, zero=True) | {"stack": "zero"},
            "order": {"field": "place"},
            "color": {
                "field": "production_kind_code",
                "type": "nominal",
                "scale": {"domain": list(SOURCE_COLOURS), "range": list(SOURCE_COLOURS.values())},
                "legend": {"labelExpr": names, "title": None, "orient": "bottom", "columns": columns},
            },
            "tooltip": tooltip(when, what, language=language),
        },
    )


def _months() -> Spec:
    return {
        "field": "month_start_on",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc"},
        "axis": {"format": "%Y", "tickCount": "year", "grid": False, "labelAlign": "left"},
    }


def mix_months(language: str, labels: Labels) -> Spec:
    """Energy of each month by source."""
    what = (FIELD, Text("TWh par mois", "TWh per month"), ",.2f")
    return _areas(_months(), MONTH, what, labels, language, MONTH_TEXT)


def mix_hours(language: str, labels: Labels) -> Spec:
    """Mean output at each hour of the day by source."""
    what = ("production_mean_mw", Text("MW, moyenne de l'heure", "MW, mean of the hour"), ",.0f")
    return _areas(hours_of_day(language), ("hour_of_day", Text("Heure", "Hour"), None), what, labels, language)


def _intensities(x: Spec, when: tuple[str, Text, str | None], language: str, *transforms: Spec) -> Spec:
    """A full line with the current factors, a dashed one with those of 2016."""
    field = "co2_intensity_g_per_kwh"
    rate = Text("g de CO₂ par kWh", "g of CO₂ per kWh")
    is_current = "datum.factor_set_code === 'rte_current'"
    y = upward(field, rate, language, zero=True)
    sides = {"left": "datum._place_share < 0.25", "right": "datum._place_share > 0.75"}
    name = words(
        {"field": f"_{language}"},
        weight="bold",
        colour={"expr": f"{is_current} ? '{BLUE}' : '{SOFT}'"},
        align={"expr": f"{sides['left']} ? 'left' : {sides['right']} ? 'right' : 'center'"},
        dy={"expr": f"{is_current} ? 16 : -10"},
    )
    name["encoding"] |= {"x": x, "y": y}
    return spec(
        height=240,
        transform=[*transforms],
        layer=[
            {
                "mark": {"type": "line", "strokeWidth": 2.5},
                "encoding": {
                    "x": x,
                    "y": y,
                    "detail": {"field": "factor_set_code"},
                    "color": {"condition": {"test": is_current, "value": BLUE}, "value": SOFT},
                    "strokeDash": {"condition": {"test": is_current, "value": [1, 0]}, "value": [6, 4]},
                    "tooltip": tooltip(when, (field, rate, ",.1f"), language=language),
                },
            },
            name | {"transform": [{"filter": f"datum._{language} !== null"}]},
        ],
    )


def carbon_months(language: str) -> Spec:
    """CO2 for each kWh, month after month."""
    return _intensities(_months(), MONTH, language, MONTH_TEXT)


def carbon_hours(language: str) -> Spec:
    """CO2 for each kWh by hour of the day."""
    return _intensities(hours_of_day(language), ("hour_of_day", Text("Heure", "Hour"), None), language)
