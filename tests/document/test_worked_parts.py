"""What a worked part prints: its marks once, and its answer once."""

import re

import pytest
from msgspec.structs import replace

from fullmarks import api
from fullmarks.document.blocks import Answer, Block, Bullets, Document, Paragraph, Working
from fullmarks.document.scheme import scheme_parts
from fullmarks.document.solution import worked_part
from fullmarks.marking.allocation import MarkedPart
from fullmarks.math.marks import A, M
from fullmarks.math.notation import Row
from fullmarks.problem.bank import bank_ids
from fullmarks.render import render_document

EVERY_PROBLEM = pytest.mark.parametrize("problem_id", bank_ids())


def worked(problem_id: str, places: int = 3) -> list[tuple[MarkedPart, list[Block]]]:
    marked = api.solve(api.load(problem_id), places).marked
    return [(part, worked_part(marked.solution, part)) for part in marked.parts]


def worth(marks: str) -> int:
    return sum(int(number) for number in re.findall(r"[MAB](\d+)", marks))


def margin(blocks: list[Block]) -> list[str]:
    """Return the marks beside the working and the answer, in order, without empty ones."""
    marks = []
    for block in blocks:
        match block:
            case Working(steps):
                marks += [step.marks for step in steps]
            case Answer() | Paragraph():
                marks.append(block.marks)
            case _:
                pass
    return [text for text in marks if text]


def answers(blocks: list[Block]) -> list[Answer]:
    return [block for block in blocks if isinstance(block, Answer)]


@EVERY_PROBLEM
def test_every_mark_of_a_part_is_printed_exactly_once(problem_id: str) -> None:
    for part, blocks in worked(problem_id):
        assert sum(worth(text) for text in margin(blocks)) == part.marks - part.discussion_marks
        points = [worth(item.marks) for block in blocks if isinstance(block, Bullets) for item in block.items]
        assert sum(points[: part.needed]) == part.discussion_marks


@EVERY_PROBLEM
def test_no_row_of_working_repeats_the_answer_below_it(problem_id: str) -> None:
    for part, blocks in worked(problem_id):
        stated = [row.right for row in part.solved.answer_rows]
        workings = [block for block in blocks if isinstance(block, Working)]
        assert len(answers(blocks)) == len(stated)
        assert not workings or workings[-1].steps[-1].right not in stated


def test_a_line_with_more_places_than_the_answer_stays_beside_it() -> None:
    part, blocks = worked("attention-by-hand")[1]
    stated = answers(blocks)[0].formula
    last = next(block for block in reversed(blocks) if isinstance(block, Working) and block.steps[-1].left is not None)
    assert isinstance(stated, Row)
    assert last.steps[-1].right != stated.items[-1]
    assert worth(answers(blocks)[0].marks) == 0
    assert part.marks == sum(worth(text) for text in margin(blocks))


def test_marks_of_a_row_that_states_the_answer_stand_beside_the_answer() -> None:
    _, blocks = worked("cnn-pipeline")[3]
    assert [answer.marks for answer in answers(blocks)] == ["A1"]
    assert margin(blocks) == ["M1", "A1"]


def test_a_line_whose_only_row_is_the_answer_leaves_its_reason_and_hands_over_all_marks() -> None:
    marked = api.solve("flatten", x=[[1, 2], [3, 4]]).marked
    line = replace(marked.parts[0].lines[0], marks=(M("order"), A("values", 2)))
    reason, answer = worked_part(marked.solution, replace(marked.parts[0], lines=(line,)))
    assert isinstance(reason, Paragraph)
    assert isinstance(answer, Answer)
    assert answer.marks == "M1 A2"


@EVERY_PROBLEM
def test_a_scheme_never_awards_bare_values(problem_id: str) -> None:
    marked = api.solve(api.load(problem_id)).marked
    text = render_document(Document("T", tuple(scheme_parts(marked))), "md")
    assert isinstance(text, str)
    assert not re.search(r"A\d values?[;.]", text)
