"""Setting descriptions and tables for a terminal: wrapped, with a hanging indent, commands that stay pasteable."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fullmarks.problem.description import Description, Section

WIDTH = 80
NARROWEST = 40
WIDEST_TERMINAL = 400
SENSIBLE_WIDTHS = frozenset(str(columns) for columns in range(NARROWEST, WIDEST_TERMINAL + 1))
WIDEST = 100  # beyond this a line is hard to read
WIDEST_TERM = 24
_INDENT = "  "


def columns_there(*, on_terminal: bool) -> int:
    """Return the width of the terminal, 400 at most; in a pipe or a file what ``COLUMNS`` says, if sensible, or 80."""
    if on_terminal:
        return min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDEST_TERMINAL)
    wanted = os.environ.get("COLUMNS", "")
    return int(wanted) if wanted in SENSIBLE_WIDTHS else WIDTH


def width() -> int:
    """Return how wide to set a list or a description: as wide as there is room, within reason."""
    return min(max(columns_there(on_terminal=sys.stdout.isatty()), NARROWEST), WIDEST)


def set_description(description: "Description", columns: int) -> str:
    """Set a description: its paragraphs, then each section under its heading."""
    blocks = [wrapped("", paragraph, columns) for paragraph in description.paragraphs]
    blocks += [_set_section(section, columns) for section in description.sections]
    return "\n\n".join(blocks)


def set_rows(rows: Iterable[Sequence[str]], columns: int, indent: str = _INDENT) -> list[str]:
    """Set rows whose last cell is text: the cells before it in columns, the text wrapped beside them."""
    table = [tuple(row) for row in rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]) - 1)] if table else []
    lines = []
    for *cells, text in table:
        start = indent + "".join(f"{cell.ljust(wide)}  " for cell, wide in zip(cells, widths, strict=True))
        lines.append(wrapped(start, text, columns))
    return lines


def set_command(words: Sequence[str], columns: int) -> str:
    r"""Set a command; one that is too long goes on below, each line but the last ending in ``\``."""
    lines = [_INDENT + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + len(word) + len(" ") + len(" \\") > columns and lines[-1].strip():
            lines.append(_INDENT * 3 + word)
        else:
            lines[-1] += f" {word}"
    return " \\\n".join(lines)


def _set_section(section: "Section", columns: int) -> str:
    terms = [len(entry.term) for entry in section.entries if len(entry.term) <= WIDEST_TERM]
    wide = max(terms, default=0)
    lines = [section.heading]
    for entry in section.entries:
        start = f"{_INDENT}{entry.term.ljust(wide)}{_INDENT}" if entry.term else _INDENT
        lines.append(wrapped(start, entry.text, columns, len(_INDENT) * 2 + wide if entry.term else len(_INDENT) * 2))
    lines += [set_command(words, columns) for words in section.commands]
    return "\n".join(lines)


def wrapped(start: str, text: str, columns: int, hanging: int | None = None) -> str:
    """Wrap ``text`` after ``start``; later lines begin below the text, or at ``hanging``."""
    indent = " " * (len(start) if hanging is None else hanging)
    wrapper = textwrap.TextWrapper(columns, initial_indent=start, subsequent_indent=indent,
                                   break_long_words=False, break_on_hyphens=False)  # fmt: skip
    return "\n".join(wrapper.wrap(text)) if text else start.rstrip()
