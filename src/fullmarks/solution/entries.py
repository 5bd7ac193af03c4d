"""Which entries of a line are printed, and what kind of right-hand side it has."""

import numpy as np

from fullmarks.math.array_operations import Join, MatrixProduct, View
from fullmarks.math.expression import Expr, Index, Let, entry, is_leaf, is_named, leaf_source
from fullmarks.math.found import is_found
from fullmarks.math.history import leaves
from fullmarks.math.notation import Node, Number, Row, Sign
from fullmarks.math.symbols import with_below
from fullmarks.math.writing import planes, shown_indices

ENTRIES_IN_FULL = 16
ENTRIES_AT_THE_START = 3
WIDEST_SUBSTITUTION = 8  # columns of all matrices of a product together, written out with their numbers


def origin_of(leaf: Expr) -> Expr:
    """Return the leaf that a rearranged one repeats: what is only moved keeps the places it was shown with."""
    while True:
        source, index = leaf_source(leaf)
        if not isinstance(source.operation, Let):
            return leaf
        body = source.arguments[0]
        if is_found(body) or not (is_named(body) or is_rearrangement(body)):
            return leaf
        before = entry(body, index)
        if not is_leaf(before):
            return leaf
        leaf = before


def equation(relation: Sign, side: Node) -> Row:
    """Return a right side behind its relation."""
    return Row((relation, side))


def plane_symbol(symbol: Node, plane: Index) -> Node:
    """Return the symbol of one matrix of an array with more than two axes."""
    places = ",".join(str(position + 1) for position in plane)
    return with_below(symbol, Number(places))


def all_indices(expression: Expr) -> list[Index]:
    """Return the indices of all entries, row by row."""
    return [tuple(int(place) for place in index) for index in np.ndindex(*expression.shape)]


def printed_entries(line: Expr) -> list[Index]:
    """Return the entries of a line that are worked in print: all of a few, else the first three and the last."""
    if line.size <= ENTRIES_IN_FULL:
        return all_indices(line)

    places = [*range(ENTRIES_AT_THE_START), line.size - 1]
    return [tuple(int(place) for place in np.unravel_index(flat, line.shape)) for flat in places]


def shown_entries(expression: Expr) -> list[Index]:
    """Return the entries of an array that its matrices have: all, or those at the edges of a large one."""
    shape = expression.shape
    own = shown_indices(shape[-2:])
    return [(*plane, *index) for plane in planes(shape) for index in own]


def worked_entries(line: Expr) -> list[Index]:
    """Return the entries that a reader can work from what is printed: all that are shown where matrices are."""
    printed = printed_entries(line)
    if not is_substituted(line.arguments[0]):
        return printed
    return list(dict.fromkeys([*printed, *shown_entries(line)]))


def is_gap(expression: Expr, before: Index, index: Index) -> bool:
    """Tell whether entries lie between two indices."""
    first, second = (int(np.ravel_multi_index(one, expression.shape)) for one in (before, index))
    return second - first > 1


def is_rearrangement(body: Expr) -> bool:
    """Tell whether a right-hand side only moves entries, so that there is nothing to work."""
    return isinstance(body.operation, View | Join) and only_views(body)


def only_views(body: Expr) -> bool:
    """Tell whether a right-hand side is made of names, views and joins alone."""
    if is_named(body):
        return True
    return isinstance(body.operation, View | Join) and all(only_views(argument) for argument in body.arguments)


def has_product(body: Expr) -> bool:
    """Tell whether a right-hand side has a product of matrices, which is written out with its numbers."""
    if is_named(body):
        return False
    return isinstance(body.operation, MatrixProduct) or any(has_product(argument) for argument in body.arguments)


def is_substituted(body: Expr) -> bool:
    """Return whether a right-hand side has a product of matrices, small enough to be written with its numbers."""
    if not has_product(body):
        return False
    arrays = [leaf for leaf in leaves(body) if leaf.ndim]
    columns = sum(leaf.shape[1] if leaf.ndim > 1 else 1 for leaf in arrays)
    rows = max((leaf.shape[0] for leaf in arrays), default=0)
    return 0 < columns <= WIDEST_SUBSTITUTION and rows <= WIDEST_SUBSTITUTION
