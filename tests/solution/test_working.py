import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.math.exact_forms import evaluate
from fullmarks.math.expression import Expr, entry
from fullmarks.math.notation.latex import latex
from fullmarks.math.numbers import rounded
from fullmarks.problem.reading import problem_from_text
from fullmarks.solution.entries import printed_entries
from fullmarks.solution.lines import UNROUNDED

LSTM = "f1 = lstm_gate(x1, h0, W_f); i1 = lstm_gate(x1, h0, W_i); z = lstm_gate(x1, f1, W_i)"


def gates(seed: int) -> fm.Solution:
    numbers = random.Random(seed)  # noqa: S311 - test data

    def matrix(rows: int, columns: int) -> list[list[float]]:
        return [[round(numbers.uniform(-1, 1), 1) for _ in range(columns)] for _ in range(rows)]

    return fm.solve(LSTM, x1=[2, 1], h0=[0.5, -0.5], W_f=matrix(2, 4), W_i=matrix(2, 4))


def every_line(solution: fm.Solution) -> list[Expr]:
    return [line.line.expression for part in solution.marked.parts for line in part.lines]


def test_every_symbol_stands_for_one_thing() -> None:
    solution = gates(1)
    symbols = [latex(symbol) for symbol in solution.marked.solution.layout.symbols.values()]
    assert len(set(symbols)) == len(symbols)


def test_lines_that_would_share_a_symbol_all_get_an_ending() -> None:
    solution = gates(1)
    written = {
        line.line.name + line.line.quantity: latex(line.line.symbol)
        for part in solution.marked.parts
        for line in part.lines
    }
    assert written["zf1"] != written["zi1"]
    assert all("_" in written[name] for name in ("zf1", "zi1", "sf1", "si1"))


@pytest.mark.parametrize("seed", range(12))
def test_a_printed_row_is_true_on_a_readers_calculator_or_says_that_it_is_not(seed: int) -> None:
    solution = gates(seed)
    layout = solution.marked.solution.layout
    for line in every_line(solution):
        for index in printed_entries(line):
            expanded = entry(line.arguments[0], index)
            places = layout.places.of(line, expanded.number)
            found = rounded(evaluate(expanded, layout.places.shown), places)
            claimed = rounded(expanded.number, places)
            assert found == claimed or layout.places.needs_unrounded(line, index)


def test_a_row_that_needs_unrounded_values_says_so() -> None:
    notes = [
        row.note
        for seed in range(40)
        for part in fm.solve("Z = attention(Q, K, V)", **attention_numbers(seed)).marked.parts
        for line in part.lines
        for row in line.line.rows
    ]
    assert set(notes) <= {"", UNROUNDED, "and so on in the same way"}


def attention_numbers(seed: int) -> dict[str, list[list[float]]]:
    numbers = random.Random(seed)  # noqa: S311 - test data
    return {name: [[numbers.randint(0, 3) for _ in range(2)] for _ in range(2)] for name in "QKV"}


def test_later_parts_do_not_repeat_the_lines_of_earlier_ones() -> None:
    solution = fm.solve(
        "Y = conv2d(A, F); P = max_pool2d(Y, size=2)", A=[[1, 2, 3], [4, 5, 6], [7, 8, 0]], F=[[1, 0], [0, 1]]
    )
    lines = [id(line) for line in every_line(solution)]
    assert len(set(lines)) == len(lines)
    assert [line.line.quantity for line in solution.marked.parts[1].lines] == ["P"]


def test_a_quantity_that_no_part_asks_for_is_derived_where_it_is_needed() -> None:
    from fullmarks.problem.reading import problem_from_text

    problem = problem_from_text(
        'id = "two"\ntitle = "Two"\n[given]\nA = [[1, 2], [3, 4]]\nF = [[1, -1], [0, 1]]\n'
        '[where]\nY = "conv2d(A, F, padding=1)"\nP = "max_pool2d(Y, size=3)"\n[[part]]\nfind = "P"\n',
        "two.toml",
    )
    (part,) = fm.solve(problem).marked.parts
    assert {line.line.quantity for line in part.lines} == {"Y", "P"}


def test_equality_is_decided_exactly() -> None:
    exact = fm.solve("y = a @ b", a=[0.1, 0.2], b=[3, 0.5])
    assert exact.marked.solution.worked.quantities["y"].number == Fraction(2, 5)
    assert latex(exact.marked.parts[0].solved.answer_rows[0].right) == "= 0.4"
    third = fm.solve("y = a / b", a=1, b=3)
    assert latex(third.marked.parts[0].solved.answer_rows[0].right) == r"\approx 0.333"


def test_an_answer_has_the_places_asked_for_even_where_its_line_shows_more() -> None:
    for places, seed in itertools.product((1, 2, 4), range(5)):
        solution = fm.solve(LSTM, places=places, **gates(seed).to_dict()["given"])
        for part in solution.marked.parts:
            text = latex(part.solved.answer_rows[0].right)
            decimals = [len(word.partition(".")[2]) for word in text.replace("\\", " ").split() if "." in word]
            assert max(decimals, default=0) <= places


def test_routes_that_disagree_are_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    from msgspec.structs import replace

    from fullmarks.operators import load_operator
    from fullmarks.solution import walk

    wrong = replace(load_operator("max_pool2d"), evaluate=lambda **_: np.asarray([[5.0]]))
    monkeypatch.setattr(walk, "load_operator", lambda name: wrong if name == "max_pool2d" else load_operator(name))
    with pytest.raises(ArithmeticError, match="disagree"):
        fm.solve("max_pool2d", x=[[1, 2], [3, 4]], size=2)


def test_what_is_equal_on_paper_is_equal_in_every_route() -> None:
    tie = fm.solve("k = argmax(a + b)", a=[0.3, 0.1], b=[0, 0.2])
    assert tie["k"] == 0
    assert tie.to_dict()["quantities"]["k"] == 0
    nothing = fm.solve("y = a + b - c", a=0.1, b=0.2, c=0.3)
    assert nothing["y"] == 0
    sizes = fm.solve("conv2d_output_size", input_size=7, kernel_size=3, stride=2)
    assert sizes["conv2d_output_size"].tolist() == [3, 3]


VECTORS = {"w": [1, 2], "x": [3, 4], "W": [[1, 2], [3, 4]]}


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("w @ x", r"\mathbf{w}^{\text{T}} \mathbf{x}"),
        ("(w + x) @ x", r"(\mathbf{w} + \mathbf{x})^{\text{T}} \mathbf{x}"),
        ("w @ W", r"\mathbf{W}^{\text{T}} \mathbf{w}"),
        ("W @ x", r"\mathbf{W} \mathbf{x}"),
    ],
)
def test_a_product_with_a_vector_in_front_is_written_for_columns(formula: str, written: str) -> None:
    givens = {name: value for name, value in VECTORS.items() if name in formula}
    text = fm.render(fm.solve(f"y = {formula}", **givens), "md")
    assert f"&= {written} " in str(text)


def test_each_of_two_results_of_one_step_has_the_lines_and_marks_of_its_own_part() -> None:
    problem = problem_from_text(
        """
title = "Two results"
[given]
X = [[1], [2]]
h0 = [0]
U = [[0.5]]
[where]
R = "rnn(X, h0, U, U, W_hy=U)"
[[part]]
find = "R.h"
marks = 5
[[part]]
find = "R.y"
marks = 3
""",
        "two.toml",
    )
    states, outputs = fm.solve(problem).marked.parts
    assert {"h_1", "h_2"} <= {line.line.name for line in states.lines}
    assert [line.line.name for line in outputs.lines] == ["y_1", "y_2", "y"]
    assert [sum(mark.worth for line in part.lines for mark in line.marks) for part in (states, outputs)] == [5, 3]


def test_the_answer_that_is_an_index_says_its_label() -> None:
    solution = fm.solve("argmax", x=[0.1, 0.5, 0.4], labels=["cat", "dog", "cow"])
    assert r"\boxed{k = 1 \quad (\text{dog})}" in str(fm.render(solution, "md"))
    assert r"\boxed{k = 1}" in str(fm.render(fm.solve("argmax", x=[0.1, 0.5, 0.4]), "md"))
