"""Results as a person would write them: sums multiplied out, terms over one denominator put together.

Nothing is simplified beyond that: SymPy's own simplification is slow, and its results surprise.
"""

import math
from typing import Any

from fullmarks.math.symbolic import Symbolic, number_of

MOST_TERMS = 200  # that sums are multiplied out to: beyond them nobody could read the result


def collected(number: Any) -> Any:
    """Multiply sums out and put terms over one denominator together: what a person would write as the result."""
    if not isinstance(number, Symbolic):
        return number
    import sympy

    tree = number.tree if _is_multiple_of_a_sum(number.tree) else _multiplied_out(number.tree)
    by_denominator: dict[Any, list[Any]] = {}
    for term in sympy.Add.make_args(tree):
        above, below = _above_and_below(term)
        by_denominator.setdefault(below, []).append(above)
    if len(by_denominator) < len(sympy.Add.make_args(tree)) and any(below != 1 for below in by_denominator):
        tree = sympy.Add(*(sympy.Add(*above) / below for below, above in by_denominator.items()))
    return number_of(tree, number.letters)


def _multiplied_out(tree: Any) -> Any:
    """Multiply out products and powers of sums, however deep, but not what functions are applied to."""
    while True:
        before, tree = tree, _multiplied_out_once(tree)
        if tree == before:
            return tree


def _multiplied_out_once(tree: Any) -> Any:
    import sympy

    if tree.is_Add or tree.is_Mul:
        tree = tree.func(*(_multiplied_out_once(part) for part in tree.args))
    if tree.is_Mul and math.prod(len(sympy.Add.make_args(factor)) for factor in tree.args) <= MOST_TERMS:
        return sympy.expand_mul(tree, deep=False)
    if tree.is_Pow and tree.exp.is_Integer and tree.exp > 0 and len(sympy.Add.make_args(tree.base)) ** 2 <= MOST_TERMS:
        return sympy.expand_multinomial(tree, deep=False)
    return tree


def _is_multiple_of_a_sum(tree: Any) -> bool:
    """Tell whether a tree is a sum times or divided by one irrational number, such as a scaled score: (a + b)/√2."""
    return bool(tree.is_Mul and all(factor.is_Add or not factor.free_symbols for factor in tree.args)
                and sum(1 for factor in tree.args if factor.is_Add and factor.free_symbols) == 1)  # fmt: skip


def _above_and_below(term: Any) -> tuple[Any, Any]:
    """Split a product into what stands above and what below the line of a fraction; numbers stay above."""
    import sympy

    below = [factor for factor in sympy.Mul.make_args(term) if _is_divisor(factor)]
    above = [factor for factor in sympy.Mul.make_args(term) if not _is_divisor(factor)]
    return sympy.Mul(*above), 1 / sympy.Mul(*below)


def _is_divisor(factor: Any) -> bool:
    return bool(factor.is_Pow and not factor.base.is_Number and factor.exp.is_Rational and factor.exp < 0)
