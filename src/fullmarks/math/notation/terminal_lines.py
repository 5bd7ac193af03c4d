"""A formula cut into several lines of a terminal where it is too wide: before relations first, then before signs."""

from collections.abc import Sequence
from typing import Final

from fullmarks.math.notation import Aligned, Call, Fence, Node, Row, Sign, SignKind
from fullmarks.math.notation.drawing import Drawing, beside, one_line, stacked
from fullmarks.math.notation.terminal import DrawItem, draw, pieces
from fullmarks.math.notation.vocabulary import PUNCTUATION, RELATIONS, call_fence, flat, is_unary

# Where a formula that is too wide may be cut: before these, the outermost first.
BREAKS: Final[tuple[frozenset[SignKind], ...]] = (RELATIONS, frozenset({"+", "−"}), frozenset({"×", "⋅", "⊙"}))
BREAKS_INSIDE: Final = (*BREAKS[1:], frozenset[SignKind]({","}))
"""Where brackets are cut that are too wide by themselves; after a comma, not before it."""

INDENT = 2


def broken(node: Node, width: int) -> Drawing:
    """Return a formula cut where it is wider than ``width``: before relations first, then before + and −.

    Continuation lines are indented by two; a matrix or a fraction is never cut, however wide.
    """
    match node:
        case Row():
            first, *others = _cut(flat(node), None, width, BREAKS, _drawn_once())
            margin = one_line(" " * INDENT)
            return stacked([first, *(beside([margin, line]) for line in others)], align="left", airy=True)
        case Aligned(lines) if draw(node).width > width:
            return stacked([broken(Row(line), width) for line in lines], align="left", airy=True)
        case _:
            return draw(node)


def _drawn_once() -> DrawItem:
    """Return a function that draws an item as a formula of its own has it, and remembers what it drew."""
    known: dict[int, tuple[Node, Drawing]] = {}  # with the node, so that its id stays its own

    def drawn(node: Node) -> Drawing:
        if id(node) not in known:
            known[id(node)] = (node, draw(node))
        return known[id(node)][1]

    return drawn


def _cut(
    items: Sequence[Node], before: Node | None, width: int, breaks: tuple[frozenset[SignKind], ...], drawn: DrawItem
) -> list[Drawing]:
    """Return the drawings of the lines of a row, each filled as far as the next place to cut allows."""
    room = width - (INDENT if before is not None else 0)
    row = pieces(items, before, drawn)
    if sum(piece.width for piece in row) <= room:
        return [beside(row)]
    if not breaks:
        opened = _opened(items, drawn)
        return [beside(row)] if len(opened) == len(items) else _cut(opened, before, width, BREAKS_INSIDE, drawn)
    segments = _segments(items, breaks[0])
    lines: list[Drawing] = []
    pending: tuple[Node, ...] = ()
    last = before
    for segment in segments:
        room = width - (INDENT if last is not None else 0)
        fits = not pending or _width((*pending, *segment), last, drawn) <= room
        if fits or _goes_on(pending, segment, last, width, drawn):
            pending = (*pending, *segment)
        else:
            lines.extend(_cut(pending, last, width, breaks[1:], drawn))
            last = pending[-1]
            pending = segment
    return [*lines, *_cut(pending, last, width, breaks[1:], drawn)]


def _opened(items: Sequence[Node], drawn: DrawItem) -> list[Node]:
    """Return items with brackets of one line, and the bodies of big operators, as items of their own."""
    opened: list[Node] = []
    for item in items:
        match item:
            case Call(function):
                fence = call_fence(item)
                opened.extend([function, *_opened([fence], drawn)] if drawn(fence).height == 1 else [item])
            case Fence(body, "(" | "[" as left, ")" | "]" as right) if drawn(body).height == 1:
                opened.extend([Sign(left), *flat(Row((body,))), Sign(right)])
            case _:
                opened.append(item)
    return opened


def _goes_on(pending: Sequence[Node], segment: Sequence[Node], last: Node | None, width: int, drawn: DrawItem) -> bool:
    """Tell whether a segment that must be cut anyway may start on the line of a short left side."""
    return _width(segment, pending[-1], drawn) > width - INDENT and _width(pending, last, drawn) < width // 3


def _segments(items: Sequence[Node], signs: frozenset[SignKind]) -> list[tuple[Node, ...]]:
    segments: list[list[Node]] = [[]]
    previous: Node | None = None
    for item in items:
        before_sign = isinstance(item, Sign) and item.kind in signs - PUNCTUATION and not is_unary(item, previous)
        after_comma = isinstance(previous, Sign) and previous.kind in signs & PUNCTUATION
        if segments[-1] and (before_sign or after_comma):
            segments.append([])
        segments[-1].append(item)
        previous = item
    return [tuple(segment) for segment in segments]


def _width(items: Sequence[Node], before: Node | None, drawn: DrawItem) -> int:
    """Return how many columns a row covers, without drawing it."""
    return sum(piece.width for piece in pieces(items, before, drawn))
