"""Tables as text for the methodology page."""

import pandas as pd


def as_markdown(table: pd.DataFrame, digits: int) -> str:
    """The table as Markdown, numbers with a fraction rounded to ``digits``; the index is not shown."""
    cells = [[_cell(value, digits) for value in row] for row in table.itertuples(index=False)]
    lines = [list(map(str, table.columns)), ["---"] * table.shape[1], *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object, digits: int) -> str:
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)
