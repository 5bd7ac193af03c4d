"""Every printed row is true: a reader with a calculator, given the numbers as printed, finds the printed results.

`row_reader.py` reads the notation as a reader does. `SWEEP=1 pytest tests/test_printed_rows.py` reads every problem and
every sample at all places from 0 to 12; otherwise each is read at 3 and at one other.
"""

import os
import random
import zlib
from typing import Any

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.document.blocks import Document
from fullmarks.document.solution import solution_document
from fullmarks.exam.choosing import LEVELS, find_source, new_exercise
from fullmarks.math.notation import Row
from fullmarks.math.notation.latex import latex
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.bank import bank_ids
from row_reader import array as as_array
from row_reader import complaints, disagreements, misread, value

PLACES, MOST_PLACES = 3, 12
SAMPLED = [name for name in sorted(operator_names()) if load_operator(name).sample is not None]
M = [[0.1, -0.2], [0.5, 0.3]]
V, ONE_HOT = [0.3, -0.4, 1], [0, 1, 0]
GRADIENTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "convolution with padding": (
        "Y = conv2d(x, k, padding=1); L = mse_loss(Y, t)",
        "x",
        {"x": M, "k": [[1, 0, 2], [0, 1, 0], [-1, 0, 1]], "t": M},
    ),
    "overlapping maxima": (
        "Y = max_pool2d(x, size=2, stride=1, padding=1); L = mse_loss(Y, t)",
        "x",
        {"x": M, "t": [[1, 1, 0]] * 3},
    ),
    "softmax": ("p = softmax(x); L = square_loss(p, t)", "x", {"x": V, "t": ONE_HOT}),
    "layer norm of rows": ("Z = layer_norm(x); L = mse_loss(Z, t)", "x", {"x": [V, [1, 2, 0.5]], "t": [V, ONE_HOT]}),
    "attention": ("Z = attention(Q, K, V); L = mse_loss(Z, t)", "Q", {"Q": M, "K": M, "V": M, "t": [[0, 1], [1, 0]]}),
    "two steps of an RNN": (
        "H = rnn(x, h, W, U); L = mse_loss(H.h, t)",
        "U",
        {"x": M, "h": [0.1, 0.2], "W": M, "U": M, "t": M},
    ),
    "GELU": ("y = gelu(x); L = square_loss(y, t)", "x", {"x": V, "t": ONE_HOT}),
    "ReLU of a layer": (
        "y = relu(W @ x + b); L = square_loss(y, t)",
        "W",
        {"W": M, "x": [0.1, 0.4], "b": [0.5, -0.5], "t": [0, 1]},
    ),
    "quotient": ("y = x / z; L = square_loss(y, t)", "z", {"x": [1, 2], "z": [3, 4], "t": [0, 0.5]}),
}


def other_places(label: str) -> list[int]:
    """Return three places and one other number of them, chosen by the label for ever."""
    if os.environ.get("SWEEP"):
        return list(range(MOST_PLACES + 1))
    others = [places for places in range(MOST_PLACES + 1) if places != PLACES]
    return [PLACES, others[zlib.crc32(label.encode()) % len(others)]]


def document(solution: fm.Solution) -> Document:
    return solution_document(solution.marked, pictures=False)


def faults(solution: fm.Solution, places: int) -> list[str]:
    read = document(solution)
    return [*complaints(read, places), *disagreements(read), *(misread(read) if places == MOST_PLACES else ())]


@pytest.mark.parametrize("problem_id", bank_ids())
def test_every_row_of_a_problem_is_true_as_printed(problem_id: str) -> None:
    exercise = fm.load(problem_id)
    for places in other_places(problem_id):
        assert faults(fm.solve(exercise, places), places) == []


@pytest.mark.parametrize("name", SAMPLED)
def test_every_row_of_a_sample_is_true_as_printed(name: str) -> None:
    for level in LEVELS if os.environ.get("SWEEP") else [LEVELS[zlib.crc32(name.encode()) % len(LEVELS)]]:
        instance = new_exercise(find_source(name, level, topics_too=False), 5)
        for places in other_places(name):
            assert faults(fm.solve(instance, places), places) == []


@pytest.mark.parametrize("label", GRADIENTS)
def test_every_row_of_a_gradient_is_true_and_reads_as_what_was_worked(label: str) -> None:
    formulas, variable, givens = GRADIENTS[label]
    for places in (*other_places(label), MOST_PLACES):
        solution = fm.solve(f"{formulas}; g = gradient(L, {variable})", places, **givens)
        assert faults(solution, places) == []


def rows(solution: fm.Solution) -> list[str]:
    """Return the working and the checks of all parts as LaTeX."""
    return [
        latex(row.right if row.left is None else Row((row.left, row.right)))
        for part in solution.marked.parts
        for line in part.lines
        for row in (*line.line.rows, *line.line.checks)
    ]


def test_the_shares_of_a_softmax_add_to_1_as_printed_with_no_places_too() -> None:
    solution = fm.solve("softmax", 0, x=[1, 2, 3])
    assert "0.0900 + 0.245 + 0.665 = 1" in rows(solution)
    (answer,) = solution.marked.parts[0].solved.answer_rows
    assert "0.0900 \\\\ 0.245 \\\\ 0.665" in latex(answer.right)


def test_a_check_shows_more_places_until_it_is_true_to_those_asked_for() -> None:
    assert r"0.3333 + 0.3333 + 0.3333 \approx 1" in rows(fm.solve("softmax", x=[1, 1, 1]))


def test_a_line_shows_as_many_places_as_the_answer_can_be_rounded_from() -> None:
    solution = fm.solve(fm.load("lstm-full-step"))
    text = str(fm.render(solution, "md"))
    assert "-0.327}" not in text  # the answer is one of two entries
    assert "-0.3275 " not in text
    assert "-0.32748" in text
    assert str(float(solution["g"][1]))[:8] == "-0.32747"


@pytest.mark.parametrize("places", range(MOST_PLACES + 1))
def test_an_answer_is_what_its_line_shows_rounded_to_its_places(places: int) -> None:
    numbers = random.Random(places)  # noqa: S311 - test data
    for _ in range(6):
        W, x, h = ([[round(numbers.uniform(-2, 2), 1) for _ in range(2)] for _ in range(3)] for _ in range(3))
        solution = fm.solve("Z = sigmoid(x); A = softmax(W); s = sigmoid(A + Z * h)", places, W=W, x=x, h=h)
        assert [*disagreements(document(solution))] == []


@pytest.mark.parametrize("problem_id", ["lstm-two-steps", "attention-by-hand"])
def test_every_printed_answer_is_accepted(problem_id: str) -> None:
    for places in range(MOST_PLACES + 1):
        solution = fm.solve(fm.load(problem_id), places)
        for part, record in zip(solution.marked.parts, solution.to_dict()["parts"], strict=True):
            if "accept" in record and part.solved.answer_rows:
                printed = np.array(as_array(value(part.solved.answer_rows[0].right.items[1])), dtype=float)
                low, high = (np.reshape(record["accept"][end], printed.shape) for end in ("low", "high"))
                assert ((low <= printed) & (printed <= high)).all()


def test_a_square_entry_by_entry_is_no_product_of_matrices() -> None:
    squares = rows(fm.solve("L = mse_loss(y, t)", y=[[1, 2], [3, 4]], t=[[0, 1], [1, 1]]))
    assert r"\mathbf{q} = \mathbf{d} \odot \mathbf{d}" in squares


@pytest.mark.parametrize("places", [0, 1, 2, 3])
def test_a_gate_in_words_is_the_gate_in_the_answer(places: int) -> None:
    solution = fm.solve("f = sigmoid(x); gate_effect(f)", places, x=[-0.9715, 2])  # f₁ is 0.27458…
    said = " ".join(solution["gate_effect"]).replace(",", " ").split()
    (quoted,) = {word for word in said if word.startswith("0.27")}
    assert round(float(quoted), places) == round(float(solution["f"][0]), places)
