"""attention_parameters: weights and biases of the maps W_Q, W_K, W_V of all heads, and of W_O behind them."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.marks import A, B, M
from fullmarks.operators._arguments import Argument, Flag, Whole
from fullmarks.operators._counting import entries, refuse_uneven_heads
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("d_model", Whole(), "entries of a token", symbol="d"),
    Argument(
        "heads", Whole(), "number of heads, which share the entries equally", default=1, symbol=r"n_{\text{heads}}"
    ),
    Argument("bias", Flag(), "whether each map has a bias", default=True),
    Argument("output", Flag(), "whether the heads' outputs go through a map W_O", default=True),
)


def check(d_model: int, heads: int, bias: bool, output: bool) -> None:
    """Check that the heads are of equal width."""
    del bias, output
    refuse_uneven_heads("attention_parameters", d_model, heads)


def evaluate(d_model: int, heads: int, bias: bool, output: bool) -> Array:
    """Return the number of entries of all weight matrices and bias vectors, head by head."""
    width = d_model // heads
    one_head = [(d_model, width), (width,)] if bias else [(d_model, width)]
    last = [(d_model, d_model), (d_model,)] if bias else [(d_model, d_model)]
    return np.asarray(3 * heads * entries(one_head) + (entries(last) if output else 0))


def working(d_model: int, heads: int, bias: bool, output: bool) -> Expr:
    d, count = constant(d_model, "d"), constant(heads, r"n_{\text{heads}}")
    width = d
    if heads > 1:
        width = let(
            "d_k", d / count, "The heads share the entries of a token: each has this many.", B("width of a head")
        )
    each = d * width + width if bias else d * width
    what = "from the $d$ entries of a token to those of the head" if heads > 1 else "from $d$ entries to $d$"
    one_map = let(
        "one_map",
        each,
        f"One map, such as that of the queries, leads {what}" + (" and adds a bias." if bias else "."),
        M("weights of one map"),
    )
    maps = 3 * count * one_map if heads > 1 else 3 * one_map
    which = f", in each of {heads} heads" if heads > 1 else ""
    inward = let("QKV", maps, f"There is one map for queries, one for keys and one for values{which}.", M("three maps"))
    if not output:
        return let(RESULT, inward, "There is no output map, so this is the whole count.", A("number of parameters"))
    reason = "The output map $W_O$ leads from $d$ entries to $d$" + (", with its bias." if bias else ".")
    outward = let("out", d * d + d if bias else d * d, reason, B("output map"))
    return let(RESULT, inward + outward, "Add the output map.", A("number of parameters"))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a small layer, or one of a usual Transformer with several heads."""
    if level == "easy":
        return {"d_model": numbers.choice([4, 8, 16, 64]), "output": False, "bias": False}
    layer = {"d_model": numbers.choice([256, 512, 768]), "heads": numbers.choice([4, 8])}
    return layer | ({"bias": False} if level == "medium" else {})


operator = Operator(
    arguments=ARGUMENTS,
    ask="How many parameters does the attention layer have?",
    source="Vaswani et al. 2017, section 3.2.2",
    symbol="parameters",
    line_symbols={"one_map": r"\text{map}", "QKV": r"\text{Q, K and V}", "out": r"\text{output map}"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the biases", bias=False),
        mistake("left out the output map", output=False),
        mistake("counted one map instead of three", QKV=lambda one_map, heads: heads * one_map),
        mistake("gave every head maps of the full width", QKV=lambda QKV, heads: heads * QKV if heads > 1 else None),
        mistake("counted one head only", QKV=lambda one_map: 3 * one_map),
    ),
    sample=sample,
)
