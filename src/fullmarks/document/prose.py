"""Sentences of problems and operators as inlines: plain words, formulas between dollars, and quantities in braces."""

import re
from collections.abc import Callable

from fullmarks.document.blocks import Formula, Inline, Inlines, Words
from fullmarks.math.notation import Node
from fullmarks.math.symbols import on_one_line
from fullmarks.problem.prose import MENTION


def inlines(text: str, quantity: Callable[[str], Node | str] | None = None) -> Inlines:
    """Return ``text`` as inlines; ``quantity`` says how ``{name}`` is shown (absent: it stays as it is)."""
    parts: list[Inline] = []
    for piece in _prose(text):
        if not isinstance(piece, str):
            parts.append(Formula(piece))
        elif quantity is None:
            parts.append(Words(piece))
        else:
            parts += _with_quantities(piece, quantity)
    return tuple(part for part in parts if part != Words(""))


def _prose(text: str) -> tuple[str | Node, ...]:
    if "$" not in text:
        return (text,)
    from fullmarks.math.notation.latex_reader import read_prose

    return read_prose(text)


def _with_quantities(text: str, quantity: Callable[[str], Node | str]) -> list[Inline]:
    pieces = MENTION.split(text)
    parts: list[Inline] = []
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            parts.append(Words(piece))
            continue
        shown = quantity(piece)
        parts.append(Words(shown) if isinstance(shown, str) else Formula(on_one_line(shown)))
    return parts


def paragraphs(text: str) -> list[str]:
    """Split prose at blank lines and fold each paragraph into one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
