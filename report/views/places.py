"""A sheet for each commune and inter-municipality, found by name or code: its slope, its rank, what these rest on."""

from dataelec.warehouse import Row, Warehouse
from report import outlines
from report.figures import Dataset, Figure, Sheet, TableColumn, Text, findings_by
from report.views.base import View
from report.views.insulation import SOURCES, first_of

PRIORITY, SLOPES, COMMUNES = "analysis.insulation_priority", "analysis.area_sensitivity", "core.dim_communes"
RANKED = (
    "priority_rank",
    "priority_rank_ci90_low",
    "priority_rank_ci90_high",
    "areas_ranked_count",
    "top_tenth_share",
    "loss_w_per_c_per_electric_dwelling",
    "efficiency_ratio",
    "saving_pct",
    "saving_hour_of_day",
    "saving_temperature_c",
    "peak_load_avoided_mw",
    "energy_avoided_gwh_per_year",
    "certificates_count",
    "certificate_heat_loss_mean_w_per_k",
    "certificate_f_g_share",
    "priority_reason_codes",
)
NEEDS = {
    PRIORITY: ("territory_level_code", "territory_code", "client_type_code", *RANKED),
    SLOPES: (
        "territory_level_code",
        "territory_code",
        "territory_label_fr",
        "parent_code",
        "client_type_code",
        "estimate_code",
        "measurement_source_code",
        "first_year",
        "last_year",
        "heating_slope_mw_per_c",
        "heating_slope_mw_per_c_ci95_low",
        "heating_slope_mw_per_c_ci95_high",
        "main_dwellings_count",
        "electrically_heated_main_dwellings_count",
        "measured_share",
        "estimate_reason_codes",
    ),
    COMMUNES: ("commune_code", "epci_code"),
}
DIGITS = 3
COLUMNS = (
    TableColumn("territory_level_code", Text("Niveau", "Level")),
    TableColumn("territory_code", Text("Code", "Code")),
    TableColumn("territory_label_fr", Text("Nom", "Name")),
    TableColumn("departement_code", Text("Département", "Département")),
    TableColumn("epci_code", Text("Intercommunalité", "Inter-municipality")),
    TableColumn("main_dwellings_count", Text("Résidences principales", "Main dwellings"), 0),
    TableColumn(
        "electrically_heated_main_dwellings_count", Text("dont chauffées à l'électricité", "heated by electricity"), 0
    ),
    TableColumn("priority_rank", Text("Rang", "Rank"), 0),
    TableColumn("priority_rank_ci90_low", Text("Rang, de (90 %)", "Rank, from (90%)"), 0),
    TableColumn("priority_rank_ci90_high", Text("à", "to"), 0),
    TableColumn("areas_ranked_count", Text("sur", "of"), 0),
    TableColumn("top_tenth_share", Text("Part des tirages dans le premier dixième", "Draws in the top tenth"), 2),
    TableColumn("heating_slope_mw_per_c", Text("MW/°C", "MW/°C"), DIGITS),
    TableColumn("heating_slope_mw_per_c_ci95_low", Text("MW/°C, bas (95 %)", "MW/°C, low (95%)"), DIGITS),
    TableColumn("heating_slope_mw_per_c_ci95_high", Text("MW/°C, haut (95 %)", "MW/°C, high (95%)"), DIGITS),
    TableColumn("measured_slope_mw_per_c", Text("MW/°C mesurés", "MW/°C measured"), DIGITS),
    TableColumn("measurement_source_code", Text("Mesure", "Measured by")),
    TableColumn("first_year", Text("Première année", "First year")),
    TableColumn("last_year", Text("Dernière année", "Last year")),
    TableColumn("allocated_slope_mw_per_c", Text("MW/°C répartis", "MW/°C shared out"), DIGITS),
    TableColumn("bottom_up_slope_mw_per_c", Text("MW/°C d'après les DPE", "MW/°C by certificates"), DIGITS),
    TableColumn("measured_share", Text("Part mesurée", "Share measured"), 3),
    TableColumn(
        "loss_w_per_c_per_electric_dwelling", Text("W/°C par logement électrique", "W/°C per electric dwelling"), 0
    ),
    TableColumn("efficiency_ratio", Text("Mesuré sur prédit", "Measured over predicted"), 2),
    TableColumn("peak_load_avoided_mw", Text("MW évités à la pointe", "MW avoided at the peak"), DIGITS),
    TableColumn("energy_avoided_gwh_per_year", Text("GWh évités par an", "GWh avoided a year"), DIGITS),
    TableColumn("certificates_count", Text("DPE", "Certificates"), 0),
    TableColumn("certificate_heat_loss_mean_w_per_k", Text("W/K selon les DPE", "W/K by certificates"), 0),
    TableColumn("certificate_f_g_share", Text("Part de F et G", "Share of F and G"), 3),
    TableColumn("priority_reason_codes", Text("Remarques sur le rang", "Remarks on the rank")),
    TableColumn("estimate_reason_codes", Text("Remarques sur la pente", "Remarks on the slope")),
)
LEVELS = {"commune": Text("Commune", "Commune"), "epci": Text("Intercommunalité", "Inter-municipality")}


def _rows(warehouse: Warehouse) -> list[Row]:
    ranked = ", ".join(f"priority.{name}" for name in RANKED)
    return warehouse.rows(
        f"""
        select slopes.*, {ranked}, communes.epci_code, departements.departement_label_fr
        from (
            select
                territory_level_code, territory_code, any_value(territory_label_fr) as territory_label_fr,
                any_value(parent_code) filter (territory_level_code = 'commune') as departement_code,
                max(main_dwellings_count) as main_dwellings_count,
                max(electrically_heated_main_dwellings_count) as electrically_heated_main_dwellings_count,
                max(measured_share) as measured_share,
                max(heating_slope_mw_per_c) filter (estimate_code = 'shrunk') as heating_slope_mw_per_c,
                max(heating_slope_mw_per_c_ci95_low) filter (estimate_code = 'shrunk')
                    as heating_slope_mw_per_c_ci95_low,
                max(heating_slope_mw_per_c_ci95_high) filter (estimate_code = 'shrunk')
                    as heating_slope_mw_per_c_ci95_high,
                max(heating_slope_mw_per_c) filter (estimate_code = 'measured') as measured_slope_mw_per_c,
                max(heating_slope_mw_per_c) filter (estimate_code = 'allocated') as allocated_slope_mw_per_c,
                max(heating_slope_mw_per_c) filter (estimate_code = 'bottom_up') as bottom_up_slope_mw_per_c,
                max(measurement_source_code) filter (estimate_code = 'measured') as measurement_source_code,
                max(first_year) as first_year, max(last_year) as last_year,
                max(estimate_reason_codes) filter (estimate_code = 'shrunk') as estimate_reason_codes
            from {SLOPES}
            where territory_level_code in ('commune', 'epci') and client_type_code = 'residential'
            group by territory_level_code, territory_code
        ) as slopes
        left join (select * from {PRIORITY} where client_type_code = 'residential') as priority
            using (territory_level_code, territory_code)
        left join {COMMUNES} as communes
            on slopes.territory_level_code = 'commune' and slopes.territory_code = communes.commune_code
        left join (
            select territory_code as departement_code, any_value(territory_label_fr) as departement_label_fr
            from {SLOPES} where territory_level_code = 'departement' group by all
        ) as departements on slopes.departement_code = departements.departement_code
        order by slopes.territory_level_code, slopes.territory_code
        """
    )


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen that any place can be asked for; none where no place has a rank."""
    rows = _rows(warehouse)
    ranked = next((row for row in rows if row["priority_rank"] is not None), None)
    if ranked is None:
        return []
    shapes, _ = outlines.read(warehouse)
    rows = [row | {"_outline": shapes.get(row["territory_code"])} for row in rows]
    figure = Figure(
        "communes",
        "map_communes",
        Text("Où isoler dans le département", "Where to insulate in the département"),
        Text(
            "Rang de chaque commune parmi toutes celles de France ; en gris, sans rang.",
            "Rank of each commune among all of France; grey where it has none.",
        ),
        {"main": "places"},
        filters=("departement_code",),
        sources=SOURCES,
        findings=findings_by(
            [row for row in rows if row["departement_code"] and row["priority_rank"]],
            lambda own: first_of(own, Text(" du département", " in the département")),
            "departement_code",
        ),
    )
    departements = {row["departement_code"]: row["departement_label_fr"] for row in rows if row["departement_code"]}
    return [
        Sheet(
            "commune",
            VIEW.title,
            {
                "said": {name: ranked[name] for name in ("saving_pct", "saving_hour_of_day", "saving_temperature_c")},
                "counted": {
                    row["territory_level_code"]: row["areas_ranked_count"] for row in rows if row["priority_rank"]
                },
                "levels": LEVELS,
                "figures": [figure] if shapes else [],
                "departements": sorted(departements.items()),
            },
            [Dataset("places", COLUMNS, ("territory_code",), rows, is_rounded=True)],
        )
    ]


VIEW = View("places", Text("Ma commune", "My commune"), "places.html", NEEDS, sheets)
