"""gelu: x Φ(x) of each entry, where Φ(x) = (1 + erf(x / √2)) / 2 is the normal distribution's."""

import math

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import erf, maximum, sigmoid, sqrt, tanh
from fullmarks.math.marks import A, M
from fullmarks.math.notation import Text
from fullmarks.operators._elementwise import X, curve_figure, most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake


def evaluate(x: Array) -> Array:
    """Return x times the tail of the normal distribution below it, by the complementary error function."""
    tails = [math.erfc(-entry / math.sqrt(2)) / 2 for entry in np.ravel(x)]
    return np.asarray(x * np.array(tails).reshape(np.shape(x)))


def working(x: Expr) -> Expr:
    P = let(
        "P",
        (1 + erf(x / sqrt(2))) / 2,
        r"Look up how much of the normal distribution lies below x: "
        r"$\Phi(x) = \frac{1}{2}(1 + \mathrm{erf}(x / \sqrt{2}))$.",
        M("normal distribution"),
        A("values of Φ", most_marks(x.size)),
    )
    times = "Multiply each entry by it." if x.size > 1 else "Multiply x by it."
    return let(RESULT, x * P, times, M("x times Φ(x)"), A("values", most_marks(x.size)))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return entries near 0, where GELU differs from ReLU."""
    shape = {"easy": (2,), "medium": (3,), "hard": (2, 2)}[level]
    return {"x": numbers.decimals(-2, 2, *shape, nonzero=True)}


def _by_tanh(x: Expr) -> Expr:
    inside = constant(math.sqrt(2 / math.pi)) * (x + constant(0.044715) * x**3)
    return x * (1 + tanh(inside)) / 2


operator = Operator(
    arguments=(X,),
    ask="Find the output {result} of the GELU.",
    source="Hendrycks and Gimpel 2016, eq. 1; PyTorch, torch.nn.GELU",
    line_symbols={"P": r"\Phi"},
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the factor x", result=lambda P: P),
        mistake("left out the root of 2", slip=True, P=lambda x: (1 + erf(x)) / 2),
        mistake("took ReLU instead", result=lambda x: maximum(0, x)),
        mistake("used the approximation x σ(1.702 x)", slip=True, result=lambda x: x * sigmoid(constant(1.702) * x)),
        mistake("used the approximation by tanh", slip=True, result=_by_tanh),
    ),
    sample=sample,
    figure=curve_figure("the GELU", Text("GELU"), evaluate, span=3),
)
