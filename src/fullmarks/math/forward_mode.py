"""The second route to a gradient: every entry of the variable is nudged, and the nudge followed forwards.

No derivative is written down here. A nudge is a tiny imaginary number (the complex step of Squire and Trapp 1998): what
an analytic operation computes from ``x + i h`` has the slope, times h, as its imaginary part, exact to the last digit.
"""

import numpy as np

from fullmarks.math.array_operations import Detached, Reduction
from fullmarks.math.comparing import compare
from fullmarks.math.expression import Array, Constant, Expr, Given, Let
from fullmarks.math.operations import ArgMax, Branches, Floor, Function, Holds, Maximum, Minimum

NUDGE = 1e-100
MOST_NUDGES = 256  # entries nudged one by one; beyond that, the gradient found backwards is tried in some directions
DIRECTIONS = 8
_AGREEMENT = 1e-9


def nudged_gradient(loss: Expr, variable: Expr) -> Array:
    """Return ∂loss/∂variable, an array of the variable's shape, entry by entry."""
    found = np.zeros(variable.size)
    for place in range(variable.size):
        direction = np.zeros(variable.size)
        direction[place] = 1
        found[place] = slope_along(loss, variable, direction.reshape(variable.shape))
    return found.reshape(variable.shape)


def refuse_wrong_slopes(loss: Expr, variable: Expr, gradient: Array) -> None:
    """Raise ``ArithmeticError`` where a gradient is not that of ``loss`` along some fixed, crooked directions."""
    for count in range(1, DIRECTIONS + 1):
        direction = np.cos(count * np.sqrt(2) * np.arange(1, variable.size + 1)).reshape(variable.shape)
        forwards = slope_along(loss, variable, direction)
        backwards = float((gradient * direction).sum())
        if not np.isclose(forwards, backwards, rtol=_AGREEMENT, atol=1e-12 * variable.size):
            raise ArithmeticError(f"the two routes to a gradient disagree: {backwards} and {forwards}")


def slope_along(loss: Expr, variable: Expr, direction: Array) -> float:
    """Return how fast ``loss`` grows as ``variable`` moves along ``direction``."""
    slopes: dict[int, Array | None] = {id(variable): direction}  # ``None`` where nothing moves
    pending = [loss]
    while pending:
        node = pending[-1]
        arguments = node.arguments[:1] if isinstance(node.operation, Let) else node.arguments
        missing = [argument for argument in arguments if id(argument) not in slopes]
        if id(node) in slopes or not missing:
            pending.pop()
            if id(node) not in slopes:
                slopes[id(node)] = _moved(node, [slopes[id(argument)] for argument in arguments])
        else:
            pending.extend(missing)
    found = slopes[id(loss)]
    return 0.0 if found is None else float(found.reshape(()))


def _moved(node: Expr, slopes: list[Array | None]) -> Array | None:
    """Return how the result of one operation moves with its arguments."""
    if all(slope is None for slope in slopes):
        return None
    values = [argument.value for argument in node.arguments[: len(slopes)]]
    moved = [np.zeros(value.shape) if slope is None else slope for value, slope in zip(values, slopes, strict=True)]
    operation = node.operation
    match operation:
        case Given() | Constant() | ArgMax() | Floor() | Holds() | Reduction(kind="argmax") | Detached():
            return None
        case Let():
            return moved[0]
        case Maximum() | Minimum():
            stacked = np.stack(np.broadcast_arrays(*(argument.numbers for argument in node.arguments)))
            first = _first_largest(stacked if isinstance(operation, Maximum) else -stacked)
            return np.asarray(np.take_along_axis(np.stack(np.broadcast_arrays(*moved)), first[np.newaxis], axis=0)[0])
        case Reduction(kind="max", axes=axes):
            kept = [axis for axis in range(values[0].ndim) if axis not in axes]
            lead = [values[0].shape[k] for k in kept]
            flat = np.transpose(node.arguments[0].numbers, (*kept, *axes)).reshape(*lead, -1)
            moves = np.transpose(moved[0], (*kept, *axes)).reshape(flat.shape)
            first = _first_largest(np.moveaxis(flat, -1, 0))[..., np.newaxis]
            return np.take_along_axis(moves, first, axis=-1).reshape(node.shape)
        case Branches():
            return np.where(node.arguments[0].numbers >= 0, moved[1], moved[2])
        case Function(name="abs"):
            return np.sign(values[0]) * moved[0]
        case Function(name="sign"):
            return None
        case Function(name="sigmoid"):
            nudged = values[0] + 1j * NUDGE * moved[0]
            return np.asarray((np.tanh(nudged / 2) / 2).imag / NUDGE)
        case Function(name="erf"):
            return _slope_of_erf(values[0]) * moved[0]
        case _:
            nudges = [value + 1j * NUDGE * slope for value, slope in zip(values, moved, strict=True)]
            return np.asarray(operation.compute(*nudges).imag / NUDGE)


def _first_largest(numbers: Array) -> Array:
    """Return the place of the largest along the first axis: the first that no other is larger than, but for noise."""
    order = np.frompyfunc(compare, 2, 1)
    wins = [(order(one, numbers) >= 0).all(axis=0) for one in numbers]
    return np.asarray(np.argmax(wins, axis=0))


def _slope_of_erf(values: Array) -> Array:
    """Return the slope of erf by central differences of eighth order, good to some 1e-14: no formula of it is used."""
    erf = Function("erf").compute
    step = 1 / 64
    slope = np.zeros(np.shape(values))
    for count, weight in ((1, 4 / 5), (2, -1 / 5), (3, 4 / 105), (4, -1 / 280)):
        slope = slope + weight * (erf(values + count * step) - erf(values - count * step))
    return np.asarray(slope / step)
