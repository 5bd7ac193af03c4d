"""Arrays of plain numbers: objects, each a ``Fraction`` while it is known exactly and a float from then on."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from fullmarks.math.elementary import nearest_float

Array = np.ndarray[Any, Any]
MOST_EXACT_WORK = 20_000  # additions or multiplications of one array that are worked number by number


def as_floats(numbers: Array) -> Array:
    """Return plain numbers as an array of floats, each the nearest one; an array of floats as it is."""
    if numbers.dtype != object:
        return numbers.astype(float, copy=False)
    return np.array([nearest_float(number) for number in numbers.flat], dtype=float).reshape(numbers.shape)


def one_by_one(scalar: Callable[..., Any], *arrays: Array) -> Array:
    """Apply a function of plain numbers entry by entry; what divides by 0 or fits no float is as floats have it."""

    def guarded(*numbers: Any) -> Any:
        try:
            return scalar(*numbers)
        except ZeroDivisionError:
            return math.nan if not numbers[0] else math.inf if numbers[0] > 0 else -math.inf
        except OverflowError:
            return scalar(*(nearest_float(number) for number in numbers))

    return np.asarray(np.frompyfunc(guarded, len(arrays), 1)(*arrays), dtype=object)


def reduced(scalar: Callable[..., Any], numbers: Array, axes: tuple[int, ...]) -> Array:
    """Apply a function of any number of plain numbers to those that fall together along axes, row by row."""
    last = np.moveaxis(numbers, axes, range(-len(axes), 0))
    kept = last.shape[: numbers.ndim - len(axes)]
    found = np.empty(math.prod(kept), dtype=object)
    found[:] = [scalar(*row) for row in last.reshape(found.size, -1)]
    return found.reshape(kept)
