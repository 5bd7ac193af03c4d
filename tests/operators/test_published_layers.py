"""Layers, activations and losses against published figures, and the cases that a random draw would not meet."""

from typing import Any

import numpy as np
import pytest

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr, Let
from fullmarks.math.history import lines
from fullmarks.operators import load_operator
from fullmarks.operators._binding import bind
from fullmarks.operators._operator import check_arguments, results_of
from fullmarks.solution.walk import evaluate_operator


def both_routes(name: str, **values: Any) -> dict[str, Any]:
    """Return an operator's results, worked and evaluated, which agree."""
    operator = load_operator(name)
    arguments = bind(name, operator.arguments, values)
    check_arguments(operator, arguments)
    assert operator.working is not None
    worked = results_of(operator, operator.working(**arguments), arguments)
    evaluated = evaluate_operator(operator, arguments)
    for part, value in worked.items():
        np.testing.assert_allclose(value.value, evaluated[part], rtol=1e-9, atol=1e-12)
    return {part: value.value.tolist() for part, value in worked.items()}


def answer(name: str, **values: Any) -> Any:
    return next(iter(both_routes(name, **values).values()))


def line_names(name: str, **values: Any) -> list[str]:
    operator = load_operator(name)
    assert operator.working is not None
    result: Expr = operator.working(**bind(name, operator.arguments, values))
    return [line.operation.name for line in lines(result, {}) if isinstance(line.operation, Let)]


def refusal(name: str, **values: Any) -> str:
    with pytest.raises(FullmarksError) as refused:
        both_routes(name, **values)
    return str(refused.value)


def test_the_lectures_softmax_loss() -> None:
    found = both_routes("softmax_loss", scores=[0.7, 0.1, 1.6, 2.2, 0.3], label=3)
    assert np.round(found["p"], 3).tolist() == [0.109, 0.060, 0.269, 0.489, 0.073]
    assert round(found["loss"], 4) == 0.7149  # the lecture prints 0.7148: 0.71489 cut off


def test_a_one_hot_label_gives_the_same_loss_as_its_index() -> None:
    scores = [0.5, -1, 2]
    assert answer("softmax_loss", scores=scores, label=[0, 0, 1]) == answer("softmax_loss", scores=scores, label=2)


def test_a_label_beyond_the_classes_is_refused_with_the_largest_named() -> None:
    assert "from 0 to 2 for 3 scores" in refusal("softmax_loss", scores=[1, 2, 3], label=3)
    assert "single 1" in refusal("softmax_loss", scores=[1, 2, 3], label=[0, 1, 1])


def test_scores_that_would_overflow_are_lowered_first_and_small_ones_are_not() -> None:
    assert answer("softmax", x=[1000, 1000]) == [0.5, 0.5]
    assert line_names("softmax", x=[1000, 999]) == ["m", "z", "u", "r", "result"]
    assert line_names("softmax", x=[10, 9]) == ["u", "r", "result"]


def test_the_loss_of_a_probability_that_underflows_is_the_difference_of_the_scores() -> None:
    assert answer("softmax_loss", scores=[1000, 0], label=1) == pytest.approx(1000)


def test_softmax_works_along_the_axis_that_is_named() -> None:
    assert np.sum(answer("softmax", x=[[1, 2], [0, 5]], axis=-1), axis=1).tolist() == pytest.approx([1, 1])
    assert np.sum(answer("softmax", x=[[1, 2], [0, 5]], axis=-2), axis=0).tolist() == pytest.approx([1, 1])
    assert "axis is 1" in refusal("softmax", x=[1, 2], axis=1)


def test_cross_entropy_leaves_out_what_the_target_does_not_expect() -> None:
    assert answer("cross_entropy", p=[0, 0.25, 0.75], y=[0, 1, 0]) == pytest.approx(np.log(4))


def test_cross_entropy_of_a_distribution_with_itself_is_its_entropy() -> None:
    assert answer("cross_entropy", p=[0.5, 0.25, 0.25], y=[0.5, 0.25, 0.25]) == pytest.approx(1.5 * np.log(2))


def test_what_is_no_probability_is_refused() -> None:
    assert "p has the entry -0.5" in refusal("cross_entropy", p=[-0.5, 1.5], y=[1, 0])
    assert "y adds to 2" in refusal("cross_entropy", p=[0.5, 0.5], y=[1, 1])
    assert "infinite" in refusal("cross_entropy", p=[1, 0], y=[0, 1])


LAYER = {"W": [[0, 3, 7, 8], [1, 8, 0, 0], [0, 8, 1, 0]], "b": [-1, 1, 2]}


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([0.3, 0, 0.2, 0.1], [1.2, 1.3, 2.2]),
        ([[0.3], [0], [0.2], [0.1]], [1.2, 1.3, 2.2]),  # a column is a vector
        ([[0.3, 0, 0.2, 0.1], [0, 0, 0, 0]], [[1.2, 1.3, 2.2], [-1, 1, 2]]),  # a batch
    ],
)
def test_the_lectures_linear_layer(x: Any, expected: Any) -> None:
    np.testing.assert_allclose(answer("linear", x=x, **LAYER), expected)


def test_weights_without_a_column_for_each_input_are_refused() -> None:
    assert "W has 4 columns and needs one for each of the 3 entries" in refusal("linear", x=[1, 2, 3], **LAYER)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ({"input_size": [3, 32, 32], "kernel_size": 5, "padding": 2, "out_channels": 3}, [3, 32, 32]),
        ({"input_size": 7, "kernel_size": 3}, [5, 5]),
        ({"input_size": 7, "kernel_size": 3, "stride": 2}, [3, 3]),
        ({"input_size": [3, 227, 227], "kernel_size": 11, "stride": 4, "out_channels": 96}, [96, 55, 55]),  # AlexNet
        ({"input_size": [5, 8], "kernel_size": 3, "stride": 2, "padding": "same"}, [3, 4]),
        ({"input_size": 9, "kernel_size": [3, 5], "dilation": 2}, [5, 1]),
    ],
)
def test_the_size_of_known_convolutions(layer: dict[str, Any], expected: list[int]) -> None:
    assert answer("conv2d_output_size", **layer) == expected


def test_pooling_keeps_the_channels_and_steps_by_its_own_size() -> None:
    assert answer("pool2d_output_size", input_size=[96, 55, 55], size=3, stride=2) == [96, 27, 27]
    assert answer("pool2d_output_size", input_size=28, size=2) == [14, 14]


def test_a_window_larger_than_the_input_is_refused() -> None:
    assert "5×5" in refusal("conv2d_output_size", input_size=4, kernel_size=5)
    assert "less than the window of 2×2" in refusal("pool2d_output_size", input_size=4, size=2, padding=2)


@pytest.mark.parametrize("padding", [[2, 0, 1, 2], [2, 2], [0, 0, 2, 1]])
@pytest.mark.parametrize("stride", [1, 2])
def test_padding_may_be_wider_than_half_of_a_pooling_window(padding: list[int], stride: int) -> None:
    x = np.array([[1.0, -2.0, 3.0], [-4.0, 5.0, -7.0]])
    pooling = {"size": 3, "stride": stride, "padding": padding}
    top, left, bottom, right = padding * 2 if len(padding) == 2 else padding
    rows, columns = (range(0, length - 2, stride) for length in (2 + top + bottom, 3 + left + right))

    def pooled(function: Any, fill: float) -> Any:
        padded = np.pad(x, [(top, bottom), (left, right)], constant_values=fill)
        return [[function(padded[r : r + 3, c : c + 3]) for c in columns] for r in rows]

    assert np.array_equal(answer("max_pool2d", x=x.tolist(), **pooling), pooled(np.max, -np.inf))
    assert np.allclose(answer("avg_pool2d", x=x.tolist(), **pooling), pooled(np.mean, 0))
    without = answer("avg_pool2d", x=x.tolist(), count_include_pad=False, **pooling)
    assert np.allclose(without, pooled(np.nanmean, np.nan))
    assert answer("pool2d_output_size", input_size=[2, 3], **pooling) == [len(rows), len(columns)]


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
@pytest.mark.parametrize("padding", [2, [0, 0, 0, 2], [2, 0]])
def test_padding_as_wide_as_a_pooling_window_is_refused(name: str, padding: Any) -> None:
    assert "less than the window of 2×2" in refusal(name, x=[[1, 2], [3, 4]], size=2, padding=padding)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ({"in_channels": 3, "out_channels": 6, "kernel_size": 3, "bias": False}, 162),
        ({"in_channels": 1, "out_channels": 6, "kernel_size": 5}, 156),  # LeNet-5, C1
        ({"in_channels": 6, "out_channels": 16, "kernel_size": 5}, 2416),  # LeNet-5, C3 as it is taught
        ({"in_channels": 32, "out_channels": 32, "kernel_size": 3, "groups": 32, "bias": False}, 288),  # depthwise
    ],
)
def test_the_parameters_of_known_convolutions(layer: dict[str, Any], expected: int) -> None:
    assert answer("conv2d_parameters", **layer) == expected


def test_the_parameters_of_lenets_first_linear_layer() -> None:
    assert answer("linear_parameters", in_features=400, out_features=120) == 48120


def test_channels_that_cannot_be_split_are_refused() -> None:
    assert "in_channels is 3" in refusal("conv2d_parameters", in_channels=3, out_channels=4, kernel_size=3, groups=2)


def test_average_pooling_counts_the_padding_unless_told_not_to() -> None:
    image = [[4, 8], [12, 16]]
    assert answer("avg_pool2d", x=image, size=2, padding=1) == [[1, 2], [3, 4]]
    assert answer("avg_pool2d", x=image, size=2, padding=1, count_include_pad=False) == image


def test_a_global_average_is_one_number_a_channel() -> None:
    assert answer("global_avg_pool2d", x=[[1, 2], [3, 6]]) == 3
    assert answer("global_avg_pool2d", x=[[[1, 2], [3, 6]], [[0, 0], [0, 2]]]) == [3, 0.5]


def test_flattening_goes_channel_by_channel_and_row_by_row() -> None:
    assert answer("flatten", x=[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_first_of_equal_entries_is_the_largest() -> None:
    assert answer("argmax", x=[1, 5, 5]) == 1
    assert answer("argmax", x=[[1, 5, 5], [7, 0, 0]]) == [1, 0]


def test_a_label_is_said_in_the_working_and_the_result_stays_the_index() -> None:
    labels = ["cat", "dog", "cow"]
    assert answer("argmax", x=[1, 5, 2], labels=labels) == 1
    operator = load_operator("argmax")
    assert operator.working is not None
    result = operator.working(**bind("argmax", operator.arguments, {"x": [1, 5, 2], "labels": labels}))
    assert isinstance(result.operation, Let)
    assert "The label is dog." in result.operation.reason
    assert "2 labels for 3 classes" in refusal("argmax", x=[1, 5, 2], labels=["cat", "dog"])


def test_activations_where_they_turn_and_where_they_are_flat() -> None:
    assert answer("relu", x=[-2, 0, 3]) == [0, 0, 3]
    assert answer("leaky_relu", x=[-2, 0, 3]) == pytest.approx([-0.2, 0, 3])
    assert answer("elu", x=[-800, 0, 800], alpha=2) == pytest.approx([-2, 0, 800])
    assert answer("sigmoid", x=[-800, 0, 800]) == pytest.approx([0, 0.5, 1])
    assert answer("tanh", x=[-800, 0, 800]) == pytest.approx([-1, 0, 1])


def test_a_residual_sum_stretches_nothing() -> None:
    assert "2×1" in refusal("add", x=[[1], [2]], y=[[1, 2], [3, 4]])
