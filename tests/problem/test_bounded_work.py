"""What is large is worked in seconds and within a gigabyte, or refused: in a process that has no more of either."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

MEMORY, SECONDS = 2**30, 10
HEAD = 'title = "t"\n[given]\nx = 1\n'
PART = '[[part]]\nfind = "y"\n'
LARGE = {
    "where": HEAD + "[where]\n" + "".join(f'y{place} = "x + {place}"\n' for place in range(20_000))
    + '[[part]]\nfind = "y3"\n',
    "parts": HEAD + '[where]\ny = "x + 1"\n' + PART * 30_000,
    "require": 'title = "t"\nrequire = [' + '"y > 5", ' * 6_000 + "]\n[given.x]\n"
    + "value = 1\ndraw = { integers = [1, 3] }\n" + '[where]\ny = "x + 1"\n' + PART,
    "draw": 'title = "t"\nrequire = ["y < 0"]\n[given.x]\ndraw = { integers = [1, 3], shape = [500, 500] }\n[where]\n'
    'y = "relu(x)"\n' + PART,
    "sums": HEAD + "[where]\n" + "".join(f'y{place} = "{" + ".join(["x"] * 200)}"\n' for place in range(150))
    + '[[part]]\nfind = "y3"\n',
    "name": HEAD + f'[where]\n{"y" * 500_000} = "x"\n' + PART,
    "exam": 'title = "t"\n' + '[[question]]\nproblem = "rnn-two-steps"\n' * 20_000,
}  # fmt: skip
CALLS = {
    "patches": ["patches", "image=@image.npy", "patch_size=2"],
    "softmax": ["softmax", "x=@million.npy"],
    "relu": ["relu", "x=@million.npy", "--format", "html"],
    "mse_loss": ["mse_loss", "prediction=@million.npy", "target=@million.npy"],
    "rnn": ["rnn", "x=@steps.npy", "h=0 0", "W_xh=0.1 0.2; 0.3 0.1", "W_hh=0.1 0; 0 0.1"],
    "products": ["A @ A @ A @ A", "A=@hundred.npy"],
}


def limited(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    return subprocess.run(
        [sys.executable, "-m", "fullmarks", *arguments],
        cwd=folder, env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment}, capture_output=True,
        stdin=subprocess.DEVNULL, preexec_fn=limit, timeout=20 * SECONDS, check=False,
    )  # fmt: skip


def check_ending(ended: subprocess.CompletedProcess[bytes]) -> None:
    assert ended.returncode in (0, 2), ended.stderr[-2000:]
    assert b"more memory than there is" not in ended.stderr
    assert (ended.returncode == 2) == (ended.stdout == b"")
    if ended.returncode == 2:
        assert any(word in ended.stderr for word in (b"at most", b"too large", b"draws meets"))


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_is_worked_or_refused_in_seconds(name: str, tmp_path: Path) -> None:
    (tmp_path / "large.toml").write_text(LARGE[name])
    call = {"exam": ["exam", "large.toml", "--format", "md"], "draw": ["generate", "large.toml", "--seed", "1"],
            "require": ["generate", "large.toml", "--seed", "1"]}.get(name, ["solve", "large.toml"])  # fmt: skip
    check_ending(limited(*call, folder=tmp_path))


@pytest.mark.parametrize("name", CALLS)
def test_a_large_array_is_worked_or_refused_in_seconds(name: str, tmp_path: Path) -> None:
    whole = np.arange(10**6) % 9
    np.save(tmp_path / "million.npy", whole)
    np.save(tmp_path / "steps.npy", whole[:20_000].reshape(-1, 2) % 2)
    np.save(tmp_path / "image.npy", whole[:40_000].reshape(200, 200))
    np.save(tmp_path / "hundred.npy", whole[:10_000].reshape(100, 100))
    check_ending(limited("solve", *CALLS[name], folder=tmp_path))


@pytest.mark.parametrize("columns", ["1000000000", "0", "-5", "many"])
def test_no_width_of_a_terminal_fills_the_memory(columns: str, tmp_path: Path) -> None:
    for call in (["solve", "relu", "x=1 2"], ["--help"], ["list"]):
        ended = limited(*call, folder=tmp_path, COLUMNS=columns)
        assert ended.returncode == 0, ended.stderr
        assert max(map(len, ended.stdout.decode().splitlines())) <= 400


def test_a_pipe_or_a_file_that_blocks_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "blocks.toml").symlink_to("/proc/kmsg")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    for call in (
        *(["solve", name] for name in ("pipe.toml", "blocks.toml", "zero.toml")),
        *([command, "pipe.toml"] for command in ("exam", "check", "show", "generate")),
        ["solve", "relu", "x=@pipe.csv"],
        ["exam", "ee6427-part4", "--key-file", "pipe.toml"],
    ):
        ended = limited(*call, folder=tmp_path)
        assert ended.returncode == 2, ended.stderr
        assert any(word in ended.stderr for word in (b"no ordinary file", b"is empty", b"may not be read", b"cannot"))


def test_a_file_name_that_is_not_utf8_works_or_is_refused_readably(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.toml")
    (tmp_path / name).write_text(HEAD + '[where]\ny = "x + 1"\n' + PART)
    assert limited("solve", name, "-o", os.fsdecode(b"\xfe.md"), folder=tmp_path).returncode == 0
    assert b"\xfe.md" in os.listdir(os.fsencode(tmp_path))  # noqa: PTH208 - names as bytes
    exam = ["exam", "ee6427-part4", "--seed", "1", "--format", "md", "-o", os.fsdecode(b"\xfd")]
    for call in (["show", name], exam):
        ended = limited(*call, folder=tmp_path)
        assert ended.returncode == 0, ended.stderr
        assert b"\\xf" in ended.stdout
    ended = limited("check", os.fsdecode(b"\xf1.toml"), folder=tmp_path)
    assert ended.returncode == 2
    assert b"\\xf1.toml: there is no such file" in ended.stderr
