"""The answer first: how many MW each °C adds, where, and how surely."""

from collections.abc import Sequence

from report import sensitivity, tiles
from report.figures import Column, Dataset, Figure, Sheet, Text
from report.sensitivity import MEASURES, Measure
from report.views.base import View
from report.warehouse import Row, Warehouse

COLUMNS = (
    sensitivity.CODE,
    Column("territory_label_fr", Text("Région", "Region")),
    Column("measure_value", Text("Valeur", "Value"), 1),
    Column("measure_value_ci95_low", Text("IC 95 %, bas", "95% CI, low"), 1),
    Column("measure_value_ci95_high", Text("IC 95 %, haut", "95% CI, high"), 1),
    Column("fit_status", Text("Statut", "Status")),
)


def dataset_name(measure: Measure) -> str:
    """The name of the dataset behind the map and the ranking of a measure."""
    return f"regions-{measure.name}"


def figures(measures: Sequence[Measure]) -> list[Figure]:
    """The map and the ranking of each measure, map first."""
    return [
        Figure(
            f"{kind}-{measure.name}",
            f"{kind}-{measure.name}",
            title,
            describe,
            {"main": dataset_name(measure)},
        )
        for measure in measures
        for kind, title, describe in (
            (
                "map",
                measure.axis,
                Text(
                    "Carte en tuiles, une par région, la couleur dit la valeur.",
                    "Tile map, one tile a region, the colour tells the value.",
                ),
            ),
            (
                "rank",
                Text(f"Classement : {measure.axis.fr}", f"Ranking: {measure.axis.en}"),
                Text(
                    "Régions rangées de la plus forte à la plus faible, avec l'intervalle à 95 %.",
                    "Regions from highest to lowest, with the 95% interval.",
                ),
            ),
        )
    ]


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: the sentence, the map and the ranking for each measure that the mart has."""
    measures = sensitivity.available_measures(warehouse)
    rows = tiles.placed(sensitivity.measured(warehouse, measures))
    country = _country(sensitivity.territories(warehouse))
    if not rows and country is None:
        return []
    names = {measure.name: measure for measure in MEASURES}
    datasets = [
        Dataset(
            dataset_name(names[name]),
            COLUMNS,
            ("territory_code",),
            [row for row in rows if row["measure_code"] == name],
        )
        for name in [measure.name for measure in measures]
    ]
    top = [row for row in sensitivity.territories(warehouse) if row["territory_level_code"] == "region"][:3]
    return [
        Sheet(
            "",
            VIEW.title,
            {
                "country": country,
                "others": [
                    (specification, _country(sensitivity.territories(warehouse, specification)))
                    for specification in ("free", "lower_bound")
                ],
                "top": [row for row in top if sensitivity.quotable(row)],
                "measures": measures,
                "figures": figures(measures),
            },
            datasets,
        )
    ]


def _country(rows: Sequence[Row]) -> Row | None:
    """The row of France where it has a value that may be quoted."""
    return next((row for row in rows if row["territory_level_code"] == "country" and sensitivity.quotable(row)), None)


VIEW = View("answer", Text("L'essentiel", "Key figures"), "answer.html", sensitivity.NEEDS, sheets)
