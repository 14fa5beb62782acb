"""Builds the page people look at from the marts of a warehouse: one HTML file that needs no network."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dataelec.warehouse import Warehouse, WarehouseError
from report import charts, numbers, tables, texts
from report.figures import LANGUAGES, Dataset, Figure, Sheet, Text, typeset
from report.labels import Labels
from report.sensitivity import MART
from report.views import VIEWS, Missing, View, gather

HERE = Path(__file__).parent
TITLE = Text("Sensibilité de la consommation électrique à la température", "Electricity use and temperature")
SOURCES = Text(
    f"Sources : RTE et Weathernews, sur ODRÉ, {texts.LICENCE}",
    f"Sources: RTE and Weathernews, on ODRÉ, {texts.LICENCE}",
)
SEE_SOURCES = Text("sources et dates, voir la page « Sources »", "sources and dates, see the page “Sources”")
NAME = "territory_label_fr"
SEMICOLON = {"fr": " ; ", "en": "; "}
YES_NO = {"true": Text("oui", "yes"), "false": Text("non", "no")}
# As in CITATION.cff, which a test compares.
AUTHORS = "DataElec maintainers"
SIMULATED_SOURCES = Text("Données simulées, à ne pas citer", "Simulated data, not to be quoted")


@dataclass(frozen=True)
class Vintage:
    """What every view says of its data: the span of days used, when the page was made, whether data are simulated."""

    first_day: date | None
    last_day: date | None
    made_at: datetime
    is_simulated: bool

    def span(self) -> Text | None:
        """The first and the last day studied; none where there is no day with both a load and a temperature."""
        if self.first_day is None:
            return None
        return Text(
            *(
                f"{numbers.day(self.first_day, language)} {numbers.DASH} {numbers.day(self.last_day, language)}"
                for language in LANGUAGES
            )
        )


def vintage(warehouse: Warehouse, made_at: datetime) -> Vintage:
    """Read the span and the simulation flag from whatever marts are there."""
    spans = []
    if not warehouse.missing({MART: ("window_start_on", "window_end_on")}):
        spans = warehouse.rows(f"select min(window_start_on) as low, max(window_end_on) as high from {MART}")
    return Vintage(
        spans[0]["low"] if spans else None,
        spans[0]["high"] if spans else None,
        made_at,
        warehouse.is_simulated(),
    )


def build_page(
    warehouse: Warehouse, made_at: datetime, views: Sequence[View] = VIEWS, repository: str | None = None
) -> str:
    """The whole page as text: every view that the marts can feed, in both languages, and what is missing.

    It links to the code where `repository` says its address.

    WarehouseError where they feed none: a page of no results would take the place of a good one.
    """
    shown, missing = gather(views, warehouse)
    if not any(view.needs for view, _ in shown):
        raise WarehouseError("The database holds no results, so no page was written.", "`dataelec build` makes them.")
    data, labels = vintage(warehouse, made_at), Labels.read(warehouse)
    environment = Environment(
        loader=PackageLoader("report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Names that marts have; what is marked up already, such as scripts, stays as it is.
        finalize=lambda value: typeset(value) if type(value) is str else value,
    )
    sheets = [sheet for _, found in shown for sheet in found]
    words = _labels(sheets, labels)
    return environment.get_template("page.html").render(
        title=TITLE,
        description=next((sheet.values["headline"] for sheet in sheets if "headline" in sheet.values), TITLE),
        editions=[_edition(environment, language, shown, missing, data, labels, words) for language in LANGUAGES],
        is_simulated=data.is_simulated,
        repository=repository,
        style=Markup((HERE / "assets/page.css").read_text("utf-8")),
        library=Markup(library()),
        script=Markup((HERE / "assets/page.js").read_text("utf-8")),
        payload=Markup(_payload(sheets, data, labels, words, repository)),
    )


@cache
def library() -> str:
    """The chart library in one script, safe inside a `script` element."""
    return (
        "(() => {"
        + vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").replace("</script", r"<\/script")
        + "})();"
    )


def embedded_json(value: object) -> str:
    """JSON that cannot end the `script` element it stands in, whatever names the data have."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _edition(
    environment: Environment,
    language: str,
    shown: Sequence[tuple[View, Sequence[Sheet]]],
    missing: Sequence[Missing],
    data: Vintage,
    labels: Labels,
    words: tables.Words,
) -> dict[str, Any]:
    """The texts of the page in one language, each sheet rendered by its view's template."""

    def tr(fr: str | Text, en: str = "") -> str:
        return numbers.unbroken((fr if isinstance(fr, Text) else Text(fr, en)).to(language), language)

    def number(value: float | None, digits: int = 0, *, signed: bool = False) -> str:
        return numbers.number(value, language, digits, signed=signed)

    common = {
        "language": language,
        "tr": tr,
        "number": number,
        "territory_name": lambda name: name_in(name, language),
        "day": lambda value: numbers.unbroken(numbers.day(value, language), language),
        "clock": lambda value: numbers.clock(value, language),
        "label": lambda column, code: tr(labels.of(column, code)),
        "status_meanings": texts.STATUS_MEANINGS,
        "missing": missing,
        "vintage": data,
        "citation": citation(data),
        "findings_of": lambda figure: {value: tr(words) for value, words in figure.findings.items()},
        "credit_of": lambda figure: credit(data, figure),
        "routes": {sheet.route for _, sheets in shown for sheet in sheets},
    }
    return {
        **common,
        "menu": [(sheets[0].route, tr(view.title)) for view, sheets in shown if view.in_menu],
        "sheets": [
            {
                "route": sheet.route,
                "title": tr(sheet.title),
                "credits": [tr(words) for words in credits_of(sheet, data)],
                "tables": tables.tables_of(sheet, words, language),
                "body": Markup(environment.get_template(view.template).render(sheet=sheet, **common, **sheet.values)),
            }
            for view, sheets in shown
            for sheet in sheets
        ],
    }


def _payload(
    sheets: Sequence[Sheet], data: Vintage, labels: Labels, words: tables.Words, repository: str | None
) -> str:
    """What the script draws from: datasets, specifications, labels of codes."""
    figures = [figure for sheet in sheets for figure in sheet.values.get("figures", ())]
    return embedded_json(
        {
            "datasets": {dataset.name: dataset.to_json() for sheet in sheets for dataset in sheet.datasets},
            "charts": charts.specifications({figure.kind for figure in figures}, labels),
            "locales": charts.LOCALES,
            "labels": words,
            "isSimulated": data.is_simulated,
            "madeOn": data.made_at.date().isoformat(),
            "citation": citation(data).both(),
            **({"repository": repository} if repository else {}),
        }
    )


def citation(data: Vintage) -> Text:
    """How the page may be cited: author, title, version, day."""
    return Text(
        *(
            f"{AUTHORS}, DataElec {version('dataelec')}. {TITLE.to(language)}. "
            f"{made}{numbers.day(data.made_at.date(), language)}."
            for language, made in (("fr", "Page produite le "), ("en", "Page made on "))
        )
    )


def credit(data: Vintage, figure: Figure | None = None) -> Text:
    """The span of the data and the sources: a figure's own, else those of half-hours and temperatures."""
    return _credits(data, [figure])[0]


def credits_of(sheet: Sheet, data: Vintage) -> list[Text]:
    """What stands at the foot of a screen: the spans of its figures, under their sources."""
    return _credits(data, sheet.values.get("figures", ()) or [None])


def _credits(data: Vintage, figures: Sequence[Figure | None]) -> list[Text]:
    studied = data.span()
    spans: dict[Text, dict[Text, None]] = {}
    for figure in figures:
        sources = (figure and figure.sources) or (SOURCES if studied else SEE_SOURCES)
        own = spans.setdefault(SIMULATED_SOURCES if data.is_simulated else sources, {})
        if span := (figure and figure.span) or studied:
            own[span] = None
    return [
        Text(
            *(
                " ".join(
                    [
                        *([SEMICOLON[language].join(each.to(language) for each in own) + "."] if own else []),
                        f"{sources.to(language)}.",
                    ]
                )
                for language in LANGUAGES
            )
        )
        for sources, own in spans.items()
    ]


def name_in(name: str, language: str) -> str:
    """The name of a territory in a language: France (12 régions) is France (12 regions)."""
    return name.replace("régions)", "regions)") if language == "en" else name


def _labels(sheets: Sequence[Sheet], labels: Labels) -> tables.Words:
    """Labels of the codes that tables show, by column."""
    values: dict[str, set[object]] = {}
    for dataset in (dataset for sheet in sheets for dataset in sheet.datasets):
        for name in (column.name for column in dataset.columns if labels.has(column.name)):
            values.setdefault(name, set()).update(row[name] for row in dataset.rows)
    words = {column: labels.of_values(column, found) for column, found in sorted(values.items())}
    words["is_change_significant"] = YES_NO
    # Of the names of territories, which marts have in French, one is more than a name.
    rows = [row for sheet in sheets for dataset in sheet.datasets for row in dataset.rows]
    names = {str(row[NAME]) for row in rows if "régions" in str(row.get(NAME))}
    words[NAME] = {name: Text(name, name_in(name, "en")) for name in sorted(names)}
    return {column: {code: text.both() for code, text in codes.items()} for column, codes in words.items()}


def figure_names(sheets: Sequence[Sheet]) -> list[str]:
    """The names of figures that no filter narrows, those of each territory as one."""
    figures = (figure for sheet in sheets for figure in sheet.values.get("figures", ()))
    return sorted({re.sub("-[0-9A-Z]+$", "-CODE", figure.name) for figure in figures if not figure.filters})


def figure_named(sheets: Sequence[Sheet], name: str) -> tuple[Figure, dict[str, Dataset]]:
    """A figure that no filter narrows, and its datasets; KeyError where the marts do not feed it."""
    datasets = {dataset.name: dataset for sheet in sheets for dataset in sheet.datasets}
    for sheet in sheets:
        for figure in sheet.values.get("figures", ()):
            if figure.name == name and not figure.filters:
                return figure, datasets
    raise KeyError(name)
