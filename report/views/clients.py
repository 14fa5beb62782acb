"""Who consumes: residential, services, industry and agriculture, by territory and year."""

from collections.abc import Sequence

from dataelec.warehouse import Row, Warehouse
from report import tiles
from report.figures import (
    LANGUAGES,
    Dataset,
    Drawing,
    Figure,
    Sheet,
    TableColumn,
    Text,
    findings_by,
    sentence,
    years_span,
)
from report.labels import Labels
from report.texts import LICENCE
from report.views import enedis
from report.views.base import COUNTRY, Panel, View

MART = "analysis.consumption_by_client_type"
NEEDS = {
    MART: (
        "territory_level_code",
        "territory_code",
        "territory_label_fr",
        "client_type_code",
        "nomenclature_code",
        "period_kind_code",
        "period_year",
        "energy_mwh",
        "energy_share_of_clients",
        "energy_per_inhabitant_mwh",
        "energy_per_delivery_point_mwh",
        "is_break_on_year_before",
        "secrecy_share",
    )
}
FILTERS = ("client_type_code", "period_year")
VALUES = (
    TableColumn("client_type_code", Text("Clients", "Clients")),
    TableColumn("energy_mwh", Text("Énergie (MWh)", "Energy (MWh)"), 0),
    TableColumn("energy_share_of_clients", Text("Part du total (0 à 1)", "Share of the total (0 to 1)"), 3),
    TableColumn("energy_per_inhabitant_kwh", Text("Par habitant (kWh)", "Per inhabitant (kWh)"), 0),
    TableColumn("energy_per_delivery_point_mwh", Text("Par site (MWh)", "Per site (MWh)"), 2),
)
YEAR = TableColumn("period_year", Text("Année", "Year"))
BY_YEAR = (TableColumn("territory_code", Text("Code", "Code")), YEAR, *VALUES)
BY_TERRITORY = (
    TableColumn("territory_code", Text("Code", "Code")),
    TableColumn("territory_label_fr", Text("Territoire", "Territory")),
    YEAR,
    *VALUES,
)


def _rows(warehouse: Warehouse, levels: Sequence[str], territory_code: str | None = None) -> list[Row]:
    """Yearly energies by sector, France first, then regions and départements by name."""
    rows = warehouse.rows(
        f"""
        select {", ".join(name for name in NEEDS[MART])},
            1000 * energy_per_inhabitant_mwh as energy_per_inhabitant_kwh,
            -- Between two breaks the figures may be compared; across one they may not.
            sum(cast(is_break_on_year_before as integer)) over (
                partition by territory_level_code, territory_code, client_type_code order by period_year
            ) as _segment
        from {MART}
        where period_kind_code = 'year' and nomenclature_code in ('all', 'ore_sector')
            and list_contains($levels, territory_level_code)
            and territory_code = coalesce($code, territory_code)
        order by territory_level_code = 'country' desc, strip_accents(territory_label_fr), period_year,
            energy_mwh desc nulls last, client_type_code
        """,
        {"levels": list(levels), "code": territory_code},
    )
    labels = Labels.read(warehouse)
    return [
        row
        | {"_energy_twh": None if row["energy_mwh"] is None else row["energy_mwh"] / 1e6}
        | {f"_{each}": labels.of("client_type_code", row["client_type_code"]).to(each) for each in LANGUAGES}
        for row in rows
    ]


def total_of_latest_year(warehouse: Warehouse, code: str) -> Row | None:
    """What all clients of a territory used in the latest year that is known."""
    rows = [] if warehouse.missing(NEEDS) else _rows(warehouse, ("country", "region"), code)
    totals = [row for row in rows if row["client_type_code"] == "all" and row["energy_mwh"] is not None]
    return max(totals, key=lambda row: int(row["period_year"]), default=None)


def _sectors(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["client_type_code"] != "all"]


HOW = Text(
    "TWh par an et par secteur. Un trait s'arrête où les secteurs ou la méthode ont changé : de part et d'autre, on ne"
    " compare pas.",
    "TWh per year and sector. A line breaks where sectors or method were redefined: do not compare across the gap.",
)
SOURCES = Text(f"Source : Agence ORE, {LICENCE}", f"Source: Agence ORE, {LICENCE}")


def _largest_share(rows: Sequence[Row]) -> Text | None:
    """Which client type takes most of the latest year."""
    shares = [row for row in rows if row["energy_share_of_clients"] is not None]
    if not shares:
        return None
    first = max(shares, key=lambda row: (int(row["period_year"]), float(row["energy_share_of_clients"])))
    return sentence(
        "{client_type} : {share} % de l'électricité en {year}",
        "{client_type}: {share}% of electricity in {year}",
        client_type=Text(first["_fr"], first["_en"]),
        share=(100 * first["energy_share_of_clients"], 0),
        year=str(first["period_year"]),
    )


def _largest_region(rows: Sequence[Row]) -> Text | None:
    """Which region uses most; nothing where one is not known, which might use more."""
    if any(row["energy_mwh"] is None for row in rows):
        return None
    first = max(rows, key=lambda row: float(row["energy_mwh"]))
    return sentence(
        "{client_type} : {region} consomme le plus, {energy} TWh en {year}",
        "{client_type}: {region} consumes most, {energy} TWh in {year}",
        client_type=Text(first["_fr"], first["_en"]),
        region=first["territory_label_fr"],
        energy=(first["_energy_twh"], 2 if first["_energy_twh"] < 1 else 1),
        year=str(first["period_year"]),
    )


def _spread_of_departements(rows: Sequence[Row]) -> Text | None:
    """The départements with least and with most per inhabitant; nothing where one is not known."""
    energies = {row["territory_label_fr"]: row["energy_per_inhabitant_kwh"] for row in rows}
    if None in energies.values() or len(energies) < 2:
        return None
    least, most = (find(energies, key=lambda name: float(energies[name])) for find in (min, max))
    return sentence(
        "{client_type} : de {low} kWh par habitant ({least}) à {high} ({most}) en {year}",
        "{client_type}: from {low} kWh per inhabitant ({least}) to {high} ({most}) in {year}",
        client_type=Text(rows[0]["_fr"], rows[0]["_en"]),
        low=(energies[least], 0),
        least=least,
        high=(energies[most], 0),
        most=most,
        year=str(rows[0]["period_year"]),
    )


def _clients(warehouse: Warehouse, code: str) -> Drawing:
    rows = _sectors(_rows(warehouse, ("region",), code))
    title = _largest_share(rows)
    if not title:
        return Drawing()
    name = f"clients-{code}"
    return Drawing(
        [Dataset(name, BY_YEAR, ("period_year", "client_type_code"), rows)],
        [Figure(name, "clients", title, HOW, {"main": name}, span=years_span(rows), sources=SOURCES)],
    )


PANEL = Panel("clients", Text("Clients au fil des ans", "Clients over the years"), NEEDS, _clients)


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: sectors over the years in a chosen territory, territories in a chosen sector and year."""
    rows = _rows(warehouse, ("country", "region"))
    departements = [
        row | {"_column": place[0], "_row": place[1]}
        for row in _rows(warehouse, ("departement",))
        if (place := tiles.DEPARTEMENTS.get(row["territory_code"])) is not None
    ]
    known = [row for row in rows + departements if row["energy_mwh"] is not None]
    if not known:
        return []
    years = sorted({int(row["period_year"]) for row in known})
    country = [row for row in _sectors(rows) if row["territory_code"] == COUNTRY and row["period_year"] == years[-1]]
    regions = [row for row in rows if row["territory_level_code"] == "region"]
    datasets = [Dataset("clients", BY_YEAR, ("territory_code", "period_year", "client_type_code"), _sectors(rows))]
    figures = [
        Figure(
            "clients",
            "clients",
            Text("Qui consomme, année après année", "Who consumes, year after year"),
            HOW,
            {"main": "clients"},
            ("territory_code",),
            years_span(rows),
            SOURCES,
            findings_by(_sectors(rows), _largest_share),
        )
    ]
    for name, kind, title, how, own, finding in (
        (
            "clients_by_region",
            "client_ranking",
            Text("Région par région", "Region by region"),
            Text("Énergie de l'année, en TWh, Corse comprise.", "Energy of the year, in TWh. Corse is included."),
            regions,
            _largest_region,
        ),
        (
            "clients_by_departement",
            "departements",
            Text("Département par département", "Département by département"),
            Text(
                "kWh par habitant, une tuile par département, à peu près à sa place.",
                "kWh per inhabitant, one tile per département, roughly where it lies.",
            ),
            departements,
            _spread_of_departements,
        ),
    ):
        if own:
            keys = ("territory_code", "period_year", "client_type_code")
            datasets.append(Dataset(name, BY_TERRITORY, keys, own))
            found = findings_by(own, finding, *FILTERS)
            figures.append(Figure(name, kind, title, how, {"main": name}, FILTERS, years_span(own), SOURCES, found))
    of_enedis = enedis.of_chosen_territory(warehouse)
    return [
        Sheet(
            "clients",
            VIEW.title,
            {
                "country": sorted(country, key=lambda row: -(row["energy_share_of_clients"] or 0)),
                "year": years[-1],
                "territories": list({row["territory_code"]: row["territory_label_fr"] for row in rows}.items()),
                "client_types": list(dict.fromkeys(row["client_type_code"] for row in known)),
                "years": years[::-1],
                "figures": [*figures, *of_enedis.figures],
                "sector_figures": figures,
                "enedis_figures": of_enedis.figures,
            },
            [*datasets, *of_enedis.datasets],
        )
    ]


VIEW = View("clients", Text("Qui consomme", "Who consumes"), "clients.html", NEEDS, sheets, panels=enedis.PANELS)
