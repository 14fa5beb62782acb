"""How much is consumed: France first, then what every territory's screen shows of its years, months and hours."""

from dataelec.warehouse import Row, Warehouse
from report import numbers
from report.figures import LANGUAGES, Dataset, Drawing, Figure, Sheet, TableColumn, Text, sentence, years_span
from report.labels import Labels
from report.views import weather
from report.views.base import COUNTRY, Panel, View, drawn

MART = "analysis.consumption_by_period"
NEEDS = {
    MART: (
        "territory_level_code",
        "territory_code",
        "territory_label_fr",
        "period_kind_code",
        "period_year",
        "period_of_year_code",
        "is_complete",
        "energy_mwh",
        "energy_change_on_year_before_pct",
        "energy_share_of_country",
        "load_mean_mw",
        "load_peak_mw",
        "load_peak_at_utc",
        "temperature_mean_c",
    )
}
PROFILE_NEEDS = {
    "core.fct_half_hourly_load": ("region_code", "period_start_at_utc", "date_day", "load_mw"),
    "core.dim_dates": ("date_day", "calendar_month", "iso_weekday", "is_public_holiday"),
    "core.dim_regions": ("region_code", "is_load_published"),
}
PROFILE_QUERY = """
    with region_hours as (
        select
            load.region_code,
            load.date_day,
            hour(load.period_start_at_utc at time zone 'Europe/Paris') as hour_of_day,
            avg(load.load_mw) as load_mw
        from core.fct_half_hourly_load as load
        where $code = 'FR' or load.region_code = $code
        group by all
        having count(load.load_mw) > 0
    ),
    territory_hours as (
        select date_day, hour_of_day, sum(load_mw) as load_mw
        from region_hours
        group by all
        -- An hour that lacks a region is no hour of France.
        having $code <> 'FR' or count(*) = (select count(*) from core.dim_regions where is_load_published)
    )
    select
        case when dates.calendar_month in (12, 1, 2) then 'winter' else 'summer' end
        || case when dates.iso_weekday >= 6 or dates.is_public_holiday then '_other_day' else '_working_day' end
            as profile_code,
        hours.hour_of_day,
        avg(hours.load_mw) as load_mean_mw,
        count(*) as days_count
    from territory_hours as hours
    inner join core.dim_dates as dates on hours.date_day = dates.date_day
    where dates.calendar_month in (12, 1, 2, 6, 7, 8)
    group by all
    order by profile_code desc, hour_of_day
"""
YEARS = (
    TableColumn("period_year", Text("Année", "Year")),
    TableColumn("energy_mwh", Text("Énergie (MWh)", "Energy (MWh)"), 0),
    TableColumn("load_mean_mw", Text("Puissance moyenne (MW)", "Mean load (MW)"), 0),
    TableColumn("load_peak_mw", Text("Pointe (MW)", "Peak (MW)"), 0),
    TableColumn("temperature_mean_c", Text("Température moyenne (°C)", "Mean temperature (°C)"), 1),
)
MONTHS = (
    TableColumn("period_year", Text("Année", "Year")),
    TableColumn("calendar_month", Text("Mois", "Month")),
    TableColumn("load_mean_mw", Text("Puissance moyenne (MW)", "Mean load (MW)"), 0),
    TableColumn("energy_mwh", Text("Énergie (MWh)", "Energy (MWh)"), 0),
)
PROFILE = (
    TableColumn("profile_code", Text("Jours", "Days")),
    TableColumn("hour_of_day", Text("Heure locale", "Local hour"), 0),
    TableColumn("load_mean_mw", Text("Puissance moyenne (MW)", "Mean load (MW)"), 0),
    TableColumn("days_count", Text("Jours comptés", "Days counted"), 0),
)
RANKING = (
    TableColumn("territory_code", Text("Code", "Code")),
    TableColumn("territory_label_fr", Text("Région", "Region")),
    TableColumn("period_year", Text("Année", "Year")),
    TableColumn("energy_mwh", Text("Énergie (MWh)", "Energy (MWh)"), 0),
    TableColumn("load_peak_mw", Text("Pointe (MW)", "Peak (MW)"), 0),
)


def whole_years(warehouse: Warehouse, territory_code: str) -> list[Row]:
    """The years of a territory whose energy is known, earliest first."""
    rows = warehouse.rows(
        f"""
        select *, load_peak_at_utc at time zone 'Europe/Paris' as load_peak_at_local
        from {MART}
        where period_kind_code = 'year' and territory_code = ? and energy_mwh is not null
        order by period_year
        """,
        [territory_code],
    )
    return [row | {"_energy_twh": row["energy_mwh"] / 1e6} for row in rows]


def _years(warehouse: Warehouse, code: str) -> Drawing:
    rows = whole_years(warehouse, code)
    if not rows:
        return Drawing()
    title = sentence(
        "{energy} TWh consommés en {year}",
        "{energy} TWh consumed in {year}",
        energy=(rows[-1]["_energy_twh"], 0 if rows[-1]["_energy_twh"] >= 100 else 1),
        year=str(rows[-1]["period_year"]),
    )
    how = Text("Énergie consommée chaque année, en TWh.", "Energy consumed each year, in TWh.")
    name = f"years-{code}"
    return Drawing(
        [Dataset(name, YEARS, ("period_year",), rows)],
        [Figure(name, "years", title, how, {"main": name}, span=years_span(rows))],
    )


def _months(warehouse: Warehouse, code: str) -> Drawing:
    rows = warehouse.rows(
        f"""
        select period_year, cast(period_of_year_code as integer) as calendar_month, load_mean_mw, energy_mwh
        from {MART}
        where period_kind_code = 'month' and territory_code = ? and is_complete
        order by period_year, calendar_month
        """,
        [code],
    )
    if not rows:
        return Drawing()
    means = {
        month: sum(loads) / len(loads)
        for month in range(1, 13)
        if (loads := [row["load_mean_mw"] for row in rows if row["calendar_month"] == month])
    }
    highest, lowest = max(means, key=lambda month: means[month]), min(means, key=lambda month: means[month])
    title = sentence(
        "En {highest}, {excess} % de plus qu'en {lowest}, en moyenne sur les années étudiées",
        "In {highest}, {excess}% more than in {lowest}, on average over the years studied",
        highest=Text(*(numbers.month(highest, each) for each in LANGUAGES)),
        lowest=Text(*(numbers.month(lowest, each) for each in LANGUAGES)),
        excess=(100 * (means[highest] / means[lowest] - 1), 0),
    )
    how = Text(
        "Puissance moyenne de chaque mois ; la dernière année entière en couleur. L'axe vertical ne part pas de zéro.",
        "Mean load of each month; the latest whole year in colour. The vertical axis does not start at zero.",
    )
    name = f"months-{code}"
    return Drawing(
        [Dataset(name, MONTHS, ("period_year", "calendar_month"), rows)],
        [Figure(name, "months", title, how, {"main": name}, span=years_span(rows))],
    )


def _profile(warehouse: Warehouse, code: str) -> Drawing:
    labels = Labels.read(warehouse)
    rows = [
        row | {f"_{each}": labels.of("profile_code", row["profile_code"]).to(each) for each in LANGUAGES}
        for row in warehouse.rows(PROFILE_QUERY, {"code": code})
    ]
    winter = [row for row in rows if row["profile_code"] == "winter_working_day"]
    if not winter:
        return Drawing()
    peak = max(winter, key=lambda row: row["load_mean_mw"])
    title = sentence(
        "En hiver, la pointe vient à {hour} h",
        "In winter, the peak comes at {hour}:00",
        hour=str(peak["hour_of_day"]),
    )
    how = Text(
        "Puissance moyenne à chaque heure. Hiver : décembre à février ; été : juin à août ; pointillés : week-ends et"
        " jours fériés. L'axe vertical ne part pas de zéro.",
        "Mean load at each hour. Winter: December to February; summer: June to August; dashed: weekends and public"
        " holidays. The vertical axis does not start at zero.",
    )
    name = f"profile-{code}"
    return Drawing(
        [Dataset(name, PROFILE, ("profile_code", "hour_of_day"), rows)],
        [Figure(name, "profile", title, how, {"main": name})],
    )


PANELS = (
    weather.CORRECTED_PANEL,
    Panel("years", Text("Consommation année par année", "Consumption year by year"), NEEDS, _years),
    Panel("months", Text("Profil mensuel", "Monthly profile"), NEEDS, _months),
    Panel("profile", Text("Profil horaire", "Hourly profile"), PROFILE_NEEDS, _profile),
)


def _ranking(warehouse: Warehouse, year: int) -> Drawing:
    rows = warehouse.rows(
        f"""
        select territory_code, territory_label_fr, period_year, energy_mwh, load_peak_mw,
            energy_mwh / 1e6 as _energy_twh
        from {MART}
        where period_kind_code = 'year' and territory_level_code = 'region' and period_year = ?
            and energy_mwh is not null
        order by energy_mwh desc, territory_code
        """,
        [year],
    )
    if not rows:
        return Drawing()
    title = sentence(
        "{name} consomme le plus : {energy} TWh en {year}",
        "{name} consumes most: {energy} TWh in {year}",
        name=rows[0]["territory_label_fr"],
        energy=(rows[0]["_energy_twh"], 0),
        year=str(year),
    )
    how = Text("Énergie consommée par région, en TWh.", "Energy consumed by region, in TWh.")
    return Drawing(
        [Dataset("year_ranking", RANKING, ("territory_code",), rows)],
        [Figure("year_ranking", "year_ranking", title, how, {"main": "year_ranking"}, span=years_span(rows))],
    )


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: what France consumed, when, and which regions consume most."""
    years = whole_years(warehouse, COUNTRY)
    if not years:
        return []
    drawing = drawn((*PANELS, weather.COLD_PANEL), warehouse, COUNTRY) + _ranking(warehouse, years[-1]["period_year"])
    return [
        Sheet(
            "consumption",
            VIEW.title,
            {
                "latest": years[-1],
                "first_year": years[0]["period_year"],
                "peak": max(years, key=lambda row: row["load_peak_mw"]),
                "figures": drawing.figures,
            },
            drawing.datasets,
        )
    ]


VIEW = View(
    "consumption",
    Text("Consommation", "Consumption"),
    "consumption.html",
    NEEDS,
    sheets,
    panels=(*PANELS, weather.COLD_PANEL),
)
