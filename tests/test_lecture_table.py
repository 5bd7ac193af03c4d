"""The table of the lecture (docs/lecture.md) names everything there is, and nothing that there is not."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from fullmarks.operators import operator_names
from fullmarks.operators._topics import TOPICS
from fullmarks.problem.bank import bank_ids

TABLE = Path(__file__).parent.parent / "docs" / "lecture.md"
TOPICS_BEGIN = re.compile(r"(?<!`)\bexplain (?=`)")  # the word, not the operator `explain`
FEWEST_WORDS = 4  # of a reason that stands where there is no name


class Row(NamedTuple):
    slides: str
    operators: str
    topics: str
    problems: str


def table() -> list[Row]:
    """Return the rows; what stands after the word ``explain`` in the middle column are its topics."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    rows = []
    for line in lines:
        slides, middle, problems = (cell.strip() for cell in line.strip("|").split("|"))
        operators, *topics = TOPICS_BEGIN.split(middle)
        if slides != "Slides" and set(slides) != {"-"}:
            rows.append(Row(slides, operators, " ".join(topics), problems))
    return rows


def names(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def named(column: str) -> set[str]:
    return set().union(*(names(getattr(row, column)) for row in table()))


def test_the_table_names_every_operator_and_no_other() -> None:
    assert named("operators") == operator_names()


def test_the_table_names_every_topic_of_explain_and_no_other() -> None:
    assert named("topics") == set(TOPICS)


def test_the_table_names_every_problem_and_no_other() -> None:
    assert named("problems") == set(bank_ids())


@pytest.mark.parametrize("row", table(), ids=lambda row: row.slides)
def test_a_row_without_a_name_gives_a_reason(row: Row) -> None:
    for cell in (f"{row.operators} {row.topics}", row.problems):
        assert names(cell) or len(cell.split()) >= FEWEST_WORDS


def test_no_slide_topic_stands_in_two_rows() -> None:
    slides = [row.slides for row in table()]
    assert len(set(slides)) == len(slides)
