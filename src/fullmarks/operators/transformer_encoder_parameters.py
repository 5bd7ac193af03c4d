"""transformer_encoder_parameters: parameters of encoder layers, each with attention, MLP and two layer norms."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Flag, Whole
from fullmarks.operators._counting import (
    encoder_layer_parameters,
    encoder_layer_shapes,
    entries,
    refuse_uneven_heads,
)
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("d_model", Whole(), "entries of a token", symbol="d"),
    Argument("d_ff", Whole(), "entries between the two maps of the feed-forward part", symbol=r"d_{\text{ff}}"),
    Argument("heads", Whole(), "number of heads; they share the entries, so the count does not depend on it"),
    Argument("layers", Whole(), "number of encoder layers", default=1, symbol="L"),
    Argument("bias", Flag(), "whether maps and layer norms have biases, as in PyTorch", default=True),
)


def check(d_model: int, d_ff: int, heads: int, layers: int, bias: bool) -> None:
    """Check that the heads are of equal width."""
    del d_ff, layers, bias
    refuse_uneven_heads("transformer_encoder_parameters", d_model, heads)


def evaluate(d_model: int, d_ff: int, heads: int, layers: int, bias: bool) -> Array:
    """Return the number of entries of all matrices and vectors of all layers."""
    del heads
    return np.asarray(layers * entries(encoder_layer_shapes(d_model, d_ff, bias=bias)))


def working(d_model: int, d_ff: int, heads: int, layers: int, bias: bool) -> Expr:
    del heads
    layer = encoder_layer_parameters(d_model, d_ff, bias=bias)
    if layers == 1:
        return let(RESULT, layer, "There is one layer, so this is the whole count.")
    reason = f"Each of the {layers} layers has parameters of its own."
    return let(RESULT, constant(layers, "L") * layer, reason, M("times the layers"), A("number of parameters"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a tiny layer, or an encoder of a usual width."""
    if level == "easy":
        return {"d_model": numbers.choice([4, 8, 16]), "d_ff": numbers.choice([16, 32, 64]), "heads": 2}
    width = numbers.choice([256, 512, 768])
    encoder = {"d_model": width, "d_ff": 4 * width, "heads": 8}
    return encoder | {"layers": numbers.choice([6, 12])} if level == "hard" else encoder


operator = Operator(
    arguments=ARGUMENTS,
    ask="How many parameters does the Transformer encoder have?",
    source="Vaswani et al. 2017, sections 3.1 to 3.3",
    symbol="parameters",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the biases", bias=False),
        mistake("left out the layer norms", layer=lambda attention, MLP: attention + MLP),
        mistake("counted one layer norm instead of two", norms=lambda norms: norms / 2),
        mistake("left out the output map of attention", attention=lambda attention: attention * 3 / 4),
        mistake("multiplied attention by the number of heads", attention=lambda attention, heads: heads * attention),
        mistake("counted one layer only", layers=1),
    ),
    sample=sample,
)
