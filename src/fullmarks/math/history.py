"""Walking histories: the leaves and lines that lead to a result, and working it again from other values."""

from collections.abc import Container, Iterator, Mapping

import numpy as np

from fullmarks.math.comparing import are_floats
from fullmarks.math.expression import Array, Expr, Let, entry, is_leaf
from fullmarks.math.number_arrays import worked
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


def entering(result: Expr, known: Container[int] = ()) -> set[int]:
    """Return the ids of the expressions that enter into a result, not those that only come before one of its lines.

    Ids that are ``known`` are left out, and so is what enters into them alone.
    """
    found: set[int] = set()
    pending = [result]
    while pending:
        expression = pending.pop()
        if id(expression) not in found and id(expression) not in known:
            found.add(id(expression))
            is_line = isinstance(expression.operation, Let)
            pending += expression.arguments[:1] if is_line else expression.arguments
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


def numbers_from(expression: Expr, known: Mapping[int, Array]) -> Array:
    """Return an expression's plain numbers, worked from other ones of the arrays that are ``known`` by id."""
    if id(expression) in known:
        return known[id(expression)]
    if not expression.arguments or isinstance(expression.operation, Let):
        return expression.numbers
    arrays = [numbers_from(argument, known) for argument in expression.arguments]
    return worked(expression.operation, expression.size, arrays)


def exact_values(expression: Expr) -> Array:
    """Return a named array's plain numbers, or of one that is large its floats.

    Where there are letters the array is one of objects: floats, and texts such as ``"a + 4*b + 3"``.
    """
    return plain_values(exact_numbers(expression))


def exact_numbers(expression: Expr) -> Array:
    """Return the numbers of an array as objects: fractions as long as they are known, expressions if it has letters.

    The numbers of an array that nobody reads to the last digit are returned as floats.
    """
    if expression.size > LARGEST_EXACT_ARRAY:
        return expression.numbers
    for index in np.argwhere(are_floats(expression.numbers)):
        if isinstance(entry(expression, tuple(index.tolist())).number, Symbolic):
            return _numbers_with_letters(expression)
    return expression.numbers


def _numbers_with_letters(expression: Expr) -> Array:
    found = np.empty(expression.shape, dtype=object)
    for index in np.ndindex(*expression.shape):
        found[index] = entry(expression, index).number
    return found


def plain_values(numbers: Array) -> Array:
    """Return exact numbers as they are; of expressions, those with letters as texts and the others as floats."""
    if numbers.dtype != object or not any(isinstance(number, Symbolic) for number in numbers.flat):
        return numbers
    from fullmarks.math.symbolic_writing import python_text  # with SymPy behind it, for letters alone

    found = np.empty(numbers.shape, dtype=object)
    for index, number in np.ndenumerate(numbers):
        is_expression = isinstance(number, Symbolic)
        found[index] = number if not is_expression else python_text(number) if number.letters else float(number)
    return found
