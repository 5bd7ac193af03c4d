"""The order and the parts of an expression of letters: terms of a sum, factors above and below a fraction's line.

SymPy has an order of its own; here it is that of the givens: letters as they appear there, higher powers first, numbers
last.
"""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct

from fullmarks.math.symbolic import Symbolic, value_at

Ranks = Mapping[str, int]  # the place of every letter in the givens


class Term(Struct, frozen=True):
    """A term: a number, the root of a whole number (1 for none), and trees above and below the fraction's line."""

    coefficient: Fraction | float
    root: int
    above: tuple[Any, ...]
    below: tuple[Any, ...]


def terms_in_order(tree: Any, ranks: Ranks) -> list[Any]:
    """Return the terms of a sum, or the tree itself, in the order in which a person writes them."""
    import sympy

    return sorted(sympy.Add.make_args(tree), key=lambda term: _place(term, ranks))


def _place(term: Any, ranks: Ranks) -> tuple[Any, ...]:
    import sympy

    if not term.free_symbols:
        value = value_at(Symbolic(term, frozenset()), {})
        return (1, value < 0, value)
    powers: dict[int, Any] = {}
    functions = 0
    for factor in sympy.Mul.make_args(term):
        if not factor.free_symbols:
            continue
        name, power = _letter_and_power(factor, ranks)
        powers[ranks[name]] = powers.get(ranks[name], 0) + power
        functions += not (factor.is_Symbol or (factor.is_Pow and factor.base.is_Symbol))
    vector = [-powers.get(place, 0) for place in range(max(ranks.values()) + 1)]
    return (0, -sum(powers.values()), vector, functions, str(term))


def _letter_and_power(factor: Any, ranks: Ranks) -> tuple[str, Any]:
    """Return the letter that a factor counts for, and how often; a function counts once, for its first letter."""
    if factor.is_Symbol:
        return factor.name, 1
    if factor.is_Pow and factor.base.is_Symbol and factor.exp.is_Rational:
        return factor.base.name, factor.exp
    return min((symbol.name for symbol in factor.free_symbols), key=lambda name: ranks[name]), 1


def split(term: Any, ranks: Ranks) -> Term:
    """Split a term into its number, its root and its factors above and below."""
    import sympy

    coefficient: Fraction | float = Fraction(1)
    root = 1
    above, below = [], []
    for factor in sympy.Mul.make_args(term):
        if factor.is_Rational:
            coefficient = coefficient * Fraction(int(factor.p), int(factor.q))
        elif factor.is_Float:
            coefficient = float(coefficient) * float(factor)
        elif factor.is_Pow and factor.base.is_Integer and factor.exp == sympy.Rational(1, 2):
            root *= int(factor.base)
        elif factor.is_Pow and factor.exp.is_Rational and factor.exp < 0:
            below.append(1 / factor)
        else:
            above.append(factor)
    return Term(coefficient, root, _in_order(above, ranks), _in_order(below, ranks))


def _in_order(factors: list[Any], ranks: Ranks) -> tuple[Any, ...]:
    def place(factor: Any) -> tuple[Any, ...]:
        if not factor.free_symbols:
            return (0, 0, 0, str(factor))
        name, _ = _letter_and_power(factor, ranks)
        kind = 3 if factor.is_Add else 1 if factor.is_Symbol or (factor.is_Pow and factor.base.is_Symbol) else 2
        return (kind, ranks[name], 0, str(factor))

    return tuple(sorted(factors, key=place))


def common_divisor(terms: list[Term]) -> int:
    """Return the least number that all fractions among the coefficients divide into; 1 where one is a float."""
    if any(isinstance(term.coefficient, float) for term in terms):
        return 1
    return math.lcm(*(Fraction(term.coefficient).denominator for term in terms))
