"""Working an operator in plain NumPy, the second route: with exact numbers as far as they lead, then with floats.

``evaluate`` of an operator gets arrays of objects first, each a ``Fraction`` or a float. Arithmetic, maxima and
comparisons of NumPy take them as they are, so what is decided is decided exactly; e^x does not, and floats are tried.
"""

import inspect
import operator as python_operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from fullmarks.errors import OperatorFault
from fullmarks.math.comparing import CANCELLED, are_floats
from fullmarks.math.expression import Array, Expr
from fullmarks.math.number_arrays import MOST_EXACT_WORK, as_floats, of_bounded_size, one_by_one
from fullmarks.operators._binding import floats
from fullmarks.operators._guarding import place_of
from fullmarks.operators._operator import Operator

ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": python_operator.add,
    "-": python_operator.sub,
    "*": python_operator.mul,
    "/": python_operator.truediv,
    "@": python_operator.matmul,
}
_MAGNITUDES = {"+": ARITHMETIC["+"], "-": ARITHMETIC["+"], "@": ARITHMETIC["@"]}  # what is added up, of sizes
_KINDS_OF_NUMBERS = "biufO"  # NumPy's letters; those among objects are fractions and floats
# What NumPy raises where floats are wanted, and what a slip of an author may raise.
_NO_EXACT_WAY = (TypeError, AttributeError, ValueError, ArithmeticError, LookupError, NameError)


def plain(value: Any) -> Any:
    """Return an array of plain numbers for a quantity; words, and whatever else an argument may be, as they are."""
    if isinstance(value, Expr):
        return value.numbers
    if not isinstance(value, np.ndarray | np.generic):
        return value
    array = np.asarray(value)
    if array.size > MOST_EXACT_WORK:
        return as_floats(array)
    if array.dtype.kind in "biu":
        return one_by_one(Fraction, array)
    if array.dtype != object:
        return array
    numbers = one_by_one(_exact_if_whole, array)
    return numbers if any(isinstance(number, Fraction) for number in numbers.flat) else as_floats(numbers)


def _exact_if_whole(number: Any) -> Fraction | float:
    """Return a whole number as a ``Fraction``; a float was worked out and stays one."""
    return float(number) if isinstance(number, float) else of_bounded_size(Fraction(number))


def evaluate_exactly(operator: Operator, arguments: Mapping[str, Any]) -> dict[str, Array]:
    """Return an operator's results in plain NumPy from bound arguments, as plain numbers.

    Those of arguments that are not finite are no numbers, whatever an index or a comparison makes of them.
    """
    if operator.evaluate is None:
        raise TypeError(operator.name)
    found = operator.evaluate(**arguments) if operator.takes_quantities else _evaluated(operator.evaluate, arguments)
    results = found if isinstance(found, dict) else {operator.results[0]: found}
    if operator.results[0] not in results or not set(results) <= set(operator.results):
        raise OperatorFault(
            f"operator {operator.name}: {place_of(operator.evaluate)}: evaluate gives {', '.join(map(str, results))}, "
            f"but the operator's results are {', '.join(operator.results)}"
        )
    if not all(map(is_finite, arguments.values())):
        return {name: np.full(np.shape(value), np.nan) for name, value in results.items()}
    return {name: _as_numbers(operator, value) for name, value in results.items()}


def _as_numbers(operator: Operator, value: Any) -> Array:
    """Return one result as plain numbers; raises ``OperatorFault`` for text, complex numbers or unequal rows."""
    where = f"operator {operator.name}: {place_of(operator.evaluate)}: evaluate gives what is no array of numbers"
    try:
        found: Array = plain(np.asarray(value))
    except (TypeError, ValueError) as problem:
        raise OperatorFault(f"{where}: {problem}") from None
    if found.dtype.kind not in _KINDS_OF_NUMBERS:
        raise OperatorFault(f"{where}: found {found.dtype.name}")
    return found


def is_finite(value: Any) -> bool:
    """Return whether all numbers of an array are finite, as those of whatever is no array are."""
    return not isinstance(value, np.ndarray) or bool(np.isfinite(as_floats(value)).all())


def _evaluated(evaluate: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    numbers = {name: plain(value) for name, value in arguments.items()}
    arrays = [value for value in numbers.values() if isinstance(value, np.ndarray)]
    if any(array.dtype == object for array in arrays) and sum(array.size for array in arrays) <= MOST_EXACT_WORK:
        try:
            found = inspect.unwrap(evaluate)(**numbers)  # a slip of its author is told by the way with floats
        except _NO_EXACT_WAY:
            found = None
        if found is not None:
            return found
    return evaluate(**{name: floats(value) for name, value in arguments.items()})


def joined(sign: str, one: Array, other: Array) -> Array:
    """Join two arrays by arithmetic. What rounding alone may have left over beside what was added up becomes 0."""
    arithmetic = ARITHMETIC[sign]
    try:
        found: Array = plain(np.asarray(arithmetic(one, other)))
    except ArithmeticError:
        found = np.asarray(arithmetic(as_floats(one), as_floats(other)))
    if sign not in _MAGNITUDES or not are_floats(found).any():
        return found
    return _without_rest(found, _MAGNITUDES[sign](np.abs(as_floats(one)), np.abs(as_floats(other))))


def total(numbers: Array) -> Array:
    """Return the sum of all entries, 0 where that is what rounding may have left over."""
    return _without_rest(np.asarray(plain(np.asarray(numbers.sum()))), np.abs(as_floats(numbers)).sum())


def _without_rest(found: Array, added_up: Array) -> Array:
    rest = (np.abs(as_floats(found)) <= CANCELLED * added_up) & np.isfinite(added_up) & are_floats(found)
    return np.asarray(np.where(rest, 0.0, found))
