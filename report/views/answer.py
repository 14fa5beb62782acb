"""The answer first: how many MW each °C adds, where, and with what certainty."""

from collections.abc import Sequence
from dataclasses import dataclass

from dataelec.warehouse import Row, Warehouse
from report import headlines, numbers, sensitivity, tiles
from report.figures import Dataset, Figure, Sheet, TableColumn, Text, sentence
from report.labels import Labels
from report.sensitivity import Measure
from report.views import consumption, regions, weather
from report.views.base import COUNTRY, View, drawn

SLOPE = "heating_slope_mw_per_c"
# Something to picture megawatts by: the smaller reactors of France.
REACTOR_MW = 900
COLUMNS = (
    sensitivity.CODE,
    TableColumn("territory_label_fr", Text("Région", "Region")),
    TableColumn("measure_value", Text("Valeur", "Value"), 1),
    TableColumn("measure_value_ci95_low", Text("IC 95 %, bas", "95% CI, low"), 1),
    TableColumn("measure_value_ci95_high", Text("IC 95 %, haut", "95% CI, high"), 1),
    TableColumn("fit_status", Text("Statut", "Status")),
    sensitivity.REASONS,
)
NONE = Text(
    "Ces données ne permettent pas de donner la sensibilité de la France.",
    "These data do not give the sensitivity of France.",
)

PANELS = (regions.HOURS_PANEL,)


def dataset_name(measure: Measure) -> str:
    """The name of the dataset behind the map and the ranking of a measure."""
    return f"regions-{measure.name}"


def figures(measure: Measure, rows: Sequence[Row]) -> list[Figure]:
    """The map and the ranking of a measure, map first; no ranking where no value may be quoted."""
    quoted = [row for row in rows if row["fit_status"] in sensitivity.QUOTABLE]
    tile_map = Figure(
        f"map-{measure.name}",
        f"map-{measure.name}",
        measure.axis,
        Text(
            "Une tuile par région, à peu près à sa place ; « ± » : la moitié de l'intervalle à 95 %.",
            "One tile per region, roughly where it lies; “±”: half the 95% interval.",
        ),
        {"main": dataset_name(measure)},
    )
    if not quoted:
        return [tile_map]
    return [
        tile_map,
        Figure(
            f"rank-{measure.name}",
            f"rank-{measure.name}",
            _leader(measure, quoted),
            sentence(
                "{axis}. Point : la valeur ; trait : l'intervalle à 95 %{uncertain}.",
                "{axis}. Dot: the value; bar: the 95% interval{uncertain}.",
                axis=measure.axis,
                uncertain=Text(" ; losange : valeur fragile", "; diamond: uncertain value")
                if any(row["fit_status"] == "degraded" for row in quoted)
                else "",
            ),
            {"main": dataset_name(measure)},
        ),
    ]


def _leader(measure: Measure, rows: Sequence[Row]) -> Text:
    """Who ranks first; both of the first two where their intervals leave it open."""
    first, *others = rows
    low, high = first["measure_value_ci95_low"], others[0]["measure_value_ci95_high"] if others else None
    if not others or (low is not None and high is not None and low > high):
        return sentence(
            "{name} en tête : {value} {unit}",
            "{name} ranks first: {value} {unit}",
            name=first["territory_label_fr"],
            value=(first["measure_value"], measure.digits),
            unit=measure.unit,
        )
    return sentence(
        "{name} ({value} {unit}) et {other} ({next}) en tête, sans que l'ordre soit sûr",
        "{name} ({value} {unit}) and {other} ({next}) lead, in no certain order",
        name=first["territory_label_fr"],
        other=others[0]["territory_label_fr"],
        value=(first["measure_value"], measure.digits),
        next=(others[0]["measure_value"], measure.digits),
        unit=measure.unit,
    )


@dataclass(frozen=True)
class Teaser:
    """A figure in large type that leads to the screen where it comes from."""

    value: Text
    words: Text
    route: str


def _teasers(warehouse: Warehouse) -> list[Teaser]:
    found: list[Teaser] = []
    hours = [] if warehouse.missing(regions.HOURLY_NEEDS) else regions.hours_of(warehouse, COUNTRY)
    if hours:
        morning, evening = (row["hour_of_day"] for row in regions.hour_summits(hours))
        found.append(
            Teaser(
                sentence(
                    "{morning} h et {evening} h",
                    "{morning}:00, {evening}:00",
                    morning=str(morning),
                    evening=str(evening),
                ),
                Text(
                    "les heures où un degré de moins pèse le plus sur le réseau",
                    "the hours when each degree colder adds most to the load",
                ),
                f"?figure=hours-{COUNTRY}",
            )
        )
    cold = weather.cold_years(warehouse, COUNTRY)
    if cold:
        found.append(
            Teaser(
                sentence("{share} %", "{share}%", share=weather.share_of_peak(cold[-1])),
                sentence(
                    "du pic de janvier {year} viennent du chauffage (estimation)",
                    "of the January {year} peak was heating (an estimate)",
                    year=str(cold[-1]["period_year"]),
                ),
                f"consumption?figure=january-{COUNTRY}",
            )
        )
    years = [] if warehouse.missing(consumption.NEEDS) else consumption.whole_years(warehouse, COUNTRY)
    if years:
        found.append(
            Teaser(
                sentence("{energy} TWh", "{energy} TWh", energy=(years[-1]["_energy_twh"], 0)),
                sentence(
                    "consommés en {year} par les douze régions continentales",
                    "consumed in {year} by the twelve mainland regions",
                    year=str(years[-1]["period_year"]),
                ),
                "consumption",
            )
        )
        peak = max(years, key=lambda row: float(row["load_peak_mw"]))
        found.append(
            Teaser(
                sentence("{load} GW", "{load} GW", load=(peak["load_peak_mw"] / 1000, 1)),
                Text(
                    f"la plus forte pointe depuis {years[0]['period_year']},"
                    f" le {numbers.day(peak['load_peak_at_local'].date(), 'fr')}",
                    f"the highest peak since {years[0]['period_year']},"
                    f" on {numbers.day(peak['load_peak_at_local'].date(), 'en')}",
                ),
                "consumption",
            )
        )
    return found


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: the sentence, or why there is none, the map and the ranking for each measure that has values."""
    territories = sensitivity.territories(warehouse)
    if not territories:
        return []
    measures = sensitivity.available_measures(warehouse)
    rows = tiles.placed(sensitivity.measured(warehouse, measures)) if measures else []
    country = _country(territories)
    by_measure = {measure: [row for row in rows if row["measure_code"] == measure.name] for measure in measures}
    top = [row for row in territories if row["territory_level_code"] == "region"][:3]
    hours = drawn(PANELS, warehouse, COUNTRY)
    leaders = [row for row in top if sensitivity.quotable(row)]
    return [
        Sheet(
            "",
            VIEW.title,
            {
                "headline": headlines.said(sensitivity.MEASURES[0], headlines.COUNTRY_NAME, country)
                if country
                else NONE,
                "headlines": headlines.read(warehouse, measures) if country else {},
                "country": country,
                "labels_of_territories": {row["territory_code"]: row["territory_label_fr"] for row in territories},
                "reactor_mw": REACTOR_MW,
                "balance_point_c": _balance_point_of_the_regions(territories),
                "reasons": _reasons_of_the_country(territories, Labels.read(warehouse)),
                "absent": sensitivity.datasets_not_held(warehouse),
                "is_corse_known": any(
                    row["territory_code"] == "94" and sensitivity.quotable(row) for row in territories
                ),
                "top": leaders,
                "top_share_pct": 100 * sum(row[SLOPE] for row in leaders) / country[SLOPE] if country else None,
                "measures": measures,
                "teasers": _teasers(warehouse),
                "country_figures": hours.figures,
                "figures": [
                    *(figure for measure, own in by_measure.items() for figure in figures(measure, own)),
                    *hours.figures,
                ],
            },
            [
                *(
                    Dataset(dataset_name(measure), COLUMNS, ("territory_code",), own)
                    for measure, own in by_measure.items()
                ),
                *hours.datasets,
            ],
        )
    ]


def _balance_point_of_the_regions(rows: Sequence[Row]) -> float | None:
    """The balance point that all regions share, which their sum has none of; None where they differ."""
    points = {row["heating_balance_point_c"] for row in rows if row["territory_level_code"] == "region"} - {None}
    return points.pop() if len(points) == 1 else None


def _reasons_of_the_country(rows: Sequence[Row], labels: Labels) -> list[Text]:
    """What the mart says of why France's slope is no better known than it is."""
    return [
        reason
        for row in rows
        if row["territory_level_code"] == "country"
        for reason in labels.listed("fit_reason_codes", row["fit_reason_codes"])
    ]


def _country(rows: Sequence[Row]) -> Row | None:
    """The row of France where it has a value that may be quoted."""
    return next((row for row in rows if row["territory_level_code"] == "country" and sensitivity.quotable(row)), None)


VIEW = View("answer", Text("L'essentiel", "Key figures"), "answer.html", sensitivity.NEEDS, sheets, panels=PANELS)
