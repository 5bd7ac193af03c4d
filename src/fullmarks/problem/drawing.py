"""Fixing a problem's numbers: as printed, replaced by hand, or drawn from a key until its conditions hold."""

import copy
from collections.abc import Callable, Mapping
from itertools import repeat
from math import prod
from typing import Any, assert_never

from msgspec.structs import replace

from fullmarks.errors import FullmarksError, nearest
from fullmarks.math.letters import letters_in
from fullmarks.problem.conditions import holds
from fullmarks.problem.formula_text import condition_text
from fullmarks.problem.model import Choice, Decimals, Draw, Given, Instance, Integers, Problem, Value
from fullmarks.problem.stream import Stream
from fullmarks.problem.syntax import parts_of
from fullmarks.problem.values import nested

MOST_ATTEMPTS = 200
FEWEST_ATTEMPTS = 10  # of a large problem
MOST_WORK = 2_000_000  # entries and parts of formulas, in all attempts together: some seconds
WORK_OF_A_PART = 20  # of a formula or condition: as long as drawing so many entries
Evaluate = Callable[[Mapping[str, Value]], Mapping[str, Any]]


def as_printed(problem: Problem) -> Instance:
    """Return the problem with its printed numbers; a given that only has a draw is refused."""
    for name, given in problem.given.items():
        if not given.stated:
            raise FullmarksError(
                f"{problem.path or problem.id}: given: {name}: has no printed value; draw one with --seed, "
                f"or give {name}=…"
            )
    return Instance(problem, {name: given.value for name, given in problem.given.items()})


def with_values(problem: Problem, values: Mapping[str, Value]) -> Problem:
    """Return the problem with some givens replaced and fixed; a name that is no given is refused."""
    given = dict(problem.given)
    for name, value in values.items():
        if name not in given:
            takes = f"its givens are {', '.join(given)}" if given else "it has none"
            computed = " (it is computed)" if name in problem.where else ""
            raise FullmarksError(f"{problem.id}: there is no given {name!r}{computed}{nearest(name, given)}; {takes}")
        given[name] = replace(given[name], value=value, draw=None, stated=True)
    return replace(problem, given=given)


def draw(
    problem: Problem,
    seed: int | str,
    index: int = 0,
    *,
    candidate: str = "",
    question: str = "",
    evaluate: Evaluate | None = None,
    attempts: int = MOST_ATTEMPTS,
) -> Instance:
    """Draw the problem's givens anew until ``require`` holds; givens without a draw keep their printed values.

    Every given's numbers come from a hash of (seed, candidate, question, index, problem, given, attempt), so that they
    depend on nothing else. ``evaluate`` returns all quantities of some givens, by name; it is needed where the problem
    has conditions. After ``attempts`` draws, fewer of a large problem, ``FullmarksError`` tells which condition failed
    most.
    """
    if problem.require and evaluate is None:
        raise ValueError("a problem with conditions needs a way to evaluate it")
    _refuse_letters(problem)
    key = (seed, candidate, question, index, problem.id)
    varies = any(given.draw is not None for given in problem.given.values())
    failures = [0] * len(problem.require)
    refused: list[str] = []
    tried = min(attempts, _affordable(problem)) if varies else 1
    for attempt in range(tried):
        values = {name: _drawn(given, key, attempt, problem) for name, given in problem.given.items()}
        if evaluate is None or not problem.require:
            return Instance(problem, values, seed, attempt + 1)
        try:
            quantities = {**values, **evaluate(values)}
            unmet = _unmet(problem, quantities)
        except FullmarksError as reason:  # numbers that an operator refuses are one more draw to leave out
            refused.append(str(reason))
            continue
        if not unmet:
            return Instance(problem, values, seed, attempt + 1)
        for place in unmet:
            failures[place] += 1
    raise FullmarksError(_no_draw(problem, tried, failures, refused))


def _affordable(problem: Problem) -> int:
    """Return how many attempts at a problem take seconds; all that are wanted, unless it is large."""
    drawn = sum(prod(given.draw.shape) for given in problem.given.values() if given.draw is not None)
    parts = sum(1 for formula in (*problem.where.values(), *problem.require) for _part in parts_of(formula))
    return max(MOST_WORK // (drawn + WORK_OF_A_PART * parts + 1), FEWEST_ATTEMPTS)


def _refuse_letters(problem: Problem) -> None:
    """Refuse conditions on a given that is not drawn and has letters: nobody can tell whether they hold."""
    if problem.require:
        for name, given in problem.given.items():
            letter = next(letters_in(given.value), None) if given.draw is None else None
            if letter is not None:
                raise FullmarksError(
                    f"{problem.path or problem.id}: require: conditions need numbers, but {name} has the letter "
                    f"{letter.name}; give it numbers or drop the conditions"
                )


def _unmet(problem: Problem, quantities: Mapping[str, Any]) -> list[int]:
    """Return the places of the conditions that do not hold; one that cannot be told is refused with its file."""
    try:
        return [place for place, condition in enumerate(problem.require) if not holds(condition, quantities)]
    except FullmarksError as reason:
        raise FullmarksError(f"{problem.path or problem.id}: {reason}") from None


def _drawn(given: Given, key: tuple[str | int, ...], attempt: int, problem: Problem) -> Value:
    if given.draw is not None:
        return drawn_value(given.draw, Stream(*key, given.name, attempt))
    if not given.stated:
        raise FullmarksError(f"{problem.path or problem.id}: given: {given.name}: has neither a value nor a draw")
    return given.value


def drawn_value(how: Draw, stream: Stream) -> Value:
    """Return one value drawn from ``stream``."""
    match how.source:
        case Integers(low, high):
            return nested((stream.integer(low, high, nonzero=how.nonzero) for _ in repeat(None)), how.shape)
        case Decimals(low, high, step):
            return nested((stream.decimal(low, high, step, nonzero=how.nonzero) for _ in repeat(None)), how.shape)
        case Choice(values):
            allowed = [value for value in values if not (how.nonzero and value == 0)]
            return nested((copy.deepcopy(stream.choice(allowed)) for _ in repeat(None)), how.shape)
        case _:
            assert_never(how.source)


def _no_draw(problem: Problem, tried: int, failures: list[int], refused: list[str]) -> str:
    where = f"{problem.path or problem.id}: require"
    draws = f"none of {tried} draws meets every condition" if tried > 1 else "the numbers do not meet every condition"
    if refused and len(refused) >= max(failures, default=0):
        return f"{where}: {draws}; {len(refused)} of them cannot be worked: {refused[-1]}"
    worst = max(range(len(failures)), key=failures.__getitem__)
    met = (tried - failures[worst] - len(refused)) / tried
    condition = condition_text(problem.require[worst])
    return f"{where}: {draws}; '{condition}' fails most, it holds in {met:.0%}; widen the draws or loosen it"
