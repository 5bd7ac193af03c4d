"""bptt: backpropagation through time, the loss over all steps of a recurrent network and its three gradients.

h_t = tanh(W_xh x_t + W_hh h_{t−1}), y_t = W_hy h_t; the loss is the sum over the steps. ``targets`` are the right
classes, one a step, counted from 0, where there are several outputs (softmax with cross-entropy at every step, as in
Goodfellow et al.); otherwise the values that the outputs should have, (T, m) or one a step (square loss). ``steps``
cuts the sequence into chunks of so many steps: hidden states are carried on from one to the next, gradients stop
between them. Results: ``loss`` (the main one), ``grad_W_xh``, ``grad_W_hh``, ``grad_W_hy``.
"""

from collections.abc import Callable, Mapping

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.backpropagation import Slip
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.figures import Figure
from fullmarks.math.figures.unrolled import unrolled_network
from fullmarks.math.functions import stack
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor, Whole
from fullmarks.operators._bptt import MATRICES, counts_classes, evaluate_bptt, gradient_lines, unrolled
from fullmarks.operators._operator import Level, Mistake, Numbers, Operator, Writer, mistake
from fullmarks.operators._shapes import shape_text

ARGUMENTS = (
    Argument("x", Tensor("T d"), "inputs, one step a row", symbol=r"\mathbf{X}"),
    Argument("h", Tensor("n"), "hidden state before the first step", symbol=r"\mathbf{h}_0"),
    Argument("W_xh", Tensor("n d"), "weights of the input"),
    Argument("W_hh", Tensor("n n"), "weights of the hidden state"),
    Argument("W_hy", Tensor("m n"), "weights of the output"),
    Argument("targets", Tensor("T | T m"), "right class of each step, or values of the outputs", symbol=r"\mathbf{t}"),
    Argument(
        "steps", Whole(least=1), "through how many steps gradients flow back at most; all where absent", default=None
    ),
)


def check(W_hh: Array, W_hy: Array, targets: Array, **_others: object) -> None:
    """Check that hidden states lead to hidden states, and that targets are classes that there are."""
    if W_hh.shape[0] != W_hh.shape[1]:
        raise FullmarksError(f"bptt: W_hh is {shape_text(W_hh.shape)}, expected as many rows as columns")
    classes = W_hy.shape[0]
    if counts_classes(W_hy, targets):
        for place, label in enumerate(targets.tolist(), 1):
            if label not in range(classes):
                raise FullmarksError(
                    f"bptt: entry {place} of targets is {label:g}, expected a class from 0 to {classes - 1}, a row of "
                    "W_hy, or for values one row of targets a step"
                )


def evaluate(
    x: Array, h: Array, W_xh: Array, W_hh: Array, W_hy: Array, targets: Array, steps: int | None
) -> dict[str, Array]:
    loss, gradients = evaluate_bptt(x, h, {"W_xh": W_xh, "W_hh": W_hh, "W_hy": W_hy}, targets, steps)
    return {"loss": np.asarray(loss)} | {f"grad_{name}": value for name, value in gradients.items()}


def working(x: Expr, h: Expr, W_xh: Expr, W_hh: Expr, W_hy: Expr, targets: Expr, steps: int | None) -> Expr:
    """Unroll the network forwards, add up the losses, and go backwards through every step."""
    loss, gradients = _loss_and_gradients(x, h, W_xh, W_hh, W_hy, targets, steps)
    reason = "Add up the losses of all steps; the gradients above are those of this sum."
    if x.shape[0] == 1:
        reason = "There is one step, and its loss is all."
    return let(RESULT, loss, reason, M("sum over the steps"), A("loss"), after=tuple(gradients.values()))


def _loss_and_gradients(
    x: Expr,
    h: Expr,
    W_xh: Expr,
    W_hh: Expr,
    W_hy: Expr,
    targets: Expr,
    steps: int | None,
    slip: Slip | None = None,
) -> tuple[Expr, dict[str, Expr]]:
    weights = {"W_xh": W_xh, "W_hh": W_hh, "W_hy": W_hy}
    first, *others = unrolled(x, h, weights, targets, steps)
    loss = first
    for other in others:
        loss = loss + other
    return loss, gradient_lines(loss, weights, slip)


def figure(
    x: Expr, h: Expr, steps: int | None, lines: Mapping[str, Expr], writer: Writer, **_others: object
) -> Figure | None:
    """Draw the network unrolled, with its states, outputs and losses, where there are few steps."""
    return unrolled_network(h, lines, x.shape[0], writer, chunk=steps)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a network of one hidden unit over two steps, of two units with classes, or truncated over three steps."""
    hidden, inputs, outputs, count = {"easy": (1, 1, 1, 2), "medium": (2, 1, 2, 2), "hard": (2, 2, 1, 3)}[level]
    network = {
        "x": numbers.decimals(-1, 2, count, inputs, step=0.5, nonzero=True),
        "h": numbers.decimals(-0.5, 0.5, hidden, nonzero=True),
        "W_xh": numbers.decimals(-0.5, 0.8, hidden, inputs, nonzero=True),
        "W_hh": numbers.decimals(-0.6, 0.6, hidden, hidden, nonzero=True),
        "W_hy": numbers.decimals(-0.9, 0.9, outputs, hidden, nonzero=True),
        "targets": numbers.integers(0, 1, count),
    }
    return network | {"steps": 2} if level == "hard" else network


def _careless(because: str, slip: Slip) -> Mistake:
    def change(name: str) -> Callable[..., Expr]:
        def body(x: Expr, h: Expr, W_xh: Expr, W_hh: Expr, W_hy: Expr, targets: Expr, steps: int | None) -> Expr:
            _, gradients = _loss_and_gradients(x, h, W_xh, W_hh, W_hy, targets, steps, slip)
            return gradients[name].arguments[0]

        return body

    return Mistake(because, {f"grad_{name}": change(name) for name in MATRICES})


def _losses(x: Expr, h: Expr, W_xh: Expr, W_hh: Expr, W_hy: Expr, targets: Expr) -> Expr:
    """Return the losses of all steps, one an entry."""
    losses = unrolled(x, h, {"W_xh": W_xh, "W_hh": W_hh, "W_hy": W_hy}, targets, None)
    return stack(losses)


def _mean_of_losses(x: Expr, h: Expr, W_xh: Expr, W_hh: Expr, W_hy: Expr, targets: Expr) -> Expr:
    return _losses(x, h, W_xh, W_hh, W_hy, targets).mean()


def _last_loss(x: Expr, h: Expr, W_xh: Expr, W_hh: Expr, W_hy: Expr, targets: Expr) -> Expr:
    return _losses(x, h, W_xh, W_hh, W_hy, targets)[-1]


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the loss {result} over all steps and, by backpropagation through time, its gradients with respect to "
    "{W_xh}, {W_hh} and {W_hy}.",
    source="Werbos 1990; Goodfellow et al. 2016, section 10.2.2; Williams and Peng 1990 (truncation)",
    symbol="L",
    results=("loss", "grad_W_xh", "grad_W_hh", "grad_W_hy"),
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        _careless("followed the gradient through one step only, not through the earlier ones", "path"),
        _careless("left out the slope of tanh", "slope"),
        mistake("took the mean over the steps instead of their sum", slip=True, result=_mean_of_losses),
        mistake("took the loss of the last step only", result=_last_loss),
    ),
    sample=sample,
    figure=figure,
)
