"""Files under tests/golden/render: what a person has read and found good.

To accept a change, run this file (``python tests/render/golden.py``), then read what ``git diff`` shows.
"""

from pathlib import Path

import sample

from fullmarks.document.blocks import Document
from fullmarks.render import render_document

FOLDER = Path(__file__).parents[1] / "golden" / "render"

FILES: dict[str, tuple[Document, str, int]] = {
    "paper.md": (sample.PAPER, "md", 80),
    "paper.tex": (sample.PAPER, "tex", 80),
    "paper-80.txt": (sample.PAPER, "terminal", 80),
    "paper-120.txt": (sample.PAPER, "terminal", 120),
    "solution-80.txt": (sample.SOLUTION, "terminal", 80),
}


def rendered(name: str) -> str:
    document, format_name, width = FILES[name]
    text = render_document(document, format_name, width=width)
    assert isinstance(text, str)
    return text


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (FOLDER / name).write_text(rendered(name), encoding="utf-8")
