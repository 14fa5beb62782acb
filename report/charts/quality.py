"""The chart of our totals against the published ones."""

from report.charts.drawing import BLUE, GREY, MARK_DY, ROW_PX, Spec, across, row_names, spec, tooltip, zero_line
from report.figures import Text


def energy(language: str) -> Spec:
    """Yearly energy computed against published, a dot a year, a row a territory; the latest year stands out."""
    axis = Text("Écart au total publié, %", "Difference from the published total, %")
    x = across("energy_difference_pct", axis, language, zero=True, digits=1)
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
            row_names(),
        ],
    )
