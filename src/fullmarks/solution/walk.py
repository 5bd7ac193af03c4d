"""Walking a problem's graph: once with history, to be read, and once in plain NumPy, to be compared."""

import operator as python_operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, Let, constant, given, is_named, let
from fullmarks.math.kernels import KERNELS
from fullmarks.math.marks import A, M
from fullmarks.math.numbers import exact
from fullmarks.operators import Operator, load_operator
from fullmarks.operators._binding import bind, numbers_of, shape_text
from fullmarks.operators._operator import Mistake, check_arguments, results_of, wrong_result
from fullmarks.problem.graph import needed_for
from fullmarks.problem.model import Instance, Value
from fullmarks.problem.syntax import Binary, Call, Constant, Formula, Name, Negative, Number, Result, Sequence, Word

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": python_operator.add,
    "-": python_operator.sub,
    "*": python_operator.mul,
    "/": python_operator.truediv,
    "@": python_operator.matmul,
}
_AGREEMENT = 1e-9  # how far the two routes may differ, relative to the value


@dataclass(frozen=True)
class Step:
    """One quantity worked: by an operator with bound arguments, or by arithmetic (``operator`` is none)."""

    name: str  # the quantity's; empty for a call inside another formula
    operator: Operator | None
    arguments: Mapping[str, Any]
    result: Expr


@dataclass
class Worked:
    """Every quantity of an instance with its history, and the steps that led there, in order."""

    quantities: dict[str, Any] = field(default_factory=dict)  # name, or name.result → Expr, or a word
    steps: list[Step] = field(default_factory=list)
    wrong_steps: Mapping[str, Mistake] = field(default_factory=dict)

    def in_words(self, name: str) -> Any:
        """Return a quantity as its operator says it in words (a label for an index), or ``None``."""
        step = self.step_of(name)
        if step is None or step.operator is None or step.operator.in_words is None:
            return None
        return step.operator.in_words(step.result.value, **step.arguments)

    def step_of(self, name: str) -> Step | None:
        """Return the step that worked the quantity ``name``."""
        return next((step for step in self.steps if step.name == name), None)


def work(
    instance: Instance,
    *,
    wanted: list[str] | None = None,
    replaced: Mapping[str, Any] | None = None,
    wrong_steps: Mapping[str, Mistake] | None = None,
) -> Worked:
    """Work every quantity (or those ``wanted`` and what they need) with history.

    ``replaced`` quantities are not worked but taken as they are (a candidate's value); ``wrong_steps`` are worked
    with the mistake made.
    """
    replaced = replaced or {}
    worked = Worked(wrong_steps=wrong_steps or {})
    for name, value in instance.values.items():
        worked.quantities[name] = replaced.get(name, leaf(name, value))
    where = instance.problem.where
    for name in needed_for(wanted if wanted is not None else list(where), where):
        if name in replaced:
            worked.quantities[name] = replaced[name]
            continue
        with_history = _History(worked, name)
        worked.quantities[name] = with_history.named(where[name])
    return worked


def leaf(name: str, value: Value) -> Any:
    """Return a given as a leaf of histories; words stay words, and the name of a kernel becomes its numbers."""
    if isinstance(value, str):
        return given(name, KERNELS[value]) if value in KERNELS else value
    if value is None or isinstance(value, bool) or (isinstance(value, list) and value and isinstance(value[0], str)):
        return value
    return given(name, numbers_of(value, name))


class _History:
    """Works one formula with history, adding its steps to ``worked``."""

    def __init__(self, worked: Worked, name: str) -> None:
        self.worked = worked
        self.name = name

    def named(self, formula: Formula) -> Any:
        """Work a quantity's own formula; arithmetic gets a line of its own."""
        if isinstance(formula, Call):
            return self.call(formula, self.name)
        value = self.value(formula)
        if isinstance(value, Expr) and not is_named(value):
            value = let(RESULT, value, "", M("formula"), A("value"))
            self.worked.steps.append(Step(self.name, None, {}, value))
        return value

    def value(self, formula: Formula) -> Any:
        match formula:
            case Name(name):
                return self.worked.quantities[name]
            case Result(name, result):
                return self.result(name, result)
            case Number(number):
                return constant(number)
            case Word(text):
                return text
            case Constant(value):
                return value
            case Sequence(items):
                return [_plain(self.value(item)) for item in items]
            case Call():
                return self.call(formula, "")
            case Negative(body):
                return -_numeric(self.value(body), "-")
            case Binary(sign, left, right):
                one, other = (_numeric(self.value(side), sign) for side in (left, right))
                refuse_misfit(self.name, sign, one.shape, other.shape)
                return _ARITHMETIC[sign](one, other)
            case _:
                assert_never(formula)

    def result(self, name: str, result: str) -> Any:
        if f"{name}.{result}" not in self.worked.quantities:
            raise FullmarksError(f"where: {self.name}: {name} has no result {result!r}")
        return self.worked.quantities[f"{name}.{result}"]

    def call(self, formula: Call, name: str) -> Expr:
        operator = load_operator(formula.operator)
        if operator.working is None:
            raise FullmarksError(f"{operator.name} is a discussion: ask it with 'discuss', not 'find'")
        arguments = bound_call(operator, formula, self.value)
        result: Expr | None
        if name in self.worked.wrong_steps:
            result = wrong_result(operator, self.worked.wrong_steps[name], arguments)
            if result is None:
                raise FullmarksError(f"{operator.name}: this mistake cannot be made with these arguments")
        else:
            result = operator.working(**arguments)
        self.worked.steps.append(Step(name, operator, arguments, result))
        if name:
            for part, value in results_of(operator, result, arguments).items():
                if len(operator.results) > 1:
                    self.worked.quantities[f"{name}.{part}"] = value
        return result


def value_of(formula: Formula, worked: Worked) -> Any:
    """Work a formula that is not a quantity of its own, such as an argument of a discussion."""
    return _History(worked, "").value(formula)


def bound_call(operator: Operator, formula: Call, value_of: Callable[[Formula], Any]) -> dict[str, Any]:
    """Return the call's arguments by name, read and checked."""
    names = [argument.name for argument in operator.arguments]
    if len(formula.arguments) > len(names):
        raise FullmarksError(f"{operator.name} takes {len(names)} arguments, found {len(formula.arguments)}")
    values = dict(zip(names, (value_of(argument) for argument in formula.arguments), strict=False))
    for name, argument in formula.keywords:
        if name in values:
            raise FullmarksError(f"{operator.name}: {name} is given twice")
        values[name] = value_of(argument)
    arguments = bind(operator.name, operator.arguments, values)
    check_arguments(operator, arguments)
    return arguments


def _numeric(value: Any, sign: str) -> Any:
    if isinstance(value, Expr | np.ndarray):
        return value
    raise FullmarksError(f"{sign!r} needs numbers, found {value!r}")


def _plain(value: Any) -> Any:
    """Return an item of a list as data: a number that was written, or nested lists of them."""
    if isinstance(value, Expr):
        if value.shape == () and not isinstance(value.operation, Let):
            return value.number if not is_named(value) else value.exact_leaf
        return [[exact(x) for x in row] if isinstance(row, list) else exact(row) for row in value.value.tolist()]
    return value.tolist() if isinstance(value, np.ndarray) else value


def refuse_misfit(name: str, sign: str, left: tuple[int, ...], right: tuple[int, ...]) -> None:
    """Raise ``FullmarksError``, naming both shapes, where arithmetic cannot join them."""
    if sign == "@":
        fits = len(left) in (1, 2) and len(right) in (1, 2) and left[-1] == right[0]
    else:
        try:
            fits = bool(np.broadcast_shapes(left, right)) or True
        except ValueError:
            fits = False
    if not fits:
        raise FullmarksError(f"where: {name}: {sign!r} cannot join shapes {shape_text(left)} and {shape_text(right)}")


def evaluate_instance(values: Mapping[str, Value], where: Mapping[str, Formula]) -> dict[str, Any]:
    """Compute every quantity in plain NumPy, without history: the second route, and the one ``require`` looks at."""
    quantities: dict[str, Any] = {}
    for name, value in values.items():
        start = leaf(name, value)
        quantities[name] = start.value if isinstance(start, Expr) else start
    for name in needed_for(list(where), where):
        quantities[name] = _evaluated(where[name], name, quantities)
    return quantities


def _evaluated(formula: Formula, name: str, quantities: dict[str, Any]) -> Any:
    def value(part: Formula) -> Any:
        return _evaluated(part, "", quantities)

    match formula:
        case Name(other):
            return quantities[other]
        case Result(other, result):
            return quantities[f"{other}.{result}"]
        case Number(number):
            return np.asarray(float(number))
        case Word(text):
            return text
        case Constant(constant_value):
            return constant_value
        case Sequence(items):
            return [_plain(value(item)) for item in items]
        case Negative(body):
            return 0 - _numeric(value(body), "-")
        case Binary(sign, left, right):
            one, other_side = _numeric(value(left), sign), _numeric(value(right), sign)
            refuse_misfit(name, sign, one.shape, other_side.shape)
            return np.asarray(_ARITHMETIC[sign](one, other_side))
        case Call():
            return _evaluated_call(formula, name, quantities, value)
        case _:
            assert_never(formula)


def _evaluated_call(formula: Call, name: str, quantities: dict[str, Any], value_of: Callable[[Formula], Any]) -> Any:
    operator = load_operator(formula.operator)
    if operator.evaluate is None:
        raise FullmarksError(f"{operator.name} is a discussion: ask it with 'discuss', not 'find'")
    results = evaluate_operator(operator, bound_call(operator, formula, value_of))
    if name and len(operator.results) > 1:
        quantities.update({f"{name}.{part}": value for part, value in results.items()})
    return results[operator.results[0]]


def evaluate_operator(operator: Operator, arguments: Mapping[str, Any]) -> dict[str, Array]:
    """Return an operator's results in plain NumPy from bound arguments."""
    if operator.evaluate is None:
        raise TypeError(operator.name)
    arrays = {name: value.value if isinstance(value, Expr) else value for name, value in arguments.items()}
    found = operator.evaluate(**arrays)
    results = found if isinstance(found, dict) else {operator.results[0]: found}
    if operator.results[0] not in results or not set(results) <= set(operator.results):
        raise TypeError(f"{operator.name}: evaluate gives {', '.join(results)}; results names {operator.results}")
    return {name: np.asarray(value, dtype=float) for name, value in results.items()}


def refuse_infinite(evaluated: Mapping[str, Any]) -> None:
    """Raise ``FullmarksError`` where a quantity is no finite number."""
    for name, value in evaluated.items():
        if isinstance(value, np.ndarray) and not np.isfinite(value).all():
            raise FullmarksError(
                f"{name}: its value is not finite (a division by zero, a logarithm of 0, or numbers too large); "
                "change what goes into it"
            )


def refuse_disagreement(worked: Worked, evaluated: Mapping[str, Any]) -> None:
    """Raise ``ArithmeticError`` where the two routes differ: such an answer must never be printed."""
    for name, value in worked.quantities.items():
        if isinstance(value, Expr):
            other = evaluated[name]
            if value.shape != other.shape or not np.allclose(value.value, other, rtol=_AGREEMENT, atol=1e-12):
                raise ArithmeticError(f"the two routes to {name} disagree: {value.value} and {other}")
