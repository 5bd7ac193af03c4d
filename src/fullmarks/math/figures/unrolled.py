"""A recurrent network unrolled: a cell for every step, its input below, its state passing on, its output above."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from fullmarks.math.expression import Expr
from fullmarks.math.figures import Dash, Figure, Place, Shape, Stroke
from fullmarks.math.figures.runs import WIDEST, widest_of
from fullmarks.math.figures.wiring import (
    BESIDE,
    LINE_HEIGHT,
    MARGIN,
    Named,
    Symbols,
    arrow,
    box,
    labels_above,
    labels_below,
    named,
    named_lines,
    said,
)
from fullmarks.math.notation import Node, Text
from fullmarks.math.notation.terminal import text as characters_of

MOST_STEPS: Final = 5
CELL: Final = 42.0
CELL_HEIGHT: Final = 34.0
RISE: Final = 26.0  # of the wire to an output, and least of that from an input
CELL_TITLE: Final = "tanh"


class Unrolled(Struct, frozen=True):
    """The quantities of all steps; one state more than steps, and after ``cuts`` no gradient flows back."""

    inputs: tuple[Named, ...]
    states: tuple[Named, ...]
    outputs: tuple[Named, ...]
    losses: tuple[Named, ...]
    cuts: frozenset[int]


def unrolled_network(
    h: Expr, lines: Mapping[str, Expr], steps: int, symbols: Symbols, *, chunk: int | None = None
) -> Figure | None:
    """Return the network with values on its wires, or ``None`` where it is too long to read.

    ``lines`` are those of its working: ``x_1``, ``h_1`` and so on, perhaps ``y_1`` and ``L_1``. Gradients stop after
    every ``chunk`` of so many steps.
    """
    if steps > MOST_STEPS:
        return None

    def row(letter: str) -> tuple[Named, ...]:
        names = [f"{letter}_{step}" for step in range(1, steps + 1)]
        return tuple(named(lines[name], name, symbols) for name in names if name in lines)

    cuts = frozenset(range(chunk, steps, chunk)) if chunk else frozenset[int]()
    network = Unrolled(row("x"), (named(h, "h_0", symbols), *row("h")), row("y"), row("L"), cuts)
    for stacked in (False, True):
        figure = _figure(network, stacked=stacked)
        if figure.width <= WIDEST:
            return figure
    return None


def _figure(network: Unrolled, *, stacked: bool) -> Figure:
    inputs, outputs, losses = (
        [named_lines(one, stacked=stacked) for one in row] for row in (network.inputs, network.outputs, network.losses)
    )
    states = [named_lines(state, stacked=stacked) for state in network.states]
    across = max(widest_of(lines) for lines in (*inputs, *outputs, *losses))
    wire = max(across + 2 * BESIDE - CELL, *(widest_of(lines) + 2 * BESIDE for lines in states))
    above = sum(RISE + max(map(len, row)) * LINE_HEIGHT for row in (outputs, losses) if row)
    level = MARGIN + max(above + CELL_HEIGHT / 2, LINE_HEIGHT + BESIDE)
    fall = max(RISE, max(map(len, states)) * LINE_HEIGHT - CELL_HEIGHT / 2 + BESIDE)
    foot = level + CELL_HEIGHT / 2 + fall
    shapes: list[Shape] = []
    for place, (symbol, *value) in enumerate(states):
        left = MARGIN + place * (wire + CELL)
        dash: Dash = "dashed" if place in network.cuts else "solid"
        shapes.append(Stroke(((left, level), (left + wire, level)), arrow=True, dash=dash))
        middle = left + wire / 2
        shapes += labels_above([symbol], (middle, level - BESIDE))
        shapes += labels_below(value, (middle, level + LINE_HEIGHT))
    for place, lines in enumerate(inputs):
        x = MARGIN + (place + 1) * wire + (place + 0.5) * CELL
        shapes += box((x, level), CELL, CELL_HEIGHT, Text(CELL_TITLE))
        shapes.append(arrow((x, foot), (x, level + CELL_HEIGHT / 2)))
        shapes += labels_below(lines, (x, foot + LINE_HEIGHT))
        shapes += _above((x, level - CELL_HEIGHT / 2), [row[place] for row in (outputs, losses) if row])
    width = 2 * MARGIN + len(states) * wire + len(inputs) * CELL
    height = foot + (max(map(len, inputs)) + 0.5) * LINE_HEIGHT
    return Figure(width, height, tuple(shapes), _alt(network), _characters(network))


def _above(place: Place, rows: Sequence[Sequence[Node]]) -> list[Shape]:
    x, y = place
    shapes: list[Shape] = []
    for lines in rows:
        shapes.append(arrow((x, y), (x, y - RISE + BESIDE)))
        shapes += labels_above(lines, (x, y - RISE))
        y -= RISE + len(lines) * LINE_HEIGHT
    return shapes


def _alt(network: Unrolled) -> str:
    """Say what enters and what leaves every cell."""
    first, *states = network.states
    told = [f"Recurrent network unrolled over {len(network.inputs)} steps, from {said(first)}."]
    for place, (inputs, state) in enumerate(zip(network.inputs, states, strict=True)):
        leaving = [state, *(row[place] for row in (network.outputs, network.losses) if row)]
        leave = "leaves" if len(leaving) == 1 else "leave"
        told.append(f"Step {place + 1}: {said(inputs)} enters, {', '.join(map(said, leaving))} {leave}.")
    cut = [characters_of(network.states[place].symbol) for place in sorted(network.cuts)]
    told += [f"No gradient flows back through {symbol}." for symbol in cut]
    return " ".join(told)


def _characters(network: Unrolled) -> str:
    """Draw the symbols alone, outputs above their cells and inputs below."""
    line = characters_of(network.states[0].symbol)
    middles = []
    for state in network.states[1:]:
        middles.append(len(line) + len(" → [") + (len(CELL_TITLE) - 1) // 2)
        line += f" → [{CELL_TITLE}] → {characters_of(state.symbol)}"
    arrows = _columns(middles, ["↑"] * len(middles))
    below = _columns(middles, [characters_of(one.symbol) for one in network.inputs])
    rows = [line, arrows, below]
    if network.outputs:
        rows = [_columns(middles, [characters_of(one.symbol) for one in network.outputs]), arrows, *rows]
    return "\n".join(rows)


def _columns(middles: Sequence[int], texts: Sequence[str]) -> str:
    line = ""
    for middle, text in zip(middles, texts, strict=True):
        line = line.ljust(middle - (len(text) - 1) // 2) + text
    return line
