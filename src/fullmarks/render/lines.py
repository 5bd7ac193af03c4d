"""Lines of a terminal made of styled pieces: how they are indented, put side by side, filled and painted."""

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from fullmarks.document.blocks import Formula, Inlines, Words
from fullmarks.math.notation import Row
from fullmarks.math.notation.drawing import Drawing, columns_of, one_line
from fullmarks.math.notation.terminal import draw
from fullmarks.math.notation.terminal_lines import broken
from fullmarks.render.long_formulas import opened
from fullmarks.render.words import printable, visible

Role = Literal["plain", "title", "heading", "strong", "emphasis", "code", "label", "marks", "note", "answer"]

COLOURS: Final[dict[Role, str]] = {
    "plain": "", "title": "bold", "heading": "bold underline", "strong": "bold", "emphasis": "italic",
    "code": "cyan", "label": "bold", "marks": "bold magenta", "note": "dim", "answer": "bold green",
}  # fmt: skip


class Span(Struct, frozen=True):
    """Characters in one role."""

    text: str
    role: Role = "plain"


Line = tuple[Span, ...]


class Laid(Struct, frozen=True):
    """Lines, the index of the one on which a label before them stands, and of the one that takes marks."""

    lines: tuple[Line, ...]
    first: int = 0
    last: int = -1


class Piece(Struct, frozen=True):
    """A drawing in one role; ``spaced`` if a blank, where a line may end, stands before it."""

    drawing: Drawing
    role: Role = "plain"
    spaced: bool = False


def plain(line: Line) -> str:
    """Return a line's characters."""
    return "".join(span.text for span in line)


def length(line: Line) -> int:
    """Return how many columns a line covers."""
    return columns_of(plain(line))


def line_of(text: str, role: Role = "plain") -> Line:
    """Return a line of one span."""
    return (Span(text, role),)


def indented(lines: Sequence[Line], by: int) -> list[Line]:
    """Return lines moved to the right."""
    return [(Span(" " * by), *line) if plain(line).strip() else () for line in lines]


def at_right(text: str, width: int, role: Role = "plain") -> Line:
    """Return a line whose text ends at the right margin."""
    return (Span(" " * max(width - columns_of(text), 0)), Span(text, role))


def side_by_side(pieces: Sequence[Piece]) -> Laid:
    """Return drawings on one baseline, each with its role."""
    above = max((piece.drawing.baseline for piece in pieces), default=0)
    below = max((piece.drawing.height - piece.drawing.baseline for piece in pieces), default=1)
    lines: list[list[Span]] = [[] for _ in range(above + below)]
    for piece in pieces:
        top = above - piece.drawing.baseline
        for place, line in enumerate(lines):
            inside = top <= place < top + piece.drawing.height
            text = piece.drawing.lines[place - top] if inside else " " * piece.drawing.width
            line.append(Span(text, piece.role))
    return Laid(tuple(tuple(line) for line in lines), above, above)


def marked(laid: Laid, marks: str, width: int) -> Laid:
    """Return lines with marks at the right margin of the last, or of a line of their own if there is no room."""
    if not marks:
        return laid
    text = printable(marks)
    lines = list(laid.lines) or [()]
    gap = width - length(lines[laid.last]) - columns_of(text)
    if gap > 0:
        lines[laid.last] = (*lines[laid.last], Span(" " * gap), Span(text, "marks"))
    else:
        lines.append(at_right(text, width, "marks"))
    return Laid(tuple(lines), laid.first, laid.last)


def filled(inlines: Inlines, width: int, role: Role = "plain") -> Laid:
    """Return a sentence in lines of at most ``width`` columns; a formula is as tall as it needs to be."""
    return fill_groups(_groups(pieces_of(inlines, width, role), width), width, " ")


def pieces_of(inlines: Inlines, width: int, role: Role = "plain") -> list[Piece]:
    """Return a sentence as one drawing a word and a formula."""
    pieces: list[Piece] = []
    spaced = False
    for inline in inlines:
        match inline:
            case Formula():
                pieces.append(Piece(_in_a_sentence(inline, width), role, spaced))
                spaced = False
            case Words(text, style):
                for place, word in enumerate(printable(text).split(" ")):
                    spaced = spaced or place > 0
                    if word:
                        pieces.append(Piece(one_line(word), role if style == "plain" else style, spaced))
                        spaced = False
    return pieces


def fill_groups(groups: Sequence[Sequence[Piece]], width: int, gap: str) -> Laid:
    """Return groups that stay whole, as many on a line as fit, ``gap`` between them."""
    rows: list[list[Piece]] = []
    used = 0
    for group in groups:
        group_width = sum(piece.drawing.width for piece in group)
        if rows and used + len(gap) + group_width <= width:
            rows[-1].extend([Piece(one_line(gap)), *group])
            used += len(gap) + group_width
        else:
            rows.append(list(group))
            used = group_width
    laid = [side_by_side(row) for row in rows]
    lines: list[Line] = []
    for place, row in enumerate(laid):
        # Formulas of several lines on neighbouring rows would run into each other.
        if place and max(len(row.lines), len(laid[place - 1].lines)) > 1:
            lines.append(())
        lines.extend(row.lines)
    if not laid:
        return Laid(())
    return Laid(tuple(lines), laid[0].first, len(lines) - len(laid[-1].lines) + laid[-1].last)


def painted(lines: Sequence[Line], *, colour: bool) -> str:
    """Return lines as text, with the colours of their roles or without; nothing else can move the cursor."""
    clean = [tuple(Span(visible(span.text), span.role) for span in line) for line in lines]
    if not colour:
        return "".join(plain(line).rstrip() + "\n" for line in clean)
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {role: Style.parse(words) for role, words in COLOURS.items()}
    return "".join(
        "".join(styles[span.role].render(span.text, color_system=ColorSystem.STANDARD) for span in line).rstrip() + "\n"
        for line in clean
    )


def drawn(formula: Formula, width: int) -> Drawing:
    """Return a formula as a drawing, cut into several lines where it is wider than ``width``."""
    return fitted(draw(formula.node), formula, width)


def fitted(whole: Drawing, formula: Formula, width: int) -> Drawing:
    """Return the drawing ``whole`` of a formula, or one cut into several lines where it is wider than ``width``."""
    return whole if whole.width <= width else broken(Row(opened(formula.node)), width)


def _in_a_sentence(formula: Formula, width: int) -> Drawing:
    """Return a formula on one line if that is possible, so that it does not tear the words around it apart."""
    flat = draw(formula.node, flat_fractions=True)
    return flat if flat.width <= width else drawn(formula, width)


def _groups(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Return pieces in groups between which a line may end; what is wider than a line is taken apart."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        for part in _chopped(piece, width):
            fits = groups and sum(other.drawing.width for other in groups[-1]) + part.drawing.width <= width
            if part.spaced or not fits:
                groups.append([part])
            else:
                groups[-1].append(part)
    return groups


def _chopped(piece: Piece, width: int) -> list[Piece]:
    if piece.drawing.height > 1 or piece.drawing.width <= width:
        return [piece]
    parts: list[str] = [""]
    for character in piece.drawing.lines[0]:
        if columns_of(parts[-1] + character) > width:
            parts.append("")
        parts[-1] += character
    return [Piece(one_line(part), piece.role, piece.spaced or place > 0) for place, part in enumerate(parts)]
