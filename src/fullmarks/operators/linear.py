"""linear: W x + b, a fully connected layer; of a batch with one sample a row, X Wᵀ + b."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, let
from fullmarks.math.functions import is_nothing, view
from fullmarks.math.marks import A, M
from fullmarks.operators._affine import affine
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake
from fullmarks.operators._shapes import shape_text

ARGUMENTS = (
    Argument("x", Tensor("n | T f"), "input, or a batch with one input a row"),
    Argument("W", Tensor("m in"), "weights, one row for each output"),
    Argument("b", Tensor("number | m"), "bias", default=0),
)


def check(x: Array, W: Array, **_others: object) -> None:
    """Check that the weights have a column for each feature."""
    features = x.shape[0] if _is_one_sample(x, W) else x.shape[-1]
    if features != W.shape[1]:
        raise FullmarksError(
            f"linear: W is {shape_text(W.shape)} but x is {shape_text(x.shape)}: W has {W.shape[1]} columns and needs "
            f"one for each of the {features} entries of an input"
        )


def _is_one_sample(x: Expr | Array, W: Expr | Array) -> bool:
    """Tell a vector, or a column that is meant as one, from a batch."""
    return x.ndim == 1 or (x.shape[1] == 1 and W.shape[1] == x.shape[0] > 1)


def evaluate(x: Array, W: Array, b: Array) -> Array:
    """Return the outputs by adding up weighted columns of the inputs."""
    inputs = x.reshape(1, -1) if _is_one_sample(x, W) else x
    outputs = np.einsum("tn,mn->tm", inputs, W) + b
    return np.asarray(outputs[0] if _is_one_sample(x, W) else outputs)


def working(x: Expr, W: Expr, b: Expr) -> Expr:
    one_sample = _is_one_sample(x, W)
    if one_sample:
        inputs = x if x.ndim == 1 else view(x, lambda places: places.reshape(-1), written="same")
        rule = "Multiply each row of the weights by the input"
    else:
        inputs = x
        rule = "Multiply each input by each row of the weights"
    outputs = affine(inputs, W, b)
    has_bias = not is_nothing(b)
    marks = [M("weights times input"), *([M("adds the bias")] if has_bias else [])]
    reason = f"{rule}{' and add the bias' if has_bias else ''}."
    return let(RESULT, outputs, reason, *marks, A("values", most_marks(outputs.size)))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a layer with as many outputs as inputs, a wider one, or a batch."""
    outputs, inputs = {"easy": (2, 2), "medium": (2, 3), "hard": (2, 3)}[level]
    return {
        "x": numbers.integers(-2, 3, *((2, inputs) if level == "hard" else (inputs,)), nonzero=True),
        "W": numbers.decimals(-1, 1, outputs, inputs, nonzero=True),
        "b": numbers.decimals(-0.5, 0.5, outputs, nonzero=True),
    }


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the fully connected layer.",
    source="Goodfellow et al. 2016, section 6.1",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the bias", slip=True, b=lambda b: b * 0),
        mistake("subtracted the bias", slip=True, b=lambda b: -b),
        mistake("used the weights' columns instead of their rows", W=lambda W: W.T),
    ),
    sample=sample,
)
