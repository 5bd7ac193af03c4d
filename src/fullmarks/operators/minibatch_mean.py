"""minibatch_mean: the average over the samples of a minibatch, of losses or of gradients.

The first axis of ``values`` counts the samples; the result has the shape of one of them.
"""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument(
        "values",
        Tensor("N | N n | N H W"),
        "losses or gradients of the samples, one sample an entry of the first axis",
        symbol=r"\mathbf{G}",
    ),
)


def evaluate(values: Array) -> Array:
    """Return the mean, updated sample by sample."""
    mean = np.zeros_like(values[0])
    for count, value in enumerate(values, 1):
        mean = mean + (value - mean) / count
    return np.asarray(mean)


def working(values: Expr) -> Expr:
    samples = values.shape[0]
    each = ", entry by entry," if values.ndim > 1 else ""
    total = let("s", values.sum(axis=0), f"Add the values of the {samples} samples{each}", M("sum over the samples"))
    return let(
        RESULT,
        total / samples,
        "and divide by the number of samples: every sample counts alike.",
        M("divides by the number of samples"),
        A("values", most_marks(total.size)),
    )


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return losses of four samples, or gradients of two weights."""
    if level == "easy":
        return {"values": numbers.decimals(0.1, 3, 4)}
    return {"values": numbers.decimals(-2, 2, {"medium": 3, "hard": 5}[level], 2)}


def _within_samples(values: Expr) -> Expr | None:
    return values.mean(axis=1) if values.ndim == 2 and values.shape[0] == values.shape[1] else None  # noqa: PLR2004


def _by_one_less(s: Expr, values: Expr) -> Expr | None:
    return s / (values.shape[0] - 1) if values.shape[0] > 1 else None


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the average {result} over the minibatch.",
    source="Goodfellow et al. 2016, eq. 8.5–8.6",
    symbol="g",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("did not divide by the number of samples", result=lambda s: s),
        mistake("averaged over the entries of each sample instead of over the samples", result=_within_samples),
        mistake("divided by one sample less", slip=True, result=_by_one_less),
        mistake("took the last sample only", result=lambda values: values[-1]),
    ),
    sample=sample,
)
