"""What operators that work on each entry share: what they may be given, and the picture of their curve."""

from collections.abc import Callable, Mapping

from fullmarks.math.expression import RESULT, Array, Expr
from fullmarks.math.figures import Figure
from fullmarks.math.figures.curves import Curve, curve_with_points
from fullmarks.math.notation import Call, Node, Symbol
from fullmarks.operators._arguments import Argument, Tensor

ANY_SHAPE = Tensor("number | n | H W | C H W")
X = Argument("x", ANY_SHAPE, "numbers of any shape; each entry is worked on its own")


def most_marks(size: int) -> int:
    """Return what the values of a result of ``size`` entries are worth: one mark each, three at most."""
    return min(size, 3)


def curve_figure(
    name: str, symbol: Node, evaluate: Callable[..., Array], span: float, jumps: tuple[float, ...] = ()
) -> Callable[..., Figure | None]:
    """Return what draws an activation's curve with the entries of ``x`` marked on it.

    ``evaluate`` takes an array and the operator's other arguments; ``span`` is how far from 0 the curve is drawn at
    least.
    """

    def figure(x: Expr, lines: Mapping[str, Expr], writer: object, **others: object) -> Figure | None:
        del writer
        formula = Call(symbol, (Symbol("x"),))
        curve = Curve(name, formula, lambda array: evaluate(array, **others), span, jumps)
        return curve_with_points(curve, x, lines[RESULT])

    return figure
