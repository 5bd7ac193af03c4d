"""gru_cell: one step of a gated recurrent unit; reset gate r, update gate z, candidate n.

The weights act on the hidden state above the input, ``W = [W_h W_x]``. Two conventions differ between books:
``reset="before"`` resets the hidden state before it is multiplied, ``"after"`` (PyTorch) what the product gives;
``update="keep"`` takes the old state times z, ``"new"`` the candidate times z.
"""

from collections.abc import Mapping

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.figures import Figure
from fullmarks.math.figures import gru as drawing
from fullmarks.math.functions import is_nothing, join, sigmoid, tanh
from fullmarks.math.marks import A, M
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators._arguments import Argument, Choice, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, Writer, mistake

ARGUMENTS = (
    Argument("x", Tensor("d"), "input at this timestep"),
    Argument("h", Tensor("n"), "hidden state of the timestep before"),
    Argument("W_r", Tensor("n n+d"), "weights of the reset gate, acting on hidden state above input"),
    Argument("W_z", Tensor("n n+d"), "weights of the update gate, likewise"),
    Argument("W_n", Tensor("n n+d"), "weights of the candidate, likewise"),
    Argument("b_r", Tensor("number | n"), "bias of the reset gate", default=0),
    Argument("b_z", Tensor("number | n"), "bias of the update gate", default=0),
    Argument("b_n", Tensor("number | n"), "bias of the candidate", default=0),
    Argument("reset", Choice(("before", "after")), "reset h before W_n, or what W_n makes of it", default="before"),
    Argument("b_nh", Tensor("number | n"), "bias that is reset too, with reset after", default=0),
    Argument("update", Choice(("keep", "new")), "whether z weighs the old state or the candidate", default="keep"),
)


def check(x: Array, h: Array, reset: str, b_nh: Array, **weights: Array) -> None:
    """Check the widths of the weights, and that ``b_nh`` has its place."""
    hidden, inputs = h.shape[0], x.shape[0]
    for name in ("W_r", "W_z", "W_n"):
        if weights[name].shape[1] != hidden + inputs:
            raise FullmarksError(
                f"gru_cell: {name} has {weights[name].shape[1]} columns, expected {hidden} + {inputs} = "
                f"{hidden + inputs} (hidden state above input)"
            )
    if reset == "before" and b_nh.any():
        raise FullmarksError('gru_cell: b_nh belongs to reset="after"; with reset="before" add it to b_n')


def evaluate(x: Array, h: Array, reset: str, b_nh: Array, update: str, **parameters: Array) -> dict[str, Array]:
    """Return hidden state, reset gate, update gate and candidate, each (n,)."""
    size = len(h)
    by_h = {gate: parameters[f"W_{gate}"][:, :size] for gate in "rzn"}
    from_x = {gate: parameters[f"W_{gate}"][:, size:] @ x + parameters[f"b_{gate}"] for gate in "rzn"}
    r, z = (1 / (1 + np.exp(-as_floats(by_h[gate] @ h + from_x[gate]))) for gate in "rz")
    reset_part = by_h["n"] @ (r * h) if reset == "before" else r * (by_h["n"] @ h + b_nh)
    n = np.tanh(as_floats(from_x["n"] + reset_part))
    kept = z if update == "keep" else 1 - z
    return {"h": n + kept * (h - n), "r": r, "z": z, "n": n}


def working(x: Expr, h: Expr, reset: str, b_nh: Expr, update: str, **parameters: Expr) -> Expr:
    """Both gates, the candidate, then the mean of old state and candidate that the update gate weighs."""
    s = let("s", join([h, x]), "Stack the hidden state on the input.", M("stacks hidden state and input"))
    r = _gate("r", "reset", s, parameters["W_r"], parameters["b_r"])
    z = _gate("z", "update", s, parameters["W_z"], parameters["b_z"], after=(r,))
    n = _candidate(x, h, r, z, parameters["W_n"], parameters["b_n"], b_nh, reset)
    if update == "keep":
        mixed, weighed_by_z, other = (1 - z) * n + z * h, "old state", "candidate"
    else:
        mixed, weighed_by_z, other = (1 - z) * h + z * n, "candidate", "old state"
    return let(
        RESULT,
        mixed,
        f"Weigh the {weighed_by_z} by $\\mathbf{{z}}$ and the {other} by $1 - \\mathbf{{z}}$, and add.",
        M("candidate and old state weighed by z and 1 − z"),
        A("values of the hidden state"),
    )


def _gate(letter: str, name: str, s: Expr, W: Expr, b: Expr, after: tuple[Expr, ...] = ()) -> Expr:
    """Return the lines of a gate: the weighted sum and its sigmoid."""
    bias = "" if is_nothing(b) else " plus its bias"
    reason = f"The {name} gate: its weights times the stacked vector{bias},"
    total = let(f"a_{letter}", W @ s + b, reason, M(f"weighted sum of the {name} gate"), after=after)
    return let(letter, sigmoid(total), "then the sigmoid.", M("sigmoid"), A(f"values of the {name} gate"))


def _candidate(x: Expr, h: Expr, r: Expr, z: Expr, W_n: Expr, b_n: Expr, b_nh: Expr, reset: str) -> Expr:
    """Return the lines of the candidate."""
    size = h.shape[0]
    if reset == "before":
        kept = let("k", r * h, "Reset: keep as much of the hidden state as $\\mathbf{r}$ says.", M("reset"), after=(z,))
        stacked = let("s_n", join([kept, x]), "Stack what is left on the input,")
        bias = "" if is_nothing(b_n) else " plus their bias"
        total = W_n @ stacked + b_n
        reason = f"and multiply by the weights of the candidate{bias}."
    else:
        W_nh = let("W_nh", W_n[:, :size], "The first columns of the candidate's weights act on the hidden state,")
        W_nx = let("W_nx", W_n[:, size:], "the others on the input.", after=(W_nh,))
        bias = "" if is_nothing(b_nh) else " plus its bias"
        product = let("k", W_nh @ h + b_nh, f"The weights times the hidden state{bias},", M("product"), after=(z, W_nx))
        total = W_nx @ x + b_n + r * product
        reason = "reset by $\\mathbf{r}$ and added to the weights times the input" + (
            "." if is_nothing(b_n) else " and the bias."
        )
    a = let("a_n", total, reason, M("weighted sum of the candidate"), A("values"))
    return let("n", tanh(a), "Apply tanh: the candidate.", M("tanh"), A("values of the candidate"))


def figure(
    x: Expr,
    h: Expr,
    reset: drawing.Reset,
    update: drawing.Update,
    lines: Mapping[str, Expr],
    writer: Writer,
    **_others: object,
) -> Figure | None:
    """Draw the cell with the values of this step on its wires, where it is small."""
    return drawing.gru_cell(x, h, lines, writer, reset, update)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a cell of one hidden unit, or of two; where it is to be hard with biases, in PyTorch's convention."""
    hidden, inputs = {"easy": (1, 1), "medium": (2, 1), "hard": (2, 2)}[level]
    cell: dict[str, object] = {
        "x": numbers.integers(1, 3, inputs),
        "h": numbers.decimals(-0.8, 0.8, hidden, nonzero=True),
    }
    for gate in "rzn":
        cell[f"W_{gate}"] = numbers.decimals(-0.6, 0.8, hidden, hidden + inputs, nonzero=True)
    if level != "hard":
        return cell
    for bias in ("b_r", "b_z", "b_n", "b_nh"):
        cell[bias] = numbers.decimals(-0.3, 0.3, hidden, nonzero=True)
    return cell | {"reset": "after"}


def _squashed_by_sigmoid(a_n: Expr) -> Expr:
    return sigmoid(a_n)


def _other(options: tuple[str, str], chosen: str) -> str:
    return options[1 - options.index(chosen)]


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the hidden state {result} of the GRU.",
    source="Cho et al. 2014, eq. 5–8; PyTorch, torch.nn.GRUCell (reset after)",
    symbol="h_t",
    results=("h", "r", "z", "n"),
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("exchanged z and 1 − z", slip=True, update=lambda update: _other(("keep", "new"), update)),
        mistake("left out the reset gate", r=lambda r: r * 0 + 1),
        mistake("used the sigmoid for the candidate", n=_squashed_by_sigmoid),
        mistake("exchanged the weights of the two gates", W_r=lambda W_z: W_z, W_z=lambda W_r: W_r),
        mistake("took the candidate for the hidden state", result=lambda n: n),
        mistake("stacked the input above the hidden state", s=lambda x, h: join([x, h])),
        mistake(
            "left out the biases", slip=True, b_r=lambda b_r: b_r * 0, b_z=lambda b_z: b_z * 0, b_n=lambda b_n: b_n * 0
        ),
    ),
    sample=sample,
    figure=figure,
)
