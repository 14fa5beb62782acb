"""The list that the page is built from: a new view is a template, a function that gathers, and an entry here."""

from report.views import (
    ahead,
    answer,
    change,
    clients,
    consumption,
    drivers,
    insulation,
    method,
    places,
    production,
    quality,
    regions,
    sources,
)
from report.views.base import Missing, View, gather

__all__ = ["VIEWS", "Missing", "View", "gather"]

VIEWS = (
    answer.VIEW,
    regions.LIST_VIEW,
    regions.REGION_VIEW,
    consumption.VIEW,
    clients.VIEW,
    production.VIEW,
    change.VIEW,
    drivers.VIEW,
    ahead.VIEW,
    insulation.VIEW,
    places.VIEW,
    quality.VIEW,
    sources.VIEW,
    method.VIEW,
)
