"""What all tests share: golden files, which are compared, or written anew with ``--rewrite-golden`` (``make golden``).

Read the difference before you commit it: a golden file is right because somebody has read it, not because it passes.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
CompareWithGolden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden files anew instead of comparing")


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
