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
