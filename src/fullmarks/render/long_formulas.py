"""Where a formula that is too wide for its line may break, for formats that break lines by themselves."""

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
from fullmarks.math.notation.vocabulary import RELATIONS, call_fence, flat, is_unary

LONG_FENCE: Final = 30.0
"""Brackets that hold more than this (in digits, about half a line) are opened, so that lines break inside."""

LONG_FRACTION: Final = 55.0
"""A fraction wider than this (nearly a line) is written with a slash."""

LONG_PRODUCT: Final = 40.0
"""A product up to this is kept on one line."""

PRODUCTS: Final = frozenset({"×", "⋅", "⊙", "/", "∗", "!", "′", "%"})
SUMS: Final = frozenset({"+", "−", "±"})


def opened(node: Node) -> tuple[Node, ...]:
    """Return what stands side by side in a formula, long round and square brackets as signs of their own.

    A typesetter never breaks a line between brackets that grow; between plain signs it does.
    """
    items: list[Node] = []
    for item in flat(node) if isinstance(node, Row) else (node,):
        match item:
            case Call(function) if width(item) > LONG_FENCE:
                items.extend([function, *opened(call_fence(item))])
            case Fence(body, "(", ")") if width(item) > LONG_FENCE:
                items.extend(_in_signs(body))
            case Fence(body, "[", "]") if width(item) > LONG_FENCE:
                items.extend([Sign("["), *opened(body), Sign("]")])
            case Script(Fence(body, "(", ")"), below, above) if width(item) > LONG_FENCE:
                items.extend([Sign("("), *opened(body), Script(Sign(")"), below, above)])
            case Fraction(top, bottom) if width(item) > LONG_FRACTION:
                items.extend([*_in_signs(top), Sign("/"), *_in_signs(bottom)])
            case Root(body) if width(item) > LONG_FRACTION:
                half = Row((Number("1"), Sign("/"), Number("2")))
                items.extend([Sign("("), *opened(body), Script(Sign(")"), above=half)])
            case _:
                items.append(item)
    return tuple(items)


def terms(node: Node) -> tuple[Node, ...]:
    """Return the pieces of a formula between which a line may break: signs, and products kept together as rows."""
    pieces: list[Node] = []
    product: list[Node] = []
    for item in opened(node):
        if _separates(item):
            pieces.extend(_together(product))
            pieces.append(item)
            product = []
        else:
            product.append(item)
    return (*pieces, *_together(product))


def segments(node: Node) -> tuple[tuple[Node, ...], ...]:
    """Return the terms of a formula in groups, each but the first led by the relation, plus or minus before it.

    A line may end between two groups, so that the next begins with its sign, as in displayed mathematics. An empty
    formula, such as the right side of a row with ⋮, has no group.
    """
    groups: list[list[Node]] = []
    previous: Node | None = None
    for piece in terms(node):
        leads = isinstance(piece, Sign) and piece.kind in RELATIONS | SUMS and not is_unary(piece, previous)
        if leads or not groups:
            groups.append([])
        groups[-1].append(piece)
        previous = piece
    return tuple(tuple(group) for group in groups)


def rows(node: Node, most: float) -> tuple[Node, ...]:
    """Return a formula cut into lines of about ``most`` digits' width, at the borders of its segments."""
    lines: list[tuple[Node, ...]] = []
    for segment in segments(node):
        if lines and width(Row((*lines[-1], *segment))) <= most:
            lines[-1] = (*lines[-1], *segment)
        else:
            lines.append(segment)
    return tuple(Row(line) for line in lines)


def width(node: Node) -> float:
    """Return about how wide a formula is, in digits."""
    match node:
        case Number(text):
            return float(len(text))
        case Text(words):
            return float(len(words))
        case Symbol():
            return 1.2
        case Sign(kind):
            return 2.5 if kind in RELATIONS | SUMS | PRODUCTS else 0.8
        case Space(size):
            return 0.4 if size == "thin" else 2.0
        case Row(items):
            return sum(width(item) for item in items)
        case Fraction(top, bottom):
            return max(width(top), width(bottom)) + 0.5
        case Root(body):
            return width(body) + 1.7
        case Script(base, below, above):
            return width(base) + 0.7 * max(width(part) if part is not None else 0.0 for part in (below, above))
        case Accent(base):
            return width(base)
        case Matrix(lines):
            columns = [max(width(entry) for entry in column) for column in zip(*lines, strict=False)]
            return sum(columns) + 2.0 * len(columns)
        case Call(function):
            return width(function) + width(call_fence(node))
        case BigOperator(_, body, below, above):
            return width(body) + max(width(part) if part is not None else 2.0 for part in (below, above))
        case Fence(body):
            return width(body) + 1.6
        case BraceNote(body, note):
            return max(width(body), 0.7 * len(note))
        case Cases(branches):
            return max((width(value) + width(when) + 4.0 for value, when in branches), default=0.0)
        case Aligned(lines):
            return max((sum(width(cell) for cell in line) for line in lines), default=0.0)
        case _:
            assert_never(node)


def _in_signs(body: Node) -> list[Node]:
    return [Sign("("), *opened(body), Sign(")")]


def _separates(item: Node) -> bool:
    match item:
        case Sign(kind):
            return kind not in PRODUCTS
        case Space(size):
            return size == "wide"
        case _:
            return False


def _together(product: list[Node]) -> list[Node]:
    """Return a product as one row, unless it is long and has signs at which a line may break."""
    row = Row(tuple(product))
    may_break = any(isinstance(item, Sign) for item in product)
    return [row] if len(product) > 1 and not (may_break and width(row) > LONG_PRODUCT) else product
