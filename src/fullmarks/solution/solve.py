"""Solving an instance: every part with its lines, its answer and, for discussions, its points."""

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from fullmarks.errors import FullmarksError
from fullmarks.math import expansions
from fullmarks.math.expression import Expr, Let
from fullmarks.math.history import entering, lines
from fullmarks.math.letters import in_order
from fullmarks.math.notation import Node
from fullmarks.operators import Operator, load_operator
from fullmarks.operators._operator import Discussion, Point
from fullmarks.problem.graph import needed_for
from fullmarks.problem.model import Instance, Part
from fullmarks.problem.syntax import Call, Formula, Name, names_in
from fullmarks.solution.agreement import refuse_disagreement, refuse_infinite
from fullmarks.solution.differences import refuse_hidden_paths
from fullmarks.solution.lines import Layout, Line, LineRow
from fullmarks.solution.naming import line_symbols, quantity_symbols
from fullmarks.solution.walk import (
    Step,
    Worked,
    bound_call,
    evaluate_instance,
    value_of,
    work,
)

if TYPE_CHECKING:
    from fullmarks.math.exact_forms import ExactForms

PLACES = 3
MOST_LINES = 5_000  # of working; nobody reads more, and ten times as many take minutes


class PartSolution(Struct, frozen=True):
    """One part worked: the lines that no earlier part derived, the answer, and the points of a discussion."""

    part: Part
    label: str
    operator: Operator | None
    lines: tuple[Line, ...]
    answer: Expr | None
    answer_rows: tuple[LineRow, ...]  # the answer as it is stated, with the places asked for
    discussion: Discussion | None = None
    discussion_operator: Operator | None = None
    discussion_arguments: Mapping[str, Any] = field(default_factory=dict)
    exact_rows: tuple[LineRow, ...] = ()  # exact forms too long for the answer's own rows
    note: str = ""  # on the answer: that its exact form is left out


class Solution(Struct, frozen=True):
    """An instance, worked."""

    instance: Instance
    worked: Worked
    symbols: Mapping[str, Node]  # of the named quantities
    parts: tuple[PartSolution, ...]
    layout: Layout
    places: int
    letters: tuple[str, ...] = ()  # those that stand for numbers, in order of appearance


@expansions.bounded()
def solve_instance(instance: Instance, places: int = PLACES, *, exact: bool = False) -> Solution:
    """Work an instance on both routes and lay out its solution; ``exact`` prints exact forms beside decimals.

    Raises ``FullmarksError`` where the input does not fit, ``ArithmeticError`` where the two routes disagree.
    """
    problem = instance.problem
    letters = in_order(instance.values)
    try:
        with np.errstate(all="ignore"):  # what overflows or divides by zero is refused below
            if letters:
                from fullmarks.solution.letters import worked_in_letters  # with SymPy behind it

                instance, worked = worked_in_letters(instance, letters)
            else:
                evaluated = evaluate_instance(instance.values, problem.where)
                refuse_infinite(evaluated)
                worked = work(instance)
                refuse_disagreement(instance, worked, evaluated)
                refuse_hidden_paths(worked, evaluated, problem.where)
    except FullmarksError as reason:
        raise FullmarksError(f"{problem.path}: where: {reason}" if problem.path else str(reason)) from reason
    symbols = quantity_symbols(problem, worked)
    lines_by_part = _new_lines(instance, worked)
    owners = _owners(worked)
    every_line = [line for part_lines in lines_by_part for line in part_lines]
    if len(every_line) > MOST_LINES:
        raise FullmarksError(
            f"{problem.path or problem.id}: the working has {len(every_line):,} lines, which is too large; at most "
            f"{MOST_LINES:,} are written"
        )
    of_steps: dict[int, list[Expr]] = {}
    for line in every_line:
        of_steps.setdefault(id(owners.get(id(line))), []).append(line)
    grouped = [(step, of_steps.get(id(step), [])) for step in worked.steps]
    layout = Layout(
        line_symbols(worked, symbols, grouped, letters), places, every_line, _exact_forms() if exact else None
    )
    try:
        parts = tuple(
            _solved_part(number, part, worked, layout, [(line, owners) for line in part_lines])
            for number, (part, part_lines) in enumerate(zip(problem.parts, lines_by_part, strict=True))
        )
    except FullmarksError as reason:
        raise FullmarksError(f"{problem.path}: {reason}" if problem.path else str(reason)) from reason
    return Solution(instance, worked, symbols, _labelled(parts), layout, places, tuple(letters))


def _exact_forms() -> "ExactForms":
    from fullmarks.math.exact_forms import ExactForms  # with SymPy behind it

    return ExactForms()


def _new_lines(instance: Instance, worked: Worked) -> list[list[Expr]]:
    """Return, for each part, the lines that lead to what it asks for and that no earlier part derived.

    What stands before a line without entering into it (``after``) waits where a later part asks for it.
    """
    derived: set[int] = set()
    parts = instance.problem.parts
    asked_last = {id(quantity(worked, part.find)): place for place, part in enumerate(parts) if part.find}
    by_part = []
    for place, part in enumerate(parts):
        new: list[Expr] = []
        wanted = [part.find] if part.find else []
        if isinstance(part.discuss, Call):
            wanted += needed_for(names_in(part.discuss), instance.problem.where)
        for name in wanted:
            value = quantity(worked, name)
            if isinstance(value, Expr):
                found = lines(value, _Settled(derived, asked_last, place, entering(value, derived)))
                derived.update(map(id, found))
                new += found
        by_part.append(new)
    return by_part


class _Settled(Container[int]):
    """The ids of lines that a part need not derive: derived already, or asked for later and not needed for it."""

    def __init__(self, derived: set[int], asked_last: Mapping[int, int], place: int, entering: set[int]) -> None:
        self.derived, self.asked_last, self.place, self.entering = derived, asked_last, place, entering

    def __contains__(self, line: object) -> bool:
        if line in self.derived:
            return True
        return isinstance(line, int) and self.asked_last.get(line, -1) > self.place and line not in self.entering


def quantity(worked: Worked, name: str) -> Any:
    """Return a quantity, or one result of it, by name; the main result may be named too (``Z.output``)."""
    if name in worked.quantities:
        return worked.quantities[name]
    raise FullmarksError(f"there is no quantity {name!r}")


def _owners(worked: Worked) -> dict[int, Step]:
    """Return, by id of a line, the step that it belongs to: the first one that leads to it."""
    owners: dict[int, Step] = {}
    for step in worked.steps:
        for line in lines(step.result, owners):
            owners[id(line)] = step
    return owners


def _solved_part(
    number: int, part: Part, worked: Worked, layout: Layout, owned_lines: list[tuple[Expr, dict[int, Step]]]
) -> PartSolution:
    laid_out = tuple(layout.line(line, owners[id(line)].name) for line, owners in owned_lines)
    answer = quantity(worked, part.find) if part.find else None
    if part.find and not isinstance(answer, Expr):
        raise FullmarksError(f"part {number + 1}: find: {part.find!r} is no number or array")
    step = worked.step_of(part.find.partition(".")[0]) if part.find else None
    discussion = None
    operator = None
    arguments: Mapping[str, Any] = {}
    if isinstance(part.discuss, Call):
        operator = load_operator(part.discuss.operator)
        if operator.discuss is None:
            raise FullmarksError(f"part {number + 1}: discuss: {operator.name} finds a number; ask it with 'find'")
        try:
            arguments = bound_call(operator, part.discuss, lambda formula: _discussed(formula, worked))
            discussion = operator.discuss(**arguments)
        except FullmarksError as reason:
            raise FullmarksError(f"part {number + 1}: discuss: {reason}") from reason
    if part.points:
        own = tuple(Point(point.words, point.worth) for point in part.points)
        discussion = Discussion(own, part.needed or len(own))
    rows = _stated(answer, layout) if isinstance(answer, Expr) else []
    exact_rows: list[LineRow] = []
    note = ""
    if isinstance(answer, Expr) and rows and layout.exact_forms is not None:
        from fullmarks.solution.exact_answers import with_exact_form  # with SymPy behind it

        rows, exact_rows, note = with_exact_form(rows, answer, layout.exact_forms)
    return PartSolution(
        part=part,
        label="",
        operator=step.operator if step else None,
        lines=laid_out,
        answer=answer,
        answer_rows=tuple(rows),
        exact_rows=tuple(exact_rows),
        note=note,
        discussion=discussion,
        discussion_operator=operator,
        discussion_arguments=arguments,
    )


def _discussed(formula: Formula, worked: Worked) -> Any:
    if isinstance(formula, Name) and formula.name not in worked.quantities:
        return formula.name
    return value_of(formula, worked)


def _stated(answer: Expr, layout: Layout) -> list[LineRow]:
    if isinstance(answer.operation, Let) and answer.operation.headings is not None:
        return []  # a table is its own statement
    return layout.stated(answer)


def _labelled(parts: tuple[PartSolution, ...]) -> tuple[PartSolution, ...]:
    if len(parts) == 1:
        return parts
    return tuple(replace(part, label=f"({roman(number)})") for number, part in enumerate(parts, 1))


def roman(number: int) -> str:
    """Return a small Roman numeral: iv for 4."""
    pieces = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
              (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
    text = ""
    for value, letters in pieces:
        while number >= value:
            text += letters
            number -= value
    return text
