import re
from itertools import pairwise
from typing import Any

import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.math.notation import Row
from fullmarks.math.notation.latex import latex
from fullmarks.solution.exact_answers import TOO_LONG
from python_texts import value_of_text


def stated(solution: fm.Solution, place: int = -1) -> list[str]:
    """Return the rows of a part's answer, and of its exact form, as LaTeX."""
    part = solution.marked.solution.parts[place]
    rows = [*part.answer_rows, *part.exact_rows]
    return [latex(row.right if row.left is None else Row((row.left, row.right))) for row in rows]


def test_an_exact_form_stands_beside_its_decimal() -> None:
    assert stated(fm.solve("sigmoid", exact=True, x=-4)) == [r"y = \frac{1}{1 + e^{4}} \approx 0.018"]


def test_without_the_switch_there_are_decimals_only() -> None:
    solution = fm.solve("sigmoid", x=-4)
    assert stated(solution) == [r"y \approx 0.018"]
    assert "exact" not in solution.to_dict()["parts"][0]


def test_rational_numbers_are_fractions() -> None:
    solution = fm.solve("Y = a / b", exact=True, a=[1, 3], b=[3, 2])
    assert stated(solution)[-1].endswith(r"= \begin{bmatrix} \frac{1}{3} \\ \frac{3}{2} \end{bmatrix}")
    assert solution.to_dict()["parts"][0]["exact"] == ["1/3", "3/2"]


def test_an_exact_answer_is_not_repeated() -> None:
    solution = fm.solve("linear", exact=True, x=[1, 2], W=[[1, 2], [0.5, 1]])
    assert len(stated(solution)) == 1
    assert solution.marked.solution.parts[0].note == ""


def test_the_exact_forms_of_the_lecture_are_those_of_its_networks() -> None:
    gate = fm.solve("lstm-forget-gate", exact=True).to_dict()["parts"]
    assert gate[0]["exact"] == ["1/(1 + exp(-8/5))", "1/(1 + exp(-11/5))"]
    assert gate[1]["exact"] == ["1/(10*(1 + exp(-8/5))) + 3/20", "1/(5*(1 + exp(-11/5))) + 6/25"]
    cnn = fm.solve("cnn-pipeline", exact=True).to_dict()["parts"]
    assert ["1/(1 + exp(4))", "1/(1 + exp(-4))"] in [row for part in cnn for row in part.get("exact", [])]
    (loss,) = [part for part in fm.solve("softmax-loss", exact=True).to_dict()["parts"] if "ln" in part["latex"]]
    assert loss["exact"].startswith("-log(exp(")


@pytest.mark.parametrize(
    "name", ["cnn-pipeline", "lstm-forget-gate", "softmax-loss", "rnn-two-steps", "attention-by-hand"]
)
def test_every_exact_form_has_the_value_of_its_decimal(name: str) -> None:
    compared = 0
    for part in fm.solve(name, exact=True).to_dict()["parts"]:
        if "exact" in part:
            for text, number in zip(flat(part["exact"]), flat(part["answer"]), strict=True):
                assert value_of_text(text) == pytest.approx(number, rel=1e-12)
                compared += 1
    assert compared


def flat(nested: Any) -> list[Any]:
    return [entry for item in nested for entry in flat(item)] if isinstance(nested, list) else [nested]


def test_a_form_that_would_fill_pages_is_left_out_with_a_note() -> None:
    h = [0.1, 0.2, 0.3]
    weights = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]
    solution = fm.solve("rnn", exact=True, x=[[1], [2], [3], [4], [5], [6]], h=h, W_xh=[[1], [2], [3]], W_hh=weights)
    assert solution.marked.solution.parts[0].note == TOO_LONG
    assert TOO_LONG in str(fm.render(solution, "md"))
    part = solution.to_dict()["parts"][0]
    assert part["exact"][0][0] == "tanh(57/50)"
    assert None in flat(part["exact"]), "the later steps are too long"
    assert part["exact_note"] == TOO_LONG


def test_working_has_a_short_exact_form_only_where_nothing_before_it_is_rounded() -> None:
    line = fm.solve("sigmoid", exact=True, x=[-4, 2]).marked.solution.parts[0].lines[0]
    rows = [latex(row.right) for row in line.rows]
    assert any(r"= \frac{1}{1 + e^{4}} \approx 0.018" in row for row in rows), rows
    rounded = fm.solve("Y = tanh(x); sigmoid(Y)", exact=True, x=[2, 1]).marked.solution.parts[1].lines[0]
    assert not any(r"\tanh" in latex(row.right) for row in rounded.rows)


def test_the_switch_works_in_every_format() -> None:
    solution = fm.solve("sigmoid", exact=True, x=-4)
    for format_name in ("terminal", "md", "tex", "html", "pdf"):
        assert fm.render(solution, format_name)
    assert "1 + e⁴" in str(fm.render(solution, "terminal"))


def test_a_discussion_has_no_exact_form() -> None:
    assert "exact" not in fm.solve("filter_effect", exact=True, kernel="sobel_x").to_dict()["parts"][0]
    with pytest.raises(FullmarksError):
        fm.solve("filter_effect", exact=True, kernel=[["a"]])


def test_no_row_of_the_working_has_an_equals_sign_before_a_rounded_coefficient() -> None:
    solution = fm.solve("layer_norm", exact=True, x=[3, -4, 8.5, 1])
    rows = [row for step in solution.to_dict()["parts"][0]["steps"] for row in step["latex"]]
    assert not [row for row in rows if "20046885" in row]  # 175 √20046885 / 4009377, which was 0.0000436 √20046885


@pytest.mark.parametrize(("operator", "given"), [("elu", {"x": -0.5}), ("layer_norm", {"x": ["a", "b"]})])
def test_no_row_of_the_working_repeats_the_one_before(operator: str, given: dict[str, Any]) -> None:
    solution = fm.solve(operator, exact=True, **given)
    rows = [row for step in solution.to_dict()["parts"][0]["steps"] for row in step["latex"]]
    sides = [side for row in rows for side in re.split(r" ?= ", row) if side]
    assert all(one != other for one, other in pairwise(sides))
