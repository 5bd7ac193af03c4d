"""Self- and cross-attention: both layouts tell the same story, and misfits are named in the layout chosen."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array
from fullmarks.operators import load_operator
from fullmarks.operators._binding import bind
from fullmarks.operators._operator import check_arguments, results_of, wrong_result

X = [[1, 0, 2], [0, 1, 1]]  # two tokens of three features
X2 = [[2, 1, 0], [1, 0, 1], [0, 3, 1]]
W_Q = [[1, 0], [2, 1], [0, -1]]
W_K = [[0, 1], [1, 1], [-1, 0]]
W_V = [[1, 2, 0, 1], [0, 1, 1, 0], [2, 0, 1, -1]]
TENSORS = {"X": X, "X2": X2, "W_Q": W_Q, "W_K": W_K, "W_V": W_V}
MASK = [[1, 0], [1, 1], [0, 1]]  # a row for each token of X2
RESULTS = ("output", "weights", "scores", "Q", "K", "V")


def results(name: str, **values: Any) -> dict[str, Array]:
    operator = load_operator(name)
    assert operator.working is not None
    arguments = bind(name, operator.arguments, values)
    check_arguments(operator, arguments)
    return {part: value.value for part, value in results_of(operator, operator.working(**arguments), arguments).items()}


def turned(tensors: dict[str, list[list[int]]]) -> dict[str, Any]:
    return {name: np.transpose(rows).tolist() for name, rows in tensors.items()} | {"layout": "columns"}


@pytest.mark.parametrize("mask", [None, "causal", MASK])
def test_the_column_layout_is_the_row_layout_turned_and_a_mask_stays_as_it_is(mask: Any) -> None:
    rows = results("cross_attention", mask=mask, **TENSORS)
    columns = results("cross_attention", mask=mask, **turned(TENSORS))
    for part in RESULTS:
        assert np.allclose(rows[part], columns[part].T), part


def test_the_column_form_without_scaling_is_v_times_softmax_of_keys_and_one_query() -> None:
    found = results("cross_attention", scale=False, **turned(TENSORS))["output"]
    keys, values = np.transpose(W_K) @ np.transpose(X), np.transpose(W_V) @ np.transpose(X)
    for place, token in enumerate(X2):
        powers = np.exp(keys.T @ (np.transpose(W_Q) @ token))
        assert np.allclose(found[:, place], values @ (powers / powers.sum()))


def test_self_attention_is_cross_attention_of_tokens_to_themselves() -> None:
    own = {name: tensor for name, tensor in TENSORS.items() if name != "X2"}
    one = results("self_attention", mask="causal", **own)
    other = results("cross_attention", mask="causal", **own, X2=X)
    for part in RESULTS:
        assert np.allclose(one[part], other[part]), part


def test_a_token_hidden_by_the_mask_gets_no_weight() -> None:
    assert results("cross_attention", mask=MASK, **TENSORS)["weights"][0].tolist() == [1, 0]


@pytest.mark.parametrize("name", ["attention", "self_attention", "cross_attention"])
@pytest.mark.parametrize("scale", [4, -0.5, Fraction(1, 3)])
def test_a_number_as_scale_is_a_factor_of_the_products_on_both_routes(name: str, scale: Any) -> None:
    arguments = {"Q": X, "K": X, "V": X} if name == "attention" else TENSORS
    if name == "self_attention":
        arguments = {key: value for key, value in TENSORS.items() if key != "X2"}
    plain = results(name, scale=False, **arguments)["scores"]
    assert np.allclose(results(name, scale=scale, **arguments)["scores"], plain * float(scale))
    solution = fm.solve(name, scale=scale, **arguments)  # compares the routes
    assert np.allclose(solution[f"{name}.scores"], plain * float(scale))


def test_who_divides_by_the_scale_given_or_scales_by_the_root_is_recognised() -> None:
    lists = {"Q": [[1, 2], [0, 1]], "K": [[1, 0], [2, 1]], "V": [[1, 2], [3, 4]]}

    def wrong(said: str, **scale: float) -> list[Any]:
        known = fm.solve("attention", **scale, **lists).to_dict()["parts"][0]["wrong"]
        return [one["answer"] for one in known if said in one["because"]]

    assert np.allclose(wrong("divided by the scale", scale=0.25), fm.solve("attention", scale=4, **lists)["attention"])
    assert np.allclose(wrong("by the scale given", scale=0.25), fm.solve("attention", **lists)["attention"])
    assert not wrong("instead of its root", scale=0.25)
    assert not wrong("the scale")


def test_weights_that_fit_only_the_other_layout_are_refused_with_both_shapes() -> None:
    with pytest.raises(
        FullmarksError, match=r"cross_attention: W_K is 3×2 but X is 3×2: W_K has 2 columns and X 3 rows"
    ):
        results("cross_attention", **(turned(TENSORS) | {"W_K": W_K}))


def test_queries_and_keys_of_different_lengths_are_refused() -> None:
    with pytest.raises(
        FullmarksError, match=r"self_attention: W_Q is 3×1 but W_K is 3×2: W_Q has 1 column and W_K 2 columns"
    ):
        results("self_attention", X=X, W_Q=[[1], [2], [3]], W_K=W_K, W_V=W_V)


def test_a_mask_for_another_number_of_tokens_is_refused_in_both_layouts() -> None:
    for tensors in (TENSORS, turned(TENSORS)):
        with pytest.raises(FullmarksError, match="cross_attention: mask is 2×2"):
            results("cross_attention", mask=[[1, 1], [1, 1]], **tensors)


@pytest.mark.parametrize("name", ["attention", "self_attention", "cross_attention"])
def test_a_scale_of_zero_is_refused(name: str) -> None:
    arguments = {"Q": X, "K": X, "V": X} if name == "attention" else TENSORS
    if name == "self_attention":
        arguments = {key: value for key, value in TENSORS.items() if key != "X2"}
    with pytest.raises(FullmarksError, match=f"{name}: scale is 0"):
        results(name, scale=0, **arguments)


@pytest.mark.parametrize("layout", ["rows", "columns"])
def test_a_softmax_over_the_queries_makes_the_weights_of_each_key_add_to_one(layout: str) -> None:
    operator = load_operator("cross_attention")
    tensors = TENSORS if layout == "rows" else turned(TENSORS)
    arguments = bind("cross_attention", operator.arguments, tensors)
    wrong = next(one for one in operator.mistakes if "over the queries" in one.because)
    result = wrong_result(operator, wrong, arguments)
    assert result is not None
    weights = results_of(operator, result, arguments)["weights"].value
    assert np.allclose(weights.sum(axis=0 if layout == "rows" else 1), 1)
