from fractions import Fraction

import numpy as np
import pytest
from histories import Program, numbers, programs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullmarks.errors import FullmarksError
from fullmarks.math.exact_forms import evaluate
from fullmarks.math.expression import (
    LARGEST_ARRAY,
    Expr,
    Let,
    constant,
    entry,
    is_leaf,
    is_named,
    leaf_source,
    let,
)
from fullmarks.math.expression import given as leaf
from fullmarks.math.functions import exp, is_nothing, pad, sigmoid, tanh, windows
from fullmarks.math.history import leaves, lines, replace
from fullmarks.math.operations import Plus

relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(1, abs(one), abs(other))


@relaxed
@given(programs())
def test_every_entry_of_a_history_expands_to_the_arrays_value(program: Program) -> None:
    for expression in program.expressions:
        for index in np.ndindex(expression.shape):
            expanded = entry(expression, index)
            assert expanded.shape == ()
            assert close(float(expanded.number), float(expression.value[index]))
            assert close(float(expanded.value), float(expression.value[index]))


@relaxed
@given(programs())
def test_expansions_are_made_of_single_entries_of_named_quantities(program: Program) -> None:
    result = program.result
    for index in list(np.ndindex(result.shape))[:5]:
        for one in leaves(entry(result, index)):
            source, place = leaf_source(one)
            assert is_named(source)
            assert len(place) == source.ndim


@relaxed
@given(programs())
def test_shapes_are_known_without_computing_and_are_right(program: Program) -> None:
    for expression in program.expressions:
        assert "value" not in vars(expression)
        assert expression.value.shape == expression.shape


@relaxed
@given(programs(), st.data())
def test_replacing_a_quantity_is_the_same_as_working_it_again(program: Program, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(program.givens))
    other = leaf("other", numbers(data.draw, chosen.shape))
    again = _replayed(program.result, {id(chosen): other})
    replaced = replace(program.result, {id(chosen): other})
    assert np.allclose(replaced.value, again, rtol=1e-9, atol=1e-12)
    assert replaced.shape == program.result.shape


def _replayed(expression: Expr, values: dict[int, Expr]) -> np.ndarray:
    """Compute a history from its leaves, by recursion and without remembering anything."""
    if id(expression) in values:
        return values[id(expression)].value
    arguments = [_replayed(argument, values) for argument in expression.arguments]
    return np.asarray(expression.operation.compute(*arguments))


@relaxed
@given(programs())
def test_replacing_nothing_keeps_the_history_itself(program: Program) -> None:
    assert replace(program.result, {}) is program.result


@relaxed
@given(programs(most_steps=10))
def test_every_line_comes_after_the_lines_it_needs_and_only_once(program: Program) -> None:
    found = lines(program.result, {})
    seen: set[int] = set()
    for line in found:
        assert id(line) not in seen
        needed = {id(one) for one in _named_below(line)}
        assert needed <= seen
        seen.add(id(line))
    assert seen == {id(one) for one in [program.result, *_named_below(program.result)] if _is_line(one)}


def _is_line(expression: Expr) -> bool:
    return isinstance(expression.operation, Let)


def _named_below(expression: Expr) -> list[Expr]:
    below = []
    for argument in expression.arguments:
        below += [argument] if _is_line(argument) else []
        below += _named_below(argument)
    return below


def test_lines_stop_at_what_is_known() -> None:
    a = let("a", leaf("x", [1, 2]) * 2, "")
    b = let("b", a + 1, "")
    c = let("c", b * a, "")
    assert [line.operation.name for line in lines(c, {id(b): b})] == ["a", "c"]
    assert [line.operation.name for line in lines(c, {id(a): a})] == ["b", "c"]
    assert lines(c, {id(c): c}) == []


def test_a_line_that_is_only_to_be_read_before_another_comes_before_it() -> None:
    size = let("n", constant(3) + 1, "")
    result = let("result", leaf("x", [1, 2]) * 2, "", after=[size])
    assert [line.operation.name for line in lines(result, {})] == ["n", "result"]
    assert result.value.tolist() == [2, 4]


def test_lines_come_in_the_order_of_the_formula() -> None:
    x = leaf("x", [1, 2])
    left, right = let("left", x * 2, ""), let("right", x * 3, "")
    assert [line.operation.name for line in lines(let("sum", left + right, ""), {})] == ["left", "right", "sum"]


def test_a_history_of_ten_thousand_steps_needs_no_recursion_for_lines_and_replacing() -> None:
    x = leaf("x", 1)
    last = x
    for place in range(10_000):
        last = let(f"l{place}", last + 1, "")
    assert len(lines(last, {})) == 10_000
    assert replace(last, {id(x): leaf("y", 2)}).arguments[0].arguments[0] is not last.arguments[0].arguments[0]


def test_decimals_stay_exact_through_products_and_sums() -> None:
    W, v = leaf("W", [[0.1, 0.2], [0.3, 0.4]]), leaf("v", [0.3, 0.7])
    product = let("p", W @ v, "")
    assert entry(product.arguments[0], (0,)).number == Fraction(17, 100)
    assert entry(product, (1,)).number == Fraction(37, 100)
    assert isinstance(entry(product, (1,)).number, Fraction)


def test_functions_with_well_known_values_stay_exact() -> None:
    zero = leaf("x", 0)
    assert exp(zero).number == 1
    assert tanh(zero).number == 0
    assert sigmoid(zero).number == Fraction(1, 2)
    assert all(isinstance(function(zero).number, Fraction) for function in (exp, tanh, sigmoid))
    assert isinstance(exp(leaf("x", 1)).number, float)


def test_an_entry_of_a_product_is_written_in_the_authors_order() -> None:
    W, v, b = leaf("W", [[1, 2], [3, 4]]), leaf("v", [5, 6]), leaf("b", [7, 8])
    row = entry(W @ v + b, (1,))
    sources = [(source.operation.name, index) for source, index in map(leaf_source, leaves(row))]
    assert sources == [("W", (1, 0)), ("v", (0,)), ("W", (1, 1)), ("v", (1,)), ("b", (1,))]


def test_what_follows_a_named_line_sees_only_its_name() -> None:
    z = let("z", leaf("W", [[1, 2]]) @ leaf("v", [3, 4]), "")
    expanded = entry(tanh(z), (0,))
    assert [leaf_source(one)[0] for one in leaves(expanded)] == [z]
    assert is_leaf(entry(z, (0,)))


def test_an_expansion_can_be_computed_from_other_values_of_its_leaves() -> None:
    W, v = leaf("W", [[1, 2]]), leaf("v", [3, 4])
    assert evaluate(entry(W @ v, (0,)), lambda one: 10 * one.exact_leaf) == 1100


def test_an_entry_is_expanded_once() -> None:
    product = leaf("W", [[1, 2]]) @ leaf("v", [3, 4])
    assert entry(product, (0,)) is entry(product, (0,))


def test_an_array_may_stand_before_an_expression() -> None:
    x = leaf("x", [[1, 2]])
    assert isinstance(np.float64(2) * x, Expr)
    assert (2 - x).value.tolist() == [[1, 0]]
    assert (2 / x).value.tolist() == [[2, 1]]
    assert (1 + x).value.tolist() == [[2, 3]]


def test_the_zero_of_an_absent_bias_leaves_no_trace_but_a_given_zero_does() -> None:
    x = leaf("x", [1, 2])
    assert x + constant(0) is x
    assert constant(0) + x is x
    assert isinstance((x + leaf("b", 0)).operation, Plus)
    assert not is_nothing(leaf("b", 0))
    assert not is_nothing(constant(0, "b"))


def test_a_sum_that_goes_on_stays_one_sum_unless_it_has_a_name() -> None:
    x = leaf("x", 1)
    assert len((x + 2 + 3).arguments) == 3
    assert len((let("s", x + 2, "") + 3).arguments) == 2


def test_a_million_entries_are_worked_and_one_more_is_refused() -> None:
    row, column = leaf("r", np.ones((1, 1001))), leaf("c", np.ones((1000, 1)))
    assert (row[:, :1000] * column).size == LARGEST_ARRAY
    with pytest.raises(FullmarksError, match="1,001,000 entries"):
        row * column


def test_padding_and_windows_place_entries_as_loops_do() -> None:
    rng = np.random.default_rng(1)
    x = rng.integers(-5, 5, (2, 5, 4))
    padded = np.zeros((2, 8, 6))
    padded[:, 1:6, 2:] = x
    found = windows(pad(leaf("x", x), [(1, 2), (2, 0)]), (2, 3), (2, 1), (3, 1))
    for c, i, j, m, n in np.ndindex(found.shape):
        assert found.value[c, i, j, m, n] == padded[c, 2 * i + 3 * m, j + n]
    assert found.shape == (2, 3, 4, 2, 3)


def test_a_number_made_from_whole_arrays_is_exact_without_being_expanded_first() -> None:
    x, one = leaf("x", [0.1, 0.2]), leaf("y", 0.1)
    assert (x @ x).number == Fraction(5, 100)
    assert x.mean().number == Fraction(15, 100)
    assert (x.max() + x[0]).number == Fraction(3, 10)
    assert (one.sum() + one.reshape() + one.max()).number == Fraction(3, 10)
