"""embedding: the rows of E that tokens stand for; a token is the number of its word, counted from 0."""

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, Let, let
from fullmarks.math.marks import A, M
from fullmarks.operators._arguments import Argument, Tensor
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("E", Tensor("V d"), "embeddings of the vocabulary, one word a row"),
    Argument("tokens", Tensor("number | T"), "numbers of the words, counted from 0", symbol=r"\mathbf{t}"),
)
MOST_TOKENS_IN_WORDS = 6


def check(E: Array, tokens: Array) -> None:
    """Check that every token is a whole number that has a row."""
    for token in np.atleast_1d(tokens):
        if token != int(token) or not 0 <= token < len(E):
            raise FullmarksError(
                f"embedding: tokens has {token:g}, expected whole numbers from 0 to {len(E) - 1}: E has {len(E)} rows"
            )


def evaluate(E: Array, tokens: Array) -> Array:
    """Return the rows by multiplying with one-hot vectors."""
    return np.asarray((tokens[..., None] == np.arange(len(E))).astype(int) @ E)


def working(E: Expr, tokens: Expr) -> Expr:
    places = tokens.value.astype(int)
    rows = [f"{place} is row {place + 1}" for place in np.atleast_1d(places)[:MOST_TOKENS_IN_WORDS]]
    dots = ", …" if places.size > MOST_TOKENS_IN_WORDS else ""
    reason = f"Look up the row of each token, counted from 0: token {', '.join(rows)}{dots}."
    steps_before = (tokens,) if isinstance(tokens.operation, Let) else ()
    marks = M("rows that belong to the tokens"), A("all entries", most_marks(places.size))
    return let(RESULT, E[places], reason, *marks, after=steps_before)


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a small vocabulary and a short sentence, in which a word may come twice."""
    words, width, length = {"easy": (4, 2, 2), "medium": (5, 3, 3), "hard": (6, 4, 4)}[level]
    return {"E": numbers.decimals(-1, 1, words, width), "tokens": numbers.integers(0, words - 1, length)}


def _counted_from_one(E: Expr, tokens: Expr) -> Expr | None:
    places = tokens.value.astype(int) - 1
    return E[places] if (places >= 0).all() else None


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the embeddings {result} of the tokens {tokens}, one a row.",
    source="PyTorch, torch.nn.Embedding",
    symbol="X",
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("counted the rows from 1", result=_counted_from_one),
        mistake(
            "took the first rows in their order", result=lambda E, tokens: E[: tokens.size] if tokens.ndim else None
        ),
    ),
    sample=sample,
)
