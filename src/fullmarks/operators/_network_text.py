"""A network written as a list of layers: ``["conv2d 6 3x3 stride 2", "relu", "flatten", "linear 10"]``.

A residual block is written flat as well: ``residual``, its layers, perhaps ``shortcut`` and the layers there, ``add``.
"""

import re
from collections.abc import Callable, Sequence

from fullmarks.errors import FullmarksError, nearest
from fullmarks.operators._network import (
    KEEPS_THE_SIZE,
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
    Step,
    ToTokens,
    layer_text,
)
from fullmarks.operators._sliding import PairOf, Sides

MOST_NESTED = 20  # residual blocks within residual blocks
LARGEST_LENGTH = 10**7
_PAIR = re.compile(r"(\d{1,8})(?:[x×](\d{1,8}))?", re.ASCII)
_SIZE = "a whole number or a size such as 3x3"


class _Words:
    """The words of one layer, taken one after another."""

    def __init__(self, text: str, place: str) -> None:
        self.kind, *self.rest = text.lower().split()
        self.place = place

    def refuse(self, expected: str) -> FullmarksError:
        found = repr(self.rest[0]) if self.rest else "nothing more"
        return FullmarksError(f"{self.place}: expected {expected}, found {found}")

    def pair(self, expected: str, least: int = 1) -> PairOf:
        found = _PAIR.fullmatch(self.rest[0]) if self.rest else None
        if found is None:
            raise self.refuse(expected)
        pair = (int(found[1]), int(found[2] or found[1]))
        if not least <= min(pair) <= max(pair) <= LARGEST_LENGTH:
            raise self.refuse(f"{expected}, at least {least} and at most {LARGEST_LENGTH:,}")
        self.rest.pop(0)
        return pair

    def whole(self, expected: str) -> int:
        if not self.rest or not re.fullmatch(r"\d+", self.rest[0], re.ASCII):
            raise self.refuse(expected)
        return self.pair(expected)[0]

    def options(self, known: Sequence[str]) -> dict[str, PairOf]:
        """Read ``stride 2 padding 1 no-bias`` to the end; a word without a size stands for (0, 0)."""
        found: dict[str, PairOf] = {}
        while self.rest:
            word = self.rest[0]
            if word not in known:
                listed = ", ".join(known)
                raise FullmarksError(f"{self.place}: {word!r} is unknown here{nearest(word, known)} (known: {listed})")
            self.rest.pop(0)
            if word in found:
                raise FullmarksError(f"{self.place}: {word} stands there twice")
            if word == "padding" and self.rest[:1] == ["same"]:
                self.rest.pop(0)
                found["same"] = (0, 0)
            elif word == "no-bias":
                found[word] = (0, 0)
            else:
                found[word] = self.pair(f"{_SIZE} behind {word}", 0 if word == "padding" else 1)
        return found


def _around(options: dict[str, PairOf]) -> Sides:
    height, width = options.get("padding", (0, 0))
    return (height, width, height, width)


def _convolution(words: _Words) -> Layer:
    filters = words.whole("the number of filters")
    window = words.pair(f"the window: {_SIZE}")
    options = words.options(("stride", "padding", "dilation", "groups", "no-bias"))
    return Convolution(
        filters,
        window,
        options.get("stride", (1, 1)),
        "same" if "same" in options else _around(options),
        options.get("dilation", (1, 1)),
        options.get("groups", (1, 1))[0],
        "no-bias" not in options,
    )


def _pooling(words: _Words) -> Layer:
    window = words.pair(f"the window: {_SIZE}")
    options = words.options(("stride", "padding"))
    if "same" in options:
        raise FullmarksError(f"{words.place}: pooling takes its padding as a number")
    kind = "max" if words.kind.startswith("max") else "avg"
    return Pooling(kind, window, options.get("stride", window), _around(options))  # type: ignore[arg-type]


def _linear(words: _Words) -> Layer:
    outputs = words.whole("the number of outputs")
    return Linear(outputs, "no-bias" not in words.options(("no-bias",)))


def _adaptive(words: _Words) -> Layer:
    return AdaptivePooling(words.pair(f"the size that comes out: {_SIZE}"))


def _encoder(words: _Words) -> Layer:
    options = words.options(("heads", "d_ff"))
    if set(options) != {"heads", "d_ff"}:
        raise FullmarksError(f"{words.place}: expected such as 'encoder heads 12 d_ff 3072'")
    return Encoder(options["heads"][0], options["d_ff"][0])


def _dropout(words: _Words) -> Layer:
    if words.rest and re.fullmatch(r"0?\.\d+|0|1", words.rest[0], re.ASCII):
        words.rest.pop(0)  # its rate changes no count
    return Elementwise("dropout")


_READERS: dict[str, Callable[[_Words], Layer]] = {
    "conv2d": _convolution,
    "max_pool2d": _pooling,
    "avg_pool2d": _pooling,
    "adaptive_avg_pool2d": _adaptive,
    "global_avg_pool2d": lambda _words: GlobalPooling(),
    "linear": _linear,
    "batch_norm": lambda _words: BatchNorm(),
    "layer_norm": lambda _words: LayerNorm(),
    "flatten": lambda _words: Flatten(),
    "tokens": lambda _words: ToTokens(),
    "class_token": lambda _words: ClassToken(),
    "position_embedding": lambda _words: Positions(),
    "first_token": lambda _words: FirstToken(),
    "encoder": _encoder,
    **{name: (lambda words: Elementwise(words.kind)) for name in KEEPS_THE_SIZE},
    "dropout": _dropout,
}
MARKERS = ("residual", "shortcut", "add")
LAYER_WORDS = (*_READERS, *MARKERS)


def read_layers(texts: Sequence[str]) -> tuple[Step, ...]:
    """Read a list of layers; raises ``FullmarksError`` naming the layer by its place in the list."""
    branches: list[list[Step]] = [[]]  # the whole list, then, for each open block, its layers and its shortcut's
    open_blocks: list[str] = []  # "residual" or "shortcut": which branch of each open block is being read
    for number, text in enumerate(texts, 1):
        place = f"layer {number}, {text[:60]!r}"
        if not text.strip():
            raise FullmarksError(f"layer {number} is empty, expected one such as 'conv2d 6 3x3' or 'relu'")
        words = _Words(text, place)
        match words.kind:
            case "residual":
                if len(open_blocks) == MOST_NESTED:
                    raise FullmarksError(f"{place}: more than {MOST_NESTED} residual blocks within one another")
                open_blocks.append("residual")
                branches.append([])
            case "shortcut":
                if not open_blocks or open_blocks[-1] == "shortcut":
                    raise FullmarksError(f"{place}: a shortcut follows the layers of a residual block, once")
                open_blocks[-1] = "shortcut"
                branches.append([])
            case "add":
                if not open_blocks:
                    raise FullmarksError(f"{place}: add ends a residual block, but no block was begun with 'residual'")
                shortcut = branches.pop() if open_blocks.pop() == "shortcut" else []
                body = branches.pop()
                branches[-1].append(Step(Residual(tuple(body), tuple(shortcut)), place))
            case kind if kind in _READERS:
                branches[-1].append(Step(_READERS[kind](words), place))
            case kind:
                listed = ", ".join(LAYER_WORDS)
                raise FullmarksError(
                    f"{place}: there is no layer {kind!r}{nearest(kind, LAYER_WORDS)} (known: {listed})"
                )
        if words.rest:
            raise words.refuse("the end of the layer")
    if open_blocks:
        raise FullmarksError("a residual block is not ended: 'add' is missing behind its layers")
    return tuple(branches[0])


def is_list_of_layers(steps: Sequence[Step]) -> bool:
    """True if a list of layers says all that counts: no sums that overlap, and no weights that are used twice."""
    seen: set[int] = set()
    waiting = list(steps)
    while waiting:
        layer = waiting.pop().layer
        match layer:
            case Graph():
                return False
            case Residual(body, shortcut):
                waiting += (*body, *shortcut)
            case Convolution() | Linear() | BatchNorm() | LayerNorm():
                if id(layer) in seen:
                    return False
                seen.add(id(layer))
    return True


def layer_texts(steps: Sequence[Step]) -> list[str]:
    """Write layers as the list that reads as them again."""
    texts: list[str] = []
    for step in steps:
        match step.layer:
            case Residual(body, shortcut):
                texts += ["residual", *layer_texts(body)]
                texts += ["shortcut", *layer_texts(shortcut)] if shortcut else []
                texts.append("add")
            case layer:
                texts.append(layer_text(layer))
    return texts
