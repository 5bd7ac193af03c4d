"""The cell of an LSTM with the numbers of one step on its wires: the cell state along the top, four gates below it.

``f ⊙ c + i ⊙ g`` is the new cell state, ``o ⊙ tanh(c)`` the new hidden state; all gates see the old one and the input.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from fullmarks.math.expression import RESULT, Expr
from fullmarks.math.figures import Figure, Place, Shape, Stroke
from fullmarks.math.figures.runs import WIDEST, widest_of
from fullmarks.math.figures.wiring import (
    BESIDE,
    BOX_HEIGHT,
    BOX_WIDTH,
    DISC,
    LINE_HEIGHT,
    MARGIN,
    MOST_HIDDEN,
    SPACE,
    Named,
    Symbols,
    arrow,
    box,
    branch,
    labels_above,
    labels_below,
    named,
    named_lines,
    plus_sign,
    said,
    times_sign,
)
from fullmarks.math.notation import Node, Symbol, Text

GATES: Final = "figo"  # from left to right, so that no wires cross
CALLED: Final = {"f": "forget gate", "i": "input gate", "g": "candidate values", "o": "output gate"}
NAMES: Final = {"x": "x_t", "h": "h_0", "c": "c_0", "new c": "c_t", "u": "u", "new h": "h_t"}


class Levels(Struct, frozen=True):
    """The heights of the cell state's wire, the products, the gates and the wire of what enters them."""

    top: float
    products: float
    gates: float
    bottom: float


def lstm_cell(x: Expr, h: Expr, c: Expr, lines: Mapping[str, Expr], symbols: Symbols) -> Figure | None:
    """Return the cell's drawing, or ``None`` where its states are too long to be read.

    ``lines`` are those of its working: the gates by their letters, ``c``, ``u`` (tanh of it) and the result.
    """
    if h.size > MOST_HIDDEN:
        return None
    values = {"x": x, "h": h, "c": c, "new c": lines["c"], "u": lines["u"], "new h": lines[RESULT]}
    values |= {letter: lines[letter] for letter in GATES}
    wires = {name: named(value, NAMES.get(name, name), symbols) for name, value in values.items()}
    for stacked in (False, True):
        figure = _figure(wires, stacked=stacked)
        if figure.width <= WIDEST:
            return figure
    return None


def _figure(wires: Mapping[str, Named], *, stacked: bool) -> Figure:
    labels = {name: named_lines(wire, stacked=stacked) for name, wire in wires.items()}
    lines_high = max(map(len, labels.values())) * LINE_HEIGHT
    top = MARGIN + lines_high + BESIDE
    products = top + BESIDE + 2 * DISC + BOX_HEIGHT + lines_high + BESIDE
    gates = products + lines_high + BOX_HEIGHT
    levels = Levels(top, products, gates, gates + max(BOX_HEIGHT * 2, lines_high - BOX_HEIGHT / 2 + BESIDE))
    entering = MARGIN + widest_of((*labels["h"], *labels["c"])) + BESIDE
    pitch = max(BOX_WIDTH, BESIDE + widest_of(line for name in (*GATES, "u") for line in labels[name])) + SPACE
    first = entering + SPACE + BOX_WIDTH / 2
    columns = [first + place * pitch for place in range(len(GATES) + 1)]
    leaving = columns[-1] + DISC + SPACE
    width = leaving + widest_of((*labels["new c"], *labels["new h"])) + SPACE
    shapes = [
        *_inputs(labels, levels, columns, entering),
        *_gates(labels, levels, columns),
        *_cell_state(labels, levels, columns, width - MARGIN),
        *_hidden_state(labels, levels, columns, width - MARGIN),
    ]
    height = levels.bottom + SPACE + (len(labels["x"]) + 0.5) * LINE_HEIGHT
    return Figure(width, height, tuple(shapes), _alt(wires))


def _inputs(
    labels: Mapping[str, Sequence[Node]], levels: Levels, columns: Sequence[float], entering: float
) -> list[Shape]:
    """Draw the old hidden state and the input, and the branches to all gates."""
    start, foot = (MARGIN, levels.bottom), levels.bottom + SPACE + len(labels["x"]) * LINE_HEIGHT
    shapes: list[Shape] = [Stroke((start, (columns[3], levels.bottom)))]
    shapes += labels_above(labels["h"], (MARGIN, levels.bottom - BESIDE), "start")
    shapes += [Stroke(((entering, foot), (entering, levels.bottom))), branch((entering, levels.bottom))]
    shapes += labels_below(labels["x"], (entering + BESIDE, levels.bottom + SPACE + BESIDE / 2), "start")
    for x in columns[:4]:
        shapes.append(arrow((x, levels.bottom), (x, levels.gates + BOX_HEIGHT / 2)))
    shapes += [branch((x, levels.bottom)) for x in columns[:3]]
    return shapes


def _gates(labels: Mapping[str, Sequence[Node]], levels: Levels, columns: Sequence[float]) -> list[Shape]:
    """Draw the boxes of the gates, with what leaves them."""
    shapes: list[Shape] = []
    upper = levels.gates - BOX_HEIGHT / 2
    forget, let_in, candidate, output, end = columns
    ends: dict[str, tuple[Place, ...]] = {
        "f": ((forget, levels.top + DISC),),
        "i": ((let_in, levels.products), (candidate - DISC, levels.products)),
        "g": ((candidate, levels.products + DISC),),
        "o": ((output, levels.products), (end - DISC, levels.products)),
    }
    for letter, x in zip(GATES, columns[:4], strict=True):
        title = Text("tanh") if letter == "g" else Symbol("sigma")
        shapes.append(arrow((x, upper), *ends[letter]))
        shapes += box((x, levels.gates), BOX_WIDTH, BOX_HEIGHT, title)
        shapes += labels_above(labels[letter], (x + BESIDE, upper - BESIDE), "start")
    return shapes


def _cell_state(
    labels: Mapping[str, Sequence[Node]], levels: Levels, columns: Sequence[float], end: float
) -> list[Shape]:
    """Draw the wire of the cell state: times the forget gate, plus input gate times g."""
    forget, candidate, last = columns[0], columns[2], columns[-1]
    level = levels.top
    return [
        arrow((MARGIN, level), (forget - DISC, level)),
        *labels_above(labels["c"], (MARGIN, level - BESIDE), "start"),
        *times_sign((forget, level)),
        arrow((forget + DISC, level), (candidate - DISC, level)),
        *times_sign((candidate, levels.products)),
        arrow((candidate, levels.products - DISC), (candidate, level + DISC)),
        *plus_sign((candidate, level)),
        arrow((candidate + DISC, level), (end, level)),
        *labels_above(labels["new c"], (last + DISC + SPACE, level - BESIDE), "start"),
    ]


def _hidden_state(
    labels: Mapping[str, Sequence[Node]], levels: Levels, columns: Sequence[float], end: float
) -> list[Shape]:
    """Draw the way from the cell state to the new hidden state: tanh, times the output gate."""
    x = columns[-1]
    squash = levels.top + 2 * DISC + BOX_HEIGHT / 2
    return [
        branch((x, levels.top)),
        arrow((x, levels.top), (x, squash - BOX_HEIGHT / 2)),
        *box((x, squash), BOX_WIDTH, BOX_HEIGHT, Text("tanh")),
        arrow((x, squash + BOX_HEIGHT / 2), (x, levels.products - DISC)),
        *labels_below(labels["u"], (x - BESIDE, squash + BOX_HEIGHT / 2 + LINE_HEIGHT), "end"),
        *times_sign((x, levels.products)),
        arrow((x + DISC, levels.products), (end, levels.products)),
        *labels_below(labels["new h"], (x + DISC + SPACE, levels.products + LINE_HEIGHT + 2), "start"),
    ]


def _alt(wires: Mapping[str, Named]) -> str:
    """Say what enters, what the gates are, and what leaves."""
    told = {name: said(wire) for name, wire in wires.items()}
    gates = ", ".join(f"{CALLED[letter]} {told[letter]}" for letter in GATES)
    return (
        f"LSTM cell. {told['x']}, {told['h']} and {told['c']} enter. Of x and h are made the {gates}. Along the top, "
        f"the old cell state times f, plus i times g, becomes {told['new c']}; its tanh is {told['u']}, and times o it "
        f"leaves as {told['new h']}."
    )
