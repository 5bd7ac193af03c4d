"""A character that the fonts of a format lack is refused naming file and field; formats without fonts print it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fullmarks import api
from fullmarks.cli import main
from fullmarks.errors import FullmarksError

PROBLEM = """
title = "Scores TITLE"
source = "A book SOURCE"
setting = "A network has scores. SETTING"
symbol = { m = "\\\\text{SYMBOL}" }
reason = { m = "Add them. REASON" }
shown = { n = "Doubled SHOWN" }
[given.x]
value = [1, -2]
label = "Input LABEL"
[given.classes]
value = ["cat WORDS", "dog"]
[where]
n = "2 * x"
m = "3 * n"
k = "argmax(x, labels=classes)"
[[part]]
find = "m"
ask = "Find it. ASK"
[[part]]
find = "k"
points = ["It is the largest. POINTS"]
ask = "Which?"
"""
FIELDS = {
    "TITLE": "title",
    "SOURCE": "source",
    "SETTING": "setting",
    "SYMBOL": "symbol: m",
    "REASON": "reason: m",
    "SHOWN": "shown: n",
    "LABEL": "given: x: label",
    "WORDS": "given: classes: value 1",
    "ASK": "part 1: ask",
    "POINTS": "part 2: points 1: words",
}
BLUEPRINT = """
title = "An exam TITLE"
session = "Semester SESSION"
instructions = ["Answer all.", "Write. INSTRUCTIONS"]
[[question]]
problem = "p.toml"
"""


def written(text: str, marker: str, path: Path, character: str = "猫") -> None:
    """Write a file with the character at one marker and nothing at the others."""
    text = text.replace(marker, character)
    for other in (*FIELDS, "SESSION", "INSTRUCTIONS"):
        text = text.replace(other, "")
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("format_name", ["pdf", "tex"])
@pytest.mark.parametrize(("marker", "field"), FIELDS.items())
def test_the_field_of_a_problem_is_named(
    marker: str, field: str, format_name: str, tmp_path: Path, refused: Callable[..., str]
) -> None:
    written(PROBLEM, marker, tmp_path / "p.toml")
    message = refused("solve", "p.toml", "-o", f"out.{format_name}")
    assert message.startswith(f"fullmarks: p.toml: {field}: '猫' (U+732B, CJK UNIFIED IDEOGRAPH-732B) ")


@pytest.mark.parametrize("format_name", ["md", "html", "terminal"])
def test_formats_without_fonts_print_it(format_name: str, tmp_path: Path) -> None:
    written(PROBLEM, "ASK", tmp_path / "p.toml")
    assert "Find it. 猫" in str(api.render(api.solve(str(tmp_path / "p.toml")), format_name))


def test_a_value_without_a_file_is_named_too(refused: Callable[..., str]) -> None:
    assert "given: labels: value 2: '🙂'" in refused("solve", "argmax", "x=1 2", "labels=cat 🙂", "-o", "x.pdf")


def test_a_letter_written_as_two_characters_is_found(tmp_path: Path) -> None:
    written(PROBLEM, "ASK", tmp_path / "p.toml", "и\u0306")  # pdflatex is given the composed letter
    with pytest.raises(FullmarksError, match=r"part 1: ask: 'й' \(U\+0439"):
        api.render(api.solve(str(tmp_path / "p.toml")), "tex")


@pytest.mark.parametrize(
    ("marker", "field"), [("TITLE", "title"), ("SESSION", "session"), ("INSTRUCTIONS", "instructions 2")]
)
def test_the_field_of_a_blueprint_is_named(
    marker: str, field: str, tmp_path: Path, refused: Callable[..., str]
) -> None:
    written(BLUEPRINT, marker, tmp_path / "exam.toml")
    written(PROBLEM, "nowhere", tmp_path / "p.toml")
    assert f"exam.toml: {field}: '猫'" in refused("exam", "exam.toml", "--seed", "1", "-o", "out")


def test_a_problem_of_a_blueprint_is_named_with_its_field(tmp_path: Path, refused: Callable[..., str]) -> None:
    written(BLUEPRINT, "nowhere", tmp_path / "exam.toml")
    written(PROBLEM, "ASK", tmp_path / "p.toml")
    assert "p.toml: part 1: ask: '猫'" in refused("exam", "exam.toml", "--seed", "1", "-o", "out")
    assert main(["exam", str(tmp_path / "exam.toml"), "--seed", "1", "-f", "html", "-o", str(tmp_path / "out")]) == 0
