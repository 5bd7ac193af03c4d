"""Whether a wrong answer is a number at all: decided on exact numbers, because floats turn a 0 into 1e-17.

Floats decide as long as nothing on the way divides by, or takes the logarithm of, a number that is small beside those
it was made from. Only then is the answer worked again entry by entry, on fractions as long as they are known.
"""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array, Expr, Given, Index, Let, entry, is_leaf, is_named, leaf_source
from fullmarks.math.history import lines
from fullmarks.math.numbers import exact
from fullmarks.math.operations import AnyPower, Divide, Function, Maximum, Minimum, Power, Times
from fullmarks.solution.solve import Solution

# A divisor that should be 0 is a rounding error of the largest number or of its square, or the root of such an error.
_OF_THE_LARGEST = 1e-7
_OF_ITS_SQUARE = 1e-12
_NOISE = 1e-13  # an irrational number smaller than this, beside what it was made from, is a rounding error
_MOST_ENTRIES = 20_000  # of all lines, worked exactly
_Known = dict[tuple[int, Index], "_Sized | None"]


class _Sized:
    """A number, and the size of what was added up to make it."""

    __slots__ = ("number", "size")

    def __init__(self, number: Any, size: float) -> None:
        self.number = number
        self.size = size

    @property
    def is_zero(self) -> bool:
        """Whether it is 0, or a rounding error beside what it was made from."""
        if isinstance(self.number, float) and math.isfinite(self.size):
            return abs(self.number) <= _NOISE * self.size
        return bool(self.number == 0)


class _UndefinedError(Exception):
    """A division by zero, a logarithm of zero, or a number that no float holds."""


class Exactness:
    """Decides about the wrong answers of one solution."""

    def __init__(self, solution: Solution) -> None:
        self._right: set[int] = set()
        self._largest = 1.0
        self._hides = False  # whether scores of hidden tokens are −∞ in the right working
        pending = [value for value in solution.worked.quantities.values() if isinstance(value, Expr)]
        while pending:
            node = pending.pop()
            if id(node) not in self._right:
                self._right.add(id(node))
                pending.extend(node.arguments)
                if is_named(node):
                    self._largest = max(self._largest, _largest(node.value))
                    self._hides = self._hides or bool(np.isneginf(node.value).any())

    def value(self, answer: Expr) -> Array | None:
        """Return the value of a wrong answer, or ``None`` if it is undefined."""
        with np.errstate(all="ignore"):
            value = answer.value
            if np.isfinite(value).all() and not self._is_suspicious(answer):
                return value
            every_line = lines(answer, {})
            if sum(line.size for line in every_line) > _MOST_ENTRIES:
                return None
            return _worked_exactly(answer, every_line)

    def _is_suspicious(self, answer: Expr) -> bool:
        """Return whether a divisor or the argument of a logarithm may be 0, or something overflows on the way."""
        largest = self._largest
        delicate: list[Expr] = []
        seen: set[int] = set()
        pending = [answer]
        while pending:
            node = pending.pop()
            if id(node) in seen or id(node) in self._right:
                continue
            seen.add(id(node))
            pending.extend(node.arguments)
            match node.operation:
                case Let() | Given():
                    if not (np.isfinite(node.value) | (self._hides & np.isneginf(node.value))).all():
                        return True
                    largest = max(largest, _largest(node.value))
                case Divide():
                    delicate.append(node.arguments[1])
                case AnyPower() | Function(name="ln"):
                    delicate.append(node.arguments[0])
        limit = _OF_THE_LARGEST * largest + _OF_ITS_SQUARE * largest * largest
        return any(bool((np.abs(one.value) <= limit).any()) for one in delicate if one.arguments)


def _largest(value: Array) -> float:
    return float(np.abs(value[np.isfinite(value)]).max(initial=0))


def _worked_exactly(answer: Expr, every_line: list[Expr]) -> Array | None:
    """Return the floats nearest to the exact numbers of an answer, or ``None`` if one of them is undefined."""
    known: _Known = {}
    for line in every_line:
        for index in np.ndindex(*line.shape):
            try:
                known[id(line), index] = _sized(entry(line.arguments[0], index), known)
            except _UndefinedError:
                known[id(line), index] = None  # which matters only if the answer needs it
    found = np.empty(answer.shape)
    for index in np.ndindex(*answer.shape):
        try:
            found[index] = float(_sized(entry(answer, index), known).number)
        except (_UndefinedError, OverflowError):
            return None
    return found if np.isfinite(found).all() else None


def _sized(scalar: Expr, known: Mapping[tuple[int, Index], _Sized | None]) -> _Sized:
    if is_leaf(scalar):
        source, index = leaf_source(scalar)
        if isinstance(source.operation, Given):
            number = exact(source.operation.data[index])
            return _Sized(number, _size_of(number))
        sized = known[id(source), index]
        if sized is None:
            raise _UndefinedError
        return sized
    if any(argument.shape for argument in scalar.arguments):
        return _sized(entry(scalar, ()), known)
    arguments = [_sized(argument, known) for argument in scalar.arguments]
    operation = scalar.operation
    if isinstance(operation, Divide) and arguments[1].is_zero:
        raise _UndefinedError
    if arguments and arguments[0].is_zero and _has_no_value_at_zero(operation, arguments):
        raise _UndefinedError
    try:
        number = operation.scalar(*(one.number for one in arguments))
        size = _size_of(number) if isinstance(number, Fraction) else _size(operation, arguments, number)
    except (ArithmeticError, ValueError, FullmarksError) as undefined:
        raise _UndefinedError from undefined
    if isinstance(number, float) and not number < math.inf:
        raise _UndefinedError
    return _Sized(number, size)


def _has_no_value_at_zero(operation: Any, arguments: list[_Sized]) -> bool:
    return operation == Function("ln") or (isinstance(operation, AnyPower) and arguments[1].number < 0)


def _size(operation: Any, arguments: list[_Sized], number: Any) -> float:
    """Return the size of what an irrational result was made from: its rounding error in units of the last digit."""
    sizes = [one.size for one in arguments]
    match operation:
        case Times():
            return sizes[0] * sizes[1]
        case Divide():
            return _over(sizes[0], arguments[1])
        case Power(exponent=exponent):
            return float(sizes[0] ** exponent)
        case Maximum() | Minimum():
            return max(sizes)
        case Function(name="sqrt"):
            return math.sqrt(sizes[0])
        case Function(name="exp"):
            return _size_of(number) * max(1.0, sizes[0])
        case Function(name="ln"):
            return max(_size_of(number), _over(sizes[0], arguments[0]))
        case _:
            return sum(sizes) if sizes else _size_of(number)


def _over(size: float, divisor: _Sized) -> float:
    by = _size_of(divisor.number)
    return size / by if by else math.inf


def _size_of(number: Any) -> float:
    try:
        return abs(float(number)) if isinstance(number, Fraction | float) else math.inf
    except OverflowError:
        return math.inf
