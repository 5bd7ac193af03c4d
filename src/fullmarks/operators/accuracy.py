"""accuracy: the share of samples whose highest score is that of the right class.

``scores`` are (N, C), one sample a row; ``labels`` are the N right classes, counted from 0. Of equal scores the first
counts as the highest.
"""

from fractions import Fraction

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.comparing import nearly_equal
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import argmax, holds
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("scores", Tensor("N C"), "scores or probabilities of the classes, one sample a row", symbol=r"\mathbf{S}"),
    Argument("labels", Tensor("N"), "the right class of each sample, counted from 0", symbol=r"\mathbf{y}"),
)


def check(scores: Array, labels: Array) -> None:
    """Check that every label is a class."""
    classes = scores.shape[1]
    for place, label in enumerate(labels.tolist(), 1):
        if label not in range(classes):
            raise FullmarksError(
                f"accuracy: entry {place} of labels is {label:g}, expected a whole number from 0 to {classes - 1} for "
                f"the {classes} columns of scores"
            )


def evaluate(scores: Array, labels: Array) -> Array:
    """Return the share of rows in which no class before the right one scores as much, and none after it more."""
    hits = 0
    for row, label in zip(scores, labels.astype(int), strict=True):
        equal = nearly_equal(row, row[label])
        smaller = (row < row[label]) & ~equal
        hits += bool(smaller[:label].all() and (smaller | equal)[label:].all())
    return np.asarray(Fraction(hits, len(labels)), dtype=object)


def working(scores: Expr, labels: Expr) -> Expr:
    predicted = let(
        "k",
        argmax(scores, 1),
        "The predicted class of each sample is the place of the highest score in its row, counted from 0.",
        M("class of the highest score"),
        A("predicted classes"),
    )
    hits = let(
        "c",
        holds(predicted, "=", labels),
        "Compare with the labels: $[a = b]$ is 1 where both are equal, else 0.",
        M("compares with the labels"),
    )
    samples = labels.shape[0]
    return let(
        RESULT,
        hits.mean(),
        f"Divide the number of right answers by the number of samples, {samples}.",
        M("right answers over samples"),
        A("value"),
    )


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a few samples of three or four classes, the highest scores in the right places in most of them."""
    samples, classes = {"easy": (3, 3), "medium": (4, 3), "hard": (5, 4)}[level]
    return {
        "scores": numbers.decimals(-1, 3, samples, classes),
        "labels": numbers.integers(0, classes - 1, samples),
    }


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the accuracy {result} of the scores {scores} for the labels {labels}.",
    source="Goodfellow et al. 2016, section 5.1.2",
    symbol="a",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("counted the classes from 1", k=lambda scores: argmax(scores, 1) + 1),
        mistake("took the lowest score", k=lambda scores: argmax(-scores, 1)),
        mistake("gave the error rate", slip=True, result=lambda c: 1 - c.mean()),
        mistake("gave the number of right answers", slip=True, result=lambda c: c.sum()),
    ),
    sample=sample,
)
