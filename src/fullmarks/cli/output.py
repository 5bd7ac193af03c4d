"""Where output goes: a file that appears whole or not at all, or standard output."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from fullmarks.errors import FullmarksError, nearest
from fullmarks.files import files_together, write_file

FORMATS = ("terminal", "md", "tex", "pdf", "html", "json", "toml")
STANDARD_OUTPUT = "-"
_BINARY = ("pdf",)


def chosen_format(format_name: str | None, output: str | None) -> str:
    """Return the format asked for, else the one that the output's suffix names, else ``terminal``."""
    if output is not None and not output.strip():
        raise FullmarksError("-o is empty; expected the name of a file, or - for standard output")
    if format_name is None:
        suffix = Path(output).suffix.removeprefix(".") if output and output != STANDARD_OUTPUT else ""
        if not suffix:
            return "terminal"
        if suffix == "txt":
            return "terminal"
        if suffix not in FORMATS:
            raise FullmarksError(f"-o {output}: no format has the suffix .{suffix}; say --format F (one of {_known()})")
        return suffix
    if format_name not in FORMATS:
        raise FullmarksError(f"--format {format_name}: expected one of {_known()}{nearest(format_name, FORMATS)}")
    return format_name


def _known() -> str:
    return ", ".join(FORMATS)


def refuse_binary_on_terminal(format_name: str, output: str | None) -> None:
    """Raise ``FullmarksError`` where a PDF would be thrown at a terminal."""
    if format_name in _BINARY and output is None and sys.stdout.isatty():
        raise FullmarksError(
            f"--format {format_name}: say where to write it: -o FILE.{format_name} (or -o - to force it)"
        )


def write_output(content: str | bytes, output: str | None, inputs: Iterable[str | Path] = ()) -> None:
    """Write to a file that appears whole or not at all and is none of the ``inputs``, or to standard output."""
    data = content.encode() if isinstance(content, str) else content
    if output is None or output == STANDARD_OUTPUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_file(Path(output), data, inputs)


def write_outputs(contents: Sequence[str | bytes], output: str, inputs: Iterable[str | Path] = ()) -> None:
    """Write several files, numbered: all of them appear, or none does; none of them is one of the ``inputs``."""
    with files_together(inputs=inputs) as write:
        for place, content in enumerate(contents, 1):
            name = numbered(output, place, len(contents))
            write(Path(name or output), content.encode() if isinstance(content, str) else content)


def numbered(output: str | None, place: int, count: int) -> str | None:
    """Return the output of item ``place`` (from 1) of ``count``: ``quiz.pdf`` becomes ``quiz-01.pdf``."""
    if output is None or output == STANDARD_OUTPUT or count == 1:
        return output
    path = Path(output)
    if not path.name or path.is_dir():
        raise FullmarksError(f"-o {output}: is a folder, expected the name of a file")
    return str(path.with_name(f"{path.stem}-{place:0{len(str(count))}d}{path.suffix}"))
