"""Attention with several heads: the lines from tokens to the heads' outputs side by side, times W_O.

Tokens are rows. ``W_Q``, ``W_K`` and ``W_V`` hold the weights of all heads side by side, so that head 1 has the first
columns of Q, K and V, head 2 the next, and so on (Vaswani et al. 2017, section 3.2.2).
"""

from collections.abc import Mapping
from itertools import product

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.figures import Figure
from fullmarks.math.figures.heat_maps import attention_map
from fullmarks.math.functions import join
from fullmarks.math.marks import A, M
from fullmarks.operators._attention import LINE_SYMBOLS, Scale, attend, mask_matrix, queries_keys_and_values
from fullmarks.operators._operator import Numbers
from fullmarks.operators._softmax import evaluate_softmax, indexed

SOURCE = "Vaswani et al. 2017, section 3.2.2"
MOST_HEADS_WITH_SYMBOLS = 16  # beyond this nobody reads the working of all of them
Weights = tuple[Expr, Expr, Expr, Expr]  # W_Q, W_K, W_V, W_O
Arrays = tuple[Array, Array, Array, Array]


def check_heads(operator_name: str, heads: int, **weights: Array) -> None:
    """Check that the columns of the weights can be shared out among the heads."""
    for name, array in weights.items():
        if array.shape[1] % heads:
            raise FullmarksError(
                f"{operator_name}: heads is {heads}, but {name} has {array.shape[1]} columns, "
                "which cannot be shared out equally"
            )


def symbols_of_heads(*stages: str) -> dict[str, str]:
    """Return the symbols of the lines of every head, its number in brackets above: entries have indices below.

    ``stages`` are the indices of the attentions in a block that has more than one; else give an empty one.
    """
    symbols = {}
    for stage in stages:
        below = f"_{{{stage}}}" if stage else ""
        for head in range(1, MOST_HEADS_WITH_SYMBOLS + 1):
            above = f"^{{({head})}}"
            symbols[f"S_m{stage}{head}"] = rf"\mathbf{{S}}_{{m{stage}}}{above}"
            symbols |= {f"{letter}_{stage}{head}": rf"\mathbf{{{letter}}}{below}{above}" for letter in "QKVPSUAHrmz"}
    return symbols


def multi_head(
    queries_from: Expr,
    X: Expr,
    weights: Weights,
    heads: int,
    mask: Expr | str | None,
    scale: Scale = True,
    below: str = "",
    output: str = RESULT,
    opening: str = "",
) -> Expr:
    """Make queries, keys and values, let every head attend to its columns, join the heads, multiply by W_O."""
    W_Q, W_K, W_V, W_O = weights
    Q, K, V = queries_keys_and_values(queries_from, X, (W_Q, W_K, W_V), below=below, opening=opening)
    name = indexed("C", below)
    if heads == 1:
        joined = attend(Q, K, V, mask, scale, below=below, output=name)
    else:
        found = [_head(head, heads, (Q, K, V), mask, scale, below) for head in range(1, heads + 1)]
        joined = let(name, join(found, axis=1), "Write the outputs of the heads side by side.", M("heads joined"))
    return let(output, joined @ W_O, "Mix them by the output weights.", M("times output weights"), A("values"))


def _head(
    head: int, heads: int, projected: tuple[Expr, Expr, Expr], mask: Expr | str | None, scale: Scale, below: str
) -> Expr:
    """Return one head's output, worked from its columns of queries, keys and values."""
    own = f"{below}{head}"
    parts: list[Expr] = []
    for letter, whole in zip("QKV", projected, strict=True):
        width = whole.shape[1] // heads
        first = (head - 1) * width
        reason = _columns_in_words(head, letter, first, width)
        columns = whole[:, first : first + width]
        parts.append(let(f"{letter}_{own}", columns, reason, after=(*projected, *parts)))
    Q, K, V = parts
    return attend(Q, K, V, mask, scale, below=own, output=f"H_{own}")


def _columns_in_words(head: int, letter: str, first: int, width: int) -> str:
    columns = f"column {first + 1}"
    if width > 1:
        columns = f"columns {first + 1} {'and' if width == 2 else 'to'} {first + width}"  # noqa: PLR2004 - both of two
    return {
        "Q": f"Head {head} works with {columns} of the queries,",
        "K": f"{columns} of the keys",
        "V": f"and {columns} of the values.",
    }[letter]


def weights_of_heads(lines: Mapping[str, Expr], heads: int, below: str = "") -> list[Expr]:
    """Return the line of weights of every head, found by the names that ``multi_head`` gives them."""
    letter = LINE_SYMBOLS["weights"]
    if heads == 1:
        return [lines[indexed(letter, below) if below else "weights"]]
    return [lines[indexed(letter, f"{below}{head}")] for head in range(1, heads + 1)]


def heads_figure(lines: Mapping[str, Expr], heads: int, **_others: object) -> Figure | None:
    """Show the weights of every head as a heat map."""
    return attention_map(weights_of_heads(lines, heads))


def sample_weights(numbers: Numbers, width: int, inner: int, ending: str = "") -> dict[str, object]:
    """Return small weights of one attention, from tokens of ``width`` to all heads of ``inner`` and back."""
    return {
        f"W_Q{ending}": distinct_rows(numbers, -1, 1, width, inner),
        f"W_K{ending}": distinct_rows(numbers, -1, 1, width, inner),
        f"W_V{ending}": distinct_rows(numbers, -1, 2, width, inner),
        f"W_O{ending}": distinct_rows(numbers, -1, 1, inner, width),
    }


def sample_tokens(numbers: Numbers, count: int, width: int) -> list[list[int]]:
    """Return tokens with small entries, smaller ones the longer they are, so that the scores stay moderate."""
    return distinct_rows(numbers, 0, 2 if width <= 3 else 1, count, width)  # noqa: PLR2004 - an exercise's usual width


def distinct_rows(numbers: Numbers, low: int, high: int, rows: int, columns: int) -> list[list[int]]:
    """Return a matrix of whole numbers without two equal rows and without rows whose entries are all equal.

    Equal tokens would make equal outputs, and a row of equal entries is nothing but zeros once it is normalised.
    """
    free = [row for row in product(range(low, high + 1), repeat=columns) if len(set(row)) > 1]
    chosen: list[list[int]] = []
    for _row in range(rows):
        row = numbers.choice(free)
        free.remove(row)
        chosen.append(list(row))
    return chosen


def evaluate_heads(
    queries_from: Array, X: Array, weights: Arrays, heads: int, mask: Array | str | None
) -> dict[str, Array]:
    """Return output, heads side by side, queries, keys and values, all heads being worked at once; plain NumPy."""
    W_Q, W_K, W_V, W_O = weights
    Q, K, V = queries_from @ W_Q, X @ W_K, X @ W_V
    by_head = [array.reshape(len(array), heads, -1).swapaxes(0, 1) for array in (Q, K, V)]
    scores = np.einsum("htk,hsk->hts", by_head[0], by_head[1]) * by_head[0].shape[2] ** -0.5
    seen = mask_matrix(mask, scores.shape[1:]) > 0
    attended = evaluate_softmax(np.where(seen, scores, -np.inf), 2) @ by_head[2]
    joined = np.hstack(list(attended))
    return {"output": joined @ W_O, "C": joined, "Q": Q, "K": K, "V": V}
