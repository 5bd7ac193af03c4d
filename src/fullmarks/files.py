"""Files that appear whole or not at all, one or many together."""

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fullmarks.errors import FullmarksError

Write = Callable[[Path, bytes], None]


def write_file(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all; raises ``FullmarksError`` naming it where it cannot be written."""
    with files_together() as write:
        write(path, data)


@contextmanager
def files_together(*, make_folders: bool = False) -> Iterator[Write]:
    """Give a function that writes a file. All files appear when the block ends; where it raises, none does.

    With ``make_folders`` a file's folder is made where it is missing, and is gone again where the block raises.
    Raises ``FullmarksError`` naming the file that cannot be written.
    """
    waiting: list[tuple[Path, Path]] = []  # where a file is until the end, and where it belongs
    made: list[Path] = []

    def write(path: Path, data: bytes) -> None:
        target = _target(path)
        with _refusing(target):
            if make_folders:
                _make_folder(target.parent, made)
            elif not target.parent.is_dir():
                raise FullmarksError(f"{_shown(path)}: cannot be written: there is no folder {_shown(target.parent)}")
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=".fullmarks-")
            waiting.append((Path(name), target))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(_mode(target))

    try:
        yield write
        for temporary, target in waiting:
            with _refusing(target):
                temporary.replace(target)
        made.clear()
    finally:
        for temporary, _target_path in waiting:
            temporary.unlink(missing_ok=True)  # gone already where it became the file
        for folder in reversed(made):
            with suppress(OSError):  # somebody else has put a file there meanwhile
                folder.rmdir()


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as problem:  # ValueError: a path with a NUL in it
        reason = getattr(problem, "strerror", None) or str(problem)
        raise FullmarksError(f"{_shown(path)}: cannot be written: {reason}") from problem


def _target(path: Path) -> Path:
    """Return what is to be written: what a link points at, not the link; refuse what is no ordinary file."""
    try:
        target = path.resolve()
        status = target.stat() if target.exists() else None
    except (OSError, ValueError, RuntimeError) as problem:  # RuntimeError: links that go round in a circle
        reason = getattr(problem, "strerror", None) or str(problem)
        raise FullmarksError(f"{_shown(path)}: cannot be written: {reason}") from problem
    if status is None:
        return target
    if stat.S_ISDIR(status.st_mode):
        raise FullmarksError(f"{path}: is a folder, expected the name of a file to write")
    if not stat.S_ISREG(status.st_mode):
        raise FullmarksError(f"{path}: is no ordinary file (a device or a pipe); write to standard output with -o -")
    if not os.access(target, os.W_OK):
        raise FullmarksError(f"{path}: may not be written; check its permissions")
    return target


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir()
        made.append(one)


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, else those that a new file has."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _shown(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 100 else f"{text[:99]}…"  # noqa: PLR2004 - what fits a message
