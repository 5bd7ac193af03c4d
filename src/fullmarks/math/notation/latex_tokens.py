"""LaTeX source as tokens: the only module that knows pylatexenc, which finds them."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.math.notation.latex_macros import MACROS, arguments_of

if TYPE_CHECKING:
    from pylatexenc.macrospec import LatexContextDb


class UnreadableError(FullmarksError):
    """Something in a formula cannot be read; ``position`` counts characters from 0."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position


class Characters(Struct, frozen=True):
    """What stands in the source as itself, blanks included."""

    text: str
    position: int


class Macro(Struct, frozen=True):
    """A backslash and a name, with the arguments that the table of macros gives it; an absent one is None."""

    name: str
    arguments: "tuple[tuple[Token, ...] | None, ...]"
    position: int


class Group(Struct, frozen=True):
    """What stands between braces."""

    children: "tuple[Token, ...]"
    position: int


class Environment(Struct, frozen=True):
    r"""What stands between ``\begin`` and ``\end``."""

    name: str
    children: "tuple[Token, ...]"
    position: int


class Dollars(Struct, frozen=True):
    """What stands between dollars."""

    children: "tuple[Token, ...]"
    position: int


COMPLAINTS: Final = (
    (r'End of input while parsing arguments of macro "(.*)"', r"\\\1 lacks an argument"),
    (r"Unexpected end of stream, was expecting (.*)", r"the formula ends before \1"),
    (r"Unexpected mismatching closing brace: '}'", "a } that nothing opens"),
)
"""What pylatexenc says, and how we say it; anything else stays in its words."""

Token = Characters | Macro | Group | Environment | Dollars


def tokens_of(source: str) -> tuple[Token, ...]:
    """Return the tokens of LaTeX source; raise ``UnreadableError`` where braces or environments do not match."""
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerParseError

    walker = LatexWalker(source, latex_context=_context(), tolerant_parsing=False)
    try:
        nodes, _, length = walker.get_latex_nodes()
    except LatexWalkerParseError as error:
        message = str(error.msg)
        for pattern, ours in COMPLAINTS:
            message = re.sub(pattern, ours, message)
        raise UnreadableError(error.pos, message) from None
    if length < len(source):
        raise UnreadableError(length, f"{source[length:]!r} is left over")
    return tuple(_tokens(nodes))


def split(tokens: Sequence[Token]) -> list[Token]:
    """Return tokens with characters taken apart into numbers and single characters, without blanks."""
    split: list[Token] = []
    for token in tokens:
        if isinstance(token, Characters):
            found = re.finditer(r"[0-9]+(?:\.[0-9]+)?|\S", token.text)
            split.extend(Characters(match.group(), token.position + match.start()) for match in found)
        else:
            split.append(token)
    return split


def rows_of(tokens: Sequence[Token]) -> list[list[list[Token]]]:
    """Return what stands between the row marks and the ampersands of an environment."""
    rows: list[list[list[Token]]] = [[[]]]
    for token in split(tokens):
        match token:
            case Characters("&"):
                rows[-1].append([])
            case Macro("\\"):
                rows.append([[]])
            case _:
                rows[-1][-1].append(token)
    return rows[:-1] if len(rows) > 1 and rows[-1] == [[]] else rows


@cache  # building it from the table takes longer than reading a formula
def _context() -> "LatexContextDb":
    from pylatexenc.macrospec import EnvironmentSpec, LatexContextDb, MacroSpec

    context = LatexContextDb()
    macros = [MacroSpec(name, arguments_of(meaning)) for name, meaning in MACROS.items()]
    context.add_context_category(
        "fullmarks", macros=[*macros, MacroSpec("\\", "[")], environments=[EnvironmentSpec("array", "{")]
    )
    context.set_unknown_macro_spec(MacroSpec("", ""))
    context.set_unknown_environment_spec(EnvironmentSpec("", ""))
    return context


def _tokens(nodes: list[Any]) -> Iterator[Token]:
    for node in nodes:
        match type(node).__name__:
            case "LatexCharsNode":
                yield Characters(node.chars, node.pos)
            case "LatexMacroNode":
                found = node.nodeargd.argnlist if node.nodeargd is not None else []
                yield Macro(node.macroname, tuple(map(_argument, found)), node.pos)
            case "LatexGroupNode":
                yield Group(tuple(_tokens(node.nodelist)), node.pos)
            case "LatexEnvironmentNode":
                yield Environment(node.environmentname, tuple(_tokens(node.nodelist)), node.pos)
            case "LatexMathNode":
                yield Dollars(tuple(_tokens(node.nodelist)), node.pos)
            case _:
                raise UnreadableError(node.pos, r"% starts a comment in LaTeX; a percent sign is \%")


def _argument(node: Any) -> tuple[Token, ...] | None:
    """Return the tokens of an argument without the braces around it."""
    if node is None:
        return None
    inside = node.nodelist if type(node).__name__ == "LatexGroupNode" else [node]
    return tuple(_tokens(inside))
