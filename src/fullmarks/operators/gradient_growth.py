"""gradient_growth: by what factor a gradient can grow, or must shrink, on its way back through ``steps`` timesteps.

Without the nonlinearity, the gradient at the last of T steps reaches the first through W_hh^(T−1). It can grow by at
most σ^(T−1), with σ the largest singular value of W (n, n): above 1 gradients may explode, below 1 they vanish.
Results: ``factor`` (the main one) and ``largest``.
"""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.comparing import compare
from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import absolute
from fullmarks.math.marks import A, B, M
from fullmarks.operators._arguments import Argument, Tensor, Whole
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._shapes import shape_text
from fullmarks.operators._singular import LINE_SYMBOLS, evaluate_singular_values, singular_lines

ARGUMENTS = (
    Argument("W", Tensor("n n"), "recurrent weights W_hh", symbol=r"\mathbf{W}_{hh}"),
    Argument("steps", Whole(least=1), "number of timesteps T", symbol="T"),
)
LARGEST_LOGARITHM = 700  # beyond e^700 a float is infinite


def check(W: Array, steps: int) -> None:
    """Check that the weights lead from state to state, and that the factor is a number."""
    if W.shape[0] != W.shape[1]:
        raise FullmarksError(f"gradient_growth: W is {shape_text(W.shape)}, expected as many rows as columns")
    largest = evaluate_singular_values(W)[0]
    if largest > 0 and abs((steps - 1) * np.log(largest)) > LARGEST_LOGARITHM:
        raise FullmarksError(
            f"gradient_growth: steps is {steps}, so many that {largest:.3g} to that power is no number any more; "
            "expected fewer"
        )


def evaluate(W: Array, steps: int) -> dict[str, Array]:
    """Return the factor through the logarithm."""
    largest = evaluate_singular_values(W)[0]
    factor = np.exp((steps - 1) * np.log(largest)) if largest > 0 else float(steps == 1)
    return {"factor": np.asarray(factor), "largest": np.asarray(largest)}


def working(W: Expr, steps: int) -> Expr:
    by_hand, _every = singular_lines(W)
    verdict = _verdict(compare(by_hand.numbers.item(), 1))
    largest = let("largest", by_hand, verdict, B("compares it with 1 and concludes"))
    power = largest ** (steps - 1) if steps > 1 else constant(1)
    return let(
        RESULT,
        power,
        rf"From step {steps} back to step 1 the gradient meets the recurrent weights {steps - 1} times, which "
        rf"multiplies its length by at most $\sigma^{{T - 1}}$.",
        M("T − 1 times"),
        A("factor"),
        after=() if steps > 1 else (largest,),
    )


def _verdict(compared_with_1: int) -> str:
    if compared_with_1 == 0:
        return "The largest singular value is 1: gradients neither have to vanish nor can they explode."
    if compared_with_1 < 0:
        return "The largest singular value is below 1, so the gradients vanish over many steps."
    return "The largest singular value is above 1, so the gradients can explode over many steps."


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return weights that make gradients vanish or explode: diagonal, or any 2×2."""
    if level == "easy":
        one, other = numbers.choice([[0.5, 0.2], [1.2, 0.4], [0.9, 0.3], [1.5, 0.5]])
        return {"W": [[one, 0], [0, other]], "steps": numbers.integers(4, 11)}
    W = numbers.decimals(-0.9, 0.9, 2, 2, nonzero=True)
    return {"W": W, "steps": numbers.integers(5, 10) if level == "medium" else numbers.choice([20, 50])}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the factor {result} by which the gradient can grow over {steps} timesteps, and say whether it vanishes "
    "or explodes.",
    source="Pascanu et al. 2013, section 2.1; Goodfellow et al. 2016, section 10.7",
    symbol="k",
    results=("factor", "largest"),
    line_symbols={**LINE_SYMBOLS, "largest": r"\sigma"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("took T instead of T − 1 as the exponent", slip=True, result=lambda largest, steps: largest**steps),
        mistake(
            "multiplied by T − 1 instead of raising to that power", result=lambda largest, steps: largest * (steps - 1)
        ),
        mistake("took the eigenvalue of WᵀW without its root", largest=lambda e: e),
        mistake("took the largest entry of W for its singular value", largest=lambda W: absolute(W).max()),
    ),
    sample=sample,
)
