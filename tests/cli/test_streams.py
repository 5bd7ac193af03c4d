"""The real program among odd streams and surroundings: closed, full or ASCII-only ones, interrupts, no home."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "fullmarks"]
POOLING = ["solve", "max_pool2d", "x=1 2; 3 4", "size=2"]
EVERY = [POOLING, ["show", "attention"], ["list", "operators"], ["generate", "conv2d", "--seed", "1"], ["--help"]]
FOR_EVER = """
title = "Slow"
require = ["max(Y) > 9"]
[given.x]
draw = { integers = [0, 9], shape = [300, 300] }
[where]
Y = "sigmoid(x)"
[[part]]
find = "Y"
"""


def shell(command: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        ["bash", "-c", command.replace("fullmarks", " ".join(PROGRAM), 1)],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("command", EVERY, ids=[call[0] for call in EVERY])
def test_closed_standard_output_is_one_message(command: list[str]) -> None:
    done = shell(f"fullmarks {' '.join(repr(word) for word in command)} >&-")
    assert done.returncode == 2
    assert done.stderr.decode().startswith("fullmarks: standard output: is closed")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", EVERY, ids=[call[0] for call in EVERY])
@pytest.mark.parametrize("reader", ["true", "head -1", "head -c 1"])
def test_a_reader_that_goes_away_ends_quietly(command: list[str], reader: str) -> None:
    done = shell(f"fullmarks {' '.join(repr(word) for word in command)} | {reader}")
    assert [line for line in done.stderr.splitlines() if not line.startswith(b"seed ")] == []


@pytest.mark.parametrize("command", EVERY, ids=[call[0] for call in EVERY])
def test_ascii_streams_never_stop_the_output(command: list[str]) -> None:
    call = f"fullmarks {' '.join(repr(word) for word in command)}"
    for surroundings in (
        {"PYTHONIOENCODING": "ascii:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ):
        done = shell(call, **surroundings)
        assert done.returncode == 0, done.stderr
        assert done.stdout
    assert shell("fullmarks solve sigmoid 'x=é'", PYTHONIOENCODING="ascii:strict").returncode == 2


def test_a_closed_standard_error_puts_no_message_into_the_output() -> None:
    done = shell("fullmarks solve nonsense 2>&-")
    assert (done.returncode, done.stdout) == (2, b"")
    assert shell("fullmarks generate conv2d --seed 1 --count 3 2>&-").returncode == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", [["solve", "cnn-pipeline"], ["list", "operators"], ["show", "attention"]])
def test_output_that_does_not_fit_is_never_a_success(command: list[str], unbuffered: str, tmp_path: Path) -> None:
    written = tmp_path / "out"
    limited = f"ulimit -f 1; exec {' '.join([*PROGRAM, *command])} > {written}"
    surroundings = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False, env=surroundings)
    assert written.stat().st_size <= 1024  # the limit: not all of it
    assert (done.returncode, done.stderr) == (2, "fullmarks: standard output: File too large\n")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("<&-", "standard input: is closed"),
        ("</dev/null", "standard input: is empty"),
        ("< <(head -c 100 /dev/zero | tr '\\0' '\\377')", "is not UTF-8"),
        ("< <(head -c 3000000 /dev/zero)", "larger than 1,000,000 bytes"),
        ("</dev/zero", "larger than 1,000,000 bytes"),
    ],
)
def test_odd_standard_input_is_refused(given: str, words: str) -> None:
    done = shell(f"fullmarks solve - {given}")
    assert (done.returncode, done.stdout) == (2, b"")
    assert words in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("columns", ["0", "5", "abc", "-1", "99999999999999999999"])
def test_an_odd_width_and_no_home_change_nothing(columns: str, tmp_path: Path) -> None:
    plain = subprocess.run([*PROGRAM, *POOLING], capture_output=True, check=True).stdout
    surroundings = {name: value for name, value in os.environ.items() if name != "HOME"}
    odd = {**surroundings, "COLUMNS": columns, "TERM": "dumb", "TMPDIR": str(tmp_path / "nothing")}
    assert subprocess.run([*PROGRAM, *POOLING], capture_output=True, check=True, env=odd).stdout == plain


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_quietly_and_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "slow.toml").write_text(FOR_EVER)
    before = set(tmp_path.iterdir())
    call = [*PROGRAM, "generate", "slow.toml", "--seed", "1", "--count", "50", "-o", "out.md"]
    # a job in a shell's background inherits that interrupts are ignored, and keeps to it: this one listens to them
    listen = ["env", "--default-signal=INT"]
    running = subprocess.Popen([*listen, *call], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2)  # well into the draws, which take longer; an interrupt before or after them must be quiet as well
    running.send_signal(number)
    output, complaints = running.communicate(timeout=60)
    assert running.returncode == 130
    assert (output, complaints) == (b"", b"")
    assert set(tmp_path.iterdir()) == before


def test_a_fault_of_the_program_is_a_plain_message_without_traceback() -> None:
    script = (
        "import sys, numpy; from fullmarks import cli; from fullmarks.operators import relu, load_operator\n"
        "import msgspec\n"
        "wrong = lambda x: numpy.asarray(x - 1)\n"
        "import fullmarks.operators.relu as module\n"
        "from dataclasses import is_dataclass, replace\n"
        "change = replace if is_dataclass(module.operator) else msgspec.structs.replace\n"
        "module.operator = change(module.operator, evaluate=wrong)\n"
        "sys.exit(cli.main(['solve', 'relu', 'x=1 2']))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("fullmarks: this is a fault of fullmarks, not of your input; nothing was written\n")
    assert "the two routes to relu disagree" in done.stderr
    assert "Please report it" in done.stderr
    assert "Traceback" not in done.stderr
