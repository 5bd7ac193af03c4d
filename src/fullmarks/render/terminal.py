"""A document as plain text for a terminal of some width, perhaps in colour."""

from typing import Final, assert_never

from fullmarks.document.blocks import (
    Answer,
    Block,
    Bullets,
    Code,
    Cover,
    Document,
    Formula,
    Given,
    Givens,
    Heading,
    Inlines,
    Item,
    Labelled,
    PageBreak,
    Paragraph,
    Picture,
    Step,
    Table,
    Total,
    Words,
    Working,
)
from fullmarks.math.figures import Figure
from fullmarks.math.notation.drawing import Drawing, columns_of, one_line, padded
from fullmarks.math.notation.terminal import draw
from fullmarks.render.lines import (
    Laid,
    Line,
    Piece,
    Span,
    at_right,
    drawn,
    fill_groups,
    filled,
    fitted,
    indented,
    length,
    line_of,
    marked,
    painted,
    pieces_of,
    side_by_side,
)
from fullmarks.render.words import printable, printable_lines

HANG: Final = 4
BESIDE: Final = "   "
NARROWEST: Final = 20


def render(document: Document, *, width: int, colour: bool) -> str:
    """Return the document as text in lines of ``width`` columns.

    Only a matrix, a fraction or a listing that is wider by itself is longer; nothing is ever cut. A picture that is
    wider is left out.
    """
    width = max(width, NARROWEST)
    lines = list(filled((Words(document.title),), width, "title").lines)
    lines += filled((Words(document.subtitle),), width, "note").lines if document.subtitle else ()
    lines += [(), *_blocks(document.blocks, width, label=False).lines]
    lines += [(), line_of(printable(document.footer), "note")] if document.footer else []
    return painted(lines, colour=colour)


def _blocks(blocks: tuple[Block, ...], width: int, *, label: bool) -> Laid:
    """Lay out blocks with a blank line between them; with ``label``, the first line has to leave room for one."""
    lines: list[Line] = []
    first = 0
    if label and not (blocks and isinstance(blocks[0], Paragraph | Labelled)):
        lines.append(())
    for block in blocks:
        laid = _block(block, width)
        if not lines:
            first = laid.first
        elif laid.lines and lines != [()]:
            lines.append(())
        lines.extend(laid.lines)
    return Laid(tuple(lines), first)


def _block(block: Block, width: int) -> Laid:
    match block:
        case Heading(text):
            return filled(text, width, "heading")
        case Paragraph(text, marks, style):
            return marked(filled(text, _beside_marks(width, marks), style), marks, width)
        case Givens(items):
            return fill_groups([group for item in items for group in _given(item, width)], width, BESIDE)
        case Working(steps):
            return _working(steps, width)
        case Answer(formula, marks):
            return marked(_framed(drawn(Formula(formula), _beside_marks(width, marks) - 4)), marks, width)
        case Bullets(items):
            return Laid(tuple(line for item in items for line in _item(item, width)))
        case Table():
            return _table(block, width)
        case Code(text):
            return Laid(tuple(line_of(f"  {line}", "code") for line in printable_lines(text)))
        case Picture(Figure(characters=characters)):
            drawn_lines = tuple(line_of(line) for line in printable_lines(characters))
            return Laid(drawn_lines if all(length(line) <= width for line in drawn_lines) else ())
        case Labelled():
            return _labelled(block, width)
        case Total(text):
            return Laid((at_right(printable(text), width, "strong"),))
        case Cover():
            return _cover(block, width)
        case PageBreak():
            return Laid((line_of("─" * width, "note"),))
        case _:
            assert_never(block)


def _labelled(block: Labelled, width: int) -> Laid:
    name = printable(block.label)
    hang = max(HANG, columns_of(name) + 1)
    body = _blocks(block.body, width - hang, label=True)
    lines = indented(body.lines, hang) or [()]
    rest = body.lines[body.first] if body.lines else ()
    lines[body.first] = (Span(padded(name, hang), "label"), *rest)
    return Laid(tuple(lines), body.first)


def _given(given: Given, width: int) -> list[list[Piece]]:
    """Return label and formula as one group that stays on a line, or as two where they do not fit on one."""
    pieces: list[Piece] = []
    for piece in pieces_of(given.label, width):
        pieces += [Piece(one_line(" ")), piece] if piece.spaced and pieces else [piece]
    pieces += [Piece(one_line(", "))] if pieces else []
    whole = draw(given.formula)
    if sum(piece.drawing.width for piece in pieces) + whole.width <= width:
        return [[*pieces, Piece(whole)]]
    below = [Piece(drawn(Formula(given.formula), width))]
    return [pieces, below] if pieces else [below]


def _working(steps: tuple[Step, ...], width: int) -> Laid:
    lefts = [one_line("") if step.left is None else drawn(Formula(step.left), width) for step in steps]
    column = max((left.width for left in lefts if left.width <= width // 3), default=0)
    reserved = max((columns_of(printable(step.marks)) + 2 for step in steps if step.marks), default=0)
    laid = [_step(step, left, column, width, width - reserved) for step, left in zip(steps, lefts, strict=True)]
    lines: list[Line] = []
    for place, step_laid in enumerate(laid):
        # Lines of one row stand close; a matrix or a fraction keeps a distance.
        if place and max(len(step_laid.lines), len(laid[place - 1].lines)) > 1:
            lines.append(())
        lines.extend(step_laid.lines)
    return Laid(tuple(lines))


def _step(step: Step, left: Drawing, column: int, width: int, room: int) -> Laid:
    right_room = room - column - 1
    whole = draw(step.right)
    right = fitted(whole, Formula(step.right), right_room)
    if left.width > column or right.width > right_room:
        # No room beside the left side: the right side goes on below it, and may use the whole width.
        above = side_by_side([Piece(left)]).lines if left.width else ()
        below = fitted(whole, Formula(step.right), room - 2)
        laid = Laid((*above, *indented(side_by_side([Piece(below)]).lines, 2)))
    else:
        pad = one_line(" " * (column - left.width))
        laid = side_by_side([Piece(pad), Piece(left), Piece(one_line(" ")), Piece(right)])
        if right is not whole:
            laid = Laid(laid.lines, laid.first)
    return marked(_noted(laid, step.note, room, column + 1), step.marks, width)


def _noted(laid: Laid, note: str, room: int, indent: int) -> Laid:
    """Put a note behind the last line of a step, or below it, where marks then follow it."""
    if not note:
        return laid
    text = printable(note)
    lines = list(laid.lines)
    if length(lines[laid.last]) + len(BESIDE) + columns_of(text) <= room:
        lines[laid.last] = (*lines[laid.last], Span(BESIDE), Span(text, "note"))
        return Laid(tuple(lines), laid.first, laid.last)
    below = indented(filled((Words(text),), room - indent, "note").lines, indent)
    return Laid((*lines, *below), laid.first)


def _framed(drawing: Drawing) -> Laid:
    edge = "─" * (drawing.width + 2)
    inside = [(Span("│ "), Span(padded(line, drawing.width), "answer"), Span(" │")) for line in drawing.lines]
    baseline = 1 + drawing.baseline
    return Laid((line_of(f"┌{edge}┐"), *inside, line_of(f"└{edge}┘")), baseline, baseline)


def _item(item: Item, width: int) -> tuple[Line, ...]:
    body = filled(item.text, _beside_marks(width, item.marks) - 2)
    lines = indented(body.lines, 2) or [()]
    lines[body.first] = (Span("• "), *(body.lines[body.first] if body.lines else ()))
    return marked(Laid(tuple(lines), body.first, body.last), item.marks, width).lines


def _beside_marks(width: int, marks: str) -> int:
    return width - columns_of(printable(marks)) - 2 if marks else width


def _table(table: Table, width: int) -> Laid:
    rows = [table.header, *table.rows]
    gaps = 2 * (len(table.header) - 1)
    widths = [max(_natural_width(row[place]) for row in rows) for place in range(len(table.header))]
    least = [max(_least_width(row[place]) for row in rows) for place in range(len(table.header))]
    # The widest column gives way first, so that short ones stay on one line; a matrix cannot give way.
    while sum(widths) + gaps > width and any(wide > narrow for wide, narrow in zip(widths, least, strict=True)):
        narrowed = max((place for place in range(len(widths)) if widths[place] > least[place]), key=widths.__getitem__)
        widths[narrowed] -= 1
    lines = _cells(table.header, widths, table.numbers, strong=True)
    lines.append(line_of("  ".join("─" * column for column in widths), "note"))
    for place, row in enumerate(table.rows):
        if place and _is_tall(row) and _is_tall(table.rows[place - 1]):
            lines.append(())  # matrices on neighbouring rows would look like one
        lines += _cells(row, widths, table.numbers, strong=False)
    return Laid(tuple(lines))


def _cells(row: tuple[Inlines, ...], widths: list[int], numbers: tuple[int, ...], *, strong: bool) -> list[Line]:
    cells = [filled(cell, column, "strong" if strong else "plain") for cell, column in zip(row, widths, strict=True)]
    above = max(cell.first for cell in cells)
    tops = [above - cell.first for cell in cells]
    height = max(top + len(cell.lines) for top, cell in zip(tops, cells, strict=True))
    lines: list[Line] = []
    for place in range(height):
        line: Line = ()
        for number, (top, cell, column) in enumerate(zip(tops, cells, widths, strict=True)):
            part = cell.lines[place - top] if top <= place < top + len(cell.lines) else ()
            room = Span(" " * (column - length(part)))
            line = (*line, room, *part, Span("  ")) if number in numbers else (*line, *part, room, Span("  "))
        lines.append(line)
    return lines


def _natural_width(cell: Inlines) -> int:
    unlimited = 10_000
    return max((length(line) for line in filled(cell, unlimited).lines), default=0)


def _least_width(cell: Inlines) -> int:
    """Return how wide the widest formula is after it has been broken wherever it can be, with a comma behind it."""
    beside = 1 if len(cell) > 1 else 0
    return max((drawn(inline, 1).width + beside for inline in cell if isinstance(inline, Formula)), default=1)


def _is_tall(row: tuple[Inlines, ...]) -> bool:
    return any(piece.drawing.height > 1 for cell in row for piece in pieces_of(cell, 10_000))


def _cover(cover: Cover, width: int) -> Laid:
    rule = line_of("─" * width, "note")
    allowed = f"Time allowed: {cover.duration}" if cover.duration else ""
    facts = [Words(printable(fact)) for fact in (cover.session, cover.date, allowed, cover.total) if fact]
    lines: list[Line] = [line for fact in facts for line in filled((fact,), width).lines]
    if cover.instructions:
        lines += [(), line_of("Instructions to candidates", "strong")]
    for number, instruction in enumerate(cover.instructions, start=1):
        block = Labelled(f"{number}.", (Paragraph((Words(instruction),)),))
        lines.extend(_labelled(block, width).lines)
    lines += [()] if cover.candidate else []
    for asked, printed in cover.candidate:
        shown = printed if printable(printed).strip() else "_" * min(30, width - columns_of(asked) - 2)
        lines.extend(filled((Words(f"{asked}: ", "strong"), Words(shown)), width).lines)
    return Laid((*lines, rule))
