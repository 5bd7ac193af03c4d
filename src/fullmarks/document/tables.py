"""Composing a table out of an array with headings: one line of working that has a row for each of many things."""

from fullmarks.document.blocks import Table, Words
from fullmarks.math.expression import Expr, Let, entry
from fullmarks.math.headings import Headings, grouped, head_text


def headings_of(expression: object) -> Headings | None:
    """Return the headings of a line that is read as a table, or ``None``."""
    if isinstance(expression, Expr) and isinstance(expression.operation, Let):
        return expression.operation.headings
    return None


def table_block(expression: Expr, headings: Headings, places: int) -> Table:
    """Return the array as a table: its headings, and its numbers with their thousands apart."""
    header = tuple((Words(text),) for _key, text in headings.columns)
    rows = tuple(
        (
            *((Words(head_text(head)),) for head in heads),
            *((Words(grouped(entry(expression, (row, column)).number, places)),)
              for column in range(expression.shape[1])),
        )
        for row, heads in enumerate(headings.rows)
    )  # fmt: skip
    words = len(header) - expression.shape[1]
    return Table(header, rows, tuple(range(words, len(header))))
