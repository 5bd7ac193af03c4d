"""The computational graph of a scalar: every quantity's value above it, the gradient that reached it below.

It draws what backpropagation worked: quantities that it gave a gradient, and what enters into them.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from fullmarks.errors import FullmarksError
from fullmarks.math.array_operations import Reduction
from fullmarks.math.backpropagation import followed
from fullmarks.math.closed_forms import CrossEntropy, p_minus_y
from fullmarks.math.expression import Expr, Let, is_leaf, is_named, leaf_source
from fullmarks.math.figures import Figure, Label
from fullmarks.math.figures.layers import Block, layered
from fullmarks.math.figures.runs import runs, width_of
from fullmarks.math.figures.wiring import (
    LINE_HEIGHT,
    TEXT_SIZE,
    TITLE_SIZE,
    WIDEST,
    in_words,
    line_symbol,
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
WIDEST_FORMULA: Final = 110.0
SHADED: Final = 0.12  # ink of the quantity that is asked for


class Symbols(Protocol):
    """What gives quantities their symbols."""

    def symbol(self, expression: Expr) -> Node:
        """Return the symbol of a named quantity."""


def computational_graph(loss: Expr, variable: Expr, symbols: Symbols) -> Figure | None:
    """Return the graph that leads from ``variable`` to ``loss``, or ``None`` where it is too large to read."""
    depends = _dependence(variable)
    gradients = loss.gradients
    stations = [
        line for line in lines(loss, {}) if depends(line) and (id(line) in gradients or line is loss or line is variable)
    ]
    drawn: list[Expr] = []
    sources: dict[int, list[Expr]] = {}
    if variable not in stations:
        stations.insert(0, variable)
    if loss not in stations:
        stations.append(loss)
    known = {id(station) for station in stations}
    for station in stations:
        sources[id(station)] = [] if station is variable else _sources(station, known, depends)
        drawn += [one for one in (*sources[id(station)], station) if not any(one is other for other in drawn)]
    if not FEWEST <= len(drawn) <= MOST:
        return None
    alt = _alt(drawn, sources, loss, variable, symbols, depends)
    for with_formulas in (True, False):
        figure = _figure(drawn, sources, loss, variable, symbols, depends, alt, with_formulas=with_formulas)
        if figure.width <= WIDEST:
            return figure
    return None


def _dependence(variable: Expr) -> Callable[[Expr], bool]:
    """Return the function that tells whether an expression depends on a variable, itself included."""
    known = {id(variable): True}

    def depends(expression: Expr) -> bool:
        pending = [expression]
        while pending:
            current = pending[-1]
            missing = [argument for argument in followed(current) if id(argument) not in known]
            if id(current) in known or not missing:
                pending.pop()
                known.setdefault(id(current), any(known[id(argument)] for argument in followed(current)))
            else:
                pending.extend(missing)
        return known[id(expression)]

    return depends


def _sources(station: Expr, stations: set[int], depends: Callable[[Expr], bool]) -> list[Expr]:
    """Return the quantities that a station is drawn to be made of, in the order of its formula."""
    found: dict[int, Expr] = {}
    pending = list(followed(station))
    while pending:
        expression = pending.pop(0)
        source = leaf_source(expression)[0] if is_leaf(expression) else expression
        if id(source) in stations or (is_named(source) and not depends(source)):
            found[id(source)] = source
        else:
            pending[:0] = followed(source)
    return list(found.values())


# --- shapes ----------------------------------------------------------------------------------------------------------


def _figure(
    drawn: Sequence[Expr],
    sources: dict[int, list[Expr]],
    loss: Expr,
    variable: Expr,
    symbols: Symbols,
    depends: Callable[[Expr], bool],
    alt: str,
    *,
    with_formulas: bool,
) -> Figure:
    places = {id(quantity): place for place, quantity in enumerate(drawn)}
    blocks = []
    for quantity in drawn:
        symbol = _symbol(symbols, quantity)
        inside = sources.get(id(quantity), [])
        formula = _formula(quantity, {id(one) for one in inside}, symbols) if inside and with_formulas else None
        gradient = _gradient(quantity, loss) if depends(quantity) else None
        blocks.append(
            Block(
                symbol if formula is None else Row((symbol, Sign("="), formula)),
                value_lines(quantity) or (shape_node(quantity),),
                () if gradient is None else value_lines(gradient, "[]", always=True) or (_fenced_shape(gradient),),
                tuple(places[id(one)] for one in inside),
                SHADED if quantity is variable else 0.0,
            )
        )
    width, height, shapes = layered(blocks)
    note = Row((Text("above: value;  below, in brackets: gradient of "), _symbol(symbols, loss)))
    width = max(width, width_of(note, TEXT_SIZE) + 8)
    shapes.append(Label((width / 2, height + LINE_HEIGHT + 4), note, TEXT_SIZE))
    return Figure(width, height + 2 * LINE_HEIGHT, tuple(shapes), alt)


def _fenced_shape(gradient: Expr) -> Node:
    return Fence(shape_node(gradient), "[", "]")


def _gradient(quantity: Expr, loss: Expr) -> Expr | None:
    """Return the gradient that was worked for a quantity; that of the loss by itself is 1."""
    from fullmarks.math.derivatives import ONE

    return ONE if quantity is loss else loss.gradients.get(id(quantity))


def _symbol(symbols: Symbols, quantity: Expr) -> Node:
    name = quantity.operation.name if isinstance(quantity.operation, Let) else "value"
    return line_symbol(symbols.symbol(quantity), name)


def _formula(quantity: Expr, inside: set[int], symbols: Symbols) -> Node | None:
    """Write a quantity by what is drawn before it, lines that are not drawn put in; ``None`` where that is long."""

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
            case Reduction(kind="sum") if right.shape == ():
                return Row((Symbol("Sigma", "upright"), _atom(write(right.arguments[0], Pen(leaf, numeric=False)))))
            case _:
                return write(right, Pen(leaf, numeric=False))

    try:
        formula = body(quantity)
        return formula if runs(formula) and width_of(formula, TITLE_SIZE) <= WIDEST_FORMULA else None
    except (NotWritable, FullmarksError):
        return None


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


def _alt(
    drawn: Sequence[Expr],
    sources: dict[int, list[Expr]],
    loss: Expr,
    variable: Expr,
    symbols: Symbols,
    depends: Callable[[Expr], bool],
) -> str:
    """Say what leads to what, with every value and every gradient."""

    def named(quantity: Expr) -> str:
        return characters_of(_symbol(symbols, quantity))

    def backwards(quantity: Expr) -> str:
        gradient = _gradient(quantity, loss) if depends(quantity) else None
        return "" if gradient is None else f" with the gradient {in_words(gradient)}"

    leaves = [f"{named(one)} is {in_words(one)}{backwards(one)}" for one in drawn if not sources.get(id(one))]
    steps = [
        f"{_listed([named(source) for source in sources[id(one)]])} lead to {named(one)} = {in_words(one)}"
        f"{backwards(one)}"
        for one in drawn
        if sources.get(id(one))
    ]
    return f"Computational graph from {named(variable)} to {named(loss)}. {'; '.join((*leaves, *steps))}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
