"""The feed-forward part of a transformer: two linear layers with ReLU between, each token on its own."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import is_nothing, relu
from fullmarks.math.marks import A, M
from fullmarks.operators._affine import affine
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import mistake

SOURCE = "Vaswani et al. 2017, eq. 2"
PARAMETERS = (
    Argument("W1", Tensor("d_ff d"), "weights of the first layer, one row for each hidden unit"),
    Argument("b1", Tensor("number | d_ff"), "bias of the first layer"),
    Argument("W2", Tensor("m d_ff"), "weights of the second layer, one row for each output"),
    Argument("b2", Tensor("number | m"), "bias of the second layer"),
)


def fed_forward(x: Expr, weights: tuple[Expr, Expr, Expr, Expr], output: str = RESULT, opening: str = "") -> Expr:
    """Return the lines of the two layers, of W1, b1, W2 and b2; ``output`` names the last of them."""
    W1, b1, W2, b2 = weights
    hidden, active = ("z", "g") if x.ndim == 1 else ("Z", "G")
    each = "" if x.ndim == 1 else " of each token"
    first = let(
        hidden,
        affine(x, W1, b1),
        f"{opening}First layer{each}: multiply by the weights{_bias(b1)}.",
        M("first layer"),
        A("values"),
    )
    rectified = let(active, relu(first), "ReLU: what is negative becomes 0.", M("ReLU"))
    return let(
        output,
        affine(rectified, W2, b2),
        f"Second layer: multiply by its weights{_bias(b2)}.",
        M("second layer"),
        A("values", most_marks(rectified.size)),
    )


def _bias(b: Expr) -> str:
    return "" if is_nothing(b) else " and add the bias"


def evaluate_feed_forward(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    """Return the same in plain NumPy, as a sum over the hidden units that are active."""
    hidden = np.einsum("...d,fd->...f", x, W1) + b1
    return np.asarray(np.einsum("...f,mf->...m", hidden * (hidden > 0), W2) + b2)


MISTAKES = (
    mistake("left out the ReLU", result=lambda x, W1, b1, W2, b2: affine(affine(x, W1, b1), W2, b2)),
    mistake(
        "applied ReLU to the output as well",
        result=lambda x, W1, b1, W2, b2: relu(affine(relu(affine(x, W1, b1)), W2, b2)),
    ),
    mistake(
        "added the first bias after the ReLU instead of before it",
        result=lambda x, W1, b1, W2, b2: affine(relu(affine(x, W1, constant(0))) + b1, W2, b2),
    ),
    mistake("left out the biases", slip=True, b1=lambda b1: b1 * 0, b2=lambda b2: b2 * 0),
)
