"""step: the perceptron's activation, 1 where x is at least 0 and 0 where it is negative, entry by entry."""

import numpy as np

from fullmarks.math.comparing import without_noise
from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import branches, sign
from fullmarks.math.marks import A, M
from fullmarks.math.notation import Text
from fullmarks.operators._elementwise import X, curve_figure, most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake


def evaluate(x: Array) -> Array:
    return np.where(without_noise(x) >= 0, 1, 0)


def working(x: Expr) -> Expr:
    which = "each entry" if x.size > 1 else "the number"
    return let(
        RESULT,
        branches(x, constant(1), constant(0)),
        f"Look at the sign of {which}: 1 where it is at least 0, else 0.",
        M("sign decides"),
        A("values", most_marks(x.size)),
    )


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return entries of both signs, and perhaps a 0."""
    shape = {"easy": (3,), "medium": (2, 2), "hard": (2, 3)}[level]
    return {"x": numbers.decimals(-2, 2, *shape, step=0.5)}


operator = Operator(
    arguments=(X,),
    ask="Find the output {result} of the step function.",
    source="Rosenblatt 1958; Goodfellow et al. 2016, section 6.6",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("gave −1 instead of 0 for negative entries", result=lambda x: branches(x, constant(1), constant(-1))),
        mistake("gave 0 for an entry that is 0", slip=True, result=lambda x: branches(-x, constant(0), constant(1))),
        mistake("exchanged 0 and 1", result=lambda x: branches(x, constant(0), constant(1))),
        mistake("took the sign function", result=lambda x: sign(x)),  # noqa: PLW0108 - called by its parameter's name
        mistake("kept the positive entries (ReLU)", result=lambda x: branches(x, x, constant(0))),
    ),
    sample=sample,
    figure=curve_figure("the step function", Text("step"), evaluate, span=2, jumps=(0.0,)),
)
