"""Columns of Arrow tables from numpy arrays, without a Python object per row."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from simulation.parameters import Floats, Ints


def text_column(values: Sequence[str | None], positions: Ints) -> pa.Array:
    """Return the text of each position, null where negative."""
    return label_column(values, positions).cast(pa.string())


def label_column(values: Sequence[str | None], positions: Ints) -> pa.Array:
    """Return the text of each position, null where negative, as labels once and a number a row: for long tables."""
    positions_or_null = pa.array(positions.astype(np.int32), mask=positions < 0)
    return pa.DictionaryArray.from_arrays(positions_or_null, pa.array(values, pa.string()))


def whole_numbers(values: Floats) -> pa.Array:
    """Return whole numbers, null where NaN."""
    is_null = np.isnan(values)
    return pa.array(np.where(is_null, 0, values).astype(np.int32), mask=is_null)


def numbers(values: Floats) -> pa.Array:
    """Return numbers, null where NaN."""
    return pa.array(values, mask=np.isnan(values))
