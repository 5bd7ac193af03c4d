"""mae_loss: the mean absolute error, the mean of the absolute differences between prediction and target.

Both have the same shape: a number, a vector, or a batch with one sample a row; the mean is over all entries.
"""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import absolute
from fullmarks.math.marks import A, M
from fullmarks.operators._binding import refuse_unequal_shapes
from fullmarks.operators._losses import ARGUMENTS, differences, sample
from fullmarks.operators._operator import Operator, mistake


def check(prediction: Array, target: Array) -> None:
    """Check that every prediction has its target."""
    refuse_unequal_shapes("mae_loss", prediction=prediction, target=target)


def evaluate(prediction: Array, target: Array) -> Array:
    """Return the loss from the larger and the smaller of each pair."""
    return np.asarray((np.maximum(prediction, target) - np.minimum(prediction, target)).mean())


def working(prediction: Expr, target: Expr) -> Expr:
    d = differences(prediction, target)
    a = let("a", absolute(d), "Drop the signs: take absolute values.", M("absolute values"), A("absolute values"))
    reason = f"Add them and divide by their number, {a.size}."
    return let(RESULT, a.mean(), reason, M("mean of the absolute values"), A("value"))


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the mean absolute error {result} of the prediction {prediction} for the target {target}.",
    source="Willmott and Matsuura 2005, eq. 2; PyTorch, torch.nn.L1Loss",
    symbol="L",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("did not divide by the number of values", result=lambda a: a.sum() if a.size > 1 else None),
        mistake("kept the signs, so that errors cancel", a=lambda d: d),
        mistake("squared the differences (mean square error)", a=lambda d: d**2),
        mistake("took the absolute value of the mean", result=lambda d: absolute(d.mean())),
    ),
    sample=sample,
)
