"""Problem files: TOML in, a checked ``Problem`` out, or one message that says which field to change."""

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.adhoc import read_as, vocabulary_in
from fullmarks.problem.draw_reading import kernel_or_value, read_draw
from fullmarks.problem.files import LARGEST_PROBLEM, STANDARD_INPUT, read_standard_input, read_text
from fullmarks.problem.formula import check_name, cut, parse_condition, parse_formula
from fullmarks.problem.graph import steps
from fullmarks.problem.model import Given, Part, Problem
from fullmarks.problem.points import MOST_MARKS, read_points
from fullmarks.problem.prose import check_braces, check_prose, mentions
from fullmarks.problem.resolving import (
    check_condition,
    check_names,
    check_quantity_name,
    check_result,
    check_results,
    operator_called,
    resolved,
    resolved_condition,
)
from fullmarks.problem.schema import GivenTable, PartTable, ProblemTable, converted
from fullmarks.problem.shown import with_shown
from fullmarks.problem.syntax import Call, Condition, Formula, Result, Shown, names_in
from fullmarks.problem.tokens import ascii_line
from fullmarks.problem.toml_numbers import refuse_unheld_numbers, toml_number
from fullmarks.problem.toml_texts import check_texts
from fullmarks.problem.words import refuse_words_to_find

MOST_PARTS = 1_000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_MOST_DOTS = 50  # in a key: tomllib takes time that grows with their square
_LONG_KEY = re.compile(
    rf"""(?:(?:[\w-]{{1,80}}|"[^"\n]{{0,80}}"|'[^'\n]{{0,80}}')[ \t]*\.[ \t]*){{{_MOST_DOTS}}}""", re.ASCII
)
_CONTROL_CHARACTER = re.compile(r"(?:llegal|invalid) character '\\x")  # as tomllib says it
_PLAIN_FIELDS = ("title", "source", "topic", "tags")  # printed as they are: {} in them shows no quantity
_WITHOUT_QUANTITIES = ("title", "source", "topic", "tags", "given", "reason", "shown")  # fields of prose
_NO_ID = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)


def read_problem(path: str | Path) -> Problem:
    """Read a problem file, or standard input where ``path`` is ``-``.

    Raises ``FullmarksError`` naming the file, the field, what was found and what is expected.
    """
    if str(path) == STANDARD_INPUT:
        return problem_from_text(read_standard_input(LARGEST_PROBLEM), "standard input")
    return problem_from_text(read_text(Path(path), LARGEST_PROBLEM), str(path))


def problem_from_text(text: str, path: str) -> Problem:
    """Read the text of a problem file; ``path`` begins every message, and its stem is the id of one without."""
    tables = read_toml(text, path)
    if "question" in tables and "part" not in tables:
        raise FullmarksError(f"{path}: is the blueprint of an exam, not a problem; try: fullmarks exam {path}")
    file = converted(tables, ProblemTable, path)
    given = {name: _read_given(name, value, f"{path}: given: {cut(name)}") for name, value in file.given.items()}
    where = with_shown(_read_where(file.where, given, path), file.shown, path)
    quantities = dict.fromkeys([*given, *where])
    if len(file.part) > MOST_PARTS:
        raise FullmarksError(f"{path}: part: there are {len(file.part):,}; at most {MOST_PARTS:,} are read")
    parts = tuple(_read_part(table, place, where, quantities, path) for place, table in enumerate(file.part, 1))
    problem = Problem(
        id=_read_id(file.id, path),
        title=file.title,
        given=given,
        where=where,
        parts=parts,
        topic=file.topic,
        level=file.level,
        source=file.source,
        setting=file.setting.strip(),
        require=tuple(_read_require(source, where, quantities, path) for source in file.require),
        tags=tuple(file.tags),
        symbols={name: symbol.strip("$ ") for name, symbol in file.symbol.items()},
        reasons=file.reason,
        shown=file.shown,
        path=path,
    )
    _check_whole(problem, path)
    return _with_letters(problem)


def _with_letters(problem: Problem) -> Problem:
    """Return the problem with letters where formulas want numbers, and words were read: ``x = ["a", "b"]``."""
    formulas = [*problem.where.values(), *(part.discuss for part in problem.parts if part.discuss is not None)]
    used = {name for formula in formulas for name in names_in(formula)}
    changed = {}
    for name, given in problem.given.items():
        words = given.value if isinstance(given.value, list) else [given.value]
        if name in used and words and isinstance(words[0], str):
            changed[name] = replace(given, value=read_as(given.value, vocabulary_in(formulas, name)))
    return replace(problem, given={**problem.given, **changed}) if changed else problem


def read_toml(text: str, path: str) -> dict[str, Any]:
    """Read TOML with exact decimals; broken TOML and twice-given keys are refused with line and column."""
    if not text.strip():
        raise FullmarksError(f'{path}: is empty; expected a file that begins with title = "…"')
    if _LONG_KEY.search(text):
        raise FullmarksError(f"{path}: a key has more than {_MOST_DOTS} dots; expected such as [given.NAME]")
    try:
        tables = tomllib.loads(text, parse_float=toml_number)
    except tomllib.TOMLDecodeError as problem:
        reason = str(problem)
        hint = "; put LaTeX in single quotes: '…'" if "\\" in reason else ""
        hint = "; remove this control character" if _CONTROL_CHARACTER.search(reason) else hint
        hint = "; the key or table is there twice" if "overwrite" in str(problem) or "twice" in str(problem) else hint
        raise FullmarksError(f"{path}: is no TOML: {problem}{hint}") from None
    except RecursionError:
        raise FullmarksError(f"{path}: lists or tables are nested too deep") from None
    except ValueError:
        reason = "a whole number has thousands of digits; expected at most 60"
        raise FullmarksError(f"{path}: is no TOML: {reason}") from None
    refuse_unheld_numbers(tables, path)
    check_texts(tables, path)
    return tables


def _read_id(text: str, path: str) -> str:
    if not text:
        return _NO_ID.sub("-", Path(path).stem).strip("-") or "problem"
    if not _ID.fullmatch(text):
        raise FullmarksError(f"{path}: id: {ascii_line(text)} has more than A-Z, a-z, 0-9, '-' and '_'")
    return text


def _read_given(name: str, table: Any, where: str) -> Given:
    check_name(name, where)
    check_quantity_name(name, where)
    if not isinstance(table, dict):
        return Given(name, kernel_or_value(table, where))
    read = converted(table, GivenTable, where)
    stated = read.value is not msgspec.UNSET
    if not stated and read.draw is None:
        raise FullmarksError(f"{where}: has no value; expected value = … or draw = {{ … }}")
    value = kernel_or_value(read.value, f"{where}: value") if stated else None
    draw = None if read.draw is None else read_draw(read.draw, value, f"{where}: draw", has_value=stated)
    return Given(name, value, read.label.strip(), read.symbol.strip("$ "), draw, stated)


def _read_where(sources: Mapping[str, str], given: Mapping[str, Given], path: str) -> dict[str, Formula]:
    quantities = dict.fromkeys([*given, *sources])  # each of many formulas looks its names up here
    formulas: dict[str, Formula] = {}
    for name, source in sources.items():
        here = f"{path}: where: {cut(name)}"
        check_name(name, here)
        check_quantity_name(name, here)
        if name in given:
            raise FullmarksError(f"{here}: is in [given] too; a quantity is given or computed, so rename one")
        formula = resolved(parse_formula(source, here), quantities, here)
        check_names(formula, quantities, here)
        formulas[name] = formula
    try:
        ordered = steps(formulas)
    except FullmarksError as problem:
        raise FullmarksError(f"{path}: {problem}") from None
    for name in ordered:
        check_results(formulas[name], formulas, f"{path}: where: {name}")
    return formulas


def _read_part(
    table: dict[str, Any], place: int, where: Mapping[str, Formula], quantities: Collection[str], path: str
) -> Part:
    here = f"{path}: part {place}"
    read = converted(table, PartTable, here)
    if read.find is None and read.discuss is None and read.points is None:
        raise FullmarksError(f'{here}: finds nothing; expected find = "…", discuss = "…" or points = ["…"]')
    if read.find is not None:
        _check_find(read.find, where, quantities, f"{here}: find")
    if read.marks is not None and read.marks < 0:
        raise FullmarksError(f"{here}: marks: {read.marks} is below 0; expected a whole number from 0 on")
    if read.marks is not None and read.marks > MOST_MARKS:
        raise FullmarksError(f"{here}: marks: {read.marks} are too many; expected at most {MOST_MARKS}")
    discuss = None
    if read.discuss is not None:
        discuss = _read_discussion(read.discuss, where, quantities, f"{here}: discuss")
    return Part(read.find, discuss, read.ask, read.marks, read_points(read, here), read.needed)


def _check_find(find: str, where: Mapping[str, Formula], quantities: Collection[str], here: str) -> None:
    name, dot, result = find.partition(".")
    if name in quantities and name not in where:
        raise FullmarksError(
            f"{here}: {name!r} is given, so there is nothing to find; expected one of {', '.join(where)}"
        )
    if isinstance(where.get(name), Shown):
        raise FullmarksError(f"{here}: {name!r} is shown in the question, so there is nothing to find")
    if name not in where:
        known = f" (there are {', '.join(where)})" if where else "; [where] is empty"
        raise FullmarksError(f"{here}: there is no quantity {ascii_line(find)}{nearest(name, where)}{known}")
    if dot:
        check_result(Result(name, result), where, here)


def _read_discussion(source: str, where: Mapping[str, Formula], quantities: Collection[str], here: str) -> Formula:
    formula = resolved(parse_formula(source, here), quantities, here)
    check_names(formula, quantities, here)
    check_results(formula, where, here)
    if not isinstance(formula, Call) or not operator_called(formula.operator, here).is_discussion:
        raise FullmarksError(
            f"{here}: {ascii_line(source)} discusses nothing; expected a call such as filter_effect(F)"
        )
    return formula


def _read_require(source: str, where: Mapping[str, Formula], quantities: Collection[str], path: str) -> Condition:
    here = f"{path}: require"
    parsed = parse_condition(source, here)
    check_condition(parsed, here)
    condition = resolved_condition(parsed, quantities, here)
    check_names(condition, quantities, here)
    check_results(condition, where, here)
    return condition


def _check_whole(problem: Problem, path: str) -> None:
    """Check what no single field can tell: prose and the quantities it shows, parts at all, givens without use."""
    if not problem.title.strip():
        raise FullmarksError(f'{path}: title: is empty; expected title = "…"')
    if not problem.parts:
        raise FullmarksError(f"{path}: part: asks nothing; expected at least one [[part]]")
    stated = {given.name: given.value for given in problem.given.values() if given.stated}
    for place, part in enumerate(problem.parts, 1):
        if part.find is not None:
            name = part.find.partition(".")[0]
            refuse_words_to_find(name, problem.where, stated, f"{path}: part {place}: find")
    quantities = dict.fromkeys([*problem.given, *problem.where])
    used = {name for formula in problem.where.values() for name in names_in(formula)}
    used |= {name for part in problem.parts if part.discuss is not None for name in names_in(part.discuss)}
    used |= _mentioned(problem, quantities, path)
    for name in problem.given:
        if name not in used:
            raise FullmarksError(
                f"{path}: given: {name}: is never used; use it in [where], mention {{{name}}}, or drop it"
            )
    for name in problem.symbols:
        if name not in problem.where:
            raise FullmarksError(
                f"{path}: symbol: there is no computed quantity {ascii_line(name)}{nearest(name, problem.where)} "
                "(a given has its own symbol = '…')"
            )
    for name in problem.reasons:
        if name not in problem.where:
            raise FullmarksError(
                f"{path}: reason: there is no computed quantity {ascii_line(name)}{nearest(name, problem.where)}"
            )
        if isinstance(problem.where[name], Call | Shown):
            raise FullmarksError(f"{path}: reason: {name}: only arithmetic in the working needs one; drop this one")


def _mentioned(problem: Problem, quantities: Collection[str], path: str) -> set[str]:
    """Check every sentence of a problem, and return the quantities they show."""
    used = set()
    results = [f"part {place}: ask" for place, part in enumerate(problem.parts, 1) if part.find]
    for field, text in _prose_of(problem):
        here = f"{path}: {field}"
        check_prose(text, here)
        if not field.startswith(_PLAIN_FIELDS):
            check_braces(text, here)
        _check_formulas(text, here)
        for mention in mentions(text):
            name, dot, result = mention.partition(".")
            if mention == "result" and field in results:
                continue  # the quantity that the part finds, as in the operators' own wording
            if name not in quantities:
                raise FullmarksError(f"{here}: {{{mention}}}: there is no quantity {name!r}{nearest(name, quantities)}")
            if dot:
                check_result(Result(name, result), problem.where, here)
            if field.startswith(_WITHOUT_QUANTITIES):
                raise FullmarksError(f"{here}: {{{mention}}}: quantities are shown in setting, ask and points only")
            used.add(name)
    return used


def _check_formulas(text: str, where: str) -> None:
    """Refuse LaTeX that cannot be read, before anything is worked."""
    if "$" not in text:
        return
    from fullmarks.math.notation.latex_reader import read_prose

    try:
        read_prose(text)
    except FullmarksError as problem:
        raise FullmarksError(f"{where}: {problem}") from None


def _prose_of(problem: Problem) -> list[tuple[str, str]]:
    fields = [
        ("title", problem.title),
        ("source", problem.source),
        ("topic", problem.topic),
        ("setting", problem.setting),
    ]
    fields += [("tags", tag) for tag in problem.tags]
    for name, given in problem.given.items():
        fields += [(f"given: {name}: label", given.label), (f"given: {name}: symbol", _in_dollars(given.symbol))]
    fields += [(f"symbol: {name}", _in_dollars(symbol)) for name, symbol in problem.symbols.items()]
    fields += [(f"reason: {name}", reason) for name, reason in problem.reasons.items()]
    fields += [(f"shown: {name}", label) for name, label in problem.shown.items()]
    for place, part in enumerate(problem.parts, 1):
        fields.append((f"part {place}: ask", part.ask or ""))
        fields += [(f"part {place}: points: entry {entry}", point.words) for entry, point in enumerate(part.points, 1)]
    return fields


def _in_dollars(symbol: str) -> str:
    return "$" + symbol.replace("$", r"\$") + "$" if symbol else ""
