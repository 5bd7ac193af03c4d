"""cross_entropy: −Σ y ln p of predicted probabilities p against a target y, where 0 · ln p is 0."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, Given, constant, let
from fullmarks.math.functions import detached, ln
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("p", Tensor("n"), "predicted probabilities"),
    Argument("y", Tensor("n"), "target: one-hot, or probabilities"),
)
ROUNDED = 0.02  # by how much probabilities that were rounded may add to more than 1


def check(p: Array, y: Array) -> None:
    """Check that both are probabilities, and that nothing is expected where the prediction is 0."""
    for name, argument in (("p", p), ("y", y)):
        numbers = argument
        outside = numbers[(numbers < 0) | (numbers > 1)]
        if outside.size:
            raise FullmarksError(f"cross_entropy: {name} has the entry {outside[0]:g}, expected numbers from 0 to 1")
        if numbers.sum() > 1 + ROUNDED:
            raise FullmarksError(
                f"cross_entropy: {name} adds to {numbers.sum():g}, expected 1 (or less, of some classes)"
            )
    if not y.any():
        raise FullmarksError("cross_entropy: y is 0 everywhere, expected the right class or probabilities")
    impossible = np.flatnonzero((p == 0) & (y > 0))
    if impossible.size:
        raise FullmarksError(
            f"cross_entropy: p is 0 at entry {impossible[0] + 1} where y is not, so the loss is infinite: expected "
            "more than 0 there"
        )


def evaluate(p: Array, y: Array) -> Array:
    """Return the loss as the logarithm of powers, of those that are not 1 whatever the prediction."""
    counted = y != 0
    return np.asarray(-np.log(p[counted] ** y[counted]).sum())


def working(p: Expr, y: Expr) -> Expr:
    counted = np.flatnonzero(y.value)
    if len(counted) < p.size and isinstance(y.operation, Given):
        y = detached(y)  # the terms left out have slopes in y, too: better none than half of them
    elif (p.value > 0).all():
        counted = np.arange(p.size)
    reason = "Weigh the logarithm of each prediction with its target, add up, and change the sign."
    if len(counted) < p.size:
        reason += " Terms with $y_i = 0$ add nothing and are left out."
    terms = M("sum of y ln p"), M("minus sign")
    return let(RESULT, -(y[counted] * ln(p[counted])).sum(), reason, *terms, A("value"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a prediction and a one-hot target; a target that is spread out where it is to be hard."""
    p = numbers.choice([[0.7, 0.2, 0.1], [0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.25, 0.35, 0.4]])
    if level == "hard":
        return {"p": p, "y": numbers.choice([[0.8, 0.1, 0.1], [0.6, 0.2, 0.2], [0.1, 0.9, 0]])}
    return {"p": p, "y": numbers.choice([[1, 0, 0], [0, 1, 0], [0, 0, 1]])}


def _counted(p: Expr, y: Expr) -> Expr:
    places = np.flatnonzero(y.value)
    return (y[places] * ln(p[places])).sum()


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the cross-entropy {result}.",
    source="Goodfellow et al. 2016, eq. 3.51",
    symbol="L",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the minus sign", result=_counted, slip=True),
        mistake("took the logarithm to base 10", slip=True, result=lambda p, y: -_counted(p, y) / ln(constant(10))),
        mistake("took the logarithm to base 2", slip=True, result=lambda p, y: -_counted(p, y) / ln(constant(2))),
        mistake("averaged over the classes instead of adding", slip=True, result=lambda p, y: -_counted(p, y) / p.size),
    ),
    sample=sample,
)
