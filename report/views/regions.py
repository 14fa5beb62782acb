"""The list of regions, and one screen for each."""

from collections.abc import Sequence

from dataelec.warehouse import Row, Warehouse
from report import headlines, numbers, sensitivity
from report.figures import LANGUAGES, Dataset, Drawing, Figure, Sheet, TableColumn, Text, sentence
from report.labels import Labels
from report.views import clients, consumption, enedis, production, weather
from report.views.base import COUNTRY, Panel, View, drawn

DAILY_NEEDS = {
    "core.fct_daily_load": ("region_code", "date_day", "is_counted", "load_mean_mw"),
    "core.fct_daily_temperature": ("region_code", "date_day", "temperature_smoothed_c"),
    "core.dim_dates": ("date_day", "iso_weekday", "is_public_holiday"),
}
SLOPE = "heating_slope_mw_per_c"
HOURS_IN_DAY = 24
HOURLY_MART = "analysis.weather_sensitivity_hourly"
HOURLY_NEEDS = {
    HOURLY_MART: (
        "territory_code",
        "client_type_code",
        "window_code",
        "hour_of_day",
        "heating_slope_mw_per_c",
        "heating_hour_factor",
        "heating_hour_factor_ci95_low",
        "heating_hour_factor_ci95_high",
        "heating_fit_status",
        "fit_reason_codes",
    )
}
SEASON_NEEDS = {sensitivity.MART: (*sensitivity.NEEDS[sensitivity.MART], "days_used_count")}

DAYS_QUERY = """
    select
        strftime(load.date_day, '%Y-%m-%d') as date_day,
        temperature.temperature_smoothed_c,
        load.load_mean_mw,
        case
            when dates.iso_weekday >= 6 or dates.is_public_holiday then 'other_day' else 'working_day'
        end as day_kind_code
    from core.fct_daily_load as load
    inner join core.fct_daily_temperature as temperature
        on load.region_code = temperature.region_code and load.date_day = temperature.date_day
    inner join core.dim_dates as dates on load.date_day = dates.date_day
    where load.region_code = ? and load.date_day between ? and ?
        and load.is_counted and temperature.temperature_smoothed_c is not null
    order by load.date_day
"""
# Least squares passes through the means, whatever the calendar: the line of an average day needs the slopes, the
# mean load and the mean degrees of the days used, and nothing that the mart does not publish.
LINE_QUERY = """
    with means as (
        select
            avg(load.load_mean_mw) as load_mw,
            avg(greatest(?::double - temperature.temperature_smoothed_c, 0)) as heating_c,
            avg(greatest(temperature.temperature_smoothed_c - ?::double, 0)) as cooling_c,
            floor(min(temperature.temperature_smoothed_c)) as coldest_c,
            ceil(max(temperature.temperature_smoothed_c)) as hottest_c
        from core.fct_daily_load as load
        inner join core.fct_daily_temperature as temperature
            on load.region_code = temperature.region_code and load.date_day = temperature.date_day
        where load.region_code = ? and load.date_day between ? and ?
            and load.is_counted and temperature.temperature_smoothed_c is not null
    )
    select
        step.range / 2.0 as temperature_smoothed_c,
        greatest(?::double - step.range / 2.0, 0) - heating_c as heating_from_mean_c,
        greatest(step.range / 2.0 - ?::double, 0) - cooling_c as cooling_from_mean_c,
        load_mw
    from means, range((2 * coldest_c)::bigint, (2 * hottest_c)::bigint + 1) as step
"""
NEVER_C = 1000.0  # a balance point that no temperature reaches: the term that was dropped stays zero

DAYS = (
    TableColumn("date_day", Text("Jour", "Day")),
    TableColumn("temperature_smoothed_c", Text("Température lissée (°C)", "Smoothed temperature (°C)"), 1),
    TableColumn("load_mean_mw", Text("Consommation moyenne du jour (MW)", "Mean load of the day (MW)"), 0),
    TableColumn("day_kind_code", Text("Type de jour", "Day type")),
)
LINE = (
    TableColumn("temperature_smoothed_c", Text("Température lissée (°C)", "Smoothed temperature (°C)"), 1),
    TableColumn("load_fitted_mw", Text("Consommation modélisée (MW)", "Modelled load (MW)"), 0),
    TableColumn("load_fitted_mw_ci95_low", Text("IC 95 %, bas (MW)", "95% CI, low (MW)"), 0),
    TableColumn("load_fitted_mw_ci95_high", Text("IC 95 %, haut (MW)", "95% CI, high (MW)"), 0),
)
HOURS = (
    TableColumn("hour_of_day", Text("Heure locale", "Local hour"), 0),
    TableColumn("heating_hour_factor", Text("Facteur de l'heure", "Hour factor"), 2),
    TableColumn("heating_hour_factor_ci95_low", Text("IC 95 %, bas", "95% CI, low"), 2),
    TableColumn("heating_hour_factor_ci95_high", Text("IC 95 %, haut", "95% CI, high"), 2),
    TableColumn(
        "heating_slope_mw_per_c", Text("Sensibilité à cette heure (MW/°C)", "Sensitivity at that hour (MW/°C)"), 1
    ),
    *sensitivity.TRUST,
)
SEASONS = (
    TableColumn("window_code", Text("Saison", "Season")),
    TableColumn("window_start_on", Text("Du", "From")),
    TableColumn("window_end_on", Text("Au", "To")),
    *sensitivity.SLOPE,
    *sensitivity.TRUST,
)

OVERSEAS_MART = "analysis.overseas_sensitivity"
OVERSEAS = (
    sensitivity.CODE,
    sensitivity.TERRITORY,
    TableColumn("cooling_slope_mw_per_c", Text("Climatisation (MW/°C)", "Cooling (MW/°C)"), 1),
    TableColumn("cooling_slope_mw_per_c_ci95_low", Text("IC 95 %, bas (MW/°C)", "95% CI, low (MW/°C)"), 1),
    TableColumn("cooling_slope_mw_per_c_ci95_high", Text("IC 95 %, haut (MW/°C)", "95% CI, high (MW/°C)"), 1),
    TableColumn(
        "cooling_slope_pct_of_mean_load_per_c", Text("En % de la moyenne, par °C", "In % of the mean, per °C"), 2
    ),
    TableColumn("load_mean_mw", Text("Consommation moyenne (MW)", "Mean consumption (MW)"), 0),
    TableColumn("cooling_fit_status", Text("Statut (climatisation)", "Status (cooling)")),
    sensitivity.REASONS,
)


def fitted_line(warehouse: Warehouse, row: Row) -> list[Row]:
    """The fitted mean load of an average day, MW, every half degree, with the band that the slope's interval makes."""
    heating_c = row["heating_balance_point_c"]
    has_cooling = row["cooling_slope_mw_per_c"] is not None and row["cooling_balance_point_c"] is not None
    cooling_c = row["cooling_balance_point_c"] if has_cooling else NEVER_C
    span = [row["territory_code"], row["window_start_on"], row["window_end_on"]]
    slopes = (row["heating_slope_mw_per_c"], row["cooling_slope_mw_per_c"] if has_cooling else 0.0)
    half_widths = (
        row["heating_slope_mw_per_c_ci95_high"] - slopes[0],
        row["cooling_slope_mw_per_c_ci95_high"] - slopes[1] if has_cooling else 0.0,
    )
    # A cooling slope that may not be quoted is not drawn either: neither as a slope nor as a flat line.
    ends_c = NEVER_C if sensitivity.quotable(row, "cooling") else sensitivity.COOLING_ABOVE_C
    points: list[Row] = []
    for step in warehouse.rows(LINE_QUERY, [heating_c, cooling_c, *span, heating_c, cooling_c]):
        if step["temperature_smoothed_c"] > ends_c:
            continue
        degrees = (step["heating_from_mean_c"], step["cooling_from_mean_c"])
        fitted = step["load_mw"] + slopes[0] * degrees[0] + slopes[1] * degrees[1]
        band = sum((width * degree) ** 2 for width, degree in zip(half_widths, degrees, strict=True)) ** 0.5
        points.append(
            {
                "temperature_smoothed_c": step["temperature_smoothed_c"],
                "load_fitted_mw": fitted,
                "load_fitted_mw_ci95_low": fitted - band,
                "load_fitted_mw_ci95_high": fitted + band,
            }
        )
    return sorted(points, key=lambda point: float(point["temperature_smoothed_c"]))


def _answer(warehouse: Warehouse, code: str) -> Row:
    """The row of a territory over the whole period."""
    return next(row for row in sensitivity.territories(warehouse) if row["territory_code"] == code)


def _days(warehouse: Warehouse, code: str) -> Drawing:
    row = _answer(warehouse, code)
    if not sensitivity.quotable(row) or row["window_start_on"] is None:
        return Drawing()
    days = warehouse.rows(DAYS_QUERY, [code, row["window_start_on"], row["window_end_on"]])
    if not days:
        return Drawing()
    line = fitted_line(warehouse, row)
    slope = sentence("+{slope} MW par °C plus froid", "+{slope} MW per °C colder", slope=(row[SLOPE], 0))
    threshold = sentence(
        "seuil : {degrees} °C", "balance point: {degrees} °C", degrees=(row["heating_balance_point_c"], 0)
    )
    coldest = line[0]
    note = {
        # Right of the line at its upper end no day lies.
        "_x": coldest["temperature_smoothed_c"] * 0.8 + row["heating_balance_point_c"] * 0.2,
        "_y": coldest["load_fitted_mw"],
        "_threshold_c": row["heating_balance_point_c"],
        "_slope_fr": slope.fr,
        "_slope_en": slope.en,
        "_threshold_fr": threshold.fr,
        "_threshold_en": threshold.en,
    }
    return Drawing(
        [
            Dataset(f"days-{code}", DAYS, ("date_day",), days),
            Dataset(f"line-{code}", LINE, ("temperature_smoothed_c",), line),
            Dataset(f"note-{code}", (), (), [note]),
        ],
        [
            Figure(
                f"days-{code}",
                "days",
                Text("Plus il fait froid, plus on consomme", "The colder it gets, the higher the load"),
                Text(
                    "Un point par jour. Ligne : le modèle pour un jour moyen ; bande : intervalle à 95 %. L'axe"
                    " vertical ne part pas de zéro.",
                    "One point per day. Line: the model for an average day; band: 95% interval. The vertical axis does"
                    " not start at zero.",
                ),
                {"main": f"days-{code}", "line": f"line-{code}", "note": f"note-{code}"},
            )
        ],
    )


def hour_summits(rows: Sequence[Row]) -> tuple[Row, Row]:
    """The hours of the morning and of the rest of the day at which each degree adds most."""
    morning = [row for row in rows if row["hour_of_day"] < 12]
    evening = [row for row in rows if row["hour_of_day"] >= 12]
    return max(morning, key=_factor), max(evening, key=_factor)


def _factor(row: Row) -> float:
    return float(row["heating_hour_factor"])


def hours_of(warehouse: Warehouse, code: str) -> list[Row]:
    """The factor of each hour of a territory over the whole period; nothing unless all 24 may be quoted."""
    rows = warehouse.rows(
        f"""
        select {", ".join(column.name for column in HOURS)} from {HOURLY_MART}
        where territory_code = ? and client_type_code = 'all' and window_code = 'all'
            and heating_hour_factor is not null
        order by hour_of_day
        """,
        [code],
    )
    return rows if len(rows) == HOURS_IN_DAY and all(map(sensitivity.quotable, rows)) else []


def _hours(warehouse: Warehouse, code: str) -> Drawing:
    rows = hours_of(warehouse, code)
    if not rows:
        return Drawing()
    summits = hour_summits(rows)
    is_country = code == COUNTRY
    title = sentence(
        "{where} froid pèse le plus à {morning} h et à {evening} h",
        "{where} adds most load at {morning}:00 and {evening}:00",
        where=Text("En France, le", "In France, cold weather") if is_country else Text("Le", "Cold weather"),
        morning=str(summits[0]["hour_of_day"]),
        evening=str(summits[1]["hour_of_day"]),
    )
    how = Text(
        "À 1,10, un degré de moins pèse 10 % de plus à cette heure qu'en moyenne. Bande : intervalle à 95 %. L'axe"
        " vertical ne part pas de zéro.",
        "At 1.10, each degree colder adds 10% more at that hour than on average. Band: 95% interval. The vertical axis"
        " does not start at zero.",
    )
    marked = [
        row
        | {
            f"_{language}": numbers.number(row["heating_hour_factor"], language, 2) if row in summits else None
            for language in LANGUAGES
        }
        for row in rows
    ]
    name = f"hours-{code}"
    return Drawing(
        [Dataset(name, HOURS, ("hour_of_day",), marked)], [Figure(name, "hours", title, how, {"main": name})]
    )


def _seasons(warehouse: Warehouse, code: str) -> Drawing:
    rows = [row for row in sensitivity.by_season(warehouse) if row["territory_code"] == code]
    if not sensitivity.shown_on_chart(rows):
        return Drawing()
    labels = Labels.read(warehouse)
    unsure = [
        Text(
            f"{row['_season']} ({labels.of('heating_fit_status', row['heating_fit_status']).fr})",
            f"{row['_season']} ({labels.of('heating_fit_status', row['heating_fit_status']).en})",
        )
        for row in rows
        if not sensitivity.quotable(row)
    ]
    absent = Text(", ".join(each.fr for each in unsure), ", ".join(each.en for each in unsure))
    how = sentence(
        "MW par °C de chaque saison, avec l'intervalle à 95 %." + (" Non montrées : {absent}." if unsure else ""),
        "MW per °C of each season, with the 95% interval." + (" Not shown: {absent}." if unsure else ""),
        absent=absent,
    )
    shown = sensitivity.shown_on_chart(rows)
    slopes = [row[SLOPE] for row in shown]
    is_one = max(row[f"{SLOPE}_ci95_low"] for row in shown) <= min(row[f"{SLOPE}_ci95_high"] for row in shown)
    title = sentence(
        "D'un hiver à l'autre : de {low} à {high} MW par °C{none}",
        "From winter to winter: {low} to {high} MW per °C{none}",
        none=Text(", sans différence établie", ", no difference established") if is_one and len(shown) > 1 else "",
        low=(min(slopes), 1 if min(slopes) < 20 else 0),
        high=(max(slopes), 1 if min(slopes) < 20 else 0),
    )
    name = f"seasons-{code}"
    return Drawing(
        [Dataset(name, SEASONS, ("window_code",), rows)],
        [Figure(name, "seasons", title, how, {"main": name})],
    )


def _overseas(warehouse: Warehouse, _: str) -> Drawing:
    rows = warehouse.rows(
        f"select {', '.join(column.name for column in OVERSEAS)}, territory_label_fr as _name_fr,"
        f" territory_label_fr as _name_en from {OVERSEAS_MART} order by cooling_slope_mw_per_c desc nulls last"
    )
    if not any(sensitivity.quotable(row, "cooling") for row in rows):
        return Drawing()
    labels = Labels.read(warehouse)
    refused = [row for row in rows if not sensitivity.quotable(row, "cooling")]
    reasons = [labels.joined("fit_reason_codes", row["fit_reason_codes"]) for row in refused]
    absent = Text(
        *(
            " ; ".join(
                f"{row['territory_label_fr']} ({reason.to(language)})"
                for row, reason in zip(refused, reasons, strict=True)
            )
            for language in LANGUAGES
        )
    )
    how = sentence(
        "MW par °C au-dessus de 22 °C, avec l'intervalle à 95 %. Pas de chauffage ; ces régions ne comptent pas dans la"
        " France de cette page." + (" Non montrées : {absent}." if refused else ""),
        "MW per °C above 22 °C, with the 95% interval. No heating; these regions do not count in the France of this"
        " page." + (" Not shown: {absent}." if refused else ""),
        absent=absent,
    )
    title = Text("Outre-mer, c'est la chaleur qui compte", "Overseas it is heat that counts")
    return Drawing(
        [Dataset("overseas", OVERSEAS, ("territory_code",), rows)],
        [Figure("overseas", "overseas", title, how, {"main": "overseas"})],
    )


OVERSEAS_PANEL = Panel(
    "overseas",
    Text("Climatisation outre-mer", "Cooling overseas"),
    {OVERSEAS_MART: tuple(column.name for column in OVERSEAS)},
    _overseas,
)
HOURS_PANEL = Panel("hours", Text("Sensibilité heure par heure", "Sensitivity hour by hour"), HOURLY_NEEDS, _hours)
SEASONS_PANEL = Panel("seasons", Text("Sensibilité par saison", "Sensitivity by season"), SEASON_NEEDS, _seasons)
SENSITIVITY_PANELS = (
    Panel("days", Text("Consommation selon la température", "Load against temperature"), DAILY_NEEDS, _days),
    HOURS_PANEL,
    SEASONS_PANEL,
    weather.COLD_PANEL,
    enedis.SLOPES_PANEL,
)


def region_sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen a region, in the order of the ranking."""
    labels = Labels.read(warehouse)
    by_specification = {
        specification: {row["territory_code"]: row for row in sensitivity.territories(warehouse, specification)}
        for specification in sensitivity.specifications(warehouse)
    }
    regions = [
        row
        for row in by_specification[sensitivity.PUBLISHED_SPECIFICATION].values()
        if row["territory_level_code"] == "region"
    ]
    ranked = [row for row in regions if sensitivity.quotable(row)]
    told = headlines.read(warehouse, sensitivity.MEASURES[:1])
    found: list[Sheet] = []
    for place, row in enumerate(regions):
        code = row["territory_code"]
        cold = drawn(SENSITIVITY_PANELS, warehouse, code)
        use = drawn((*consumption.PANELS, clients.PANEL, enedis.MONTHS_PANEL, production.PANEL), warehouse, code)
        found.append(
            Sheet(
                f"region/{code}",
                Text(row["territory_label_fr"], row["territory_label_fr"]),
                {
                    "row": row,
                    "headline": told[code][0],
                    "ranks": sensitivity.rank_span(row, ranked, "heating_slope_mw_per_c"),
                    "regions_count": len(ranked),
                    "readings": [
                        (specification, rows[code]) for specification, rows in by_specification.items() if code in rows
                    ],
                    "reasons": labels.listed("fit_reason_codes", row["fit_reason_codes"]),
                    "clients_total": clients.total_of_latest_year(warehouse, code),
                    "cold": cold.figures,
                    "use": use.figures,
                    "figures": (cold + use).figures,
                    "previous": regions[place - 1] if place else None,
                    "next": regions[place + 1] if place + 1 < len(regions) else None,
                },
                (cold + use).datasets,
            )
        )
    return found


def list_sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen with every region's figures and a link to its own screen, and the regions overseas."""
    rows = [row for row in sensitivity.territories(warehouse) if row["territory_level_code"] == "region"]
    overseas = drawn((OVERSEAS_PANEL,), warehouse, COUNTRY)
    values = {"rows": rows, "figures": overseas.figures}
    return [Sheet("regions", LIST_VIEW.title, values, overseas.datasets)] if rows else []


LIST_VIEW = View(
    "regions",
    Text("Régions", "Regions"),
    "regions.html",
    sensitivity.NEEDS,
    list_sheets,
    panels=(OVERSEAS_PANEL,),
)
REGION_VIEW = View(
    "region",
    Text("Pages des régions", "Region pages"),
    "region.html",
    {
        sensitivity.MART: (
            *sensitivity.NEEDS[sensitivity.MART],
            "days_used_count",
            "days_expected_count",
            "cooling_balance_point_c",
            "within_r2_share",
            "cv_rmse_pct",
            "hold_out_cv_rmse_pct",
        )
    },
    region_sheets,
    in_menu=False,
    panels=SENSITIVITY_PANELS,
)
