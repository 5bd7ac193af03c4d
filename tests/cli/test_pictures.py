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
