"""The chart of our totals against the published ones."""

from report.charts.drawing import (
    BLUE,
    GREY,
    MARK_DY,
    ROW_PX,
    Spec,
    across,
    by_span,
    row_names,
    spec,
    tooltip,
    zero_line,
)
from report.figures import Text


def energy(language: str) -> Spec:
    """Yearly energy computed against published, a dot a year, a row a territory; the latest year stands out."""
    axis = Text("Écart au total publié, %", "Difference from the published total, %")
    x = across("energy_difference_pct", axis, language, zero=True)
    x["axis"] |= by_span("x")
    # Once a territory: written over itself for each year a name is as if in bold.
    names = row_names()
    names["transform"] = [
        {"window": [{"op": "row_number", "as": "place"}], "groupby": ["territory_label_fr"]},
        {"filter": "datum.place === 1"},
    ]
    latest = "datum.calendar_year === datum.latest_year"
    labels = Text("dernière année", "latest year"), Text("années d'avant", "years before")
    return spec(
        height={"step": ROW_PX - 6},
        transform=[
            {"joinaggregate": [{"op": "max", "field": "calendar_year", "as": "latest_year"}]},
            {"calculate": f"{latest} ? '{labels[0].to(language)}' : \"{labels[1].to(language)}\"", "as": "age"},
        ],
        encoding={"y": {"field": "territory_label_fr", "type": "ordinal", "sort": None, "title": None, "axis": None}},
        layer=[
            zero_line(),
            {
                "mark": {"type": "point", "size": 70, "filled": True, "opacity": 0.85, "yOffset": MARK_DY},
                "encoding": {
                    "x": x,
                    "color": {
                        "field": "age",
                        "type": "nominal",
                        "title": None,
                        "scale": {"domain": [label.to(language) for label in labels], "range": [BLUE, GREY]},
                    },
                    "order": {"field": "calendar_year"},
                    "tooltip": tooltip(
                        ("territory_label_fr", Text("Territoire", "Territory"), None),
                        ("calendar_year", Text("Année", "Year"), None),
                        ("energy_difference_pct", Text("Écart, %", "Difference, %"), "+,.2f"),
                        language=language,
                    ),
                },
            },
            names,
        ],
    )
