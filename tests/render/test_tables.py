"""Tables: columns of numbers stand flush right in every format, so that units are below units."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sample

from fullmarks.document.blocks import Document, Formula, Labelled, Table, Words
from fullmarks.render import render_document

ROWS = (((Words("relu"),), (Words("7"),)), ((Words("linear"),), (Words("1,290"),)))
HEADER = ((Words("Layer"),), (Words("Parameters"),))


def rendered(format_name: str, *numbers: int) -> str:
    text = render_document(Document("Table", (Table(HEADER, ROWS, numbers),)), format_name)
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(
    ("format_name", "right", "left"),
    [
        ("md", "| --- | ---: |", "| --- | --- |"),
        ("tex", r"\begin{tabular}{lr}", r"\begin{tabular}{ll}"),
        ("html", '<td class="short number">7</td>', '<td class="short">7</td>'),
        ("terminal", "relu             7", "relu    7"),
    ],
)
def test_a_column_of_numbers_stands_flush_right_and_one_of_words_does_not(
    format_name: str, right: str, left: str
) -> None:
    assert right in rendered(format_name, 1)
    assert left in rendered(format_name)


def test_a_pdf_has_such_a_table() -> None:
    pdf = render_document(Document("Table", (Table(HEADER, ROWS, (1,)),)), "pdf")
    assert pdf != render_document(Document("Table", (Table(HEADER, ROWS),)), "pdf")


WIDE = sample.numbers(*["-123.456 -0.001 7890.123 -45.678 12.345 6.789 5.432"] * 3)
REASON = "transposed the filter before it was moved over the image, and did not take the bias into account at all"
WRONG = Table(
    ((Words("If you see"),), (Words("because the candidate"),)),
    (((Formula(WIDE),), (Words(REASON),)), ((Formula(WIDE),), (Words(REASON),))),
)
CHANNELS = Table(WRONG.header, (((Formula(WIDE), Words(", "), Formula(WIDE)), (Words(REASON),)),))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("table", [WRONG, CHANNELS])
def test_a_matrix_in_a_table_of_a_pdf_does_not_run_into_the_next_column(table: Table, tmp_path: Path) -> None:
    made = render_document(Document("T", (Labelled("(a)", (table,)),), kind="scheme"), "pdf")
    assert isinstance(made, bytes)
    (tmp_path / "made.pdf").write_bytes(made)
    command = ["pdftotext", "-bbox", str(tmp_path / "made.pdf"), "-"]
    boxes = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    words = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">([^<]+)<', boxes)
    right = max(float(end) for _, end, word in words if re.fullmatch(r"[\d.]+", word) and "." in word)
    left = min(float(start) for start, _, word in words if word in {"because", "transposed"})
    assert right < left


@pytest.mark.parametrize("table", [WRONG, CHANNELS])
def test_a_matrix_in_a_table_of_a_terminal_takes_the_room_of_words_that_can_break(table: Table) -> None:
    text = render_document(Document("T", (table,)), "terminal", width=70)
    assert isinstance(text, str)
    assert max(map(len, text.splitlines())) <= 70


def test_matrices_in_neighbouring_rows_of_a_terminal_are_apart() -> None:
    text = render_document(Document("T", (WRONG,)), "terminal")
    assert isinstance(text, str)
    assert re.search(r"\n\n⎡", text)
