"""What is special about the parts of a transformer and about sequences: how they compose, and what they refuse."""

from typing import Any

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array
from fullmarks.problem.adhoc import problem_from_operator
from fullmarks.problem.drawing import as_printed
from fullmarks.solution.solve import solve_instance

X = [[1, 0, 2], [0, 1, 1]]  # two tokens of the encoder
X2 = [[2, 1, 0], [1, 0, 1], [0, 3, 1]]  # three of the decoder
HEAD = [[1, 0, 1, -1], [2, 1, 0, 1], [0, -1, 1, 1]]
OTHER = [[0, 1, -1, 1], [1, 1, 0, 0], [-1, 0, 2, 1]]
VALUES = [[1, 2, 0, 1], [0, 1, 1, 0], [2, 0, 1, -1]]
OUT = [[1, 0, 1], [0, 1, -1], [1, 1, 0], [0, -1, 1]]
ATTENTION = {"W_Q": HEAD, "W_K": OTHER, "W_V": VALUES, "W_O": OUT}
CROSS = {"W_Q2": OTHER, "W_K2": VALUES, "W_V2": HEAD, "W_O2": OUT}
FORWARD = {"W1": [[1, -1, 0], [0.5, 0, 1]], "b1": [0.5, -1], "W2": [[1, 0], [-1, 2], [0, 1]], "b2": [0, 1, -1]}
NORMS = {"gamma1": [1, 2, 0.5], "beta1": [0, 1, -1], "gamma2": [2, 1, 1], "beta2": [1, 0, 0]}
THIRD = {"gamma3": [0.5, 0.5, 2], "beta3": [0, 0, 3]}
GRU = {
    "x": [2, -1],
    "h": [0.5, -0.4],
    "W_r": [[0.1, -0.2, 0.3, 0.5], [0.4, 0.5, -0.6, 0.1]],
    "W_z": [[0.7, 0.1, 0.2, -0.3], [-0.3, 0.2, 0.1, 0.4]],
    "W_n": [[0.2, 0.6, -0.4, 0.3], [0.5, -0.1, 0.3, -0.2]],
}
NETWORK = {"x": [[3, 4], [1, 6], [2, -1]], "W_xh": [[0.5, 0.2], [0.2, 0.1]], "W_hh": [[0.1, 0.2], [0.3, 0.4]]}


def result(what: str, name: str = "", **givens: Any) -> Array:
    found: Array = fm.solve(what, **givens)[name or what]
    return found


def reasons(name: str, **givens: Any) -> list[str]:
    solution = solve_instance(as_printed(problem_from_operator(name, givens)))
    return [line.reason for line in solution.parts[0].lines]


def test_the_encoder_block_is_its_parts_one_after_another() -> None:
    parts = (
        "A = multi_head_attention(X, W_Q, W_K, W_V, W_O, heads=2, mask=causal); "
        "N = layer_norm(add(X, A), gamma1, beta1); "
        "F = feed_forward(N, W1, b1, W2, b2); "
        "Y = layer_norm(add(N, F), gamma2, beta2)"
    )
    steps = fm.solve(parts, X=X, **ATTENTION, **FORWARD, **NORMS)
    block = fm.solve("encoder_block", X=X, heads=2, mask="causal", **ATTENTION, **FORWARD, **NORMS)
    for own, part in {"attention": "A", "norm1": "N", "feed_forward": "F", "output": "Y"}.items():
        assert np.allclose(block[f"encoder_block.{own}"], steps[part]), own


def test_the_decoder_block_is_its_parts_and_asks_the_encoder_from_its_own_first_norm() -> None:
    parts = (
        "A = self_attention(X2, W_Q, W_K, W_V, mask=causal) @ W_O; "
        "N = layer_norm(add(X2, A), gamma1, beta1); "
        "C = cross_attention(X, N, W_Q2, W_K2, W_V2) @ W_O2; "
        "M = layer_norm(add(N, C), gamma2, beta2); "
        "F = feed_forward(M, W1, b1, W2, b2); "
        "Y = layer_norm(add(M, F), gamma3, beta3)"
    )
    givens = {"X": X, "X2": X2, **ATTENTION, **CROSS, **FORWARD, **NORMS, **THIRD}
    steps, block = fm.solve(parts, **givens), fm.solve("decoder_block", **givens)
    for own, part in {"self_attention": "A", "norm1": "N", "cross_attention": "C", "norm2": "M", "output": "Y"}.items():
        assert np.allclose(block[f"decoder_block.{own}"], steps[part]), own


def test_the_decoder_is_masked_unless_it_is_said_to_be_open() -> None:
    givens = {"X": X, "X2": X2, **ATTENTION, **CROSS, **FORWARD}
    usual = result("decoder_block", **givens)
    assert np.allclose(usual, result("decoder_block", mask="causal", **givens))
    opened = result("decoder_block", mask=np.ones((3, 3)).tolist(), **givens)
    assert not np.allclose(usual[0], opened[0])
    names = ", ".join(f"{name}={name}" for name in givens)
    assert np.allclose(opened, result(f"Y = decoder_block({names}, mask=none)", "Y", **givens))
    assert np.allclose(opened, result("decoder_block", mask=None, **givens))


def test_later_tokens_do_not_change_what_the_decoder_says_of_earlier_ones() -> None:
    givens = {"X": X, **ATTENTION, **CROSS, **FORWARD}
    changed = [*X2[:2], [5, -3, 2]]
    before, after = (result("decoder_block", X2=tokens, heads=2, **givens) for tokens in (X2, changed))
    assert np.allclose(before[:2], after[:2])
    assert not np.allclose(before[2], after[2])


@pytest.mark.parametrize("argument", ["mask", "mask2"])
def test_a_mask_that_blinds_a_token_of_the_decoder_is_refused_by_its_name(argument: str) -> None:
    mask = np.ones((3, 3 if argument == "mask" else 2))
    mask[1] = 0
    with pytest.raises(FullmarksError, match=rf"decoder_block: {argument} hides every token from token 2"):
        result("decoder_block", X=X, X2=X2, **ATTENTION, **CROSS, **FORWARD, **{argument: mask.tolist()})


def test_one_head_is_self_attention_times_the_output_weights() -> None:
    one = result("multi_head_attention", X=X, heads=1, **ATTENTION)
    alone = result("self_attention", X=X, W_Q=HEAD, W_K=OTHER, W_V=VALUES)
    assert np.allclose(one, alone @ np.array(OUT))


def test_every_head_attends_with_its_own_columns() -> None:
    joined = result("multi_head_attention", "multi_head_attention.C", X=X, heads=2, **ATTENTION)
    for head in range(2):
        own = [np.array(weights)[:, 2 * head : 2 * head + 2].tolist() for weights in (HEAD, OTHER, VALUES)]
        alone = result("self_attention", X=X, W_Q=own[0], W_K=own[1], W_V=own[2])
        assert np.allclose(joined[:, 2 * head : 2 * head + 2], alone), head


def test_the_working_says_which_columns_a_head_has() -> None:
    said = reasons("multi_head_attention", X=X, heads=2, **ATTENTION)
    assert "Head 2 works with columns 3 and 4 of the queries," in said
    assert said.index("Values of all tokens.") < said.index("Head 1 works with columns 1 and 2 of the queries,")


def test_heads_that_cannot_share_the_columns_are_refused_with_both_numbers() -> None:
    with pytest.raises(FullmarksError, match="encoder_block: heads is 3, but W_Q has 4 columns"):
        result("encoder_block", X=X, heads=3, **ATTENTION, **FORWARD)


def test_normalised_rows_have_mean_zero_and_variance_one() -> None:
    rows = result("layer_norm", x=[[1, 5, -2, 7], [0.1, 0.2, 0.3, 0.5]], eps=0)
    assert np.allclose(rows.mean(axis=1), 0)
    assert np.allclose(rows.var(axis=1), 1)


def test_a_row_of_equal_entries_becomes_the_shift_and_is_refused_without_epsilon() -> None:
    assert result("layer_norm", x=[3, 3], beta=[2, -1]).tolist() == [2, -1]
    with pytest.raises(FullmarksError, match="layer_norm: x has a row of equal entries and eps is 0"):
        result("layer_norm", x=[[1, 2], [3, 3]], eps=0)


def test_scale_and_shift_are_a_line_of_their_own_only_where_there_are_any() -> None:
    assert reasons("layer_norm", x=[1, 2, 6])[-1].startswith("Divide each difference by the root of the variance;")
    assert reasons("layer_norm", x=[1, 2, 6], beta=1)[-1] == r"Shift by $\beta$."
    assert reasons("layer_norm", x=[1, 2, 6], gamma=2)[-1] == r"Scale by $\gamma$."
    assert reasons("layer_norm", x=[1, 2, 6], gamma=2, beta=1)[-1] == r"Scale by $\gamma$ and shift by $\beta$."


def test_batch_norm_treats_every_entry_of_a_channel_alike() -> None:
    maps = [[[1, 5], [3, 1]], [[2, 2], [0, 4]]]
    found = result("batch_norm", x=maps, mean=[1, 2], var=[4, 1], gamma=[3, 1], beta=[0, 1], eps=0)
    assert found.tolist() == [[[0, 6], [3, 0]], [[1, 1], [-1, 3]]]


def test_a_negative_variance_is_refused() -> None:
    with pytest.raises(FullmarksError, match="batch_norm: var has the entry -1, expected none below 0"):
        result("batch_norm", x=[1], mean=[0], var=[-1])


def test_listed_positions_are_rows_of_the_encoding_from_zero_on() -> None:
    whole = result("positional_encoding", positions=6, d_model=4)
    assert np.allclose(result("positional_encoding", positions=[5, 2], d_model=4), whole[[5, 2]])


def test_an_odd_length_ends_with_a_sine() -> None:
    assert np.allclose(result("positional_encoding", positions=[3], d_model=3)[0, 2], np.sin(3 / 10000 ** (2 / 3)))


def test_moving_on_by_one_position_turns_every_pair_by_the_same_angle() -> None:
    rows = result("positional_encoding", positions=3, d_model=4, base=100)
    for pair, angle in ((0, 1), (2, 0.1)):
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        assert np.allclose(rows[1:, pair : pair + 2], rows[:-1, pair : pair + 2] @ turn.T)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"positions": 0}, "positions is 0"), ({"positions": [-1]}, "positions has -1"), ({"base": 0}, "base is 0")],
)
def test_encodings_that_mean_nothing_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(FullmarksError, match=f"positional_encoding: {message}"):
        result("positional_encoding", **{"positions": 2, "d_model": 4, **wrong})


def test_patches_of_an_image_with_channels_hold_one_channel_after_another() -> None:
    image = np.arange(16).reshape(2, 2, 4)
    assert result("patches", image=image.tolist(), patch_size=2).tolist() == [
        [0, 1, 4, 5, 8, 9, 12, 13],
        [2, 3, 6, 7, 10, 11, 14, 15],
    ]


def test_patches_that_do_not_cover_the_image_are_refused_with_both_sizes() -> None:
    with pytest.raises(FullmarksError, match=r"patches: patch_size 2×2 does not divide the image of 2×3"):
        result("patches", image=[[1, 2, 3], [4, 5, 6]], patch_size=2)


def test_more_patches_than_nine_are_not_printed_one_by_one() -> None:
    assert len(reasons("patches", image=np.arange(36).reshape(6, 6).tolist(), patch_size=2)) == 10
    assert len(reasons("patches", image=np.arange(64).reshape(8, 8).tolist(), patch_size=2)) == 1


@pytest.mark.parametrize("token", [-1, 3, 0.5])
def test_a_token_without_a_row_is_refused(token: float) -> None:
    with pytest.raises(FullmarksError, match=r"embedding: tokens has .*, expected whole numbers from 0 to 2"):
        result("embedding", E=[[1, 2], [3, 4], [5, 6]], tokens=[0, token])


def test_a_token_that_was_worked_out_keeps_its_working() -> None:
    solution = fm.solve("X = embedding(E, argmax(p))", E=[[1, 2], [3, 4]], p=[0.2, 0.8]).marked.solution
    assert solution.parts[0].lines[0].reason == "Find the largest entry."
    assert solution.worked.quantities["X"].value.tolist() == [3, 4]


def test_a_vector_and_rows_are_not_concatenated() -> None:
    with pytest.raises(FullmarksError, match=r'concat: .* expected as many axes in both; one row is written "1 2;"'):
        result("concat", x=[1, 2], y=[[1, 2], [3, 4]])


def test_the_last_layers_lead_to_a_word_of_the_vocabulary() -> None:
    words = 'w = argmax(softmax(linear(h, W)), labels=["the", "cat", "am"])'
    assert fm.solve(words, h=[1, -1], W=[[0, 1], [1, 1], [2, -1]])["w"] == "am"


def test_a_vision_transformer_can_be_asked_from_the_image_to_its_class() -> None:
    steps = (
        "P = patches(image, 2); T = linear(P, E); C = concat(token, T); S = add(C, positions); "
        "Y = encoder_block(S, W_Q, W_K, W_V, W_O, W1, b1, W2, b2); "
        'k = argmax(softmax(linear(embedding(Y, 0), head)), labels=["cat", "dog"])'
    )
    givens = {
        "image": np.arange(16).reshape(4, 4).tolist(),
        "E": [[0.1, 0, 0, 0], [0, 0.2, 0, -0.1], [0, 0, 0.1, 0]],
        "token": [[1, 0, 1]],
        "positions": [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]],
        "head": [[1, 0, 1], [0, 1, 0]],
    }
    solution = fm.solve(steps, **givens, **ATTENTION, **FORWARD)
    assert solution["S"].shape == (5, 3)
    assert solution["k"] in ("cat", "dog")


def test_the_network_is_its_cell_step_after_step_with_an_output_each() -> None:
    givens = {"h": [0.3, -0.2], "b": [0.1, -0.3], "W_hy": [[1, 2]], "b_y": [0.5], **NETWORK}
    whole = fm.solve("rnn", **givens)
    state: Any = givens["h"]
    for step, inputs in enumerate(NETWORK["x"]):
        state = result("rnn_cell", x=inputs, h=list(state), b=givens["b"], W_xh=NETWORK["W_xh"], W_hh=NETWORK["W_hh"])
        assert np.allclose(whole["rnn.h"][step], state), step
        assert np.allclose(whole["rnn.y"][step], state @ np.array([1, 2]) + 0.5), step


def test_an_output_bias_without_output_weights_is_refused() -> None:
    with pytest.raises(FullmarksError, match="rnn: b_y is the bias of an output, but there are no W_hy"):
        result("rnn", h=[0, 0], b_y=1, **NETWORK)


def test_keeping_by_z_and_renewing_by_one_minus_z_are_the_same() -> None:
    turned = {**GRU, "W_z": (-np.array(GRU["W_z"])).tolist()}
    assert np.allclose(result("gru_cell", **GRU), result("gru_cell", update="new", **turned))


def test_the_early_reset_comes_before_the_weights_and_the_late_one_after_them() -> None:
    r, h, x, W = (np.array(one) for one in ([0.5, 0.25], GRU["h"], GRU["x"], GRU["W_n"]))
    gates = {**GRU, "W_r": [[0, 0, 0, 0]] * 2, "b_r": [0, -np.log(3)]}  # opens the reset gate to 1/2 and 1/4
    early = np.tanh(W @ np.concatenate([r * h, x]))
    late = np.tanh(W[:, 2:] @ x + r * (W[:, :2] @ h + 0.3))
    assert np.allclose(result("gru_cell", "gru_cell.n", **gates), early)
    assert np.allclose(result("gru_cell", "gru_cell.n", reset="after", b_nh=0.3, **gates), late)


def test_a_reset_gate_that_is_open_makes_both_conventions_the_same() -> None:
    opened = {**GRU, "b_r": [60, 60]}
    assert np.allclose(result("gru_cell", **opened), result("gru_cell", reset="after", **opened))
    assert not np.allclose(result("gru_cell", **GRU), result("gru_cell", reset="after", **GRU))


def test_a_bias_that_only_a_late_reset_has_is_refused_with_an_early_one() -> None:
    with pytest.raises(FullmarksError, match=r'gru_cell: b_nh belongs to reset="after"'):
        result("gru_cell", b_nh=[1, 0], **GRU)


@pytest.mark.parametrize("name", ["encoder_block", "decoder_block", "multi_head_attention"])
@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_sampled_tokens_all_differ(name: str, level: Any) -> None:
    from fullmarks.operators import load_operator
    from fullmarks.problem.stream import Stream

    sample = load_operator(name).sample
    assert sample is not None
    for seed in range(20):
        tokens = sample(level, Stream("differ", name, level, seed))["X"]
        assert len({tuple(row) for row in tokens}) == len(tokens)
        assert all(len(set(row)) > 1 for row in tokens), "a row of equal entries is nothing once it is normalised"
