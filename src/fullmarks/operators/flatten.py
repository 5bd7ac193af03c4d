"""flatten: all entries in one vector, channel by channel and row by row."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import view
from fullmarks.math.marks import B
from fullmarks.operators._elementwise import X
from fullmarks.operators._operator import Level, Numbers, Operator, mistake


def evaluate(x: Array) -> Array:
    """Return the vector by writing row after row below one another."""
    return np.concatenate(list(x.reshape(-1, x.shape[-1]))) if x.ndim else x.reshape(1)


def working(x: Expr) -> Expr:
    order = {2: "row by row", 3: "channel by channel, each row by row"}.get(x.ndim, "in their order")
    return let(RESULT, x.reshape(-1), f"Write the entries into one vector, {order}.", B("row-major order"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return feature maps as they come out of a pooling layer."""
    shape = {"easy": (2, 2), "medium": (2, 3), "hard": (2, 2, 2)}[level]
    return {"x": numbers.integers(0, 9, *shape)}


def _by_columns(x: Expr) -> Expr | None:
    if x.ndim < 2:  # noqa: PLR2004 - a vector has no columns
        return None
    return view(x, lambda places: np.swapaxes(places, -1, -2).reshape(-1))


def _by_pixels(x: Expr) -> Expr | None:
    if x.ndim < 3:  # noqa: PLR2004 - one map has no channels
        return None
    return view(x, lambda places: np.moveaxis(places, 0, -1).reshape(-1))


operator = Operator(
    arguments=(X,),
    ask="Flatten it into the vector {result}.",
    source="PyTorch, torch.flatten (row-major order)",
    symbol="v",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("went down the columns instead of along the rows", result=_by_columns),
        mistake("went pixel by pixel through all channels instead of channel by channel", result=_by_pixels),
    ),
    sample=sample,
)
