"""What a gradient's line says of its step, and how it is written: nothing untrue, no −0, no square of a matrix."""

from typing import Any

import pytest

import fullmarks as fm
from fullmarks.math.expression import RESULT, Expr, Let, given, let
from fullmarks.math.functions import maximum, minimum, relu
from fullmarks.math.gradient_line import GradientLine
from fullmarks.math.notation.latex import latex

A = [[1, 3], [2, 0]]


def reason_of(build: Any, *values: Any) -> str:
    """Return the reason of the gradient of the sum of an expression in its first leaf."""
    from fullmarks.math.backpropagation import gradient_line  # after the modules that it is loaded with

    leaves = [given(name, value) for name, value in zip("xyz", values, strict=False)]
    result: Expr = build(*leaves)
    line = gradient_line(let(RESULT, result.sum() if result.shape else result, ""), leaves[0])
    assert line is not None
    assert isinstance(line.operation, Let)
    return line.operation.reason


@pytest.mark.parametrize(
    ("build", "said", "not_said"),
    [
        (lambda x, _y: relu(x), "through ReLU", "maximum"),
        (lambda x, _y: maximum(0, 1 - x), "through the maximum with 0", "ReLU"),
        (maximum, "only the larger argument", "ReLU"),
        (lambda x, _y: maximum(1, x), "only the larger argument", "ReLU"),
        (minimum, "only the smaller argument", "maximum"),
        (lambda x, y: maximum(x, y, 2 * y), "the entry that is the maximum", "larger"),
        (lambda x, y: minimum(x, y, 2 * y), "the entry that is the minimum", "maximum"),
        (lambda x, _y: x**3, "$n x^{n-1}$", "square"),
        (lambda x, _y: x**2, "twice what was squared", "$n x^{n-1}$"),
        (lambda x, _y: x.T @ given("w", [1, 2]), "transposed gradient", "sum"),
        (lambda x, _y: x[0] * x[0], "entries that were not used get 0", "sum"),
        (lambda x, _y: x + 1, "the slope of this step is 1", "sum"),
    ],
)
def test_a_reason_says_what_the_step_does(build: Any, said: str, not_said: str) -> None:
    values = [[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]], [[0.5, 1.0, -1.0], [2.0, 7.0, 1.0]]
    reason = reason_of(build, *values)
    assert said in reason
    assert not_said not in reason


def gradient_reasons(formulas: str, **givens: Any) -> list[str]:
    return [
        line.line.reason
        for part in fm.solve(formulas, **givens).marked.parts
        for line in part.lines
        if isinstance(line.line.expression.operation, GradientLine)
    ]


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("conv2d(x, k, padding=1)", "drop the border of the gradient"),
        ("max_pool2d(x, size=2, stride=1, padding=1)", "drop the border of the gradient"),
        ("avg_pool2d(x, size=2, stride=1, padding=1)", "drop the border of the gradient"),
        ("transpose(x)", "the gradient of a transpose is the transposed gradient"),
        ("flatten(x)", "put into another order or shape"),
        ("max_pool2d(x, size=2)", "the entry that is the maximum"),
    ],
)
def test_a_layer_that_only_moves_entries_is_not_called_a_sum(layer: str, said: str) -> None:
    k = {"k": [[1, 0], [0, 1]]} if "k" in layer else {}
    shape = fm.solve(f"Y = {layer}", x=A, **k)["Y"].shape
    target = [[0] * shape[1] for _ in range(shape[0])] if len(shape) > 1 else [0] * shape[0]
    reasons = gradient_reasons(f"Y = {layer}; L = mse_loss(Y, t); g = gradient(L, x)", x=A, t=target, **k)
    assert said in reasons[-1]
    assert "sum hands" not in " ".join(reasons)
    assert "ReLU" not in " ".join(reasons)


def rows(formulas: str, **givens: Any) -> list[str]:
    parts = fm.solve(formulas, **givens).marked.parts
    return [latex(row.right) for part in parts for line in part.lines for row in line.line.rows]


def test_the_gradient_of_a_difference_adds_no_zeros() -> None:
    last = rows("a = max_pool2d(x, size=2); b = max_pool2d(-x, size=2); L = b - a; g = gradient(L, x)", x=A)[-5:-1]
    assert last == ["= 0", "= -1", "= 0", "= -1"]


def test_a_change_of_sign_is_not_written_twice() -> None:
    formulas = "D = max_pool2d(x, size=[1, 2], stride=1); d = 0 - D; L = minibatch_mean(flatten(d))"
    found = rows(f"{formulas}; g = gradient(L, x)", x=[[1, 3, 2]])
    assert "= -0.5" in found
    assert not any("= -0.5 = -0.5" in row for row in found)


@pytest.mark.parametrize(
    ("formulas", "givens", "written"),
    [
        ("y = tanh(x); L = mse_loss(y, t); g = gradient(L, x)", {"x": A, "t": A}, r"(1 - \mathbf{y} \odot \mathbf{y})"),
        ("y = relu(W @ x); L = square_loss(y, t); g = gradient(L, W)", {"W": A, "x": [1, 2], "t": [0, 0]},
         r"\left(\frac{\partial L}{\partial \mathbf{y}} \odot [\mathbf{W} \, \mathbf{x} > 0]\right)"),
    ],
)  # fmt: skip
def test_products_entry_by_entry_do_not_read_as_products_of_matrices(
    formulas: str, givens: dict[str, Any], written: str
) -> None:
    found = [row.replace(r"\,", "").replace(" ", "") for row in rows(formulas, **givens)]
    wanted = written.replace(r"\,", "").replace(" ", "").replace(r"\left", "").replace(r"\right", "")
    assert any(wanted in row.replace(r"\left", "").replace(r"\right", "") for row in found)
    assert not any("}}^{2}" in row for row in found)
