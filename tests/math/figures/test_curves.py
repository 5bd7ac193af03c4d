"""Activation curves: the points are where their coordinates say, on the curve, and nothing is on top of anything."""

import re
from itertools import pairwise

import numpy as np
import pytest
from drawn_pictures import NUMBER, assert_readable, drawn_by, figures_of, labels_of, letters, numbers

from fullmarks.math.figures import Disc, Figure, Place, Stroke
from fullmarks.math.figures.curves import MOST_POINTS, round_step

OPERATORS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "step")
CURVE_WIDTH = 1.6
CLOSE = 0.6  # pixels
ROUNDING = 0.0006


def coordinates(figure: Figure) -> list[list[float]]:
    words = [letters(label) for label in labels_of(figure)]
    return sorted(numbers(word) for word in words if re.fullmatch(rf"\({NUMBER}, {NUMBER}\)", word))


def dots(figure: Figure) -> list[Place]:
    return sorted(shape.centre for shape in figure.shapes if isinstance(shape, Disc) and shape.ink)


def curve_of(figure: Figure) -> list[tuple[Place, ...]]:
    return [shape.points for shape in figure.shapes if isinstance(shape, Stroke) and shape.width == CURVE_WIDTH]


@pytest.mark.parametrize("operator", OPERATORS)
def test_nothing_in_a_curve_is_on_top_of_anything(operator: str) -> None:
    found = drawn_by(operator)
    assert len(found) >= 4
    for name, _, figure in found:
        assert_readable(name, figure)


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_curve_marks_every_entry_and_what_plain_numpy_makes_of_it(operator: str) -> None:
    for name, step, figure in drawn_by(operator):
        assert step.operator is not None
        assert step.operator.evaluate is not None
        x = step.arguments["x"].value
        others = {argument: value for argument, value in step.arguments.items() if argument != "x"}
        y = step.operator.evaluate(x, **others)
        wanted = {(round(float(across), 3), round(float(up), 3)) for across, up in zip(x.flat, y.flat, strict=True)}
        marked = coordinates(figure)
        assert len(marked) == len(dots(figure)) == len(wanted), name
        for point, near in zip(marked, sorted(wanted), strict=True):
            assert point == pytest.approx(near, abs=ROUNDING), name


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_words_below_a_curve_say_the_coordinates_of_every_point(operator: str) -> None:
    for name, _, figure in drawn_by(operator):
        said = [numbers(point) for point in re.findall(rf"\({NUMBER}, {NUMBER}\)", figure.alt)]
        assert sorted(said) == coordinates(figure), name


@pytest.mark.parametrize("operator", OPERATORS)
def test_dots_are_on_the_curve_and_where_their_coordinates_say(operator: str) -> None:
    for name, _, figure in drawn_by(operator):
        ticks = [label for label in labels_of(figure) if re.fullmatch(NUMBER, letters(label))]
        below = [(label.place[0], numbers(letters(label))[0]) for label in ticks if label.anchor == "middle"]
        beside = [(label.place[1] - 4, numbers(letters(label))[0]) for label in ticks if label.anchor == "end"]
        x_scale, y_scale = (np.polyfit([v for _, v in axis], [p for p, _ in axis], 1) for axis in (below, beside))
        for (x, y), dot in zip(coordinates(figure), dots(figure), strict=True):
            assert dot == pytest.approx((np.polyval(x_scale, x), np.polyval(y_scale, y)), abs=CLOSE), name
            assert min(distance(dot, *piece) for line in curve_of(figure) for piece in pairwise(line)) < CLOSE, name


def distance(place: Place, start: Place, end: Place) -> float:
    """Return how far a place is from a piece of line."""
    along, to = np.subtract(end, start), np.subtract(place, start)
    part = np.clip(to @ along / max(float(along @ along), 1e-12), 0, 1)
    return float(np.linalg.norm(to - part * along))


def test_a_step_is_open_where_it_jumps_and_drawn_in_two_pieces() -> None:
    (figure,) = figures_of("step", x=[-1, 2])
    (open_dot,) = [shape for shape in figure.shapes if isinstance(shape, Disc) and not shape.ink]
    left, right = curve_of(figure)
    assert open_dot.centre == left[-1]
    assert {y for _, y in left} == {left[0][1]}
    assert right[0][0] == left[-1][0]
    assert right[0][1] < left[-1][1]


def test_entries_that_are_alike_are_marked_once() -> None:
    (figure,) = figures_of("relu", x=[[1, 1], [2, 1]])
    assert coordinates(figure) == [[1, 1], [2, 2]]


def test_more_points_than_can_be_read_are_not_drawn() -> None:
    assert len(figures_of("relu", x=list(range(-4, MOST_POINTS - 4)))) == 1
    assert figures_of("relu", x=list(range(-4, MOST_POINTS - 3))) == []


def test_points_far_from_0_are_not_drawn() -> None:
    assert len(figures_of("relu", x=[-3, 1000])) == 1
    assert figures_of("relu", x=[-3, 1001]) == []


def test_points_all_in_one_place_are_not_drawn_on_top_of_one_another() -> None:
    for figure in figures_of("sigmoid", x=[0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008, 0.009]):
        assert_readable("close together", figure)


@pytest.mark.parametrize(("length", "step"), [(10, 1), (10.5, 2), (60, 10), (0.3, 0.05), (24, 5)])
def test_ticks_are_at_round_numbers(length: float, step: float) -> None:
    assert round_step(length, 10) == pytest.approx(step)
