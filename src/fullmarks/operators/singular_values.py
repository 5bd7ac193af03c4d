"""singular_values: the singular values of a matrix W (m, n), the largest first: the roots of WᵀW's eigenvalues.

Results: ``largest`` (the main one) and ``all``. A 2×2 matrix is worked by hand; of a larger one the roots of an
equation of high degree are needed, which a computer finds.
"""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import absolute, sqrt
from fullmarks.math.marks import A
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._singular import BY_HAND, LINE_SYMBOLS, evaluate_singular_values, singular_lines

ARGUMENTS = (Argument("W", Tensor("m n"), "matrix"),)


def evaluate(W: Array) -> dict[str, Array]:
    values = evaluate_singular_values(W)
    return {"largest": np.asarray(values[0]), "all": values}


def working(W: Expr) -> Expr:
    largest, every = singular_lines(W)
    return let(RESULT, largest, "So the largest singular value is:", A("largest"), after=(every,))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a 2×2 matrix: diagonal, of whole numbers, or of decimals as recurrent weights are."""
    match level:
        case "easy":
            one, other = numbers.integers(1, 5, 2, nonzero=True)
            return {"W": [[one, 0], [0, other]]}
        case "medium":
            return {"W": numbers.integers(-3, 3, 2, 2, nonzero=True)}
        case "hard":
            return {"W": numbers.decimals(-0.9, 0.9, 2, 2, nonzero=True)}


def _largest_eigenvalue(W: Expr) -> Expr | None:
    if W.shape != BY_HAND:
        return None
    trace, determinant = W[0, 0] + W[1, 1], W[0, 0] * W[1, 1] - W[0, 1] * W[1, 0]
    inside = trace**2 - 4 * determinant
    return (trace + sqrt(inside)) / 2 if inside.value >= 0 else None


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the largest singular value {result} of {W}.",
    source="Goodfellow et al. 2016, section 2.8",
    symbol=r"\sigma_{\max}",
    results=("largest", "all"),
    line_symbols=LINE_SYMBOLS,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("did not take the root of the eigenvalue", result=lambda e: e),
        mistake("took the largest entry", result=lambda W: absolute(W).max()),
        mistake("took the eigenvalue of W from its trace and determinant", result=_largest_eigenvalue),
        mistake("gave the smaller singular value", result=lambda s_2: s_2),
    ),
    sample=sample,
)
