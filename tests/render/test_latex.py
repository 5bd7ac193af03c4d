import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sample

from fullmarks.document.blocks import (
    Answer,
    Block,
    Bullets,
    Code,
    Document,
    Given,
    Givens,
    Item,
    Paragraph,
    Step,
    Table,
    Words,
    Working,
)
from fullmarks.errors import FullmarksError
from fullmarks.math.notation import Row, Sign, Symbol
from fullmarks.render import render_document

WIDE = sample.numbers(*[" ".join(["-0.1234"] * 12)] * 3)
ACCENTED = "Élan Škoda Őrült ğ ţ ệ ł ß ñ ç å ø Æ œ “q” ‘r’ «s» – — … x₁ y² α ≤ → ° §"

HARD: tuple[Block, ...] = (
    Givens((Given((Words("Weights"),), Row((Symbol("W"), Sign("="), WIDE))),)),
    Working((
        Step(Symbol("Y"), Row((Sign("="), WIDE)), "M1", "a note that follows something wide"),
        Step(sample.sum_of_products(9), Row((Sign("="), sample.sum_of_products(30))), "A1"),
        Step(None, Row((Sign("="), WIDE, sample.numbers("1", "2", "3")))),
    )),
    Answer(Row((Symbol("Y"), Sign("="), WIDE))),
    Bullets((Item((Words("[not an option]"),), "B1"),)),
    Table(((Words("a"),), (Words("b"),)), (((Words("[x]"),), (Words("*"),)), ((Words("*"),), (Words("word " * 40),)))),
    Code("a" * 200 + "\n\n\\end{document}"),
    Paragraph((Words(ACCENTED),)),
)  # fmt: skip


def tex(*blocks: Block) -> str:
    text = render_document(Document("T", blocks), "tex")
    assert isinstance(text, str)
    return text


def body(text: str) -> str:
    return text.partition("\\begin{document}")[2]


def test_no_command_of_prose_survives() -> None:
    text = body(tex(Paragraph((Words(sample.NASTY),))))
    assert "\\input" not in text
    assert "\\write" not in text
    assert r"\textbackslash{}input\{x\}" in text


def test_the_file_is_ascii() -> None:
    assert tex(*HARD).isascii()


def test_a_character_that_pdflatex_cannot_set_is_named() -> None:
    with pytest.raises(FullmarksError, match=r"'日' \(U\+65E5"):
        tex(Paragraph((Words("Name: 日本"),)))


def test_dashes_and_commas_of_prose_do_not_join() -> None:
    text = body(tex(Paragraph((Words("--seed ,,x''"),))))
    assert not re.search(r"--|,,|''", text)


def test_jinja_in_prose_is_not_run() -> None:
    assert "49" not in body(tex(Paragraph((Words("<< 7*7 >> {{ 7*7 }} <% x %>"),))))


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize(
    "document",
    [sample.PAPER, sample.SOLUTION, Document("Hard: \\x # %", HARD, subtitle="a & b", footer="50 %")],
    ids=["paper", "solution", "hard"],
)
def test_pdflatex_sets_it_and_nothing_runs_over_the_margin(document: Document, tmp_path: Path) -> None:
    text = render_document(document, "tex")
    assert isinstance(text, str)
    (tmp_path / "paper.tex").write_text(text, encoding="ascii")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    log = (tmp_path / "paper.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log[-2000:]
    overfull = [float(width) for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert [width for width in overfull if width > 5] == []
    assert "Missing character" not in log
