"""What a mistake does to the working of every operator's samples: nothing that is asked for gets lost on the way."""

import inspect

import numpy as np
import pytest

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Let
from fullmarks.math.history import lines
from fullmarks.operators import load_operator, operator_names
from fullmarks.operators._operator import named_lines, results_of, starts_of, wrong_results
from operator_inputs import sample_draws

WITH_MISTAKES = [
    name
    for name in sorted(operator_names())
    if load_operator(name).mistakes and not load_operator(name).takes_quantities
]


@pytest.mark.parametrize("name", WITH_MISTAKES)
def test_a_mistake_never_makes_a_result_vanish(name: str) -> None:
    operator = load_operator(name)
    assert operator.working is not None
    for draw in sample_draws(name):
        right = operator.working(**draw.bound)
        expected = set(results_of(operator, right, draw.bound))
        for wrong in operator.mistakes:
            try:
                with np.errstate(all="ignore"):
                    found = wrong_results(operator, wrong, draw.bound, right)
            except FullmarksError:
                continue
            assert found is None or set(found) == expected, f"{draw}: {wrong.because!r} loses a result"


@pytest.mark.parametrize("name", WITH_MISTAKES)
def test_a_mistake_works_the_same_on_a_working_done_before_as_on_a_new_one(name: str) -> None:
    operator = load_operator(name)
    assert operator.working is not None
    for draw in sample_draws(name)[:1]:
        right = operator.working(**draw.bound)
        before = {line: value.value.copy() for line, value in named_lines(right, draw.bound).items()}
        for wrong in operator.mistakes:
            try:
                with np.errstate(all="ignore"):
                    shared, anew = (wrong_results(operator, wrong, draw.bound, one) for one in (right, None))
            except FullmarksError:
                continue
            assert (shared is None) == (anew is None)
            for result, value in (shared or {}).items():
                with np.errstate(all="ignore"):
                    np.testing.assert_array_equal(value.value, (anew or {})[result].value)
        for line, value in named_lines(right, draw.bound).items():
            np.testing.assert_array_equal(value.value, before[line])


@pytest.mark.parametrize("name", WITH_MISTAKES)
def test_lines_that_a_mistake_or_a_result_names_have_names_of_their_own(name: str) -> None:
    operator = load_operator(name)
    assert operator.working is not None
    named = {*operator.results, *(word for wrong in operator.mistakes for word in wrong.changes)}
    for wrong in operator.mistakes:
        for change in wrong.changes.values():
            named.update(inspect.signature(change).parameters if callable(change) else ())
    for draw in sample_draws(name):
        result = operator.working(**draw.bound)
        own = lines(result, starts_of(result, draw.bound))
        names = [line.operation.name for line in own if isinstance(line.operation, Let)]
        assert {one for one in names if names.count(one) > 1 and one in named} == set()
