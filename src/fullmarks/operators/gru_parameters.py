"""gru_parameters: weights and biases of a GRU layer, 3 (h (h + d) + h), and o h + o of its output layer."""

import numpy as np

from fullmarks.math.expression import Array, Expr
from fullmarks.operators._arguments import Argument, Flag, Whole
from fullmarks.operators._counting import evaluated_recurrent_parameters, recurrent_parameters
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

GATES = 3  # reset and update gate, and the candidate
ARGUMENTS = (
    Argument("input_size", Whole(), "entries of the input at each step", symbol="d"),
    Argument("hidden_size", Whole(), "entries of the hidden state", symbol="h"),
    Argument("output_size", Whole(), "entries of the output layer; none where absent", default=None, symbol="o"),
    Argument("bias", Flag(), "whether each gate has a bias vector (and the output layer)", default=True),
)


def evaluate(input_size: int, hidden_size: int, output_size: int | None, bias: bool) -> Array:
    return np.asarray(evaluated_recurrent_parameters(GATES, input_size, hidden_size, output_size, bias=bias))


def working(input_size: int, hidden_size: int, output_size: int | None, bias: bool) -> Expr:
    reason = "Each of the gates $r$ and $z$ and the candidate $n$ is computed from $[h_{t-1}; x_t]$."
    return recurrent_parameters(GATES, input_size, hidden_size, output_size, bias=bias, gate_reason=reason)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a layer of few units, or of a usual network; with its output layer where it is to be hard."""
    if level == "easy":
        return {"input_size": numbers.integers(2, 5), "hidden_size": numbers.integers(2, 5)}
    layer = {"input_size": numbers.choice([28, 50, 64, 100]), "hidden_size": numbers.choice([32, 64, 128, 256])}
    return layer if level == "medium" else layer | {"output_size": numbers.choice([2, 5, 10])}


operator = Operator(
    arguments=ARGUMENTS,
    ask="How many parameters does a GRU layer have?",
    source="Cho et al. 2014, eq. 5–8",
    symbol="parameters",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the biases", bias=False),
        mistake(
            "left out the weights on the hidden state",
            gate=lambda gate, hidden_size: gate - hidden_size**2,
        ),
        mistake(
            "counted two bias vectors a gate, as PyTorch keeps them",
            gate=lambda gate, hidden_size, bias: gate + hidden_size if bias else None,
        ),
        mistake("counted one gate only", cell=lambda gate: gate),
        mistake("counted two gates and forgot the candidate", cell=lambda gate: 2 * gate),
        mistake("counted four gates, as in an LSTM", cell=lambda gate: 4 * gate),
        mistake("left out the output layer", output_size=None),
    ),
    sample=sample,
)
