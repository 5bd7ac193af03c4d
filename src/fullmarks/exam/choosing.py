"""Drawing new exercises from whatever ``generate`` was given: a topic of the bank, a problem, or an operator."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, repeat

from msgspec import Struct
from msgspec.structs import replace

from fullmarks.errors import FullmarksError
from fullmarks.operators import Operator, load_operator, operator_names
from fullmarks.problem.adhoc import problem_from_operator, problem_from_statements
from fullmarks.problem.bank import bank_files, find_problem, topics
from fullmarks.problem.drawing import draw
from fullmarks.problem.loading import load_problem
from fullmarks.problem.model import Instance, Level, Problem
from fullmarks.problem.stream import Stream, seed_of_item
from fullmarks.solution.walk import evaluate_instance

MOST_REPEATS = 20  # of earlier numbers, after which there seem to be no others
LEVELS: tuple[Level, ...] = ("easy", "medium", "hard")


class Source(Struct, frozen=True):
    """What exercises are drawn from: an operator's samples, or one of some problems."""

    name: str
    level: Level | None
    problems: tuple[Problem, ...] = ()
    operator: Operator | None = None
    is_topic: bool = False

    @property
    def varies(self) -> bool:
        """Tell whether a new exercise can differ from the printed one."""
        drawn = (given.draw is not None for problem in self.problems for given in problem.given.values())
        return self.operator is not None or len(self.problems) > 1 or any(drawn)


def find_source(what: str, level: Level | None = None, *, topics_too: bool = True) -> Source:
    """Return what ``what`` names: with ``topics_too`` a topic before all else, then an operator, then a problem.

    Raises ``FullmarksError`` where there is no such problem, topic or operator, or none of that level.
    """
    if topics_too and what in topics():
        return Source(what, level, _problems_of_topic(what, level), is_topic=True)
    if what in operator_names():
        operator = load_operator(what)
        if operator.sample is None and operator.graph is None:
            raise FullmarksError(f"{what} has no samples of its own; give its arguments to solve")
        return Source(what, level, operator=operator)
    problem = load_problem(what)
    if level not in (None, problem.level):
        raise FullmarksError(f"--level {level}: {what} is of level {problem.level}")
    return Source(problem.id, level, (problem,))


def new_exercise(source: Source, seed: int) -> Instance:
    """Return the exercise of a seed: numbers drawn anew, and of a topic the problem as well.

    Raises ``FullmarksError`` where the problem's conditions are never met.
    """
    return next(new_exercises(source, seed))


def new_exercises(source: Source, seed: int) -> Iterator[Instance]:
    """Yield the items of a seed's sheet without end; each has a seed of its own, which gives it alone.

    A topic asks every problem before it asks one again, and no item has the numbers of an earlier one while there are
    others to be found.
    """
    seen: set[str] = set()
    for index, draw_with in enumerate(_draws(source, seed)):
        for attempt in range(MOST_REPEATS if source.varies else 1):
            item = draw_with(seed_of_item(seed, index, attempt))
            numbers = f"{item.problem.id} {item.values}"
            if numbers not in seen:
                break
        seen.add(numbers)
        yield item


def _draws(source: Source, seed: int) -> Iterator[Callable[[int], Instance]]:
    """Yield for each item of a sheet what draws it from a seed of its own."""
    if source.operator is not None:
        yield from repeat(partial(_sample, source.operator, source.level or "medium"))
    pool: list[Problem] = []
    for index in count():
        pool = pool or list(source.problems)
        stream = Stream(seed, "topic", source.name, source.level or "", index)
        yield partial(_draw, pool.pop(stream.below(len(pool))))


def _draw(problem: Problem, seed: int) -> Instance:
    return draw(problem, seed, evaluate=lambda values: evaluate_instance(values, problem.where))


def _sample(operator: Operator, level: Level, seed: int) -> Instance:
    stream = Stream(seed, "sample", operator.name, level, 0)
    if operator.graph is not None:
        formulas, values = operator.graph(level, stream)
        problem = replace(problem_from_statements(formulas, values), id=operator.name, level=level)
    elif operator.sample is not None:
        problem = replace(problem_from_operator(operator.name, operator.sample(level, stream)), level=level)
    else:
        raise TypeError(operator.name)
    return Instance(problem, {given: stated.value for given, stated in problem.given.items()}, seed, 1)


def _problems_of_topic(topic: str, level: Level | None) -> tuple[Problem, ...]:
    found = [find_problem(name) for name, path in bank_files().items() if path.parent.name == topic]
    of_level = tuple(problem for problem in found if level in (None, problem.level))
    if not of_level:
        there = ", ".join(sorted({problem.level for problem in found}))
        raise FullmarksError(f"--level {level}: the bank has none for the topic {topic} (it has {there})")
    return of_level
