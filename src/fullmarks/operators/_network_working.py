"""The working of a network's rows: sizes, parameters and multiplications by their formulas."""

from collections.abc import Sequence
from typing import assert_never

from msgspec import Struct

from fullmarks.math.expression import Expr, constant, let
from fullmarks.math.functions import floor
from fullmarks.math.marks import A, B, M, Mark
from fullmarks.operators._network import (
    MAPS,
    AdaptivePooling,
    BatchNorm,
    ClassToken,
    Convolution,
    Elementwise,
    Encoder,
    FirstToken,
    Flatten,
    GlobalPooling,
    Graph,
    LayerNorm,
    Linear,
    Pooling,
    Positions,
    Residual,
    Size,
    Sum,
    ToTokens,
)
from fullmarks.operators._network_rows import Row
from fullmarks.operators._sliding import PairOf, Sides, sides, spans

MOST_ROWS_IN_FULL = 12  # with something to work; of longer networks the first row of each kind


class WorkedRow(Struct, frozen=True):
    """What a row adds to the totals; a count that is not worked here is a number with its symbol."""

    parameters: Expr | None
    multiplications: Expr | None
    values: Expr


def worked_rows(rows: Sequence[Row]) -> tuple[list[WorkedRow], Expr | None]:
    """Return every row worked, and the last line of their working, before which all others stand."""
    kinds_seen: set[type] = set()
    in_full = sum(_has_working(row) for row in rows) <= MOST_ROWS_IN_FULL
    worked, last = [], None
    for row in rows:
        kind = type(row.step.layer)
        lines = _RowLines(row, is_first=kind not in kinds_seen, is_full=in_full or kind not in kinds_seen, last=last)
        worked.append(_worked(lines))
        last = lines.last
        kinds_seen.add(kind)
    return worked, last


def _has_working(row: Row) -> bool:
    plain = (AdaptivePooling, GlobalPooling, Elementwise, ToTokens, FirstToken, Sum)
    return not isinstance(row.step.layer, plain)


class _RowLines:
    """Writes the lines of one row, each after the one before; the first row of a kind in letters as well."""

    def __init__(self, row: Row, *, is_first: bool, is_full: bool, last: Expr | None) -> None:
        self.row = row
        self.is_first = is_first
        self.is_full = is_full
        self.last = last
        self.has_title = False

    def number(self, value: int, symbol: str) -> Expr:
        """Return a number of the row's formulas, with its letter where they are written in letters."""
        return constant(value, symbol if self.is_first else "")

    def line(self, letter: str, formula: Expr, meaning: str, *marks: Mark) -> Expr:
        """Return the line ``p_3 = …``, or only its number with that symbol where the row is not worked in full."""
        if not self.is_full:
            return constant(int(formula.value), f"{letter}_{{{self.row.number}}}")
        where = f"Row {self.row.number}" + ("" if self.has_title else f", {self.row.title}")
        self.has_title = True
        before = () if self.last is None else (self.last,)
        self.last = let(f"{letter}_{self.row.number}", formula, f"{where}: {meaning}", *marks, after=before)
        return self.last

    def parameters(self, formula: Expr, meaning: str) -> Expr | None:
        """Return the line of parameters; a layer that was used before has its own there."""
        if self.row.is_again:
            return None
        marks = (M("formula"), A("parameters")) if self.is_first else (A("parameters"),)
        return self.line("p", formula, meaning if self.is_first else "its parameters.", *marks)

    def multiplications(self, formula: Expr, meaning: str) -> Expr:
        """Return the line of multiplications."""
        marks = (M("formula"), A("multiplications")) if self.is_first else (A("multiplications"),)
        return self.line("m", formula, meaning if self.is_first else "its multiplications.", *marks)

    def result(self, parameters: Expr | None = None, multiplications: Expr | None = None) -> WorkedRow:
        """Return the row with the number of values that leave it."""
        values = 1
        for length in self.row.after:
            values *= length
        return WorkedRow(parameters, multiplications, constant(values, f"v_{{{self.row.number}}}"))


def _worked(lines: _RowLines) -> WorkedRow:
    row, number = lines.row, lines.number
    layer = row.step.layer
    match layer:
        case Convolution():
            return _convolution(lines, layer)
        case Pooling(_, window, stride, padding):
            _lengths(lines, window, stride, padding, (1, 1), "Channels stay as they are.")
            return lines.result()
        case Linear(outputs, bias):
            return _linear(lines, outputs, bias=bias)
        case BatchNorm():
            parameters = lines.parameters(
                2 * number(row.before[0], "C"), "a scale and a shift for each channel (running means are not trained)."
            )
            return lines.result(parameters)
        case LayerNorm():
            owner = "a token" if len(row.before) < MAPS else "the last axis"
            meaning = f"a scale and a shift for each entry of {owner}."
            return lines.result(lines.parameters(2 * number(row.before[-1], "d"), meaning))
        case Flatten():
            if len(row.before) > 1:
                lines.line("n", _product(lines, row.before), "everything in one vector, so the lengths are multiplied.",
                           B("entries of the vector"))  # fmt: skip
            return lines.result()
        case ClassToken():
            return lines.result(lines.parameters(number(row.before[1], "d"), "one learned token of $d$ entries."))
        case Positions():
            formula = number(row.before[0], "T") * number(row.before[1], "d")
            return lines.result(lines.parameters(formula, "a learned vector of $d$ entries for each of $T$ tokens."))
        case Encoder(_, inner):
            return _encoder(lines, inner)
        case AdaptivePooling() | GlobalPooling() | Elementwise() | ToTokens() | FirstToken() | Sum():
            return lines.result()
        case Residual() | Graph():
            raise TypeError(layer)
        case _:
            assert_never(layer)


def _product(lines: _RowLines, size: Size) -> Expr:
    letters = {3: ("C", "H", "W"), 2: ("T", "d")}[len(size)]
    product, *others = (lines.number(length, letter) for length, letter in zip(size, letters, strict=True))
    for other in others:
        product = product * other
    return product


def _convolution(lines: _RowLines, layer: Convolution) -> WorkedRow:
    row, number = lines.row, lines.number
    size = (row.before[1], row.before[2])
    around = sides(layer.padding, size, spans(layer.window, layer.dilation), layer.stride)
    height, width = _lengths(lines, layer.window, layer.stride, around, layer.dilation, "")
    depth = number(row.before[0], r"C_{\text{in}}")
    if layer.groups > 1:
        depth = depth / number(layer.groups, "g")
    one_filter = number(layer.window[0], "k_h") * number(layer.window[1], "k_w") * depth
    filters = number(layer.filters, r"C_{\text{out}}")
    weights = one_filter * filters
    reach = "in every channel of its group" if layer.groups > 1 else "in every channel that arrives"
    biases = ", and a bias" if layer.bias else "; there are no biases"
    meaning = f"each filter has a weight for every place of its window {reach}{biases}."
    parameters = lines.parameters(weights + filters if layer.bias else weights, meaning)
    places = "every weight is used once at each place of the output."
    return lines.result(parameters, lines.multiplications(weights * height * width, places))


def _lengths(
    lines: _RowLines, window: PairOf, stride: PairOf, around: Sides, dilation: PairOf, more: str
) -> tuple[Expr, Expr]:
    """Return height and width of the output; one line where both are worked alike."""
    row = lines.row
    top, left, bottom, right = around
    down = (row.before[1], top, bottom, window[0], stride[0], dilation[0])
    across = (row.before[2], left, right, window[1], stride[1], dilation[1])
    padding = "the padding $p$ on each side, " if any(around) else ""
    letters = f"length $n$, {padding}the window $k$ and the stride $s$"
    if down == across:
        meaning = f"height and width of the output, from the input's {letters}. {more}".strip()
        formula = _length(lines, "n", down)
        side = lines.line("n", formula, meaning if lines.is_first else "height and width.", B("height and width"))
        return side, side
    height = lines.line("H", _length(lines, "H", down), f"height of the output. {more}".strip(), B("height"))
    return height, lines.line("W", _length(lines, "W", across), "its width.", B("width"))


def _length(lines: _RowLines, letter: str, axis: tuple[int, int, int, int, int, int]) -> Expr:
    length, before, after, window, stride, dilation = axis
    number = lines.number
    span = number(window, "k")
    if dilation > 1:
        span = number(dilation, "d") * (span - 1) + 1
    padded = number(length, letter)
    if before == after:
        padded = padded + 2 * number(before, "p") if before else padded
    else:
        padded = padded + number(before, "p_1") + number(after, "p_2")
    return floor((padded - span) / number(stride, "s")) + 1


def _linear(lines: _RowLines, outputs: int, *, bias: bool) -> WorkedRow:
    row, number = lines.row, lines.number
    gives = number(outputs, r"n_{\text{out}}")
    weights = number(row.before[-1], r"n_{\text{in}}") * gives
    biases = "and a bias." if bias else "and no bias."
    parameters = lines.parameters(
        weights + gives if bias else weights, f"each output has a weight for every input, {biases}"
    )
    match row.before:
        case (channels, height, _width):
            places = number(channels, "C") * number(height, "H")
            meaning = "the layer acts on each row of each channel, so every weight is used once for each."
            return lines.result(parameters, lines.multiplications(places * weights, meaning))
        case (tokens, _length):
            meaning = "every weight is used for each token."
            return lines.result(parameters, lines.multiplications(number(tokens, "T") * weights, meaning))
    return lines.result(parameters, lines.multiplications(weights, "every weight is used once."))


def _encoder(lines: _RowLines, inner_length: int) -> WorkedRow:
    row, number = lines.row, lines.number
    d, inner = number(row.before[1], "d"), number(inner_length, r"d_{\text{ff}}")
    tokens = number(row.before[0], "T")
    parameters = lines.parameters(
        4 * (d**2 + d) + 2 * d * inner + inner + d + 4 * d,
        "four maps of attention with biases, two maps of the MLP with biases, and two layer norms.",
    )
    multiplications = lines.multiplications(
        tokens * (4 * d**2 + 2 * d * inner) + 2 * tokens**2 * d,
        "every weight of the maps for each token, then scores and weighted values for each pair of tokens.",
    )
    return lines.result(parameters, multiplications)
