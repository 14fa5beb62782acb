"""What a territory adds per °C in one sentence, no more exact than it is known, and what stands beside the number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dataelec.warehouse import Row, Warehouse
from report import numbers, sensitivity
from report.figures import Text, sentence
from report.labels import Labels
from report.sensitivity import PUBLISHED_SPECIFICATION, Measure
from report.views.base import COUNTRY

COUNTRY_NAME = Text("France", "France")


@dataclass(frozen=True)
class Headline:
    """The sentence about a territory and a measure; `row` is what it rests on, None where nothing may be quoted.

    `methods` are the values of every specification that may be quoted, lowest first, `thresholds` and `memories`
    those with other balance points or another memory of the temperature; `reasons` say why there is none.
    """

    measure: Measure
    sentence: Text
    row: Row | None
    methods: Sequence[tuple[str, float]]
    reasons: Sequence[Text]
    last_day: date | None
    thresholds: Sequence[tuple[str, float]] = ()
    memories: Sequence[tuple[str, float]] = ()


def said(measure: Measure, territory: Text, row: Row) -> Text:
    """The value in words, with the digits that its interval supports."""
    value = row[measure.column]
    return sentence(
        "{territory} : environ {value} {unit}",
        "{territory}: about {value} {unit}",
        territory=territory,
        value=numbers.supported(value, *(measure.interval(row) or (value, value))),
        unit=measure.said,
    )


def read(warehouse: Warehouse, measures: Sequence[Measure]) -> dict[str, list[Headline]]:
    """By territory, France first: one headline a measure."""
    labels = Labels.read(warehouse)
    by_specification: dict[str, Mapping[str, Row]] = {
        specification: {row["territory_code"]: row for row in sensitivity.territories(warehouse, specification)}
        for specification in sensitivity.specifications(warehouse)
    }
    published = by_specification.get(PUBLISHED_SPECIFICATION, {})
    codes = sorted(published, key=lambda code: code != COUNTRY)
    choices: dict[tuple[str, str], dict[str, float]] = {}
    for row in sensitivity.by_choice(warehouse):
        of_choice = choices.setdefault((row["territory_code"], row["diagnostic_code"]), {})
        of_choice[row["bin_code"]] = row["heating_slope_mw_per_c"]
    return {
        code: [_headline(measure, code, by_specification, labels, choices) for measure in measures]
        for code in codes
        if code == COUNTRY or published[code]["territory_level_code"] == "region"
    }


def _headline(
    measure: Measure,
    code: str,
    by_specification: Mapping[str, Mapping[str, Row]],
    labels: Labels,
    choices: Mapping[tuple[str, str], Mapping[str, float]],
) -> Headline:
    row = by_specification[PUBLISHED_SPECIFICATION][code]
    name = COUNTRY_NAME if code == COUNTRY else Text(row["territory_label_fr"], row["territory_label_fr"])
    if not measure.is_quotable(row):
        none = sentence(
            "{territory} : aucune valeur à citer", "{territory}: no value that may be quoted", territory=name
        )
        reasons = labels.listed("fit_reason_codes", row["fit_reason_codes"])
        return Headline(measure, none, None, (), reasons, row["window_end_on"])
    methods = [
        (specification, float(rows[code][measure.column]))
        for specification, rows in by_specification.items()
        if code in rows and measure.is_quotable(rows[code])
    ]
    # Every measure of heating is a multiple of the slope.
    multiple = row[measure.column] / row["heating_slope_mw_per_c"] if measure.side == "heating" else None
    thresholds, memories = (
        _by_value((choice, multiple * slope) for choice, slope in choices.get((code, kind), {}).items())
        if multiple
        else []
        for kind in (sensitivity.BALANCE_POINTS, sensitivity.MEMORY)
    )
    last_day = row["window_end_on"]
    return Headline(measure, said(measure, name, row), row, _by_value(methods), (), last_day, thresholds, memories)


def _by_value(methods: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(methods, key=lambda method: method[1])
