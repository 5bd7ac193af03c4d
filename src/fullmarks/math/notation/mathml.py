"""MathML of a formula, in the part that browsers share (MathML Core), named in words for screen readers."""

from collections.abc import Iterable
from html import escape
from itertools import chain
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
from fullmarks.math.notation.latex import is_tall
from fullmarks.math.notation.speech import speech
from fullmarks.math.notation.vocabulary import (
    CLOSING,
    FUNCTIONS,
    GREEK,
    OPENING,
    ORDINARY,
    POSTFIX,
    PREFIX,
    call_fence,
    flat,
    is_function,
    is_unary,
)

APPLY: Final = "<mo>\N{FUNCTION APPLICATION}</mo>"
THIN: Final = '<mspace width="0.1667em"></mspace>'
WIDE: Final = '<mspace width="1em"></mspace>'
BLANK: Final = "\N{NO-BREAK SPACE}"

BIG: Final = {"sum": "<mo>∑</mo>", "product": "<mo>∏</mo>", "max": "<mi>max</mi>", "min": "<mi>min</mi>"}
ACCENTS: Final = {"hat": "^", "bar": "¯", "tilde": "~", "vec": "→", "dot": "˙"}

# Where the mathematical letters begin; they follow one another as A to Z and a to z do.
BOLD: Final = {"A": 0x1D400, "a": 0x1D41A, "0": 0x1D7CE, "Α": 0x1D6A8, "α": 0x1D6C2}
ITALIC: Final = {"A": 0x1D434, "a": 0x1D44E, "Α": 0x1D6E2, "α": 0x1D6FC}
LENGTHS: Final = {"A": 26, "a": 26, "0": 10, "Α": 25, "α": 25}
# Letters that stand elsewhere: the Planck constant took the place of h, and the round forms follow omega.
IRREGULAR_BOLD: Final = {"ϵ": "𝛜", "ϑ": "𝛝", "ϕ": "𝛟"}
IRREGULAR_ITALIC: Final = {"h": "ℎ", "ϵ": "𝜖", "ϑ": "𝜗", "ϕ": "𝜙"}


def mathml(node: Node, *, displayed: bool = False, previous: Node | None = None) -> str:
    """Return a whole ``<math>`` element; ``displayed`` sets fractions and sums in full size.

    ``previous`` is what stands before it in a formula that is cut into several elements: only so is it known whether
    a minus at its start is a sign or a subtraction.
    """
    style = ' displaystyle="true"' if displayed else ""
    items = flat(node) if isinstance(node, Row) else (node,)
    return f'<math aria-label="{_escaped(speech(node))}"{style}>{_row(items, previous, raised=False)}</math>'


def _element(node: Node, *, raised: bool = False) -> str:
    """Return one element; ``raised`` says that it stands in a script, where signs keep no distance."""
    match node:
        case Number(digits):
            return _number(digits)
        case Symbol():
            return _symbol(node)
        case Text(words):
            return f"<mi>{words}</mi>" if words in FUNCTIONS else _text(words)
        case Sign():
            return _sign(node, None, raised=raised)
        case Space(width):
            return THIN if width == "thin" else WIDE
        case Row():
            return _row(flat(node), None, raised=raised)
        case Fraction(top, bottom):
            return f"<mfrac>{_element(top, raised=raised)}{_element(bottom, raised=raised)}</mfrac>"
        case Root(body):
            return f"<msqrt>{_element(body, raised=raised)}</msqrt>"
        case Script(base, below, above):
            return _attached(_element(base, raised=raised), below, above, ("msub", "msup", "msubsup"))
        case Accent(base, mark):
            over = f'<mo stretchy="false">{ACCENTS[mark]}</mo>'
            return f'<mover accent="true">{_element(base, raised=raised)}{over}</mover>'
        case Matrix(rows):
            table = _table(rows, raised=raised)
            return f"<mrow>{_bracket('[', 'prefix', grows=True)}{table}{_bracket(']', 'postfix', grows=True)}</mrow>"
        case Call(function):
            name = _element(function, raised=raised) if not isinstance(function, Text) else _name(function.words)
            return f"<mrow>{name}{APPLY}{_element(call_fence(node), raised=raised)}</mrow>"
        case BigOperator(kind, body, below, above):
            operator = _attached(BIG[kind], below, above, ("munder", "mover", "munderover"))
            gap = "" if kind in {"sum", "product"} else THIN
            return f"<mrow>{operator}{gap}{_element(body, raised=raised)}</mrow>"
        case Fence(body, left, right):
            grows = is_tall(body)
            before, after = _bracket(left, "prefix", grows=grows), _bracket(right, "postfix", grows=grows)
            return f"<mrow>{before}{_element(body, raised=raised)}{after}</mrow>"
        case BraceNote(body, note):
            braced = f'<munder>{_element(body, raised=raised)}<mo stretchy="true">⏟</mo></munder>'
            return f"<munder>{braced}{_text(note)}</munder>"
        case Cases(branches):
            table = _table(branches, ("left",), raised=raised)
            return f"<mrow>{_bracket('{', 'prefix', grows=True)}{table}</mrow>"
        case Aligned(lines):
            return _table(lines, ("right", "left"), raised=raised)
        case _:
            assert_never(node)


def _number(digits: str) -> str:
    if digits.startswith("-"):
        return f'<mrow><mo form="prefix">−</mo><mn>{_escaped(digits[1:])}</mn></mrow>'
    return f"<mn>{_escaped(digits)}</mn>"


def _symbol(symbol: Symbol) -> str:
    letters = GREEK.get(symbol.name, symbol.name)
    if symbol.style == "bold":
        return f"<mi>{_escaped(_in_block(letters, BOLD, IRREGULAR_BOLD))}</mi>"
    if symbol.style == "upright" or (letters.isupper() and symbol.name in GREEK):
        # A browser slants a letter that stands alone; capital Greek ones stand upright in English mathematics.
        return f'<mi mathvariant="normal">{_escaped(letters)}</mi>'
    if len(letters) == 1:
        return f"<mi>{_escaped(letters)}</mi>"
    return f"<mi>{_escaped(_in_block(letters, ITALIC, IRREGULAR_ITALIC))}</mi>"


def _in_block(letters: str, starts: dict[str, int], irregular: dict[str, str]) -> str:
    """Return letters as the mathematical ones of a style; the attribute that said so is gone from browsers."""
    return "".join(irregular.get(letter) or _shifted(letter, starts) for letter in letters)


def _shifted(letter: str, starts: dict[str, int]) -> str:
    for first, start in starts.items():
        place = ord(letter) - ord(first)
        if 0 <= place < LENGTHS[first]:
            return chr(start + place)
    return letter


def _text(words: str) -> str:
    # Ordinary blanks at either end would vanish.
    spaced = "".join(BLANK if letter.isspace() else letter for letter in words)
    return f"<mtext>{_escaped(spaced)}</mtext>"


def _escaped(text: str) -> str:
    return escape("".join(letter for letter in text if letter.isprintable() or letter == BLANK))


def _name(words: str) -> str:
    return f"<mi>{_escaped(words)}</mi>"


def _sign(sign: Sign, previous: Node | None, *, raised: bool) -> str:
    kind = sign.kind
    if kind in ORDINARY:
        return f'<mi mathvariant="normal">{kind}</mi>'
    form = _form(sign, previous)
    settings = f' form="{form}"'
    if kind in OPENING | CLOSING | {"|"}:
        settings += ' stretchy="false"'
    if form == "infix" and (raised or kind == "/"):
        settings += ' lspace="0" rspace="0"'
    return f"<mo{settings}>{escape(kind)}</mo>"


def _form(sign: Sign, previous: Node | None) -> str:
    kind: SignKind = sign.kind
    if kind in OPENING | PREFIX or is_unary(sign, previous):
        return "prefix"
    return "postfix" if kind in CLOSING | POSTFIX else "infix"


def _row(items: tuple[Node, ...], previous: Node | None, *, raised: bool) -> str:
    pieces: list[str] = []
    for item in items:
        if _parted(previous, item) and not raised:
            pieces.append(THIN)
        pieces.append(_sign(item, previous, raised=raised) if isinstance(item, Sign) else _element(item, raised=raised))
        previous = item
    return pieces[0] if len(pieces) == 1 else f"<mrow>{''.join(pieces)}</mrow>"


def _parted(previous: Node | None, item: Node) -> bool:
    """Tell whether two neighbours need a thin space: a function without brackets, a matrix beside something."""
    if previous is None or isinstance(previous, Sign | Space) or isinstance(item, Sign | Space):
        return False
    if is_function(previous):
        return not isinstance(item, Fence)
    return is_function(item) or isinstance(item, BigOperator) or _is_matrix(previous) or _is_matrix(item)


def _is_matrix(node: Node) -> bool:
    return isinstance(node, Matrix) or (isinstance(node, Script) and isinstance(node.base, Matrix))


def _bracket(bracket: str, form: str, *, grows: bool) -> str:
    if not bracket:
        return ""
    return f'<mo form="{form}" stretchy="{"true" if grows else "false"}">{bracket}</mo>'


def _attached(base: str, below: Node | None, above: Node | None, names: tuple[str, str, str]) -> str:
    """Attach what stands below and above; the names are those of the elements for below, above and both."""
    scripts = [_element(node, raised=True) for node in (below, above) if node is not None]
    if not scripts:
        return base
    name = names[2] if len(scripts) == len((below, above)) else names[0 if below is not None else 1]
    return f"<{name}>{base}{''.join(scripts)}</{name}>"


def _table(rows: tuple[tuple[Node, ...], ...], sides: tuple[str, ...] = (), *, raised: bool) -> str:
    """Write rows of cells; ``sides`` say where the first columns are aligned, the last of them all that follow."""
    style = ' displaystyle="true"' if len(sides) > 1 else ""
    lines = "".join(f"<mtr>{''.join(_cells(row, sides, raised=raised))}</mtr>" for row in rows)
    return f"<mtable{style}>{lines}</mtable>"


def _cells(row: tuple[Node, ...], sides: tuple[str, ...], *, raised: bool) -> Iterable[str]:
    repeated = chain(sides, (sides[-1] if sides else "" for _ in row))
    for cell, side in zip(row, repeated, strict=False):
        settings = f' style="text-align:{side}"' if side else ""
        yield f"<mtd{settings}>{_element(cell, raised=raised)}</mtd>"
