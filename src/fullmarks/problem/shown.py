"""Computed quantities that a question shows: a candidate's wrong working, or the output from which to work back."""

from collections.abc import Mapping

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.model import Problem
from fullmarks.problem.prose import mentions
from fullmarks.problem.syntax import Formula, Shown, names_in
from fullmarks.problem.tokens import ascii_line


def with_shown(where: Mapping[str, Formula], shown: Mapping[str, str], path: str) -> dict[str, Formula]:
    """Return the formulas, those that the table ``[shown]`` lists marked as shown.

    What is shown is fixed before any working begins, so its formula may need givens and shown quantities only.
    """
    for name in shown:
        here = f"{path}: shown: {ascii_line(name)}"
        if name not in where:
            raise FullmarksError(f"{here}: there is no computed quantity of this name{nearest(name, where)}")
        for other in names_in(where[name]):
            if other in where and other not in shown:
                raise FullmarksError(f"{here}: needs {other!r}, which is not shown; put its formula in place of it")
    return {name: Shown(formula) if name in shown else formula for name, formula in where.items()}


def used_names(problem: Problem) -> set[str]:
    """Return the quantities that a question needs or names: in its words, in discussions, and in the working."""
    used = {name for formula in problem.where.values() if not isinstance(formula, Shown) for name in names_in(formula)}
    used |= {name for part in problem.parts if part.discuss is not None for name in names_in(part.discuss)}
    return used | mentioned_names(problem)


def mentioned_names(problem: Problem) -> set[str]:
    """Return the quantities that the question's own words mention: ``{padding}``."""
    prose = [problem.setting, *(part.ask or "" for part in problem.parts)]
    return {mention.partition(".")[0] for text in prose for mention in mentions(text)}


def hidden_givens(problem: Problem) -> frozenset[str]:
    """Return the givens that a question keeps to itself: unnamed in its words, and used by shown quantities alone."""
    used = used_names(problem)
    needed = {name for formula in problem.where.values() if isinstance(formula, Shown) for name in names_in(formula)}
    return frozenset(name for name, given in problem.given.items() if name in needed - used and not given.label)
