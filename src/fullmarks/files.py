"""Files that appear whole or not at all, one or many together, whatever ends the run that writes them.

New files wait in a folder of their own, ``.fullmarks-…``, inside the folder that they belong to. When all of them are
there, a journal lists their places, and only then are they moved. A run that is killed before it has written the
journal has changed nothing; one that is killed later is finished by the next run that writes to the same folder.
"""

import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from fullmarks.errors import FullmarksError

Write = Callable[[Path, bytes], None]
PREFIX = ".fullmarks-"
_STAGING = re.compile(re.escape(PREFIX) + "[a-z0-9_]{8}")  # as tempfile names it
JOURNAL = "journal.json"
PATIENCE = 10.0  # seconds to wait for another run that writes to the same folder
_PAUSE = 0.05


@contextmanager
def files_together(
    home: Path | None = None, *, inputs: Iterable[str | Path] = (), make_folders: bool = False
) -> Iterator[Write]:
    """Give a function that writes a file. All files appear when the block ends; if it raises, none does.

    No other run writes to ``home`` before the block ends; without it, it is the folder that holds all the files. With
    ``make_folders`` missing folders are made, and are gone again if the block raises. ``inputs`` are the files that
    were read. Raises ``FullmarksError`` naming the file that cannot be written, that is one of the ``inputs``, or that
    has two names.
    """
    files: list[tuple[Path, bytes]] = []

    def write(path: Path, data: bytes) -> None:
        files.append((path, data))

    made: list[Path] = []
    new = made if make_folders else None
    try:
        if home is not None:
            with _refusing(home):
                _make_folder(home, new)
            with held(home):
                yield write
                _write_all(home, [(path.relative_to(home), data) for path, data in files], inputs, new)
        else:
            yield write
            if files:
                _write_to_common_folder(files, inputs, new)
        made.clear()
    finally:
        for folder in reversed(made):
            with suppress(OSError):  # somebody else has put a file there meanwhile
                folder.rmdir()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other runs from writing to an existing folder, and finish or clear away what a killed one has left in it.

    Raises ``FullmarksError`` where another run does not let go of the folder.
    """
    handle = _locked(folder)
    try:
        if handle is not None:  # else nobody can tell what is left from what is being written
            for staging in _left_behind(folder):
                _finish(staging, folder, [])
                shutil.rmtree(staging, ignore_errors=True)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _locked(folder: Path) -> int | None:
    """Return the open folder, locked until it is closed or the process ends; ``None`` where folders have no locks."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # no POSIX, or a folder that may not be listed
        return None
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(handle)
                raise FullmarksError(
                    f"{_shown(folder)}: another run of fullmarks is writing to it; wait until it has finished"
                ) from None
            time.sleep(_PAUSE)
        except OSError:  # a file system without locks
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise
        else:
            return handle


def _left_behind(folder: Path) -> list[Path]:
    """Return the folders in which killed runs of this user left files."""
    with suppress(OSError):
        found = [path for path in sorted(folder.glob(f"{PREFIX}*")) if _STAGING.fullmatch(path.name)]
        return [path for path in found if stat.S_ISDIR(path.lstat().st_mode) and path.lstat().st_uid == os.getuid()]
    return []


def _write_to_common_folder(
    files: Sequence[tuple[Path, bytes]], inputs: Iterable[str | Path], made: list[Path] | None
) -> None:
    """Write files below the deepest folder that holds them all; one file is written where its links lead."""
    places = [_target(files[0][0])] if len(files) == 1 else [_with_real_folder(path) for path, _ in files]
    if made is None:
        for (path, _), place in zip(files, places, strict=True):
            _refuse_missing_folder(path, place.parent)
    home = Path(os.path.commonpath([place.parent for place in places]))
    with _refusing(home):
        _make_folder(home, made)
    with held(home):
        named = [(place.relative_to(home), data) for place, (_, data) in zip(places, files, strict=True)]
        _write_all(home, named, inputs, made)


def _with_real_folder(path: Path) -> Path:
    with _refusing(path):
        return path.parent.resolve() / path.name


def _write_all(
    home: Path, files: Sequence[tuple[PurePath, bytes]], inputs: Iterable[str | Path], made: list[Path] | None
) -> None:
    """Write files, named from ``home``, all or none; folders that it makes are added to ``made``."""
    paths = [home / name for name, _ in files]
    targets = [_target(path) for path in paths]
    if made is None:
        for path, target in zip(paths, targets, strict=True):
            _refuse_missing_folder(path, target.parent)
    _refuse_clashes(paths, targets, inputs)
    with _refusing(home):
        staging = Path(tempfile.mkdtemp(dir=home, prefix=PREFIX))
    journal = staging / JOURNAL
    staged = [staging / str(number) for number in range(len(files))]
    try:
        for waiting, target, (_, data) in zip(staged, targets, files, strict=True):
            with _refusing(target):
                waiting.write_bytes(data)
                waiting.chmod(_mode(target))
        with _refusing(home):
            draft = staging / f"{JOURNAL}.new"
            draft.write_text(json.dumps([name.as_posix() for name, _ in files]), encoding="utf-8")
        try:
            draft.replace(journal)
            _finish(staging, home, made)
        except KeyboardInterrupt:  # all or none, and with a journal it is all
            _finish(staging, home, made)
            raise
    finally:
        if not journal.exists() or all(waiting.exists() for waiting in staged):
            journal.unlink(missing_ok=True)
            shutil.rmtree(staging, ignore_errors=True)
        # else some have been moved, and the next run moves the others


def _refuse_missing_folder(path: Path, folder: Path) -> None:
    if not folder.is_dir():
        raise FullmarksError(f"{_shown(path)}: cannot be written: there is no folder {_shown(folder)}")


def _finish(staging: Path, home: Path, made: list[Path] | None) -> None:
    """Move what the journal lists, if there is one, to its place; what is there already is passed over."""
    try:
        names = [PurePath(name) for name in json.loads((staging / JOURNAL).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):  # no journal: nothing has been moved
        return
    if any(name.is_absolute() or ".." in name.parts for name in names):
        return  # not written here
    for number, name in enumerate(names):
        staged, target = staging / str(number), home / name
        if staged.exists():
            with _refusing(target):
                target = target.resolve()
                _make_folder(target.parent, made)
                _move(staged, target)
    (staging / JOURNAL).unlink()


def _move(staged: Path, target: Path) -> None:
    try:
        staged.replace(target)
    except OSError:
        if _device(staged) == _device(target.parent):
            raise
        beside = target.with_name(f"{PREFIX}{target.name}")  # a link led to another file system
        shutil.copy(staged, beside)
        beside.replace(target)
        staged.unlink()


def _device(path: Path) -> int:
    return path.stat().st_dev


def _refuse_clashes(paths: Sequence[Path], targets: Sequence[Path], inputs: Iterable[str | Path]) -> None:
    """Raise ``FullmarksError`` where a file to be written is one that was read, or has two names."""
    read = {identity: one for one in inputs if (identity := _identity(one)) is not None}
    names: dict[Path, Path] = {}
    for path, target in zip(paths, targets, strict=True):
        identity = _identity(target)
        if identity is not None and identity in read:
            raise FullmarksError(f"{_shown(path)}: is the input {read[identity]} itself; write to another file")
        if target in names:
            raise FullmarksError(f"{_shown(path)}: is the same file as {_shown(names[target])}; one of them is a link")
        names[target] = path


def _identity(path: str | Path) -> tuple[int, int] | None:
    with suppress(OSError, ValueError):
        status = Path(path).stat()
        return status.st_dev, status.st_ino
    return None


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, RuntimeError) as problem:  # a path with a NUL in it; links that go round in a circle
        reason = getattr(problem, "strerror", None) or str(problem)
        raise FullmarksError(f"{_shown(path)}: cannot be written: {reason}") from problem


def _target(path: Path) -> Path:
    """Return what is to be written: what a link points at, not the link; refuse what is no ordinary file."""
    with _refusing(path):
        target = path.resolve()
        try:
            status = target.stat()
        except FileNotFoundError:
            folder = next(folder for folder in target.parents if folder.exists())
            if not os.access(folder, os.W_OK | os.X_OK):
                raise FullmarksError(
                    f"{_shown(path)}: may not be written; check the permissions of its folder"
                ) from None
            return target
    if stat.S_ISDIR(status.st_mode):
        raise FullmarksError(f"{_shown(path)}: is a folder, expected the name of a file to write")
    if not stat.S_ISREG(status.st_mode):
        raise FullmarksError(
            f"{_shown(path)}: is no ordinary file (a device or a pipe); write to standard output with -o -"
        )
    if not (os.access(target, os.W_OK) and os.access(target.parent, os.W_OK | os.X_OK)):
        raise FullmarksError(f"{_shown(path)}: may not be written; check its permissions")
    return target


def _make_folder(folder: Path, made: list[Path] | None) -> None:
    """Make a folder and those above it that are missing, and add them to ``made``; without it only look for it."""
    missing = []
    while made is not None and not folder.exists():
        missing.append(folder)
        folder = folder.parent
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(20, f"{_shown(folder)} is a file; expected a folder")
    if not folder.is_dir():
        raise NotADirectoryError(20, "there is no such folder")
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        if made is not None:
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
