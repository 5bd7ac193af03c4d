"""Whether a drawn problem meets a condition of its ``require``."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, assert_never

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.syntax import (
    Binary,
    Both,
    Call,
    Comparison,
    Condition,
    Constant,
    Distinct,
    Either,
    Formula,
    Name,
    Negative,
    Not,
    Number,
    Result,
    Sequence,
    Shown,
    Word,
)

FUNCTIONS = ("min", "max", "abs", "sum")

_RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def holds(condition: Condition, quantities: Mapping[str, Any]) -> bool:
    """Tell whether ``condition`` is true of these arrays and numbers; of arrays it must be true at every entry."""
    import numpy as np

    from fullmarks.math.comparing import nearly_equal

    match condition:
        case Comparison(relation, left, right):
            with np.errstate(all="ignore"):
                sides = [np.asarray(_value(side, quantities)) for side in (left, right)]
                try:
                    return bool(np.all(_compared(relation, *sides)))
                except ValueError:
                    raise FullmarksError(_misfit("compare", *sides)) from None
        case Distinct(body):
            entries = np.sort(np.ravel(_value(body, quantities)))
            return not nearly_equal(entries[1:], entries[:-1]).any()
        case Both(conditions):
            return all(holds(one, quantities) for one in conditions)
        case Either(conditions):
            return any(holds(one, quantities) for one in conditions)
        case Not(inner):
            return not holds(inner, quantities)
        case _:
            assert_never(condition)


def _compared(relation: str, left: Any, right: Any) -> Any:
    """Return where a relation holds; floats that differ by rounding alone are equal."""
    from fullmarks.math.comparing import nearly_equal
    from fullmarks.math.number_arrays import as_floats

    if object not in (left.dtype, right.dtype) or left.dtype != right.dtype:  # an array too large for exact numbers
        left, right = as_floats(left), as_floats(right)
    equal = nearly_equal(left, right)
    match relation:
        case "==":
            return equal
        case "!=":
            return ~equal
        case "<=" | ">=":
            return equal | _RELATIONS[relation](left, right).astype(bool)
        case _:
            return ~equal & _RELATIONS[relation](left, right).astype(bool)


def _value(formula: Formula, quantities: Mapping[str, Any]) -> Any:
    import numpy as np

    from fullmarks.operators._evaluating import joined

    match formula:
        case Name(name):
            return _quantity(name, quantities)
        case Result(name, result):
            return _quantity(f"{name}.{result}", quantities)
        case Number(number):
            return np.asarray(number, dtype=object)
        case Sequence(items):
            try:
                entries = [np.asarray(_value(item, quantities), dtype=object) for item in items]
                return np.stack(entries) if entries else np.array([])
            except ValueError:
                raise FullmarksError("require: a list holds things of different shapes") from None
        case Negative(body):
            return -_value(body, quantities)
        case Shown(body):
            return _value(body, quantities)
        case Binary(sign, left, right):
            sides = np.asarray(_value(left, quantities)), np.asarray(_value(right, quantities))
            try:
                with np.errstate(all="ignore"):
                    found = joined(sign, *sides)
            except ValueError:
                raise FullmarksError(_misfit(f"use {sign!r} on", *sides)) from None
            return np.where(sides[1] == 0, np.nan, found) if sign == "/" else found  # nothing is decided by it
        case Call(function, arguments) if function in FUNCTIONS:
            return _called(function, [_value(argument, quantities) for argument in arguments])
        case Call():
            return _operator_value(formula, quantities)
        case Word() | Constant():
            raise FullmarksError("require: a word is no number; expected a quantity or a number")
        case _:
            assert_never(formula)


def _quantity(name: str, quantities: Mapping[str, Any]) -> Any:
    import numpy as np

    from fullmarks.math.comparing import without_noise

    if name not in quantities:
        raise FullmarksError(f"require: there is no quantity {name!r}{nearest(name, quantities)}")
    value = quantities[name]
    if isinstance(value, np.ndarray):
        return without_noise(value)
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise FullmarksError(f"require: {name} is no number or array of numbers") from None


def _called(function: str, arguments: list[Any]) -> Any:
    import numpy as np

    from fullmarks.operators._evaluating import total

    if function == "abs":
        return np.abs(arguments[0])
    together = np.concatenate([np.ravel(argument) for argument in arguments])
    if together.size == 0:
        raise FullmarksError(f"require: {function}(…) of an empty list")
    match function:
        case "min":
            return together.min()
        case "max":
            return together.max()
        case _:
            return total(together)


def _operator_value(call: Call, quantities: Mapping[str, Any]) -> Any:
    """Return the main result of an operator that a condition calls: ``max(conv2d(A, F)) > 0``."""
    import numpy as np

    from fullmarks.operators import load_operator
    from fullmarks.operators._binding import bind
    from fullmarks.operators._evaluating import evaluate_exactly
    from fullmarks.operators._operator import check_arguments, operator_argument_names

    operator = load_operator(call.operator)
    stated = [*zip(operator_argument_names(operator), call.arguments, strict=False), *call.keywords]
    values = {name: _argument(body, quantities) for name, body in stated}
    bound = bind(operator.name, operator.arguments, values)
    check_arguments(operator, bound)
    if operator.evaluate is None:
        raise FullmarksError(f"require: {operator.name} is a discussion; it gives words, no number")
    with np.errstate(all="ignore"):
        return evaluate_exactly(operator, bound)[operator.results[0]]


def _argument(formula: Formula, quantities: Mapping[str, Any]) -> Any:
    match formula:
        case Word(text):
            return text
        case Constant(value):
            return value
        case Sequence(items):
            return [_argument(item, quantities) for item in items]
        case Number(number):
            return number
        case Name(name) if isinstance(quantities.get(name), str | bool | list):
            return quantities[name]
        case _:
            return _value(formula, quantities)


def _misfit(verb: str, left: Any, right: Any) -> str:
    import numpy as np

    return f"require: cannot {verb} shapes {np.shape(left)} and {np.shape(right)}"
