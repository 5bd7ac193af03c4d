"""Whether the two routes to a problem's quantities agree: what they differ in must never be printed."""

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from fullmarks.errors import FullmarksError, OperatorFault
from fullmarks.math.expression import Array, Expr, Let
from fullmarks.math.history import lines
from fullmarks.math.number_arrays import as_floats
from fullmarks.math.numbers import exact
from fullmarks.operators._evaluating import is_finite
from fullmarks.operators._guarding import place_of
from fullmarks.operators._shapes import shape_text
from fullmarks.problem.model import Instance
from fullmarks.solution.walk import Worked, evaluate_instance

_RELATIVE = 1e-9  # how far the two routes may differ, relative to the value
_ABSOLUTE = 1e-12  # for what cancels, relative to the largest number of the problem, or to 1
NOT_FINITE = "not finite (a division by zero, a logarithm of 0, or numbers too large); change what goes into it"
_TURNS = 3  # ways to change the last digits
_LARGEST_SIZE = 10**6  # of a whole number that may be a length, a class or a count
_SMALLEST, _LARGEST = 1e-150, 1e150  # whose squares are floats


def refuse_infinite(evaluated: Mapping[str, Any]) -> None:
    """Raise ``FullmarksError`` where a quantity is no finite number."""
    for name, value in evaluated.items():
        if not is_finite(value):
            raise FullmarksError(f"{name}: its value is {NOT_FINITE}")


def refuse_disagreement(instance: Instance, worked: Worked, evaluated: Mapping[str, Any]) -> None:
    """Raise ``ArithmeticError`` where the two routes differ: such an answer must never be printed.

    Raises ``FullmarksError`` where they cannot agree: some number on the way is too large or too small for its square
    to be a float, or numbers cancel so far that rounding decides what is left.
    """
    for name, value in worked.quantities.items():
        if isinstance(value, Expr):
            _refuse_other_shape(worked, name, value, evaluated.get(name))
    pairs = {name: (value.value, as_floats(evaluated[name]))
             for name, value in worked.quantities.items() if isinstance(value, Expr)}  # fmt: skip
    size = min(1.0, max((np.abs(other).max(initial=0) for _, other in pairs.values()), default=1.0))
    for name, (one, other) in pairs.items():
        if one.shape != other.shape or not _agree(one, other, _ABSOLUTE * size):
            _refuse_extremes(name, worked)
            _refuse_cancellation(name, instance, _ABSOLUTE * size)
            raise _disagreement(name, worked, one, other)
    for line in (line for step in worked.steps for line in lines(step.result, {})):
        if isinstance(line.operation, Let) and (np.isnan(line.value) | (line.value == np.inf)).any():
            raise FullmarksError(f"the line {line.operation.name} of the working is {NOT_FINITE}")


def _disagreement(name: str, worked: Worked, one: Array, other: Array) -> ArithmeticError:
    """Return what to raise of two routes that differ, with where the operator's file has them."""
    disagreement = ArithmeticError(f"the two routes to {name} disagree: {one} and {other}")
    step = worked.step_of(name.partition(".")[0])
    if step is not None and step.operator is not None:
        working, evaluate = place_of(step.operator.working), place_of(step.operator.evaluate)
        disagreement.add_note(f"operator {step.operator.name}: working is at {working}; evaluate is at {evaluate}")
    return disagreement


def _refuse_extremes(name: str, worked: Worked) -> None:
    everything = [*worked.quantities.values(), *(line for step in worked.steps for line in lines(step.result, {}))]
    sizes = [float(one) for value in everything if isinstance(value, Expr) for one in np.abs(value.value).flat]
    extreme = next((one for one in sizes if one and not _SMALLEST < one < _LARGEST), None)
    if extreme is not None:
        raise FullmarksError(
            f"{name}: cannot be worked, because a number on the way is of size {extreme:.3g}: expected sizes from "
            f"{_SMALLEST:g} to {_LARGEST:g}, so that their squares are floats"
        )


def _refuse_cancellation(name: str, instance: Instance, absolute: float) -> None:
    """Refuse what changes by more than the routes may differ when the last digits of the givens do."""
    found = as_floats(evaluate_instance(instance.values, instance.problem.where)[name])
    for turn, too_large in itertools.product(range(_TURNS), (_LARGEST_SIZE, 0)):  # whole ones may be classes, or sizes
        values = {given: _nudged(value, turn, too_large) for given, value in instance.values.items()}
        try:
            again = as_floats(evaluate_instance(values, instance.problem.where)[name])
        except (FullmarksError, IndexError):
            continue
        if again.shape != found.shape or not _agree(found, again, absolute):
            raise FullmarksError(
                f"{name}: cannot be worked, because numbers of very different size cancel: a change in the 15th digit "
                "of what is given changes it; choose numbers that are closer in size"
            )


def _nudged(value: Any, turn: int, too_large: int) -> Any:
    """Return a given with its numbers changed in the last digits, one up and one down; whole ones below a size stay."""
    if isinstance(value, list):
        return [_nudged(item, turn + place, too_large) for place, item in enumerate(value)]
    is_number = isinstance(value, int | float | Fraction) and not isinstance(value, bool)
    if not is_number or (value == int(value) and abs(value) < too_large):
        return value
    return exact(value) * (1 + Fraction((-1) ** turn * (turn % 3 + 1), 2**49))


def _refuse_other_shape(worked: Worked, name: str, value: Expr, other: Array | None) -> None:
    """Raise ``OperatorFault`` where an operator's two routes give results of different names or shapes."""
    quantity, _, result = name.partition(".")
    step = worked.step_of(quantity)
    if step is None or step.operator is None:
        return
    place = place_of(step.operator.evaluate)
    said = f"operator {step.operator.name}: {place}: working gives {result or 'its result'} "
    said += f"({shape_text(value.shape)})"
    if other is None:
        raise OperatorFault(f"{said}, but evaluate does not give it")
    if value.shape != other.shape:
        raise OperatorFault(f"{said}, but evaluate ({shape_text(other.shape)}): both need the same shape")


def _agree(one: Array, other: Array, absolute: float) -> bool:
    """Tell whether two arrays of finite numbers are as good as equal: `np.allclose` at a sixth of its time."""
    with np.errstate(invalid="ignore"):  # infinite entries agree with nothing but themselves
        near = np.abs(one - other) <= absolute + _RELATIVE * np.minimum(np.abs(one), np.abs(other))
    return bool((near | (one == other)).all())
