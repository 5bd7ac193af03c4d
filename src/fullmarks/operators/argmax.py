"""argmax: the index of the largest entry, counted from 0; of a matrix, that of each row.

With ``labels`` the result is still the index, and the working says which label it stands for.
"""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math import functions
from fullmarks.math.comparing import nearly_equal
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor, Words
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("x", Tensor("n | T n", along_rows=True), "scores or probabilities, one for each class"),
    Argument("labels", Words(), "names of the classes, in order", default=None),
)


def check(x: Array, labels: tuple[str, ...] | None) -> None:
    """Check that every class has a label."""
    if labels is not None and len(labels) != x.shape[-1]:
        raise FullmarksError(f"argmax: there are {len(labels)} labels for {x.shape[-1]} classes")


def evaluate(x: Array, labels: tuple[str, ...] | None) -> Array:
    """Return how many entries stand before the first that equals the largest."""
    del labels
    is_largest = nearly_equal(x, x.max(axis=-1, keepdims=True))
    return np.asarray((np.cumsum(is_largest, axis=-1) == 0).sum(axis=-1))


def working(x: Expr, labels: tuple[str, ...] | None) -> Expr:
    each = " of each row" if x.ndim > 1 else ""
    largest = let("m", x.max(axis=-1), f"Find the largest entry{each}.", M("largest entry"))
    place = functions.argmax(x, axis=-1)
    return let(RESULT, place, _reason(place, labels), A("index", min(place.size, 2)), after=(largest,))


def _reason(place: Expr, labels: tuple[str, ...] | None) -> str:
    indices = [int(index) for index in np.atleast_1d(place.value)]
    if place.ndim:
        found = "Their places, counted from 0, are the classes"
        return f"{found}: {', '.join(labels[index] for index in indices)}." if labels else f"{found}."
    (index,) = indices
    named = f" The label is {labels[index]}." if labels else ""
    return f"It is entry {index + 1}; counted from 0, its index is {index}.{named}"


def in_words(result: Array, labels: tuple[str, ...] | None, **_others: object) -> str | list[str] | None:
    """Return the label of the index, or of each row's, where there are labels."""
    if labels is None:
        return None
    named = [labels[int(index)] for index in np.atleast_1d(result)]
    return named if result.ndim else named[0]


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return scores; several rows of them where it is to be hard."""
    shape = {"easy": (3,), "medium": (5,), "hard": (3, 4)}[level]
    return {"x": numbers.decimals(-2, 4, *shape)}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Which class has the largest value? Give its index {result}, counted from 0.",
    source="PyTorch, torch.argmax",
    symbol="k",
    check=check,
    evaluate=evaluate,
    working=working,
    in_words=in_words,
    mistakes=(
        mistake("counted from 1", result=lambda x: functions.argmax(x, axis=-1) + 1, slip=True),
        mistake("took the smallest entry", result=lambda x: functions.argmax(-x, axis=-1)),
        mistake("gave the largest value instead of its index", result=lambda m: m),
    ),
    sample=sample,
)
