"""Where insulating electrically heated homes helps most: départements on tiles, and the first communes."""

from collections.abc import Sequence

from dataelec.warehouse import Row, Warehouse
from report import outlines, tiles
from report.figures import Dataset, Figure, Sheet, TableColumn, Text, sentence
from report.views.base import View

MART = "analysis.insulation_priority"
FIRST_COMMUNES = 30
NEEDS = {
    MART: (
        "territory_level_code",
        "territory_code",
        "territory_label_fr",
        "client_type_code",
        "estimate_code",
        "loss_w_per_c_per_electric_dwelling",
        "efficiency_ratio",
        "heating_slope_mw_per_c",
        "priority_score",
        "priority_rank",
        "priority_rank_ci90_low",
        "priority_rank_ci90_high",
        "areas_ranked_count",
        "top_tenth_share",
        "priority_reason_codes",
        "priority_reason_fr",
        "priority_reason_en",
        "saving_pct",
        "peak_load_avoided_mw",
        "energy_avoided_gwh_per_year",
    )
}
COLUMNS = (
    TableColumn("territory_code", Text("Code", "Code")),
    TableColumn("territory_label_fr", Text("Département", "Département")),
    TableColumn("priority_score", Text("Priorité, de 0 à 1", "Priority, from 0 to 1"), 2),
    TableColumn("priority_rank", Text("Rang", "Rank"), 1),
    TableColumn("priority_rank_ci90_low", Text("Rang, de (90 %)", "Rank, from (90%)"), 0),
    TableColumn("priority_rank_ci90_high", Text("à", "to"), 0),
    TableColumn("areas_ranked_count", Text("sur", "of"), 0),
    TableColumn(
        "loss_w_per_c_per_electric_dwelling", Text("W/°C par logement électrique", "W/°C per electric dwelling"), 0
    ),
    TableColumn("efficiency_ratio", Text("Mesuré sur prédit", "Measured over predicted"), 2),
    TableColumn("heating_slope_mw_per_c", Text("MW/°C", "MW/°C"), 1),
    TableColumn("peak_load_avoided_mw", Text("MW évités à la pointe", "MW avoided at the peak"), 1),
    TableColumn("energy_avoided_gwh_per_year", Text("GWh évités par an", "GWh avoided a year"), 1),
    TableColumn("estimate_code", Text("Pente", "Slope")),
    TableColumn("priority_reason_codes", Text("Remarques", "Remarks")),
)
SOURCES = Text(
    "Enedis, INSEE, Météo-France, RTE ; calculs de cette page",
    "Enedis, INSEE, Météo-France, RTE; computed for this page",
)


def _rows(warehouse: Warehouse, level: str, most: int) -> list[Row]:
    return warehouse.rows(
        f"""
        select {", ".join(NEEDS[MART])}
        from {MART}
        where territory_level_code = ? and client_type_code = 'residential' and priority_rank is not null
        order by priority_rank, territory_code
        limit ?
        """,
        [level, most],
    )


def first_of(rows: Sequence[Row], of: Text | str = "") -> Text:
    """Who has the best rank and between what that lies; who comes first, where no other may come before."""
    first, *others = sorted(rows, key=lambda row: float(row["priority_rank"]))
    is_first = others and all(row["priority_rank_ci90_low"] > first["priority_rank_ci90_high"] for row in others)
    return sentence(
        "{name} vient en tête{of} : rang compris entre {low} et {high} sur {count}"
        if is_first
        else "{name} : rang compris entre {low} et {high} sur {count}, d'autres peuvent passer devant",
        "{name} comes first{of}: its rank lies between {low} and {high} of {count}"
        if is_first
        else "{name}: its rank lies between {low} and {high} of {count}, others may rank before it",
        name=first["territory_label_fr"],
        of=of,
        low=(first["priority_rank_ci90_low"], 0),
        high=(first["priority_rank_ci90_high"], 0),
        count=(first["areas_ranked_count"], 0),
    )


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: départements as tiles and table, the first communes with what their rank rests on."""
    departements = [
        row | {"_column": place[0], "_row": place[1]}
        for row in _rows(warehouse, "departement", len(tiles.DEPARTEMENTS))
        if (place := tiles.DEPARTEMENTS.get(row["territory_code"])) is not None
    ]
    _, shapes = outlines.read(warehouse)
    departements = [row | {"_outline": shapes.get(row["territory_code"])} for row in departements]
    communes = _rows(warehouse, "commune", FIRST_COMMUNES)
    if not departements:
        return []
    title = first_of(departements)
    figure = Figure(
        "insulation",
        "map_priority" if shapes else "priority",
        title,
        Text(
            "Priorité d'isolation des logements chauffés à l'électricité, par département.",
            "Priority of insulating electrically heated homes, by département.",
        ),
        {"main": "insulation"},
        sources=SOURCES,
    )
    return [
        Sheet(
            "insulation",
            VIEW.title,
            {"first": departements[0], "figures": [figure], "communes": communes},
            [Dataset("insulation", COLUMNS, ("territory_code",), departements)],
        )
    ]


VIEW = View("insulation", Text("Où isoler", "Where to insulate"), "insulation.html", NEEDS, sheets)
