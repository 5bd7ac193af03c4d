"""The third route for the blocks of a transformer and what they are made of, in PyTorch's post-norm layers."""

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the third route is checked in CI")

from test_torch import DRAWS, main_result, numbers, ours, same, tensor  # noqa: E402 - it needs torch too

F = torch.nn.functional
HEADS_AND_WIDTHS = [(1, 3), (2, 4), (3, 6)]


def causal(length: int) -> Any:
    """Return PyTorch's mask, in which what is true is hidden."""
    return torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1)


def attention_weights(module: Any, ending: str = "") -> dict[str, Any]:
    """Return the weights of a ``MultiheadAttention`` as our operators name and turn them; it must have no biases."""
    turned = [part.T.tolist() for part in module.in_proj_weight.chunk(3)]
    names = [f"W_{letter}{ending}" for letter in "QKV"]
    return dict(zip(names, turned, strict=True)) | {f"W_O{ending}": module.out_proj.weight.T.tolist()}


def feed_forward_weights(layer: Any) -> dict[str, Any]:
    return {
        "W1": layer.linear1.weight.tolist(),
        "b1": layer.linear1.bias.tolist(),
        "W2": layer.linear2.weight.tolist(),
        "b2": layer.linear2.bias.tolist(),
    }


def norm_parameters(*norms: Any) -> dict[str, Any]:
    found = {}
    for place, norm in enumerate(norms, 1):
        found |= {f"gamma{place}": norm.weight.tolist(), f"beta{place}": norm.bias.tolist()}
    return found


def drawn(layer: Any, seed: int) -> Any:
    """Return the layer with random norms, and without the biases of attention, which ours does not have."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            if "attn" in name and "bias" in name:
                parameter.zero_()
            else:
                parameter.copy_(torch.randn_like(parameter))
    return layer.eval()


@pytest.mark.parametrize(("heads", "width"), HEADS_AND_WIDTHS)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("draw", range(4))
def test_the_encoder_block_is_torchs_layer_with_its_norms_after_the_sums(
    draw: int, masked: bool, heads: int, width: int
) -> None:
    layer = drawn(
        torch.nn.TransformerEncoderLayer(
            width, heads, dim_feedforward=5, dropout=0, norm_first=False, batch_first=True, dtype=torch.float64
        ),
        draw,
    )
    X = numbers(draw).normal(size=(3, width))
    found = main_result(
        "encoder_block",
        X=X.tolist(),
        heads=heads,
        **attention_weights(layer.self_attn),
        **feed_forward_weights(layer),
        **norm_parameters(layer.norm1, layer.norm2),
        **({"mask": "causal"} if masked else {}),
    )
    expected = layer(tensor(X)[None], src_mask=causal(3) if masked else None)[0]
    same(found, expected, f"draw {draw}: {heads} heads, masked {masked}")


@pytest.mark.parametrize(("heads", "width"), HEADS_AND_WIDTHS)
@pytest.mark.parametrize("draw", range(6))
def test_the_decoder_block_is_torchs_masked_layer_with_its_norms_after_the_sums(
    draw: int, heads: int, width: int
) -> None:
    layer = drawn(
        torch.nn.TransformerDecoderLayer(
            width, heads, dim_feedforward=5, dropout=0, norm_first=False, batch_first=True, dtype=torch.float64
        ),
        draw,
    )
    rng = numbers(draw)
    memory, tokens = rng.normal(size=(2, width)), rng.normal(size=(3, width))
    seen = rng.integers(0, 2, (3, 2))
    seen[:, 0] = 1
    common = {
        "X": memory.tolist(),
        "X2": tokens.tolist(),
        "heads": heads,
        **attention_weights(layer.self_attn),
        **attention_weights(layer.multihead_attn, "2"),
        **feed_forward_weights(layer),
        **norm_parameters(layer.norm1, layer.norm2, layer.norm3),
    }
    open_and_hidden: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, {"tgt_mask": causal(3)}),
        ({"mask": np.ones((3, 3)).tolist()}, {}),
        ({"mask2": seen.tolist()}, {"tgt_mask": causal(3), "memory_mask": torch.tensor(seen) == 0}),
    ]
    for masks, torchs_masks in open_and_hidden:
        expected = layer(tensor(tokens)[None], tensor(memory)[None], **torchs_masks)[0]
        same(main_result("decoder_block", **common, **masks), expected, f"draw {draw}: {heads} heads, {masks}")


@pytest.mark.parametrize("draw", DRAWS)
def test_a_causal_mask_hides_the_same_from_every_head_as_torchs(draw: int) -> None:
    rng = numbers(draw)
    X = rng.normal(size=(4, 6))
    W_Q, W_K, W_V, W_O = rng.normal(size=(4, 6, 6))
    module = torch.nn.MultiheadAttention(6, 3, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        module.in_proj_weight.copy_(tensor(np.concatenate([W_Q.T, W_K.T, W_V.T])))
        module.out_proj.weight.copy_(tensor(W_O.T))
    weights = {"W_Q": W_Q.tolist(), "W_K": W_K.tolist(), "W_V": W_V.tolist(), "W_O": W_O.tolist()}
    found = main_result("multi_head_attention", X=X.tolist(), heads=3, mask="causal", **weights)
    same(found, module(*[tensor(X)[None]] * 3, attn_mask=causal(4))[0][0], f"draw {draw}")


@pytest.mark.parametrize("draw", DRAWS)
def test_feed_forward_is_torchs_two_layers_for_one_token_and_for_several(draw: int) -> None:
    rng = numbers(draw)
    width, hidden, outputs = (int(n) for n in rng.integers(1, 5, 3))
    network = torch.nn.Sequential(
        torch.nn.Linear(width, hidden, dtype=torch.float64),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden, outputs, dtype=torch.float64),
    )
    parameters = {
        "W1": network[0].weight.tolist(),
        "b1": network[0].bias.tolist(),
        "W2": network[2].weight.tolist(),
        "b2": network[2].bias.tolist(),
    }
    for shape in ((width,), (3, width)):
        x = rng.normal(size=shape)
        same(main_result("feed_forward", x=x.tolist(), **parameters), network(tensor(x)), f"draw {draw}: {shape}")


@pytest.mark.parametrize("draw", DRAWS)
def test_embedding_and_concat_and_transpose_are_torchs(draw: int) -> None:
    rng = numbers(draw)
    E, more, tokens = rng.normal(size=(5, 3)), rng.normal(size=(2, 3)), rng.integers(0, 5, 4)
    found = main_result("embedding", E=E.tolist(), tokens=tokens.tolist())
    same(found, F.embedding(torch.tensor(tokens), tensor(E)), f"draw {draw}")
    same(main_result("concat", x=E.tolist(), y=more.tolist()), torch.cat([tensor(E), tensor(more)]), f"draw {draw}")
    same(main_result("transpose", x=E.tolist()), tensor(E).T, f"draw {draw}")


@pytest.mark.parametrize("draw", DRAWS)
def test_patches_are_torchs_unfolded_windows_turned(draw: int) -> None:
    rng = numbers(draw)
    channels, down, across, height, width = (int(n) for n in rng.integers(1, 4, 5))
    image = rng.normal(size=(channels, down * height, across * width))
    found = main_result("patches", image=image.tolist(), patch_size=[height, width])
    windows = F.unfold(tensor(image)[None], (height, width), stride=(height, width))[0].T
    same(found, windows, f"draw {draw}: {channels} channels, patches of {height}×{width}")
    gray = main_result("patches", image=image[0].tolist(), patch_size=[height, width])
    same(gray, windows[:, : height * width], f"draw {draw}: the first channel alone")


@pytest.mark.parametrize("draw", DRAWS)
def test_rnn_is_torchs_with_biases_and_outputs(draw: int) -> None:
    rng = numbers(draw)
    steps, inputs, hidden, outputs = (int(n) for n in rng.integers(1, 5, 4))
    module = torch.nn.RNN(inputs, hidden, dtype=torch.float64)
    head = torch.nn.Linear(hidden, outputs, dtype=torch.float64)
    x, h = rng.normal(size=(steps, inputs)), rng.normal(size=hidden)
    found = ours(
        "rnn",
        x=x.tolist(),
        h=h.tolist(),
        W_xh=module.weight_ih_l0.tolist(),
        W_hh=module.weight_hh_l0.tolist(),
        W_hy=head.weight.tolist(),
        b=(module.bias_ih_l0 + module.bias_hh_l0).tolist(),
        b_y=head.bias.tolist(),
    )
    states = module(tensor(x), tensor(h)[None])[0]
    same(found["h"], states, f"draw {draw}: {steps} steps")
    same(found["y"], head(states), f"draw {draw}: {steps} steps, {outputs} outputs")
