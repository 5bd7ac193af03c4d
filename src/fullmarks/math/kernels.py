"""The kernels of image processing that have a name, as rows of exact numbers.

They are written for cross-correlation, as every CNN computes it, so ``sobel_x`` answers to brightness falling from left
to right.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

Rows = list[list[int | Fraction]]


def _transposed(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def _divided(rows: Rows, divisor: int) -> Rows:
    return [[Fraction(entry) / divisor for entry in row] for row in rows]


_SOBEL_X: Rows = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
_PREWITT_X: Rows = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]

KERNELS: Mapping[str, Rows] = MappingProxyType(
    {
        "sobel_x": _SOBEL_X,
        "sobel_y": _transposed(_SOBEL_X),
        "prewitt_x": _PREWITT_X,
        "prewitt_y": _transposed(_PREWITT_X),
        "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
        "box": _divided([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 9),
        "gaussian": _divided([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16),
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    }
)
