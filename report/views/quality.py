"""What was left out and why, and our yearly energy beside the published one."""

from dataelec.warehouse import Row, Warehouse
from report.figures import Dataset, Figure, Sheet, TableColumn, Text, sentence
from report.views.base import COUNTRY, View

MART = "analysis.data_quality"
ENERGY_REASON = "annual_energy_against_published"
ENERGY = (
    TableColumn("territory_code", Text("Code", "Code")),
    TableColumn("territory_label_fr", Text("Territoire", "Territory")),
    TableColumn("calendar_year", Text("Année", "Year")),
    TableColumn("energy_mwh", Text("Énergie calculée (MWh)", "Energy computed (MWh)"), 0),
    TableColumn("energy_published_mwh", Text("Énergie publiée (MWh)", "Energy published (MWh)"), 0),
    TableColumn("energy_difference_pct", Text("Écart (%)", "Difference (%)"), 2),
)


def _energies(warehouse: Warehouse) -> list[Row]:
    return warehouse.rows(
        f"""
        select quality.territory_code,
            coalesce(regions.region_label_fr, 'France') as territory_label_fr,
            calendar_year, energy_mwh, energy_published_mwh, energy_difference_pct
        from {MART} as quality
        left join core.dim_regions as regions on quality.territory_code = regions.region_code
        where quality_reason_code = ? and energy_difference_pct is not null
        order by territory_code = '{COUNTRY}' desc, strip_accents(territory_label_fr), calendar_year
        """,
        [ENERGY_REASON],
    )


def _reasons(warehouse: Warehouse) -> list[Row]:
    rows = warehouse.rows(
        f"""
        select quality_reason_code, any_value(treatment_code) as treatment_code,
            any_value(affected_unit_code) as affected_unit_code,
            sum(affected_count) as affected_count, min(calendar_year) as first_year, max(calendar_year) as last_year
        from {MART}
        where quality_reason_code <> ?
        group by quality_reason_code
        having sum(affected_count) > 0
        order by treatment_code, affected_unit_code desc, affected_count desc, quality_reason_code
        """,
        [ENERGY_REASON],
    )
    return rows


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: yearly energy against the published one, and what was left out, repaired or absent."""
    energies, reasons = _energies(warehouse), _reasons(warehouse)
    datasets, figures = [], []
    if energies:
        datasets.append(Dataset("energy", ENERGY, ("territory_code", "calendar_year"), energies))
        figures.append(
            Figure(
                "energy",
                "energy",
                sentence(
                    "Le plus grand écart d'un de nos totaux annuels à celui que RTE publie : {most} %",
                    "The largest difference of one of our yearly totals from RTE's: {most}%",
                    most=(max(abs(row["energy_difference_pct"]) for row in energies), 2),
                ),
                Text(
                    "Écart entre l'énergie que nous calculons et celle que RTE publie ; un point par année.",
                    "Difference between the energy we compute and the energy RTE publishes; one dot per year.",
                ),
                {"main": "energy"},
            )
        )
    if not figures and not reasons:
        return []
    return [
        Sheet(
            "quality",
            VIEW.title,
            {
                "reasons": reasons,
                "figures": figures,
                "national": [row for row in energies if row["territory_code"] == COUNTRY],
                "largest": max(energies, key=lambda row: abs(row["energy_difference_pct"]), default=None),
            },
            datasets,
        )
    ]


VIEW = View(
    "quality",
    Text("Qualité", "Quality"),
    "quality.html",
    {
        MART: (
            "territory_code",
            "calendar_year",
            "quality_reason_code",
            "treatment_code",
            "affected_count",
            "affected_unit_code",
            "energy_mwh",
            "energy_published_mwh",
            "energy_difference_pct",
        ),
        "core.dim_regions": ("region_code", "region_label_fr"),
    },
    sheets,
)
