"""The operations that work entry by entry: arithmetic, functions of the calculator, maxima and branches.

Each knows how to compute an array, how to expand one entry, and how to compute that entry from plain numbers.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from fullmarks.math.expression import Array, Expr, Index, Shape, entry
from fullmarks.math.numbers import Exact

DECISIVE_PLACES = 12  # to which numbers are compared where a choice hangs on them
_NOTHING = Fraction(0)  # exact, and so is its product with any number


class _Elementwise:
    """What every operation shares that works on arrays entry by entry, stretching lengths of one as NumPy does."""

    def shape(self, *shapes: Shape) -> Shape:
        """Return the shape that all arguments stretch to."""
        return shapes[0] if len(set(shapes)) == 1 else np.broadcast_shapes(*shapes)

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Apply the operation to one entry of each argument."""
        return Expr(self, *(entry(argument, stretched(index, argument.shape)) for argument in arguments))

    def compute(self, *arrays: Array) -> Array:
        """Return the result's values."""
        raise TypeError(arrays)

    def scalar(self, *numbers: Any) -> Any:
        """Return the result for plain numbers."""
        raise TypeError(numbers)


def stretched(index: Index, shape: Shape) -> Index:
    """Return the index, in an array of ``shape``, of the entry that stands at ``index`` once it is stretched."""
    own = index[len(index) - len(shape) :]
    return tuple(0 if length == 1 else position for position, length in zip(own, shape, strict=True))


def settled(array: Array) -> Array:
    """Return the array without the last digits of floats, so that what is equal on paper is equal here."""
    return np.asarray(np.round(array, DECISIVE_PLACES))


@dataclass(frozen=True)
class Plus(_Elementwise):
    """A sum of any number of terms, in the author's order."""

    def compute(self, *arrays: Array) -> Array:
        """Add the arrays."""
        total = arrays[0]
        for array in arrays[1:]:
            total = total + array
        return total

    def scalar(self, *numbers: Any) -> Any:
        """Add the numbers; fractions over their common denominator, which is reduced once and not at every term."""
        if not all(isinstance(number, Fraction) for number in numbers):
            return sum(numbers[1:], numbers[0])
        common = math.lcm(*(number.denominator for number in numbers))
        return Fraction(sum(number.numerator * (common // number.denominator) for number in numbers), common)


@dataclass(frozen=True)
class Minus(_Elementwise):
    """A difference."""

    def compute(self, *arrays: Array) -> Array:
        """Subtract the second array."""
        left, right = arrays
        return left - right

    def scalar(self, *numbers: Any) -> Any:
        """Subtract the second number."""
        left, right = numbers
        return left - right


@dataclass(frozen=True)
class Times(_Elementwise):
    """A product, entry by entry."""

    def compute(self, *arrays: Array) -> Array:
        """Multiply the arrays."""
        left, right = arrays
        return left * right

    def scalar(self, *numbers: Any) -> Any:
        """Multiply the numbers."""
        left, right = numbers
        if _NOTHING in (left, right) and isinstance(left, Fraction) != isinstance(right, Fraction):
            return _NOTHING if math.isfinite(left) and math.isfinite(right) else math.nan
        return left * right


@dataclass(frozen=True)
class Divide(_Elementwise):
    """A quotient, entry by entry."""

    def compute(self, *arrays: Array) -> Array:
        """Divide by the second array."""
        left, right = arrays
        return left / right

    def scalar(self, *numbers: Any) -> Any:
        """Divide by the second number."""
        left, right = numbers
        if isinstance(left, Fraction) and left == 0 and right != 0:
            return left
        return left / right


@dataclass(frozen=True)
class Negative(_Elementwise):
    """A change of sign."""

    def compute(self, *arrays: Array) -> Array:
        """Change the sign of every entry, leaving no negative zero."""
        return np.asarray(0 - arrays[0])

    def scalar(self, *numbers: Any) -> Any:
        """Change the sign."""
        return -numbers[0]


@dataclass(frozen=True)
class Power(_Elementwise):
    """A whole power of at least 1, entry by entry."""

    exponent: int

    def compute(self, *arrays: Array) -> Array:
        """Raise every entry."""
        return np.asarray(arrays[0] ** self.exponent)

    def scalar(self, *numbers: Any) -> Any:
        """Raise the number."""
        return numbers[0] ** self.exponent


@dataclass(frozen=True)
class Maximum(_Elementwise):
    """The largest of several terms, entry by entry."""

    def compute(self, *arrays: Array) -> Array:
        """Take the largest at every place."""
        largest = arrays[0]
        for array in arrays[1:]:
            largest = np.maximum(largest, array)
        return largest

    def scalar(self, *numbers: Any) -> Any:
        """Take the largest."""
        return max(numbers)


@dataclass(frozen=True)
class Minimum(_Elementwise):
    """The smallest of several terms, entry by entry."""

    def compute(self, *arrays: Array) -> Array:
        """Take the smallest at every place."""
        smallest = arrays[0]
        for array in arrays[1:]:
            smallest = np.minimum(smallest, array)
        return smallest

    def scalar(self, *numbers: Any) -> Any:
        """Take the smallest."""
        return min(numbers)


@dataclass(frozen=True)
class ArgMax(_Elementwise):
    """The place, counted from 0, of the largest of several terms; the first of equals."""

    def compute(self, *arrays: Array) -> Array:
        """Find the place of the largest."""
        return np.asarray(np.argmax(settled(np.stack(np.broadcast_arrays(*arrays))), axis=0))

    def scalar(self, *numbers: Any) -> Any:
        """Find the place of the largest."""
        return Fraction(max(range(len(numbers)), key=lambda place: (numbers[place], -place)))


@dataclass(frozen=True)
class Floor(_Elementwise):
    """The largest whole number not above the argument: what is left of half a window."""

    def compute(self, *arrays: Array) -> Array:
        """Round every entry down."""
        return np.asarray(np.floor(settled(arrays[0])))

    def scalar(self, *numbers: Any) -> Any:
        """Round down."""
        return Fraction(math.floor(numbers[0]))


FunctionName = Literal["exp", "ln", "sqrt", "tanh", "sigmoid"]


def _sigmoid(array: Array) -> Array:
    decay = np.exp(-np.abs(array))  # at most 1: nothing overflows
    return np.asarray(np.where(array >= 0, 1, decay) / (1 + decay))


def _exact_root(number: Fraction) -> Exact:
    top, bottom = math.isqrt(number.numerator), math.isqrt(number.denominator)
    found = Fraction(top, bottom)
    return found if found * found == number else math.sqrt(number)


_ARRAY_FUNCTIONS: dict[FunctionName, Callable[[Array], Array]] = {
    "exp": np.exp,
    "ln": np.log,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
}
_EXACT_VALUES: dict[tuple[FunctionName, int], Fraction] = {
    ("exp", 0): Fraction(1),
    ("ln", 1): Fraction(0),
    ("tanh", 0): Fraction(0),
    ("sigmoid", 0): Fraction(1, 2),
}


@dataclass(frozen=True)
class Function(_Elementwise):
    """A function of the calculator, applied entry by entry; exact where its value is rational and well known."""

    name: FunctionName

    def compute(self, *arrays: Array) -> Array:
        """Apply the function to every entry; what overflows is infinite, which matters only where it is used."""
        with np.errstate(over="ignore"):
            return _ARRAY_FUNCTIONS[self.name](arrays[0])

    def scalar(self, *numbers: Any) -> Any:
        """Apply the function."""
        (number,) = numbers
        if self.name == "exp" and number == -math.inf:
            return Fraction(0)
        if isinstance(number, Fraction):
            if self.name == "sqrt" and number >= 0:
                return _exact_root(number)
            if number.denominator == 1 and (self.name, int(number)) in _EXACT_VALUES:
                return _EXACT_VALUES[self.name, int(number)]
        return float(_ARRAY_FUNCTIONS[self.name](np.asarray(float(number))))


@dataclass(frozen=True)
class Branches(_Elementwise):
    """One formula where the first argument is at least zero, another where it is negative."""

    def compute(self, *arrays: Array) -> Array:
        """Choose at every place."""
        test, otherwise, negative = arrays
        return np.where(settled(test) >= 0, otherwise, negative)

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return the entry of the branch that holds: the other one is of no interest there."""
        test, otherwise, negative = arguments
        holds = settled(test.value)[stretched(index, test.shape)] >= 0
        branch = otherwise if holds else negative
        return entry(branch, stretched(index, branch.shape))

    def scalar(self, *numbers: Any) -> Any:
        """Choose."""
        test, otherwise, negative = numbers
        return otherwise if test >= 0 else negative
