"""Static pictures of the page's charts, for the README: drawn from the same specifications as the page."""

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import vl_convert

from report import charts
from report.figures import Dataset, Figure, Sheet
from report.labels import Labels
from report.page import SIMULATED_SOURCES, Vintage, credit, figure_named

MAP_WIDTH_PX, WIDTH_PX = 420, 640
# The picture that stands for the page where its address is shared, in the size that such sites crop to.
PREVIEW = "preview"
PREVIEW_PX = 1200, 630
PREVIEW_CHART_HEIGHT_PX = 490


def picture_specification(
    figure: Figure, datasets: dict[str, Dataset], data: Vintage, labels: Labels, language: str
) -> dict[str, Any]:
    """A chart that stands alone: its data inside, what it shows above it, the span and sources too."""
    is_map = figure.kind.startswith("map")
    return charts.specification(figure.kind, language, labels) | {
        "datasets": {name: datasets[dataset].records() for name, dataset in figure.datasets.items()},
        "width": MAP_WIDTH_PX if is_map else WIDTH_PX,
        "autosize": {"type": "pad"},
        "padding": 16,
        "background": "white",
        "title": {
            "text": [*_warning(data, language), *wrap(figure.title.to(language), 46 if is_map else 70)],
            "subtitle": [
                *wrap(figure.description.to(language), 68 if is_map else 105),
                *wrap(credit(data, figure).to(language), 68 if is_map else 105),
            ],
        },
    }


def preview_specification(sheets: Sequence[Sheet], data: Vintage, labels: Labels, language: str) -> dict[str, Any]:
    """The answer in a sentence over the map and the ranking; KeyError where the marts do not feed them."""
    headline = next((sheet.values["headline"] for sheet in sheets if "headline" in sheet.values), None)
    columns = []
    for name, width in (("map-heating", 480), ("rank-heating", 560)):
        figure, datasets = figure_named(sheets, name)
        drawn = charts.specification(figure.kind, language, labels)
        column = {key: value for key, value in drawn.items() if key not in ("$schema", "config", "autosize", "padding")}
        data_inside = {"values": datasets[figure.datasets["main"]].records()}
        columns.append(column | {"data": data_inside, "width": width, "height": PREVIEW_CHART_HEIGHT_PX})
    return {
        "config": charts.CONFIG,
        "padding": 28,
        "background": "white",
        "spacing": 60,
        "title": {
            "text": [*_warning(data, language), *wrap(headline.to(language) if headline else "", 66)],
            "subtitle": credit(data).to(language),
            "fontSize": 27,
            "subtitleFontSize": 14,
        },
        "hconcat": columns,
    }


def _warning(data: Vintage, language: str) -> list[str]:
    return [SIMULATED_SOURCES.to(language).upper()] if data.is_simulated else []


def picture(sheets: Sequence[Sheet], data: Vintage, labels: Labels, name: str, language: str) -> bytes:
    """The PNG of a named figure, or of the preview; KeyError where the marts do not feed it."""
    locale = charts.LOCALES[language]
    if name == PREVIEW:
        drawn = vl_convert.vegalite_to_svg(preview_specification(sheets, data, labels, language), format_locale=locale)
        return vl_convert.svg_to_png(_fitted(drawn, *PREVIEW_PX), scale=1)
    specification = picture_specification(*figure_named(sheets, name), data, labels, language)
    return vl_convert.vegalite_to_png(specification, scale=1.5, format_locale=locale)


def _fitted(svg: str, width: int, height: int) -> str:
    """A drawing in the middle of a white picture of another size, as large as fits."""
    inside = re.sub(r' width="[^"]*" height="[^"]*"', f' width="{width}" height="{height}"', svg, count=1)
    size = f'width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect {size} fill="white"/>{inside}</svg>'
