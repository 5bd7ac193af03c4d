"""The third route to gradients: what torch's autograd finds for the same graphs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import fullmarks as fm

torch = pytest.importorskip("torch", reason="torch is not installed: the third route is checked in CI")
F = torch.nn.functional

Arrays = dict[str, np.ndarray]
DRAWS = range(8)


def numbers(draw: int) -> np.random.Generator:
    return np.random.default_rng(draw)


def compare(formulas: str, arrays: Arrays, wanted: list[str], torch_loss: Callable[..., Any]) -> None:
    """Compare every gradient of L with autograd's; integers are passed on as they are."""
    asked = "; ".join(f"g_{name} = gradient(L, {name})" for name in wanted)
    solution = fm.solve(f"{formulas}; {asked}", **{name: value.tolist() for name, value in arrays.items()})
    leaves = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=name in wanted) for name, value in arrays.items()
    }
    loss = torch_loss(**leaves)
    np.testing.assert_allclose(solution["L"], loss.detach().numpy(), rtol=1e-9)
    for name, found in zip(wanted, torch.autograd.grad(loss, [leaves[name] for name in wanted]), strict=True):
        np.testing.assert_allclose(solution[f"g_{name}"], found.numpy(), rtol=1e-8, atol=1e-11, err_msg=name)


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu"])
def test_two_layers_with_softmax_loss(activation: str, draw: int) -> None:
    rng = numbers(draw)
    arrays = {"x": rng.normal(size=3), "W1": rng.normal(size=(4, 3)), "b1": rng.normal(size=4)}
    arrays |= {"W2": rng.normal(size=(3, 4)), "b2": rng.normal(size=3)}
    functions = {"leaky_relu": lambda z: F.leaky_relu(z, 0.1), "gelu": F.gelu, "elu": F.elu}
    function = functions.get(activation) or getattr(torch, activation)

    def loss(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        return F.cross_entropy((W2 @ function(W1 @ x + b1) + b2)[None], torch.tensor([1]))

    formulas = f"h = {activation}(linear(x, W1, b1)); L = softmax_loss(linear(h, W2, b2), 1)"
    compare(formulas, arrays, list(arrays), loss)


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize(("name", "reduction"), [("square_loss", "sum"), ("mse_loss", "mean"), ("mae_loss", "l1")])
def test_losses_of_a_batch(name: str, reduction: str, draw: int) -> None:
    rng = numbers(draw)
    arrays = {"x": rng.normal(size=(3, 2)), "W": rng.normal(size=(2, 2)), "b": rng.normal(size=2)}
    arrays["t"] = rng.normal(size=(3, 2))

    def loss(x: Any, W: Any, b: Any, t: Any) -> Any:
        outputs = F.linear(x, W, b)
        return F.l1_loss(outputs, t) if reduction == "l1" else F.mse_loss(outputs, t, reduction=reduction)

    compare(f"L = {name}(linear(x, W, b), t)", arrays, ["x", "W", "b"], loss)


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("pool", ["max_pool2d", "avg_pool2d"])
def test_convolution_and_pooling(pool: str, draw: int) -> None:
    rng = numbers(draw)
    arrays = {"A": rng.normal(size=(2, 5, 5)), "K": rng.normal(size=(2, 2, 3, 3)), "b": rng.normal(size=2)}
    arrays["t"] = rng.normal(size=8)

    def loss(A: Any, K: Any, b: Any, t: Any) -> Any:
        maps = torch.relu(F.conv2d(A[None], K, b, padding=1, stride=1))
        return ((getattr(F, pool)(maps, 3, 2)[0].flatten() - t) ** 2).sum()

    formulas = f"P = {pool}(relu(conv2d(A, K, b, padding=1)), size=3, stride=2); L = square_loss(flatten(P), t)"
    compare(formulas, arrays, ["A", "K", "b"], loss)


@pytest.mark.parametrize("draw", DRAWS)
def test_attention_with_a_mask_and_layer_norm(draw: int) -> None:
    rng = numbers(draw)
    arrays = {"X": rng.normal(size=(3, 4)), "A": rng.normal(size=(4, 2)), "B": rng.normal(size=(4, 2))}
    arrays |= {"C": rng.normal(size=(4, 2)), "t": rng.normal(size=(3, 2))}

    def loss(X: Any, A: Any, B: Any, C: Any, t: Any) -> Any:
        attended = F.scaled_dot_product_attention(X @ A, X @ B, X @ C, is_causal=True)
        return F.mse_loss(F.layer_norm(attended, (2,), eps=0.1), t)

    formulas = "Z = self_attention(X, A, B, C, mask=causal); L = mse_loss(layer_norm(Z, eps=0.1), t)"
    compare(formulas, arrays, ["X", "A", "B", "C"], loss)


@pytest.mark.parametrize("draw", DRAWS)
def test_lstm_over_two_steps(draw: int) -> None:
    rng = numbers(draw)
    arrays = {"x1": rng.normal(size=2), "x2": rng.normal(size=2), "h": rng.normal(size=2), "c": rng.normal(size=2)}
    arrays |= {"W": rng.normal(size=(8, 4)), "t": rng.normal(size=2)}

    def loss(x1: Any, x2: Any, h: Any, c: Any, W: Any, t: Any) -> Any:
        for x in (x1, x2):
            i, f, o, g = (W @ torch.cat([h, x])).split(2)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        return ((h - t) ** 2).sum()

    formulas = "s1 = lstm_cell(x1, h, c, W); s2 = lstm_cell(x2, s1.h, s1.c, W); L = square_loss(s2, t)"
    compare(formulas, arrays, ["W", "h", "c", "x1"], loss)


@pytest.mark.parametrize("draw", DRAWS)
def test_gru_and_maxout(draw: int) -> None:
    rng = numbers(draw)
    arrays = {"x": rng.normal(size=2), "h": rng.normal(size=2), "R": rng.normal(size=(2, 4))}
    arrays |= {
        "U": rng.normal(size=(2, 4)),
        "V": rng.normal(size=(2, 4)),
        "w": rng.normal(size=2),
        "v": rng.normal(size=2),
    }

    def loss(x: Any, h: Any, R: Any, U: Any, V: Any, w: Any, v: Any) -> Any:
        joined = torch.cat([h, x])
        r, z = torch.sigmoid(R @ joined), torch.sigmoid(U @ joined)
        new = torch.tanh(V @ torch.cat([r * h, x]))
        state = (1 - z) * new + z * h
        return torch.maximum(w @ state + 0.1, v @ state - 0.2)

    formulas = "s = gru_cell(x, h, R, U, V); L = maxout(s, w, 0.1, v, -0.2)"
    compare(formulas, arrays, ["x", "h", "R", "U", "V", "w", "v"], loss)


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("steps", [None, 1, 2])
@pytest.mark.parametrize("classes", [True, False])
def test_bptt_whole_and_cut_where_torch_detaches(classes: bool, steps: int | None, draw: int) -> None:
    rng = numbers(draw)
    x, h = rng.normal(size=(4, 2)), rng.normal(size=3)
    weights = {"W_xh": rng.normal(size=(3, 2)), "W_hh": rng.normal(size=(3, 3)), "W_hy": rng.normal(size=(2, 3))}
    targets = rng.integers(0, 2, 4) if classes else rng.normal(size=(4, 2))
    given = {name: value.tolist() for name, value in {"x": x, "h": h, **weights, "targets": targets}.items()}
    solution = fm.solve("B = bptt(x, h, W_xh, W_hh, W_hy, targets" + (f", steps={steps})" if steps else ")"), **given)
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in weights.items()}
    state, loss = torch.tensor(h), torch.tensor(0.0, dtype=torch.float64)
    for place, inputs in enumerate(torch.tensor(x)):
        if steps and place % steps == 0:
            state = state.detach()
        state = torch.tanh(leaves["W_xh"] @ inputs + leaves["W_hh"] @ state)
        output = leaves["W_hy"] @ state
        target = torch.tensor(targets[place])
        loss = loss + (F.cross_entropy(output, target) if classes else ((output - target) ** 2).sum())
    np.testing.assert_allclose(solution["B"], loss.detach().numpy(), rtol=1e-9)
    for name, found in zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True):
        np.testing.assert_allclose(solution[f"B.grad_{name}"], found.numpy(), rtol=1e-8, atol=1e-11, err_msg=name)


@pytest.mark.parametrize("draw", DRAWS)
def test_clipping_is_torchs_by_the_l2_norm(draw: int) -> None:
    gradient = numbers(draw).normal(scale=2, size=(2, 3))
    parameter = torch.zeros(2, 3, dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_norm_([parameter], 1.5)
    found = fm.solve("clip_gradient", gradient=gradient.tolist(), threshold=1.5)
    np.testing.assert_allclose(found["clip_gradient"], parameter.grad.numpy(), rtol=1e-6)  # torch adds 1e-6 to the norm
