"""What an LSTM's operators share: the lines that make the new cell state and the new hidden state.

The equations are those of Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000.
"""

from fullmarks.math.expression import RESULT, Expr, let
from fullmarks.math.functions import tanh
from fullmarks.math.marks import A, M

SOURCE = "Hochreiter and Schmidhuber 1997; Gers et al. 2000"


def next_cell_state(f: Expr, c: Expr, i: Expr, g: Expr, name: str = RESULT) -> Expr:
    """Return the line ``f ⊙ c + i ⊙ g``."""
    return let(
        name,
        f * c + i * g,
        "Scale the old cell state by the forget gate, and add the candidate values scaled by the input gate.",
        M("forget gate times old cell state"),
        M("plus input gate times g"),
        A("values of the cell state"),
    )


def next_hidden_state(o: Expr, c: Expr) -> Expr:
    """Return the lines ``u = tanh(c)`` and ``o ⊙ u``."""
    u = let("u", tanh(c), "Apply tanh to each element of the cell state.", M("tanh of the cell state"))
    return let(
        RESULT,
        o * u,
        "Scale it by the output gate.",
        M("times output gate"),
        A("values of the hidden state"),
    )
