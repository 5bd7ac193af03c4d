"""The softmax worked line by line: exponentials, their sum, the quotients, and the check that these add to 1."""

import numpy as np

from fullmarks.math.expression import Array, Expr, let
from fullmarks.math.functions import exp, ln
from fullmarks.math.history import has_letters
from fullmarks.math.marks import A, Check, M
from fullmarks.math.number_arrays import as_floats

LARGEST_POWER = 20  # beyond e²⁰ the exponentials fill a calculator's display, and far beyond it they overflow
SMALLEST_PROBABILITY = 1e-99  # what calculators tell from 0
LARGEST_WITH_LETTERS = 500  # e^a beside e²⁵ is shorter than e^(a − max(a, 25)), and nothing overflows yet


def lowered(scores: Expr, axis: int, below: str = "", letter: str = "z") -> Expr:
    """Return the scores; where they are large, the line of scores less the largest, which changes no softmax.

    ``below`` tells its lines from others of their letters, as ``indexed`` does; ``letter`` is that of the lowered ones.
    """
    visible = scores.value[np.isfinite(scores.value)]  # a hidden token has −∞
    size = np.abs(visible).max()
    if size <= LARGEST_POWER or (size <= LARGEST_WITH_LETTERS and has_letters(scores)):
        return scores
    each = _of_each(scores, axis)
    largest = let(indexed("m", below), scores.max(axis), f"The scores are far from 0. Find the largest{each}")
    return let(
        indexed(letter, below),
        scores - _beside(largest, scores, axis),
        "and subtract it: the softmax stays the same, and no exponential overflows.",
    )


def indexed(letter: str, below: str) -> str:
    """Return the name of a line: the letter, with ``below`` as its index where there is one."""
    return f"{letter}_{below}" if below else letter


def exponentials(scores: Expr) -> Expr:
    """Return the line of exponentials."""
    return let("u", exp(scores), "Raise e to each score.", M("exponentials"))


def total(powers: Expr, axis: int) -> Expr:
    """Return the line of the sums of the exponentials."""
    return let("r", powers.sum(axis), f"Add the exponentials{_of_each(powers, axis)}.", M("sum of the exponentials"))


def quotients(powers: Expr, sums: Expr, axis: int, name: str) -> Expr:
    """Return the line of exponentials divided by their sums, checked to add to 1."""
    each = _of_each(powers, axis)
    return let(
        name,
        powers / _beside(sums, powers, axis),
        f"Divide each exponential by the sum{each.replace(' each', ' its')}.",
        A("quotients", min(powers.size, 2)),
        check=Check(f"The results{each} add to 1.", lambda shares: shares.sum(axis)),
    )


def minus_logarithm(p: Expr, sums: Expr, scores: Expr, place: int) -> tuple[Expr, str, tuple[Expr, ...]]:
    """Return minus the logarithm of one of the quotients, what is to be said of it, and the lines to be read before.

    That of a quotient too small for a calculator is the logarithm of the sum less its score.
    """
    if p.value[place] >= SMALLEST_PROBABILITY:
        return -ln(p[place]), "", ()
    why = (
        " That probability is too small for a calculator: minus the logarithm of a quotient is the logarithm of the "
        "sum minus the score of the right class."
    )
    return ln(sums) - scores[place], why, (p,)


def _beside(sums: Expr, scores: Expr, axis: int) -> Expr:
    """Return what was found along ``axis`` in the shape in which each number meets the scores it was found from."""
    if scores.ndim == 1:
        return sums
    kept = list(scores.shape)
    kept[axis] = 1
    return sums.reshape(*kept)


def _of_each(scores: Expr, axis: int) -> str:
    if scores.ndim == 1:
        return ""
    return {1: " of each row", 2: " of each column"}.get(scores.ndim - axis % scores.ndim, " of each place")


def evaluate_softmax(scores: Array, axis: int) -> Array:
    """Return the softmax in plain NumPy, one exponential of a difference of logarithms."""
    scores = as_floats(scores)
    largest = scores.max(axis=axis, keepdims=True)
    return np.asarray(np.exp(scores - largest - np.log(np.exp(scores - largest).sum(axis=axis, keepdims=True))))
