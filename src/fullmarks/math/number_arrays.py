"""Arrays of plain numbers: objects, each a ``Fraction`` while it is known exactly and a float from then on."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from fullmarks.math.elementary import nearest_float

Array = np.ndarray[Any, Any]
MOST_EXACT_WORK = 20_000  # additions or multiplications of one array that are worked number by number
MOST_OPERANDS = 16  # that NumPy takes in every version, and some to spare
MOST_BITS = 4096  # of a numerator or a denominator: squares of squares would go on doubling their digits


def as_floats(numbers: Array) -> Array:
    """Return plain numbers as an array of floats, each the nearest one; an array of floats as it is."""
    if numbers.dtype != object:
        return numbers.astype(float, copy=False)
    return np.array([nearest_float(number) for number in numbers.flat], dtype=float).reshape(numbers.shape)


def without_last_digits(floats: Array) -> Array:
    """Return floats rounded to 12 significant digits: the last ones depend on the processor where NumPy worked them."""
    return np.array([float(f"{number:.12g}") for number in floats.flat]).reshape(floats.shape)


def worked(operation: Any, size: int, arrays: list[Array]) -> Array:
    """Return what an operation gives: number by number, or, where that is too much work, with floats all at once."""
    if max(size * max(len(arrays), 1), *(array.size for array in arrays), 0) > MOST_EXACT_WORK:
        return np.asarray(operation.compute(*(as_floats(array) for array in arrays)))
    found: Array = operation.numbers(*arrays)
    return np.asarray(np.frompyfunc(of_bounded_size, 1, 1)(found), dtype=object) if found.dtype == object else found


def of_bounded_size(number: Any) -> Any:
    """Return a number as it is, but the nearest float of a fraction with more than some thousand digits."""
    if isinstance(number, Fraction) and max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS:
        return nearest_float(number)
    return number


def within_floats(scalar: Callable[..., Any], *numbers: Any) -> Any:
    """Apply a function to plain numbers; where an exact one is beyond all floats and meets one, it is infinite."""
    try:
        return scalar(*numbers)
    except OverflowError:
        return scalar(*(nearest_float(number) for number in numbers))


def one_by_one(scalar: Callable[..., Any], *arrays: Array) -> Array:
    """Apply a function of plain numbers entry by entry; what divides by 0 or fits no float is as floats have it."""

    def guarded(*numbers: Any) -> Any:
        try:
            return within_floats(scalar, *numbers)
        except ZeroDivisionError:
            return math.nan if not numbers[0] else math.inf if numbers[0] > 0 else -math.inf

    if len(arrays) <= MOST_OPERANDS:
        return np.asarray(np.frompyfunc(guarded, len(arrays), 1)(*arrays), dtype=object)
    stretched = np.broadcast_arrays(*arrays)
    found = np.empty(stretched[0].shape, dtype=object)
    found.reshape(-1)[:] = [guarded(*numbers) for numbers in zip(*(array.flat for array in stretched), strict=True)]
    return found


def reduced(scalar: Callable[..., Any], numbers: Array, axes: tuple[int, ...]) -> Array:
    """Apply a function of any number of plain numbers to those that fall together along axes, row by row."""
    last = np.moveaxis(numbers, axes, range(-len(axes), 0))
    kept = last.shape[: numbers.ndim - len(axes)]
    found = np.empty(math.prod(kept), dtype=object)
    found[:] = [scalar(*row) for row in last.reshape(found.size, -1)]
    return found.reshape(kept)
