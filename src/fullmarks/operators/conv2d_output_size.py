"""conv2d_output_size: height and width of a convolution's output, ⌊(n + 2p − k) / s⌋ + 1, and its channels."""

import numpy as np

from fullmarks.math.expression import Array, Expr, constant, let
from fullmarks.math.marks import B
from fullmarks.operators._arguments import Argument, Padding, Pair, Sizes, Whole
from fullmarks.operators._counting import half_padded, height_and_width, one_less, output_size
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._sliding import PairOf, Sides, output_lengths, refuse_too_large, sides, spans

ARGUMENTS = (
    Argument("input_size", Sizes(), "a number for a square, [H, W] or [C, H, W]", symbol="n"),
    Argument("kernel_size", Pair(), "height and width of the filter", symbol="k"),
    Argument("stride", Pair(), "step of the filter", default=(1, 1), symbol="s"),
    Argument("padding", Padding(), "border of zeros", default=(0, 0, 0, 0), symbol="p"),
    Argument("dilation", Pair(), "distance between neighbouring weights", default=(1, 1), symbol="d"),
    Argument("out_channels", Whole(), "number of filters; the result has no channels where absent", default=None),
)


def check(
    input_size: tuple[int, ...], kernel_size: PairOf, stride: PairOf, padding: Sides | str, dilation: PairOf,
    out_channels: int | None,
) -> None:  # fmt: skip
    """Check that the filter fits into the padded input."""
    del out_channels
    size, span = height_and_width(input_size), spans(kernel_size, dilation)
    top, left, bottom, right = sides(padding, size, span, stride)
    refuse_too_large("conv2d_output_size", "filter", span, (size[0] + top + bottom, size[1] + left + right))


def evaluate(
    input_size: tuple[int, ...], kernel_size: PairOf, stride: PairOf, padding: Sides | str, dilation: PairOf,
    out_channels: int | None,
) -> Array:  # fmt: skip
    """Return the size by counting the places where the filter may start."""
    size, span = height_and_width(input_size), spans(kernel_size, dilation)
    top, left, bottom, right = sides(padding, size, span, stride)
    padded = (size[0] + top + bottom, size[1] + left + right)
    lengths = [len(range(0, padded[axis] - span[axis] + 1, stride[axis])) for axis in (0, 1)]
    return np.array(lengths if out_channels is None else [out_channels, *lengths])


def working(
    input_size: tuple[int, ...], kernel_size: PairOf, stride: PairOf, padding: Sides | str, dilation: PairOf,
    out_channels: int | None,
) -> Expr:  # fmt: skip
    size = height_and_width(input_size)
    around = sides(padding, size, spans(kernel_size, dilation), stride)
    lengths = output_lengths(size, kernel_size, stride, around, dilation, same=padding == "same")
    channels = None
    if out_channels is not None:
        channels = let("C_out", constant(out_channels), "Each filter gives one channel of the output.", B("channels"))
    return output_size(channels, lengths)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return the layer of a usual network; with gaps in the filter where it is to be hard."""
    layer = {
        "input_size": numbers.choice([28, 32, 64, 224]),
        "kernel_size": numbers.choice([3, 5, 7]),
        "stride": 2 if level != "easy" else 1,
        "padding": numbers.integers(1, 2),
    }
    if level == "easy":
        return layer
    filters = {"out_channels": numbers.choice([6, 16, 64])}
    return layer | filters | ({"dilation": 2} if level == "hard" else {})


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the {result} of the convolutional layer.",
    source="Dumoulin and Visin 2016, relationships 6 and 15",
    symbol="output_size",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the padding", padding=(0, 0, 0, 0)),
        mistake("added the padding once instead of on both sides", padding=half_padded),
        mistake("left out the + 1", result=one_less),
        mistake("left out the stride", stride=(1, 1)),
        mistake("left out the dilation", dilation=(1, 1)),
    ),
    sample=sample,
)
