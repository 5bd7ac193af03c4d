"""Problems that nobody wrote down: from formulas on a command line, or from an operator's name."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.formula import parse_statements
from fullmarks.problem.graph import steps
from fullmarks.problem.model import Given, Part, Problem, Value
from fullmarks.problem.resolving import (
    arguments_of,
    check_quantity_name,
    check_result,
    check_results,
    operator_called,
    operator_words,
    resolved,
    takes_any_word,
)
from fullmarks.problem.syntax import Call, Formula, Name, Result, calls_in, names_in

if TYPE_CHECKING:
    from fullmarks.operators._arguments import Argument

_WITHOUT_OPERATOR = "result"  # the name of a statement such as "A @ B" that has none


def problem_from_statements(source: str, givens: Mapping[str, Value]) -> Problem:
    """Return the problem whose parts are the statements of ``Y = conv2d(A, F); sigmoid(Y)``, in order.

    A statement without a name takes its operator's, then ``conv2d_2``. Names that no statement defines are givens;
    one that ``givens`` lacks, or has too many, is refused.
    """
    where, parts = _graph(source, givens)
    steps(where)
    for name, formula in where.items():
        check_results(formula, where, name)
    _check_givens(where, parts, givens)
    used = dict.fromkeys(name for formula in _formulas(where, parts) for name in names_in(formula) if name in givens)
    return Problem(
        id="formulas",
        title=" ".join(source.split()),
        given={name: Given(name, givens[name]) for name in used},
        where=where,
        parts=tuple(parts),
    )


def problem_from_operator(name: str, givens: Mapping[str, Value]) -> Problem:
    """Return the problem that asks for an operator's result, its arguments given by name."""
    operator = operator_called(name, name)
    known = {argument.name: argument for argument in operator.arguments}
    for given in givens:
        if given not in known:
            raise FullmarksError(
                f"{name}: there is no argument {given!r}{nearest(given, known)} (it takes {', '.join(known)})"
            )
    for argument in operator.arguments:
        if argument.required and argument.name not in givens:
            raise FullmarksError(f"{name}: {argument.name} is missing: {argument.meaning}; give {argument.name}=…")
    call = Call(name, (), tuple((argument, Name(argument)) for argument in known if argument in givens))
    part = Part(discuss=call) if operator.is_discussion else Part(find=name)
    return Problem(
        id=name,
        title=name,
        given={argument: Given(argument, givens[argument]) for argument in known if argument in givens},
        where={} if operator.is_discussion else {name: call},
        parts=(part,),
    )


def words_for(source: str, given: str) -> frozenset[str] | None:
    """Return the words that a given of formulas or of an operator may be, or nothing where any word is one.

    ``source`` is an operator's name or statements; this decides how ``given=word`` is read.
    """
    arguments = _arguments_named(source, given)
    if not arguments or any(takes_any_word(argument) for argument in arguments):
        return None
    return frozenset().union(*(operator_words(argument) for argument in arguments))


def words_in(formulas: Iterable[Formula], given: str) -> frozenset[str] | None:
    """Return the words that a given of these formulas may be, or nothing where any word is one."""
    arguments = [argument for formula in formulas for call in calls_in(formula)
                 for argument, body in arguments_of(call, call.operator) if body == Name(given)]  # fmt: skip
    if any(takes_any_word(argument) for argument in arguments):
        return None
    return frozenset().union(*(operator_words(argument) for argument in arguments))


def _arguments_named(source: str, given: str) -> "list[Argument]":
    from fullmarks.operators import load_operator, operator_names

    if source in operator_names():
        return [argument for argument in load_operator(source).arguments if argument.name == given]
    return [argument for _, formula in parse_statements(source) for call in calls_in(formula)
            for argument, body in arguments_of(call, call.operator) if body == Name(given)]  # fmt: skip


def _graph(source: str, givens: Mapping[str, Value]) -> tuple[dict[str, Formula], list[Part]]:
    statements = parse_statements(source)
    named = {name for name, _ in statements if name is not None}
    where: dict[str, Formula] = {}
    parts: list[Part] = []
    for place, (name, formula) in enumerate(statements, 1):
        here = name or f"statement {place}"
        if name is not None:
            check_quantity_name(name, here)
            if name in where:
                raise FullmarksError(f"{name}: is defined twice; give the second statement another name")
            if name in givens:
                raise FullmarksError(f"{name}: is given and computed; drop {name}=… or rename the statement")
        read = resolved(formula, {*named, *where, *givens}, here)
        match read:
            case Name(asked) if name is None:
                parts.append(Part(find=asked))
            case Result(asked, result) if name is None:
                parts.append(Part(find=f"{asked}.{result}"))
            case Call(operator) if name is None and operator_called(operator, here).is_discussion:
                parts.append(Part(discuss=read))
            case _:
                own = name or _free_name(read, {*named, *where, *givens})
                where[own] = read
                parts.append(Part(find=own))
    return where, parts


def _free_name(formula: Formula, taken: set[str]) -> str:
    base = formula.operator if isinstance(formula, Call) else _WITHOUT_OPERATOR
    name, count = base, 1
    while name in taken:
        count += 1
        name = f"{base}_{count}"
    return name


def _formulas(where: Mapping[str, Formula], parts: Iterable[Part]) -> list[Formula]:
    return [*where.values(), *(part.discuss for part in parts if part.discuss is not None)]


def _check_givens(where: Mapping[str, Formula], parts: Iterable[Part], givens: Mapping[str, Value]) -> None:
    wanted: dict[str, None] = {}
    for formula in _formulas(where, parts):
        wanted.update(dict.fromkeys(name for name in names_in(formula) if name not in where))
    for part in parts:
        asked, dot, result = (part.find or "").partition(".")
        if part.find is not None and asked not in where:
            raise FullmarksError(f"{asked}: is not computed, so it cannot be asked for{nearest(asked, where)}")
        if dot:
            check_result(Result(asked, result), where, asked)
    for name in wanted:
        if name not in givens:
            raise FullmarksError(_missing(name, where, parts))
    for name in givens:
        if name not in wanted:
            raise FullmarksError(
                f"{name}: is given, but no formula uses it{nearest(name, [*wanted, *where])} "
                f"(they use {', '.join(wanted) or 'no givens'})"
            )


def _missing(name: str, where: Mapping[str, Formula], parts: Iterable[Part]) -> str:
    near = nearest(name, where)
    for formula in _formulas(where, parts):
        for call in calls_in(formula):
            for argument, body in arguments_of(call, call.operator):
                if body == Name(name):
                    meant = f"{call.operator} takes it as {argument.name}: {argument.meaning}"
                    return f"{name}: is missing; {meant}; give {name}=…{near}"
    return f"{name}: is missing; give {name}=…{near}"
