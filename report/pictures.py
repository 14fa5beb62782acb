"""Static pictures of the page's charts, for the README: drawn from the same specifications as the page.

`python -m report.pictures --target live --output docs/images map-heating rank-heating`
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from typing import Any

import click
import vl_convert

from report import charts
from report.figures import Dataset, Figure, Sheet
from report.labels import Labels
from report.page import SIMULATED_SOURCES, Vintage, credit, figure_named, vintage
from report.views import VIEWS, gather
from report.warehouse import Warehouse, WarehouseError, database_path

MAP_WIDTH_PX, WIDTH_PX = 420, 640
# The picture that stands for the page where its address is shared: about 1200 by 630 pixels.
PREVIEW = "preview"
PREVIEW_HEIGHT_PX = 490


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
        columns.append(column | {"data": data_inside, "width": width, "height": PREVIEW_HEIGHT_PX})
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
    if name == PREVIEW:
        specification = preview_specification(sheets, data, labels, language)
    else:
        specification = picture_specification(*figure_named(sheets, name), data, labels, language)
    return vl_convert.vegalite_to_png(
        specification,
        scale=1 if name == PREVIEW else 1.5,
        format_locale=charts.LOCALES[language],
    )


@click.command()
@click.option("--target", type=click.Choice(["sample", "live"]), default="sample", help="dbt target that was built.")
@click.option("--database", type=click.Path(path_type=Path), help="Another database file, such as a published copy.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("docs/images"), help="Folder of the pictures.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", help="Language of titles and numbers.")
@click.argument("names", nargs=-1, required=True)
def main(target: str, database: Path | None, output: Path, language: str, names: tuple[str, ...]) -> None:
    """Draw the figures NAMES, such as map-heating, days-84 or hours-FR, or `preview`, as PNG files."""
    try:
        with Warehouse(database or database_path(target)) as warehouse:
            shown, _ = gather(VIEWS, warehouse)
            data, labels = vintage(warehouse, datetime.now(UTC)), Labels.read(warehouse)
    except WarehouseError as error:
        sys.exit(str(error))
    sheets = [sheet for _, found in shown for sheet in found]
    output.mkdir(parents=True, exist_ok=True)
    for name in names:
        try:
            content = picture(sheets, data, labels, name, language)
        except KeyError:
            if name == PREVIEW:  # a page without slopes stands without one
                click.echo("No region has a slope, so there is no preview.")
                continue
            sys.exit(f"There is no figure {name} to draw in this warehouse.")
        path = output / f"{name}{'-simulated' if data.is_simulated else ''}.png"
        path.write_bytes(content)
        click.echo(f"Wrote {path} ({len(content) / 1e3:.0f} kB)")


if __name__ == "__main__":
    main()
