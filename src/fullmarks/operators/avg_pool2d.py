"""avg_pool2d: the average of each window, each channel on its own; zeros of the padding count unless told not to."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, given, let
from fullmarks.math.functions import pad, windows
from fullmarks.math.marks import A, B, M
from fullmarks.operators._arguments import Argument, Flag, Padding, Pair, Tensor
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._sliding import PairOf, Sides, check_window, pooling_figure

ARGUMENTS = (
    Argument("x", Tensor("H W | C H W"), "feature map, or one for each channel", symbol=r"\mathbf{X}"),
    Argument("size", Pair(), "height and width of the window", symbol="k"),
    Argument("stride", Pair(), "step of the window; the window's size where absent", default=None, symbol="s"),
    Argument(
        "padding",
        Padding(words=()),
        "border of zeros, less than the window",
        default=(0, 0, 0, 0),
        symbol="p",
    ),
    Argument("count_include_pad", Flag(), "whether the zeros of the border count as entries", default=True),
)
WINDOW = (-2, -1)  # the axes of a window


def evaluate(x: Array, size: PairOf, stride: PairOf | None, padding: Sides, count_include_pad: bool) -> Array:
    """Return the sums of every window, place by place in the window, divided by what each window holds."""
    top, left, bottom, right = padding
    inside = np.pad(np.ones(x.shape[-2:]), [(top, bottom), (left, right)])
    padded = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(top, bottom), (left, right)])
    counts = _window_sums(np.ones_like(inside) if count_include_pad else inside, size, stride or size)
    return np.asarray(_window_sums(padded, size, stride or size) / counts.astype(int).astype(x.dtype))


def _window_sums(maps: Array, size: PairOf, stride: PairOf) -> Array:
    """Add up shifted copies of the maps, one for each place of the window: nothing is added that is taken off again."""
    (height, width), (down, across) = size, stride
    rows, columns = maps.shape[-2] - height + 1, maps.shape[-1] - width + 1
    shifted = (maps[..., r : r + rows : down, c : c + columns : across] for r in range(height) for c in range(width))
    return np.asarray(sum(shifted))


def working(x: Expr, size: PairOf, stride: PairOf | None, padding: Sides, count_include_pad: bool) -> Expr:
    """Pad with zeros where asked, then average every window."""
    step = stride or size
    top, left, bottom, right = padding
    around = [(top, bottom), (left, right)]
    divisor: Expr | int = size[0] * size[1]
    reason = f"Add the entries of each window and divide by their number, {size[0]} × {size[1]} = {divisor}."
    if any(padding):
        if not count_include_pad:
            ones = given("", np.ones(x.shape[-2:], dtype=int))
            inside = let("I", pad(ones, around), "Write 1 for each entry of the input and 0 for the padding:")
            entries = windows(inside, size, step).sum(WINDOW)
            divisor = let("N", entries, "its sums are the numbers of entries in each window.", B("divisors"))
            reason = "Add the entries of each window and divide by their number, without the padding."
        x = let("X_p", pad(x, around), "Surround the input with zeros.", M("zero padding"))
    total = windows(x, size, step).sum(WINDOW)
    return let(RESULT, total / divisor, reason, M("average of the right windows"), A("values", most_marks(total.size)))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a feature map; with a border that does not count where it is to be hard."""
    if level == "hard":
        padded = {"size": 2, "stride": 2, "padding": 1, "count_include_pad": False}
        return {"x": numbers.integers(0, 9, 4, 4)} | padded
    return {"x": numbers.integers(0, 9, 4, 4), "size": 2, "stride": 2 if level == "easy" else 1}


def _padded(x: Expr, padding: Sides) -> Expr:
    top, left, bottom, right = padding
    return pad(x, [(top, bottom), (left, right)])


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the average pooling layer.",
    source="Goodfellow et al. 2016, section 9.3; PyTorch, torch.nn.AvgPool2d",
    symbol="P",
    check=check_window,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake(
            "took the maximum instead of the average",
            result=lambda x, size, stride, padding: windows(_padded(x, padding), size, stride or size).max(WINDOW),
        ),
        mistake(
            "added without dividing",
            slip=True,
            result=lambda x, size, stride, padding: windows(_padded(x, padding), size, stride or size).sum(WINDOW),
        ),
        mistake(
            "treated the zeros of the padding the other way",
            count_include_pad=lambda count_include_pad: not count_include_pad,
        ),
        mistake("moved the window by one instead of by the stride", stride=(1, 1)),
        mistake("left out the padding", padding=(0, 0, 0, 0)),
    ),
    sample=sample,
    figure=pooling_figure,
)
