"""The operations that work entry by entry: arithmetic, functions of the calculator, maxima and branches.

Each knows how to compute an array, how to expand one entry, and how to compute that entry from plain numbers.
"""

import math
from fractions import Fraction
from functools import reduce
from typing import Any, Literal

import numpy as np
from msgspec import Struct

from fullmarks.math import elementary
from fullmarks.math.calculator import ARRAY_FUNCTIONS, EXACT_VALUES, FunctionName, exact_root
from fullmarks.math.comparing import added, compare, largest_place, rounded_down, without_noise
from fullmarks.math.expression import Array, Expr, Index, Shape, entry
from fullmarks.math.letters import Undecided
from fullmarks.math.number_arrays import one_by_one
from fullmarks.math.symbolic import Symbolic, function_of, largest, smallest

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

    def numbers(self, *arrays: Array) -> Array:
        """Return the results for arrays of plain numbers, entry by entry."""
        return one_by_one(self.scalar, *arrays)

    def scalar(self, *numbers: Any) -> Any:
        """Return the result for plain numbers."""
        raise TypeError(numbers)


def stretched(index: Index, shape: Shape) -> Index:
    """Return the index, in an array of ``shape``, of the entry that stands at ``index`` once it is stretched."""
    own = index[len(index) - len(shape) :]
    return tuple(0 if length == 1 else position for position, length in zip(own, shape, strict=True))


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
            return there[0] if len(there) == 1 else _sum_of_inexact(there)
        common = math.lcm(*(number.denominator for number in numbers))
        return Fraction(sum(number.numerator * (common // number.denominator) for number in numbers), common)


def _sum_of_inexact(numbers: list[Any]) -> Any:
    if any(isinstance(number, Symbolic) for number in numbers):
        return reduce(lambda total, number: total + number, numbers)
    return added(numbers)


class Minus(_Elementwise, frozen=True):
    """A difference."""

    def compute(self, *arrays: Array) -> Array:
        """Subtract the second array."""
        left, right = arrays
        return left - right

    def scalar(self, *numbers: Any) -> Any:
        """Subtract the second number."""
        left, right = numbers
        if isinstance(left, float) or isinstance(right, float):
            return Plus().scalar(left, -right)
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
        for number, other in ((left, right), (right, left)):
            if isinstance(number, Fraction) and number == 0:
                is_number = isinstance(other, Symbolic) or math.isfinite(other)
                return _NOTHING if is_number else math.nan
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
        (base,) = numbers
        return elementary.power(base, self.exponent) if isinstance(base, float) else base**self.exponent


LARGEST_EXPONENT = 100  # above and below the line: beyond it nobody looks for an exact root


class AnyPower(_Elementwise, frozen=True):
    """A positive base to any power, such as a root of it: exact where the root is."""

    def compute(self, *arrays: Array) -> Array:
        """Raise the first array to the second."""
        base, exponent = arrays
        return np.asarray(base**exponent)

    def scalar(self, *numbers: Any) -> Any:
        """Raise the first number to the second."""
        base, exponent = numbers
        found = elementary.power(base, exponent)
        if isinstance(base, Fraction) and isinstance(exponent, Fraction) and math.isfinite(found):
            whole = Fraction(round(found))
            is_small = max(abs(exponent.numerator), exponent.denominator) <= LARGEST_EXPONENT
            if is_small and whole**exponent.denominator == base**exponent.numerator:
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
        return np.asarray(np.argmax(np.stack(np.broadcast_arrays(*arrays)), axis=0))

    def scalar(self, *numbers: Any) -> Any:
        """Find the place of the largest."""
        return Fraction(largest_place(numbers))


class Floor(_Elementwise, frozen=True):
    """The largest whole number not above the argument: what is left of half a window."""

    def compute(self, *arrays: Array) -> Array:
        """Round every entry down."""
        return np.asarray(np.floor(arrays[0]))

    def scalar(self, *numbers: Any) -> Any:
        """Round down."""
        return Fraction(rounded_down(numbers[0]))


class Function(_Elementwise, frozen=True):
    """A function of the calculator, applied entry by entry; exact where its value is rational and well known."""

    name: FunctionName

    def compute(self, *arrays: Array) -> Array:
        """Apply the function to every entry; what overflows is infinite, which matters only where it is used."""
        with np.errstate(over="ignore"):
            return ARRAY_FUNCTIONS[self.name](arrays[0])

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
                return exact_root(number)
            if number.denominator == 1 and (self.name, int(number)) in EXACT_VALUES:
                return EXACT_VALUES[self.name, int(number)]
        if isinstance(number, Symbolic):
            return function_of(self.name, number)
        if self.name in ("abs", "sign"):
            return abs(number) if self.name == "abs" else Fraction((number > 0) - (number < 0))
        return elementary.FUNCTIONS[self.name](number)


class Branches(_Elementwise, frozen=True):
    """One formula where the first argument is at least zero, another where it is negative."""

    def compute(self, *arrays: Array) -> Array:
        """Choose at every place."""
        test, otherwise, negative = arrays
        return np.where(without_noise(test) >= 0, otherwise, negative)

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return the entry of the branch that holds: the other one is of no interest there."""
        test, otherwise, negative = arguments
        tested = entry(test, stretched(index, test.shape)).number
        if isinstance(tested, Symbolic):
            raise Undecided("which of two formulas holds depends on the sign of a letter; give numbers")
        branch = otherwise if tested >= 0 else negative
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
        left, right = arrays
        difference = np.sign(np.where(left == right, 0.0, without_noise(left - right)))
        return np.asarray(np.isin(difference, _RELATIONS[self.relation]), dtype=float)

    def scalar(self, *numbers: Any) -> Any:
        """Compare two numbers."""
        return Fraction(compare(*numbers) in _RELATIONS[self.relation])


_RELATIONS: dict[str, tuple[int, ...]] = {"=": (0,), ">": (1,), "≥": (0, 1), "<": (-1,), "≤": (-1, 0)}  # of `compare`
