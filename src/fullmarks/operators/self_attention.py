"""self_attention: attention of the tokens X to one another.

Tokens are rows, Q = X W_Q, or columns, Q = W_Q X; a mask has a row for each token that asks and a column for each that
is asked in either layout.
"""

from fullmarks.math.expression import Array, Expr
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._attention import (
    LINE_SYMBOLS,
    PROJECTION_ARGUMENTS,
    PROJECTION_MISTAKES,
    SOURCE,
    Layout,
    Scale,
    attend,
    check_mask_and_scale,
    check_projections,
    projected_and_attended,
    queries_keys_and_values,
    weights_figure,
)
from fullmarks.operators._operator import Level, Numbers, Operator

ARGUMENTS = (
    Argument("X", Tensor("X_rows X_columns"), "tokens, rows or columns by layout"),
    *PROJECTION_ARGUMENTS,
)


def check(mask: Array | str | None, scale: Scale, layout: Layout, **tensors: Array) -> None:
    """Check that tokens, weights and mask fit one another in this layout, and that no token is blind."""
    check_projections("self_attention", layout, tensors | {"mask": mask})
    check_mask_and_scale("self_attention", mask, scale)


def evaluate(
    X: Array, W_Q: Array, W_K: Array, W_V: Array, mask: Array | str | None, scale: Scale, layout: Layout
) -> dict[str, Array]:
    """Return output, weights and scaled scores, and queries, keys and values, in the layout of the tokens."""
    return projected_and_attended(X, X, (W_Q, W_K, W_V), mask, scale, layout)


def working(X: Expr, W_Q: Expr, W_K: Expr, W_V: Expr, mask: Expr | str | None, scale: Scale, layout: Layout) -> Expr:
    """Make queries, keys and values, then attend."""
    Q, K, V = queries_keys_and_values(X, X, (W_Q, W_K, W_V), layout)
    return attend(Q, K, V, mask, scale, layout)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a few short tokens and small weights."""
    tokens, key_length = {"easy": (2, 2), "medium": (2, 3), "hard": (3, 4)}[level]
    drawn = {
        "X": numbers.integers(0, 2, tokens, 2),
        "W_Q": numbers.integers(-1, 1, 2, key_length),
        "W_K": numbers.integers(-1, 1, 2, key_length),
        "W_V": numbers.integers(-1, 2, 2, 2),
    }
    return drawn | {"mask": "causal"} if level == "hard" else drawn


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the self-attention layer.",
    source=SOURCE,
    symbol="Z",
    results=("output", "weights", "scores", "Q", "K", "V"),
    line_symbols=LINE_SYMBOLS,
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=PROJECTION_MISTAKES,
    sample=sample,
    figure=weights_figure,
)
