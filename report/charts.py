"""Vega-Lite specifications, one function a kind of chart; data are bound by name when a chart is drawn."""

from collections.abc import Callable
from typing import Any

from report import texts
from report.figures import LANGUAGES, Text
from report.sensitivity import MEASURES, Measure
from report.tiles import PLACES

Spec = dict[str, Any]

# Okabe and Ito's colours, told apart by readers who do not see red from green, dark enough on white and light
# enough on the dark page. Shapes say the same, for print in black and white.
BLUE, ORANGE, GREEN, GREY = "#2f7fb8", "#d1720c", "#0f8f6b", "#8a8f98"
HEAT = ["#fdebd0", "#f8c287", "#ea8a4c", "#c4502f", "#7f2318"]
COLD = ["#e3eef6", "#b3d1e6", "#77abcf", "#3d7fb0", "#174f7c"]
INK = "#22262c"
NOT_MEASURED = "#e4e6ea"
TILE_PX = 82

LOCALES = {
    "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"]},
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
        "titleColor": INK,
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
        "orient": "bottom",
        "labelLimit": 290,
        "titleLimit": 320,
    },
    "title": {"anchor": "start", "fontSize": 17, "subtitleFontSize": 12, "offset": 14, "color": INK},
}


def _spec(**parts: Any) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": CONFIG,
        "data": {"name": "main"},
        **parts,
    }


def _quantity(field: str, axis: Text, language: str, *, zero: bool, digits: int = 0) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": axis.to(language),
        "scale": {"zero": zero, "nice": True},
        "axis": {"format": f",.{digits}f", "tickCount": 5, "titleLimit": 330},
    }


def _tooltip(*fields: tuple[str, Text, str | None], language: str) -> list[Spec]:
    return [
        {"field": field, "title": label.to(language), **({"format": form, "type": "quantitative"} if form else {})}
        for field, label, form in fields
    ]


def _estimate_tooltip(field: str, digits: int, language: str, *names: tuple[str, Text]) -> list[Spec]:
    number = f",.{digits}f"
    return _tooltip(
        *((name, label, None) for name, label in names),
        (field, Text("Valeur", "Value"), number),
        (f"{field}_ci95_low", Text("IC 95 %, bas", "95% CI, low"), number),
        (f"{field}_ci95_high", Text("IC 95 %, haut", "95% CI, high"), number),
        language=language,
    )


QUOTABLE = "(datum.fit_status === 'qualified' || datum.fit_status === 'degraded')"


def tile_map(measure: Measure, language: str) -> Spec:
    """A tile a region: colour and number say the value, a second line half the width of its interval."""
    digits = f",.{measure.digits}f"
    words = {
        "insufficient_data": Text("non publiée", "not published").to(language),
        "not_identified": Text("non identifiée", "not identified").to(language),
    }
    columns, rows = (max(place[axis] for place in PLACES.values()) + 1 for axis in (0, 1))
    gap = {"paddingInner": 0.04, "paddingOuter": 0}
    place = {
        "x": {"field": "_column", "type": "ordinal", "axis": None, "scale": gap | {"domain": list(range(columns))}},
        "y": {"field": "_row", "type": "ordinal", "axis": None, "scale": gap | {"domain": list(range(rows))}},
    }
    ramp = COLD if measure.name == "cooling" else HEAT
    # Text turns white where the tile is dark: the upper three fifths of the values shown.
    dark = f"{QUOTABLE} && datum.measure_value > datum.lightest + (datum.darkest - datum.lightest) * 0.6"
    ink = {"condition": {"test": dark, "value": "white"}, "value": INK}

    tooltip = _tooltip(
        ("territory_label_fr", Text("Région", "Region"), None),
        ("value_text", measure.label, None),
        ("interval_text", Text("Intervalle à 95 %", "95% interval"), None),
        language=language,
    )

    def words_at(text: Spec, size: int, offset: int, weight: str = "normal", **more: Any) -> Spec:
        return {
            "mark": {"type": "text", "fontSize": size, "fontWeight": weight, "dy": offset, **more},
            "encoding": {"text": text, "color": ink},
        }

    return _spec(
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
            {
                "calculate": f"{QUOTABLE} ? format(datum.measure_value, '{digits}') : ''",
                "as": "value_text",
            },
            {
                "calculate": f"{QUOTABLE} ? '± ' + format("
                f"(datum.measure_value_ci95_high - datum.measure_value_ci95_low) / 2, '{digits}')"
                f" : datum.fit_status === 'insufficient_data' ? '{words['insufficient_data']}'"
                f" : '{words['not_identified']}'",
                "as": "interval_text",
            },
            {"calculate": "'#/region/' + datum.territory_code", "as": "address"},
        ],
        encoding=place,
        layer=[
            {
                "mark": {"type": "rect", "cornerRadius": 3, "cursor": "pointer", "color": NOT_MEASURED},
                "transform": [{"filter": f"!{QUOTABLE}"}],
                "encoding": {"href": {"field": "address"}, "tooltip": tooltip},
            },
            {
                "mark": {"type": "rect", "cornerRadius": 3, "cursor": "pointer"},
                "transform": [{"filter": QUOTABLE}],
                "encoding": {
                    "color": {
                        "field": "shown",
                        "type": "quantitative",
                        "title": measure.axis.to(language),
                        "scale": {"range": ramp, "zero": False},
                        "legend": {"format": digits, "gradientLength": 220, "gradientThickness": 10, "tickCount": 4},
                    },
                    "href": {"field": "address"},
                    "tooltip": tooltip,
                },
            },
            words_at({"field": "_lines"}, 10, -29, baseline="top", lineHeight=11, tooltip=None),
            words_at({"field": "value_text"}, 19, 11, "bold", tooltip=None),
            words_at({"field": "interval_text"}, 10, 30, tooltip=None),
        ],
    )  # fmt: skip


def _interval_rows(field: str, axis: Text, digits: int, language: str, status: str, *, zero_rule: bool = False) -> Spec:
    """Dots with intervals, one row a territory, largest first, each row written as name and value."""
    # The title ends where the axis does: on a phone it is longer than the axis.
    at_end = {"titleAnchor": "end", "titleAlign": "right"}
    estimate = _quantity(field, axis, language, zero=True, digits=digits)
    estimate["axis"] |= at_end | ({"format": "+,.0f"} if zero_rule else {})
    number = f",.{digits}f"
    room = {"left": 2, "top": 5, "right": 34, "bottom": 5}  # for the values beyond the longest interval
    y = {
        "field": "territory_label_fr",
        "type": "ordinal",
        "sort": {"field": field, "order": "ascending" if zero_rule else "descending"},
        "title": None,
        "axis": {"labelLimit": 170, "domain": False, "ticks": False, "labelPadding": 8},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 3, "color": BLUE, "opacity": 0.55},
            "encoding": {"x": estimate | {"field": f"{field}_ci95_low"}, "x2": {"field": f"{field}_ci95_high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 75, "color": BLUE, "opacity": 1},
            "encoding": {
                "x": estimate,
                "tooltip": _estimate_tooltip(
                    field, max(digits, 1), language, ("territory_label_fr", Text("Région", "Region"))
                ),
                **(
                    {
                        "shape": {
                            "condition": {"test": f"datum.{status} === 'degraded'", "value": "diamond"},
                            "value": "circle",
                        }
                    }
                    if status
                    else {}
                ),
            },
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "color": INK, "tooltip": None},
            "encoding": {
                "x": estimate | {"field": f"{field}_ci95_high"},
                "text": {"field": field, "type": "quantitative", "format": f"+{number}" if zero_rule else number},
            },
        },
    ]
    if zero_rule:
        layers.insert(
            0,
            {"mark": {"type": "rule", "color": GREY, "strokeDash": [4, 3]}, "encoding": {"x": {"datum": 0}, "y": None}},
        )
        return _spec(height={"step": 30}, padding=room, encoding={"y": y}, layer=layers)
    return _spec(
        height={"step": 30},
        padding=room,
        transform=[{"filter": f"datum.{status} === 'qualified' || datum.{status} === 'degraded'"}],
        encoding={"y": y},
        layer=layers,
    )


def ranking(measure: Measure, language: str) -> Spec:
    """Regions from highest to lowest with their intervals."""
    return _interval_rows("measure_value", measure.axis, measure.digits, language, "fit_status")


def change(language: str) -> Spec:
    """Change of each territory's sensitivity in %, with intervals, largest fall first."""
    return _interval_rows(
        "heating_slope_change_pct",
        Text("Évolution de la sensibilité, %", "Change of the sensitivity, %"),
        1,
        language,
        "",
        zero_rule=True,
    )


def days(language: str) -> Spec:
    """A point a day, load against temperature, with the fitted line and its band."""
    kinds = list(texts.DAY_KINDS)
    labels = " : ".join(f"datum.value === '{kind}' ? '{texts.DAY_KINDS[kind].to(language)}'" for kind in kinds)
    x = {
        "field": "temperature_smoothed_c",
        "type": "quantitative",
        "title": Text("Température lissée du jour, °C", "Smoothed temperature of the day, °C").to(language),
        "scale": {"zero": False, "nice": False, "padding": 6},
    }
    load = Text("Consommation moyenne du jour, MW", "Mean consumption of the day, MW")
    y = _quantity("load_mean_mw", load, language, zero=False)
    legend = {
        "labelExpr": f"{labels} : datum.value",
        "title": None,
        "columns": {"expr": "width < 420 ? 1 : 3"},
        "symbolOpacity": 1,
    }
    return _spec(
        height=380,
        layer=[
            {
                "mark": {"type": "point", "filled": True, "opacity": 0.45, "size": 16},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {
                        "field": "day_kind",
                        "type": "nominal",
                        "scale": {"domain": kinds, "range": [BLUE, GREEN, ORANGE]},
                        "legend": legend,
                    },
                    "shape": {
                        "field": "day_kind",
                        "type": "nominal",
                        "scale": {"domain": kinds, "range": ["circle", "triangle-up", "square"]},
                        "legend": legend,
                    },
                    "tooltip": _tooltip(
                        ("date_day", Text("Jour", "Day"), None),
                        ("temperature_smoothed_c", Text("Température, °C", "Temperature, °C"), ",.1f"),
                        ("load_mean_mw", Text("Consommation, MW", "Consumption, MW"), ",.0f"),
                        language=language,
                    ),
                },
            },
            {
                "data": {"name": "line"},
                "mark": {"type": "area", "color": "#c0143c", "opacity": 0.25, "tooltip": None},
                "encoding": {
                    "x": x,
                    "y": y | {"field": "load_fitted_mw_ci95_low"},
                    "y2": {"field": "load_fitted_mw_ci95_high"},
                },
            },
            {
                "data": {"name": "line"},
                "mark": {"type": "line", "color": "#c0143c", "strokeWidth": 2.5, "tooltip": None},
                "encoding": {"x": x, "y": y | {"field": "load_fitted_mw"}},
            },
        ],
    )


def hours(language: str) -> Spec:
    """The factor of each hour on the day's sensitivity, with its band."""
    axis = Text("Facteur (1 = moyenne du jour)", "Factor (1 = mean of the day)")
    x = {
        "field": "hour_of_day",
        "type": "quantitative",
        "title": Text("Heure locale", "Local hour").to(language),
        "scale": {"domain": [0, 23], "nice": False},
        "axis": {"values": [0, 3, 6, 9, 12, 15, 18, 21], "labelExpr": "datum.value + ' h'", "grid": False},
    }
    y = _quantity("heating_hour_factor", axis, language, zero=False, digits=2)
    return _spec(
        height=260,
        layer=[
            {"mark": {"type": "rule", "color": GREY, "strokeDash": [4, 3]}, "encoding": {"y": {"datum": 1}}},
            {
                "mark": {"type": "area", "color": BLUE, "opacity": 0.25},
                "encoding": {
                    "x": x,
                    "y": y | {"field": "heating_hour_factor_ci95_low"},
                    "y2": {"field": "heating_hour_factor_ci95_high"},
                },
            },
            {
                "mark": {"type": "line", "color": BLUE, "point": {"size": 28, "filled": True}},
                "encoding": {
                    "x": x,
                    "y": y,
                    "tooltip": _estimate_tooltip(
                        "heating_hour_factor", 2, language, ("hour_of_day", Text("Heure", "Hour"))
                    ),
                },
            },
        ],
    )


def seasons(language: str) -> Spec:
    """The sensitivity of each season that may be quoted, with its interval; hollow where fragile."""
    y = _quantity("heating_slope_mw_per_c", Text("MW/°C", "MW/°C"), language, zero=True)
    x = {
        "field": "_season",
        "type": "ordinal",
        "title": Text("Saison, de juillet à juin", "Season, July to June").to(language),
        "axis": {"labelAngle": 0, "labelExpr": "[slice(datum.label, 0, 4), slice(datum.label, 4)]"},
    }
    statuses = ["qualified", "degraded"]
    names = f"datum.value === 'qualified' ? '{texts.STATUSES['qualified'].to(language)}' :" + (
        f" '{texts.STATUSES['degraded'].to(language)}'"
    )
    legend = {"labelExpr": names, "title": None}
    domain = {"domain": statuses}
    return _spec(
        height=260,
        transform=[
            {"filter": "datum.heating_fit_status === 'qualified' || datum.heating_fit_status === 'degraded'"},
            {"joinaggregate": [{"op": "count", "as": "seasons_count"}]},
        ],
        encoding={"x": x},
        layer=[
            {
                "mark": {"type": "rule", "strokeWidth": 3, "color": BLUE, "opacity": 0.55},
                "encoding": {
                    "y": y | {"field": "heating_slope_mw_per_c_ci95_low"},
                    "y2": {"field": "heating_slope_mw_per_c_ci95_high"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {
                    "y": y,
                    "shape": {
                        "field": "heating_fit_status",
                        "type": "nominal",
                        "scale": domain | {"range": ["circle", "diamond"]},
                        "legend": legend,
                    },
                    "color": {
                        "field": "heating_fit_status",
                        "type": "nominal",
                        "scale": domain | {"range": [BLUE, ORANGE]},
                        "legend": legend,
                    },
                    "tooltip": _estimate_tooltip(
                        "heating_slope_mw_per_c", 1, language, ("_season", Text("Saison", "Season"))
                    ),
                },
            },
            {
                "mark": {"type": "text", "dy": -9, "fontSize": 12, "color": INK, "tooltip": None},
                "encoding": {
                    "y": y | {"field": "heating_slope_mw_per_c_ci95_high"},
                    "text": {
                        # Where ten seasons stand on a phone, values would overlap: the table has them.
                        "condition": {"test": "width < 40 * datum.seasons_count", "value": ""},
                        "field": "heating_slope_mw_per_c",
                        "type": "quantitative",
                        "format": ",.0f",
                    },
                },
            },
        ],
    )


def energy(language: str) -> Spec:
    """Yearly energy computed against published, a dot a year, a row a territory."""
    axis = Text("Écart au total publié, %", "Difference from the published total, %")
    x = _quantity("energy_difference_pct", axis, language, zero=True, digits=1)
    x["axis"] |= {"titleAnchor": "end", "titleAlign": "right"}
    return _spec(
        height={"step": 26},
        encoding={
            "y": {
                "field": "territory_label_fr",
                "type": "ordinal",
                "sort": None,
                "title": None,
                "axis": {"labelLimit": 170, "domain": False, "ticks": False, "grid": True, "labelPadding": 8},
            }
        },
        layer=[
            {"mark": {"type": "rule", "color": GREY, "strokeWidth": 1.5}, "encoding": {"x": {"datum": 0}, "y": None}},
            {
                "mark": {"type": "point", "size": 60, "filled": True, "opacity": 0.9},
                "encoding": {
                    "x": x,
                    "color": {
                        "field": "calendar_year",
                        "type": "ordinal",
                        "title": None,
                        "scale": {"scheme": {"name": "blues", "extent": [0.3, 0.95]}},
                        "legend": {"columns": 2},
                    },
                    "tooltip": _tooltip(
                        ("territory_label_fr", Text("Territoire", "Territory"), None),
                        ("calendar_year", Text("Année", "Year"), None),
                        ("energy_difference_pct", Text("Écart, %", "Difference, %"), "+,.2f"),
                        language=language,
                    ),
                },
            },
        ],
    )


def exclusions(language: str) -> Spec:
    """Half-hours left out by year, stacked by reason."""
    label = f"_{language}"
    return _spec(
        height=240,
        mark={"type": "bar", "size": 34},
        encoding={
            "x": {
                "field": "calendar_year",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": 0},
            },
            "y": _quantity(
                "affected_count",
                Text("Demi-heures écartées, toutes régions", "Half-hours left out, all regions"),
                language,
                zero=True,
            ),
            "color": {
                "field": label,
                "type": "nominal",
                "title": None,
                "scale": {"range": [BLUE, ORANGE, GREEN, "#b65aa5", GREY, "#c9a400"]},
                "legend": {"columns": 1, "symbolType": "square"},
            },
            "tooltip": _tooltip(
                (label, Text("Motif", "Reason"), None),
                ("calendar_year", Text("Année", "Year"), None),
                ("affected_count", Text("Demi-heures", "Half-hours"), ",.0f"),
                language=language,
            ),
        },
    )


KINDS: dict[str, Callable[[str], Spec]] = {
    "days": days,
    "hours": hours,
    "seasons": seasons,
    "change": change,
    "energy": energy,
    "exclusions": exclusions,
}


def specification(kind: str, language: str) -> Spec:
    """The specification of a kind of chart; maps and rankings carry the name of their measure after a hyphen."""
    if kind in KINDS:
        return KINDS[kind](language)
    drawing, name = kind.split("-", 1)
    measure = next(measure for measure in MEASURES if measure.name == name)
    return {"map": tile_map, "rank": ranking}[drawing](measure, language)


def specifications(kinds: set[str]) -> dict[str, dict[str, Spec]]:
    """Each kind in each language."""
    return {kind: {language: specification(kind, language) for language in LANGUAGES} for kind in sorted(kinds)}
