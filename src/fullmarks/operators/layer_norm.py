"""layer_norm: γ (x − μ) / √(σ² + ε) + β, with mean and biased variance over the last axis: of each token by itself."""

from fractions import Fraction

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array, Expr, constant
from fullmarks.math.numbers import Exact
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._norm import (
    EPS,
    LINE_SYMBOLS,
    beside,
    check_eps,
    columns_normalised,
    evaluate_layer_norm,
    layer_normalised,
    scaled_and_shifted_by,
    with_epsilon,
)
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("x", Tensor("n | T n", along_rows=True), "one vector, or one a row"),
    Argument("gamma", Tensor("number | n"), "scale", default=1, symbol=r"\boldsymbol{\gamma}"),
    Argument("beta", Tensor("number | n"), "shift", default=0, symbol=r"\boldsymbol{\beta}"),
    EPS,
)


def check(x: Array, eps: Exact, **_others: object) -> None:
    """Check that there is a root of the variance to divide by."""
    check_eps("layer_norm", eps)
    if eps == 0 and (np.ptp(x, axis=-1) == 0).any():
        raise FullmarksError("layer_norm: x has a row of equal entries and eps is 0: nothing can be divided by its 0")


def evaluate(x: Array, gamma: Array, beta: Array, eps: Exact) -> Array:
    return evaluate_layer_norm(x, gamma, beta, eps)


def working(x: Expr, gamma: Expr, beta: Expr, eps: Exact) -> Expr:
    return layer_normalised(x, gamma, beta, eps)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return one short vector, a longer one with scale and shift, or two rows."""
    if level == "easy":
        return {"x": numbers.integers(-4, 8, 3)}
    shape = {"medium": (4,), "hard": (2, 3)}[level]
    return {
        "x": numbers.integers(-5, 9, *shape),
        "gamma": numbers.decimals(0.5, 2, shape[-1], step=0.5),
        "beta": numbers.decimals(-1, 1, shape[-1], step=0.5),
    }


def _without_root(d: Expr, v: Expr, gamma: Expr, beta: Expr, eps: Exact) -> Expr:
    return scaled_and_shifted_by(d / with_epsilon(beside(v, d), eps), gamma, beta)


def _without_root_by_rows(D: Expr, v: Expr, gamma: Expr, beta: Expr, eps: Exact) -> Expr:
    return _without_root(D, v, gamma, beta, eps)


def _sample_variance(x: Expr, v: Expr) -> Expr | None:
    entries = x.shape[-1]
    return None if entries == 1 else v * constant(Fraction(entries, entries - 1))


def _undivided(d: Expr, gamma: Expr, beta: Expr) -> Expr:
    return scaled_and_shifted_by(d, gamma, beta)


def _undivided_by_rows(D: Expr, gamma: Expr, beta: Expr) -> Expr:
    return scaled_and_shifted_by(D, gamma, beta)


# The differences are the line d of a vector, D of rows; a mistake is made only where the lines that it names are.
MISTAKES_IN_THE_DIVISOR = (
    mistake("divided by the variance instead of its root", result=_without_root),
    mistake("divided each row by its variance instead of the root of it", result=_without_root_by_rows),
    mistake("divided by $n - 1$ in the variance", v=_sample_variance),
    mistake("did not divide by the standard deviation", result=_undivided),
    mistake("did not divide each row by its standard deviation", result=_undivided_by_rows),
)

operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of layer normalisation.",
    source="Ba et al. 2016, eq. 4; PyTorch, torch.nn.LayerNorm",
    line_symbols=LINE_SYMBOLS,
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        *MISTAKES_IN_THE_DIVISOR,
        mistake("normalised each column instead of each row", result=columns_normalised),
        mistake("left out the scale", slip=True, gamma=lambda gamma: gamma * 0 + 1),
        mistake("left out the shift", slip=True, beta=lambda beta: beta * 0),
    ),
    sample=sample,
)
