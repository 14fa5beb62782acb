"""What people read for the codes that marts carry, in both languages, as the warehouse says (`core.dim_labels`)."""

from collections.abc import Iterable, Mapping

from dataelec.warehouse import Warehouse
from report.figures import Text

MART = "core.dim_labels"
NEEDS = {MART: ("code_name", "code", "label_fr", "label_en")}


class Labels:
    """Labels by column and code.

    A column has the labels of the code that its name ends in: `heating_fit_status` those of `fit_status`, and
    `fit_reason_codes`, a comma-separated list, those of `fit_reason_code`.
    """

    def __init__(self, labels: Mapping[str, Mapping[str, Text]]) -> None:
        """Hold labels that are keyed by the name of the code, then by the code."""
        self._labels = labels
        self._by_column: dict[str, Mapping[str, Text]] = {}

    @classmethod
    def read(cls, warehouse: Warehouse) -> "Labels":
        """The labels of a warehouse; none from one that was built before it had any."""
        rows = [] if warehouse.missing(NEEDS) else warehouse.rows(f"select * from {MART}")
        labels: dict[str, dict[str, Text]] = {}
        for row in rows:
            labels.setdefault(row["code_name"], {})[row["code"]] = Text(row["label_fr"], row["label_en"])
        return cls(labels)

    def has(self, column: str) -> bool:
        """Whether a column holds codes that have labels."""
        return bool(self._of_column(column))

    def of(self, column: str, code: str) -> Text:
        """The label of a code; a code without one is shown as it is rather than hidden."""
        return self._of_column(column).get(code, Text(code, code))

    def listed(self, column: str, codes: str | None) -> list[Text]:
        """The labels of a comma-separated list of codes."""
        return [self.of(column, code) for code in (codes or "").split(",") if code]

    def joined(self, column: str, codes: str | None) -> Text:
        """The labels of a comma-separated list of codes as one text."""
        labels = self.listed(column, codes)
        return Text(" ; ".join(each.fr for each in labels), "; ".join(each.en for each in labels))

    def of_values(self, column: str, values: Iterable[object]) -> dict[str, Text]:
        """The labels of the values that a column holds, lists of codes included."""
        codes = sorted({value for value in values if isinstance(value, str) and value})
        if column.endswith("_codes"):
            return {code: self.joined(column, code) for code in codes}
        return {code: self.of(column, code) for code in codes}

    def _of_column(self, column: str) -> Mapping[str, Text]:
        if column not in self._by_column:
            one = column.removesuffix("s") if column.endswith("_codes") else column
            names = [name for name in self._labels if f"_{one}".endswith(f"_{name}")]
            self._by_column[column] = self._labels[max(names, key=len)] if names else {}
        return self._by_column[column]
