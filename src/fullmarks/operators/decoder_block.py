"""decoder_block: one block of the transformer's decoder; the tokens X2 attend to one another, then to the encoder's X.

Tokens are rows, and the norms come after the sums: N1 = LayerNorm(X2 + MaskedMultiHead(X2)), then
N2 = LayerNorm(N1 + MultiHead(queries from N1, keys and values from X)), then LayerNorm(N2 + FeedForward(N2)).
As in ``cross_attention``, X2 asks and X is asked.
"""

from fullmarks.math.expression import Array, Expr
from fullmarks.math.numbers import Exact
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._attention import MASK_MEANING, check_mask
from fullmarks.operators._block import (
    FEED_FORWARD,
    HEADS,
    SOURCE,
    add_and_norm,
    attention_to,
    attention_weights,
    evaluate_add_and_norm,
    evaluate_attention_to,
    evaluate_feed_forward_of,
    feed_forward_and_norm,
    line_symbols,
    norm_parameters,
    sample_block,
)
from fullmarks.operators._heads import check_heads, sample_tokens, symbols_of_heads
from fullmarks.operators._norm import EPS, check_eps
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

Mask = Expr | str | None
SELF = ("", "s", "self_attention")  # ending of its weights, index of its lines, name of its last line
CROSS = ("2", "c", "cross_attention")

ARGUMENTS = (
    Argument("X", Tensor("S d"), "output of the encoder, one token a row"),
    Argument("X2", Tensor("T d"), "tokens of the decoder, one a row"),
    *attention_weights(of=" in self-attention"),
    *attention_weights("2", " in cross-attention"),
    *FEED_FORWARD,
    HEADS,
    Argument(
        "mask",
        Tensor("T T", words=("causal",)),
        f"of self-attention: {MASK_MEANING}; none hides nothing",
        default="causal",
    ),
    Argument(
        "mask2",
        Tensor("T S", words=("causal",)),
        "of cross-attention, likewise; nothing is hidden by default",
        default=None,
    ),
    *norm_parameters(3),
    EPS,
)


def check(
    W_Q: Array,
    W_V: Array,
    W_Q2: Array,
    W_V2: Array,
    heads: int,
    mask: Array | str | None,
    mask2: Array | str | None,
    eps: Exact,
    **_others: object,
) -> None:
    """Check that the heads can share the columns, and that no token is blind."""
    check_heads("decoder_block", heads, W_Q=W_Q, W_V=W_V, W_Q2=W_Q2, W_V2=W_V2)
    check_mask("decoder_block", mask)
    check_mask("decoder_block", mask2, "mask2")
    check_eps("decoder_block", eps)


def evaluate(
    X: Array,
    X2: Array,
    heads: int,
    mask: Array | str | None,
    mask2: Array | str | None,
    eps: Exact,
    **parameters: Array,
) -> dict[str, Array]:
    """Return the output, and what each layer and norm on the way gives, all (T, d)."""
    own = evaluate_attention_to(X2, X2, heads, mask, parameters, "")
    first = evaluate_add_and_norm(X2, own, 1, eps, parameters)
    crossed = evaluate_attention_to(first, X, heads, mask2, parameters, "2")
    second = evaluate_add_and_norm(first, crossed, 2, eps, parameters)
    forward = evaluate_feed_forward_of(second, parameters)
    return {
        "output": evaluate_add_and_norm(second, forward, 3, eps, parameters),
        "self_attention": own,
        "norm1": first,
        "cross_attention": crossed,
        "norm2": second,
        "feed_forward": forward,
    }


def working(X: Expr, X2: Expr, heads: int, mask: Mask, mask2: Mask, eps: Exact, **parameters: Expr) -> Expr:
    own = attention_to(X2, X2, heads, mask, parameters, SELF, "Self-attention of the decoder's tokens. ")
    first = add_and_norm(X2, own, 1, eps, parameters)
    crossed = attention_to(first, X, heads, mask2, parameters, CROSS, "Cross-attention. ")
    second = add_and_norm(first, crossed, 2, eps, parameters)
    return feed_forward_and_norm(second, 3, eps, parameters)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return two tokens of the decoder and two of the encoder; more tokens or heads where it is to be harder."""
    tokens, width, heads = {"easy": (2, 3, 1), "medium": (3, 3, 1), "hard": (2, 4, 2)}[level]
    block = sample_block(numbers, tokens, width, heads, endings=("", "2"))
    return {"X": block.pop("X"), "X2": sample_tokens(numbers, 2, width)} | block


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the decoder block.",
    source=SOURCE,
    symbol="Y",
    results=("output", "self_attention", "norm1", "cross_attention", "norm2", "feed_forward"),
    line_symbols={**line_symbols(3), **symbols_of_heads("s", "c"), "self_attention": "O_s", "cross_attention": "O_c"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the mask of the self-attention", mask=None),
        mistake("ignored the mask of the cross-attention", mask2=None),
        mistake("left out the scaling in self-attention", S_s=lambda P_s: P_s),
        mistake("left out the scaling in cross-attention", S_c=lambda P_c: P_c),
        mistake(
            "took keys and values of the cross-attention from the decoder's tokens",
            X=lambda X, X2: X2 if X.shape == X2.shape else None,
        ),
        mistake("left out the residual connection around self-attention", R_1=lambda self_attention: self_attention),
        mistake("left out the first norm", norm1=lambda R_1: R_1),
        mistake("left out the residual connection around cross-attention", R_2=lambda cross_attention: cross_attention),
        mistake("left out the second norm", norm2=lambda R_2: R_2),
        mistake("left out the ReLU", G=lambda Z: Z),
        mistake(
            "left out the residual connection around the feed-forward network", R_3=lambda feed_forward: feed_forward
        ),
        mistake("left out the last norm", result=lambda R_3: R_3),
    ),
    sample=sample,
)
