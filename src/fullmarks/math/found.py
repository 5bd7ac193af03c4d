"""What a computer found where there is no working by hand, such as the eigenvalues of a larger matrix."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fullmarks.math.expression import Expr, Given
from fullmarks.math.numbers import Exact


class Found(Given, frozen=True, eq=False):
    """A leaf without a name: plain numbers, whose floats are near what was found and no decimals that were written."""

    def plain(self, value: Any) -> Exact:
        """Return one of the numbers, a float as it is."""
        return value  # type: ignore[no-any-return]  # an array of objects holds plain numbers


def found(numbers: Sequence[Exact]) -> Expr:
    """Return what a computer found: a ``Fraction`` where it is exact, else a float."""
    return Expr(Found("", np.array(numbers, dtype=object)))


def is_found(expression: Expr) -> bool:
    """Return whether an expression is what a computer found, which a line states as its own value."""
    return isinstance(expression.operation, Found)
