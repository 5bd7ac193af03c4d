"""Reading a file that somebody named: whole, ordinary, of a sane size, or a clear refusal."""

import os
import stat
import sys
from pathlib import Path

from fullmarks.errors import FullmarksError
from fullmarks.problem.tokens import ascii_line

STANDARD_INPUT = "-"
LARGEST_PROBLEM = 1_000_000
LARGEST_TEXT = 25_000_000  # of numbers: a million of them as numpy.savetxt writes them
LARGEST_ARRAY_FILE = 50_000_000
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
LONGEST_PATH = 200  # of which a message shows all


def read_bytes(path: Path, largest: int) -> bytes:
    """Return what is in an ordinary file of at most ``largest`` bytes."""
    shown = ascii_line(str(path)) if len(str(path)) > LONGEST_PATH else str(path)
    try:
        _refuse_extraordinary(path.stat().st_mode, shown)  # not even opened: some devices act upon it
        with open(path, "rb", opener=_open_at_once) as file:
            status = os.fstat(file.fileno())
            _refuse_extraordinary(status.st_mode, shown)
            if status.st_size > largest:
                raise FullmarksError(_too_large(shown, largest))
            content = file.read(largest + 1) if status.st_size else b""  # a file of /proc has no size, and may block
    except FileNotFoundError:
        raise FullmarksError(f"{shown}: there is no such file") from None
    except PermissionError:
        raise FullmarksError(f"{shown}: may not be read; check its permissions") from None
    except (OSError, ValueError) as problem:  # ValueError: a path with a NUL in it
        reason = getattr(problem, "strerror", None) or str(problem)
        raise FullmarksError(f"{shown}: cannot be read: {reason}") from None
    if len(content) > largest:
        raise FullmarksError(_too_large(shown, largest))
    return content


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for another program, if it has become a pipe meanwhile."""
    return os.open(path, flags | _AT_ONCE)


def _refuse_extraordinary(mode: int, shown: str) -> None:
    if stat.S_ISDIR(mode):
        raise FullmarksError(f"{shown}: is a folder; expected a file")
    if not stat.S_ISREG(mode):
        raise FullmarksError(f"{shown}: is no ordinary file (a pipe or a device); expected a file, or - for input")


def read_text(path: Path, largest: int) -> str:
    """Return the UTF-8 text of an ordinary file of at most ``largest`` bytes."""
    return _decoded(read_bytes(path, largest), str(path))


def read_standard_input(largest: int) -> str:
    """Return the UTF-8 text on standard input, at most ``largest`` bytes of it."""
    if sys.stdin is None:  # as under a service without a terminal
        raise FullmarksError("standard input: is closed; name a file instead")
    content = sys.stdin.buffer.read(largest + 1)
    if len(content) > largest:
        raise FullmarksError(_too_large("standard input", largest))
    return _decoded(content, "standard input")


def _too_large(what: str, largest: int) -> str:
    return f"{what}: is larger than {largest:,} bytes, the most that is read"


def _decoded(content: bytes, what: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise FullmarksError(
            f"{what}: line {line}: byte {content[problem.start]:#04x} is not UTF-8; save the file as UTF-8 text"
        ) from None
