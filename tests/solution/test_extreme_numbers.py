"""Numbers that are very large, very small or of very different size: both routes agree, or the refusal is clear."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.adhoc import problem_from_operator
from fullmarks.problem.drawing import as_printed
from fullmarks.solution.agreement import refuse_disagreement, refuse_infinite
from fullmarks.solution.walk import evaluate_instance, work
from operator_inputs import sample_draws

PALETTES: Mapping[str, tuple[float, ...]] = {
    "zeros": (0,),
    "huge": (1e300, -1e300),
    "tiny": (1e-300, -1e-300),
    "of every size": (1e16, 1, -1e16, 1e-16, 3),
    "scores that overflow": (800, -800, 0),
    "nearly equal": (1, 1.0000000000001, 0.9999999999999),
}
COMPUTING = sorted(
    name
    for name in operator_names()
    if load_operator(name).working is not None and not load_operator(name).takes_quantities
)


def filled(shape: tuple[int, ...], palette: tuple[float, ...], start: int = 0) -> Any:
    numbers = [palette[(start + place) % len(palette)] for place in range(int(np.prod(shape, dtype=int)))]
    return np.array(numbers, dtype=float).reshape(shape).tolist()


@pytest.mark.parametrize("name", COMPUTING)
def test_both_routes_agree_on_extreme_numbers_or_the_refusal_is_clear(name: str) -> None:
    draw = sample_draws(name)[-1]
    for key, palette in PALETTES.items():
        values = dict(draw.values)
        for place, (argument, bound) in enumerate(draw.bound.items()):
            if argument in values and hasattr(bound, "shape") and not isinstance(values[argument], str):
                values[argument] = filled(bound.shape, palette, place)
        try:
            instance = as_printed(problem_from_operator(name, values))
            with np.errstate(all="ignore"):
                evaluated = evaluate_instance(instance.values, instance.problem.where)
                refuse_infinite(evaluated)
                refuse_disagreement(instance, work(instance), evaluated)
        except FullmarksError:
            continue
        except Exception as crash:
            raise AssertionError(f"{name} of numbers that are {key}: {values}") from crash


def test_an_average_is_not_spoilt_by_a_huge_neighbour() -> None:
    x = [[1e16, 1, 1], [1, 1, 1], [1, 1, 1]]
    assert fm.solve("avg_pool2d", x=x, size=2, stride=1)["avg_pool2d"][1].tolist() == [1, 1]


@pytest.mark.parametrize(("target", "loss"), [(0, 0), (1, 3200)])
def test_backpropagation_through_time_takes_scores_of_any_size(target: int, loss: float) -> None:
    weights = {"W_xh": [[1000], [-1000]], "W_hh": [[0, 0], [0, 0]], "W_hy": [[800, -800], [-800, 800]]}
    solution = fm.solve("bptt", x=[[1]], h=[1, 1], targets=[target], **weights)
    assert solution["bptt"] == pytest.approx(loss)


@pytest.mark.parametrize("scale", [1e300, 1e-300])
def test_singular_values_whose_squares_are_no_floats_are_refused(scale: float) -> None:
    with pytest.raises(FullmarksError, match=r"singular_values.*sizes from 1e-150 to 1e\+150"):
        fm.solve("singular_values", W=[[scale, 2 * scale], [3 * scale, scale]])


@pytest.mark.parametrize(("formulas", "named"), [("q = x / d; k = argmax(q)", "q:"), ("k = argmax(x / d)", "k:")])
def test_nothing_is_decided_by_a_number_that_was_divided_by_zero(formulas: str, named: str) -> None:
    with pytest.raises(FullmarksError, match=f"{named}.*not finite"):
        fm.solve(formulas, x=[1, 2], d=0)
