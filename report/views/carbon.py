"""CO2 from burning fuel for each kWh, by month and by hour: one edition of RTE's factors beside another."""

from dataelec.warehouse import Row, Warehouse
from report import texts
from report.figures import LANGUAGES, Dataset, Drawing, Figure, TableColumn, Text, months_span, sentence
from report.views.base import COUNTRY, Panel

MART = "analysis.carbon_intensity"
CURRENT, OLD = "rte_current", "rte_2016"
FIELD = "co2_intensity_g_per_kwh"
NEEDS = {
    MART: (
        "factor_set_code",
        "period_kind_code",
        "period_year",
        "period_of_year_code",
        FIELD,
        "co2_intensity_published_g_per_kwh",
    )
}
YEAR = TableColumn("period_year", Text("Année", "Year"))
INTENSITY = (
    TableColumn("factor_set_code", Text("Facteurs d'émission", "Emission factors")),
    TableColumn(FIELD, Text("CO₂ (g/kWh)", "CO₂ (g/kWh)"), 1),
    TableColumn("co2_intensity_published_g_per_kwh", Text("Taux publié par RTE (g/kWh)", "RTE's own rate (g/kWh)"), 1),
)
MONTHS = (TableColumn("month_start_on", Text("Mois du", "Month from")), *INTENSITY)
HOURS = (YEAR, TableColumn("hour_of_day", Text("Heure locale", "Local hour"), 0), *INTENSITY)
SOURCE = Text(
    f"Sources : éCO2mix national et facteurs d'émission, RTE, {texts.LICENCE}",
    f"Sources: national éCO2mix and emission factors, RTE, {texts.LICENCE}",
)
HOW = Text(
    "Combustibles brûlés en France (charbon, fioul, gaz, bioénergies), par kWh produit, pompage déduit : ni cycle"
    " de vie, ni importations. Deux jeux de facteurs d'émission de RTE.",
    "Fuel burnt in France (coal, oil, gas, bioenergy) per kWh produced, less pumping: no life cycle, no imports."
    " Two sets of RTE's emission factors.",
)
NAMES = {
    CURRENT: Text("facteurs actuels", "current factors"),
    OLD: Text("facteurs de 2016", "factors of 2016"),
}


def _draw(warehouse: Warehouse, code: str) -> Drawing:
    rows = warehouse.rows(f"select * from {MART} where {FIELD} is not null order by all") if code == COUNTRY else []
    years = {(row["factor_set_code"], row["period_year"]): row for row in rows if row["period_kind_code"] == "year"}
    months = [
        row | {"month_start_on": f"{row['period_year']}-{row['period_of_year_code']}-01"}
        for row in rows
        if row["period_kind_code"] == "month"
    ]
    if not years or not months:
        return Drawing()
    latest = max(year for _, year in years)
    hours = [
        row | {"hour_of_day": int(row["period_of_year_code"])}
        for row in rows
        if row["period_kind_code"] == "hour_of_day" and row["period_year"] == latest
    ]
    title = sentence(
        "Un kWh produit en France a émis {current} à {old} g de CO₂ en {year}, selon les facteurs retenus",
        "A kWh produced in France emitted {current} to {old} g of CO₂ in {year}, depending on the factors",
        current=(years[CURRENT, latest][FIELD], 0),
        old=(years[OLD, latest][FIELD], 0),
        year=str(latest),
    )
    most, least = _ends(hours)
    by_hour = sentence(
        "À {most_hour}, {most} g de CO₂ par kWh en moyenne ; à {least_hour}, {least} g",
        "At {most_hour}, {most} g of CO₂ per kWh on average; at {least_hour}, {least} g",
        most=(most[FIELD], 0),
        least=(least[FIELD], 0),
        most_hour=_hour(most),
        least_hour=_hour(least),
    )
    datasets = [
        Dataset("carbon_months", MONTHS, ("month_start_on", "factor_set_code"), _named(months, "month_start_on")),
        Dataset("carbon_hours", HOURS, ("hour_of_day", "factor_set_code"), _named(hours, "hour_of_day")),
    ]
    return Drawing(
        datasets,
        [
            Figure(name, name, words, HOW, {"main": name}, span=spanned, sources=SOURCE)
            for name, words, spanned in (
                ("carbon_months", title, months_span(months)),
                ("carbon_hours", by_hour, Text(str(latest), str(latest))),
            )
        ],
    )


def _named(rows: list[Row], column: str) -> list[Row]:
    """The rows with the name of each line where it has room: above the upper summit, below the lower dip."""
    summit = max((row for row in rows if row["factor_set_code"] == OLD), key=lambda row: float(row[FIELD]))
    dip = min((row for row in rows if row["factor_set_code"] == CURRENT), key=lambda row: float(row[FIELD]))
    places = sorted({row[column] for row in rows})
    return [
        row
        | {f"_{each}": NAMES[row["factor_set_code"]].to(each) if row in (summit, dip) else None for each in LANGUAGES}
        | {"_place_share": places.index(row[column]) / len(places)}
        for row in rows
    ]


def _ends(hours: list[Row]) -> tuple[Row, Row]:
    """The hours with most and with least CO2, by the current factors."""
    current = sorted((row for row in hours if row["factor_set_code"] == CURRENT), key=lambda row: float(row[FIELD]))
    return current[-1], current[0]


def _hour(row: Row) -> Text:
    return Text(f"{row['hour_of_day']} h", f"{row['hour_of_day']}:00")


PANEL = Panel("carbon", Text("CO₂ par kWh", "CO₂ per kWh"), NEEDS, _draw)
