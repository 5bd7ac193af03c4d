"""positional_encoding: sin(p / 10000^(2i/d)) in column 2i and cos of the same in column 2i + 1, counted from 0.

The rows are positions 0, 1, … where ``positions`` is a number of them, or the positions that it lists.
"""

from fractions import Fraction

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import RESULT, Array, Expr, constant, let
from fullmarks.math.functions import any_power, cos, join, sin
from fullmarks.math.marks import A, M
from fullmarks.math.numbers import Exact
from fullmarks.operators._arguments import Argument, Real, Tensor, Whole
from fullmarks.operators._elementwise import most_marks
from fullmarks.operators._operator import Level, Numbers, Operator, mistake

ARGUMENTS = (
    Argument("positions", Tensor("number | T"), "how many, from 0 on, or a list of positions", symbol=r"\mathbf{p}"),
    Argument("d_model", Whole(), "number of columns, the length of a token", symbol="d"),
    Argument("base", Real(), "base of the wavelengths", default=Fraction(10000)),
)
MOST_POSITIONS = 10_000
MOST_COLUMNS = 4096


def check(positions: Array, d_model: int, base: Exact) -> None:
    """Check that there are positions, and that the base has powers."""
    if positions.ndim == 0 and not (positions == int(positions) and 1 <= positions <= MOST_POSITIONS):
        raise FullmarksError(
            f"positional_encoding: positions is {positions:g}, expected how many (1 to {MOST_POSITIONS}) or a list"
        )
    if d_model > MOST_COLUMNS:
        raise FullmarksError(f"positional_encoding: d_model is {d_model}, expected at most {MOST_COLUMNS:,}")
    if (positions < 0).any():
        raise FullmarksError(f"positional_encoding: positions has {positions.min():g}, expected none below 0")
    if base <= 0:
        raise FullmarksError(f"positional_encoding: base is {float(base):g}, expected a number above 0")


def evaluate(positions: Array, d_model: int, base: Exact) -> Array:
    """Return the encodings column by column, the divisors by logarithms."""
    listed = np.arange(int(positions)) if positions.ndim == 0 else positions
    encoding = np.empty((len(listed), d_model))
    for column in range(d_model):
        angles = listed * np.exp(-(column - column % 2) / d_model * np.log(float(base)))
        encoding[:, column] = np.cos(angles) if column % 2 else np.sin(angles)
    return encoding


def working(positions: Expr, d_model: int, base: Exact) -> Expr:
    pairs = (d_model + 1) // 2
    exponents = [constant(Fraction(2 * pair)) / constant(d_model, "d") for pair in range(pairs)]
    divisors = let(
        "w",
        _column([any_power(constant(base), exponent) for exponent in exponents]),
        "Each pair of columns has its own divisor, the base to the power $2i/d$, with $i = 0$ for the first pair.",
        M("divisors"),
        A("their values"),
    )
    angles = let(
        "alpha",
        _listed(positions) / divisors.reshape(1, -1),
        "Divide each position by each divisor: a row for each position, a column for each pair. "
        "These are angles in radians.",
        M("positions over divisors"),
        A("angles"),
    )
    return let(
        RESULT,
        _interleaved(sin(angles), cos(angles))[:, :d_model],
        "Of each angle take the sine and beside it the cosine (the calculator on radians).",
        M("sines and cosines in turn"),
        A("values", most_marks(positions.size * d_model)),
    )


def _column(numbers: list[Expr]) -> Expr:
    return join([number.reshape(1) for number in numbers])


def _listed(positions: Expr) -> Expr:
    """Return the positions as a column: those listed, or so many from 0 on."""
    if positions.ndim == 0:
        positions = _column([constant(place) for place in range(int(positions.value))])
    return positions.reshape(-1, 1)


def _interleaved(one: Expr, other: Expr) -> Expr:
    """Return the columns of two matrices in turn: first of one, first of the other, and so on."""
    apart = [matrix.reshape(*matrix.shape, 1) for matrix in (one, other)]
    return join(apart, axis=2).reshape(one.shape[0], 2 * one.shape[1])


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return a few positions and columns; a smaller base where the angles are to be worth a calculator."""
    match level:
        case "easy":
            return {"positions": numbers.integers(2, 4), "d_model": 2}
        case "medium":
            return {"positions": numbers.integers(2, 3), "d_model": 4, "base": numbers.choice([100, 10000])}
        case "hard":
            first = numbers.integers(1, 5)
            return {"positions": [first, first + numbers.integers(1, 5)], "d_model": 6, "base": 1000}


def _angles(positions: Expr, d_model: int, base: Exact, *, step: int = 2) -> Expr:
    powers = [any_power(constant(base), constant(Fraction(step * pair, d_model))) for pair in range((d_model + 1) // 2)]
    return _listed(positions) / _column(powers).reshape(1, -1)


def _cosines_first(positions: Expr, d_model: int, base: Exact) -> Expr:
    angles = _angles(positions, d_model, base)
    return _interleaved(cos(angles), sin(angles))[:, :d_model]


def _halves(positions: Expr, d_model: int, base: Exact) -> Expr:
    angles = _angles(positions, d_model, base)
    return join([sin(angles), cos(angles)], axis=1)[:, :d_model]


def _exponent_without_two(positions: Expr, d_model: int, base: Exact) -> Expr:
    angles = _angles(positions, d_model, base, step=1)
    return _interleaved(sin(angles), cos(angles))[:, :d_model]


def _counted_from_one(positions: Expr) -> Expr:
    return _listed(positions).reshape(-1) + 1


def _in_degrees(alpha: Expr, d_model: int) -> Expr:
    angles = alpha * constant(np.pi / 180)
    return _interleaved(sin(angles), cos(angles))[:, :d_model]


operator = Operator(
    arguments=ARGUMENTS,
    ask="Find the positional encoding {result}, a row for each position.",
    source="Vaswani et al. 2017, section 3.5",
    symbol="P",
    line_symbols={"alpha": r"\boldsymbol{\alpha}"},
    check=check,
    evaluate=evaluate,
    working=working,
    mistakes=(
        mistake("exchanged sine and cosine", slip=True, result=_cosines_first),
        mistake("put all sines before all cosines", slip=True, result=_halves),
        mistake("counted positions from 1", positions=_counted_from_one),
        mistake("left out the 2 of the exponent", slip=True, result=_exponent_without_two),
        mistake("had the calculator on degrees", result=_in_degrees),
    ),
    sample=sample,
)
