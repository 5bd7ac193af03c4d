"""sgd_step: one step of gradient descent, w − α ∇L.

``w`` and ``gradient`` have the same shape, up to four axes; the learning rate α is a number above 0.
"""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._binding import refuse_unequal_shapes
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

SHAPES = Tensor("number | n | H W | C H W | O C H W")
ARGUMENTS = (
    Argument("w", SHAPES, "weights before the step", symbol=r"\mathbf{w}"),
    Argument("gradient", SHAPES, "gradient of the loss with respect to them", symbol=r"\nabla L"),
    Argument("learning_rate", Tensor("number"), "how far to go, above 0", symbol=r"\alpha"),
)


def check(w: Array, gradient: Array, learning_rate: Array) -> None:
    """Check that every weight has its gradient, and that the step leads downhill."""
    refuse_unequal_shapes("sgd_step", w=w, gradient=gradient)
    if learning_rate <= 0:
        raise FullmarksError(f"sgd_step: learning_rate is {learning_rate.item():g}, expected a number above 0")


def evaluate(w: Array, gradient: Array, learning_rate: Array) -> Array:
    return np.add(w, np.multiply(-learning_rate, gradient))


def working(w: Expr, gradient: Expr, learning_rate: Expr) -> Expr:
    return let(
        RESULT,
        w - learning_rate * gradient,
        "Go against the gradient: subtract the learning rate times it.",
        M("subtracts learning rate times gradient"),
        A("values", most_marks(w.size)),
    )


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return one weight vector, or a matrix where it is to be hard."""
    shape = {"easy": (2,), "medium": (3,), "hard": (2, 2)}[level]
    return {
        "w": numbers.decimals(-1, 1, *shape, nonzero=True),
        "gradient": numbers.decimals(-2, 2, *shape, nonzero=True),
        "learning_rate": numbers.choice([0.1, 0.01, 0.5]),
    }


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the weights {result} after one step of gradient descent with learning rate {learning_rate}.",
    source="Goodfellow et al. 2016, eq. 4.5 and algorithm 8.1",
    symbol=r"\mathbf{w}'",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake(
            "added the gradient: went uphill",
            slip=True,
            result=lambda w, learning_rate, gradient: w + learning_rate * gradient,
        ),
        mistake("left out the learning rate", result=lambda w, gradient: w - gradient),
        mistake(
            "gave the step instead of the new weights",
            slip=True,
            result=lambda learning_rate, gradient: -learning_rate * gradient,
        ),
        mistake("divided by the learning rate", result=lambda w, learning_rate, gradient: w - gradient / learning_rate),
    ),
    sample=sample,
)
