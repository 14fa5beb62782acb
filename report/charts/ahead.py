"""Charts of the days ahead: fans of days and half-hours, errors side by side."""

from report.charts.drawing import (
    BLUE,
    INK,
    MARK_DY,
    NAME_DY,
    ROW_PX,
    Spec,
    across,
    by_span,
    spec,
    tooltip,
    upward,
    words,
)
from report.figures import Text

FORECAST, ACTUAL = Text("Prévu", "Forecast"), Text("Mesuré", "Measured")


def _fan(x: Spec, field: str, actual: str, unit: Text, when: Text, language: str, *transforms: Spec) -> Spec:
    """A line of forecasts in its intervals of 80 and 95 %, and points where something was measured."""
    y = upward(field, unit, language, zero=False)
    y["axis"] |= by_span("y")
    hint = tooltip(
        ("when_text", when, None),
        (field, FORECAST, ",.0f"),
        (f"{field}_ci80_low", Text("80 %, bas", "80%, low"), ",.0f"),
        (f"{field}_ci80_high", Text("80 %, haut", "80%, high"), ",.0f"),
        (actual, ACTUAL, ",.0f"),
        language=language,
    )
    bands = [
        {
            "mark": {"type": "area", "color": BLUE, "opacity": opacity},
            "encoding": {
                "x": x,
                "y": y | {"field": f"{field}_ci{level}_low"},
                "y2": {"field": f"{field}_ci{level}_high"},
            },
        }
        for level, opacity in ((95, 0.15), (80, 0.25))
    ]
    return spec(
        height=260,
        padding={"left": 2, "top": 22, "right": 12, "bottom": 5},
        transform=[
            {"calculate": f"timeFormat(toDate(datum.{x['field']}), '{x['axis']['format']}')", "as": "when_text"},
            *transforms,
        ],
        layer=[
            *bands,
            {"mark": {"type": "line", "color": BLUE, "strokeWidth": 2}, "encoding": {"x": x, "y": y, "tooltip": hint}},
            {
                "transform": [{"filter": f"datum.{actual} !== null"}],
                "mark": {"type": "point", "filled": True, "color": INK, "size": 22, "opacity": 1},
                "encoding": {"x": x, "y": y | {"field": actual}, "tooltip": hint},
            },
        ],
    )


def _time(field: str, form: str) -> Spec:
    axis = {"format": form, "grid": False, "tickCount": {"expr": "max(2, ceil(width / 110))"}, "labelFlush": False}
    return {"field": field, "type": "temporal", "title": None, "axis": axis}


def days_ahead(language: str) -> Spec:
    """The energy of each coming day."""
    form = "%d/%m" if language == "fr" else "%-d %b"
    unit = Text("GWh par jour", "GWh a day")
    ends = (f"_ci{level}_{end}" for level in (80, 95) for end in ("low", "high"))
    forecast = "energy_forecast"
    in_gwh = [
        {"calculate": f"datum.{name}_mwh{end} === null ? null : datum.{name}_mwh{end} / 1000", "as": f"{name}_gwh{end}"}
        for name, end in (("energy", ""), (forecast, ""), *((forecast, end) for end in ends))
    ]
    x = _time("_day", form)
    return _fan(x, f"{forecast}_gwh", "energy_gwh", unit, Text("Jour", "Day"), language, *in_gwh)


def half_hours_ahead(language: str) -> Spec:
    """The load of each half-hour of the two days to come."""
    form = "%d/%m %H:%M" if language == "fr" else "%-d %b %H:%M"
    when = Text("Heure locale", "Local time")
    return _fan(_time("_local", form), "load_forecast_mw", "load_mw", Text("MW", "MW"), when, language)


def forecast_errors(language: str) -> Spec:
    """The mean error of each forecast of the day after."""
    x = across("mape_pct", Text("Erreur moyenne, %", "Mean error, %"), language, zero=True)
    x["axis"] |= {"grid": False, **by_span("x")}  # lines of a grid would cross the names
    y = {"field": "forecast_code", "type": "ordinal", "sort": None, "title": None, "axis": None}
    name = words({"field": f"_name_{language}"}, align="left", dy=NAME_DY, limit=300)
    name["encoding"]["x"] = {"value": 0}
    value = words({"field": "mape_pct", "type": "quantitative", "format": ".2f"}, align="left", dx=8, dy=MARK_DY + 1)
    value["encoding"]["x"] = x
    bar = {"type": "bar", "color": BLUE, "height": 12, "yOffset": MARK_DY}
    return spec(
        height={"step": ROW_PX},
        padding={"left": 2, "top": 5, "right": 52, "bottom": 5},
        encoding={"y": y},
        layer=[{"mark": bar, "encoding": {"x": x}}, value, name],
    )
