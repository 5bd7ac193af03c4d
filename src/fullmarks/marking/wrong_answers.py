"""The wrong answers that known mistakes lead to, made in this part or carried forward from an earlier one."""

from collections.abc import Iterable, Mapping

import numpy as np
from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.marking.accepted import LARGEST_RANGE, accepted
from fullmarks.marking.allocation import MarkedPart, MarkedSolution
from fullmarks.math import expansions
from fullmarks.math.expression import Array, Expr
from fullmarks.operators import Operator
from fullmarks.operators._operator import Mistake, named_lines, wrong_result
from fullmarks.problem.graph import needed_for
from fullmarks.solution.solve import Solution
from fullmarks.solution.walk import Step, work

MOST_WRONG_ANSWERS = 8  # a part; a marker reads no more
PLACES_OF_LETTERS = 12  # to which the numbers that stand for letters tell two answers apart


class WrongAnswer(Struct, frozen=True):
    """A value that a candidate may well write, why, and the marks to give for it.

    In ``because``, quantities stand in braces, as in a problem's prose.
    """

    value: Array
    because: tuple[str, ...]
    give: int
    carried: bool  # the mistake was made in an earlier part, where it was paid for
    expression: Expr


@expansions.bounded()
def wrong_answers(marked: MarkedSolution) -> list[list[WrongAnswer]]:
    """Return the wrong answers of every part, those made in it before those carried into it."""
    return [_of_part(marked.solution, part) for part in marked.parts]


def _of_part(solution: Solution, part: MarkedPart) -> list[WrongAnswer]:
    name = part.solved.part.find
    if name is None:
        return []
    needed = needed_for([name], solution.instance.problem.where)
    right = solution.worked.quantities[name]
    reach = accepted(right, solution) if right.size <= LARGEST_RANGE and not solution.letters else None
    found: list[WrongAnswer] = []
    for step in solution.worked.steps:
        if step.name not in needed or step.operator is None:
            continue
        for mistake in step.operator.mistakes:
            for steps in _trails(solution, step, needed):
                answer = _made(solution, name, {one.name: mistake for one in steps})
                if answer is None or _same(answer.value, right.value, solution):
                    continue
                if reach is not None and reach.holds(answer.value):
                    continue  # nobody can tell it from the right one
                spoilt = spoilt_lines(step.operator, step, mistake)
                carried = not spoilt.begins_in(part)
                give = part.marks if carried else part.marks - _lost(part, spoilt, slip=mistake.slip)
                reason = _reason(mistake, steps, solution)
                _add(found, WrongAnswer(answer.value, (reason,), give, carried, answer), solution)
    return sorted(found, key=lambda one: one.carried)[:MOST_WRONG_ANSWERS]


def _trails(solution: Solution, step: Step, needed: list[str]) -> Iterable[list[Step]]:
    """Yield the step alone, and, from the first step of its operator, all of them together."""
    yield [step]
    alike = [one for one in solution.worked.steps if one.operator == step.operator and one.name in needed]
    if len(alike) > 1 and alike[0] is step:
        yield alike


def _made(solution: Solution, name: str, wrong_steps: Mapping[str, Mistake]) -> Expr | None:
    """Work the quantity again with the mistakes made, or return ``None`` where they cannot be made here."""
    try:
        with np.errstate(all="ignore"):
            worked = work(solution.instance, wanted=[name], wrong_steps=wrong_steps)
            answer = worked.quantities.get(name)
            usable = isinstance(answer, Expr) and bool(np.isfinite(answer.value).all())
    except (FullmarksError, ValueError, IndexError, ZeroDivisionError):
        return None  # the mistake leads to shapes that do not fit: nobody gets further on this trail
    if solution.letters and isinstance(answer, Expr):
        from fullmarks.solution.letters import holds_with_numbers  # with SymPy behind it

        usable = usable and holds_with_numbers(
            solution.instance,
            answer,
            lambda plain: work(plain, wanted=[name], wrong_steps=wrong_steps).quantities[name],
        )
    return answer if usable else None


def _same(one: Array, other: Array, solution: Solution) -> bool:
    places = PLACES_OF_LETTERS if solution.letters else solution.places
    return one.shape == other.shape and np.allclose(one, other, rtol=0, atol=0.6 * 10.0**-places)


class Spoilt(Struct, frozen=True):
    """The lines of a right working that a mistake leaves out, and those whose value it changes, in order."""

    omitted: tuple[Expr, ...]
    changed: tuple[Expr, ...]
    first: Expr

    def begins_in(self, part: MarkedPart) -> bool:
        """Tell whether the mistake is made in this part: the first line that it spoils is worked there."""
        return any(marked.line.expression is self.first for marked in part.lines)


def spoilt_lines(operator: Operator, step: Step, mistake: Mistake) -> Spoilt:
    """Compare a step's right working with the one where the mistake is made."""
    right = named_lines(step.result, step.arguments)
    wrong_end = wrong_result(operator, mistake, step.arguments)
    wrong = named_lines(wrong_end, step.arguments) if wrong_end is not None else {}
    omitted = [line for name, line in right.items() if name not in wrong]
    changed = [line for name, line in right.items() if name in wrong and _differs(line.value, wrong[name].value)]
    first = next((line for line in right.values() if line in omitted or line in changed), step.result)
    return Spoilt(tuple(omitted), tuple(changed or [step.result]), first)


def _differs(one: Array, other: Array) -> bool:
    return one.shape != other.shape or not np.allclose(one, other)


def _lost(part: MarkedPart, spoilt: Spoilt, *, slip: bool) -> int:
    """Return what a mistake made in this part costs: at least one mark, and at most all.

    The marks of the lines it leaves out, and of the first marked line that it changes: of that line only the accuracy
    where the mistake is a slip, or has cost its method already. Later lines follow through.
    """
    marks = {id(marked.line.expression): marked.marks for marked in part.lines}
    omitted = 0 if slip else sum(mark.worth for line in spoilt.omitted for mark in marks.get(id(line), ()))
    kept_codes = ("M",) if slip or omitted else ()
    changed = [
        sum(mark.worth for mark in marks.get(id(line), ()) if mark.code not in kept_codes) for line in spoilt.changed
    ]
    lost = omitted + next((worth for worth in changed if worth), 0)
    return min(max(lost, 1), part.marks)


def _reason(mistake: Mistake, steps: list[Step], solution: Solution) -> str:
    if len(solution.worked.steps) == 1:
        return mistake.because
    return f"{mistake.because} (for {', '.join(f'{{{step.name}}}' for step in steps)})"


def _add(found: list[WrongAnswer], new: WrongAnswer, solution: Solution) -> None:
    """Add a wrong answer; where it is known already and worth as much, only its reason is new."""
    for place, known in enumerate(found):
        alike = (known.give, known.carried) == (new.give, new.carried)
        if alike and _same(known.value, new.value, solution):
            because = tuple(dict.fromkeys((*known.because, *new.because)))
            found[place] = WrongAnswer(known.value, because, known.give, known.carried, known.expression)
            return
    found.append(new)
