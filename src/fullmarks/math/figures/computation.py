"""The computational graph of a scalar: every quantity's value above it, the gradient that reached it below.

It draws what backpropagation worked: quantities that it gave a gradient, and what enters into them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from fullmarks.math.array_operations import Reduction
from fullmarks.math.backpropagation import followed, gradient_line
from fullmarks.math.closed_forms import CrossEntropy, p_minus_y
from fullmarks.math.derivatives import ONE
from fullmarks.math.expression import RESULT, Expr, Let, is_leaf, is_named, leaf_source
from fullmarks.math.figures import Figure, Label
from fullmarks.math.figures.layers import Block, layered
from fullmarks.math.figures.runs import TEXT_SIZE, WIDEST, widest_of, width_of
from fullmarks.math.figures.wiring import (
    LINE_HEIGHT,
    MARGIN,
    TITLE_SIZE,
    Named,
    Symbols,
    is_on_one_line,
    named,
    said,
    shape_node,
    value_lines,
)
from fullmarks.math.history import lines
from fullmarks.math.notation import Call, Fence, Node, Number, Row, Sign, Space, Symbol, Text
from fullmarks.math.notation.terminal import text as characters_of
from fullmarks.math.symbols import entry_symbol, with_below
from fullmarks.math.writing import ATOM, SUM, NotWritable, Pen, Written, write

FEWEST: Final = 3  # blocks that are worth a drawing
MOST: Final = 12
LONGEST_FORMULAS: Final = (120.0, 100.0, 80.0, 60.0, 0.0)  # pixels; shorter ones where the drawing gets too wide
SHADED: Final = 0.12  # ink of the quantity that is asked for


class Graph(Struct, frozen=True):
    """What is drawn, each after its sources; the gradients that reached quantities, and the sources, by their id."""

    loss: Expr
    variable: Expr
    drawn: tuple[Expr, ...]
    sources: Mapping[int, tuple[Expr, ...]]
    gradients: Mapping[int, Expr]


def computational_graph(loss: Expr, variable: Expr, symbols: Symbols) -> Figure | None:
    """Return the graph that leads from ``variable`` to ``loss``, or ``None`` where it is too large to read."""
    for with_results in (True, False):
        graph = _graph(loss, variable, with_results=with_results)
        if graph is None:
            continue
        for longest in LONGEST_FORMULAS:
            figure = _figure(graph, symbols, longest)
            if figure.width <= WIDEST:
                return figure
    return None


def _graph(loss: Expr, variable: Expr, *, with_results: bool) -> Graph | None:
    """Find what is to be drawn, perhaps all results of operators; ``None`` where that is too little or too much."""
    depends = _dependence(variable)
    order = [line for line in lines(loss, {}) if depends(line) and line is not variable and line is not loss]
    worked = loss.gradients
    between = [line for line in order if id(line) in worked or (with_results and _is_result(line))]
    stations = [variable, *between, *([] if loss is variable else [loss])]
    if len(stations) > MOST:
        return None
    known = {id(station) for station in stations}
    sources = {id(station): _sources(station, known, depends) for station in stations if station is not variable}
    drawn = {id(one): one for station in stations for one in (*sources.get(id(station), ()), station)}
    if not FEWEST <= len(drawn) <= MOST:
        return None
    return Graph(loss, variable, tuple(drawn.values()), sources, _gradients(loss, stations, order))


def _is_result(line: Expr) -> bool:
    return isinstance(line.operation, Let) and line.operation.name == RESULT


def _gradients(loss: Expr, stations: Sequence[Expr], order: Sequence[Expr]) -> dict[int, Expr]:
    """Return the gradients at the stations: those that have a line, and those whose line another quantity served for.

    What a closed form skipped, as p − y skips the softmax, has none.
    """
    closed = [p_minus_y(line) for line in (*order, loss)]
    skipped = {id(known.softmax.quotients) for known in closed if known is not None}
    apart = Expr(loss.operation, *loss.arguments)  # so that no lines are added to those of the working
    apart.gradients.update(loss.gradients)
    found = {id(loss): ONE}
    for station in stations:
        if station is not loss and (id(station) in loss.gradients or id(station) not in skipped):
            gradient = gradient_line(apart, station)
            if gradient is not None:
                found[id(station)] = gradient
    return found


def _dependence(variable: Expr) -> Callable[[Expr], bool]:
    """Return the function that tells whether an expression depends on a variable, itself included."""
    known = {id(variable): True}

    def depends(expression: Expr) -> bool:
        pending = [expression]
        while pending:
            current = pending[-1]
            missing = [argument for argument in followed(current) if id(argument) not in known]
            if id(current) in known:  # as the variable is, whatever it is made from
                pending.pop()
            elif missing:
                pending.extend(missing)
            else:
                known[id(current)] = any(known[id(argument)] for argument in followed(current))
        return known[id(expression)]

    return depends


def _sources(station: Expr, stations: set[int], depends: Callable[[Expr], bool]) -> tuple[Expr, ...]:
    """Return the quantities that a station is drawn to be made of, in the order of its formula."""
    found: dict[int, Expr] = {}
    seen: set[int] = set()
    pending = list(followed(station))
    while pending:
        expression = pending.pop(0)
        if id(expression) in seen:
            continue
        seen.add(id(expression))
        source = leaf_source(expression)[0] if is_leaf(expression) else expression
        if id(source) in stations or (is_named(source) and not depends(source)):
            found[id(source)] = source
        else:
            pending[:0] = followed(source)
    return tuple(found.values())


# --- shapes ----------------------------------------------------------------------------------------------------------


def _figure(graph: Graph, symbols: Symbols, longest_formula: float) -> Figure:
    places = {id(quantity): place for place, quantity in enumerate(graph.drawn)}
    blocks = []
    for quantity in graph.drawn:
        symbol = _symbol(symbols, quantity)
        inside = graph.sources.get(id(quantity), ())
        formula = _formula(quantity, {id(one) for one in inside}, symbols) if inside else None
        if formula is not None and width_of(formula, TITLE_SIZE) <= longest_formula:
            symbol = Row((symbol, Sign("="), formula))
        gradient = graph.gradients.get(id(quantity))
        blocks.append(
            Block(
                symbol,
                value_lines(quantity) or (shape_node(quantity),),
                () if gradient is None else value_lines(gradient, "[]") or (Fence(shape_node(gradient), "[", "]"),),
                tuple(places[id(one)] for one in inside),
                SHADED if quantity is graph.variable else 0.0,
            )
        )
    width, height, shapes = layered(blocks)
    note = Row((Text("above: value; below, in brackets: gradient of "), _symbol(symbols, graph.loss)))
    width = max(width, widest_of((note,)) + 2 * MARGIN)
    shapes.append(Label((width / 2, height + LINE_HEIGHT + 4), note, TEXT_SIZE))
    return Figure(width, height + 2 * LINE_HEIGHT, tuple(shapes), _alt(graph, symbols))


def _symbol(symbols: Symbols, quantity: Expr) -> Node:
    name = quantity.operation.name if isinstance(quantity.operation, Let) else "L"
    return named(quantity, name, symbols).symbol


def _formula(quantity: Expr, inside: set[int], symbols: Symbols) -> Node | None:
    """Write a quantity by what is drawn before it, lines between put in; ``None`` where one line cannot hold it."""

    def leaf(expression: Expr) -> Written:
        source, index = leaf_source(expression)
        if id(source) in inside:
            symbol = _symbol(symbols, source)
            return Written(entry_symbol(symbol, index) if index and source.size > 1 else symbol, ATOM)
        if index or not isinstance(source.operation, Let):
            raise NotWritable
        return Written(body(source), SUM)

    def body(line: Expr) -> Node:
        known = p_minus_y(line)
        if known is not None and id(known.softmax.scores) in inside:
            return _minus_logarithm(known, _symbol(symbols, known.softmax.scores))
        right = line.arguments[0] if isinstance(line.operation, Let) else line
        match right.operation:
            case Reduction(kind="sum") if right.arguments[0].size == 1:
                return write(right.arguments[0], Pen(leaf, numeric=False))
            case Reduction(kind="sum") if right.shape == ():
                return Row((Symbol("Sigma", "upright"), _atom(write(right.arguments[0], Pen(leaf, numeric=False)))))
            case _:
                return write(right, Pen(leaf, numeric=False))

    try:
        formula = body(quantity)
    except NotWritable:
        return None
    return formula if is_on_one_line(formula) else None


def _minus_logarithm(known: CrossEntropy, scores: Node) -> Node:
    """Write −ln softmax(s) with the number of the right class below."""
    target = known.gradient.arguments[1].value
    if target.max() != 1:
        raise NotWritable
    shares = with_below(Call(Text("softmax"), (scores,)), Number(str(int(target.argmax()) + 1)))
    return Row((Sign("−"), Text("ln"), Space(), shares))


def _atom(node: Node) -> Node:
    return Fence(node) if isinstance(node, Row) else node


# --- words -----------------------------------------------------------------------------------------------------------


def _alt(graph: Graph, symbols: Symbols) -> str:
    """Say what comes from what, with every value and every gradient."""
    named_by_id = {id(one): Named(_symbol(symbols, one), one) for one in graph.drawn}
    told = []
    for quantity in graph.drawn:
        inside = [characters_of(named_by_id[id(one)].symbol) for one in graph.sources.get(id(quantity), ())]
        start = f"from {', '.join(inside)} comes " if inside else ""
        told.append(start + said(named_by_id[id(quantity)]) + _said_backwards(graph.gradients.get(id(quantity))))
    return (
        f"Computational graph of {characters_of(_symbol(symbols, graph.loss))} from left to right: {'; '.join(told)}."
    )


def _said_backwards(gradient: Expr | None) -> str:
    if gradient is None:
        return ""
    value = "".join(map(characters_of, value_lines(gradient)))
    return f" with the gradient {value}" if value else " with a gradient of the same shape"
