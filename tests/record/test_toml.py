"""What `--format toml` promises: a problem file that solves to the same answers, and reads like a lecturer's own."""

import json
import re
import tomllib
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullmarks import api
from fullmarks.document.question import stated_names
from fullmarks.errors import FullmarksError
from fullmarks.exam.choosing import LEVELS, find_source, new_exercise
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.bank import bank_ids, find_problem
from fullmarks.problem.model import Choice, Decimals, Draw, Given, Integers, Level, Part, Problem
from fullmarks.problem.reading import problem_from_text
from fullmarks.problem.schema import ProblemTable
from fullmarks.problem.shown import hidden_givens
from fullmarks.problem.syntax import Name, names_in
from fullmarks.record import toml
from fullmarks.record.toml import problem_text
from fullmarks.record.toml_values import string, value
from fullmarks.solution.walk import evaluate_instance

SEEDS = 2
SAMPLED = [name for name in sorted(operator_names()) if load_operator(name).sample is not None]


def written(solution: api.Solution) -> str:
    text = api.render(solution, "toml")
    assert isinstance(text, str)
    return text


def read_again(solution: api.Solution) -> api.Solution:
    return api.solve(problem_from_text(written(solution), "written.toml"))


def assert_the_same(one: api.Solution, other: api.Solution) -> None:
    """Compare the printed solutions: question, labels, working, answers, points and marks."""
    assert api.render(other, "md") == api.render(one, "md")


def assert_all_the_same(one: api.Solution, other: api.Solution) -> None:
    """Compare what the scheme and programs are told as well: full precision, ranges, wrong answers."""
    assert_the_same(one, other)
    assert parts_of(other) == parts_of(one)


def parts_of(solution: api.Solution) -> Any:
    """Return the parts as JSON has them; a file may not call a quantity as an operator is called, so it adds ``_1``."""
    text = json.dumps(solution.to_dict()["parts"])
    return json.loads(re.sub(rf"\b({'|'.join(operator_names())})_1\b", r"\1", text))


@pytest.mark.parametrize("problem_id", bank_ids())
def test_a_problem_of_the_bank_is_written_without_losing_anything(problem_id: str) -> None:
    problem = find_problem(problem_id)
    read = problem_from_text(problem_text(problem), problem.path)
    assert read == problem
    assert list(read.given) == list(problem.given)
    assert list(read.where) == list(problem.where)
    assert_all_the_same(api.solve(problem), read_again(api.solve(problem)))


@pytest.mark.parametrize("problem_id", bank_ids())
def test_a_drawn_problem_solves_to_the_same_answers_and_can_be_drawn_anew(problem_id: str) -> None:
    for seed in range(SEEDS):
        drawn = api.solve(api.load(problem_id).draw(seed))
        assert_the_same(drawn, read_again(drawn))
        draws = {name: one.draw for name, one in problem_from_text(written(drawn), "written.toml").given.items()}
        assert draws == {name: one.draw for name, one in find_problem(problem_id).given.items()}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", SAMPLED)
def test_a_sample_of_an_operator_solves_to_the_same_answers(name: str, level: Level) -> None:
    drawn = api.solve(new_exercise(find_source(name, level, topics_too=False), 1))
    assert_the_same(drawn, read_again(drawn))
    assert problem_from_text(written(drawn), "written.toml").level == level


@pytest.mark.parametrize(
    ("what", "givens"),
    [
        ("conv2d", {"x": [[4, 0, 1], [4, 0, 2], [0, 2, 2]], "kernel": "sobel_x", "stride": 2, "padding": "same"}),
        ("conv2d", {"x": [[1, 2], [3, 4]], "kernel": [["1/3", "2/3"], [0, 1]], "bias": Fraction(1, 3)}),
        ("linear", {"x": np.array([0.1, 0.25]), "W": np.array([[1, 2], [3, 4]])}),
        ("argmax", {"x": [0.1, 0.9], "labels": ["cat", "dog's"]}),
        ("Y = conv2d(A, F); max_pool2d(Y, size=s); sigmoid(Y)", {"A": [[1, 2], [3, 4]], "F": [["1/7"]], "s": 2}),
        ("Z = attention(Q, K, V, mask=causal); Z.weights", {name: [[1, 0], [0.5, 1]] for name in "QKV"}),
        ("h = tanh(x); y = (W @ h - b) / 2 * -0.5", {"x": [1e-7, 2], "W": [[1, 2]], "b": [0.125]}),
        ("f = sigmoid(x); gate_effect(f)", {"x": [2.2, -1]}),
        ("A @ B", {"A": [[1, 2]], "B": [[3], [4]]}),
        ("conv2d", {"x": [["a", 0], ["-b", "1/3"]], "kernel": [[1, "c"], [3, 4]]}),
    ],
)
def test_calls_and_formulas_solve_to_the_same_answers(what: str, givens: dict[str, Any]) -> None:
    solution = api.solve(what, **givens)
    assert_all_the_same(solution, read_again(solution))


def test_an_argument_that_is_none_is_left_to_its_formula() -> None:
    solution = api.solve("attention", Q=[[1, 0]], K=[[1, 0]], V=[[1, 2]], mask=None)
    assert "mask=none" in written(solution)
    assert read_again(solution)["attention_1"].tolist() == solution["attention"].tolist()


def test_decimals_stay_as_they_were_written_and_fractions_are_strings() -> None:
    text = written(api.solve("linear", x=[Fraction(1, 3), 0.1, 1e-30], W=[[1, -2.5, 10**40]]))
    assert 'x = ["1/3", 0.1, 1e-30]' in text
    assert f"W = [[1, -2.5, {10**40}]]" in text


def test_prose_with_mathematics_stands_in_literal_quotes() -> None:
    text = problem_text(find_problem("rnn-two-steps"))
    assert "setting = '''\nA vanilla" in text
    assert r"\mathbf{h}_t = \tanh(\mathbf{W}_{hh} \mathbf{h}_{t-1}" in text
    assert "label = 'Input at" in text or 'label = "Input at timestep $t = 1$"' in text


def test_kernels_to_choose_from_are_written_by_name() -> None:
    assert 'choice = ["sobel_x", "sobel_y", "prewitt_x", "prewitt_y"]' in problem_text(find_problem("cnn-pipeline"))


def test_a_drawn_problem_names_its_seed_as_its_source() -> None:
    drawn = tomllib.loads(written(api.solve(api.load("rnn-two-steps").draw(7))))
    assert drawn["source"] == "After EE6427 Part 4, Exercise: RNN · seed 7"


@pytest.mark.parametrize("problem_id", bank_ids())
def test_a_problem_file_holds_no_answer(problem_id: str) -> None:
    """Nothing but the problem's own givens has numbers in lists, and no key is there that the bank's files lack."""
    tables = tomllib.loads(written(api.solve(api.load(problem_id).draw(1))))
    assert set(tables) <= set(ProblemTable.__struct_fields__)
    assert set(tables["given"]) == set(find_problem(problem_id).given)
    assert all(isinstance(formula, str) for formula in tables.get("where", {}).values())
    assert all(set(part) <= {"find", "discuss", "ask", "points", "needed", "marks"} for part in tables["part"])
    assert "#" not in written(api.solve(problem_id)).replace("C#", "")


@pytest.mark.parametrize("problem_id", bank_ids())
def test_a_problem_file_without_its_solution_states_what_the_question_states_and_explains_nothing(
    problem_id: str,
) -> None:
    drawn = api.solve(api.load(problem_id).draw(1))
    problem = drawn.marked.solution.instance.problem
    if any(part.points and part.find is None for part in problem.parts):
        with pytest.raises(FullmarksError, match=r"is answered by its points, .*; add --solution"):
            api.render(drawn, "toml", "question")
        return
    text = api.render(drawn, "toml", "question")
    assert isinstance(text, str)
    read = problem_from_text(text, "question.toml")
    assert set(read.given) == set(stated_names(drawn.marked.solution))
    assert (read.reasons, read.shown) == ({}, {})
    assert not any(part.points for part in read.parts)
    again = api.solve(read)
    for part in problem.parts:
        if part.find is not None:
            one, other = (solution.marked.solution.worked.quantities[part.find].value for solution in (again, drawn))
            assert np.allclose(one, other)  # what is shown has three places on either side


def test_a_problem_file_without_its_solution_hides_the_givens_that_answer_it() -> None:
    drawn = api.solve(api.load("missing-kernel").draw(1))
    (hidden,) = set(drawn.to_dict()["given"]) - set(stated_names(drawn.marked.solution))
    assert f"{hidden} = " not in api.render(drawn, "toml", "question").split("[where]")[0]  # type: ignore[operator]


@pytest.mark.parametrize("problem_id", ["maxout-and-gelu", "spot-relu", "updates-and-epochs", "cnn-pipeline"])
def test_a_problem_file_without_its_solution_keeps_its_conditions_and_can_be_drawn_anew(problem_id: str) -> None:
    drawn = api.load(problem_id).draw(1)
    hidden = hidden_givens(drawn.problem)
    text = api.render(api.solve(drawn), "toml", "question")
    assert isinstance(text, str)
    read = problem_from_text(text, "question.toml")
    kept = [one for one in drawn.problem.require if not hidden & set(names_in(one))]
    assert kept == list(read.require)
    again = api.solve(api.Exercise(read).draw(2)).marked.solution
    for name in drawn.problem.shown:  # what the question shows still follows from what is drawn
        quantities = {**again.instance.values, **{one: drawn.values[one] for one in hidden}}
        found = evaluate_instance(quantities, {name: drawn.problem.where[name]} | dict(read.where))[name]
        assert np.allclose(found, again.worked.quantities[name].value)


def test_numbers_that_no_problem_file_could_hold_are_refused() -> None:
    with pytest.raises(FullmarksError, match=r"x: .* is longer or larger than the numbers of a problem file"):
        written(api.solve("relu", x=[Fraction(1, 3**200)]))


def test_a_problem_too_large_for_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    solution = api.solve("relu", x=[0.12345] * 100)
    monkeypatch.setattr(toml, "LARGEST_PROBLEM", len(written(solution).encode()))
    assert written(solution)
    monkeypatch.setattr(toml, "LARGEST_PROBLEM", len(written(solution).encode()) - 1)
    with pytest.raises(FullmarksError, match=r"relu: cannot be written as a problem file: .* bytes; at most"):
        written(solution)


TEXTS = st.text(st.sampled_from("ab\\'\"\n\r$ {}é\t#=\x00\x7f\u2028"), max_size=12)
NUMBERS = st.one_of(
    st.integers(-(10**50), 10**50),
    st.fractions(max_denominator=10**6),
    st.decimals(allow_nan=False, allow_infinity=False, places=9).map(Fraction),
    st.floats(1e-300, 1e300).map(lambda number: Fraction(repr(number))),
)


@given(TEXTS)
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    assert tomllib.loads(f"text = {string(text)}")["text"] == text


@given(NUMBERS)
def test_any_number_is_read_as_it_was_written(number: Fraction) -> None:
    problem = Problem("p", "p", {"x": Given("x", number)}, {"y": Name("x")}, (Part("y"),))
    assert problem_from_text(problem_text(problem), "p").given["x"].value == number


@settings(max_examples=50)
@given(st.lists(st.lists(NUMBERS, min_size=12, max_size=12), min_size=1, max_size=4))
def test_arrays_are_read_as_they_were_written_however_long_their_lines(rows: list[list[Fraction]]) -> None:
    problem = Problem("p", "p", {"x": Given("x", [rows, rows])}, {"y": Name("x")}, (Part("y"),))
    text = problem_text(problem)
    assert problem_from_text(text, "p").given["x"].value == [rows, rows]


def test_numbers_of_a_long_vector_share_their_lines() -> None:
    text = value(list(range(100)), "x")
    assert 4 <= text.count("\n") <= 6
    assert max(map(len, text.splitlines())) <= 104


@pytest.mark.parametrize(
    "how",
    [
        Draw(Integers(-3, 4), (2, 2), nonzero=True),
        Draw(Decimals(Fraction(-1, 2), Fraction(1, 2), Fraction(1, 4)), (3,)),
        Draw(Choice((1, Fraction(1, 3))), ()),
        Draw(Choice((["a", "b"], ["c", "d"])), ()),
    ],
)
def test_a_given_without_a_value_keeps_the_shape_of_its_draw(how: Draw) -> None:
    problem = Problem("p", "p", {"x": Given("x", draw=how, stated=False)}, {"y": Name("x")}, (Part("y"),))
    assert problem_from_text(problem_text(problem), "p").given["x"] == problem.given["x"]
