"""lstm_hidden_state: the new hidden state of an LSTM, o ⊙ tanh(c)."""

import numpy as np

from fullmarks.math.expression import Array, Expr
from fullmarks.math.functions import sigmoid
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._lstm import SOURCE, next_hidden_state
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("o", Tensor("n"), "output gate"),
    Argument("c", Tensor("n"), "cell state of this timestep"),
)


def evaluate(o: Array, c: Array) -> Array:
    return np.multiply(o, np.tanh(as_floats(c)))


def working(o: Expr, c: Expr) -> Expr:
    return next_hidden_state(o, c)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return an output gate and a cell state that tanh bends visibly."""
    length = {"easy": 2, "medium": 3, "hard": 4}[level]
    return {
        "o": numbers.decimals(0.1, 0.9, length),
        "c": numbers.decimals(-1.5, 1.5, length, step=0.05 if level == "hard" else 0.1, nonzero=True),
    }


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the hidden state {result}.",
    source=SOURCE,
    symbol="h_t",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out tanh", result=lambda o, c: o * c),
        mistake("left out the output gate", result=lambda u: u),
        mistake("used the sigmoid instead of tanh", u=lambda c: sigmoid(c)),  # noqa: PLW0108 - c names the argument
    ),
    sample=sample,
)
