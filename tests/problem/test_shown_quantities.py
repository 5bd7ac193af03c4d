"""What a question shows of its own computing: the output from which to work back, a candidate's wrong working."""

import pytest

from fullmarks import api
from fullmarks.errors import FullmarksError
from fullmarks.problem.drawing import as_printed
from fullmarks.problem.model import Problem
from fullmarks.problem.reading import problem_from_text
from fullmarks.problem.shown import hidden_givens
from fullmarks.solution.solve import solve_instance

BACKWARDS = """
id = "backwards"
title = "Backwards"
setting = 'Maps of the side {m} come from images of the side {n} and filters of the side {k}.'

[given]
n = 32
k = 5
p0 = 2
z = [0.3, -1]

[where]
m = "n + 2 * p0 - k + 1"
c = "sigmoid(z)"
p = "(m - 1 + k - n) / 2"
s = "sigmoid(2 * z)"

[shown]
m = ""
c = "What the candidate found"

[[part]]
find = "p"

[[part]]
find = "s"
"""


def problem(text: str = BACKWARDS) -> Problem:
    return problem_from_text(text, "backwards.toml")


def markdown(kind: str) -> str:
    text = api.render(api.solve(as_printed(problem())), "md", kind)
    assert isinstance(text, str)
    return text


def test_a_shown_quantity_stands_in_the_question_with_its_value() -> None:
    assert "Maps of the side $32$ come from" in markdown("question")


def test_a_shown_quantity_with_a_label_stands_among_the_givens_to_three_places() -> None:
    assert r"What the candidate found, $\mathbf{c} = \begin{bmatrix} 0.574 \\ 0.269 \end{bmatrix}$" in markdown(
        "question"
    )


def test_how_a_shown_quantity_came_about_is_in_no_solution() -> None:
    solution = solve_instance(as_printed(problem()))
    assert [line.name for part in solution.parts for line in part.lines if line.quantity in ("m", "c")] == []
    assert solution.worked.quantities["p"].value == 2


def test_both_routes_go_on_with_the_numbers_as_they_are_printed() -> None:
    text = BACKWARDS.replace('s = "sigmoid(2 * z)"', 's = "1000 * c"')
    solution = solve_instance(as_printed(problem(text)))
    assert solution.worked.quantities["s"].value.tolist() == [574, 269]


def test_a_given_that_only_shown_quantities_need_is_hidden() -> None:
    assert hidden_givens(problem()) == {"p0"}
    assert "p0" not in api.render(api.solve(as_printed(problem())), "json", "question")


def test_a_problem_with_shown_quantities_is_written_as_a_file_and_read_again() -> None:
    text = api.render(api.solve(as_printed(problem())), "toml")
    assert isinstance(text, str)
    assert problem(text).where == problem().where


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('m = ""', 'mm = ""', "shown: 'mm': there is no computed quantity of this name; did you mean 'm'?"),
        ('c = "sigmoid(z)"', 'c = "s * 2"', "shown: 'c': needs 's', which is not shown"),
        ('find = "p"', 'find = "m"', "part 1: find: 'm' is shown in the question, so there is nothing to find"),
    ],
)
def test_a_table_of_shown_quantities_that_cannot_be_meant_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(FullmarksError) as refused:
        problem(BACKWARDS.replace(old, new))
    assert message in str(refused.value)
