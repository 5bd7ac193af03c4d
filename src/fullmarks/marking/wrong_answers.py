"""The wrong answers that known mistakes lead to, made in this part or carried forward from an earlier one."""

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct

from fullmarks.marking.accepted import accepted_range
from fullmarks.marking.allocation import MarkedPart, MarkedSolution
from fullmarks.marking.following import Graph, World
from fullmarks.marking.spoilt import Spoilt, spoilt_lines
from fullmarks.math import expansions
from fullmarks.math.expression import Array, Expr
from fullmarks.math.history import LARGEST_EXACT_ARRAY, exact_numbers
from fullmarks.operators._operator import Mistake
from fullmarks.solution.solve import Solution
from fullmarks.solution.walk import Step, work

MOST_WRONG_ANSWERS = 8  # a part; a marker reads no more
PLACES_OF_LETTERS = 12  # to which the numbers that stand for letters tell two answers apart


class WrongAnswer(Struct):
    """A value that a candidate may well write, why, and the marks to give for it.

    In ``because``, quantities stand in braces, as in a problem's prose.
    """

    value: Array
    because: tuple[str, ...]
    give: int
    carried: bool  # the mistake was made in an earlier part, where it was paid for
    working: Expr | None  # that led there, let go of once its exact numbers are known: an exam has thousands of them
    _numbers: Array | None = None

    @property
    def numbers(self) -> Array:
        """The value as `exact_numbers` has it."""
        if self.working is not None and self.value.size <= LARGEST_EXACT_ARRAY:
            self._numbers = exact_numbers(self.working)
        self.working = None
        return self.value if self._numbers is None else self._numbers


@expansions.bounded()
def wrong_answers(marked: MarkedSolution) -> list[list[WrongAnswer]]:
    """Return the wrong answers of every part, those made in it before those carried into it.

    They are worked out once for a marked solution, whoever asks.
    """
    if not marked.wrong_answers:
        with np.errstate(all="ignore"):  # what overflows or divides by zero is no answer
            marked.wrong_answers.extend(_Search(marked).found())
    return marked.wrong_answers


class _Effect(Struct, frozen=True):
    """What a mistake does to one part."""

    steps: tuple[Step, ...]  # those with the mistake that the part's answer needs
    answer: Expr | None
    value: Array | None  # of the answer, if a marker can tell it from the right one
    shows: bool  # whether a marker sees the mistake in this part: by its answer, or by a line with marks


class _Search:
    """The search for the wrong answers of one marked solution."""

    def __init__(self, marked: MarkedSolution) -> None:
        self.marked = marked
        self.solution = marked.solution
        self.graph = Graph(marked.solution)
        self.marks = [{id(one.line.expression): one.marks for one in part.lines if one.marks} for part in marked.parts]
        self.workers = [{self.graph.owner[line] for line in marks} for marks in self.marks]  # steps that earn marks
        self.rows: list[list[WrongAnswer]] = [[] for _ in marked.parts]

    def found(self) -> list[list[WrongAnswer]]:
        """Follow every mistake, made at one step and at all steps of its operator."""
        steps = [step for step in self.solution.worked.steps if step.operator is not None]
        steps = [step for step in steps if any(self._needed([step], part) for part in self.marked.parts)]
        everywhere: dict[tuple[str, str], tuple[World, list[_Effect]]] = {}  # by operator and mistake
        for step in steps:
            operator = step.operator
            if operator is None:
                continue
            alike = [other for other in steps if other.operator is operator]
            for mistake in operator.mistakes:
                alone = self._followed(mistake, [step])
                for place, part in enumerate(self.marked.parts):
                    self._add(place, *alone)
                    needed = self._needed(alike, part)
                    if len(needed) > 1 and needed[0] is step:
                        key = (operator.name, mistake.because)
                        if key not in everywhere:
                            everywhere[key] = self._followed(mistake, alike)
                        self._add(place, *everywhere[key])
        return [sorted(rows, key=lambda row: row.carried)[:MOST_WRONG_ANSWERS] for rows in self.rows]

    def _needed(self, steps: Sequence[Step], part: MarkedPart) -> tuple[Step, ...]:
        needed = self.graph.needed(part.solved.part.find) if part.solved.part.find else frozenset()
        return tuple(step for step in steps if step.name in needed)

    def _followed(self, mistake: Mistake, trail: Sequence[Step]) -> tuple[World, list[_Effect]]:
        """Make a mistake at some steps, and return what it does to every part."""
        world = World(self.graph, mistake, trail)
        effects = []
        for place, part in enumerate(self.marked.parts):
            find, steps = part.solved.part.find, self._needed(trail, part)
            answer = world.quantity(find) if find and steps else None
            value = None if answer is None else self._value(answer, part, mistake, steps)
            seen = value is not None and self._is_recognised(value, part)
            cannot_go_on = bool(steps) and value is None
            shows = seen or cannot_go_on or self._spoils_marks(world, place)
            effects.append(_Effect(steps, answer, value if seen else None, shows))
        return world, effects

    def _value(self, answer: Expr, part: MarkedPart, mistake: Mistake, steps: Sequence[Step]) -> Array | None:
        """Return the value of a wrong answer, or ``None`` if it is undefined."""
        value = answer.value  # nearest to exact numbers as far as they are known, so 0.1 + 0.2 − 0.3 divides nothing
        if not np.isfinite(value).all():
            return None
        if not self.solution.letters:
            return value
        from fullmarks.solution.letters import holds_with_numbers  # with SymPy behind it

        name = str(part.solved.part.find)
        wrong_steps = {step.name: mistake for step in steps}
        holds = holds_with_numbers(
            self.solution.instance,
            answer,
            lambda plain: work(plain, wanted=[name], wrong_steps=wrong_steps).quantities[name],
        )
        return value if holds else None

    def _is_recognised(self, value: Array, part: MarkedPart) -> bool:
        """Return whether a marker can tell a value from the right one."""
        right = part.solved.answer
        if right is None or _same(value, right.value, self.solution):
            return False
        reach = accepted_range(self.marked, part)
        return reach is None or not reach.holds(value)

    def _spoilt(self, world: World, place: int) -> Iterable[Spoilt]:
        """Yield, for each step with the mistake that earns marks in a part, what the mistake does to its lines."""
        part = self.marked.parts[place]
        own = {id(one.line.expression) for one in part.lines}
        for name, step in world.trail.items():
            if name in self.workers[place]:
                yield spoilt_lines(self.graph, world, step, own, part.solved.part.find)

    def _spoils_marks(self, world: World, place: int) -> bool:
        return any(id(line) in self.marks[place]
                   for spoilt in self._spoilt(world, place) for line in (*spoilt.omitted, *spoilt.changed))  # fmt: skip

    def _add(self, place: int, world: World, effects: Sequence[_Effect]) -> None:
        """Add the wrong answer of one part, if there is one, with what is given for it.

        The mistake is paid for in the first part where it shows.
        """
        effect, part = effects[place], self.marked.parts[place]
        if effect.value is None or effect.answer is None:
            return
        names = {step.name for step in effect.steps}
        carried = any(before.shows and names.issuperset(step.name for step in before.steps)
                      for before in effects[:place])  # fmt: skip
        give = part.marks if carried else part.marks - self._lost(world, place)
        because = (_reason(world.mistake, effect.steps, self.solution),)
        _add(self.rows[place], WrongAnswer(effect.value, because, give, carried, effect.answer), self.solution)

    def _lost(self, world: World, place: int) -> int:
        """Return what a mistake made in this part costs: at least one mark, and at most all.

        The marks of the lines it leaves out, and of the first marked line that it changes: of that line only the
        accuracy if the mistake is a slip, or has cost its method already. Later lines follow through, and a mistake
        that is made again costs nothing more.
        """
        marks, total, slip = self.marks[place], self.marked.parts[place].marks, world.mistake.slip
        for spoilt in self._spoilt(world, place):
            omitted = 0 if slip else sum(mark.worth for line in spoilt.omitted for mark in marks.get(id(line), ()))
            kept_codes = ("M",) if slip or omitted else ()
            changed = [
                sum(mark.worth for mark in marks.get(id(line), ()) if mark.code not in kept_codes)
                for line in spoilt.changed
            ]
            lost = omitted + next((worth for worth in changed if worth), 0)
            if lost:
                return min(lost, total)
        return min(1, total)


def _same(one: Array, other: Array, solution: Solution) -> bool:
    places = PLACES_OF_LETTERS if solution.letters else solution.places
    return one.shape == other.shape and bool((np.abs(one - other) <= 0.6 * 10.0**-places).all())


def _reason(mistake: Mistake, steps: Sequence[Step], solution: Solution) -> str:
    if len(solution.worked.steps) == 1:
        return mistake.because
    return f"{mistake.because} (for {', '.join(f'{{{step.name}}}' for step in steps)})"


def _add(found: list[WrongAnswer], new: WrongAnswer, solution: Solution) -> None:
    """Append a wrong answer, or merge its reason into one with the same value and marks."""
    for known in found:
        alike = (known.give, known.carried) == (new.give, new.carried)
        if alike and _same(known.value, new.value, solution):
            known.because = tuple(dict.fromkeys((*known.because, *new.because)))
            return
    found.append(new)
