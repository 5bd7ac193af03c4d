"""What of a solved problem a file can hold: names that a file may have, symbols said outright, numbers in lists.

A problem called from the command line names its quantities after operators and takes the operators' symbols; a file
may do neither, so both are written out here. Nothing that was worked out goes into it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import assert_never

import numpy as np
from msgspec.structs import replace

from fullmarks.document.question import provenance
from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr
from fullmarks.math.expression import Given as Leaf
from fullmarks.math.kernels import KERNELS
from fullmarks.math.notation.latex import latex
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.assignment import named_kernel
from fullmarks.problem.graph import needed_for
from fullmarks.problem.model import Given, Part, Problem, Value
from fullmarks.problem.shown import hidden_givens, used_names
from fullmarks.problem.syntax import (
    Binary,
    Call,
    Constant,
    Formula,
    Name,
    Negative,
    Number,
    Result,
    Sequence,
    Shown,
    Word,
    names_in,
)
from fullmarks.problem.values import checked_value
from fullmarks.solution.solve import Solution


def portable_problem(solution: Solution) -> Problem:
    """Return the problem whose printed numbers are those of ``solution``, as a file can hold it.

    A drawn problem names its seed in ``source``. A given that is ``none`` becomes a word of the formulas, because TOML
    has no such value.
    """
    problem, values = solution.instance.problem, solution.instance.values
    new_names = _new_names([*values, *problem.where])
    absent = {name for name, value in values.items() if value is None}
    formulas: dict[str, Formula] = {name: Name(new) for name, new in new_names.items()}
    formulas |= {name: Constant(None) for name in absent}
    return replace(
        problem,
        source=provenance(solution),
        setting=problem.setting.strip(),
        given={
            new_names[name]: _portable_given(solution, name, new_names[name], value)
            for name, value in values.items()
            if name not in absent
        },
        where={new_names[name]: replaced(formula, formulas) for name, formula in problem.where.items()},
        symbols={new_names[name]: symbol for name, symbol in problem.symbols.items()}
        | {new: latex(solution.symbols[name]) for name, new in new_names.items() if new != name and name not in values},
        reasons={new_names[name]: reason for name, reason in problem.reasons.items()},
        shown={new_names[name]: label for name, label in problem.shown.items()},
        parts=tuple(_portable_part(part, new_names, formulas) for part in problem.parts),
        path="",
    )


def asked_problem(solution: Solution) -> Problem:
    """Return the problem as a file for candidates: what the question states, and nothing that answers it in words.

    What the question shows becomes a given with its printed numbers, and so do the givens that it depends on: only
    the others can still be drawn anew. Hidden givens, conditions that name one, the sentences that explain the working
    and the problem's own points are left out. Raises ``FullmarksError`` where a part is answered by such points alone.
    """
    problem = portable_problem(solution)
    for place, part in enumerate(problem.parts, 1):
        if part.points and part.find is None:
            raise FullmarksError(
                f"{problem.id}: part {place} is answered by its points, which a problem file would show; add --solution"
            )
    parts = tuple(replace(part, points=(), needed=None) for part in problem.parts)
    shown = {name: _shown_given(solution, problem, name) for name in problem.shown}
    hidden = hidden_givens(problem)
    hiding = [condition for condition in problem.require if hidden.intersection(names_in(condition))]
    fixed = _givens_behind([*problem.shown, *(name for condition in hiding for name in names_in(condition))], problem)
    given = {name: replace(one, draw=None) if name in fixed else one for name, one in problem.given.items()}
    asked = replace(
        problem,
        given={name: one for name, one in given.items() if name not in hidden} | shown,
        where={name: formula for name, formula in problem.where.items() if name not in shown},
        symbols={name: symbol for name, symbol in problem.symbols.items() if name not in shown},
        reasons={},
        shown={},
        require=tuple(condition for condition in problem.require if condition not in hiding),
        parts=parts,
    )
    unused = [f"{{{name}}}" for name in asked.given if name not in used_names(asked)]
    also = f"\n\nAlso given: {', '.join(unused)}." if unused else ""  # a file must use or mention all that it states
    return replace(asked, setting=asked.setting + also)


def _givens_behind(names: Iterable[str], problem: Problem) -> set[str]:
    """Return the givens among ``names``, and those that the computed quantities among them are worked from."""
    needed = [*names, *needed_for(names, problem.where)]
    return set(needed) | {name for one in needed if one in problem.where for name in names_in(problem.where[one])}


def _shown_given(solution: Solution, problem: Problem, name: str) -> Given:
    value = solution.worked.quantities[name]
    printed = value.operation.data.tolist() if isinstance(value, Expr) and isinstance(value.operation, Leaf) else value
    return Given(name, checked_value(printed, name), problem.shown[name], problem.symbols.get(name, ""))


def replaced(formula: Formula, formulas: Mapping[str, Formula]) -> Formula:
    """Return ``formula`` with other formulas in place of some of its names; ``Z.weights`` follows a new name of Z."""
    match formula:
        case Name(name):
            return formulas.get(name, formula)
        case Result(name, result):
            new = formulas.get(name)
            return Result(new.name, result) if isinstance(new, Name) else formula
        case Number() | Word() | Constant():
            return formula
        case Sequence(items):
            return Sequence(tuple(replaced(item, formulas) for item in items))
        case Call(operator, arguments, keywords):
            return Call(
                operator,
                tuple(replaced(argument, formulas) for argument in arguments),
                tuple((name, replaced(body, formulas)) for name, body in keywords),
            )
        case Binary(sign, left, right):
            return Binary(sign, replaced(left, formulas), replaced(right, formulas))
        case Negative(body):
            return Negative(replaced(body, formulas))
        case Shown(body):
            return Shown(replaced(body, formulas))
        case _:
            assert_never(formula)


def _new_names(names: Collection[str]) -> dict[str, str]:
    """Return a name for every quantity: its own, or a free one where an operator is called so."""
    new: dict[str, str] = {}
    for name in names:
        free, count = name, 0
        while free in operator_names() or free in new.values() or (count and free in names):
            count += 1
            free = f"{name}_{count}"
        new[name] = free
    return new


def _portable_given(solution: Solution, name: str, new_name: str, value: Value) -> Given:
    given = solution.instance.problem.given[name]
    symbol = given.symbol
    if not symbol and (new_name != name or _has_argument_symbol(solution.instance.problem, name)):
        symbol = latex(solution.symbols[name])
    return replace(given, name=new_name, value=_plain(value, name), symbol=symbol, stated=True)


def _has_argument_symbol(problem: Problem, name: str) -> bool:
    """Tell whether an operator called by its name has a symbol of its own for one of its arguments."""
    if problem.path or problem.id not in operator_names():
        return False
    return any(one.symbol for one in load_operator(problem.id).arguments if one.name == name)


def _plain(value: Value, name: str) -> Value:
    """Return numbers exactly and in lists, a kernel's name as its matrix, and any other word as it is."""
    if isinstance(value, str) and value in KERNELS:
        return named_kernel(value)
    return checked_value(value.tolist() if isinstance(value, np.ndarray) else value, name)


def _portable_part(part: Part, new_names: Mapping[str, str], formulas: Mapping[str, Formula]) -> Part:
    find = part.find
    if find is not None:
        name, dot, result = find.partition(".")
        find = f"{new_names[name]}{dot}{result}"
    discuss = None if part.discuss is None else replaced(part.discuss, formulas)
    return replace(part, find=find, discuss=discuss)
