"""A formula in two dimensions of Unicode characters, for terminals."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, assert_never

from fullmarks.math.notation import (
    Accent,
    Aligned,
    BigOperator,
    BraceNote,
    Call,
    Cases,
    Fence,
    Fraction,
    Matrix,
    Node,
    Number,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Symbol,
    Text,
)
from fullmarks.math.notation.drawing import Alignment, Drawing, beside, fenced, in_columns, one_line, stacked
from fullmarks.math.notation.small_letters import accented, scripted
from fullmarks.math.notation.vocabulary import (
    BINARY,
    CLOSING,
    FUNCTIONS,
    GREEK,
    OPENING,
    POSTFIX,
    PREFIX,
    PUNCTUATION,
    RELATIONS,
    call_fence,
    flat,
    is_function,
    is_unary,
)

BIG: Final = {"sum": "∑", "product": "∏", "max": "max", "min": "min"}

CLINGS_TO_THE_NEXT: Final = OPENING | PREFIX
CLINGS_TO_THE_LAST: Final = CLOSING | POSTFIX | PUNCTUATION
SPACED: Final = RELATIONS | BINARY

DrawItem = Callable[[Node], Drawing]


def draw(node: Node, *, flat_fractions: bool = False) -> Drawing:
    """Return a formula as a drawing of as many lines as it needs.

    ``flat_fractions`` writes fractions as ``1/(1 + x)`` and limits beside their sign, as a sentence wants them; what
    then still needs several lines, such as a matrix, has them.
    """
    return _draw(node, flat_fractions=flat_fractions)


def text(node: Node) -> str:
    """Return a formula as lines of text, without blanks at their ends."""
    return "\n".join(line.rstrip() for line in draw(node).lines)


def _draw(node: Node, *, flat_fractions: bool) -> Drawing:
    match node:
        case Number(digits):
            return one_line(digits.replace("-", "−"))
        case Symbol(name):
            return one_line(GREEK.get(name, name))
        case Text(words):
            return one_line(" ".join(words.splitlines()))
        case Sign(kind):
            return one_line(kind)
        case Space(width):
            return one_line(" " if width == "thin" else "   ")
        case Row():
            return beside(pieces(flat(node), None, partial(_draw, flat_fractions=flat_fractions)))
        case Fraction():
            return _fraction(node, flat_fractions=flat_fractions)
        case Root(body):
            return _root(body, flat_fractions=flat_fractions)
        case Script(base, below, above):
            return scripted(_draw(base, flat_fractions=flat_fractions), _small(below), _small(above))
        case Accent(base, mark):
            return accented(_draw(base, flat_fractions=flat_fractions), mark)
        case Matrix(rows):
            return _matrix(rows)
        case Call():
            function = _draw(node.function, flat_fractions=flat_fractions)
            return beside([function, _draw(call_fence(node), flat_fractions=flat_fractions)])
        case BigOperator():
            return _big_operator(node, flat_fractions=flat_fractions)
        case Fence(body, left, right):
            return fenced(left, _draw(body, flat_fractions=flat_fractions), right)
        case BraceNote(body, note):
            return _brace_note(_draw(body, flat_fractions=flat_fractions), note)
        case Cases(branches):
            return _cases(branches)
        case Aligned(lines):
            return _aligned(lines, flat_fractions=flat_fractions)
        case _:
            assert_never(node)


def pieces(items: Sequence[Node], before: Node | None, drawn: DrawItem) -> list[Drawing]:
    """Return items and the gaps between them; ``before`` is what ends the line before, if there is one."""
    found: list[Drawing] = []
    previous = before
    before_previous: Node | None = None
    for place, item in enumerate(items):
        gap = _gap(before_previous, previous, item) if found else ""
        drawing = drawn(item)
        following = items[place + 1] if place + 1 < len(items) else None
        if isinstance(item, Fraction) and drawing.height == 1 and not isinstance(following, Sign | Space | None):
            # Without brackets, what follows a slash could be read as part of the denominator.
            drawing = fenced("(", drawing, ")")
        found += [one_line(gap), drawing] if gap else [drawing]
        before_previous, previous = previous, item
    return found


def _gap(before_previous: Node | None, previous: Node | None, item: Node) -> str:
    """Return the blanks between two neighbours, which depend on whether a minus is a subtraction or a sign."""
    match previous, item:
        case (None | Space(), _) | (_, Space()):
            return ""
        case Sign(kind) as sign, _ if kind in CLINGS_TO_THE_NEXT or is_unary(sign, before_previous):
            return ""
        case _, Sign(kind) | Script(base=Sign(kind)) if kind in CLINGS_TO_THE_LAST:
            return ""
        case _, Fence() if not isinstance(previous, Sign):
            return ""
        case Sign(kind), _ if kind in SPACED or kind in PUNCTUATION:
            return " "
        case _, Sign(kind) if kind in SPACED:
            return " "
        case (Text(words), Text()) | (_, Text(words)) if words not in FUNCTIONS:
            return ""
        case Text() as word, _ if not is_function(word):
            return ""
        case Number(), Symbol() | Script(base=Symbol()) | Accent():
            return ""
        case _, Sign(kind) if kind in OPENING:
            return ""
        case _:
            return " "


def _fraction(fraction: Fraction, *, flat_fractions: bool) -> Drawing:
    top = _draw(fraction.top, flat_fractions=flat_fractions)
    bottom = _draw(fraction.bottom, flat_fractions=flat_fractions)
    if flat_fractions and top.height == bottom.height == 1:
        return one_line(f"{_operand(fraction.top, top)}/{_operand(fraction.bottom, bottom)}")
    rule = one_line("─" * (max(top.width, bottom.width) + 2))
    return stacked([top, rule, bottom], on=1)


def _operand(node: Node, drawing: Drawing) -> str:
    """Return one line that can stand beside a slash, in brackets unless it holds together by itself."""
    words = drawing.lines[0]
    return words if _holds_together(node) else f"({words})"


def _holds_together(node: Node) -> bool:
    match node:
        case Number() | Symbol() | Text() | Sign() | Script() | Accent() | Call() | Root() | Fence() | Matrix():
            return True
        case Row(items=(Sign("∂"), variable)):
            return _holds_together(variable)
        case Row():
            items = flat(node)
            return len(items) == 1 and _holds_together(items[0])
        case _:
            return False


def _root(body: Node, *, flat_fractions: bool) -> Drawing:
    inside = _draw(body, flat_fractions=flat_fractions)
    if inside.height == 1 and isinstance(body, Number | Symbol | Script | Fence):
        return beside([one_line("√"), inside])
    return beside([one_line("√"), fenced("(", inside, ")")])


def _matrix(rows: tuple[tuple[Node, ...], ...]) -> Drawing:
    cells = [[_draw(entry, flat_fractions=True) for entry in row] for row in rows]
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return one_line("[]")
    sides: list[Alignment] = ["right"] * columns
    body = stacked(in_columns(cells, sides, gap=2), align="left", airy=True)
    body = Drawing(body.lines, (body.height - 1) // 2, body.width)
    return fenced("[", body, "]")


def _big_operator(operator: BigOperator, *, flat_fractions: bool) -> Drawing:
    sign = one_line(BIG[operator.kind])
    body = _draw(operator.body, flat_fractions=flat_fractions)
    if flat_fractions:
        return beside([scripted(sign, _small(operator.below), _small(operator.above)), one_line(" "), body])
    limits = [_tight_limit(limit) for limit in (operator.above, operator.below)]
    tower = [drawing for drawing in (limits[0], sign, limits[1]) if drawing is not None]
    return beside([stacked(tower, on=tower.index(sign)), one_line(" "), body])


def _small(node: Node | None) -> Drawing | None:
    return None if node is None else _draw(node, flat_fractions=True)


def _tight_limit(limit: Node | None) -> Drawing | None:
    drawing = _small(limit)
    if drawing is None:
        return None
    return one_line(drawing.lines[0].replace(" ", "")) if drawing.height == 1 else drawing


def _brace_note(body: Drawing, note: str) -> Drawing:
    narrowest = 3
    width = max(body.width, narrowest)
    left = (width - narrowest) // 2
    brace = one_line("╰" + "─" * left + "┬" + "─" * (width - narrowest - left) + "╯")
    return stacked([body, brace, one_line(note)])


def _cases(branches: tuple[tuple[Node, Node], ...]) -> Drawing:
    cells = [[_draw(part, flat_fractions=True) for part in branch] for branch in branches]
    rows = in_columns(cells, ("left", "left"), gap=3)
    if len(rows) % 2 == 0:
        # The point of the brace needs a line of its own between two halves.
        rows.insert(len(rows) // 2, one_line(" " * rows[0].width))
    body = stacked(rows, on=len(rows) // 2, align="left")
    return beside([fenced("{", body, ""), one_line("")]) if body.height == 1 else _braced(body)


def _braced(body: Drawing) -> Drawing:
    spaced = beside([one_line(" "), body])
    return fenced("{", Drawing(spaced.lines, body.height // 2, spaced.width), "")


def _aligned(lines: tuple[tuple[Node, ...], ...], *, flat_fractions: bool) -> Drawing:
    cells = [[_draw(cell, flat_fractions=flat_fractions) for cell in line] for line in lines]
    columns = max((len(line) for line in lines), default=0)
    if not columns:
        return one_line("")
    sides: list[Alignment] = ["left" if column % 2 else "right" for column in range(columns)]
    return stacked(in_columns(cells, sides, gap=1), align="left", airy=True)
