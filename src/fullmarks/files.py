"""Files that appear whole or not at all."""

import os
import tempfile
from pathlib import Path

from fullmarks.errors import FullmarksError


def write_file(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all; raises ``FullmarksError`` naming it where it cannot be written."""
    path = path.resolve()  # what a link points at is written, not the link
    if path.is_dir():
        raise FullmarksError(f"{path}: is a folder, expected the name of a file to write")
    if path.exists() and not path.is_file():
        raise FullmarksError(f"{path}: is no ordinary file (a device or a pipe); write to standard output with -o -")
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(_usual_mode())
        Path(temporary).replace(path)
    except OSError as problem:
        raise FullmarksError(f"{path}: cannot be written: {problem.strerror or problem}") from problem
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)  # gone already where it became the file


def _usual_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
