"""What holds for every problem of the bank: its printed answers, its texts, and some draws of it solved whole.

`tests/test_every_draw.py` draws them many times more.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fullmarks import api
from fullmarks.problem.bank import bank_files, bank_ids, find_problem
from fullmarks.problem.conditions import holds
from fullmarks.problem.model import Instance
from fullmarks.solution.walk import Worked, evaluate_instance, work

DRAWS = 50
SOLVED = 6  # of the draws; laying out every line takes ten times as long as working it
SEED = 2026
CompareWithGolden = Callable[[str, str], None]  # the fixture of conftest.py
PRINTED: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "printed_answers.toml").read_text(encoding="utf-8")
)
KEPT = 3  # draws of every problem whose numbers are kept for ever
KEPT_DRAWS = Path(__file__).parent / "golden" / "draws.json"
READ_ON_A_TERMINAL = ("cnn-pipeline", "rnn-two-steps")
READ_AS_A_SCHEME = ("lstm-forget-gate",)
EVERY_PROBLEM = pytest.mark.parametrize("problem_id", bank_ids())


@cache
def drawn(problem_id: str) -> list[tuple[Instance, Worked]]:
    """Draw a problem many times and work it."""
    exercise = api.load(problem_id)
    instances = [exercise.draw(SEED, index) for index in range(DRAWS)]
    return [(instance, work(instance)) for instance in instances]


@cache
def solved(problem_id: str) -> list[api.Solution]:
    """Solve the first draws whole: lines, marks and points."""
    return [api.solve(instance) for instance, _ in drawn(problem_id)[:SOLVED]]


def asked_for(problem_id: str) -> list[str]:
    return [part.find for part in find_problem(problem_id).parts if part.find is not None]


def part_marks(solution: api.Solution) -> list[int]:
    return [part.marks for part in solution.marked.parts]


def test_the_bank_holds_the_problems_whose_printed_answers_are_known() -> None:
    without_numbers = {problem_id for problem_id in bank_ids() if not asked_for(problem_id)}
    assert set(PRINTED) == set(bank_ids()) - without_numbers


def test_every_id_is_its_files_name_and_every_topic_its_folder() -> None:
    for stem, path in bank_files().items():
        problem = find_problem(stem)
        assert (problem.id, problem.topic) == (stem, path.parent.name)


def test_no_two_files_of_the_bank_have_the_same_name() -> None:
    folder = next(iter(bank_files().values())).parents[1]
    stems = Counter(path.stem for path in folder.rglob("*.toml"))
    assert [stem for stem, count in stems.items() if count > 1] == []


@EVERY_PROBLEM
def test_every_problem_says_where_it_comes_from_and_what_each_part_is_worth(problem_id: str) -> None:
    problem = find_problem(problem_id)
    assert problem.source
    assert problem.setting
    assert all(part.marks for part in problem.parts)


@pytest.mark.parametrize(("problem_id", "name"), [(key, name) for key in PRINTED for name in PRINTED[key]])
def test_printed_answers_are_those_of_the_lecture(problem_id: str, name: str) -> None:
    if name == "source":
        assert set(asked_for(problem_id)) <= set(PRINTED[problem_id])
        return
    answer = api.solve(api.load(problem_id))[name]
    if isinstance(answer, str):  # the label of a class
        assert answer == PRINTED[problem_id][name]
        return
    expected = np.array(PRINTED[problem_id][name], dtype=float)
    assert answer.shape == expected.shape
    assert np.abs(answer - expected).max() <= 0.0005 + 1e-12


@EVERY_PROBLEM
def test_printed_numbers_meet_the_problems_own_conditions(problem_id: str) -> None:
    problem = find_problem(problem_id)
    values = {name: given.value for name, given in problem.given.items()}
    quantities = {**values, **evaluate_instance(values, problem.where)}
    assert [condition for condition in problem.require if not holds(condition, quantities)] == []


@EVERY_PROBLEM
def test_no_answer_is_an_array_that_was_given(problem_id: str) -> None:
    for instance, worked in drawn(problem_id):
        givens = [value for value in instance.values.values() if isinstance(value, list)]
        for name in asked_for(problem_id):
            answer = worked.quantities[name].value
            assert not any(answer.shape == np.shape(given) and np.array_equal(answer, given) for given in givens)


@EVERY_PROBLEM
def test_a_drawn_problem_is_worth_what_the_printed_one_is(problem_id: str) -> None:
    printed = part_marks(api.solve(api.load(problem_id)))
    for solution in solved(problem_id):
        assert part_marks(solution) == printed


@EVERY_PROBLEM
def test_the_marks_in_the_margin_add_up_to_the_parts(problem_id: str) -> None:
    for solution in solved(problem_id):
        for part in solution.marked.parts:
            on_lines = sum(mark.worth for line in part.lines for mark in line.marks)
            assert on_lines + part.discussion_marks == part.marks


@EVERY_PROBLEM
def test_every_given_that_a_part_depends_on_varies_unless_it_has_no_draw(problem_id: str) -> None:
    for name, given in find_problem(problem_id).given.items():
        values = {str(instance.values[name]) for instance, _ in drawn(problem_id)}
        assert (len(values) > 1) == (given.draw is not None)


def test_a_seed_gives_the_same_numbers_for_ever(rewriting_golden: bool) -> None:
    """These numbers are a promise to whoever has noted a seed: ``--rewrite-golden`` adds those of new problems only."""
    numbers = {
        problem_id: [solution.to_dict()["given"] for solution in solved(problem_id)[:KEPT]] for problem_id in bank_ids()
    }
    kept = json.loads(KEPT_DRAWS.read_text(encoding="utf-8")) if KEPT_DRAWS.exists() else {}
    if rewriting_golden:
        kept = numbers | kept
        KEPT_DRAWS.write_text(api.json_text(dict(sorted(kept.items()))), encoding="utf-8")
    assert numbers == kept


@EVERY_PROBLEM
def test_printed_solutions_read_as_they_did(problem_id: str, compare_with_golden: CompareWithGolden) -> None:
    text = api.render(api.solve(api.load(problem_id)), "md")
    assert isinstance(text, str)
    compare_with_golden(f"solutions/{problem_id}.md", _without_picture_data(text))


@pytest.mark.parametrize("problem_id", READ_ON_A_TERMINAL)
def test_printed_solutions_read_as_they_did_on_a_terminal(
    problem_id: str, compare_with_golden: CompareWithGolden
) -> None:
    text = api.render(api.solve(api.load(problem_id)), "terminal", width=80)
    assert isinstance(text, str)
    compare_with_golden(f"solutions/{problem_id}.txt", text)


@pytest.mark.parametrize("problem_id", READ_AS_A_SCHEME)
def test_marking_schemes_read_as_they_did(problem_id: str, compare_with_golden: CompareWithGolden) -> None:
    text = api.render(api.solve(api.load(problem_id)), "md", "scheme")
    assert isinstance(text, str)
    compare_with_golden(f"solutions/{problem_id}.scheme.md", _without_picture_data(text))


def _without_picture_data(text: str) -> str:
    """Leave out a picture's bytes: its description is what a reader of the golden file can judge."""
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "base64,…", text)
