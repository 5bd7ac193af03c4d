"""Presenting a solution: terminal width and colour, and the format that was asked for."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fullmarks.api import Solution
    from fullmarks.cli.output import Content

LEAST_WIDTH = 60


def chosen_document(document: str | None, usual: str) -> str:
    """Return the document asked for, else the ``usual`` one; raises ``FullmarksError`` for what is none."""
    from fullmarks.api import DOCUMENTS
    from fullmarks.errors import FullmarksError, nearest

    if document is None:
        return usual
    if document in DOCUMENTS:
        return document
    raise FullmarksError(f"--document {document}: expected one of {', '.join(DOCUMENTS)}{nearest(document, DOCUMENTS)}")


def presented(solution: "Solution", format_name: str, document: str, output: str | None) -> "Content":
    """Return a solution, its question or its marking scheme in a format.

    It takes the width there is; on a terminal it has pictures, and colour unless NO_COLOR is set. Markdown for a file
    is returned as a document, so that its figures can be files beside it.
    """
    from fullmarks.api import composed, render
    from fullmarks.cli.columns import columns_there
    from fullmarks.cli.output import STANDARD_OUTPUT

    if format_name == "md" and output not in (None, STANDARD_OUTPUT):
        return composed(solution.marked, document)
    if format_name != "terminal":
        return render(solution, format_name, document)
    on_terminal = output is None and sys.stdout.isatty()
    width = max(columns_there(on_terminal=on_terminal), LEAST_WIDTH)
    colour = on_terminal and not os.environ.get("NO_COLOR")
    return render(solution, format_name, document, width=width, colour=colour, pictures=on_terminal)
