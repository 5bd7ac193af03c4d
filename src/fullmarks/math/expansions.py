"""How many terms of sums and products may be spelt out, number by number, while one solution is worked."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from fullmarks.errors import FullmarksError

MOST_TERMS = 100_000  # some seconds and 200 MB; nobody reads such a sum


class TooManyTermsError(FullmarksError):
    """The entries that are read have more than `MOST_TERMS` terms together."""


class _Allowance:
    left: float = inf  # no limit outside `bounded`


_allowance = _Allowance()


def spend(terms: int) -> None:
    """Count terms that are to be spelt out; raises ``TooManyTermsError`` where they are too many."""
    _allowance.left -= terms
    if _allowance.left < 0:
        raise TooManyTermsError(
            f"the sums of the working have more than {MOST_TERMS:,} terms, which is too large; use smaller arrays"
        )


@contextmanager
def bounded() -> Iterator[None]:
    """Spell out at most `MOST_TERMS` terms within the block, whatever a block around it has left."""
    before, _allowance.left = _allowance.left, float(MOST_TERMS)
    try:
        yield
    finally:
        _allowance.left = before
