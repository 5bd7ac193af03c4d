"""Images cut into patches: the pixels with borders between patches, and the order in which patches are taken."""

from collections.abc import Sequence
from typing import Final

from fullmarks.math.figures import Figure
from fullmarks.math.figures.grids import Grid, grids
from fullmarks.math.figures.runs import WIDEST

MOST_PIXELS: Final = 12  # rows or columns of an image whose pixels are shown
MOST_ACROSS: Final = 14  # rows or columns of patches that are all numbered
AT_THE_EDGE: Final = 2  # of more: how many are numbered before the dots
BEFORE_ALL: Final = "class"
Size = tuple[int, int]


def image_in_patches(channels: Sequence[Sequence[Sequence[str]]], patch: Size) -> Figure | None:
    """Return the pixels of each channel with borders between patches, and the patches numbered in order.

    ``None`` where the image is too large to be read.
    """
    rows, columns = len(channels[0]), len(channels[0][0])
    if max(rows, columns) > MOST_PIXELS:
        return None
    counts = (rows // patch[0], columns // patch[1])
    shown = [
        Grid(f"channel {number}" if len(channels) > 1 else "image", tuple(map(tuple, channel)), blocks=patch)
        for number, channel in enumerate(channels, 1)
    ]
    order = Grid("order of the patches", numbered(counts), blocks=(1, 1))
    said = [f"{grid.caption.capitalize()}: {'; '.join(' '.join(row) for row in grid.cells)}." for grid in shown]
    alt = f"Image of {_by((rows, columns))} pixels in patches of {_by(patch)}: {in_order(counts)}. {' '.join(said)}"
    figure = grids([*shown, order], [*[""] * (len(shown) - 1), "→"], alt)
    return figure if figure.width <= WIDEST else None


def tokens_of_image(image: Size, patch: Size, *, class_token: bool) -> Figure | None:
    """Return the patches of an image numbered in order, those in the middle of many left out, and the class token.

    ``None`` where there is one patch only.
    """
    counts = (image[0] // patch[0], image[1] // patch[1])
    count = counts[0] * counts[1]
    if count == 1:
        return None
    patches = Grid(f"{count} patches of {_by(patch)}", numbered(counts))
    alt = f"Image of {_by(image)} pixels in patches of {_by(patch)}: {in_order(counts)}."
    if not class_token:
        return grids([patches], [], alt)
    token = Grid("class token", ((BEFORE_ALL,),))
    told = f"{alt} The class token stands before them: {count + 1} tokens."
    return grids([token, patches], ["+"], told)


def numbered(counts: Size) -> tuple[tuple[str, ...], ...]:
    """Return the numbers of patches, row by row, with dots in place of those in the middle of many."""
    rows, columns = (_shown(count) for count in counts)
    return tuple(tuple(_cell(row, column, counts[1]) for column in columns) for row in rows)


def in_order(counts: Size) -> str:
    """Say how patches are numbered."""
    down, across = counts
    if down * across == 1:
        return "one patch"
    if 1 in counts:
        return f"{down * across} patches, numbered {'from left to right' if down == 1 else 'from above'}"
    return f"{down} rows of {across} patches, numbered 1 to {down * across} from left to right, then row by row"


def _shown(count: int) -> tuple[int | None, ...]:
    """Return the places that are numbered, ``None`` standing for dots."""
    return tuple(range(count)) if count <= MOST_ACROSS else (*range(AT_THE_EDGE), None, count - 1)


def _cell(row: int | None, column: int | None, across: int) -> str:
    if row is None:
        return "⋮" if column is not None else ""
    return "…" if column is None else str(row * across + column + 1)


def _by(size: Size) -> str:
    return f"{size[0]}×{size[1]}"
