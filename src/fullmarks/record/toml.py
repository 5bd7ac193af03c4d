"""Problems as problem files: TOML that reads like one a lecturer wrote, and solves to the same answers."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from fullmarks.errors import FullmarksError
from fullmarks.marking.allocation import MarkedSolution
from fullmarks.problem.files import LARGEST_PROBLEM
from fullmarks.problem.formula_text import condition_text, formula_text
from fullmarks.problem.model import Given, OwnPoint, Part, Problem
from fullmarks.problem.reading import problem_from_text
from fullmarks.record.portable import asked_problem, portable_problem
from fullmarks.record.toml_values import array, inline_table, string, value


def toml_text(marked: MarkedSolution, *, question_only: bool = False) -> str:
    """Return the text of a problem file that solves to the same answers, with no number of them in it.

    ``question_only`` leaves out what answers in words as well: hidden givens, reasons, and the problem's own points.
    Raises ``FullmarksError`` where a problem file cannot hold the problem.
    """
    problem = asked_problem(marked.solution) if question_only else portable_problem(marked.solution)
    text = problem_text(problem)
    _refuse_loss(problem, text)
    return text


def problem_text(problem: Problem) -> str:
    """Write a problem as a problem file; ``path`` is not kept.

    Raises ``FullmarksError`` for a number of more digits than a problem file may have.
    """
    heading = {"id": problem.id, "title": problem.title, "topic": problem.topic, "level": problem.level,
               "source": problem.source}  # fmt: skip
    lines = [f"{key} = {string(text)}" for key, text in heading.items() if text]
    if problem.tags:
        lines.append(f"tags = {array([string(tag) for tag in problem.tags])}")
    if problem.setting:
        setting = problem.setting + "\n"  # so that the closing quotes have their own line
        lines.append(f"setting = {string(setting)}")
    if problem.require:
        lines.append(f"require = {array([string(condition_text(condition)) for condition in problem.require])}")
    sections = [
        lines,
        *_given_sections(problem.given.values()),
        *_text_section("where", {name: formula_text(formula) for name, formula in problem.where.items()}),
        *_text_section("symbol", problem.symbols),
        *_text_section("shown", problem.shown),
        *_text_section("reason", problem.reasons),
        *(_part_section(part) for part in problem.parts),
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _refuse_loss(problem: Problem, text: str) -> None:
    """Raise ``FullmarksError`` unless reading ``text`` gives ``problem`` again."""
    refusal = f"{problem.id}: cannot be written as a problem file"
    size = len(text.encode())
    if size > LARGEST_PROBLEM:
        raise FullmarksError(f"{refusal}: its numbers take {size:,} bytes; at most {LARGEST_PROBLEM:,} are read")
    try:
        read = problem_from_text(text, problem.id)
    except FullmarksError as reason:
        raise FullmarksError(f"{refusal}: {reason}") from reason
    if replace(read, path="") != problem or list(read.given) != list(problem.given):
        raise FullmarksError(f"{refusal}: it would not be read as it is meant")


def _given_sections(givens: Iterable[Given]) -> list[list[str]]:
    """Return ``[given]`` with plain values, then a section for each given that has more to say.

    A plain value that comes after such a section has one as well, so that the order stays.
    """
    sections: list[list[str]] = []
    for given in givens:
        is_plain = not (given.label or given.symbol or given.draw is not None)
        if is_plain and len(sections) <= 1 and (not sections or sections[0][0] == "[given]"):
            sections = sections or [["[given]"]]
            sections[0].append(f"{given.name} = {value(given.value, given.name)}")
        else:
            sections.append(_given_section(given))
    return sections


def _given_section(given: Given) -> list[str]:
    lines = [f"[given.{given.name}]"]
    lines += [f"{key} = {string(text)}" for key, text in (("label", given.label), ("symbol", given.symbol)) if text]
    if given.stated:
        lines.append(f"value = {value(given.value, given.name)}")
    if given.draw is not None:
        lines.append(f"draw = {inline_table(given.draw, given.name, shape_follows=given.stated)}")
    return lines


def _text_section(name: str, texts: Mapping[str, str]) -> list[list[str]]:
    return [[f"[{name}]", *(f"{key} = {string(text)}" for key, text in texts.items())]] if texts else []


def _part_section(part: Part) -> list[str]:
    texts = {"find": part.find, "discuss": formula_text(part.discuss) if part.discuss is not None else None,
             "ask": part.ask}  # fmt: skip
    lines = ["[[part]]", *(f"{key} = {string(text)}" for key, text in texts.items() if text is not None)]
    if part.points:
        lines.append(f"points = {array([_point(point) for point in part.points])}")
    counts = {"needed": part.needed, "marks": part.marks}
    return [*lines, *(f"{key} = {count}" for key, count in counts.items() if count is not None)]


def _point(point: OwnPoint) -> str:
    words = string(point.words)
    return words if point.worth == 1 else f"{{ words = {words}, worth = {point.worth} }}"
