"""attention: softmax(Q Kᵀ / √d_k) V, one row a token (Vaswani et al. 2017, eq. 1)."""

import numpy as np

from fullmarks.math.expression import RESULT, A, Array, Expr, M, constant, let
from fullmarks.math.operations import exp, hide, sqrt
from fullmarks.operators._arguments import Argument, FlagOrNumber, Tensor
from fullmarks.operators._attention import ADD_TO_ONE, MASK, check_mask, mask_matrix
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("Q", Tensor("T d_k"), "queries, one row a token"),
    Argument("K", Tensor("S d_k"), "keys, one row a token"),
    Argument("V", Tensor("S d_v"), "values, one row a token"),
    MASK,
    Argument("scale", FlagOrNumber(), "divide by √d_k, or by a number of your own", default=True),
)


def evaluate(Q: Array, K: Array, V: Array, mask: Array | str | None, scale: bool | float) -> dict[str, Array]:
    """Return output (T, d_v), weights (T, S) and scaled scores (T, S)."""
    divisor = np.sqrt(Q.shape[1]) if scale is True else float(scale or 1)
    scores = Q @ K.T / divisor
    visible = np.where(mask_matrix(mask, scores.shape) > 0, scores, -np.inf)
    powers = np.exp(visible - visible.max(axis=1, keepdims=True))
    weights = powers / powers.sum(axis=1, keepdims=True)
    return {"output": weights @ V, "weights": weights, "scores": scores}


def working(Q: Expr, K: Expr, V: Expr, mask: Expr | str | None, scale: bool | float) -> Expr:
    """Compare, scale, hide what the mask hides, softmax along the rows, weigh the values."""
    S = let("P", Q @ K.T, "Compare every query with every key.", M("Q times the transpose of K"), A("products"))
    if scale is not False:
        divisor = sqrt(constant(Q.shape[1], "d_k")) if scale is True else constant(scale)
        S = let("scores", S / divisor, "Divide by the root of the key length.", M("scaling"))
    else:
        S = let("scores", S, "The products are not scaled.")
    visible = S
    if mask is not None:
        hidden = hide(S, mask_matrix(mask, S.shape))
        visible = let("S_m", hidden, "A hidden token gets a score of −∞.", M("mask before the softmax"))
    E = let("E", exp(visible), "Softmax along each row: first the exponentials,", M("exponentials"))
    D = let("D", E.sum(axis=1), "their sum in each row,")
    W = E / D.reshape(-1, 1)
    W = let("weights", W, "and each exponential divided by the sum of its row.", A("weights"), check=ADD_TO_ONE)
    return let(RESULT, W @ V, "Weigh the values and add them up.", M("weights times V"), A("values"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a few short tokens."""
    tokens, width = {"easy": (2, 2), "medium": (3, 2), "hard": (3, 4)}[level]
    return {name: numbers.integers(0, 2, tokens, width) for name in ("Q", "K", "V")}


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of scaled dot-product attention.",
    source="Vaswani et al. 2017, eq. 1",
    symbol="Z",
    results=("output", "weights", "scores"),
    line_symbols={"scores": "S", "weights": "A"},
    check=check_mask,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the division by √d_k", scale=False),
        mistake("divided by d_k instead of its root", scores=lambda P, Q: P / Q.shape[1]),
        mistake("took the softmax down the columns", weights=lambda E: E / E.sum(axis=0)),
        mistake("forgot the transpose of K", P=lambda Q, K: Q @ K if K.shape[0] == K.shape[1] else None),
        mistake("left out the softmax", weights=lambda scores: scores),
        mistake("ignored the mask", mask=None),
    ),
    sample=sample,
)
