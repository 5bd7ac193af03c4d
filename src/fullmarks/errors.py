"""The errors that input can cause, and the one that an operator's file can."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class FullmarksError(Exception):
    """Something is wrong with what was given; the message says where, what was found and what is expected."""


class IncompleteError(FullmarksError):
    """Some of what was asked for cannot be made; ``made`` are the files of the rest."""

    def __init__(self, message: str, made: "Iterable[Path]" = ()) -> None:
        self.made = tuple(made)
        super().__init__(message)


class OperatorFault(Exception):  # noqa: N818 - a slip of an operator's author, not of who calls it
    """An operator's file has a slip; the message names the operator, the file, the line and what to change."""


class UnprintableError(FullmarksError):
    """A format has no glyph for a character."""

    def __init__(self, character: str, reason: str) -> None:
        """Say which character it is, by its name in Unicode, and why it cannot be printed."""
        import unicodedata

        name = unicodedata.name(character, "a character without a name")
        found = f"{character!r} (U+{ord(character):04X}, {name})"
        super().__init__(f"{found} {reason}; write it in Latin letters, or choose another format")
        self.character = character


def nearest(word: str, known: "Iterable[str]") -> str:
    """Return ``; did you mean 'x'?`` for the known word nearest to ``word``, or nothing.

    Of equally near ones it is the one that begins as ``word`` does; one twice as long is not near.
    """
    from difflib import SequenceMatcher, get_close_matches

    def likeness(other: str) -> tuple[float, int]:
        return SequenceMatcher(None, other, word).ratio(), _same_letters_at_the_start(word, other)

    candidates = dict.fromkeys(other for other in known if 0 < len(other) < 2 * len(word))
    close = get_close_matches(word, candidates, n=max(len(candidates), 1), cutoff=0.6)
    return f"; did you mean {max(sorted(close), key=likeness)!r}?" if close else ""


def _same_letters_at_the_start(word: str, other: str) -> int:
    return next((place for place, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), len(word))
