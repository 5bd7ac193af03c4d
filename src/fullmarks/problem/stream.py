"""Numbers drawn from a key: the same key gives the same numbers on every machine and in every version."""

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import repeat
from typing import Any

from fullmarks.problem.values import nested

_WORD = 2**64
_BATCH = 32


LARGEST_SEED = 10**9  # of an item, so that it can be typed


class Stream:
    """An endless stream of whole numbers, keyed by a hash of everything that tells one draw from another.

    NumPy promises that the raw words of ``Philox`` never change; bounded numbers are made from them here, because
    NumPy's own bounded draws carry no such promise.
    """

    def __init__(self, *key: str | int | None) -> None:
        from hashlib import sha256  # brings OpenSSL, which solving a problem as printed does not need

        import numpy as np

        text = json.dumps(["fullmarks", *key], ensure_ascii=True, separators=(",", ":"))
        digest = sha256(text.encode()).digest()
        self._source = np.random.Philox(key=int.from_bytes(digest[:16], "little"))
        self._words: list[int] = []

    def below(self, count: int) -> int:
        """Return a whole number from 0 to ``count`` − 1, each equally likely (rejection, not remainders)."""
        if not 0 < count <= _WORD:
            raise ValueError(f"cannot draw one of {count} numbers")
        limit = _WORD - _WORD % count
        while True:
            word = self._next_word()
            if word < limit:
                return word % count

    def integer(self, low: int, high: int, *, nonzero: bool = False) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        if not nonzero or not low <= 0 <= high:
            return low + self.below(high - low + 1)
        drawn = low + self.below(high - low)
        return drawn if drawn < 0 else drawn + 1

    def decimal(self, low: Fraction, high: Fraction, step: Fraction, *, nonzero: bool = False) -> Fraction:
        """Return one of ``low``, ``low + step`` … up to ``high``, exactly."""
        count = int((high - low) / step) + 1
        zero = -low / step
        if not nonzero or zero.denominator != 1 or not 0 <= zero < count:
            return low + step * self.below(count)
        place = self.below(count - 1)
        return low + step * (place if place < zero else place + 1)

    def integers(self, low: int, high: int, *shape: int, nonzero: bool = False) -> Any:
        """Return whole numbers in lists of ``shape``, or one number."""
        return nested((self.integer(low, high, nonzero=nonzero) for _ in repeat(None)), shape)

    def decimals(self, low: float, high: float, *shape: int, step: float = 0.1, nonzero: bool = False) -> Any:
        """Return multiples of ``step`` above ``low`` in lists of ``shape``, or one number, exactly."""
        bounds = [
            Fraction(repr(number)) if isinstance(number, float) else Fraction(number) for number in (low, high, step)
        ]
        return nested((self.decimal(*bounds, nonzero=nonzero) for _ in repeat(None)), shape)

    def choice(self, options: Sequence[Any]) -> Any:
        """Return one of ``options``."""
        return options[self.below(len(options))]

    def _next_word(self) -> int:
        if not self._words:
            self._words = [int(word) for word in self._source.random_raw(_BATCH)][::-1]
        return self._words.pop()


def seed_of_item(seed: int, index: int, attempt: int = 0) -> int:
    """Return the seed that gives item ``index`` of a sheet on its own; item 0 is that of the sheet's seed itself."""
    return seed if index == 0 else Stream(seed, "item", index, attempt).below(LARGEST_SEED)
