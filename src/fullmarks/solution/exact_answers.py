"""Exact forms beside the decimals of answers: which are short enough to be printed, and where they stand."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fullmarks.math.exact_forms import ExactForms
from fullmarks.math.expression import Expr, Index, entry
from fullmarks.math.notation import Node, Row, Sign
from fullmarks.math.symbolic_writing import exact_node, exact_text
from fullmarks.math.writing import matrix, planes
from fullmarks.solution.entries import equation
from fullmarks.solution.lines import LineRow

MOST_ENTRIES = 100  # of an array whose exact forms are worked
LONGEST_BESIDE = 80  # of one that stands in the same row as the decimal
LONGEST_ROW = 130  # of one row of a matrix
LONGEST = 500  # of all that is printed
TOO_LONG = "The exact form is left out: it is too long to be read."


def exact_entries(answer: Expr, forms: ExactForms) -> Mapping[Index, Any]:
    """Return the exact form of every entry: a fraction, an expression, or nothing where it has none to be read."""
    if answer.size > MOST_ENTRIES:
        return {}
    return {
        tuple(int(place) for place in index): forms.of(entry(answer, tuple(index)))
        for index in np.ndindex(answer.shape)
    }


def exact_texts(answer: Expr, forms: ExactForms) -> tuple[Any, bool]:
    """Return the exact forms of an answer as nested lists of texts, and whether there is one for every entry.

    ``None`` stands in the place of one that is left out.
    """
    found = exact_entries(answer, forms)

    def texts(place: Index) -> Any:
        if len(place) == answer.ndim:
            form = found.get(place)
            return None if form is None else exact_text(form)
        return [texts((*place, position)) for position in range(answer.shape[len(place)])]

    return texts(()), len(found) == answer.size and None not in found.values()


def with_exact_form(rows: list[LineRow], answer: Expr, forms: ExactForms) -> tuple[list[LineRow], list[LineRow], str]:
    """Return the rows of an answer with a short exact form in them, rows for longer ones, and a note for none.

    Where every number shown is exact there is nothing to add.
    """
    if all(_relation(row) == Sign("=") for row in rows):
        return rows, [], ""
    found = exact_entries(answer, forms)
    texts = {index: exact_text(form) for index, form in found.items() if form is not None}
    if not texts or len(texts) < answer.size or _is_too_long(answer, texts):
        return rows, [], TOO_LONG
    if answer.size == 1 and len(next(iter(texts.values()))) <= LONGEST_BESIDE and isinstance(rows[0].right, Row):
        (form,) = found.values()
        beside = Row((Sign("="), exact_node(form), *rows[0].right.items))
        return [LineRow(rows[0].left, beside, rows[0].note)], [], ""
    more = [
        LineRow(row.left, equation(Sign("="), _matrix(answer, plane, found)))
        for plane, row in zip(planes(answer.shape), rows, strict=True)
    ]
    return rows, more, ""


def _relation(row: LineRow) -> Node:
    return row.right.items[0] if isinstance(row.right, Row) else row.right


def _is_too_long(answer: Expr, texts: Mapping[Index, str]) -> bool:
    if sum(map(len, texts.values())) > LONGEST:
        return True
    widths: dict[Index, int] = {}
    for index, text in texts.items():
        row = index[:-1] if answer.ndim > 1 else index
        widths[row] = widths.get(row, 0) + len(text)
    return max(widths.values()) > LONGEST_ROW


def _matrix(answer: Expr, plane: Index, found: Mapping[Index, Any]) -> Node:
    return matrix(answer.shape[len(plane) :], lambda index: exact_node(found[*plane, *index]))
