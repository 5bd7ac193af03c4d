"""The third route: every operator that PyTorch has gives what PyTorch computes, for random shapes and options."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fullmarks.operators import load_operator, operator_names
from fullmarks.operators._binding import bind
from fullmarks.operators._operator import check_arguments, results_of
from fullmarks.solution.walk import evaluate_operator

torch = pytest.importorskip("torch", reason="torch is not installed: the third route is checked in CI")
F = torch.nn.functional

DRAWS = range(12)
Arrays = dict[str, np.ndarray]


def ours(name: str, **values: Any) -> Arrays:
    """Return every result of an operator, after both of our routes were seen to agree."""
    operator = load_operator(name)
    bound = bind(name, operator.arguments, values)
    check_arguments(operator, bound)
    assert operator.working is not None
    worked = results_of(operator, operator.working(**bound), bound)
    evaluated = evaluate_operator(operator, bound)
    for part, value in worked.items():
        np.testing.assert_allclose(value.value, evaluated[part], rtol=1e-9, atol=1e-12)
    return {part: value.value for part, value in worked.items()}


def main_result(name: str, **values: Any) -> np.ndarray:
    return ours(name, **values)[load_operator(name).results[0]]


def tensor(array: Any) -> Any:
    return torch.tensor(np.asarray(array), dtype=torch.float64)


def same(found: Any, expected: Any, what: str) -> None:
    np.testing.assert_allclose(found, expected.detach().numpy(), rtol=1e-9, atol=1e-12, err_msg=what)
    assert np.shape(found) == tuple(expected.shape), what


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(name not in operator_names(), reason=f"{name} is no operator yet")


def numbers(draw: int) -> np.random.Generator:
    return np.random.default_rng(draw)


@pytest.mark.parametrize("draw", range(40))
def test_conv2d_is_torchs_for_groups_dilation_strides_and_uneven_padding(draw: int) -> None:
    rng = numbers(draw)
    groups, depth, filters_a_group = (int(n) for n in rng.integers(1, 4, 3))
    height, width = (int(n) for n in rng.integers(5, 9, 2))
    size, dilation, stride = (rng.integers(1, top, 2).tolist() for top in (4, 3, 4))
    top, left, bottom, right = padding = rng.integers(0, 3, 4).tolist()
    x = rng.normal(size=(groups * depth, height, width))
    kernel = rng.normal(size=(groups * filters_a_group, depth, *size))
    bias = rng.normal(size=groups * filters_a_group)
    found = main_result(
        "conv2d", x=x.tolist(), kernel=kernel.tolist(), bias=bias.tolist(), stride=stride, padding=padding,
        dilation=dilation, groups=groups,
    )  # fmt: skip
    padded = F.pad(tensor(x), (left, right, top, bottom))
    expected = F.conv2d(padded[None], tensor(kernel), tensor(bias), stride=stride, dilation=dilation, groups=groups)[0]
    same(found, expected, f"draw {draw}: {size=} {stride=} {padding=} {dilation=} {groups=}")
    window = {"kernel_size": size, "stride": stride, "padding": padding, "dilation": dilation}
    lengths = main_result("conv2d_output_size", input_size=[height, width], **window)
    assert lengths.tolist() == list(expected.shape[1:]), f"draw {draw}: {window}"


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_padding_in_words_is_torchs_where_torch_has_it(padding: str, draw: int) -> None:
    rng = numbers(draw)
    x, kernel = rng.normal(size=(2, 6, 7)), rng.normal(size=(3, 2, *rng.integers(1, 5, 2)))
    dilation = 1 + draw % 2 if max(kernel.shape[2:]) < 4 else 1
    found = main_result("conv2d", x=x.tolist(), kernel=kernel.tolist(), padding=padding, dilation=dilation)
    expected = F.conv2d(tensor(x)[None], tensor(kernel), padding=padding, dilation=dilation)[0]
    same(found, expected, f"draw {draw}: kernel {kernel.shape} dilation {dilation}")


@pytest.mark.parametrize("draw", DRAWS)
def test_pooling_is_torchs(draw: int) -> None:
    rng = numbers(draw)
    x = rng.normal(size=(2, *rng.integers(5, 9, 2)))
    size, stride = rng.integers(2, 4, 2).tolist(), rng.integers(1, 4, 2).tolist()
    padding = [int(rng.integers(0, length // 2 + 1)) for length in size]
    common = {"x": x.tolist(), "size": size, "stride": stride, "padding": padding}
    what = f"draw {draw}: {size=} {stride=} {padding=}"
    largest = F.max_pool2d(tensor(x)[None], size, stride, padding)[0]
    same(main_result("max_pool2d", **common), largest, what)
    for counted in (True, False):
        average = F.avg_pool2d(tensor(x)[None], size, stride, padding, count_include_pad=counted)[0]
        same(main_result("avg_pool2d", **common, count_include_pad=counted), average, f"{what} {counted=}")
    unmoved = F.max_pool2d(tensor(x)[None], size)[0]
    same(main_result("max_pool2d", x=x.tolist(), size=size), unmoved, f"{what}, stride left to the window")
    lengths = main_result("pool2d_output_size", input_size=list(x.shape[1:]), size=size, stride=stride, padding=padding)
    assert lengths.tolist() == list(largest.shape[1:]), what
    same(main_result("global_avg_pool2d", x=x.tolist()), F.adaptive_avg_pool2d(tensor(x), 1).reshape(-1), what)


ELEMENTWISE: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]] = {
    "sigmoid": ({}, torch.sigmoid),
    "tanh": ({}, torch.tanh),
    "relu": ({}, torch.relu),
    "leaky_relu": ({"slope": 0.2}, lambda x: F.leaky_relu(x, 0.2)),
    "elu": ({"alpha": 1.5}, lambda x: F.elu(x, 1.5)),
    "gelu": ({}, F.gelu),
    "flatten": ({}, torch.flatten),
}


@pytest.mark.parametrize("name", sorted(set(ELEMENTWISE) & operator_names()))
@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 2)])
def test_activations_are_torchs(name: str, shape: tuple[int, ...]) -> None:
    options, function = ELEMENTWISE[name]
    x = numbers(sum(shape)).normal(scale=3, size=shape)
    same(main_result(name, x=x.tolist(), **options), function(tensor(x)), f"{name} of {shape}")


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_is_torchs_along_either_axis(axis: int) -> None:
    x = numbers(axis + 5).normal(scale=3, size=(3, 4))
    same(main_result("softmax", x=x.tolist(), axis=axis), torch.softmax(tensor(x), axis), f"axis {axis}")


@pytest.mark.parametrize("draw", DRAWS)
def test_linear_and_argmax_are_torchs(draw: int) -> None:
    rng = numbers(draw)
    batch, inputs, outputs = (int(n) for n in rng.integers(2, 6, 3))
    x, W, b = rng.normal(size=(batch, inputs)), rng.normal(size=(outputs, inputs)), rng.normal(size=outputs)
    expected = F.linear(tensor(x), tensor(W), tensor(b))
    same(main_result("linear", x=x.tolist(), W=W.tolist(), b=b.tolist()), expected, f"draw {draw}: a batch")
    one = main_result("linear", x=x[0].tolist(), W=W.tolist(), b=b.tolist())
    same(one, expected[0], f"draw {draw}: one vector")
    assert main_result("argmax", x=one.tolist()) == int(torch.argmax(expected[0])), f"draw {draw}"


@pytest.mark.parametrize("draw", DRAWS)
def test_the_softmax_loss_is_torchs_cross_entropy(draw: int) -> None:
    rng = numbers(draw)
    scores = rng.normal(scale=3, size=int(rng.integers(2, 7)))
    label = int(rng.integers(len(scores)))
    expected = F.cross_entropy(tensor(scores)[None], torch.tensor([label]))
    for written in (label, np.eye(len(scores), dtype=int)[label].tolist()):
        found = ours("softmax_loss", scores=scores.tolist(), label=written)
        same(found["loss"], expected, f"draw {draw}: label {written}")
        same(found["p"], torch.softmax(tensor(scores), 0), f"draw {draw}: label {written}")


@pytest.mark.parametrize("draw", DRAWS)
def test_cross_entropy_of_shares_is_torchs(draw: int) -> None:
    rng = numbers(draw)
    p, y = rng.dirichlet(np.ones(4), 2)
    expected = -(tensor(y) * torch.log(tensor(p))).sum()
    same(main_result("cross_entropy", p=p.tolist(), y=y.tolist()), expected, f"draw {draw}")


LOSSES: dict[str, Callable[[Any, Any], Any]] = {"mse_loss": F.mse_loss, "mae_loss": F.l1_loss}


@pytest.mark.parametrize("name", sorted(set(LOSSES) & operator_names()))
@pytest.mark.parametrize("draw", DRAWS)
def test_losses_are_torchs(name: str, draw: int) -> None:
    prediction, target = numbers(draw).normal(size=(2, 4))
    found = main_result(name, prediction=prediction.tolist(), target=target.tolist())
    same(found, LOSSES[name](tensor(prediction), tensor(target)), f"draw {draw}")


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_rnn_cell_is_torchs_with_its_two_biases_added(activation: str, draw: int) -> None:
    rng = numbers(draw)
    inputs, hidden = (int(n) for n in rng.integers(1, 5, 2))
    cell = torch.nn.RNNCell(inputs, hidden, nonlinearity=activation, dtype=torch.float64)
    x, h = rng.normal(size=inputs), rng.normal(size=hidden)
    found = main_result(
        "rnn_cell",
        x=x.tolist(),
        h=h.tolist(),
        W_xh=cell.weight_ih.tolist(),
        W_hh=cell.weight_hh.tolist(),
        b=(cell.bias_ih + cell.bias_hh).tolist(),
        activation=activation,
    )
    same(found, cell(tensor(x)[None], tensor(h)[None])[0], f"draw {draw}: {inputs} inputs, {hidden} hidden")


@pytest.mark.parametrize("draw", DRAWS)
def test_lstm_cell_is_torchs_with_gates_in_its_order_and_columns_swapped(draw: int) -> None:
    rng = numbers(draw)
    inputs, hidden = (int(n) for n in rng.integers(1, 5, 2))
    cell = torch.nn.LSTMCell(inputs, hidden, dtype=torch.float64)
    x, h, c = rng.normal(size=inputs), rng.normal(size=hidden), rng.normal(size=hidden)
    W = torch.cat([cell.weight_hh, cell.weight_ih], dim=1)
    b = cell.bias_ih + cell.bias_hh
    found = ours(
        "lstm_cell", x=x.tolist(), h=h.tolist(), c=c.tolist(), W=W.tolist(), b=b.tolist(), order="ifgo"
    )  # fmt: skip
    next_h, next_c = cell(tensor(x)[None], (tensor(h)[None], tensor(c)[None]))
    same(found["h"], next_h[0], f"draw {draw}: hidden state")
    same(found["c"], next_c[0], f"draw {draw}: cell state")
    ifog = torch.cat([W[: 2 * hidden], W[3 * hidden :], W[2 * hidden : 3 * hidden]])
    b_ifog = torch.cat([b[: 2 * hidden], b[3 * hidden :], b[2 * hidden : 3 * hidden]])
    default = ours("lstm_cell", x=x.tolist(), h=h.tolist(), c=c.tolist(), W=ifog.tolist(), b=b_ifog.tolist())
    same(default["h"], next_h[0], f"draw {draw}: the lecture's order")


@needs("gru_cell")
@pytest.mark.parametrize("draw", DRAWS)
def test_gru_cell_is_torchs_with_reset_after_and_update_keep(draw: int) -> None:
    rng = numbers(draw)
    inputs, hidden = (int(n) for n in rng.integers(1, 5, 2))
    cell = torch.nn.GRUCell(inputs, hidden, dtype=torch.float64)
    x, h = rng.normal(size=inputs), rng.normal(size=hidden)
    reset, update, new = torch.cat([cell.weight_hh, cell.weight_ih], dim=1).split(hidden)
    b_reset, b_update, _ = (cell.bias_ih + cell.bias_hh).split(hidden)
    found = ours(
        "gru_cell", x=x.tolist(), h=h.tolist(), W_r=reset.tolist(), W_z=update.tolist(), W_n=new.tolist(),
        b_r=b_reset.tolist(), b_z=b_update.tolist(), b_n=cell.bias_ih[2 * hidden :].tolist(),
        b_nh=cell.bias_hh[2 * hidden :].tolist(), reset="after", update="keep",
    )  # fmt: skip
    same(found["h"], cell(tensor(x)[None], tensor(h)[None])[0], f"draw {draw}")


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("mask", [None, "causal", "matrix"])
@pytest.mark.parametrize("scale", [True, False, 3, -0.5])
def test_attention_is_torchs(scale: bool | float, mask: str | None, draw: int) -> None:
    rng = numbers(draw)
    queries, keys, width, values = (int(n) for n in rng.integers(1, 5, 4))
    keys = queries if mask == "causal" else keys
    Q, K, V = (
        rng.normal(size=(queries, width)), rng.normal(size=(keys, width)), rng.normal(size=(keys, values))
    )  # fmt: skip
    seen = rng.integers(0, 2, (queries, keys))
    seen[:, 0] = 1
    expected = F.scaled_dot_product_attention(
        tensor(Q), tensor(K), tensor(V),
        attn_mask=torch.tensor(seen, dtype=torch.bool) if mask == "matrix" else None,
        is_causal=mask == "causal",
        scale=None if scale is True else 1.0 if scale is False else scale,
    )  # fmt: skip
    given_mask = {} if mask is None else {"mask": seen.tolist() if mask == "matrix" else mask}
    found = main_result("attention", Q=Q.tolist(), K=K.tolist(), V=V.tolist(), scale=scale, **given_mask)
    same(found, expected, f"draw {draw}: {queries} queries, {keys} keys")


@pytest.mark.parametrize("draw", DRAWS)
def test_self_attention_is_torchs_with_its_weights_transposed(draw: int) -> None:
    rng = numbers(draw)
    tokens, width = (int(n) for n in rng.integers(2, 5, 2))
    X = rng.normal(size=(tokens, width))
    W_Q, W_K, W_V = rng.normal(size=(3, width, width))
    module = torch.nn.MultiheadAttention(width, 1, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        module.in_proj_weight.copy_(tensor(np.concatenate([W_Q.T, W_K.T, W_V.T])))
        module.out_proj.weight.copy_(torch.eye(width))
    found = main_result("self_attention", X=X.tolist(), W_Q=W_Q.tolist(), W_K=W_K.tolist(), W_V=W_V.tolist())
    same(found, module(tensor(X)[None], tensor(X)[None], tensor(X)[None])[0][0], f"draw {draw}")


@needs("layer_norm")
@pytest.mark.parametrize("draw", DRAWS)
def test_layer_norm_is_torchs(draw: int) -> None:
    rng = numbers(draw)
    x, gamma, beta = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=4)
    found = main_result("layer_norm", x=x.tolist(), gamma=gamma.tolist(), beta=beta.tolist())
    same(found, F.layer_norm(tensor(x), (4,), tensor(gamma), tensor(beta)), f"draw {draw}")


@needs("batch_norm")
@pytest.mark.parametrize("draw", DRAWS)
def test_batch_norm_is_torchs_at_test_time(draw: int) -> None:
    rng = numbers(draw)
    maps, (mean, beta, gamma), var = rng.normal(size=(2, 3, 3)), rng.normal(size=(3, 2)), rng.uniform(0.5, 2, 2)
    found = main_result(
        "batch_norm", x=maps.tolist(), mean=mean.tolist(), var=var.tolist(), gamma=gamma.tolist(), beta=beta.tolist()
    )
    same(found, F.batch_norm(tensor(maps)[None], *map(tensor, (mean, var, gamma, beta)))[0], f"draw {draw}")


@needs("multi_head_attention")
@pytest.mark.parametrize("draw", DRAWS)
def test_multi_head_attention_is_torchs_with_its_weights_transposed(draw: int) -> None:
    rng = numbers(draw)
    heads, tokens = (int(n) for n in rng.integers(1, 4, 2))
    width = heads * int(rng.integers(1, 3))
    X = rng.normal(size=(tokens, width))
    W_Q, W_K, W_V, W_O = rng.normal(size=(4, width, width))
    module = torch.nn.MultiheadAttention(width, heads, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        module.in_proj_weight.copy_(tensor(np.concatenate([W_Q.T, W_K.T, W_V.T])))
        module.out_proj.weight.copy_(tensor(W_O.T))
    found = main_result(
        "multi_head_attention", X=X.tolist(), W_Q=W_Q.tolist(), W_K=W_K.tolist(), W_V=W_V.tolist(), W_O=W_O.tolist(),
        heads=heads,
    )  # fmt: skip
    same(found, module(tensor(X)[None], tensor(X)[None], tensor(X)[None])[0][0], f"draw {draw}: {heads} heads")


@needs("rnn")
@pytest.mark.parametrize("draw", DRAWS)
def test_rnn_is_torchs_at_every_step(draw: int) -> None:
    rng = numbers(draw)
    steps, inputs, hidden = (int(n) for n in rng.integers(1, 5, 3))
    module = torch.nn.RNN(inputs, hidden, bias=False, dtype=torch.float64)
    x, h = rng.normal(size=(steps, inputs)), rng.normal(size=hidden)
    found = ours(
        "rnn", x=x.tolist(), h=h.tolist(), W_xh=module.weight_ih_l0.tolist(), W_hh=module.weight_hh_l0.tolist()
    )
    same(found["h"], module(tensor(x), tensor(h)[None])[0], f"draw {draw}: {steps} steps")
