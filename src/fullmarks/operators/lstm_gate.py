"""lstm_gate: one gate of an LSTM, the sigmoid of a weighted sum of hidden state and input."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import is_nothing, join, sigmoid, tanh
from fullmarks.math.marks import A, M
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators._arguments import Argument, Choice, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._shapes import shape_text

ARGUMENTS = (
    Argument("x", Tensor("d"), "input at this timestep"),
    Argument("h", Tensor("n"), "hidden state of the timestep before"),
    Argument("W", Tensor("n n+d"), "weights [W_h W_x], acting on hidden state above input", default=None),
    Argument("b", Tensor("number | n"), "bias", default=0),
    Argument("activation", Choice(("sigmoid", "tanh")), "tanh for the gate gate g", default="sigmoid"),
    Argument("W_h", Tensor("n n"), "weights of the hidden state, instead of W", default=None),
    Argument("W_x", Tensor("n d"), "weights of the input, instead of W", default=None),
)


def check(x: Array, h: Array, W: Array | None, W_h: Array | None, W_x: Array | None, **_others: object) -> None:
    """Check that either W is given, of the right width, or both of its halves."""
    if (W is None) == (W_h is None and W_x is None) or (W_h is None) != (W_x is None):
        raise FullmarksError("lstm_gate: expected either W, or both W_h and W_x")
    if W is not None and W.shape[1] != h.shape[0] + x.shape[0]:
        raise FullmarksError(
            f"lstm_gate: W is {shape_text(W.shape)}, but hidden state and input together have "
            f"{h.shape[0]} + {x.shape[0]} = {h.shape[0] + x.shape[0]} entries: W needs as many columns"
        )


def evaluate(
    x: Array, h: Array, W: Array | None, b: Array, activation: str, W_h: Array | None, W_x: Array | None
) -> Array:
    weights = np.hstack([W_h, W_x]) if W is None else W  # type: ignore[list-item]  # check() saw to it
    z = as_floats((weights * np.concatenate([h, x])).sum(axis=1) + b)
    return np.asarray(np.tanh(z) if activation == "tanh" else 1 / (1 + np.exp(-z)))


def working(x: Expr, h: Expr, W: Expr | None, b: Expr, activation: str, W_h: Expr | None, W_x: Expr | None) -> Expr:
    if W is None:
        if W_h is None or W_x is None:
            raise TypeError("check() lets nothing else through")
        W = join([W_h, W_x], axis=1)
    s = let("s", join([h, x]), "Stack the hidden state on the input.", M("stacks hidden state and input"))
    z = let(
        "z",
        W @ s + b,
        "Multiply by the weights, row by row."
        if is_nothing(b)
        else "Multiply by the weights, row by row, and add the bias.",
        M("weights times stacked vector"),
        A("values"),
    )
    squashed = tanh(z) if activation == "tanh" else sigmoid(z)
    return let(RESULT, squashed, f"Apply {activation} to each element.", M(activation), A("values"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a gate that is not saturated."""
    hidden, inputs = {"easy": (2, 1), "medium": (2, 2), "hard": (3, 2)}[level]
    return {
        "x": numbers.integers(0, 3, inputs, nonzero=True),
        "h": numbers.decimals(-0.5, 0.5, hidden),
        "W": numbers.decimals(-0.6, 0.8, hidden, hidden + inputs, nonzero=True),
    }


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the gate {result}.",
    source="Hochreiter and Schmidhuber 1997; Gers et al. 2000",
    symbol="f",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the activation", result=lambda z: z),
        mistake("stacked the input above the hidden state", s=lambda x, h: join([x, h])),
        mistake("used tanh instead of the sigmoid", activation="tanh"),
        mistake("left out the bias", slip=True, b=lambda b: b * 0),
    ),
    sample=sample,
)
