"""How gradients are called: ∂L/∂W, made of what the loss and the variable are called."""

from collections.abc import Mapping

from fullmarks.math.array_operations import under_its_name
from fullmarks.math.expression import Expr, Let
from fullmarks.math.gradient_line import GradientLine
from fullmarks.math.notation import Fraction, Node, Row, Sign, Symbol
from fullmarks.math.symbols import symbol_from_name


def gradient_symbol(line: Expr, known: Mapping[int, Node], loss: Node | None = None) -> Node | None:
    """Return the symbol of a gradient's line from the symbols ``known`` by id, or ``None`` for any other line.

    A loss that has no name of its own is called ``loss``, or L.
    """
    operation = line.operation
    if not isinstance(operation, GradientLine):
        return None
    top = known.get(id(operation.loss)) or loss or Symbol("L")
    variable = under_its_name(operation.variable)
    bottom = known.get(id(variable)) or _own_name(variable)
    return Fraction(Row((Sign("∂"), top)), Row((Sign("∂"), bottom)))


def _own_name(variable: Expr) -> Node:
    name = variable.operation.name if isinstance(variable.operation, Let) else "x"
    return symbol_from_name(name, is_array=variable.size > 1)
