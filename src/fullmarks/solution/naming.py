"""What every line is called: the shortest name that is unique once the whole problem is known."""

from collections.abc import Iterable, Mapping

from fullmarks.math.expression import Expr, Let
from fullmarks.math.gradient_line import GradientLine
from fullmarks.math.notation import Node, Number, Row, Script, Symbol
from fullmarks.math.notation.latex import latex
from fullmarks.math.symbols import light, symbol_from_name, with_below
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.model import Problem
from fullmarks.solution.gradient_symbols import gradient_symbol
from fullmarks.solution.walk import Step, Worked


def quantity_symbols(problem: Problem, worked: Worked) -> dict[str, Node]:
    """Return the symbol of every named quantity: the problem's own, the operator's, or one made from its name."""
    symbols: dict[str, Node] = {}
    argument_symbols = _argument_symbols(problem)
    for name, value in worked.quantities.items():
        if "." in name:
            continue
        is_array = isinstance(value, Expr) and value.size > 1
        given = problem.given.get(name)
        own = given.symbol if given else problem.symbols.get(name, "")
        if given and not own:
            own = argument_symbols.get(name, "")
        step = worked.step_of(name)
        if own:
            symbols[name] = _read(own)
        elif step and step.operator and name.startswith(step.operator.name):
            index = name.removeprefix(step.operator.name).lstrip("_")
            symbol = _written_symbol(step.operator.symbol, is_array=is_array)
            symbols[name] = with_below(symbol, _number(int(index))) if index else symbol
        else:
            symbols[name] = symbol_from_name(name, is_array=is_array)
    known = {id(worked.quantities[name]): symbol for name, symbol in symbols.items()}
    for name, symbol in symbols.items():
        value = worked.quantities[name]
        if isinstance(value, Expr) and not problem.symbols.get(name):
            symbols[name] = gradient_symbol(value, known) or symbol
    return symbols


def _argument_symbols(problem: Problem) -> dict[str, str]:
    """Return the symbols that an operator called by its name has for its arguments."""
    if problem.id not in operator_names() or problem.path:
        return {}
    words = [given.value for given in problem.given.values() if isinstance(given.value, str)]
    return {
        argument.name: next(
            (argument.symbol_for[word] for word in words if word in argument.symbol_for), argument.symbol
        )
        for argument in load_operator(problem.id).arguments
    }


def _read(source: str) -> Node:
    from fullmarks.math.notation.latex_reader import read_latex

    return read_latex(source)


def line_symbols(
    worked: Worked,
    quantities: Mapping[str, Node],
    lines_of_steps: Iterable[tuple[Step, list[Expr]]],
    letters: Iterable[str] = (),
) -> dict[int, Node]:
    """Return the symbol of every named expression by id: givens, quantities, and the lines of every step.

    Lines that would share a symbol all get the shortest ending that tells them apart: what stands below the symbol
    of the step's quantity (``z_1``, ``z_2``), or that whole symbol (``z_{h_1}``). ``letters`` stand for numbers; no
    line is called like one of them.
    """
    symbols = {id(worked.quantities[name]): symbol for name, symbol in quantities.items()}
    taken = {_as_entries(symbol, worked.quantities[name]) for name, symbol in quantities.items()}
    taken |= {_plain(symbol_from_name(name, is_array=False)) for letter in letters for name in (letter, letter[0])}
    groups: dict[str, list[tuple[Expr, Node, Step]]] = {}
    gradients: list[tuple[Expr, Step]] = []
    for step, lines in lines_of_steps:
        for line in lines:
            if isinstance(line.operation, GradientLine):
                gradients.append((line, step))
            elif id(line) not in symbols and isinstance(line.operation, Let):
                base = _base_symbol(line, step)
                groups.setdefault(_as_entries(base, line), []).append((line, base, step))
    for group in groups.values():
        for endings in (_no_ending, _index_of_quantity, _whole_quantity):
            candidates = [
                endings(base, quantities.get(step.name), place) for place, (_, base, step) in enumerate(group)
            ]
            plain = [_as_entries(one, line) for one, (line, _, _) in zip(candidates, group, strict=True)]
            if len(set(plain)) == len(plain) and not taken.intersection(plain):
                break
        else:
            candidates = [with_below(base, _number(place)) for place, (_, base, _step) in enumerate(group, 1)]
            plain = [_as_entries(one, line) for one, (line, _, _) in zip(candidates, group, strict=True)]
        taken.update(plain)
        symbols.update({id(line): symbol for (line, _, _), symbol in zip(group, candidates, strict=True)})
    for line, step in gradients:
        if id(line) not in symbols:
            loss = quantities.get(step.name) if line is not step.result else None
            symbols[id(line)] = gradient_symbol(line, symbols, loss) or _base_symbol(line, step)
    return symbols


def _base_symbol(line: Expr, step: Step) -> Node:
    operation = line.operation
    if not isinstance(operation, Let):
        raise TypeError(operation)
    name = operation.name
    if step.operator is not None:
        if line is step.result:
            name = step.operator.symbol
        name = step.operator.line_symbols.get(name, name)
    return _written_symbol(name, is_array=line.size > 1)


def _written_symbol(text: str, *, is_array: bool) -> Node:
    """Return the symbol that an operator's author wrote: a name such as ``W_x``, or LaTeX as it is."""
    if text.replace("_", "").isalnum() and text.isascii():
        return symbol_from_name(text, is_array=is_array)
    return _read(text)


def _plain(symbol: Node) -> str:
    """Return a symbol as text without its style: bold h and italic h are too alike to stand for two things."""
    match symbol:
        case Symbol(name=name):
            return name
        case Script(base=base, below=below, above=above):
            ends = "".join(f"_{latex(end)}" for end in (below, above) if end is not None)
            return f"{_plain(base)}{ends}"
        case _:
            return latex(symbol)


def _as_entries(symbol: Node, value: object) -> str:
    """Return a symbol as text; an array's as that of its entries, for those of D and of d are both called d₁₁."""
    is_array = isinstance(value, Expr) and value.size > 1
    return _plain(light(symbol) if is_array else symbol)


def _no_ending(base: Node, _quantity: Node | None, _place: int) -> Node:
    return base


def _index_of_quantity(base: Node, quantity: Node | None, _place: int) -> Node:
    match quantity:
        case Script(below=below) if below is not None:
            return with_below(base, below)
        case _:
            return base


def _whole_quantity(base: Node, quantity: Node | None, place: int) -> Node:
    if quantity is None:
        return with_below(base, _number(place + 1))
    return with_below(base, _light(quantity))


def _number(place: int) -> Node:
    return Number(str(place))


def _light(symbol: Node) -> Node:
    match symbol:
        case Symbol(name=name):
            return Symbol(name)
        case Script(base=base, below=below, above=above):
            return Script(_light(base), below, above)
        case Row(items=items):
            return Row(tuple(_light(item) for item in items))
        case _:
            return symbol
