"""Vega-Lite specifications, one function a kind of chart; data are bound by name when a chart is drawn."""

from collections.abc import Callable

from report.charts import clients, consumption, production, quality, sensitivity
from report.charts.drawing import CONFIG, LOCALES, Spec
from report.figures import LANGUAGES
from report.sensitivity import MEASURES

__all__ = ["CONFIG", "LOCALES", "Spec", "specification", "specifications"]

KINDS: dict[str, Callable[[str], Spec]] = {
    "days": sensitivity.days,
    "hours": sensitivity.hours,
    "seasons": sensitivity.seasons,
    "categories": sensitivity.categories,
    "change": sensitivity.change,
    "years": consumption.years,
    "year_ranking": consumption.year_ranking,
    "months": consumption.months,
    "profile": consumption.profile,
    "clients": clients.clients,
    "client_ranking": clients.client_ranking,
    "category_months": clients.category_months,
    "departements": clients.departements,
    "priority": clients.priority,
    "production": production.production,
    "borders": production.borders,
    "exchanges": production.exchanges,
    "energy": quality.energy,
}


def specification(kind: str, language: str) -> Spec:
    """The specification of a kind of chart; maps and rankings carry the name of their measure after a hyphen."""
    if kind in KINDS:
        return KINDS[kind](language)
    drawing, name = kind.split("-", 1)
    measure = next(measure for measure in MEASURES if measure.name == name)
    return {"map": sensitivity.tile_map, "rank": sensitivity.ranking}[drawing](measure, language)


def specifications(kinds: set[str]) -> dict[str, dict[str, Spec]]:
    """Each kind in each language."""
    return {kind: {language: specification(kind, language) for language in LANGUAGES} for kind in sorted(kinds)}
