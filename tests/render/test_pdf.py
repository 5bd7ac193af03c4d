import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sample
from msgspec.structs import replace

from fullmarks.document.blocks import (
    Answer,
    Block,
    Code,
    Document,
    Heading,
    Labelled,
    Paragraph,
    Picture,
    Step,
    Words,
    Working,
)
from fullmarks.errors import FullmarksError
from fullmarks.math.figures import Label
from fullmarks.math.figures.svg import figure_svg
from fullmarks.math.notation import Number, Row, Sign, Symbol, Text
from fullmarks.render import render_document
from fullmarks.render.typst_source import source


def pdf(*blocks: Block) -> bytes:
    made = render_document(Document("T", blocks), "pdf")
    assert isinstance(made, bytes)
    return made


def words_of(made: bytes, folder: Path) -> str:
    (folder / "made.pdf").write_bytes(made)
    shown = subprocess.run(["pdftotext", "-layout", str(folder / "made.pdf"), "-"], capture_output=True, check=True)
    return shown.stdout.decode()


needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


def test_the_sample_is_a_tagged_pdf_of_equal_bytes_every_time() -> None:
    first = render_document(sample.PAPER, "pdf")
    assert isinstance(first, bytes)
    assert first.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in first
    assert render_document(sample.PAPER, "pdf") == first


@needs_pdftotext
def test_marks_totals_and_page_numbers_are_printed(tmp_path: Path) -> None:
    made = render_document(sample.PAPER, "pdf")
    assert isinstance(made, bytes)
    text = words_of(made, tmp_path)
    for expected in ("M1 A1", "(18 Marks)", "Page 1 of 3", "Page 3 of 3", "Ana #1 Smith & Co", "every product written"):
        assert expected in text


@needs_pdftotext
def test_prose_that_looks_like_typst_is_printed_as_prose(tmp_path: Path) -> None:
    prose = r'#panic() *a* _b_ `c` $x$ <l> @r // -- --- "q" \ \u{41} = [b] ~ https://example.org'
    text = words_of(pdf(Paragraph((Words(prose),))), tmp_path)
    assert re.sub(r"\s+", " ", prose) in re.sub(r"\s+", " ", text)


@needs_pdftotext
def test_a_line_of_a_listing_without_blanks_stays_on_the_page(tmp_path: Path) -> None:
    text = words_of(pdf(Code("a" * 200)), tmp_path)
    assert sum(len(run) for run in re.findall("aa+", text)) == 200
    assert len(re.findall("aa+", text)) > 1


def test_every_formula_speaks() -> None:
    written = source(sample.PAPER)
    formulas = re.findall(r"#(?:formula|displayed|tall)\((\"[^\"]+\")?", written)
    assert len(formulas) > 20
    assert all(formulas)


def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(FullmarksError, match=r"'日' \(U\+65E5, CJK UNIFIED IDEOGRAPH-65E5\)"):
        pdf(Paragraph((Words("Name: 日本"),)))


def test_a_heading_that_skips_levels_is_raised_to_the_next_one() -> None:
    assert "#heading(level: 2)" in source(Document("T", (Heading((Words("a"),)), Heading((Words("b"),), 3))))
    assert pdf(Heading((Words("deep"),), 3)).startswith(b"%PDF-")


def test_words_of_a_picture_cannot_become_markup() -> None:
    nasty = '<image href="secret.svg"/>'
    figure = replace(sample.FIGURE, shapes=(Label((45, 34), Text(nasty)),), alt=nasty)
    assert pdf(Picture(figure)).startswith(b"%PDF-")
    assert "<image" not in figure_svg(figure)


def test_a_label_without_words_after_it_is_still_printed() -> None:
    assert pdf(Labelled("(a)", ())).startswith(b"%PDF-")


@needs_pdftotext
def test_marks_of_an_answer_stand_beside_it_at_the_right(tmp_path: Path) -> None:
    text = words_of(pdf(Answer(Row((Symbol("y"), Sign("="), Number("471"))), "M1 A2")), tmp_path)
    assert re.search(r"471 {10,}M1 A2\n", text)


@needs_pdftotext
def test_a_scheme_puts_several_short_steps_on_one_line_and_a_solution_one(tmp_path: Path) -> None:
    def entry(name: str) -> Step:
        return Step(Symbol(name), Row((Sign("="), Number("111"), Sign("="), Number("222"))))

    goes_on = Step(None, Row((Sign("="), Number("333"))), "A1")
    blocks = (Working((entry("a"), entry("b"), Step(Symbol("c"), Row((Sign("="), Number("444")))), goes_on)),)
    in_one_line = [r"111 = 222 +\S = 111", r"444 = 333 +A1"]
    for kind, expected in (("scheme", 2), ("solution", 0)):
        made = render_document(Document("T", blocks, kind=kind), "pdf")
        assert isinstance(made, bytes)
        text = words_of(made, tmp_path)
        assert sum(bool(re.search(pattern, text)) for pattern in in_one_line) == expected


@needs_pdftotext
def test_no_mark_is_lost_where_steps_share_a_line(tmp_path: Path) -> None:
    steps = [Step(Symbol("a") if place % 2 == 0 else None, Row((Sign("="), Number("1"))), "M1") for place in range(6)]
    made = render_document(Document("T", (Working(tuple(steps)),), kind="scheme"), "pdf")
    assert isinstance(made, bytes)
    assert words_of(made, tmp_path).count("M1") == len(steps)


@needs_pdftotext
def test_an_answer_is_never_parted_from_the_last_line_of_its_working(tmp_path: Path) -> None:
    def step(number: int) -> Step:
        return Step(Symbol("x"), Row((Sign("="), Number(str(number)))))

    for lines in range(25, 45):  # on some of these pages the answer alone does not fit below
        blocks = (Working(tuple(step(100 + line) for line in range(lines))), Answer(Number("777")))
        pages = words_of(pdf(*blocks), tmp_path).split("\f")
        (answered,) = (page for page in pages if "777" in page)
        assert str(99 + lines) in answered


@needs_pdftotext
def test_every_row_of_a_check_has_a_line_of_its_own(tmp_path: Path) -> None:
    def check(first: str) -> Step:
        return Step(None, Row((Number(first), Sign("+"), Number("0.3"), Sign("="), Number("1"))))

    for kind in ("solution", "scheme"):
        made = render_document(
            Document("T", (Working((check("0.6539"), check("0.7"), check("0.71"))),), kind=kind), "pdf"
        )
        assert isinstance(made, bytes)
        lines = words_of(made, tmp_path).splitlines()
        assert len([line for line in lines if "+ 0.3" in line]) == 3, kind


@needs_pdftotext
def test_a_row_without_a_right_side_is_printed_with_its_note(tmp_path: Path) -> None:
    made = pdf(Working((Step(Symbol("x"), Row((Sign("="), Number("1")))), Step(Sign("⋮"), Row(()), "and so on"))))
    assert "and so on" in words_of(made, tmp_path)
