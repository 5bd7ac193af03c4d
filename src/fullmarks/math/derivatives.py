"""What every operation hands back: from the gradient of its result, the gradients of its arguments.

This is the only place that knows derivatives. A gradient is an ``Expr`` like any other, so it can be printed; it may be
a single number where all entries are equal, and is stretched only where a shape is needed.
"""

import math
from collections.abc import Iterator
from typing import Any, assert_never

import numpy as np
from msgspec import Struct

from fullmarks.math.array_operations import Collect, Detached, Join, MatrixProduct, Reduction, View
from fullmarks.math.comparing import largest_place
from fullmarks.math.expression import Constant, Expr, Given, Shape, constant
from fullmarks.math.functions import any_power, branches, cos, exp, holds, is_nothing, ln, negative, sign, sin, view
from fullmarks.math.gradient_products import column, is_plain, product, quotient, row, transposed
from fullmarks.math.operations import (
    AnyPower,
    ArgMax,
    Branches,
    Divide,
    Floor,
    Function,
    Holds,
    Maximum,
    Minimum,
    Minus,
    Negative,
    Plus,
    Power,
    Times,
)


class Share(Struct, frozen=True):
    """What one argument gets of a gradient, and what was done: a key of `chain_rule.ACTS`, empty for nothing."""

    argument: Expr
    gradient: Expr
    act: str = ""


ONE = constant(1)
SQUARE = 2
WINDOW_AXES = 2  # that a view of windows has more than what it looks at


def shares(node: Expr, result: Expr, gradient: Expr) -> Iterator[Share]:  # noqa: C901, PLR0912, PLR0915 - a table of operations
    """Yield what each argument of ``node`` gets of ``gradient``, the gradient of the loss with respect to ``node``.

    ``result`` is what ``node`` is called where it has a name, so that σ(z)(1 − σ(z)) can be written s(1 − s).
    Whole numbers that come from a choice (argmax, ⌊ ⌋, [a > b]) have slope 0 and hand nothing back.
    """
    arguments = node.arguments
    operation = node.operation
    match operation:
        case Plus():
            yield from (
                Share(one, _fitted(gradient, node, one), _act(node, one, "", "shared term")) for one in arguments
            )
        case Minus():
            left, right = arguments
            yield Share(left, _fitted(gradient, node, left))
            yield Share(right, _fitted(product(constant(-1), gradient), node, right), "minus")
        case Negative():
            yield Share(arguments[0], product(constant(-1), gradient), "minus")
        case Times():
            left, right = arguments
            for own, other in ((left, right), (right, left)):
                act = "constant" if is_plain(other) else _act(node, own, "factor", "shared factor")
                yield Share(own, _fitted(product(gradient, other), node, own), act)
        case Divide():
            left, right = arguments
            yield Share(
                left, _fitted(quotient(gradient, right), node, left), "constant" if is_plain(right) else "divisor"
            )
            downwards = quotient(product(constant(-1), gradient, left), right**2)
            yield Share(right, _fitted(downwards, node, right), "denominator")
        case Power(exponent=exponent):
            base = arguments[0]
            if exponent == 1:
                yield Share(base, gradient)
                return
            slope = product(constant(exponent), base if exponent == SQUARE else base ** (exponent - 1))
            yield Share(base, product(gradient, slope), "square" if exponent == SQUARE else "power")
        case AnyPower():
            base, power = arguments
            slope = power * any_power(base, power - 1)
            yield Share(base, _fitted(product(gradient, slope), node, base), "power")
            yield Share(power, _fitted(product(gradient, result, ln(base)), node, power), "exponent")
        case Function():
            yield Share(arguments[0], product(gradient, _slope(operation, arguments[0], result)), operation.name)
        case Maximum() | Minimum():
            yield from _of_choice(node, gradient)
        case Branches():
            test, otherwise, below = arguments
            for one, factors in ((otherwise, (ONE, constant(0))), (below, (constant(0), ONE))):
                yield Share(one, _fitted(product(gradient, branches(test, *factors)), node, one), "branch")
        case MatrixProduct():
            yield from _of_matrix_product(node, stretched_to(gradient, node.shape))
        case Reduction(kind="sum"):
            yield Share(arguments[0], _beside(gradient, operation, arguments[0].shape))
        case Reduction(kind="max"):
            yield Share(arguments[0], _to_the_largest(gradient, operation, arguments[0]), "largest")
        case View(written="T") if arguments[0].ndim == 2:  # noqa: PLR2004 - a matrix
            yield Share(arguments[0], transposed(stretched_to(gradient, node.shape)), "transposed")
        case Detached():
            return
        case View():
            back = collected(arguments[0].shape, [(gradient, operation.origin)])
            yield Share(arguments[0], back, act_of_view(operation, arguments[0]))
        case Join(axis=axis):
            yield from _of_join(node, axis, stretched_to(gradient, node.shape))
        case Collect():
            for argument, origin in zip(arguments, operation.origins, strict=True):
                yield Share(argument, _taken(stretched_to(gradient, node.shape), origin))
        case Reduction() | ArgMax() | Floor() | Holds() | Given() | Constant():
            return
        case _:
            raise TypeError(operation)


# --- shapes --------------------------------------------------------------------------------------------------------


def stretched_to(gradient: Expr, shape: Shape) -> Expr:
    """Return the gradient with an entry for every entry of ``shape``, equal ones repeated."""
    if gradient.shape == shape:
        return gradient
    return view(gradient, lambda places: np.broadcast_to(places, shape).copy())


def _fitted(gradient: Expr, node: Expr, argument: Expr) -> Expr:
    """Add up what goes to one and the same entry of an argument that was stretched to the result's shape."""
    if argument.shape == node.shape:
        return gradient
    full = stretched_to(gradient, node.shape)
    added = len(node.shape) - len(argument.shape)
    padded = (1,) * added + argument.shape
    axes = tuple(
        axis for axis, (own, all_) in enumerate(zip(padded, node.shape, strict=True)) if axis < added or own < all_
    )
    if not axes:
        return full
    total = full.sum(axis=axes, keepdims=True)
    return view(total, lambda places: places.reshape(argument.shape), written="same")


def _act(node: Expr, argument: Expr, alone: str, stretched: str) -> str:
    return alone if argument.shape == node.shape else stretched


def _beside(gradient: Expr, operation: Reduction, shape: Shape) -> Expr:
    """Return the gradient of sums so that each stands beside the entries that were added."""
    if gradient.shape == () or operation.keepdims:
        return gradient
    kept = tuple(1 if axis in operation.axes else length for axis, length in enumerate(shape))
    return gradient.reshape(*kept)


def _to_the_largest(gradient: Expr, operation: Reduction, source: Expr) -> Expr:
    """Put each maximum's gradient where the (first) largest entry stood, and 0 elsewhere."""
    kept = Reduction("max", operation.axes, keepdims=True).shape(source.shape)
    full = stretched_to(gradient, operation.shape(source.shape))
    places = np.arange(full.size).reshape(kept)
    last = list(range(-len(operation.axes), 0))
    values = np.moveaxis(source.numbers, operation.axes, last)
    lead = values.shape[: source.ndim - len(operation.axes)]
    flat = values.reshape(math.prod(lead), -1)
    largest = np.array([largest_place(row) for row in flat]).reshape(*lead, 1)
    first = np.arange(flat.shape[-1]) == largest
    wins = np.moveaxis(first.reshape(values.shape), last, operation.axes)
    return Expr(View(np.where(wins, np.broadcast_to(places, source.shape), -1)), full)


# --- arrangements --------------------------------------------------------------------------------------------------


def collected(shape: Shape, parts: list[tuple[Expr, Any]]) -> Expr:
    """Return gradients of arrangements put back: each entry is the sum of what was taken from its place."""
    origins = tuple(np.asarray(origin) for _, origin in parts)
    arrays = [stretched_to(gradient, origin.shape) for (gradient, _), origin in zip(parts, origins, strict=True)]
    if len(arrays) == 1:
        origin = origins[0].reshape(-1)
        taken = origin[origin >= 0]
        if not overlaps(View(origin)):
            back = np.full(int(np.prod(shape, dtype=int)), -1)
            back[taken] = np.flatnonzero(origin >= 0)
            same = arrays[0].shape == shape and np.array_equal(back, np.arange(back.size))
            return arrays[0] if same else Expr(View(back.reshape(shape), written=_written(arrays[0], shape)), arrays[0])
    return Expr(Collect(origins, shape), *arrays)


def overlaps(operation: View) -> bool:
    """Tell whether a view has entries more than once, as windows that overlap do."""
    taken = operation.origin[operation.origin >= 0]
    return len(np.unique(taken)) < taken.size


def act_of_view(operation: View, source: Expr) -> str:
    """Return what is done to bring a gradient back through a view: a key of `chain_rule.ACTS`, or nothing."""
    origin = operation.origin
    is_of_windows = source.ndim >= WINDOW_AXES and origin.ndim == source.ndim + WINDOW_AXES
    if overlaps(operation):
        return "windows" if is_of_windows else "repeated"
    if (origin < 0).any():
        return "hidden" if origin.shape == source.shape else "padding"
    if origin.size < source.size:
        return "picked"
    is_unmoved = operation.written == "same" or _long_axes(origin.shape) == _long_axes(source.shape)
    return "" if is_of_windows or is_unmoved else "moved"


def _long_axes(shape: Shape) -> list[int]:
    return [length for length in shape if length > 1]


def _written(array: Expr, shape: Shape) -> str:
    """Return how an arrangement is written: one that only adds or drops axes of length one as what it arranges."""
    same_axes = _long_axes(array.shape) == _long_axes(shape)
    return "same" if same_axes and array.size == np.prod(shape, dtype=int) else ""


def _taken(gradient: Expr, origin: Any) -> Expr:
    return Expr(View(origin), gradient)


def _of_join(node: Expr, axis: int, gradient: Expr) -> Iterator[Share]:
    start = 0
    for argument in node.arguments:
        end = start + argument.shape[axis]
        key = (slice(None),) * axis + (slice(start, end),)
        yield Share(argument, gradient[key], "part")
        start = end


# --- products of matrices, choices, functions ------------------------------------------------------------------------


def _of_matrix_product(node: Expr, gradient: Expr) -> Iterator[Share]:
    left, right = node.arguments
    match left.ndim, right.ndim:
        case 1, 1:
            yield Share(left, product(gradient, right), "factor")
            yield Share(right, product(gradient, left), "factor")
        case 2, 1:
            yield Share(left, column(gradient) @ row(right), "outer")
            yield Share(right, transposed(left) @ gradient, "weights")
        case 1, 2:
            yield Share(left, right @ gradient, "weights")
            yield Share(right, column(left) @ row(gradient), "outer")
        case _:
            yield Share(left, gradient @ transposed(right), "right factor")
            yield Share(right, transposed(left) @ gradient, "left factor")


def _of_choice(node: Expr, gradient: Expr) -> Iterator[Share]:
    """Hand the gradient of a maximum to the (first) largest: of max(0, z) to z where z > 0."""
    is_maximum = isinstance(node.operation, Maximum)
    if len(node.arguments) == 2:  # noqa: PLR2004 - the two of max(0, z)
        first, second = node.arguments
        chosen_first = holds(first, "≥" if is_maximum else "≤", second)
        chosen_second = holds(second, ">" if is_maximum else "<", first)
        act = _act_of_choice(node)
        yield Share(first, _fitted(product(gradient, chosen_first), node, first), act)
        yield Share(second, _fitted(product(gradient, chosen_second), node, second), act)
        return
    act = "largest" if is_maximum else "smallest"
    stacked = np.stack(np.broadcast_arrays(*(argument.numbers for argument in node.arguments)))
    signed = (stacked if is_maximum else -stacked).reshape(len(stacked), -1)
    winner = np.array([largest_place(column) for column in signed.T]).reshape(stacked.shape[1:])
    full = stretched_to(gradient, node.shape)
    places = np.arange(full.size).reshape(full.shape)
    for place, argument in enumerate(node.arguments):
        kept = Expr(View(np.where(winner == place, places, -1)), full)
        yield Share(argument, _fitted(kept, node, argument), act)


def _act_of_choice(node: Expr) -> str:
    operation = node.operation
    if not isinstance(operation, Maximum):
        return "smaller"
    if operation.is_relu:
        return "relu"
    return "positive" if is_nothing(node.arguments[0]) else "larger"


def _slope(operation: Function, argument: Expr, result: Expr) -> Expr:
    """Return the derivative of a function of the calculator, by its result where that is simplest."""
    match operation.name:
        case "exp":
            return result
        case "ln":
            return 1 / argument
        case "sqrt":
            return 1 / product(constant(2), result)
        case "tanh":
            return 1 - result**2
        case "sigmoid":
            return result * (1 - result)
        case "sin":
            return cos(argument)
        case "cos":
            return negative(sin(argument))
        case "abs":
            return sign(argument)
        case "sign":
            return constant(0)
        case "erf":
            return constant(2 / math.sqrt(math.pi), r"\frac{2}{\sqrt{\pi}}") * exp(negative(argument**2))
        case _:
            assert_never(operation.name)
