"""Gradients: every derivative against a route that knows none, the printed line of reasoning, and what is refused."""

import random
from typing import Any

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.exam.choosing import LEVELS, find_source, new_exercise
from fullmarks.math import array_operations, calculator, functions, operations
from fullmarks.math.backpropagation import gradient_line
from fullmarks.math.expression import RESULT, Array, Expr, constant, entry, given, let
from fullmarks.math.forward_mode import nudged_gradient, refuse_wrong_slopes
from fullmarks.math.notation.latex import latex
from fullmarks.operators import load_operator, operator_names
from fullmarks.operators._arguments import Tensor
from fullmarks.operators._operator import results_of, wrong_result
from fullmarks.solution.differences import settled_slope
from operator_inputs import Draw, every_draw

NUMBERS = np.random.default_rng(4)


def numbers(*shape: int, low: float = -2.0, high: float = 2.0) -> Array:
    return NUMBERS.uniform(low, high, shape)


def scalar_of(expression: Expr) -> Expr:
    """Return a loss in which every entry of an expression counts differently."""
    weights = np.cos(1.7 * np.arange(1, expression.size + 1)).reshape(expression.shape)
    weighted = given("c", weights) * expression
    return let(RESULT, weighted.sum() if expression.shape else weighted, "")


def differences(build: Any, values: list[Array], place: int) -> Array:
    """Return the gradient by differences of the arrays' values alone: histories are built anew for every number."""
    found = np.zeros(values[place].shape)
    for index in np.ndindex(*values[place].shape):

        def loss(step: float, index: tuple[int, ...] = index) -> float:
            moved = [value.copy() for value in values]
            moved[place][index] += step
            return float(scalar_of(build(*(given("x", value) for value in moved))).value)

        slope = settled_slope(loss)
        assert slope is not None, "the point is at a kink"
        found[index] = slope
    return found


F = functions
V, W, M, N, T = numbers(3), numbers(3), numbers(2, 3), numbers(3, 2), numbers(2, 3, 3)
POSITIVE = numbers(3, low=0.5)
OPERATIONS: dict[str, tuple[Any, list[Array]]] = {
    "Plus": (lambda a, b: a + b + a, [V, W]),
    "Plus of a stretched term": (lambda a, b: a + b, [M, V]),
    "Minus": (lambda a, b: a - b, [V, W]),
    "Minus from a number": (lambda a: 1 - a, [V]),
    "Times": (lambda a, b: a * b, [V, W]),
    "Times of a number": (lambda a, b: a * b, [M, numbers()]),
    "Divide": (lambda a, b: a / b, [V, POSITIVE]),
    "Divide by a stretched divisor": (lambda a, b: a / b, [M, POSITIVE]),
    "Negative": (lambda a: -a, [V]),
    "Power": (lambda a: a**2 + a**3 + a**1, [V]),
    "AnyPower": (F.any_power, [POSITIVE, W]),
    "Maximum": (F.maximum, [V, W]),
    "Maximum of three": (lambda a, b: F.maximum(a, b, 0.3 * a), [V, W]),
    "Maximum with 0": (lambda a: F.maximum(0, a), [V]),
    "Minimum": (F.minimum, [V, W]),
    "Branches": (lambda a: F.branches(a, a * a, 3 * a - F.exp(a)), [V]),
    "Branches of two quantities": (lambda a, b: F.branches(a, a * b, b), [V, W]),
    "Function exp": (F.exp, [V]),
    "Function ln": (F.ln, [POSITIVE]),
    "Function sqrt": (F.sqrt, [POSITIVE]),
    "Function tanh": (F.tanh, [V]),
    "Function sigmoid": (F.sigmoid, [V]),
    "Function sin": (F.sin, [V]),
    "Function cos": (F.cos, [V]),
    "Function abs": (F.absolute, [V]),
    "Function erf": (F.erf, [V]),
    "MatrixProduct": (lambda a, b: a @ b, [M, N]),
    "MatrixProduct with a vector": (lambda a, b: a @ b, [M, V]),
    "MatrixProduct of a vector with a matrix": (lambda a, b: a @ b, [V, N]),
    "MatrixProduct of two vectors": (lambda a, b: a @ b, [V, W]),
    "MatrixProduct with a transposed matrix": (lambda a, b: a @ b.T, [M, numbers(4, 3)]),
    "Reduction sum": (lambda a: a.sum(axis=1) * a.sum(), [M]),
    "Reduction sum that keeps its axis": (lambda a: a / a.sum(axis=0, keepdims=True), [numbers(2, 3, low=0.5)]),
    "Reduction max": (lambda a: a.max(axis=1), [M]),
    "Reduction max over several axes": (lambda a: a.max(axis=(0, 2)), [T]),
    "View": (lambda a: a[1] * a[0, 0], [M]),
    "View of windows that overlap": (lambda a: F.windows(a, (2, 2), (1, 1)).sum(axis=(-2, -1)), [numbers(3, 3)]),
    "View with a border": (lambda a: F.pad(a, [(1, 1), (0, 2)]) * 2, [M]),
    "View that transposes": (lambda a: a.T * a.T, [M]),
    "Join": (lambda a, b: F.join([a, b * b, a]), [V, W]),
    "Join of rows": (lambda a, b: F.stack([a, b]), [V, W]),
}  # fmt: skip
WITHOUT_SLOPE = {"ArgMax", "Floor", "Holds", "Detached", "Collect", "Function sign"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_hands_back_what_differences_find(name: str) -> None:
    build, values = OPERATIONS[name]
    for place in range(len(values)):
        leaves = [given("x", value) for value in values]
        loss = scalar_of(build(*leaves))
        line = gradient_line(loss, leaves[place])
        assert line is not None
        np.testing.assert_allclose(line.value, differences(build, values, place), rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(line.value, nudged_gradient(loss, leaves[place]), rtol=1e-12, atol=1e-13)


def test_every_operation_there_is_has_its_derivative_tested() -> None:
    classes = {
        one.__name__
        for module in (operations, array_operations)
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__ and not one.__name__.startswith("_")
    }
    names = set(calculator.FunctionName.__args__)  # type: ignore[attr-defined] - what the Literal lists
    tested = {name.split()[0] for name in OPERATIONS} | {name.split()[0] for name in WITHOUT_SLOPE}
    assert classes <= tested
    assert {f"Function {name}" for name in names} <= set(OPERATIONS) | WITHOUT_SLOPE


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs_agree_on_both_routes_and_in_every_printed_entry(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - test data
    x = given("x", np.round(numbers(3), 2))
    known = [x, given("y", np.round(numbers(3), 2))]
    steps: list[Any] = [F.tanh, F.sigmoid, lambda a: a * a, lambda a: F.maximum(0, a), lambda a: 1 - a, F.exp]
    for place in range(chance.randint(2, 6)):
        first, second = chance.choice(known), chance.choice(known)
        body = chance.choice(
            [chance.choice(steps)(F.tanh(first)), first + second, first * second, first - second,
             F.join([first[:2], second[2:]]), given("A", np.round(numbers(3, 3), 1)) @ first]
        )  # fmt: skip
        known.append(let(f"v_{place}", body, ""))
    loss = let(RESULT, sum((one.sum() for one in known[3:]), known[2].sum()) + (x * x).sum(), "")
    line = gradient_line(loss, x)
    assert line is not None
    np.testing.assert_allclose(line.value, nudged_gradient(loss, x), rtol=1e-9, atol=1e-11)
    for index in np.ndindex(*line.shape):
        assert float(entry(line.arguments[0], index).number) == pytest.approx(float(line.value[index]), rel=1e-9)


COMPUTING = sorted(
    name
    for name in operator_names()
    if load_operator(name).evaluate is not None and not load_operator(name).takes_quantities
)
DRAWS_OF_EACH = 6


@pytest.mark.parametrize("name", COMPUTING)
def test_the_history_of_every_operator_moves_as_its_evaluate_does(name: str) -> None:
    for draw in every_draw(name)[:: max(1, len(every_draw(name)) // DRAWS_OF_EACH)]:
        _compare_slopes(name, draw)


def _compare_slopes(name: str, draw: Draw) -> None:
    """Compare along one direction of every tensor: what is not smooth, or cut on purpose, has no slope to compare."""
    operator = load_operator(name)
    assert operator.working is not None
    assert operator.evaluate is not None
    evaluate = operator.evaluate
    leaves = {
        argument.name: given(argument.name, draw.bound[argument.name].value)
        for argument in operator.arguments
        if isinstance(argument.kind, Tensor)
        and isinstance(draw.bound[argument.name], Expr)
        and argument.name in draw.values
    }
    bound = {**draw.bound, **leaves}
    if bound.get("steps") is not None and name == "bptt":
        return  # truncated: its gradient is not that of its loss
    main = results_of(operator, operator.working(**bound), bound)[operator.results[0]]
    loss = scalar_of(main)
    weights = np.cos(1.7 * np.arange(1, main.size + 1)).reshape(main.shape)
    for argument, variable in leaves.items():
        direction = np.cos(np.arange(1, variable.size + 1)).reshape(variable.shape)

        def moved(step: float, argument: str = argument, direction: Array = direction) -> float:
            arrays = {key: value.value if isinstance(value, Expr) else value for key, value in bound.items()}
            found = evaluate(**arrays | {argument: arrays[argument] + step * direction})
            array = found[operator.results[0]] if isinstance(found, dict) else found
            return float((weights * np.asarray(array, dtype=float)).sum())

        with np.errstate(all="ignore"):
            expected = settled_slope(moved)
            line = gradient_line(loss, variable)
        found = 0.0 if line is None else float((line.value * direction).sum())
        if expected is not None and not _is_cut(name, argument, variable):
            assert found == pytest.approx(expected, rel=1e-4, abs=1e-5), f"{draw}: {argument}"


def _is_cut(name: str, argument: str, variable: Expr) -> bool:
    """Tell where the working leaves a quantity out: `refuse_hidden_paths` and the missing path refuse its gradient."""
    if name in ("singular_values", "gradient_growth"):
        return variable.shape != (2, 2)  # a computer's answer has no history
    is_plain = variable.size == 1 and float(variable.value.reshape(())) in (0, 1)
    left_out = argument.startswith(("gamma", "beta")) and is_plain
    return left_out or (name, argument) in (("cross_entropy", "y"), ("softmax_loss", "label"))


TWO_LAYERS = "z1 = linear(x, W1, b1); h = relu(z1); z2 = linear(h, W2); L = softmax_loss(z2, 1)"
GIVENS: dict[str, Any] = {
    "x": [1, 2], "W1": [[0.5, 0.25], [0.5, -0.5]], "b1": [0, 0.1], "W2": [[1, 2], [3, -1]],
}  # fmt: skip


def lines_of(solution: fm.Solution) -> dict[str, str]:
    """Return every printed line as LaTeX, formulas of one line together."""
    found = {}
    for part in solution.marked.parts:
        for marked in part.lines:
            rows = " ".join(latex(row.right) for row in marked.line.rows)
            found[latex(marked.line.symbol)] = f"{marked.line.reason} {rows}"
    return found


def test_the_gradient_of_a_softmax_with_cross_entropy_is_p_minus_y() -> None:
    found = lines_of(fm.solve(f"{TWO_LAYERS}; gradient(L, W2)", **GIVENS))
    line = found[r"\frac{\partial L}{\partial \mathbf{z}_{2}}"]
    assert r"\mathbf{p} - \begin{bmatrix} 0 \\ 1 \end{bmatrix}" in line
    assert "softmax with cross-entropy" in line


def test_a_second_gradient_goes_on_from_the_lines_of_the_first() -> None:
    solution = fm.solve(f"{TWO_LAYERS}; gradient(L, W2); gradient(L, W1)", **GIVENS)
    *_, first, second = solution.marked.parts
    assert latex(first.lines[0].line.symbol) == r"\frac{\partial L}{\partial \mathbf{z}_{2}}"
    assert [latex(marked.line.symbol) for marked in second.lines] == [
        r"\frac{\partial L}{\partial \mathbf{h}}",
        r"\frac{\partial L}{\partial \mathbf{z}_{1}}",
        r"\frac{\partial L}{\partial \mathbf{W}_{1}}",
    ]


@pytest.mark.parametrize("asked", [("z", "L.p", "x"), ("L.p", "x", "z"), ("x", "L.p", "z")])
def test_the_order_of_questions_changes_no_gradient(asked: tuple[str, ...]) -> None:
    questions = "; ".join(f"g{place} = gradient(L, {name})" for place, name in enumerate(asked))
    solution = fm.solve(f"z = x * k; L = softmax_loss(z, 1); {questions}", x=[0.5, 1, -1], k=2)
    p = solution["L.p"]
    expected = {"z": p - [0, 1, 0], "L.p": [0, -1 / p[1], 0], "x": 2 * (p - [0, 1, 0])}
    for place, name in enumerate(asked):
        np.testing.assert_allclose(solution[f"g{place}"], expected[name], rtol=1e-9, atol=1e-12)


def test_the_slope_of_relu_at_0_is_0_and_ties_of_a_maximum_go_to_the_first() -> None:
    assert fm.solve("h = relu(x); L = h @ c; g = gradient(L, x)", x=[0, 2], c=[3, 5])["g"].tolist() == [0, 5]
    pooled = fm.solve("p = max_pool2d(x, size=2); L = mse_loss(p, t); g = gradient(L, x)", x=[[4, 4], [1, 4]], t=[[1]])
    assert pooled["g"].tolist() == [[6, 0], [0, 0]]


def test_an_average_shares_its_gradient_equally() -> None:
    pooled = fm.solve("p = avg_pool2d(x, size=2); L = mse_loss(p, t); g = gradient(L, x)", x=[[4, 4], [0, 4]], t=[[1]])
    assert pooled["g"].tolist() == [[1, 1], [1, 1]]


def test_paths_are_added_where_a_quantity_is_used_twice() -> None:
    solution = fm.solve("s = sigmoid(x); L = s * s + x; g = gradient(L, x)", x=0)
    assert solution["g"] == pytest.approx(2 * 0.5 * 0.25 + 1)
    assert "used in 2 places" in lines_of(solution)[r"\frac{\partial L}{\partial x}"]


def test_a_quantity_in_between_is_differentiated_like_a_given() -> None:
    solution = fm.solve("z = linear(x, W); L = square_loss(z, t); g = gradient(L, z)", x=[1, 2], W=[[1, 0]], t=[3])
    assert solution["g"].tolist() == [-4]


def test_a_gradient_can_be_used_and_differentiated_again() -> None:
    step = fm.solve("L = square_loss(w, t); v = sgd_step(w, gradient(L, w), 0.1)", w=[1, 2], t=[0, 0])
    np.testing.assert_allclose(step["v"], [0.8, 1.6])
    assert fm.solve("y = x * x * x; g = gradient(y, x); h = gradient(g, x)", x=2)["h"] == pytest.approx(12)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "z = linear(x, W); g = gradient(z, W)": ({"x": [1, 2], "W": [[1, 2], [3, 4]]}, "of is a vector of 2, expected a"),
    "L = square_loss(x, x); M = x * 2; g = gradient(L, M)": ({"x": [1, 2]}, "does not depend on"),
    "k = argmax(x); g = gradient(k, x)": ({"x": [1, 2]}, "slope is 0"),
    "Z = attention(x, x, x, scale=a); L = square_loss(Z @ c, c) + a; g = gradient(L, a)": (
        {"x": [[0, 1], [1, 0]], "a": 1, "c": [1, -1]},
        "through an option",
    ),
    "n = layer_norm(x, 1, b); L = n @ c + b; g = gradient(L, b)": (
        {"x": [1, 2], "b": 0, "c": [1, 3]},
        "a term that is left out",
    ),
    "L = square_loss(x, x); g = gradient(L, y)": ({"x": [1, 2]}, "y: is missing"),
}


@pytest.mark.parametrize("formulas", REFUSED)
def test_what_has_no_gradient_is_refused_with_the_reason(formulas: str) -> None:
    givens, message = REFUSED[formulas]
    with pytest.raises(FullmarksError, match=message):
        fm.solve(formulas, **givens)


def test_numbers_are_no_graph_to_differentiate() -> None:
    with pytest.raises(FullmarksError, match="takes quantities that formulas compute"):
        fm.solve("gradient", of=3, with_respect_to=2)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(4))
def test_samples_of_every_level_are_solved_marked_and_written_in_every_format(level: Any, seed: int) -> None:
    solution = fm.solve(new_exercise(find_source("gradient", level), seed))
    part = solution.to_dict()["parts"][-1]
    assert {"M", "A"} <= {mark["code"] for step in part["steps"] for mark in step["marks"]}
    assert all(step["text"].strip() for step in part["steps"])
    assert all(fm.render(solution, name, "scheme") for name in ("terminal", "md", "tex", "pdf", "html"))


def test_every_mistake_leads_astray_somewhere_and_never_with_another_shape() -> None:
    operator = load_operator("gradient")
    x, t = given("x", np.array([1, 2])), given("t", np.array([0, 1]))
    W = given("W", np.array([[0.1, 0.2], [0.3, -0.4]]))
    z = let("z", W @ x, "")
    s = let("s", F.sigmoid(z), "")
    d = let("d", s - t, "")
    loss = let("L", (let("q", d**2, "").sum() + (s * z).sum()), "")
    for wrong in operator.mistakes:
        arguments = {"of": loss, "with_respect_to": W}
        right, found = gradient_line(loss, W), wrong_result(operator, wrong, arguments)
        assert right is not None
        assert found is not None, wrong.because
        assert found.shape == right.shape
        assert not np.allclose(found.value, right.value), wrong.because


def test_a_wrong_step_is_carried_forward_into_the_gradient() -> None:
    wrong = fm.solve(f"{TWO_LAYERS}; gradient(L, W1)", **GIVENS).to_dict()["parts"][-1]["wrong"]
    reasons = " ".join(one["because"] for one in wrong)
    assert "left out the slope of the activation" in reasons
    assert "left out the ReLU (for h)" in reasons


def test_a_large_gradient_is_tried_along_directions_and_a_wrong_one_is_noticed() -> None:
    x, W = given("x", numbers(30)), given("W", numbers(20, 30))
    loss = scalar_of(F.tanh(constant(0.1) * (W @ x)))
    line = gradient_line(loss, W)
    assert line is not None
    refuse_wrong_slopes(loss, W, line.value)
    spoilt = line.value.copy()
    spoilt[3, 4] += 1e-3
    with pytest.raises(ArithmeticError):
        refuse_wrong_slopes(loss, W, spoilt)
