import re

import pytest
import sample

from fullmarks.document.blocks import (
    Block,
    Bullets,
    Code,
    Document,
    Given,
    Givens,
    Item,
    Paragraph,
    Step,
    Words,
    Working,
)
from fullmarks.math.notation import Number, Row, Sign, Symbol, Text
from fullmarks.math.notation.drawing import columns_of
from fullmarks.render import render_document

WIDTHS = [60, 80, 120]


def shown(*blocks: Block, width: int = 80, colour: bool = False) -> str:
    text = render_document(Document("T", blocks), "terminal", width=width, colour=colour)
    assert isinstance(text, str)
    return text


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("document", [sample.PAPER, sample.SOLUTION], ids=["paper", "solution"])
def test_no_line_is_wider_than_the_terminal(document: Document, width: int) -> None:
    text = render_document(document, "terminal", width=width)
    assert isinstance(text, str)
    assert [line for line in text.splitlines() if columns_of(line) > width] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_product_of_a_long_sum_is_shown(width: int) -> None:
    text = shown(sample.CONVOLUTION, width=width)
    for place in range(27):
        assert f"0.{place + 1} × {place % 4}" in text


@pytest.mark.parametrize("width", WIDTHS)
def test_every_character_of_long_prose_is_shown(width: int) -> None:
    prose = "word " * 60 + "x" * 300
    assert squeezed(prose) in squeezed(shown(Paragraph((Words(prose),)), width=width))


@pytest.mark.parametrize("width", WIDTHS)
def test_marks_end_at_the_right_margin(width: int) -> None:
    lines = shown(sample.CONVOLUTION, width=width).splitlines()
    marked = [line for line in lines if re.search(r" [MA]\d$", line)]
    assert len(marked) == 4
    assert {columns_of(line) for line in marked} == {width}


def test_relations_stand_below_one_another() -> None:
    lines = shown(sample.CONVOLUTION, width=120).splitlines()
    assert len({line.index("=") for line in lines if "=" in line}) == 1


def test_marks_that_find_no_room_get_a_line_of_their_own() -> None:
    lines = shown(Working((Step(None, Text("x" * 79), "M1"),))).splitlines()
    assert "x" * 79 in lines[-2]
    assert lines[-1] == "M1".rjust(80)


@pytest.mark.parametrize("colour", [False, True])
def test_control_characters_of_the_input_never_reach_the_terminal(colour: bool) -> None:  # a parameter
    evil = "a\x1b[31mb\x07c\x9bd\u202ee\rf\x00"
    everywhere: tuple[Block, ...] = (
        Paragraph((Words(evil), Words(evil, "code")), marks=evil),
        Working((Step(Text(evil), Row((Sign("="), Text(evil))), evil, evil),)),
        Givens((Given((Words(evil),), Text(evil)),)),
        Bullets((Item((Words(evil),), evil),)),
        Code(evil),
    )
    text = shown(*everywhere, colour=colour)
    ours = re.sub(r"\x1b\[[0-9;]*m(?!b)", "", text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ours)
    assert "\x1b[31mb" not in text


def test_without_colour_no_escape_sequence_is_written() -> None:
    assert "\x1b" not in shown(*sample.BLOCKS)


def test_colour_changes_nothing_but_colour() -> None:
    coloured = shown(*sample.BLOCKS, colour=True)
    assert "\x1b[" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == shown(*sample.BLOCKS).splitlines()


def test_short_givens_share_a_line() -> None:
    givens = Givens(tuple(Given((), Row((Symbol(name), Sign("="), Number("1")))) for name in "abc"))
    assert "a = 1   b = 1   c = 1" in shown(givens)


def test_a_label_stands_on_the_line_of_its_first_words() -> None:
    assert "(b) (i) Find the output" in shown(sample.QUESTION_ONE)
