"""Short formulas as runs of text on three levels, for drawings, and how wide they are."""

from collections.abc import Iterable
from typing import Final, Literal

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.math.notation import Call, Fence, Fraction, Node, Number, Row, Script, Sign, Space, Style, Symbol, Text
from fullmarks.math.notation.vocabulary import BINARY, GREEK, PUNCTUATION, RELATIONS, call_fence, flat, is_unary

Level = Literal[-1, 0, 1]  # below the line, on it, above it
SCRIPT_SIZE: Final = 0.72  # of the size on the line
TEXT_SIZE: Final = 11.0  # pixels, as everything here: of most labels
WIDEST: Final = 620.0  # the text of a page
WIDER: Final = 1.12  # than the letters of a page are those that a browser may have instead
THIN: Final = "\u2009"
WIDE_LETTERS: Final = frozenset("mwMWQOGDHN@%→≈=+−×")
NARROW_LETTERS: Final = frozenset("iljtfrI.,;:'|!()[] \u2009")


class Run(Struct, frozen=True):
    """Letters of one style on one level."""

    letters: str
    style: Style = "upright"
    level: Level = 0


def runs(node: Node, level: Level = 0) -> tuple[Run, ...]:
    """Return a formula of one line as runs of text.

    Raises ``FullmarksError`` for what needs two dimensions: a matrix, a root, a sum with limits.
    """
    match node:
        case Number(digits):
            return (Run(digits.replace("-", "−"), "upright", level),)
        case Symbol(name, style):
            return (Run(GREEK.get(name, name), style, level),)
        case Text(words):
            return (Run(words, "upright", level),)
        case Sign(kind):
            return (Run(kind, "upright", level),)
        case Space(width):
            return (Run(THIN if width == "thin" else "  ", "upright", level),)
        case Row():
            return _row(flat(node), level)
        case Script(base, below, above):
            lower = runs(below, -1) if below is not None else ()
            upper = runs(above, 1) if above is not None else ()
            return (*runs(base, level), *lower, *upper)
        case Fraction(top, bottom):
            return (*runs(top, level), Run("/", "upright", level), *runs(bottom, level))
        case Fence(body, left, right):
            return (Run(left, "upright", level), *runs(body, level), Run(right, "upright", level))
        case Call(function):
            return (*runs(function, level), *runs(call_fence(node), level))
        case _:
            raise FullmarksError(f"a drawing cannot hold {type(node).__name__}: expected a formula of one line")


def _row(items: tuple[Node, ...], level: Level) -> tuple[Run, ...]:
    written: list[Run] = []
    previous: Node | None = None
    for item in items:
        spaced = isinstance(item, Sign) and item.kind in RELATIONS | BINARY and not is_unary(item, previous)
        gap = (Run(THIN, "upright", level),) if spaced and level == 0 else ()
        after = gap or ((Run(THIN),) if isinstance(item, Sign) and item.kind in PUNCTUATION and level == 0 else ())
        written += [*gap, *runs(item, level), *after]
        previous = item
    return tuple(written)


def width_of(node: Node, size: float) -> float:
    """Return about how wide a label is at a size, in the same units."""
    return sum(_width(run) for run in runs(node)) * size


def widest_of(lines: Iterable[Node], size: float = TEXT_SIZE) -> float:
    """Return the width of the widest of some lines, with room for a browser's own serif."""
    return WIDER * max((width_of(line, size) for line in lines), default=0.0)


def _width(run: Run) -> float:
    scale = SCRIPT_SIZE if run.level else 1.0
    widths = (0.75 if letter in WIDE_LETTERS else 0.31 if letter in NARROW_LETTERS else 0.5 for letter in run.letters)
    return scale * sum(widths)
