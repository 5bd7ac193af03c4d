"""square_loss: the sum of the squared differences between prediction and target.

Both have the same shape: a number, a vector, or a batch with one sample a row.
"""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.marks import A, M
from fullmarks.operators._binding import refuse_unequal_shapes
from fullmarks.operators._losses import ARGUMENTS, differences, sample, squares
from fullmarks.operators._operator import Operator, mistake


def check(prediction: Array, target: Array) -> None:
    """Check that every prediction has its target."""
    refuse_unequal_shapes("square_loss", prediction=prediction, target=target)


def evaluate(prediction: Array, target: Array) -> Array:
    """Return the loss as the square of a length."""
    return np.asarray(np.linalg.norm(np.ravel(prediction - target)) ** 2)


def working(prediction: Expr, target: Expr) -> Expr:
    q = squares(differences(prediction, target))
    reason = "Add the squares." if q.size > 1 else "This is the loss: there is one difference only."
    return let(RESULT, q.sum(), reason, M("sum of the squares"), A("value"))


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the square loss {result} of the prediction {prediction} for the target {target}.",
    source="Bishop 2006, eq. 1.2 (without the factor ½); Goodfellow et al. 2016, section 5.1.4",
    symbol="L",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("did not square the differences", q=lambda d: d),
        mistake("took the mean instead of the sum", result=lambda q: q.mean() if q.size > 1 else None),
        mistake("halved the sum, as other books define it", slip=True, result=lambda q: q.sum() / 2),
        mistake("added the differences and squared their sum", result=lambda d: d.sum() ** 2 if d.size > 1 else None),
        mistake("added prediction and target", d=lambda prediction, target: prediction + target),
    ),
    sample=sample,
)
