"""Whether the two routes to a problem's quantities agree: what they differ in must never be printed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fullmarks.errors import FullmarksError, OperatorFault
from fullmarks.math.expression import Array, Expr
from fullmarks.operators._binding import shape_text
from fullmarks.operators._guarding import place_of
from fullmarks.solution.walk import Worked

_RELATIVE = 1e-9  # how far the two routes may differ, relative to the value
_ABSOLUTE = 1e-12


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
            _refuse_other_shape(worked, name, value, evaluated.get(name))
            other = evaluated[name]
            if value.shape != other.shape or not _agree(value.value, other):
                raise ArithmeticError(f"the two routes to {name} disagree: {value.value} and {other}")


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


def _agree(one: Array, other: Array) -> bool:
    """Tell whether two arrays of finite numbers are as good as equal: `np.allclose` at a sixth of its time."""
    with np.errstate(invalid="ignore"):  # infinite entries agree with nothing but themselves
        near = np.abs(one - other) <= _ABSOLUTE + _RELATIVE * np.minimum(np.abs(one), np.abs(other))
    return bool((near | (one == other)).all())
