"""Where output goes: a file that appears whole or not at all, or standard output."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from fullmarks.errors import FullmarksError, nearest
from fullmarks.files import files_together

if TYPE_CHECKING:
    from fullmarks.document.blocks import Document

Content: TypeAlias = "str | bytes | Document"  # a document is written as Markdown, with its figures beside it

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


def write_output(content: Content, output: str | None, inputs: Iterable[str | Path] = ()) -> None:
    """Write to a file that appears whole or not at all, with the files that it shows, or to standard output.

    No file that is written is one of the ``inputs``.
    """
    if output is None or output == STANDARD_OUTPUT:
        sys.stdout.buffer.write(as_bytes(content))
        sys.stdout.buffer.flush()
    else:
        write_outputs([content], output, inputs)


def write_outputs(contents: Sequence[Content], output: str, inputs: Iterable[str | Path] = ()) -> None:
    """Write several files, numbered, with the files that they show: all of them appear, or none does.

    None of them is one of the ``inputs``.
    """
    with files_together(inputs=inputs) as write:
        for place, content in enumerate(contents, 1):
            path = Path(numbered(output, place, len(contents)) or output)
            for file, data in _files(content, path).items():
                write(file, data)


def _files(content: Content, path: Path) -> dict[Path, bytes]:
    """Return what is written to ``path``, and beside it."""
    if isinstance(content, str | bytes):
        return {path: as_bytes(content)}
    from fullmarks.render import document_files

    return {path.parent / name: data for name, data in document_files(content, "md", path.name).items()}


def as_bytes(content: Content) -> bytes:
    """Return what is written where there is no room for files beside it: figures in words."""
    if isinstance(content, str):
        return content.encode()
    if isinstance(content, bytes):
        return content
    from fullmarks.render import render_document

    return str(render_document(content, "md")).encode()


def numbered(output: str | None, place: int, count: int) -> str | None:
    """Return the output of item ``place`` (from 1) of ``count``: ``quiz.pdf`` becomes ``quiz-01.pdf``."""
    if output is None or output == STANDARD_OUTPUT or count == 1:
        return output
    path = Path(output)
    if not path.name or path.is_dir():
        raise FullmarksError(f"-o {output}: is a folder, expected the name of a file")
    return str(path.with_name(f"{path.stem}-{place:0{len(str(count))}d}{path.suffix}"))
