"""A formula in plain English words, for screen readers and for the alternative text that PDF/UA-1 demands."""

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
from fullmarks.math.notation.vocabulary import GREEK, TRANSPOSE, flat

SIGNS: Final[dict[SignKind, str]] = {
    "=": "equals", "≈": "approximately equals", "+": "plus", "−": "minus", "×": "times", "⋅": "times",
    "⊙": "elementwise times", "/": "divided by", ",": ",", ";": ";", ":": ":", "<": "is less than",
    ">": "is greater than", "≤": "is at most", "≥": "is at least", "≠": "is not equal to", "∈": "in", "→": "to",
    "…": "and so on", "⋮": "and so on", "∗": "star", "|": "given", "∂": "partial", "∇": "gradient",
    "!": "factorial", "′": "prime", "∞": "infinity", "±": "plus or minus", "∀": "for all", "⊕": "circled plus",
    "%": "percent", "↦": "maps to", "∼": "is distributed as", "∝": "is proportional to", "(": "open bracket",
    ")": "close bracket", "[": "open square bracket", "]": "close square bracket",
}  # fmt: skip

ENCLOSED: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("|", "|"): ("the absolute value of", "end absolute value"),
    ("‖", "‖"): ("the norm of", "end norm"),
    ("⌈", "⌉"): ("the ceiling of", "end ceiling"),
    ("⌊", "⌋"): ("the floor of", "end floor"),
}

BRACKETS: Final[dict[str, str]] = {
    "(": "open bracket", ")": "close bracket", "[": "open square bracket", "]": "close square bracket",
    "{": "open brace", "}": "close brace", "|": "bar", "‖": "double bar", "⌈": "open ceiling", "⌉": "close ceiling",
    "⌊": "open floor", "⌋": "close floor", "": "",
}  # fmt: skip

BIG: Final = {"sum": "the sum", "product": "the product", "max": "the maximum", "min": "the minimum"}

END_MATRIX: Final = ", end matrix"

MARKS_ALOUD: Final = {"hat": "hat", "bar": "bar", "tilde": "tilde", "vec": "vector", "dot": "dot"}


def speech(node: Node) -> str:
    """Return a formula as it is read aloud; never an empty string."""
    return _words(node) or "blank"


def _words(node: Node) -> str:
    match node:
        case Number(digits):
            return f"minus {digits[1:]}" if digits.startswith("-") else digits
        case Symbol(name):
            return name.removeprefix("var") if name in GREEK else name
        case Text(words):
            return " ".join(words.split())
        case Sign(kind):
            return SIGNS[kind]
        case Space():
            return ""
        case Row():
            return _row(flat(node))
        case Fraction(top, bottom):
            over = f"{speech(top)} over {speech(bottom)}"
            return over if _is_simple(top) and _is_simple(bottom) else f"the fraction {over} end fraction"
        case Root(body):
            return f"the square root of {speech(body)}" + ("" if _is_simple(body) else " end root")
        case Script():
            return _script(node)
        case Accent(base, mark):
            return f"{speech(base)} {MARKS_ALOUD[mark]}"
        case Matrix(rows):
            return _matrix(rows)
        case Call(function, arguments):
            return f"{speech(function)} of {_arguments(arguments)}"
        case BigOperator(kind, body, below, above):
            limits = (f" over {speech(below)}" if below is not None else "") + (
                f" to {speech(above)}" if above is not None else ""
            )
            return f"{BIG[kind]}{limits} of {speech(body)}"
        case Fence(body, left, right):
            opening, closing = ENCLOSED.get((left, right)) or (BRACKETS[left], BRACKETS[right])
            return f"{opening} {speech(body)} {closing}".strip()
        case BraceNote(body, note):
            return f"{speech(body)}, labelled {note.strip() or 'blank'},"
        case Cases(branches):
            return "cases: " + "; ".join(f"{speech(value)}, {speech(when)}" for value, when in branches)
        case Aligned(lines):
            return "; ".join(" ".join(filter(None, map(_words, line))) for line in lines)
        case _:
            assert_never(node)


def _is_simple(node: Node) -> bool:
    """Tell whether a listener hears where a node ends without being told."""
    match node:
        case Number() | Symbol() | Text() | Sign():
            return True
        case Script(base, below, above):
            return all(part is None or _is_simple(part) for part in (base, below, above))
        case Accent(base):
            return _is_simple(base)
        case Row((item,)) | Row((Sign("−"), item)):
            return _is_simple(item)
        case _:
            return False


def _row(items: tuple[Node, ...]) -> str:
    sentence = ""
    for position, item in enumerate(items):
        words = _words(item)
        if isinstance(item, Matrix) and position < len(items) - 1:
            words += END_MATRIX
        if words.startswith((",", ";", ":")):
            sentence += words
        elif words:
            sentence += f" {words}"
    return sentence.strip()


def _script(script: Script) -> str:
    words = speech(script.base) + (f"{END_MATRIX}," if isinstance(script.base, Matrix) else "")
    if script.below is not None:
        words += f" sub {speech(script.below)}" + ("" if _is_simple(script.below) else " end sub")
    match script.above:
        case None:
            return words
        case above if above in TRANSPOSE:
            return f"{words} transpose"
        case Sign("′" | "∗" as kind):
            return f"{words} {SIGNS[kind]}"
        case Number("2"):
            return f"{words} squared"
        case above:
            return f"{words} to the {speech(above)}" + ("" if _is_simple(above) else " end power")


def _matrix(rows: tuple[tuple[Node, ...], ...]) -> str:
    columns = max((len(row) for row in rows), default=0)
    lines = [", ".join(speech(entry) for entry in row) for row in rows]
    if not columns:
        return "empty matrix"
    if columns == 1:
        return "vector " + ", ".join(lines)
    if len(rows) == 1:
        return f"row vector {lines[0]}"
    numbered = "; ".join(f"row {number}: {line}" for number, line in enumerate(lines, start=1))
    return f"{len(rows)} by {columns} matrix with {numbered}"


def _arguments(arguments: tuple[Node, ...]) -> str:
    spoken = ", ".join(speech(argument) for argument in arguments) or "nothing"
    if all(_is_simple(argument) for argument in arguments):
        return spoken
    return f"open bracket {spoken} close bracket"
