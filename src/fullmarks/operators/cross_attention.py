"""cross_attention: attention of the tokens X2, which ask, to the tokens X, which are asked.

Tokens are rows, Q = X2 W_Q, or columns, Q = W_Q X2; a mask has a row for each token of X2 and a column for each of X in
either layout.
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
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("X", Tensor("X_rows X_columns"), "tokens that keys and values come from, rows or columns by layout"),
    Argument("X2", Tensor("X2_rows X2_columns"), "tokens that the queries come from, likewise"),
    *PROJECTION_ARGUMENTS,
)


def check(mask: Array | str | None, scale: Scale, layout: Layout, **tensors: Array) -> None:
    """Check that tokens, weights and mask fit one another in this layout, and that no token is blind."""
    check_projections("cross_attention", layout, tensors | {"mask": mask})
    check_mask_and_scale("cross_attention", mask, scale)


def evaluate(
    X: Array, X2: Array, W_Q: Array, W_K: Array, W_V: Array, mask: Array | str | None, scale: Scale, layout: Layout
) -> dict[str, Array]:
    """Return output, weights and scaled scores, and queries, keys and values, in the layout of the tokens."""
    return projected_and_attended(X2, X, (W_Q, W_K, W_V), mask, scale, layout)


def working(
    X: Expr, X2: Expr, W_Q: Expr, W_K: Expr, W_V: Expr, mask: Expr | str | None, scale: Scale, layout: Layout
) -> Expr:
    """Make queries, keys and values, then attend."""
    Q, K, V = queries_keys_and_values(X2, X, (W_Q, W_K, W_V), layout)
    return attend(Q, K, V, mask, scale, layout)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a few short tokens and small weights."""
    tokens, key_length = {"easy": (2, 2), "medium": (2, 3), "hard": (3, 4)}[level]
    return {
        "X": numbers.integers(0, 2, tokens, 2),
        "X2": numbers.integers(0, 2, 2, 2),
        "W_Q": numbers.integers(-1, 1, 2, key_length),
        "W_K": numbers.integers(-1, 1, 2, key_length),
        "W_V": numbers.integers(-1, 2, 2, 2),
    }


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the cross-attention layer.",
    source=SOURCE,
    symbol="Z",
    results=("output", "weights", "scores", "Q", "K", "V"),
    line_symbols=LINE_SYMBOLS,
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        *PROJECTION_MISTAKES,
        mistake("took the queries from X, and keys and values from X2", X=lambda X2: X2, X2=lambda X: X),
    ),
    sample=sample,
    figure=weights_figure,
)
