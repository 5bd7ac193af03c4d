"""The operations that know of axes: products of matrices, sums and maxima along axes, views, and joining."""

import math
from fractions import Fraction
from math import prod
from typing import Any, Literal

import numpy as np
from msgspec import Struct

from fullmarks.math import expansions
from fullmarks.math.expression import Array, Constant, Expr, Index, Shape, constant, entry
from fullmarks.math.number_arrays import MOST_EXACT_WORK, as_floats, one_by_one, reduced
from fullmarks.math.numbers import Exact, exact
from fullmarks.math.operations import ArgMax, Maximum, Plus, Times


class MatrixProduct(Struct, frozen=True):
    """The product of matrices and vectors (one or two axes each): rows times columns."""

    def shape(self, *shapes: Shape) -> Shape:
        """Return what is left when the inner lengths, which are equal, are gone."""
        left, right = shapes
        return (*left[:-1], *right[1:])

    def compute(self, *arrays: Array) -> Array:
        """Multiply."""
        left, right = arrays
        return np.asarray(left @ right)

    def numbers(self, *arrays: Array) -> Array:
        """Multiply plain numbers, row by column."""
        left, right = arrays
        rows, columns = left.reshape(-1, left.shape[-1]), right.reshape(right.shape[0], -1)
        if rows.size * columns.shape[1] > MOST_EXACT_WORK:
            return np.asarray(as_floats(left) @ as_floats(right))
        products = one_by_one(Times().scalar, rows[:, :, np.newaxis], columns[np.newaxis])
        return reduced(Plus().scalar, products, (1,)).reshape(self.shape(left.shape, right.shape))

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return a row times a column, product by product."""
        left, right = arguments
        row, column = index[: left.ndim - 1], index[left.ndim - 1 :]
        inner = left.shape[-1]
        expansions.spend(inner * max(_factors(left), _factors(right)))
        return Expr(
            Plus(),
            *(Expr(Times(), entry(left, (*row, k)), entry(right, (k, *column))) for k in range(inner)),
        )

    def scalar(self, *numbers: Any) -> Any:
        """A product of matrices has no scalar form: its entries are sums."""
        raise TypeError(numbers)


def _factors(argument: Expr) -> int:
    """Return how many numbers an entry is read from: of a product that has no name of its own, many."""
    if not isinstance(argument.operation, MatrixProduct):
        return 1
    return argument.arguments[0].shape[-1] * max(map(_factors, argument.arguments))


class Reduction(Struct, frozen=True):
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

    def numbers(self, *arrays: Array) -> Array:
        """Reduce plain numbers."""
        (array,) = arrays
        operation = {"sum": Plus, "max": Maximum, "argmax": ArgMax}[self.kind]()
        return reduced(operation.scalar, array, self.axes).reshape(self.shape(array.shape))

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return the sum or maximum of the entries that fall together, row by row."""
        (source,) = arguments
        fixed = list(index) if self.keepdims else _with_gaps(index, self.axes, source.ndim)
        expansions.spend(prod(source.shape[axis] for axis in self.axes))
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


class View(Struct, frozen=True, eq=False):
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

    def numbers(self, *arrays: Array) -> Array:
        """Arrange plain numbers."""
        flat = arrays[0].reshape(-1)
        found = np.empty(self.origin.shape, dtype=object)
        comes_from_somewhere = self.origin >= 0
        found[comes_from_somewhere] = flat[self.origin[comes_from_somewhere]]
        found[~comes_from_somewhere] = exact(self.fill)
        return found

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


def under_its_name(expression: Expr) -> Expr:
    """Return what an expression is written as: its source, where it is the same numbers in another shape."""
    while isinstance(expression.operation, View) and expression.operation.written == "same":
        (expression,) = expression.arguments
    return expression


class Join(Struct, frozen=True):
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

    def numbers(self, *arrays: Array) -> Array:
        """Put arrays of plain numbers one after another."""
        return np.concatenate([array.astype(object) for array in arrays], axis=self.axis)

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


class Detached(View, frozen=True, eq=False):
    """A quantity as it is, through which no gradient flows back: where backpropagation is cut short."""


class Collect(Struct, frozen=True, eq=False):
    """Entries of arrays brought together at the places they belong to, several at one place added up.

    ``origins`` have a place of the flattened result, or -1, for every entry of every array: the way back from a view.
    """

    origins: tuple[Array, ...]
    result_shape: Shape

    def shape(self, *shapes: Shape) -> Shape:  # noqa: ARG002 - the protocol's
        """Return the shape of what the entries are brought to."""
        return self.result_shape

    def compute(self, *arrays: Array) -> Array:
        """Add every entry at its place."""
        total: Array = np.zeros(self.result_shape, dtype=np.result_type(float, *arrays)).reshape(-1)
        for array, origin in zip(arrays, self.origins, strict=True):
            np.add.at(total, origin[origin >= 0], array[origin >= 0])
        return total.reshape(self.result_shape)

    def numbers(self, *arrays: Array) -> Array:
        """Add every plain number at its place."""
        together: list[list[Any]] = [[] for _ in range(math.prod(self.result_shape))]
        for array, origin in zip(arrays, self.origins, strict=True):
            for place, number in zip(origin.flat, array.flat, strict=True):
                if place >= 0:
                    together[place].append(number)
        total = np.empty(len(together), dtype=object)
        for place, terms in enumerate(together):
            total[place] = Plus().scalar(*terms) if terms else Fraction(0)
        return total.reshape(self.result_shape)

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """Return the sum of the entries that belong to ``index``."""
        place = int(np.ravel_multi_index(index, self.result_shape)) if index else 0
        terms = [
            entry(argument, tuple(int(position) for position in found))
            for argument, origin in zip(arguments, self.origins, strict=True)
            for found in np.argwhere(origin == place)
        ]
        terms = [term for term in terms if term.operation != Constant(Fraction(0))]  # of places that get nothing
        if not terms:
            return constant(0)
        return Expr(Plus(), *terms) if len(terms) > 1 else terms[0]

    def scalar(self, *numbers: Any) -> Any:
        """Bringing together has no scalar form: its entries are sums."""
        raise TypeError(numbers)
