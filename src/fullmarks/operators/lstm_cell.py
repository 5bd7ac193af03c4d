"""lstm_cell: one whole step of an LSTM, with all gates from one product W [h; x] + b."""

from collections.abc import Mapping
from itertools import permutations

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Array, Expr, let
from fullmarks.math.figures import Figure
from fullmarks.math.figures import lstm as drawing
from fullmarks.math.functions import is_nothing, join, sigmoid, tanh
from fullmarks.math.marks import A, M
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators._arguments import Argument, Choice, Tensor
from fullmarks.operators._lstm import SOURCE, next_cell_state, next_hidden_state
from fullmarks.operators._operator import Level, Numbers, Operator, Writer, mistake
from fullmarks.operators._shapes import shape_text

ORDERS = tuple("".join(letters) for letters in permutations("ifog"))
GATES = {"i": "input gate", "f": "forget gate", "o": "output gate", "g": "gate gate"}

ARGUMENTS = (
    Argument("x", Tensor("d"), "input at this timestep"),
    Argument("h", Tensor("n"), "hidden state of the timestep before"),
    Argument("c", Tensor("n"), "cell state of the timestep before"),
    Argument("W", Tensor("4n n+d"), "weights of all gates, acting on hidden state above input"),
    Argument("b", Tensor("number | 4n"), "bias", default=0),
    Argument("order", Choice(ORDERS), "gates that the row blocks of W belong to, from above", default="ifog"),
)


def check(x: Array, h: Array, W: Array, **_others: object) -> None:
    """Check that W has four blocks of rows and fits the hidden state above the input."""
    hidden, inputs = h.shape[0], x.shape[0]
    if W.shape != (4 * hidden, hidden + inputs):
        raise FullmarksError(
            f"lstm_cell: W is {shape_text(W.shape)}, expected 4·{hidden} = {4 * hidden} rows (four gates of {hidden}) "
            f"and {hidden} + {inputs} = {hidden + inputs} columns (hidden state above input)"
        )


def evaluate(x: Array, h: Array, c: Array, W: Array, b: Array, order: str) -> dict[str, Array]:
    """Return hidden state, gates and cell state, each (n,)."""
    blocks = W.reshape(4, len(h), -1)
    sums = blocks[:, :, : len(h)] @ h + blocks[:, :, len(h) :] @ x + (b.reshape(4, -1) if b.size > 1 else b)
    gates = {
        letter: np.tanh(as_floats(total)) if letter == "g" else 1 / (1 + np.exp(-as_floats(total)))
        for letter, total in zip(order, sums, strict=True)
    }
    cell = gates["f"] * c + gates["i"] * gates["g"]
    return {"h": gates["o"] * np.tanh(as_floats(cell)), **gates, "c": cell}


def rows_of(letter: str, order: str, hidden: int) -> slice:
    """Return the rows that belong to the gate ``letter``."""
    first = order.index(letter) * hidden
    return slice(first, first + hidden)


def rows_in_words(letter: str, order: str, hidden: int) -> str:
    """Name the rows of a gate as people count them, from 1."""
    first = order.index(letter) * hidden + 1
    if hidden == 1:
        return f"Row {first} of z makes the {GATES[letter]} {letter}"
    through = "and" if hidden == 2 else "to"  # noqa: PLR2004 - two rows are named both
    return f"Rows {first} {through} {first + hidden - 1} of z make the {GATES[letter]} {letter}"


def working(x: Expr, h: Expr, c: Expr, W: Expr, b: Expr, order: str) -> Expr:
    """Stack, multiply once, split into gates, then cell state and hidden state."""
    hidden = h.shape[0]
    s = let("s", join([h, x]), "Stack the hidden state on the input.", M("stacks hidden state and input"))
    reason = f"Multiply by the weights{'' if is_nothing(b) else ' and add the bias'}: this serves all four gates."
    z = let("z", W @ s + b, reason, M("weights times stacked vector"), A("values of z", 2))

    gates: dict[str, Expr] = {}
    for letter in order:
        block = z[rows_of(letter, order, hidden)]
        function, squashed = ("tanh", tanh(block)) if letter == "g" else ("the sigmoid", sigmoid(block))
        reason = f"{rows_in_words(letter, order, hidden)}: apply {function}."
        marks = M(f"{function} of the rows of {letter}"), A(f"values of {letter}")
        # after the gates above it, so that the working reads down the rows of z
        gates[letter] = let(letter, squashed, reason, *marks, after=tuple(gates.values()))
    cell = next_cell_state(gates["f"], c, gates["i"], gates["g"], name="c")
    return next_hidden_state(gates["o"], cell)


def gate_exchanged(order: str, first: str, second: str) -> str:
    """Return ``order`` with two gates in each other's place."""
    return order.translate(str.maketrans(first + second, second + first))


def figure(x: Expr, h: Expr, c: Expr, lines: Mapping[str, Expr], writer: Writer, **_others: object) -> Figure | None:
    """Draw the cell with the values of this step on its wires, where it is small."""
    return drawing.lstm_cell(x, h, c, lines, writer)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a cell of one hidden unit where it is to be easy, else of two."""
    hidden, inputs = {"easy": (1, 1), "medium": (2, 1), "hard": (2, 2)}[level]
    cell = {
        "x": numbers.integers(1, 3, inputs),
        "h": numbers.decimals(-0.5, 0.5, hidden, nonzero=True),
        "c": numbers.decimals(-0.8, 0.8, hidden, nonzero=True),
        "W": numbers.decimals(-0.6, 0.8, 4 * hidden, hidden + inputs, nonzero=True),
    }
    return cell | {"b": numbers.decimals(-0.3, 0.3, 4 * hidden, nonzero=True)} if level == "hard" else cell


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the hidden state {result}.",
    source=SOURCE,
    symbol="h_t",
    results=("h", "i", "f", "o", "g", "c"),
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out tanh of the cell state", result=lambda o, c: o * c),
        mistake("used the sigmoid for g", g=lambda z, order, h: sigmoid(z[rows_of("g", order, h.shape[0])])),
        mistake("stacked the input above the hidden state", s=lambda x, h: join([x, h])),
        mistake("exchanged the rows of o and g", order=lambda order: gate_exchanged(order, "o", "g")),
        mistake("exchanged the rows of i and f", order=lambda order: gate_exchanged(order, "i", "f")),
        mistake("left out the old cell state", slip=True, c=lambda i, g: i * g),
        mistake("left out the bias", slip=True, b=lambda b: b * 0),
    ),
    sample=sample,
    figure=figure,
)
