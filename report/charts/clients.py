"""Charts of who consumes: sectors over the years, territories of one sector and year."""

from collections.abc import Sequence

from report.charts.drawing import (
    BLUE,
    CLIENT_TYPE_COLOUR,
    COLD,
    GREEN,
    GREY,
    INK,
    MARK_DY,
    NOT_MEASURED,
    ORANGE,
    PLACE_PX,
    PURPLE,
    ROW_PX,
    Spec,
    legend_labels,
    literal,
    row_names,
    rows_by,
    spec,
    tooltip,
    upward,
    words,
)
from report.figures import Text
from report.labels import Labels
from report.sensitivity import ENEDIS_CLIENT_TYPES
from report.tiles import DEPARTEMENTS

TWH = Text("TWh par an", "TWh per year")
TWH_A_MONTH = Text("TWh par mois", "TWh per month")
YEAR = ("period_year", Text("Année", "Year"), None)
SECTOR_COLOURS = {
    "residential": BLUE,
    "tertiary": ORANGE,
    "industry": PURPLE,
    "agriculture": GREEN,
    "unknown": GREY,
}


def clients(language: str, labels: Labels) -> Spec:
    """A line a sector, broken where the sectors were redefined."""
    colour = {
        "field": "client_type_code",
        "type": "nominal",
        "scale": {"domain": list(SECTOR_COLOURS), "range": list(SECTOR_COLOURS.values())},
        # Sectors lie too close to each other for names on the lines.
        "legend": {
            "labelExpr": legend_labels(labels, "client_type_code", SECTOR_COLOURS, language),
            "title": None,
            "orient": "bottom",
            "columns": {"expr": f"{PLACE_PX} < 460 ? 1 : {PLACE_PX} < 740 ? 2 : 5"},
        },
    }
    x = {
        "field": "period_year",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False, "nice": False, "padding": 8},
        "axis": {"format": "d", "grid": False, "tickMinStep": 1, "tickCount": {"expr": "ceil(width / 60)"}},
    }
    y = upward("_energy_twh", TWH, language, zero=True)
    y["axis"]["format"] = ",.2~f"
    return spec(
        height=320,
        transform=[{"filter": "datum._energy_twh !== null"}],
        layer=[
            {
                "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 34, "filled": True}},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": colour,
                    "detail": {"field": "_segment"},
                    "tooltip": tooltip(
                        (f"_{language}", Text("Clients", "Clients"), None),
                        YEAR,
                        ("_energy_twh", TWH, ",.2f"),
                        language=language,
                    ),
                },
            },
        ],
    )


def category_months(language: str, labels: Labels) -> Spec:
    """A line for each client type of Enedis, month after month, its name at its end."""
    x = {
        "field": "month",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%Y", "tickCount": "year", "domain": False, "labelSeparation": 6},
    }
    y = upward("energy_twh", TWH_A_MONTH, language, zero=True)
    y["axis"]["format"] = ",.2~f"
    names = {code: labels.of("client_type_code", code).to(language) for code in ENEDIS_CLIENT_TYPES}
    # In two lines at the end of the line: on a phone there is room for one word.
    broken = {code: name.replace(" (", "\n(") for code, name in names.items()}
    name = words({"field": "broken_name"}, align="left", dx=8, weight="bold")
    name["transform"] = [{"filter": "datum._name_mwh !== null"}]
    name["encoding"] |= {"x": x, "y": y | {"field": "name_twh"}, "color": CLIENT_TYPE_COLOUR}
    return spec(
        height=300,
        transform=[
            {"filter": "datum.energy_mwh !== null"},
            {"calculate": "datetime(datum.period_year, datum.period_of_year_code - 1, 1)", "as": "month"},
            {"calculate": "datum.energy_mwh / 1e6", "as": "energy_twh"},
            {"calculate": "datum._name_mwh / 1e6", "as": "name_twh"},
            {"calculate": f"{literal(names)}[datum.client_type_code]", "as": "name"},
            {"calculate": f"{literal(broken)}[datum.client_type_code]", "as": "broken_name"},
        ],
        layer=[
            {
                "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 18, "filled": True}},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": CLIENT_TYPE_COLOUR,
                    "detail": {"field": "_segment"},
                    "tooltip": tooltip(
                        ("name", Text("Clients", "Clients"), None),
                        YEAR,
                        ("period_of_year_code", Text("Mois", "Month"), None),
                        ("energy_twh", TWH_A_MONTH, ",.2f"),
                        language=language,
                    ),
                },
            },
            name,
        ],
    )


def client_ranking(language: str) -> Spec:
    """Energy of the chosen clients and year by region, largest first."""
    field = "_energy_twh"
    x = {"field": field, "type": "quantitative", "axis": None}
    value = words({"field": "value_text"}, align="left", dx=6, dy=MARK_DY + 1)
    value["encoding"]["x"] = x
    return spec(
        height={"step": ROW_PX},
        padding={"left": 2, "top": 5, "right": 44, "bottom": 5},
        transform=[
            {"filter": f"datum.{field} !== null"},
            {"calculate": f"format(datum.{field}, datum.{field} < 1 ? ',.2f' : ',.1f')", "as": "value_text"},
        ],
        encoding={"y": rows_by(field, "descending")},
        layer=[
            {
                "mark": {"type": "bar", "color": BLUE, "cornerRadiusEnd": 2, "height": 12, "yOffset": MARK_DY},
                "encoding": {
                    "x": x,
                    "tooltip": tooltip(
                        ("territory_label_fr", Text("Région", "Region"), None),
                        YEAR,
                        (field, TWH, ",.2f"),
                        ("energy_per_inhabitant_kwh", Text("kWh par habitant", "kWh per inhabitant"), ",.0f"),
                        language=language,
                    ),
                },
            },
            value,
            row_names(),
        ],
    )


def departements(language: str) -> Spec:
    """A tile a département: its code, and the energy per inhabitant as its colour."""
    return departement_tiles(
        "energy_per_inhabitant_kwh",
        Text("kWh par habitant", "kWh per inhabitant"),
        [("_energy_twh", Text("TWh", "TWh"), ",.2f")],
        language,
    )


def priority(language: str) -> Spec:
    """A tile a département: its code, and the priority of insulating its homes as its colour."""
    return departement_tiles(
        "priority_score",
        Text("Priorité", "Priority"),
        [
            ("priority_rank", Text("Rang", "Rank"), ",.1~f"),
            ("priority_rank_ci90_low", Text("Rang, de", "Rank, from"), ",.0f"),
            ("priority_rank_ci90_high", Text("à", "to"), ",.0f"),
        ],
        language,
    )


def departement_tiles(field: str, label: Text, hints: Sequence[tuple[str, Text, str | None]], language: str) -> Spec:
    """A tile a département: its code, and a measure as its colour; hints are more fields of the tooltip."""
    columns, rows = (max(place[axis] for place in DEPARTEMENTS.values()) + 1 for axis in (0, 1))
    gap = {"paddingInner": 0.06, "paddingOuter": 0}
    place = {
        "x": {"field": "_column", "type": "ordinal", "axis": None, "scale": gap | {"domain": list(range(columns))}},
        "y": {"field": "_row", "type": "ordinal", "axis": None, "scale": gap | {"domain": list(range(rows))}},
    }
    hint = tooltip(
        ("territory_label_fr", Text("Département", "Département"), None),
        (field, label, ",.3~r"),
        *hints,
        language=language,
    )
    code = words({"field": "territory_code"}, size=10.5)
    # Few départements with one big plant would leave all others pale: the colour stops at the ninth decile.
    code["encoding"]["color"] = {"condition": {"test": f"datum.{field} > datum.ceiling * 0.72", "value": "white"}}
    code["encoding"]["color"]["value"] = INK
    return spec(
        height=rows * 38,
        transform=[
            {
                "joinaggregate": [
                    {"op": "q3", "field": field, "as": "q3"},
                    {"op": "q1", "field": field, "as": "q1"},
                    {"op": "min", "field": field, "as": "least"},
                ]
            },
            {"calculate": "datum.q3 + 1.5 * (datum.q3 - datum.q1)", "as": "ceiling"},
            {"calculate": f"min(datum.{field}, datum.ceiling)", "as": "shown"},
        ],
        encoding=place,
        layer=[
            {
                "mark": {"type": "rect", "cornerRadius": 3, "color": NOT_MEASURED},
                "transform": [{"filter": f"datum.{field} === null"}],
                "encoding": {"tooltip": hint},
            },
            {
                "mark": {"type": "rect", "cornerRadius": 3},
                "transform": [{"filter": f"datum.{field} !== null"}],
                "encoding": {
                    "color": {
                        "field": "shown",
                        "type": "quantitative",
                        "title": label.to(language),
                        "scale": {"range": COLD, "zero": False},
                        "legend": {"orient": "bottom", "gradientLength": 200, "gradientThickness": 10, "tickCount": 4},
                    },
                    "tooltip": hint,
                },
            },
            code,
        ],
    )
