"""Numbers that SymPy keeps: sums, products and functions of letters, and exact values such as √2.

A ``Symbolic`` behaves as a number in arithmetic, so that operations need not know of it; where a plain number or a
choice is wanted that hangs on a letter, it refuses. How it is written is not known here. SymPy is imported inside.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from fullmarks.errors import FullmarksError
from fullmarks.math import elementary
from fullmarks.math.letters import Letter, Undecided, listed, numbers_for

_SIGMOID_OF_ZERO = Fraction(1, 2)
_LARGEST_IN_EXPONENT = 100  # the denominator of an exponent that is shown beside letters


class Symbolic:
    """An expression of letters, or an exact irrational number; ``tree`` is SymPy's, ``letters`` those it is made of."""

    __slots__ = ("letters", "tree")

    def __init__(self, tree: Any, letters: frozenset[Letter]) -> None:
        self.tree = tree
        self.letters = letters

    def __repr__(self) -> str:
        """Show the letters and the tree."""
        return f"Symbolic({self.tree})"

    def __str__(self) -> str:
        """Write the tree."""
        return str(self.tree)

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same tree; trees that are equal in value may differ."""
        return isinstance(other, Symbolic) and bool(self.tree == other.tree)

    def __hash__(self) -> int:
        """Hash the tree."""
        return hash(self.tree)

    def __add__(self, other: Any) -> Any:
        """Add."""
        return _combined(self, other, lambda left, right: left + right)

    def __radd__(self, other: Any) -> Any:
        """Add."""
        return _combined(other, self, lambda left, right: left + right)

    def __sub__(self, other: Any) -> Any:
        """Subtract."""
        return _combined(self, other, lambda left, right: left - right)

    def __rsub__(self, other: Any) -> Any:
        """Subtract."""
        return _combined(other, self, lambda left, right: left - right)

    def __mul__(self, other: Any) -> Any:
        """Multiply."""
        return _combined(self, other, lambda left, right: left * right)

    def __rmul__(self, other: Any) -> Any:
        """Multiply."""
        return _combined(other, self, lambda left, right: left * right)

    def __truediv__(self, other: Any) -> Any:
        """Divide."""
        if other == 0:
            raise ZeroDivisionError
        return _combined(self, other, lambda left, right: left / right)

    def __rtruediv__(self, other: Any) -> Any:
        """Divide."""
        return _combined(other, self, lambda left, right: left / right)

    def __pow__(self, exponent: int) -> Any:
        """Raise to a whole power."""
        return number_of(self.tree**exponent, self.letters)

    def __neg__(self) -> "Symbolic":
        """Change the sign."""
        return Symbolic(-self.tree, self.letters)

    def __float__(self) -> float:
        """Return the value of an irrational number; letters have none."""
        self._refuse_letters("a number is needed, which")
        return value_at(self, {})

    def __floor__(self) -> int:
        """Round down, where there are no letters."""
        return math.floor(float(self))

    def __lt__(self, other: Any) -> bool:
        """Compare, where there are no letters."""
        self._refuse_letters("which of two numbers is larger")
        return bool(float(self) < float(other))

    def __gt__(self, other: Any) -> bool:
        """Compare, where there are no letters."""
        self._refuse_letters("which of two numbers is larger")
        return bool(float(self) > float(other))

    def __le__(self, other: Any) -> bool:
        """Compare, where there are no letters."""
        return bool(self < other or self == other)

    def __ge__(self, other: Any) -> bool:
        """Compare, where there are no letters."""
        return bool(self > other or self == other)

    def _refuse_letters(self, what: str) -> None:
        if self.letters:
            names = [letter.name for letter in ordered(self.letters)]
            raise Undecided(f"{what} depends on {listed(names)}; give {numbers_for(names)}")


def ordered(letters: Iterable[Letter]) -> list[Letter]:
    """Return letters in the order in which they appear in the givens."""
    return sorted(letters, key=lambda letter: (letter.place, letter.name))


def of_letter(letter: Letter) -> Symbolic:
    """Return a letter as a number."""
    import sympy

    symbol = sympy.Symbol(letter.name, real=True)
    own = frozenset({Letter(letter.name, place=letter.place)})
    return Symbolic(-symbol if letter.negative else symbol, own)


def function_of(name: str, number: Any) -> Any:
    """Apply a function of the calculator exactly, to a fraction or to an expression."""
    import sympy

    trees: dict[str, Any] = {
        "exp": sympy.exp,
        "ln": sympy.log,
        "sqrt": sympy.sqrt,
        "tanh": sympy.tanh,
        "sigmoid": sympy.Function("sigmoid", real=True),
        "sin": sympy.sin,
        "cos": sympy.cos,
    }
    if name not in trees:
        raise Undecided(
            f"{name} has no exact form here, neither of letters nor of numbers; give numbers and leave out --exact"
        )
    if name == "sigmoid" and number == 0:
        return _SIGMOID_OF_ZERO
    return number_of(trees[name](_tree(number)), _letters(number))


def largest(numbers: Iterable[Any]) -> Any:
    """Return the maximum of numbers and expressions, in the author's order; several numbers become one, the last."""
    return _extreme("max", max, numbers)


def smallest(numbers: Iterable[Any]) -> Any:
    """Return the minimum, as ``largest`` does."""
    return _extreme("min", min, numbers)


def _extreme(name: str, choose: Callable[[list[Any]], Any], numbers: Iterable[Any]) -> Any:
    import sympy

    terms = [term for number in numbers for term in _flat(name, number)]
    plain = [term for term in terms if not (isinstance(term, Symbolic) and term.letters)]
    if len(plain) > 1:
        terms = [term for term in terms if isinstance(term, Symbolic) and term.letters] + [choose(plain)]
    never = -math.inf if name == "max" else math.inf
    terms = [term for term in dict.fromkeys(terms) if term != never]
    if len(terms) == 1:
        return terms[0]
    letters: frozenset[Letter] = frozenset().union(*(_letters(term) for term in terms))
    return Symbolic(sympy.Function(name, real=True)(*(_tree(term) for term in terms)), letters)


def _flat(name: str, number: Any) -> list[Any]:
    """Return the terms of a maximum inside a maximum."""
    if isinstance(number, Symbolic) and number.tree.func.__name__ == name:
        return [number_of(term, number.letters) for term in number.tree.args]
    return [number]


def _combined(left: Any, right: Any, operation: Callable[[Any, Any], Any]) -> Any:
    for number in (left, right):
        if isinstance(number, float) and not math.isfinite(number):
            return operation(*(0.0 if isinstance(one, Symbolic) else one for one in (left, right)))
    return number_of(operation(_tree(left), _tree(right)), _letters(left) | _letters(right))


def _letters(number: Any) -> frozenset[Letter]:
    return number.letters if isinstance(number, Symbolic) else frozenset()


def _tree(number: Any) -> Any:
    import sympy

    match number:
        case Symbolic(tree=tree):
            return tree
        case int():
            return sympy.Integer(number)
        case Fraction():
            return sympy.Rational(number.numerator, number.denominator)
        case _:
            return sympy.Float(float(number))


def number_of(tree: Any, letters: frozenset[Letter]) -> Any:
    """Return what a tree is: a fraction or a float where it is one, else an expression of the letters left in it."""
    if tree.is_Rational:
        return Fraction(int(tree.p), int(tree.q))
    if tree.is_Float:
        return float(tree)
    left = {symbol.name for symbol in tree.free_symbols} if letters else set()
    return Symbolic(tree, frozenset(letter for letter in letters if letter.name in left))


def is_compact(number: Any) -> bool:
    """Tell whether an irrational number is as short as a decimal: 3e², 1/√2. Beside letters it stays as it is."""
    import sympy

    if not isinstance(number, Symbolic) or number.letters:
        return False
    return all(
        factor.is_Rational
        or factor is sympy.E
        or (factor.is_Pow and factor.base.is_Integer and factor.exp == sympy.Rational(1, 2))
        or (factor.func is sympy.exp and factor.args[0].is_Rational and factor.args[0].q <= _LARGEST_IN_EXPONENT)
        for factor in sympy.Mul.make_args(number.tree)
    )


def has_floats(number: Symbolic) -> bool:
    """Tell whether some number in an expression is known only as a float, so that it is printed rounded."""
    import sympy

    return bool(number.tree.atoms(sympy.Float))


def with_every_number(number: Symbolic, changed: Callable[[Fraction | float], Any], *, floats_only: bool) -> Any:
    """Return the expression with its numbers changed, such as rounded: only floats, or all that are not whole."""
    import sympy

    kinds = (sympy.Float,) if floats_only else (sympy.Float, sympy.Rational)
    found = {atom for atom in number.tree.atoms(*kinds) if not atom.is_Integer}
    new = {atom: _tree(changed(number_of(atom, frozenset()))) for atom in found}
    return number_of(number.tree.xreplace(new), number.letters)


def value_at(number: Any, numbers: Mapping[str, float]) -> float:
    """Return the value of an expression with numbers put in for its letters; not a number where it has none."""
    if not isinstance(number, Symbolic):
        return float(number)
    try:
        return _value(number.tree, numbers)
    except (ValueError, ZeroDivisionError, OverflowError):
        return math.nan


def _value(tree: Any, numbers: Mapping[str, float]) -> float:
    if tree.is_Symbol:
        return numbers[tree.name]
    if tree.is_Number or tree.is_NumberSymbol:
        return float(tree)
    parts = [_value(part, numbers) for part in tree.args]
    if tree.is_Add:
        return math.fsum(parts)
    if tree.is_Mul:
        return math.prod(parts)
    if tree.is_Pow:
        return elementary.power(*parts)
    match tree.func.__name__:
        case "max":
            return max(parts)
        case "min":
            return min(parts)
        case "Abs":
            return abs(parts[0])
        case name:
            known = {"log": "ln"}.get(name, name)
            if known not in elementary.FUNCTIONS:
                raise FullmarksError(f"{name} cannot be worked with letters; give numbers")
            return elementary.FUNCTIONS[known](parts[0])
