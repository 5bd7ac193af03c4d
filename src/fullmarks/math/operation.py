"""What an operation is: the interface between expressions and whatever makes them out of one another."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from fullmarks.math.expression import Array, Expr, Index, Shape


class Operation(Protocol):
    """What made an expression out of its arguments, without knowing what they are called or how they look."""

    def shape(self, *shapes: "Shape") -> "Shape":
        """Return the result's shape."""

    def compute(self, *arrays: "Array") -> "Array":
        """Return the result's values for arrays of floats, all at once."""

    def numbers(self, *arrays: "Array") -> "Array":
        """Return the result's values for arrays of plain numbers, worked one by one as ``scalar`` does."""

    def entry(self, index: "Index", *arguments: "Expr") -> "Expr":
        """Return the entry at ``index`` as a scalar expression of entries of the arguments."""

    def scalar(self, *numbers: Any) -> Any:
        """Return the result for plain numbers, exact as long as they are."""
