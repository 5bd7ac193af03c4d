"""The order of a problem's graph: which quantity needs which, and that none needs itself."""

import heapq
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from fullmarks.errors import FullmarksError
from fullmarks.problem.syntax import Formula, names_in


def steps(where: Mapping[str, Formula]) -> list[str]:
    """Return the computed quantities so that each follows those it needs, otherwise in the order they were written.

    A circle of quantities that need one another is refused, with its names.
    """
    needs = {name: {other for other in names_in(formula) if other in where} for name, formula in where.items()}
    _refuse_circles(needs)
    position = {name: place for place, name in enumerate(where)}
    needed_by: dict[str, list[str]] = {name: [] for name in where}
    for name, others in needs.items():
        for other in others:
            needed_by[other].append(name)
    waiting = {name: len(others) for name, others in needs.items()}
    ready = [(position[name], name) for name, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    ordered = []
    while ready:
        _, name = heapq.heappop(ready)
        ordered.append(name)
        for later in needed_by[name]:
            waiting[later] -= 1
            if waiting[later] == 0:
                heapq.heappush(ready, (position[later], later))
    return ordered


def needed_for(names: Iterable[str], where: Mapping[str, Formula]) -> list[str]:
    """Return the computed quantities that ``names`` need, themselves included, in the order of `steps`."""
    needed: set[str] = set()
    open_names = list(names)
    while open_names:
        name = open_names.pop().partition(".")[0]
        if name in where and name not in needed:
            needed.add(name)
            open_names.extend(names_in(where[name]))
    return steps({name: formula for name, formula in where.items() if name in needed})


def _refuse_circles(needs: Mapping[str, set[str]]) -> None:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as problem:
        circle = list(reversed(problem.args[1]))  # graphlib lists each before the one that needs it
        first = min(circle)
        start = circle.index(first)
        turned = [*circle[start:-1], *circle[:start], first]
        chain = ", ".join(f"{one} needs {other}" for one, other in pairwise(turned))
        raise FullmarksError(f"where: goes round in a circle: {chain}") from None
