"""The operations a history is made of: arithmetic, functions, products of matrices, sums, maxima and views.

Each knows how to compute an array, how to expand one entry, and how to compute that entry from plain numbers.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from fullmarks.math.expression import Array, Constant, Expr, Index, Shape, constant, entry, is_named
from fullmarks.math.numbers import Exact

_NOTHING = Fraction(0)  # exact, and so is its product with any number
Axes = int | tuple[int, ...] | None


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
        """Add the numbers."""
        return sum(numbers[1:], numbers[0])


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
class ArgMax(_Elementwise):
    """The place, counted from 0, of the largest of several terms; the first of equals."""

    def compute(self, *arrays: Array) -> Array:
        """Find the place of the largest."""
        return np.asarray(np.argmax(np.stack(np.broadcast_arrays(*arrays)), axis=0))

    def scalar(self, *numbers: Any) -> Any:
        """Find the place of the largest."""
        return Fraction(max(range(len(numbers)), key=lambda place: (numbers[place], -place)))


@dataclass(frozen=True)
class Floor(_Elementwise):
    """The largest whole number not above the argument: what is left of half a window."""

    def compute(self, *arrays: Array) -> Array:
        """Round every entry down."""
        return np.floor(arrays[0])

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
        return np.where(test >= 0, otherwise, negative)

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return the entry of the branch that holds: the other one is of no interest there."""
        test, otherwise, negative = arguments
        holds = test.value[stretched(index, test.shape)] >= 0
        branch = otherwise if holds else negative
        return entry(branch, stretched(index, branch.shape))

    def scalar(self, *numbers: Any) -> Any:
        """Choose."""
        test, otherwise, negative = numbers
        return otherwise if test >= 0 else negative


@dataclass(frozen=True)
class MatrixProduct:
    """The product of matrices and vectors (one or two axes each): rows times columns."""

    def shape(self, *shapes: Shape) -> Shape:
        """Return what is left when the inner lengths, which are equal, are gone."""
        left, right = shapes
        return (*left[:-1], *right[1:])

    def compute(self, *arrays: Array) -> Array:
        """Multiply."""
        left, right = arrays
        return np.asarray(left @ right)

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return a row times a column, product by product."""
        left, right = arguments
        row, column = index[: left.ndim - 1], index[left.ndim - 1 :]
        inner = left.shape[-1]
        return Expr(
            Plus(),
            *(Expr(Times(), entry(left, (*row, k)), entry(right, (k, *column))) for k in range(inner)),
        )

    def scalar(self, *numbers: Any) -> Any:
        """A product of matrices has no scalar form: its entries are sums."""
        raise TypeError(numbers)


@dataclass(frozen=True)
class Reduction:
    """A sum or a maximum along axes."""

    kind: Literal["sum", "max", "argmax"]
    axes: tuple[int, ...]
    keepdims: bool = False

    def shape(self, *shapes: Shape) -> Shape:
        """Return the shape without the axes, or with length one there."""
        (shape,) = shapes
        kept = tuple(1 if axis in self.axes else length for axis, length in enumerate(shape))
        return kept if self.keepdims else tuple(n for axis, n in enumerate(shape) if axis not in self.axes)

    def compute(self, *arrays: Array) -> Array:
        """Reduce."""
        (array,) = arrays
        match self.kind:
            case "sum":
                return np.asarray(array.sum(axis=self.axes, keepdims=self.keepdims))
            case "max":
                return np.asarray(array.max(axis=self.axes, keepdims=self.keepdims))
            case "argmax":
                return np.asarray(array.argmax(axis=self.axes[0], keepdims=self.keepdims))

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return the sum or maximum of the entries that fall together, row by row."""
        (source,) = arguments
        fixed = list(index) if self.keepdims else _with_gaps(index, self.axes, source.ndim)
        together = []
        for offset in np.ndindex(*(source.shape[axis] for axis in self.axes)):
            for axis, position in zip(self.axes, offset, strict=True):
                fixed[axis] = position
            together.append(entry(source, tuple(fixed)))
        operation = {"sum": Plus, "max": Maximum, "argmax": ArgMax}[self.kind]()
        return Expr(operation, *together) if len(together) > 1 or self.kind == "argmax" else together[0]

    def scalar(self, *numbers: Any) -> Any:
        """Return the number itself: it is its own sum and its own maximum, and stands at place 0."""
        return Fraction(0) if self.kind == "argmax" else numbers[0]


def _with_gaps(index: Index, axes: tuple[int, ...], count: int) -> list[int]:
    positions = iter(index)
    return [0 if axis in axes else next(positions) for axis in range(count)]


@dataclass(frozen=True, eq=False)
class View:
    """Entries of another array in a new arrangement, each remembering where it came from; ``fill`` where from none."""

    origin: Array  # of ints: places in the flattened source, -1 where there is none
    fill: Exact = Fraction(0)
    written: str = ""  # "T" for a transpose, "same" for its source's own name, empty where there is no notation

    def shape(self, *shapes: Shape) -> Shape:  # noqa: ARG002 - the protocol's
        """Return the shape of the arrangement."""
        return tuple(self.origin.shape)

    def compute(self, *arrays: Array) -> Array:
        """Arrange."""
        flat = arrays[0].reshape(-1)
        return np.where(self.origin >= 0, flat[self.origin], float(self.fill)) if flat.size else flat

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return the entry of the source that stands at ``index``."""
        (source,) = arguments
        place = int(self.origin[index])
        if place < 0:
            return constant(self.fill)
        return entry(source, tuple(int(position) for position in np.unravel_index(place, source.shape)))

    def scalar(self, *numbers: Any) -> Any:
        """Return the number itself: there is one way to arrange it."""
        return numbers[0] if int(self.origin[()]) >= 0 else self.fill


@dataclass(frozen=True)
class Join:
    """Arrays one after another along an axis that they have; a size (height × width) is written with ×."""

    axis: int
    is_size: bool = False

    def shape(self, *shapes: Shape) -> Shape:
        """Return the shape with the lengths along the axis added up."""
        joined = list(shapes[0])
        joined[self.axis] = sum(shape[self.axis] for shape in shapes)
        return tuple(joined)

    def compute(self, *arrays: Array) -> Array:
        """Put the arrays one after another."""
        return np.concatenate(arrays, axis=self.axis)

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return the entry of the array that the index falls into."""
        position = list(index)
        for argument in arguments:
            if position[self.axis] < argument.shape[self.axis]:
                return entry(argument, tuple(position))
            position[self.axis] -= argument.shape[self.axis]
        raise IndexError(index)

    def scalar(self, *numbers: Any) -> Any:
        """A join has no scalar form: its entries are its parts'."""
        raise TypeError(numbers)


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


def reduce(source: Expr, kind: Literal["sum", "max", "argmax"], axis: Axes, *, keepdims: bool = False) -> Expr:
    """Add up, or take the largest, along one axis, several, or all (``None``)."""
    axes = range(source.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    return Expr(Reduction(kind, tuple(sorted(one % source.ndim for one in axes)), keepdims), source)


def view(source: Expr, arrange: Callable[[Array], Any], fill: float | Fraction = 0, written: str = "") -> Expr:
    """Rearrange ``source`` as ``arrange`` rearranges an array of its places; -1 stands for ``fill``."""
    places = np.arange(source.size).reshape(source.shape)
    return Expr(View(np.asarray(arrange(places)), Fraction(fill) if math.isfinite(fill) else fill, written), source)


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


def maximum(*terms: Expr | float) -> Expr:
    """Return the largest of the terms, entry by entry."""
    return elementwise(Maximum(), *terms)


def branches(test: Expr, otherwise: Expr, negative: Expr) -> Expr:
    """Return ``otherwise`` where ``test`` is at least zero and ``negative`` elsewhere."""
    return elementwise(Branches(), test, otherwise, negative)


def argmax(source: Expr, axis: int | None = None) -> Expr:
    """Return the place, counted from 0, of the largest entry along ``axis``, or of all of a vector."""
    return reduce(source, "argmax", axis)


def floor(argument: Expr) -> Expr:
    """Round each entry down to a whole number."""
    return elementwise(Floor(), argument)
