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
    main, *others = operator.results
    if not others:
        return {main: result}
    found = named_lines(result, arguments)
    return {main: result} | {name: found[name] for name in others if name in found}


def named_lines(result: Expr, arguments: Mapping[str, Any]) -> dict[str, Expr]:
    """Return the lines of one operator's working by name; its arguments' own lines are not among them.

    Of lines that share a name it is the last.
    """
    own = lines(result, starts_of(result, arguments))
    return {line.operation.name: line for line in own if isinstance(line.operation, Let)}


def starts_of(result: Expr, arguments: Mapping[str, Any]) -> dict[int, Expr]:
    """Return by id what the working that leads to an operator's main result starts from: its arguments."""
    starts = {id(value): value for value in arguments.values() if isinstance(value, Expr)}
    if isinstance(result.operation, GradientLine):  # it is written with the lines of what it is the gradient of
        starts |= {id(line): line for value in [*starts.values()] for line in lines(value, {})}
    return starts


def wrong_result(
    operator: Operator, wrong: Mistake, arguments: Mapping[str, Any], right: Expr | None = None
) -> Expr | None:
    """Return the main one of `wrong_results`."""
    results = wrong_results(operator, wrong, arguments, right)
    return None if results is None else results[operator.results[0]]


def wrong_results(
    operator: Operator, wrong: Mistake, arguments: Mapping[str, Any], right: Expr | None = None
) -> dict[str, Expr] | None:
    """Work the operator again with a mistake and return its results by name, or ``None`` if it cannot be made here.

    ``arguments`` are bound ones; ``right`` is the right main result, if it has been worked already. Changed arguments
    are changed first, then lines in the order of the working. A result that the changed lines no longer lead to is
    still worked, because another part may ask for it. Raises ``FullmarksError`` if the changed arguments do not fit.
    """
    if operator.working is None:
        return None
    right = operator.working(**arguments) if right is None else right
    argument_names = operator_argument_names(operator)
    steps = named_lines(right, arguments)
    changed = dict(arguments)
    for name, change in wrong.changes.items():
        if name in argument_names:
            value = _instead(change, {**arguments, **steps})
            if value is None and callable(change):
                return None
            changed[name] = value
    if any(name in argument_names for name in wrong.changes):
        check_arguments(operator, changed)
        right = operator.working(**changed)
        steps = named_lines(right, changed)
    changes = {name: change for name, change in wrong.changes.items() if name not in argument_names}
    again = _changed_lines(steps, changed, changes, starts_of(right, changed))
    if again is None:
        return None
    results = results_of(operator, replace(right, again), changed)
    return results | {
        name: replace(line, again) for name, line in results_of(operator, right, changed).items() if name not in results
    }


def _instead(change: Any, known: Mapping[str, Any]) -> Any:
    """Return what a mistake puts in a place: ``change``, or what it returns, ``None`` if it needs what is not there."""
    if not callable(change):
        return change
    wanted = inspect.signature(change).parameters
    return change(**{word: known[word] for word in wanted}) if known.keys() >= wanted.keys() else None


def _changed_lines(
    steps: Mapping[str, Expr], arguments: Mapping[str, Any], changes: Mapping[str, Any], starts: Mapping[int, Expr]
) -> dict[int, Expr] | None:
    """Return the lines that a mistake changes, by id of the line that each replaces; ``None`` if one cannot be made.

    A change sees the lines as they are after the changes before it. A line of its own that has the name of a line of
    the working replaces that one too, so that whatever else needs it follows.
    """
    if not changes.keys() <= steps.keys():
        return None
    again: dict[int, Expr] = {}
    for name, old in steps.items():
        if name not in changes:
            continue
        wanted = {word: replace(steps[word], again) for word in inspect.signature(changes[name]).parameters
                  if word in steps}  # fmt: skip
        value = _instead(changes[name], {**arguments, **wanted})
        if value is None or value.shape != old.shape:
            return None
        for line in lines(value, {**starts, **{id(line): line for line in (*steps.values(), *wanted.values())}}):
            namesake = steps.get(line.operation.name) if isinstance(line.operation, Let) else None
            if namesake is not None and namesake is not old and namesake.shape == line.shape:
                again[id(namesake)] = line
        again[id(old)] = Expr(old.operation, value, *(replace(line, again) for line in old.arguments[1:]))
    return again


def check_arguments(operator: Operator, arguments: Mapping[str, Any]) -> None:
    """Let the operator check its bound arguments, numbers as arrays; raises its ``FullmarksError``."""
    operator.check(**{name: floats(value) for name, value in arguments.items()})


def operator_argument_names(operator: Operator) -> tuple[str, ...]:
    """Return the names of the operator's arguments, in order."""
    return tuple(argument.name for argument in operator.arguments)


def marks_of(line: Expr) -> tuple[Mark, ...]:
    """Return the marks that a line of working carries."""
    return line.operation.marks if isinstance(line.operation, Let) else ()
