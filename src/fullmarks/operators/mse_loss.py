"""mse_loss: the mean square error, the mean of the squared differences between prediction and target.

Both have the same shape: a number, a vector, or a batch with one sample a row; the mean is over all entries.
"""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import absolute, sqrt
from fullmarks.math.marks import A, M
from fullmarks.operators._binding import refuse_unequal_shapes
from fullmarks.operators._losses import ARGUMENTS, differences, sample, squares
from fullmarks.operators._operator import Operator, mistake


def check(prediction: Array, target: Array) -> None:
    """Check that every prediction has its target."""
    refuse_unequal_shapes("mse_loss", prediction=prediction, target=target)


def evaluate(prediction: Array, target: Array) -> Array:
    """Return the loss as variance of the differences plus their squared mean."""
    d = prediction - target
    return np.asarray(np.var(d) + np.mean(d) ** 2)


def working(prediction: Expr, target: Expr) -> Expr:
    q = squares(differences(prediction, target))
    reason = f"Add the squares and divide by their number, {q.size}."
    return let(RESULT, q.mean(), reason, M("mean of the squares"), A("value"))


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the mean square error {result} of the prediction {prediction} for the target {target}.",
    source="Goodfellow et al. 2016, eq. 5.4; PyTorch, torch.nn.MSELoss",
    symbol="L",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("did not divide by the number of values", result=lambda q: q.sum() if q.size > 1 else None),
        mistake("took absolute values instead of squares", q=lambda d: absolute(d)),  # noqa: PLW0108 - by its name
        mistake("did not square the differences", q=lambda d: d),
        mistake("took the root of the mean (RMSE)", slip=True, result=lambda q: sqrt(q.mean())),
        mistake("divided by twice the number of values", slip=True, result=lambda q: q.sum() / (2 * q.size)),
    ),
    sample=sample,
)
