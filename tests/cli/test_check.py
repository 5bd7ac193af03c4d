from pathlib import Path

import pytest

from fullmarks.cli import main

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
    assert "total is 6" in capfd.readouterr().err


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
