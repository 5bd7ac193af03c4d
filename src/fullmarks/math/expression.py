"""Expressions that remember their working: a value, the operation that made it, and what it was made from.

An ``Expr`` holds a whole array. ``entry`` expands the history of one entry, only when somebody wants to read it.
"""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.math.elementary import nearest_float
from fullmarks.math.headings import Headings
from fullmarks.math.letters import Letter
from fullmarks.math.marks import Check, Mark
from fullmarks.math.number_arrays import as_floats, one_by_one, worked
from fullmarks.math.numbers import Exact, exact
from fullmarks.math.operation import Operation

Array = np.ndarray[Any, Any]
Index = tuple[int, ...]
Shape = tuple[int, ...]
Axes = int | tuple[int, ...] | None
LARGEST_ARRAY = 10**6  # entries; beyond this nobody reads working


class Expr:
    """A quantity with its history. ``value`` is a float array of ``shape``; arithmetic makes longer histories."""

    __array_ufunc__ = None  # NumPy must leave ``array * expr`` to ``Expr.__rmul__``

    def __init__(self, operation: Operation, *arguments: "Expr") -> None:
        self.operation = operation
        self.arguments = arguments
        self.shape: Shape = operation.shape(*(argument.shape for argument in arguments))
        if self.size > LARGEST_ARRAY:
            raise FullmarksError(f"an array of {self.size:,} entries is too large; expected at most {LARGEST_ARRAY:,}")
        self.entries: dict[Index, Expr] = {}

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return math.prod(self.shape)

    @cached_property
    def numbers(self) -> Array:
        """The values as plain numbers (`number_arrays`); of very large arrays, and of letters, as floats."""
        arguments = self.arguments[:1] if isinstance(self.operation, Let) else self.arguments
        return worked(self.operation, self.size, [argument.numbers for argument in arguments])

    @cached_property
    def value(self) -> Array:
        """The values as floats: of an exact number the nearest one."""
        return as_floats(self.numbers)

    @cached_property
    def number(self) -> Exact:
        """The value of a scalar: a ``Fraction`` where it is known exactly, an expression where it has letters."""
        return exact_forms.worked_number(self, lambda leaf: leaf.exact_leaf)

    @cached_property
    def exact_leaf(self) -> Exact:
        """The value of a leaf, found by working out what it names."""
        source, index = leaf_source(self)
        match source.operation:
            case Given():
                return source.operation.plain(source.operation.data[index])
            case Let():
                return entry(source.arguments[0], index).number
            case _:
                return self.number  # it has no name: a formula's own number, or what is worked from named ones

    @cached_property
    def gradients(self) -> "dict[int, Expr]":
        """The lines of this scalar's gradients that were worked already, by id of the quantity."""
        return {}

    def __bool__(self) -> bool:
        """Refuse to be a condition: which branch a candidate takes must be worked, not decided by these numbers."""
        raise TypeError("an Expr has no truth value")

    def __repr__(self) -> str:
        """Show the operation and the values."""
        return f"Expr({type(self.operation).__name__}, {self.value.tolist()})"

    def __add__(self, other: "Expr | float") -> "Expr":
        """Add entry by entry."""
        return functions.add(self, other)

    def __radd__(self, other: "Expr | float") -> "Expr":
        """Add entry by entry."""
        return functions.add(other, self)

    def __sub__(self, other: "Expr | float") -> "Expr":
        """Subtract entry by entry."""
        return functions.subtract(self, other)

    def __rsub__(self, other: "Expr | float") -> "Expr":
        """Subtract entry by entry."""
        return functions.subtract(other, self)

    def __mul__(self, other: "Expr | float") -> "Expr":
        """Multiply entry by entry."""
        return functions.multiply(self, other)

    def __rmul__(self, other: "Expr | float") -> "Expr":
        """Multiply entry by entry."""
        return functions.multiply(other, self)

    def __truediv__(self, other: "Expr | float") -> "Expr":
        """Divide entry by entry."""
        return functions.divide(self, other)

    def __rtruediv__(self, other: "Expr | float") -> "Expr":
        """Divide entry by entry."""
        return functions.divide(other, self)

    def __pow__(self, exponent: int) -> "Expr":
        """Raise to a whole power of at least 1, entry by entry."""
        return functions.power(self, exponent)

    def __neg__(self) -> "Expr":
        """Change every sign."""
        return functions.negative(self)

    def __matmul__(self, other: "Expr") -> "Expr":
        """Multiply matrices and vectors."""
        return functions.matrix_product(self, other)

    def __getitem__(self, key: Any) -> "Expr":
        """Take entries, rows or blocks as NumPy does."""
        return functions.view(self, lambda positions: positions[key])

    @property
    def T(self) -> "Expr":
        """The transpose of a matrix."""
        return functions.view(self, np.transpose, written="T")

    def reshape(self, *shape: int) -> "Expr":
        """Arrange the entries, row by row, in another shape."""
        return functions.view(self, lambda positions: positions.reshape(shape))

    def sum(self, axis: Axes = None, *, keepdims: bool = False) -> "Expr":
        """Add along the axes, or add everything."""
        return functions.reduce(self, "sum", axis, keepdims=keepdims)

    def max(self, axis: Axes = None, *, keepdims: bool = False) -> "Expr":
        """Take the largest along the axes, or of everything."""
        return functions.reduce(self, "max", axis, keepdims=keepdims)

    def mean(self, axis: Axes = None, *, keepdims: bool = False) -> "Expr":
        """Average along the axes, or over everything."""
        total = self.sum(axis, keepdims=keepdims)
        return total / (self.size // total.size)


class Given(Struct, frozen=True, eq=False):
    """A leaf: a quantity that the problem gives, with the numbers as they were written."""

    name: str
    data: Array  # of objects: int, float or Fraction, as written

    def shape(self, *_shapes: Shape) -> Shape:
        """Return the shape of what was given."""
        return tuple(self.data.shape)

    def compute(self, *_arrays: Array) -> Array:
        """Return the numbers as floats."""
        return self.data.astype(float)

    def numbers(self, *_arrays: Array) -> Array:
        """Return the numbers as they were written; for letters, floats."""
        has_letters = any(isinstance(number, Letter) for number in self.data.flat)
        return self.compute() if has_letters else one_by_one(self.plain, self.data)

    def plain(self, value: Any) -> Exact:
        """Return one of the numbers as a plain one."""
        return exact(value)

    def entry(self, index: Index, *_arguments: Expr) -> Expr:
        """A given is a leaf and is picked from, not expanded."""
        raise TypeError(index)

    def scalar(self, *_numbers: Any) -> Any:
        """A given is a leaf and has its number already."""
        raise TypeError(self.name)


class Constant(Struct, frozen=True):
    """A number that belongs to the formula itself: the 2 of ``2p``, or a length with a symbol such as ``d_k``."""

    number: Exact
    symbol: str = ""  # LaTeX; empty where the number itself is written

    def shape(self, *_shapes: Shape) -> Shape:
        """Return the shape of a number."""
        return ()

    def compute(self, *_arrays: Array) -> Array:
        """Return the number as a float."""
        return np.asarray(nearest_float(self.number))

    def numbers(self, *_arrays: Array) -> Array:
        """Return the number."""
        return np.asarray(self.number, dtype=object)

    def entry(self, _index: Index, *_arguments: Expr) -> Expr:
        """Return the number: it is the same at every index."""
        return Expr(self)

    def scalar(self, *_numbers: Any) -> Any:
        """Return the number."""
        return self.number


class Let(Struct, frozen=True, eq=False):
    """A named line of working: its first argument is the right-hand side, and what follows sees only the name.

    Further arguments are lines that come before it without entering into it, such as an output's size.
    """

    name: str
    reason: str
    marks: tuple[Mark, ...]
    check: Check | None = None
    headings: Headings | None = None  # of an array that is read as a table

    def shape(self, *shapes: Shape) -> Shape:
        """Return the shape of the right-hand side."""
        return shapes[0]

    def compute(self, *arrays: Array) -> Array:
        """Return the right-hand side's values."""
        return arrays[0]

    numbers = compute

    def entry(self, index: Index, *arguments: Expr) -> Expr:
        """A named line is a leaf and is picked from, not expanded."""
        raise TypeError((self.name, index, arguments))

    def scalar(self, *numbers: Any) -> Any:
        """Return the right-hand side's number."""
        return numbers[0]


class Pick(Struct, frozen=True):
    """One entry of a named quantity: the leaf of every expansion."""

    index: Index

    def shape(self, *_shapes: Shape) -> Shape:
        """Return the shape of a number."""
        return ()

    def compute(self, *arrays: Array) -> Array:
        """Return the entry."""
        return np.asarray(arrays[0][self.index])

    numbers = compute

    def entry(self, _index: Index, *arguments: Expr) -> Expr:
        """Return the entry itself: a number has only one."""
        return entry(arguments[0], self.index)

    def scalar(self, *numbers: Any) -> Any:
        """Return the number."""
        return numbers[0]


NAMED = (Given, Let)
LEAVES = (Given, Let, Pick)
RESULT = "result"  # the name of the line that an operator's working ends with; it takes the quantity's name


def given(name: str, data: Any) -> Expr:
    """Return a leaf with the numbers of ``data`` (nested lists or an array), kept as they were written."""
    return Expr(Given(name, np.array(data, dtype=object)))


def constant(number: Any, symbol: str = "") -> Expr:
    """Return a number of the formula itself, written as ``symbol`` (LaTeX) where it has one."""
    return Expr(Constant(exact(number), symbol))


def let(
    name: str,
    expression: Expr,
    reason: str,
    *marks: Mark,
    check: Check | None = None,
    after: Sequence[Expr] = (),
    headings: Headings | None = None,
) -> Expr:
    """Name a quantity: it gets a line of working, with a reason and marks, and is only a name in what follows.

    ``after`` are lines to be read before it although they do not enter into it; ``check`` is verified after it.
    One with ``headings`` is printed as a table.
    """
    if not isinstance(expression, Expr):
        raise TypeError(f"let({name!r}, …) needs an Expr, found a {type(expression).__name__}")
    return Expr(Let(name, reason, marks, check, headings), expression, *after)


def is_named(expression: Expr) -> bool:
    """Tell whether ``expression`` is a given or a named line."""
    return isinstance(expression.operation, NAMED)


def is_leaf(expression: Expr) -> bool:
    """Tell whether ``expression`` is a named quantity or one entry of one."""
    return isinstance(expression.operation, LEAVES)


def leaf_source(leaf: Expr) -> tuple[Expr, Index]:
    """Return the named quantity that a leaf stands for, and the index of the entry (``()`` for all of it)."""
    if isinstance(leaf.operation, Pick):
        return leaf.arguments[0], leaf.operation.index
    return leaf, ()


def entry(expression: Expr, index: Index) -> Expr:
    """Return one entry as a scalar expression whose leaves are entries of named quantities."""
    known = expression.entries.get(index)
    if known is None:
        if not is_named(expression):
            known = expression.operation.entry(index, *expression.arguments)
        else:
            known = expression if expression.shape == () else Expr(Pick(index), expression)
        expression.entries[index] = known
    return known


from fullmarks.math import exact_forms, functions  # noqa: E402 - they and expressions define each other
