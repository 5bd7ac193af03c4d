"""What all forms of attention share: the lines from queries, keys and values to the output, masks, and mistakes.

Tokens are rows, ``softmax(Q Kᵀ / √d_k) V``, or columns, ``V softmax(Kᵀ Q / √d_k)``, where each query's weights stand in
a column. A mask is written the same way for both, a row for each query and a column for each key, so that changing the
layout does not change who sees whom.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.figures import Figure
from fullmarks.math.figures.heat_maps import attention_map
from fullmarks.math.functions import exp, hide, sqrt
from fullmarks.math.gradient_products import product
from fullmarks.math.marks import A, Check, M
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators._arguments import Argument, Choice, FlagOrNumber, Tensor
from fullmarks.operators._binding import agree
from fullmarks.operators._operator import mistake
from fullmarks.operators._softmax import indexed, lowered

Layout = Literal["rows", "columns"]
Scale = bool | float

MASK_MEANING = "causal, or a 0/1 matrix where 0 hides; a row for each query, a column for each key"
MASK = Argument("mask", Tensor("T S", words=("causal",)), MASK_MEANING, default=None)
SCALE = Argument(
    "scale",
    FlagOrNumber(),
    "true for 1/√d_k, false for none, or the factor of Q Kᵀ itself, as in PyTorch",
    default=True,
)
SOURCE = "Vaswani et al. 2017, eq. 1"
LINE_SYMBOLS: Mapping[str, str] = {"scores": "S", "weights": "A"}

# The weights' letters differ from the tokens' because they depend on the layout: see check_projections().
PROJECTION_ARGUMENTS = (
    Argument("W_Q", Tensor("rows_Q columns_Q"), "weights of the queries: Q = X W_Q, or W_Q X where tokens are columns"),
    Argument("W_K", Tensor("rows_K columns_K"), "weights of the keys, likewise"),
    Argument("W_V", Tensor("rows_V columns_V"), "weights of the values, likewise"),
    Argument("mask", Tensor("queries keys", words=("causal",)), MASK_MEANING, default=None),
    SCALE,
    Argument("layout", Choice(("rows", "columns")), "whether tokens are the rows or the columns", default="rows"),
)
PROJECTION_SHAPES: Mapping[str, Mapping[Layout, str]] = {
    "X": {"rows": "S d", "columns": "d S"},
    "X2": {"rows": "T d_2", "columns": "d_2 T"},
    "W_K": {"rows": "d d_k", "columns": "d_k d"},
    "W_V": {"rows": "d d_v", "columns": "d_v d"},
    "mask": {"rows": "T S", "columns": "T S"},
}


def mask_matrix(mask: Expr | Array | str | None, shape: tuple[int, ...]) -> Array:
    """Return a 0/1 matrix of ``shape`` (queries, keys): 1 may be seen, 0 is hidden."""
    if mask is None:
        return np.ones(shape)
    if isinstance(mask, str):
        return np.tril(np.ones(shape))
    return mask.value if isinstance(mask, Expr) else mask


def check_mask_and_scale(operator_name: str, mask: Array | str | None, scale: Scale) -> None:
    """Refuse a mask of other numbers than 0 and 1, or one that hides everything from a token, and a scale of 0."""
    if scale is not False and scale == 0:
        raise FullmarksError(
            f"{operator_name}: scale is 0, which makes all weights equal; expected true for 1/√d_k, false for no "
            "scaling, or another factor of Q Kᵀ"
        )
    check_mask(operator_name, mask)


def check_mask(operator_name: str, mask: Array | str | None, argument: str = "mask") -> None:
    """Refuse a mask of other numbers than 0 and 1, or one that hides everything from a token."""
    if mask is None or isinstance(mask, str):
        return
    seen = mask_matrix(mask, ())
    if not np.isin(seen, (0, 1)).all():
        raise FullmarksError(f"{operator_name}: {argument} has other numbers than 0 (hidden) and 1 (seen)")
    if (seen.sum(axis=1) == 0).any():
        row = int(np.argmin(seen.sum(axis=1))) + 1
        raise FullmarksError(
            f"{operator_name}: {argument} hides every token from token {row}, expected at least one 1 in its row"
        )


def check_projections(operator_name: str, layout: Layout, tensors: Mapping[str, Array | str | None]) -> None:
    """Check that tokens, weights and mask fit one another in the layout chosen.

    Raises ``FullmarksError`` naming both shapes. Where there is no ``X2``, the queries come from ``X``.
    """
    shapes = {name: by_layout[layout] for name, by_layout in PROJECTION_SHAPES.items() if name in tensors}
    width = "d_2" if "X2" in tensors else "d"
    shapes["W_Q"] = f"{width} d_k" if layout == "rows" else f"d_k {width}"
    if "X2" not in tensors:
        shapes["mask"] = "S S"
    agree(operator_name, [Argument(name, Tensor(shape), "") for name, shape in shapes.items()], tensors)


def attended(Q: Array, K: Array, V: Array, mask: Array | str | None, scale: Scale) -> dict[str, Array]:
    """Return output (T, d_v), weights (T, S) and scaled scores (T, S), tokens being rows; plain NumPy."""
    factor = Q.shape[1] ** -0.5 if scale is True else float(scale or 1)
    scores = as_floats(np.einsum("tk,sk->ts", Q, K)) * factor
    visible = np.where(mask_matrix(mask, scores.shape) > 0, scores, -np.inf)
    powers = np.exp(visible - visible.max(axis=1, keepdims=True))
    weights = powers / powers.sum(axis=1, keepdims=True)
    return {"output": weights @ V, "weights": weights, "scores": scores}


def projected_and_attended(
    queries_from: Array,
    X: Array,
    weights: tuple[Array, Array, Array],
    mask: Array | str | None,
    scale: Scale,
    layout: Layout,
) -> dict[str, Array]:
    """Return all results of self- or cross-attention in the layout of their arguments; plain NumPy."""
    across = layout == "columns"
    tokens = [array.T if across else array for array in (queries_from, X, X)]
    Q, K, V = (one @ (W.T if across else W) for one, W in zip(tokens, weights, strict=True))
    results = attended(Q, K, V, mask, scale) | {"Q": Q, "K": K, "V": V}
    return {name: array.T if across else array for name, array in results.items()}


def project(X: Expr, W: Expr, layout: Layout) -> Expr:
    """Return ``X W`` where tokens are rows, ``W X`` where they are columns."""
    return X @ W if layout == "rows" else W @ X


def queries_keys_and_values(
    queries_from: Expr,
    X: Expr,
    weights: tuple[Expr, Expr, Expr],
    layout: Layout = "rows",
    below: str = "",
    opening: str = "",
) -> tuple[Expr, Expr, Expr]:
    """Return the lines Q, K and V; the reasons say where each comes from, the first after an ``opening``."""
    W_Q, W_K, W_V = weights
    crossed = queries_from is not X
    Q = let(
        indexed("Q", below),
        project(queries_from, W_Q, layout),
        opening + ("Queries, from the tokens that ask." if crossed else "Queries of all tokens."),
        M("queries"),
        A("values of Q"),
    )
    K = let(
        indexed("K", below),
        project(X, W_K, layout),
        "Keys, from the tokens that are asked." if crossed else "Keys of all tokens.",
        M("keys and values"),
        A("values of K"),
    )
    V = let(
        indexed("V", below),
        project(X, W_V, layout),
        "Values, from the same tokens as the keys." if crossed else "Values of all tokens.",
        A("values of V"),
        after=(Q, K),
    )
    return Q, K, V


def attend(
    Q: Expr,
    K: Expr,
    V: Expr,
    mask: Expr | str | None,
    scale: Scale,
    layout: Layout = "rows",
    below: str = "",
    output: str = RESULT,
) -> Expr:
    """Compare, scale, hide what the mask hides, softmax over the keys, weigh the values.

    Where there is more than one attention, ``below`` is the index of its lines and ``output`` names the last of them.
    """
    each, key_axis = ("row", 1) if layout == "rows" else ("column", 0)
    scores = _scores(Q, K, V, scale, layout, below)
    visible = scores
    if mask is not None:
        queries, keys = (Q.shape[0], K.shape[0]) if layout == "rows" else (Q.shape[1], K.shape[1])
        seen = mask_matrix(mask, (queries, keys))
        hidden = hide(scores, seen if layout == "rows" else seen.T)
        visible = let(f"S_m{below}", hidden, "A hidden token gets a score of −∞.", M("mask before the softmax"))
    visible = lowered(visible, key_axis, below)
    U = let(indexed("U", below), exp(visible), f"Softmax along each {each}: first the exponentials,", M("exponentials"))
    r = let(indexed("r", below), U.sum(axis=key_axis), f"their sum in each {each},")
    weights = let(
        indexed(LINE_SYMBOLS["weights"], below) if below else "weights",
        U / (r.reshape(-1, 1) if layout == "rows" else r.reshape(1, -1)),
        f"and each exponential divided by the sum of its {each}.",
        M("divided by their sum"),
        A("weights"),
        check=Check(f"The weights of each {each} add to 1.", lambda weights: weights.sum(axis=key_axis)),
    )
    weighed = weights @ V if layout == "rows" else V @ weights
    return let(output, weighed, "Weigh the values and add them up.", M("values times weights"), A("values"))


def _scores(Q: Expr, K: Expr, V: Expr, scale: Scale, layout: Layout, below: str) -> Expr:
    """Return the scaled scores; the values are worked before them, together with queries and keys."""
    by_rows = layout == "rows"
    products = Q @ K.T if by_rows else K.T @ Q
    compare = f"Compare every query with every key: a {'row' if by_rows else 'column'} for each query."
    name = indexed(LINE_SYMBOLS["scores"], below) if below else "scores"
    marks = M("product of queries and keys"), A("products")
    if scale is False:
        return let(name, products, compare, *marks, after=(V,))
    P = let(indexed("P", below), products, compare, *marks, after=(V,))
    if scale is not True:
        return let(name, product(constant(scale), P), "Multiply by the scale.", M("scaling"))
    key_length = constant(Q.shape[1] if by_rows else Q.shape[0], "d_k")
    return let(
        name,
        P / sqrt(key_length),
        f"Divide by the root of the length of a key, $d_k = {round(float(key_length.value))}$.",
        M("scaling"),
    )


def weights_figure(lines: Mapping[str, Expr], layout: Layout = "rows", **_others: object) -> Figure | None:
    """Show the weights as a heat map."""
    return attention_map([lines["weights"]], layout)


def normalised_across(U: Expr, layout: Layout) -> Expr:
    """Return the exponentials divided by their sums over the queries instead of the keys."""
    return U / U.sum(axis=0 if layout == "rows" else 1, keepdims=True)


def untransposed(Q: Expr, K: Expr, layout: Layout) -> Expr | None:
    """Return queries times keys without the transpose, where the shapes allow it."""
    left, right = (Q, K) if layout == "rows" else (K, Q)
    return left @ right if K.shape[0] == K.shape[1] else None


def divided_by_key_length(P: Expr, Q: Expr, scale: Scale, layout: Layout) -> Expr | None:
    """Return the products divided by d_k itself instead of its root, where they are scaled by the root."""
    return P / Q.shape[1 if layout == "rows" else 0] if scale is True else None


def divided_by_scale(P: Expr, scale: Scale) -> Expr | None:
    """Return the products divided by a scale that is a number, as if it were not their factor."""
    return None if isinstance(scale, bool) else P / constant(scale)


MISTAKES = (
    mistake("left out the scaling", scale=False),
    mistake("divided by the scale instead of multiplying by it", scores=divided_by_scale),
    mistake(
        "divided by the root of $d_k$ instead of multiplying by the scale given",
        scale=lambda scale: None if isinstance(scale, bool) else True,
    ),
    mistake("left out the softmax", weights=lambda scores: scores),
    mistake("ignored the mask", mask=None),
)
PROJECTION_MISTAKES = (
    *MISTAKES,
    mistake("divided by $d_k$ instead of its root", scores=divided_by_key_length),
    mistake("took the softmax over the queries instead of the keys", weights=normalised_across),
    mistake("forgot to transpose K", P=untransposed),
    mistake("exchanged the weights of queries and keys", W_Q=lambda W_K: W_K, W_K=lambda W_Q: W_Q),
    mistake(
        "transposed the weights",
        W_Q=lambda W_Q: W_Q.T,
        W_K=lambda W_K: W_K.T,
        W_V=lambda W_V: W_V.T,
    ),
)
