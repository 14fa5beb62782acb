"""How it was computed, in plain words; needs no mart, so it is always there."""

from dataelec.warehouse import Warehouse
from report import sensitivity
from report.figures import Dataset, Drawing, Figure, Sheet, TableColumn, Text, sentence
from report.views.base import COUNTRY, Panel, View, drawn

THRESHOLDS = (
    TableColumn("heating_balance_point_c", Text("Seuil de chauffage (°C)", "Heating threshold (°C)"), 1),
    TableColumn("heating_slope_mw_per_c", Text("Sensibilité (MW/°C)", "Sensitivity (MW/°C)"), 1),
    *sensitivity.TRUST,
)


def _thresholds(warehouse: Warehouse, code: str) -> Drawing:
    published = {row["territory_code"]: row for row in sensitivity.territories(warehouse) if sensitivity.quotable(row)}
    rows = [
        {column.name: published[code][column.name] for column in sensitivity.TRUST}
        | {"heating_balance_point_c": float(row["bin_code"]), "heating_slope_mw_per_c": row["heating_slope_mw_per_c"]}
        for row in sensitivity.by_choice(warehouse)
        if code in published and row["territory_code"] == code and row["diagnostic_code"] == sensitivity.BALANCE_POINTS
    ]
    if len(rows) < 2:
        return Drawing()
    rows.sort(key=lambda row: float(row["heating_balance_point_c"]))
    first, last = rows[0], rows[-1]
    title = sentence(
        "Avec un seuil de {low_c} °C, {low} MW par degré en France ; de {high_c} °C, {high}",
        "With a threshold of {low_c} °C, {low} MW per degree in France; of {high_c} °C, {high}",
        low_c=(first["heating_balance_point_c"], 0),
        low=(first["heating_slope_mw_per_c"], 0),
        high_c=(last["heating_balance_point_c"], 0),
        high=(last["heating_slope_mw_per_c"], 0),
    )
    how = sentence(
        "Somme des douze régions, climatisation au-dessus de {cooling} °C. Plein : le seuil retenu, {heating} °C.",
        "Sum of the twelve regions, cooling above {cooling} °C. Full dot: the threshold used, {heating} °C.",
        cooling=(sensitivity.COOLING_ABOVE_C, 0),
        heating=(sensitivity.HEATING_BELOW_C, 0),
    )
    return Drawing(
        [Dataset("thresholds", THRESHOLDS, ("heating_balance_point_c",), rows)],
        [Figure("thresholds", "thresholds", title, how, {"main": "thresholds"})],
    )


PANEL = Panel(
    "thresholds",
    Text("Ce que fait le seuil", "What the threshold does"),
    {**sensitivity.NEEDS, **sensitivity.CHOICES},
    _thresholds,
)


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen of text, and what the threshold does."""
    drawing = drawn((PANEL,), warehouse, COUNTRY)
    return [Sheet("method", VIEW.title, {"figures": drawing.figures}, drawing.datasets)]


VIEW = View("method", Text("Méthode", "Method"), "method.html", {}, sheets, panels=(PANEL,))
