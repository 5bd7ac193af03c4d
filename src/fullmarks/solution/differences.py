"""What plain NumPy says of a gradient: the loss computed again beside the point, without any history.

Differences are not exact enough to decide the last digits of a gradient (that is done by `math.forward_mode`), but they
notice a path that a history does not show: through an option, or a term left out because it was 0.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators import load_operator
from fullmarks.problem.graph import needed_for
from fullmarks.problem.syntax import Call, Formula, Name, calls_in, names_in
from fullmarks.solution.walk import Worked, evaluated

FIRST_STEP = 1e-2
LEVELS = 6  # how often the step is halved
CONVERGED = 1e-6  # relative; where differences have not settled the point is at a kink, or too close to one
HIDDEN = 1e-3  # a relative difference that rounding cannot explain


def refuse_hidden_paths(worked: Worked, quantities: Mapping[str, Any], where: Mapping[str, Formula]) -> None:
    """Raise ``FullmarksError`` where a loss moves in another way than its gradient says.

    ``quantities`` are the values of the second route.
    """
    for step in worked.steps:
        formula = where.get(step.name)
        if step.operator is None or not step.operator.takes_quantities or not isinstance(formula, Call):
            continue
        named = dict(zip(step.arguments, formula.arguments, strict=False)) | dict(formula.keywords)
        of, variable = (named[argument] for argument in step.arguments)
        if not isinstance(variable, Name) or variable == of or _has_gradients(of, where):
            continue
        value = as_floats(quantities[variable.name])
        direction = np.cos(np.sqrt(2) * np.arange(1, value.size + 1)).reshape(value.shape)
        loss = _along(of, variable.name, value, direction, quantities, where)
        found = settled_slope(loss)
        expected = float((step.result.value * direction).sum())
        if found is not None and abs(found - expected) > HIDDEN * max(1.0, abs(found), abs(expected)):
            raise FullmarksError(
                f"{step.name}: {variable.name} also acts through an option or a term that is left out, where there "
                "is no gradient: expected a quantity that acts through operators and arithmetic alone"
            )


def _has_gradients(of: Formula, where: Mapping[str, Formula]) -> bool:
    formulas = [of, *(where[name] for name in needed_for(names_in(of), where))]
    return any(load_operator(call.operator).takes_quantities for formula in formulas for call in calls_in(formula))


def _along(
    of: Formula,
    name: str,
    value: Array,
    direction: Array,
    quantities: Mapping[str, Any],
    where: Mapping[str, Formula],
) -> Callable[[float], float]:
    """Return the loss as a function of how far ``name`` has moved along ``direction``."""
    floats_of = {key: as_floats(one) if isinstance(one, np.ndarray) else one for key, one in quantities.items()}
    later = [other for other in needed_for(names_in(of), where) if name in _ancestors(other, where)]

    def loss(distance: float) -> float:
        moved = floats_of | {name: np.asarray(value + distance * direction)}
        for other in later:
            moved[other] = evaluated(where[other], other, moved, _no_history)
        return float(as_floats(np.asarray(evaluated(of, "", moved, _no_history))).reshape(()))

    return loss


def _ancestors(name: str, where: Mapping[str, Formula]) -> set[str]:
    found: set[str] = set()
    pending = names_in(where[name])
    while pending:
        other = pending.pop()
        if other not in found:
            found.add(other)
            pending.extend(names_in(where[other]) if other in where else [])
    return found


def _no_history(formula: Formula) -> Any:
    raise TypeError(formula)


def settled_slope(loss: Callable[[float], float]) -> float | None:
    """Return the slope at 0 by central differences, extrapolated to step 0 (Richardson; Ridders 1982).

    ``None`` where the differences do not settle, at a kink, or where the loss cannot be computed beside the point.
    """
    steps = [FIRST_STEP / 2**level for level in range(LEVELS)]
    try:
        ahead, here, behind = [loss(step) for step in steps], loss(0.0), [loss(-step) for step in steps]
    except (FullmarksError, ValueError):
        return None
    best, error = 0.0, float("inf")
    above: list[float] = []
    for step, after, before in zip(steps, ahead, behind, strict=True):
        row = [(after - before) / (2 * step)]
        for order, coarser in enumerate(above, 1):
            row.append(row[-1] + (row[-1] - coarser) / (4**order - 1))
        change = abs(row[-1] - above[-1]) if above else float("inf")
        if change < error:
            best, error = row[-1], change
        above = row
    bends = [abs(after - 2 * here + before) / step for step, after, before in zip(steps, ahead, behind, strict=True)]
    scale = max(1.0, abs(best))
    is_kink = bends[-1] > CONVERGED * scale and bends[-1] > bends[0] / LEVELS  # else it shrinks with the step
    return None if is_kink or not error < CONVERGED * scale else best
