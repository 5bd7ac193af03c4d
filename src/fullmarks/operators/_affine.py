"""A linear layer as it is written: W x + b for one input, x Wᵀ + bᵀ where each row of x is one."""

from fullmarks.math.expression import Expr
from fullmarks.math.functions import view


def affine(x: Expr, W: Expr, b: Expr) -> Expr:
    """Return the outputs of a vector (n,), or of each row of a matrix (T, n), for ``W`` (m, n) and ``b`` (m,)."""
    if x.ndim == 1:
        return W @ x + b
    return x @ W.T + (b if b.ndim == 0 else view(b, lambda places: places.reshape(1, -1), written="T"))
