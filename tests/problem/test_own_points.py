"""Discussions in a problem's own words: how they are read, asked, shown, marked and written back."""

from typing import Any

import pytest

from fullmarks import api
from fullmarks.errors import FullmarksError
from fullmarks.marking.allocation import mark
from fullmarks.problem.drawing import as_printed
from fullmarks.problem.reading import problem_from_text
from fullmarks.problem.shown import hidden_givens
from fullmarks.record.toml import problem_text
from fullmarks.solution.solve import solve_instance

EXPLAINED = r"""
id = "explained"
title = "Explained"

[given]
a = 3
x = { value = [1, -2], label = "Input" }

[where]
y = "relu(x)"

[[part]]
find = "y"
ask = 'Find {y}. Say what happened to the second entry.'
points = ['''Its sign was negative, so $\max(0, x)$ of {x} is 0 in {y},
  not {a}.''']
marks = 4

[[part]]
ask = "Say why a network needs it."
points = ["without it layers merge into one", { words = "one matrix would do", worth = 2 }, "it is no straight line"]
needed = 2
marks = 3
"""
POINTS = EXPLAINED[EXPLAINED.index('["without') : EXPLAINED.index("\nneeded")]


def solved(text: str = EXPLAINED) -> api.Solution:
    return api.Solution(mark(solve_instance(as_printed(problem_from_text(text, "explained.toml")))))


def rendered(format_name: str, document: str) -> Any:
    return api.render(solved(), format_name, document)


@pytest.mark.parametrize("format_name", ["md", "tex", "html", "terminal", "json"])
def test_points_stand_in_solution_and_scheme_but_never_in_the_question(format_name: str) -> None:
    assert "merge into one" not in rendered(format_name, "question")
    assert "merge into one" in rendered(format_name, "solution")
    if format_name != "json":
        assert "merge into one" in rendered(format_name, "scheme")


def test_points_show_quantities_and_formulas_as_every_prose_does() -> None:
    shown = r"Its sign was negative, so $\max(0, x)$ of $\mathbf{x}$ is 0 in $\mathbf{y}$, not $3$."
    assert shown in rendered("md", "solution")


def test_a_part_that_finds_and_explains_shares_its_marks_between_both() -> None:
    found, _ = solved().marked.parts
    assert (found.marks, found.discussion_marks) == (4, 1)
    assert sum(one.worth for line in found.lines for one in line.marks) == 3


def test_as_many_points_as_are_needed_earn_full_marks() -> None:
    _, explained = solved().marked.parts
    assert (explained.marks, explained.discussion_marks, explained.needed) == (3, 3, 2)


def test_json_has_the_points_beside_the_answer_or_as_the_answer() -> None:
    found, explained = solved().to_dict()["parts"]
    assert found["answer"] == [1, 0]
    assert [point["marks"] for point in found["points"]] == [1]
    assert explained["answer"] == ["without it layers merge into one", "one matrix would do", "it is no straight line"]
    assert explained["needed"] == 2
    assert "accept" not in explained


def test_a_problem_with_points_is_written_back_as_it_was() -> None:
    problem = problem_from_text(EXPLAINED, "explained.toml")
    assert problem_from_text(problem_text(problem), "explained.toml") == problem


def test_a_given_that_only_a_point_names_stays_hidden() -> None:
    text = EXPLAINED.replace('y = "relu(x)"', 'y = "relu(x)"\nc = "2 * a"') + '\n[shown]\nc = "Shown"\n'
    assert hidden_givens(problem_from_text(text, "explained.toml")) == {"a"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (POINTS, "[]", 'part 2: points: is empty; expected points = ["…"]'),
        (POINTS, '"one"', "part 2: points: 'one' is text; expected a list"),
        (POINTS, "[3, 4]", 'part 2: points: entry 1: is a whole number; expected text or { words = "…", worth = 2 }'),
        (POINTS, '["one", " "]', "part 2: points: entry 2: is empty; expected a sentence"),
        (POINTS, "[{ worth = 2 }]", 'part 2: points: entry 1: words is missing; expected words = "…"'),
        (POINTS, '[{ word = "a" }]', "part 2: points: entry 1: unknown key 'word'; did you mean 'words'?"),
        (POINTS, '[{ words = "a", worth = 0 }]', "part 2: points: entry 1: worth: is 0; expected a whole number"),
        (POINTS, '["a", "see {z}"]', "part 2: points: entry 2: {z}: there is no quantity 'z'"),
        (POINTS, "['a', 'see $\\foo$']", "part 2: points: entry 2: "),
        ("needed = 2", "needed = 4", "part 2: needed: is 4; expected a whole number from 1 to 3"),
        ("needed = 2", "needed = 0", "part 2: needed: is 0; expected a whole number from 1 to 3"),
        (f"points = {POINTS}\n", 'discuss = "filter_effect(x)"\n', "part 2: needed: counts points, and there are none"),
        ("needed = 2", 'discuss = "filter_effect(x)"', "part 2: has points and discuss"),
        ('ask = "Say why a network needs it."', "", 'part 2: points: nothing asks for them; expected ask = "…"'),
    ],
)
def test_points_that_cannot_be_meant_are_refused_with_their_field(old: str, new: str, message: str) -> None:
    assert old in EXPLAINED
    with pytest.raises(FullmarksError) as refused:
        problem_from_text(EXPLAINED.replace(old, new), "explained.toml")
    assert f"explained.toml: {message}" in str(refused.value)
