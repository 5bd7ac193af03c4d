"""What is decided, on both routes: by exact numbers where there are any, else but for rounding.

The oracle is arithmetic of fractions, written here in a few lines.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr
from fullmarks.math.number_arrays import as_floats
from fullmarks.problem.adhoc import problem_from_operator
from fullmarks.problem.drawing import as_printed
from fullmarks.problem.loading import load_problem
from fullmarks.problem.stream import Stream
from fullmarks.solution.walk import evaluate_instance, work

DRAWS = 60


def both_routes(what: str, values: dict[str, Any], result: str) -> np.ndarray[Any, Any]:
    """Return a result, which both routes must have found alike, to the last digit."""
    instance = as_printed(load_problem(what, values))
    worked, evaluated = work(instance), evaluate_instance(instance.values, instance.problem.where)
    quantity = worked.quantities[result]
    assert isinstance(quantity, Expr)
    assert quantity.value.tolist() == as_floats(evaluated[result]).tolist(), values
    return quantity.value


def decimals(draw: Stream, *shape: int) -> Any:
    """Return nested lists of decimals with one or two digits behind the point, as texts that are read exactly."""
    if not shape:
        return Fraction(draw.integer(-99, 99), draw.choice([10, 100]))
    return [decimals(draw, *shape[1:]) for _ in range(shape[0])]


def dot(left: Any, right: Any) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def step_of(number: Fraction) -> int:
    return int(number >= 0)


@pytest.mark.parametrize(("x", "expected"), [("-1e-13", 0), ("0", 1), ("1e-300", 1), ("-1e-300", 0), ("-0.0", 1)])
def test_the_step_of_a_tiny_number_is_that_of_its_sign(x: str, expected: int) -> None:
    assert fm.solve("step", x=float(x))["step"] == expected


@pytest.mark.parametrize("scale", [1, 10**-13, 10**6])
def test_a_sum_of_decimals_that_cancels_is_zero_and_its_step_one(scale: float) -> None:
    draw = Stream(1, "sum")
    for _ in range(DRAWS):
        w, x = decimals(draw, 4), decimals(draw, 4)
        off = draw.choice([0, 0, Fraction(1, 10**9), Fraction(-1, 10**9)])
        b = (off - dot(w, x)) * Fraction(scale)
        given = {"x": x, "w": [number * Fraction(scale) for number in w], "b": b}
        found = both_routes("y = w @ x + b; s = step(y)", given, "s")
        assert found == step_of(off * Fraction(scale)), given
        assert both_routes("y = w @ x + b; s = step(y)", given, "y") == float(off * Fraction(scale))


def test_seven_times_a_decimal_less_the_product_is_zero() -> None:
    assert both_routes("y = 7 * a - b; s = step(y)", {"a": Fraction("585.3"), "b": Fraction("4097.1")}, "s") == 1
    assert both_routes("y = 7 * a - b; s = step(y)", {"a": Fraction("585.3"), "b": Fraction("4097.1")}, "y") == 0


@pytest.mark.parametrize("activation", ["step", "relu", "leaky_relu"])
def test_an_output_of_a_convolution_that_is_zero_is_activated_as_zero(activation: str) -> None:
    draw = Stream(1, activation)
    for _ in range(DRAWS // 3):
        x, kernel = decimals(draw, 3, 4), decimals(draw, 2, 2)
        patch = [*x[0][:2], *x[1][:2]]
        kernel[1][1] = -dot(patch[:3], [*kernel[0], kernel[1][0]]) / patch[3] if patch[3] else kernel[1][1]
        found = both_routes(f"Y = conv2d(x, kernel); Z = {activation}(Y)", {"x": x, "kernel": kernel}, "Z")
        for i, j in np.ndindex(2, 3):
            exact = dot([*x[i][j : j + 2], *x[i + 1][j : j + 2]], [*kernel[0], *kernel[1]])
            kept = {"step": step_of(exact), "relu": max(exact, 0), "leaky_relu": exact if exact >= 0 else exact / 10}
            assert found[i, j] == float(kept[activation])


@pytest.mark.parametrize("through", ["z", "softmax(z)"])
def test_the_first_of_equal_scores_is_the_largest_however_they_came_about(through: str) -> None:
    draw = Stream(1, through)
    for _ in range(DRAWS):
        parts = decimals(draw, 2, 5)
        one, other = draw.integer(0, 4), draw.integer(0, 4)
        parts[0][one] = parts[0][other] + parts[1][other] - parts[1][one]
        scores = [a + b for a, b in zip(*parts, strict=True)]
        found = both_routes(f"z = a + b; q = {through}; k = argmax(q)", {"a": parts[0], "b": parts[1]}, "k")
        assert found == scores.index(max(scores)), parts


def test_a_difference_in_the_thirteenth_digit_decides() -> None:
    assert both_routes("k = argmax(x)", {"x": [Fraction(1), 1 + Fraction(1, 10**13)]}, "k") == 1
    assert both_routes("k = argmax(x)", {"x": [Fraction("1e-13"), Fraction("2e-13")]}, "k") == 1


def test_the_words_of_an_argmax_say_what_its_frame_says() -> None:
    text = str(fm.render(fm.solve("argmax", x=[1e-13, 2e-13]), "terminal"))
    assert "It is entry 2" in text
    assert "k = 1" in text


def test_equal_scores_are_right_for_the_first_class_only() -> None:
    scores = [[Fraction("0.1"), Fraction("0.3")], [Fraction("0.7"), Fraction("0.3")]]
    more = [[Fraction("0.2"), 0], [Fraction("0.1"), Fraction("0.5")]]
    for labels, expected in (([0, 0], 1), ([1, 1], 0), ([0, 1], 0.5)):
        values = {"a": scores, "b": more, "labels": labels}
        assert both_routes("s = a + b; r = accuracy(s, labels)", values, "r") == expected


@pytest.mark.parametrize(("threshold", "is_clipped"), [("0.3", False), ("0.29999999999999", True), ("0.31", False)])
def test_a_norm_is_above_the_threshold_only_if_it_is(threshold: str, is_clipped: bool) -> None:
    solution = fm.solve("clip_gradient", gradient=[0.1, 0.2, 0.2], threshold=Fraction(threshold))
    text = str(fm.render(solution, "terminal"))
    assert ("above the threshold, so the gradient is multiplied" in " ".join(text.split())) is is_clipped


def test_a_singular_value_of_one_is_one() -> None:
    text = str(fm.render(fm.solve("gradient_growth", W=[[0.6, 0.8], [-0.8, 0.6]], steps=5), "terminal"))
    assert "is 1: gradients neither" in text


@pytest.mark.parametrize("scale", [1, 10**-9, 10**9])
def test_a_mean_that_is_zero_is_zero_in_values_json_and_ranges(scale: float) -> None:
    x = [Fraction(n) * Fraction(scale) for n in ("0.1", "0.2", "-0.3")]
    solution = fm.solve("layer_norm", x=x)
    assert solution.marked.solution.worked.quantities["layer_norm"].value[0] > 0
    part = fm.solve("m = a + b; y = m * c", a=x[0] + x[1], b=x[2], c=1).to_dict()["parts"][0]
    assert (part["answer"], part["accept"]["low"], part["accept"]["high"]) == (0, 0, 0)
    assert "e-17" not in json.dumps(solution.to_dict())


def test_json_has_the_whole_number_that_the_page_prints() -> None:
    solution = fm.solve("add", x=9007199254740993, y=0)
    (part,) = solution.to_dict()["parts"]
    assert part["answer"] == 9007199254740993
    assert part["accept"] == {"low": 9007199254740993, "high": 9007199254740993}
    assert "9007199254740993" in str(fm.render(solution, "terminal"))


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [("y == 0", True), ("y < 0", False), ("y > 0", False), ("d >= 1e-13", True), ("d == 0", False), ("q == 3", True)],
)
def test_a_condition_is_decided_on_exact_numbers(condition: str, is_met: bool, tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(
        f"""
id = "p"
title = "P"
topic = "cnn"
setting = "{{a}}, {{b}}"
require = ["{condition}"]
[given]
a = {{ value = 585.3, draw = {{ choice = [585.3] }} }}
b = {{ value = 4097.1, draw = {{ choice = [4097.1] }} }}
[where]
y = "7 * a - b"
d = "1e-13 * a / 585.3"
q = "a * 3 / 585.3"
[[part]]
find = "y"
""",
        encoding="utf-8",
    )
    exercise = fm.load(path)
    if is_met:
        assert fm.solve(exercise.draw(0))["y"] == 0
    else:
        with pytest.raises(FullmarksError, match="require"):
            exercise.draw(0)


def test_the_gradient_of_relu_at_a_sum_that_cancels_is_that_at_zero() -> None:
    formulas = "y = w @ x + b; r = relu(y); L = r * c; g = gradient(L, x)"
    values = {"w": [0.1, 0.2], "x": [1, 1], "b": -0.3, "c": 2}
    assert fm.solve(formulas, **values)["g"].tolist() == [0, 0]


@pytest.mark.parametrize("name", ["softmax", "layer_norm", "add"])
def test_what_is_stored_of_a_value_is_the_float_nearest_to_it(name: str) -> None:
    values = {"add": {"x": [0.1], "y": [0.2]}}.get(name, {"x": [0.1, 0.2, 0.4]})
    worked = work(as_printed(problem_from_operator(name, values))).quantities[name]
    for exact, stored in zip(worked.numbers.flat, worked.value.flat, strict=True):
        assert stored == float(exact)
    assert isinstance(worked.numbers.flat[0], Fraction) == (name == "add")
