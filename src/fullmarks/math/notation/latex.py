"""LaTeX of a formula, in the part of the language that KaTeX and pdflatex with amsmath, amssymb and bm share."""

from itertools import pairwise
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
from fullmarks.math.notation.vocabulary import (
    BEFORE_AN_OPERAND,
    CLOSING,
    FUNCTIONS,
    GREEK,
    LATEX_FUNCTIONS,
    OPENING,
    POSTFIX,
    PUNCTUATION,
    call_fence,
    flat,
    is_unary,
)

SIGNS: Final[dict[SignKind, str]] = {
    "=": "=", "≈": r"\approx", "+": "+", "−": "-", "×": r"\times", "⋅": r"\cdot", "⊙": r"\odot", "/": "/", ",": ",",
    ";": ";", ":": ":", "<": "<", ">": ">", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "∈": r"\in", "→": r"\to",
    "…": r"\ldots", "⋮": r"\vdots", "∗": r"\ast", "|": r"\mid", "∂": r"\partial", "∇": r"\nabla", "!": "!",
    "′": r"{}^{\prime}", "∞": r"\infty", "±": r"\pm", "∀": r"\forall", "⊕": r"\oplus", "%": r"\%", "↦": r"\mapsto",
    "∼": r"\sim", "∝": r"\propto", "(": "(", ")": ")", "[": "[", "]": "]",
}  # fmt: skip

BRACKETS: Final[dict[str, str]] = {
    "(": "(", ")": ")", "[": "[", "]": "]", "{": r"\{", "}": r"\}", "⌈": r"\lceil", "⌉": r"\rceil", "⌊": r"\lfloor",
    "⌋": r"\rfloor", "": "",
}  # fmt: skip

TEXT_ESCAPES: Final[dict[str, str]] = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "\n": " ",
} | {kind: f"${form}$" for kind, form in SIGNS.items() if not kind.isascii()}  # fmt: skip
"""The signs outside ASCII are mathematics even between words: neither pdflatex nor KaTeX has them all in text."""

NEXT_ROW = r" \\ "
NEXT_ALIGNED = r" \\[4pt] "  # without the four points, fractions in neighbouring lines touch
AMSMATH_COLUMNS = 10  # a wider bmatrix stops pdflatex unless the preamble raises MaxMatrixCols


def latex(node: Node) -> str:
    """Return LaTeX for mathematics mode, on one line, without dollars."""
    match node:
        case Number(digits):
            return digits.replace(",", "{,}")
        case Symbol():
            return _symbol(node)
        case Text(words):
            return _function(words) if words in FUNCTIONS else _text(words)
        case Sign(kind):
            return SIGNS[kind]
        case Space(width):
            return r"\," if width == "thin" else r"\quad"
        case Row():
            return _row(flat(node))
        case Fraction(top, bottom):
            return rf"\frac{{{latex(top)}}}{{{latex(bottom)}}}"
        case Root(body):
            return rf"\sqrt{{{latex(body)}}}"
        case Script():
            return _scripted(_script_base(node.base), node.below, node.above)
        case Accent(base, mark):
            return rf"\{mark}{{{latex(base)}}}"
        case Matrix(rows):
            return _matrix(rows)
        case Call():
            return _call_name(node.function) + latex(call_fence(node))
        case BigOperator(kind, body, below, above):
            name = r"\prod" if kind == "product" else rf"\{kind}"
            return f"{_scripted(name, below, above)} {latex(body)}"
        case Fence():
            return _fence(node)
        case BraceNote(body, note):
            # The outer braces keep the space before a + that follows.
            return rf"{{\underbrace{{{latex(body)}}}_{{{_text(note)}}}}}"
        case Cases(branches):
            return rf"\begin{{cases}} {_lines(branches, NEXT_ROW)} \end{{cases}}"
        case Aligned(lines):
            return rf"\begin{{aligned}} {_lines(lines, NEXT_ALIGNED)} \end{{aligned}}"
        case _:
            assert_never(node)


def is_tall(node: Node) -> bool:
    """Tell whether a node is so much higher than a letter that brackets around it must grow."""
    match node:
        case Number() | Symbol() | Text() | Sign() | Space():
            return False
        case Fraction() | Matrix() | Cases() | Aligned() | BraceNote():
            return True
        case BigOperator(kind, body, below, _):
            return kind in {"sum", "product"} or below is not None or is_tall(body)
        case Row(items):
            return any(is_tall(item) for item in items)
        case Call(function, arguments):
            return any(is_tall(part) for part in (function, *arguments))
        case Script(base, below, above):
            return any(part is not None and is_tall(part) for part in (base, below, above))
        case Root(part) | Accent(part) | Fence(part):
            return is_tall(part)
        case _:
            assert_never(node)


def _symbol(symbol: Symbol) -> str:
    name, style = symbol.name, symbol.style
    if name in GREEK:
        return rf"\boldsymbol{{\{name}}}" if style == "bold" else rf"\{name}"
    if len(name) == 1 and style == "italic":
        return _escaped(name)
    command = {"italic": "mathit", "bold": "mathbf", "upright": "mathrm"}[style]
    return rf"\{command}{{{_escaped(name)}}}"


def _escaped(words: str) -> str:
    # Parted, because Markdown that holds the formula may be read by a program that knows no mathematics: ![…](…).
    parted = words.replace("](", "]\x00(").replace("][", "]\x00[")
    return "".join(TEXT_ESCAPES.get(character, character) for character in parted).replace("\x00", "{}")


def _text(words: str) -> str:
    return rf"\text{{{_escaped(words)}}}"


def _function(name: str) -> str:
    return rf"\{name}" if name in LATEX_FUNCTIONS else rf"\operatorname{{{name}}}"


def _call_name(function: Node) -> str:
    match function:
        case Text(words) if words.isascii() and words.isalnum():
            return _function(words)
        case Script(Text() as base, below, above):
            return _scripted(_call_name(base), below, above)
        case _:
            return latex(function)


def _row(items: tuple[Node, ...]) -> str:
    if not items:
        return "{}"
    line = latex(items[0])
    before: Node | None = None
    for previous, item in pairwise(items):
        tight = _clings_to_next(previous, before) or _clings_to_previous(item, previous)
        line += ("" if tight else " ") + latex(item)
        before = previous
    return line


def _clings_to_next(item: Node, before: Node | None) -> bool:
    return isinstance(item, Sign) and (item.kind in OPENING or (is_unary(item, before) and item.kind == "−"))


def _clings_to_previous(item: Node, previous: Node) -> bool:
    match item:
        case Sign(kind):
            return kind in PUNCTUATION | CLOSING | POSTFIX
        case Fence():
            return not isinstance(previous, Sign | Space) or (
                isinstance(previous, Sign) and previous.kind not in BEFORE_AN_OPERAND
            )
        case _:
            return False


def _scripted(base: str, below: Node | None, above: Node | None) -> str:
    subscript = "" if below is None else f"_{{{_raised(below)}}}"
    superscript = "" if above is None else f"^{{{_raised(above)}}}"
    return base + subscript + superscript


def _raised(node: Node) -> str:
    """Return LaTeX for a place that is raised already, where a prime must not raise itself again."""
    match node:
        case Sign("′"):
            return r"\prime"
        case Row() if (items := flat(node)) and items[0] == Sign("′"):
            return " ".join(_raised(item) for item in items)
        case _:
            return latex(node)


def _script_base(base: Node) -> str:
    match base:
        case Sign("′") | Space() | Script() | Row() | Fraction() | BigOperator() | BraceNote() | Cases() | Aligned():
            inner = latex(base)
            return inner if inner == "{}" else f"{{{inner}}}"
        case _:
            return latex(base)


def _fence(fence: Fence) -> str:
    body = latex(fence.body)
    left, right = _bracket(fence.left, "l"), _bracket(fence.right, "r")
    if is_tall(fence.body):
        return rf"\left{left or '.'} {body} \right{right or '.'}"
    # A control word swallows the letter after it unless a blank stands between.
    return left + (" " if left[-1:].isalpha() else "") + body + (" " if right[1:].isalpha() else "") + right


def _bracket(bracket: str, side: str) -> str:
    return {"|": rf"\{side}vert", "‖": rf"\{side}Vert"}.get(bracket) or BRACKETS[bracket]


def _matrix(rows: tuple[tuple[Node, ...], ...]) -> str:
    columns = max((len(row) for row in rows), default=0)
    body = _lines(rows, NEXT_ROW)
    if columns > AMSMATH_COLUMNS:
        return rf"\left[ \begin{{array}}{{{'c' * columns}}} {body} \end{{array}} \right]"
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _lines(lines: tuple[tuple[Node, ...], ...], separator: str) -> str:
    return separator.join(" & ".join(_cell(cell) for cell in line) for line in lines)


def _cell(node: Node) -> str:
    # A bracket right after the end of a line would be read as the height of that line.
    form = latex(node)
    return "{}" + form if form.startswith(("[", "*")) else form
