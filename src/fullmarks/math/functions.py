"""What operators are written with: functions that make longer histories out of shorter ones."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from fullmarks.math.array_operations import Detached, Join, MatrixProduct, Reduction, View
from fullmarks.math.expression import Array, Axes, Constant, Expr, Shape, constant, is_named
from fullmarks.math.operations import (
    AnyPower,
    Branches,
    Divide,
    Floor,
    Function,
    Holds,
    Maximum,
    Minimum,
    Minus,
    Negative,
    Plus,
    Power,
    Times,
)


def as_expression(value: Expr | float | Fraction) -> Expr:
    """Return ``value``, a plain number becoming a constant of the formula."""
    return value if isinstance(value, Expr) else constant(value)


def is_nothing(expression: Expr) -> bool:
    """Tell whether ``expression`` is the constant 0 of an absent bias, which is not the same as a 0 that is given."""
    return isinstance(expression.operation, Constant) and expression.operation == Constant(Fraction(0))


def elementwise(operation: Any, *values: Expr | float) -> Expr:
    """Apply an elementwise operation to expressions and plain numbers."""
    return Expr(operation, *(as_expression(value) for value in values))


def add(left: Expr | float, right: Expr | float) -> Expr:
    """Add; a sum that goes on stays one sum, and the constant 0 of an absent bias is not written at all."""
    left, right = as_expression(left), as_expression(right)
    if is_nothing(right):
        return left
    if is_nothing(left):
        return right
    if isinstance(left.operation, Plus) and not is_named(left):
        return Expr(Plus(), *left.arguments, right)
    return Expr(Plus(), left, right)


def subtract(left: Expr | float, right: Expr | float) -> Expr:
    """Subtract entry by entry."""
    return elementwise(Minus(), left, right)


def multiply(left: Expr | float, right: Expr | float) -> Expr:
    """Multiply entry by entry."""
    return elementwise(Times(), left, right)


def divide(left: Expr | float, right: Expr | float) -> Expr:
    """Divide entry by entry."""
    return elementwise(Divide(), left, right)


def negative(argument: Expr) -> Expr:
    """Change every sign."""
    return elementwise(Negative(), argument)


def power(base: Expr, exponent: int) -> Expr:
    """Raise each entry to a whole power."""
    return elementwise(Power(exponent), base)


def any_power(base: Expr | float, exponent: Expr | float) -> Expr:
    """Raise each entry of ``base``, all positive, to any power: 10000^(2/3)."""
    return elementwise(AnyPower(), base, exponent)


def matrix_product(left: Expr, right: Expr) -> Expr:
    """Multiply matrices and vectors."""
    return Expr(MatrixProduct(), left, right)


def reduce(source: Expr, kind: Literal["sum", "max", "argmax"], axis: Axes, *, keepdims: bool = False) -> Expr:
    """Add up, or take the largest, along one axis, several, or all (``None``)."""
    axes = range(source.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    return Expr(Reduction(kind, tuple(sorted(one % source.ndim for one in axes)), keepdims), source)


def view(source: Expr, arrange: Callable[[Array], Any], fill: float | Fraction = 0, written: str = "") -> Expr:
    """Rearrange ``source`` as ``arrange`` rearranges an array of its places; -1 stands for ``fill``."""
    origin = np.asarray(arrange(_places(source.shape)))
    return Expr(View(origin, Fraction(fill) if math.isfinite(fill) else fill, written), source)


@lru_cache(maxsize=8)
def _places(shape: Shape) -> Array:
    """Return every entry's place in row-major order; arrays taken from one source by slices share these numbers."""
    places = np.arange(math.prod(shape)).reshape(shape)
    places.flags.writeable = False
    return places


def pad(source: Expr, widths: Sequence[tuple[int, int]], fill: float = 0) -> Expr:
    """Surround the last two axes with ``fill``: ``widths`` are (top, bottom), (left, right)."""
    all_widths = [(0, 0)] * (source.ndim - 2) + list(widths)
    return view(source, lambda places: np.pad(places, all_widths, constant_values=-1), fill)


def hide(source: Expr, seen: Array) -> Expr:
    """Put −∞ wherever ``seen``, an array of the same shape, is 0."""
    return view(source, lambda places: np.where(seen > 0, places, -1), -math.inf)


def windows(source: Expr, size: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int] = (1, 1)) -> Expr:
    """Return every window over the last two axes: shape (…, H', W', height, width)."""

    def slide(places: Array) -> Array:
        span = tuple((length - 1) * step + 1 for length, step in zip(size, dilation, strict=True))
        every = np.lib.stride_tricks.sliding_window_view(places, span, axis=(-2, -1))
        return every[..., :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]

    return view(source, slide)


def join(parts: Sequence[Expr], axis: int = 0, *, is_size: bool = False) -> Expr:
    """Put arrays one after another along ``axis``; ``is_size`` writes the result as ``3 × 32 × 32``."""
    return Expr(Join(axis % parts[0].ndim, is_size), *parts)


def stack(parts: Sequence[Expr]) -> Expr:
    """Put arrays of one shape below one another along a new first axis."""
    return join([part.reshape(1, *part.shape) for part in parts])


def exp(argument: Expr) -> Expr:
    """Return e to the power of each entry."""
    return elementwise(Function("exp"), argument)


def ln(argument: Expr) -> Expr:
    """Return the natural logarithm of each entry."""
    return elementwise(Function("ln"), argument)


def sqrt(argument: Expr | float) -> Expr:
    """Return the square root of each entry."""
    return elementwise(Function("sqrt"), argument)


def tanh(argument: Expr) -> Expr:
    """Return the hyperbolic tangent of each entry."""
    return elementwise(Function("tanh"), argument)


def sigmoid(argument: Expr) -> Expr:
    """Return 1 / (1 + e^(-z)) for each entry z."""
    return elementwise(Function("sigmoid"), argument)


def sin(argument: Expr) -> Expr:
    """Return the sine of each entry, an angle in radians."""
    return elementwise(Function("sin"), argument)


def cos(argument: Expr) -> Expr:
    """Return the cosine of each entry, an angle in radians."""
    return elementwise(Function("cos"), argument)


def maximum(*terms: Expr | float) -> Expr:
    """Return the largest of the terms, entry by entry."""
    return elementwise(Maximum(), *terms)


def relu(argument: Expr) -> Expr:
    """Return max(0, z) for each entry z, by the name that the chain rule then has for it."""
    return elementwise(Maximum(is_relu=True), 0, argument)


def minimum(*terms: Expr | float) -> Expr:
    """Return the smallest of the terms, entry by entry."""
    return elementwise(Minimum(), *terms)


def branches(test: Expr, otherwise: Expr, negative: Expr) -> Expr:
    """Return ``otherwise`` where ``test`` is at least zero and ``negative`` elsewhere."""
    return elementwise(Branches(), test, otherwise, negative)


def argmax(source: Expr, axis: int | None = None) -> Expr:
    """Return the place, counted from 0, of the largest entry along ``axis``, or of all of a vector."""
    return reduce(source, "argmax", axis)


def floor(argument: Expr) -> Expr:
    """Round each entry down to a whole number."""
    return elementwise(Floor(), argument)


def absolute(argument: Expr) -> Expr:
    """Return each entry without its sign."""
    return elementwise(Function("abs"), argument)


def sign(argument: Expr) -> Expr:
    """Return 1, 0 or -1: the sign of each entry."""
    return elementwise(Function("sign"), argument)


def erf(argument: Expr) -> Expr:
    """Return the error function of each entry."""
    return elementwise(Function("erf"), argument)


def holds(left: Expr | float, relation: Literal["=", ">", "≥", "<", "≤"], right: Expr | float) -> Expr:
    """Return 1 where the relation holds and 0 elsewhere, entry by entry."""
    return elementwise(Holds(relation), left, right)


def detached(argument: Expr) -> Expr:
    """Return ``argument``, written as it is, through which no gradient flows back."""
    return Expr(Detached(np.arange(argument.size).reshape(argument.shape), written="same"), argument)
