import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from fullmarks.cli import main
from fullmarks.cli.columns import set_command, set_rows
from fullmarks.math.kernels import KERNELS
from fullmarks.operators import load_operator, operator_names
from fullmarks.operators._describing import OTHERS, grouped
from fullmarks.problem.assignment import read_value
from fullmarks.problem.bank import bank_ids, blueprint_files, topics
from fullmarks.problem.description import example_of
from fullmarks.problem.typed import quoted, typed_value

EVERYTHING = [*sorted(operator_names()), *bank_ids(), *blueprint_files()]
HEADINGS = ("Takes", "Gives", "Example", "Source")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 0
    return capsys.readouterr().out


def section(text: str, heading: str) -> str:
    return text.partition(f"\n{heading}\n")[2].partition("\n\n")[0]


def examples(text: str) -> list[list[str]]:
    return [shlex.split(line) for line in section(text, "Example").replace("\\\n", " ").splitlines()]


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_example_that_show_prints_can_be_pasted_and_works(
    name: str, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = examples(printed(capfd, "show", name))
    assert found
    for program, *words in found:
        assert program == "fullmarks"
        assert main(words) == 0, shlex.join(words)


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_show_prints_fits_into_80_columns(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    text = printed(capfd, "show", name)
    prose = text.replace(section(text, "Example"), "")  # a word of a command cannot be broken
    assert [line for line in prose.splitlines() if len(line) > 80] == []


def test_an_example_that_goes_over_lines_is_one_command_to_a_shell(capfd: pytest.CaptureFixture[str]) -> None:
    text = section(printed(capfd, "show", "cross_attention"), "Example").partition("\n  fullmarks generate")[0]
    assert "\\\n" in text
    script = f'fullmarks() {{ "{sys.executable}" -m fullmarks "$@"; }}\n{text}\n'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Cross-attention")


def test_show_tells_what_an_operator_takes_and_gives(capfd: pytest.CaptureFixture[str]) -> None:
    text = printed(capfd, "show", "conv2d")
    takes = " ".join(section(text, "Takes").split())
    assert "x image, one channel or several: a matrix H×W or an array C×H×W" in takes
    assert "or sobel_x, sobel_y" in takes
    assert "stride step of the window: a whole number from 1, or [height, width] (1 if not given)" in takes
    assert "left out the padding" in section(text, "Usual mistakes")
    assert "Goodfellow" in section(text, "Source")
    assert "labels names of the classes, in order: words (may be left out)" in " ".join(
        printed(capfd, "show", "argmax").split()
    )


def test_show_names_the_results_that_are_reached_by_name(capfd: pytest.CaptureFixture[str]) -> None:
    gives = section(printed(capfd, "show", "attention"), "Gives")
    assert gives.splitlines()[0].split()[:4] == ["output", "the", "main", "result"]
    assert "reached as Y.weights" in gives


def test_show_tells_how_a_problem_is_drawn_and_what_it_asks(capfd: pytest.CaptureFixture[str]) -> None:
    text = printed(capfd, "show", "cnn-pipeline")
    assert text.startswith("cnn-pipeline: Exercise: CNN (cnn, medium, 18 marks)\n")
    given = " ".join(section(text, "Given").split())
    assert 'A Input image; 3×3, "4 0 1; 4 0 2; 0 2 2"; drawn: whole numbers from 0 to 4' in given
    assert "F Filter; 3×3, sobel_x; drawn: one of sobel_x, sobel_y" in given
    assert "max(Y) > 0" in section(text, "Drawn numbers meet")
    assert "discuss filter_effect(F) [3]" in section(text, "Asks")


def test_a_problem_file_is_shown_from_its_path_and_from_standard_input(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "my problems"
    folder.mkdir()
    path = folder / "one.toml"
    path.write_text('title = "One"\n[given]\nx = [1, 0.5]\n[where]\ny = "relu(x)"\n[[part]]\nfind = "y"\nmarks = 2\n')
    text = printed(capfd, "show", str(path))
    assert text.startswith("one: One (medium, 2 marks)")
    for _, *words in examples(text):
        assert main(words) == 0
    capfd.readouterr()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert section(printed(capfd, "show", "-"), "Works out") == "  y = relu(x)"


def test_a_blueprint_is_shown_with_its_questions(capfd: pytest.CaptureFixture[str]) -> None:
    text = printed(capfd, "show", "quiz")
    assert "1 hour, 40 marks" in text
    assert "softmax-loss [6]" in section(text, "Questions")


def test_an_unknown_name_is_refused_with_the_nearest(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "conv2"]) == 2
    assert "did you mean 'conv2d'?" in capfd.readouterr().err


def test_list_is_an_overview_of_everything(capfd: pytest.CaptureFixture[str]) -> None:
    text = printed(capfd, "list")
    for name in (*bank_ids(), *topics(), *blueprint_files()):
        assert name in text
    assert f"{len(operator_names())} operators" in text
    assert re.search(r"  cnn-pipeline +medium +18  Exercise: CNN\n", text)


def test_a_topic_lists_its_problems_only(capfd: pytest.CaptureFixture[str]) -> None:
    text = printed(capfd, "list", "problems", "--topic", "lstm")
    assert "lstm-forget-gate" in text
    assert "cnn-pipeline" not in text
    assert printed(capfd, "list", "--topic", "lstm") == text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["problems", "--topic", "cn"], "did you mean 'cnn'?"),
        (["operators", "--topic", "cnn"], "goes with problems"),
        (["operator"], "did you mean 'operators'?"),
    ],
)
def test_a_wrong_list_is_refused(words: list[str], message: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["list", *words]) == 2
    assert message in capfd.readouterr().err


def test_every_operator_is_listed_once_with_its_first_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    lines = printed(capfd, "list", "operators").splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ") and not line.startswith("   ")]
    assert sorted(listed) == sorted(operator_names())
    assert any(line.startswith("  relu ") and "max(0, x) of each entry" in line for line in lines)


def test_exams_are_listed_with_duration_and_marks(capfd: pytest.CaptureFixture[str]) -> None:
    line = next(line for line in printed(capfd, "list", "exams").splitlines() if line.startswith("  quiz "))
    assert line.split(maxsplit=5) == ["quiz", "1", "hour", "40", "marks", "Quiz: Convolutional Networks"]


def test_discussions_are_a_group_and_what_no_group_knows_is_still_listed() -> None:
    from msgspec.structs import replace

    groups = grouped([load_operator("gate_effect"), replace(load_operator("relu"), name="shrink")])
    assert {heading: [one.name for one in members] for heading, members in groups.items()} == {
        "Discussion, answered in words": ["gate_effect"],
        OTHERS: ["shrink"],
    }


@pytest.mark.parametrize("name", sorted(operator_names()))
def test_a_sample_that_is_typed_is_read_again_as_the_same_numbers(name: str) -> None:
    for argument, value in example_of(load_operator(name))[1].items():
        (read,) = shlex.split(quoted(typed_value(value)))
        expected = KERNELS.get(value, value) if isinstance(value, str) else value
        assert typed_value(read_value(read, argument)) == typed_value(expected)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([[1, 2]], "1 2;"),
        ([7], "[7]"),
        ([[[1, 2]], [[3, 4]]], "1 2 | 3 4"),
        ([[[1, 2], [3, 4]]], "1 2; 3 4 |"),
        ([[[[1, 2]]]], "[[[[1,2]]]]"),
        (["cat", "dog"], "cat dog"),
        (["hot dog", "cat"], '["hot dog", "cat"]'),
        (True, "true"),
        (None, "none"),
        (0.1, "0.1"),
        ("it's", "it's"),
    ],
)
def test_a_value_is_typed_as_it_is_read(value: object, text: str) -> None:
    assert typed_value(value) == text
    assert shlex.split(quoted(text)) == [text]


def test_what_a_shell_would_act_upon_is_quoted() -> None:
    for text in ("$HOME", "`ls`", 'a"b', "a!b", "a\\b", "", "a b; c"):
        assert shlex.split(quoted(text)) == [text]


def test_text_hangs_below_itself_and_a_command_goes_on_with_a_backslash() -> None:
    assert set_rows([("a", "one two three"), ("bbb", "four")], 14) == [
        "  a    one two\n       three",
        "  bbb  four",
    ]
    assert set_command(["run me", "x=1", "y=2"], 14) == "  run me x=1 \\\n      y=2"
