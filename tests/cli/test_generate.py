"""What `generate` promises in every format: no answers, numbered files, a seed that brings everything back."""

import json
import re
import shlex
import zlib
from itertools import islice
from pathlib import Path

import pytest

from fullmarks.cli import main
from fullmarks.cli.output import FORMATS
from fullmarks.exam.choosing import find_source, new_exercises
from fullmarks.problem.bank import topics

SUFFIXES = [("txt" if name == "terminal" else name) for name in FORMATS]
PROBLEM = r"""
id = "large"
title = "Large"
[given.x]
value = [112.5, 200.25]
draw = { decimals = [100, 999], step = 0.25 }
[given.W]
value = [[310, 270], [150, 190]]
draw = { integers = [100, 999] }
[where]
y = "linear(x, W)"
[[part]]
find = "y"
ask = 'Find $\mathbf{W} \mathbf{x}$.'
marks = 5
"""


@pytest.fixture
def problem(tmp_path: Path) -> str:
    path = tmp_path / "large.toml"
    path.write_text(PROBLEM)
    return str(path)


def everything_in(data: bytes) -> str:
    """Return a file with its compressed streams unpacked, digits that PDF sets apart brought together."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL) if data.startswith(b"%PDF") else []
    return "\n".join([data.decode("latin-1"), *(_unpacked(stream) for stream in streams)])


def _unpacked(stream: bytes) -> str:
    try:
        return zlib.decompress(stream).decode("latin-1")
    except zlib.error:
        return ""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_format_tells_an_answer_without_solution(problem: str, tmp_path: Path, suffix: str) -> None:
    question, solution = tmp_path / f"question.{suffix}", tmp_path / f"solution.{suffix}"
    data = tmp_path / "solution.json"
    assert main(["generate", problem, "--seed", "5", "-o", str(question)]) == 0
    assert main(["generate", problem, "--seed", "5", "--solution", "-o", str(solution)]) == 0
    assert main(["generate", problem, "--seed", "5", "--solution", "-o", str(data)]) == 0
    record = json.loads(data.read_text())
    told = everything_in(question.read_bytes()).replace("\u2009", "").replace(",", "")
    for answer in record["quantities"]["y"]:
        assert str(answer) not in told
        assert str(int(answer)) not in told
        if suffix in ("txt", "md", "tex", "json"):
            assert str(int(answer)) in solution.read_text()
    if suffix != "toml":
        assert question.read_bytes() != solution.read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_count_numbers_the_files_of_every_format(problem: str, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert main(["generate", problem, "--seed", "1", "--count", "2", "-o", str(folder / f"quiz.{suffix}")]) == 0
    one, other = sorted(folder.iterdir())
    assert [one.name, other.name] == [f"quiz-1.{suffix}", f"quiz-2.{suffix}"]
    assert one.read_bytes() != other.read_bytes()


def test_numbers_of_many_files_are_equally_long(problem: str, tmp_path: Path) -> None:
    assert main(["generate", problem, "--seed", "1", "--count", "10", "-o", str(tmp_path / "quiz.json")]) == 0
    names = sorted(path.name for path in tmp_path.glob("quiz-*"))
    assert names == [f"quiz-{place:02d}.json" for place in range(1, 11)]


@pytest.mark.parametrize("format_name", ["terminal", "md"])
def test_several_problems_follow_one_another_on_standard_output(
    problem: str, format_name: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["generate", problem, "--seed", "1", "--count", "3", "--format", format_name]) == 0
    assert len(re.findall(r"^(?:# )?Large", capfdbinary.readouterr().out.decode(), re.MULTILINE)) == 3


def test_several_problems_are_a_list_in_json_and_one_is_an_object(
    problem: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["generate", problem, "--seed", "1", "--count", "3", "--format", "json", "--solution"]) == 0
    several = json.loads(capfdbinary.readouterr().out)
    assert main(["generate", problem, "--seed", "1", "--format", "json", "--solution"]) == 0
    assert json.loads(capfdbinary.readouterr().out) == several[0]
    assert len({str(one["given"]) for one in several}) == 3


@pytest.mark.parametrize("format_name", ["tex", "pdf", "html", "toml"])
def test_formats_with_one_problem_a_file_ask_for_files(
    problem: str, format_name: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["generate", problem, "--seed", "1", "--count", "3", "--format", format_name]) == 2
    captured = capfdbinary.readouterr()
    assert captured.out == b""
    assert f"-o FILE.{format_name}".encode() in captured.err


@pytest.mark.parametrize("what", ["large", "conv2d", "choose_model"])
def test_item_0_of_a_seed_is_what_solve_draws(
    what: str, problem: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    name = problem if what == "large" else what
    assert main(["generate", name, "--seed", "11", "--count", "2", "--solution", "--format", "json"]) == 0
    item = json.loads(capfdbinary.readouterr().out)[0]
    assert main(["solve", name, "--seed", "11", "--format", "json"]) == 0
    assert json.loads(capfdbinary.readouterr().out) == item


@pytest.mark.parametrize("what", ["large", "attention", "gate_effect", "cnn"])
def test_a_generated_problem_file_solves_to_the_generated_answers(
    what: str, problem: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    name, path = (problem if what == "large" else what), str(tmp_path / "p.toml")
    assert main(["generate", name, "--seed", "3", "--format", "toml", "-o", path]) == 0
    assert main(["generate", name, "--seed", "3", "--solution", "--format", "json"]) == 0
    generated = json.loads(capfdbinary.readouterr().out)["parts"]
    assert main(["solve", path, "--format", "json"]) == 0
    solved = json.loads(capfdbinary.readouterr().out)["parts"]
    for one, other in zip(generated, solved, strict=True):
        assert {**one, "find": ""} == {**other, "find": ""}


def test_a_problem_from_standard_input_is_read_once_for_all_items(
    problem: str, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with Path(problem).open() as file:
        monkeypatch.setattr("sys.stdin", file)
        assert main(["generate", "-", "--seed", "1", "--count", "2", "--format", "json"]) == 0
    assert len(json.loads(capfdbinary.readouterr().out)) == 2


def test_a_problem_without_a_draw_says_that_its_numbers_are_the_printed_ones(
    problem: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path(problem).write_text(re.sub(r"draw = .*", "", PROBLEM))
    assert main(["generate", problem, "--seed", "1"]) == 0
    assert "no given" in capfd.readouterr().err
    Path(problem).write_text(PROBLEM)
    assert main(["generate", problem, "--seed", "1"]) == 0
    assert capfd.readouterr().err == "seed 1\n"


def test_without_a_seed_one_is_made_up_and_brings_the_problem_back(
    problem: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["generate", problem]) == 0
    first = capfdbinary.readouterr()
    seed = first.err.decode().split()[1]
    assert main(["generate", problem, "--seed", seed]) == 0
    assert capfdbinary.readouterr().out == first.out


@pytest.mark.parametrize(
    ("call", "count"),
    [
        (["large"], 3),
        (["conv2d"], 2),
        (["conv2d", "--level", "hard"], 2),
        (["cnn"], 3),
        (["rnn", "--level", "easy"], 2),
    ],
)
def test_every_item_has_a_command_that_brings_it_back_alone(
    call: list[str], count: int, problem: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    name = problem if call[0] == "large" else call[0]
    sheet = ["generate", name, *call[1:], "--seed", "11", "--count", str(count), "--solution", "--format", "json"]
    assert main(sheet) == 0
    captured = capfdbinary.readouterr()
    items = json.loads(captured.out)
    first, *commands = captured.err.decode().splitlines()
    assert first == "seed 11"
    assert len(items) == len(commands) == count
    for place, (item, command) in enumerate(zip(items, commands, strict=True), 1):
        number, program, *words = shlex.split(command)
        assert (number, program) == (f"{place}:", "fullmarks")
        assert words[-2:] == ["--seed", str(item["seed"])]
        assert main([*words, "--format", "json", *(["--solution"] if words[0] == "generate" else [])]) == 0
        assert json.loads(capfdbinary.readouterr().out) == item


def test_the_seed_of_a_topic_names_its_problem_and_is_that_of_solve(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "cnn", "--seed", "7", "--format", "json"]) == 0
    captured = capfd.readouterr()
    assert captured.err.splitlines() == ["seed 7", f"1: fullmarks solve {json.loads(captured.out)['id']} --seed 7"]


def test_a_topic_asks_every_problem_before_it_asks_one_again(capfd: pytest.CaptureFixture[str]) -> None:
    pool = find_source("rnn", "easy").problems
    assert 1 < len(pool) < 20
    count = str(2 * len(pool) + 1)
    assert main(["generate", "rnn", "--level", "easy", "--seed", "5", "--count", count, "--format", "json"]) == 0
    ids = [item["id"] for item in json.loads(capfd.readouterr().out)]
    every = {problem.id for problem in pool}
    assert set(ids[: len(pool)]) == set(ids[len(pool) : -1]) == every


def test_no_item_repeats_the_numbers_of_another_while_there_are_others(problem: str) -> None:
    text = PROBLEM.replace("draw = { decimals = [100, 999], step = 0.25 }", "")
    Path(problem).write_text(text.replace("integers = [100, 999]", "integers = [1, 2]"))  # 16 matrices
    numbers = [str(item.values) for item in islice(new_exercises(find_source(problem), 1), 30)]
    assert len(set(numbers[:8])) == 8
    assert len(set(numbers)) >= 14


def test_one_more_item_changes_no_other(problem: str) -> None:
    source = find_source(problem)
    fewer, more = (list(islice(new_exercises(source, 3), count)) for count in (4, 9))
    assert fewer == more[:4]
    assert len({str(item.values) for item in more}) == 9


@pytest.mark.parametrize("topic", topics())
def test_every_topic_draws_among_its_problems(topic: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A topic stands before an operator of its name."""
    assert main(["generate", topic, "--seed", "1", "--count", "4", "--format", "json"]) == 0
    assert topic not in {one["id"] for one in json.loads(capfdbinary.readouterr().out)}


def test_when_one_item_cannot_be_drawn_no_file_is_written(problem: str, tmp_path: Path) -> None:
    Path(problem).write_text(PROBLEM.replace('title = "Large"', 'title = "Large"\nrequire = ["y < 0"]'))
    folder = tmp_path / "out"
    folder.mkdir()
    assert main(["generate", problem, "--seed", "1", "--count", "3", "-o", str(folder / "quiz.md")]) == 2
    assert list(folder.iterdir()) == []
