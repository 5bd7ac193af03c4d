"""conv2d_multiplications: multiply–accumulates of a convolutional layer, k_h × k_w × C_in × C_out × H_out × W_out."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Padding, Pair, Sizes, Whole
from fullmarks.operators._counting import half_padded, height_and_width
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._sliding import PairOf, Sides, output_lengths, refuse_too_large, sides

ARGUMENTS = (
    Argument("input_size", Sizes(), "a number for a square, [H, W] or [C, H, W]", symbol="n"),
    Argument("in_channels", Whole(), "channels of the input", symbol=r"C_{\text{in}}"),
    Argument("out_channels", Whole(), "number of filters", symbol=r"C_{\text{out}}"),
    Argument("kernel_size", Pair(), "height and width of a filter", symbol="k"),
    Argument("stride", Pair(), "step of the filter", default=(1, 1), symbol="s"),
    Argument("padding", Padding(), "border of zeros", default=(0, 0, 0, 0), symbol="p"),
)


def check(
    input_size: tuple[int, ...], in_channels: int, out_channels: int, kernel_size: PairOf, stride: PairOf,
    padding: Sides | str,
) -> None:  # fmt: skip
    """Check that the filter fits into the padded input, and that the channels are said once or twice the same."""
    del out_channels
    name = "conv2d_multiplications"
    if len(input_size) > 2 and input_size[0] != in_channels:  # noqa: PLR2004 - with channels
        raise FullmarksError(f"{name}: input_size has {input_size[0]} channels but in_channels is {in_channels}")
    size = height_and_width(input_size)
    top, left, bottom, right = sides(padding, size, kernel_size, stride)
    refuse_too_large(name, "filter", kernel_size, (size[0] + top + bottom, size[1] + left + right))


def evaluate(
    input_size: tuple[int, ...], in_channels: int, out_channels: int, kernel_size: PairOf, stride: PairOf,
    padding: Sides | str,
) -> Array:  # fmt: skip
    """Return the count: every place where a filter may start takes one product for each of its weights."""
    size = height_and_width(input_size)
    top, left, bottom, right = sides(padding, size, kernel_size, stride)
    rows = range(0, size[0] + top + bottom - kernel_size[0] + 1, stride[0])
    columns = range(0, size[1] + left + right - kernel_size[1] + 1, stride[1])
    weights = kernel_size[0] * kernel_size[1] * in_channels * out_channels
    return np.asarray(len(rows) * len(columns) * weights)


def working(
    input_size: tuple[int, ...], in_channels: int, out_channels: int, kernel_size: PairOf, stride: PairOf,
    padding: Sides | str,
) -> Expr:  # fmt: skip
    size = height_and_width(input_size)
    around = sides(padding, size, kernel_size, stride)
    lengths = output_lengths(size, kernel_size, stride, around, (1, 1), same=padding == "same")
    height, width = constant(kernel_size[0], "k_h"), constant(kernel_size[1], "k_w")
    window = let(
        "per_output",
        height * width * constant(in_channels, r"C_{\text{in}}"),
        "One number of the output takes a product for every place of the window in every input channel.",
        M("products for one output"),
    )
    outputs = let(
        "outputs",
        constant(out_channels, r"C_{\text{out}}") * lengths[0] * lengths[-1],
        "The output has this many numbers: its channels times its height times its width.",
        M("numbers of the output"),
    )
    reason = "Multiply them. (A bias is added, not multiplied.)"
    return let(RESULT, window * outputs, reason, A("number of multiplications"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return the layer of a usual network; padded, and moved by two, where it is to be harder."""
    layer: dict[str, object] = {
        "input_size": numbers.choice([28, 32, 64]) if level == "easy" else numbers.choice([56, 112, 224]),
        "in_channels": numbers.choice([1, 3]) if level == "easy" else numbers.choice([3, 16, 64]),
        "out_channels": numbers.choice([6, 8, 16]) if level == "easy" else numbers.choice([32, 64, 128]),
        "kernel_size": numbers.choice([3, 5]),
    }
    if level == "easy":
        return layer
    return layer | {"padding": numbers.integers(1, 2)} | ({"stride": 2} if level == "hard" else {})


operator = Operator(
    arguments=ARGUMENTS,
    ask="How many multiplications does the convolutional layer take for one image?",
    source="He and Sun 2015 (Convolutional Neural Networks at Constrained Time Cost), eq. 1",
    symbol="multiplications",
    line_symbols={"per_output": r"\text{products per output}"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the padding", padding=(0, 0, 0, 0)),
        mistake("added the padding once instead of on both sides", padding=half_padded),
        mistake("left out the stride", stride=(1, 1)),
        mistake(
            "counted one input channel only", per_output=lambda kernel_size: constant(kernel_size[0] * kernel_size[1])
        ),
        mistake("counted one filter only", slip=True, out_channels=1),
        mistake(
            "counted the weights, not how often each is used",
            result=lambda per_output, out_channels: per_output * out_channels,
        ),
    ),
    sample=sample,
)
