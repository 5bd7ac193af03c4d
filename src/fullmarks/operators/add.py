"""add: the sum of two arrays of one shape, such as a layer's output and the input that skips the layer."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument
from fullmarks.operators._binding import refuse_unequal_shapes
from fullmarks.operators._elementwise import ANY_SHAPE, most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("x", ANY_SHAPE, "the first term, such as the output of a layer"),
    Argument("y", ANY_SHAPE, "the second term of the same shape, such as the layer's input"),
)


def check(x: Array, y: Array) -> None:
    """Check that the shapes are equal: a residual sum stretches nothing."""
    refuse_unequal_shapes("add", x=x, y=y)


def evaluate(x: Array, y: Array) -> Array:
    return np.asarray(np.stack([x, y]).sum(axis=0))


def working(x: Expr, y: Expr) -> Expr:
    reason = "Add entry by entry." if x.size > 1 else "Add."
    return let(RESULT, x + y, reason, M("sum of both terms"), A("values", most_marks(x.size)))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return two terms."""
    shape = {"easy": (3,), "medium": (2, 2), "hard": (2, 2, 2)}[level]
    return {name: numbers.integers(-5, 5, *shape, nonzero=True) for name in ("x", "y")}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the sum {result}.",
    source="He et al. 2016, eq. 1 (residual connection)",
    symbol="s",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the skip connection", result=lambda x: x),
        mistake("multiplied instead of adding", result=lambda x, y: x * y),
        mistake("subtracted instead of adding", result=lambda x, y: x - y),
    ),
    sample=sample,
)
