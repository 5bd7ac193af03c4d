"""encoder_block: one block of the transformer's encoder, attention and a feed-forward network, each added and normed.

Tokens are rows: N1 = LayerNorm(X + MultiHead(X)), result = LayerNorm(N1 + FeedForward(N1)), the norms after the sums.
"""

from fullmarks.math.expression import Array, Expr
from fullmarks.math.numbers import Exact
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._attention import MASK_MEANING, check_mask, normalised_across
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
from fullmarks.operators._feed_forward import fed_forward
from fullmarks.operators._heads import check_heads, multi_head, symbols_of_heads
from fullmarks.operators._norm import EPS, check_eps, layer_normalised
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

Mask = Expr | str | None

ARGUMENTS = (
    Argument("X", Tensor("T d"), "tokens, one a row"),
    *attention_weights(),
    *FEED_FORWARD,
    HEADS,
    Argument("mask", Tensor("T T", words=("causal",)), MASK_MEANING, default=None),
    *norm_parameters(2),
    EPS,
)


def check(W_Q: Array, W_V: Array, heads: int, mask: Array | str | None, eps: Exact, **_others: object) -> None:
    """Check that the heads can share the columns, and that no token is blind."""
    check_heads("encoder_block", heads, W_Q=W_Q, W_V=W_V)
    check_mask("encoder_block", mask)
    check_eps("encoder_block", eps)


def evaluate(X: Array, heads: int, mask: Array | str | None, eps: Exact, **parameters: Array) -> dict[str, Array]:
    """Return the output, and what attention, the first norm and the feed-forward network give, all (T, d)."""
    attention = evaluate_attention_to(X, X, heads, mask, parameters, "")
    first = evaluate_add_and_norm(X, attention, 1, eps, parameters)
    forward = evaluate_feed_forward_of(first, parameters)
    output = evaluate_add_and_norm(first, forward, 2, eps, parameters)
    return {"output": output, "attention": attention, "norm1": first, "feed_forward": forward}


def working(X: Expr, heads: int, mask: Mask, eps: Exact, **parameters: Expr) -> Expr:
    attention = attention_to(X, X, heads, mask, parameters)
    first = add_and_norm(X, attention, 1, eps, parameters)
    return feed_forward_and_norm(first, 2, eps, parameters)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return two tokens and one head; two heads or a mask and scaled norms where it is to be harder."""
    match level:
        case "easy":
            return sample_block(numbers, tokens=2, width=3, heads=1)
        case "medium":
            return sample_block(numbers, tokens=2, width=4, heads=1) | {"mask": "causal"}
        case "hard":
            return sample_block(numbers, tokens=2, width=4, heads=2) | {
                "gamma2": numbers.decimals(0.5, 2, 4, step=0.5),
                "beta2": numbers.decimals(-1, 1, 4, step=0.5),
            }


def _norms_before_layers(  # noqa: PLR0913, PLR0917 - a mistake names all that it works with
    X: Expr,
    W_Q: Expr,
    W_K: Expr,
    W_V: Expr,
    W_O: Expr,
    W1: Expr,
    b1: Expr,
    W2: Expr,
    b2: Expr,
    heads: int,
    mask: Mask,
    gamma1: Expr,
    beta1: Expr,
    gamma2: Expr,
    beta2: Expr,
    eps: Exact,
) -> Expr:
    before = layer_normalised(X, gamma1, beta1, eps, "1", "norm1")
    total = X + multi_head(before, before, (W_Q, W_K, W_V, W_O), heads, mask, output="attention")
    between = layer_normalised(total, gamma2, beta2, eps, "2", "norm2")
    return total + fed_forward(between, (W1, b1, W2, b2), "feed_forward")


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the encoder block.",
    source=SOURCE,
    symbol="Y",
    results=("output", "attention", "norm1", "feed_forward"),
    line_symbols={**line_symbols(2), **symbols_of_heads(""), "attention": "O"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("ignored the mask", mask=None),
        mistake("left out the scaling", scores=lambda P: P),
        mistake("took the softmax down the columns", weights=lambda U: normalised_across(U, "rows")),
        mistake("left out the output weights", attention=lambda C: C),
        mistake("left out the residual connection around attention", R_1=lambda attention: attention),
        mistake("left out the first norm", norm1=lambda R_1: R_1),
        mistake("left out the ReLU", G=lambda Z: Z),
        mistake(
            "left out the residual connection around the feed-forward network", R_2=lambda feed_forward: feed_forward
        ),
        mistake("left out the last norm", result=lambda R_2: R_2),
        mistake("normalised before the layers instead of after the sums", result=_norms_before_layers),
    ),
    sample=sample,
)
