"""Networks as boxes: every layer with the size that leaves it, in order, and words that are safe in every format."""

from itertools import pairwise

import pytest
from drawn_pictures import assert_readable, bounds, drawn_by, figures_of, labels_of, letters

from fullmarks.math.figures import Box, Disc, Figure, Stroke
from fullmarks.math.figures.svg import figure_svg
from fullmarks.math.figures.tikz import figure_tikz
from fullmarks.operators._known_networks import SOURCES
from fullmarks.operators._network import size_text
from fullmarks.operators._network_picture import MOST_BOXES
from fullmarks.operators.network_summary import figure as network_figure
from fullmarks.operators.network_summary import rows_of
from fullmarks.render.latex_words import in_ascii

BLOCK = ("residual", "conv2d 4 3x3 padding 1", "relu", "conv2d 4 3x3 padding 1", "add")
PROJECTED = ("residual", "conv2d 8 3x3 stride 2 padding 1", "shortcut", "conv2d 8 1x1 stride 2", "batch_norm", "add")
SIZE = (4, 8, 8)


def drawn(*layers: str, size: tuple[int, ...] = SIZE) -> Figure:
    figure = network_figure(layers, size)
    assert figure is not None
    return figure


def words(figure: Figure) -> list[str]:
    return [letters(label) for label in labels_of(figure)]


def boxes(figure: Figure) -> list[Box]:
    return [shape for shape in figure.shapes if isinstance(shape, Box)]


def test_nothing_in_a_network_is_on_top_of_anything() -> None:
    found = drawn_by("network_summary")
    assert len(found) >= 9
    for name, _, figure in found:
        assert_readable(name, figure)


@pytest.mark.parametrize("network", SOURCES)
def test_well_known_networks_are_drawn_in_what_detail_can_be_read(network: str) -> None:
    size = (1, 32, 32) if network == "lenet5" else (3, 224, 224)
    figure = drawn(network, size=size)
    assert_readable(network, figure)
    assert len(boxes(figure)) <= MOST_BOXES
    assert words(figure)[0] == size_text(size)
    assert words(figure)[-1] == size_text(rows_of((network,), size)[-1].after)


def test_every_row_of_the_table_has_a_box_and_its_size() -> None:
    for name, step, figure in drawn_by("network_summary"):
        rows = rows_of(step.arguments["layers"], step.arguments["input_size"])
        sizes = [word for word in words(figure) if word.replace("×", "").isdigit()]
        assert len(boxes(figure)) + figure.alt.count("their sum") == len(rows), name
        wanted = [size_text(row.after) for row in rows]
        assert sorted(sizes[1:]) == sorted(wanted), name
        for size in wanted:
            assert f": {size}" in figure.alt, name


def test_boxes_follow_in_reading_order_and_wires_go_round_them() -> None:
    figure = drawn(*["conv2d 4 3x3 padding 1", "relu"] * 6)
    places = [box.centre for box in boxes(figure)]
    assert len({y for _, y in places}) > 1
    assert all(left[1] < right[1] or left[0] < right[0] for left, right in pairwise(places))
    assert_readable("in rows", figure)


@pytest.mark.parametrize("block", [BLOCK, PROJECTED])
def test_a_shortcut_goes_round_its_block_to_the_sum(block: tuple[str, ...]) -> None:
    figure = drawn("relu", *block, "relu")
    (around,) = [shape for shape in figure.shapes if isinstance(shape, Stroke) and len(shape.points) > 2]
    (total,) = [shape for shape in figure.shapes if isinstance(shape, Disc) and not shape.ink]
    assert around.points[-1] == pytest.approx((total.centre[0], bounds(total)[1]))
    assert "Residual block" in figure.alt
    assert_readable("shortcut", figure)


def test_layers_in_a_shortcut_are_drawn_above_the_block() -> None:
    figure = drawn(*PROJECTED)
    body, projection, _ = boxes(figure)
    assert bounds(projection)[3] < bounds(body)[1]
    assert "a shortcut through conv2d 8 1×1 stride 2: 8×4×4 and batch_norm: 8×4×4" in figure.alt


def test_each_layer_of_a_block_has_its_own_size_below_it() -> None:
    figure = drawn("residual", "conv2d 8 3x3 padding 1", "conv2d 4 3x3 stride 1 padding 1", "add")
    below = {label.place[0]: letters(label) for label in labels_of(figure)}  # the last label of each column
    assert [below[box.centre[0]] for box in boxes(figure)] == ["8×8×8", "4×8×8"]


def test_many_layers_are_joined_then_blocks_are_one_box_and_equal_ones_counted() -> None:
    joined = drawn(*[f"conv2d {4 + place} 3x3 padding 1" if place % 2 else "relu" for place in range(30)])
    assert len(boxes(joined)) == 16
    blocks = drawn(*BLOCK * 12)
    assert len(boxes(blocks)) == 1
    assert "× 12" in words(blocks)
    assert "12 times residual block" in blocks.alt


def test_a_network_with_too_many_different_layers_is_not_drawn() -> None:
    assert network_figure(tuple(f"linear {place}" for place in range(1, 26)), (3,)) is None
    assert network_figure(tuple(f"linear {place}" for place in range(1, 25)), (3,)) is not None


def test_a_residual_block_within_another_is_one_box() -> None:
    figure = drawn("residual", "conv2d 4 3x3 padding 1", *BLOCK, "add")
    assert words(figure)[1] == "residual block"
    assert len(boxes(figure)) == 1


def source(name: str) -> str:
    return (
        "import torch.nn as nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        f"        self.{name} = nn.Linear(8, 4)\n"
        "    def forward(self, x):\n"
        f"        return self.{name}(x)\n"
    )


def test_a_name_from_source_stands_in_its_box_and_a_long_one_is_cut() -> None:
    assert "head" in words(drawn(source("head"), size=(8,)))
    long = drawn(source("classifier_of_everything"), size=(8,))
    assert "classifier_of_…" in words(long)
    assert_readable("long", long)


@pytest.mark.parametrize("name", ["kopf_ü", "層", "under_score"])
def test_names_of_any_letters_are_safe_in_latex_and_svg(name: str) -> None:
    figure = drawn(source(name), size=(8,))
    assert in_ascii(figure_tikz(figure)).isascii()
    assert "層" not in figure_svg(figure)


def test_a_picture_comes_with_the_solution_of_a_table() -> None:
    assert len(figures_of("network_summary", layers=["relu", "flatten", "linear 3"], input_size=[1, 4, 4])) == 1
