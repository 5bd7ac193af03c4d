"""Walking a problem's graph: once with history, to be read, and once in plain NumPy, to be compared."""

from collections.abc import Callable, Mapping
from typing import Any, assert_never

import numpy as np
from msgspec import Struct, field

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, constant, given, is_named, let
from fullmarks.math.kernels import KERNELS
from fullmarks.math.marks import A, M
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators import Operator, load_operator
from fullmarks.operators._binding import bind, numbers_of
from fullmarks.operators._evaluating import ARITHMETIC, evaluate_exactly, joined
from fullmarks.operators._evaluating import plain as numbers
from fullmarks.operators._operator import Mistake, check_arguments, results_of, wrong_results
from fullmarks.problem.graph import needed_for, steps
from fullmarks.problem.model import Instance, Value
from fullmarks.problem.syntax import (
    Binary,
    Call,
    Constant,
    Formula,
    Name,
    Negative,
    Number,
    Result,
    Sequence,
    Shown,
    Word,
    names_in,
)
from fullmarks.solution.arithmetic import joinable, numeric
from fullmarks.solution.sequence import array_of, is_words, plain
from fullmarks.solution.shown import array_as_shown, leaf_as_shown


class Step(Struct, frozen=True):
    """One quantity worked: by an operator with bound arguments, or by arithmetic (``operator`` is none)."""

    name: str  # the quantity's; empty for a call inside another formula
    operator: Operator | None
    arguments: Mapping[str, Any]
    result: Expr


class Worked(Struct):
    """Every quantity of an instance with its history, and the steps that led there, in order."""

    quantities: dict[str, Any] = field(default_factory=dict)  # name, or name.result → Expr, or a word
    steps: list[Step] = field(default_factory=list)  # `add` adds one
    wrong_steps: Mapping[str, Mistake] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)  # of formulas, which have no operator to give one
    _by_name: dict[str, Step] = field(default_factory=dict)

    def in_words(self, name: str) -> Any:
        """Return a quantity as its operator says it in words (a label for an index), or ``None``."""
        step = self.step_of(name)
        if step is None or step.operator is None or step.operator.in_words is None:
            return None
        return step.operator.in_words(step.result.value, **step.arguments)

    def step_of(self, name: str) -> Step | None:
        """Return the step that worked the quantity ``name``."""
        return self._by_name.get(name)

    def add(self, step: Step) -> None:
        """Add a step; of several with one name the first is meant by it."""
        self.steps.append(step)
        self._by_name.setdefault(step.name, step)

    def add_results(self, name: str, operator: Operator, results: Mapping[str, Expr]) -> None:
        """Add what an operator found to the quantities: each result by its name, if there are several."""
        if len(operator.results) > 1:
            self.quantities.update({f"{name}.{part}": value for part, value in results.items()})


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
    worked = Worked(wrong_steps=wrong_steps or {}, reasons=instance.problem.reasons)
    where = instance.problem.where
    _add_histories(worked, instance.values, where, wanted, replaced)
    return worked


def work_one(worked: Worked, name: str, formula: Formula) -> None:
    """Work one more quantity of ``worked``, from those that it has already."""
    worked.quantities[name] = _History(worked, name).named(formula)


def _add_histories(
    worked: Worked,
    values: Mapping[str, Value],
    where: Mapping[str, Formula],
    wanted: list[str] | None,
    replaced: Mapping[str, Any],
) -> None:
    for name, value in values.items():
        worked.quantities[name] = replaced.get(name, leaf(name, value))
    for name in steps(where) if wanted is None else needed_for(wanted, where):
        if name in replaced:
            worked.quantities[name] = replaced[name]
            continue
        try:
            worked.quantities[name] = _History(worked, name).named(where[name])
        except FullmarksError as problem:
            raise FullmarksError(f"{_place(name, where[name])}{problem}") from problem


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
        if isinstance(value, list) and not is_words(value):
            value = given("", numbers_of(value, "list"))
        if isinstance(value, Expr) and (not is_named(value) or isinstance(formula, Sequence)):
            value = let(RESULT, value, self.worked.reasons.get(self.name, ""), M("formula"), A("value"))
            self.worked.add(Step(self.name, None, {}, value))
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
                return array_of([self.value(item) for item in items])
            case Call():
                return self.call(formula, "")
            case Negative(body):
                return -numeric(self.value(body), "-")
            case Shown(body):
                return self.shown(body)
            case Binary(sign, left, right):
                one, other = joinable(sign, *(numeric(self.value(side), sign) for side in (left, right)))
                return ARITHMETIC[sign](one, other)
            case _:
                assert_never(formula)

    def shown(self, body: Formula) -> Any:
        """Work what the question shows: a leaf with the numbers as they are printed, however they came about."""
        apart = Worked(dict(self.worked.quantities))
        return leaf_as_shown(self.name, _History(apart, "").value(body))

    def result(self, name: str, result: str) -> Any:
        if f"{name}.{result}" not in self.worked.quantities:
            raise FullmarksError(f"where: {self.name}: {name} has no result {result!r}")
        return self.worked.quantities[f"{name}.{result}"]

    def call(self, formula: Call, name: str) -> Expr:
        operator = load_operator(formula.operator)
        if operator.working is None:
            raise FullmarksError(f"{operator.name} is a discussion: ask it with 'discuss', not 'find'")
        arguments = bound_call(operator, formula, self.value)
        if name in self.worked.wrong_steps:
            results = wrong_results(operator, self.worked.wrong_steps[name], arguments)
            if results is None:
                raise FullmarksError(f"{operator.name}: this mistake cannot be made with these arguments")
        else:
            results = results_of(operator, operator.working(**arguments), arguments)
        result = results[operator.results[0]]
        self.worked.add(Step(name, operator, arguments, result))
        if name:
            self.worked.add_results(name, operator, results)
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


@np.errstate(all="ignore")  # what overflows or divides by zero is refused by `refuse_infinite`, or as a draw
def evaluate_instance(values: Mapping[str, Value], where: Mapping[str, Formula]) -> dict[str, Any]:
    """Compute every quantity in plain NumPy, without history: the second route, and the one ``require`` looks at.

    What is worked from a number that is not finite is no number: nothing is decided by it.
    """
    quantities: dict[str, Any] = {}
    for name, value in values.items():
        start = leaf(name, value)
        quantities[name] = numbers(start)
    histories = _histories_on_demand(values, where)
    for name in steps(where):
        try:
            value = evaluated(where[name], name, quantities, histories)
            is_array = isinstance(value, list) and not is_words(value)
            quantities[name] = given("", numbers_of(value, "list")).value if is_array else value
        except FullmarksError as problem:
            raise FullmarksError(f"{_place(name, where[name])}{problem}") from problem
    return quantities


def _place(name: str, formula: Formula) -> str:
    """Return what a message begins with: the quantity, but not where an operator called by its name says its own."""
    return "" if isinstance(formula, Call) and formula.operator == name else f"{name}: "


def _histories_on_demand(values: Mapping[str, Value], where: Mapping[str, Formula]) -> Callable[[Formula], Any]:
    """Return what works a formula with history, for operators that take quantities with theirs."""
    worked = Worked()

    def history_of(formula: Formula) -> Any:
        wanted = needed_for(names_in(formula), where)
        if not worked.quantities or not set(wanted) <= set(worked.quantities):
            _add_histories(worked, values, where, wanted, worked.quantities.copy())
        return value_of(formula, worked)

    return history_of


def evaluated(formula: Formula, name: str, quantities: dict[str, Any], history_of: Callable[[Formula], Any]) -> Any:
    """Compute one formula in plain NumPy; ``history_of`` works what is wanted with its history."""

    def value(part: Formula) -> Any:
        return evaluated(part, "", quantities, history_of)

    match formula:
        case Name(other):
            return quantities[other]
        case Result(other, result):
            return quantities[f"{other}.{result}"]
        case Number(number):
            return numbers(constant(number))
        case Word(text):
            return text
        case Constant(constant_value):
            return constant_value
        case Sequence(items):
            return [plain(value(item)) for item in items]
        case Shown(body):
            return array_as_shown(value(body))
        case Negative(body):
            return numbers(np.asarray(0 - numbers(numeric(value(body), "-"))))
        case Binary(sign, left, right):
            one, other_side = joinable(sign, *(numbers(numeric(value(side), sign)) for side in (left, right)))
            return joined(sign, one, other_side)
        case Call():
            return _evaluated_call(formula, name, quantities, value, history_of)
        case _:
            assert_never(formula)


def _evaluated_call(
    formula: Call,
    name: str,
    quantities: dict[str, Any],
    value_of: Callable[[Formula], Any],
    history_of: Callable[[Formula], Any],
) -> Any:
    operator = load_operator(formula.operator)
    if operator.evaluate is None:
        raise FullmarksError(f"{operator.name} is a discussion: ask it with 'discuss', not 'find'")
    read = history_of if operator.takes_quantities else value_of
    results = evaluate_exactly(operator, bound_call(operator, formula, read))
    if name and len(operator.results) > 1:
        quantities.update({f"{name}.{part}": value for part, value in results.items()})
    return results[operator.results[0]]


def evaluate_operator(operator: Operator, arguments: Mapping[str, Any]) -> dict[str, Array]:
    """Return an operator's results in plain NumPy from bound arguments, as floats."""
    return {name: as_floats(value) for name, value in evaluate_exactly(operator, arguments).items()}
