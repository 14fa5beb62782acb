"""Tables in plain HTML, for readers whose browser runs no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from report import numbers
from report.figures import Dataset, Sheet, TableColumn, Text

# What nobody reads to the end is cut; what has a row a day is left to the published files.
MOST_ROWS, TOO_MANY_ROWS = 60, 1000
Words = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Table:
    """The first rows of what a figure is drawn from, as its readers write numbers; `rows_count` is how many it has."""

    title: Text
    columns: tuple[TableColumn, ...]
    rows: list[list[str]]
    rows_count: int


def tables_of(sheet: Sheet, words: Words, language: str) -> list[Table]:
    """A table for each dataset that a figure of the sheet is drawn from, each once."""
    datasets = {dataset.name: dataset for dataset in sheet.datasets}
    figures = {figure.datasets["main"]: figure for figure in reversed(sheet.values.get("figures", ()))}
    return [
        _table(figure.title, datasets[name], words, language)
        for name, figure in reversed(figures.items())
        if name in datasets
    ]


def _table(title: Text, dataset: Dataset, words: Words, language: str) -> Table:
    first = dataset.rows[:MOST_ROWS] if len(dataset.rows) <= TOO_MANY_ROWS else []
    rows = [[_cell(column, row[column.name], words, language) for column in dataset.columns] for row in first]
    return Table(title, tuple(dataset.columns), rows, len(dataset.rows))


def _cell(column: TableColumn, value: object, words: Words, language: str) -> str:
    labels = words.get(column.name, {})
    key = str(value).lower() if isinstance(value, bool) else str(value)
    if key in labels:
        return labels[key][language]
    if column.digits is not None and (value is None or isinstance(value, int | float)):
        return numbers.number(value, language, column.digits)
    if isinstance(value, date):
        return value.isoformat()
    return numbers.DASH if value is None else str(value)
