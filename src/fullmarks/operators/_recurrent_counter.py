"""Counting the parameters of a recurrent layer: one operator for each kind of cell, alike but for its gates."""

import numpy as np

from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.marks import A, B, M
from fullmarks.operators._arguments import Argument, Flag, Whole
from fullmarks.operators._counting import entries
from fullmarks.operators._operator import Level, Mistake, Numbers, Operator, mistake


def recurrent_counter(*, layer: str, gates: int, meaning: str, source: str, mistakes: tuple[Mistake, ...]) -> Operator:
    """Return the operator that counts the parameters of ``layer`` ("a GRU layer"), a cell of ``gates`` alike.

    ``meaning`` is the sentence that says what one gate is computed from; ``mistakes`` are those of this cell alone.
    """
    one = "gate" if gates > 1 else "cell"  # the line of the first count

    def evaluate(input_size: int, hidden_size: int, output_size: int | None, bias: bool) -> Array:
        return np.asarray(_evaluated(gates, input_size, hidden_size, output_size, bias=bias))

    def working(input_size: int, hidden_size: int, output_size: int | None, bias: bool) -> Expr:
        return _count(gates, input_size, hidden_size, output_size, bias=bias, meaning=meaning)

    return Operator(
        arguments=(
            Argument("input_size", Whole(), "entries of the input at each step", symbol="d"),
            Argument("hidden_size", Whole(), "entries of the hidden state", symbol="h"),
            Argument(
                "output_size", Whole(), "entries of the output layer; none where absent", default=None, symbol="o"
            ),
            Argument("bias", Flag(), f"whether each {one} has a bias vector (and the output layer)", default=True),
        ),
        ask=f"How many parameters does {layer} have?",
        source=source,
        symbol="parameters",
        evaluate=evaluate,
        working=working,
        mistakes=(
            mistake("left out the biases", bias=False),
            *mistakes,
            mistake("left out the output layer", output_size=None),
        ),
        sample=_sample,
    )


def gates_mistakes(gates: int) -> tuple[Mistake, ...]:
    """Return how a reader goes wrong with a cell of several gates."""
    words = {2: "two", 3: "three"}[gates - 1]
    return (
        mistake("left out the weights on the hidden state", gate=lambda gate, hidden_size: gate - hidden_size**2),
        mistake(
            "counted two bias vectors a gate, as PyTorch keeps them",
            gate=lambda gate, hidden_size, bias: gate + hidden_size if bias else None,
        ),
        mistake("counted one gate only", cell=lambda gate: gate),
        mistake(f"counted {words} gates and forgot the candidate", cell=lambda gate: (gates - 1) * gate),
    )


def _sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a layer of few units, or of a usual network; with its output layer where it is to be hard."""
    if level == "easy":
        return {"input_size": numbers.integers(2, 5), "hidden_size": numbers.integers(2, 5)}
    layer = {"input_size": numbers.choice([28, 50, 64, 100]), "hidden_size": numbers.choice([32, 64, 128, 256])}
    return layer if level == "medium" else layer | {"output_size": numbers.choice([2, 5, 10])}


def _count(gates: int, input_size: int, hidden_size: int, output_size: int | None, *, bias: bool, meaning: str) -> Expr:
    """Return the count of a recurrent cell whose ``gates`` act on [h; x] each, and of the output layer behind it."""
    inputs, hidden = constant(input_size, "d"), constant(hidden_size, "h")
    weights = hidden * (hidden + inputs)
    with_bias = "and a bias for each hidden unit." if bias else "and no biases."
    cell = let(
        "gate" if gates > 1 else "cell",
        weights + hidden if bias else weights,
        f"{meaning} It has a weight for each of the $h$ hidden units and each entry of $[h; x]$, {with_bias}",
        M("weights on hidden state and input"),
        A("parameters of one gate" if gates > 1 else "parameters of the cell"),
    )
    if gates > 1:
        cell = let("cell", gates * cell, f"The cell has {gates} such sets of weights.", M(f"times {gates}"), A("cell"))
    if output_size is None:
        return let(RESULT, cell, "There is no output layer, so this is the whole count.")
    outputs = constant(output_size, "o")
    layer = let(
        "output",
        outputs * hidden + outputs if bias else outputs * hidden,
        "The output layer has a weight for each output and hidden unit"
        + (", and a bias for each output." * bias or "."),
        B("output layer"),
    )
    return let(RESULT, cell + layer, "Add the output layer.", A("number of parameters"))


def _evaluated(gates: int, input_size: int, hidden_size: int, output_size: int | None, *, bias: bool) -> int:
    """Return the same count as the entries of all weight matrices and bias vectors."""
    shapes: list[tuple[int, ...]] = [(gates * hidden_size, input_size), (gates * hidden_size, hidden_size)]
    shapes += [(gates * hidden_size,)] if bias else []
    if output_size is not None:
        shapes += [(output_size, hidden_size), *([(output_size,)] if bias else [])]
    return entries(shapes)
