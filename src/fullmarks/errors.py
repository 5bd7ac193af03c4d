"""The one family of errors that input can cause."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class FullmarksError(Exception):
    """Something is wrong with what was given; the message says where, what was found and what is expected."""


def nearest(word: str, known: "Iterable[str]") -> str:
    """Return ``; did you mean 'x'?`` for the known word nearest to ``word``, or nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
