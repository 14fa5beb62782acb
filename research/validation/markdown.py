"""Tables as text for the methodology page."""

import math

import pandas as pd


def as_markdown(table: pd.DataFrame, digits: int) -> str:
    """The table as Markdown, numbers with a fraction rounded to ``digits``; no number is an empty cell."""
    cells = [[_cell(value, digits) for value in row] for row in table.itertuples(index=False)]
    lines = [list(map(str, table.columns)), ["---"] * table.shape[1], *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object, digits: int) -> str:
    if not isinstance(value, float):
        return str(value)
    return "" if math.isnan(value) else f"{value:.{digits}f}"
