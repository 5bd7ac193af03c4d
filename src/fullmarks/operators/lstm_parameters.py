"""lstm_parameters: weights and biases of an LSTM layer, 4 (h (h + d) + h), and o h + o of its output layer."""

from fullmarks.operators._recurrent_counter import gates_mistakes, recurrent_counter

GATES = 4  # input, forget and output gate, and the candidate

operator = recurrent_counter(
    layer="an LSTM layer",
    gates=GATES,
    meaning="Each of the gates $i$, $f$, $o$ and the candidate $g$ is computed from $[h_{t-1}; x_t]$.",
    source="Hochreiter and Schmidhuber 1997; Gers et al. 2000 (forget gate)",
    mistakes=gates_mistakes(GATES),
)
