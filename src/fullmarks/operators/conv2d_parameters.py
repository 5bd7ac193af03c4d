"""conv2d_parameters: weights and biases of a convolutional layer, k_h × k_w × C_in / groups × C_out + C_out."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array, Expr, constant
from fullmarks.operators._arguments import Argument, Flag, Pair, Whole
from fullmarks.operators._counting import with_biases
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._sliding import PairOf

ARGUMENTS = (
    Argument("in_channels", Whole(), "channels of the input", symbol=r"C_{\text{in}}"),
    Argument("out_channels", Whole(), "number of filters", symbol=r"C_{\text{out}}"),
    Argument("kernel_size", Pair(), "height and width of a filter", symbol="k"),
    Argument("bias", Flag(), "whether each filter has a bias", default=True),
    Argument("groups", Whole(), "parts that the channels are split into", default=1, symbol="g"),
)


def check(in_channels: int, out_channels: int, kernel_size: PairOf, bias: bool, groups: int) -> None:
    """Check that the groups are of equal size."""
    del kernel_size, bias
    for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
        if channels % groups:
            raise FullmarksError(
                f"conv2d_parameters: {name} is {channels}, which cannot be split into {groups} equal groups"
            )


def evaluate(in_channels: int, out_channels: int, kernel_size: PairOf, bias: bool, groups: int) -> Array:
    """Return the number of parameters, of all groups with all their filters."""
    one_filter = kernel_size[0] * kernel_size[1] * (in_channels // groups) + (1 if bias else 0)
    one_group = out_channels // groups * one_filter
    return np.asarray(groups * one_group)


def working(in_channels: int, out_channels: int, kernel_size: PairOf, bias: bool, groups: int) -> Expr:
    depth = constant(in_channels, r"C_{\text{in}}")
    meaning = "Each filter has a weight for every place of its window in every input channel."
    if groups > 1:
        depth = depth / constant(groups, "g")
        meaning = "Each filter has a weight for every place of its window in every channel of its group."
    height, width = constant(kernel_size[0], "k_h"), constant(kernel_size[1], "k_w")
    filters = constant(out_channels, r"C_{\text{out}}")
    return with_biases(height * width * depth * filters, filters if bias else None, meaning, "filter")


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return the layer of a usual network; in groups where it is to be hard."""
    layer = {"kernel_size": numbers.choice([3, 5, 7]), "out_channels": numbers.choice([8, 16, 32, 64])}
    if level == "hard":
        return layer | {"in_channels": numbers.choice([8, 16, 32]), "groups": numbers.choice([2, 4, 8])}
    return layer | {"in_channels": numbers.choice([1, 3]) if level == "easy" else numbers.choice([6, 16, 32])}


operator = Operator(
    arguments=ARGUMENTS,
    ask="How many parameters does the convolutional layer have?",
    source="Goodfellow et al. 2016, section 9.2 (parameter sharing)",
    symbol="parameters",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the biases", result=lambda weights: weights),
        mistake("counted the weights of one input channel only", slip=True, in_channels=lambda groups: groups),
        mistake("counted one filter only", slip=True, out_channels=lambda groups: 1 if groups == 1 else None),
        mistake("counted a single bias for the whole layer", result=lambda weights: weights + 1),
        mistake("did not divide the channels by the number of groups", groups=1),
    ),
    sample=sample,
)
