"""attention: softmax(Q Kᵀ / √d_k) V, one row a token (Vaswani et al. 2017, eq. 1)."""

from fullmarks.math.expression import Array, Expr
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._attention import (
    LINE_SYMBOLS,
    MASK,
    MISTAKES,
    SCALE,
    SOURCE,
    Scale,
    attend,
    attended,
    check_mask_and_scale,
    divided_by_key_length,
    normalised_across,
    untransposed,
    weights_figure,
)
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("Q", Tensor("T d_k"), "queries, one row a token"),
    Argument("K", Tensor("S d_k"), "keys, one row a token"),
    Argument("V", Tensor("S d_v"), "values, one row a token"),
    MASK,
    SCALE,
)


def check(mask: Array | str | None, scale: Scale, **_others: object) -> None:
    """Check that no token is blind, and that the scale is not 0."""
    check_mask_and_scale("attention", mask, scale)


def evaluate(Q: Array, K: Array, V: Array, mask: Array | str | None, scale: Scale) -> dict[str, Array]:
    """Return output (T, d_v), weights (T, S) and scaled scores (T, S)."""
    return attended(Q, K, V, mask, scale)


def working(Q: Expr, K: Expr, V: Expr, mask: Expr | str | None, scale: Scale) -> Expr:
    """Compare, scale, hide what the mask hides, softmax along the rows, weigh the values."""
    return attend(Q, K, V, mask, scale)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a few short tokens."""
    tokens, width = {"easy": (2, 2), "medium": (3, 2), "hard": (3, 4)}[level]
    return {name: numbers.integers(0, 2, tokens, width) for name in ("Q", "K", "V")}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of scaled dot-product attention.",
    source=SOURCE,
    symbol="Z",
    results=("output", "weights", "scores"),
    line_symbols=LINE_SYMBOLS,
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        *MISTAKES,
        mistake(
            "divided by $d_k$ instead of its root",
            scores=lambda P, Q, scale: divided_by_key_length(P, Q, scale, "rows"),
        ),
        mistake("took the softmax down the columns", weights=lambda U: normalised_across(U, "rows")),
        mistake("forgot the transpose of K", P=lambda Q, K: untransposed(Q, K, "rows")),
    ),
    sample=sample,
    figure=weights_figure,
)
