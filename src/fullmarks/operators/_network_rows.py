"""The rows of a network's table: what arrives at each layer, what leaves it, and the arrays of its parameters."""

from collections.abc import Sequence
from math import prod
from typing import Literal, assert_never

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.math.figures.words import listed
from fullmarks.operators._counting import encoder_layer_shapes, entries
from fullmarks.operators._network import (
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
    Layer,
    LayerNorm,
    Linear,
    Pooling,
    Positions,
    Residual,
    Size,
    Step,
    Sum,
    ToTokens,
    layer_text,
    output_size,
    size_text,
)

MOST_ROWS = 1000
BYTES = 4  # of a 32-bit number
LARGEST_COUNT = 2**53  # above it, floats leave whole numbers out
Branch = Literal["", "shortcut"]


class Row(Struct, frozen=True):
    """One row: its number from 1, the use of a layer, and the sizes before and after it.

    ``is_again`` says that the layer was used before, so that its parameters are counted there. ``sources`` are the rows
    whose outputs it takes, 0 for the input, where that is not the row before.
    """

    number: int
    step: Step
    before: Size
    after: Size
    branch: Branch = ""
    is_again: bool = False
    sources: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        """The layer as it is named and written: ``conv1: conv2d 6 3×3``."""
        told = [self.branch, self.step.name, layer_text(self.step.layer)]
        numbers = [str(source) for source in sorted(self.sources) if source]
        taken = [f"row{'s' * (len(numbers) > 1)} {listed(numbers)}"] if numbers else []
        taken += ["the input"] if 0 in self.sources else []
        notes = ["again"] * self.is_again + ([f"from {listed(taken)}"] if taken else [])
        return ": ".join(part for part in told if part) + (f" ({', '.join(notes)})" if notes else "")


def network_rows(steps: Sequence[Step], size: Size) -> tuple[Row, ...]:
    """Return the rows of a network for one input of ``size``.

    Raises ``FullmarksError`` where a layer cannot take what arrives, saying where it was written.
    """
    rows: list[Row] = []
    match steps:
        case (Step(layer=Graph(inner, sources)),):
            _walk_graph(inner, sources, size, rows)
        case _:
            _walk(steps, size, "", rows)
    counts = [(counted_parameters(row), counted_multiplications(row), BYTES * prod(row.after)) for row in rows]
    if any(sum(column) > LARGEST_COUNT for column in zip(*counts, strict=True)):
        raise FullmarksError(f"the network is too large: a total is above {LARGEST_COUNT:,}")
    return tuple(rows)


def _walk_graph(steps: Sequence[Step], sources: Sequence[Sequence[int]], size: Size, rows: list[Row]) -> None:
    sizes = [size]
    for number, (step, taken) in enumerate(zip(steps, sources, strict=True), 1):
        before = sizes[taken[0]]
        if isinstance(step.layer, Sum):
            after = _size_of_sum(step, before, sizes[taken[1]], "one")
        else:
            after = _after(step, before, rows)
        sizes.append(after)
        told = () if list(taken) == [number - 1] else tuple(taken)
        rows.append(Row(number, step, before, after, is_again=_is_again(step.layer, before, rows), sources=told))


def _size_of_sum(step: Step, size: Size, other: Size, name: str) -> Size:
    if size != other:
        raise FullmarksError(
            f"{step.place}: the sum needs two arrays of one shape, but {name} give{'s' if name == 'one' else ''} "
            f"{size_text(size)} and the {'other' if name == 'one' else 'shortcut'} {size_text(other)}"
        )
    return size


def _is_again(layer: Layer, before: Size, rows: Sequence[Row]) -> bool:
    return any(row.step.layer is layer for row in rows) and bool(parameter_shapes(layer, before))


def _walk(steps: Sequence[Step], size: Size, branch: Branch, rows: list[Row]) -> Size:
    for step in steps:
        match step.layer:
            case Residual(body, shortcut):
                before = size
                size = _walk(body, before, branch, rows)
                other = _walk(shortcut, before, "shortcut", rows)
                _size_of_sum(step, size, other, "the layers")
                rows.append(Row(len(rows) + 1, Step(Sum(), step.place), before, size, branch))
            case layer:
                before, size = size, _after(step, size, rows)
                rows.append(Row(len(rows) + 1, step, before, size, branch, _is_again(layer, before, rows)))
        if len(rows) > MOST_ROWS:
            raise FullmarksError(f"the network has more than {MOST_ROWS:,} layers")
    return size


def _after(step: Step, size: Size, rows: Sequence[Row]) -> Size:
    """Return the size behind a layer; a refusal of a vector says what was flattened into it."""
    try:
        return output_size(step, size)
    except FullmarksError as problem:
        flattened = [row.before for row in rows if isinstance(row.step.layer, Flatten) and row.after == size]
        if not flattened or not isinstance(step.layer, Linear):
            raise
        raise FullmarksError(f"{problem} (flattened from {size_text(flattened[-1])})") from None


def parameter_shapes(layer: Layer, before: Size) -> list[tuple[int, ...]]:
    """Return the shapes of a layer's weights and biases, as a program keeps them."""
    match layer:
        case Convolution(filters, window, groups=groups, bias=bias):
            weights = (filters, before[0] // groups, *window)
            return [weights, (filters,)] if bias else [weights]
        case Linear(outputs, bias):
            return [(outputs, before[-1]), (outputs,)] if bias else [(outputs, before[-1])]
        case BatchNorm():
            return [(before[0],)] * 2
        case LayerNorm():
            return [(before[-1],)] * 2
        case ClassToken():
            return [(1, before[1])]
        case Positions():
            return [before]
        case Encoder(_, inner):
            return encoder_layer_shapes(before[1], inner, bias=True)
        case Pooling() | AdaptivePooling() | GlobalPooling() | Elementwise() | Flatten() | ToTokens() | FirstToken():
            return []
        case Sum() | Residual() | Graph():
            return []
        case _:
            assert_never(layer)


def counted_parameters(row: Row) -> int:
    """Return the parameters that a row adds, from the shapes of its arrays."""
    return 0 if row.is_again else entries(parameter_shapes(row.step.layer, row.before))


def counted_multiplications(row: Row) -> int:
    """Return the multiply–accumulates of a row: every output of a weighted sum takes one a weight."""
    match row.step.layer:
        case Convolution():
            weights = parameter_shapes(row.step.layer, row.before)[0]
            return prod(weights[1:]) * prod(row.after)
        case Linear():
            return row.before[-1] * prod(row.after)
        case Encoder(_, inner):
            tokens, width = row.before
            matrices = [shape for shape in encoder_layer_shapes(width, inner, bias=False) if len(shape) > 1]
            between_tokens = 2 * tokens * tokens * width  # scores, and values weighted by them
            return tokens * entries(matrices) + between_tokens
        case _:
            return 0
