import re

import pytest
import sample

from fullmarks.document.blocks import (
    Answer,
    Block,
    Bullets,
    Code,
    Document,
    Formula,
    Given,
    Givens,
    Item,
    Labelled,
    Paragraph,
    Picture,
    Step,
    Table,
    Words,
    Working,
)
from fullmarks.math.notation import Fraction, Matrix, Node, Number, Row, Script, Sign, Symbol, Text
from fullmarks.math.notation.drawing import columns_of
from fullmarks.render import render_document

WIDTHS = [60, 80, 120]


SIGMOID = Row((Symbol("sigma"), Sign("="), sample.sigmoid_of("x")))


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


@pytest.mark.parametrize(
    "block",
    [
        Paragraph((Words("The sigmoid is "), Formula(SIGMOID), Words(" as ever."))),
        Bullets((Item((Words("The sigmoid is "), Formula(SIGMOID), Words(" as ever."))),)),
        Table(((Words("which"),),), (((Words("The sigmoid is "), Formula(SIGMOID), Words(" as ever.")),),)),
    ],
    ids=["paragraph", "bullet", "cell"],
)
def test_a_fraction_does_not_tear_a_sentence_apart(block: Block) -> None:
    assert "The sigmoid is σ = 1/(1 + e⁻ˣ) as ever." in shown(block)


def test_a_fraction_of_working_keeps_its_rule() -> None:
    assert "──" in shown(Working((Step(Symbol("sigma"), Row((Sign("="), sample.sigmoid_of("4")))),)))


def test_a_matrix_in_a_sentence_keeps_its_rows() -> None:
    matrix = Matrix(((Number("1"),), (Number("2"),)))
    assert "⎡1⎤" in shown(Paragraph((Words("Take "), Formula(matrix), Words("."))))


def test_what_follows_a_flat_fraction_is_not_read_into_its_denominator() -> None:
    half: Node = Fraction(Number("1"), Symbol("n"))
    assert "(1/n) x" in shown(Paragraph((Formula(Row((half, Symbol("x")))),)))
    assert " 1/n + x" in shown(Paragraph((Words("is "), Formula(Row((half, Sign("+"), Symbol("x")))))))


def test_a_raised_closing_bracket_stands_close() -> None:
    squared = Script(Sign(")"), above=Number("2"))
    body = Row((Sign("("), Number("0.20"), Sign("×"), Number("3"), squared, Sign("+"), Number("1")))
    assert "(0.20 × 3)² + 1" in shown(Paragraph((Formula(body),)))


def test_marks_of_an_answer_stand_beside_its_frame() -> None:
    lines = shown(Answer(sample.equals(sample.Y, sample.numbers("0 0", "-4 4")), "M1 A2")).splitlines()
    (marked,) = (line for line in lines if line.endswith("M1 A2"))
    assert "│ Y = " in marked
    assert len(marked) == 80


def test_a_picture_is_shown_only_where_it_fits() -> None:
    blocks = (Labelled("(a)", (Paragraph((Words("Look."),)), Picture(sample.FIGURE))),)
    assert "conv2d" in shown(*blocks)
    assert "──" not in shown(*blocks, width=22)
