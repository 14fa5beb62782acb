"""What is produced beside what is consumed, and what crosses the borders."""

from dataelec.warehouse import Row, Warehouse
from report import texts
from report.figures import LANGUAGES, Dataset, Drawing, Figure, Sheet, TableColumn, Text, months_span, sentence
from report.labels import Labels
from report.views import carbon
from report.views.base import COUNTRY, Panel, View, drawn

KINDS = ("nuclear", "hydro", "wind", "solar", "thermal", "bioenergy")
NEEDS = {
    "core.fct_half_hourly_production": (
        "region_code",
        "date_day",
        *(f"{kind}_production_mw" for kind in KINDS),
        "production_mw",
        "load_published_mw",
    ),
    "core.dim_dates": ("date_day", "hours_in_local_day_count"),
    "core.dim_regions": ("region_code", "is_load_published"),
}
EXCHANGE_NEEDS = {
    "core.fct_daily_exchange": (
        "date_day",
        "border_code",
        "net_export_mwh",
        "hours_published_count",
        "hours_in_local_day_count",
    )
}
# Energy of a year is its mean load times its hours, as everywhere, where at least 95 % of its half-hours are there.
ENERGIES_QUERY = f"""
    with years as (
        select year(date_day) as calendar_year, sum(hours_in_local_day_count) as hours_in_year_count
        from core.dim_dates
        group by all
        having count(*) >= 365
    ),
    regional as (
        select production.region_code as territory_code, years.calendar_year,
            any_value(years.hours_in_year_count) as hours_in_year_count,
            {", ".join(f"coalesce(avg({kind}_production_mw), 0) as {kind}" for kind in KINDS)},
            avg(production_mw) as production, avg(load_published_mw) as consumption
        from core.fct_half_hourly_production as production
        inner join years on year(production.date_day) = years.calendar_year
        where $code in ('{COUNTRY}', production.region_code)
            and production_mw is not null and load_published_mw is not null
        group by production.region_code, years.calendar_year
        having count(*) >= 0.95 * 2 * any_value(years.hours_in_year_count)
    ),
    territorial as (
        select * from regional
        union all by name
        select '{COUNTRY}' as territory_code, calendar_year, any_value(hours_in_year_count) as hours_in_year_count,
            {", ".join(f"sum({name}) as {name}" for name in (*KINDS, "production", "consumption"))}
        from regional
        group by all
        -- A sum that lacks a region is no total.
        having count(*) = (select count(*) from core.dim_regions where is_load_published)
    ),
    latest as (
        select * from territorial
        qualify calendar_year = max(calendar_year) over (partition by territory_code)
    )
    select territory_code, calendar_year, production_kind_code, mean_mw * hours_in_year_count as energy_mwh
    from (
        unpivot latest on {", ".join((*KINDS, "production", "consumption"))}
        into name production_kind_code value mean_mw
    )
    order by territory_code, energy_mwh desc, production_kind_code
"""
# Whole months that every region publishes; the mean load of a month times its hours, as everywhere.
MIX_MONTHS_QUERY = f"""
    with months as (
        select date_trunc('month', date_day) as month_start_on, sum(hours_in_local_day_count) as hours_count
        from core.dim_dates
        group by all
    ),
    regional as (
        select production.region_code, months.month_start_on, any_value(months.hours_count) as hours_count,
            {", ".join(f"coalesce(avg({kind}_production_mw), 0) as {kind}" for kind in KINDS)}
        from core.fct_half_hourly_production as production
        inner join months on date_trunc('month', production.date_day) = months.month_start_on
        where production.production_mw is not null
        group by production.region_code, months.month_start_on
        having count(*) >= 0.95 * 2 * any_value(months.hours_count)
    ),
    national as (
        select month_start_on,
            {", ".join(f"sum({kind}) * any_value(hours_count) as {kind}" for kind in KINDS)}
        from regional
        group by all
        having count(*) = (select count(*) from core.dim_regions where is_load_published)
    )
    select strftime(month_start_on, '%Y-%m-%d') as month_start_on, production_kind_code, energy_mwh
    from (unpivot national on {", ".join(KINDS)} into name production_kind_code value energy_mwh)
    order by month_start_on, production_kind_code
"""
MIX_HOURS_QUERY = f"""
    with regional as (
        select region_code, hour(period_start_at_utc at time zone 'Europe/Paris') as hour_of_day,
            {", ".join(f"coalesce(avg({kind}_production_mw), 0) as {kind}" for kind in KINDS)}
        from core.fct_half_hourly_production
        where year(date_day) = $year and production_mw is not null
        group by all
    ),
    national as (
        select hour_of_day, {", ".join(f"sum({kind}) as {kind}" for kind in KINDS)}
        from regional
        group by all
    )
    select $year as calendar_year, hour_of_day, production_kind_code, production_mean_mw
    from (unpivot national on {", ".join(KINDS)} into name production_kind_code value production_mean_mw)
    order by hour_of_day, production_kind_code
"""
EXCHANGES_QUERY = """
    with whole_months as (
        select border_code, cast(date_trunc('month', date_day) as date) as month_start_on,
            sum(net_export_mwh) as net_export_mwh
        from core.fct_daily_exchange
        group by border_code, month_start_on
        having count(net_export_mwh) = day(last_day(max(date_day)))
    )
    select strftime(month_start_on, '%Y-%m-%d') as month_start_on, sum(net_export_mwh) as net_export_mwh,
        count(*) as borders_count,
        (select count(distinct border_code) from core.fct_daily_exchange) as borders_known_count
    from whole_months
    group by all
    order by month_start_on
"""
BORDERS_QUERY = """
    select border_code, year(date_day) as calendar_year, sum(net_export_mwh) as net_export_mwh
    from core.fct_daily_exchange
    where year(date_day) = (
        select max(calendar_year)
        from (select year(date_day) as calendar_year, count(distinct date_day) as days_count
            from core.fct_daily_exchange group by all)
        where days_count >= 365
    )
    group by all
    order by net_export_mwh desc, border_code
"""
KIND = TableColumn("production_kind_code", Text("Filière", "Source"))
ENERGIES = (
    TableColumn("calendar_year", Text("Année", "Year")),
    KIND,
    TableColumn("energy_mwh", Text("Énergie (MWh)", "Energy (MWh)"), 0),
)
MIX_MONTHS = (
    TableColumn("month_start_on", Text("Mois du", "Month from")),
    KIND,
    TableColumn("energy_mwh", Text("Énergie (MWh)", "Energy (MWh)"), 0),
)
MIX_HOURS = (
    TableColumn("calendar_year", Text("Année", "Year")),
    TableColumn("hour_of_day", Text("Heure locale", "Local hour"), 0),
    KIND,
    TableColumn("production_mean_mw", Text("Puissance moyenne (MW)", "Mean output (MW)"), 0),
)
EXCHANGES = (
    TableColumn("month_start_on", Text("Mois du", "Month from")),
    TableColumn("net_export_mwh", Text("Exportations moins importations (MWh)", "Exports minus imports (MWh)"), 0),
)
BORDERS = (
    TableColumn("border_code", Text("Frontière", "Border")),
    TableColumn("calendar_year", Text("Année", "Year")),
    TableColumn("net_export_mwh", Text("Exportations moins importations (MWh)", "Exports minus imports (MWh)"), 0),
)

ECO2MIX = Text(
    f"Source : éCO2mix régional, RTE, sur ODRÉ, {texts.LICENCE}",
    f"Source: regional éCO2mix, RTE, on ODRÉ, {texts.LICENCE}",
)
EXCHANGES_SOURCE = Text(
    f"Source : échanges commerciaux, RTE, sur ODRÉ, {texts.LICENCE}",
    f"Source: commercial exchanges, RTE, on ODRÉ, {texts.LICENCE}",
)


def _year(year: int) -> Text:
    return Text(str(year), str(year))


def _energies(warehouse: Warehouse, code: str) -> dict[str, Row]:
    """The energies of the latest whole year of a territory, by source; with `production` and `consumption`."""
    rows = warehouse.rows(ENERGIES_QUERY, {"code": code})
    return {row["production_kind_code"]: row for row in rows if row["territory_code"] == code}


def _production(warehouse: Warehouse, code: str) -> Drawing:
    rows = _energies(warehouse, code)
    if not rows:
        return Drawing()
    labels = Labels.read(warehouse)
    production, consumption = rows["production"], rows["consumption"]
    title = sentence(
        "{production} TWh produits pour {consumption} TWh consommés en {year}",
        "{production} TWh produced for {consumption} TWh consumed in {year}",
        production=(production["energy_mwh"] / 1e6, 0 if production["energy_mwh"] >= 1e8 else 1),
        consumption=(consumption["energy_mwh"] / 1e6, 0 if consumption["energy_mwh"] >= 1e8 else 1),
        year=str(production["calendar_year"]),
    )
    how = Text("TWh de l'année ; en gris, la consommation.", "TWh of the year; in grey, consumption.")
    drawn_rows = [
        row
        | {"_energy_twh": row["energy_mwh"] / 1e6, "_is_consumption": kind == "consumption"}
        | {f"_{language}": labels.of("production_kind_code", kind).to(language) for language in LANGUAGES}
        for kind, row in rows.items()
        if kind != "production" and row["energy_mwh"]
    ]
    name = f"production-{code}"
    return Drawing(
        [Dataset(name, ENERGIES, ("production_kind_code",), drawn_rows)],
        [
            Figure(
                name, "production", title, how, {"main": name}, span=_year(production["calendar_year"]), sources=ECO2MIX
            )
        ],
    )


def _mix(warehouse: Warehouse, code: str) -> Drawing:
    latest = _energies(warehouse, code)
    months = warehouse.rows(MIX_MONTHS_QUERY)
    if not latest or not months:
        return Drawing()
    year = latest["production"]["calendar_year"]
    hours = warehouse.rows(MIX_HOURS_QUERY, {"year": year})
    solar = [row for row in hours if row["production_kind_code"] == "solar"]
    noon = max(solar, key=lambda row: float(row["production_mean_mw"]))
    at_noon = sum(row["production_mean_mw"] for row in hours if row["hour_of_day"] == noon["hour_of_day"])
    over_time = sentence(
        "Nucléaire : de {lowest} à {highest} % de la production, selon le mois",
        "Nuclear: from {lowest} to {highest}% of production, by month",
        lowest=(100 * min(shares := _nuclear_shares(months)), 0),
        highest=(100 * max(shares), 0),
    )
    by_hour = sentence(
        "À {hour} h, le solaire fournit {share} % de la production, en moyenne sur {year}",
        "At {hour}:00, solar provides {share}% of production, on average over {year}",
        hour=str(noon["hour_of_day"]),
        share=(100 * noon["production_mean_mw"] / at_noon, 0),
        year=str(year),
    )
    rows = [row | {"_energy_twh": row["energy_mwh"] / 1e6} for row in months]
    span = months_span(months)
    return Drawing(
        [
            Dataset("mix_months", MIX_MONTHS, ("month_start_on", "production_kind_code"), rows),
            Dataset("mix_hours", MIX_HOURS, ("hour_of_day", "production_kind_code"), hours),
        ],
        [
            Figure(
                "mix_months",
                "mix_months",
                over_time,
                Text("TWh de chaque mois, par filière.", "TWh of each month, by source."),
                {"main": "mix_months"},
                span=span,
                sources=ECO2MIX,
            ),
            Figure(
                "mix_hours",
                "mix_hours",
                by_hour,
                Text(
                    "Puissance moyenne à chaque heure de l'année, en MW, par filière.",
                    "Mean output at each hour over the year, in MW, by source.",
                ),
                {"main": "mix_hours"},
                span=_year(year),
                sources=ECO2MIX,
            ),
        ],
    )


def _nuclear_shares(months: list[Row]) -> list[float]:
    totals: dict[str, float] = {}
    for row in months:
        totals[row["month_start_on"]] = totals.get(row["month_start_on"], 0) + row["energy_mwh"]
    return [
        row["energy_mwh"] / totals[row["month_start_on"]] for row in months if row["production_kind_code"] == "nuclear"
    ]


def _exchanges(warehouse: Warehouse, code: str) -> Drawing:
    months = warehouse.rows(EXCHANGES_QUERY)
    months = [row for row in months if row["borders_count"] == row["borders_known_count"]]
    if not months:
        return Drawing()
    importing = sum(row["net_export_mwh"] < 0 for row in months)
    title = sentence(
        "La France importe plus qu'elle n'exporte {importing} mois sur {months}",
        "France imports more than it exports in {importing} months of {months}",
        importing=(importing, 0),
        months=(len(months), 0),
    )
    if not importing:
        title = Text(
            "Chaque mois, la France exporte plus qu'elle n'importe", "Every month, France exports more than it imports"
        )
    how = Text(
        "Échanges commerciaux : exportations moins importations de chaque mois, en TWh.",
        "Commercial exchanges: monthly exports minus imports, in TWh.",
    )
    rows = [row | {"_energy_twh": row["net_export_mwh"] / 1e6} for row in months]
    span = months_span(months)
    drawing = Drawing(
        [Dataset("exchanges", EXCHANGES, ("month_start_on",), rows)],
        [Figure("exchanges", "exchanges", title, how, {"main": "exchanges"}, span=span, sources=EXCHANGES_SOURCE)],
    )
    labels = Labels.read(warehouse)
    borders = [
        row
        | {"_energy_twh": row["net_export_mwh"] / 1e6}
        | {f"_{language}": labels.of("border_code", row["border_code"]).to(language) for language in LANGUAGES}
        for row in warehouse.rows(BORDERS_QUERY)
    ]
    if not borders:
        return drawing
    year = borders[0]["calendar_year"]
    total = sum(row["net_export_mwh"] for row in borders) / 1e6
    title = sentence(
        "{way} net de {year} : {total} TWh",
        "Net {way} of {year}: {total} TWh",
        way=Text("Export", "export") if total >= 0 else Text("Import", "import"),
        year=str(year),
        total=(abs(total), 1),
    )
    how = Text("Exportations moins importations par frontière, en TWh.", "Exports minus imports by border, in TWh.")
    return drawing + Drawing(
        [Dataset("borders", BORDERS, ("border_code",), borders)],
        [Figure("borders", "borders", title, how, {"main": "borders"}, span=_year(year), sources=EXCHANGES_SOURCE)],
    )


PANEL = Panel("production", Text("Production et consommation", "Production and consumption"), NEEDS, _production)
MIX_PANEL = Panel(
    "mix",
    Text("Filières au fil des mois et des heures", "Sources by month and by hour"),
    {**NEEDS, "core.fct_half_hourly_production": (*NEEDS["core.fct_half_hourly_production"], "period_start_at_utc")},
    _mix,
)
EXCHANGES_PANEL = Panel(
    "exchanges", Text("Échanges aux frontières", "Cross-border exchanges"), EXCHANGE_NEEDS, _exchanges
)


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: the mix of France beside its consumption, its CO2 and its exchanges."""
    drawing = drawn((PANEL, MIX_PANEL, carbon.PANEL, EXCHANGES_PANEL), warehouse, COUNTRY)
    if not drawing.figures:
        return []
    return [
        Sheet(
            "production",
            VIEW.title,
            {"mix": _energies(warehouse, COUNTRY), "figures": drawing.figures},
            drawing.datasets,
        )
    ]


VIEW = View(
    "production",
    Text("Production", "Production"),
    "production.html",
    NEEDS,
    sheets,
    panels=(PANEL, MIX_PANEL, carbon.PANEL, EXCHANGES_PANEL),
)
