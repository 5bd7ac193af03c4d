"""Lists in formulas: an array with history where a quantity stands in them, else plain data."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Constant, Expr, given
from fullmarks.math.functions import stack
from fullmarks.operators._binding import numbers_of
from fullmarks.operators._shapes import shape_text


def array_of(items: Sequence[Any]) -> Any:
    """Return the items of a list as one array along a new first axis, or as they are where no quantity is among them.

    Raises ``FullmarksError`` where quantities and numbers of different shapes stand side by side.
    """
    if not any(isinstance(item, Expr) and not isinstance(item.operation, Constant) for item in items):
        return [plain(item) for item in items]
    parts = [
        item if isinstance(item, Expr) else given("", numbers_of(item, f"list: item {place}"))
        for place, item in enumerate(items, 1)
    ]
    for place, part in enumerate(parts, 1):
        if part.shape != parts[0].shape:
            raise FullmarksError(
                f"list: item {place} is {shape_text(part.shape)}, the first is {shape_text(parts[0].shape)}; "
                "expected items of one shape"
            )
    return stack(parts)


def is_words(items: Sequence[Any]) -> bool:
    """Return whether a list is one of words, such as the layers of a network."""
    return bool(items) and all(isinstance(item, str) for item in items)


def plain(item: Any) -> Any:
    """Return an item of a list as data: a number that was written, nested lists, or a word."""
    if isinstance(item, Expr):
        return item.number
    return item.tolist() if isinstance(item, np.ndarray) else item
