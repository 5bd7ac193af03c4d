"""clip_gradient: the gradient, scaled down where its L2 norm is above a threshold.

Results: ``clipped`` (the main one, by the norm ‖g‖), ``as_printed``, which is what a common code listing gives, and
``norm`` and ``sum_of_squares``. That listing compares the squared norm, the sum of the squares without the root, with
the threshold and divides by it: a shorter gradient comes out, and one of norm between θ and √θ is treated otherwise.
"""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.comparing import compare
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import maximum, minimum, sqrt
from fullmarks.math.marks import A, B, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("gradient", Tensor("n | m n"), "gradient of the loss", symbol=r"\mathbf{g}"),
    Argument("threshold", Tensor("number"), "the longest norm allowed, above 0", symbol=r"\theta"),
)


def check(threshold: Array, **_others: object) -> None:
    """Check that a gradient may have some length."""
    if threshold <= 0:
        raise FullmarksError(f"clip_gradient: threshold is {threshold.item():g}, expected a number above 0")


def evaluate(gradient: Array, threshold: Array) -> dict[str, Array]:
    """Return the gradient times the smaller of 1 and what would bring it to the threshold."""
    norm = np.linalg.norm(gradient)
    squares = np.vdot(gradient, gradient)
    return {
        "clipped": gradient * min(1.0, threshold / norm) if norm else gradient,
        "as_printed": gradient * min(1.0, threshold / squares) if squares else gradient,
        "norm": np.asarray(norm),
        "sum_of_squares": np.asarray(squares),
    }


def working(gradient: Expr, threshold: Expr) -> Expr:
    squares = let("sum_of_squares", (gradient**2).sum(), "Add the squares of all entries.", M("sum of squares"))
    norm = let("norm", sqrt(squares), "Its root is the L2 norm.", M("L2 norm is the root"), A("norm"))
    printed = let(
        "as_printed",
        _scaled(gradient, threshold, squares),
        "For comparison, a common code listing that compares the squared norm, the sum of squares without the root, "
        f"with the threshold: {_what_happens(threshold, squares)}.",
        B("what the listing with the squared norm gives"),
        after=(norm,),
    )
    return let(
        RESULT,
        _scaled(gradient, threshold, norm),
        f"Clipping by the L2 norm: {_what_happens(threshold, norm)}.",
        M("compares the norm with the threshold and scales"),
        A("values", most_marks(gradient.size)),
        after=(printed,),
    )


def _scaled(gradient: Expr, threshold: Expr, size: Expr) -> Expr:
    return gradient * (threshold / size) if _is_above(size, threshold) else gradient * 1


def _is_above(size: Expr, threshold: Expr) -> bool:
    return compare(size.numbers.item(), threshold.numbers.item()) > 0


def _what_happens(threshold: Expr, size: Expr) -> str:
    if _is_above(size, threshold):
        return "it is above the threshold, so the gradient is multiplied by the threshold over it"
    return "it is not above the threshold, so the gradient stays as it is"


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a gradient that is too long, of whole length where it is to be easy."""
    if level == "easy":
        return {
            "gradient": numbers.choice([[3, 4], [-6, 8], [5, -12], [8, 6]]),
            "threshold": numbers.choice([1, 2, 2.5]),
        }
    shape = (3,) if level == "medium" else (2, 2)
    return {"gradient": numbers.integers(-6, 6, *shape, nonzero=True), "threshold": numbers.choice([1, 2, 5])}


def _each(gradient: Expr, threshold: Expr) -> Expr:
    return minimum(maximum(gradient, -threshold), threshold)


operator = Operator(
    arguments=ARGUMENTS,
    ask="Clip the gradient {gradient} by its L2 norm with the threshold {threshold}: find {result}.",
    source="Pascanu et al. 2013, algorithm 1; Goodfellow et al. 2016, section 10.11.1",
    symbol=r"\mathbf{g}'",
    results=("clipped", "as_printed", "norm", "sum_of_squares"),
    line_symbols={"as_printed": r"\mathbf{g}_{\text{code}}", "norm": r"n", "sum_of_squares": "s"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the root, as a common code listing does", norm=lambda sum_of_squares: sum_of_squares),
        mistake("clipped each entry on its own", result=_each),
        mistake("scaled to norm 1 instead of the threshold", slip=True, result=lambda gradient, norm: gradient / norm),
        mistake("left the gradient as it is", result=lambda gradient: gradient * 1),
        mistake(
            "multiplied by norm over threshold", result=lambda gradient, norm, threshold: gradient * (norm / threshold)
        ),
    ),
    sample=sample,
)
