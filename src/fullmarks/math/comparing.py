"""When two numbers count as equal: exact ones if they are, floats if rounding may be all that they differ in.

A float of 0 is decided where it is made: a sum whose terms cancel but for rounding is 0 (``added``). So the sign of
every number can be taken as it is, however small, and what was added up need not be known later.
"""

import math
import operator
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from fullmarks.math.elementary import nearest_float
from fullmarks.math.number_arrays import Array, as_floats
from fullmarks.math.symbolic import Symbolic

SAME = 1e-13  # floats that differ by no more, relative to the larger, count as equal
CANCELLED = 1e-14  # a sum of floats that is no larger, relative to its terms, is what rounding left over


def compare(left: Any, right: Any) -> int:
    """Return 1, 0 or −1: whether ``left`` is larger than ``right``, equal to it, or smaller.

    Raises ``Undecided`` where that depends on letters.
    """
    if left == right:
        return 0
    both_exact = isinstance(left, Fraction) and isinstance(right, Fraction)
    if both_exact or isinstance(left, Symbolic) or isinstance(right, Symbolic):
        return 1 if left > right else -1
    one, other = nearest_float(left), nearest_float(right)
    scale = max(abs(one), abs(other))
    if scale < math.inf and abs(one - other) <= SAME * scale:
        return 0
    return 1 if one > other else -1


def largest_place(numbers: Sequence[Any] | Array) -> int:
    """Return the place of the largest number; of those that count as equal to it, the first."""
    largest = numbers[0]
    for number in numbers[1:]:
        largest = max(largest, number)
    return next((place for place, number in enumerate(numbers) if compare(number, largest) == 0), 0)


def added(terms: Sequence[Fraction | float]) -> float:
    """Return the sum of numbers of which some are floats: in whatever order, and 0 where only rounding is left."""
    floats = [nearest_float(term) for term in terms]
    try:
        total = math.fsum(floats)
    except (OverflowError, ValueError):  # beyond all floats, or infinities of both signs
        return reduce(operator.add, floats)
    return 0.0 if abs(total) <= CANCELLED * max(map(abs, floats)) < math.inf else total


def rounded_down(number: Any) -> int:
    """Return the largest whole number not above a number, or the one that a float only just misses."""
    if isinstance(number, float) and compare(number, Fraction(round(number))) == 0:
        return round(number)
    whole: int = math.floor(number)
    return whole


def nearly_equal(one: Any, other: Any) -> Array:
    """Return where arrays of plain numbers count as equal: exact ones if they are, floats but for rounding."""
    one, other = np.asarray(one), np.asarray(other)
    floats, other_floats = as_floats(one), as_floats(other)
    with np.errstate(invalid="ignore", over="ignore"):  # an infinite number is equal to itself alone
        near = np.abs(floats - other_floats) <= SAME * np.maximum(np.abs(floats), np.abs(other_floats))
    near &= np.isfinite(floats) & np.isfinite(other_floats) & (are_floats(one) | are_floats(other))
    return np.asarray(near | (one == other).astype(bool))


def are_floats(numbers: Array) -> Array:
    """Return where an array of plain numbers holds floats, which were rounded."""
    if numbers.dtype != object:
        return np.ones(numbers.shape, dtype=bool)
    return np.array([isinstance(number, float) for number in numbers.flat], dtype=bool).reshape(numbers.shape)


def without_noise(numbers: Array) -> Array:
    """Return plain numbers with 0 for floats that may be left over by rounding beside the largest entry."""
    noisy = are_floats(numbers)
    if not noisy.any():
        return numbers
    sizes = np.abs(as_floats(numbers))
    largest = sizes[np.isfinite(sizes)].max(initial=0)
    return np.where(noisy & (sizes <= CANCELLED * largest), 0.0, numbers)
