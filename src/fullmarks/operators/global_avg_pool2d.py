"""global_avg_pool2d: the average of each whole channel, one number a channel."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (Argument("x", Tensor("H W | C H W"), "feature map, or one for each channel", symbol=r"\mathbf{X}"),)
MAP = (-2, -1)  # the axes of a map


def evaluate(x: Array) -> Array:
    return np.asarray(np.mean(x, axis=MAP))


def working(x: Expr) -> Expr:
    """Add up each channel, then divide by the number of its entries."""
    height, width = x.shape[-2:]
    each = "each channel's entries" if x.ndim > 2 else "the entries"  # noqa: PLR2004 - with a channel axis
    total = let("S", x.sum(MAP), f"Add {each}.", M("sum of all entries"))
    count = height * width
    reason = f"Divide by their number, {height} × {width} = {count}."
    return let(
        RESULT, total / count, reason, M("division by the number of entries"), A("values", most_marks(total.size))
    )


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a feature map, or several."""
    shape = {"easy": (2, 2), "medium": (3, 3), "hard": (3, 2, 2)}[level]
    return {"x": numbers.integers(0, 9, *shape)}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of global average pooling.",
    source="Lin et al. 2014, section 3.2",
    symbol="g",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("took the maximum instead of the average", result=lambda x: x.max(MAP)),
        mistake("added without dividing", slip=True, result=lambda S: S),
        mistake(
            "averaged over all channels together",
            result=lambda x, S: S * 0 + x.mean() if x.ndim > 2 else None,  # noqa: PLR2004 - with a channel axis
        ),
    ),
    sample=sample,
)
