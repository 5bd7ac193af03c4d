"""gru_parameters: weights and biases of a GRU layer, 3 (h (h + d) + h), and o h + o of its output layer."""

from fullmarks.operators._operator import mistake
from fullmarks.operators._recurrent_counter import gates_mistakes, recurrent_counter

GATES = 3  # reset and update gate, and the candidate

operator = recurrent_counter(
    layer="a GRU layer",
    gates=GATES,
    meaning="Each of the gates $r$ and $z$ and the candidate $n$ is computed from $[h_{t-1}; x_t]$.",
    source="Cho et al. 2014, eq. 5–8",
    mistakes=(
        *gates_mistakes(GATES),
        mistake("counted four gates, as in an LSTM", cell=lambda gate: 4 * gate),
    ),
)
