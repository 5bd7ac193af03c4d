"""rnn_cell: one step of a recurrent network, tanh(W_hh h + W_xh x + b)."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import is_nothing, relu, tanh
from fullmarks.math.marks import A, M
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators._arguments import Argument, Choice, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._shapes import shape_text

ARGUMENTS = (
    Argument("x", Tensor("d"), "input at this timestep"),
    Argument("h", Tensor("n"), "hidden state of the timestep before"),
    Argument("W_xh", Tensor("n d"), "weights of the input"),
    Argument("W_hh", Tensor("n n"), "weights of the hidden state"),
    Argument("b", Tensor("number | n"), "bias", default=0),
    Argument("activation", Choice(("tanh", "relu")), "applied to each element of the sum", default="tanh"),
)


def check(W_hh: Array, **_others: object) -> None:
    """Check that the hidden state's weights are square: they lead from one hidden state to the next."""
    if W_hh.shape[0] != W_hh.shape[1]:
        raise FullmarksError(f"rnn_cell: W_hh is {shape_text(W_hh.shape)}, expected as many rows as columns")


def evaluate(x: Array, h: Array, W_xh: Array, W_hh: Array, b: Array, activation: str) -> Array:
    total = np.hstack([W_hh, W_xh]) @ np.concatenate([h, x]) + b
    return np.asarray(np.where(total > 0, total, 0) if activation == "relu" else np.tanh(as_floats(total)))


def working(x: Expr, h: Expr, W_xh: Expr, W_hh: Expr, b: Expr, activation: str) -> Expr:
    """Weigh the input and the hidden state apart, add, squash."""
    u = let("u", W_xh @ x, "Multiply the input by its weights.", M("weights times input"), A("values"))
    v = let(
        "v",
        W_hh @ h,
        "Multiply the hidden state of the timestep before by its weights.",
        M("weights times hidden state"),
    )
    reason = "Add the two." if is_nothing(b) else "Add the two and the bias."
    z = let("z", u + v + b, reason, M("sum of both"), A("values"))
    called, activated = ("ReLU", relu(z)) if activation == "relu" else ("tanh", tanh(z))
    return let(RESULT, activated, f"Apply {called} to each element.", M(called), A("values"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a step that tanh does not saturate; from rest where it is to be easy, with a bias where hard."""
    hidden, inputs = {"easy": (2, 1), "medium": (2, 2), "hard": (3, 2)}[level]
    cell = {
        "x": numbers.integers(1, 4, inputs),
        "h": [0] * hidden if level == "easy" else numbers.decimals(-0.8, 0.8, hidden, nonzero=True),
        "W_xh": numbers.decimals(-0.3, 0.4, hidden, inputs, nonzero=True),
        "W_hh": numbers.decimals(-0.5, 0.5, hidden, hidden, nonzero=True),
    }
    return cell | {"b": numbers.decimals(-0.4, 0.4, hidden, nonzero=True)} if level == "hard" else cell


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the hidden state {result}.",
    source="Elman 1990; Goodfellow et al. 2016, eq. 10.8–10.9",
    symbol="h_t",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the activation", result=lambda z: z),
        mistake("left out the hidden state", z=lambda u, b: u + b),
        mistake("transposed the weights of the hidden state", v=lambda W_hh, h: W_hh.T @ h),
        mistake(
            "exchanged the weights of input and hidden state",
            u=lambda W_hh, x: W_hh @ x if W_hh.shape[1] == x.shape[0] else None,
            v=lambda W_xh, h: W_xh @ h if W_xh.shape[1] == h.shape[0] else None,
        ),
        mistake("left out the bias", slip=True, b=lambda b: b * 0),
        mistake("used the other activation", activation=lambda activation: "tanh" if activation == "relu" else "relu"),
    ),
    sample=sample,
)
