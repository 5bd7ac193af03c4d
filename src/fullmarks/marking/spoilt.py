"""Which lines of a part's right working a mistake leaves out, and which it changes."""

from collections.abc import Container, Sequence

import numpy as np
from msgspec import Struct

from fullmarks.marking.following import Graph, World
from fullmarks.math.expression import Array, Expr, Let
from fullmarks.math.history import entering, lines
from fullmarks.solution.walk import Step

_UNSEEN = 1e-5  # a relative change that nobody sees
_NOISE = 1e-9  # the same, relative to the largest entry of the line


class Spoilt(Struct, frozen=True):
    """The lines of a step's right working that a mistake leaves out, and those whose value it changes, in order."""

    omitted: tuple[Expr, ...]
    changed: tuple[Expr, ...]


def spoilt_lines(graph: Graph, world: World, step: Step, among: Container[int], find: str | None) -> Spoilt:
    """Compare the lines of one step that a part works with those that are worked there with the mistake made.

    ``among`` are the ids of the part's own lines, ``find`` is what it asks for. A line is left out if it is not worked
    at all, or if the right answer needs it and the wrong one does not. Lines that another step worked are not among
    them: there no mistake was made.
    """
    wrong_answer = None if find is None else world.quantity(find)
    there, needed = graph.leading_to(find)
    own, own_there = graph.lines_of(step), world.lines_of(step)
    below = [line for line in own if id(line) in there]
    right = _named(below if any(id(line) in among for line in below) else own)  # a discussion needs other lines
    wrong = _named(own_there)
    needed_there: set[int] = set()
    if wrong_answer is not None:
        below_there = {id(line) for line in lines(wrong_answer, {})}
        wrong |= _named([line for line in own_there if id(line) in below_there])
        needed_there = entering(wrong_answer)
    omitted, changed = [], []
    for name, line in right.items():
        if id(line) in among and graph.owner[id(line)] == step.name:
            other = wrong.get(name)
            if other is None or (needed_there and id(line) in needed and id(other) not in needed_there):
                omitted.append(line)
            elif _differs(line.value, other.value):
                changed.append(line)
    return Spoilt(tuple(omitted), tuple(changed))


def _named(own: Sequence[Expr]) -> dict[tuple[str, int], Expr]:
    """Return lines by name, in order; those that share a name are counted from the last.

    A changed line comes after the right one that it may be made from.
    """
    counts: dict[str, int] = {}
    found = {}
    for line in reversed(own):
        if isinstance(line.operation, Let):
            name = line.operation.name
            counts[name] = counts.get(name, 0) + 1
            found[name, counts[name]] = line
    return dict(reversed(found.items()))


def _differs(one: Array, other: Array) -> bool:
    if one.shape != other.shape:
        return True
    finite = np.isfinite(one)
    noise = _NOISE * np.abs(one[finite]).max(initial=0)
    near = np.abs(one - other) <= noise + _UNSEEN * np.abs(one)
    return not bool(np.where(finite, near, one == other).all())  # infinite entries are equal to themselves alone
