"""Vega-Lite specifications, one function a kind of chart; data are bound by name when a chart is drawn."""

from collections.abc import Callable

from report.charts import ahead, areas, clients, consumption, drivers, production, quality, sensitivity, weather
from report.charts.drawing import CONFIG, LOCALES, Spec
from report.figures import LANGUAGES
from report.labels import Labels
from report.sensitivity import MEASURES

__all__ = ["CONFIG", "LOCALES", "Spec", "specification", "specifications"]

KINDS: dict[str, Callable[[str], Spec]] = {
    "hours": sensitivity.hours,
    "thresholds": sensitivity.thresholds,
    "categories": sensitivity.categories,
    "change": sensitivity.change,
    "years": consumption.years,
    "year_ranking": consumption.year_ranking,
    "months": consumption.months,
    "profile": consumption.profile,
    "corrected": weather.corrected,
    "january": weather.january,
    "coldest": weather.coldest,
    "client_ranking": clients.client_ranking,
    "departements": clients.departements,
    "priority": clients.priority,
    "map_priority": areas.map_priority,
    "map_communes": areas.map_communes,
    "production": production.production,
    "borders": production.borders,
    "exchanges": production.exchanges,
    "carbon_months": production.carbon_months,
    "carbon_hours": production.carbon_hours,
    "energy": quality.energy,
    "drivers": drivers.drivers,
    "response": drivers.response,
    "effects": drivers.effects,
    "cold_snap": drivers.cold_snap,
    "overseas": drivers.overseas,
    "days_ahead": ahead.days_ahead,
    "half_hours_ahead": ahead.half_hours_ahead,
    "forecast_errors": ahead.forecast_errors,
}
# Charts that write the labels of codes themselves, in a legend or beside a mark.
LABELLED: dict[str, Callable[[str, Labels], Spec]] = {
    "days": sensitivity.days,
    "seasons": sensitivity.seasons,
    "clients": clients.clients,
    "category_months": clients.category_months,
    "mix_months": production.mix_months,
    "mix_hours": production.mix_hours,
}


def specification(kind: str, language: str, labels: Labels) -> Spec:
    """The specification of a kind of chart; maps and rankings carry the name of their measure after a hyphen."""
    if kind in KINDS:
        return KINDS[kind](language)
    if kind in LABELLED:
        return LABELLED[kind](language, labels)
    drawing, name = kind.split("-", 1)
    measure = next(measure for measure in MEASURES if measure.name == name)
    if drawing == "map":
        return sensitivity.tile_map(measure, language, labels)
    return sensitivity.ranking(measure, language)


def specifications(kinds: set[str], labels: Labels) -> dict[str, dict[str, Spec]]:
    """Each kind in each language."""
    return {kind: {language: specification(kind, language, labels) for language in LANGUAGES} for kind in sorted(kinds)}
