"""Composing the marking scheme: the working with what each mark is for, and what to give for known wrong answers."""

from collections.abc import Callable, Sequence

from fullmarks.document.blocks import Block, Document, Formula, Inlines, Paragraph, Table, Words
from fullmarks.document.prose import inlines
from fullmarks.document.question import Label, provenance, question_part, statement
from fullmarks.document.solution import worked_part
from fullmarks.marking.allocation import MarkedPart, MarkedSolution
from fullmarks.marking.wrong_answers import WrongAnswer, wrong_answers
from fullmarks.math.expression import Expr, Index, Shape
from fullmarks.math.marks import Mark
from fullmarks.math.notation import Node, Script, Text
from fullmarks.math.numbers import Exact, common_places, entry_places
from fullmarks.math.symbols import on_one_line
from fullmarks.math.writing import is_size, matrix, number, planes, shown_indices, times
from fullmarks.solution.solve import Solution


def scheme_document(marked: MarkedSolution, *, pictures: bool = True) -> Document:
    """Return the marking scheme of one problem, with the pictures that operators draw or without."""
    solution = marked.solution
    blocks = (*statement(solution), *scheme_parts(marked, pictures=pictures))
    return Document(solution.instance.problem.title, blocks, subtitle=provenance(solution), kind="scheme")


def scheme_parts(marked: MarkedSolution, labels: Sequence[Label] = (), *, pictures: bool = True) -> list[Block]:
    """Return every part with its working, what its marks are for, and its known wrong answers."""
    solution = marked.solution
    blocks = []
    for place, (part, wrong) in enumerate(zip(marked.parts, wrong_answers(marked), strict=True)):
        below = (
            *worked_part(solution, part, pictures=pictures),
            *_purposes(part),
            *_wrong_table(wrong, part, solution),
        )
        blocks.append(question_part(solution, part, *below, label=labels[place] if labels else None))
    return blocks


def _purposes(part: MarkedPart) -> list[Block]:
    """Say what the marks in the margin are for."""
    purposes = [_purpose(mark, line.line.symbol) for line in part.lines for mark in line.marks]
    if part.discussion_marks and part.solved.part.find:
        purposes.append((Words(f"B{part.discussion_marks} comment"),))
    if not purposes:
        return []
    listed = [inline for purpose in purposes for inline in (Words("; "), *purpose)][1:]
    return [Paragraph((Words("Marks: ", "strong"), *listed, Words(".")), style="note")]


def _purpose(mark: Mark, symbol: Node) -> Inlines:
    """Say what a mark is for; "values" and other single words of accuracy say of which line."""
    words = inlines(f"{mark.code}{mark.worth} {mark.purpose}")
    if mark.code == "A" and " " not in mark.purpose:
        return (*words, Words(" of "), Formula(on_one_line(symbol)))
    return words


def _wrong_table(wrong: list[WrongAnswer], part: MarkedPart, solution: Solution) -> list[Block]:
    if not wrong:
        return []
    header: tuple[Inlines, ...] = ((Words("If you see"),), (Words("because the candidate"),), (Words("give"),))
    rows = tuple(
        (
            value_inlines(answer, solution.places, part.solved.answer),
            inlines(
                "; or ".join(answer.because) + ("; carried forward" if answer.carried else ""),
                lambda name: solution.symbols.get(name, name),
            ),
            (Words(f"{answer.give} of {part.marks}"),),
        )
        for answer in wrong
    )
    return [Table(header, rows)]


def value_inlines(answer: WrongAnswer, places: int, right: Expr | None = None) -> Inlines:
    """Write a wrong answer to fit a table: a vector as a row with T for transposed, a size as the right one is.

    Matrices of an array with more than two axes are formulas of their own, so that a line may end between them.
    """
    shape = answer.value.shape
    common = common_places((_number(answer, index) for index in shown_indices(shape)), places) if shape else places

    def written(index: Index) -> Node:
        found = _number(answer, index)
        return number(found, entry_places(found, places, common)).node

    if right is not None and is_size(right):
        return (Formula(times(tuple(written((place,)) for place in range(shape[0])))),)
    if len(shape) == 1 and answer.value.size > 1:
        row = matrix((1, *shape), lambda index: written(index[1:]))
        return (Formula(Script(row, above=Text("T"))),)
    matrices = [Formula(_plane(shape[len(plane) :], plane, written)) for plane in planes(shape)]
    return tuple(inline for formula in matrices for inline in (Words(", "), formula))[1:]


def _plane(shape: Shape, plane: Index, written: Callable[[Index], Node]) -> Node:
    return matrix(shape, lambda index: written((*plane, *index)))


def _number(answer: WrongAnswer, index: Index) -> Exact:
    found: Exact = answer.numbers[index]
    return found
