"""How the sensitivity changed: before and since 15 September 2022, and season after season."""

from dataelec.warehouse import Row, Warehouse
from report import sensitivity
from report.figures import Dataset, Drawing, Figure, Sheet, TableColumn, Text, sentence
from report.views.base import COUNTRY, View, drawn
from report.views.regions import SEASONS_PANEL

MART = "analysis.sensitivity_change"
BEFORE, SINCE = "before_2022_09_15", "since_2022_09_15"
COLUMNS = (
    sensitivity.CODE,
    sensitivity.TERRITORY,
    TableColumn("heating_slope_change_pct", Text("Évolution (%)", "Change (%)"), 1),
    TableColumn("heating_slope_change_pct_ci95_low", Text("IC 95 %, bas (%)", "95% CI, low (%)"), 1),
    TableColumn("heating_slope_change_pct_ci95_high", Text("IC 95 %, haut (%)", "95% CI, high (%)"), 1),
    TableColumn("base_heating_slope_mw_per_c", Text("Avant (MW/°C)", "Before (MW/°C)"), 1),
    TableColumn("heating_slope_mw_per_c", Text("Depuis (MW/°C)", "Since (MW/°C)"), 1),
    TableColumn("base_heating_fit_status", Text("Statut avant", "Status before")),
    *sensitivity.TRUST,
    TableColumn("is_change_significant", Text("Significative", "Significant")),
)


def since_sobriety(warehouse: Warehouse) -> list[Row]:
    """One row per territory with both windows, largest fall first; none where the data stop before the date."""
    return warehouse.rows(
        f"""
        select change.*, sensitivity.territory_label_fr, sensitivity.fit_reason_codes
        from {MART} as change
        inner join {sensitivity.MART} as sensitivity
            on change.territory_code = sensitivity.territory_code
            and change.client_type_code = sensitivity.client_type_code
            and change.specification_code = sensitivity.specification_code
            and change.window_code = sensitivity.window_code
        where change.comparison_code = 'windows' and change.client_type_code = 'all'
            and change.specification_code = ? and change.base_window_code = ? and change.window_code = ?
            and change.heating_slope_change_pct is not null
        order by change.heating_slope_change_pct, change.territory_code
        """,
        [sensitivity.PUBLISHED_SPECIFICATION, BEFORE, SINCE],
    )


def _not_excluded(row: Row) -> Text:
    """What a change that is not significant leaves possible: not that nothing changed."""
    low, high = row["heating_slope_change_pct_ci95_low"], row["heating_slope_change_pct_ci95_high"]
    return sentence(
        "France : depuis le 15 septembre 2022, on ne peut exclure ni une baisse de {fall} %, ni une hausse de {rise} %",
        "France: since 15 September 2022, neither a fall of up to {fall}% nor a rise of up to {rise}% can be excluded",
        fall=(max(-low, 0), 0),
        rise=(max(high, 0), 0),
    )


def _territories(count: int) -> Text:
    if not count:
        return Text("aucun territoire", "none")
    return sentence(f"{{count}} territoire{'s' if count > 1 else ''}", "{count}", count=(count, 0))


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: the change of each territory since the date, and the seasons of France."""
    changes = since_sobriety(warehouse)
    drawing = Drawing()
    if changes:
        figure = Figure(
            "change",
            "change",
            sentence(
                "Depuis le 15 septembre 2022 : évolution établie dans {established} sur {all}",
                "Since 15 September 2022: a change is established in {established} of {all} territories",
                established=_territories(sum(bool(row["is_change_significant"]) for row in changes)),
                all=(len(changes), 0),
            ),
            Text(
                "Évolution de la sensibilité, avec l'intervalle à 95 %. À gauche de zéro, un degré pèse moins"
                " qu'avant ; en gris, l'intervalle contient zéro : ni hausse ni baisse n'est exclue.",
                "Change in sensitivity, with the 95% interval. Left of zero, each degree adds less than before; in"
                " grey, the interval includes zero: the change is not significant.",
            ),
            {"main": "change"},
        )
        drawing = Drawing([Dataset("change", COLUMNS, ("territory_code",), changes)], [figure])
    drawing += drawn([SEASONS_PANEL], warehouse, COUNTRY)
    if not drawing.figures:
        return []
    france = next((row for row in changes if row["territory_code"] == COUNTRY), None)
    return [
        Sheet(
            "change",
            VIEW.title,
            {
                "changes": changes,
                "france": france,
                "not_excluded": _not_excluded(france) if france else None,
                "figures": drawing.figures,
                "last_day": max(
                    (row["window_end_on"] for row in sensitivity.territories(warehouse) if row["window_end_on"]),
                    default=None,
                ),
            },
            drawing.datasets,
        )
    ]


VIEW = View(
    "change",
    Text("Évolution", "Change"),
    "change.html",
    {
        **sensitivity.NEEDS,
        MART: (
            "comparison_code",
            "client_type_code",
            "specification_code",
            "base_window_code",
            "window_code",
            "territory_code",
            *[column.name for column in COLUMNS[2:] if column != sensitivity.REASONS],
        ),
    },
    sheets,
)
