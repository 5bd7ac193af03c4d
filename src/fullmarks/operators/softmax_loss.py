"""softmax_loss: softmax of the scores, then cross-entropy with the right class: −ln of its probability."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import ln
from fullmarks.math.marks import A, M
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._binding import floats
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._softmax import evaluate_softmax, exponentials, lowered, minus_logarithm, quotients, total

ARGUMENTS = (
    Argument("scores", Tensor("n"), "scores of the classes", symbol=r"\mathbf{z}"),
    Argument(
        "label",
        Tensor("number | n"),
        "the right class: its index, counted from 0, or a one-hot vector",
        symbol=r"\mathbf{y}",
    ),
)


def check(scores: Array, label: Array) -> None:
    """Check that the label is one of the classes."""
    classes = scores.shape[0]
    if label.ndim == 0:
        if label.item() not in range(classes):
            raise FullmarksError(
                f"softmax_loss: label is {label.item():g}, expected a whole number from 0 to {classes - 1} for "
                f"{classes} scores"
            )
    elif sorted(label) != [0] * (classes - 1) + [1]:
        raise FullmarksError(
            f"softmax_loss: label is {label.tolist()}, expected a single 1 and zeros, or the class's index"
        )


def place_of(label: Expr | Array) -> int:
    """Return the right class, counted from 0."""
    given = floats(label)
    return int(given.item()) if given.ndim == 0 else int(np.argmax(given))


def evaluate(scores: Array, label: Array) -> dict[str, Array]:
    """Return the loss as a difference of logarithms, and the probabilities."""
    scores = as_floats(scores)
    largest = scores.max()
    loss = largest + np.log(np.exp(scores - largest).sum()) - scores[place_of(label)]
    return {"loss": np.asarray(loss), "p": evaluate_softmax(scores, 0)}


def working(scores: Expr, label: Expr) -> Expr:
    place = place_of(label)
    scores = lowered(scores, 0)
    powers = exponentials(scores)
    sums = total(powers, 0)
    p = quotients(powers, sums, 0, "p")
    which = (
        f"The loss is minus the logarithm of the right class's probability. Label {place}, counted from 0, is entry "
        f"{place + 1}."
        if label.ndim == 0
        else f"Only the term of the right class, entry {place + 1}, is left of $-\\sum_i y_i \\ln p_i$: the others "
        "have $y_i = 0$."
    )
    loss, why, before = minus_logarithm(p, sums, scores, place)
    return let(RESULT, loss, f"{which}{why}", M("minus the logarithm of the right entry"), A("value"), after=before)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return scores that differ, and a label."""
    classes = {"easy": 3, "medium": 4, "hard": 5}[level]
    return {"scores": numbers.decimals(0.1, 3, classes), "label": numbers.integers(0, classes - 1)}


def _before(p: Expr, label: Expr) -> Expr | None:
    place = place_of(label)
    return -ln(p[place - 1]) if label.ndim == 0 and place > 0 else None


def _shares(scores: Expr) -> Expr | None:
    return scores / scores.sum() if scores.value.min() > 0 else None


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the softmax loss {result}.",
    source="Goodfellow et al. 2016, section 6.2.2.3",
    symbol="L",
    results=("loss", "p"),
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("counted the label from 1", result=_before),
        mistake("left out the minus sign", result=lambda p, label: ln(p[place_of(label)])),
        mistake("took the logarithm to base 10", result=lambda p, label: -ln(p[place_of(label)]) / ln(constant(10))),
        mistake("left out the logarithm", result=lambda p, label: p[place_of(label)]),
        mistake("left out the exponentials in the softmax", p=_shares),
        mistake("left out the division by the sum", p=lambda u: u),
    ),
    sample=sample,
)
