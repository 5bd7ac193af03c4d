"""Products, sums and transposes of gradients as a textbook writes them: 2 d, never 1 · d + 1 · d; Bᵀ Aᵀ for (A B)ᵀ."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from fullmarks.math.array_operations import MatrixProduct, View
from fullmarks.math.expression import Constant, Expr, constant
from fullmarks.math.functions import negative, view
from fullmarks.math.numbers import Exact, terminates
from fullmarks.math.operations import Divide, Negative, Times


def product(*factors: Expr) -> Expr:
    """Multiply entry by entry, plain numbers taken together in front: 2 · d, never 1 · d."""
    scale: Exact = Fraction(1)
    rest: Expr | None = None
    for factor in factors:
        number, body = _split(factor)
        scale *= number
        if body is not None:
            rest = body if rest is None else rest * body
    if rest is None:
        return constant(scale)
    if scale in (1, -1):
        return rest if scale == 1 else negative(rest)
    if not isinstance(scale, Fraction) or terminates(scale):
        return constant(scale) * rest
    numerator = rest if scale.numerator == 1 else constant(scale.numerator) * rest
    return numerator / scale.denominator


def total_of(terms: Sequence[Expr]) -> Expr:
    """Add gradients; those that are multiples of one and the same are taken together: d, not 0.5 d + 0.5 d."""
    scales: dict[int, Exact] = {}
    bodies: dict[int, Expr | None] = {}
    for term in terms:
        scale, body = _split(term)
        key = id(body)
        scales[key] = scales.get(key, Fraction(0)) + scale
        bodies[key] = body
    multiples = [(constant(scale), bodies[key]) for key, scale in scales.items()]
    total, *others = [number if body is None else product(number, body) for number, body in multiples]
    for other in others:
        total = total + other
    return total


def quotient(top: Expr, bottom: Expr) -> Expr:
    """Divide entry by entry; a plain number becomes a factor."""
    if is_plain(bottom):
        return product(constant(1 / bottom.number), top)
    return top / bottom


def is_plain(expression: Expr) -> bool:
    """Tell whether ``expression`` is a number of the formula that is written as a number."""
    return isinstance(expression.operation, Constant) and not expression.operation.symbol


def _split(factor: Expr) -> tuple[Exact, Expr | None]:
    match factor.operation:
        case Constant(symbol="", number=number):
            return number, None
        case Negative():
            scale, body = _split(factor.arguments[0])
            return -scale, body
        case Times() if is_plain(factor.arguments[0]):
            return factor.arguments[0].number, factor.arguments[1]
        case Divide() if is_plain(factor.arguments[1]):
            scale, body = _split(factor.arguments[0])
            return scale / factor.arguments[1].number, body
        case _:
            return Fraction(1), factor


def transposed(matrix: Expr) -> Expr:
    """Return the transpose as it is written best: (A B)ᵀ is Bᵀ Aᵀ, and (Aᵀ)ᵀ is A."""
    match matrix.operation:
        case View(written="T"):
            inner = matrix.arguments[0]
            return inner if inner.ndim > 1 else column(inner)
        case View(written="same") if matrix.arguments[0].ndim == 1 and matrix.shape[1] == 1:
            return row(matrix.arguments[0])
        case MatrixProduct() if all(argument.ndim > 1 for argument in matrix.arguments):
            left, right = matrix.arguments
            return transposed(right) @ transposed(left)
        case _:
            return view(matrix, np.transpose, written="T")


def column(vector: Expr) -> Expr:
    """Return a vector as a matrix of one column, written as the vector."""
    return view(vector, lambda places: places.reshape(-1, 1), written="same")


def row(vector: Expr) -> Expr:
    """Return a vector as a matrix of one row, written with T for transposed."""
    return view(vector, lambda places: places.reshape(1, -1), written="T")
