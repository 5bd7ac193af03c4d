import json
import re
from pathlib import Path

import pytest

from fullmarks.cli import main, progress
from fullmarks.document.blocks import Document
from fullmarks.exam import build, checking
from fullmarks.marking.allocation import MarkedSolution

PROBLEM = """
title = "Short"
require = ["max(y) > 0"]
[given.x]
value = [1, 2]
draw = { integers = [-4, 9] }
[where]
y = "relu(x)"
[[part]]
find = "y"
"""


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(PROBLEM)
    return path


def test_a_problem_that_may_be_set_ends_with_status_0_and_a_short_report(
    problem: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(problem), "-n", "150"]) == 0
    captured = capfd.readouterr()
    assert captured.err == ""
    lines = captured.out.splitlines()
    assert lines[0] == "short"
    assert "150 draws" in lines[1]
    assert "% of the attempts refused" in lines[2]
    assert "the part, y: " in lines[3]
    assert lines[4:] == ["  fit to be set"]


def test_a_problem_that_may_not_be_set_ends_with_status_2_and_says_why(
    problem: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    problem.write_text(PROBLEM.replace("integers = [-4, 9]", "integers = [0, 1]").replace("relu(x)", "x @ x"))
    assert main(["check", str(problem), "-n", "150"]) == 2
    captured = capfd.readouterr()
    assert "faults: 1" in captured.out
    assert f"{problem}: is not fit to be set" in captured.err
    assert "short: the part: y has the same answer in" in captured.err
    assert "such as seed" in captured.err


def test_the_most_frequent_answer_is_named_with_a_seed_that_shows_it(
    problem: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(problem), "-n", "150"]) == 0
    found = re.search(r"most frequent in [0-9.]+% of the draws: (\[.*\]) \(seed (\d+)\)", capfd.readouterr().out)
    assert found
    answer, seed = found.groups()
    assert main(["solve", str(problem), "--seed", seed, "--format", "json"]) == 0
    assert json.loads(capfd.readouterr().out)["parts"][0]["answer"] == json.loads(answer)


def test_conditions_that_never_hold_are_not_said_to_refuse_nothing(
    problem: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    problem.write_text(PROBLEM.replace("max(y) > 0", "max(y) > 99"))
    assert main(["check", str(problem), "-n", "2"]) == 2
    captured = capfd.readouterr()
    assert captured.out.splitlines() == ["short", "  no draw could be worked", "  faults: 2"]
    assert "none of 200 draws meets every condition" in captured.err


def test_a_character_that_no_font_has_is_told_with_its_field(problem: Path, capfd: pytest.CaptureFixture[str]) -> None:
    problem.write_text(PROBLEM.replace("[given", 'setting = "Map \u4e2d"\n[given', 1))
    assert main(["check", str(problem), "-n", "1"]) == 2
    captured = capfd.readouterr()
    assert "  1 draw (" in captured.out
    assert f"seed 1: {problem}: setting: '\u4e2d'" in captured.err


def test_without_a_number_200_draws_are_made(problem: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(problem)]) == 0
    assert "  200 draws" in capfd.readouterr().out


def test_without_a_terminal_lines_say_how_far_it_is(
    problem: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "SECONDS", 0)
    assert main(["check", str(problem), "-n", "3"]) == 0
    assert capfd.readouterr().err.splitlines() == [f"check {problem}: {done} of 3" for done in (1, 2, 3)]


@pytest.mark.parametrize("document", ["question_document", "solution_document", "scheme_document"])
def test_a_document_that_cannot_be_composed_is_a_fault_with_its_seed(
    document: str, problem: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    compose = getattr(checking, document)

    def faulty(marked: MarkedSolution) -> Document:
        if marked.solution.instance.seed == 7:
            raise KeyError("z")
        return compose(marked)

    monkeypatch.setattr(checking, document, faulty)
    assert main(["check", str(problem), "-n", "9"]) == 2
    assert "short: seed 7: KeyError: 'z'" in capfd.readouterr().err


def test_a_format_that_cannot_be_written_is_a_fault(
    problem: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def faulty(_document: Document, format_name: str) -> str:
        if format_name == "tex":
            raise ValueError("no such row")
        return ""

    monkeypatch.setattr(checking, "render_document", faulty)
    assert main(["check", str(problem), "-n", "2"]) == 2
    assert "short: seed 1: ValueError: no such row" in capfd.readouterr().err


def test_a_paper_that_cannot_be_composed_is_a_fault_of_its_blueprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\n[[question]]\nproblem = "max-pooling"\nmarks = 5\n')

    def faulty(*_arguments: object) -> Document:
        raise ZeroDivisionError("of two exact numbers")

    monkeypatch.setattr(build, "scheme_of_paper", faulty)
    assert main(["check", str(path), "-n", "2"]) == 2
    assert "paper-1: question 1: max-pooling: ZeroDivisionError: of two exact numbers" in capfd.readouterr().err


def test_an_operators_samples_are_checked_at_every_level(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "relu", "-n", "10"]) == 0
    out = capfd.readouterr().out
    assert [line for line in out.splitlines() if line.startswith("relu")] == [
        "relu, easy",
        "relu, medium",
        "relu, hard",
    ]


def test_blueprints_are_told_from_problems_by_id_and_by_what_is_in_the_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\ntotal = 5\n[[question]]\nproblem = "max-pooling"\nmarks = 5\n')
    assert main(["check", str(path), "-n", "5"]) == 0
    out = capfd.readouterr().out
    assert out.startswith("Mine: 1 question")
    assert "5 marks, fit to be set" in out
    path.write_text(path.read_text().replace("total = 5", "total = 6"))
    assert main(["check", str(path), "-n", "5"]) == 2
    assert "total is 6, but the questions add up to 5\n" in capfd.readouterr().err
    bare = path.rename(tmp_path / "without-a-suffix")
    assert main(["check", str(bare), "-n", "5"]) == 2
    assert "without-a-suffix: total is 6" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["check", "cnn-pipelin"], ["did you mean 'cnn-pipeline'"]),
        (["check", "no/such.toml"], ["no/such.toml", "there is no such file"]),
        (["check", "cnn-pipeline", "-n", "0"], ["-n"]),
        (["check", "cnn-pipeline", "-n", "ten"], ["ten"]),
    ],
)
def test_a_wrong_call_is_refused(call: list[str], words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(call) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    for word in words:
        assert word in captured.err
