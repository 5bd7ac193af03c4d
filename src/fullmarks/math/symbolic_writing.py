"""How expressions of letters and exact numbers are written: as notation, and as text that Python reads."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct

from fullmarks.math.notation import Call, Fence, Node, Number, Root, Row, Script, Sign, Space, Symbol, Text
from fullmarks.math.notation import Fraction as Quotient
from fullmarks.math.numbers import plain, terminates
from fullmarks.math.symbolic import Symbolic, ordered
from fullmarks.math.symbolic_terms import Ranks, Term, common_divisor, split, terms_in_order
from fullmarks.math.symbols import symbol_from_name
from fullmarks.math.writing import ATOM, NEGATIVE, POWER, PRODUCT, SUM, Written, number

MOST_DECIMALS = 6  # of a coefficient that is written out; beyond them it is a fraction, or rounded
LARGEST_DENOMINATOR = 100  # of a coefficient that is written as a fraction


class Style(Struct, frozen=True):
    """How numbers inside an expression look: decimals to some places, or, in an exact form, fractions."""

    places: int
    ranks: Ranks
    fractions: bool = False


def written(value: Symbolic, places: int, *, fractions: bool = False) -> Written:
    """Write an expression; its coefficients are decimals where these end soon, or always fractions."""
    return _sum(value.tree, Style(places, _ranks(value), fractions))


def is_printed_exactly(value: Symbolic) -> bool:
    """Tell whether no number in an expression is rounded in print, so that = may stand before it."""
    import sympy

    if value.tree.atoms(sympy.Float):
        return False
    return all(_is_short(Fraction(int(atom.p), int(atom.q))) for atom in value.tree.atoms(sympy.Rational))


def _ranks(value: Symbolic) -> Ranks:
    return {letter.name: place for place, letter in enumerate(ordered(value.letters))}


def _is_short(coefficient: Fraction) -> bool:
    return _is_short_decimal(coefficient) or coefficient.denominator <= LARGEST_DENOMINATOR


def _is_short_decimal(coefficient: Fraction) -> bool:
    return bool(10**MOST_DECIMALS % coefficient.denominator == 0)


def _sum(tree: Any, style: Style) -> Written:
    trees = terms_in_order(tree, style.ranks)
    terms = [split(term, style.ranks) for term in trees]
    divisor = common_divisor(terms)
    flat = not any(term.below or any(map(_is_sigmoid_of_a_number, term.above)) for term in terms)
    if len(terms) > 1 and flat and divisor <= LARGEST_DENOMINATOR and any(_as_fraction(one, style) for one in terms):
        whole = [Term(term.coefficient * divisor, term.root, term.above, term.below) for term in terms]
        return Written(Quotient(_joined(whole, style), Number(str(divisor))), PRODUCT)
    if len(terms) > 1:
        return Written(_joined(terms, style), SUM)
    (term,) = terms
    size = _term(term, style)
    if term.coefficient >= 0:
        return size
    return Written(Row((Sign("−"), size.node if size.level >= PRODUCT else Fence(size.node))), NEGATIVE)


def _as_fraction(term: Term, style: Style) -> bool:
    """Tell whether the coefficient of a term would be written as a fraction."""
    coefficient = term.coefficient
    if isinstance(coefficient, float) or coefficient.denominator == 1 or term.root > 1:
        return False
    return style.fractions or not _is_short_decimal(coefficient)


def _joined(terms: Sequence[Term], style: Style) -> Node:
    items: list[Node] = []
    for term in terms:
        if term.coefficient < 0:
            items.append(Sign("−"))
        elif items:
            items.append(Sign("+"))
        items.append(_term(term, style).node)
    return Row(tuple(items))


def _term(term: Term, style: Style) -> Written:
    """Write the size of a term, without its sign."""
    size: Fraction | float = term.coefficient if term.coefficient >= 0 else -term.coefficient
    root = term.root
    above: list[Written] = []
    below: list[Written] = []
    if isinstance(size, Fraction):
        if root > 1 and size.denominator % root == 0:  # √2 / 2 is 1 / √2
            size *= root
            below.append(Written(Root(Number(str(root))), ATOM))
            root = 1
        if size.denominator > 1 and (style.fractions or not _is_short_decimal(size)) and _has_small_parts(size, style):
            below.insert(0, Written(Number(str(size.denominator)), ATOM))
            size = Fraction(size.numerator)
    if root > 1:
        above.append(Written(Root(Number(str(root))), ATOM))
    for factor in term.above:
        if _is_sigmoid_of_a_number(factor):
            below.append(_decay(factor, style))
        else:
            above.append(_factor(factor, style))
    below += [_factor(factor, style) for factor in term.below]
    if size != 1 or not above:
        above.insert(0, _coefficient(size, style))
    return Written(Quotient(_product(above).node, _product(below).node), PRODUCT) if below else _product(above)


def _has_small_parts(size: Fraction, style: Style) -> bool:
    return style.fractions or size.denominator <= LARGEST_DENOMINATOR


def _coefficient(size: Fraction | float, style: Style) -> Written:
    if isinstance(size, Fraction) and terminates(size) and (style.fractions or _is_short_decimal(size)):
        return Written(Number(plain(size)), ATOM)
    return number(size, style.places)


def _product(factors: Sequence[Written]) -> Written:
    if len(factors) == 1:
        return factors[0]
    items: list[Node] = []
    for factor in factors:
        if items and _is_word(factor.node):
            items.append(Space())
        items.append(factor.node if factor.level >= PRODUCT else Fence(factor.node))
    return Written(Row(tuple(items)), PRODUCT)


def _is_word(node: Node) -> bool:
    match node:
        case Call(function=Text()):
            return True
        case Row(items=(Text(), *_)):
            return True
        case _:
            return False


def _factor(tree: Any, style: Style) -> Written:
    import sympy

    if tree.is_Symbol:
        return Written(symbol_from_name(tree.name, is_array=False), ATOM)
    if tree is sympy.E:
        return Written(Symbol("e"), ATOM)
    if tree.is_Pow:
        return _power(tree, style)
    if tree.is_Add or tree.is_Mul or tree.is_Number:
        return _sum(tree, style)
    parts = [_sum(part, style) for part in tree.args]
    match tree.func.__name__:
        case "exp":
            return Written(Script(Symbol("e"), above=parts[0].node), POWER)
        case "log":
            if parts[0].level == ATOM:
                return Written(Row((Text("ln"), Space(), parts[0].node)), PRODUCT)
            return Written(Call(Text("ln"), (parts[0].node,)), PRODUCT)
        case "sigmoid" if _is_sigmoid_of_a_number(tree):
            return Written(Quotient(Number("1"), _decay(tree, style).node), PRODUCT)
        case "sigmoid":
            return Written(Call(Symbol("sigma"), (parts[0].node,)), ATOM)
        case "Abs":
            return Written(Fence(parts[0].node, "|", "|"), ATOM)
        case name:
            return Written(Call(Text(name), tuple(part.node for part in parts)), ATOM)


def _is_sigmoid_of_a_number(tree: Any) -> bool:
    return tree.func.__name__ == "sigmoid" and not tree.free_symbols


def _decay(tree: Any, style: Style) -> Written:
    """Write 1 + e^(−z) of a sigmoid, the minus drawn into z."""
    power = Script(Symbol("e"), above=_sum(-tree.args[0], style).node)
    return Written(Row((Number("1"), Sign("+"), power)), SUM)


def _power(tree: Any, style: Style) -> Written:
    import sympy

    base = _sum(tree.base, style) if tree.base.is_Number else _factor(tree.base, style)
    if tree.exp == sympy.Rational(1, 2):
        return Written(Root(base.node), ATOM)
    node = base.node if base.level == ATOM else Fence(base.node)
    return Written(Script(node, above=_sum(tree.exp, style).node), POWER)


def exact_node(form: Any) -> Node:
    """Write an exact form, rational numbers as fractions."""
    if isinstance(form, Symbolic):
        return written(form, 0, fractions=True).node
    size = abs(Fraction(form))
    if size.denominator == 1:
        return Number(str(form))
    quotient = Quotient(Number(str(size.numerator)), Number(str(size.denominator)))
    return quotient if form >= 0 else Row((Sign("−"), quotient))


def exact_text(form: Any) -> str:
    """Return an exact form as text that Python reads: ``1/3``, ``1/(1 + exp(4))``."""
    return python_text(form, fractions=True) if isinstance(form, Symbolic) else str(form)


# --- text ------------------------------------------------------------------------------------------------------------


def python_text(value: Symbolic, *, fractions: bool = False) -> str:
    """Write an expression as Python has it: ``a + 4*b + 3``, with ``exp log sqrt tanh max``; floats in full."""
    return _sum_text(value.tree, Style(0, _ranks(value), fractions))


def _sum_text(tree: Any, style: Style) -> str:
    text = ""
    for one in terms_in_order(tree, style.ranks):
        term = split(one, style.ranks)
        sign = "-" if term.coefficient < 0 else "+"
        text += f" {sign} {_term_text(term, style)}" if text else f"{sign}{_term_text(term, style)}".lstrip("+")
    return text


def _term_text(term: Term, style: Style) -> str:
    above, below = [], []
    size = abs(term.coefficient)
    if isinstance(size, Fraction) and size.denominator > 1 and (style.fractions or not terminates(size)):
        below.append(str(size.denominator))
        size = Fraction(size.numerator)
    if term.root > 1:
        above.append(f"sqrt({term.root})")
    for factor in term.above:
        base, power = factor.as_base_exp() if factor.is_Pow else (factor, 1)
        if base.func.__name__ == "sigmoid":
            decay = f"(1 + exp({_sum_text(-base.args[0], style)}))"
            below.append(decay if power == 1 else f"{decay}**{power}")
        else:
            above.append(_factor_text(factor, style))
    below += [_factor_text(factor, style) for factor in term.below]
    if size != 1 or not above:
        above.insert(0, plain(size) if isinstance(size, Fraction) else repr(size))
    bottom = below[0] if len(below) == 1 else f"({'*'.join(below)})"
    return "*".join(above) + (f"/{bottom}" if below else "")


def _factor_text(tree: Any, style: Style) -> str:
    import sympy

    if tree.is_Symbol:
        return str(tree.name)
    if tree is sympy.E:
        return "exp(1)"
    if tree.is_Pow:
        base = _factor_text(tree.base, style)
        if tree.exp == sympy.Rational(1, 2):
            return f"sqrt({_sum_text(tree.base, style)})"
        return f"{base}**{tree.exp if tree.exp.is_Integer and tree.exp > 0 else f'({_sum_text(tree.exp, style)})'}"
    if tree.is_Add or tree.is_Mul:
        return f"({_sum_text(tree, style)})"
    if tree.is_Number:
        text = _sum_text(tree, style)
        return text if text.isdigit() else f"({text})"
    name = {"Abs": "abs"}.get(tree.func.__name__, tree.func.__name__)
    return f"{name}({', '.join(_sum_text(part, style) for part in tree.args)})"
