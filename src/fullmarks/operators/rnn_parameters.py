"""rnn_parameters: weights and biases of a simple recurrent layer, h (h + d) + h, and o h + o of its output layer."""

from fullmarks.operators._operator import mistake
from fullmarks.operators._recurrent_counter import recurrent_counter

operator = recurrent_counter(
    layer="a simple recurrent layer",
    gates=1,
    meaning="The cell computes $h_t$ from $[h_{t-1}; x_t]$.",
    source="Goodfellow et al. 2016, eq. 10.8–10.10",
    mistakes=(
        mistake("left out the weights on the hidden state", cell=lambda cell, hidden_size: cell - hidden_size**2),
        mistake(
            "counted two bias vectors in the cell, as PyTorch keeps them",
            cell=lambda cell, hidden_size, bias: cell + hidden_size if bias else None,
        ),
    ),
)
