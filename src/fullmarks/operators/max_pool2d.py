"""max_pool2d: the largest value in each window, each channel on its own."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import pad, windows
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Padding, Pair, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._sliding import PairOf, check_window, pooling_figure

ARGUMENTS = (
    Argument("x", Tensor("H W | C H W"), "feature map, or one for each channel", symbol=r"\mathbf{X}"),
    Argument("size", Pair(), "height and width of the window", symbol="k"),
    Argument("stride", Pair(), "step of the window; the window's size where absent", default=None, symbol="s"),
    Argument(
        "padding",
        Padding(words=()),
        "border of −∞, less than the window",
        default=(0, 0, 0, 0),
        symbol="p",
    ),
)


def evaluate(x: Array, size: PairOf, stride: PairOf | None, padding: tuple[int, int, int, int]) -> Array:
    """Return the pooled maps, window by window."""
    top, left, bottom, right = padding
    border = [(0, 0)] * (x.ndim - 2) + [(top, bottom), (left, right)]
    padded = np.pad(x, border, constant_values=-np.inf)
    (height, width), (down, across) = size, stride or size
    rows = range(0, padded.shape[-2] - height + 1, down)
    columns = range(0, padded.shape[-1] - width + 1, across)
    return np.stack(
        [np.stack([padded[..., r : r + height, c : c + width].max(axis=(-2, -1)) for c in columns], -1) for r in rows],
        -2,
    )


def working(x: Expr, size: PairOf, stride: PairOf | None, padding: tuple[int, int, int, int]) -> Expr:
    """Pad with −∞ where asked, then take the maximum of every window."""
    if any(padding):
        x = let("X_p", _padded(x, padding, -np.inf), "Pad with −∞, which never is the largest.", M("padding with −∞"))
    largest = windows(x, size, stride or size).max(axis=(-2, -1))
    return let(
        RESULT, largest, "Take the largest value in each window.", M("maximum of the right windows"), A("values")
    )


def _padded(x: Expr, padding: tuple[int, int, int, int], fill: float) -> Expr:
    top, left, bottom, right = padding
    return pad(x, [(top, bottom), (left, right)], fill)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a feature map of a size that fits the level."""
    if level == "hard":
        return {"x": numbers.integers(-9, 3, 4, 4), "size": 3, "stride": 2, "padding": 1}
    return {"x": numbers.integers(0, 9, 4, 4), "size": 2}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the max pooling layer.",
    source="Goodfellow et al. 2016, section 9.3",
    symbol="P",
    check=check_window,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake(
            "took the average instead of the maximum",
            result=lambda x, size, stride, padding: (
                None if any(padding) else windows(x, size, stride or size).mean(axis=(-2, -1))
            ),
        ),
        mistake(
            "took the smallest value",
            result=lambda x, size, stride, padding: (
                None if any(padding) else -windows(-x, size, stride or size).max(axis=(-2, -1))
            ),
        ),
        mistake("padded with 0 instead of −∞", X_p=lambda x, padding: _padded(x, padding, 0), slip=True),
        mistake("left out the padding", padding=(0, 0, 0, 0)),
        mistake("moved the window by one instead of by its size", slip=True, stride=(1, 1)),
    ),
    sample=sample,
    figure=pooling_figure,
)
