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

_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "@": operator.matmul,
}  # fmt: skip
_RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_DIGITS = 12  # to which two floats that were computed differently agree, if they are meant to


def holds(condition: Condition, quantities: Mapping[str, Any]) -> bool:
    """Tell whether ``condition`` is true of these arrays and numbers; of arrays it must be true at every entry."""
    import numpy as np

    match condition:
        case Comparison(relation, left, right):
            with np.errstate(all="ignore"):
                sides = [np.round(_value(side, quantities), _DIGITS) for side in (left, right)]
                try:
                    return bool(np.all(_RELATIONS[relation](*sides)))
                except ValueError:
                    raise FullmarksError(_misfit("compare", *sides)) from None
        case Distinct(body):
            entries = np.round(np.ravel(_value(body, quantities)), _DIGITS)
            return len(np.unique(entries)) == len(entries)
        case Both(conditions):
            return all(holds(one, quantities) for one in conditions)
        case Either(conditions):
            return any(holds(one, quantities) for one in conditions)
        case Not(inner):
            return not holds(inner, quantities)
        case _:
            assert_never(condition)


def _value(formula: Formula, quantities: Mapping[str, Any]) -> Any:
    import numpy as np

    match formula:
        case Name(name):
            return _quantity(name, quantities)
        case Result(name, result):
            return _quantity(f"{name}.{result}", quantities)
        case Number(number):
            return float(number)
        case Sequence(items):
            try:
                return np.array([_value(item, quantities) for item in items], dtype=float)
            except ValueError:
                raise FullmarksError("require: a list holds things of different shapes") from None
        case Negative(body):
            return -_value(body, quantities)
        case Shown(body):
            return _value(body, quantities)
        case Binary(sign, left, right):
            sides = _value(left, quantities), _value(right, quantities)
            try:
                return _SIGNS[sign](*sides)
            except ValueError:
                raise FullmarksError(_misfit(f"use {sign!r} on", *sides)) from None
            except ZeroDivisionError:
                return float("nan")  # no comparison with it holds, so the draw is refused
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

    if name not in quantities:
        raise FullmarksError(f"require: there is no quantity {name!r}{nearest(name, quantities)}")
    try:
        return np.asarray(quantities[name], dtype=float)
    except (TypeError, ValueError):
        raise FullmarksError(f"require: {name} is no number or array of numbers") from None


def _called(function: str, arguments: list[Any]) -> Any:
    import numpy as np

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
            return together.sum()


def _operator_value(call: Call, quantities: Mapping[str, Any]) -> Any:
    """Return the main result of an operator that a condition calls: ``max(conv2d(A, F)) > 0``."""
    import numpy as np

    from fullmarks.operators import load_operator
    from fullmarks.operators._binding import bind, floats
    from fullmarks.operators._operator import check_arguments, operator_argument_names

    operator = load_operator(call.operator)
    stated = [*zip(operator_argument_names(operator), call.arguments, strict=False), *call.keywords]
    values = {name: _argument(body, quantities) for name, body in stated}
    bound = bind(operator.name, operator.arguments, values)
    check_arguments(operator, bound)
    if operator.evaluate is None:
        raise FullmarksError(f"require: {operator.name} is a discussion; it gives words, no number")
    with np.errstate(all="ignore"):
        found = operator.evaluate(**{name: floats(value) for name, value in bound.items()})
    return np.asarray(found[operator.results[0]] if isinstance(found, dict) else found, dtype=float)


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
