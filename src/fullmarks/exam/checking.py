"""Whether a problem may be set: many draws of it, worked on both routes and composed as a paper would have them.

Draw number k has the seed k, so that ``fullmarks solve PROBLEM --seed k`` shows what a fault is about.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from fullmarks.document.question import question_document
from fullmarks.document.scheme import scheme_document
from fullmarks.document.solution import solution_document
from fullmarks.errors import FullmarksError
from fullmarks.exam.choosing import Source, new_exercise
from fullmarks.exam.failures import reason_text
from fullmarks.marking.accepted import accepted
from fullmarks.marking.allocation import MarkedPart, MarkedSolution, mark
from fullmarks.marking.wrong_answers import wrong_answers
from fullmarks.math.expression import Expr
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.conditions import holds
from fullmarks.problem.formula_text import condition_text
from fullmarks.problem.graph import needed_for
from fullmarks.problem.model import Instance, Part, Problem
from fullmarks.problem.syntax import Call, names_in
from fullmarks.problem.text_fields import naming_the_field
from fullmarks.record.json import numbers
from fullmarks.render import FORMATS, render_document
from fullmarks.solution.agreement import refuse_disagreement, refuse_infinite
from fullmarks.solution.solve import PLACES, roman, solve_instance
from fullmarks.solution.walk import (
    Worked,
    bound_call,
    evaluate_instance,
    value_of,
    work,
)

MOST_REFUSED = 0.6  # share of the draws that the conditions may refuse
MOST_FREQUENT = 0.5  # share of the draws that may have the same answer
MOST_FREQUENT_OF_TWO = 0.6  # the same for a decision between two, where one has half of them at least
LONGEST_ANSWER = 60  # characters of the most frequent answer that are told
ENOUGH = 100  # draws; of fewer, shares say too little
_YES_AND_NO = 2
_MOST_FAULTS = 5  # of one problem; more say nothing new


class _Answers:
    """The answers to one part, as they come in."""

    def __init__(self, problem: Problem, part: Part) -> None:
        self.problem, self.part = problem, part
        self.counts: Counter[Any] = Counter()
        self.first: dict[Any, tuple[int, str]] = {}

    def add(self, worked: Worked, seed: int) -> None:
        answer = answer_key(self.part, worked)
        self.counts[answer] += 1
        if answer not in self.first:
            self.first[answer] = seed, answer_text(self.part, worked, answer)

    def variety(self, place: int) -> "Variety":
        commonest, count = self.counts.most_common(1)[0]
        discussed = self.part.discuss.operator if isinstance(self.part.discuss, Call) else ""
        asked = [name for name in (self.part.find, discussed) if name]
        seed, answer = self.first[commonest]
        return Variety(
            part=f"part ({roman(place + 1)})" if len(self.problem.parts) > 1 else "the part",
            asks_for=" and ".join(asked) or "its points",
            drawn=is_drawn(self.problem, self.part),
            answers=len(self.counts),
            most_frequent=count / self.counts.total(),
            answer=answer,
            seed=seed,
        )


class Variety(Struct, frozen=True):
    """How the answers of one part differ from draw to draw."""

    part: str  # "part (ii)", or "the part" of a problem with one
    asks_for: str
    drawn: bool  # whether it depends on anything that is drawn
    answers: int  # different ones
    most_frequent: float  # share of the draws with the commonest answer
    answer: str  # the commonest one
    seed: int  # of the first draw with that answer


class Report(Struct, frozen=True):
    """What was found about a problem or an operator's samples; without ``faults`` it may be set."""

    source: Source
    draws: int
    solved: int  # of the draws, whole: with marks, wrong answers and every document
    refused: float  # share of all attempts that a condition or an operator refused
    varieties: tuple[Variety, ...]
    faults: tuple[str, ...]


def source_of(problem: Problem, *, as_printed: bool = False) -> Source:
    """Return a problem as something to draw from; ``as_printed`` leaves it its printed numbers."""
    if as_printed:
        given = {name: replace(one, draw=None) for name, one in problem.given.items()}
        problem = replace(problem, given=given)
    return Source(problem.id, None, (problem,))


def check_source(
    source: Source, draws: int, advance: Callable[[], None] = lambda: None, *, whole: int | None = None
) -> Report:
    """Draw ``draws`` times and report; ``advance`` is called after each.

    Every draw is solved with all marks and composed as question, solution and scheme, and the first scheme written in
    every format; with ``whole`` only that many are, and none is written. A problem without a draw is worked once, with
    its printed numbers. Shares are judged from 100 draws on.
    """
    faults: list[str] = []
    attempts, done, solved = 0, 0, 0
    seen: list[_Answers] = []
    for seed in range(1, (draws if source.varies else 1) + 1):
        try:
            instance, worked = worked_draw(source, seed)
            seen = seen or [_Answers(instance.problem, part) for part in instance.problem.parts]
            for answers in seen:
                answers.add(worked, seed)
            attempts += instance.attempts
            done += 1
            if whole is None or seed <= whole:
                with naming_the_field(instance.problem):
                    check_documents(mark(solve_instance(instance)), FORMATS if whole is None and seed == 1 else ())
                solved += 1
        except MemoryError:
            raise
        except Exception as reason:  # noqa: BLE001 - whatever a draw brings to light would ruin a paper
            faults.append(f"seed {seed}: {reason_text(reason)}")
            if len(faults) == _MOST_FAULTS:
                break
        advance()
    varieties = tuple(answers.variety(place) for place, answers in enumerate(seen))
    refused = 1 - done / attempts if attempts else 0.0
    if done >= ENOUGH:
        faults += _faults_of_many(refused, varieties)
    return Report(source, done, solved, refused, varieties, tuple(faults))


def check_documents(marked: MarkedSolution, formats: Iterable[str] = ()) -> None:
    """Raise what is wrong with the marks of a solution, or keeps a document of it from being composed or written."""
    check_marking(marked)
    question_document(marked)
    solution_document(marked)
    scheme = scheme_document(marked)  # all that the others have is in it
    for format_name in formats:
        render_document(scheme, format_name)


def worked_draw(source: Source, seed: int) -> tuple[Instance, Worked]:
    """Draw an exercise and work it on both routes; its conditions must hold on either.

    Raises ``FullmarksError`` where no draw is found or a quantity is not finite, ``ArithmeticError`` where the routes
    differ.
    """
    with np.errstate(all="ignore"):  # what overflows or divides by zero is refused below
        instance = new_exercise(source, seed)
        return instance, checked_work(instance, evaluate_instance(instance.values, instance.problem.where))


def checked_work(instance: Instance, evaluated: Mapping[str, Any]) -> Worked:
    """Work an instance with history and compare it with what plain NumPy found.

    Raises ``FullmarksError`` where a quantity is not finite, ``ArithmeticError`` where the routes differ or one of
    them does not meet a condition of the problem.
    """
    refuse_infinite(evaluated)
    worked = work(instance)
    refuse_disagreement(instance, worked, evaluated)
    values = {name: value.numbers if isinstance(value, Expr) else value for name, value in worked.quantities.items()}
    for condition in instance.problem.require:
        if instance.seed is not None and not holds(condition, values):
            raise ArithmeticError(f"require: '{condition_text(condition)}' does not hold")
    return worked


def answer_key(part: Part, worked: Worked) -> tuple[Any, ...]:
    """Return what tells one answer of a part from another: its numbers to three places, its points."""
    key: list[Any] = []
    if part.find is not None:
        value = worked.quantities[part.find].value
        key += [value.shape, (np.round(value, PLACES) + 0.0).tobytes()]
    if isinstance(part.discuss, Call):
        operator = load_operator(part.discuss.operator)
        if operator.discuss is None:
            raise FullmarksError(f"discuss: {operator.name} finds a number; ask it with 'find'")
        arguments = bound_call(operator, part.discuss, lambda formula: value_of(formula, worked))
        key += [point.words for point in operator.discuss(**arguments).points]
    return tuple(key)


def answer_text(part: Part, worked: Worked, key: tuple[Any, ...]) -> str:
    """Return the answer that has ``key`` in one short line: its numbers to three places, or its words."""
    if part.find is None:
        text = "; ".join(key)
    else:
        said = worked.in_words(part.find)
        text = str(numbers(np.round(worked.quantities[part.find].value, PLACES)) if said is None else said)
    return text if len(text) <= LONGEST_ANSWER else f"{text[: LONGEST_ANSWER - 1]}…"


def check_marking(marked: MarkedSolution) -> None:
    """Raise ``FullmarksError`` unless every part's marks add up and no wrong answer of its scheme is a right one."""
    for part, wrong in zip(marked.parts, wrong_answers(marked), strict=True):
        label = part_name(marked, part)
        shared_out = sum(one.worth for line in part.lines for one in line.marks) + part.discussion_marks
        if shared_out != part.marks:
            raise FullmarksError(f"{label}: its lines and points have {shared_out} marks, the part has {part.marks}")
        answer = part.solved.answer
        if answer is None or not wrong:
            continue
        reach = accepted(answer, marked.solution)
        for one in wrong:
            if reach.holds(one.value):
                raise FullmarksError(f"{label}: the wrong answer of '{one.because[0]}' is within what is accepted")


def part_name(marked: MarkedSolution, part: MarkedPart) -> str:
    """Return how a fault names a part."""
    return f"part {part.solved.label}" if len(marked.parts) > 1 else "the part"


def is_drawn(problem: Problem, part: Part) -> bool:
    """Tell whether what a part asks for depends on a given that is drawn, as all of an operator's samples are."""
    if problem.id in operator_names() and not problem.path:
        return True
    wanted = ([part.find] if part.find else []) + (names_in(part.discuss) if part.discuss else [])
    names = set(wanted)
    for name in needed_for(wanted, problem.where):
        names.update(names_in(problem.where[name]))
    return any(name in problem.given and problem.given[name].draw is not None for name in names)


def _faults_of_many(refused: float, varieties: tuple[Variety, ...]) -> list[str]:
    faults = []
    if refused > MOST_REFUSED:
        faults.append(
            f"require: refuses {refused:.0%} of the draws, at most {MOST_REFUSED:.0%} are sensible; "
            "narrow the draws or loosen a condition"
        )
    for one in varieties:
        most = MOST_FREQUENT if one.answers > _YES_AND_NO else MOST_FREQUENT_OF_TWO
        if one.drawn and one.most_frequent > most:
            faults.append(
                f"{one.part}: {one.asks_for} has the same answer in {one.most_frequent:.0%} of the draws, such as seed "
                f"{one.seed}: {one.answer}; at most {most:.0%} are sensible, so widen what it is drawn from"
            )
    return faults
