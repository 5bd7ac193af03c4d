"""tanh: the hyperbolic tangent (e^x − e^(−x)) / (e^x + e^(−x)) of each entry, between −1 and 1."""

import numpy as np

from fullmarks.math import elementary, functions
from fullmarks.math.expression import RESULT, Array, Expr, given, let
from fullmarks.math.marks import A, M
from fullmarks.math.notation import Text
from fullmarks.math.number_arrays import one_by_one
from fullmarks.operators._elementwise import X, curve_figure, most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake


def evaluate(x: Array) -> Array:
    """Return the tangent from e^(−2|x|) alone, which cannot overflow."""
    decay = np.expm1(-2 * np.abs(x))
    return np.asarray(np.sign(x) * -decay / (2 + decay))


def working(x: Expr) -> Expr:
    return let(
        RESULT,
        functions.tanh(x),
        r"Apply $\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}}$" + (" to each entry." if x.size > 1 else "."),
        M("tanh"),
        A("values", most_marks(x.size)),
    )


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return entries where the tangent is not flat."""
    shape = {"easy": (3,), "medium": (2, 2), "hard": (2, 3)}[level]
    return {"x": numbers.decimals(-2, 2, *shape, nonzero=True)}


operator = Operator(
    arguments=(X,),
    ask="Find the output {result} of the hyperbolic tangent.",
    source="Goodfellow et al. 2016, section 6.3.2",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake(
            "used the sigmoid instead of tanh",
            result=lambda x: functions.sigmoid(x),  # noqa: PLW0108 - a change is called by its parameters' names
        ),
        mistake(
            "took the tangent of an angle instead of the hyperbolic tangent",
            result=lambda x: given("", one_by_one(elementary.tan, x.numbers)),
        ),
        mistake("left out the tanh", result=lambda x: x),
    ),
    sample=sample,
    figure=curve_figure("the hyperbolic tangent", Text("tanh"), evaluate, span=3),
)
