"""linear_parameters: weights and biases of a fully connected layer, n_in × n_out + n_out."""

import numpy as np

from fullmarks.math.expression import Array, Expr, constant
from fullmarks.operators._arguments import Argument, Flag, Whole
from fullmarks.operators._counting import with_biases
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("in_features", Whole(), "entries of the input", symbol=r"n_{\text{in}}"),
    Argument("out_features", Whole(), "entries of the output", symbol=r"n_{\text{out}}"),
    Argument("bias", Flag(), "whether each output has a bias", default=True),
)


def evaluate(in_features: int, out_features: int, bias: bool) -> Array:
    """Return the number of parameters: each output has a row of weights, and a bias behind it."""
    return np.asarray(out_features * (in_features + (1 if bias else 0)))


def working(in_features: int, out_features: int, bias: bool) -> Expr:
    inputs, outputs = constant(in_features, r"n_{\text{in}}"), constant(out_features, r"n_{\text{out}}")
    meaning = "Each output has a weight for every input."
    return with_biases(inputs * outputs, outputs if bias else None, meaning, "output")


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a layer at the end of a usual network."""
    inputs = {"easy": [64, 84, 100], "medium": [120, 256, 400], "hard": [4096, 9216, 25088]}[level]
    outputs = {"easy": [10], "medium": [84, 100, 120], "hard": [1000, 4096]}[level]
    return {"in_features": numbers.choice(inputs), "out_features": numbers.choice(outputs)}


operator = Operator(
    arguments=ARGUMENTS,
    ask="How many parameters does the fully connected layer have?",
    source="Goodfellow et al. 2016, section 6.1",
    symbol="parameters",
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the biases", result=lambda weights: weights),
        mistake("counted a bias for each input", result=lambda weights, in_features: weights + in_features),
        mistake("counted a single bias for the whole layer", result=lambda weights: weights + 1),
    ),
    sample=sample,
)
