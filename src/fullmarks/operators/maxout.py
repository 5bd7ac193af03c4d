"""maxout: max(W1 x + b1, W2 x + b2), entry by entry, of two linear layers side by side.

``x`` is a vector of d entries. With matrices (m, d) for W1 and W2 there are m units, each taking its larger sum; with
vectors of d entries there is one unit, max(w1ᵀ x + b1, w2ᵀ x + b2), and the result is a number.
"""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import maximum, minimum
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._shapes import shape_text

ARGUMENTS = (
    Argument("x", Tensor("d"), "input"),
    Argument("W1", Tensor("d | m d"), "weights of the first piece"),
    Argument("b1", Tensor("number | m"), "bias of the first piece"),
    Argument("W2", Tensor("d | m d"), "weights of the second piece"),
    Argument("b2", Tensor("number | m"), "bias of the second piece"),
)


def check(W1: Array, b1: Array, W2: Array, b2: Array, **_others: object) -> None:
    """Check that both pieces have as many units, and biases for no more than these."""
    if W1.shape != W2.shape:
        raise FullmarksError(
            f"maxout: W1 is {shape_text(W1.shape)} but W2 is {shape_text(W2.shape)}, expected the same shape"
        )
    for name, bias in (("b1", b1), ("b2", b2)):
        if W1.ndim == 1 and bias.ndim == 1:
            raise FullmarksError(
                f"maxout: {name} has {bias.size} entries but W1 is a vector, one unit: expected a single number"
            )


def evaluate(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    """Return the first piece where it is larger, by the mean and half the distance of the two."""
    first, second = np.inner(W1, x) + b1, np.inner(W2, x) + b2
    return np.asarray((first + second) / 2 + np.abs(first - second) / 2)


def working(x: Expr, W1: Expr, b1: Expr, W2: Expr, b2: Expr) -> Expr:
    z1, z2 = (
        let(
            name,
            W @ x + b,
            f"Weigh the input with the weights of the {which} piece and add its bias.",
            M(f"weighted sum of the {which} piece"),
            A("values", min(most_marks(W.shape[0]), 2) if W.ndim > 1 else 1),
        )
        for name, which, W, b in (("z_1", "first", W1, b1), ("z_2", "second", W2, b2))
    )
    reason = "Take the larger of the two, unit by unit." if z1.size > 1 else "Take the larger of the two."
    return let(RESULT, maximum(z1, z2), reason, M("maximum"), A("values", most_marks(z1.size)))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return one unit, or two with two or three inputs."""
    inputs = {"easy": 2, "medium": 2, "hard": 3}[level]
    weights, biases = ((inputs,), ()) if level == "easy" else ((2, inputs), (2,))
    return {
        "x": numbers.integers(-2, 3, inputs, nonzero=True),
        "W1": numbers.decimals(-1, 1, *weights, nonzero=True),
        "b1": numbers.decimals(-0.5, 0.5, *biases, nonzero=True),
        "W2": numbers.decimals(-1, 1, *weights, nonzero=True),
        "b2": numbers.decimals(-0.5, 0.5, *biases, nonzero=True),
    }


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the maxout layer.",
    source="Goodfellow et al. 2013, eq. 1",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("took the smaller of the two", result=lambda z_1, z_2: minimum(z_1, z_2)),  # noqa: PLW0108 - by name
        mistake("added the two pieces", result=lambda z_1, z_2: z_1 + z_2),
        mistake("left out both biases", z_1=lambda W1, x: W1 @ x, z_2=lambda W2, x: W2 @ x),
        mistake("used the first piece only", result=lambda z_1: z_1),
        mistake("took the maximum with 0 as well (ReLU)", slip=True, result=lambda z_1, z_2: maximum(0, z_1, z_2)),
    ),
    sample=sample,
)
