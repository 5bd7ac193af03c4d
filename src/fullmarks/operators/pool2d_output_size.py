"""pool2d_output_size: height and width of a pooling layer's output, ⌊(n + 2p − k) / s⌋ + 1; channels stay."""

import numpy as np

from fullmarks.math.expression import Array, Expr, constant, let
from fullmarks.math.marks import B
from fullmarks.operators._arguments import Argument, Padding, Pair, Sizes
from fullmarks.operators._counting import half_padded, height_and_width, one_less, output_size
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._sliding import PairOf, Sides, output_lengths, refuse_too_large, refuse_too_wide

ARGUMENTS = (
    Argument("input_size", Sizes(), "a number for a square, [H, W] or [C, H, W]", symbol="n"),
    Argument("size", Pair(), "height and width of the window", symbol="k"),
    Argument("stride", Pair(), "step of the window; the window's size where absent", default=None, symbol="s"),
    Argument("padding", Padding(words=()), "border, less than the window", default=(0, 0, 0, 0), symbol="p"),
)


def check(input_size: tuple[int, ...], size: PairOf, stride: PairOf | None, padding: Sides) -> None:
    """Check that the window fits into the padded input, and that no window lies in the padding alone."""
    del stride
    top, left, bottom, right = padding
    height, width = height_and_width(input_size)
    refuse_too_large("pool2d_output_size", "window", size, (height + top + bottom, width + left + right))
    refuse_too_wide("pool2d_output_size", size, padding)


def evaluate(input_size: tuple[int, ...], size: PairOf, stride: PairOf | None, padding: Sides) -> Array:
    """Return the size by counting the places where the window may start."""
    top, left, bottom, right = padding
    height, width = height_and_width(input_size)
    down, across = stride or size
    rows = range(0, height + top + bottom - size[0] + 1, down)
    columns = range(0, width + left + right - size[1] + 1, across)
    return np.array([*input_size[:-2], len(rows), len(columns)])


def working(input_size: tuple[int, ...], size: PairOf, stride: PairOf | None, padding: Sides) -> Expr:
    lengths = output_lengths(height_and_width(input_size), size, stride or size, padding, (1, 1))
    channels = None
    if len(input_size) > 2:  # noqa: PLR2004 - with channels
        reason = "Each channel is pooled on its own, so their number stays."
        channels = let("C_out", constant(input_size[0], "C"), reason, B("channels"))
    return output_size(channels, lengths)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return the pooling layer of a usual network; overlapping windows where it is to be hard."""
    length = numbers.choice([24, 28, 32, 55, 112])
    if level == "easy":
        return {"input_size": length, "size": 2}
    input_size = [numbers.choice([6, 16, 64]), length, length]
    if level == "medium":
        return {"input_size": input_size, "size": 3, "stride": 2}
    return {"input_size": input_size, "size": 3, "stride": 2, "padding": 1}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the {result} of the pooling layer.",
    source="Dumoulin and Visin 2016, relationships 6 and 15",
    symbol="output_size",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the + 1", result=one_less),
        mistake("moved the window by one instead of by the stride", stride=(1, 1)),
        mistake("moved the window by its own size instead of by the stride", stride=None),
        mistake("left out the padding", padding=(0, 0, 0, 0)),
        mistake("added the padding once instead of on both sides", padding=half_padded),
    ),
    sample=sample,
)
