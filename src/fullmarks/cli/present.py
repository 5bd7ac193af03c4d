"""Presenting a solution: terminal width and colour, and the format that was asked for."""

import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fullmarks.api import Solution

LEAST_WIDTH = 60
WIDTH_IN_FILES = 80


def presented(solution: "Solution", format_name: str, document: str, output: str | None) -> str | bytes:
    """Return a solution in a format.

    On a terminal it takes the terminal's width, has pictures, and has colour unless NO_COLOR is set.
    """
    from fullmarks.api import render

    if format_name != "terminal":
        return render(solution, format_name, document)
    on_terminal = output is None and sys.stdout.isatty()
    width = max(shutil.get_terminal_size((WIDTH_IN_FILES, 24)).columns, LEAST_WIDTH) if on_terminal else WIDTH_IN_FILES
    colour = on_terminal and not os.environ.get("NO_COLOR")
    return render(solution, format_name, document, width=width, colour=colour, pictures=on_terminal)
