"""Images cut into patches: borders between the patches, every pixel, and the order in which they are taken."""

import re
from itertools import pairwise

import numpy as np
import pytest
from drawn_pictures import assert_readable, drawn_by, figures_of, labels_of, letters, numbers

from fullmarks.math.figures import Box, Figure, Stroke
from fullmarks.math.figures.grids import BORDER
from fullmarks.math.figures.patches import MOST_ACROSS, in_order, numbered

IMAGE = np.arange(24).reshape(4, 6).tolist()


def upright_borders(figure: Figure) -> list[float]:
    borders = [shape for shape in figure.shapes if isinstance(shape, Stroke) and shape.width == BORDER]
    return sorted(stroke.points[0][0] for stroke in borders if stroke.points[0][0] == stroke.points[1][0])


@pytest.mark.parametrize("operator", ["patches", "vit_tokens"])
def test_nothing_in_an_image_of_patches_is_on_top_of_anything(operator: str) -> None:
    found = drawn_by(operator)
    assert len(found) >= 9
    for name, _, figure in found:
        assert_readable(name, figure)


def cells(figure: Figure) -> list[str]:
    """Return what stands in the cells, in the order in which they are drawn."""
    words = {label.place: letters(label) for label in labels_of(figure)}
    return [words[box.centre[0], box.centre[1] + 4] for box in figure.shapes if isinstance(box, Box)]


def test_every_pixel_is_drawn_and_said() -> None:
    for name, step, figure in drawn_by("patches"):
        pixels = step.arguments["image"].value.ravel().tolist()
        assert [numbers(cell)[0] for cell in cells(figure)[: len(pixels)]] == pixels, name
        channels = figure.alt.split(". ", 1)[1]
        said = re.findall(r"(?:Image|Channel \d): ([^.]*(?:\.\d[^.]*)*)\.", f"{channels} ")
        assert numbers(" ".join(said)) == pixels, name


def test_borders_stand_between_patches_only() -> None:
    (figure,) = figures_of("patches", image=IMAGE, patch_size=[2, 3])
    cell = next(shape.width for shape in figure.shapes if isinstance(shape, Box))
    of_image = upright_borders(figure)[:3]
    assert [right - left for left, right in pairwise(of_image)] == pytest.approx([3 * cell, 3 * cell])


def test_patches_are_numbered_row_by_row() -> None:
    (figure,) = figures_of("patches", image=IMAGE, patch_size=2)
    boxes = [shape for shape in figure.shapes if isinstance(shape, Box)][-6:]
    assert cells(figure)[-6:] == ["1", "2", "3", "4", "5", "6"]
    assert boxes == sorted(boxes, key=lambda box: (box.centre[1], box.centre[0]))
    assert boxes[2].centre[1] < boxes[3].centre[1]
    assert "2 rows of 3 patches, numbered 1 to 6 from left to right, then row by row" in figure.alt


def test_each_channel_is_an_image_of_its_own() -> None:
    (figure,) = figures_of("patches", image=[IMAGE, IMAGE], patch_size=2)
    captions = [letters(label) for label in labels_of(figure)]
    assert {"channel 1", "channel 2"} <= set(captions)
    assert captions.count("23") == 2


def test_an_image_too_large_to_be_read_is_not_drawn() -> None:
    assert len(figures_of("patches", image=np.ones((12, 12)).tolist(), patch_size=4)) == 1
    assert figures_of("patches", image=np.ones((14, 14)).tolist(), patch_size=7) == []
    assert figures_of("patches", image=np.ones((5, 8, 8)).tolist(), patch_size=4) == []


def test_all_patches_are_numbered_up_to_fourteen_a_side() -> None:
    (figure,) = figures_of("vit_tokens", image_size=224, patch_size=16)
    words = {letters(label) for label in labels_of(figure)}
    assert {str(place) for place in range(1, 197)} <= words
    assert "class" in words
    assert "197 tokens" in figure.alt


def test_of_more_patches_the_first_and_the_last_are_numbered() -> None:
    cells = numbered((2, MOST_ACROSS + 6))
    assert cells == (("1", "2", "…", "20"), ("21", "22", "…", "40"))
    assert numbered((15, 1)) == (("1",), ("2",), ("⋮",), ("15",))


def test_without_a_class_token_none_is_drawn() -> None:
    (figure,) = figures_of("vit_tokens", image_size=32, patch_size=16, class_token=False)
    assert "class" not in figure.alt
    assert len([shape for shape in figure.shapes if isinstance(shape, Box)]) == 4


def test_a_terminal_shows_rules_between_patches() -> None:
    (figure,) = figures_of("patches", image=[[1, 2, 3, 4], [5, 6, 7, 8], [1, 1, 1, 1], [2, 2, 2, 2]], patch_size=2)
    picture = [line[:13].strip() for line in figure.characters.splitlines()]
    assert picture[:5] == ["1  2 │ 3  4", "5  6 │ 7  8", "──────┼──────", "1  1 │ 1  1", "2  2 │ 2  2"]


@pytest.mark.parametrize(
    ("counts", "words"), [((1, 1), "one patch"), ((1, 3), "from left to right"), ((3, 1), "from above")]
)
def test_the_order_is_said_for_what_there_is(counts: tuple[int, int], words: str) -> None:
    assert in_order(counts).endswith(words)
