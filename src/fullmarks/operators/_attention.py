"""What all forms of attention share: masks, and the check that weights add to 1."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array, Check, Expr
from fullmarks.operators._arguments import Argument, Tensor

MASK = Argument("mask", Tensor("T S", words=("causal",)), "causal, or a 0/1 matrix where 0 hides", default=None)


ADD_TO_ONE = Check("The weights of each row add to 1.", lambda weights: weights.sum(axis=-1))


def mask_matrix(mask: Expr | Array | str | None, shape: tuple[int, ...]) -> Array:
    """Return a 0/1 matrix of ``shape`` (queries, keys): 1 may be seen, 0 is hidden."""
    if mask is None:
        return np.ones(shape)
    if isinstance(mask, str):
        return np.tril(np.ones(shape))
    return mask.value if isinstance(mask, Expr) else mask


def check_mask(mask: Expr | Array | str | None, **_others: object) -> None:
    """Refuse a mask of other numbers than 0 and 1, or one that hides everything from a token."""
    if mask is None or isinstance(mask, str):
        return
    seen = mask_matrix(mask, ())
    if not np.isin(seen, (0, 1)).all():
        raise FullmarksError("attention: mask has other numbers than 0 (hidden) and 1 (seen)")
    if (seen.sum(axis=1) == 0).any():
        row = int(np.argmin(seen.sum(axis=1))) + 1
        raise FullmarksError(f"attention: mask hides every token from token {row}, expected at least one 1 in its row")
