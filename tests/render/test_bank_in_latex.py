"""Every problem of the bank as a .tex file: pdflatex sets it, and nothing runs over the margin."""

import re
import shutil
import subprocess
from pathlib import Path

import large
import pytest

from fullmarks import api
from fullmarks.document.blocks import Block, Document, Heading, Words
from fullmarks.problem.bank import bank_ids
from fullmarks.render import render_document

OVER_THE_MARGIN = 5.0  # points that nobody sees
PATIENCE = 60  # seconds


def whole_bank(document: str) -> Document:
    """Return all problems one after another: one run of pdflatex is much faster than one a problem."""
    blocks: list[Block] = []
    kind = None
    for problem_id in bank_ids():
        composed = api.composed(api.solve(api.load(problem_id)).marked, document)
        kind = composed.kind
        blocks += [Heading((Words(problem_id),)), *composed.blocks]
    assert kind is not None
    return Document("The whole bank", tuple(blocks), kind=kind)


needs_pdflatex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


@needs_pdflatex
@pytest.mark.parametrize("kind", ["solution", "scheme"])
def test_pdflatex_sets_the_whole_bank_within_the_margins(kind: str, tmp_path: Path) -> None:
    set_within_the_margins(whole_bank(kind), tmp_path)


@needs_pdflatex
def test_pdflatex_sets_what_is_too_large_to_be_written_out_within_the_margins(tmp_path: Path) -> None:
    set_within_the_margins(large.together("scheme"), tmp_path)


def set_within_the_margins(document: Document, tmp_path: Path) -> None:
    text = render_document(document, "tex")
    assert isinstance(text, str)
    (tmp_path / "bank.tex").write_text(text, encoding="ascii")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "bank.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=PATIENCE)
    log = (tmp_path / "bank.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log[-2000:]
    overfull = re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)(.*)", log)
    assert [(width, where) for width, where in overfull if float(width) > OVER_THE_MARGIN] == []
    assert "Missing character" not in log
