"""How quantities are called on paper: a letter from a name, bold for arrays, and the symbol of one entry."""

import re

from fullmarks.math.notation import Accent, Fraction, Node, Number, Row, Script, Sign, Style, Symbol, Text

_GREEK_LETTERS = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega
"""
GREEK = frozenset(_GREEK_LETTERS.split())
_LETTER_AND_REST = re.compile(rf"({'|'.join(sorted(GREEK, key=len, reverse=True))}|[A-Za-z])(?:_(\w+)|(\d+))?")
_LONGEST_LETTERS_BELOW = 2  # W_hh has two letters below; y_out has a word there


def symbol_from_name(name: str, *, is_array: bool) -> Node:
    """Return the symbol of a name: ``W_hh`` is **W** with hh below, ``h0`` is **h** with 0, ``target`` a word."""
    style: Style = "bold" if is_array else "italic"
    match = _LETTER_AND_REST.fullmatch(name)
    if match is None:
        return Text(name.replace("_", " "))
    letter, below, digits = match.groups()
    base = Symbol(letter, style)
    rest = below or digits
    return Script(base, _below(rest)) if rest else base


def _below(text: str) -> Node:
    pieces = [_below_piece(piece) for piece in text.split("_")]
    separated: list[Node] = [pieces[0]]
    for piece in pieces[1:]:
        separated += [Sign(","), piece]
    return separated[0] if len(separated) == 1 else Row(tuple(separated))


def _below_piece(text: str) -> Node:
    if text.isdigit():
        return Number(text)
    letters = re.fullmatch(r"([A-Za-z]+?)(\d*)", text)
    if letters is None or len(letters[1]) > _LONGEST_LETTERS_BELOW:
        return Text(text)
    parts: list[Node] = [Symbol(letter) for letter in letters[1]]
    if letters[2]:
        parts.append(Number(letters[2]))
    return parts[0] if len(parts) == 1 else Row(tuple(parts))


def with_below(symbol: Node, below: Node) -> Node:
    """Return the symbol with something more below it, after a comma where something stands there already."""
    match symbol:
        case Fraction(top=top, bottom=Row(items=(Sign("∂"), variable))):  # a gradient: ∂L/∂w with the index of w
            return Fraction(top, Row((Sign("∂"), with_below(variable, below))))
        case Script(base=base, below=old, above=above):
            return Script(base, below if old is None else Row((old, Sign(","), below)), above)
        case _:
            return Script(symbol, below)


def entry_symbol(symbol: Node, index: tuple[int, ...]) -> Node:
    """Return the symbol of one entry: a light small letter with the index, counted from 1, below it."""
    match symbol:
        case Fraction(top=top, bottom=Row(items=(Sign("∂"), variable))):
            return Fraction(top, Row((Sign("∂"), entry_symbol(variable, index))))
    places = [position + 1 for position in index]
    has_own = isinstance(symbol, Script) and symbol.below is not None
    small = light(symbol)
    if not has_own and max(places) < 10:  # noqa: PLR2004 - one digit each: 11 is row 1, column 1
        return with_below(small, Number("".join(str(place) for place in places)))
    joined: list[Node] = [Number(str(places[0]))]
    for place in places[1:]:
        joined += [Sign(","), Number(str(place))]
    return with_below(small, joined[0] if len(joined) == 1 else Row(tuple(joined)))


def on_one_line(symbol: Node) -> Node:
    """Return the symbol of a gradient with a slash, ∂L/∂w, for where it stands alone; any other as it is."""
    match symbol:
        case Fraction(top=Row(items=(Sign("∂"), _) as top), bottom=Row(items=(Sign("∂"), _) as bottom)):
            return Row((*top, Sign("/"), *bottom))
        case _:
            return symbol


def light(symbol: Node) -> Node:
    """Return the symbol of an array as its entries have it: light and small."""
    match symbol:
        case Symbol(name=name):
            return Symbol(name if name in GREEK else name.lower())
        case Script(base=base, below=below, above=above):
            return Script(light(base), below, above)
        case Accent(base=base, mark=mark):
            return Accent(light(base), mark)
        case _:
            return symbol
