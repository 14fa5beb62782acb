"""What cold weather makes of consumption: years at normal temperature, the peak of January, the coldest day."""

from dataelec.warehouse import Row, Warehouse
from report import numbers, sensitivity
from report.figures import LANGUAGES, Dataset, Drawing, Figure, TableColumn, Text, sentence, years_span
from report.views.base import COUNTRY, Panel

CORRECTED = "analysis.weather_corrected_load"
CHANGE = "energy_change_without_weather_pct"
YEAR = TableColumn("period_year", Text("Année", "Year"))
YEARS = (
    YEAR,
    TableColumn("energy_mwh", Text("Énergie (MWh)", "Energy (MWh)"), 0),
    TableColumn(
        "energy_at_normal_temperature_mwh",
        Text("Énergie à température normale (MWh)", "Energy at normal temperature (MWh)"),
        0,
    ),
    TableColumn("weather_effect_mwh", Text("Effet du temps (MWh)", "Effect of weather (MWh)"), 0),
    TableColumn("weather_effect_mwh_ci95_low", Text("IC 95 %, bas (MWh)", "95% CI, low (MWh)"), 0),
    TableColumn("weather_effect_mwh_ci95_high", Text("IC 95 %, haut (MWh)", "95% CI, high (MWh)"), 0),
    TableColumn(CHANGE, Text("Évolution hors effet du temps (%)", "Change without weather (%)"), 2),
    TableColumn(f"{CHANGE}_ci95_low", Text("IC 95 %, bas (%)", "95% CI, low (%)"), 2),
    TableColumn(f"{CHANGE}_ci95_high", Text("IC 95 %, haut (%)", "95% CI, high (%)"), 2),
    TableColumn("days_corrected_count", Text("Jours corrigés", "Days corrected"), 0),
)
NORMALS = {
    "years_held": Text("la moyenne des années étudiées", "the mean of the years studied"),
    "from_1991_to_2020": Text("la moyenne de 1991 à 2020", "the mean of 1991 to 2020"),
}
# What a reader looks for in the line.
EVENTS = {2020: Text("confinements", "lockdowns"), 2022: Text("prix, sobriété", "prices, saving")}
COLD = (
    YEAR,
    TableColumn("january_peak_on", Text("Pointe de janvier, le", "Peak of January, on")),
    TableColumn("hour_of_day", Text("Heure locale", "Local hour"), 0),
    TableColumn("load_peak_mw", Text("Pointe de janvier (MW)", "Peak of January (MW)"), 0),
    TableColumn("heating_at_peak_mw", Text("dont chauffage (MW)", "of which heating (MW)"), 0),
    TableColumn("heating_at_peak_mw_ci95_low", Text("IC 95 %, bas (MW)", "95% CI, low (MW)"), 0),
    TableColumn("heating_at_peak_mw_ci95_high", Text("IC 95 %, haut (MW)", "95% CI, high (MW)"), 0),
    TableColumn("heating_share_of_peak", Text("Part du chauffage (0 à 1)", "Share of heating (0 to 1)"), 3),
    TableColumn(
        "heating_share_of_peak_season_adjusted", Text("Part, saison mise à part", "Share, season set apart"), 3
    ),
    TableColumn("coldest_day_on", Text("Jour le plus froid", "Coldest day")),
    TableColumn("coldest_day_extra_load_mw", Text("MW de plus, ce jour", "MW more, that day"), 0),
    *sensitivity.TRUST,
)
# Heating is the slope times the degrees below the balance point: of each region for itself, since the cold is nowhere
# the same. A day that lacks a region is no day of France.
COLD_QUERY = f"""
    with regions as (
        select slopes.territory_code as region_code, slopes.heating_slope_mw_per_c, slopes.heating_balance_point_c
        from {sensitivity.MART} as slopes
        inner join core.dim_regions as regions on slopes.territory_code = regions.region_code
        where {sensitivity.REGIONS}
            and case when $code = '{COUNTRY}' then regions.is_load_published else regions.region_code = $code end
            and slopes.heating_fit_status in {sensitivity.QUOTABLE}
    ),
    degrees as (
        select temperature.date_day, regions.region_code, regions.heating_slope_mw_per_c,
            greatest(regions.heating_balance_point_c - temperature.temperature_smoothed_c, 0) as heating_degrees_c,
            count(temperature.temperature_smoothed_c) over (partition by temperature.date_day)
                = (select count(*) from core.dim_regions where $code = '{COUNTRY}' and is_load_published)
                or $code <> '{COUNTRY}' as is_complete
        from core.fct_daily_temperature as temperature
        inner join regions on temperature.region_code = regions.region_code
    ),
    days as (
        select date_day, sum(heating_slope_mw_per_c * heating_degrees_c) as extra_load_mw
        from degrees
        where is_complete
        group by all
    ),
    coldest as (
        select year(date_day) as period_year, arg_max(date_day, extra_load_mw) as coldest_day_on,
            max(extra_load_mw) as coldest_day_extra_load_mw
        from days
        group by all
    ),
    peaks as (
        select period_year, load_peak_mw, cast(load_peak_at_utc at time zone 'Europe/Paris' as date) as january_peak_on,
            hour(load_peak_at_utc at time zone 'Europe/Paris') as hour_of_day
        from analysis.consumption_by_period
        where period_kind_code = 'month' and period_of_year_code = '01' and is_complete and territory_code = $code
    ),
    heating as (
        select peaks.period_year, sum(hourly.heating_slope_mw_per_c * degrees.heating_degrees_c) as heating_at_peak_mw
        from peaks
        inner join degrees on peaks.january_peak_on = degrees.date_day and degrees.is_complete
        inner join analysis.weather_sensitivity_hourly as hourly
            on degrees.region_code = hourly.territory_code and peaks.hour_of_day = hourly.hour_of_day
        where hourly.client_type_code = 'all' and hourly.window_code = 'all'
        group by all
    )
    select peaks.*, heating.heating_at_peak_mw,
        heating.heating_at_peak_mw * own.heating_slope_mw_per_c_ci95_low / own.heating_slope_mw_per_c
            as heating_at_peak_mw_ci95_low,
        heating.heating_at_peak_mw * own.heating_slope_mw_per_c_ci95_high / own.heating_slope_mw_per_c
            as heating_at_peak_mw_ci95_high,
        heating.heating_at_peak_mw / peaks.load_peak_mw as heating_share_of_peak,
        heating.heating_at_peak_mw / peaks.load_peak_mw * adjusted.heating_slope_mw_per_c / own.heating_slope_mw_per_c
            as heating_share_of_peak_season_adjusted,
        coldest.coldest_day_on, coldest.coldest_day_extra_load_mw, own.heating_fit_status, own.fit_reason_codes
    from peaks
    inner join heating on peaks.period_year = heating.period_year
    inner join coldest on peaks.period_year = coldest.period_year
    inner join {sensitivity.MART} as own
        on own.territory_code = $code and own.client_type_code = 'all' and own.window_code = 'all'
        and own.specification_code = '{sensitivity.PUBLISHED_SPECIFICATION}'
    left join {sensitivity.MART} as adjusted
        on adjusted.territory_code = $code and adjusted.client_type_code = 'all' and adjusted.window_code = 'all'
        and adjusted.specification_code = 'season_adjusted'
        and adjusted.heating_fit_status in {sensitivity.QUOTABLE}
    order by peaks.period_year
"""
COLD_NEEDS = {
    **sensitivity.NEEDS,
    "analysis.weather_sensitivity_hourly": ("territory_code", "hour_of_day", "heating_slope_mw_per_c"),
    "analysis.consumption_by_period": ("load_peak_mw", "load_peak_at_utc", "is_complete"),
    "core.fct_daily_temperature": ("region_code", "date_day", "temperature_smoothed_c"),
    "core.dim_regions": ("region_code", "is_load_published"),
}


def _corrected(warehouse: Warehouse, code: str) -> Drawing:
    rows = warehouse.rows(
        f"""
        select {", ".join(column.name for column in YEARS)}, energy_mwh / 1e6 as _energy_twh,
            energy_at_normal_temperature_mwh / 1e6 as _normal_twh, normal_kind_code as _normal_kind_code
        from {CORRECTED}
        where period_kind_code = 'year' and territory_code = ? and energy_at_normal_temperature_mwh is not null
            and days_corrected_count >= 0.95 * days_in_period_count
        order by period_year
        """,
        [code],
    )
    if len(rows) < 2:
        return Drawing()
    last = rows[-1]
    title = sentence(
        "À température normale : {energy} TWh en {year}{change}",
        "At normal temperature: {energy} TWh in {year}{change}",
        energy=(last["_normal_twh"], 0 if last["_normal_twh"] >= 100 else 1),
        year=str(last["period_year"]),
        change=_change(last, ", {change} % sur un an", ", {change}% on the year before", 1),
    )
    how = sentence(
        "Trait bleu : ce que chaque année aurait consommé à température normale ({normal}) ;"
        " gris : ce qu'elle a consommé. En TWh ; l'axe vertical ne part pas de zéro.{change}",
        "Blue: what each year would have used at normal temperature ({normal}); grey: what it"
        " used. In TWh; the vertical axis does not start at zero.{change}",
        normal=NORMALS[str(last["_normal_kind_code"])],
        change=_change(
            last,
            " Évolution sur un an : {change} %, intervalle à 95 % {low} à {high} %, qui ne tient compte que de la"
            " sensibilité : une autre normale ou un autre périmètre peuvent compter davantage.",
            " Change on the year before: {change}%, 95% interval {low} to {high}%, which reflects the sensitivity"
            " alone: another normal or scope may matter more.",
            2,
        ),
    )
    name = f"corrected-{code}"
    noted = [
        row
        | {
            f"_{language}": EVENTS[year].to(language) if (year := row["period_year"]) in EVENTS else None
            for language in LANGUAGES
        }
        for row in rows
    ]
    return Drawing(
        [Dataset(name, YEARS, ("period_year",), noted)],
        [Figure(name, "corrected", title, how, {"main": name}, span=years_span(rows))],
    )


def _change(row: Row, fr: str, en: str, digits: int) -> Text:
    """What a sentence says of the change on the year before; nothing where that year is not corrected."""
    ends = {"change": CHANGE, "low": f"{CHANGE}_ci95_low", "high": f"{CHANGE}_ci95_high"}
    if any(row[column] is None for column in ends.values()):
        return Text("", "")
    signed = {
        name: Text(*(numbers.number(row[column], language, digits, signed=True) for language in LANGUAGES))
        for name, column in ends.items()
    }
    return sentence(fr, en, **signed)


def cold_years(warehouse: Warehouse, code: str) -> list[Row]:
    """One row a year: the peak of January with the part of heating, and the coldest day; none without a slope."""
    if warehouse.missing(COLD_NEEDS):
        return []
    return [
        row for row in warehouse.rows(COLD_QUERY, {"code": code}) if row["heating_fit_status"] in sensitivity.QUOTABLE
    ]


def share_of_peak(row: Row) -> Text:
    """The share of heating in a peak, %: a range, since season and daylight may be part of the cold or not."""
    shares = {
        row["heating_share_of_peak"],
        row["heating_share_of_peak_season_adjusted"] or row["heating_share_of_peak"],
    }
    ends = [{numbers.number(100 * each, language): None for each in sorted(shares)} for language in LANGUAGES]
    return Text(" à ".join(ends[0]), " to ".join(ends[1]))


def _cold(warehouse: Warehouse, code: str) -> Drawing:
    rows = [
        row
        | {"_day_" + language: numbers.day(row["coldest_day_on"], language) for language in LANGUAGES}
        | {"_rest_mw": row["load_peak_mw"] - row["heating_at_peak_mw"]}
        for row in cold_years(warehouse, code)
    ]
    if not rows:
        return Drawing()
    coldest = max(rows, key=lambda row: float(row["coldest_day_extra_load_mw"]))
    january = sentence(
        "Au pic de janvier {year}, le chauffage fait environ {share} % de la consommation",
        "At the peak of January {year}, heating was about {share}% of the load",
        year=str(rows[-1]["period_year"]),
        share=share_of_peak(rows[-1]),
    )
    day = sentence(
        "Le jour le plus froid, le {day}, a demandé environ {load} MW de plus",
        "The coldest day, {day}, drew about {load} MW more",
        day=Text(*(numbers.day(coldest["coldest_day_on"], language) for language in LANGUAGES)),
        load=numbers.supported(coldest["coldest_day_extra_load_mw"], 0, coldest["coldest_day_extra_load_mw"] / 5),
    )
    of_january = Text(
        "La demi-heure la plus chargée de chaque janvier, en MW ; en rouge, la part du chauffage : la sensibilité de"
        " cette heure, fois les degrés sous le seuil, saison et durée du jour comprises ; le tableau donne la"
        " part sans elles.",
        "The busiest half-hour of each January, in MW; in red, the part of heating: the sensitivity of that hour times"
        " the degrees below the balance point, season and daylight included; the table has the share without them.",
    )
    of_day = Text(
        "MW de plus que sans chauffage, en moyenne sur le jour le plus froid de chaque année : la sensibilité, fois les"
        " degrés sous le seuil.",
        "MW more than without heating, on average over the coldest day of each year: the sensitivity times the degrees"
        " below the balance point.",
    )
    name, span = f"january-{code}", years_span(rows)
    return Drawing(
        [Dataset(name, COLD, ("period_year",), rows)],
        [
            Figure(name, "january", january, of_january, {"main": name}, span=span),
            Figure(f"coldest-{code}", "coldest", day, of_day, {"main": name}, span=span),
        ],
    )


CORRECTED_PANEL = Panel(
    "corrected",
    Text("Années à température normale", "Years at normal temperature"),
    {
        CORRECTED: (
            "territory_code",
            "period_kind_code",
            "days_in_period_count",
            "normal_kind_code",
            *(column.name for column in YEARS),
        )
    },
    _corrected,
)
COLD_PANEL = Panel(
    "cold", Text("Pic de janvier et jour le plus froid", "Peak of January and coldest day"), COLD_NEEDS, _cold
)
