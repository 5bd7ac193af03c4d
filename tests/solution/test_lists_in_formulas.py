"""Lists in formulas: what stands in them keeps its history, and its name in the working."""

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError


def working(formulas: str, **givens: object) -> str:
    text = fm.render(fm.solve(formulas, **givens), "md")
    assert isinstance(text, str)
    return text


def test_computed_numbers_in_a_list_keep_their_names() -> None:
    text = working("a = square_loss(y, t); b = a * 2; minibatch_mean([a, b])", y=[1, 2], t=[0, 1])
    assert "s &= a + b" in text
    assert "= 2 + 4" in text


def test_computed_vectors_in_a_list_become_the_rows_of_an_array() -> None:
    solution = fm.solve("g = 2 * a; minibatch_mean([g, a])", a=[1, 3])
    assert np.array_equal(solution["minibatch_mean"], [1.5, 4.5])


def test_a_gradient_flows_through_a_list() -> None:
    solution = fm.solve("a = x * x; L = minibatch_mean([a, x]); gradient(L, x)", x=3)
    assert solution["gradient"] == pytest.approx(3.5)


def test_sizes_in_a_list_may_be_computed() -> None:
    assert list(fm.solve("conv2d_output_size([3, n, n + 1], 3)", n=8)["conv2d_output_size"]) == [6, 7]


@pytest.mark.parametrize("formulas", ["relu([a, [1, 2]])", "b = 2 * a; relu([b, [1, 2]])", "relu([[a], [1, 2]])"])
def test_a_ragged_list_is_refused(formulas: str) -> None:
    with pytest.raises(FullmarksError, match="expected numbers with rows of equal length"):
        fm.solve(formulas, a=1)


@pytest.mark.parametrize("threshold", ["4", "2 * t", "-(-t)"])
@pytest.mark.parametrize("format_name", ["json", "terminal"])
def test_a_number_without_a_name_is_asked_about_as_a_number(threshold: str, format_name: str) -> None:
    givens = {"t": 2} if "t" in threshold else {}
    text = fm.render(fm.solve(f"clip_gradient(g, {threshold})", g=[3, 4], **givens), format_name)
    assert isinstance(text, str)
    assert "with the threshold" in text


def test_a_list_of_quantities_is_a_quantity() -> None:
    solution = fm.solve("y = [a, b]; z = y * 2", a=1, b=2)
    assert solution["y"].tolist() == [1, 2]
    assert solution["z"].tolist() == [2, 4]
    assert fm.solve("y = [a, a]", a=[1, 2])["y"].tolist() == [[1, 2], [1, 2]]
    assert fm.solve("y = [[1, 2], [3, 4]]; z = y @ y")["z"].tolist() == [[7, 10], [15, 22]]
    assert r"\mathbf{y} = \begin{bmatrix} a \\ b \end{bmatrix}" in working("y = [a, b]", a="a", b="b")
    assert fm.solve("y = [a, b]; L = square_loss(y, [0, 0]); g = gradient(L, a)", a=3, b=2)["g"] == pytest.approx(6)


def test_a_list_of_sizes_or_of_words_may_have_a_name() -> None:
    assert fm.solve("k = [2, 1]; Y = max_pool2d(x, size=k)", x=[[1, 2], [3, 4]])["Y"].tolist() == [[3, 4]]


@pytest.mark.parametrize(
    ("formulas", "message"),
    [
        ("y = [a, b]", "y: list is .*, expected numbers with rows of equal length"),
        ("y = [a, 'word']; z = [b, b]", "y: list: entry .* is 'word', expected a number"),
        ("y = [a, none]; z = [b, b]", "y: list: entry .* is none, expected a number"),
        ("y = [true, 1]; z = [a, b, b]", "y: list: entry .* is true, expected a number"),
        ("y = []; z = [a, b]", "y: list is an empty list"),
        ("y = ['one', 'two']; z = a + b", "y: 'y' is no number or array"),
    ],
)
def test_a_list_that_is_no_array_is_refused_by_its_name(formulas: str, message: str) -> None:
    with pytest.raises(FullmarksError, match=message):
        fm.solve(formulas, a=1, b=[1, 2])
