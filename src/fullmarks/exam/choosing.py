"""Drawing a new exercise from whatever ``generate`` was given: a problem, a topic of the bank, or an operator."""

from fullmarks.errors import FullmarksError
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.adhoc import problem_from_operator
from fullmarks.problem.bank import bank_files, find_problem, topics
from fullmarks.problem.drawing import draw
from fullmarks.problem.loading import load_problem
from fullmarks.problem.model import Instance, Level, Problem
from fullmarks.problem.stream import Stream
from fullmarks.solution.walk import evaluate_instance

LEVELS: tuple[Level, ...] = ("easy", "medium", "hard")


def new_exercise(what: str, seed: int, index: int, level: Level | None = None) -> Instance:
    """Return item ``index`` of a seed: numbers drawn anew, for a topic of a problem drawn as well.

    Raises ``FullmarksError`` where there is no such problem, topic or operator, or none of that level.
    """
    if what in operator_names():
        return _sample(what, seed, index, level)
    problem = _problem(what, seed, index, level)
    return draw(problem, seed, index, evaluate=lambda values: evaluate_instance(values, problem.where))


def _sample(name: str, seed: int, index: int, level: Level | None) -> Instance:
    operator = load_operator(name)
    if operator.sample is None:
        raise FullmarksError(f"{name} has no samples of its own; give its arguments to solve")
    stream = Stream(seed, "sample", name, level or "medium", index)
    problem = problem_from_operator(name, operator.sample(level or "medium", stream))
    return Instance(problem, {given: stated.value for given, stated in problem.given.items()}, seed, 1)


def _problem(what: str, seed: int, index: int, level: Level | None) -> Problem:
    if what not in topics():
        problem = load_problem(what)
        if level not in (None, problem.level):
            raise FullmarksError(f"--level {level}: {what} is of level {problem.level}")
        return problem
    found = [find_problem(name) for name, path in bank_files().items() if path.parent.name == what]
    of_level = [problem for problem in found if level in (None, problem.level)]
    if not of_level:
        there = ", ".join(sorted({problem.level for problem in found}))
        raise FullmarksError(f"--level {level}: the bank has none for the topic {what} (it has {there})")
    chosen: Problem = Stream(seed, "topic", what, level or "", index).choice(of_level)
    return chosen
