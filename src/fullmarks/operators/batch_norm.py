"""batch_norm: γ (x − μ) / √(σ² + ε) + β at test time, each channel (first axis) with its stored mean and variance."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array, Expr, let
from fullmarks.math.functions import sqrt
from fullmarks.math.marks import A, M
from fullmarks.math.number_arrays import as_floats
from fullmarks.math.numbers import Exact
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._norm import (
    EPS,
    LINE_SYMBOLS,
    against_zero,
    check_eps,
    scaled_and_shifted,
    with_epsilon,
)
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("x", Tensor("C | C n | C H W"), "feature maps, the channel being the first axis"),
    Argument("mean", Tensor("C"), "mean of each channel, stored in training", symbol=r"\boldsymbol{\mu}"),
    Argument("var", Tensor("C"), "variance of each channel, stored in training", symbol=r"\boldsymbol{\sigma}^2"),
    Argument("gamma", Tensor("number | C"), "scale of each channel", default=1, symbol=r"\boldsymbol{\gamma}"),
    Argument("beta", Tensor("number | C"), "shift of each channel", default=0, symbol=r"\boldsymbol{\beta}"),
    EPS,
)


def check(var: Array, eps: Exact, **_others: object) -> None:
    """Check that there is a root of the variance to divide by."""
    check_eps("batch_norm", eps)
    if (var < 0).any():
        raise FullmarksError(f"batch_norm: var has the entry {var.min():g}, expected none below 0")
    if (var + float(eps) == 0).any():
        raise FullmarksError("batch_norm: var has an entry 0 and eps is 0, so nothing can be divided by their root")


def evaluate(x: Array, mean: Array, var: Array, gamma: Array, beta: Array, eps: Exact) -> Array:
    """Return the output channel by channel, its distance from the mean times one factor, and shifted."""
    factor = gamma * (as_floats(var) + float(eps)) ** -0.5
    shift = np.broadcast_to(beta, mean.shape)
    return np.asarray(np.stack([(channel - mean[c]) * factor[c] + shift[c] for c, channel in enumerate(x)]))


def working(x: Expr, mean: Expr, var: Expr, gamma: Expr, beta: Expr, eps: Exact) -> Expr:
    root = let(
        "s",
        sqrt(with_epsilon(var, eps)),
        f"Root of the variance of each channel{against_zero(eps)}.",
        M("root of the variance"),
        A("standard deviations"),
    )
    quotients = (x - of_channels(mean, x)) / of_channels(root, x)
    reason = "Subtract the mean of its channel from each entry and divide by the root of the variance."
    return scaled_and_shifted(
        quotients, of_channels(gamma, x), of_channels(beta, x), reason, M("mean subtracted, divided by the root")
    )


def of_channels(parameter: Expr, x: Expr) -> Expr:
    """Return one number a channel in the shape in which it meets all entries of its channel."""
    if parameter.shape == () or x.ndim == 1:
        return parameter
    return parameter.reshape(-1, *(1 for _axis in x.shape[1:]))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a number a channel, or small maps; with scale and shift unless it is to be easy."""
    channels, *size = {"easy": (3,), "medium": (2, 3), "hard": (2, 2, 2)}[level]
    layer = {
        "x": numbers.integers(-4, 9, channels, *size),
        "mean": numbers.decimals(-1, 3, channels, step=0.5),
        "var": numbers.integers(1, 9, channels),
    }
    if level == "easy":
        return layer
    return layer | {
        "gamma": numbers.decimals(0.5, 2, channels, step=0.5),
        "beta": numbers.decimals(-1, 1, channels, step=0.5),
    }


def _variance(var: Expr, eps: Exact) -> Expr:
    return with_epsilon(var, eps)


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of batch normalisation at test time.",
    source="Ioffe and Szegedy 2015, algorithm 2; PyTorch, torch.nn.BatchNorm2d",
    line_symbols=LINE_SYMBOLS,
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("divided by the variance instead of its root", s=_variance),
        mistake("did not subtract the mean", mean=lambda mean: mean * 0),
        mistake("left out the scale", slip=True, gamma=lambda gamma: gamma * 0 + 1),
        mistake("left out the shift", slip=True, beta=lambda beta: beta * 0),
    ),
    sample=sample,
)
