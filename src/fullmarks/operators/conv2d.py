"""conv2d: cross-correlation of an image with one or more filters, as in every CNN."""

from typing import Any

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import is_nothing, pad, stack, view, windows
from fullmarks.math.kernels import KERNELS
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Padding, Pair, Tensor, Whole
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._shapes import shape_text
from fullmarks.operators._sliding import (
    PairOf,
    Sides,
    convolution_figure,
    output_lengths,
    refuse_too_large,
    refuse_too_many,
    sides,
    spans,
)

ARGUMENTS = (
    Argument("x", Tensor("H W | C H W"), "image, one channel or several", symbol=r"\mathbf{X}"),
    Argument(
        "kernel",
        Tensor("kH kW | C_k kH kW | O C_k kH kW", named=KERNELS),
        "filter, or one for each output map",
        symbol=r"\mathbf{K}",
    ),
    Argument("bias", Tensor("number | O"), "added to every entry of a map", default=0, symbol="b"),
    Argument("stride", Pair(), "step of the window", default=(1, 1), symbol="s"),
    Argument("padding", Padding(), "border of zeros", default=(0, 0, 0, 0), symbol="p"),
    Argument("dilation", Pair(), "distance between neighbouring weights", default=(1, 1)),
    Argument("groups", Whole(), "parts that the channels are split into", default=1),
)
ADD_UP = "Add the products of window and filter"


def check(x: Array, kernel: Array, padding: Sides | str, dilation: PairOf, groups: int, **others: Any) -> None:
    """Check that channels, groups and filters fit each other, and the filter the padded image."""
    channels = x.shape[0] if x.ndim > 2 else 1  # noqa: PLR2004 - with a channel axis
    filters = kernel.shape[0] if kernel.ndim > 3 else 1  # noqa: PLR2004 - with an axis of filters
    depth = kernel.shape[-3] if kernel.ndim > 2 else 1  # noqa: PLR2004 - with a channel axis
    if channels != depth * groups:
        split = f" in {groups} groups" if groups > 1 else ""
        raise FullmarksError(
            f"conv2d: kernel {shape_text(kernel.shape)} has {depth} channels but x {shape_text(x.shape)} has "
            f"{channels}{split}: each filter needs {shape_text((channels,))} ÷ groups channels"
        )
    if filters % groups:
        raise FullmarksError(f"conv2d: {filters} filters cannot be split into {groups} equal groups")
    bias = others.get("bias")
    if isinstance(bias, Expr | np.ndarray) and bias.shape not in ((), (1,), (filters,)):
        raise FullmarksError(f"conv2d: bias has {bias.shape[0]} numbers for {filters} filters")
    span, size = spans(pair(kernel), dilation), pair(x)
    stride: PairOf = others["stride"]
    top, left, bottom, right = sides(padding, size, span, stride)
    padded = (size[0] + top + bottom, size[1] + left + right)
    refuse_too_large("conv2d", "filter", span, padded)
    refuse_too_many("conv2d", padded, pair(kernel), span, stride)


def pair(array: Expr | Array) -> PairOf:
    """Return height and width."""
    return (array.shape[-2], array.shape[-1])


def evaluate(
    x: Array, kernel: Array, bias: Array, stride: PairOf, padding: Sides | str, dilation: PairOf, groups: int
) -> Array:
    """Return the output maps by adding up shifted images, one weight of the filter at a time."""
    images = x.reshape(-1, *pair(x))
    filters = kernel.reshape(-1, images.shape[0] // groups, *pair(kernel))
    span = spans(pair(kernel), dilation)
    top, left, bottom, right = sides(padding, pair(x), span, stride)
    padded = np.pad(images, [(0, 0), (top, bottom), (left, right)])
    rows = (padded.shape[1] - span[0]) // stride[0] + 1
    columns = (padded.shape[2] - span[1]) // stride[1] + 1
    output = np.zeros((len(filters), rows, columns), np.result_type(x, kernel, bias)) + bias.reshape(-1, 1, 1)
    depth = filters.shape[1]
    for o, weights in enumerate(filters):
        first = o // (len(filters) // groups) * depth
        for c, m, n in np.ndindex(weights.shape):
            r, s = m * dilation[0], n * dilation[1]
            shifted = padded[first + c, r : r + (rows - 1) * stride[0] + 1, s : s + (columns - 1) * stride[1] + 1]
            output[o] += weights[c, m, n] * shifted[:: stride[0], :: stride[1]]
    return output if kernel.ndim == 4 else output[0]  # noqa: PLR2004 - an axis of filters gives an axis of maps


def working(
    x: Expr, kernel: Expr, bias: Expr, stride: PairOf, padding: Sides | str, dilation: PairOf, groups: int
) -> Expr:
    """Find the output's size, pad, add up the products in every window, channel by channel, and add the bias."""
    around = sides(padding, pair(x), spans(pair(kernel), dilation), stride)
    size_lines = output_lengths(pair(x), pair(kernel), stride, around, dilation, same=padding == "same")
    if any(around):
        top, left, bottom, right = around
        padded = pad(x, [(top, bottom), (left, right)])
        x = let("X_p", padded, "Surround the input with zeros.", M("zero padding"), after=size_lines)
        size_lines = ()
    channels = x.shape[0] if x.ndim > 2 else 1  # noqa: PLR2004 - with a channel axis
    filters = kernel.shape[0] if kernel.ndim > 3 else 1  # noqa: PLR2004 - with an axis of filters
    depth = channels // groups

    def products(o: int, c: int) -> Expr:
        """Add up the products of filter ``o``'s channel ``c`` with each window of the channel that it sees."""
        image = x[o // (filters // groups) * depth + c] if x.ndim > 2 else x  # noqa: PLR2004
        weights = kernel[(o, c)[4 - kernel.ndim :]] if kernel.ndim > 2 else kernel  # noqa: PLR2004
        return (windows(image, pair(kernel), stride, dilation) * weights).sum(axis=(-2, -1))

    several_maps = kernel.ndim > 3  # noqa: PLR2004 - an axis of filters gives an axis of maps
    if depth == 1:
        maps = [products(o, 0) for o in range(filters)]
        total = stack(maps) if several_maps else maps[0]
    else:
        sums = [stack([products(o, c) for c in range(depth)]) for o in range(filters)]
        by_channel = let(
            "S",
            stack(sums) if several_maps else sums[0],
            f"{ADD_UP}, for each channel on its own.",
            M("sum of products in each channel"),
            A("sums of the channels", 2),
            after=size_lines,
        )
        size_lines = ()
        total = by_channel.sum(axis=-3)
    if bias.size > 1:
        bias = bias.reshape(-1, 1, 1)
    elif bias.ndim > 0:
        bias = bias.reshape()
    reason = f"{ADD_UP} for every position." if depth == 1 else "Add up the channels."
    if not is_nothing(bias):
        reason = f"{reason[:-1]}, and the bias."
    method = M("sum of products") if depth == 1 else M("sum over the channels")
    return let(RESULT, total + bias, reason, method, A("values", min(total.size, 3)), after=size_lines)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a small image with a filter; several channels and a bias where it is to be hard."""
    if level == "hard":
        return {
            "x": numbers.integers(0, 3, 2, 3, 3),
            "kernel": numbers.integers(-1, 1, 2, 2, 2),
            "bias": numbers.integers(-2, 2, nonzero=True),
        }
    image = numbers.integers(0, 4, 3, 3) if level == "easy" else numbers.integers(0, 4, 4, 4)
    kernel = numbers.choice(["sobel_x", "sobel_y", "prewitt_x", "prewitt_y", "laplacian"])
    return {"x": image, "kernel": kernel, "padding": 1, "stride": 2 if level == "easy" else 1}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the convolutional layer.",
    source="Goodfellow et al. 2016, eq. 9.6 (cross-correlation)",
    symbol="Y",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake(
            "turned the filter round by 180° (true convolution)",
            slip=True,
            kernel=lambda kernel: kernel[..., ::-1, ::-1],
        ),
        mistake(
            "transposed the filter",
            slip=True,
            kernel=lambda kernel: view(kernel, lambda places: np.swapaxes(places, -1, -2)),
        ),
        mistake("left out the padding", padding=(0, 0, 0, 0)),
        mistake("moved the window by one instead of by the stride", slip=True, stride=(1, 1)),
        mistake("left out the bias", slip=True, bias=lambda bias: bias * 0),
    ),
    sample=sample,
    figure=convolution_figure,
)
