"""LaTeX source as tokens: the only module that knows pylatexenc, which finds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fullmarks.errors import FullmarksError
from fullmarks.math.notation.latex_macros import MACROS, arguments_of

if TYPE_CHECKING:
    from pylatexenc.macrospec import LatexContextDb


class Unreadable(FullmarksError):
    """Something in a formula cannot be read; ``position`` counts characters from 0."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True, slots=True)
class Characters:
    """What stands in the source as itself, blanks included."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Macro:
    """A backslash and a name, with the arguments that the table of macros gives it; an absent one is None."""

    name: str
    arguments: "tuple[tuple[Token, ...] | None, ...]"
    position: int


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between braces."""

    children: "tuple[Token, ...]"
    position: int


@dataclass(frozen=True, slots=True)
class Environment:
    r"""What stands between ``\\begin`` and ``\\end``."""

    name: str
    children: "tuple[Token, ...]"
    position: int


@dataclass(frozen=True, slots=True)
class Dollars:
    """What stands between dollars."""

    children: "tuple[Token, ...]"
    position: int


Token = Characters | Macro | Group | Environment | Dollars


def tokens_of(source: str) -> tuple[Token, ...]:
    """Return the tokens of LaTeX source; raise ``Unreadable`` where braces or environments do not match."""
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerParseError

    walker = LatexWalker(source, latex_context=_context(), tolerant_parsing=False)
    try:
        nodes, _, length = walker.get_latex_nodes()
    except LatexWalkerParseError as error:
        message = str(error.msg).replace("end of stream, was expecting", "end; expected").replace("end of input", "end")
        raise Unreadable(error.pos, message[:1].lower() + message[1:]) from None
    if length < len(source):
        raise Unreadable(length, f"{source[length:]!r} is left over")
    return tuple(_tokens(nodes))


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
                raise Unreadable(node.pos, r"% starts a comment in LaTeX; a percent sign is \%")


def _argument(node: Any) -> tuple[Token, ...] | None:
    """Return the tokens of an argument without the braces around it."""
    if node is None:
        return None
    inside = node.nodelist if type(node).__name__ == "LatexGroupNode" else [node]
    return tuple(_tokens(inside))
