"""The wrong answers that known mistakes lead to, made in this part or carried forward from an earlier one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from fullmarks.errors import FullmarksError
from fullmarks.marking.allocation import MarkedPart, MarkedSolution
from fullmarks.math.expression import Array, Expr
from fullmarks.operators import Operator
from fullmarks.operators._operator import Mistake, named_lines, wrong_result
from fullmarks.problem.graph import needed_for
from fullmarks.solution.solve import Solution
from fullmarks.solution.walk import Step, work

MOST_WRONG_ANSWERS = 8  # a part; a marker reads no more


@dataclass(frozen=True)
class WrongAnswer:
    """A value that a candidate may well write, why, and the marks to give for it.

    In ``because``, quantities stand in braces, as in a problem's prose.
    """

    value: Array
    because: tuple[str, ...]
    give: int
    carried: bool  # the mistake was made in an earlier part, where it was paid for
    expression: Expr = field(repr=False)


def wrong_answers(marked: MarkedSolution) -> list[list[WrongAnswer]]:
    """Return the wrong answers of every part, own mistakes before carried ones."""
    solution = marked.solution
    asked: set[str] = set()
    by_part: list[list[WrongAnswer]] = []
    for part in marked.parts:
        name = part.solved.part.find
        if name is None:
            by_part.append([])
            continue
        by_part.append(_of_part(solution, part, name, asked))
        asked.update(needed_for([name], solution.instance.problem.where))
    return by_part


def _of_part(solution: Solution, part: MarkedPart, name: str, derived: set[str]) -> list[WrongAnswer]:
    where = solution.instance.problem.where
    needed = needed_for([name], where)
    right = solution.worked.quantities[name].value
    found: list[WrongAnswer] = []
    for step in sorted(
        (step for step in solution.worked.steps if step.name in needed), key=lambda s: s.name in derived
    ):
        if step.operator is None:
            continue
        for mistake in step.operator.mistakes:
            for steps in _trails(solution, step, needed):
                answer = _made(solution, name, {one.name: mistake for one in steps})
                if answer is None or _same(answer.value, right, solution.places):
                    continue
                carried = step.name in derived
                give = part.marks if carried else max(part.marks - _lost(part, step, mistake), 0)
                _add(
                    found,
                    WrongAnswer(answer.value, (_reason(mistake, steps, solution),), give, carried, answer),
                    solution,
                )
    return found[:MOST_WRONG_ANSWERS]


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
    return answer if usable else None


def _same(one: Array, other: Array, places: int) -> bool:
    return one.shape == other.shape and np.allclose(one, other, rtol=0, atol=0.6 * 10.0**-places)


def _lost(part: MarkedPart, step: Step, mistake: Mistake) -> int:
    """Return the marks of the first line that goes wrong; later lines follow through."""
    if step.operator is None:
        return 0
    first = first_wrong_line(step.operator, step, mistake)
    for marked in part.lines:
        if marked.line.expression is first:
            return sum(mark.worth for mark in marked.marks if mark.code == "A" or not mistake.slip)
    return 0


def first_wrong_line(operator: Operator, step: Step, mistake: Mistake) -> Expr:
    """Return the first line of a step's right working whose value the mistake changes."""
    right = named_lines(step.result, step.arguments)
    wrong_end = wrong_result(operator, mistake, step.arguments)
    wrong = named_lines(wrong_end, step.arguments) if wrong_end is not None else {}
    for name, line in right.items():
        other = wrong.get(name)
        if other is None or other.shape != line.shape or not np.allclose(other.value, line.value):
            return line
    return step.result


def _reason(mistake: Mistake, steps: list[Step], solution: Solution) -> str:
    if len(solution.worked.steps) == 1:
        return mistake.because
    return f"{mistake.because} (for {', '.join(f'{{{step.name}}}' for step in steps)})"


def _add(found: list[WrongAnswer], new: WrongAnswer, solution: Solution) -> None:
    """Add a wrong answer; where it is known already, only its reason is new."""
    for place, known in enumerate(found):
        if _same(known.value, new.value, solution.places):
            if new.because[0] not in known.because:
                because = (*known.because, *new.because)
                found[place] = WrongAnswer(
                    known.value, because, max(known.give, new.give), known.carried, known.expression
                )
            return
    found.append(new)
