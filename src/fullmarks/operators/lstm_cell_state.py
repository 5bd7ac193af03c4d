"""lstm_cell_state: the new cell state of an LSTM, f ⊙ c + i ⊙ g."""

import numpy as np

from fullmarks.math.expression import Array, Expr
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._lstm import SOURCE, next_cell_state
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("f", Tensor("n"), "forget gate"),
    Argument("c", Tensor("n"), "cell state of the timestep before"),
    Argument("i", Tensor("n"), "input gate"),
    Argument("g", Tensor("n"), "candidate values, which the input gate lets in (also called gate gate)"),
)


def evaluate(f: Array, c: Array, i: Array, g: Array) -> Array:
    return np.asarray((np.stack([f, i]) * np.stack([c, g])).sum(axis=0))


def working(f: Expr, c: Expr, i: Expr, g: Expr) -> Expr:
    return next_cell_state(f, c, i, g)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return open gates and small states."""
    length = {"easy": 2, "medium": 3, "hard": 4}[level]
    step = 0.05 if level == "hard" else 0.1
    return {
        "f": numbers.decimals(0.1, 0.9, length, step=step),
        "c": numbers.decimals(-0.8, 0.8, length, step=step, nonzero=True),
        "i": numbers.decimals(0.1, 0.9, length, step=step),
        "g": numbers.decimals(-0.8, 0.8, length, step=step, nonzero=True),
    }


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the cell state {result}.",
    source=SOURCE,
    symbol="c_t",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("exchanged forget and input gate", slip=True, result=lambda f, c, i, g: i * c + f * g),
        mistake("left out the old cell state", slip=True, result=lambda i, g: i * g),
        mistake("left out the forget gate", slip=True, result=lambda c, i, g: c + i * g),
        mistake("left out the input gate", slip=True, result=lambda f, c, g: f * c + g),
    ),
    sample=sample,
)
