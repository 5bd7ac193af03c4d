"""elu: x where it is at least 0, and α (e^x − 1) where it is negative."""

from fractions import Fraction

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import branches, exp
from fullmarks.math.marks import A, M
from fullmarks.math.notation import Text
from fullmarks.operators._arguments import Argument, Real
from fullmarks.operators._elementwise import X, curve_figure, most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (X, Argument("alpha", Real(), "what negative entries tend to, with its sign changed", default=Fraction(1)))


def evaluate(x: Array, alpha: Fraction | float) -> Array:
    """Return the positive part plus the exponential of the negative part."""
    return np.asarray(np.maximum(x, 0) + float(alpha) * np.expm1(np.minimum(x, 0)))


def working(x: Expr, alpha: Fraction | float) -> Expr:
    below_0 = exp(x) - 1
    scaled = below_0 if alpha == 1 else constant(alpha, r"\alpha") * below_0
    written = "e^x - 1" if alpha == 1 else r"\alpha (e^x - 1)"
    return let(
        RESULT,
        branches(x, x, scaled),
        f"Entries of at least 0 stay, a negative $x$ becomes ${written}$.",
        M("exponential of the negative entries"),
        A("values", most_marks(x.size)),
    )


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return entries of both signs."""
    shape = {"easy": (3,), "medium": (2, 2), "hard": (2, 3)}[level]
    x = numbers.decimals(-3, 3, *shape, nonzero=True)
    return {"x": x, "alpha": numbers.choice([0.5, 2])} if level == "hard" else {"x": x}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the exponential linear unit (ELU).",
    source="Clevert et al. 2016, eq. 15",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("made negative entries 0 (plain ReLU)", alpha=Fraction(0)),
        mistake("left out the −1", slip=True, result=lambda x, alpha: branches(x, x, constant(alpha) * exp(x))),
        mistake("left out α", alpha=Fraction(1)),
        mistake(
            "subtracted 1 from the exponent",
            slip=True,
            result=lambda x, alpha: branches(x, x, constant(alpha) * exp(x - 1)),
        ),
    ),
    sample=sample,
    figure=curve_figure("the ELU", Text("ELU"), evaluate, span=3),
)
