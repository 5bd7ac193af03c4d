"""Sentences and formulas as HTML: where a long formula may go on below, and which blocks may have to scroll."""

import re
from html import escape
from typing import Final, assert_never

from fullmarks.document.blocks import Formula, Inlines, Words
from fullmarks.math.notation import Node, Row
from fullmarks.math.notation.latex import is_tall
from fullmarks.math.notation.mathml import mathml
from fullmarks.render.long_formulas import segments, width
from fullmarks.render.words import printable

UNBREAKABLE: Final = 14.0
"""A piece wider than this, in digits, may be wider than a line on a phone; its block scrolls there."""

WIDEST_ON_A_SCREEN: Final = 36.0
"""A piece wider than this may be wider than a line on any screen."""

LONG_SEGMENT: Final = 22.0
"""What follows a sign breaks inside only if it is wider than this, in digits."""

ELEMENTS: Final = {"strong": "strong", "emphasis": "em", "code": "code"}

BEFORE: Final = re.compile(r"[(\[“‘]+$")
AFTER: Final = re.compile(r"^[^\s\w(\[“‘]+")


def text(words: str) -> str:
    """Return words as HTML in which nothing is a tag, an entity or the end of an attribute."""
    return escape(printable(words))


def inlines(sentence: Inlines, *, breaking: bool = True) -> str:
    """Return a sentence; formulas keep the punctuation beside them, and break where they are long if ``breaking``."""
    written: list[str] = []
    taken = 0  # letters that the formula before has taken
    for place, inline in enumerate(sentence):
        match inline:
            case Words(words, style):
                rest, taken = words[taken:], 0
                following = sentence[place + 1] if place + 1 < len(sentence) else None
                clinging = BEFORE.search(rest) if style == "plain" and isinstance(following, Formula) else None
                kept = rest[: clinging.start()] if clinging else rest
                written.append(_styled(text(kept), style))
            case Formula(node):
                before = BEFORE.search(_plain(sentence, place - 1))
                after = AFTER.search(_plain(sentence, place + 1))
                taken = after.end() if after else 0
                long = breaking and width(node) > LONG_SEGMENT
                formula = displayed(node) if long else mathml(node, displayed=is_tall(node))
                around = text(before[0]) if before else "", text(after[0]) if after else ""
                written.append(_with_punctuation(formula, *around, breaks=long))
            case _:
                assert_never(inline)
    return "".join(written)


def displayed(node: Node) -> str:
    """Return a formula in full size as elements between which a line may end, so that the next begins with a sign."""
    previous: Node | None = None
    written: list[str] = []
    for segment in segments(node):
        pieces = (Row(segment),) if width(Row(segment)) <= LONG_SEGMENT else _pieces(segment)
        elements = []
        for piece in pieces:
            elements.append(mathml(piece, displayed=True, previous=previous))
            previous = piece
        # A segment of several pieces goes to the next line as a whole before it breaks inside.
        inside = "<wbr>".join(elements)
        written.append(inside if len(elements) == 1 else f'<span class="segment">{inside}</span>')
    return "<wbr>".join(written)


def widest(node: Node) -> float:
    """Return about how many digits wide the widest piece is inside which no line can end."""
    return max((width(piece) for segment in segments(node) for piece in _pieces(segment)), default=0.0)


def widest_of(sentence: Inlines) -> float:
    """Return the same for all formulas of a sentence."""
    return max((widest(inline.node) for inline in sentence if isinstance(inline, Formula)), default=0.0)


def scrolling(digits: float) -> str:
    """Return the attributes of an element that holds a piece of this width: one that may scroll can be reached by key.

    ``--digits`` lets the printed page set it smaller instead.
    """
    if digits <= UNBREAKABLE:
        return ""
    everywhere = " everywhere" if digits > WIDEST_ON_A_SCREEN else ""
    named = 'role="group" aria-label="Formula that may be wide"'
    return f' tabindex="0" {named} data-scrolls="on a phone{everywhere}" style="--digits:{digits:.0f}"'


def _pieces(segment: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return a segment's pieces; the sign that leads it stays with the first of them."""
    if len(segment) < 2:  # noqa: PLR2004 - a sign and something to stay with
        return segment
    return (Row(segment[:2]), *segment[2:])


def _styled(words: str, style: str) -> str:
    element = ELEMENTS.get(style)
    return f"<{element}>{words}</{element}>" if element and words else words


def _with_punctuation(formula: str, before: str, after: str, *, breaks: bool) -> str:
    # A browser may end a line on either side of a formula, even before a full stop.
    together = f"{before}{formula}{after}"
    return together if breaks or together == formula else f'<span class="whole">{together}</span>'


def _plain(sentence: Inlines, place: int) -> str:
    if not 0 <= place < len(sentence):
        return ""
    inline = sentence[place]
    return inline.text if isinstance(inline, Words) and inline.style == "plain" else ""
