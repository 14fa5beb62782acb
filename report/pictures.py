"""Static pictures of the page's charts, for the README: drawn from the same specifications as the page.

`python -m report.pictures --target live --output docs/images map-heating rank-heating`
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import vl_convert

from report import charts
from report.figures import Dataset, Figure, Sheet
from report.page import SIMULATED_SOURCES, Vintage, credit, figure_named, vintage
from report.views import VIEWS, gather
from report.warehouse import Warehouse, WarehouseError, database_path

WIDTH_PX = {"map": 420}
OTHER_WIDTH_PX = 640


def picture_specification(figure: Figure, datasets: dict[str, Dataset], data: Vintage, language: str) -> dict[str, Any]:
    """A chart that stands alone: its data inside, a title, and the span and sources under it."""
    title = figure.title.to(language)
    if data.is_simulated:
        title = f"{SIMULATED_SOURCES.to(language).upper()}\n{title}"
    return charts.specification(figure.kind, language) | {
        "datasets": {name: datasets[dataset].records() for name, dataset in figure.datasets.items()},
        "width": WIDTH_PX.get(figure.kind.split("-")[0], OTHER_WIDTH_PX),
        "autosize": {"type": "pad"},
        "padding": 16,
        "background": "white",
        "title": {"text": title.split("\n"), "subtitle": credit(data, language)},
    }


def picture(sheets: Sequence[Sheet], data: Vintage, name: str, language: str) -> bytes:
    """The PNG of a named figure; KeyError where the marts do not feed it."""
    figure, datasets = figure_named(sheets, name)
    return vl_convert.vegalite_to_png(
        picture_specification(figure, datasets, data, language),
        scale=1.5,
        format_locale=charts.LOCALES[language],
    )


@click.command()
@click.option("--target", type=click.Choice(["sample", "live"]), default="sample", help="dbt target that was built.")
@click.option("--database", type=click.Path(path_type=Path), help="Another database file, such as a published copy.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("docs/images"), help="Folder of the pictures.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="en", help="Language of titles and numbers.")
@click.argument("names", nargs=-1, required=True)
def main(target: str, database: Path | None, output: Path, language: str, names: tuple[str, ...]) -> None:
    """Draw the figures NAMES, such as map-heating, days-84 or hours-FR, as PNG files."""
    try:
        with Warehouse(database or database_path(target)) as warehouse:
            shown, _ = gather(VIEWS, warehouse)
            data = vintage(warehouse, datetime.now(UTC))
    except WarehouseError as error:
        sys.exit(str(error))
    sheets = [sheet for _, found in shown for sheet in found]
    output.mkdir(parents=True, exist_ok=True)
    for name in names:
        try:
            content = picture(sheets, data, name, language)
        except KeyError:
            sys.exit(f"There is no figure {name} in this warehouse.")
        path = output / f"{name}{'-simulated' if data.is_simulated else ''}.png"
        path.write_bytes(content)
        click.echo(f"Wrote {path} ({len(content) / 1e3:.0f} kB)")


if __name__ == "__main__":
    main()
