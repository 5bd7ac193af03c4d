"""Following a mistake through a problem: what it changes is worked again, everything else is shared."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr
from fullmarks.math.history import entering, lines
from fullmarks.operators._operator import Mistake, starts_of, wrong_results
from fullmarks.problem.graph import steps
from fullmarks.problem.syntax import names_in
from fullmarks.solution.solve import Solution
from fullmarks.solution.walk import Step, Worked, work_one

# A mistake leads to shapes that do not fit, or to a division by zero: it cannot be carried any further.
CANNOT_GO_ON = (FullmarksError, ValueError, IndexError, ArithmeticError)


class Graph:
    """A solved problem as mistakes are followed through it; everything is worked out once, however many parts ask."""

    def __init__(self, solution: Solution) -> None:
        self.right = solution.worked
        self.where = solution.instance.problem.where
        self.order = steps(self.where)
        self._needs = {name: names_in(formula) for name, formula in self.where.items()}
        self._needed = _closed(self.order, self._needs)
        self._wrong: dict[tuple[str, int], dict[str, Expr] | None] = {}
        self._lines: dict[str, list[Expr]] = {}
        self._leading: dict[str, tuple[set[int], set[int]]] = {}
        self.owner: dict[int, str] = {}  # the name of the step that a line belongs to, by id of the line
        for step in self.right.steps:
            self.owner.update({id(line): step.name for line in lines(step.result, self.owner)})

    def needed(self, find: str) -> frozenset[str]:
        """Return the computed quantities that a quantity needs, itself included."""
        return self._needed.get(find.partition(".")[0], frozenset())

    def changed_by(self, names: Iterable[str]) -> frozenset[str]:
        """Return the quantities that depend on some others, those included."""
        changed = set(names)
        for name in self.order:
            if not changed.isdisjoint(self._needs[name]):
                changed.add(name)
        return frozenset(changed)

    def lines_of(self, step: Step) -> list[Expr]:
        """Return the lines of a step's right working."""
        if step.name not in self._lines:
            self._lines[step.name] = lines(step.result, starts_of(step.result, step.arguments))
        return self._lines[step.name]

    def leading_to(self, find: str | None) -> tuple[set[int], set[int]]:
        """Return the ids of the lines that lead to a quantity, and of all that enters into it; none for ``None``."""
        if find is None:
            return set(), set()
        if find not in self._leading:
            answer = self.right.quantities[find]
            self._leading[find] = ({id(line) for line in lines(answer, {})}, entering(answer))
        return self._leading[find]

    def wrong_results(self, step: Step, mistake: Mistake) -> dict[str, Expr] | None:
        """Return the results of a step with a mistake made in it alone, ``None`` if it cannot be made there."""
        key = (step.name, id(mistake))
        if key not in self._wrong:
            self._wrong[key] = None
            if step.operator is not None:
                with suppress(*CANNOT_GO_ON):
                    self._wrong[key] = wrong_results(step.operator, mistake, step.arguments, step.result)
        return self._wrong[key]


def _closed(order: Sequence[str], needs: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """Return, for every computed quantity, those that it needs directly or through others, itself included."""
    closed: dict[str, frozenset[str]] = {}
    for name in order:
        closed[name] = frozenset({name}).union(*(closed[other] for other in needs[name] if other in closed))
    return closed


class World:
    """A problem with a mistake made at some of its steps, worked as far as anybody asks."""

    def __init__(self, graph: Graph, mistake: Mistake, trail: Sequence[Step]) -> None:
        self.mistake = mistake
        self.trail = {step.name: step for step in trail}
        self._graph = graph
        self._changed = graph.changed_by(self.trail)
        shared = {
            name: value for name, value in graph.right.quantities.items() if name.partition(".")[0] not in self._changed
        }
        self._worked = Worked(shared, wrong_steps=dict.fromkeys(self.trail, mistake), reasons=graph.right.reasons)
        self._failed: set[str] = set()

    def quantity(self, find: str) -> Expr | None:
        """Return a quantity, or ``None`` if the mistake does not lead to it."""
        needed = self._graph.needed(find)
        for name in self._graph.order:
            if name in needed and name not in self._worked.quantities and name not in self._failed:
                self._work(name, needed=self._graph.needed(name) - {name})
        found = self._worked.quantities.get(find) if needed.isdisjoint(self._failed) else None
        return found if isinstance(found, Expr) else None

    def lines_of(self, step: Step) -> list[Expr]:
        """Return the lines of a step as they are worked here, none if they are not."""
        worked = self._worked.step_of(step.name)
        quantities = self._worked.quantities
        if worked is None or step.operator is None:
            return []
        results = (quantities.get(f"{step.name}.{result}") for result in step.operator.results)
        ends = [worked.result, *(result for result in results if isinstance(result, Expr))]
        seen: dict[int, Expr] = starts_of(worked.result, worked.arguments)
        found: list[Expr] = []
        for end in ends:
            new = lines(end, seen)
            seen |= {id(line): line for line in new}
            found += new
        return found

    def _work(self, name: str, needed: frozenset[str]) -> None:
        step = self.trail.get(name)
        if not needed.isdisjoint(self._failed):
            self._failed.add(name)
        elif step is not None and step.operator is not None and needed.isdisjoint(self._changed):
            results = self._graph.wrong_results(step, self.mistake)
            if results is None:
                self._failed.add(name)
            else:
                result = results[step.operator.results[0]]
                self._worked.quantities[name] = result
                self._worked.add(Step(name, step.operator, step.arguments, result))
                self._worked.add_results(name, step.operator, results)
        else:
            try:
                work_one(self._worked, name, self._graph.where[name])
            except CANNOT_GO_ON:
                self._failed.add(name)
