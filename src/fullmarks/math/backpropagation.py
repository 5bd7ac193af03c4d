"""Backpropagation: the history of a scalar walked backwards, a line for the gradient of every quantity on the way."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from msgspec import Struct, field

from fullmarks.math.array_operations import View
from fullmarks.math.chain_rule import purpose, reason
from fullmarks.math.closed_forms import Softmax, p_minus_y, softmax_of
from fullmarks.math.derivatives import ONE, Share, act_of_view, collected, shares, stretched_to
from fullmarks.math.expression import RESULT, Expr, Let, constant, is_named, let
from fullmarks.math.functions import branches
from fullmarks.math.gradient_line import GradientLine
from fullmarks.math.gradient_products import product, total_of
from fullmarks.math.history import leaves, lines
from fullmarks.math.marks import A, M, Mark
from fullmarks.math.operations import Branches, Function, Maximum, Minus

Slip = Literal["slope", "path", "factor 2"]
_SLOPES = frozenset({"sigmoid", "tanh", "relu", "positive", "branches", "erf"})


class Part(Struct, frozen=True):
    """What comes back to a quantity along one path: a gradient, or that of an arrangement with its ``origin``."""

    gradient: Expr
    acts: tuple[str, ...]
    arrangement: View | None = None


class Sweep(Struct):
    """One walk backwards from ``loss`` to ``variable``, the gradients on the way by id of the quantity.

    ``slip`` is a careless mistake made on the way, ``None`` where there is none.
    """

    loss: Expr
    variable: Expr
    slip: Slip | None
    gradients: dict[int, Expr]
    dependent: frozenset[int]  # the ids of what depends on ``variable``, itself included
    users: dict[int, set[int]]  # for every named quantity, the ids of the lines that it enters into
    parts: dict[int, list[Part]] = field(default_factory=dict)


def gradient_line(loss: Expr, variable: Expr, slip: Slip | None = None, *, name: str = RESULT) -> Expr | None:
    """Return the line of ∂loss/∂variable, worked by the chain rule, or ``None`` where no path leads there.

    ``loss`` is a scalar, ``variable`` a named quantity of its history of any shape. The lines on the way are kept with
    the loss, so that a second gradient of it goes on from them; with a ``slip`` nothing is kept.
    """
    known = loss.gradients if slip is None else {}
    if id(variable) in known:
        return known[id(variable)]
    order = lines(loss, {})
    sweep = Sweep(loss, variable, slip, known, _dependent(loss, variable), _users(order))
    if id(loss) not in sweep.dependent:
        return None
    if loss is variable:
        sweep.parts[id(loss)] = [Part(ONE, ())]
    for place, line in reversed([*enumerate(order), *([] if loss in order else [(len(order), loss)])]):
        if id(line) in sweep.dependent and line is not variable:
            found = _gradient_of(sweep, line, f"d{place}")
            if found is not None:
                _hand_back(sweep, line, found)
    part = _total(sweep, variable)
    if part is None:
        return None
    gradient, paths = part
    result = Expr(_line(sweep, variable, name, paths), stretched_to(gradient, variable.shape))
    known[id(variable)] = result
    return result


def _users(order: list[Expr]) -> dict[int, set[int]]:
    users: dict[int, set[int]] = {}
    for line in order:
        for leaf in leaves(line.arguments[0]):
            users.setdefault(id(leaf), set()).add(id(line))
    return users


def _dependent(loss: Expr, variable: Expr) -> frozenset[int]:
    """Return the ids of everything between ``variable`` and ``loss``, both included where one leads to the other."""
    depends: dict[int, bool] = {id(variable): True}
    pending = [loss]
    while pending:
        expression = pending[-1]
        if id(expression) in depends:
            pending.pop()
            continue
        arguments = followed(expression)
        missing = [argument for argument in arguments if id(argument) not in depends]
        if missing:
            pending.extend(missing)
        else:
            depends[id(expression)] = any(depends[id(argument)] for argument in arguments)
    return frozenset(key for key, value in depends.items() if value)


def followed(expression: Expr) -> tuple[Expr, ...]:
    """Return what enters into an expression: of a line the right-hand side, not the lines that only come before it."""
    return expression.arguments[:1] if isinstance(expression.operation, Let) else expression.arguments


def _gradient_of(sweep: Sweep, line: Expr, name: str) -> Part | None:
    """Return the gradient at a line: by its name where it is worth one, else as it came, with what was done to it."""
    if line is sweep.loss:
        return Part(ONE, ())
    if id(line) in sweep.parts and id(line) in sweep.gradients:
        return Part(sweep.gradients[id(line)], ())
    found = _total(sweep, line)
    if found is None:
        return None
    gradient, paths = found
    compared = isinstance(line.arguments[0].operation, Minus) and _one_way(sweep, line.arguments[0])
    if is_named(gradient) or _is_only_a_number(gradient) or compared:
        return Part(gradient, tuple(act for path in paths for act in path))
    result = Expr(_line(sweep, line, name, paths), stretched_to(gradient, line.shape))
    sweep.gradients[id(line)] = result
    return Part(result, ())


def _is_only_a_number(gradient: Expr) -> bool:
    return gradient.shape == () and not gradient.arguments


def _one_way(sweep: Sweep, difference: Expr) -> bool:
    """Tell whether a difference is of a quantity from its target: the gradient is best written at the quantity."""
    on_the_way = [argument for argument in difference.arguments if id(argument) in sweep.dependent]
    return len(on_the_way) == 1 and on_the_way[0].shape == difference.shape


def _line(sweep: Sweep, variable: Expr, name: str, paths: list[tuple[str, ...]]) -> GradientLine:
    marks: tuple[Mark, ...] = (M(purpose(paths)), A("values", min(variable.size, 2)))
    return GradientLine(name, reason(paths), marks, loss=sweep.loss, variable=variable)


def _total(sweep: Sweep, quantity: Expr) -> tuple[Expr, list[tuple[str, ...]]] | None:
    """Add up what came back to a quantity, and return it with the acts of each path."""
    parts = sweep.parts.pop(id(quantity), [])
    if sweep.slip == "path":
        parts = parts[:1]
    if not parts:
        return None
    pieces = [(part.gradient, part.arrangement.origin) for part in parts if part.arrangement is not None]
    whole = [part.gradient for part in parts if part.arrangement is None]
    if pieces:
        whole.append(collected(quantity.shape, pieces))
    total = total_of(whole)
    together = len(pieces) > 1 and len(whole) == 1  # the gradients of parts, put side by side
    paths = [part.acts for part in parts]
    return total, [tuple(dict.fromkeys(act for path in paths for act in path))] if together else paths


def _hand_back(sweep: Sweep, line: Expr, part: Part) -> None:
    """Hand a line's gradient back to the named quantities that its right-hand side is made of."""
    if not isinstance(line.operation, Let):
        _through(sweep, line, part.gradient, part.acts, line)
        return
    loss = p_minus_y(line)
    if loss is not None and _is_closed(sweep, loss.softmax, line):
        acts = (*part.acts, "softmax with cross-entropy")
        _through(sweep, loss.softmax.scores, product(part.gradient, loss.gradient), acts, loss.softmax.scores)
        return
    softmax = softmax_of(line)
    if softmax is not None and _is_closed(sweep, softmax):
        _through_softmax(sweep, softmax, part)
        return
    _through(sweep, line.arguments[0], part.gradient, part.acts, line)


def _is_closed(sweep: Sweep, softmax: Softmax, loss: Expr | None = None) -> bool:
    """Tell whether nothing but the softmax, and with a ``loss`` only that, uses the lines that a closed form skips."""
    inner = [softmax.powers, softmax.sums, *([softmax.quotients] if loss is not None else [])]
    if any(sweep.variable is line for line in inner):
        return False
    own = {id(softmax.sums), id(softmax.quotients), *([id(loss)] if loss is not None else [])}
    return all(sweep.users.get(id(line), set()) <= own for line in inner)


def _through_softmax(sweep: Sweep, softmax: Softmax, part: Part) -> None:
    """Hand back p ⊙ (g − Σ g p): what each score changes of its own share, and of all others."""
    p = softmax.quotients
    full = stretched_to(part.gradient, p.shape)
    weighted = let(
        "rho",
        (full * p).sum(softmax.axis),
        "For the softmax, multiply each output by the gradient that reached it and add up.",
        M("sum of outputs times gradients"),
    )
    kept = list(p.shape)
    kept[softmax.axis] = 1
    beside = weighted if p.ndim == 1 else weighted.reshape(*kept)
    _through(sweep, softmax.scores, p * (full - beside), (*part.acts, "softmax"), softmax.scores)


def _through(sweep: Sweep, node: Expr, gradient: Expr, acts: tuple[str, ...], result: Expr) -> None:
    """Follow a gradient through a right-hand side down to its named quantities."""
    if id(node) not in sweep.dependent:
        return
    if node is sweep.variable or (isinstance(node.operation, Let) and node is not sweep.loss):
        sweep.parts.setdefault(id(node), []).append(Part(gradient, acts))
        return
    if isinstance(node.operation, View) and _is_stop(sweep, node.arguments[0]) and _is_rearranged(node):
        act = act_of_view(node.operation, node.arguments[0])
        part = Part(gradient, (*acts, act) if act else acts, node.operation)
        sweep.parts.setdefault(id(node.arguments[0]), []).append(part)
        return
    if isinstance(node.operation, Branches):
        slope = _slope_of_branches(sweep, node)
        if slope is not None:
            leaf, factor = slope
            careful = gradient if sweep.slip == "slope" else product(gradient, factor)
            _through(sweep, leaf, careful, (*acts, "branches"), leaf)
            return
    for share in shares(node, result, gradient):
        _through(sweep, share.argument, _with_slip(sweep, node, gradient, share), (*acts, share.act), share.argument)


def _is_stop(sweep: Sweep, node: Expr) -> bool:
    return node is sweep.variable or isinstance(node.operation, Let)


def _is_rearranged(node: Expr) -> bool:
    """Tell whether a view picks or moves entries, so that several of one quantity are put back together."""
    operation = node.operation
    return isinstance(operation, View) and operation.written == ""


def _with_slip(sweep: Sweep, node: Expr, gradient: Expr, share: Share) -> Expr:
    """Return what is handed back, spoilt by the slip that is made, if any."""
    if sweep.slip == "slope" and share.act in _SLOPES and isinstance(node.operation, Function | Maximum):
        return gradient
    if sweep.slip == "factor 2" and share.act == "square":
        return product(constant(Fraction(1, 2)), share.gradient)
    return share.gradient


def _slope_of_branches(sweep: Sweep, node: Expr) -> tuple[Expr, Expr] | None:
    """Return the one quantity that both branches are formulas of, entry by entry, and the slope of the one that holds.

    ``None`` where the branches hang on several quantities, or on one of another shape.
    """
    test, *formulas = node.arguments
    leaves = {id(leaf): leaf for formula in formulas for leaf in _stops(sweep, formula)}
    if len(leaves) != 1:
        return None
    (leaf,) = leaves.values()
    if leaf.shape != node.shape:
        return None
    slopes = []
    for formula in formulas:
        own = Sweep(sweep.loss, leaf, None, {}, _dependent(formula, leaf), {})
        _through(own, formula, ONE, (), formula)
        found = _total(own, leaf)
        slopes.append(constant(0) if found is None else found[0])
    return leaf, branches(test, *slopes)


def _stops(sweep: Sweep, formula: Expr) -> Iterator[Expr]:
    if id(formula) not in sweep.dependent:
        return
    if _is_stop(sweep, formula):
        yield formula
    else:
        for argument in formula.arguments:
            yield from _stops(sweep, argument)
