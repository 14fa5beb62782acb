"""Charts of what drives consumption: shares, the response curve, kinds of day, cold days, heat overseas."""

from report.charts.drawing import (
    BLUE,
    GREY,
    INK,
    MARK_DY,
    NAME_DY,
    ORANGE,
    ROW_PX,
    Spec,
    across,
    row_names,
    rows_by,
    spec,
    tooltip,
    words,
    zero_line,
)
from report.charts.sensitivity import QUOTABLE, QUOTABLE_HEATING
from report.figures import Text

BOUNDS = Text("de", "from"), Text("à", "to")


def _rows(
    language: str, x: Spec, ends: tuple[str, str], number: str, named: Spec, beside: str | None = None
) -> list[Spec]:
    """In each row a bar between the ends, a dot and its value in words, right of another mark too."""
    field = x["field"]
    right = f"max(datum.{ends[1]}, datum.{beside or field})"
    hint = tooltip(
        (f"_name_{language}", Text("De quoi", "Of what"), None),
        (field, Text("Valeur", "Value"), number),
        (ends[0], BOUNDS[0], number),
        (ends[1], BOUNDS[1], number),
        language=language,
    )
    # Right of the bar, and of zero where its line would cross the number.
    to_zero = "scale('x', 0) - scale('x', datum.right_end)"
    dx = {"expr": f"{to_zero} > 4 && {to_zero} < 50 ? {to_zero} + 6 : 8"}
    value = words({"field": field, "type": "quantitative", "format": number}, align="left", dx=dx, dy=MARK_DY + 1)
    value["encoding"]["x"] = x | {"field": "right_end"}
    there = [{"filter": f"datum.{field} !== null"}]
    return [
        {
            "transform": there,
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.5, "color": BLUE, "yOffset": MARK_DY},
            "encoding": {"x": x | {"field": ends[0]}, "x2": {"field": ends[1]}},
        },
        {
            "transform": there,
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "color": BLUE, "yOffset": MARK_DY},
            "encoding": {"x": x, "tooltip": hint},
        },
        value | {"transform": [*there, {"calculate": right, "as": "right_end"}]},
        named,
    ]


def _named(language: str) -> Spec:
    """The name of each row above its marks; grey where there is no value to show."""
    layer = words({"field": f"_name_{language}"}, align="left", dy=NAME_DY, limit=300)
    layer["encoding"] |= {
        "x": {"value": 0},
        "color": {"condition": {"test": "datum._is_shown", "value": INK}, "value": GREY},
    }
    return layer


def _chart(y: Spec, layers: list[Spec]) -> Spec:
    return spec(
        height={"step": ROW_PX},
        padding={"left": 2, "top": 5, "right": 52, "bottom": 5},
        encoding={"y": y},
        layer=[zero_line(), *layers],
    )


def _as_listed(key: str) -> Spec:
    return {"field": key, "type": "ordinal", "sort": None, "title": None, "axis": None}


def drivers(language: str) -> Spec:
    """The share of the variance of each driver with its interval, over a pale bar of its bounds over all orders."""
    field = "variance_share"
    x = across(field, Text("Part de la variance", "Share of the variance"), language, zero=True)
    x["axis"] |= {"format": ".0%"}
    orders = {
        "mark": {"type": "rule", "strokeWidth": 14, "opacity": 0.2, "color": BLUE, "yOffset": MARK_DY},
        "encoding": {
            "x": x | {"field": f"{field}_least"},
            "x2": {"field": f"{field}_greatest"},
            "tooltip": tooltip(
                (f"{field}_least", Text("Au moins", "At least"), ".1%"),
                (f"{field}_greatest", Text("Au plus", "At most"), ".1%"),
                language=language,
            ),
        },
    }
    ends = f"{field}_ci95_low", f"{field}_ci95_high"
    marks = _rows(language, x, ends, ".1%", _named(language), f"{field}_greatest")
    return _chart(_as_listed("driver_code"), [orders, *marks])


def response(language: str) -> Spec:
    """MW for each °C warmer by band, with its interval; a tick where the straight line lies."""
    field = "response_mw_per_c"
    x = across(field, Text("MW par °C de plus", "MW per °C warmer"), language, zero=True)
    line = {
        "mark": {"type": "tick", "color": ORANGE, "thickness": 3, "size": 16, "yOffset": MARK_DY},
        "encoding": {
            "x": x | {"field": "straight_line_mw_per_c"},
            "tooltip": tooltip(
                ("straight_line_mw_per_c", Text("Droite, MW/°C", "Straight line, MW/°C"), ",.1f"), language=language
            ),
        },
    }
    ends = f"{field}_ci95_low", f"{field}_ci95_high"
    marks = _rows(language, x, ends, ",.0f", _named(language), "straight_line_mw_per_c")
    return _chart(_as_listed("temperature_band_code"), [line, *marks])


def effects(language: str) -> Spec:
    """What each kind of day changes at equal temperature, in % of the mean load."""
    field = "effect_pct_of_mean_load"
    x = across(field, Text("% de la consommation moyenne", "% of the mean load"), language, zero=True)
    ends = f"{field}_ci95_low", f"{field}_ci95_high"
    return _chart(_as_listed("calendar_kind_code"), _rows(language, x, ends, "+,.1f", _named(language)))


def cold_snap(language: str) -> Spec:
    """What a day at the temperature chosen draws more, region by region."""
    field = "extra_load_mw"
    x = across(field, Text("MW de plus", "MW more"), language, zero=True)
    ends = f"{field}_ci95_low", f"{field}_ci95_high"
    chart = _chart(rows_by(field, "descending"), _rows(language, x, ends, ",.0f", row_names()))
    return chart | {"transform": [{"filter": QUOTABLE_HEATING}]}


def overseas(language: str) -> Spec:
    """What a degree hotter adds in each overseas region."""
    field = "cooling_slope_mw_per_c"
    x = across(field, Text("MW par °C plus chaud", "MW per °C hotter"), language, zero=True)
    ends = f"{field}_ci95_low", f"{field}_ci95_high"
    chart = _chart(rows_by(field, "descending"), _rows(language, x, ends, ",.1f", row_names()))
    return chart | {"transform": [{"filter": QUOTABLE.replace("fit_status", "cooling_fit_status")}]}
