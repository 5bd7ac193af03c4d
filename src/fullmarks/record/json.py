"""Solutions as JSON: every number in full, the printed lines as LaTeX, marks, ranges and known wrong answers."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from fullmarks.document.blocks import Formula, Inlines, Picture, Words
from fullmarks.document.prose import inlines, paragraphs
from fullmarks.document.question import ask, picture, point_text, shown_in_prose, stated_names
from fullmarks.document.tables import headings_of
from fullmarks.marking.accepted import accepted_range
from fullmarks.marking.allocation import MarkedLine, MarkedPart, MarkedSolution
from fullmarks.marking.wrong_answers import WrongAnswer, wrong_answers
from fullmarks.math.elementary import nearest_float
from fullmarks.math.expression import Array, Expr
from fullmarks.math.headings import Headings
from fullmarks.math.history import exact_values, plain_values
from fullmarks.math.notation import Node, Row
from fullmarks.math.notation.latex import latex
from fullmarks.math.number_arrays import without_last_digits
from fullmarks.solution.lines import LineRow
from fullmarks.solution.solve import Solution

if TYPE_CHECKING:
    from fullmarks.math.exact_forms import ExactForms

FORMAT = "fullmarks/solution/1"


def solution_dict(marked: MarkedSolution) -> dict[str, Any]:
    """Return a solution as the dictionary that ``--format json`` prints."""
    solution = marked.solution
    instance = solution.instance
    return {
        "format": FORMAT,
        "id": instance.problem.id,
        "title": instance.problem.title,
        "seed": instance.seed,
        "source": instance.problem.source,
        "setting": _setting(solution),
        "given": {name: data(solution.worked.quantities[name]) for name in instance.values},
        "labels": _labels(solution),
        "symbols": _symbols(solution, solution.symbols),
        "quantities": {
            name: said(solution, name, value)
            for name, value in solution.worked.quantities.items()
            if name not in instance.values
        },
        "parts": [_part(marked, part, wrong) for part, wrong in zip(marked.parts, wrong_answers(marked), strict=True)],
    }


def _part(marked: MarkedSolution, part: MarkedPart, wrong: list[WrongAnswer]) -> dict[str, Any]:
    solution, solved = marked.solution, part.solved
    record: dict[str, Any] = {"label": solved.label}
    operator = solved.operator
    if solved.part.find:
        record["find"] = solved.part.find
    if solved.discussion_operator is not None:
        record["discuss"] = solved.discussion_operator.name
        operator = operator or solved.discussion_operator
    record["operator"] = operator.name if operator else None
    record["ask"] = plain_text(ask(solution, solved))
    record["marks"] = part.marks
    points = [{"text": point_words(solution, part, point.point.words), "marks": point.marks} for point in part.points]
    if isinstance(solved.answer, Expr):
        record["answer"] = said(solution, solved.part.find or "", solved.answer)
        record["latex"] = "; ".join(latex(_without_relation(row.right)) for row in solved.answer_rows)
        record |= accept(marked, part)
        if solution.layout.exact_forms is not None:
            record |= _exact(solved.answer, solution.layout.exact_forms)
        record["steps"] = [_step(line) for line in part.lines]
        figures = [block.figure.alt for block in picture(solved, solution) if isinstance(block, Picture)]
        if figures:
            record["figure"] = figures[0]
        record["wrong"] = wrong_records(wrong)
    else:
        record["answer"] = [point["text"] for point in points]
    if points:
        record["points"] = points
        record["needed"] = part.needed
        record["discussion_marks"] = part.discussion_marks
    return record


def accept(marked: MarkedSolution, part: MarkedPart) -> dict[str, Any]:
    """Return the range that is accepted for a part's answer under ``accept``, or nothing if there is none."""
    reach = accepted_range(marked, part)
    return {} if reach is None else {"accept": {"low": numbers(reach.low), "high": numbers(reach.high)}}


def wrong_records(wrong: list[WrongAnswer]) -> list[dict[str, Any]]:
    """Return the known wrong answers of a part, each with its reason and the marks to give for it."""
    return [
        {
            "answer": numbers(plain_values(one.numbers)),
            "because": plain_text(inlines("; or ".join(one.because), lambda name: name)),
            "give": one.give,
            "carried": one.carried,
        }
        for one in wrong
    ]


def _setting(solution: Solution) -> list[str]:
    return [
        plain_text(inlines(text, lambda name: shown_in_prose(solution, name)))
        for text in paragraphs(solution.instance.problem.setting)
    ]


def _symbols(solution: Solution, names: Iterable[str]) -> dict[str, str]:
    """Return the symbols of quantities that are numbers or arrays, as LaTeX."""
    quantities = solution.worked.quantities
    return {name: latex(solution.symbols[name]) for name in names if isinstance(quantities[name], Expr)}


def _labels(solution: Solution) -> dict[str, str]:
    """Return what the question calls the quantities that it states, where it has a label for them."""
    problem = solution.instance.problem
    labels = {name: given.label for name, given in problem.given.items()} | dict(problem.shown)
    return {name: plain_text(inlines(labels[name])) for name in stated_names(solution) if labels.get(name)}


def point_words(solution: Solution, part: MarkedPart, words: str) -> str:
    """Return a point of a discussion as plain text: a problem's own words, or its operator's as they are."""
    return plain_text(point_text(solution, part.solved, words)) if part.solved.part.points else words


def _exact(answer: Expr, forms: "ExactForms") -> dict[str, Any]:
    """Return the exact forms of an answer as texts, ``None`` for what is left out, and a note where something is."""
    from fullmarks.solution.exact_answers import TOO_LONG, exact_texts  # with SymPy behind it

    texts, is_complete = exact_texts(answer, forms)
    return {"exact": texts} if is_complete else {"exact": texts, "exact_note": TOO_LONG}


def _without_relation(right: Node) -> Node:
    return Row(right.items[1:]) if isinstance(right, Row) else right


def _step(marked: MarkedLine) -> dict[str, Any]:
    """Return a line of working: its rows as LaTeX, with ``notes`` on them, and after them the rows of its check."""
    line = marked.line
    rows = [*line.rows, *line.checks]
    step: dict[str, Any] = {
        "text": line.reason,
        "latex": [_row(row) for row in rows],
        "notes": [row.note for row in rows],
        "marks": mark_records(marked),
    }
    headings = headings_of(line.expression)
    if headings is not None:
        step["table"] = records(line.expression, headings)
    if line.checks:
        step["check"] = {"text": line.check_words, "latex": [_row(row) for row in line.checks]}
    return step


def _row(row: LineRow) -> str:
    return latex(row.right if row.left is None else Row((row.left, row.right)))


def mark_records(marked: MarkedLine) -> list[dict[str, Any]]:
    """Return the marks of a line."""
    return [{"code": mark.code, "worth": mark.worth, "for": mark.purpose} for mark in marked.marks]


def plain_text(text: Inlines) -> str:
    """Return a sentence as plain text, its mathematics as LaTeX between dollars."""
    pieces = []
    for part in text:
        match part:
            case Words(words):
                pieces.append(words)
            case Formula(node):
                pieces.append(f"${latex(node)}$")
    return "".join(pieces)


def said(solution: Solution, name: str, value: Any) -> Any:
    """Return a quantity as its operator says it, in words or in numbers."""
    words = solution.worked.in_words(name)
    return data(value) if words is None else words


def data(value: Any) -> Any:
    """Return a quantity as JSON has it: exact numbers where they are known, words as they are."""
    if not isinstance(value, Expr):
        return list(value) if isinstance(value, tuple) else value
    headings = headings_of(value)
    return numbers(exact_values(value)) if headings is None else records(value, headings)


def records(value: Expr, headings: Headings) -> list[dict[str, Any]]:
    """Return an array with headings as one dictionary a row: words, sizes as lists, and its numbers."""
    keys = [key for key, _text in headings.columns]
    cells = [[list(head) if isinstance(head, tuple) else head for head in heads] for heads in headings.rows]
    return [dict(zip(keys, [*heads, *row], strict=True))
            for heads, row in zip(cells, numbers(exact_values(value)), strict=True)]  # fmt: skip


def numbers(array: Array) -> Any:
    """Return nested lists of shortest round-trip numbers, whole ones as integers; letters are texts as they are.

    Arrays of floats are those that were too large to be worked number by number: their last digits are left out.
    """
    return _numbers((array if array.dtype == object else without_last_digits(array)).tolist())


def _numbers(entries: Any) -> Any:
    if isinstance(entries, list):
        return [_numbers(entry) for entry in entries]
    return entries if isinstance(entries, str) else number(entries)


def number(value: Fraction | float) -> int | float:
    """Return a whole number as an integer, without a negative zero, and any other as the nearest float."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else nearest_float(value)
    return int(value) if np.isfinite(value) and value == int(value) and abs(value) < 2**53 else float(value)


def question_only(marked: MarkedSolution) -> dict[str, Any]:
    """Return the question as data, without anything that was worked out."""
    solution = marked.solution
    instance = solution.instance
    return {
        "format": "fullmarks/question/1",
        "id": instance.problem.id,
        "title": instance.problem.title,
        "seed": instance.seed,
        "source": instance.problem.source,
        "setting": _setting(solution),
        "given": {name: data(solution.worked.quantities[name]) for name in stated_names(solution)},
        "labels": _labels(solution),
        "symbols": _symbols(solution, stated_names(solution)),
        "parts": [
            {"label": part.solved.label, "ask": plain_text(ask(solution, part.solved)), "marks": part.marks}
            for part in marked.parts
        ],
    }
