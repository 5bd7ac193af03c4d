"""How formulas of arrays are read: which operations entry by entry look like others, and what adds nothing."""

from collections.abc import Callable, Sequence

from fullmarks.math.array_operations import MatrixProduct, View
from fullmarks.math.expression import Constant, Expr, Shape, is_leaf
from fullmarks.math.operation import Operation
from fullmarks.math.operations import AnyPower, Divide, Function, Minus, Negative, Plus, Power, Times


def reads_as_of_a_matrix(operation: Operation, arguments: Sequence[Expr]) -> bool:
    """Return whether an operation entry by entry, written on arrays, would be read as another one, or as none.

    √A, |a|, e to the power of a matrix and the third power have a meaning of their own; nobody divides by a vector.
    """
    match operation:
        case Plus() | Minus() | Times():
            return not _fit_together([argument.shape for argument in arguments if argument.size > 1])
        case Power(exponent=exponent):
            return exponent > 2 or not is_leaf(arguments[0])  # noqa: PLR2004 - the square of a name is a product ⊙
        case Divide():
            return arguments[1].size > 1
        case Function(name="exp" | "ln"):
            return sum(length > 1 for length in arguments[0].shape) > 1
        case AnyPower() | Function(name="sqrt" | "abs"):
            return True
        case _:
            return False


def _fit_together(shapes: Sequence[Shape]) -> bool:
    """Return whether arrays can be combined entry by entry as printed: vectors are columns, a row goes to every row."""
    if any(len(shape) > 2 for shape in shapes):  # noqa: PLR2004 - printed matrix by matrix
        return True
    printed = [(*shape, 1)[:2] for shape in shapes]
    whole = [shape for shape in printed if shape[0] > 1]
    return len(set(whole)) <= 1 and len({columns for _, columns in printed}) <= 1


def is_matrix_product(expression: Expr) -> bool:
    """Return whether a factor is a product of matrices, perhaps with a number in front."""
    return _is_product_that(expression, lambda part: isinstance(part.operation, MatrixProduct))


def is_entrywise(expression: Expr) -> bool:
    """Return whether a factor is written with ⊙, perhaps with a number in front."""

    def has_sign(part: Expr) -> bool:
        is_square = isinstance(part.operation, Power) and part.size > 1
        is_product = isinstance(part.operation, Times) and all(argument.size > 1 for argument in part.arguments)
        return is_square or is_product

    return _is_product_that(expression, has_sign)


def _is_product_that(expression: Expr, holds: Callable[[Expr], bool]) -> bool:
    if is_leaf(expression):
        return False
    if holds(expression):
        return True
    match expression.operation:
        case View(written="same"):
            return _is_product_that(expression.arguments[0], holds)
        case Times() if expression.arguments[0].size == 1:
            return _is_product_that(expression.arguments[1], holds)
        case _:
            return False


def is_zero(expression: Expr) -> bool:
    """Return whether a scalar is the formula's own 0, perhaps with a minus; a 0 that is given or named is not."""
    match expression.operation:
        case Constant(number=number, symbol=""):
            return number == 0
        case Negative():
            return is_zero(expression.arguments[0])
        case _:
            return False
