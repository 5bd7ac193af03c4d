"""Blueprints: which problems an exam asks, for how many marks, and what its cover says."""

import datetime as dt
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.bank import bank_files, blueprint_files, find_problem, topics
from fullmarks.problem.files import read_text
from fullmarks.problem.model import Problem
from fullmarks.problem.prose import check_prose
from fullmarks.problem.reading import read_problem, read_toml
from fullmarks.problem.schema import converted
from fullmarks.problem.tokens import ascii_line

MOST_MARKS = 1000  # of one question
MOST_QUESTIONS = 1000
LARGEST_FILE = 1_000_000  # bytes


class BlueprintTable(msgspec.Struct, forbid_unknown_fields=True):
    """The top level of a blueprint."""

    title: str
    question: list[dict[str, Any]]
    session: str = ""
    date: Any = ""
    duration: str = ""
    instructions: list[str] = []
    total: int | None = None


class QuestionTable(msgspec.Struct, forbid_unknown_fields=True):
    """One ``[[question]]``: a ``problem``, several as ``parts``, or ``pick`` of a ``topic``."""

    problem: str | None = None
    parts: list[str] | None = None
    pick: int | None = None
    topic: str | None = None
    level: Literal["easy", "medium", "hard"] | None = None
    per_paper: bool = False
    marks: int | None = None
    numbers: str = "drawn"


class QuestionPlan(Struct, frozen=True):
    """One question to be set; ``pool`` are the ids to pick one from, where it is not fixed."""

    problems: tuple[Problem, ...]
    marks: int | None
    as_printed: bool
    pool: tuple[str, ...] = ()
    per_paper: bool = False


class Blueprint(Struct, frozen=True):
    """An exam to be set."""

    title: str
    session: str
    date: str
    duration: str
    instructions: tuple[str, ...]
    total: int | None
    questions: tuple[QuestionPlan, ...]
    path: str
    hash: str  # of its text


def load_blueprint(what: str) -> Blueprint:
    """Read a blueprint by its id in the bank, or from a file.

    Raises ``FullmarksError`` naming the file and the field for whatever is wrong.
    """
    known = blueprint_files()
    path = known.get(what, Path(what))
    if what not in known and not _is_there(what):
        hint = f"; it is a problem: fullmarks solve {what}" if what in bank_files() else nearest(what, known)
        raise FullmarksError(f"{ascii_line(what)}: there is no such blueprint or file{hint}")
    text = read_text(path, LARGEST_FILE)
    raw_table = read_toml(text, str(path))
    if "part" in raw_table and "question" not in raw_table:
        raise FullmarksError(f"{path}: is a problem, not the blueprint of an exam; try: fullmarks solve {path}")
    table = converted(raw_table, BlueprintTable, str(path))
    if not table.title.strip():
        raise FullmarksError(f'{path}: title: is empty; expected title = "…"')
    for name in ("title", "session", "duration"):
        check_prose(getattr(table, name), f"{path}: {name}")
    for place, instruction in enumerate(table.instructions, 1):
        check_prose(instruction, f"{path}: instructions: entry {place}")
    if not table.question:
        raise FullmarksError(f"{path}: question: there is none; expected at least one [[question]]")
    if len(table.question) > MOST_QUESTIONS:
        raise FullmarksError(
            f"{path}: question: there are {len(table.question):,}; at most {MOST_QUESTIONS:,} are read"
        )
    plans: list[QuestionPlan] = []
    for number, raw in enumerate(table.question, 1):
        where = f"{path}: question {number}"
        plans += _plans(converted(raw, QuestionTable, where), where, path.parent)
    return Blueprint(
        title=table.title,
        session=table.session,
        date=_date(table.date, str(path)),
        duration=table.duration,
        instructions=tuple(table.instructions),
        total=table.total,
        questions=tuple(plans),
        path=str(path),
        hash=sha256(text.encode()).hexdigest(),
    )


def _date(value: Any, path: str) -> str:
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, str):
        check_prose(value, f"{path}: date")
        if value and not any(character.isdigit() for character in value):
            raise FullmarksError(f"{path}: date: {ascii_line(value)} names no day; expected one such as 2026-11-30")
        return value
    raise FullmarksError(f"{path}: date: {value} is no date; expected one such as 2026-11-30")


def _is_there(path: str) -> bool:
    try:
        return bool(path.strip()) and Path(path).exists()
    except (OSError, ValueError):  # too long, or with a NUL in it
        return False


def _plans(table: QuestionTable, where: str, folder: Path) -> list[QuestionPlan]:
    ways = [way for way in ("problem", "parts", "pick") if getattr(table, way) is not None]
    if len(ways) != 1:
        found = " and ".join(ways) or "none of them"
        raise FullmarksError(f"{where}: expected exactly one of problem, parts and pick; found {found}")
    if table.marks is not None and table.marks < 1:
        raise FullmarksError(f"{where}: marks is {table.marks}, expected at least 1")
    if table.marks is not None and table.marks > MOST_MARKS:
        raise FullmarksError(f"{where}: marks is {table.marks}, expected at most {MOST_MARKS}")
    if table.numbers not in ("drawn", "as printed"):
        raise FullmarksError(f'{where}: numbers is {table.numbers!r}, expected "drawn" or "as printed"')
    as_printed = table.numbers == "as printed"
    if table.pick is not None:
        return _picked(table, table.pick, where)
    if table.topic is not None or table.level is not None or table.per_paper:
        raise FullmarksError(f"{where}: topic, level and per_paper go with pick")
    names = table.parts if table.parts is not None else [table.problem or ""]
    if not names:
        raise FullmarksError(f"{where}: parts is empty; expected ids of problems")
    field = "problem" if table.parts is None else "parts"
    problems = tuple(_problem(name, f"{where}: {field}", folder) for name in names)
    if as_printed and len({problem.id for problem in problems}) < len(problems):
        raise FullmarksError(f'{where}: parts: asks a problem twice "as printed"; drop one, or draw its numbers')
    return [QuestionPlan(problems, table.marks, as_printed)]


def _problem(name: str, where: str, folder: Path) -> Problem:
    try:
        return read_problem(folder / name) if name.endswith(".toml") else find_problem(name)
    except FullmarksError as problem:
        raise FullmarksError(f"{where}: {problem}") from problem


def _picked(table: QuestionTable, count: int, where: str) -> list[QuestionPlan]:
    if table.topic is not None and table.topic not in topics():
        raise FullmarksError(
            f"{where}: topic is {table.topic!r}, expected one of {', '.join(topics())}{nearest(table.topic, topics())}"
        )
    pool = [
        name
        for name, path in bank_files().items()
        if table.topic in (None, path.parent.name) and (table.level is None or find_problem(name).level == table.level)
    ]
    if count < 1:
        raise FullmarksError(f"{where}: pick is {count}, expected a whole number of at least 1")
    if count > len(pool):
        raise FullmarksError(f"{where}: pick is {count}, but the bank has {len(pool)} such problems")
    plan = QuestionPlan((), table.marks, table.numbers == "as printed", tuple(pool), table.per_paper)
    return [plan] * count
