"""relu: max(0, x) of each entry."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import maximum, relu
from fullmarks.math.marks import A, M
from fullmarks.math.notation import Text
from fullmarks.operators._elementwise import X, curve_figure, most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake


def evaluate(x: Array) -> Array:
    return np.where(x > 0, x, 0.0)


def working(x: Expr) -> Expr:
    reason = "Negative entries become 0, the others stay." if x.size > 1 else "A negative number becomes 0."
    return let(RESULT, relu(x), reason, M("maximum of 0 and x"), A("values", most_marks(x.size)))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return entries of both signs."""
    shape = {"easy": (2, 2), "medium": (3, 3), "hard": (2, 2, 2)}[level]
    return {"x": numbers.integers(-5, 5, *shape, nonzero=True)}


operator = Operator(
    arguments=(X,),
    ask="Find the output {result} of the ReLU.",
    source="Nair and Hinton 2010; Goodfellow et al. 2016, eq. 6.37",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("took the absolute value instead of 0", result=lambda x: maximum(x, -x)),
        mistake("kept the negative entries and dropped the positive ones", result=lambda x: -maximum(0, -x)),
        mistake("left out the ReLU", result=lambda x: x),
    ),
    sample=sample,
    figure=curve_figure("the ReLU", Text("ReLU"), evaluate, span=3),
)
