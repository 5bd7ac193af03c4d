"""What convolution and pooling share: padding, the number of outputs, and the picture of one window."""

from math import prod

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import LARGEST_ARRAY, Array, Expr, constant, let
from fullmarks.math.figures import Figure
from fullmarks.math.figures.grids import Grid, grids
from fullmarks.math.functions import floor, maximum, pad
from fullmarks.math.marks import B, M
from fullmarks.math.numbers import decimal, exact
from fullmarks.operators._shapes import shape_text

PairOf = tuple[int, int]
Sides = tuple[int, int, int, int]  # top, left, bottom, right
LARGEST_PICTURE = 9  # rows or columns that a picture shows


def sides(padding: Sides | str, size: PairOf, span: PairOf, stride: PairOf) -> Sides:
    """Return the padding on each side; ``same`` gives ceil(n / stride) outputs, the odd zero at bottom and right."""
    if not isinstance(padding, str):
        return padding
    if padding == "valid":
        return (0, 0, 0, 0)
    total = [
        max((-(-length // step) - 1) * step + window - length, 0)
        for length, window, step in zip(size, span, stride, strict=True)
    ]
    return (total[0] // 2, total[1] // 2, total[0] - total[0] // 2, total[1] - total[1] // 2)


def spans(size: PairOf, dilation: PairOf) -> PairOf:
    """Return the height and width that a window covers, gaps included."""
    return ((size[0] - 1) * dilation[0] + 1, (size[1] - 1) * dilation[1] + 1)


def output_lengths(
    size: PairOf, window: PairOf, stride: PairOf, around: Sides, dilation: PairOf, *, same: bool = False
) -> tuple[Expr, ...]:
    """Return the lines that find the output's height and width by their formula; one line where they are equal.

    Where the padding is ``same``, a line before finds how many zeros that takes.
    """
    top, left, bottom, right = around
    height = (size[0], top, bottom, window[0], stride[0], dilation[0])
    width = (size[1], left, right, window[1], stride[1], dilation[1])
    if height == width:
        both = f"Size of the output, the same in height and width, {meaning(height)}"
        return (output_length("n", height, both, same=same),)
    return (
        output_length("H", height, f"Height of the output, {meaning(height, 'H')}", same=same),
        output_length("W", width, "Width of the output, in the same way.", same=same),
    )


def meaning(axis: tuple[int, int, int, int, int, int], letter: str = "") -> str:
    """Return what the letters of the formula stand for, those only that are in it."""
    _length, before, after, _window, _stride, dilation = axis
    input_length = "the input's height $H$" if letter else "the input's length $n$"
    below = f"_{letter}" if letter else ""
    if before != after:
        sides_are = "above and below" if letter else "before and after"
        padding = f"the padding $p_t$ and $p_b$ {sides_are}, "
    else:
        padding = f"the padding $p{below}$ on each side, " if before else ""
    window = ("window's height" if letter else "window's length") if dilation == 1 else "window's span"
    span = f"k{below}" if dilation == 1 else f"k_{{{letter}d}}"
    return f"from {input_length}, {padding}the {window} ${span}$ and the stride $s{below}$."


def output_length(letter: str, axis: tuple[int, int, int, int, int, int], reason: str, *, same: bool = False) -> Expr:
    """Return the line ⌊(n + 2p − k) / s⌋ + 1 for one axis: (length, before, after, window, stride, dilation)."""
    length, before, after, window, stride, dilation = axis
    subscript = "" if letter == "n" else f"_{letter}"
    span = constant(window, f"k{subscript}")
    if dilation > 1:
        gaps = constant(dilation, f"d{subscript}") * (span - 1) + 1
        reach = f"Length that the window spans with its gaps, at the dilation $d{subscript}$."
        span = let(f"k_{letter}d" if subscript else "k_d", gaps, reach, B("dilated window"))
    padded = constant(length, letter)
    if before == after:
        padded = padded + 2 * constant(before, f"p{subscript}") if before else padded
    else:
        ends = ("p_t", "p_b") if letter != "W" else ("p_l", "p_r")
        padded = padded + constant(before, ends[0]) + constant(after, ends[1])
    step = constant(stride, f"s{subscript}")
    before_it: tuple[Expr, ...] = ()
    if same:
        outputs = constant(-(-length // stride), rf"\lceil {letter} / s{subscript} \rceil")
        needed = maximum(0, (outputs - 1) * step + span - constant(length, letter))
        shared_out = (
            "Same padding gives as many outputs as the input's length divided by the stride, rounded up. The zeros "
            f"that this takes in all are shared out: {before} before, {after} after."
        )
        before_it = (let(f"P{subscript}", needed, shared_out, M("zeros needed")),)
    steps = floor((padded - span) / step)
    return let(f"{letter}_out", steps + 1, reason, B("size of the output"), after=before_it)


def refuse_too_large(operator_name: str, what: str, span: PairOf, padded: PairOf) -> None:
    """Raise ``FullmarksError`` where a window does not fit into the padded input."""
    if span[0] > padded[0] or span[1] > padded[1]:
        raise FullmarksError(
            f"{operator_name}: the {what} covers {shape_text(span)}, which does not fit into the padded input of "
            f"{shape_text(padded)}"
        )


def refuse_too_many(operator_name: str, padded: PairOf, size: PairOf, span: PairOf, stride: PairOf) -> None:
    """Raise ``FullmarksError`` before the padded input, or all windows together, take more memory than is worked."""
    windows = [(length - across) // step + 1 for length, across, step in zip(padded, span, stride, strict=True)]
    for what, entries in (("padded input", prod(padded)), ("windows together", prod(windows) * prod(size))):
        if entries > LARGEST_ARRAY:
            raise FullmarksError(
                f"{operator_name}: {what} would have {entries:,} entries, which is too large to be worked: "
                f"at most {LARGEST_ARRAY:,}"
            )


def check_window(x: Array, size: PairOf, stride: PairOf | None, padding: Sides, **_others: object) -> None:
    """Check a pooling window: it fits, and no window sees the padding alone."""
    top, left, bottom, right = padding
    padded = (x.shape[-2] + top + bottom, x.shape[-1] + left + right)
    refuse_too_large("pooling", "window", size, padded)
    refuse_too_many("pooling", padded, size, size, stride or size)
    refuse_too_wide("pooling", size, padding)


def refuse_too_wide(operator_name: str, size: PairOf, padding: Sides) -> None:
    """Raise ``FullmarksError`` where padding is as wide as the window, which would then see nothing else (as ONNX)."""
    top, left, bottom, right = padding
    if max(top, bottom) >= size[0] or max(left, right) >= size[1]:
        raise FullmarksError(
            f"{operator_name}: padding is {list(padding)}, expected less than the window of {shape_text(size)} on each "
            "side, so that every window sees an entry of the input"
        )


def pooling_figure(x: Expr, size: PairOf, stride: PairOf | None, padding: Sides, **_others: object) -> Figure | None:
    """Show the first window, where the map is small and not padded."""
    if x.ndim != 2 or any(padding) or max(x.shape) > LARGEST_PICTURE:  # noqa: PLR2004 - one map
        return None
    step = stride or size
    outputs = tuple((length - window) // move + 1 for length, window, move in zip(x.shape, size, step, strict=True))
    window = frozenset((row, column) for row in range(size[0]) for column in range(size[1]))
    return grids(
        (Grid("input, first window shaded", texts(x), window), blank("output", (outputs[0], outputs[1]))),
        ("→",),
        f"The input of {shape_text(x.shape)} with its first window of {shape_text(size)} shaded, "
        f"and the output of {shape_text(outputs)} with the entry that it gives.",
    )


def convolution_figure(
    x: Expr, kernel: Expr, stride: PairOf, padding: Sides | str, dilation: PairOf, **_others: object
) -> Figure | None:
    """Show the first window on the padded input, the filter and the output, where all are small."""
    if x.ndim != 2 or kernel.ndim != 2:  # noqa: PLR2004 - one map, one filter
        return None
    size, window = (x.shape[0], x.shape[1]), (kernel.shape[0], kernel.shape[1])
    span = spans(window, dilation)
    top, left, bottom, right = sides(padding, size, span, stride)
    padded = pad(x, [(top, bottom), (left, right)])
    if max(padded.shape) > LARGEST_PICTURE:
        return None
    outputs = tuple((n - k) // s + 1 for n, k, s in zip(padded.shape, span, stride, strict=True))
    shaded = frozenset((r * dilation[0], c * dilation[1]) for r in range(window[0]) for c in range(window[1]))
    name = "padded input" if padded.size > x.size else "input"
    return grids(
        (
            Grid(f"{name}, first window shaded", texts(padded), shaded),
            Grid("filter", texts(kernel)),
            blank("output", (outputs[0], outputs[1])),
        ),
        ("∗", "→"),
        f"The {name} of {shape_text(padded.shape)} with its first window of {shape_text(window)} shaded, "
        f"the filter of {shape_text(window)}, and the output of {shape_text(outputs)} with the entry that they give.",
    )


def texts(x: Expr) -> tuple[tuple[str, ...], ...]:
    """Return a matrix's numbers as short texts."""
    return tuple(tuple(decimal(exact(number), 3).replace("-", "−") for number in row) for row in np.atleast_2d(x.value))


def blank(caption: str, shape: PairOf) -> Grid:
    """Return an empty grid whose first entry is shaded."""
    return Grid(caption, tuple((" ",) * shape[1] for _row in range(shape[0])), frozenset({(0, 0)}))
