"""layer_norm: γ (x − μ) / √(σ² + ε) + β, with mean and biased variance over the last axis: of each token by itself."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array, Expr
from fullmarks.math.functions import sqrt
from fullmarks.math.numbers import Exact
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._norm import (
    EPS,
    LINE_SYMBOLS,
    check_eps,
    columns_normalised,
    epsilon,
    evaluate_layer_norm,
    layer_normalised,
    scaled_and_shifted_by,
)
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("x", Tensor("n | T n"), "one vector, or one a row"),
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


def _without_root(x: Expr, gamma: Expr, beta: Expr, eps: Exact) -> Expr:
    differences = x - x.mean(axis=-1, keepdims=True)
    return scaled_and_shifted_by(
        differences / ((differences**2).mean(axis=-1, keepdims=True) + epsilon(eps)), gamma, beta
    )


def _with_sample_variance(x: Expr, gamma: Expr, beta: Expr, eps: Exact) -> Expr | None:
    if x.shape[-1] == 1:
        return None
    differences = x - x.mean(axis=-1, keepdims=True)
    variance = (differences**2).sum(axis=-1, keepdims=True) / (x.shape[-1] - 1)
    return scaled_and_shifted_by(differences / sqrt(variance + epsilon(eps)), gamma, beta)


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of layer normalisation.",
    source="Ba et al. 2016, eq. 4; PyTorch, torch.nn.LayerNorm",
    line_symbols=LINE_SYMBOLS,
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("divided by the variance instead of its root", result=_without_root),
        mistake("divided by $n - 1$ in the variance", result=_with_sample_variance),
        mistake("did not divide by the standard deviation", result=lambda x: x - x.mean(axis=-1, keepdims=True)),
        mistake("normalised each column instead of each row", result=columns_normalised),
        mistake("left out the scale", slip=True, gamma=lambda gamma: gamma * 0 + 1),
        mistake("left out the shift", slip=True, beta=lambda beta: beta * 0),
    ),
    sample=sample,
)
