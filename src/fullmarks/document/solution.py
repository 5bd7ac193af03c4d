"""Composing the worked solution: every part's question, its lines with marks in the margin, and its answer."""

from fullmarks.document.blocks import Answer, Block, Bullets, Document, Item, Paragraph, Step, Words, Working
from fullmarks.document.prose import inlines
from fullmarks.document.question import picture, point_text, provenance, question_part, statement
from fullmarks.document.tables import headings_of, table_block
from fullmarks.marking.allocation import MarkedLine, MarkedPart, MarkedSolution
from fullmarks.math.marks import Mark
from fullmarks.math.notation import Fence, Node, Row, Space, Text
from fullmarks.solution.lines import LineRow
from fullmarks.solution.solve import Solution

LINES_WITH_A_HEADING = 2  # a part with lines of several quantities says whose they are


def solution_document(marked: MarkedSolution, *, pictures: bool = True) -> Document:
    """Return the question with its worked solution, with the pictures that operators draw or without."""
    solution = marked.solution
    parts = [question_part(solution, part, *worked_part(solution, part, pictures=pictures)) for part in marked.parts]
    problem = solution.instance.problem
    return Document(problem.title, (*statement(solution), *parts), subtitle=provenance(solution), kind="solution")


def worked_part(solution: Solution, part: MarkedPart, *, pictures: bool = True) -> list[Block]:
    """Return the working, the answer and the points of one part, with marks in the margin."""
    blocks: list[Block] = picture(part.solved, solution) if pictures else []
    stated = part.solved.answer_rows
    marks_of_answer = "" if part.lines or part.points else f"B{part.marks}"
    if stated and not part.lines:
        blocks.append(Paragraph((Words("This was worked out above."),), style="note"))
    headings = headings_of(part.solved.answer)
    if part.solved.answer is not None and headings is not None and not part.lines:
        blocks.append(table_block(part.solved.answer, headings, solution.places))
    for marked in part.lines:
        dropped = len(stated) if marked is part.lines[-1] and _states_the_answer(marked, part) else 0
        line, below = _line(marked, dropped, solution.places)
        blocks += line
        marks_of_answer = below
    for row in stated:
        formula = Row((row.left, row.right)) if row.left is not None else row.right
        if row is stated[-1]:
            blocks.append(Answer(_with_words(formula, solution, part), marks_of_answer))
        else:
            blocks.append(Answer(formula))
    for row in part.solved.exact_rows:
        blocks.append(Answer(Row((row.left, row.right)) if row.left is not None else row.right))
    if part.solved.note:
        blocks.append(Paragraph((Words(part.solved.note),), style="note"))
    return [*blocks, *_points(solution, part)]


def _with_words(formula: Node, solution: Solution, part: MarkedPart) -> Node:
    """Put what an answer means in words, such as the label of a class, behind it."""
    said = solution.worked.in_words(part.solved.part.find or "")
    if said is None:
        return formula
    words = said if isinstance(said, str) else ", ".join(said)
    return Row((formula, Space("wide"), Fence(Text(words))))


def _states_the_answer(marked: MarkedLine, part: MarkedPart) -> bool:
    """Tell whether a line ends with exactly the rows of the part's answer, which need not be printed twice."""
    stated = part.solved.answer_rows
    last = marked.line.rows[-len(stated) :] if stated else ()
    return (
        bool(stated)
        and marked.line.expression is part.solved.answer
        and [_result(row) for row in last] == [_result(row) for row in stated]
        and not any(row.note for row in last)
    )


def _result(row: LineRow) -> Node:
    """Return what a row ends with: its right side without the relation, which may be = for a row and ≈ for all."""
    return Row(row.right.items[1:]) if isinstance(row.right, Row) else row.right


def _points(solution: Solution, part: MarkedPart) -> list[Block]:
    """Return the points of a discussion, with how many of them are enough."""
    if not part.points:
        return []
    items = [
        Item(point_text(solution, part.solved, point.point.words), f"B{point.marks}" if point.marks else "")
        for point in part.points
    ]
    points = Bullets(tuple(items))
    if part.needed == len(part.points):
        return [points]
    enough = f"Any {part.needed} of these points, {part.discussion_marks} marks at most:"
    return [Paragraph((Words(enough),)), points]


def _line(marked: MarkedLine, dropped: int, places: int) -> tuple[list[Block], str]:
    """Return a line's reason and rows without the last ``dropped``, and the marks that stood on those.

    Method marks stand at the first row, accuracy marks at the last.
    """
    line = marked.line
    headings = headings_of(line.expression)
    if headings is not None:
        reason = Paragraph(inlines(line.reason), mark_text(list(marked.marks)))
        return [reason, table_block(line.expression, headings, places)], ""
    marks = [""] * len(line.rows)
    marks[0] = mark_text([mark for mark in marked.marks if mark.code == "M"])
    accuracy = mark_text([mark for mark in marked.marks if mark.code != "M"])
    marks[-1] = f"{marks[-1]} {accuracy}".strip()
    kept = len(line.rows) - dropped
    steps = [_step(row, text) for row, text in zip(line.rows[:kept], marks, strict=False)]
    blocks: list[Block] = [Paragraph(inlines(line.reason), style="note")] if line.reason else []
    blocks += [Working(tuple(steps))] if steps else []
    if line.checks:
        blocks.append(Paragraph(inlines(f"Check: {line.check_words}"), style="note"))
        blocks.append(Working(tuple(_step(row, "") for row in line.checks)))
    return blocks, " ".join(text for text in marks[kept:] if text)


def _step(row: LineRow, marks: str) -> Step:
    return Step(row.left, row.right, marks, row.note)


def mark_text(marks: list[Mark]) -> str:
    """Write marks as a scheme does: ``M1 A2``."""
    return " ".join(f"{mark.code}{mark.worth}" for mark in marks)
