"""filter_effect: what a filter does to an image, argued from its coefficients.

The filter is applied as every CNN does it, without turning it round (cross-correlation).
"""

from typing import Literal

import numpy as np

from fullmarks.math.expression import Array, Expr
from fullmarks.math.kernels import KERNELS
from fullmarks.math.numbers import decimal, exact
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._filters import (
    always_of_one_sign,
    answers,
    diagonal_profiles,
    has_one_sign,
    is_zero,
    middle_of,
    rise,
)
from fullmarks.operators._operator import Discussion, Level, Numbers, Operator, Point

ARGUMENTS = (Argument("kernel", Tensor("kH kW", named=KERNELS), "filter", symbol=r"\mathbf{F}"),)

NAMES = {
    "sobel_x": "the Sobel filter for vertical edges",
    "sobel_y": "the Sobel filter for horizontal edges",
    "prewitt_x": "the Prewitt filter for vertical edges",
    "prewitt_y": "the Prewitt filter for horizontal edges",
    "laplacian": "the Laplacian filter, a discrete second derivative",
    "box": "the box filter, also called mean filter",
    "gaussian": "a Gaussian filter",
    "sharpen": "the usual sharpening filter",
    "identity": "the identity filter",
}
POINTS_FOR_FULL_MARKS = 3
FEWEST_WITH_A_MIDDLE = 3

Direction = Literal["vertical", "horizontal"]


def discuss(kernel: Expr) -> Discussion:
    """Return the effect first, then what the numbers say about flat regions, signs and weights."""
    weights = kernel.value
    points = [Point(words) for words in (*effect(weights), *named(weights), *flat_regions(weights), *details(weights))]
    return Discussion(tuple(points), min(POINTS_FOR_FULL_MARKS, len(points)))


def effect(weights: Array) -> list[str]:
    """Say what the filter answers to: the point that must not be missing."""
    if is_zero(weights):
        return ["All coefficients are 0, so the output is 0 everywhere: the filter removes the image."]
    if np.count_nonzero(weights) == 1:
        return [single_coefficient(weights)]
    if has_one_sign(weights):
        sign = "negative" if weights.min() < 0 else "positive"
        words = (
            f"No two coefficients differ in sign (all are {sign} or 0), so every output is a weighted sum of several "
            "pixels: the filter smooths (blurs) the image, which weakens noise, fine detail and edges."
        )
        return [words]
    return edges(weights) if is_zero(weights.sum()) else mixed_signs(weights)


def single_coefficient(weights: Array) -> str:
    """Describe a filter that copies one pixel."""
    row, column = (int(position) for position in np.argwhere(weights)[0])
    factor = in_words(weights[row, column])
    passed_on = "passed on unchanged" if weights[row, column] == 1 else f"multiplied by {factor}"
    if middle_of(weights):
        return f"Only the middle coefficient is not 0; it is {factor}, so every pixel is {passed_on}."
    return (
        f"Only the coefficient in row {row + 1}, column {column + 1} is not 0, so the image is shifted"
        f"{way_of_shift(weights, row, column)} and its pixels are {passed_on}."
    )


def way_of_shift(weights: Array, row: int, column: int) -> str:
    """Say where the image moves: against the way from the middle, if there is one, to the coefficient."""
    if any(length % 2 == 0 for length in weights.shape):
        return ""
    down, right = (length // 2 - place for length, place in zip(weights.shape, (row, column), strict=True))
    moves = [f"{abs(down)} {'down' if down > 0 else 'up'}"] if down else []
    moves += [f"{abs(right)} to the {'right' if right > 0 else 'left'}"] if right else []
    return f" by {' and '.join(moves)}"


def edges(weights: Array) -> list[str]:
    """Describe a filter whose coefficients add to 0: it answers to changes of brightness only."""
    rows_vanish, columns_vanish = is_zero(weights.sum(axis=1)), is_zero(weights.sum(axis=0))
    if rows_vanish and columns_vanish:
        blind = "Every row and every column adds to 0, so straight vertical and horizontal edges both give 0: "
        line = slanted_line(weights)
        if line:
            return [f"{blind}the filter detects slanted lines, from {line}."]
        return [f"{blind}the filter answers to corners, isolated points and slanted detail."]
    if rows_vanish:
        return [comparison(weights, "vertical"), blind_to("vertical")]
    if columns_vanish:
        return [comparison(weights.T, "horizontal"), blind_to("horizontal")]
    return [all_round(weights)]


def comparison(weights: Array, direction: Direction) -> str:
    """Describe the two sides that are set against each other; ``weights`` turned so that the sides are columns."""
    line, before, after = ("column", "left", "right") if direction == "vertical" else ("row", "upper", "lower")
    way = "from left to right" if direction == "vertical" else "from top to bottom"
    if is_zero(weights + weights[:, ::-1]):
        first, last = (", ".join(in_words(weight) for weight in weights[:, place]) for place in (0, -1))
        return (
            f"The {before} {line} ({first}) and the {after} {line} ({last}) are opposite, so the output measures how "
            f"brightness changes {way}: the filter detects {direction} edges."
        )
    if is_zero(rise(weights)[0]):
        return (
            f"Each pixel is compared with its neighbours on both sides, {way}: the filter detects {direction} lines, "
            f"and answers on either side of a {direction} edge."
        )
    return f"Positive and negative coefficients cancel {way}: the filter detects {direction} edges."


def all_round(weights: Array) -> str:
    """Describe a filter that compares neither along rows alone nor along columns alone."""
    right, down = (not is_zero(one) for one in rise(weights))
    if right and down:
        return slanted(weights)
    if right or down:
        way, direction = ("from left to right", "vertical") if right else ("from top to bottom", "horizontal")
        return f"The output measures above all how brightness changes {way}: the filter detects {direction} edges."
    if weights.shape[0] == weights.shape[1] and is_zero(weights - np.rot90(weights)):
        return (
            "The filter is the same after a quarter turn and compares each pixel with its surroundings: it detects "
            "edges of all directions, and lines and isolated points."
        )
    return "Coefficients of both signs cancel, so the filter answers only where brightness changes: edges and lines."


def slanted(weights: Array) -> str:
    """Describe a filter that answers to changes along the rows and along the columns alike."""
    vertical, horizontal, diagonal = strongest_answers(weights)
    if is_zero(weights + weights[::-1, ::-1]) and diagonal >= max(vertical, horizontal):
        return (
            "Each coefficient is the opposite of the one across the centre, and neither rows nor columns add to 0, so "
            "the output measures how brightness changes along a slanted direction: the filter detects slanted edges."
        )
    right, down = rise(weights)
    if abs(right) == abs(down):
        more = "as much from left to right as from top to bottom"
    elif abs(right) > abs(down):
        more = "more from left to right than from top to bottom"
    else:
        more = "more from top to bottom than from left to right"
    return (
        f"Where brightness rises by 1 a pixel, the output is {in_words(right)} if it rises to the right and "
        f"{in_words(down)} if it rises downwards, so the filter measures changes of brightness, {more}."
    )


def strongest_answers(weights: Array) -> tuple[float, float, float]:
    """Return the largest size of output at a vertical, a horizontal and a slanted edge of height 1."""
    sums = (weights.sum(axis=0), weights.sum(axis=1))
    vertical, horizontal, one, other = (
        float(np.abs(answers(profile)).max()) for profile in (*sums, *diagonal_profiles(weights))
    )
    return vertical, horizontal, max(one, other)


def slanted_line(weights: Array) -> str:
    """Say which way the diagonal lies that alone is set against the rest, or nothing."""
    if weights.shape[0] != weights.shape[1]:
        return ""
    for turned, way in (
        (weights, "the upper left to the lower right"),
        (np.fliplr(weights), "the upper right to the lower left"),
    ):
        on_diagonal = np.eye(len(weights), dtype=bool)
        if (turned[on_diagonal] > 0).all() and (turned[~on_diagonal] <= 0).all():
            return way
    return ""


def blind_to(direction: Direction) -> str:
    """Say which edges give no answer."""
    if direction == "vertical":
        return "Every row adds to 0, so brightness that changes only from top to bottom, a horizontal edge, gives 0."
    return "Every column adds to 0, so brightness that changes only from left to right, a vertical edge, gives 0."


def mixed_signs(weights: Array) -> list[str]:
    """Describe a filter with both signs that does not vanish on flat regions."""
    middle = middle_of(weights)
    if middle > 0 and np.count_nonzero(weights > 0) == 1 and weights.sum() > 0:
        sharpens = (
            f"The middle coefficient {in_words(middle)} is positive and its neighbours are negative or 0, so each "
            "pixel is raised by its difference from its surroundings: the filter sharpens, that is, it strengthens "
            "edges and fine detail (and noise)."
        )
        added = "The coefficients are those of the identity plus a filter that adds to 0: the image plus its edges."
        return [sharpens, added] if is_zero(weights.sum() - 1) else [sharpens]
    positive, negative = weights[weights > 0].sum(), weights[weights < 0].sum()
    words = (
        f"The positive coefficients add to {in_words(positive)} and the negative ones to {in_words(negative)}, so the "
        "output is a weighted difference of neighbouring pixels on top of a share of the image itself: changes of "
        "brightness are emphasised."
    )
    return [words]


def named(weights: Array) -> list[str]:
    """Name the filter where it has a name, also with its signs reversed."""
    for name, words in NAMES.items():
        known = np.array(KERNELS[name], dtype=float)
        if known.shape == weights.shape and is_zero(known - weights):
            return [f"It is {words}."]
        if known.shape == weights.shape and is_zero(known + weights):
            return [f"It is {words} with all signs reversed."]
    return []


def flat_regions(weights: Array) -> list[str]:
    """Say what becomes of a region of equal brightness."""
    total = weights.sum()
    if is_zero(weights) or np.count_nonzero(weights) == 1:
        return []
    if is_zero(total):
        return ["The coefficients add to 0, so a flat region (equal brightness everywhere) gives 0."]
    if is_zero(total - 1):
        return ["The coefficients add to 1, so a flat region keeps its brightness."]
    return [f"The coefficients add to {in_words(total)}, so the brightness of a flat region is multiplied by that."]


def details(weights: Array) -> list[str]:
    """Say where the output is positive, and which pixels count most."""
    if is_zero(weights) or np.count_nonzero(weights) == 1:
        return []
    if has_one_sign(weights):
        return [weighting_of_an_average(weights)]
    if not is_zero(weights.sum()):
        return []
    right, down = rise(weights)
    said = []
    if always_of_one_sign(weights):
        said.append(signs(right, down))
    elif middle_of(weights) and np.count_nonzero(np.sign(weights) == np.sign(middle_of(weights))) == 1:
        side, other = ("darker", "brighter") if middle_of(weights) < 0 else ("brighter", "darker")
        said.append(
            f"The output is positive where a pixel is {side} than its surroundings, negative where it is {other}."
        )
    return [*said, *strengths(weights), *emphasis(weights)]


def strengths(weights: Array) -> list[str]:
    """Compare the answers to edges of several directions, unless rows or columns that add to 0 say it already."""
    if is_zero(weights.sum(axis=1)) or is_zero(weights.sum(axis=0)) or min(weights.shape) == 1:
        return []
    vertical, horizontal, diagonal = (in_words(one) for one in strongest_answers(weights))
    words = (
        f"Where brightness jumps by 1, the output is at most {vertical} in size at a vertical edge, {horizontal} at a "
        f"horizontal one and {diagonal} at one of 45°."
    )
    return [words]


def weighting_of_an_average(weights: Array) -> str:
    """Compare the weights of an average."""
    if is_zero(weights - weights.flat[0]):
        return f"All {weights.size} coefficients are equal, so near and far pixels of the window count the same."
    middle = middle_of(weights)
    if middle and np.count_nonzero(np.abs(weights) >= abs(middle)) == 1:
        return "The middle coefficient is the largest, so the pixel itself counts most and edges suffer less."
    return "The coefficients differ, so some pixels of the window count more than others."


def signs(right: float, down: float) -> str:
    """Say which side must be brighter for a positive output."""
    sides = []
    if not is_zero(down):
        sides.append(("lower", "upper") if down > 0 else ("upper", "lower"))
    if not is_zero(right):
        sides.append(("right", "left") if right > 0 else ("left", "right"))
    brighter, darker = (" ".join(side) for side in zip(*sides, strict=True))
    return (
        f"The output is positive where the {brighter} side is brighter than the {darker} side, negative where it is "
        "darker, and the larger in size the stronger the edge."
    )


def emphasis(weights: Array) -> list[str]:
    """Compare the weights along an edge: a Sobel filter counts the middle twice, a Prewitt filter does not."""
    if is_zero(weights.sum(axis=1)) and is_zero(weights.sum(axis=0)):
        return []
    if is_zero(weights.sum(axis=1)):
        line, profile = "row", np.abs(weights).max(axis=1)
    elif is_zero(weights.sum(axis=0)):
        line, profile = "column", np.abs(weights).max(axis=0)
    else:
        return []
    if len(profile) < FEWEST_WITH_A_MIDDLE:
        return []
    if is_zero(profile - profile[0]):
        return [f"All {line}s weigh the same, so the difference is averaged over them, which lessens noise."]
    middle, outer = profile[len(profile) // 2], profile[0]
    if middle < profile.max() or middle <= outer:
        return []
    if is_zero(outer):
        return [f"Only one {line} is not 0, so nothing is averaged along the edge, and noise is not lessened."]
    words = (
        f"The middle {line} weighs more ({in_words(middle)} against {in_words(outer)}), so the pixels next to the "
        "centre count most, while the others lessen noise."
    )
    return [words]


def in_words(number: float) -> str:
    """Write a number inside a sentence."""
    return decimal(exact(number), 3).replace("-", "−")


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a filter whose effect is plain to see."""
    kernels = {
        "easy": ["sobel_x", "sobel_y", "prewitt_x", "prewitt_y"],
        "medium": ["prewitt_x", "prewitt_y", "laplacian", "box"],
        "hard": ["sharpen", "gaussian", "laplacian"],
    }
    return {"kernel": numbers.choice(kernels[level])}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Briefly discuss the effect of the filter {kernel} on the input image.",
    source="Gonzalez and Woods 2018, chapters 3 and 10",
    discuss=discuss,
    sample=sample,
)
