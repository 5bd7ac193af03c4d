"""Formulas as MathML: what has been read and found good, and what must hold for every formula."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from notation_trees import trees

from fullmarks.math.notation import (
    Accent,
    Aligned,
    BigOperator,
    BraceNote,
    Call,
    Cases,
    Fence,
    Fraction,
    Matrix,
    Node,
    Number,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Symbol,
    Text,
)
from fullmarks.math.notation.mathml import mathml
from fullmarks.math.notation.speech import speech

CORE = {
    "math", "mi", "mn", "mo", "mtext", "mspace", "mrow", "mfrac", "msqrt", "msub", "msup", "msubsup", "mover",
    "munder", "munderover", "mtable", "mtr", "mtd",
}  # fmt: skip
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "mover": 2, "munder": 2, "munderover": 3}

x, y = Symbol("x"), Symbol("y")
HALF = Fraction(Number("1"), Number("2"))
BLANK = "\N{NO-BREAK SPACE}"


def inside(node: Node, previous: Node | None = None) -> str:
    """Return a formula without its outer element, blanks visible."""
    written = mathml(node, previous=previous)
    return written[written.index(">") + 1 :].removesuffix("</math>").replace(BLANK, "␣")


PREFIX_MINUS = '<mo form="prefix">−</mo>'
INFIX_MINUS = '<mo form="infix">−</mo>'

CASES: dict[str, tuple[Node, str]] = {
    "a negative number": (Number("-0.982"), f"<mrow>{PREFIX_MINUS}<mn>0.982</mn></mrow>"),
    "a letter and a Greek one": (
        Row((x, Symbol("alpha"), Symbol("Delta"))),
        '<mrow><mi>x</mi><mi>α</mi><mi mathvariant="normal">Δ</mi></mrow>',
    ),
    "an upright letter": (Symbol("T", "upright"), '<mi mathvariant="normal">T</mi>'),
    "bold letters are letters of their own": (
        Row((Symbol("W", "bold"), Symbol("h", "bold"), Symbol("sigma", "bold"), Symbol("0", "bold"))),
        "<mrow><mi>𝐖</mi><mi>𝐡</mi><mi>𝛔</mi><mi>𝟎</mi></mrow>",
    ),
    "a slanted word": (Symbol("hot"), "<mi>ℎ𝑜𝑡</mi>"),
    "blanks of words are kept": (Text(" if a < b "), "<mtext>␣if␣a␣&lt;␣b␣</mtext>"),
    "a function without brackets": (
        Row((y, Text("ln"), x)),
        (
            '<mrow><mi>y</mi><mspace width="0.1667em"></mspace><mi>ln</mi><mspace width="0.1667em"></mspace>'
            "<mi>x</mi></mrow>"
        ),
    ),
    "brackets around a letter do not grow": (
        Call(Symbol("sigma"), (x,)),
        (
            "<mrow><mi>σ</mi><mo>\N{FUNCTION APPLICATION}</mo>"
            '<mrow><mo form="prefix" stretchy="false">(</mo><mi>x</mi><mo form="postfix" stretchy="false">)</mo></mrow>'
            "</mrow>"
        ),
    ),
    "brackets around a fraction grow": (
        Fence(HALF, "⌊", "⌋"),
        (
            '<mrow><mo form="prefix" stretchy="true">⌊</mo><mfrac><mn>1</mn><mn>2</mn></mfrac>'
            '<mo form="postfix" stretchy="true">⌋</mo></mrow>'
        ),
    ),
    "a minus after a sign is no subtraction": (
        Row((x, Sign("−"), y, Sign("="), Sign("−"), x)),
        f'<mrow><mi>x</mi>{INFIX_MINUS}<mi>y</mi><mo form="infix">=</mo>{PREFIX_MINUS}<mi>x</mi></mrow>',
    ),
    "signs keep no distance in a script": (
        Script(x, Row((Symbol("t"), Sign("−"), Number("1"))), Number("2")),
        (
            '<msubsup><mi>x</mi><mrow><mi>t</mi><mo form="infix" lspace="0" rspace="0">−</mo><mn>1</mn></mrow>'
            "<mn>2</mn></msubsup>"
        ),
    ),
    "a vector": (
        Matrix(((Number("1"),), (Number("-2"),))),
        (
            '<mrow><mo form="prefix" stretchy="true">[</mo><mtable><mtr><mtd><mn>1</mn></mtd></mtr>'
            f"<mtr><mtd><mrow>{PREFIX_MINUS}<mn>2</mn></mrow></mtd></mtr></mtable>"
            '<mo form="postfix" stretchy="true">]</mo></mrow>'
        ),
    ),
    "a sum with limits": (
        BigOperator("sum", x, Symbol("i"), Symbol("n")),
        "<mrow><munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>x</mi></mrow>",
    ),
    "a maximum": (
        BigOperator("max", x, Symbol("i")),
        '<mrow><munder><mi>max</mi><mi>i</mi></munder><mspace width="0.1667em"></mspace><mi>x</mi></mrow>',
    ),
    "a brace with a note": (
        BraceNote(x, "row 1"),
        '<munder><munder><mi>x</mi><mo stretchy="true">⏟</mo></munder><mtext>row␣1</mtext></munder>',
    ),
    "cases": (
        Cases(((x, Text("if")),)),
        (
            '<mrow><mo form="prefix" stretchy="true">{</mo><mtable><mtr><mtd style="text-align:left"><mi>x</mi></mtd>'
            '<mtd style="text-align:left"><mtext>if</mtext></mtd></mtr></mtable></mrow>'
        ),
    ),
    "aligned lines": (
        Aligned(((x, Row((Sign("="), y))),)),
        (
            '<mtable displaystyle="true"><mtr><mtd style="text-align:right"><mi>x</mi></mtd>'
            '<mtd style="text-align:left"><mrow><mo form="infix">=</mo><mi>y</mi></mrow></mtd></mtr></mtable>'
        ),
    ),
    "a root and an accent": (
        Row((Root(x), Accent(y, "hat"))),
        '<mrow><msqrt><mi>x</mi></msqrt><mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover></mrow>',
    ),
    "gaps": (
        Row((x, Space("wide"), y)),
        '<mrow><mi>x</mi><mspace width="1em"></mspace><mi>y</mi></mrow>',
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_formula_is_written_as_it_was_when_it_was_last_read(name: str) -> None:
    node, expected = CASES[name]
    assert inside(node) == expected


def test_a_formula_that_goes_on_below_begins_with_a_subtraction() -> None:
    continued = Row((Sign("−"), x))
    assert inside(continued) == f"<mrow>{PREFIX_MINUS}<mi>x</mi></mrow>"
    assert inside(continued, previous=y) == f"<mrow>{INFIX_MINUS}<mi>x</mi></mrow>"


def test_words_in_a_formula_cannot_leave_it() -> None:
    nasty = "</mtext><script>alert('\"')</script>&amp;\x00\x1b\u202e]]>"
    written = mathml(Row((Text(nasty), Number(nasty), Symbol(nasty, "bold"), Call(Text(nasty), (x,)))))
    assert "<script" not in written
    words = ET.fromstring(written).findtext(".//mtext")  # noqa: S314 - our own text
    assert words == "</mtext><script>alert('\"')</script>&amp;]]>"


@given(trees)
@settings(deadline=None)
def test_every_formula_is_well_formed_core_mathml_and_speaks(node: Node) -> None:
    root = ET.fromstring(mathml(node, displayed=True))  # noqa: S314 - our own text
    assert {element.tag for element in root.iter()} <= CORE
    for element in root.iter():
        assert len(element) == CHILDREN.get(element.tag, len(element)), element.tag
    assert " ".join(root.attrib["aria-label"].split()) == " ".join(speech(node).split())


@given(trees)
@settings(deadline=None)
def test_style_is_said_by_letters_and_not_by_attributes_that_browsers_have_dropped(node: Node) -> None:
    root = ET.fromstring(mathml(node))  # noqa: S314 - our own text
    assert {element.attrib.get("mathvariant", "normal") for element in root.iter()} == {"normal"}
