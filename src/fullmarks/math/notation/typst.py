"""Typst of a formula: the inside of ``$ … $``, in which every word is a string literal and no bare comma can occur."""

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
    SignKind,
    Space,
    Symbol,
    Text,
)
from fullmarks.math.notation.vocabulary import FUNCTIONS, GREEK, call_fence, flat

SIGNS: Final[dict[SignKind, str]] = {
    "=": "eq", "≈": "approx", "+": "plus", "−": "minus", "×": "times", "⋅": "dot.op", "⊙": "dot.o", "/": "slash",
    ",": "comma", ";": "semi", ":": "colon", "<": "lt", ">": "gt", "≤": "lt.eq", "≥": "gt.eq", "≠": "eq.not",
    "∈": "in", "→": "arrow.r", "…": "dots.h", "⋮": "dots.v", "∗": "ast.op", "|": "divides", "∂": "partial",
    "∇": "nabla", "!": "excl", "′": "prime", "∞": "infinity", "±": "plus.minus", "∀": "forall", "⊕": "plus.o",
    "%": "percent", "↦": "mapsto", "∼": "tilde.op", "∝": "prop", "(": "paren.l", ")": "paren.r", "[": "bracket.l",
    "]": "bracket.r",
}  # fmt: skip

BRACKETS: Final[dict[str, str]] = {
    "(": "paren.l", ")": "paren.r", "[": "bracket.l", "]": "bracket.r", "{": "brace.l", "}": "brace.r", "|": "bar.v",
    "‖": "bar.v.double", "⌈": "ceil.l", "⌉": "ceil.r", "⌊": "floor.l", "⌋": "floor.r",
}  # fmt: skip

LETTERS: Final[dict[str, str]] = {name: name for name in GREEK} | {
    "epsilon": "epsilon.alt", "varepsilon": "epsilon", "vartheta": "theta.alt", "phi": "phi.alt", "varphi": "phi",
}  # fmt: skip
"""Typst calls the round forms by the plain names, LaTeX the narrow ones."""

ACCENTS: Final = {"hat": "hat", "bar": "macron", "tilde": "tilde", "vec": "arrow", "dot": "dot"}


def typst(node: Node) -> str:
    """Return Typst for the inside of an equation."""
    if isinstance(node, Aligned):
        lines = [" & ".join(_typst(cell) for cell in line) for line in node.lines]
        return " \\ ".join(lines) or string("")
    return _typst(node)


def _typst(node: Node) -> str:
    """Return Typst that is safe as an argument of any Typst function in mathematics."""
    match node:
        case Number(digits):
            return _number(digits)
        case Symbol():
            return _symbol(node)
        case Text(words):
            return f"op({string(words)})" if words in FUNCTIONS else string(words)
        case Sign(kind):
            return SIGNS[kind]
        case Space(width):
            return "thin" if width == "thin" else "quad"
        case Row():
            return _row(flat(node))
        case Fraction(top, bottom):
            return f"frac({_typst(top)}, {_typst(bottom)})"
        case Root(body):
            return f"sqrt({_typst(body)})"
        case Script(base, below, above):
            return _attached(_typst(base), below, above)
        case Accent(base, mark):
            return f"{ACCENTS[mark]}({_typst(base)})"
        case Matrix(rows):
            return f'mat(delim: "[", column-gap: #0.8em, {_entries(rows)})'
        case Call():
            return _beside([_call_name(node.function), _typst(call_fence(node))])
        case BigOperator(kind, body, below, above):
            name = kind if kind in {"sum", "product"} else f'op("{kind}", limits: #true)'
            return _beside([_attached(name, below, above), _typst(body)])
        case Fence(body, left, right):
            pieces = [BRACKETS.get(left, ""), _typst(body), BRACKETS.get(right, "")]
            return f"lr({_beside([piece for piece in pieces if piece])})"
        case BraceNote(body, note):
            return f"underbrace({_typst(body)}, {string(note)})"
        case Cases(branches):
            return f"cases({', '.join(f'{_typst(value)} & quad {_typst(when)}' for value, when in branches)})"
        case Aligned(lines):
            # Lines that are not the whole equation would be run together.
            return f"mat(delim: #none, align: #left, column-gap: #0.3em, {_entries(lines)})"
        case _:
            assert_never(node)


def _entries(rows: tuple[tuple[Node, ...], ...]) -> str:
    return "; ".join(", ".join(_typst(entry) for entry in row) for row in rows)


def _row(items: tuple[Node, ...]) -> str:
    pieces: list[str] = []
    previous: Node = Space()
    for item in items:
        if (_is_matrix(previous) or _is_matrix(item)) and not isinstance(previous, Sign | Space):
            pieces.extend([] if isinstance(item, Sign | Space) else ["thin"])
        pieces.append(_typst(item))
        previous = item
    return _beside(pieces) or string("")


def _is_matrix(node: Node) -> bool:
    return isinstance(node, Matrix) or (isinstance(node, Script) and isinstance(node.base, Matrix))


def string(words: str) -> str:
    """Return a Typst string literal for words of any kind."""
    escapes = {"\\": "\\\\", '"': '\\"'}
    return '"' + "".join(escapes.get(letter) or _printable(letter) for letter in words) + '"'


def _printable(letter: str) -> str:
    return letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}"


def _number(digits: str) -> str:
    if digits.startswith("-"):
        return "-" + _number(digits[1:])
    return digits if digits.isascii() and digits.replace(".", "", 1).isdigit() else string(digits)


def _symbol(symbol: Symbol) -> str:
    name, style = symbol.name, symbol.style
    if name in LETTERS:
        return f"bold({LETTERS[name]})" if style == "bold" else LETTERS[name]
    letter = name if len(name) == 1 and name.isascii() and name.isalpha() else string(name)
    if style == "bold":
        return f"bold(upright({letter}))"
    if style == "upright":
        return f"upright({letter})"
    return letter if letter == name else f"italic({letter})"


def _beside(pieces: list[str]) -> str:
    """Join pieces; beside a string literal a blank would be printed, elsewhere it keeps names apart."""
    line = ""
    for piece in pieces:
        touching = not line or line.endswith('"') or piece.startswith('"')
        line += piece if touching else f" {piece}"
    return line


def _attached(base: str, below: Node | None, above: Node | None) -> str:
    scripts = [f"{place}: {_typst(node)}" for place, node in (("b", below), ("t", above)) if node is not None]
    return f"attach({', '.join([base, *scripts])})" if scripts else base


def _call_name(function: Node) -> str:
    match function:
        case Text(words):
            return f"op({string(words)})"
        case Script(Text(words), below, above):
            return _attached(f"op({string(words)})", below, above)
        case _:
            return _typst(function)
