"""The parts of drawings with wires: boxes, gates, arrows, and the values of quantities that stand beside them."""

from collections.abc import Sequence
from typing import Final, Literal, Protocol

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr, entry, is_named
from fullmarks.math.figures import Box, Disc, Label, Place, Shape, Stroke
from fullmarks.math.figures.runs import TEXT_SIZE, runs
from fullmarks.math.notation import Fence, Node, Number, Row, Sign
from fullmarks.math.notation.terminal import text as characters_of
from fullmarks.math.symbols import on_one_line, symbol_from_name
from fullmarks.math.writing import number, times

MARGIN: Final = 4.0
TITLE_SIZE: Final = 12.0
LINE_HEIGHT: Final = 13.0
MOST_ENTRIES: Final = 4  # of a vector whose numbers are written out
PLACES: Final = 3
MOST_HIDDEN: Final = 3  # entries of a cell's state
BOX_WIDTH: Final = 38.0  # of a gate
BOX_HEIGHT: Final = 24.0
SPACE: Final = 14.0  # between a label and the next wire
DISC: Final = 9.0  # the radius of an operation's circle
DOT: Final = 2.0  # of where a wire branches, and of the dot in ⊙
HALF_PLUS: Final = 5.0
BESIDE: Final = 6.0  # between a wire and what stands beside it


class Named(Struct, frozen=True):
    """A quantity with the symbol that it has on paper, which fits on one line."""

    symbol: Node
    value: Expr


class Symbols(Protocol):
    """What gives quantities their symbols."""

    def symbol(self, expression: Expr) -> Node:
        """Return the symbol of a named quantity."""


def named(value: Expr, otherwise: str, symbols: Symbols) -> Named:
    """Return a quantity with its symbol, or that of the name ``otherwise`` where it has none that fits on one line."""
    symbol = symbol_from_name(otherwise, is_array=value.size > 1)
    if is_named(value):
        own = on_one_line(symbols.symbol(value))
        symbol = own if is_on_one_line(own) else symbol
    return Named(symbol, value)


def is_on_one_line(node: Node) -> bool:
    """Tell whether a formula is one that a drawing can hold."""
    try:
        runs(node)
    except FullmarksError:
        return False
    return True


def is_vector(value: Expr) -> bool:
    """Tell whether an array is a number or a vector: at most one axis is longer than 1."""
    return sum(length > 1 for length in value.shape) <= 1


def entries_of(value: Expr) -> tuple[Node, ...]:
    """Return the numbers of a number or a short vector, rounded; none of anything larger."""
    if not is_vector(value) or value.size > MOST_ENTRIES:
        return ()
    lengths = value.shape
    places = [tuple(place if length > 1 else 0 for length in lengths) for place in range(value.size)]
    return tuple(number(entry(value, index).number, PLACES).node for index in places)


def value_lines(value: Expr, brackets: Literal["()", "[]"] = "()", *, stacked: bool = False) -> tuple[Node, ...]:
    """Return a value as ``(0.1, 0.2)`` on one line, or ``stacked`` with a line for each entry; none where it is large.

    A single number stands in square brackets, but not in round ones.
    """
    numbers = entries_of(value)
    if not numbers or (len(numbers) == 1 and brackets == "()"):
        return numbers
    left, right = (Sign("("), Sign(")")) if brackets == "()" else (Sign("["), Sign("]"))
    if stacked:
        lines = [Row((one, Sign(","))) for one in numbers[:-1]]
        closed: list[Node] = [*lines, Row((numbers[-1], right))]
        return (Row((left, closed[0])), *closed[1:])
    inside: list[Node] = [numbers[0]]
    for one in numbers[1:]:
        inside += [Sign(","), one]
    body = inside[0] if len(inside) == 1 else Row(tuple(inside))
    return (Fence(body),) if brackets == "()" else (Fence(body, "[", "]"),)


def named_lines(quantity: Named, *, stacked: bool = False) -> tuple[Node, ...]:
    """Return a quantity's symbol and, where it is small, its value, as lines of a label."""
    return (quantity.symbol, *value_lines(quantity.value, stacked=stacked))


def shape_node(value: Expr) -> Node:
    """Return an array's shape as ``2 × 3``."""
    return times(tuple(Number(str(length)) for length in value.shape))


def said(quantity: Named) -> str:
    """Return a quantity for a text: what it equals, or its shape where it is large."""
    symbol, value = characters_of(quantity.symbol), "".join(map(characters_of, value_lines(quantity.value)))
    return f"{symbol} = {value}" if value else f"{symbol} of {characters_of(shape_node(quantity.value))}"


def labels_below(
    lines: Sequence[Node], place: Place, anchor: Literal["middle", "start", "end"] = "middle"
) -> list[Shape]:
    """Write lines one below another, the first with its base line at ``place``."""
    return [
        Label((place[0], place[1] + number_of_line * LINE_HEIGHT), line, TEXT_SIZE, anchor)
        for number_of_line, line in enumerate(lines)
    ]


def labels_above(
    lines: Sequence[Node], place: Place, anchor: Literal["middle", "start", "end"] = "middle"
) -> list[Shape]:
    """Write lines one below another, the last with its base line at ``place``."""
    return labels_below(lines, (place[0], place[1] - (len(lines) - 1) * LINE_HEIGHT), anchor)


def box(centre: Place, width: float, height: float, title: Node, *, ink: float = 0.0) -> list[Shape]:
    """Draw a rounded box with a short title in it."""
    x, y = centre
    return [Box(centre, width, height, ink, rounded=True), Label((x, y + 4), title, TITLE_SIZE)]


def times_sign(centre: Place) -> list[Shape]:
    """Draw ⊙, the product entry by entry, as a circle with a dot: not every font has the sign."""
    return [Disc(centre, DISC), Disc(centre, DOT, ink=1.0)]


def plus_sign(centre: Place) -> list[Shape]:
    """Draw a circle with a plus in it."""
    x, y = centre
    across = Stroke(((x - HALF_PLUS, y), (x + HALF_PLUS, y)))
    down = Stroke(((x, y - HALF_PLUS), (x, y + HALF_PLUS)))
    return [Disc(centre, DISC), across, down]


def arrow(*points: Place) -> Stroke:
    """Draw a wire through points with a head at its end."""
    return Stroke(points, arrow=True)


def branch(place: Place) -> Disc:
    """Draw the dot where a wire branches."""
    return Disc(place, DOT, ink=1.0)
