"""A column is taken where a vector is wanted, and a number for a vector of one: for every operator, and in formulas."""

from typing import Any

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.operators import load_operator, operator_names
from fullmarks.operators._arguments import Tensor
from fullmarks.operators._elementwise import ANY_SHAPE
from fullmarks.problem.stream import Stream
from fullmarks.problem.values import shape_of
from fullmarks.solution.walk import evaluate_operator


def vectors() -> list[Any]:
    found = []
    for name in sorted(operator_names()):
        operator = load_operator(name)
        if operator.sample is None or operator.evaluate is None:
            continue
        values = operator.sample("easy", Stream("columns", name, 0))
        for argument in operator.arguments:
            value = values.get(argument.name)
            is_vector = isinstance(argument.kind, Tensor) and isinstance(value, list) and len(shape_of(value)) == 1
            if is_vector and (argument.kind is not ANY_SHAPE or len(operator.arguments) > 1):
                found.append(pytest.param(name, argument.name, values, id=f"{name}-{argument.name}"))
    return found


@pytest.mark.parametrize(("name", "argument", "values"), vectors())
def test_a_column_gives_what_the_vector_gives(name: str, argument: str, values: dict[str, Any]) -> None:
    column = [[entry] for entry in values[argument]]
    expected = fm.solve(name, **values)[name]
    found = fm.solve(name, **{**values, argument: column})[name]
    assert np.allclose(np.ravel(found), np.ravel(expected))


@pytest.mark.parametrize(("formulas", "givens", "name", "expected"), [
    ("z = linear(x, W); L = square_loss(z, t)", {"x": [1, 2], "W": [[1, 2]], "t": 1}, "L", 16),
    ("z = linear(x, W); L = mse_loss(t, z)", {"x": [1, 2], "W": [[1, 2]], "t": 1}, "L", 16),
    ("z = linear(x, W); s = add(z, t)", {"x": [1, 2], "W": [[1, 2]], "t": 1}, "s", [6]),
    ("s = sgd_step(w, g, 0.5)", {"w": [[3]], "g": 2}, "s", [[2]]),
    ("s = W @ x", {"W": [[1], [3]], "x": 3}, "s", [3, 9]),
    ("s = W @ x + b", {"W": [[1, 2], [3, 4]], "x": [1, 2], "b": [[3], [4]]}, "s", [8, 15]),
    ("s = b * x", {"x": [1, 2], "b": [[3], [4]]}, "s", [3, 8]),
    ("L = bptt(x, h, U, V, W, t)", {"x": 1, "h": 0, "U": 1, "V": 1, "W": 1, "t": 1}, "L", None),
])  # fmt: skip
def test_numbers_and_columns_join_vectors(formulas: str, givens: dict[str, Any], name: str, expected: Any) -> None:
    found = fm.solve(formulas, **givens)[name]
    if expected is not None:
        assert np.shape(found) == np.shape(expected)
        assert np.allclose(found, expected)


def test_a_vector_and_a_column_of_another_length_are_not_stretched_to_a_matrix() -> None:
    with pytest.raises(FullmarksError, match=r"'\+' cannot join shapes 2 and 3"):
        fm.solve("s = x + y", x=[1, 2], y=[[1], [2], [3]])


@pytest.mark.parametrize(("called", "givens", "message"), [
    ("add", {"x": [1, 2], "y": 1}, 'y is a single number, .*; a vector of 2 is typed y="1 2"'),
    ("accuracy", {"scores": [[1, 2], [2, 1]], "labels": 1}, '; a vector of 2 is typed labels="1 2"'),
    ("lstm_cell_state", {"f": [[1, 2], [3, 4]], "c": 1, "i": 1, "g": 1}, '; a vector is written "1 2 3"'),
    ("softmax_loss", {"scores": [[1, 2], [3, 4]], "label": 0}, '; a vector is written "1 2 3"'),
])  # fmt: skip
def test_a_refusal_says_what_to_type(called: str, givens: dict[str, Any], message: str) -> None:
    with pytest.raises(FullmarksError, match=message):
        fm.solve(called, **givens)


def test_a_matrix_of_one_column_that_is_computed_or_an_array_stays_a_matrix() -> None:
    solution = fm.solve("S = Q @ K; A = softmax(S)", Q=[[1], [2]], K=[[3]])
    assert solution["A"].tolist() == [[1], [1]]
    assert fm.solve("softmax", x=np.array([[1], [2]]))["softmax"].tolist() == [[1], [1]]


def test_both_routes_bind_an_argument_alike() -> None:
    operator = load_operator("mse_loss")
    solution = fm.solve("mse_loss", prediction=[[1], [2]], target=[3, 5])
    (step,) = solution.marked.solution.worked.steps
    assert evaluate_operator(operator, step.arguments)["result"] == solution["mse_loss"] == 6.5
