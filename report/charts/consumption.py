"""Charts of how much is consumed: year after year, month after month, hour after hour."""

from report.charts.drawing import (
    BLUE,
    GREY,
    INK,
    MARK_DY,
    ORANGE,
    ROW_PX,
    Spec,
    hours_of_day,
    row_names,
    rows_by,
    spec,
    tooltip,
    upward,
    words,
)
from report.figures import Text
from report.numbers import month

TWH = Text("TWh par an", "TWh per year")
FULL, DASHED = [1, 0], [6, 4]
PROFILES = {
    "winter_working_day": (BLUE, FULL),
    "winter_other_day": (BLUE, DASHED),
    "summer_working_day": (ORANGE, FULL),
    "summer_other_day": (ORANGE, DASHED),
}


def years(language: str) -> Spec:
    """Energy of each year, written on its bar."""
    field = "_energy_twh"
    y = {"field": field, "type": "quantitative", "axis": None}
    x = {"field": "period_year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0, "ticks": False}}
    # On a phone ten values would overlap: they stand upright, inside their bars.
    crowded = "width < 38 * length(domain('x'))"
    value = words(
        {"field": "value_text"},
        align={"expr": f"{crowded} ? 'right' : 'center'"},
        angle={"expr": f"{crowded} ? -90 : 0"},
        dx={"expr": f"{crowded} ? -6 : 0"},
        dy={"expr": f"{crowded} ? 0 : -8"},
        colour={"expr": f"{crowded} ? 'white' : '{INK}'"},
    )
    value["encoding"]["y"] = y
    return spec(
        height=220,
        transform=[
            {"joinaggregate": [{"op": "max", "field": field, "as": "largest"}]},
            {"calculate": f"format(datum.{field}, datum.largest < 100 ? ',.1f' : ',.0f')", "as": "value_text"},
        ],
        encoding={"x": x},
        layer=[
            {
                "mark": {"type": "bar", "color": BLUE, "cornerRadiusEnd": 2, "width": {"band": 0.7}},
                "encoding": {
                    "y": y,
                    "tooltip": tooltip(
                        ("period_year", Text("Année", "Year"), None), (field, TWH, ",.2f"), language=language
                    ),
                },
            },
            value,
        ],
    )


def months(language: str) -> Spec:
    """Mean load of each month, a line a year; the latest whole year stands out and is named."""
    field = "load_mean_mw"
    names = [month(each, language)[0].upper() for each in range(1, 13)]
    x = {
        "field": "calendar_month",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [1, 12], "nice": False},
        "axis": {
            "values": list(range(1, 13)),
            "labelExpr": f"{names}[datum.value - 1]",
            "grid": False,
            "labelFlush": False,
        },
    }
    y = upward(field, Text("MW, moyenne du mois", "MW, mean of the month"), language, zero=False)
    hint = tooltip(
        ("period_year", Text("Année", "Year"), None),
        ("calendar_month", Text("Mois", "Month"), None),
        (field, Text("MW", "MW"), ",.0f"),
        language=language,
    )
    name = words(
        {"field": "period_year", "type": "quantitative", "format": "d"}, align="left", dx=6, weight="bold", colour=BLUE
    )
    name["encoding"] |= {"x": x, "y": y}

    def line(test: str, **mark: object) -> Spec:
        return {
            "mark": {"type": "line", **mark},
            "transform": [{"filter": test}],
            "encoding": {"x": x, "y": y, "detail": {"field": "period_year"}, "tooltip": hint},
        }

    return spec(
        height=260,
        padding={"left": 2, "top": 5, "right": 36, "bottom": 5},
        transform=[
            {"joinaggregate": [{"op": "count", "as": "months_count"}], "groupby": ["period_year"]},
            {"calculate": "datum.months_count === 12 ? datum.period_year : null", "as": "whole_year"},
            {"joinaggregate": [{"op": "max", "field": "whole_year", "as": "latest_year"}]},
            {"calculate": "datum.period_year === datum.latest_year", "as": "is_latest"},
        ],
        layer=[
            line("!datum.is_latest", color=GREY, strokeWidth=1.25, opacity=0.7),
            line("datum.is_latest", color=BLUE, strokeWidth=3, point={"size": 30, "filled": True}),
            name
            | {
                "transform": [
                    {"filter": "datum.is_latest"},
                    {"joinaggregate": [{"op": "max", "field": "calendar_month", "as": "last_month"}]},
                    {"filter": "datum.calendar_month === datum.last_month"},
                ]
            },
        ],
    )


def profile(language: str) -> Spec:
    """Mean load by hour of the clock: winter and summer, working days in full lines and others dashed."""
    field = "load_mean_mw"
    x = hours_of_day(language)
    y = upward(field, Text("MW, moyenne de l'heure", "MW, mean of the hour"), language, zero=False)
    kind = {"field": "profile_code", "type": "nominal", "legend": None}
    colour = kind | {"scale": {"domain": list(PROFILES), "range": [colour for colour, _ in PROFILES.values()]}}
    dash = kind | {"scale": {"domain": list(PROFILES), "range": [dash for _, dash in PROFILES.values()]}}

    def name(code: str, label: Text, hour: int, offset: int) -> Spec:
        layer = words({"value": label.to(language)}, weight="bold", dy=offset)
        layer["encoding"] |= {"x": x, "y": y, "color": colour}
        return layer | {"transform": [{"filter": f"datum.hour_of_day === {hour} && datum.profile_code === '{code}'"}]}

    return spec(
        height=300,
        layer=[
            {
                "mark": {"type": "line", "strokeWidth": 2.5},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": colour,
                    "strokeDash": dash,
                    "tooltip": tooltip(
                        (f"_{language}", Text("Jours", "Days"), None),
                        ("hour_of_day", Text("Heure", "Hour"), None),
                        (field, Text("MW", "MW"), ",.0f"),
                        language=language,
                    ),
                },
            },
            name("winter_working_day", Text("hiver", "winter"), 11, -13),
            name("summer_other_day", Text("été", "summer"), 16, 17),
        ],
    )


def year_ranking(language: str) -> Spec:
    """Energy of the latest year by region, largest first."""
    field = "_energy_twh"
    x = {"field": field, "type": "quantitative", "axis": None}
    value = words({"field": field, "type": "quantitative", "format": ",.1f"}, align="left", dx=6, dy=MARK_DY + 1)
    value["encoding"]["x"] = x
    return spec(
        height={"step": ROW_PX},
        padding={"left": 2, "top": 5, "right": 40, "bottom": 5},
        encoding={"y": rows_by(field, "descending")},
        layer=[
            {
                "mark": {"type": "bar", "color": BLUE, "cornerRadiusEnd": 2, "height": 12, "yOffset": MARK_DY},
                "encoding": {
                    "x": x,
                    "tooltip": tooltip(
                        ("territory_label_fr", Text("Région", "Region"), None), (field, TWH, ",.2f"), language=language
                    ),
                },
            },
            value,
            row_names(),
        ],
    )
