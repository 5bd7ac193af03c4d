from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from problem_sample import SAMPLE

from fullmarks.errors import FullmarksError
from fullmarks.math.kernels import KERNELS
from fullmarks.problem.conditions import holds
from fullmarks.problem.drawing import as_printed, draw, drawn_value, with_values
from fullmarks.problem.formula import parse_condition
from fullmarks.problem.model import Choice, Decimals, Draw, Problem
from fullmarks.problem.reading import problem_from_text
from fullmarks.problem.stream import Stream

# Drawn once and kept: a paper that was printed must come out the same for ever.
GOLDEN_A = [[2, 1, 1], [3, 4, 3], [2, 3, 3]]
GOLDEN_F = "prewitt_x"
GOLDEN_STREAM = [847, 812, 690, 4, 855]


@pytest.fixture
def problem() -> Problem:
    return replace(problem_from_text(SAMPLE, "p.toml"), require=())


def test_the_numbers_of_a_seed_never_change(problem: Problem) -> None:
    instance = draw(problem, 7)
    assert instance.values["A"] == GOLDEN_A
    assert instance.values["F"] == KERNELS[GOLDEN_F]
    assert instance.values["stride"] == 2
    assert (instance.seed, instance.attempts) == (7, 1)
    stream = Stream("golden")
    assert [stream.below(1000) for _ in range(5)] == GOLDEN_STREAM


def test_every_part_of_the_key_changes_the_numbers(problem: Problem) -> None:
    others = [
        draw(problem, 8), draw(problem, "7"), draw(problem, 7, 1), draw(problem, 7, candidate="a"),
        draw(problem, 7, question="a"), draw(replace(problem, id="other"), 7), draw(problem, 6, 1),
    ]  # fmt: skip
    drawn = [str(one.values["A"]) for one in [draw(problem, 7), *others]]
    assert len(set(drawn)) == len(drawn)


def test_another_given_changes_no_number(problem: Problem) -> None:
    fewer = replace(problem, given={name: given for name, given in problem.given.items() if name != "F"})
    assert draw(fewer, 7).values["A"] == draw(problem, 7).values["A"]


def test_every_bounded_number_is_equally_likely() -> None:
    stream = Stream("fair")
    counts = Counter(stream.integer(-1, 3) for _ in range(5_000))
    assert sorted(counts) == [-1, 0, 1, 2, 3]
    assert all(900 < count < 1_100 for count in counts.values())


def test_words_that_would_favour_small_numbers_are_rejected() -> None:
    stream = Stream("rejection")
    words = iter([2**64 - 1, 5])
    stream._next_word = lambda: next(words)  # type: ignore[method-assign]  # noqa: SLF001  the only way to this word
    assert stream.below(3 * 2**62) == 5


@given(st.integers(-5, 5), st.integers(0, 6), st.integers(0, 1000))
def test_a_nonzero_integer_stays_within_bounds_and_is_not_zero(low: int, width: int, seed: int) -> None:
    high = low + width
    drawn = Stream("n", seed).integer(low, high, nonzero=True) if (low, high) != (0, 0) else 1
    assert drawn != 0
    assert min(low, 1) <= drawn <= max(high, 1)


@given(st.integers(-5, 5), st.integers(0, 6), st.integers(0, 1000), st.booleans())
def test_a_decimal_is_a_whole_number_of_steps_from_its_bound(low: int, width: int, seed: int, nonzero: bool) -> None:
    bounds = Fraction(low, 10), Fraction(low + width, 10)
    if nonzero and bounds == (0, 0):
        return
    drawn = Stream("d", seed).decimal(*bounds, Fraction(1, 10), nonzero=nonzero)
    assert bounds[0] <= drawn <= bounds[1]
    assert (drawn * 10).denominator == 1
    assert not (nonzero and drawn == 0)


def test_both_bounds_are_drawn() -> None:
    how = Draw(Decimals(Fraction(-1, 10), Fraction(1, 10), Fraction(1, 10)), (40,))
    value = drawn_value(how, Stream("bounds"))
    assert isinstance(value, list)
    assert set(value) == {Fraction(-1, 10), Fraction(0), Fraction(1, 10)}


def test_numbers_are_chosen_for_each_entry_and_kernels_as_a_whole() -> None:
    entries = drawn_value(Draw(Choice((0, 1)), (2, 20)), Stream("c"))
    assert isinstance(entries, list)
    assert len(entries) == 2
    assert set(entries[0]) == {0, 1}
    kernel = drawn_value(Draw(Choice(tuple(KERNELS.values()))), Stream("c"))
    assert kernel in list(KERNELS.values())
    assert not any(kernel is one for one in KERNELS.values())


def _sum_of_image(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"Y": np.sum(np.array(values["A"], dtype=float))}


def test_a_draw_that_fails_its_condition_is_drawn_again(problem: Problem) -> None:
    fussy = replace(problem, require=(parse_condition("Y > 24"),))
    instance = draw(fussy, 7, evaluate=_sum_of_image)
    assert instance.attempts > 1
    assert _sum_of_image(instance.values)["Y"] > 24
    assert draw(fussy, 7, evaluate=_sum_of_image) == instance


def test_conditions_that_never_hold_are_refused_with_the_worst(problem: Problem) -> None:
    impossible = replace(problem, require=(parse_condition("Y >= 0"), parse_condition("Y > 100")))
    with pytest.raises(FullmarksError, match=r"none of 50 draws meets .*; 'Y > 100' fails most, it holds in 0%"):
        draw(impossible, 7, evaluate=_sum_of_image, attempts=50)


def test_numbers_that_an_operator_refuses_are_drawn_again_and_named_in_the_end(problem: Problem) -> None:
    def refuses(_values: Mapping[str, Any]) -> Mapping[str, Any]:
        raise FullmarksError("conv2d: the filter is too large")

    with pytest.raises(FullmarksError, match=r"5 of them cannot be worked: conv2d: the filter is too large"):
        draw(replace(problem, require=(parse_condition("Y > 0"),)), 7, evaluate=refuses, attempts=5)


def test_printed_numbers_are_not_drawn(problem: Problem) -> None:
    instance = as_printed(problem)
    assert instance.seed is None
    assert instance.values["A"] == [[4, 0, 1], [4, 0, 2], [0, 2, 2]]


def test_a_replaced_given_is_fixed_and_an_unknown_one_refused(problem: Problem) -> None:
    assert draw(with_values(problem, {"A": [[1]]}), 7).values["A"] == [[1]]
    with pytest.raises(FullmarksError, match="there is no given 'padd'; did you mean 'padding'"):
        with_values(problem, {"padd": 1})
    with pytest.raises(FullmarksError, match=r"'Y' \(it is computed\)"):
        with_values(problem, {"Y": 1})


def test_a_problem_without_printed_numbers_says_how_to_get_some() -> None:
    text = SAMPLE.replace("value = [[4, 0, 1], [4, 0, 2], [0, 2, 2]]\n", "").replace(
        "[0, 4] }", "[0, 4], shape = [3, 3] }"
    )
    drawable = replace(problem_from_text(text, "p.toml"), require=())
    with pytest.raises(FullmarksError, match=r"given: A: has no printed value; draw one with --seed"):
        as_printed(drawable)
    assert np.shape(draw(drawable, 1).values["A"]) == (3, 3)


Y = np.array([[0.0, -4.0], [4.0, 1.0]])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("max(Y) > 0", True),
        ("min(Y) < -4", False),
        ("-5 < min(Y) < 0", True),
        ("Y > -5", True),
        ("Y >= 0", False),
        ("distinct(Y)", True),
        ("distinct([1, 2, 1])", False),
        ("not distinct([0.1 + 0.2, 0.3])", True),
        ("0.1 + 0.2 == 0.3", True),
        ("sum(Y) == 1 and abs(min(Y)) == 4", True),
        ("sum(Y) == 2 or max(1, 2, Y) == 4", True),
        ("not (sum(Y) == 2 or sum(Y) == 3)", True),
        ("sum(abs(Y @ Y)) > 0", True),
        ("Y / 0 > 0", False),
        ("1 / 0 > 0", False),
        ("Z.weights != 1", True),
    ],
)
def test_a_condition_holds_or_not(source: str, expected: bool) -> None:
    assert holds(parse_condition(source), {"Y": Y, "Z.weights": np.array([2.0])}) is expected


def test_what_rounding_leaves_over_is_not_distinct_from_0() -> None:
    condition = parse_condition("distinct(Z)", "test")
    assert not holds(condition, {"Z": np.array([2.5, 0.0, 5.6e-17])})
    assert holds(condition, {"Z": np.array([2.5e-16, 0.0, 5.6e-17])})


def test_a_condition_on_shapes_that_do_not_fit_is_refused() -> None:
    with pytest.raises(FullmarksError, match=r"cannot use '\+' on shapes \(2, 2\) and \(3,\)"):
        holds(parse_condition("Y + [1, 2, 3] > 0"), {"Y": Y})
