"""Tables: columns of numbers stand flush right in every format, so that units are below units."""

import pytest

from fullmarks.document.blocks import Document, Table, Words
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
