"""JSON says all that the pages say: every sentence, note, label and row, and what pictures show."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

import fullmarks as fm
from fullmarks.document.blocks import (
    Bullets,
    Givens,
    Paragraph,
    Picture,
    Working,
)
from fullmarks.document.solution import solution_document
from fullmarks.math.notation import Row
from fullmarks.math.notation.latex import latex
from fullmarks.record.json import plain_text
from row_reader import all_blocks

PROBLEMS = [
    "lstm-two-steps",
    "attention-by-hand",
    "network-table",
    "reading-the-gates",
    "token-embeddings",
    "cnn-pipeline",
]
SAID_BY_THE_DATA = ("This was worked out above.", "Any ")  # the steps and ``needed`` say it


def texts(data: Any) -> Iterator[str]:
    """Yield every text and number of a record, as text."""
    match data:
        case dict():
            for one in data.values():
                yield from texts(one)
        case list():
            for one in data:
                yield from texts(one)
        case None | bool():
            return
        case _:
            yield str(data)


def without_formulas(text: str) -> str:
    """Leave out what stands between dollars, where an author's LaTeX and ours differ in blanks."""
    return re.sub(r"\$[^$]*\$", "$…$", text)


def sentences(solution: fm.Solution) -> Iterator[str]:
    """Yield what the pages say in words."""
    for block in all_blocks(solution_document(solution.marked).blocks):
        match block:
            case Paragraph(text):
                yield plain_text(text).removeprefix("Check: ").removesuffix(":")
            case Bullets(items):
                yield from (plain_text(item.text) for item in items)
            case Givens(items):
                yield from (plain_text(item.label) for item in items)
            case Working(steps):
                yield from (step.note for step in steps)
            case Picture(figure):
                yield figure.alt


def formulas(solution: fm.Solution) -> Iterator[str]:
    """Yield the rows of working as LaTeX."""
    for block in all_blocks(solution_document(solution.marked).blocks):
        if isinstance(block, Working):
            yield from (
                latex(step.right if step.left is None else Row((step.left, step.right))) for step in block.steps
            )


@pytest.mark.parametrize("problem_id", PROBLEMS)
def test_json_says_every_sentence_of_the_pages(problem_id: str) -> None:
    solution = fm.solve(fm.load(problem_id))
    said = without_formulas(" ".join(texts(solution.to_dict())))
    every_sentence = [without_formulas(one) for one in sentences(solution)]
    missing = [one for one in every_sentence if one not in said and not one.startswith(SAID_BY_THE_DATA)]
    assert missing == []


@pytest.mark.parametrize("problem_id", PROBLEMS)
def test_json_has_every_row_of_the_pages(problem_id: str) -> None:
    solution = fm.solve(fm.load(problem_id))
    said = set(texts(solution.to_dict()))
    assert [row for row in formulas(solution) if row not in said] == []


def test_a_row_from_unrounded_values_says_so_in_json() -> None:
    steps = [step for part in fm.solve(fm.load("encoder-block-one-head")).to_dict()["parts"] for step in part["steps"]]
    assert all(len(step["notes"]) == len(step["latex"]) for step in steps)
    assert any("unrounded values used" in step["notes"] for step in steps)


def test_a_check_and_a_table_have_their_places_in_json() -> None:
    (part,) = fm.solve("softmax", x=[1, 2, 3]).to_dict()["parts"]
    assert part["steps"][-1]["check"] == {"text": "The results add to 1.", "latex": ["0.090 + 0.245 + 0.665 = 1"]}
    layers = ["conv2d 2 3x3", "relu"]
    (part,) = fm.solve("network_summary", layers=layers, input_size=[1, 4, 4]).to_dict()["parts"]
    tables = [step["table"] for step in part["steps"] if "table" in step]
    assert [[row["name"] for row in table] for table in tables] == [["conv2d 2 3×3", "relu"]]
