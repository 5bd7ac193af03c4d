"""patches: an image cut into patches from left to right and from above, each flattened to a row.

Of an image with channels, a row holds the patch of the first channel row by row, then that of the next.
"""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.figures import Figure
from fullmarks.math.figures.patches import image_in_patches
from fullmarks.math.functions import stack, view
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Pair, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._shapes import shape_text
from fullmarks.operators._sliding import texts

ARGUMENTS = (
    Argument("image", Tensor("H W | C H W"), "image, of one channel or of several", symbol="I"),
    Argument("patch_size", Pair(), "height and width of a patch, or one number for both"),
)
MOST_PATCHES_WITH_LINES = 9
PairOf = tuple[int, int]


def check(image: Array, patch_size: PairOf) -> None:
    """Check that whole patches cover the image."""
    size = (image.shape[-2], image.shape[-1])
    if size[0] % patch_size[0] or size[1] % patch_size[1]:
        raise FullmarksError(
            f"patches: patch_size {shape_text(patch_size)} does not divide the image of {shape_text(size)} into whole "
            "patches"
        )


def evaluate(image: Array, patch_size: PairOf) -> Array:
    """Return (patches, values) by splitting both axes in two and bringing the axes into order."""
    height, width = patch_size
    planes = image.reshape(-1, image.shape[-2] // height, height, image.shape[-1] // width, width)
    return planes.transpose(1, 3, 0, 2, 4).reshape(planes.shape[1] * planes.shape[3], -1)


def working(image: Expr, patch_size: PairOf) -> Expr:
    height, width = patch_size
    across = image.shape[-1] // width
    count = image.shape[-2] // height * across
    cut: list[Expr] = []
    for number in range(1, count + 1):
        top, left = (number - 1) // across * height, (number - 1) % across * width
        patch = image[..., top : top + height, left : left + width]
        if count <= MOST_PATCHES_WITH_LINES:
            where = f"{_span('row', top, height)} and {_span('column', left, width)}"
            reason = f"Patch {number} is {where}." if number > 1 else f"{_order(count, across)} Patch 1 is {where}."
            marks = (M("patches in order"),) if number == 1 else ()
            patch = let(f"p_{number}", patch, reason, *marks, after=tuple(cut[-1:]))
        cut.append(patch)
    opening = "" if count <= MOST_PATCHES_WITH_LINES else f"{_order(count, across)} "
    each = "row by row" if image.ndim == 2 else "channel by channel and row by row"  # noqa: PLR2004 - no channels
    return let(
        RESULT,
        stack([patch.reshape(-1) for patch in cut]),
        f"{opening}Flatten each patch {each}: it becomes a row.",
        M("patches flattened to rows"),
        A("all entries"),
    )


def _order(count: int, across: int) -> str:
    if count == 1:
        return "There is one patch."
    return f"Cut from left to right, then the next row of patches: {across} across, {count} in all."


def _span(what: str, first: int, length: int) -> str:
    return f"{what} {first + 1}" if length == 1 else f"{what}s {first + 1} to {first + length}"


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a small gray image, an oblong one, or one with two channels."""
    shape, size = {"easy": ((4, 4), 2), "medium": ((4, 6), 2), "hard": ((2, 4, 4), 2)}[level]
    return {"image": numbers.integers(0, 9, *shape), "patch_size": size}


def figure(image: Expr, patch_size: PairOf, **_others: object) -> Figure | None:
    """Show the pixels with borders between patches, and the order of the patches."""
    channels = [image] if image.ndim == 2 else [image[channel] for channel in range(image.shape[0])]  # noqa: PLR2004 - no channels
    return image_in_patches([texts(channel) for channel in channels], patch_size)


def _down_the_columns(image: Expr, patch_size: PairOf) -> Expr:
    rows = working(image, patch_size)
    across = image.shape[-1] // patch_size[1]
    return rows[np.arange(rows.shape[0]).reshape(-1, across).T.reshape(-1)]


def _each_down_its_columns(image: Expr, patch_size: PairOf) -> Expr:
    height, width = patch_size

    def turned(places: Array) -> Array:
        return places.reshape(len(places), -1, height, width).swapaxes(-1, -2).reshape(len(places), -1)

    return view(working(image, patch_size), turned)


def _pieces_of_the_flattened(image: Expr, patch_size: PairOf) -> Expr:
    return image.reshape(*working(image, patch_size).shape)


operator = Operator(
    arguments=ARGUMENTS,
    ask="Cut the image into patches and flatten each to a row of {result}, in lexicographical order.",
    source="Dosovitskiy et al. 2021, section 3.1",
    symbol="X",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("took the patches from above, column by column", result=_down_the_columns),
        mistake("flattened each patch down its columns", result=_each_down_its_columns),
        mistake("cut the flattened image into pieces instead of patches", result=_pieces_of_the_flattened),
    ),
    sample=sample,
    figure=figure,
)
