import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullmarks.math.expression import Expr, constant, entry, let
from fullmarks.math.expression import given as leaf
from fullmarks.math.functions import (
    any_power,
    argmax,
    branches,
    cos,
    exp,
    floor,
    hide,
    join,
    ln,
    maximum,
    reduce,
    sigmoid,
    sin,
    sqrt,
    stack,
    view,
)

SMALL = st.fractions(-5, 5, max_denominator=20)


def entries(expression: Expr) -> list[float]:
    return [float(entry(expression, index).number) for index in np.ndindex(expression.shape)]


@given(SMALL)
def test_sigmoid_is_one_over_one_plus_the_exponential(z: Fraction) -> None:
    assert sigmoid(leaf("z", z)).value == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-14)


def test_sigmoid_of_huge_numbers_neither_overflows_nor_leaves_zero_to_one() -> None:
    assert sigmoid(leaf("z", [-1000, -40, 0, 40, 1000])).value.tolist() == [0, math.exp(-40), 0.5, 1, 1]


@given(st.fractions(0, 1000, max_denominator=100))
def test_the_root_of_a_square_is_exact(root: Fraction) -> None:
    assert sqrt(leaf("x", root * root)).number == root
    assert isinstance(sqrt(leaf("x", root * root)).number, Fraction)


def test_the_root_of_two_is_a_float() -> None:
    assert sqrt(constant(2)).number == math.sqrt(2)
    assert isinstance(sqrt(constant(2)).number, float)


@given(st.integers(1, 30), st.integers(1, 3), st.integers(1, 4))
def test_a_whole_root_of_a_power_is_exact(root: int, top: int, bottom: int) -> None:
    power = any_power(constant(root**bottom), constant(Fraction(top, bottom))).number
    assert isinstance(power, Fraction)
    assert power == root**top


def test_a_power_that_is_no_whole_number_is_a_float() -> None:
    power = any_power(constant(10000), constant(Fraction(2, 3))).number
    assert isinstance(power, float)
    assert power == pytest.approx(464.158883, rel=1e-8)


def test_sine_and_cosine_take_radians_and_are_exact_at_zero() -> None:
    assert (sin(constant(0)).number, cos(constant(0)).number) == (Fraction(0), Fraction(1))
    assert isinstance(sin(constant(0)).number, Fraction)
    assert sin(leaf("x", [1])).value == pytest.approx([0.841470985])
    assert cos(constant(2)).number == pytest.approx(-0.416146837)


def test_the_logarithm_of_one_is_exact() -> None:
    assert isinstance(ln(constant(1)).number, Fraction)
    assert ln(constant(2)).number == math.log(2)


@pytest.mark.parametrize(("z", "expected"), [(2, 2), (0, 0), (-3, Fraction(-3, 10))])
def test_branches_take_the_first_formula_from_zero_on(z: int, expected: Fraction) -> None:
    x = leaf("z", [z])
    chosen = branches(x, x, x / 10)
    assert entry(chosen, (0,)).number == expected
    assert chosen.value[0] == pytest.approx(float(expected))


def test_branches_expand_to_the_formula_that_holds_and_not_to_both() -> None:
    x = leaf("z", [-3, 3])
    chosen = branches(x, x + 1, x * 2)
    assert type(entry(chosen, (0,)).operation).__name__ == "Times"
    assert type(entry(chosen, (1,)).operation).__name__ == "Plus"


@settings(deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=8))
def test_argmax_is_the_first_of_equals(values: list[int]) -> None:
    place = argmax(leaf("x", values))
    assert place.value == values.index(max(values))
    assert place.number == values.index(max(values))


def test_argmax_along_an_axis_is_one_place_a_row() -> None:
    x = leaf("x", [[1, 9, 3], [7, 7, 2]])
    assert argmax(x, 1).value.tolist() == [1, 0]
    assert entries(argmax(x, 1)) == [1, 0]
    assert entries(argmax(x, 0)) == [1, 0, 0]


@given(SMALL)
def test_floor_is_exact(x: Fraction) -> None:
    assert floor(leaf("x", x)).number == math.floor(x)
    assert isinstance(floor(leaf("x", x)).number, Fraction)


def test_a_hidden_score_becomes_a_weight_of_nothing() -> None:
    scores = leaf("S", [[1, 2], [3, 4]])
    powers = exp(hide(scores, np.array([[1, 0], [1, 1]])))
    assert powers.value[0, 1] == 0
    assert entry(powers, (0, 1)).number == 0
    assert isinstance(entry(powers, (0, 1)).number, Fraction)


def test_an_exact_nothing_stays_exact_in_products_and_quotients() -> None:
    nothing, irrational = leaf("n", 0), exp(leaf("x", 1))
    assert isinstance((nothing * irrational).number, Fraction)
    assert isinstance((irrational * nothing).number, Fraction)
    assert isinstance((nothing / irrational).number, Fraction)


def test_a_change_of_sign_leaves_no_negative_zero() -> None:
    assert math.copysign(1, float((-leaf("x", [0])).value[0])) == 1


def test_reductions_with_kept_axes_have_length_one_there() -> None:
    x = leaf("x", np.arange(24).reshape(2, 3, 4))
    kept = x.sum(axis=(-2, -1), keepdims=True)
    assert kept.shape == (2, 1, 1)
    assert entries(kept) == [66, 210]
    assert entries(reduce(x, "max", 1)) == [8, 9, 10, 11, 20, 21, 22, 23]
    assert x.mean().number == Fraction(23, 2)
    assert x.mean(axis=0).value[0, 0] == 6


def test_a_sum_over_one_entry_is_that_entry() -> None:
    x = leaf("x", [[5], [6]])
    assert entry(x.sum(axis=1), (0,)) is entry(x, (0, 0))


@given(st.integers(-2, 1), st.integers(1, 3))
def test_joined_arrays_stand_one_after_another(axis: int, copies: int) -> None:
    x = np.arange(6).reshape(2, 3)
    joined = join([leaf("x", x), leaf("y", x + 10)] + [leaf("z", x + 20)] * copies, axis)
    expected = np.concatenate([x, x + 10] + [x + 20] * copies, axis)
    assert joined.value.tolist() == expected.tolist()
    assert entries(joined) == expected.reshape(-1).tolist()


def test_stacked_numbers_are_a_vector() -> None:
    assert stack([constant(1), constant(2), constant(3)]).value.tolist() == [1, 2, 3]


def test_a_view_remembers_where_each_entry_came_from_and_fills_the_rest() -> None:
    x = leaf("x", [1, 2, 3])
    arranged = view(x, lambda places: np.array([places[2], -1, places[0]]), fill=Fraction(1, 3))
    assert entry(arranged, (0,)) is entry(x, (2,))
    assert entry(arranged, (1,)).number == Fraction(1, 3)
    assert arranged.value == pytest.approx([3, 1 / 3, 1])


def test_maxima_and_comparisons_are_exact_where_the_numbers_are() -> None:
    largest = maximum(leaf("x", 0.1), leaf("y", [0.3, -1]))
    assert [entry(largest, (place,)).number for place in range(2)] == [Fraction(3, 10), Fraction(1, 10)]


def test_a_softmax_over_the_only_score_left_is_exactly_one_and_over_two_is_not() -> None:
    alone = let("u", exp(leaf("s", [1, float("-inf")])), "")
    assert entry(alone / alone.sum(), (0,)).number == Fraction(1)
    assert isinstance(entry(alone / alone.sum(), (0,)).number, Fraction)
    nearly = let("u", exp(leaf("s", [1, -60])), "")  # the sum rounds to the first of them
    assert isinstance(entry(nearly / nearly.sum(), (0,)).number, float)
