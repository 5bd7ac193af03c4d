from collections.abc import Callable

import pytest
import sample

from fullmarks.document.blocks import Document
from fullmarks.render import render_document


@pytest.mark.parametrize(
    ("name", "document", "format_name", "width"),
    [
        ("paper.md", sample.PAPER, "md", 80),
        ("paper.tex", sample.PAPER, "tex", 80),
        ("paper-80.txt", sample.PAPER, "terminal", 80),
        ("paper-120.txt", sample.PAPER, "terminal", 120),
        ("solution-60.txt", sample.SOLUTION, "terminal", 60),
    ],
)
def test_the_sample_looks_as_it_did_when_it_was_last_read(
    name: str, document: Document, format_name: str, width: int, compare_with_golden: Callable[[str, str], None]
) -> None:
    text = render_document(document, format_name, width=width)
    assert isinstance(text, str)
    compare_with_golden(f"render/{name}", text)
