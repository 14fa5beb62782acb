"""The days ahead: fans of the newest forecasts, and how far off such forecasts were."""

from collections.abc import Sequence

from dataelec.warehouse import Row, Warehouse
from report import numbers
from report.figures import LANGUAGES, Dataset, Drawing, Sheet, TableColumn, Text, sentence
from report.sensitivity import CODE, TERRITORY
from report.views import by_territory
from report.views.base import COUNTRY, View

DAYS, HALF_HOURS, SCORES = "analysis.load_forecast", "analysis.half_hourly_load_forecast", "analysis.forecast_score"
TERRITORIES = "core.dim_territories"
DAY = TableColumn("date_day", Text("Jour", "Day"))
ISSUED = TableColumn("issued_on", Text("Prévu le", "Issued on"))


def _fan_columns(field: str, unit: str, actual: str) -> tuple[TableColumn, ...]:
    return (
        TableColumn(field, Text(f"Prévu ({unit})", f"Forecast ({unit})"), 0),
        *(
            TableColumn(f"{field}_ci{level}_{end}", Text(f"{level} %, {fr}", f"{level}%, {end}"), 0)
            for level in (80, 95)
            for end, fr in (("low", "bas"), ("high", "haut"))
        ),
        TableColumn(actual, Text(f"Mesuré ({unit})", f"Measured ({unit})"), 0),
    )


DAY_COLUMNS = (CODE, TERRITORY, ISSUED, DAY, *_fan_columns("energy_forecast_mwh", "MWh", "energy_mwh"))
HALF_HOUR_COLUMNS = (
    *(CODE, TERRITORY, ISSUED, TableColumn("period_start_at_utc", Text("Demi-heure (UTC)", "Half-hour (UTC)"))),
    *_fan_columns("load_forecast_mw", "MW", "load_mw"),
)
SCORE_COLUMNS = (
    CODE,
    TERRITORY,
    TableColumn("forecast_code", Text("Prévision", "Forecast")),
    TableColumn("days_count", Text("Jours", "Days"), 0),
    TableColumn("mape_pct", Text("Erreur moyenne du jour (%)", "Mean error of the day (%)"), 2),
    TableColumn("level_corrected_mape_pct", Text("au niveau corrigé (%)", "level corrected (%)"), 2),
    TableColumn("half_hourly_mape_pct", Text("des demi-heures (%)", "of half-hours (%)"), 2),
    TableColumn("bias_pct", Text("Biais (%)", "Bias (%)"), 2),
    TableColumn("coverage_80_pct", Text("Dans les 80 % (%)", "Within the 80% (%)"), 1),
    TableColumn("coverage_95_pct", Text("Dans les 95 % (%)", "Within the 95% (%)"), 1),
)
# Of the newest day of issue that reaches as far as any does; France first.
ROWS = """
    select {columns}, {drawn}
    from {mart} as forecast
    inner join core.dim_territories using (territory_level_code, territory_code)
    where {chosen}
    order by territory_code <> 'FR', territory_label_fr, {order}
"""
NEWEST = """issued_on = (
    select max(issued_on) from {mart} where horizon_days = (select max(horizon_days) from {mart})
)"""


# Of the newest year that is nearly whole, else of the newest.
NEWEST_YEAR = """horizon_days = 1 and period_kind_code = 'year' and period_code = (
    select max_by(period_code, (days_count >= 350, period_code)) from {mart} where period_kind_code = 'year'
)"""


def _rows(
    warehouse: Warehouse, mart: str, columns: Sequence[TableColumn], drawn: str, order: str, chosen: str = NEWEST
) -> list[Row]:
    names = ", ".join(column.name for column in columns)
    return warehouse.rows(
        ROWS.format(mart=mart, columns=names, drawn=drawn, order=order, chosen=chosen.format(mart=mart))
    )


def _highest(rows: Sequence[Row], field: str) -> tuple[Row, dict[str, tuple[float, int]]] | None:
    """The row to come with the highest value; that and its interval in the next larger unit, a decimal if small."""
    known = [row for row in rows if row[f"{field}_ci95_low"] is not None]
    if not known:
        return None
    most = max(known, key=lambda row: float(row[field]))
    digits = 1 if most[field] < 100_000 else 0
    ends = {"value": field, "low": f"{field}_ci95_low", "high": f"{field}_ci95_high"}
    return most, {end: (most[column] / 1_000, digits) for end, column in ends.items()}


def _most_energy(rows: Sequence[Row]) -> Text | None:
    """The day with most energy of those to come, with its interval."""
    if not (found := _highest(rows, "energy_forecast_mwh")):
        return None
    most, figures = found
    return sentence(
        "Jour le plus chargé, le {day} : {value} GWh, entre {low} et {high}",
        "Heaviest day, {day}: {value} GWh, between {low} and {high}",
        day=Text(*(numbers.day(most["date_day"], language) for language in LANGUAGES)),
        **figures,
    )


def _peak(rows: Sequence[Row]) -> Text | None:
    """The half-hour with the highest load of those to come, with its interval."""
    if not (found := _highest(rows, "load_forecast_mw")):
        return None
    return sentence(
        "Pointe prévue : {value} GW, entre {low} et {high}",
        "Peak forecast: {value} GW, between {low} and {high}",
        **found[1],
    )


def _beside_another(rows: Sequence[Row]) -> Text | None:
    """How far off ours is, beside RTE's where there is one, else the worst of the simple ones."""
    own = next((row for row in rows if row["forecast_code"] == "dataelec"), None)
    others = [row for row in rows if not row["forecast_code"].startswith("dataelec")]
    if not own or not others:
        return None
    other = next((row for row in others if row["forecast_code"] == "rte"), others[-1])
    return sentence(
        "{own} : {error} % d'erreur en moyenne ; {other} : {others_error} %",
        "{own}: {error}% off on average; {other}: {others_error}%",
        own=by_territory.name(own),
        other=by_territory.name(other),
        error=(own["mape_pct"], 1),
        others_error=(other["mape_pct"], 1),
    )


def _days(warehouse: Warehouse) -> Drawing:
    rows = _rows(warehouse, DAYS, DAY_COLUMNS, "cast(date_day as varchar) || 'T00:00' as _day", "date_day")
    return by_territory.drawing(
        Dataset("days_ahead", DAY_COLUMNS, ("territory_code", "date_day"), rows),
        Text("Les jours à venir", "The days ahead"),
        Text(
            "Énergie de chaque jour, avec les intervalles à 80 et 95 % ; en noir, ce qui a été mesuré depuis. Avec"
            " les températures que contient le lac de données.",
            "Energy of each day, with the intervals of 80 and 95%; in black, what was measured since. With the"
            " temperatures that the data lake holds.",
        ),
        _most_energy,
    )


def _half_hours(warehouse: Warehouse) -> Drawing:
    local = "strftime(period_start_at_utc at time zone 'Europe/Paris', '%Y-%m-%dT%H:%M') as _local"
    rows = _rows(warehouse, HALF_HOURS, HALF_HOUR_COLUMNS, local, "period_start_at_utc")
    return by_territory.drawing(
        Dataset("half_hours_ahead", HALF_HOUR_COLUMNS, ("territory_code", "period_start_at_utc"), rows),
        Text("Demain et après-demain", "Tomorrow and the day after"),
        Text(
            "Puissance de chaque demi-heure, avec les intervalles à 80 et 95 % ; en noir, ce qui a été mesuré depuis.",
            "Load of each half-hour, with the intervals of 80 and 95%; in black, what was measured since.",
        ),
        _peak,
    )


def _scores(warehouse: Warehouse) -> Drawing:
    rows = _rows(warehouse, SCORES, SCORE_COLUMNS, "period_code as _year", "mape_pct", NEWEST_YEAR)
    return by_territory.drawing(
        Dataset(
            "forecast_errors",
            SCORE_COLUMNS,
            ("territory_code", "forecast_code"),
            by_territory.named(rows, warehouse, "forecast_code"),
        ),
        Text("De combien une prévision du lendemain se trompe", "How far off a forecast of the next day is"),
        sentence(
            "Erreur absolue moyenne en {year}, en % de l'énergie du jour. Chaque prévision ne connaît que ce qui"
            " l'était à son heure ; celle de RTE n'existe que pour la France.",
            "Mean absolute error in {year}, in % of the energy of the day. Each forecast knows only what was known"
            " at its hour; RTE's is of France alone.",
            year=rows[0]["_year"] if rows else "",
        ),
        _beside_another,
    )


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: a territory chosen for its coming days, its half-hours and the errors of the newest year."""
    drawing = _days(warehouse) + _half_hours(warehouse) + _scores(warehouse)
    if not drawing.figures:
        return []
    rows = {dataset.name: dataset.rows for dataset in drawing.datasets}
    days, scores = rows.get("days_ahead", ()), rows.get("forecast_errors", ())
    named = {row["territory_code"]: row["territory_label_fr"] for row in (*days, *scores)}
    return [
        Sheet(
            "forecast",
            VIEW.title,
            {
                "figures": drawing.figures,
                "territories": list(named.items()),
                "score": next(
                    (r for r in scores if (r["territory_code"], r["forecast_code"]) == (COUNTRY, "dataelec")), None
                ),
            },
            drawing.datasets,
        )
    ]


def _needs(columns: Sequence[TableColumn], *others: str) -> tuple[str, ...]:
    names = (column.name for column in columns if column is not TERRITORY)
    return ("territory_level_code", *names, "horizon_days", *others)


VIEW = View(
    "forecast",
    Text("Jours à venir", "Days ahead"),
    "forecast.html",
    {
        DAYS: _needs(DAY_COLUMNS),
        HALF_HOURS: _needs(HALF_HOUR_COLUMNS),
        SCORES: _needs(SCORE_COLUMNS, "period_kind_code", "period_code"),
        TERRITORIES: ("territory_level_code", "territory_code", "territory_label_fr"),
    },
    sheets,
)
