"""Losses, activations and training: what the contract suite cannot know of them."""

import math

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.operators import load_operator

NETWORK = {"x": [[1], [2], [-1]], "h": [0.5], "W_xh": [[0.4]], "W_hh": [[0.3]], "W_hy": [[0.8]], "targets": [1, 0, 1]}


def test_truncation_keeps_the_loss_and_shortens_the_gradient_of_the_recurrent_weights() -> None:
    whole = fm.solve("bptt", **NETWORK)
    cut = fm.solve("bptt", **NETWORK, steps=1)
    chunks = fm.solve("bptt", **NETWORK, steps=3)
    assert cut["bptt"] == whole["bptt"]
    assert not np.allclose(cut["bptt.grad_W_hh"], whole["bptt.grad_W_hh"])
    np.testing.assert_allclose(cut["bptt.grad_W_hy"], whole["bptt.grad_W_hy"])
    np.testing.assert_allclose(chunks["bptt.grad_W_hh"], whole["bptt.grad_W_hh"])


def test_bptt_is_the_gradient_of_the_unrolled_graph() -> None:
    graph = (
        "h1 = rnn_cell(x1, h, W_xh, W_hh); h2 = rnn_cell(x2, h1, W_xh, W_hh); "
        "L = softmax_loss(linear(h1, W_hy), 0) + softmax_loss(linear(h2, W_hy), 1); g = gradient(L, W_hh)"
    )
    weights = {"W_xh": [[0.4], [0.1]], "W_hh": [[0.3, -0.2], [0.1, 0.5]], "W_hy": [[0.8, 1], [0.2, -1]]}
    unrolled = fm.solve(graph, x1=[1], x2=[2], h=[0.5, -0.5], **weights)
    through_time = fm.solve("bptt", x=[[1], [2]], h=[0.5, -0.5], targets=[0, 1], **weights)
    assert through_time["bptt"] == pytest.approx(float(unrolled["L"]), rel=1e-12)
    np.testing.assert_allclose(through_time["bptt.grad_W_hh"], unrolled["g"], rtol=1e-12)


def test_bptt_refuses_a_class_that_no_row_of_the_output_weights_has() -> None:
    with pytest.raises(FullmarksError, match="entry 2 of targets is 2, expected a class from 0 to 1"):
        fm.solve("bptt", **NETWORK | {"x": [[1], [2]], "W_hy": [[0.8], [0.2]], "targets": [0, 2]})


def test_the_code_as_printed_clips_shorter_than_the_norm_does_and_sooner() -> None:
    long = fm.solve("clip_gradient", gradient=[3, 4], threshold=1)
    assert np.linalg.norm(long["clip_gradient"]) == pytest.approx(1)
    assert np.linalg.norm(long["clip_gradient.as_printed"]) == pytest.approx(1 / 5)
    between = fm.solve("clip_gradient", gradient=[0, 1.5], threshold=2)
    assert between["clip_gradient"].tolist() == [0, 1.5]
    assert between["clip_gradient.as_printed"] == pytest.approx([0, 1.5 * 2 / 2.25])


@pytest.mark.parametrize(
    "W",
    [
        [[0.6, 0.8], [-0.8, 0.6]],  # a rotation: both eigenvalues are equal
        [[0.1, 0.2], [0.2, 0.4]],  # of rank one
        [[0, 0], [0, 0]],
        [[1, 1e-7], [0, 1]],
        [[3, 4]],
        [[1, 2, 0], [0, 1, 1], [2, 2, -1]],
        [[1, 2], [2, 4], [3, 6]],
    ],
)
def test_singular_values_agree_with_the_decomposition_for_awkward_matrices(W: list[list[float]]) -> None:
    found = fm.solve("singular_values", W=W)
    expected = np.linalg.svd(np.array(W, dtype=float), compute_uv=False)
    np.testing.assert_allclose(found["singular_values.all"], expected, rtol=1e-9, atol=1e-12)
    assert found["singular_values"] == pytest.approx(expected[0], rel=1e-9)


def test_a_matrix_too_large_for_the_pencil_says_so() -> None:
    steps = fm.solve("singular_values", W=[[1, 2, 0], [0, 1, 1], [2, 2, -1]]).to_dict()["parts"][0]["steps"]
    assert any("not solved by hand" in step["text"] for step in steps)


def test_singular_values_of_a_larger_matrix_are_exact_where_they_are_decimals_and_rounded_where_they_are_not() -> None:
    exact = fm.solve("gradient_growth", W=[[0.9, 0, 0.9], [0, 0.3, 0], [0.9, 0, 0.9]], steps=6, places=12)
    lines = " ".join(str(fm.render(exact, "terminal")).split())
    assert "k = 18.89568 " in lines
    W = [[0.9, 0.1, 0.9], [0, 0.3, 0.2], [0.9, 0, 0.7]]
    lines = " ".join(str(fm.render(fm.solve("gradient_growth", W=W, steps=6), "terminal")).split())
    assert "σ₁ = s₁ ≈ 1.71367 " in lines
    assert "k ≈ 14.779 " in lines


def test_singular_values_found_by_a_computer_are_true_to_every_place_that_is_printed() -> None:
    W = [[0.9, 0.1, 0.9], [0, 0.3, 0.2], [0.9, 0, 0.7]]
    found = str(fm.render(fm.solve("gradient_growth", W=W, steps=6, places=12), "terminal"))
    assert "k ≈ 14.778848716049 " in found  # worked with 30 digits


def test_what_a_computer_found_is_printed_once() -> None:
    steps = fm.solve("singular_values", W=[[1, 2, 3], [4, 5, 6]]).to_dict()["parts"][0]["steps"]
    (found,) = [step for step in steps if "a computer finds" in step["text"]]
    assert len(found["latex"]) == 1


def test_gradients_of_weights_given_as_numbers_are_called_after_the_weights() -> None:
    numbers = NETWORK | {"x": [[1], [2], [-1]], "W_xh": 0.4, "W_hh": 0.3, "W_hy": 0.8}
    text = str(fm.render(fm.solve("bptt", **numbers), "md", "scheme"))
    assert "with respect to $W_{x h}$, $W_{h h}$ and $W_{h y}$" in text
    for weight in ("x h", "h h", "h y"):
        assert rf"\frac{{\partial L}}{{\partial W_{{{weight}}}}}" in text
    assert r"\frac{\partial L}{\partial x}" not in text


def test_an_rnn_cell_of_numbers_is_worked() -> None:
    cell = fm.solve("h = rnn_cell(x, s, W, U)", x=1, s=0, W=0.5, U=1)
    assert cell["h"] == pytest.approx(math.tanh(0.5))


@pytest.mark.parametrize(("diagonal", "verdict"), [(0.5, "vanish"), (1.5, "explode"), (1, "neither")])
def test_the_largest_singular_value_decides_what_becomes_of_a_gradient(diagonal: float, verdict: str) -> None:
    solution = fm.solve("gradient_growth", W=[[diagonal, 0], [0, 0.1]], steps=5)
    assert solution["gradient_growth"] == pytest.approx(diagonal**4)
    assert any(verdict in step["text"] for step in solution.to_dict()["parts"][0]["steps"])


def test_over_one_step_nothing_grows_and_nothing_is_multiplied_by_0_to_say_so() -> None:
    solution = fm.solve("gradient_growth", W=[[0.5, 0], [0, 2]], steps=1)
    assert solution["gradient_growth"] == 1
    last = solution.to_dict()["parts"][0]["steps"][-1]
    assert last["latex"] == ["k = 1"]
    assert [mark["code"] for mark in last["marks"]] == ["M", "A"]


def test_a_growth_that_no_float_holds_is_refused() -> None:
    with pytest.raises(FullmarksError, match="steps is 5000"):
        fm.solve("gradient_growth", W=[[9, 0], [0, 1]], steps=5000)


def test_of_equal_scores_the_first_counts_and_an_unknown_label_is_refused() -> None:
    assert fm.solve("accuracy", scores=[[1, 1], [1, 1]], labels=[0, 1])["accuracy"] == 0.5
    with pytest.raises(FullmarksError, match="entry 2 of labels is 2, expected a whole number from 0 to 1"):
        fm.solve("accuracy", scores=[[1, 1], [1, 1]], labels=[0, 2])


def test_the_step_is_1_at_0_and_gelu_is_x_times_the_normal_distribution() -> None:
    assert fm.solve("step", x=[-0.5, 0, 2])["step"].tolist() == [0, 1, 1]
    assert fm.solve("gelu", x=1.0)["gelu"] == pytest.approx((1 + math.erf(1 / math.sqrt(2))) / 2)


def test_maxout_of_vectors_is_one_unit_and_of_matrices_one_a_row() -> None:
    assert fm.solve("maxout", x=[1, 2], W1=[1, 0], b1=0, W2=[0, 1], b2=1)["maxout"] == 3
    two = fm.solve("maxout", x=[1, 2], W1=[[1, 0], [5, 5]], b1=[0, 1], W2=[[0, 1], [1, 1]], b2=[0, 0])
    assert two["maxout"].tolist() == [2, 16]


@pytest.mark.parametrize("name", ["square_loss", "mse_loss", "mae_loss"])
def test_a_loss_of_two_shapes_is_refused_with_both(name: str) -> None:
    with pytest.raises(FullmarksError, match=f"{name}: prediction is a matrix of 2×2 but target is a vector of 2, exp"):
        fm.solve(name, prediction=[[1, 2], [2, 3]], target=[1, 2])
    with pytest.raises(FullmarksError, match=r'a single number, .*; a vector of 2 is typed target="1 2"'):
        fm.solve(name, prediction=[1, 2], target=1)


@pytest.mark.parametrize(
    ("target", "kind", "loss"),
    [
        ("rainfall", "regression", "square"),
        ("cancer", "classification", "Cross-entropy"),
        ("digit", "class", "softmax"),
    ],
)
def test_the_loss_follows_from_the_kind_of_target(target: str, kind: str, loss: str) -> None:
    discuss = load_operator("choose_loss").discuss
    assert discuss is not None
    first, second, *_ = (point.words for point in discuss(target=target).points)
    assert kind in first
    assert loss in second
