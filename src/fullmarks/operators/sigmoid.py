"""sigmoid: 1 / (1 + e^(−x)) of each entry, between 0 and 1."""

import numpy as np

from fullmarks.math import functions
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.marks import A, M
from fullmarks.math.notation import Symbol
from fullmarks.operators._elementwise import X, curve_figure, most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake


def evaluate(x: Array) -> Array:
    """Return the sigmoid as a stretched hyperbolic tangent."""
    return np.asarray((1 + np.tanh(x / 2)) / 2)


def working(x: Expr) -> Expr:
    return let(
        RESULT,
        functions.sigmoid(x),
        r"Apply $\sigma(x) = \frac{1}{1 + e^{-x}}$" + (" to each entry." if x.size > 1 else "."),
        M("sigmoid"),
        A("values", most_marks(x.size)),
    )


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return entries where the sigmoid is not flat."""
    shape = {"easy": (3,), "medium": (2, 2), "hard": (2, 3)}[level]
    return {"x": numbers.decimals(-3, 3, *shape, nonzero=True)}


operator = Operator(
    arguments=(X,),
    ask="Find the output {result} of the sigmoid.",
    source="Goodfellow et al. 2016, eq. 3.30",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the minus sign in the exponent", slip=True, result=lambda x: functions.sigmoid(-x)),
        mistake(
            "used tanh instead of the sigmoid",
            result=lambda x: functions.tanh(x),  # noqa: PLW0108 - a change is called by its parameters' names
        ),
        mistake("left out the sigmoid", result=lambda x: x),
    ),
    sample=sample,
    figure=curve_figure("the sigmoid", Symbol("sigma"), evaluate, span=4),
)
