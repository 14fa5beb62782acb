"""What drives consumption: shares of each driver, kinds of day, the curve by temperature, and cold days."""

from collections.abc import Callable, Sequence

from dataelec.warehouse import Row, Warehouse
from report import numbers, sensitivity
from report.figures import Dataset, Drawing, Figure, Sheet, TableColumn, Text, findings_by, sentence
from report.labels import Labels
from report.sensitivity import CODE, TERRITORY
from report.views import by_territory
from report.views.base import COUNTRY, Panel, View, drawn

LOW, HIGH = Text("IC 95 %, bas", "95% CI, low"), Text("IC 95 %, haut", "95% CI, high")
# Rows of all clients of a mart; France comes first.
ROWS = """
    select {columns}
    from {source}
    where client_type_code = 'all'
    order by territory_code <> 'FR', territory_label_fr, {order}
"""


def _rows(
    warehouse: Warehouse,
    source: str,
    columns: Sequence[TableColumn],
    measured: tuple[str, str],
    order: str,
    *others: str,
) -> list[Row]:
    """The rows of a mart, labelled by a code and marked where they have a measure; none where no territory has any."""
    code, measure = measured
    names = ", ".join((*(column.name for column in columns), *others))
    found = warehouse.rows(ROWS.format(columns=names, source=source, order=order))
    rows = [row | {"_is_shown": row[measure] is not None} for row in by_territory.named(found, warehouse, code)]
    return rows if any(row["_is_shown"] for row in rows) else []


def largest(rows: Sequence[Row], measure: str) -> tuple[Row, bool] | None:
    """The row with the largest effect either way, and whether its interval alone reaches that far.

    None where that interval holds zero. No row is the largest where another is unknown.
    """
    known = [row for row in rows if row[f"{measure}_ci95_low"] is not None]

    def reach(row: Row, of: Callable[..., float]) -> float:
        return of(abs(row[f"{measure}_ci95_{end}"]) for end in ("low", "high"))

    first = max(known, key=lambda row: abs(row[measure]), default=None)
    if first is None or first[f"{measure}_ci95_low"] * first[f"{measure}_ci95_high"] <= 0:
        return None
    others = [row for row in rows if row is not first]
    return first, all(row in known and reach(row, max) < reach(first, min) for row in others)


def _about(row: Row, measure: str, scale: float = 1) -> tuple[float, int]:
    """The size of an effect, with the digits that its interval supports."""
    value, low, high = (scale * row[f"{measure}{end}"] for end in ("", "_ci95_low", "_ci95_high"))
    return numbers.supported(abs(value), low, high)


DRIVERS = "analysis.consumption_drivers"
DRIVER_COLUMNS = (
    CODE,
    TERRITORY,
    TableColumn("driver_code", Text("Facteur", "Driver")),
    TableColumn("variance_share", Text("Part de la variance", "Share of the variance"), 3),
    TableColumn("variance_share_ci95_low", LOW, 3),
    TableColumn("variance_share_ci95_high", HIGH, 3),
    TableColumn("variance_share_least", Text("Au moins", "At least"), 3),
    TableColumn("variance_share_greatest", Text("Au plus", "At most"), 3),
    TableColumn("energy_share", Text("Part de l'énergie", "Share of the energy"), 3),
    TableColumn("energy_share_ci95_low", Text("Énergie, IC 95 %, bas", "Energy, 95% CI, low"), 3),
    TableColumn("energy_share_ci95_high", Text("Énergie, IC 95 %, haut", "Energy, 95% CI, high"), 3),
    TableColumn("driver_reason_code", Text("Motif", "Reason")),
)


def _largest_share(rows: Sequence[Row]) -> Text | None:
    """The share of the driver with the largest one, in its interval."""
    found = largest([row for row in rows if row["driver_code"] != "rest"], "variance_share")
    if not found:
        return None
    first, _ = found
    return sentence(
        "{driver} : {share} % de ce qui distingue un jour d'un autre, entre {low} et {high} %",
        "{driver}: {share}% of what sets one day apart from another, between {low} and {high}%",
        driver=by_territory.name(first),
        share=(100 * first["variance_share"], 0),
        low=(100 * first["variance_share_ci95_low"], 0),
        high=(100 * first["variance_share_ci95_high"], 0),
    )


def _drivers(warehouse: Warehouse, _: str) -> Drawing:
    measured = ("driver_code", "variance_share")
    rows = _rows(warehouse, DRIVERS, DRIVER_COLUMNS, measured, "variance_share desc nulls last")
    return by_territory.drawing(
        Dataset("drivers", DRIVER_COLUMNS, ("territory_code", "driver_code"), rows),
        Text("Ce qui fait varier la consommation d'un jour à l'autre", "What makes daily consumption vary"),
        Text(
            "Part de chaque facteur dans la variance, moyenne sur tous les ordres où les compter, avec l'intervalle à"
            " 95 % ; la bande pâle va de l'ordre qui lui donne le moins à celui qui lui donne le plus : froid et nuit"
            " viennent ensemble.",
            "Share of each driver in the variance, mean over all orders of counting them, with the 95% interval; the"
            " pale band goes from the order that gives it least to the one that gives it most: cold and dark come"
            " together.",
        ),
        _largest_share,
    )


CURVE = "analysis.response_curve"
SLOPES = "analysis.weather_sensitivity"
CURVE_COLUMNS = (
    CODE,
    TERRITORY,
    TableColumn("temperature_band_code", Text("Température du jour", "Temperature of the day")),
    TableColumn("days_count", Text("Jours", "Days"), 0),
    TableColumn("response_mw_per_c", Text("MW par °C de plus", "MW per °C warmer"), 1),
    TableColumn("response_mw_per_c_ci95_low", LOW, 1),
    TableColumn("response_mw_per_c_ci95_high", HIGH, 1),
    TableColumn("straight_line_mw_per_c", Text("Droite (MW/°C)", "Straight line (MW/°C)"), 1),
    TableColumn("effect_reason_code", Text("Motif", "Reason")),
    *sensitivity.TRUST,
    TableColumn("cooling_fit_status", Text("Statut (climatisation)", "Status (cooling)")),
)
# The straight line of the headline; none where its slope may not be quoted.
CURVE_SOURCE = f"""(
    select
        curve.*, slopes.heating_fit_status, slopes.cooling_fit_status, slopes.fit_reason_codes,
        case
            when curve.highest_temperature_c <= {sensitivity.HEATING_BELOW_C}
                then if(heating_fit_status in {sensitivity.QUOTABLE}, -heating_slope_mw_per_c, null)
            when curve.lowest_temperature_c >= {sensitivity.COOLING_ABOVE_C}
                then if(cooling_fit_status in {sensitivity.QUOTABLE}, cooling_slope_mw_per_c, null)
            else 0
        end as straight_line_mw_per_c
    from {CURVE} as curve
    inner join {SLOPES} as slopes using (territory_level_code, territory_code, client_type_code, window_code)
    where curve.window_code = 'all' and slopes.specification_code = 'common'
)"""


def _steepest_band(rows: Sequence[Row]) -> Text | None:
    """Where a degree colder adds most; no more than what it adds there, where another band may add as much."""
    # Above the last bound nobody heats.
    found = largest([row for row in rows if row["highest_temperature_c"] is not None], "response_mw_per_c")
    if not found or found[0]["response_mw_per_c"] >= 0:
        return None
    return sentence(
        "{band} : environ {slope} MW de plus par degré perdu{most}",
        "{band}: about {slope} MW more for each degree colder{most}",
        band=by_territory.name(found[0]),
        slope=_about(found[0], "response_mw_per_c"),
        most=Text(", là où le froid pèse le plus", ", where cold weighs most") if found[1] else "",
    )


def _curve(warehouse: Warehouse, _: str) -> Drawing:
    measured = ("temperature_band_code", "response_mw_per_c")
    order = "lowest_temperature_c nulls first"
    rows = _rows(warehouse, CURVE_SOURCE, CURVE_COLUMNS, measured, order, "highest_temperature_c")
    return by_territory.drawing(
        Dataset("response", CURVE_COLUMNS, ("territory_code", "temperature_band_code"), rows),
        Text("Un degré ne pèse pas partout pareil", "A degree does not weigh the same everywhere"),
        Text(
            "Ce que change un degré de plus, selon la température, avec l'intervalle à 95 %, saison et durée du jour"
            " mises à part ; le trait orange est la droite de la sensibilité, où elles comptent comme du froid. Plus"
            " raide au grand froid, comme avec des pompes à chaleur qui rendent moins, ou moins raide, comme avec des"
            " radiateurs au maximum : la courbe ne dit pas pourquoi.",
            "What a degree warmer changes, by temperature, with the 95% interval, season and daylight set apart; the"
            " orange tick is the straight line of the sensitivity, where they count as cold. Steeper in the cold, as"
            " with heat pumps that yield less, or less steep, as with radiators at their maximum: the curve does not"
            " say why.",
        ),
        _steepest_band,
    )


EFFECTS = "analysis.calendar_effects"
EFFECT_COLUMNS = (
    CODE,
    TERRITORY,
    TableColumn("calendar_kind_code", Text("Jour", "Day")),
    TableColumn("days_count", Text("Jours", "Days"), 0),
    TableColumn("effect_mw", Text("MW", "MW"), 0),
    TableColumn("effect_pct_of_mean_load", Text("% de la moyenne", "% of the mean"), 2),
    TableColumn("effect_pct_of_mean_load_ci95_low", LOW, 2),
    TableColumn("effect_pct_of_mean_load_ci95_high", HIGH, 2),
    TableColumn("effect_reason_code", Text("Motif", "Reason")),
)


def _largest_effect(rows: Sequence[Row]) -> Text | None:
    """What the kind of day that changes most changes; that it is the most, where no other may change as much."""
    found = largest(rows, "effect_pct_of_mean_load")
    if not found:
        return None
    less = found[0]["effect_pct_of_mean_load"] < 0
    return sentence(
        "{kind} : environ {effect} % de {sign} à température égale{most}",
        "{kind}: about {effect}% {sign} at equal temperature{most}",
        kind=by_territory.name(found[0]),
        effect=_about(found[0], "effect_pct_of_mean_load"),
        sign=Text("moins", "less") if less else Text("plus", "more"),
        most=Text(", l'écart le plus grand", ", the largest effect") if found[1] else "",
    )


def _effects(warehouse: Warehouse, _: str) -> Drawing:
    measured = ("calendar_kind_code", "effect_pct_of_mean_load")
    rows = _rows(warehouse, EFFECTS, EFFECT_COLUMNS, measured, "effect_mw nulls last")
    return by_territory.drawing(
        Dataset("effects", EFFECT_COLUMNS, ("territory_code", "calendar_kind_code"), rows),
        Text("Fêtes, vacances, fins de semaine", "Holidays and weekends"),
        Text(
            "Ce que change le jour à température égale, en % de la consommation moyenne, avec l'intervalle à 95 % ;"
            " face au mardi, mercredi ou jeudi hors vacances, et pour les vacances face au même jour de la semaine.",
            "What the kind of day changes at equal temperature, in % of the mean load, with the 95% interval; against"
            " Tuesday to Thursday outside holidays, and for school holidays against the same weekday.",
        ),
        _largest_effect,
    )


SNAPS = "analysis.cold_snap_scenario"
SNAP_COLUMNS = (
    TableColumn("cold_snap_code", Text("Jour", "Day")),
    CODE,
    TERRITORY,
    TableColumn("extra_load_mw", Text("MW de plus, moyenne du jour", "MW more, mean of the day"), 0),
    TableColumn("extra_load_mw_ci95_low", LOW, 0),
    TableColumn("extra_load_mw_ci95_high", HIGH, 0),
    TableColumn("peak_hour_of_day", Text("Heure la plus forte", "Hour of most"), 0),
    TableColumn("extra_peak_load_mw", Text("MW de plus, cette heure", "MW more, that hour"), 0),
    *sensitivity.TRUST,
    TableColumn("is_outside_record", Text("Plus froid que tout jour étudié", "Colder than any day studied")),
)


def _region_of_most(rows: Sequence[Row]) -> Text | None:
    """What the region draws more that draws most on such a day; nothing where the line is carried on so far."""
    found = largest(rows, "extra_load_mw")
    if not found or found[0]["is_outside_record"] or found[0]["heating_fit_status"] not in sensitivity.QUOTABLE:
        return None
    return sentence(
        "{region} : environ {load} MW de plus{most}",
        "{region}: about {load} MW more{most}",
        region=by_territory.name(found[0]),
        load=_about(found[0], "extra_load_mw"),
        most=Text(", plus que toute autre région montrée", ", more than any other region shown") if found[1] else "",
    )


def _cold_snaps(warehouse: Warehouse, _: str) -> Drawing:
    columns = ", ".join(column.name for column in SNAP_COLUMNS)
    rows = warehouse.rows(
        f"select {columns}, territory_label_fr as _name_fr, territory_label_fr as _name_en from {SNAPS}"
        " where territory_level_code = 'region' and extra_load_mw is not null"
        " order by temperature_c desc, extra_load_mw desc"
    )
    if not rows:
        return Drawing()
    figure = Figure(
        "cold_snap",
        "cold_snap",
        Text("Ce qu'un jour froid demande de plus", "What a cold day draws more"),
        Text(
            "MW de plus que sans besoin de chauffage, en moyenne du jour, avec l'intervalle à 95 %. Au-delà du plus"
            " froid des jours étudiés la droite est prolongée : le tableau le dit.",
            "MW more than without need of heating, mean of the day, with the 95% interval. Beyond the coldest day"
            " studied the straight line is carried on: the table says so.",
        ),
        {"main": "cold_snap"},
        filters=("cold_snap_code",),
        findings=findings_by(rows, _region_of_most, "cold_snap_code"),
    )
    return Drawing([Dataset("cold_snap", SNAP_COLUMNS, ("cold_snap_code", "territory_code"), rows)], [figure])


def _needs(columns: Sequence[TableColumn], *others: str) -> tuple[str, ...]:
    return (*(column.name for column in columns), *others)


PANELS = (
    Panel(
        "drivers_shares",
        Text("Parts des facteurs", "Shares of drivers"),
        {DRIVERS: _needs(DRIVER_COLUMNS, "client_type_code")},
        _drivers,
    ),
    Panel(
        "drivers_curve",
        Text("Courbe de réponse", "Response curve"),
        {
            CURVE: (
                *(name for name in _needs(CURVE_COLUMNS[:7], "window_code", "effect_reason_code")),
                *("territory_level_code", "client_type_code", "lowest_temperature_c", "highest_temperature_c"),
            ),
            SLOPES: (
                "specification_code",
                "heating_slope_mw_per_c",
                "cooling_slope_mw_per_c",
                *_needs(CURVE_COLUMNS[9:]),
            ),
        },
        _curve,
    ),
    Panel(
        "drivers_effects",
        Text("Effets du calendrier", "Calendar effects"),
        {EFFECTS: _needs(EFFECT_COLUMNS, "client_type_code")},
        _effects,
    ),
    Panel(
        "drivers_cold_snaps",
        Text("Vagues de froid", "Cold snaps"),
        {SNAPS: _needs(SNAP_COLUMNS, "territory_level_code", "temperature_c")},
        _cold_snaps,
    ),
)


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: a territory chosen for shares, curve and kinds of day, a slider of the temperature of a cold day."""
    drawing = drawn(PANELS, warehouse, COUNTRY)
    if not drawing.figures:
        return []
    rows = {dataset.name: dataset.rows for dataset in drawing.datasets}
    of_territories = [row for name, each in rows.items() if name != "cold_snap" for row in each if row["_is_shown"]]
    labels = Labels.read(warehouse)
    snaps = list(dict.fromkeys(row["cold_snap_code"] for row in rows.get("cold_snap", ())))
    return [
        Sheet(
            "drivers",
            VIEW.title,
            {
                "figures": drawing.figures,
                "territory_figures": [figure for figure in drawing.figures if figure.filters == by_territory.FILTERS],
                "snap_figures": [figure for figure in drawing.figures if figure.filters != by_territory.FILTERS],
                "territories": list(
                    {row["territory_code"]: row["territory_label_fr"] for row in of_territories}.items()
                ),
                "snaps": [(code, labels.of("cold_snap_code", code)) for code in snaps],
                "temperature": next(
                    (
                        row
                        for row in rows.get("drivers", ())
                        if row["territory_code"] == COUNTRY and row["driver_code"] == "temperature" and row["_is_shown"]
                    ),
                    None,
                ),
            },
            drawing.datasets,
        )
    ]


VIEW = View("drivers", Text("Facteurs", "Drivers"), "drivers.html", {}, sheets, panels=PANELS)
