"""transpose: the matrix with its rows as columns, entry (i, j) becoming entry (j, i)."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (Argument("x", Tensor("H W"), "a matrix", symbol="X"),)


def evaluate(x: Array) -> Array:
    return np.stack(list(x), axis=1)


def working(x: Expr) -> Expr:
    return let(RESULT, x.T, "Write each row as a column.", M("rows become columns"), A("all entries"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a small matrix, square where it is to be easy."""
    shape = {"easy": (2, 2), "medium": (2, 3), "hard": (3, 4)}[level]
    return {"x": numbers.integers(-9, 9, *shape)}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the transpose {result}.",
    source="Goodfellow et al. 2016, eq. 2.3",
    symbol="Y",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left it as it is", result=lambda x: x),
        mistake(
            "filled the new rows from the old ones in reading order",
            result=lambda x: x.reshape(x.shape[1], x.shape[0]),
        ),
        mistake("turned it by a quarter", result=lambda x: x.T[:, ::-1]),
    ),
    sample=sample,
)
