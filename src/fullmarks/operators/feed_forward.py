"""feed_forward: W2 relu(W1 x + b1) + b2, the two layers that each token of a transformer passes through by itself."""

from fullmarks.math.expression import Array, Expr
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._feed_forward import MISTAKES, PARAMETERS, SOURCE, evaluate_feed_forward, fed_forward
from fullmarks.operators._operator import Level, Numbers, Operator

ARGUMENTS = (Argument("x", Tensor("d | T d"), "one token, or one a row"), *PARAMETERS)


def evaluate(x: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    return evaluate_feed_forward(x, W1, b1, W2, b2)


def working(x: Expr, W1: Expr, b1: Expr, W2: Expr, b2: Expr) -> Expr:
    return fed_forward(x, (W1, b1, W2, b2))


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return one token, or two; the hidden layer is wider than the token, as in the paper."""
    tokens, width, hidden = {"easy": ((), 2, 3), "medium": ((), 2, 4), "hard": ((2,), 2, 3)}[level]
    return {
        "x": numbers.integers(-2, 3, *tokens, width, nonzero=True),
        "W1": numbers.decimals(-1, 1, hidden, width, nonzero=True),
        "b1": numbers.decimals(-0.5, 0.5, hidden, nonzero=True),
        "W2": numbers.decimals(-1, 1, width, hidden, nonzero=True),
        "b2": numbers.decimals(-0.5, 0.5, width, nonzero=True),
    }


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the output {result} of the feed-forward network.",
    source=SOURCE,
    evaluate=evaluate,
    working=working,
    mistakes=MISTAKES,
    sample=sample,
)
