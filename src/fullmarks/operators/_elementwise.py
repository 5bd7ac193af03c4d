"""What operators that work on each entry share: what they may be given."""

from fullmarks.operators._arguments import Argument, Tensor

ANY_SHAPE = Tensor("number | n | H W | C H W")
X = Argument("x", ANY_SHAPE, "numbers of any shape; each entry is worked on its own")


def most_marks(size: int) -> int:
    """Return what the values of a result of ``size`` entries are worth: one mark each, three at most."""
    return min(size, 3)
