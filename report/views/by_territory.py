"""Figures that show one territory at a time, the one the reader chooses, and head it with what is found there."""

from collections.abc import Callable, Sequence

from dataelec.warehouse import Row, Warehouse
from report.figures import Dataset, Drawing, Figure, Text, findings_by
from report.labels import Labels

FILTERS = ("territory_code",)


def drawing(
    dataset: Dataset, title: Text, description: Text, finding: Callable[[Sequence[Row]], Text | None]
) -> Drawing:
    """A dataset and its figure of the same name and kind; nothing where there are no rows."""
    if not dataset.rows:
        return Drawing()
    name, found = dataset.name, findings_by(dataset.rows, finding)
    return Drawing([dataset], [Figure(name, name, title, description, {"main": name}, FILTERS, findings=found)])


def named(rows: Sequence[Row], warehouse: Warehouse, column: str) -> list[Row]:
    """The rows with the label of a code in both languages, for `name` and for the drawing."""
    labels = Labels.read(warehouse)
    both = {row[column]: labels.of(column, row[column]) for row in rows}
    return [row | {"_name_fr": both[row[column]].fr, "_name_en": both[row[column]].en} for row in rows]


def name(row: Row) -> Text:
    """The label that `named` gave a row."""
    return Text(row["_name_fr"], row["_name_en"])
