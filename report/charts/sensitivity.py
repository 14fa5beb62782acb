"""Charts of the sensitivity: map, ranking, days, hours, seasons and change."""

from textwrap import wrap
from typing import Any

from report.charts.drawing import (
    BLUE,
    CLIENT_TYPE_COLOUR,
    COLD,
    GREY,
    HEAT,
    INK,
    MARK_DY,
    NAME_DY,
    NOT_MEASURED,
    ORANGE,
    PLACE_PX,
    RED,
    ROW_PX,
    SOFT,
    Spec,
    across,
    date_text,
    estimate_tooltip,
    hours_of_day,
    legend_labels,
    literal,
    rounded,
    row_names,
    rows_by,
    spec,
    tooltip,
    upward,
    words,
    zero_line,
)
from report.figures import Text
from report.labels import Labels
from report.sensitivity import HEATING_BELOW_C, Measure
from report.tiles import PLACES

TILE_PX = 84
TILE_LETTERS = 16
DAY_KINDS = ["working_day", "other_day"]
QUOTABLE = "(datum.fit_status === 'qualified' || datum.fit_status === 'degraded')"
QUOTABLE_HEATING = QUOTABLE.replace("fit_status", "heating_fit_status")
REGION = ("territory_label_fr", Text("Région", "Region"))


def tile_map(measure: Measure, language: str, labels: Labels) -> Spec:
    """A tile a region: colour and number say the value, a second line half the width of its interval."""
    # The interval has the digits of the value.
    digits = f"(datum.measure_value < 20 ? ',.{max(measure.digits, 1)}f' : ',.{measure.digits}f')"
    unpublished = Text("non publiée", "not published").to(language)
    absent = {
        # In two lines where it is long: a tile is narrow.
        status: "\n".join(wrap(labels.of("fit_status", status).to(language), TILE_LETTERS))
        for status in ("not_identified", "insufficient_data")
    }
    columns, rows = (max(place[axis] for place in PLACES.values()) + 1 for axis in (0, 1))
    gap = {"paddingInner": 0.04, "paddingOuter": 0}
    place = {
        "x": {"field": "_column", "type": "ordinal", "axis": None, "scale": gap | {"domain": list(range(columns))}},
        "y": {"field": "_row", "type": "ordinal", "axis": None, "scale": gap | {"domain": list(range(rows))}},
    }
    # Text turns white where the tile is dark: the upper two fifths of the values shown.
    dark = f"{QUOTABLE} && datum.measure_value > datum.lightest + (datum.darkest - datum.lightest) * 0.6"
    ink = {"condition": {"test": dark, "value": "white"}, "value": INK}
    hint = tooltip(
        (*REGION, None),
        ("value_text", measure.label, None),
        ("interval_text", Text("Intervalle à 95 %", "95% interval"), None),
        language=language,
    )

    def tile(test: str, **colour: Spec) -> Spec:
        return {
            "mark": {"type": "rect", "cornerRadius": 4, "cursor": "pointer", "color": NOT_MEASURED},
            "transform": [{"filter": test}],
            "encoding": {"href": {"field": "address"}, "tooltip": hint, **colour},
        }

    def written(text: Spec, size: float, offset: int | Spec, weight: str = "normal", **more: Any) -> Spec:
        layer = words(text, size=size, weight=weight, dy=offset, **more)
        layer["encoding"]["color"] = ink
        return layer

    return spec(
        height=rows * TILE_PX,
        transform=[
            {"filter": "datum._column !== null"},
            {"calculate": f"{QUOTABLE} ? datum.measure_value : null", "as": "shown"},
            {
                "joinaggregate": [
                    {"op": "min", "field": "shown", "as": "lightest"},
                    {"op": "max", "field": "shown", "as": "darkest"},
                ]
            },
            {"calculate": f"{QUOTABLE} ? format(datum.measure_value, {digits}) : ''", "as": "value_text"},
            {
                "calculate": f"{QUOTABLE} ? '± ' + format("
                f"(datum.measure_value_ci95_high - datum.measure_value_ci95_low) / 2, {digits})"
                f" : !datum._is_load_published ? {literal(unpublished)}"
                f" : datum.fit_status === 'not_identified' ? {literal(absent['not_identified'])}"
                f" : {literal(absent['insufficient_data'])}",
                "as": "interval_text",
            },
            {"calculate": "'#/region/' + datum.territory_code", "as": "address"},
        ],
        encoding=place,
        layer=[
            tile(f"!{QUOTABLE}"),
            tile(
                QUOTABLE,
                color={
                    "field": "shown",
                    "type": "quantitative",
                    "scale": {"range": COLD if measure.name == "cooling" else HEAT, "zero": False},
                    # Each tile writes its value: a legend would say it twice.
                    "legend": None,
                },
            ),
            written({"field": "_lines"}, 10.5, -36, baseline="top", lineHeight=11.5),
            written({"field": "value_text"}, 20, 14, "bold"),
            written({"field": "interval_text"}, 10.5, {"expr": f"{QUOTABLE} ? 32 : 18"}),
        ],
    )


def _interval(
    field: str, digits: int, language: str, estimate: Spec, name: tuple[str, Text], **dot: Spec
) -> list[Spec]:
    """A bar from one end of the interval to the other, and a dot at the value."""
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.5, "color": BLUE, "yOffset": MARK_DY},
            "encoding": {
                "x": estimate | {"field": f"{field}_ci95_low"},
                "x2": {"field": f"{field}_ci95_high"},
                **{channel: value for channel, value in dot.items() if channel == "color"},
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "color": BLUE, "yOffset": MARK_DY},
            "encoding": {"x": estimate, "tooltip": estimate_tooltip(field, digits, language, name), **dot},
        },
    ]


def ranking(measure: Measure, language: str) -> Spec:
    """Regions from highest to lowest, values that may be quoted alone, uncertain ones as diamonds."""
    field = "measure_value"
    estimate = across(field, measure.unit, language, zero=True, digits=0 if measure.digits == 0 else 1)
    estimate["axis"]["grid"] = False  # its lines would cross the names
    shape = {"condition": {"test": "datum.fit_status === 'degraded'", "value": "diamond"}, "value": "circle"}
    value = words({"field": "value_text"}, align="left", dx=8, dy=MARK_DY + 1)
    value["encoding"]["x"] = estimate | {"field": f"{field}_ci95_high"}
    return spec(
        height={"step": ROW_PX},
        padding={"left": 2, "top": 5, "right": 34, "bottom": 5},  # for the values beyond the longest interval
        transform=[
            {"filter": QUOTABLE},
            {"calculate": rounded(f"datum.{field}", measure.digits), "as": "value_text"},
        ],
        encoding={"y": rows_by(field, "descending")},
        layer=[
            zero_line(),
            *_interval(field, max(measure.digits, 1), language, estimate, REGION, shape=shape),
            value,
            row_names(),
        ],
    )


def categories(language: str) -> Spec:
    """What each client type of Enedis adds, with its interval and its status; no mark where nothing may be quoted."""
    field = "heating_slope_mw_per_c"
    name = f"_name_{language}"
    estimate = across(field, Text("MW/°C", "MW/°C"), language, zero=True)
    # Values stand beside their marks; where there is none to quote, the axis has nothing to number.
    estimate["axis"] |= {"grid": False, "labelExpr": "domain('x')[1] > domain('x')[0] ? datum.label : ''"}
    shape = {"condition": {"test": "datum.heating_fit_status === 'degraded'", "value": "diamond"}, "value": "circle"}
    value = words({"field": "value_text"}, align="left", dx=8, dy=MARK_DY + 1)
    value["encoding"]["x"] = estimate | {"field": f"{field}_ci95_high"}
    bar, dot = _interval(
        field, 1, language, estimate, (name, Text("Clients", "Clients")), shape=shape, color=CLIENT_TYPE_COLOUR
    )
    dot["encoding"]["tooltip"] += tooltip(
        (f"_reasons_{language}", Text("Réserves", "Caveats"), None), language=language
    )
    label = words({"field": name}, align="left", dy=NAME_DY, limit=300)
    label["encoding"]["x"] = {"value": 0}
    return spec(
        height={"step": ROW_PX},
        padding={"left": 2, "top": 5, "right": 34, "bottom": 5},
        transform=[{"calculate": f"format(datum.{field}, datum.{field} < 100 ? ',.1f' : ',.0f')", "as": "value_text"}],
        encoding={"y": {"field": "client_type_code", "type": "ordinal", "sort": None, "title": None, "axis": None}},
        layer=[*(layer | {"transform": [{"filter": QUOTABLE_HEATING}]} for layer in (bar, dot, value)), label],
    )


def change(language: str) -> Spec:
    """Change of each territory's sensitivity in %, largest fall first; grey where the interval contains zero."""
    field = "heating_slope_change_pct"
    title = Text("Évolution de la sensibilité, %", "Change in sensitivity, %")
    estimate = across(field, title, language, zero=True)
    estimate["axis"] |= {"labelExpr": "datum.value > 0 ? '+' + datum.label : datum.label"}
    colour = {"condition": {"test": "datum.is_change_significant", "value": BLUE}, "value": GREY}
    value = words({"field": field, "type": "quantitative", "format": "+,.1f"}, align="left", dx=8, dy=MARK_DY + 1)
    value["encoding"]["x"] = estimate | {"field": f"{field}_ci95_high"}
    return spec(
        height={"step": ROW_PX},
        padding={"left": 2, "top": 5, "right": 40, "bottom": 5},
        encoding={"y": rows_by(field, "ascending")},
        layer=[
            zero_line(),
            *_interval(field, 1, language, estimate, REGION, color=colour),
            value,
            row_names(),
        ],
    )


def days(language: str, labels: Labels) -> Spec:
    """A point a day, load against temperature, with the fitted line, its band and what the line says."""
    x = {
        "field": "temperature_smoothed_c",
        "type": "quantitative",
        "title": Text("Température lissée du jour, °C", "Smoothed temperature of the day, °C").to(language),
        "scale": {"zero": False, "nice": False, "padding": 6},
        "axis": {"tickCount": {"expr": "ceil(width / 70)"}, "grid": False, "titleAnchor": "end", "titleAlign": "right"},
    }
    load = Text("MW, moyenne du jour", "MW, mean of the day")
    y = upward("load_mean_mw", load, language, zero=False)
    legend: Spec = {"labelExpr": legend_labels(labels, "day_kind_code", DAY_KINDS, language), "title": None}
    legend |= {"symbolOpacity": 1, "symbolSize": 50}
    legend |= {"orient": "bottom", "columns": {"expr": f"{PLACE_PX} < 460 ? 1 : 2"}}
    kind = {"field": "day_kind_code", "type": "nominal", "legend": legend}
    line = {"data": {"name": "line"}}
    slope = words({"field": f"_slope_{language}"}, size=14, colour=RED, weight="bold", align="left")
    slope["encoding"] |= {"x": x | {"field": "_x"}, "y": y | {"field": "_y"}}
    # Left of its line: on cold days the load is far above.
    threshold = words({"field": f"_threshold_{language}"}, colour=SOFT, align="right", dx=-6, baseline="bottom", dy=-4)
    threshold["encoding"] |= {"x": x | {"field": "_threshold_c"}, "y": {"value": {"expr": "height"}}}
    return spec(
        height=400,
        layer=[
            {
                "transform": [date_text("date_day")],
                "mark": {"type": "point", "filled": True, "opacity": 0.4, "size": 18},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": kind | {"scale": {"domain": DAY_KINDS, "range": [BLUE, ORANGE]}},
                    "shape": kind | {"scale": {"domain": DAY_KINDS, "range": ["circle", "square"]}},
                    "tooltip": tooltip(
                        ("date_day_text", Text("Jour", "Day"), None),
                        ("temperature_smoothed_c", Text("Température, °C", "Temperature, °C"), ",.1f"),
                        ("load_mean_mw", Text("Consommation, MW", "Consumption, MW"), ",.0f"),
                        language=language,
                    ),
                },
            },
            {
                "mark": {"type": "area", "color": RED, "opacity": 0.25, "tooltip": None},
                "encoding": {
                    "x": x,
                    "y": y | {"field": "load_fitted_mw_ci95_low"},
                    "y2": {"field": "load_fitted_mw_ci95_high"},
                },
                **line,
            },
            {
                "mark": {"type": "line", "color": RED, "strokeWidth": 3, "tooltip": None},
                "encoding": {"x": x, "y": y | {"field": "load_fitted_mw"}},
                **line,
            },
            {
                "data": {"name": "note"},
                "mark": {"type": "rule", "color": GREY, "strokeDash": [4, 3]},
                "encoding": {"x": x | {"field": "_threshold_c"}},
            },
            threshold | {"data": {"name": "note"}},
            slope | {"data": {"name": "note"}},
        ],
    )


def hours(language: str) -> Spec:
    """The factor of each hour on the day's sensitivity, with its band; the two summits are named."""
    field = "heating_hour_factor"
    axis = Text("Facteur (1 = moyenne du jour)", "Factor (1 = mean of the day)")
    x, y = hours_of_day(language), upward(field, axis, language, zero=False, digits=2)
    summit = words({"field": f"_{language}"}, weight="bold", dy=-9)
    summit["encoding"] |= {"x": x, "y": y | {"field": f"{field}_ci95_high"}}
    return spec(
        height=260,
        layer=[
            {"mark": {"type": "rule", "color": GREY, "strokeDash": [4, 3]}, "encoding": {"y": {"datum": 1}}},
            {
                "mark": {"type": "area", "color": BLUE, "opacity": 0.25},
                "encoding": {
                    "x": x,
                    "y": y | {"field": f"{field}_ci95_low"},
                    "y2": {"field": f"{field}_ci95_high"},
                },
            },
            {
                "mark": {"type": "line", "color": BLUE, "strokeWidth": 2.5, "point": {"size": 30, "filled": True}},
                "encoding": {
                    "x": x,
                    "y": y,
                    "tooltip": estimate_tooltip(field, 2, language, ("hour_of_day", Text("Heure", "Hour"))),
                },
            },
            summit | {"transform": [{"filter": f"datum._{language} !== null"}]},
        ],
    )


def thresholds(language: str) -> Spec:
    """The sensitivity by heating threshold; the one that is used stands out, whole degrees have their value."""
    field = "heating_slope_mw_per_c"
    threshold = Text("Seuil de chauffage, °C", "Heating threshold, °C")
    x = across("heating_balance_point_c", threshold, language, zero=False)
    x["scale"] |= {"nice": False, "padding": 22}
    x["axis"]["tickMinStep"] = 1
    y = upward(field, Text("MW par °C", "MW per °C"), language, zero=True)
    is_used = f"datum.heating_balance_point_c === {HEATING_BELOW_C}"
    value = words({"field": field, "type": "quantitative", "format": ",.0f"}, dy=-12)
    value["encoding"] |= {"x": x, "y": y}
    value["transform"] = [{"filter": "datum.heating_balance_point_c % (width < 420 ? 3 : 1) === 0"}]
    return spec(
        height=240,
        layer=[
            {"mark": {"type": "line", "color": GREY}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "opacity": 1, "size": 60},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {"condition": {"test": is_used, "value": BLUE}, "value": GREY},
                    "fill": {"condition": {"test": is_used, "value": BLUE}, "value": "white"},
                    "tooltip": tooltip(
                        ("heating_balance_point_c", threshold, ",.1f"),
                        (field, Text("MW par °C", "MW per °C"), ",.0f"),
                        language=language,
                    ),
                },
            },
            value,
        ],
    )


def seasons(language: str, labels: Labels) -> Spec:
    """The sensitivity of each season that may be quoted, with its interval; a diamond where uncertain."""
    field = "heating_slope_mw_per_c"
    y = upward(field, Text("MW par °C", "MW per °C"), language, zero=True)
    x = {
        "field": "_season",
        "type": "ordinal",
        "title": Text("Saison, de juillet à juin", "Season, July to June").to(language),
        "axis": {
            "labelAngle": 0,
            "labelExpr": "[slice(datum.label, 0, 4), slice(datum.label, 4)]",
            "titleAnchor": "end",
            "titleAlign": "right",
            "ticks": False,
        },
    }
    uncertain = "datum.heating_fit_status === 'degraded'"
    value = words(
        {
            # Where ten seasons stand on a phone, values would overlap: the table has them.
            "condition": {"test": "width < 40 * datum.seasons_count", "value": ""},
            "field": "value_text",
        },
        dy=-9,
    )
    value["encoding"]["y"] = y | {"field": f"{field}_ci95_high"}
    note = words({"value": labels.of("fit_status", "degraded").to(language)}, size=11, dx=10, align="left")
    note["encoding"]["y"] = y
    note["transform"] = [{"filter": f"{uncertain} && width >= 90 * datum.seasons_count"}]
    return spec(
        height=260,
        transform=[
            {"filter": QUOTABLE_HEATING},
            {"joinaggregate": [{"op": "count", "as": "seasons_count"}]},
            {"calculate": rounded(f"datum.{field}"), "as": "value_text"},
        ],
        encoding={"x": x},
        layer=[
            {
                "mark": {"type": "rule", "strokeWidth": 3, "color": BLUE, "opacity": 0.5},
                "encoding": {"y": y | {"field": f"{field}_ci95_low"}, "y2": {"field": f"{field}_ci95_high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {
                    "y": y,
                    "shape": {"condition": {"test": uncertain, "value": "diamond"}, "value": "circle"},
                    "color": {"condition": {"test": uncertain, "value": ORANGE}, "value": BLUE},
                    "tooltip": estimate_tooltip(field, 1, language, ("_season", Text("Saison", "Season"))),
                },
            },
            value,
            note,
        ],
    )
