"""Arithmetic between quantities, the same for both routes: which shapes it joins, and which it refuses."""

from math import prod
from typing import Any

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import LARGEST_ARRAY, Expr, given
from fullmarks.operators._binding import numbers_of
from fullmarks.operators._shapes import shape_text
from fullmarks.operators._vectors import alike, reshaped


def numeric(value: Any, sign: str) -> Any:
    """Return a value as numbers to calculate with; raises ``FullmarksError`` for words."""
    if isinstance(value, Expr | np.ndarray):
        return value
    if isinstance(value, list) and value and not isinstance(value[0], str):
        return given("", numbers_of(value, repr(sign)))
    raise FullmarksError(f"{sign!r} needs numbers, found {value!r}")


def joinable(sign: str, left: Any, right: Any) -> tuple[Any, Any]:
    """Return both sides of an operation: a column as a vector beside one, a number as a vector of one beside a matrix.

    Raises ``FullmarksError``, naming both shapes, where arithmetic cannot join them.
    """
    if sign == "@":
        left, right = _one_if_number(left, right.shape[:1]), _one_if_number(right, left.shape[-1:])
    else:
        left, right = alike(left, right)
    refuse_misfit(sign, left.shape, right.shape)
    return left, right


def _one_if_number(tensor: Any, joined: tuple[int, ...]) -> Any:
    return reshaped(tensor, (1,)) if tensor.shape == () and joined == (1,) else tensor


def refuse_misfit(sign: str, left: tuple[int, ...], right: tuple[int, ...]) -> None:
    """Raise ``FullmarksError``, naming both shapes, where arithmetic cannot join them."""
    fits, entries = True, 1
    if sign == "@":
        fits = len(left) in (1, 2) and len(right) in (1, 2) and left[-1] == right[0]
        entries = prod((*left[:-1], *right[1:]))
    else:
        try:
            entries = prod(np.broadcast_shapes(left, right))
        except ValueError:
            fits = False
    if fits and entries > LARGEST_ARRAY:
        raise FullmarksError(f"{sign!r} would give {entries:,} entries, which is too large: at most {LARGEST_ARRAY:,}")
    if not fits:
        raise FullmarksError(f"{sign!r} cannot join shapes {shape_text(left)} and {shape_text(right)}")
