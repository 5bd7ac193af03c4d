"""multi_head_attention: attention of the tokens X to one another in several heads, joined and mixed by W_O.

Tokens are rows. The weights of all heads stand side by side in W_Q, W_K and W_V: head 1 has the first columns.
"""

from fullmarks.math.expression import Array, Expr, let
from fullmarks.operators._arguments import Argument, Tensor, Whole
from fullmarks.operators._attention import LINE_SYMBOLS, MASK_MEANING, attend, check_mask, queries_keys_and_values
from fullmarks.operators._heads import (
    SOURCE,
    check_heads,
    evaluate_heads,
    heads_figure,
    multi_head,
    sample_tokens,
    sample_weights,
    symbols_of_heads,
)
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("X", Tensor("T d"), "tokens, one a row"),
    Argument("W_Q", Tensor("d e"), "weights of the queries of all heads, side by side"),
    Argument("W_K", Tensor("d e"), "weights of the keys, likewise"),
    Argument("W_V", Tensor("d f"), "weights of the values, likewise"),
    Argument("W_O", Tensor("f m"), "weights of the output, acting on the heads side by side"),
    Argument("heads", Whole(), "number of heads", symbol="h"),
    Argument("mask", Tensor("T T", words=("causal",)), MASK_MEANING, default=None),
)


def check(W_Q: Array, W_V: Array, heads: int, mask: Array | str | None, **_others: object) -> None:
    """Check that the heads can share the columns, and that no token is blind."""
    check_heads("multi_head_attention", heads, W_Q=W_Q, W_V=W_V)
    check_mask("multi_head_attention", mask)


def evaluate(
    X: Array, W_Q: Array, W_K: Array, W_V: Array, W_O: Array, heads: int, mask: Array | str | None
) -> dict[str, Array]:
    """Return output, heads side by side, and queries, keys and values of all heads."""
    return evaluate_heads(X, X, (W_Q, W_K, W_V, W_O), heads, mask)


def working(X: Expr, W_Q: Expr, W_K: Expr, W_V: Expr, W_O: Expr, heads: int, mask: Expr | str | None) -> Expr:
    return multi_head(X, X, (W_Q, W_K, W_V, W_O), heads, mask)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return two tokens and two heads, of one column each where it is to be easy; masked where hard."""
    tokens, width, inner = {"easy": (2, 3, 2), "medium": (2, 3, 4), "hard": (3, 4, 4)}[level]
    drawn = {"X": sample_tokens(numbers, tokens, width), **sample_weights(numbers, width, inner), "heads": 2}
    return drawn | {"mask": "causal"} if level == "hard" else drawn


def _unscaled(X: Expr, W_Q: Expr, W_K: Expr, W_V: Expr, W_O: Expr, heads: int, mask: Expr | str | None) -> Expr:
    return multi_head(X, X, (W_Q, W_K, W_V, W_O), heads, mask, scale=1.0)


def _scaled_by_all(X: Expr, W_Q: Expr, W_K: Expr, W_V: Expr, W_O: Expr, heads: int, mask: Expr | str | None) -> Expr:
    return multi_head(X, X, (W_Q, W_K, W_V, W_O), heads, mask, scale=W_Q.shape[1] ** 0.5)


def _as_one_head(X: Expr, W_Q: Expr, W_K: Expr, W_V: Expr, W_O: Expr, mask: Expr | str | None) -> Expr:
    """Work all columns as the lines of head 1, so that only the other heads' marks are lost."""
    Q, K, V = queries_keys_and_values(X, X, (W_Q, W_K, W_V))
    only = attend(Q, K, V, mask, scale=True, below="1", output="H_1")
    return let("C", only, "All columns at once.") @ W_O


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of multi-head self-attention with {heads} heads.",
    source=SOURCE,
    symbol="O",
    results=("output", "C", "Q", "K", "V"),
    line_symbols={**LINE_SYMBOLS, **symbols_of_heads("")},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the scaling", result=_unscaled),
        mistake("divided by the root of the length of all heads together", result=_scaled_by_all),
        mistake("took all columns as one head", result=_as_one_head),
        mistake("left out the output weights", result=lambda C: C),
        mistake("ignored the mask", mask=None),
        mistake("exchanged the weights of queries and keys", W_Q=lambda W_K: W_K, W_K=lambda W_Q: W_Q),
    ),
    sample=sample,
    figure=heads_figure,
)
