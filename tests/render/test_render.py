import subprocess
import sys

import pytest
import sample

from fullmarks.errors import FullmarksError
from fullmarks.math.notation import Call, Fence, Fraction, Node, Number, Row, Script, Sign, Symbol
from fullmarks.render import FORMATS, render_document
from fullmarks.render.long_formulas import opened, rows, terms
from fullmarks.render.templates import template
from fullmarks.render.words import printable, printable_lines


def test_an_unknown_format_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(FullmarksError, match=r"'termnal'; expected one of .*; did you mean 'terminal'"):
        render_document(sample.SOLUTION, "termnal")


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_shows_the_title_and_only_pdf_is_bytes(format_name: str) -> None:
    made = render_document(sample.SOLUTION, format_name)
    assert isinstance(made, bytes) == (format_name == "pdf")
    if isinstance(made, str):
        assert "Exercise: CNN" in made


@pytest.mark.parametrize(("format_name", "absent"), [("terminal", "typst"), ("md", "rich"), ("tex", "typst")])
def test_a_format_does_not_load_what_only_another_one_needs(format_name: str, absent: str) -> None:
    program = (
        "import sys; from fullmarks.document.blocks import Document; from fullmarks.render import render_document; "
        f"render_document(Document('T', ()), {format_name!r}); print({absent!r} in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert shown.stdout == "False\n"


def test_a_missing_template_is_named() -> None:
    with pytest.raises(FullmarksError, match=r"templates/typst/none\.typ is missing"):
        template("typst/none.typ")


def test_printable_text_is_one_line_without_invisible_characters() -> None:
    assert printable(" a\n\t b\u200b\x1b[0m\ud800 ") == " a b[0m "


def test_a_listing_keeps_its_blanks() -> None:
    assert printable_lines("a\n\tb  c \x07") == ["a", "    b  c"]


@pytest.mark.parametrize(
    "wrapped",
    [
        Fence(sample.sum_of_products(20)),
        Call(Symbol("f"), (sample.sum_of_products(20),)),
        Script(Fence(sample.sum_of_products(20)), above=Number("2")),
        Fraction(sample.sum_of_products(20), Number("2")),
    ],
    ids=["fence", "call", "power", "fraction"],
)
def test_a_line_may_break_inside_whatever_is_too_long(wrapped: Node) -> None:
    assert sum(item == Sign("+") for item in opened(wrapped)) == 19


def test_short_brackets_stay_whole() -> None:
    short = Fence(sample.sum_of_products(2))
    assert opened(short) == (short,)


def test_a_product_is_one_term_of_a_sum() -> None:
    assert len(terms(sample.sum_of_products(3))) == 5


def test_cutting_into_rows_loses_nothing_and_a_row_starts_with_a_sign() -> None:
    whole = Row((Sign("="), Sign("−"), sample.sum_of_products(27)))
    cut = rows(whole, 60)
    assert len(cut) > 2
    assert Row(tuple(piece for row in cut if isinstance(row, Row) for piece in row.items)) == Row(terms(whole))
    assert all(isinstance(row, Row) and isinstance(row.items[0], Sign) for row in cut)
