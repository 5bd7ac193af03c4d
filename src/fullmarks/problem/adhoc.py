"""Problems that nobody wrote down: from formulas on a command line, or from an operator's name."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from fullmarks.errors import FullmarksError, nearest
from fullmarks.math.letters import letters_for_words
from fullmarks.problem.formula import parse_statements
from fullmarks.problem.graph import steps
from fullmarks.problem.model import Given, Part, Problem, Value
from fullmarks.problem.numerals import exact_number
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
from fullmarks.problem.values import shape_of
from fullmarks.problem.words import refuse_words_to_find

if TYPE_CHECKING:
    from fullmarks.operators import Operator
    from fullmarks.operators._arguments import Argument

_SAID = {
    "conv2d": "convolution", "pool2d": "pooling", "avg": "average",
    "rnn": "RNN", "lstm": "LSTM", "gru": "GRU", "vit": "ViT", "relu": "ReLU", "elu": "ELU", "gelu": "GELU",
    "mse": "MSE", "mae": "MAE", "sgd": "SGD", "bptt": "backpropagation through time", "minibatch": "mini-batch",
}  # fmt: skip
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
    for part in parts:
        if part.find is not None:
            refuse_words_to_find(part.find, where, givens, part.find)
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
    if operator.takes_quantities:
        raise FullmarksError(
            f"{name} takes quantities that formulas compute, not numbers: solve "
            f"'z = linear(x, W); L = square_loss(z, t); {name}(L, W)'"
        )
    known = {argument.name: argument for argument in operator.arguments}
    for given in givens:
        if given not in known:
            raise FullmarksError(
                f"{name}: there is no argument {given!r}{nearest(given, known)} (it takes {', '.join(known)})"
            )
    for argument in operator.arguments:
        if argument.required and argument.name not in givens:
            raise FullmarksError(f"{name}: {argument.name} is missing: {argument.meaning}; give {argument.name}=…")
    values = {**_stated_defaults(operator), **givens}
    stated = {argument: values[argument] for argument in known if argument in values}
    call = Call(name, (), tuple((argument, Name(argument)) for argument in stated))
    part = Part(discuss=call) if operator.is_discussion else Part(find=name)
    return Problem(
        id=name,
        title=title_of(name),
        given={argument: Given(argument, value) for argument, value in stated.items()},
        where={} if operator.is_discussion else {name: call},
        parts=(part,),
    )


def title_of(operator_name: str) -> str:
    """Return an operator's name as a title: ``Average pooling`` for ``avg_pool2d``."""
    title = " ".join(_SAID.get(word, word) for word in operator_name.split("_"))
    for first in ("self", "cross", "multi"):
        title = title.replace(f"{first} ", f"{first}-")
    return title[0].upper() + title[1:]


def _stated_defaults(operator: "Operator") -> dict[str, Value]:
    """Return the defaults without which nobody could work the question: a slope, the order of an LSTM's gates."""
    from fullmarks.operators._arguments import Choice, Real, Tensor

    if operator.is_discussion:
        return {}
    return {
        argument.name: argument.default
        for argument in operator.arguments
        if not argument.required and argument.default is not None and f"{{{argument.name}}}" not in operator.ask
        if isinstance(argument.kind, Real | Choice) or (isinstance(argument.kind, Tensor) and argument.default != 0)
    }


class Vocabulary(Struct, frozen=True):
    """What a given may be: words, any where there is no list of them, several where they are ``listed``.

    A column is meant as a ``vector`` where the given is worked along rows, each of which would have one entry.
    """

    words: frozenset[str] | None
    listed: bool = False
    vector: bool = False


def vocabulary_for(source: str, given: str) -> Vocabulary:
    """Return what a given of formulas or of an operator may be: this decides how ``given=word`` is read.

    ``source`` is an operator's name or statements.
    """
    from fullmarks.operators import load_operator, operator_names

    if source not in operator_names():
        formulas = [formula for _, formula in parse_statements(source) if given in names_in(formula)]
        return vocabulary_in(formulas, given) if formulas else Vocabulary(None)
    arguments = [argument for argument in load_operator(source).arguments if argument.name == given]
    return _vocabulary(arguments) if arguments else Vocabulary(None)


def vocabulary_in(formulas: Iterable[Formula], given: str) -> Vocabulary:
    """Return what a given of these formulas may be."""
    calls = [call for formula in formulas for call in calls_in(formula)]
    return _vocabulary([argument for call in calls for argument, body in _bodies(call) if body == Name(given)])


def _bodies(call: Call) -> "list[tuple[Argument, Formula]]":
    try:
        return arguments_of(call, call.operator)
    except FullmarksError:  # the formula itself will be refused, with its place
        return []


def read_as(value: Value, vocabulary: Vocabulary) -> Value:
    """Return a value as what it may be: a number or letters for words, a vector for a column."""
    if isinstance(value, str) and not vocabulary.listed and exact_number(value) is not None:
        return exact_number(value)
    if isinstance(value, list) and vocabulary.vector and len(value) > 1 and shape_of(value) == (len(value), 1):
        return [row[0] for row in value]
    words = value if isinstance(value, list) else [value]
    if vocabulary.words is None or any(isinstance(word, str) and word in vocabulary.words for word in words):
        return value
    if isinstance(value, str) and vocabulary.words:
        return value
    letters: Value = letters_for_words(value)
    return letters


def _vocabulary(arguments: "list[Argument]") -> Vocabulary:
    from fullmarks.operators._arguments import Tensor

    if any(takes_any_word(argument) for argument in arguments):
        return Vocabulary(None, listed=True)
    tensors = [argument.kind for argument in arguments if isinstance(argument.kind, Tensor)]
    may_be_vector = all(any(len(letters) == 1 for letters in kind.alternatives) for kind in tensors)
    words: frozenset[str] = frozenset().union(*(operator_words(argument) for argument in arguments))
    return Vocabulary(words, vector=may_be_vector and any(kind.along_rows for kind in tensors))


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
    for formula in _formulas(where, parts):
        for call in calls_in(formula):
            for argument, body in arguments_of(call, call.operator):
                if body == Name(name):
                    meant = f"{call.operator} takes it as {argument.name}: {argument.meaning}"
                    known = [*where, *operator_words(argument)]
                    return f"{name}: is missing; {meant}; give {name}=…{nearest(name, known)}"
    return f"{name}: is missing; give {name}=…{nearest(name, where)}"
