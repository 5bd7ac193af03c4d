"""The numbers of what a question shows: those that are printed, on both routes, however they came about."""

from typing import Any

import numpy as np

from fullmarks.math.expression import Expr, entry, given
from fullmarks.math.number_arrays import one_by_one
from fullmarks.math.numbers import rounded

PLACES = 3  # those of an answer


def leaf_as_shown(name: str, value: Any) -> Any:
    """Return a worked quantity as a leaf that has no history; a word stays as it is."""
    if not isinstance(value, Expr):
        return value
    numbers = np.empty(value.shape, dtype=object)
    for index in np.ndindex(*value.shape):
        numbers[index] = rounded(entry(value, index).number, PLACES)
    return given(name, numbers)


def array_as_shown(value: Any) -> Any:
    """Return the same numbers of an array in plain NumPy."""
    if not isinstance(value, np.ndarray):
        return value
    return one_by_one(lambda number: rounded(number, PLACES), value)
