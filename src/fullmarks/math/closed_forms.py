"""The gradients that a textbook knows by heart: the softmax, and the softmax with cross-entropy."""

import numpy as np
from msgspec import Struct

from fullmarks.math.array_operations import Detached, Reduction, View
from fullmarks.math.expression import Expr, Given, Let, given
from fullmarks.math.operations import Divide, Function, Minus, Negative, Times


class Softmax(Struct, frozen=True):
    """A softmax as it was worked: the scores, exponentials, sums and quotients, and the axis it runs along."""

    scores: Expr
    powers: Expr
    sums: Expr
    quotients: Expr
    axis: int


class CrossEntropy(Struct, frozen=True):
    """A cross-entropy of a softmax, and its gradient with respect to the softmax's scores."""

    softmax: Softmax
    gradient: Expr


def softmax_of(line: Expr) -> Softmax | None:
    """Return the softmax that ends with ``line``, or ``None``; of lowered scores the scores themselves."""
    body = _body(line)
    if body is None or not isinstance(body.operation, Divide):
        return None
    powers, beside = body.arguments
    sums = beside.arguments[0] if isinstance(beside.operation, View) else beside
    powers_body, sums_body = _body(powers), _body(sums)
    if powers_body is None or sums_body is None or powers_body.operation != Function("exp"):
        return None
    match sums_body.operation:
        case Reduction(kind="sum", axes=(axis,)) if sums_body.arguments[0] is powers:
            return Softmax(_unlowered(powers_body.arguments[0]), powers, sums, line, axis)
        case _:
            return None


def _body(line: Expr) -> Expr | None:
    return line.arguments[0] if isinstance(line.operation, Let) else None


def _unlowered(scores: Expr) -> Expr:
    """Return the scores from which the largest was subtracted: the softmax does not change, nor does its gradient."""
    body = _body(scores)
    if body is None or not isinstance(body.operation, Minus):
        return scores
    full, beside = body.arguments
    largest = _body(beside.arguments[0] if isinstance(beside.operation, View) else beside)
    match largest.operation if largest is not None else None:
        case Reduction(kind="max"):
            return full
        case _:
            return scores


def p_minus_y(line: Expr) -> CrossEntropy | None:
    """Return the cross-entropy of a softmax that ``line`` is, with its gradient p − y, or ``None``."""
    body = _body(line)
    if body is None:
        return None
    match body.operation:
        case Negative():
            return _of_logarithm(body.arguments[0])
        case Minus():
            return _of_difference(line, body)
        case _:
            return None


def _of_logarithm(term: Expr) -> CrossEntropy | None:
    """Return p − y for −ln p_k, or for −Σ y ln p."""
    match term.operation:
        case Function(name="ln"):
            softmax = _picked_from(term.arguments[0])
            return None if softmax is None else _with_label(softmax, term.arguments[0])
        case Reduction(kind="sum") if isinstance(term.arguments[0].operation, Times):
            y, logarithm = term.arguments[0].arguments
            if logarithm.operation != Function("ln") or not isinstance(y.operation, View):
                return None
            softmax = _picked_from(logarithm.arguments[0])
            target = y.arguments[0]
            if isinstance(target.operation, Detached):
                target = target.arguments[0]
            if softmax is None or not isinstance(target.operation, Given) or y.value.sum() != 1:
                return None
            return CrossEntropy(softmax, softmax.quotients - target)
        case _:
            return None


def _of_difference(line: Expr, body: Expr) -> CrossEntropy | None:
    """Return p − y for ln Σ e^z − z_k, as the loss is worked where p is too small for a calculator."""
    logarithm, score = body.arguments
    for softmax in map(softmax_of, line.arguments[1:]):
        is_of_it = softmax is not None and logarithm.operation == Function("ln")
        if softmax is not None and is_of_it and logarithm.arguments[0] is softmax.sums:
            return _with_label(softmax, score) if isinstance(score.operation, View) else None
    return None


def _picked_from(source: Expr) -> Softmax | None:
    """Return the softmax of a vector of scores from which entries were picked."""
    if not isinstance(source.operation, View):
        return None
    softmax = softmax_of(source.arguments[0])
    return softmax if softmax is not None and softmax.quotients.ndim == 1 else None


def _with_label(softmax: Softmax, picked: Expr) -> CrossEntropy | None:
    if not isinstance(picked.operation, View) or picked.ndim != 0:
        return None
    target = np.zeros(softmax.quotients.shape, dtype=int)
    target[int(picked.operation.origin)] = 1
    return CrossEntropy(softmax, softmax.quotients - given("", target))
