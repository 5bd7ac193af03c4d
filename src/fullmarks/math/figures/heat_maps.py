"""Heat maps of attention weights: the darker a cell, the more a query looks at a key."""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from fullmarks.math.expression import Expr, entry
from fullmarks.math.figures import Figure
from fullmarks.math.figures.grids import Grid, grids
from fullmarks.math.figures.runs import WIDEST
from fullmarks.math.figures.words import listed
from fullmarks.math.notation import Node, Number, Script, Symbol
from fullmarks.math.numbers import decimal

DARKEST: Final = 0.55  # ink of a weight of 1: black digits stay readable on it
LARGEST: Final = 8  # queries or keys
MOST_HEADS: Final = 3
PLACES: Final = (3, 2)  # of the weights; the second where the first is too wide
Layout = Literal["rows", "columns"]


def attention_map(heads: Sequence[Expr], layout: Layout = "rows") -> Figure | None:
    """Return the weights of each head, or ``None`` where they are one number each or too many to read.

    ``layout`` says whether a head's weights have a row or a column for each query.
    """
    longest = max(max(weights.shape) for weights in heads)
    if not 1 < longest <= LARGEST or len(heads) > MOST_HEADS:
        return None
    for places in PLACES:
        shown = [
            _grid(weights, layout, places, f"head {number}" if len(heads) > 1 else "attention weights")
            for number, weights in enumerate(heads, 1)
        ]
        figure = grids(shown, [""] * (len(shown) - 1), _alt(heads, layout, places))
        if figure.width <= WIDEST:
            return figure
    return None


def ink_of(weight: float) -> float:
    """Return how dark the cell of a weight from 0 to 1 is."""
    return DARKEST * weight


def _grid(weights: Expr, layout: Layout, places: int, caption: str) -> Grid:
    asking, asked = ("q", "k") if layout == "rows" else ("k", "q")
    rows, columns = weights.shape
    cells = tuple(tuple(written(weights, (row, column), places) for column in range(columns)) for row in range(rows))
    ink = tuple(tuple(ink_of(float(weight)) for weight in row) for row in np.clip(weights.value, 0, 1))
    return Grid(caption, cells, ink=ink, row_labels=_labels(asking, rows), column_labels=_labels(asked, columns))


def written(weights: Expr, index: tuple[int, int], places: int) -> str:
    """Return a weight as its cell has it; one that would vanish is said to be smaller than what is shown."""
    weight = entry(weights, index).number
    least = 1 / 10**places
    return f"<{decimal(least, places)}" if 0 < float(weight) < least / 2 else decimal(weight, places)


def _labels(letter: str, count: int) -> tuple[Node, ...]:
    return tuple(Script(Symbol(letter, "bold"), below=Number(str(place + 1))) for place in range(count))


def _alt(heads: Sequence[Expr], layout: Layout, places: int) -> str:
    told = ["Attention weights as a heat map, the darker the larger."]
    for head, weights in enumerate(heads, 1):
        of_head = f"Head {head}, query" if len(heads) > 1 else "Query"
        queries, keys = weights.shape if layout == "rows" else weights.shape[::-1]
        for query in range(queries):
            cells = [(query, key) if layout == "rows" else (key, query) for key in range(keys)]
            parts = [f"{written(weights, cell, places)} on key {key + 1}" for key, cell in enumerate(cells)]
            told.append(f"{of_head} {query + 1}: {listed(parts)}.")
    return " ".join(told)
