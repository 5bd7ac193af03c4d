"""The line of a gradient: it knows what it is the gradient of, and so is written ∂loss/∂variable."""

from fullmarks.math.expression import Expr, Let


class GradientLine(Let, frozen=True, eq=False, kw_only=True):
    """The line of ∂loss/∂variable, whatever the two are called."""

    loss: Expr
    variable: Expr
