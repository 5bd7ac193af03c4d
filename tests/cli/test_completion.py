import os
import subprocess
import sys
from pathlib import Path

import pytest

FORMULAS = '"Y = conv2d(A, F); relu(Y)"'


def completed(shell: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "fullmarks"],
        env={**os.environ, "_FULLMARKS_COMPLETE": f"complete_{shell}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""  # it would land in the line that is being typed
    return done.stdout.split()


def in_bash(*words: str) -> list[str]:
    """Complete the last word as bash does: it splits words at ``=`` and numbers them from 0."""
    return completed("bash", COMP_WORDS="\n".join(words), COMP_CWORD=str(len(words) - 1))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["sho"], ["show"]),
        (["solve", "cnn-p"], ["cnn-pipeline"]),
        (["solve", "max_"], ["max_pool2d"]),
        (["show", "qui"], ["quiz"]),
        (["check", "cnn-p"], ["cnn-pipeline"]),
        (["exam", "ee6427-p"], ["ee6427-part4"]),
        (["list", "op"], ["operators"]),
        (["list", "--topic", "transf"], ["transformer"]),
        (["generate", "rn"], ["rnn", "rnn-two-steps", "rnn_cell"]),
        (["generate", "cnn", "--level", "e"], ["easy"]),
        (["solve", "relu", "--format", "te"], ["terminal", "tex"]),
        (["solve", "relu", "--document", "s"], ["solution", "scheme"]),
        (["generate", "relu", "--document", "q"], ["question"]),
        (["exam", "quiz", "--format", "pdf,t"], ["pdf,tex"]),
        (["solve", "conv2d", "str"], ["stride=", "stride=1"]),
        (["solve", "conv2d", "kernel=so"], ["kernel=sobel_x", "kernel=sobel_y"]),
        (["solve", "conv2d", "kernel", "=", "so"], ["sobel_x", "sobel_y"]),
        (["solve", "conv2d", "x", "=", '"4 0; 1 2"', "padding", "=", "s"], ["same"]),
        (["solve", "conv2d_parameters", "bias", "="], ["true", "false"]),
        (["solve", "lstm_cell", "order", "=", "if"], ["ifgo", "ifog"]),
        (["solve", "cnn-pipeline", "F", "=", "lap"], ["laplacian"]),
        (["solve", "cnn-pipeline", "st"], ["stride=", "stride=@"]),
        (["solve", FORMULAS, ""], ["A=", "F="]),
        (["solve", FORMULAS, "F", "=", "gau"], ["gaussian"]),
        (["solve", "conv2d", "x", "=@", "REA"], []),  # bash completes the file's name
        (["solve", "nonsense", "x"], []),
        (["solve", '"Y = conv2d("', "x"], []),
    ],
)
def test_bash_completes(words: list[str], expected: list[str]) -> None:
    found = in_bash("fullmarks", *words)
    if words[:1] == ["generate"] and "rn" in words:
        assert set(expected) <= set(found)  # operators with that beginning may come
    else:
        assert found == expected


def test_an_argument_that_has_its_value_is_not_offered_again() -> None:
    found = in_bash("fullmarks", "solve", "conv2d", "x", "=", "1", "stride", "=", "2", "")
    assert "kernel=" in found
    assert not {"x=", "stride="} & set(found)


def test_a_problem_file_offers_its_givens(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text('title = "One"\n[given]\nx = [1, 2]\n[where]\ny = "relu(x)"\n[[part]]\nfind = "y"\n')
    assert in_bash("fullmarks", "solve", str(path), "") == ["x=", "x=@"]


def test_zsh_keeps_name_and_value_in_one_word() -> None:
    found = completed("zsh", _TYPER_COMPLETE_ARGS="fullmarks solve conv2d kernel=so")
    assert "kernel=sobel_x" in "".join(found)


def test_names_are_completed_without_numpy() -> None:
    code = (
        "import sys; from fullmarks.cli import completion, app; "
        "assert completion.complete_source('cnn'); assert completion.complete_anything('conv2'); "
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
