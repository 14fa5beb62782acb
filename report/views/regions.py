"""The list of regions, and one screen for each."""

from collections.abc import Sequence

from report import sensitivity, texts
from report.figures import Column, Dataset, Figure, Sheet, Text
from report.views.base import View
from report.warehouse import Row, Warehouse

DAILY_NEEDS = {
    "core.fct_daily_load": ("region_code", "date_day", "is_counted", "load_mean_mw"),
    "core.fct_daily_temperature": ("region_code", "date_day", "temperature_smoothed_c"),
    "core.dim_dates": ("date_day", "iso_weekday", "is_public_holiday"),
}
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
    )
}

DAYS_QUERY = """
    select
        strftime(load.date_day, '%Y-%m-%d') as date_day,
        temperature.temperature_smoothed_c,
        load.load_mean_mw,
        case
            when dates.iso_weekday = 7 or dates.is_public_holiday then 'sunday_or_holiday'
            when dates.iso_weekday = 6 then 'saturday'
            else 'weekday'
        end as day_kind
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
    Column("date_day", Text("Jour", "Day")),
    Column("temperature_smoothed_c", Text("Température lissée (°C)", "Smoothed temperature (°C)"), 1),
    Column("load_mean_mw", Text("Consommation moyenne du jour (MW)", "Mean consumption of the day (MW)"), 0),
    Column("day_kind", Text("Type de jour", "Kind of day")),
)
LINE = (
    Column("temperature_smoothed_c", Text("Température lissée (°C)", "Smoothed temperature (°C)"), 1),
    Column("load_fitted_mw", Text("Consommation modélisée (MW)", "Modelled consumption (MW)"), 0),
    Column("load_fitted_mw_ci95_low", Text("IC 95 %, bas (MW)", "95% CI, low (MW)"), 0),
    Column("load_fitted_mw_ci95_high", Text("IC 95 %, haut (MW)", "95% CI, high (MW)"), 0),
)
HOURS = (
    Column("hour_of_day", Text("Heure locale", "Local hour"), 0),
    Column("heating_hour_factor", Text("Facteur de l'heure", "Factor of the hour"), 2),
    Column("heating_hour_factor_ci95_low", Text("IC 95 %, bas", "95% CI, low"), 2),
    Column("heating_hour_factor_ci95_high", Text("IC 95 %, haut", "95% CI, high"), 2),
    Column("heating_slope_mw_per_c", Text("Sensibilité à cette heure (MW/°C)", "Sensitivity at that hour (MW/°C)"), 1),
)
SEASONS = (
    Column("window_code", Text("Saison", "Season")),
    Column("window_start_on", Text("Du", "From")),
    Column("window_end_on", Text("Au", "To")),
    *sensitivity.SLOPE,
    sensitivity.STATUS,
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
    points: list[Row] = []
    for step in warehouse.rows(LINE_QUERY, [heating_c, cooling_c, *span, heating_c, cooling_c]):
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
    return points


def _scatter(warehouse: Warehouse, row: Row) -> tuple[list[Dataset], list[Figure]]:
    code = row["territory_code"]
    if warehouse.missing(DAILY_NEEDS) or row["heating_slope_mw_per_c"] is None or row["window_start_on"] is None:
        return [], []
    days = warehouse.rows(DAYS_QUERY, [code, row["window_start_on"], row["window_end_on"]])
    if not days:
        return [], []
    return (
        [
            Dataset(f"days-{code}", DAYS, ("date_day",), days),
            Dataset(f"line-{code}", LINE, ("temperature_smoothed_c",), fitted_line(warehouse, row)),
        ],
        [
            Figure(
                f"days-{code}",
                "days",
                Text("Consommation selon la température", "Consumption against temperature"),
                Text(
                    "Nuage de points, un par jour, et droite ajustée qui monte quand il fait froid.",
                    "Scatter of days with the fitted line, which rises as it gets colder.",
                ),
                {"main": f"days-{code}", "line": f"line-{code}"},
            )
        ],
    )


def _hours(warehouse: Warehouse, row: Row) -> tuple[list[Dataset], list[Figure]]:
    code = row["territory_code"]
    if warehouse.missing(HOURLY_NEEDS):
        return [], []
    hours = warehouse.rows(
        f"""
        select {", ".join(column.name for column in HOURS)} from {HOURLY_MART}
        where territory_code = ? and client_type_code = 'all' and window_code = 'all'
            and heating_hour_factor is not null
        order by hour_of_day
        """,
        [code],
    )
    if not hours:
        return [], []
    return (
        [Dataset(f"hours-{code}", HOURS, ("hour_of_day",), hours)],
        [
            Figure(
                f"hours-{code}",
                "hours",
                Text("Les heures où le froid pèse le plus", "The hours when cold weighs most"),
                Text(
                    "Facteur de chaque heure sur la sensibilité du jour, avec l'intervalle à 95 %.",
                    "Factor of each hour on the sensitivity of the day, with the 95% interval.",
                ),
                {"main": f"hours-{code}"},
            )
        ],
    )


def season_figure(rows: Sequence[Row]) -> tuple[list[Dataset], list[Figure]]:
    """The dataset and chart of one territory's seasons; nothing where no season has a value to quote."""
    if not sensitivity.shown_on_chart(rows):
        return [], []
    code = rows[0]["territory_code"]
    return (
        [
            Dataset(f"seasons-{code}", SEASONS, ("window_code",), rows),
        ],
        [
            Figure(
                f"seasons-{code}",
                "seasons",
                Text("Hiver après hiver", "Winter after winter"),
                Text(
                    "Sensibilité de chaque saison, de juillet à juin, avec l'intervalle à 95 %.",
                    "Sensitivity of each season, July to June, with the 95% interval.",
                ),
                {"main": f"seasons-{code}"},
            )
        ],
    )


def region_sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen a region, in the order of the ranking."""
    by_specification = {
        specification: {row["territory_code"]: row for row in sensitivity.territories(warehouse, specification)}
        for specification in texts.SPECIFICATIONS
    }
    regions = [
        row
        for row in by_specification[sensitivity.PUBLISHED_SPECIFICATION].values()
        if row["territory_level_code"] == "region"
    ]
    seasons = sensitivity.by_season(warehouse)
    found: list[Sheet] = []
    for place, row in enumerate(regions):
        code = row["territory_code"]
        own_seasons = [season for season in seasons if season["territory_code"] == code]
        parts = [_scatter(warehouse, row), _hours(warehouse, row), season_figure(own_seasons)]
        found.append(
            Sheet(
                f"region/{code}",
                Text(row["territory_label_fr"], row["territory_label_fr"]),
                {
                    "row": row,
                    "rank": place + 1,
                    "regions_count": sum(1 for each in regions if sensitivity.quotable(each)),
                    "readings": [
                        (specification, rows[code]) for specification, rows in by_specification.items() if code in rows
                    ],
                    "reasons": texts.reasons(row["fit_reason_codes"]),
                    "unsure_seasons": [season for season in own_seasons if not sensitivity.quotable(season)],
                    "figures": [figure for _, drawn in parts for figure in drawn],
                    "previous": regions[place - 1] if place else None,
                    "next": regions[place + 1] if place + 1 < len(regions) else None,
                },
                [dataset for datasets, _ in parts for dataset in datasets],
            )
        )
    return found


def list_sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen with every region's figures and a link to its own screen."""
    rows = [row for row in sensitivity.territories(warehouse) if row["territory_level_code"] == "region"]
    return [Sheet("regions", LIST_VIEW.title, {"rows": rows})] if rows else []


LIST_VIEW = View("regions", Text("Régions", "Regions"), "regions.html", sensitivity.NEEDS, list_sheets)
REGION_VIEW = View(
    "region",
    Text("Pages des régions", "Pages of the regions"),
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
)
