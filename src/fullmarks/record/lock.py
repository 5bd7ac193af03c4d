"""What an exam's lock file holds of a problem: enough to mark a script without drawing or working anything again."""

from typing import Any

from fullmarks.marking.allocation import MarkedPart, MarkedSolution
from fullmarks.marking.wrong_answers import WrongAnswer, wrong_answers
from fullmarks.math.expression import Expr
from fullmarks.record.json import accept, data, mark_records, point_words, said, wrong_records


def locked_problem(marked: MarkedSolution) -> dict[str, Any]:
    """Return a problem's drawn numbers and, part by part, its answer, accepted range, marks and wrong answers.

    Nothing is laid out for it, and the wrong answers are those that the marking scheme was made with.
    """
    solution = marked.solution
    given = solution.instance.values
    quantities = solution.worked.quantities
    return {
        "id": solution.instance.problem.id,
        "seed": solution.instance.seed,
        "given": {name: data(quantities[name]) for name in given},
        "quantities": {name: said(solution, name, value) for name, value in quantities.items() if name not in given},
        "parts": [_part(marked, part, wrong) for part, wrong in zip(marked.parts, wrong_answers(marked), strict=True)],
    }


def _part(marked: MarkedSolution, part: MarkedPart, wrong: list[WrongAnswer]) -> dict[str, Any]:
    solved = part.solved
    record: dict[str, Any] = {"label": solved.label}
    if solved.part.find:
        record["find"] = solved.part.find
    if solved.discussion_operator is not None:
        record["discuss"] = solved.discussion_operator.name
    record["marks"] = part.marks
    words = [point_words(marked.solution, part, point.point.words) for point in part.points]
    if isinstance(solved.answer, Expr):
        record["answer"] = said(marked.solution, solved.part.find or "", solved.answer)
        record |= accept(marked, part)
    else:
        record["answer"] = words
    record["lines"] = [
        {
            "quantity": line.line.quantity,
            "line": line.line.name,
            "value": data(line.line.expression),
            "marks": mark_records(line),
        }
        for line in part.lines
        if line.marks
    ]
    if isinstance(solved.answer, Expr):
        record["wrong"] = wrong_records(wrong)
    if words:
        record["points"] = [{"text": text, "marks": one.marks} for text, one in zip(words, part.points, strict=True)]
        record["needed"] = part.needed
    return record
