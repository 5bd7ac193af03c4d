"""What the Tab key completes: problems, operators, topics, levels, formats, argument names and their words.

Names come from the folders alone, so that completing one loads neither NumPy nor a problem; only the argument names
of an operator need its file.
"""

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING, NamedTuple

import typer

if TYPE_CHECKING:
    from fullmarks.operators._arguments import Argument
    from fullmarks.problem.model import Problem

LEVELS = ("easy", "medium", "hard")
KINDS = ("problems", "operators", "exams")


def complete_problem(incomplete: str) -> list[tuple[str, str]]:
    """Complete what ``solve`` takes: a problem of the bank or an operator."""
    return _beginning(incomplete, {**_problems(), **_operators()})


def complete_source(incomplete: str) -> list[tuple[str, str]]:
    """Complete what ``generate`` takes: a problem, a topic or an operator."""
    return _beginning(incomplete, {**_topics(), **_problems(), **_operators()})


def complete_anything(incomplete: str) -> list[tuple[str, str]]:
    """Complete what ``show`` and ``check`` take: a problem, an operator or a blueprint."""
    return _beginning(incomplete, {**_problems(), **_operators(), **_blueprints()})


def complete_blueprint(incomplete: str) -> list[tuple[str, str]]:
    """Complete the name of a blueprint."""
    return _beginning(incomplete, _blueprints())


def complete_topic(incomplete: str) -> list[tuple[str, str]]:
    """Complete a topic of the bank."""
    return _beginning(incomplete, _topics())


def complete_level(incomplete: str) -> list[str]:
    """Complete a level."""
    return [level for level in LEVELS if level.startswith(incomplete)]


def complete_kind(incomplete: str) -> list[str]:
    """Complete what ``list`` lists."""
    return [kind for kind in KINDS if kind.startswith(incomplete)]


def complete_format(incomplete: str) -> list[str]:
    """Complete a format."""
    from fullmarks.cli.output import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


def complete_document(incomplete: str) -> list[str]:
    """Complete a document."""
    from fullmarks.api import DOCUMENTS

    return [name for name in DOCUMENTS if name.startswith(incomplete)]


def complete_exam_formats(incomplete: str) -> list[str]:
    """Complete the last of several formats: ``pdf,t`` to ``pdf,tex``."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in ("pdf", "tex", "md", "html") if name.startswith(last)]


def complete_value(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete ``NAME=VALUE``: the arguments of an operator or the givens of a problem, then the words they take."""
    given, wanted = _so_far(ctx.params.get("values") or [])
    takes = _quantities(str(ctx.params.get("problem") or ""))
    if wanted is not None:
        return _beginning(incomplete, dict.fromkeys(takes[wanted].values if wanted in takes else (), ""))
    name, sign, _ = incomplete.partition("=")
    if sign:
        return _beginning(
            incomplete, {f"{name}={value}": "" for value in (takes[name].values if name in takes else ())}
        )
    missing = {one: taken for one, taken in takes.items() if one not in given and one.startswith(incomplete)}
    found = {f"{one}=": taken.meaning for one, taken in missing.items()}
    if len(missing) == 1:  # its values stand beside it, so that the shell sets no blank after the sign
        ((only, taken),) = missing.items()
        found |= {f"{only}={value}": "" for value in taken.values or ("@",)}
    return _beginning(incomplete, found)


class Taken(NamedTuple):
    """What one argument or given means, and the values it is known to take."""

    meaning: str
    values: tuple[str, ...]


def _so_far(words: Iterable[str]) -> tuple[set[str], str | None]:
    """Return the names that have a value, and the one whose value is wanted now.

    bash splits words at ``=`` (and ``@``): there the name, the sign and the value are words of their own.
    """
    given: set[str] = set()
    wanted: str | None = None
    for word in words:
        name, sign, _ = word.partition("=")
        if not name:  # the sign alone, after the name
            continue
        if wanted is not None and not sign:
            wanted = None  # this was its value
            continue
        given.add(name)
        wanted = None if sign else name
    return given, wanted


def _quantities(what: str) -> dict[str, Taken]:
    """Return what a call of ``solve`` may give by name, or nothing where ``what`` cannot be read."""
    try:
        if what in _operators():
            from fullmarks.operators import load_operator

            return {one.name: Taken(one.meaning, _values(one)) for one in load_operator(what).arguments}
        if any(sign in what for sign in "(=;@*+"):
            return _givens_of_formulas(what)
        if what in _problems() or what.endswith(".toml"):
            from fullmarks.problem.loading import load_problem

            return _givens(load_problem(what))
    except Exception:  # noqa: BLE001 - a message would land in the line that is being typed; the command itself will say
        return {}
    return {}


def _values(argument: "Argument") -> tuple[str, ...]:
    from fullmarks.operators._arguments import Flag, FlagOrNumber
    from fullmarks.operators._describing import default_text
    from fullmarks.problem.resolving import operator_words

    if isinstance(argument.kind, Flag | FlagOrNumber):
        return ("true", "false")
    words = tuple(sorted(operator_words(argument)))
    return words or ((default_text(argument),) if default_text(argument) else ())


def _givens(problem: "Problem") -> dict[str, Taken]:
    from fullmarks.problem.adhoc import vocabulary_in

    formulas = [*problem.where.values(), *(part.discuss for part in problem.parts if part.discuss is not None)]
    return {
        name: Taken(given.label, tuple(sorted(vocabulary_in(formulas, name).words or ())))
        for name, given in problem.given.items()
    }


def _givens_of_formulas(source: str) -> dict[str, Taken]:
    from fullmarks.problem.adhoc import vocabulary_for
    from fullmarks.problem.formula import parse_statements
    from fullmarks.problem.syntax import names_in

    statements = parse_statements(source)
    defined = {name for name, _ in statements}
    names = dict.fromkeys(name for _, formula in statements for name in names_in(formula) if name not in defined)
    return {name: Taken("", tuple(sorted(vocabulary_for(source, name).words or ()))) for name in names}


def _beginning(incomplete: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, meaning) for name, meaning in names.items() if name.startswith(incomplete)]


def _operators() -> dict[str, str]:
    """Return the operators' names, found without importing any."""
    package = find_spec("fullmarks.operators")
    folders = package.submodule_search_locations if package is not None else None
    names = sorted(module.name for module in iter_modules(folders or []))
    return {name: "" for name in names if not name.startswith("_")}


def _problems() -> dict[str, str]:
    from fullmarks.problem.bank import bank_files

    return dict.fromkeys(bank_files(), "")


def _blueprints() -> dict[str, str]:
    from fullmarks.problem.bank import blueprint_files

    return dict.fromkeys(blueprint_files(), "")


def _topics() -> dict[str, str]:
    from fullmarks.problem.bank import topics

    return dict.fromkeys(topics(), "")
