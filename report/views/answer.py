"""The answer first: how many MW each °C adds, where, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass

from dataelec.warehouse import Row, Warehouse
from report import numbers, sensitivity, texts, tiles
from report.figures import Column, Dataset, Figure, Sheet, Text, said
from report.sensitivity import Measure
from report.views import consumption, regions
from report.views.base import View, drawn

SLOPE = "heating_slope_mw_per_c"
COLUMNS = (
    sensitivity.CODE,
    Column("territory_label_fr", Text("Région", "Region")),
    Column("measure_value", Text("Valeur", "Value"), 1),
    Column("measure_value_ci95_low", Text("IC 95 %, bas", "95% CI, low"), 1),
    Column("measure_value_ci95_high", Text("IC 95 %, haut", "95% CI, high"), 1),
    Column("fit_status", Text("Statut", "Status")),
)

PARTS = (regions.HOURS_PART,)


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
            "A tile a region, roughly in its place; “±”: half the 95% interval.",
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
            said(
                "{name} en tête : {value} {unit}",
                "{name} comes first: {value} {unit}",
                name=quoted[0]["territory_label_fr"],
                value=(quoted[0]["measure_value"], measure.digits),
                unit=measure.unit,
            ),
            said(
                "{axis}. Point : la valeur ; trait : l'intervalle à 95 %{fragile}.",
                "{axis}. Dot: the value; bar: the 95% interval{fragile}.",
                axis=measure.axis,
                fragile=Text(" ; losange : valeur fragile", "; diamond: fragile value")
                if any(row["fit_status"] == "degraded" for row in quoted)
                else "",
            ),
            {"main": dataset_name(measure)},
        ),
    ]


@dataclass(frozen=True)
class Teaser:
    """A figure in large type that leads to the screen where it comes from."""

    value: Text
    words: Text
    route: str


def _teasers(warehouse: Warehouse) -> list[Teaser]:
    found: list[Teaser] = []
    hours = [] if warehouse.missing(regions.HOURLY_NEEDS) else regions.hours_of(warehouse, consumption.COUNTRY)
    if hours:
        morning, evening = (row["hour_of_day"] for row in regions.hour_summits(hours))
        found.append(
            Teaser(
                said(
                    "{morning} h et {evening} h",
                    "{morning}:00, {evening}:00",
                    morning=str(morning),
                    evening=str(evening),
                ),
                Text(
                    "les heures où un degré de moins pèse le plus sur le réseau",
                    "the hours when a degree less weighs most on the grid",
                ),
                f"?figure=hours-{consumption.COUNTRY}",
            )
        )
    years = [] if warehouse.missing(consumption.NEEDS) else consumption.whole_years(warehouse, consumption.COUNTRY)
    if years:
        found.append(
            Teaser(
                said("{energy} TWh", "{energy} TWh", energy=(years[-1]["_energy_twh"], 0)),
                said(
                    "consommés en {year} par les douze régions continentales",
                    "used in {year} by the twelve mainland regions",
                    year=str(years[-1]["period_year"]),
                ),
                "consumption",
            )
        )
        peak = max(years, key=lambda row: float(row["load_peak_mw"]))
        found.append(
            Teaser(
                said("{load} GW", "{load} GW", load=(peak["load_peak_mw"] / 1000, 1)),
                Text(
                    f"la plus forte pointe, le {numbers.day(peak['load_peak_at_local'].date(), 'fr')}",
                    f"the highest peak, on {numbers.day(peak['load_peak_at_local'].date(), 'en')}",
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
    hours = drawn(PARTS, warehouse, consumption.COUNTRY)
    leaders = [row for row in top if sensitivity.quotable(row)]
    return [
        Sheet(
            "",
            VIEW.title,
            {
                "headline": _headline(country),
                "country": country,
                "reasons": _reasons_of_the_country(territories),
                "absent": sensitivity.datasets_not_held(warehouse),
                "others": [
                    (specification, row)
                    for specification in ("free", "season_adjusted")
                    if (row := _country(sensitivity.territories(warehouse, specification)))
                ],
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


def _headline(country: Row | None) -> Text:
    """The answer in one sentence."""
    if country is None:
        return Text(
            "La sensibilité de la France ne peut pas être donnée avec ces données.",
            "The sensitivity of France cannot be given from these data.",
        )
    return said(
        "Chaque degré de froid en plus, la France consomme {slope} MW de plus",
        "For each degree colder, France uses {slope} MW more",
        slope=(country[SLOPE], 0),
    )


def _reasons_of_the_country(rows: Sequence[Row]) -> list[Text]:
    """What the mart says of why France's slope is no better known than it is."""
    return [
        reason
        for row in rows
        if row["territory_level_code"] == "country"
        for reason in texts.reasons(row["fit_reason_codes"])
    ]


def _country(rows: Sequence[Row]) -> Row | None:
    """The row of France where it has a value that may be quoted."""
    return next((row for row in rows if row["territory_level_code"] == "country" and sensitivity.quotable(row)), None)


VIEW = View("answer", Text("L'essentiel", "Key figures"), "answer.html", sensitivity.NEEDS, sheets, parts=PARTS)
