"""Pictures made of characters are for terminals: not for a pipe, and not for a file."""

import sys

import pytest

from fullmarks import api
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
