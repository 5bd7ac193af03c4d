"""Composing the worked solution: every part's question, its lines with marks in the margin, and its answer."""

from fullmarks.document.blocks import Answer, Block, Bullets, Document, Item, Paragraph, Step, Words, Working
from fullmarks.document.prose import inlines
from fullmarks.document.question import picture, provenance, question_part, statement
from fullmarks.marking.allocation import MarkedLine, MarkedPart, MarkedSolution
from fullmarks.math.marks import Mark
from fullmarks.math.notation import Row
from fullmarks.solution.lines import LineRow
from fullmarks.solution.solve import Solution

LINES_WITH_A_HEADING = 2  # a part with lines of several quantities says whose they are


def solution_document(marked: MarkedSolution) -> Document:
    """Return the question with its worked solution."""
    solution = marked.solution
    parts = [question_part(solution, part, *worked_part(solution, part)) for part in marked.parts]
    problem = solution.instance.problem
    return Document(problem.title, (*statement(solution), *parts), subtitle=provenance(solution), kind="solution")


def worked_part(solution: Solution, part: MarkedPart) -> list[Block]:
    """Return the working, the answer and the points of one part, with marks in the margin."""
    blocks: list[Block] = picture(part.solved, solution)
    for marked in part.lines:
        blocks += _line(marked)
    for row in part.solved.answer_rows:
        blocks.append(Answer(Row((row.left, row.right)) if row.left is not None else row.right))
    if part.points:
        if part.needed < len(part.points):
            blocks.append(
                Paragraph((Words(f"Any {part.needed} of these points, {part.discussion_marks} marks at most:"),))
            )
        blocks.append(
            Bullets(
                tuple(
                    Item(inlines(point.point.words), f"B{point.marks}" if point.marks else "") for point in part.points
                )
            )
        )
    return blocks


def _line(marked: MarkedLine) -> list[Block]:
    """Return a line's reason and its rows: method marks at the first row, accuracy marks at the last."""
    line = marked.line
    first = mark_text([mark for mark in marked.marks if mark.code == "M"])
    last = mark_text([mark for mark in marked.marks if mark.code != "M"])
    steps = []
    for place, row in enumerate(line.rows):
        marks = [first] if place == 0 else []
        marks += [last] if place == len(line.rows) - 1 else []
        steps.append(_step(row, " ".join(text for text in marks if text)))
    blocks: list[Block] = [Paragraph(inlines(line.reason), style="note")] if line.reason else []
    blocks.append(Working(tuple(steps)))
    if line.checks:
        blocks.append(Paragraph(inlines(f"Check: {line.check_words}"), style="note"))
        blocks.append(Working(tuple(_step(row, "") for row in line.checks)))
    return blocks


def _step(row: LineRow, marks: str) -> Step:
    return Step(row.left, row.right, marks, row.note)


def mark_text(marks: list[Mark]) -> str:
    """Write marks as a scheme does: ``M1 A2``."""
    return " ".join(f"{mark.code}{mark.worth}" for mark in marks)
