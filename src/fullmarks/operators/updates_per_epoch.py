"""updates_per_epoch: how often the weights are updated while every sample is seen once, for a size of batches."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import floor
from fullmarks.math.marks import A, B, M
from fullmarks.operators._arguments import Argument, Whole
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("samples", Whole(), "training samples", symbol="N"),
    Argument("batch_size", Whole(), "samples of a minibatch", symbol="B"),
)


def check(samples: int, batch_size: int) -> None:
    """Check that a batch is not larger than the training set."""
    if batch_size > samples:
        raise FullmarksError(f"updates_per_epoch: batch_size is {batch_size}, more than the {samples} samples")


def evaluate(samples: int, batch_size: int) -> dict[str, Array]:
    """Return the number of batches by where they begin."""
    starts = {"minibatch": range(0, samples, batch_size), "full_batch": range(0, samples, samples)}
    return {name: np.asarray(len(places)) for name, places in (starts | {"stochastic": range(samples)}).items()}


def working(samples: int, batch_size: int) -> Expr:
    everything, batch = constant(samples, "N"), constant(batch_size, "B")
    full = "With the full batch, all samples give one gradient."
    one = let("full_batch", everything / everything, full, B("full batch"))
    each = let("stochastic", everything, "Stochastic descent updates after every sample.", B("stochastic"))
    complete = let(
        "q", floor(everything / batch), "So many minibatches are complete.", M("samples divided by batch size")
    )
    rest = let("r", everything - complete * batch, "So many samples are left over.", B("samples left over"))
    if samples % batch_size:
        reason = "The samples left over make one more, smaller, minibatch."
        return let(RESULT, complete + 1, reason, A("number of updates"), after=(one, each, rest))
    reason = "None is left over: there is one update a minibatch."
    return let(RESULT, complete, reason, A("number of updates"), after=(one, each, rest))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a training set and a size of batches that divides it, or leaves a rest."""
    if level == "easy":
        return {"samples": 100 * numbers.integers(2, 20), "batch_size": numbers.choice([10, 20, 25, 50])}
    if level == "medium":
        return {"samples": 1000 * numbers.integers(1, 60), "batch_size": numbers.choice([32, 64, 128])}
    return {"samples": numbers.integers(1000, 60000), "batch_size": numbers.choice([48, 96, 128, 256])}


operator = Operator(
    arguments=ARGUMENTS,
    ask="How many updates are there in an epoch with the full batch, with stochastic descent and with minibatches?",
    source="Goodfellow et al. 2016, section 8.1.3",
    symbol="updates",
    results=("minibatch", "full_batch", "stochastic"),
    line_symbols={"full_batch": r"\text{full batch}"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("left out the smaller minibatch at the end", result=lambda q, r: q if r.value > 0 else None),
        mistake("counted one update for the whole epoch", result=lambda full_batch: full_batch),
        mistake("counted one update for every sample", result=lambda stochastic: stochastic),
        mistake("gave the size of a minibatch", result=lambda q, batch_size: q * 0 + batch_size),
    ),
    sample=sample,
)
