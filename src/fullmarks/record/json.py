"""Solutions as JSON: every number in full, the printed lines as LaTeX, marks, ranges and known wrong answers."""

from typing import Any

import numpy as np

from fullmarks.document.blocks import Formula, Inlines, Words
from fullmarks.document.prose import inlines, paragraphs
from fullmarks.document.question import ask, shown_in_prose
from fullmarks.marking.accepted import LARGEST_RANGE, accepted
from fullmarks.marking.allocation import MarkedLine, MarkedPart, MarkedSolution
from fullmarks.marking.wrong_answers import WrongAnswer, wrong_answers
from fullmarks.math.expression import Array, Expr
from fullmarks.math.history import exact_values
from fullmarks.math.notation import Node, Row
from fullmarks.math.notation.latex import latex
from fullmarks.solution.solve import Solution

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
        "given": {name: _data(solution.worked.quantities[name]) for name in instance.values},
        "quantities": {
            name: _said(solution, name, value)
            for name, value in solution.worked.quantities.items()
            if name not in instance.values
        },
        "parts": [
            _part(solution, part, wrong) for part, wrong in zip(marked.parts, wrong_answers(marked), strict=True)
        ],
    }


def _part(solution: Solution, part: MarkedPart, wrong: list[WrongAnswer]) -> dict[str, Any]:
    solved = part.solved
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
    points = [{"text": point.point.words, "marks": point.marks} for point in part.points]
    if isinstance(solved.answer, Expr):
        record["answer"] = _said(solution, solved.part.find or "", solved.answer)
        record["latex"] = "; ".join(latex(_without_relation(row.right)) for row in solved.answer_rows)
        if solved.answer.size <= LARGEST_RANGE:
            reach = accepted(solved.answer, solution)
            record["accept"] = {"low": numbers(reach.low), "high": numbers(reach.high)}
        record["steps"] = [_step(line) for line in part.lines]
        record["wrong"] = [
            {
                "answer": numbers(one.value),
                "because": plain_text(inlines("; or ".join(one.because), lambda name: name)),
                "give": one.give,
            }
            for one in wrong
        ]
    else:
        record["answer"] = [point["text"] for point in points]
    if points:
        record["points"] = points
        record["needed"] = part.needed
    return record


def _without_relation(right: Node) -> Node:
    return Row(right.items[1:]) if isinstance(right, Row) else right


def _step(marked: MarkedLine) -> dict[str, Any]:
    rows = [*marked.line.rows, *marked.line.checks]
    return {
        "text": marked.line.reason,
        "latex": [latex(row.right if row.left is None else Row((row.left, row.right))) for row in rows],
        "marks": [{"code": mark.code, "worth": mark.worth, "for": mark.purpose} for mark in marked.marks],
    }


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


def _said(solution: Solution, name: str, value: Any) -> Any:
    """Return a quantity as its operator says it, in words or in numbers."""
    said = solution.worked.in_words(name)
    return _data(value) if said is None else said


def _data(value: Any) -> Any:
    """Return a quantity as JSON has it: exact numbers where they are known, words as they are."""
    if not isinstance(value, Expr):
        return list(value) if isinstance(value, tuple) else value
    return numbers(exact_values(value))


def numbers(array: Array) -> Any:
    """Return nested lists of shortest round-trip numbers, whole ones as integers."""
    if array.ndim == 0:
        return number(float(array))
    return [numbers(part) for part in array]


def number(value: float) -> int | float:
    """Return a whole number as an integer, without a negative zero."""
    return int(value) if np.isfinite(value) and value == int(value) and abs(value) < 2**53 else value


def question_only(marked: MarkedSolution) -> dict[str, Any]:
    """Return the question as data, without anything that was worked out."""
    solution = marked.solution
    instance = solution.instance
    return {
        "format": "fullmarks/question/1",
        "id": instance.problem.id,
        "title": instance.problem.title,
        "seed": instance.seed,
        "setting": [
            plain_text(inlines(text, lambda name: shown_in_prose(solution, name)))
            for text in paragraphs(instance.problem.setting)
        ],
        "given": {name: _data(solution.worked.quantities[name]) for name in instance.values},
        "parts": [
            {"label": part.solved.label, "ask": plain_text(ask(solution, part.solved)), "marks": part.marks}
            for part in marked.parts
        ],
    }
