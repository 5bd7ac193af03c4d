"""The cell of a GRU with the numbers of one step on its wires: the state along the top, three boxes below it.

The reset gate acts on the old state on its way to the candidate, before or after the candidate's weights.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

from fullmarks.math.expression import RESULT, Expr
from fullmarks.math.figures import Figure, Shape, Stroke
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
from fullmarks.math.notation.terminal import text as characters_of

Reset = Literal["before", "after"]
Update = Literal["keep", "new"]
NAMES: Final = {"x": "x_t", "h": "h_0", "new h": "h_t"}
ASIDE: Final = 9.0  # how far from a box's middle the state and the input enter it
ONE_MINUS: Final = Text("1 −")


class Plan(Struct, frozen=True):
    """The columns of the boxes z, r and n and of the reset, and the heights of wires and boxes."""

    entering: float
    z: float
    r: float
    reset: float
    n: float
    end: float
    top: float
    mixing: float
    turning: float  # where the wire of the reset gate turns down again
    boxes: float
    state: float
    input: float


def gru_cell(
    x: Expr, h: Expr, lines: Mapping[str, Expr], symbols: Symbols, reset: Reset, update: Update
) -> Figure | None:
    """Return the cell's drawing, or ``None`` where its state is too long to be read.

    ``lines`` are those of its working: ``r``, ``z``, ``n``, the result, and ``k``: the state once it is reset, or,
    with ``reset="after"``, what ``W_nh`` makes of it.
    """
    if h.size > MOST_HIDDEN:
        return None
    values = {"x": x, "h": h, "new h": lines[RESULT]} | {name: lines[name] for name in "rznk"}
    wires = {name: named(value, NAMES.get(name, name), symbols) for name, value in values.items()}
    weights = named(lines["W_nh"], "W_nh", symbols).symbol if reset == "after" else None
    for stacked in (False, True):
        figure = _figure(wires, weights, update, stacked=stacked)
        if figure.width <= WIDEST:
            return figure
    return None


def _figure(wires: Mapping[str, Named], weights: Node | None, update: Update, *, stacked: bool) -> Figure:
    labels = {name: named_lines(wire, stacked=stacked) for name, wire in wires.items()}
    plan = _plan(labels, weights)
    shapes = [
        *_top(labels, plan),
        *_mixing(plan, update),
        *_entering(labels, plan),
        *_reset(labels, plan, weights),
        *_boxes(labels, plan),
    ]
    height = plan.input + (len(labels["x"]) + 0.5) * LINE_HEIGHT
    return Figure(plan.end + MARGIN, height, tuple(shapes), _alt(wires, weights, update))


def _plan(labels: Mapping[str, Sequence[Node]], weights: Node | None) -> Plan:
    lines_high = max(map(len, labels.values())) * LINE_HEIGHT
    wide = {name: widest_of(lines) for name, lines in labels.items()}
    entering = MARGIN + max(wide["h"], wide["x"]) + BESIDE
    z = entering + SPACE + BOX_WIDTH / 2
    r = z + max(BOX_WIDTH, BESIDE + wide["z"]) + SPACE
    to_reset = BESIDE + wide["r"] + SPACE
    if weights is not None:
        to_reset = max(to_reset, ASIDE + SPACE + _width(weights) + wide["k"] + 2 * BESIDE + DISC)
    reset = r + max(to_reset, BOX_WIDTH)
    n = reset + DISC + 2 * BESIDE + (wide["k"] if weights is None else 0) + BOX_WIDTH / 2
    end = n + DISC + SPACE + max(wide["new h"], wide["n"]) + SPACE
    top = MARGIN + lines_high + BESIDE
    mixing = top + BOX_HEIGHT + 4 * DISC
    turning = mixing + BOX_HEIGHT
    boxes = turning + lines_high + BOX_HEIGHT
    state = boxes + BOX_HEIGHT / 2 + lines_high + 2 * BESIDE
    return Plan(entering, z, r, reset, n, end, top, mixing, turning, boxes, state, state + 2 * LINE_HEIGHT)


def _width(weights: Node) -> float:
    return widest_of((weights,)) + SPACE


def _top(labels: Mapping[str, Sequence[Node]], plan: Plan) -> list[Shape]:
    """Draw the wire of the state: the old one weighed, plus the candidate weighed."""
    level = plan.top
    return [
        arrow((MARGIN, level), (plan.z - DISC, level)),
        *labels_above(labels["h"], (MARGIN, level - BESIDE), "start"),
        branch((plan.entering, level)),
        *times_sign((plan.z, level)),
        arrow((plan.z + DISC, level), (plan.n - DISC, level)),
        *times_sign((plan.n, plan.mixing)),
        arrow((plan.n, plan.mixing - DISC), (plan.n, level + DISC)),
        *plus_sign((plan.n, level)),
        arrow((plan.n + DISC, level), (plan.end, level)),
        *labels_above(labels["new h"], (plan.n + DISC + SPACE, level - BESIDE), "start"),
    ]


def _mixing(plan: Plan, update: Update) -> list[Shape]:
    """Draw where the update gate goes, and 1 − z on one of its two ways."""
    up, along = (plan.z, plan.mixing), (plan.n - DISC, plan.mixing)
    lower = (plan.z, plan.boxes - BOX_HEIGHT / 2)
    if update == "keep":
        return [
            arrow(lower, (plan.z, plan.top + DISC)),
            branch(up),
            arrow(up, (plan.r - BOX_WIDTH / 2, plan.mixing)),
            *box((plan.r, plan.mixing), BOX_WIDTH, BOX_HEIGHT, ONE_MINUS),
            arrow((plan.r + BOX_WIDTH / 2, plan.mixing), along),
        ]
    middle = plan.top + DISC + 2 * BESIDE + BOX_HEIGHT / 2 - 1
    return [
        Stroke((lower, up)),
        branch(up),
        arrow(up, along),
        arrow(up, (plan.z, middle + BOX_HEIGHT / 2)),
        *box((plan.z, middle), BOX_WIDTH, BOX_HEIGHT, ONE_MINUS),
        arrow((plan.z, middle - BOX_HEIGHT / 2), (plan.z, plan.top + DISC)),
    ]


def _entering(labels: Mapping[str, Sequence[Node]], plan: Plan) -> list[Shape]:
    """Draw the old state and the input on their way to the boxes."""
    foot = plan.boxes + BOX_HEIGHT / 2
    shapes: list[Shape] = [
        Stroke(((plan.entering, plan.top), (plan.entering, plan.state), (plan.r - ASIDE, plan.state))),
        Stroke(((MARGIN, plan.input), (plan.n + ASIDE, plan.input))),
        *labels_below(labels["x"], (MARGIN, plan.input + LINE_HEIGHT), "start"),
    ]
    for column in (plan.z, plan.r):
        shapes += [
            branch((column - ASIDE, plan.state)),
            arrow((column - ASIDE, plan.state), (column - ASIDE, foot)),
            branch((column + ASIDE, plan.input)),
            arrow((column + ASIDE, plan.input), (column + ASIDE, foot)),
        ]
    shapes.append(arrow((plan.n + ASIDE, plan.input), (plan.n + ASIDE, foot)))
    return shapes


def _reset(labels: Mapping[str, Sequence[Node]], plan: Plan, weights: Node | None) -> list[Shape]:
    """Draw the old state on its way to the candidate, times the reset gate, and the wire of that gate."""
    upper, foot, level = plan.boxes - BOX_HEIGHT / 2, plan.boxes + BOX_HEIGHT / 2, plan.state
    bent = ((plan.r, upper), (plan.r, plan.turning), (plan.reset, plan.turning), (plan.reset, level - DISC))
    shapes: list[Shape] = [
        Stroke(bent, arrow=True),
        *times_sign((plan.reset, level)),
        arrow((plan.reset + DISC, level), (plan.n - ASIDE, level), (plan.n - ASIDE, foot)),
    ]
    start = plan.r - ASIDE
    if weights is None:
        shapes.append(arrow((start, level), (plan.reset - DISC, level)))
        return shapes + labels_above(labels["k"], (plan.reset + DISC + BESIDE, level - BESIDE), "start")
    left, width = start + 2 * ASIDE + SPACE, _width(weights)
    shapes += [
        arrow((start, level), (left, level)),
        *box((left + width / 2, level), width, BOX_HEIGHT, weights),
        arrow((left + width, level), (plan.reset - DISC, level)),
    ]
    return shapes + labels_above(labels["k"], (left + width + BESIDE, level - BESIDE), "start")


def _boxes(labels: Mapping[str, Sequence[Node]], plan: Plan) -> list[Shape]:
    """Draw the boxes of both gates and of the candidate, with what leaves them."""
    upper = plan.boxes - BOX_HEIGHT / 2
    shapes: list[Shape] = [arrow((plan.n, upper), (plan.n, plan.mixing + DISC))]
    titles: dict[str, Node] = {"z": Symbol("sigma"), "r": Symbol("sigma"), "n": Text("tanh")}
    for (name, title), column in zip(titles.items(), (plan.z, plan.r, plan.n), strict=True):
        shapes += box((column, plan.boxes), BOX_WIDTH, BOX_HEIGHT, title)
        shapes += labels_above(labels[name], (column + BESIDE, upper - BESIDE), "start")
    return shapes


def _alt(wires: Mapping[str, Named], weights: Node | None, update: Update) -> str:
    """Say what enters, what the gates are, and what leaves."""
    told = {name: said(wire) for name, wire in wires.items()}
    if weights is None:
        reset = f"The old state times r is {told['k']}; with the input it makes"
    else:
        reset = f"{characters_of(weights)} makes {told['k']} of the old state; this times r, with the input, makes"
    old, new = ("z", "1 minus z") if update == "keep" else ("1 minus z", "z")
    return (
        f"GRU cell. {told['x']} and {told['h']} enter. The update gate is {told['z']}, the reset gate {told['r']}. "
        f"{reset} the candidate {told['n']}. Along the top, the old state times {old}, plus the candidate times {new}, "
        f"leaves as {told['new h']}."
    )
