import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fullmarks.cli import main

CONVOLUTION = ["solve", "conv2d", "x=4 0 1; 4 0 2; 0 2 2", "kernel=sobel_x", "stride=2", "padding=1"]
EXERCISE = """
id = "pooled"
title = "Pooled"
topic = "cnn"
require = ["max(Y) > 0", "distinct(Y)"]
[given.A]
value = [[1, 2, 0], [3, 4, 1], [0, 1, 5]]
draw = { integers = [-4, 4] }
[given.F]
value = [[1, 0], [0, 1]]
[where]
Y = "conv2d(A, F)"
P = "max_pool2d(Y, size=2)"
[[part]]
find = "Y"
marks = 4
[[part]]
find = "P"
marks = 2
"""


@pytest.fixture
def exercise(tmp_path: Path) -> str:
    path = tmp_path / "pooled.toml"
    path.write_text(EXERCISE)
    return str(path)


def test_an_operator_is_solved_from_the_command_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(CONVOLUTION) == 0
    text = capfdbinary.readouterr().out.decode()
    assert "2 × (−2)" in text
    assert "⎣−4  4⎦" in text


def test_letters_are_worked_from_the_command_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["solve", "conv2d", "x=a 0; 1 b", "kernel=1 2; 3 4"]) == 0
    text = capfdbinary.readouterr().out.decode()
    assert "a × 1 + 0 × 2 + 1 × 3 + b × 4" in text
    assert "Y = a + 4b + 3" in text


def test_a_letter_where_a_word_is_wanted_is_refused(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["solve", "conv2d", "x=a 0; 1 b", "kernel=f"]) == 2
    assert "'f' is neither a number nor a known word" in capfdbinary.readouterr().err.decode()


def test_exact_forms_are_printed_where_asked_for(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["solve", "sigmoid", "x=-4", "--exact", "--format", "md"]) == 0
    assert r"\frac{1}{1 + e^{4}} \approx 0.018" in capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize(("suffix", "start"), [("md", b"# "), ("tex", b"%"), ("pdf", b"%PDF-"), ("json", b"{")])
def test_the_suffix_of_the_output_chooses_the_format(tmp_path: Path, suffix: str, start: bytes) -> None:
    path = tmp_path / f"solution.{suffix}"
    assert main([*CONVOLUTION, "-o", str(path)]) == 0
    assert path.read_bytes().startswith(start)
    figures = [tmp_path / "solution-figure-1.svg"] if suffix == "md" else []
    assert sorted(tmp_path.iterdir()) == sorted([path, *figures])


def test_json_carries_numbers_steps_marks_and_wrong_answers(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main([*CONVOLUTION, "--format", "json"]) == 0
    record = json.loads(capfdbinary.readouterr().out)
    assert record["quantities"]["conv2d"] == [[0, 0], [-4, 4]]
    (part,) = record["parts"]
    assert part["find"] == part["operator"] == "conv2d"
    assert sum(mark["worth"] for step in part["steps"] for mark in step["marks"]) == part["marks"]
    assert any("stride" in wrong["because"] for wrong in part["wrong"])


def test_formulas_become_parts(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    call = ["solve", "Y = conv2d(A, F); max_pool2d(Y, size=2)", "A=1 2 0; 3 4 1; 0 1 5", "F=1 0; 0 1", "-f", "json"]
    assert main(call) == 0
    parts = json.loads(capfdbinary.readouterr().out)["parts"]
    assert [(part["label"], part["find"], part["answer"]) for part in parts] == [
        ("(i)", "Y", [[5, 3], [4, 9]]),
        ("(ii)", "max_pool2d", [[9]]),
    ]


def test_a_problem_file_is_read_from_standard_input(exercise: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fullmarks", "solve", "-", "--format", "json"],
        input=Path(exercise).read_bytes(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["quantities"]["P"] == [[9]]


def test_the_same_seed_gives_the_same_problem_and_the_seed_is_printed(
    exercise: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    texts = []
    for _ in range(2):
        assert main(["generate", exercise, "--seed", "7", "--solution"]) == 0
        captured = capfdbinary.readouterr()
        assert captured.err == b"seed 7\n"
        texts.append(captured.out)
    assert texts[0] == texts[1]
    assert main(["solve", exercise, "--seed", "7"]) == 0
    assert capfdbinary.readouterr().out == texts[0]
    assert main(["generate", exercise, "--seed", "8", "--solution"]) == 0
    assert capfdbinary.readouterr().out != texts[0]


@pytest.mark.parametrize("format_name", ["terminal", "md", "tex", "json"])
def test_a_generated_question_tells_no_answer(
    exercise: str, format_name: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["generate", exercise, "--seed", "3", "--format", format_name]) == 0
    question = capfdbinary.readouterr().out.decode()
    for word in ("M1", "A1", "largest value", *(("quantities", "steps") if format_name == "json" else ())):
        assert word not in question


@pytest.mark.parametrize("what", ["conv2d", "choose_model", "cnn"])
def test_operators_and_topics_are_generated_from_as_well(what: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    texts = set()
    for seed in ("1", "1", "2", "3"):
        assert main(["generate", what, "--seed", seed, "--format", "json"]) == 0
        texts.add(capfdbinary.readouterr().out)
    assert 2 <= len(texts) <= 3


def test_a_level_filters_and_one_that_is_not_there_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "cnn", "--level", "easy", "--seed", "1", "--format", "json"]) == 0
    assert main(["generate", "cnn-pipeline", "--level", "hard", "--seed", "1"]) == 2
    assert "medium" in capfd.readouterr().err
    assert main(["generate", "cnn", "--level", "esy", "--seed", "1"]) == 2
    assert "did you mean 'easy'" in capfd.readouterr().err


def test_a_count_numbers_the_files(exercise: str, tmp_path: Path) -> None:
    assert main(["generate", exercise, "--seed", "1", "--count", "3", "-o", str(tmp_path / "quiz.md")]) == 0
    files = sorted(path.name for path in tmp_path.glob("quiz*"))
    assert files == ["quiz-1.md", "quiz-2.md", "quiz-3.md"]
    assert len({(tmp_path / name).read_text() for name in files}) == 3


def test_list_and_show_know_every_operator(capfd: pytest.CaptureFixture[str]) -> None:
    from fullmarks.operators import operator_names

    assert main(["list", "operators"]) == 0
    listed = capfd.readouterr().out
    for name in operator_names():
        assert name in listed
        assert main(["show", name]) == 0
        assert "Source" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["solve", "conv3d"], ["conv3d", "did you mean 'conv2d'"]),
        (["solve", "conv2d", "x=1 2; 3 4"], ["kernel", "missing"]),
        (["solve", "conv2d", "x=1 2; 3", "kernel=1"], ["x", "row 2"]),
        (["solve", "conv2d", "x=1 2; 3 4", "kernel=sobel"], ["kernel", "sobel"]),
        (["solve", "conv2d", "x=1 2; 3 4", "kernel=1 1 1;"], ["1×3", "2×2"]),
        (["solve", "conv2d", "x=1 2; 3 4", "kernel=1;", "stride=0"], ["stride", "0", "at least 1"]),
        (["solve", "conv2d", "x=1 nan; 3 4", "kernel=1;"], ["x", "nan"]),
        (["solve", "conv2d", "x=1 2; 3 4", "x=1"], ["x", "twice"]),
        (["solve", "conv2d", "x=1 2; 3 4", "kernel=1;", "strid=2"], ["strid", "did you mean 'stride'"]),
        (["solve", "Y = attention(Q, K, V)", "Q=1 2; 3 4", "K=1 2 3; 4 5 6", "V=1; 2"], ["2×3", "2×2", "3 columns"]),
        (["solve", "__import__('os').system('true')"], ["__import__"]),
        (["solve", "no/such/file.toml"], ["no/such/file.toml"]),
        (["solve", "conv2d", "x=1 2; 3 4", "kernel=1;", "-o", "/no/such/folder/a.md"], ["/no/such/folder/a.md"]),
        (["solve", "conv2d", "x=1 2; 3 4", "kernel=1;", "-o", "a.docx"], ["docx"]),
        (["solve", "conv2d", "x=1 2; 3 4", "kernel=1;", "--format", "word"], ["word", "terminal"]),
        (["solve", "conv2d", "--seed", "x"], []),
        (["solve", "conv2d", "--bogus"], ["bogus"]),
        (["exam", "no-such-exam"], ["no-such-exam"]),
        (["list", "exercises"], ["exercises", "problems"]),
    ],
)
def test_wrong_input_ends_with_status_2_one_message_and_nothing_written(
    call: list[str],
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(call) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert 0 < len(captured.err.strip().splitlines()) <= 5
    assert "Traceback" not in captured.err
    for word in words:
        assert word in captured.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole_or_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "solution.pdf"
    path.write_text("old")
    assert main(["solve", "conv2d", "x=1 2; 3 4", "kernel=9 9 9", "-o", str(path)]) == 2
    assert path.read_text() == "old"


def test_a_closed_pipe_ends_quietly() -> None:
    command = f"{sys.executable} -m fullmarks solve conv2d 'x=1 2; 3 4' 'kernel=1;' | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_a_device_is_never_replaced_by_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert main(["solve", "max_pool2d", "x=1 2; 3 4", "size=2", "-o", str(pipe)]) == 2
    assert "no ordinary file" in capfd.readouterr().err
    assert pipe.is_fifo()


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    target.write_text("old")
    link.symlink_to(target)
    assert main(["solve", "max_pool2d", "x=1 2; 3 4", "size=2", "-o", str(link)]) == 0
    assert link.is_symlink()
    assert target.read_text().startswith("# ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here to stand for a full disk")
def test_a_full_disk_is_reported_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "fullmarks", "solve", "max_pool2d", "x=1 2; 3 4", "size=2"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["fullmarks: standard output: no space is left to write to"]
