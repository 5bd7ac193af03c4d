"""Pictures made of characters are for terminals, pictures of Markdown are files beside it, or words."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fullmarks import api
from fullmarks.cli import main
from fullmarks.cli.present import presented

PICTURE = "shaded"  # a word of the caption under the picture of a sliding window


@pytest.mark.parametrize(
    ("on_terminal", "output", "shown"), [(True, None, True), (False, None, False), (True, "x", False)]
)
def test_a_picture_is_shown_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, on_terminal: bool, output: str | None, shown: bool
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: on_terminal, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    text = presented(api.solve(api.load("cnn-pipeline")), "terminal", "solution", output)
    assert isinstance(text, str)
    assert (PICTURE in text) == shown


@pytest.mark.parametrize("columns", ["60", "72", "120"])
def test_a_pipe_is_as_wide_as_columns_says(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    monkeypatch.setenv("COLUMNS", columns)
    text = presented(api.solve(api.load("cnn-pipeline")), "terminal", "solution", None)
    assert isinstance(text, str)
    assert max(len(line) for line in text.splitlines()) == int(columns)  # marks end at the right margin


RELU = ["relu", "x=1 2 -3"]


def test_markdown_on_standard_output_has_its_figures_in_words(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", *RELU, "-f", "md"]) == 0
    text = capfd.readouterr().out
    assert "*Figure: Curve of the ReLU" in text
    assert "data:" not in text
    assert max(map(len, text.splitlines())) < 1000


def shown_files(page: Path) -> list[str]:
    """Return the files that a page of Markdown shows; they must be there."""
    names = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", page.read_text(encoding="utf-8"))
    assert all((page.parent / name).read_text(encoding="utf-8").startswith("<svg") for name in names)
    return names


def test_every_markdown_file_has_its_own_figures_beside_it(tmp_path: Path) -> None:
    assert main(["solve", *RELU, "-o", str(tmp_path / "x.md")]) == 0
    assert main(["generate", "relu", "--count", "2", "--solution", "-o", str(tmp_path / "quiz.md")]) == 0
    assert shown_files(tmp_path / "x.md") == ["x-figure-1.svg"]
    assert shown_files(tmp_path / "quiz-1.md") == ["quiz-1-figure-1.svg"]
    assert shown_files(tmp_path / "quiz-2.md") == ["quiz-2-figure-1.svg"]
    assert len(list(tmp_path.iterdir())) == 6


def test_an_exam_in_markdown_has_the_figures_of_every_paper_beside_it(tmp_path: Path) -> None:
    assert main(["exam", "ee6427-part4", "--seed", "1", "-f", "md", "-o", str(tmp_path)]) == 0
    (scheme,) = (tmp_path / "schemes").glob("*.md")
    assert shown_files(scheme)
    assert len(list((tmp_path / "schemes").iterdir())) == 1 + len(set(shown_files(scheme)))


def test_no_page_appears_without_its_figures(tmp_path: Path, refused: Callable[..., str]) -> None:
    (tmp_path / "x-figure-1.svg").mkdir()
    assert "x-figure-1.svg" in refused("solve", *RELU, "-o", "x.md")
    assert not (tmp_path / "x.md").exists()
