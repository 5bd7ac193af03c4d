"""Files appear whole or not at all, whatever ends the run that writes them and whoever else writes there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fullmarks import files
from fullmarks.errors import FullmarksError
from fullmarks.files import files_together, held

NAMES = ("a.md", "papers/b.md", "new/c.md")
KILLED = """
import os, signal, sys
from pathlib import Path
from fullmarks.files import files_together
replace, calls, last = os.replace, [], int(sys.argv[2])
def stopped(*arguments, **options):
    calls.append(arguments)
    if len(calls) == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(*arguments, **options)
os.replace = stopped
home = Path(sys.argv[1])
with files_together(home, make_folders=True) as write:
    for name in sys.argv[3:]:
        write(home / name, b"new")
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "papers").mkdir(parents=True)
    for name in NAMES[:2]:
        (home / name).write_text("old")
    return home


def contents(home: Path) -> dict[str, str]:
    return {str(path.relative_to(home)): path.read_text() for path in home.rglob("*") if path.is_file()}


OLD = dict.fromkeys(NAMES[:2], "old")
NEW = dict.fromkeys(NAMES, "new")


def write_new(home: Path, names: tuple[str, ...] = NAMES, inputs: tuple[Path, ...] = ()) -> None:
    with files_together(home, inputs=inputs, make_folders=True) as write:
        for name in names:
            write(home / name, b"new")


def stop_at(call: int, error: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise ``error`` instead of the rename of that number, counted from 1, the first being that of the journal."""
    replace, calls = os.replace, []

    def stopped(source: Path, target: Path) -> None:
        calls.append(source)
        if len(calls) == call:
            raise error(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", stopped)


@pytest.mark.parametrize(("call", "expected"), [(1, OLD), (2, NEW), (3, NEW), (4, NEW)])
def test_after_a_kill_between_renames_the_next_run_finds_all_old_or_all_new_files(
    call: int, expected: dict[str, str], home: Path
) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(home), str(call), *NAMES], check=False)
    assert done.returncode == -signal.SIGKILL
    with held(home):
        assert contents(home) == expected
    assert list(home.rglob(".fullmarks*")) == []


def test_what_a_killed_run_left_is_cleared_away_by_whoever_writes_there_next(home: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(home), "1", *NAMES], check=False)
    assert list(home.glob(".fullmarks*"))
    with files_together() as write:
        write(home / "other.md", b"other")
    assert contents(home) == {**OLD, "other.md": "other"}
    assert list(home.rglob(".fullmarks*")) == []


@pytest.mark.parametrize(("call", "expected"), [(1, OLD), (2, NEW), (3, NEW), (4, NEW)])
def test_an_interrupt_between_renames_leaves_all_old_or_all_new_files_at_once(
    call: int, expected: dict[str, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at(call, KeyboardInterrupt, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        write_new(home)
    assert contents(home) == expected
    assert list(home.rglob(".fullmarks*")) == []


def test_a_disk_that_is_full_at_the_first_rename_leaves_the_old_files(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at(2, OSError, monkeypatch)
    with pytest.raises(FullmarksError, match=r"a\.md: cannot be written: No space left"):
        write_new(home)
    assert contents(home) == OLD
    assert not (home / "new").exists()
    assert list(home.rglob(".fullmarks*")) == []


def test_a_disk_that_is_full_at_a_later_rename_is_told_and_the_next_run_finishes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_at(3, OSError, patch)
        with pytest.raises(FullmarksError, match=r"b\.md: cannot be written: No space left"):
            write_new(home)
    with held(home):
        assert contents(home) == NEW


def test_two_runs_never_write_to_one_folder_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.1)
    with held(home), pytest.raises(FullmarksError, match="home: another run of fullmarks is writing to it"):
        write_new(home)
    assert contents(home) == OLD
    write_new(home)
    assert contents(home) == NEW


def test_a_journal_that_leads_out_of_its_folder_is_not_followed(home: Path) -> None:
    planted = home / ".fullmarks-planted_"
    planted.mkdir()
    (planted / "0").write_text("planted")
    (planted / "journal.json").write_text('["../outside.md"]')
    write_new(home)
    assert not (home.parent / "outside.md").exists()
    assert contents(home) == NEW


def test_a_link_to_another_file_system_is_written_through(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def within_a_folder(source: Path, target: Path) -> None:
        if Path(source).parent.name.startswith(".fullmarks") and Path(target).parent.name == "elsewhere":
            raise OSError(18, "Invalid cross-device link")
        replace(source, target)

    elsewhere = home.parent / "elsewhere"
    elsewhere.mkdir()
    (home / "new").symlink_to(elsewhere)
    monkeypatch.setattr(os, "replace", within_a_folder)
    with pytest.raises(FullmarksError, match="cross-device"):
        write_new(home)  # one file system after all: the reason of a failure is told
    monkeypatch.setattr(files, "_device", lambda path: len(path.parts))
    write_new(home)
    assert (elsewhere / "c.md").read_text() == "new"
    assert [path.name for path in elsewhere.iterdir()] == ["c.md"]


def test_an_input_is_known_by_whatever_name_it_has(home: Path) -> None:
    source = home / "source.toml"
    source.write_text("input")
    (home / "new").symlink_to(home)
    (home / "c.md").symlink_to(source)
    with pytest.raises(FullmarksError, match=r"c\.md: is the input .*source\.toml itself"):
        write_new(home, inputs=(source,))
    assert source.read_text() == "input"
    assert (home / "a.md").read_text() == "old"


def test_two_names_for_one_file_are_refused(home: Path) -> None:
    (home / "new").symlink_to("papers")
    with pytest.raises(FullmarksError, match=r"new/b\.md: is the same file as .*papers/b\.md"):
        write_new(home, ("papers/b.md", "new/b.md"))
    assert contents(home)["papers/b.md"] == "old"
