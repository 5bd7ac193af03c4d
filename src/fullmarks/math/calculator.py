"""The functions of the calculator: their names, over arrays of floats, and where their values are rational."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from fullmarks.math import elementary
from fullmarks.math.numbers import Exact

Array = np.ndarray[Any, Any]
FunctionName = Literal["exp", "ln", "sqrt", "tanh", "sigmoid", "sin", "cos", "abs", "sign", "erf"]


def exact_root(number: Fraction) -> Exact:
    """Return the square root of a number of at least 0: exact if it is rational, else the nearest float."""
    top, bottom = math.isqrt(number.numerator), math.isqrt(number.denominator)
    found = Fraction(top, bottom)
    return found if found * found == number else elementary.sqrt(number)


def _sigmoid(array: Array) -> Array:
    decay = np.exp(-np.abs(array))  # at most 1: nothing overflows
    return np.asarray(np.where(array >= 0, 1, decay) / (1 + decay))


ARRAY_FUNCTIONS: dict[FunctionName, Callable[[Array], Array]] = {
    "exp": np.exp,
    "ln": np.log,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "sin": np.sin,
    "cos": np.cos,
    "abs": np.abs,
    "sign": np.sign,
    "erf": np.vectorize(math.erf, otypes=[float]),
}
EXACT_VALUES: dict[tuple[FunctionName, int], Fraction] = {
    ("exp", 0): Fraction(1),
    ("ln", 1): Fraction(0),
    ("tanh", 0): Fraction(0),
    ("sigmoid", 0): Fraction(1, 2),
    ("sin", 0): Fraction(0),
    ("cos", 0): Fraction(1),
    ("erf", 0): Fraction(0),
}
