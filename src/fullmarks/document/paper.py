"""Composing an exam: the question paper with its cover, and the marking scheme that belongs to it."""

from typing import Literal

from msgspec import Struct

from fullmarks.document.blocks import Block, Cover, Document, Heading, Labelled, Paragraph, Table, Total, Words
from fullmarks.document.question import Label, question_part, statement
from fullmarks.document.scheme import scheme_parts
from fullmarks.marking.allocation import MarkedSolution
from fullmarks.solution.solve import roman

CANDIDATE = ("Candidate’s name", "Candidate’s number")
MARKS_BESIDE = "The marks for each part stand in brackets beside it."
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Question(Struct, frozen=True):
    """One question of a paper: one problem, or several as its parts (a), (b) and so on."""

    problems: tuple[MarkedSolution, ...]

    @property
    def marks(self) -> int:
        """The marks of the question."""
        return sum(problem.total for problem in self.problems)


class CoverText(Struct, frozen=True):
    """What the head of a paper says."""

    title: str
    session: str
    date: str
    duration: str
    instructions: tuple[str, ...]
    version: str  # tells papers of one exam apart; empty for the only one


def paper_document(cover: CoverText, questions: tuple[Question, ...]) -> Document:
    """Return the question paper: nothing in it tells an answer."""
    total = sum(question.marks for question in questions)
    head = Cover(
        session=cover.session,
        date=cover.date,
        duration=cover.duration,
        total=_marks(total),
        instructions=(*cover.instructions, MARKS_BESIDE),
        candidate=tuple((asked, "") for asked in CANDIDATE),
    )
    blocks: list[Block] = [head]
    for number, question in enumerate(questions, 1):
        blocks.append(Labelled(f"{number}.", tuple(_question(question, scheme=False)), "question"))
        blocks.append(Total(f"({_marks(question.marks)})"))
    return Document(cover.title, tuple(blocks), kind="paper", footer=_footer(cover))


def scheme_of_paper(cover: CoverText, questions: tuple[Question, ...]) -> Document:
    """Return the marking scheme: working with marks, known wrong answers, and the table of marks."""
    blocks: list[Block] = [_marks_table(questions), _legend()]
    for number, question in enumerate(questions, 1):
        blocks.append(Heading((Words(f"Question {number} ({_marks(question.marks)})"),)))
        blocks += _question(question, scheme=True)
    subtitle = " · ".join(part for part in (cover.session, cover.date) if part)
    return Document(f"Marking scheme: {cover.title}", tuple(blocks), subtitle, kind="scheme", footer=_footer(cover))


def _question(question: Question, *, scheme: bool) -> list[Block]:
    if len(question.problems) == 1:
        return _problem(question.problems[0], "part", scheme=scheme)
    return [
        Labelled(f"({letter})", tuple(_problem(problem, "subpart", scheme=scheme)), "part")
        for letter, problem in zip(LETTERS, question.problems, strict=False)
    ]


def _problem(marked: MarkedSolution, kind: Literal["part", "subpart"], *, scheme: bool) -> list[Block]:
    """Return a problem's statement and parts: (a), (b) … or, below those, (i), (ii) …; a single part has no label."""
    labels = [Label(_numeral(place, kind) if len(marked.parts) > 1 else "", kind) for place in range(len(marked.parts))]
    blocks = statement(marked.solution)
    if scheme:
        return [*blocks, *scheme_parts(marked, labels)]
    parts = zip(marked.parts, labels, strict=True)
    return [*blocks, *(question_part(marked.solution, part, label=label) for part, label in parts)]


def _numeral(place: int, kind: Literal["part", "subpart"]) -> str:
    return f"({LETTERS[place]})" if kind == "part" else f"({roman(place + 1)})"


def _marks_table(questions: tuple[Question, ...]) -> Table:
    header = ((Words("Question"),), (Words("Marks"),))
    rows = [((Words(str(number)),), (Words(str(question.marks)),)) for number, question in enumerate(questions, 1)]
    total = ((Words("Total", "strong"),), (Words(str(sum(question.marks for question in questions)), "strong"),))
    return Table(header, (*rows, total))


def _legend() -> Paragraph:
    return Paragraph(
        (
            Words(
                "M: method, given for the right step even with wrong numbers. A: accuracy, given for the right value "
                "where its method was seen; a value that follows rightly from an earlier wrong one earns it too. "
                "B: independent of method. Answers that differ in the last place by rounding on the way are right."
            ),
        ),
        style="note",
    )


def _marks(count: int) -> str:
    return f"{count} Mark{'s' if count != 1 else ''}"


def _footer(cover: CoverText) -> str:
    return f"Paper {cover.version}" if cover.version else ""
