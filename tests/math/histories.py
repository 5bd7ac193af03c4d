"""Random histories for tests: programs of the operations that operators are written with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from fullmarks.math.expression import Expr, constant, given, let
from fullmarks.math.functions import exp, join, maximum, pad, power, sigmoid, sqrt, stack, tanh, windows

MOST_ENTRIES = 60  # of one array: products of products grow fast


@dataclass
class Program:
    """Expressions in the order in which they were made; the first ones are given."""

    expressions: list[Expr] = field(default_factory=list)
    givens: list[Expr] = field(default_factory=list)

    @property
    def result(self) -> Expr:
        """The last expression."""
        return self.expressions[-1]


Draw = Callable[[st.SearchStrategy[object]], object]


def numbers(draw: Draw, shape: tuple[int, ...]) -> np.ndarray:
    """Return exact tenths and thirds in an array of ``shape``."""
    size = int(np.prod(shape))
    fractions = st.fractions(-2, 2, max_denominator=10)
    flat = draw(st.lists(fractions, min_size=size, max_size=size))
    array = np.empty(size, dtype=object)
    array[:] = flat
    return array.reshape(shape)


@st.composite
def programs(draw: Draw, *, most_steps: int = 7) -> Program:
    """Draw a program of up to ``most_steps`` operations on one to three given arrays."""
    program = Program()
    for place in range(draw(st.integers(1, 3))):
        shape = draw(st.sampled_from([(), (2,), (3,), (2, 3), (3, 2), (3, 3), (1, 3), (4, 4), (2, 3, 3)]))
        program.givens.append(given(f"g{place}", numbers(draw, shape)))
    program.expressions += program.givens
    for place in range(draw(st.integers(1, most_steps))):
        made = _step(draw, program, place)
        if 0 < made.size <= MOST_ENTRIES:
            program.expressions.append(made)
    return program


def _step(draw: Draw, program: Program, place: int) -> Expr:
    x = draw(st.sampled_from(program.expressions))
    choices = [*_FUNCTIONS, *_BINARY, "let", "view", "join", "stack", "constant"]
    if x.ndim:
        choices += ["sum", "max", "mean"]
    if x.ndim >= 2:
        choices += ["pad", "windows", "windows"]
    partners = [y for y in program.expressions if x.ndim in (1, 2) and y.ndim in (1, 2) and x.shape[-1] == y.shape[0]]
    if partners:
        choices += ["matmul", "matmul", "matmul"]
    choice = draw(st.sampled_from(choices))
    if choice in _FUNCTIONS:
        return _FUNCTIONS[choice](x)
    if choice in _BINARY:
        y = draw(st.sampled_from([y for y in program.expressions if _stretches(x, y)]))
        return _BINARY[choice](x, y)
    match choice:
        case "let":
            return let(f"l{place}", x, "")
        case "matmul":
            return x @ draw(st.sampled_from(partners))
        case "sum" | "max" | "mean":
            axis = draw(st.sampled_from([None, *range(-x.ndim, x.ndim)]))
            reduced: Expr = getattr(x, choice)(axis, keepdims=draw(st.booleans()))
            return reduced
        case "pad":
            top, bottom, left, right = (draw(st.integers(0, 1)) for _ in range(4))
            return pad(x, [(top, bottom), (left, right)])
        case "windows":
            height, width = (draw(st.integers(1, length)) for length in x.shape[-2:])
            stride = (draw(st.integers(1, 2)), draw(st.integers(1, 2)))
            return windows(x, (height, width), stride)
        case "join" if x.ndim:
            return join([x, -x], axis=draw(st.integers(-x.ndim, x.ndim - 1)))
        case "stack":
            return stack([x, x * 2])
        case "constant":
            return x * constant(draw(st.fractions(-2, 2, max_denominator=4)))
        case _:
            return _view(draw, x)


def _view(draw: Draw, x: Expr) -> Expr:
    if x.ndim == 0:
        return x.reshape(1)
    kind = draw(st.sampled_from(["T", "first", "flat", "turned", "added axis"]))
    match kind:
        case "T":
            return x.T
        case "first":
            return x[draw(st.integers(-x.shape[0], x.shape[0] - 1))]
        case "flat":
            return x.reshape(-1)
        case "turned":
            return x[::-1]
        case _:
            return x[None]


def _stretches(x: Expr, y: Expr) -> bool:
    try:
        return int(np.prod(np.broadcast_shapes(x.shape, y.shape))) <= MOST_ENTRIES
    except ValueError:
        return False


_FUNCTIONS: dict[str, Callable[[Expr], Expr]] = {
    "tanh": tanh,
    "sigmoid": sigmoid,
    "exp": lambda x: exp(tanh(x)),  # of something small: towers of exponentials say nothing
    "square": lambda x: power(tanh(x), 2),
    "sqrt": lambda x: sqrt(maximum(x, 0)),
    "negative": lambda x: -x,
    "quotient": lambda x: x / 3,
    "reciprocal": lambda x: Fraction(1, 2) / (1 + maximum(x, 0)),
}
_BINARY: dict[str, Callable[[Expr, Expr], Expr]] = {
    "plus": lambda x, y: x + y,
    "minus": lambda x, y: x - y,
    "times": lambda x, y: x * y,
    "maximum": maximum,
}
