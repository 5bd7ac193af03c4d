"""Walking histories: the leaves and lines that lead to a result, and working it again from other values."""

from collections.abc import Container, Iterator, Mapping

import numpy as np

from fullmarks.math.expression import Array, Expr, Let, entry, is_leaf
from fullmarks.math.symbolic import Symbolic

LARGEST_EXACT_ARRAY = 1000  # entries; beyond this nobody checks the last digit


def leaves(expression: Expr) -> Iterator[Expr]:
    """Yield the named quantities, or entries of them, that ``expression`` is written with, in the author's order."""
    if is_leaf(expression):
        yield expression
    else:
        for argument in expression.arguments:
            yield from leaves(argument)


def lines(result: Expr, known: Container[int]) -> list[Expr]:
    """Return the named lines that lead to ``result``, each after those it needs, without those ``known`` by id."""
    found: list[Expr] = []
    seen: set[int] = set()
    pending = [(result, False)]
    while pending:
        expression, ready = pending.pop()
        if ready:
            if isinstance(expression.operation, Let):
                found.append(expression)
        elif id(expression) not in seen and id(expression) not in known:
            seen.add(id(expression))
            pending.append((expression, True))
            pending.extend((argument, False) for argument in reversed(expression.arguments))
    return found


def replace(result: Expr, changed: Mapping[int, Expr]) -> Expr:
    """Work ``result`` again with other expressions in place of those named by id: how follow-through is found."""
    again: dict[int, Expr] = dict(changed)
    pending = [result]
    while pending:
        expression = pending[-1]
        missing = [argument for argument in expression.arguments if id(argument) not in again]
        if id(expression) in again or not missing:
            pending.pop()
            if id(expression) not in again:
                arguments = tuple(again[id(argument)] for argument in expression.arguments)
                same = all(new is old for new, old in zip(arguments, expression.arguments, strict=True))
                again[id(expression)] = expression if same else Expr(expression.operation, *arguments)
        else:
            pending.extend(missing)
    return again[id(result)]


def has_letters(expression: Expr) -> bool:
    """Tell whether some entry has letters in it."""
    numbers = (entry(expression, index).number for index in np.ndindex(expression.shape))
    return any(isinstance(number, Symbolic) and bool(number.letters) for number in numbers)


def exact_values(expression: Expr) -> Array:
    """Return a named array's values, each the float nearest to its exact number where that is known.

    Where there are letters the array is one of objects: floats, and texts such as ``"a + 4*b + 3"``.
    """
    if expression.size > LARGEST_EXACT_ARRAY:
        return expression.value
    found = np.empty(expression.shape)
    for index in np.ndindex(*expression.shape):
        number = entry(expression, index).exact_leaf
        if isinstance(number, Symbolic):
            return _values_with_letters(expression)
        found[index] = float(number)
    return found


def _values_with_letters(expression: Expr) -> Array:
    from fullmarks.math.symbolic_writing import python_text  # with SymPy behind it, for letters alone

    found = np.empty(expression.shape, dtype=object)
    for index in np.ndindex(*expression.shape):
        number = entry(expression, index).number
        found[index] = python_text(number) if isinstance(number, Symbolic) and number.letters else float(number)
    return found if any(isinstance(one, str) for one in found.flat) else found.astype(float)
