"""What all tests share: golden files, which are compared, or written anew with ``--rewrite-golden`` (``make golden``).

Read the difference before you commit it: a golden file is right because somebody has read it, not because it passes.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.pop("COLUMNS", None)  # what a developer's shell says of its width is not what tests expect
GOLDEN = Path(__file__).parent / "golden"
CompareWithGolden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--draws",
        type=int,
        default=0,
        help="how often every problem and operator is drawn in tests/test_every_draw.py; without it fewer times",
    )
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden files anew instead of comparing")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how much was drawn, and how much of it conditions refused at most."""
    properties = [dict(report.user_properties) for report in terminalreporter.getreports("passed")]
    drawn = [one for one in properties if "draws" in one]
    if drawn:
        draws, refused = sum(int(one["draws"]) for one in drawn), max(float(one["refused"]) for one in drawn)
        terminalreporter.write_line(f"{draws:,} draws worked on both routes; conditions refused at most {refused:.0%}")


@pytest.fixture
def rewriting_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite-golden"))


@pytest.fixture
def compare_with_golden(rewriting_golden: bool) -> CompareWithGolden:
    """Compare text with a file below ``tests/golden``, or write the file where ``--rewrite-golden`` says so."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if rewriting_golden:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"there is no {path}; write it with: make golden, then read it"
        assert text == path.read_text(encoding="utf-8")

    return compare


MOST_LINES = 8
LONGEST_MESSAGE = 4_000


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Make a call that must be refused, in a folder of its own, and return its message.

    Status 2, nothing on standard output, a few lines without traceback or control characters, and no file changed.
    """
    from fullmarks.cli import main

    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> str:
        before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
        capfd.readouterr()
        status = main(arguments)
        captured = capfd.readouterr()
        assert (status, captured.out) == (2, ""), captured.err
        assert 0 < len(captured.err.strip().splitlines()) <= MOST_LINES, captured.err
        assert len(captured.err) <= LONGEST_MESSAGE
        assert "Traceback" not in captured.err
        assert all(character.isprintable() or character == "\n" for character in captured.err)
        assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
        return captured.err

    return call
