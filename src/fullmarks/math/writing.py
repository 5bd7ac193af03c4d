"""From history to notation: how each operation is written, with brackets where the reading needs them.

The same history is written twice, in symbols and in numbers; a ``Pen`` says how the leaves look.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct

from fullmarks.math.array_operations import Collect, Join, MatrixProduct, Reduction, View
from fullmarks.math.edges import begins_with_minus, begins_with_number, has_matrix, is_word
from fullmarks.math.expression import Constant, Expr, Let, is_leaf
from fullmarks.math.notation import (
    Call,
    Cases,
    Fence,
    Matrix,
    Node,
    Number,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Symbol,
    Text,
)
from fullmarks.math.notation import Fraction as Quotient
from fullmarks.math.numbers import (
    Exact,
    decimal,
    is_tiny,
    plain,
    rounded,
    shown_in_full,
    shown_places,
    terminates,
)
from fullmarks.math.operations import (
    AnyPower,
    ArgMax,
    Branches,
    Divide,
    Floor,
    Function,
    Holds,
    Maximum,
    Minimum,
    Minus,
    Negative,
    Plus,
    Power,
    Times,
)
from fullmarks.math.readings import is_entrywise, is_matrix_product, is_zero, reads_as_of_a_matrix
from fullmarks.math.symbolic import Symbolic

# How tightly a written formula holds together, from loosest to tightest.
NEGATIVE, SUM, PRODUCT, POWER, ATOM = range(5)

TERMS_IN_FULL = 27  # a 3×3 window over three channels
TERMS_AT_THE_START = 3
EDGE = 3  # rows and columns shown at each edge of a large matrix
LARGEST_MATRIX_IN_FULL = 8


class Written(Struct, frozen=True):
    """A formula and how tightly it holds together."""

    node: Node
    level: int


class Pen(Struct, frozen=True):
    """How leaves are written: ``leaf`` gives symbol or value; ``numeric`` asks for × between factors.

    ``worked_out`` gives the number of what is written as worked out already: the inside of ⌊ ⌋, one step on.
    """

    leaf: Callable[[Expr], Written]
    numeric: bool
    worked_out: Callable[[Expr], Written] | None = None


class NotWritable(Exception):  # noqa: N818 - not an error: a question asked and answered
    """An array formula has no customary notation; its entries have."""


def write(expression: Expr, pen: Pen) -> Node:
    """Write the right-hand side of a line, its names or values as ``pen`` has them."""
    return _write(expression, pen).node


def _write(expression: Expr, pen: Pen) -> Written:  # noqa: C901, PLR0911, PLR0912 - one case an operation: a table
    if is_leaf(expression):
        return pen.leaf(expression)
    operation = expression.operation
    arguments = expression.arguments
    if expression.size > 1 and reads_as_of_a_matrix(operation, arguments):
        raise NotWritable
    match operation:
        case Constant():
            return _constant(operation, pen)
        case View(written="T"):
            return _transposed(_write(arguments[0], pen))
        case View(written="same"):
            return _write(arguments[0], pen)
        case Join(is_size=True):
            return Written(times(tuple(_fenced(_write(argument, pen), PRODUCT) for argument in arguments)), PRODUCT)
        case Join(axis=axis) if not pen.numeric:
            nodes = tuple(_write(argument, pen).node for argument in arguments)
            return Written(Matrix((nodes,) if axis else tuple((node,) for node in nodes)), ATOM)
        case View() | Join() | Reduction() | Collect():
            raise NotWritable
    if isinstance(operation, Floor) and pen.worked_out is not None:
        return Written(Fence(pen.worked_out(arguments[0]).node, "⌊", "⌋"), ATOM)
    if isinstance(operation, Plus):
        return _sum(arguments, pen)
    if isinstance(operation, Maximum | Minimum | ArgMax):
        return _choice(operation, [term.node for term in _some_terms(arguments, pen)])
    parts = [_write(argument, pen) for argument in arguments]
    match operation:
        case Minus():
            return Written(Row((parts[0].node, Sign("−"), _fenced(parts[1], PRODUCT))), SUM)
        case Negative():
            return _negative(parts[0])
        case Times() if all(argument.size > 1 for argument in arguments):
            return _product(_parted(arguments, parts, is_matrix_product), pen, elementwise=True)
        case Times():
            return _product(parts, pen, elementwise=False)
        case MatrixProduct():
            parts = _parted(arguments, parts, is_entrywise)
            return _product(_as_columns(arguments, parts, pen), pen, elementwise=False)
        case Divide():
            return Written(Quotient(parts[0].node, parts[1].node), PRODUCT)
        case Power() if expression.size > 1:
            return _product((parts[0], parts[0]), pen, elementwise=True)  # A² would be A A
        case Power(exponent=exponent):
            return Written(Script(_fenced(parts[0], ATOM), above=Number(str(exponent))), POWER)
        case AnyPower():
            return Written(Script(_fenced(parts[0], ATOM), above=parts[1].node), POWER)
        case Floor():
            return Written(Fence(parts[0].node, "⌊", "⌋"), ATOM)
        case Function(name="exp"):
            return Written(Script(Symbol("e"), above=parts[0].node), POWER)
        case Function(name="sqrt"):
            return Written(Root(parts[0].node), ATOM)
        case Function(name="ln"):
            node, is_atom = parts[0].node, parts[0].level == ATOM
            return Written(Row((Text("ln"), Space(), node)) if is_atom else Call(Text("ln"), (node,)), PRODUCT)
        case Function(name="sigmoid") if pen.numeric:
            power = Script(Symbol("e"), above=Row((Sign("−"), _fenced(parts[0], PRODUCT))))
            return Written(Quotient(Number("1"), Row((Number("1"), Sign("+"), power))), PRODUCT)
        case Function(name="sigmoid"):
            return Written(Call(Symbol("sigma"), (parts[0].node,)), ATOM)
        case Function(name="abs"):
            return Written(Fence(parts[0].node, "|", "|"), ATOM)
        case Holds(relation=relation):
            return Written(Fence(Row((parts[0].node, Sign(relation), parts[1].node)), "[", "]"), ATOM)
        case Function(name="tanh" | "sin" | "cos" | "sign" | "erf" as name):
            return Written(Call(Text(name), (parts[0].node,)), ATOM)
        case Branches():
            zero = (Sign("≥"), Number("0")), (Sign("<"), Number("0"))
            conditions = [Row((parts[0].node, *relation)) for relation in zero]
            return Written(Cases(((parts[1].node, conditions[0]), (parts[2].node, conditions[1]))), ATOM)
        case _:
            raise TypeError(operation)


def _negative(part: Written) -> Written:
    """Write a change of sign: −0.5 as the number that it is, and no −0."""
    match part.node:
        case Number(text="0"):
            return part
        case Number(text=text) if not text.startswith("-"):
            return Written(Number(f"-{text}"), NEGATIVE)
        case _:
            return Written(Row((Sign("−"), _fenced(part, PRODUCT))), NEGATIVE)


def _parted(arguments: Sequence[Expr], parts: Sequence[Written], is_other: Callable[[Expr], bool]) -> list[Written]:
    """Put factors that are products of the other kind into brackets: (A x) ⊙ y and A (x ⊙ y) are not the same."""
    return [
        Written(Fence(part.node), ATOM) if is_other(argument) else part
        for argument, part in zip(arguments, parts, strict=True)
    ]


def _transposed(part: Written) -> Written:
    return Written(Script(_fenced(part, POWER), above=Text("T")), POWER)


def _as_columns(arguments: Sequence[Expr], parts: Sequence[Written], pen: Pen) -> Sequence[Written]:
    """Write a product whose left factor is a vector so that it holds for columns: wᵀ x, and Wᵀ w for w W."""
    vector, other = arguments
    if vector.ndim != 1 or vector.size == 1:
        return parts
    if other.ndim == 1:
        return _transposed(parts[0]), parts[1]
    is_turned = isinstance(other.operation, View) and other.operation.written == "T"
    return _write(other.arguments[0], pen) if is_turned else _transposed(parts[1]), parts[0]


def _constant(operation: Constant, pen: Pen) -> Written:
    if operation.symbol and (not pen.numeric or isinstance(operation.number, float)):  # 2/√π is no decimal
        from fullmarks.math.notation.latex_reader import read_latex

        return Written(read_latex(operation.symbol), ATOM)
    return given_number(operation.number)


def _fenced(part: Written, least: int) -> Node:
    return part.node if part.level >= least else Fence(part.node)


def _some_terms(arguments: Sequence[Expr], pen: Pen) -> list[Written]:
    """Write all terms, or, of very many, the first three, dots and the last."""
    if len(arguments) <= (TERMS_IN_FULL if pen.numeric else TERMS_IN_FULL // 3):
        return [_write(argument, pen) for argument in arguments]
    first = [_write(argument, pen) for argument in arguments[:TERMS_AT_THE_START]]
    return [*first, Written(Sign("…"), ATOM), _write(arguments[-1], pen)]


def _sum(arguments: Sequence[Expr], pen: Pen) -> Written:
    """Write a sum of any number of terms, without a 0 that only stands in an entry that gets nothing."""
    terms = _some_terms([one for one in arguments if not is_zero(one)] or arguments[:1], pen)
    if len(terms) == 1:
        return terms[0]
    items = [terms[0].node]
    for term in terms[1:]:
        items += [Sign("+"), Fence(term.node) if begins_with_minus(term.node) else term.node]
    return Written(Row(tuple(items)), SUM)


def _choice(operation: Maximum | Minimum | ArgMax, terms: list[Node]) -> Written:
    """Write a maximum of any number of terms."""
    names = {Maximum: "max", Minimum: "min", ArgMax: "argmax"}
    return Written(Call(Text(names[type(operation)]), tuple(terms)), ATOM)


def _product(parts: Sequence[Written], pen: Pen, *, elementwise: bool) -> Written:
    left, right = (_fenced(part, PRODUCT) for part in parts)
    if elementwise:
        return Written(Row((left, Sign("⊙"), right)), PRODUCT)
    arrays = has_matrix(left) or has_matrix(right)
    ends_with_number = isinstance(left, Row) and isinstance(left.items[-1], Number)
    runs_together = ends_with_number or is_word(left) or is_word(right) or begins_with_number(right)
    if (pen.numeric or runs_together) and (not arrays or begins_with_number(right)):
        right = Fence(right) if arrays and begins_with_minus(right) else right
        return Written(Row((left, Sign("×"), right)), PRODUCT)
    return Written(Row((left, Space(), right)) if arrays else Row((left, right)), PRODUCT)


def number(value: Exact, places: int) -> Written:
    """Write a number with at most ``places`` decimals; one that is exact has no more digits than it needs."""
    if isinstance(value, Symbolic):
        from fullmarks.math.symbolic_writing import written  # which is written with this module

        return written(value, places)
    if is_tiny(value) and not shown_in_full(value, places):
        return _power_of_ten(value, places)
    text = decimal(value, places)
    if text in ("inf", "-inf"):
        infinity: Node = Sign("∞")
        return Written(infinity, ATOM) if text == "inf" else Written(Row((Sign("−"), infinity)), NEGATIVE)
    return Written(Number(text), NEGATIVE if text.startswith("-") else ATOM)


def _power_of_ten(value: Exact, places: int) -> Written:
    """Write a tiny number as calculators do: 4.25 × 10⁻¹⁸, or with all the decimals asked for."""
    mantissa, exponent = abs(Fraction(rounded(value, places))), 0
    while mantissa < 1:
        mantissa, exponent = mantissa * 10, exponent + 1
    decimals = shown_places(value, places) - exponent
    digits = f"{int(mantissa)}.{int(mantissa * 10**decimals) % 10**decimals:0{decimals}}"
    power = Script(Number("10"), above=Row((Sign("−"), Number(str(exponent)))))
    product = (Number(f"-{digits}" if value < 0 else digits), Sign("×"), power)
    return Written(Row(product), NEGATIVE if value < 0 else PRODUCT)


def given_number(value: Exact) -> Written:
    """Write a number of the question as it was given: 0.12345 with all its digits, 1/3 as a fraction."""
    if isinstance(value, Fraction):
        if terminates(value):
            text = plain(value)
            return Written(Number(text), NEGATIVE if value < 0 else ATOM)
        quotient = Quotient(Number(str(abs(value.numerator))), Number(str(value.denominator)))
        return Written(quotient, PRODUCT) if value > 0 else Written(Row((Sign("−"), quotient)), NEGATIVE)
    return number(value, 3)


def is_size(expression: Expr) -> bool:
    """Tell whether an array is a size such as [channels, height, width], or a line that names one."""
    if isinstance(expression.operation, Let):
        return is_size(expression.arguments[0])
    return isinstance(expression.operation, Join) and expression.operation.is_size


def times(parts: tuple[Node, ...]) -> Node:
    """Write parts with × between them."""
    items: list[Node] = [parts[0]]
    for part in parts[1:]:
        items += [Sign("×"), part]
    return Row(tuple(items))


def matrix(shape: tuple[int, ...], entry: Callable[[tuple[int, ...]], Node]) -> Node:
    """Write an array of at most two axes: a number where there is one entry, a vector as a column."""
    if all(length == 1 for length in shape):
        return entry((0,) * len(shape))
    if 0 in shape:
        return Matrix(())
    rows, columns = shape if len(shape) == 2 else (shape[0], 1)  # noqa: PLR2004 - two axes
    shown_rows, shown_columns = _edges(rows), _edges(columns)
    grid = tuple(
        tuple(
            (Sign("⋮") if row is None and column is not None else Sign("…"))
            if row is None or column is None
            else entry((row, column)[: len(shape)])
            for column in shown_columns
        )
        for row in shown_rows
    )
    return Matrix(grid)


def _edges(length: int) -> list[int | None]:
    if length <= LARGEST_MATRIX_IN_FULL:
        return list(range(length))
    return [*range(EDGE), None, *range(length - EDGE, length)]


def shown_indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the indices that ``matrix`` would print, over every leading axis as well."""
    axes = [[place for place in _edges(length) if place is not None] for length in shape]
    grids = np.meshgrid(*axes, indexing="ij") if axes else []
    return [tuple(int(place) for place in index) for index in zip(*(grid.ravel() for grid in grids), strict=True)] or (
        [()] if not shape else []
    )


def planes(array_shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the indices of the matrices that an array of more than two axes is printed as; ``()`` for one."""
    leading = array_shape[:-2] if len(array_shape) > 2 else ()  # noqa: PLR2004 - two axes are one matrix
    return [tuple(int(place) for place in index) for index in np.ndindex(*leading)]
