"""A folder that holds an exam: it is continued with the same blueprint and key, or left as it is."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fullmarks as fm
from fullmarks.cli import main

Refused = Callable[..., str]
PROBLEM = """
title = "Short"
[given.x]
value = [1, 2]
draw = { integers = [-99, 99] }
[where]
y = "relu(x)"
[[part]]
find = "y"
"""
BLUEPRINT = 'title = "E"\n[[question]]\nproblem = "p.toml"\nmarks = 4\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(PROBLEM)
    (tmp_path / "e.toml").write_text(BLUEPRINT)
    return tmp_path


def exam(*arguments: str) -> int:
    return main(["exam", "e.toml", "--format", "md", "-o", "out", *arguments])


def files() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path("out").rglob("*")) if path.is_file()}


def lock() -> dict[str, Any]:
    return json.loads(Path("out/exam.lock.json").read_text())


def given(seed: int, variants: int) -> list[Any]:
    papers = json.loads(fm.build_exam("e.toml", seed=seed, variants=variants).lock_text())["papers"]
    return [paper["questions"][0]["problems"][0]["given"]["x"] for paper in papers]


def test_a_tenth_paper_changes_no_other() -> None:
    nine, ten = given(2026, 9), given(2026, 10)
    assert nine == ten[:9]
    assert nine[0] == [55, -45]  # as it was drawn for a single paper ever since
    exam("--seed", "2026", "--variants", "1")
    one = files()
    exam("--seed", "2026", "--variants", "10")
    ten_papers = files()
    del one["out/exam.lock.json"]
    assert one.items() <= ten_papers.items()
    assert "out/papers/paper-10.md" in ten_papers
    assert b"Paper 1" in one["out/papers/paper-1.md"]


def test_an_exam_with_a_random_key_keeps_it_when_it_is_set_again(capfd: pytest.CaptureFixture[str]) -> None:
    assert exam() == 0
    before = files()
    capfd.readouterr()
    assert exam() == 0
    assert files() == before
    assert "out: continued the exam of 1 paper" in capfd.readouterr().err


def test_more_papers_and_formats_continue_an_exam_and_change_nothing_of_it() -> None:
    assert exam("--variants", "2") == 0
    before, key = files(), lock()["key"]
    assert main(["exam", "e.toml", "--format", "tex", "--variants", "3", "-o", "out"]) == 0
    after = files()
    assert {name: data for name, data in before.items() if name.endswith("md")}.items() <= after.items()
    assert sorted(Path(name).name for name in after if name.endswith("tex")) == [
        f"paper-{number}.tex" for number in (1, 1, 2, 2, 3, 3)
    ]
    assert lock()["key"] == key
    assert len(lock()["papers"]) == 3
    assert main(["exam", "e.toml", "--format", "md", "-o", "out"]) == 0
    assert "out/papers/paper-3.md" in files()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--seed", "8"], ["out: holds an exam with another key", "leave out --seed"]),
        (["--key-file", "k"], ["out: holds an exam with another key"]),
        (["--variants", "1"], ["out: holds an exam of 2 papers, and 1 are asked for", "--variants 2 or more"]),
    ],
)
def test_another_key_and_fewer_papers_are_refused(arguments: list[str], words: list[str], refused: Refused) -> None:
    Path("k").write_text("secret")
    exam("--seed", "7", "--variants", "2")
    message = refused("exam", "e.toml", "--format", "md", "-o", "out", *arguments)
    for word in (*words, "write to another folder"):
        assert word in message
    assert "secret" not in message


def changed_version(record: dict[str, Any]) -> None:
    from fullmarks.exam.lock import lock_text

    del record["hash"]
    Path("out/exam.lock.json").write_text(lock_text(record | {"version": "0.0.1"}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: Path("e.toml").write_text(BLUEPRINT.replace('"E"', '"F"')), "that was set before e.toml changed"),
        (lambda: Path("f.toml").write_text(BLUEPRINT.replace('"E"', '"F"')), "of another blueprint, e.toml"),
        (lambda: Path("p.toml").write_text(PROBLEM + "marks = 3\n"), "that was set before p.toml changed"),
        (lambda: changed_version(lock()), "was set by fullmarks 0.0.1"),
        (lambda: Path("out/exam.lock.json").write_text('{"format": "fullmarks/exam/1"}'), "is not a lock file"),
        (lambda: Path("out/exam.lock.json").write_text("nonsense"), "is not a lock file"),
        (lambda: Path("out/exam.lock.json").unlink(), "paper-1.md: belongs to an exam whose exam.lock.json"),
        (
            lambda: Path("out/exam.lock.json").write_text(Path("out/exam.lock.json").read_text().replace('"E"', '"F"')),
            "its hash does not fit",
        ),
    ],
)
def test_an_exam_that_would_change_is_left_as_it_is(change: Callable[[], None], words: str, refused: Refused) -> None:
    exam("--seed", "7")
    change()
    blueprint = "f.toml" if Path("f.toml").exists() else "e.toml"
    assert words in refused("exam", blueprint, "--format", "md", "--seed", "7", "-o", "out")


def test_python_writes_no_second_exam_into_a_folder_either() -> None:
    fm.build_exam("e.toml").write("out", ("md",))
    before = files()
    with pytest.raises(fm.FullmarksError, match="another key"):
        fm.build_exam("e.toml").write("out", ("md",))
    assert files() == before


def test_a_key_is_taken_from_a_lock_file_for_another_folder() -> None:
    exam()
    assert main(["exam", "e.toml", "--format", "md", "-o", "copy", "--key-file", "out/exam.lock.json"]) == 0
    assert Path("copy/papers/paper-1.md").read_bytes() == Path("out/papers/paper-1.md").read_bytes()


def test_a_lock_file_is_known_by_what_is_in_it(refused: Refused) -> None:
    exam()
    Path("kept.json").write_bytes(Path("out/exam.lock.json").read_bytes())
    assert main(["exam", "e.toml", "--format", "md", "-o", "copy", "--key-file", "kept.json"]) == 0
    assert Path("copy/exam.lock.json").read_bytes() == Path("out/exam.lock.json").read_bytes()
    Path("kept.json").write_text('{"key": "7"}')
    message = refused("exam", "e.toml", "--format", "md", "-o", "other", "--key-file", "kept.json")
    assert "kept.json: is not a lock file" in message
    assert "expected a file that holds the exam's key" in message


@pytest.mark.parametrize(("key", "found"), [(" \n", "is empty"), ("x" * 10_001, "holds 10,001 characters")])
def test_a_key_that_is_none_is_refused(key: str, found: str, refused: Refused) -> None:
    Path("k").write_text(key)
    assert f"--key-file k: {found}" in refused("exam", "e.toml", "--format", "md", "-o", "out", "--key-file", "k")


@pytest.mark.parametrize("name", ["papers/paper-1.md", "schemes/paper-1-figure-1.svg"])
def test_a_paper_that_was_changed_by_hand_is_not_lost(name: str, refused: Refused) -> None:
    exam()
    with Path("out", name).open("a") as file:
        file.write("by hand")
    before = files()
    message = refused("exam", "e.toml", "--format", "md,tex", "--variants", "2", "-o", "out")
    assert f"out/{name}: differs from what would be written now" in message
    assert files() == before
    assert main(["exam", "e.toml", "--format", "tex", "-o", "out"]) == 0  # which does not touch it


def test_a_folder_that_is_a_file_is_named(refused: Refused) -> None:
    Path("file").touch()
    for folder in ("file", "file/below"):
        message = refused("exam", "e.toml", "--format", "md", "-o", folder)
        assert f"{folder}: cannot be written: file is a file; expected a folder" in message


@pytest.mark.parametrize(
    ("top", "formats", "words"),
    [
        (None, ("md",), "the folder of the exam is NoneType"),
        ("out", "md", "formats is 'md'; expected a tuple of some of pdf, tex, md, html"),
        ("out", (), "formats is ()"),
        ("out", ("md", "json"), "formats: 'json': expected some of pdf, tex, md, html"),
    ],
)
def test_python_is_told_what_an_exam_cannot_be_written_as(top: Any, formats: Any, words: str) -> None:
    with pytest.raises(fm.FullmarksError) as refusal:
        fm.build_exam("e.toml", seed=1).write(top, formats)
    assert words in str(refusal.value)
    assert not Path("out").exists()


def test_no_input_of_an_exam_is_overwritten(refused: Refused) -> None:
    call = ("exam", "e.toml", "--format", "md", "-o", "out")
    exam()
    assert "is the input" in refused(*call, "--key-file", "out/exam.lock.json")
    for kind, source in (("papers", "e.toml"), ("schemes", "p.toml")):
        Path(f"out/{kind}/paper-1.md").unlink()
        Path(f"out/{kind}/paper-1.md").symlink_to(f"../../{source}")
        assert f"is the input {source} itself" in refused(*call)
        Path(f"out/{kind}/paper-1.md").unlink()


def test_papers_that_lead_to_the_schemes_are_refused(refused: Refused) -> None:
    Path("out/schemes").mkdir(parents=True)
    Path("out/papers").symlink_to("schemes")
    message = refused("exam", "e.toml", "--format", "md", "--seed", "1", "-o", "out")
    assert "schemes/paper-1.md: is the same file as out/papers/paper-1.md" in message


KILLED = """
import os, signal, sys
from fullmarks.cli import main
replace, calls = os.replace, []
def stopped(*arguments):
    calls.append(arguments)
    if len(calls) == 4:
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    return replace(*arguments)
os.replace = stopped
sys.exit(main(["exam", "e.toml", "--format", "md", "--variants", "3", "-o", "out"]))
"""


@pytest.mark.parametrize(("number", "status"), [("SIGKILL", -signal.SIGKILL), ("SIGTERM", 130)])
def test_an_exam_that_was_ended_while_it_was_written_is_whole_after_the_next_call(number: str, status: int) -> None:
    exam()
    done = subprocess.run([sys.executable, "-c", KILLED, number], capture_output=True, check=False)
    assert done.returncode == status
    assert bool(list(Path("out").glob(".fullmarks*"))) == (number == "SIGKILL")
    assert exam() == 0
    assert [paper["name"] for paper in lock()["papers"]] == ["paper-1", "paper-2", "paper-3"]
    names = {os.path.relpath(name, "out") for name in files() if not name.endswith(".svg")}
    assert names == {"exam.lock.json", *(f"{kind}/paper-{k}.md" for kind in ("papers", "schemes") for k in (1, 2, 3))}
    assert list(Path("out").rglob(".fullmarks*")) == []
