"""Problems in letters: every operator, with letters in its sample, answers truly or refuses clearly."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr, entry, let
from fullmarks.math.functions import exp
from fullmarks.math.letters import Letter, in_order
from fullmarks.math.marks import A, M
from fullmarks.math.notation import Row
from fullmarks.math.notation.latex import latex
from fullmarks.math.symbolic import value_at
from fullmarks.operators import load_operator, operator_names
from fullmarks.operators._arguments import Tensor
from fullmarks.problem.adhoc import problem_from_operator
from fullmarks.problem.drawing import as_printed
from fullmarks.problem.stream import Stream
from fullmarks.solution.solve import Solution, solve_instance
from operator_inputs import LEVELS, sample_draws

NAMES = sorted(operator_names())
MOST_LETTERS = 4
LARGEST_SAMPLE = 60  # entries of all tensors: more takes SymPy too long for a test

WORKS_WITH_LETTERS = {
    "add", "attention", "avg_pool2d", "conv2d", "cross_attention", "cross_entropy", "flatten", "global_avg_pool2d",
    "linear", "lstm_cell", "lstm_cell_state", "lstm_gate", "lstm_hidden_state", "max_pool2d", "relu", "rnn_cell",
    "self_attention", "sigmoid", "softmax", "softmax_loss", "tanh",
}  # fmt: skip
"""Those that must not refuse letters among their samples; others may."""


def lettered(name: str, values: Mapping[str, Any], stream: Stream) -> tuple[dict[str, Any], dict[str, Fraction]]:
    """Return arguments with some entries of their tensors replaced by letters, and a number for each letter.

    The number is the one that stood there: what the sample allows, the letters must allow as well.
    """
    places = [
        (argument.name, index)
        for argument in load_operator(name).arguments
        if isinstance(argument.kind, Tensor) and _is_numeric(values.get(argument.name))
        for index in np.ndindex(np.array(values[argument.name], dtype=object).shape)
    ]
    arrays = {key: np.array(values[key], dtype=object) for key, _ in places}
    numbers: dict[str, Fraction] = {}
    for place in range(min(MOST_LETTERS, len(places))):
        key, index = stream.choice(places)
        old = arrays[key][index]
        if not isinstance(old, Letter):
            letter = Letter("abdp"[place], negative=old < 0)
            numbers[letter.name] = Fraction(old) * (-1 if letter.negative else 1)
            arrays[key][index] = letter
    return {**values, **{key: array.tolist() for key, array in arrays.items()}}, numbers


def _is_numeric(value: Any) -> bool:
    return value is not None and not isinstance(value, str | bool)


def _size(values: Mapping[str, Any]) -> int:
    return sum(np.array(value, dtype=object).size for value in values.values() if _is_numeric(value))


def cases(name: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], dict[str, Fraction]]]:
    """Yield every sample that is not too large, as it is and with letters, and what the letters were."""
    for place, draw in enumerate(sample_draws(name)[:: len(LEVELS) + 1]):
        if _size(draw.values) <= LARGEST_SAMPLE:
            values, numbers = lettered(name, draw.values, Stream("letters", name, place))
            if numbers:
                yield str(draw), dict(draw.values), values, numbers


def solved(name: str, values: Mapping[str, Any]) -> Solution:
    return solve_instance(as_printed(problem_from_operator(name, values)))


def outcomes(name: str) -> list[str]:
    """Check every case of an operator; return the refusals, empty texts standing for answers."""
    found = []
    for label, plain, values, numbers in cases(name):
        try:
            solution = solved(name, values)
        except FullmarksError as refusal:
            found.append(str(refusal))
            continue
        expected = solved(name, plain)
        put_in = {letter: float(number) for letter, number in numbers.items()}
        for quantity, value in solution.worked.quantities.items():
            if isinstance(value, Expr):
                other = expected.worked.quantities[quantity]
                for index in np.ndindex(value.shape):
                    got = value_at(entry(value, index).number, put_in)
                    want = float(other.value[index])
                    assert got == want or abs(got - want) <= 1e-9 * max(1, abs(want)), f"{label}: {quantity} {index}"
        found.append("")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_letters_in_a_sample_give_the_samples_answer_or_a_refusal(name: str) -> None:
    found = outcomes(name)
    if name in WORKS_WITH_LETTERS:
        assert found, f"{name}: no sample was small enough to try letters in"
        assert "" in found, f"{name}: every sample with letters is refused: {found}"


def rows_of(solution: Solution) -> list[str]:
    """Return every printed row of the working as LaTeX."""
    return [
        latex(row.right if row.left is None else Row((row.left, row.right)))
        for part in solution.parts
        for line in part.lines
        for row in (*line.rows, *line.checks)
    ]


def test_a_convolution_in_letters_shows_its_products_and_their_sum() -> None:
    solution = fm.solve("conv2d", x=[["a", 0], [1, "b"]], kernel=[[1, 2], [3, 4]])
    rows = rows_of(solution.marked.solution)
    assert r"= a \times 1 + 0 \times 2 + 1 \times 3 + b \times 4" in rows
    assert "= a + 4 b + 3" in rows
    assert solution["conv2d"].tolist() == [["a + 4*b + 3"]]


def test_a_compound_value_keeps_its_brackets_in_a_formula() -> None:
    rows = rows_of(fm.solve("Y = linear(x, W); sigmoid(Y * 2)", x=["a", 1], W=[[1, 1]]).marked.solution)
    assert r"= \frac{1}{1 + e^{-(a + 1) \times 2}}" in rows
    assert r"= \sigma(2 a + 2)" in rows


def test_a_softmax_of_letters_and_numbers_stays_exact_and_adds_to_one() -> None:
    rows = rows_of(fm.solve("softmax", x=["a", 1, "b"]).marked.solution)
    assert r"p_{2} = \frac{e}{e^{a} + e^{b} + e}" in rows
    assert rows[-1].endswith("= 1")
    assert not any(r"\approx" in row for row in rows)


def test_a_row_with_a_rounded_coefficient_is_not_called_equal() -> None:
    rows = rows_of(fm.solve("f = sigmoid(z); y = f * c", z=[0.5, 1], c=["a", 2]).marked.solution)
    assert r"y_{1} = 0.622 \times a \approx 0.622 a" in rows, rows


def test_a_maximum_of_letters_is_written_with_its_numbers_folded() -> None:
    solution = fm.solve("max_pool2d", x=[["a", 1, 2, "b"], [0, 3, "c", 1]], size=2)
    assert solution["max_pool2d"].tolist() == [["max(a, 3)", "max(b, c, 2)"]]
    assert fm.solve("relu", x=["a", -1])["relu"].tolist() == ["max(0, a)", 0]


def test_attention_in_letters_divides_by_the_exact_root() -> None:
    solution = fm.solve("attention", Q=[["a", "b"]], K=[["c", 0], [0, 1]], V=[[1], ["d"]])
    answer = solution["attention"].item()
    assert answer == ("(d*exp(0.5*sqrt(2)*b) + exp(0.5*sqrt(2)*a*c))/(exp(0.5*sqrt(2)*a*c) + exp(0.5*sqrt(2)*b))")
    assert r"s_{11} = \frac{a c}{\sqrt{2}}" in rows_of(solution.marked.solution)


def test_terms_follow_the_order_of_the_givens_and_not_of_the_alphabet() -> None:
    assert fm.solve("linear", x=["z", "a"], W=[[1, 1]])["linear"].tolist() == ["z + a"]


def test_a_line_is_not_called_like_a_letter() -> None:
    lines = fm.solve("softmax", x=["u", 1]).marked.solution.parts[0].lines
    assert "\\mathbf{u}" not in [latex(line.symbol) for line in lines]


@pytest.mark.parametrize(
    ("what", "givens", "message"),
    [
        ("argmax", {"x": ["a", 1]}, "argmax: which of two numbers is larger depends on the letter a"),
        ("leaky_relu", {"x": ["a"]}, "leaky_relu: .*sign of a letter"),
        ("conv2d", {"x": [["a"]], "kernel": [[1]], "stride": "s"}, "stride is s, a letter; expected a number"),
        ("conv2d_output_size", {"input_size": "n", "kernel_size": 3}, "input_size is n, a letter"),
        ("conv2d", {"x": [["a"]], "kernel": "f"}, "kernel is the word 'f'"),
        ("filter_effect", {"kernel": [["a", 0], [1, 2]]}, "filter_effect: kernel has letters"),
        ("softmax", {"x": ["e", 1]}, "the letter e would stand beside the number e"),
        ("cross_entropy", {"p": ["a", 0.99], "y": [1, 0]}, "cross_entropy: .* depends on the letter a"),
        ("attention", {"Q": [["a"]], "K": [[1]], "V": [[1]], "mask": [["m"]]}, "attention: mask has other numbers"),
        ("linear", {"x": ["a"] * 1001, "W": [[1] * 1001]}, "too many to be worked with letters"),
        ("linear", {"x": [f"a{i}" for i in range(61)], "W": [[1] * 61]}, "61 different letters"),
        ("Y = 1 / (A - A)", {"A": "a"}, "Y: divides by zero"),
    ],
)
def test_letters_without_meaning_are_refused(what: str, givens: dict[str, Any], message: str) -> None:
    with pytest.raises(FullmarksError, match=message) as refusal:
        fm.solve(what, **givens)
    for letter in in_order(givens) or {"a": 0}:
        shadow = f"{float(Letter(letter)):.3f}"
        assert shadow[:-1] not in str(refusal.value), "a number that only stands for a letter is printed"


def test_words_stay_words_where_words_are_wanted() -> None:
    assert fm.solve("argmax", x=[1, 3, 2], labels=["a", "b", "c"])["argmax"] == "b"


def test_an_answer_that_holds_for_some_values_only_is_never_given(monkeypatch: pytest.MonkeyPatch) -> None:
    relu = load_operator("relu")
    careless = msgspec.structs.replace(
        relu,
        working=lambda x: let("result", x * 1 if (x.value > 0).all() else x * 0, "Look at the sign.", M("s"), A("v")),
    )
    monkeypatch.setattr("fullmarks.solution.walk.load_operator", lambda _name: careless)
    with pytest.raises(FullmarksError, match="would hold for some values of the letter a only"):
        fm.solve("relu", x="a")


def test_working_that_speaks_of_the_shadow_numbers_is_never_given(monkeypatch: pytest.MonkeyPatch) -> None:
    sigmoid = load_operator("sigmoid")
    assert sigmoid.working is not None
    talkative = msgspec.structs.replace(
        sigmoid, working=lambda x: let("result", exp(x) / (1 + exp(x)), f"x is {x.value}.", M("s"), A("v"))
    )
    monkeypatch.setattr("fullmarks.solution.walk.load_operator", lambda _name: talkative)
    with pytest.raises(FullmarksError, match="would hold for some values"):
        fm.solve("sigmoid", x="a")


def test_json_has_letters_as_texts_and_no_accepted_ranges() -> None:
    record = fm.solve("linear", x=["a", "-b2"], W=[[1, 2], [0, 1]]).to_dict()
    (part,) = record["parts"]
    assert record["given"]["x"] == ["a", "-b2"]
    assert record["quantities"]["linear"] == part["answer"] == ["a - 2*b2", "-b2"]
    assert "accept" not in part
    assert part["wrong"][0]["answer"] == ["a", "2*a - b2"]


def test_wrong_answers_in_letters_are_those_of_the_numbers_put_in() -> None:
    """tanh's mistake of taking the tangent works on plain numbers, so that it has no answer in letters."""
    in_letters = fm.solve("tanh", x=["a", 0.5]).to_dict()["parts"][0]["wrong"]
    in_numbers = fm.solve("tanh", x=[0.3, 0.5]).to_dict()["parts"][0]["wrong"]
    assert any("tangent" in wrong["because"] or "tan(" in wrong["because"] for wrong in in_numbers)
    assert not any("tangent" in wrong["because"] or "tan(" in wrong["because"] for wrong in in_letters)
    assert in_letters, "the other mistakes can be made with letters"


@pytest.mark.parametrize("document", ["question", "solution", "scheme"])
@pytest.mark.parametrize("format_name", ["terminal", "md", "tex", "pdf", "html", "json"])
def test_letters_are_written_in_every_format(format_name: str, document: str) -> None:
    solution = fm.solve("attention", exact=True, Q=[["a", "b"]], K=[["c", 0], [0, 1]], V=[[1], ["d"]])
    assert fm.render(solution, format_name, document)


def test_a_problem_file_may_hold_letters_and_comes_back_as_toml(tmp_path: Path) -> None:
    path = tmp_path / "letters.toml"
    path.write_text(PROBLEM)
    solution = fm.solve(fm.load(path))
    assert solution["y"].tolist() == ["a + 2*b + c"]
    again = tmp_path / "again.toml"
    again.write_text(str(fm.render(solution, "toml")))
    assert fm.solve(fm.load(again))["y"].tolist() == ["a + 2*b + c"]


PROBLEM = """
title = "Letters"
[given]
x = ["a", "b"]
W = [[1, 2]]
c = "c"
[where]
y = "linear(x, W, c)"
[[part]]
find = "y"
"""


def test_conditions_on_letters_are_refused_and_so_is_drawing_them(tmp_path: Path) -> None:
    path = tmp_path / "letters.toml"
    path.write_text('require = ["max(y) > 0"]\n' + PROBLEM)
    with pytest.raises(FullmarksError, match="require: conditions need numbers, but x has the letter a"):
        fm.load(path).draw(1)
    path.write_text(PROBLEM.replace('c = "c"', 'c = { draw = { choice = [["a", 1], ["b", 2]] } }'))
    with pytest.raises(FullmarksError, match="choice has a letter"):
        fm.load(path)
