"""softmax: exponentials divided by their sum, so that they are positive and add to 1."""

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr
from fullmarks.operators._arguments import Argument, Tensor, Whole
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._softmax import evaluate_softmax, exponentials, lowered, quotients, total

ARGUMENTS = (
    Argument("x", Tensor("n | T n | C T n", along_rows=True), "scores; of a matrix, one vector of them a row"),
    Argument("axis", Whole(least=-3), "along which results add to 1: -1 each row, 0 each column", default=-1),
)


def check(x: Array, axis: int) -> None:
    """Check that the scores have such an axis."""
    if not -x.ndim <= axis < x.ndim:
        raise FullmarksError(
            f"softmax: axis is {axis}, expected {-x.ndim} to {x.ndim - 1} for scores of {x.ndim} axes (-1: each row)"
        )


def evaluate(x: Array, axis: int) -> Array:
    return evaluate_softmax(x, axis)


def working(x: Expr, axis: int) -> Expr:
    powers = exponentials(lowered(x, axis))
    return quotients(powers, total(powers, axis), axis, RESULT)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a few scores; two rows of them where it is to be hard."""
    shape = {"easy": (3,), "medium": (4,), "hard": (2, 3)}[level]
    return {"x": numbers.decimals(-1, 3, *shape)}


def _sum(x: Expr, axis: int) -> Expr:
    return x.sum(axis, keepdims=True)


def _other_axis(x: Expr, axis: int) -> int:
    """Return the columns where rows are meant, and the other way round."""
    if x.ndim == 1:
        return axis
    return x.ndim - 2 if axis % x.ndim == x.ndim - 1 else x.ndim - 1


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the softmax.",
    source="Goodfellow et al. 2016, eq. 6.29",
    symbol="p",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the exponential: divided the scores by their sum", result=lambda x, axis: x / _sum(x, axis)),
        mistake("left out the division by the sum", result=lambda u: u),
        mistake("divided by the largest exponential instead of by the sum", result=lambda u: u / u.max()),
        mistake("took the softmax along the other axis", axis=_other_axis),
    ),
    sample=sample,
)
