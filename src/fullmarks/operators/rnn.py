"""rnn: a recurrent network run over all steps, h_t = tanh(W_xh x_t + W_hh h_{t-1} + b), y_t = W_hy h_t + b_y.

The rows of ``x`` are the steps; so are the rows of the results ``h`` and ``y``.
"""

from collections.abc import Mapping

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.figures import Figure
from fullmarks.math.figures.unrolled import unrolled_network
from fullmarks.math.functions import is_nothing, stack, tanh
from fullmarks.math.marks import A, M
from fullmarks.math.number_arrays import as_floats
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._operator import Level, Numbers, Operator, Writer, mistake
from fullmarks.operators._shapes import shape_text

ARGUMENTS = (
    Argument("x", Tensor("T d"), "inputs, one step a row", symbol=r"\mathbf{X}"),
    Argument("h", Tensor("n"), "hidden state before the first step", symbol=r"\mathbf{h}_0"),
    Argument("W_xh", Tensor("n d"), "weights of the input"),
    Argument("W_hh", Tensor("n n"), "weights of the hidden state"),
    Argument("W_hy", Tensor("m n"), "weights of the output; without them there is none", default=None),
    Argument("b", Tensor("number | n"), "bias of the hidden state", default=0),
    Argument("b_y", Tensor("number | m"), "bias of the output", default=0),
)


def check(W_hh: Array, W_hy: Array | None, b_y: Array, **_others: object) -> None:
    """Check that hidden states lead to hidden states, and that no output is biased that there is not."""
    if W_hh.shape[0] != W_hh.shape[1]:
        raise FullmarksError(f"rnn: W_hh is {shape_text(W_hh.shape)}, expected as many rows as columns")
    if W_hy is None and b_y.any():
        raise FullmarksError("rnn: b_y is the bias of an output, but there are no W_hy; give W_hy too")


def evaluate(
    x: Array, h: Array, W_xh: Array, W_hh: Array, W_hy: Array | None, b: Array, b_y: Array
) -> dict[str, Array]:
    """Return the hidden states (T, n) and, where there are output weights, the outputs (T, m)."""
    states = np.vstack([h, np.zeros((len(x), len(h)))])
    from_inputs = x @ W_xh.T + b
    for step, total in enumerate(from_inputs):
        states[step + 1] = np.tanh(as_floats(total + (W_hh * states[step]).sum(axis=1)))
    results = {"h": states[1:]}
    return results if W_hy is None else results | {"y": states[1:] @ W_hy.T + b_y}


def working(x: Expr, h: Expr, W_xh: Expr, W_hh: Expr, W_hy: Expr | None, b: Expr, b_y: Expr) -> Expr:
    """Work step after step, then the outputs, and write the states below one another."""
    states: list[Expr] = []
    for step in range(x.shape[0]):
        before = states[-1] if states else h
        states.append(_next_state(step + 1, x, before, W_xh, W_hh, b))
    outputs = () if W_hy is None else (_outputs(states, W_hy, b_y),)
    return let(
        RESULT,
        stack(states),
        "The hidden states of all steps, one a row.",
        A("states of all steps"),
        after=outputs,
    )


def _next_state(number: int, x: Expr, before: Expr, W_xh: Expr, W_hh: Expr, b: Expr) -> Expr:
    """Return the lines of one step, counted from 1: its input, the weighted sum, the hidden state."""
    inputs = let(f"x_{number}", x[number - 1], f"Step {number}: its input is row {number} of X.", after=(before,))
    total = let(
        f"z_{number}",
        W_xh @ inputs + W_hh @ before + b,
        f"Weigh this input and the {'initial' if number == 1 else 'last'} hidden state, and add"
        f"{'' if is_nothing(b) else ' both and the bias'}.",
        M("weighted sum of input and hidden state"),
        A("values"),
    )
    return let(f"h_{number}", tanh(total), "Apply tanh to each element.", M("tanh"), A("values"))


def _outputs(states: list[Expr], W_hy: Expr, b_y: Expr) -> Expr:
    """Return the lines of the outputs, and the one that writes them below one another."""
    bias = "" if is_nothing(b_y) else " plus its bias"
    outputs = [
        let(
            f"y_{number}",
            W_hy @ state + b_y,
            f"The output at step {number} is the output weights times its hidden state{bias}.",
            M("output weights times hidden state"),
            A("output"),
        )
        for number, state in enumerate(states, 1)
    ]
    return let("y", stack(outputs), "The outputs of all steps, one a row.")


def figure(x: Expr, h: Expr, lines: Mapping[str, Expr], writer: Writer, **_others: object) -> Figure | None:
    """Draw the network unrolled, with its states, where there are few steps."""
    return unrolled_network(h, lines, x.shape[0], writer)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return two or three steps that tanh does not saturate; with outputs unless it is to be easy."""
    steps, inputs = {"easy": (2, 1), "medium": (2, 2), "hard": (3, 2)}[level]
    network = {
        "x": numbers.integers(1, 3, steps, inputs),
        "h": [0, 0] if level == "easy" else numbers.decimals(-0.8, 0.8, 2, nonzero=True),
        "W_xh": numbers.decimals(-0.3, 0.4, 2, inputs, nonzero=True),
        "W_hh": numbers.decimals(-0.5, 0.5, 2, 2, nonzero=True),
    }
    if level == "easy":
        return network
    return network | {"W_hy": numbers.decimals(-1, 1, 1, 2, nonzero=True)}


def _without_tanh(x: Expr, h: Expr, W_xh: Expr, W_hh: Expr, b: Expr) -> Expr:
    """Leave out tanh; the lines keep their names, so that what is right of them keeps its marks."""
    states = [h]
    for step in range(x.shape[0]):
        total = let(f"z_{step + 1}", W_xh @ x[step] + W_hh @ states[-1] + b, "")
        states.append(let(f"h_{step + 1}", total, ""))
    return stack(states[1:])


def _from_the_start(x: Expr, h: Expr, W_xh: Expr, W_hh: Expr, b: Expr) -> Expr:
    states = []
    for step in range(x.shape[0]):
        total = let(f"z_{step + 1}", W_xh @ x[step] + W_hh @ h + b, "")
        states.append(let(f"h_{step + 1}", tanh(total), ""))
    return stack(states)


operator = Operator(
    arguments=ARGUMENTS,
    ask="Run the network over all steps: find the hidden states {result}, one a row, and the outputs if there are any.",
    source="Elman 1990; Goodfellow et al. 2016, eq. 10.8–10.10",
    symbol="H",
    results=("h", "y"),
    line_symbols={"y": "Y"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out tanh at the first step", h_1=lambda z_1: z_1),
        mistake("left out tanh at every step", result=_without_tanh),
        mistake("used the first hidden state at every step instead of the last one", result=_from_the_start),
        mistake("left out the hidden state", W_hh=lambda W_hh: W_hh * 0),
        mistake("transposed the weights of the hidden state", W_hh=lambda W_hh: W_hh.T),
        mistake("took the steps in reverse order", x=lambda x: x[::-1]),
        mistake("left out the bias", slip=True, b=lambda b: b * 0),
    ),
    sample=sample,
    figure=figure,
)
