"""Working a history exactly: entries with letters in them, and the exact forms of irrational results.

Along the ordinary path the first irrational function gives a float. Here it stays what it is: √2, e^a, tanh(23/10).
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.collecting import collected
from fullmarks.math.expression import Expr, Given, Let, entry, is_leaf, leaf_source
from fullmarks.math.number_arrays import of_bounded_size, within_floats
from fullmarks.math.numbers import Exact
from fullmarks.math.operations import Function
from fullmarks.math.symbolic import Symbolic, function_of, is_compact

LONGEST_FORM = 400  # nodes of a tree: some five lines of print


def evaluate(scalar: Expr, leaf_value: Callable[[Expr], Exact]) -> Exact:
    """Compute a scalar from the values that ``leaf_value`` gives its leaves; exact as long as they are."""
    if is_leaf(scalar):
        return leaf_value(scalar)
    if any(argument.shape for argument in scalar.arguments):  # a number made from whole arrays, such as their sum
        return evaluate(entry(scalar, ()), leaf_value)
    numbers = [evaluate(argument, leaf_value) for argument in scalar.arguments]
    result: Exact = within_floats(scalar.operation.scalar, *numbers)
    return result


def worked_number(scalar: Expr, leaf_value: Callable[[Expr], Exact]) -> Exact:
    """Compute a scalar as ``evaluate`` does; where letters enter, multiplied out and with exact constants."""
    result = of_bounded_size(evaluate(scalar, leaf_value))
    if isinstance(result, Fraction | float):
        return result
    in_letters: Exact = worked_with_letters(scalar, leaf_value)
    return in_letters


def worked_with_letters(scalar: Expr, leaf_value: Callable[[Expr], Any]) -> Any:
    """Compute a scalar some of whose leaves are expressions of letters; its own constants stay exact (√d_k).

    The result is multiplied out. What is left without letters is a plain number again, unless it is short: 3e².
    """
    result = collected(_exactly(scalar, leaf_value))
    if isinstance(result, Symbolic):
        refuse_overlong(result)
        return result if result.letters or is_compact(result) else float(result)
    return result


def keep_short_forms(line: Expr) -> None:
    """Make the short irrational entries of a line stay exact where others of its entries have letters.

    So e^a, e and e² are told apart in what follows, and nothing is rounded there.
    """
    numbers = [(expanded := entry(line.arguments[0], index), expanded.number) for index in np.ndindex(line.shape)]
    if any(isinstance(number, Symbolic) for _, number in numbers):
        for expanded, number in numbers:
            if isinstance(number, float):
                form = worked_with_letters(expanded, lambda leaf: leaf.exact_leaf)
                expanded.number = form


def _exactly(scalar: Expr, leaf_value: Callable[[Expr], Any]) -> Any:
    if is_leaf(scalar):
        return leaf_value(scalar)
    if any(argument.shape for argument in scalar.arguments):
        return _exactly(entry(scalar, ()), leaf_value)
    numbers = [_exactly(argument, leaf_value) for argument in scalar.arguments]
    if isinstance(scalar.operation, Function) and isinstance(numbers[0], Fraction | Symbolic):
        return function_of(scalar.operation.name, numbers[0])
    return scalar.operation.scalar(*numbers)


def refuse_overlong(value: Symbolic) -> None:
    """Raise ``FullmarksError`` where an answer in letters would fill more than a few lines."""
    if is_overlong(value):
        raise FullmarksError("its answer in letters is too long to be read; put numbers in for some of the letters")


def is_overlong(value: Any) -> bool:
    """Tell whether an expression is too long to be read, without walking through all of it."""
    if not isinstance(value, Symbolic):
        return False
    pending, count = [value.tree], 0
    while pending:
        count += 1
        if count > LONGEST_FORM:
            return True
        pending.extend(pending.pop().args)
    return False


class ExactForms:
    """The exact forms of the numbers of one solution, each worked once, through all lines down to the givens."""

    def __init__(self) -> None:
        self._known: dict[int, Any] = {}
        self._kept: list[Expr] = []  # what an id stands for must live as long as the id is known

    def of(self, scalar: Expr) -> Any:
        """Return the exact form of a scalar: a fraction, an expression, or ``None`` where it has none or is too long.

        What contains letters is exact as it is.
        """
        try:
            result = collected(_exactly(scalar, self._leaf))
        except _NoForm:
            return None
        return None if is_overlong(result) or isinstance(result, float) else result

    def _leaf(self, leaf: Expr) -> Any:
        if id(leaf) not in self._known:
            source, index = leaf_source(leaf)
            match source.operation:
                case Given():
                    found: Any = leaf.exact_leaf
                    if isinstance(found, float) and math.isfinite(found):
                        found = None  # what a computer found
                case Let():
                    found = self.of(entry(source.arguments[0], index))
                case _:
                    raise TypeError(source.operation)
            self._known[id(leaf)] = found
            self._kept.append(leaf)
        found = self._known[id(leaf)]
        if found is None:
            raise _NoForm
        return found


class _NoForm(Exception):  # noqa: N818 - not an error: a question asked and answered
    """A number on the way has no exact form that could be read."""
