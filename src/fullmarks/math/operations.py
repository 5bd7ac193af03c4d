"""The operations that work entry by entry: arithmetic, functions of the calculator, maxima and branches.

Each knows how to compute an array, how to expand one entry, and how to compute that entry from plain numbers.
"""

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from msgspec import Struct

from fullmarks.math.expression import Array, Expr, Index, Shape, entry
from fullmarks.math.letters import Undecided
from fullmarks.math.numbers import Exact
from fullmarks.math.symbolic import Symbolic, function_of, largest, smallest

DECISIVE_PLACES = 12  # to which numbers are compared where a choice hangs on them
_NOTHING = Fraction(0)  # exact, and so is its product with any number
_ONE = Fraction(1)


class _Elementwise(Struct, frozen=True):
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


class Plus(_Elementwise, frozen=True):
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
            there = [number for number in numbers if not (isinstance(number, Fraction) and number == 0)]
            return there[0] if len(there) == 1 else sum(there[1:], there[0])
        common = math.lcm(*(number.denominator for number in numbers))
        return Fraction(sum(number.numerator * (common // number.denominator) for number in numbers), common)


class Minus(_Elementwise, frozen=True):
    """A difference."""

    def compute(self, *arrays: Array) -> Array:
        """Subtract the second array."""
        left, right = arrays
        return left - right

    def scalar(self, *numbers: Any) -> Any:
        """Subtract the second number."""
        left, right = numbers
        return left - right


class Times(_Elementwise, frozen=True):
    """A product, entry by entry."""

    def compute(self, *arrays: Array) -> Array:
        """Multiply the arrays."""
        left, right = arrays
        return left * right

    def scalar(self, *numbers: Any) -> Any:
        """Multiply the numbers."""
        left, right = numbers
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return left * right
        if _NOTHING in (left, right) and isinstance(left, Fraction) != isinstance(right, Fraction):
            if isinstance(left, Symbolic) or isinstance(right, Symbolic):
                return _NOTHING
            return _NOTHING if math.isfinite(left) and math.isfinite(right) else math.nan
        return left * right


class Divide(_Elementwise, frozen=True):
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
        if left is right and isinstance(left, float) and math.isfinite(left) and left:
            return _ONE  # the very same number, not one that came out equal: a softmax over one score
        return left / right


class Negative(_Elementwise, frozen=True):
    """A change of sign."""

    def compute(self, *arrays: Array) -> Array:
        """Change the sign of every entry, leaving no negative zero."""
        return np.asarray(0 - arrays[0])

    def scalar(self, *numbers: Any) -> Any:
        """Change the sign."""
        return -numbers[0]


class Power(_Elementwise, frozen=True):
    """A whole power of at least 1, entry by entry."""

    exponent: int

    def compute(self, *arrays: Array) -> Array:
        """Raise every entry."""
        return np.asarray(arrays[0] ** self.exponent)

    def scalar(self, *numbers: Any) -> Any:
        """Raise the number."""
        return numbers[0] ** self.exponent


class AnyPower(_Elementwise, frozen=True):
    """A positive base to any power, such as a root of it: exact where the root is."""

    def compute(self, *arrays: Array) -> Array:
        """Raise the first array to the second."""
        base, exponent = arrays
        return np.asarray(base**exponent)

    def scalar(self, *numbers: Any) -> Any:
        """Raise the first number to the second."""
        base, exponent = numbers
        found = float(base) ** float(exponent)
        if isinstance(base, Fraction) and isinstance(exponent, Fraction) and math.isfinite(found):
            whole = Fraction(round(found))
            if whole**exponent.denominator == base**exponent.numerator:
                return whole
        return found


class Maximum(_Elementwise, frozen=True):
    """The largest of several terms, entry by entry; of 0 and one other perhaps called ReLU."""

    is_relu: bool = False

    def compute(self, *arrays: Array) -> Array:
        """Take the largest at every place."""
        largest = arrays[0]
        for array in arrays[1:]:
            largest = np.maximum(largest, array)
        return largest

    def scalar(self, *numbers: Any) -> Any:
        """Take the largest; where that depends on letters it stays a maximum."""
        try:
            return max(numbers)
        except Undecided:
            return largest(numbers)


class Minimum(_Elementwise, frozen=True):
    """The smallest of several terms, entry by entry."""

    def compute(self, *arrays: Array) -> Array:
        """Take the smallest at every place."""
        smallest = arrays[0]
        for array in arrays[1:]:
            smallest = np.minimum(smallest, array)
        return smallest

    def scalar(self, *numbers: Any) -> Any:
        """Take the smallest; where that depends on letters it stays a minimum."""
        try:
            return min(numbers)
        except Undecided:
            return smallest(numbers)


class ArgMax(_Elementwise, frozen=True):
    """The place, counted from 0, of the largest of several terms; the first of equals."""

    def compute(self, *arrays: Array) -> Array:
        """Find the place of the largest."""
        return np.asarray(np.argmax(settled(np.stack(np.broadcast_arrays(*arrays))), axis=0))

    def scalar(self, *numbers: Any) -> Any:
        """Find the place of the largest."""
        return Fraction(max(range(len(numbers)), key=lambda place: (numbers[place], -place)))


class Floor(_Elementwise, frozen=True):
    """The largest whole number not above the argument: what is left of half a window."""

    def compute(self, *arrays: Array) -> Array:
        """Round every entry down."""
        return np.asarray(np.floor(settled(arrays[0])))

    def scalar(self, *numbers: Any) -> Any:
        """Round down."""
        return Fraction(math.floor(numbers[0]))


FunctionName = Literal["exp", "ln", "sqrt", "tanh", "sigmoid", "sin", "cos", "abs", "sign", "erf"]


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
    "sin": np.sin,
    "cos": np.cos,
    "abs": np.abs,
    "sign": np.sign,
    "erf": np.vectorize(math.erf, otypes=[float]),
}
_EXACT_VALUES: dict[tuple[FunctionName, int], Fraction] = {
    ("exp", 0): Fraction(1),
    ("ln", 1): Fraction(0),
    ("tanh", 0): Fraction(0),
    ("sigmoid", 0): Fraction(1, 2),
    ("sin", 0): Fraction(0),
    ("cos", 0): Fraction(1),
    ("erf", 0): Fraction(0),
}


class Function(_Elementwise, frozen=True):
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
            if self.name == "abs":
                return abs(number)
            if self.name == "sign":
                return Fraction((number > 0) - (number < 0))
            if self.name == "sqrt" and number >= 0:
                return _exact_root(number)
            if number.denominator == 1 and (self.name, int(number)) in _EXACT_VALUES:
                return _EXACT_VALUES[self.name, int(number)]
        if isinstance(number, Symbolic):
            return function_of(self.name, number)
        return float(_ARRAY_FUNCTIONS[self.name](np.asarray(float(number))))


class Branches(_Elementwise, frozen=True):
    """One formula where the first argument is at least zero, another where it is negative."""

    def compute(self, *arrays: Array) -> Array:
        """Choose at every place."""
        test, otherwise, negative = arrays
        return np.where(settled(test) >= 0, otherwise, negative)

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return the entry of the branch that holds: the other one is of no interest there."""
        test, otherwise, negative = arguments
        if isinstance(entry(test, stretched(index, test.shape)).number, Symbolic):
            raise Undecided("which of two formulas holds depends on the sign of a letter; give numbers")
        holds = settled(test.value)[stretched(index, test.shape)] >= 0
        branch = otherwise if holds else negative
        return entry(branch, stretched(index, branch.shape))

    def scalar(self, *numbers: Any) -> Any:
        """Choose."""
        test, otherwise, negative = numbers
        return otherwise if test >= 0 else negative


class Holds(_Elementwise, frozen=True):
    """1 where a relation holds between two arguments, 0 elsewhere: Iverson's bracket [z > 0]."""

    relation: Literal["=", ">", "≥", "<", "≤"]

    def compute(self, *arrays: Array) -> Array:
        """Compare at every place."""
        left, right = (settled(array) for array in arrays)
        return np.asarray(_RELATIONS[self.relation](left, right), dtype=float)

    def scalar(self, *numbers: Any) -> Any:
        """Compare two numbers."""
        left, right = (round(number, DECISIVE_PLACES) if isinstance(number, float) else number for number in numbers)
        return Fraction(bool(_RELATIONS[self.relation](left, right)))


_RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    ">": operator.gt,
    "≥": operator.ge,
    "<": operator.lt,
    "≤": operator.le,
}
