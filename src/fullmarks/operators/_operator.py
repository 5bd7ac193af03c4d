"""What an operator is: its arguments, two independent routes to its results, its wording, mistakes and samples."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct, field

from fullmarks.math.expression import RESULT, Expr, Let
from fullmarks.math.figures import Figure
from fullmarks.math.gradient_line import GradientLine
from fullmarks.math.history import lines, replace
from fullmarks.math.marks import Mark
from fullmarks.math.notation import Node
from fullmarks.operators._arguments import Argument
from fullmarks.operators._binding import floats

Level = Literal["easy", "medium", "hard"]


class Numbers(Protocol):
    """A stream of numbers for samples; the same seed gives the same ones for ever."""

    def integers(self, low: int, high: int, *shape: int, nonzero: bool = False) -> Any:
        """Return whole numbers from ``low`` to ``high``, both included, as nested lists (or one number)."""

    def decimals(self, low: float, high: float, *shape: int, step: float = 0.1, nonzero: bool = False) -> Any:
        """Return multiples of ``step`` from ``low`` to ``high``, both included."""

    def choice(self, options: Sequence[Any]) -> Any:
        """Return one of ``options``."""


class Mistake(Struct, frozen=True):
    """A known way to go wrong: arguments or lines of working, by name, with what stands there instead.

    A function is called with the arguments and lines that its parameters name. The marks of the first line that
    goes wrong are lost: all of them, or the accuracy marks alone where it is a ``slip``.
    """

    because: str
    changes: Mapping[str, Any]
    slip: bool = False


def mistake(because: str, *, slip: bool = False, **changes: Any) -> Mistake:
    """Return a mistake: ``mistake("left out the root", scale=False)``, ``mistake("…", weights=lambda E: …)``."""
    return Mistake(because, changes, slip)


class Point(Struct, frozen=True):
    """One point of a discussion, in words, with what it is worth."""

    words: str
    worth: int = 1


class Discussion(Struct, frozen=True):
    """The marking points of a discussion question, and how many of them earn full marks."""

    points: tuple[Point, ...]
    needed: int


class Writer(Protocol):
    """What a figure writes quantities with, so that they look as they do in the working."""

    def symbol(self, expression: Expr) -> Node:
        """Return the symbol of a named quantity."""

    def value_node(self, expression: Expr) -> Node:
        """Return the numbers of a quantity, rounded as in the working."""


def _nothing_to_check(**_arguments: Any) -> None:
    pass


class Operator(Struct, frozen=True, kw_only=True):
    """One thing that the lecture computes or discusses.

    A computing operator has ``working`` (with history) and ``evaluate`` (plain NumPy, written independently); a
    discussing one has ``discuss``. ``name`` and ``summary`` come from its file.
    """

    arguments: tuple[Argument, ...]
    ask: str
    source: str
    symbol: str = "y"
    results: tuple[str, ...] = (RESULT,)
    line_symbols: Mapping[str, str] = field(default_factory=dict)  # of lines whose name is a word: {"scores": "S"}
    working: Callable[..., Expr] | None = None
    evaluate: Callable[..., Any] | None = None
    discuss: Callable[..., Discussion] | None = None
    wording: Mapping[str, str] = field(default_factory=dict)  # how words that it takes are printed: {"vit": "ViT"}
    check: Callable[..., None] = _nothing_to_check
    mistakes: tuple[Mistake, ...] = ()
    in_words: Callable[..., Any] | None = None  # how a result is said, from it and the arguments: a label for an index
    sample: Callable[[Level, Numbers], dict[str, Any]] | None = None
    graph: "Callable[[Level, Numbers], tuple[str, dict[str, Any]]] | None" = None  # in place of sample, see below
    figure: Callable[..., Figure | None] | None = None  # of its arguments, its ``lines`` by name, and a ``Writer``
    name: str = field(default="")
    summary: str = field(default="")

    @property
    def takes_quantities(self) -> bool:
        """Tell whether it takes quantities with their history; its ``graph`` is a sample: formulas and their givens."""
        return self.graph is not None

    @property
    def is_discussion(self) -> bool:
        """Tell whether the answer is in words."""
        return self.discuss is not None


def results_of(operator: Operator, result: Expr, arguments: Mapping[str, Any]) -> dict[str, Expr]:
    """Return the operator's results by name, found among the named lines of its working."""
    found = named_lines(result, arguments)
    main, *others = operator.results
    return {main: result} | {name: found[name] for name in others if name in found}


def named_lines(result: Expr, arguments: Mapping[str, Any]) -> dict[str, Expr]:
    """Return the lines of one operator's working by name; its arguments' own lines are not among them."""
    outside = {id(value): value for value in arguments.values() if isinstance(value, Expr)}
    if isinstance(result.operation, GradientLine):  # it is written with the lines of what it is the gradient of
        outside |= {id(line): line for value in arguments.values() for line in lines(value, {})}
    return {line.operation.name: line for line in lines(result, outside) if isinstance(line.operation, Let)}


def wrong_result(operator: Operator, wrong: Mistake, arguments: Mapping[str, Any]) -> Expr | None:
    """Work the operator again with the mistake made, or return ``None`` where it cannot be made here.

    ``arguments`` are bound ones. Raises ``FullmarksError`` where the changed arguments do not fit.
    """
    if operator.working is None:
        return None
    result = operator.working(**arguments)
    steps = named_lines(result, arguments)
    changed_arguments = dict(arguments)
    changed_lines: dict[int, Expr] = {}
    for name, change in wrong.changes.items():
        value = change
        if callable(change):
            wanted = inspect.signature(change).parameters
            if any(word not in steps and word not in arguments for word in wanted):
                return None
            value = change(**{word: steps.get(word, arguments.get(word)) for word in wanted})
        if callable(change) and value is None:
            return None
        if name in operator_argument_names(operator):
            changed_arguments[name] = value
        elif name in steps:
            old = steps[name]
            if value.shape != old.shape:
                return None
            changed_lines[id(old)] = Expr(old.operation, value)
        else:
            return None
    if changed_lines:
        return replace(result, changed_lines)
    check_arguments(operator, changed_arguments)
    return operator.working(**changed_arguments)


def check_arguments(operator: Operator, arguments: Mapping[str, Any]) -> None:
    """Let the operator check its bound arguments, numbers as arrays; raises its ``FullmarksError``."""
    operator.check(**{name: floats(value) for name, value in arguments.items()})


def operator_argument_names(operator: Operator) -> tuple[str, ...]:
    """Return the names of the operator's arguments, in order."""
    return tuple(argument.name for argument in operator.arguments)


def marks_of(line: Expr) -> tuple[Mark, ...]:
    """Return the marks that a line of working carries."""
    return line.operation.marks if isinstance(line.operation, Let) else ()
