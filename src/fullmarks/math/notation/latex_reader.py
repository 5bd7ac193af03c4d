"""Reads the LaTeX that people write in prose into the notation tree."""

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, assert_never

from msgspec.structs import replace

from fullmarks.errors import FullmarksError, nearest
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
    Sign,
    Style,
    Symbol,
    Text,
)
from fullmarks.math.notation.latex_assembly import NOTHING, Bracket, Part, Scripts, assembled, one_node, restyled
from fullmarks.math.notation.latex_macros import (
    CHARACTERS,
    DELIMITERS,
    ENVIRONMENTS,
    LINES,
    MACROS,
    MATRICES,
    TEXT_CHARACTERS,
    Accented,
    Big,
    Delimiter,
    Structure,
    Styled,
)
from fullmarks.math.notation.latex_tokens import (
    Characters,
    Dollars,
    Environment,
    Group,
    Macro,
    Token,
    UnreadableError,
    rows_of,
    split,
    tokens_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

TOML_ESCAPES: Final = {"\b": r"\b", "\t": r"\t", "\f": r"\f", "\r": r"\r", "\x1b": r"\e"}


def read_latex(source: str) -> Node:
    """Return the formula that LaTeX source (without dollars) writes.

    Raises ``FullmarksError`` that names the macro, character or bracket, its place and the nearest known name.
    """
    _refuse_control_characters(source)
    try:
        return _node(tokens_of(source))
    except UnreadableError as error:
        raise FullmarksError(f"formula ${source}$, character {error.position + 1}: {error}") from None
    except RecursionError:
        raise FullmarksError(f"formula ${source[:20]}…$: its {len(source):,} characters are nested too deep") from None


def read_prose(text: str) -> tuple[str | Node, ...]:
    r"""Return prose as plain strings and the formulas between its dollars; ``\$`` is a dollar.

    Raises ``FullmarksError`` for a lone dollar, an empty formula, a control character or LaTeX that cannot be read.
    """
    _refuse_control_characters(text)
    pieces = re.split(r"(?<!\\)\$", text)
    if len(pieces) % 2 == 0:
        position = text.rfind("$") + 1
        raise FullmarksError(
            f"a $ without a partner at character {position}: a formula stands between two, a dollar is \\$"
        )
    parts: list[str | Node] = []
    for number, piece in enumerate(pieces):
        if number % 2:
            if not piece.strip():
                raise FullmarksError("an empty formula: nothing stands between two $")
            parts.append(read_latex(piece))
        elif piece:
            parts.append(piece.replace(r"\$", "$"))
    return tuple(parts)


def _refuse_control_characters(text: str) -> None:
    for position, character in enumerate(text, start=1):
        if unicodedata.category(character) == "Cc" and character != "\n":
            cause = (
                f"in a TOML string between double quotes {TOML_ESCAPES[character]} becomes one; "
                "write LaTeX between single quotes"
                if character in TOML_ESCAPES
                else "take it out"
            )
            raise FullmarksError(f"control character U+{ord(character):04X} at character {position}: {cause}")


def _node(tokens: Sequence[Token]) -> Node:
    return assembled(list(_parts(split(tokens))))


def _parts(tokens: list[Token]) -> "Iterator[Part]":
    """Yield the parts of a formula; takes the tokens from its list as it goes."""
    waiting = tokens[::-1]
    while waiting:
        match waiting.pop():
            case Characters("_" | "^" | "'" as mark, position):
                yield _scripts(mark, position, waiting)
            case Characters(digits) if digits[0].isdecimal() and digits.isascii():
                yield Number(digits + _thousands(waiting))
            case Characters(character, position):
                yield _character(character, position)
            case Macro(name="left" | "right") as macro:
                yield _sized(macro, waiting)
            case Macro() as macro:
                yield from _macro(macro)
            case Group(children):
                yield _node(children)
            case Environment() as environment:
                yield _environment(environment)
            case Dollars(position=position):
                raise UnreadableError(position, "a formula inside a formula")
            case unknown:
                assert_never(unknown)


def _character(character: str, position: int) -> Part:
    if character in DELIMITERS:
        return Bracket(DELIMITERS[character], position)
    if character in CHARACTERS:
        return CHARACTERS[character]
    if character.isascii() and character.isalpha():
        return Symbol(character)
    if character == "&":
        raise UnreadableError(position, "& outside a matrix, cases or aligned lines")
    raise UnreadableError(position, f"character {character!r} is unknown in formulas; words stand in \\text{{…}}")


def _thousands(waiting: list[Token]) -> str:
    """Take ``{,}706`` from what follows a number: the way to write 61,706 without a gap."""
    digits = ""
    while True:
        match waiting:
            case [*_, Characters(more), Group((Characters(","),))] if more.isdecimal():
                digits += f",{more}"
                del waiting[-2:]
            case _:
                return digits


def _scripts(mark: str, position: int, waiting: list[Token]) -> Scripts:
    below: Node | None = None
    above: list[Node] = []
    raised = False
    while True:
        match mark:
            case "'":
                above.append(Sign("′"))
            case "_":
                if below is not None:
                    raise UnreadableError(position, "a second subscript; put braces around what the first belongs to")
                below = _script(position, waiting)
            case _:
                if raised:
                    raise UnreadableError(position, "a second superscript; put braces around what the first belongs to")
                raised = True
                above.append(_script(position, waiting))
        match waiting:
            case [*_, Characters("_" | "^" | "'" as mark, position)]:
                waiting.pop()
            case _:
                return Scripts(below, one_node(above) if above else None, position)


def _script(position: int, waiting: list[Token]) -> Node:
    """Take what a ``_`` or ``^`` raises: a group, a macro with its arguments, or one character."""
    if not waiting:
        raise UnreadableError(position, "nothing follows a script mark")
    token = waiting.pop()
    if isinstance(token, Characters) and len(token.text) > 1:
        waiting.append(Characters(token.text[1:], token.position + 1))
        token = Characters(token.text[0], token.position)
    if isinstance(token, Characters) and token.text in {"_", "^", "'"}:
        raise UnreadableError(token.position, "nothing stands between two script marks")
    return _node([token])


def _sized(macro: Macro, waiting: list[Token]) -> Bracket:
    match waiting.pop() if waiting else None:
        case Characters("."):
            # The invisible bracket takes its role from its side.
            return Bracket(Delimiter("", "open" if macro.name == "left" else "close"), macro.position, sized=True)
        case Characters(character) if character in DELIMITERS:
            delimiter = DELIMITERS[character]
        case Macro(name) if isinstance(meaning := MACROS.get(name), Delimiter):
            delimiter = meaning
        case _:
            raise UnreadableError(macro.position, f"no bracket follows \\{macro.name}")
    return Bracket(replace(delimiter, role="open" if macro.name == "left" else "close"), macro.position, sized=True)


def _macro(macro: Macro) -> "Iterator[Part]":
    match MACROS.get(macro.name):
        case None if macro.name == "\\":
            raise UnreadableError(macro.position, r"\\ outside a matrix, cases or aligned lines")
        case None:
            raise UnreadableError(macro.position, f"unknown macro \\{macro.name}{nearest(macro.name, MACROS)}")
        case Styled(style):
            yield _styled(_argument(macro), style)
        case Accented(mark):
            yield Accent(_node(_argument(macro)), mark)
        case Big(kind):
            yield BigOperator(kind, NOTHING)
        case Delimiter() as delimiter:
            yield Bracket(delimiter, macro.position)
        case Structure("fraction"):
            yield Fraction(_node(_argument(macro, 0)), _node(_argument(macro, 1)))
        case Structure("root"):
            if macro.arguments and macro.arguments[0] is not None:
                raise UnreadableError(macro.position, "only square roots are known; write the others as powers")
            yield Root(_node(_argument(macro)))
        case Structure("text"):
            yield one_node(_words(_argument(macro)))
        case Structure("function"):
            # A call still without its arguments: the brackets that follow give them.
            yield Call(Text(_plain_words(_argument(macro), macro.position)), ())
        case Structure("brace note"):
            yield BraceNote(_node(_argument(macro)), "")
        case Structure():
            return
        case node:
            yield node


def _argument(macro: Macro, number: int = -1) -> tuple[Token, ...]:
    argument = macro.arguments[number] if macro.arguments else None
    if argument is None:
        raise UnreadableError(macro.position, f"\\{macro.name} needs its argument in braces")
    return argument


def _styled(tokens: tuple[Token, ...], style: Style) -> Node:
    match tokens:
        case (Characters(word),) if word.isascii() and word.isalnum() and not word.isdecimal():
            return Symbol(word, style)
        case _ if len(tokens) > 1 and (name := _name(tokens)):
            return Symbol(name, style)
        case _:
            return restyled(_node(tokens), style)


def _name(tokens: tuple[Token, ...]) -> str:
    r"""Return a name with underscores, as in ``conv2d\_2``, or nothing where it is no name."""
    letters = ["_" if isinstance(token, Macro) and token.name == "_" else token for token in tokens]
    name = "".join(token if isinstance(token, str) else getattr(token, "text", " ") for token in letters)
    return name if name.isascii() and name.isidentifier() and "_" in letters else ""


def _words(tokens: tuple[Token, ...]) -> list[Node]:
    """Return words, and the formulas between dollars among them."""
    nodes: list[Node] = [Text("")]

    def add(words: str) -> None:
        match nodes[-1]:
            case Text(before):
                nodes[-1] = Text(before + words)
            case _:
                nodes.append(Text(words))

    for token in tokens:
        match token:
            case Characters(text):
                add(text.replace("\n", " "))
            case Macro(name, position=position):
                if name not in TEXT_CHARACTERS:
                    suggestion = nearest(name, TEXT_CHARACTERS)
                    raise UnreadableError(position, f"unknown macro \\{name} between words{suggestion}")
                add(TEXT_CHARACTERS[name])
            case Group(children):
                add(_plain_words(children, token.position))
            case Dollars(children):
                match _node(children):
                    case Sign(kind):
                        add(kind)
                    case formula:
                        nodes.append(formula)
            case Environment(position=position):
                raise UnreadableError(position, "an environment between words")
            case unknown:
                assert_never(unknown)
    return nodes if len(nodes) == 1 else [node for node in nodes if node != Text("")]


def _plain_words(tokens: tuple[Token, ...], position: int) -> str:
    match _words(tokens):
        case [Text(words)]:
            return words
        case _:
            raise UnreadableError(position, "only words may stand here")


def _environment(environment: Environment) -> Node:
    name, position = environment.name, environment.position
    if name not in ENVIRONMENTS:
        raise UnreadableError(position, f"unknown environment {name!r}{nearest(name, ENVIRONMENTS)}")
    rows = tuple(tuple(_node(cell) for cell in row) for row in rows_of(environment.children))
    if name in LINES:
        return Aligned(rows)
    if name in MATRICES:
        for number, row in enumerate(rows, start=1):
            if len(row) != len(rows[0]):
                raise UnreadableError(
                    position, f"row {number} of the {name} has {len(row)} entries, row 1 has {len(rows[0])}"
                )
        return Matrix(rows) if name in {"bmatrix", "pmatrix"} else Fence(Matrix(rows), "", "")
    two = 2
    if any(len(row) > two for row in rows):
        raise UnreadableError(position, "a line of cases has a value and a condition, with one & between them")
    return Cases(tuple((row[0], row[1] if len(row) == two else NOTHING) for row in rows))
