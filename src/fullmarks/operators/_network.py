"""A network as data: its layers, how each is written in words, and the size that it makes of what arrives."""

from typing import Literal, assert_never

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.operators._sliding import PairOf, Sides, sides, spans

Size = tuple[int, ...]  # [C, H, W] of maps, [T, d] of tokens, [n] of a vector
MAPS, TOKENS, VECTOR = 3, 2, 1  # how many lengths each of them has
KEEPS_THE_SIZE = ("relu", "sigmoid", "tanh", "gelu", "softmax", "leaky_relu", "elu", "dropout", "identity")


class Convolution(Struct, frozen=True):
    """A convolutional layer; ``channels`` are those that its author wrote, absent where nobody did."""

    filters: int
    window: PairOf
    stride: PairOf = (1, 1)
    padding: Sides | str = (0, 0, 0, 0)
    dilation: PairOf = (1, 1)
    groups: int = 1
    bias: bool = True
    channels: int | None = None
    padding_mode: str = "zeros"  # or "reflect" and "circular", which need as many entries as they repeat


class Pooling(Struct, frozen=True):
    """The largest or the average of every window."""

    kind: Literal["max", "avg"]
    window: PairOf
    stride: PairOf
    padding: Sides = (0, 0, 0, 0)


class AdaptivePooling(Struct, frozen=True):
    """Averages over windows that are chosen so that this height and width come out."""

    size: PairOf


class GlobalPooling(Struct, frozen=True):
    """The average of every channel: a vector."""


class Linear(Struct, frozen=True):
    """A fully connected layer on a vector or on every token; ``inputs`` as its author wrote them, if anybody did."""

    outputs: int
    bias: bool = True
    inputs: int | None = None


class BatchNorm(Struct, frozen=True):
    """Batch normalisation with a scale and a shift for every channel; ``is_of_maps`` as PyTorch's ``BatchNorm2d``."""

    channels: int | None = None
    is_of_maps: bool = False


class LayerNorm(Struct, frozen=True):
    """Layer normalisation with a scale and a shift for every entry of the last axis."""

    length: int | None = None


class Elementwise(Struct, frozen=True):
    """What keeps the size and has no parameters: an activation, softmax over an axis of the batch, dropout."""

    name: str
    axis: int | None = None


class Flatten(Struct, frozen=True):
    """Everything in one vector; ``length`` as its author wrote it (``x.view(-1, 400)``), if anybody did."""

    length: int | None = None


class ToTokens(Struct, frozen=True):
    """Every place of the maps becomes a token whose entries are the channels there."""


class ClassToken(Struct, frozen=True):
    """A learned token before all others."""


class Positions(Struct, frozen=True):
    """A learned vector added to every token."""


class FirstToken(Struct, frozen=True):
    """Only the first token, as a vector."""


class Encoder(Struct, frozen=True):
    """A Transformer's encoder layer: attention with ``heads``, and maps to ``inner`` entries and back."""

    heads: int
    inner: int


class Sum(Struct, frozen=True):
    """The end of a residual block: what its layers give plus what came by the shortcut."""


class Residual(Struct, frozen=True):
    """A residual block: layers, and beside them a shortcut, which is the block's input where it has no layers."""

    body: "tuple[Step, ...]"
    shortcut: "tuple[Step, ...]" = ()


class Graph(Struct, frozen=True):
    """A whole network whose sums overlap, so that it is not made of blocks.

    Its steps are in the order in which they are computed; ``sources`` has, for each, the numbers from 1 of the steps
    that it takes, 0 for the network's input. The last step gives the network's output.
    """

    steps: "tuple[Step, ...]"
    sources: tuple[tuple[int, ...], ...]


Layer = (
    Convolution | Pooling | AdaptivePooling | GlobalPooling | Linear | BatchNorm | LayerNorm | Elementwise | Flatten
    | ToTokens | ClassToken | Positions | FirstToken | Encoder | Sum | Residual | Graph
)  # fmt: skip


class Step(Struct, frozen=True, eq=False):
    """One use of a layer: how a message says where it was written, and its author's name for it."""

    layer: Layer
    place: str
    name: str = ""


def layer_text(layer: Layer) -> str:
    """Write a layer as a list of layers has it: ``conv2d 6 3×3 stride 2 padding 1``."""
    match layer:
        case Convolution():
            return " ".join(["conv2d", str(layer.filters), _pair(layer.window), *_options(layer)])
        case Pooling(kind, window, stride, padding):
            around = f" padding {_sides(padding)}" if any(padding) else ""
            step = "" if stride == window else f" stride {_short(stride)}"
            return f"{kind}_pool2d {_pair(window)}{step}{around}"
        case AdaptivePooling(size):
            return f"adaptive_avg_pool2d {_pair(size)}"
        case GlobalPooling():
            return "global_avg_pool2d"
        case Linear(outputs, bias):
            return f"linear {outputs}{'' if bias else ' no-bias'}"
        case BatchNorm():
            return "batch_norm"
        case LayerNorm():
            return "layer_norm"
        case Elementwise(name):
            return name
        case Flatten():
            return "flatten"
        case ToTokens():
            return "tokens"
        case ClassToken():
            return "class_token"
        case Positions():
            return "position_embedding"
        case FirstToken():
            return "first_token"
        case Encoder(heads, inner):
            return f"encoder heads {heads} d_ff {inner}"
        case Sum():
            return "add"
        case Residual():
            return "residual"
        case Graph():
            return "graph"
        case _:
            assert_never(layer)


def _options(layer: Convolution) -> list[str]:
    stated = [
        ("stride", _short(layer.stride), layer.stride != (1, 1)),
        ("padding", _sides(layer.padding), layer.padding != (0, 0, 0, 0)),
        ("dilation", _short(layer.dilation), layer.dilation != (1, 1)),
        ("groups", str(layer.groups), layer.groups != 1),
    ]
    return [f"{word} {value}" for word, value, is_said in stated if is_said] + ([] if layer.bias else ["no-bias"])


def _pair(pair: PairOf) -> str:
    return f"{pair[0]}×{pair[1]}"


def _short(pair: PairOf) -> str:
    return str(pair[0]) if pair[0] == pair[1] else _pair(pair)


def _sides(padding: Sides | str) -> str:
    if isinstance(padding, str):
        return padding
    top, left, bottom, right = padding
    return _short((top, left)) if (top, left) == (bottom, right) else f"{top}×{left}×{bottom}×{right}"


def size_text(size: Size) -> str:
    """Write a size as people do: ``6×28×28``."""
    return "×".join(str(length) for length in size)


def output_size(step: Step, size: Size) -> Size:
    """Return the size that a layer makes of what arrives; a residual block is taken apart elsewhere.

    Raises ``FullmarksError`` saying where the layer was written, what arrives and what it takes.
    """
    layer = step.layer
    match layer:
        case Convolution():
            return (layer.filters, *_convolved(step, layer, size))
        case Pooling(_, window, stride, padding):
            maps = _arriving(step, size, MAPS)
            if max(padding[0], padding[2]) >= window[0] or max(padding[1], padding[3]) >= window[1]:
                raise FullmarksError(f"{step.place}: the padding is as large as the window")
            return (maps[0], *_slid(step, maps, window, padding, stride))
        case AdaptivePooling(wanted):
            return (_arriving(step, size, MAPS)[0], *wanted)
        case GlobalPooling():
            return _arriving(step, size, MAPS)[:1]
        case Linear(outputs, _, inputs):
            if len(size) == MAPS and inputs != size[-1]:
                raise FullmarksError(
                    f"{step.place}: a linear layer takes a vector, but {size_text(size)} arrives; flatten it first, "
                    f"to {_product(size)} entries"
                )
            _agree(step, inputs, size[-1], "inputs", size)
            return (*size[:-1], outputs)
        case BatchNorm(channels, is_of_maps):
            _agree(step, channels, (_arriving(step, size, MAPS) if is_of_maps else size)[0], "channels", size)
            return size
        case LayerNorm(length):
            _agree(step, length, size[-1], "entries", size)
            return size
        case Elementwise(_, axis):
            if axis is not None and not -len(size) - 1 <= axis <= len(size):
                raise FullmarksError(f"{step.place}: there is no axis {axis} in a batch of {size_text(size)}")
            return size
        case Flatten(length):
            _agree(step, length, _product(size), "entries", size)
            return (_product(size),)
        case ToTokens():
            channels, height, width = _arriving(step, size, MAPS)
            return (height * width, channels)
        case ClassToken():
            tokens, width = _arriving(step, size, TOKENS)
            return (tokens + 1, width)
        case Positions():
            return _arriving(step, size, TOKENS)
        case FirstToken():
            return _arriving(step, size, TOKENS)[1:]
        case Encoder(heads):
            _tokens, width = _arriving(step, size, TOKENS)
            if width % heads:
                raise FullmarksError(f"{step.place}: tokens of {width} entries cannot be shared by {heads} heads")
            return size
        case Sum() | Residual() | Graph():
            raise TypeError(layer)
        case _:
            assert_never(layer)


def _product(size: Size) -> int:
    count = 1
    for length in size:
        count *= length
    return count


def _arriving(step: Step, size: Size, axes: int) -> Size:
    if len(size) != axes:
        wanted = {MAPS: "maps of C×H×W", TOKENS: "tokens of T×d", VECTOR: "a vector"}[axes]
        raise FullmarksError(f"{step.place}: this layer takes {wanted}, but {size_text(size)} arrives")
    return size


def _agree(step: Step, written: int | None, arriving: int, what: str, size: Size) -> None:
    if written is not None and written != arriving:
        whole = f" (the output before it is {size_text(size)})" if len(size) > 1 else ""
        raise FullmarksError(f"{step.place}: it is written for {written} {what}, but {arriving} arrive{whole}")


def _convolved(step: Step, layer: Convolution, size: Size) -> PairOf:
    channels, height, width = _arriving(step, size, MAPS)
    _agree(step, layer.channels, channels, "channels", size)
    for what, count in (("channels that arrive", channels), ("filters", layer.filters)):
        if count % layer.groups:
            raise FullmarksError(f"{step.place}: the {count} {what} cannot be split into {layer.groups} equal groups")
    span = spans(layer.window, layer.dilation)
    around = sides(layer.padding, (height, width), span, layer.stride)
    limits = {"reflect": (height - 1, width - 1), "circular": (height, width)}.get(layer.padding_mode)
    if limits is not None and (max(around[0], around[2]) > limits[0] or max(around[1], around[3]) > limits[1]):
        raise FullmarksError(f"{step.place}: {size_text(size)} is too small for so much {layer.padding_mode} padding")
    return _slid(step, size, span, around, layer.stride)


def _slid(step: Step, size: Size, span: PairOf, around: Sides, stride: PairOf) -> PairOf:
    """Count the places where a window may start."""
    top, left, bottom, right = around
    padded = (size[1] + top + bottom, size[2] + left + right)
    if span[0] > padded[0] or span[1] > padded[1]:
        raise FullmarksError(
            f"{step.place}: its window of {_pair(span)} does not fit into the {size_text(size)} that arrives"
            + (f", padded to {_pair(padded)}" if any(around) else "")
        )
    rows, columns = (range(0, padded[axis] - span[axis] + 1, stride[axis]) for axis in (0, 1))
    return (len(rows), len(columns))
