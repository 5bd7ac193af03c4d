"""What ``PROBLEM`` may be: an operator's name, a bank id, a file, standard input, or formulas."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.adhoc import (
    Vocabulary,
    problem_from_operator,
    problem_from_statements,
    read_as,
    vocabulary_for,
    vocabulary_in,
)
from fullmarks.problem.assignment import read_value
from fullmarks.problem.drawing import with_values
from fullmarks.problem.files import STANDARD_INPUT
from fullmarks.problem.model import Problem, Value
from fullmarks.problem.tokens import ascii_line, check_value_words
from fullmarks.problem.values import checked_value

Kind = Literal["operator", "bank", "file", "formulas"]
_FORMULA_SIGNS = "(=;@*+"


def load_problem(what: str, givens: Mapping[str, Any] | None = None) -> Problem:
    """Return the problem that ``what`` names, with ``givens`` given or replaced by Python values."""
    values = {name: checked_value(value, name) for name, value in (givens or {}).items()}
    kind = kind_of_source(what)
    if kind in ("operator", "formulas"):
        for name, value in values.items():
            check_value_words(value, name)
        return _loaded(what, kind, {name: read_as(value, vocabulary_for(what, name)) for name, value in values.items()})
    return with_given_values(_loaded(what, kind, {}), values)


def with_given_values(problem: Problem, values: Mapping[str, Value]) -> Problem:
    """Return the problem with some givens replaced by Python values, letters read where numbers are wanted."""
    for name, value in values.items():
        check_value_words(value, name)
    formulas = [*problem.where.values(), *(part.discuss for part in problem.parts if part.discuss is not None)]
    return with_values(problem, {name: read_as(value, vocabulary_in(formulas, name)) for name, value in values.items()})


def load_problem_with_texts(what: str, texts: Mapping[str, str]) -> Problem:
    """Return the problem that ``what`` names, with givens as typed: ``{"x": "4 0 1; 4 0 2"}``.

    What an argument may be decides how a word is read.
    """
    kind = kind_of_source(what)
    if kind in ("operator", "formulas"):
        read = {name: _read(text, name, vocabulary_for(what, name)) for name, text in texts.items()}
        return _loaded(what, kind, read)
    problem = _loaded(what, kind, {})
    return with_values(problem, {name: _replacement(problem, name, text) for name, text in texts.items()})


def kind_of_source(what: str) -> Kind:
    """Tell what ``PROBLEM`` is; what is nothing known is refused with the nearest name."""
    from fullmarks.operators import operator_names

    if what in operator_names():
        return "operator"
    if what == STANDARD_INPUT or what.endswith(".toml"):
        return "file"
    if any(sign in what for sign in _FORMULA_SIGNS):
        return "formulas"
    from fullmarks.problem.bank import (
        bank_files,
        blueprint_files,
        topics,
    )  # with msgspec behind it, which formulas do without

    known = bank_files()
    if what in known:
        return "bank"
    if what.strip() and ("/" in what or "\\" in what or is_file(what)):
        return "file"
    if what in blueprint_files():
        raise FullmarksError(f"{what}: is an exam, not a problem; try: fullmarks exam {what}")
    if what in topics():
        raise FullmarksError(f"{what}: is a topic, not a problem; its problems: fullmarks list problems --topic {what}")
    raise FullmarksError(
        f"{ascii_line(what)}: is no bank id, file, operator or formula{nearest(what, [*known, *operator_names()])}"
    )


def _loaded(what: str, kind: Kind, values: Mapping[str, Value]) -> Problem:
    match kind:
        case "operator":
            return problem_from_operator(what, values)
        case "formulas":
            return problem_from_statements(what, values)
        case "bank":
            from fullmarks.problem.bank import find_problem

            return with_values(find_problem(what), values)
        case "file":
            from fullmarks.problem.reading import read_problem

            return with_values(read_problem(what), values)


def _replacement(problem: Problem, name: str, text: str) -> Value:
    if name not in problem.given:
        with_values(problem, {name: None})  # refuses the name
    discussed = [part.discuss for part in problem.parts if part.discuss is not None]
    vocabulary = vocabulary_in([*problem.where.values(), *discussed], name)
    if not vocabulary.words and not vocabulary.listed and isinstance(problem.given[name].value, str):
        vocabulary = Vocabulary(None)  # a word that only the prose shows may be any other
    return _read(text, name, vocabulary)


def _read(text: str, name: str, vocabulary: Vocabulary) -> Value:
    value = read_as(read_value(text, name, vocabulary.words, listed=vocabulary.listed), vocabulary)
    check_value_words(value, name)
    return value


def is_file(what: str) -> bool:
    """Return True if a word names something that is there, be it a folder; a formula names nothing."""
    try:
        return Path(what).exists()
    except (OSError, ValueError):
        return False
