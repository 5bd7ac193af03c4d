"""A document as a tagged, accessible PDF, set in memory by the embedded Typst compiler."""

import re
from collections.abc import Callable
from functools import cache
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Final, TypeVar

from fullmarks.document.blocks import Document
from fullmarks.errors import FullmarksError, UnprintableError
from fullmarks.render.templates import template
from fullmarks.render.typst_source import LIBRARY, source

if TYPE_CHECKING:
    import typst

# A PDF carries the time it was made; a fixed one gives equal bytes for equal documents.
TIMESTAMP: Final = 1_700_000_000

LONGEST: Final = 120.0
"""Seconds that one document may take; an exam paper takes a hundredth of one."""

_Result = TypeVar("_Result")
MISSING_GLYPH: Final = re.compile(r'the text `"(?P<text>.+)"` could not be displayed')


def render(document: Document) -> bytes:
    """Return the document as PDF/UA-1; equal documents give equal bytes.

    Raises UnprintableError naming the character that no embedded font has, FullmarksError for what else Typst says.
    """
    import typst

    files = {"main.typ": source(document).encode(), LIBRARY: template(f"typst/{LIBRARY}").encode()}
    try:
        pdf, warnings = _within(
            LONGEST,
            lambda: _compiler().compile_with_warnings(
                files,  # type: ignore[type-var]  # the wheel's annotation forgets files in memory
                format="pdf",
                pdf_standards=["ua-1"],
                timestamp=TIMESTAMP,
            ),
        )
    except typst.TypstError as error:
        raise _refusal(error.message, error.diagnostic) from error
    if warnings:
        raise _refusal(warnings[0].message, warnings[0].diagnostic)
    if not isinstance(pdf, bytes):
        raise FullmarksError("the PDF came out as several files; report this with the document that caused it")
    return pdf


def _within(seconds: float, work: Callable[[], _Result]) -> _Result:
    """Return what ``work`` returns; where that takes too long, as in a template that loops for ever, refuse to wait."""
    results: list[_Result] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as fault:  # noqa: BLE001 - it goes on in the thread that waits
            faults.append(fault)

    thread = Thread(target=run, daemon=True)  # a daemon's end is not waited for when the program stops
    thread.start()
    thread.join(seconds)
    if faults:
        raise faults[0]
    if not results:
        raise FullmarksError(
            f"the PDF took more than {seconds:g} seconds; does templates/typst/{LIBRARY} loop for ever?"
        )
    return results[0]


@cache
def _compiler() -> "typst.Compiler":
    import typst

    # Typst may read any file below its root, and packages; a folder that is gone again holds none.
    with TemporaryDirectory() as nothing:
        return typst.Compiler(root=nothing, ignore_system_fonts=True, package_path=nothing, package_cache_path=nothing)


def _refusal(message: str, diagnostic: str) -> FullmarksError:
    missing = MISSING_GLYPH.search(message)
    if missing is None:
        return FullmarksError(f"the PDF could not be set: {message}\n{diagnostic}".rstrip())
    return UnprintableError(missing["text"][0], "is in none of the fonts for PDF")
