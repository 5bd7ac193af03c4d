"""Backpropagation through time: the recurrent network unrolled, its loss at every step, the cuts of truncation."""

from typing import Any

import numpy as np

from fullmarks.math.backpropagation import Slip, gradient_line
from fullmarks.math.expression import Array, Expr, let
from fullmarks.math.functions import detached, tanh
from fullmarks.math.marks import A, M
from fullmarks.operators._softmax import exponentials, lowered, minus_logarithm, quotients, total

MATRICES = ("W_hy", "W_hh", "W_xh")  # from the loss backwards


def counts_classes(W_hy: Expr | Array, targets: Expr | Array) -> bool:
    """Tell whether the targets are right classes, one a step, and not values that the output should have."""
    return targets.ndim == 1 and W_hy.shape[0] > 1


def unrolled(x: Expr, h: Expr, weights: dict[str, Expr], targets: Expr, steps: int | None) -> list[Expr]:
    """Return the lines of the losses of all steps."""
    losses = []
    state = h
    for place in range(x.shape[0]):
        if steps is not None and place and place % steps == 0:
            state = detached(state)
        state = _next_state(place + 1, x, state, weights)
        losses.append(_loss(place + 1, state, weights["W_hy"], targets))
    return losses


def _next_state(number: int, x: Expr, before: Expr, weights: dict[str, Expr]) -> Expr:
    inputs = let(
        f"x_{number}", x[number - 1], f"Forwards, step {number}. Its input is row {number} of X.", after=(before,)
    )
    weighted = let(
        f"z_{number}",
        weights["W_xh"] @ inputs + weights["W_hh"] @ before,
        f"Weigh this input and the {'initial' if number == 1 else 'last'} hidden state, and add.",
        M("weighted sum of input and hidden state"),
        A("values"),
    )
    return let(f"h_{number}", tanh(weighted), "Apply tanh to each element.", M("tanh"), A("values"))


def _loss(number: int, state: Expr, W_hy: Expr, targets: Expr) -> Expr:
    output = let(f"y_{number}", W_hy @ state, "The output of this step:", M("output"), A("values"))
    if counts_classes(W_hy, targets):
        scores = lowered(output, 0, str(number), letter="s")
        powers = exponentials(scores)
        sums = total(powers, 0)
        p = quotients(powers, sums, 0, f"p_{number}")
        place = int(targets.value[number - 1])
        which = f"The loss of this step: the right class is {place}, counted from 0, entry {place + 1}."
        loss, why, before = minus_logarithm(p, sums, scores, place)
        marks = M("minus the logarithm of the right entry"), A("loss")
        return let(f"L_{number}", loss, f"{which}{why}", *marks, after=before)
    target = targets[number - 1]
    target = target if target.ndim else target.reshape(1)
    d = let(f"d_{number}", output - target, "Subtract the target.", M("difference from the target"))
    return let(f"L_{number}", (d**2).sum(), "The loss of this step: add the squares.", M("square loss"), A("loss"))


def gradient_lines(loss: Expr, weights: dict[str, Expr], slip: Slip | None = None) -> dict[str, Expr]:
    """Return the lines of the gradients of the loss with respect to the three matrices, by the matrix's name."""
    found = {}
    for name in MATRICES:
        line = gradient_line(loss, weights[name], slip, name=f"grad_{name}")
        if line is None:
            raise TypeError(name)
        found[name] = line
    return found


def evaluate_bptt(
    x: Array, h: Array, weights: dict[str, Array], targets: Array, steps: int | None
) -> tuple[float, dict[str, Array]]:
    """Return the loss and the three gradients in plain NumPy, by the recurrence of δ_t (Goodfellow et al., 10.2.2)."""
    W_xh, W_hh, W_hy = weights["W_xh"], weights["W_hh"], weights["W_hy"]
    states = [h]
    for inputs in x:
        states.append(np.tanh(np.hstack([W_xh, W_hh]) @ np.concatenate([inputs, states[-1]])))
    outputs = np.array(states[1:]) @ W_hy.T
    if counts_classes(W_hy, targets):
        right = np.eye(len(W_hy))[targets.astype(int)]
        logarithms = outputs - np.logaddexp.reduce(outputs, axis=1, keepdims=True)
        loss, errors = float(-(right * logarithms).sum()), np.exp(logarithms) - right
    else:
        errors = 2 * (outputs - targets.reshape(outputs.shape))
        loss = float((errors**2).sum() / 4)
    gradients: dict[str, Any] = {name: np.zeros(matrix.shape) for name, matrix in weights.items()}
    from_later = np.zeros(len(h))
    for place in reversed(range(len(x))):
        state, before = states[place + 1], states[place]
        delta = (W_hy.T @ errors[place] + from_later) * (1 - state**2)
        gradients["W_hy"] += np.outer(errors[place], state)
        gradients["W_hh"] += np.outer(delta, before)
        gradients["W_xh"] += np.outer(delta, x[place])
        is_cut = steps is not None and place % steps == 0
        from_later = np.zeros(len(h)) if is_cut else W_hh.T @ delta
    return loss, gradients
