"""leaky_relu: x where it is at least 0, and a small multiple of x where it is negative."""

from fractions import Fraction

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import branches, maximum
from fullmarks.math.marks import A, M
from fullmarks.math.notation import Text
from fullmarks.operators._arguments import Argument, Real
from fullmarks.operators._elementwise import X, curve_figure, most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (X, Argument("slope", Real(), "factor of negative entries", default=Fraction(1, 10), symbol=r"\alpha"))


def evaluate(x: Array, slope: Fraction | float) -> Array:
    """Return the positive part plus the slope times the negative part."""
    return np.asarray(np.maximum(x, 0) + x.dtype.type(slope) * np.minimum(x, 0))


def working(x: Expr, slope: Fraction | float) -> Expr:
    return let(
        RESULT,
        branches(x, x, constant(slope, r"\alpha") * x),
        r"Entries of at least 0 stay, negative ones are multiplied by the slope $\alpha$.",
        M("slope times the negative entries"),
        A("values", most_marks(x.size)),
    )


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return entries of both signs."""
    shape = {"easy": (2, 2), "medium": (3, 3), "hard": (2, 2, 2)}[level]
    return {"x": numbers.integers(-5, 5, *shape, nonzero=True), "slope": numbers.choice([0.01, 0.1, 0.2])}


def _divided(x: Expr, slope: Fraction | float) -> Expr | None:
    return maximum(x, 0) - maximum(-x, 0) / constant(slope) if slope else None


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the leaky ReLU.",
    source="Maas et al. 2013, eq. 3",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("made negative entries 0 (plain ReLU)", slope=Fraction(0)),
        mistake("took the slope with the wrong sign", slope=lambda slope: -slope),
        mistake("multiplied every entry by the slope", result=lambda x, slope: x * constant(slope)),
        mistake("divided negative entries by the slope", result=_divided),
        mistake("left out the activation", result=lambda x: x),
    ),
    sample=sample,
    figure=curve_figure("the leaky ReLU", Text("LeakyReLU"), evaluate, span=3),
)
