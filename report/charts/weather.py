"""Charts of what cold weather makes of consumption."""

from report.charts.consumption import TWH
from report.charts.drawing import BLUE, GREY, INK, RED, SOFT, Spec, by_span, spec, tooltip, upward, words
from report.figures import Text
from report.numbers import DASH

YEAR = ("period_year", Text("Année", "Year"), None)


def _years() -> Spec:
    return {"field": "period_year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0, "ticks": False}}


def corrected(language: str) -> Spec:
    """Energy of each year as it was, and at normal temperature; years that stand out are named."""
    y = upward("_normal_twh", TWH, language, zero=False)
    y["scale"]["padding"] = 26  # what stands out is named above the lines
    measured = y | {"field": "_energy_twh"}
    hint = tooltip(
        YEAR,
        ("_energy_twh", Text("Consommés, TWh", "Used, TWh"), ",.1f"),
        ("_normal_twh", Text("À température normale, TWh", "At normal temperature, TWh"), ",.1f"),
        ("change_text", Text("Évolution hors effet du temps, %", "Change without weather, %"), None),
        language=language,
    )
    change = "energy_change_without_weather_pct"
    y["axis"] |= by_span("y")  # regions differ by tenths of a TWh
    # Below the line where it goes up from here; at its end, on the side where the other line is not.
    value = words({"field": "value_text"}, weight="bold", colour=BLUE, align="left", dx=5)
    value["mark"]["dy"] = {
        "expr": "datum._normal_twh < (isValid(datum.next) ? datum.next : datum._energy_twh) ? 13 : -8"
    }
    value["encoding"]["y"] = y
    event = words({"field": f"_{language}"}, size=11, colour=SOFT)
    event["encoding"]["y"] = {"value": 8}
    event["transform"] = [{"filter": f"datum._{language} !== null"}]
    return spec(
        height=260,
        padding={"left": 2, "top": 5, "right": 30, "bottom": 5},
        transform=[
            {"calculate": "format(datum._normal_twh, datum._normal_twh < 100 ? ',.1f' : ',.0f')", "as": "value_text"},
            {"calculate": f"isValid(datum.{change}) ? format(datum.{change}, '+,.2f') : '{DASH}'", "as": "change_text"},
            {"window": [{"op": "lead", "field": "_normal_twh", "as": "next"}], "sort": [{"field": "period_year"}]},
        ],
        encoding={"x": _years()},
        layer=[
            {
                "mark": {"type": "line", "color": GREY, "strokeDash": [4, 3], "point": {"size": 30, "color": GREY}},
                "encoding": {"y": measured, "tooltip": hint},
            },
            {
                "mark": {"type": "line", "color": BLUE, "strokeWidth": 3, "point": {"size": 50, "color": BLUE}},
                "encoding": {"y": y, "tooltip": hint},
            },
            event,
            value,
        ],
    )


def _bars(field: str, value: str, hint: list[Spec], *, stacked_on: str | None = None) -> Spec:
    """A bar a year with its value on it; the rest of what it is a part of stands above, in grey."""
    y = {"field": field, "type": "quantitative", "axis": None}
    bar = {"type": "bar", "width": {"band": 0.7}}
    text = words({"field": "value_text"}, dy=9 if stacked_on else -8, colour="white" if stacked_on else INK)
    text["encoding"]["y"] = y
    whole: list[Spec] = []
    if stacked_on:
        total = {"field": stacked_on, "type": "quantitative", "axis": None}
        above = words({"field": stacked_on, "type": "quantitative", "format": ",.0f"}, dy=-8, size=11)
        above["encoding"]["y"] = total
        whole = [{"mark": bar | {"color": "#c6cad1"}, "encoding": {"y": total, "tooltip": hint}}, above]
    return spec(
        height=240,
        transform=[{"calculate": value, "as": "value_text"}],
        encoding={"x": _years()},
        layer=[*whole, {"mark": bar | {"color": RED}, "encoding": {"y": y, "tooltip": hint}}, text],
    )


def january(language: str) -> Spec:
    """The peak of each January, and the part of heating in it."""
    field = "heating_at_peak_mw"
    hint = tooltip(
        YEAR,
        (field, Text("Chauffage, MW", "Heating, MW"), ",.0f"),
        ("load_peak_mw", Text("Pointe, MW", "Peak, MW"), ",.0f"),
        language=language,
    )
    sign = " + '\u00a0%'" if language == "fr" else " + '%'"
    return _bars(field, "format(100 * datum.heating_share_of_peak, '.0f')" + sign, hint, stacked_on="load_peak_mw")


def coldest(language: str) -> Spec:
    """What heating added on the coldest day of each year."""
    field = "coldest_day_extra_load_mw"
    hint = tooltip(
        (f"_day_{language}", Text("Jour", "Day"), None),
        (field, Text("MW de plus", "MW more"), ",.0f"),
        language=language,
    )
    return _bars(field, f"format(datum.{field}, ',.0f')", hint)
