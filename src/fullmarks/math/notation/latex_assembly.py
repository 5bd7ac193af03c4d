"""How the parts of a formula belong together: which brackets are partners, what a script or a sum reaches."""

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from fullmarks.math.notation import (
    Accent,
    BigOperator,
    BraceNote,
    Call,
    Fence,
    Matrix,
    Node,
    Number,
    Row,
    Script,
    Sign,
    Space,
    Style,
    Symbol,
    Text,
)
from fullmarks.math.notation.latex_macros import Delimiter
from fullmarks.math.notation.latex_tokens import UnreadableError
from fullmarks.math.notation.vocabulary import PUNCTUATION, RELATIONS, is_function, is_unary

NOTHING: Final = Row(())

LEFT: Final[dict[str, Literal["(", "[", "{", "|", "‖", "⌈", "⌊", ""]]] = {
    "(": "(", "[": "[", "{": "{", "|": "|", "‖": "‖", "⌈": "⌈", "⌊": "⌊", "": "",
}  # fmt: skip
RIGHT: Final[dict[str, Literal[")", "]", "}", "|", "‖", "⌉", "⌋", ""]]] = {
    ")": ")", "]": "]", "}": "}", "|": "|", "‖": "‖", "⌉": "⌉", "⌋": "⌋", "": "",
}  # fmt: skip
PARTNERS: Final = {")": "([", "]": "([", "}": "{", "|": "|", "‖": "‖", "⌉": "⌈", "⌋": "⌊"}
"""A round bracket may close a square one: half-open intervals are written so."""

LONE: Final = {kind: Sign(kind) for kind in ("(", ")", "[", "]", "|")}

FUNCTION_LETTERS: Final = frozenset({"sigma", "phi", "varphi"})
"""Letters that are activation functions when a bracket follows them."""


class Bracket(Struct, frozen=True):
    r"""A bracket at a place of the source; ``sized`` ones follow a ``\left`` or ``\right``."""

    delimiter: Delimiter
    position: int
    sized: bool = False


class Scripts(Struct, frozen=True):
    """What is to go below and above the part before it."""

    below: Node | None
    above: Node | None
    position: int


Part = Node | Bracket | Scripts


class _Frame(Struct):
    """An open bracket, and what has been read since."""

    opening: Bracket | None
    items: list[Node] = field(default_factory=list)


def assembled(parts: Sequence[Part]) -> Node:
    """Return the formula that a sequence of parts makes."""
    frames = [_Frame(None)]
    for part in parts:
        match part:
            case Scripts():
                _attach(frames[-1].items, part)
            case Bracket():
                _bracket(frames, part)
            case _:
                frames[-1].items.append(part)
    while len(frames) > 1:
        _give_up(frames)
    return _finished(frames[0].items)


def one_node(items: Sequence[Node]) -> Node:
    """Return a single node as it is and several as a row."""
    return items[0] if len(items) == 1 else Row(tuple(items))


def restyled(node: Node, style: Style) -> Node:
    """Return a node with its letters in a style; what stands below and above them keeps its own."""
    match node:
        case Symbol(name):
            return Symbol(name, style)
        case Row(items):
            return Row(tuple(restyled(item, style) for item in items))
        case Script(base) | Accent(base):
            return replace(node, base=restyled(base, style))
        case _:
            return node


def _attach(items: list[Node], scripts: Scripts) -> None:
    base = items.pop() if items else NOTHING
    match base:
        case BigOperator(body=Row(())):
            items.append(replace(base, below=scripts.below, above=scripts.above))
        case Text("max" | "min" as kind) if scripts.below is not None:
            items.append(BigOperator(kind, NOTHING, scripts.below, scripts.above))
        case Call(arguments=()):
            items.append(Call(Script(base.function, scripts.below, scripts.above), ()))
        case BraceNote(note=""):
            if not isinstance(scripts.below, Text) or scripts.above is not None:
                raise UnreadableError(scripts.position, r"the note under a brace is written _{\text{…}}")
            items.append(replace(base, note=scripts.below.words))
        case _:
            items.append(Script(base, scripts.below, scripts.above))


def _bracket(frames: list[_Frame], bracket: Bracket) -> None:
    role = bracket.delimiter.role
    partner = None if role == "open" else _partner(frames, bracket)
    if role == "open" or (role == "either" and partner is None):
        frames.append(_Frame(bracket))
    elif partner is not None:
        while frames[-1] is not partner:
            _give_up(frames)
        frames.pop()
        frames[-1].items.append(_fence(partner, bracket))
    elif bracket.delimiter.loose and not bracket.sized:
        frames[-1].items.append(LONE[bracket.delimiter.bracket])
    else:
        raise UnreadableError(bracket.position, f"nothing opens the bracket that {_spelled(bracket, 'right')} closes")


def _partner(frames: list[_Frame], closing: Bracket) -> _Frame | None:
    r"""Return the frame that a bracket closes; one without a size cannot look out of ``\left … \right``."""
    for frame in reversed(frames):
        opening = frame.opening
        if opening is None or (opening.sized and not closing.sized):
            return None
        if closing.sized:
            if opening.sized:
                return frame
        elif opening.delimiter.bracket in PARTNERS[closing.delimiter.bracket]:
            return frame
    return None


def _fence(frame: _Frame, closing: Bracket) -> Node:
    body = _finished(frame.items)
    left = frame.opening.delimiter.bracket if frame.opening is not None else ""
    right = closing.delimiter.bracket
    if left not in LEFT or right not in RIGHT:
        raise UnreadableError(closing.position, f"brackets {left!r} and {right!r} are no pair")
    match body:
        case Fence(Matrix() as matrix, "", "") if left in {"[", "("}:
            # An array or a matrix without brackets of its own has just got them.
            return matrix
        case _:
            return Fence(body, LEFT[left], RIGHT[right])


def _give_up(frames: list[_Frame]) -> None:
    """Let the innermost open bracket stand for itself, where it may."""
    frame = frames.pop()
    opening = frame.opening
    if opening is None or opening.sized or not opening.delimiter.loose:
        position = 0 if opening is None else opening.position
        spelled = "" if opening is None else _spelled(opening, "left")
        raise UnreadableError(position, f"{spelled} is never closed")
    frames[-1].items.extend([LONE[opening.delimiter.bracket], *frame.items])


def _spelled(bracket: Bracket, side: str) -> str:
    return (f"\\{side} " if bracket.sized else "") + (bracket.delimiter.bracket or ".")


def _finished(items: Sequence[Node]) -> Node:
    return one_node(_with_bodies(_with_arguments(_with_negative_numbers(items))))


def _with_negative_numbers(items: Sequence[Node]) -> list[Node]:
    done: list[Node] = []
    for item in items:
        match item, done:
            case Number(digits), [*before, Sign("−") as minus] if is_unary(minus, before[-1] if before else None):
                done[-1] = Number(f"-{digits}")
            case _:
                done.append(item)
    return done


def _with_arguments(items: Sequence[Node]) -> list[Node]:
    """Return items with the names of functions and the brackets after them made calls."""
    done: list[Node] = []
    for item in items:
        match (done[-1] if done else None), item:
            case Call(function, ()), Fence(body, "(", ")"):
                done[-1] = Call(function, _arguments(body))
            case Call(function, ()), _:
                done[-1] = function
                done.extend([item] if isinstance(item, Sign | Space) else [Space("thin"), item])
            case Symbol(name, "italic") as function, Fence(body, "(", ")") if name in FUNCTION_LETTERS:
                done[-1] = Call(function, _arguments(body))
            case (Text() | Script()) as function, Fence(body, "(", ")") if is_function(function):
                done[-1] = Call(function, _arguments(body))
            case _:
                done.append(item)
    match done:
        case [*_, Call(function, ())]:
            done[-1] = function
    return done


def _arguments(body: Node) -> tuple[Node, ...]:
    groups: list[list[Node]] = [[]]
    for item in body.items if isinstance(body, Row) else (body,):
        if item == Sign(","):
            groups.append([])
        else:
            groups[-1].append(item)
    return tuple(one_node(group) for group in groups)


def _with_bodies(items: Sequence[Node]) -> list[Node]:
    """Return items with all that a big operator reaches inside it: up to the next relation, comma, plus or minus."""
    done: list[Node] = []  # from the last item to the first, so that an inner sum is complete before the outer
    for item in reversed(items):
        match item:
            case BigOperator(body=Row(())):
                body: list[Node] = []
                while done and not _ends_a_body(done[-1], body):
                    body.append(done.pop())
                done.append(replace(item, body=one_node(body)))
            case _:
                done.append(item)
    return done[::-1]


def _ends_a_body(item: Node, body: list[Node]) -> bool:
    match item:
        case Sign("+" | "−"):
            return bool(body)
        case Sign(kind):
            return kind in RELATIONS | PUNCTUATION
        case Space(width):
            return width == "wide"
        case _:
            return False
