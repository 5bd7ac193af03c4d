"""What the names and calls of a formula refer to: quantities, options, operators and their arguments, or nothing."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.conditions import FUNCTIONS
from fullmarks.problem.syntax import (
    Binary,
    Both,
    Call,
    Comparison,
    Condition,
    Constant,
    Distinct,
    Either,
    Formula,
    Name,
    Negative,
    Not,
    Result,
    Sequence,
    Shown,
    Word,
    calls_in,
    names_in,
    parts_of,
)

if TYPE_CHECKING:
    from fullmarks.operators import Operator
    from fullmarks.operators._arguments import Argument


def operator_words(argument: "Argument") -> frozenset[str]:
    """Return the words that an argument takes: its options, and the names of arrays it knows."""
    from fullmarks.operators._arguments import Choice, Padding, Tensor, Words

    match argument.kind:
        case Tensor(_, named, words):
            return frozenset({*named, *words})
        case Choice(options) | Words(options) | Padding(words=options):
            return frozenset(options)
        case _:
            return frozenset()


def known_words(argument: "Argument") -> tuple[str, ...]:
    """Return the words that need no quotes although an argument takes any other as well."""
    from fullmarks.operators._arguments import Words

    return argument.kind.known if isinstance(argument.kind, Words) else ()


def takes_any_word(argument: "Argument") -> bool:
    """Tell whether an argument takes words that no list fixes, such as labels."""
    from fullmarks.operators._arguments import Words

    return isinstance(argument.kind, Words) and not argument.kind.options


def resolved(formula: Formula, quantities: Collection[str], where: str, *, functions: Collection[str] = ()) -> Formula:
    """Return ``formula`` with its bare options as words, its operators and their arguments checked.

    A name that is no quantity and an option of the argument it stands for becomes a word; any other name is left.
    ``functions`` may be called beside operators.
    """

    def inner(part: Formula) -> Formula:
        return resolved(part, quantities, where, functions=functions)

    match formula:
        case Call(name, arguments) if name in functions:
            return Call(name, tuple(inner(argument) for argument in arguments))
        case Call():
            return _resolved_call(formula, quantities, where, functions)
        case Sequence(items):
            return Sequence(tuple(inner(item) for item in items))
        case Binary(sign, left, right):
            return Binary(sign, inner(left), inner(right))
        case Negative(body):
            return Negative(inner(body))
        case Shown(body):
            return Shown(inner(body))
        case _:
            return formula


def resolved_condition(condition: Condition, quantities: Collection[str], where: str) -> Condition:
    """Return ``condition`` with its formulas `resolved`; in them ``min max abs sum`` may be called too."""

    def inner(part: Condition) -> Condition:
        return resolved_condition(part, quantities, where)

    def formula(part: Formula) -> Formula:
        return resolved(part, quantities, where, functions=FUNCTIONS)

    match condition:
        case Comparison(relation, left, right):
            return Comparison(relation, formula(left), formula(right))
        case Distinct(body):
            return Distinct(formula(body))
        case Both(conditions):
            return Both(tuple(inner(one) for one in conditions))
        case Either(conditions):
            return Either(tuple(inner(one) for one in conditions))
        case Not(one):
            return Not(inner(one))
        case _:
            assert_never(condition)


def check_names(formula: Formula | Condition, quantities: Collection[str], where: str) -> None:
    """Refuse a name that is no quantity, with the nearest one."""
    for name in names_in(formula):
        if name not in quantities:
            raise FullmarksError(
                f"{where}: there is no quantity {name!r}{nearest(name, quantities)} "
                f"(there are {', '.join(quantities) or 'none'}; a word that is no option goes in quotes)"
            )


def check_results(formula: Formula | Condition, computed: Mapping[str, Formula], where: str) -> None:
    """Refuse ``Z.weights`` where the operator that gives ``Z`` has no such result."""
    for part in parts_of(formula):
        if isinstance(part, Result):
            check_result(part, computed, where)


def check_result(result: Result, computed: Mapping[str, Formula], where: str) -> None:
    """Refuse one ``Z.weights`` where the operator that gives ``Z`` has no such result."""
    made_by = computed.get(result.name)
    if not isinstance(made_by, Call):
        raise FullmarksError(f"{where}: {result.name!r} is no operator's result, so it has no {result.result!r}")
    known = operator_called(made_by.operator, where).results
    if result.result not in known:
        raise FullmarksError(
            f"{where}: {made_by.operator} gives no {result.result!r}{nearest(result.result, known)} "
            f"(it gives {', '.join(known)})"
        )


def check_condition(condition: Condition, where: str) -> None:
    """Refuse a condition that calls anything but operators that compute, and ``min max abs sum`` on something."""
    from fullmarks.operators import operator_names

    for call in calls_in(condition):
        if call.operator == "distinct":
            raise FullmarksError(f"{where}: distinct(…) takes one quantity and is a condition by itself, no number")
        if call.operator in operator_names():
            if operator_called(call.operator, where).is_discussion:
                raise FullmarksError(f"{where}: {call.operator} is a discussion; it gives words, no number")
            continue
        if call.operator not in FUNCTIONS:
            known = (*FUNCTIONS, "distinct")
            near = nearest(call.operator, [*known, *operator_names()])
            raise FullmarksError(
                f"{where}: {call.operator!r} cannot be called in a condition{near} (it may call {', '.join(known)} "
                "and the operators)"
            )
        if not call.arguments or call.keywords or (call.operator == "abs" and len(call.arguments) > 1):
            raise FullmarksError(f"{where}: {call.operator}(…) takes quantities, without names")
    options = {id(part) for call in calls_in(condition) if call.operator in operator_names() for part in parts_of(call)}
    for part in parts_of(condition):
        if isinstance(part, Word | Constant) and id(part) not in options:
            shown = part.text if isinstance(part, Word) else str(part.value).lower()
            raise FullmarksError(f"{where}: {shown!r} is no number; a condition takes quantities and numbers, not text")


def operator_called(name: str, where: str) -> "Operator":
    """Return an operator, or refuse its name with the nearest one."""
    from fullmarks.operators import load_operator, operator_names

    if name in operator_names():
        return load_operator(name)
    if name in (*FUNCTIONS, "distinct"):
        raise FullmarksError(f"{where}: {name!r} may be called in 'require' only")
    raise FullmarksError(f"{where}: there is no operator {name!r}{nearest(name, operator_names())}")


def check_quantity_name(name: str, where: str) -> None:
    """Refuse a quantity that is called as an operator is."""
    from fullmarks.operators import operator_names

    if name in operator_names():
        raise FullmarksError(
            f"{where}: {name!r} is an operator's name; choose another for the quantity, such as {name}_1"
        )


def arguments_of(call: Call, where: str) -> "list[tuple[Argument, Formula]]":
    """Return the operator's argument that each formula in a call stands for, in the order written.

    An argument that the operator does not know, has twice or lacks is refused.
    """
    operator = operator_called(call.operator, where)
    names = [argument.name for argument in operator.arguments]
    takes = f"it takes {', '.join(names) or 'nothing'}"
    if len(call.arguments) > len(names):
        raise FullmarksError(f"{where}: {call.operator} has {len(call.arguments)} arguments here; {takes}")
    stated: dict[str, Formula] = dict(zip(names, call.arguments, strict=False))
    for name, body in call.keywords:
        if name in stated:
            raise FullmarksError(f"{where}: {call.operator} has its argument {name!r} twice; {takes}")
        if name not in names:
            raise FullmarksError(f"{where}: {call.operator} has no argument {name!r}{nearest(name, names)} ({takes})")
        stated[name] = body
    for argument in operator.arguments:
        if argument.required and argument.name not in stated:
            raise FullmarksError(
                f"{where}: {call.operator} lacks its argument {argument.name!r} ({argument.meaning}); {takes}"
            )
    by_name = {argument.name: argument for argument in operator.arguments}
    return [(by_name[name], body) for name, body in stated.items()]


def _resolved_call(call: Call, quantities: Collection[str], where: str, functions: Collection[str]) -> Call:
    bodies = [_resolved_argument(argument, body, quantities, f"{where}: {call.operator}: {argument.name}", functions)
              for argument, body in arguments_of(call, where)]  # fmt: skip
    positional = len(call.arguments)
    keywords = zip((name for name, _ in call.keywords), bodies[positional:], strict=True)
    return replace(call, arguments=tuple(bodies[:positional]), keywords=tuple(keywords))


def _resolved_argument(
    argument: "Argument", body: Formula, quantities: Collection[str], where: str, functions: Collection[str]
) -> Formula:
    words = operator_words(argument)
    match body:
        case Name(name) if name not in quantities and name in known_words(argument):
            return Word(name)
        case Name(name) if name in words and (name not in quantities or not _takes_numbers(argument)):
            return Word(name)
        case Name(name) if name not in quantities and words and not _takes_numbers(argument):
            raise FullmarksError(_no_option(name, words, where))
        case Word(text) if text not in words and words and not _takes_numbers(argument):
            raise FullmarksError(_no_option(text, words, where))
        case Sequence(items):
            return Sequence(tuple(_resolved_argument(argument, item, quantities, where, functions) for item in items))
        case _:
            return resolved(body, quantities, where, functions=functions)


def _takes_numbers(argument: "Argument") -> bool:
    from fullmarks.operators._arguments import Choice, Words

    return not isinstance(argument.kind, Choice | Words)


def _no_option(word: str, words: Collection[str], where: str) -> str:
    return f"{where}: {word!r} is none of its options{nearest(word, words)} (they are {', '.join(sorted(words))})"
