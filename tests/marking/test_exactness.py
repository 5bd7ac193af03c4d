"""Whether a mistake leads anywhere is decided on exact numbers: 0.1 + 0.2 − 0.3 is 0, whatever floats make of it."""

import json

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.marking.wrong_answers import wrong_answers
from fullmarks.math.expression import Expr, given, let
from fullmarks.math.functions import ln, sigmoid, sqrt, stack

DIVIDES_BY_THE_SUM = "left out the exponential: divided the scores by their sum"


def reasons(solution: fm.Solution) -> str:
    return " ".join(reason for part in wrong_answers(solution.marked) for one in part for reason in one.because)


@pytest.mark.parametrize(
    ("problem_id", "seed"),
    [("fc-softmax", seed) for seed in (1107, 1737, 1920, 2131)] + [("cnn-end-to-end", seed) for seed in (5, 67, 82)],
)
def test_scores_that_add_up_to_0_have_a_scheme_without_a_division_by_their_sum(problem_id: str, seed: int) -> None:
    solution = fm.solve(fm.load(problem_id).draw(seed))
    assert fm.render(solution, "md", "scheme")
    assert DIVIDES_BY_THE_SUM not in reasons(solution)
    values = [one.value for part in wrong_answers(solution.marked) for one in part]
    assert max(np.abs(value).max() for value in values) < 1000


@pytest.mark.parametrize("scores", [[0.1, 0.2, -0.3], [[1, 2, 4], [0.1, 0.7, -0.8]], [1.3, 0.1, -1.4]])
def test_a_mistake_that_divides_by_exactly_0_is_in_no_scheme(scores: list[float]) -> None:
    solution = fm.solve("softmax", x=scores)
    assert DIVIDES_BY_THE_SUM not in reasons(solution)
    assert "left out the division" in reasons(solution)
    assert max(abs(number) for number in _numbers_in(solution)) < 1000


def _numbers_in(solution: fm.Solution) -> list[float]:
    wrong = [one["answer"] for one in json.loads(fm.render(solution, "json"))["parts"][0]["wrong"]]
    return [float(number) for answer in wrong for number in np.ravel(answer)]


def test_a_mistake_that_divides_by_very_little_stays_in_the_scheme() -> None:
    solution = fm.solve("softmax", x=[1e-12, 2e-12])
    found = {one.because[0]: one.value for one in wrong_answers(solution.marked)[0]}
    np.testing.assert_allclose(found[DIVIDES_BY_THE_SUM], [1 / 3, 2 / 3])


def test_columns_of_equal_numbers_are_normalised_by_nobody() -> None:
    columns = "normalised each column instead of each row"
    assert columns in reasons(fm.solve("layer_norm", x=[[0.2, 0.7], [0.1, 0.2], [0.1, 0.3]], eps=0))
    assert columns not in reasons(fm.solve("layer_norm", x=[[0.1, 0.7], [0.1, 0.2], [0.1, 0.3]], eps=0))


def test_an_entry_that_should_be_0_is_0_in_the_data() -> None:
    found = json.loads(fm.render(fm.solve("layer_norm", x=[0.1, 0.2, 0.3]), "json"))["parts"][0]["wrong"]
    assert [one["answer"][1] for one in found] == [0] * len(found)


# --- single expressions ----------------------------------------------------------------------------------------------

X = given("x", [0.1, 0.2, -0.3])
HUGE, TINY = given("h", 1e200), given("t", 1e-200)
EQUAL = given("c", [0.1] * 3)
NOTHING = sigmoid(given("a", 1.2)) + sigmoid(given("b", -1.2)) - 1  # 0, and irrational on the way


def value(answer: Expr) -> object:
    with np.errstate(all="ignore"):
        found = let("y", answer, "").value
    return found.tolist() if np.isfinite(found).all() else None


def test_rounding_makes_something_of_the_zeros_below() -> None:
    assert sum([0.1, 0.2, -0.3]) != 0
    assert np.array([0.1] * 3).mean() != 0.1


UNDEFINED = {
    "one over 0": 1 / X.sum(),
    "0 over 0": X.sum() / X.sum(),
    "the logarithm of 0": ln(X.sum()),
    "over the root of 0 squared": X / sqrt((X.sum()) ** 2),
    "over the deviation of equal numbers": X / sqrt(((EQUAL - EQUAL.mean()) ** 2).mean()),
    "over an irrational 0": 1 / NOTHING,
    "over a multiple of an irrational 0": 1 / (NOTHING * 1000),
    "no float holds it": HUGE * HUGE,
    "no float holds one over it": 1 / (TINY * TINY),
    "one entry of two": stack([X[0], 1 / X.sum()]),
}
DEFINED = {
    "over a sum that is not 0": (1 / X[:2].sum(), 10 / 3),
    "floats overflow on the way": (HUGE * HUGE / given("d", 1e300), 1e100),
    "floats become 0 on the way": ((TINY * TINY) / (TINY * TINY), 1.0),
    "over an irrational number that is nearly 0": (1 / (NOTHING + given("c", 1e-9)), 1e9),
    "the entry over 0 is not asked for": (let("z", X / stack([X.sum(), X[1], X[2]]), "")[1], 1.0),
    "the root of 0": (sqrt(X.sum()), 0.0),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_an_undefined_answer_has_no_value(name: str) -> None:
    assert value(UNDEFINED[name]) is None


@pytest.mark.parametrize("name", DEFINED)
def test_an_answer_that_exists_is_kept_whatever_floats_make_of_it(name: str) -> None:
    answer, expected = DEFINED[name]
    assert value(answer) == pytest.approx(expected, rel=1e-6, abs=1e-7)
