"""Letters that stand for numbers in a problem: how they are written, and numbers to try instead of them.

Nothing here needs SymPy, so that a problem without letters never loads it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from fullmarks.errors import FullmarksError

MOST_LETTERS = 60  # different ones in a problem; beyond this no answer can be read
_LETTER = re.compile(r"(-?)([A-Za-z][0-9]{0,4})", re.ASCII)
_STEPS = 10**6  # the numbers that stand for letters have six decimals: no sum of a few is 0 by accident


class Undecided(FullmarksError):  # noqa: N818 - what is said of a choice, not of a fault
    """A number was asked for, or a choice, that depends on the value of a letter."""


class Letter(Struct, frozen=True, eq=False):
    """A letter in the place of a number: ``a``, ``b2`` or ``-a``.

    ``place`` is its rank in the order in which letters appear in the givens; sums are written in that order. It makes
    no other letter of it.
    """

    name: str
    negative: bool = False
    place: int = 0

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same letter with the same sign."""
        return isinstance(other, Letter) and (self.name, self.negative) == (other.name, other.negative)

    def __hash__(self) -> int:
        """Hash the letter and its sign."""
        return hash((self.name, self.negative))

    def __str__(self) -> str:
        """Return the letter as it is typed."""
        return f"-{self.name}" if self.negative else self.name

    def __float__(self) -> float:
        """Return the shadow number: what stands for the letter wherever only shapes and choices matter."""
        shadow = float(_SHADOWS.of(self.name))
        return -shadow if self.negative else shadow


class Trial(Struct, frozen=True):
    """A way to put numbers in the places of letters: generic, distinct, and the same for ever.

    Every letter gets a number between ``low`` and ``high``, of either sign where ``both_signs`` says so;
    ``turned`` changes all signs.
    """

    key: str
    low: Fraction
    high: Fraction
    both_signs: bool = False
    turned: bool = False

    def of(self, name: str) -> Fraction:
        """Return the number for a letter."""
        from hashlib import sha256

        digest = sha256(f"{self.key} {name}".encode()).digest()
        steps = int.from_bytes(digest[:6], "big") % _STEPS
        number = self.low + (self.high - self.low) * Fraction(2 * steps + 1, 2 * _STEPS)
        return -number if (self.both_signs and digest[6] % 2 == 1) != self.turned else number


# Small and positive, so that a few of them may be probabilities.
_SHADOWS = Trial("shadow", Fraction(1, 50), Fraction(1, 10))
# Every letter is tried with either sign, so that an answer that holds for one of them alone is found out.
TRIALS = (
    Trial("small", Fraction(1, 100), Fraction(1, 12)),
    Trial("both signs", Fraction(1, 2), Fraction(5, 2), both_signs=True),
    Trial("both signs", Fraction(1, 2), Fraction(5, 2), both_signs=True, turned=True),
    Trial("large", Fraction(2), Fraction(9)),
    Trial("huge", Fraction(10**4), Fraction(10**5), both_signs=True),
    Trial("huge", Fraction(10**4), Fraction(10**5), both_signs=True, turned=True),
)


def read_letter(text: str) -> Letter | None:
    """Return the letter that ``text`` is: one letter and optional digits, perhaps after a minus; else nothing."""
    found = _LETTER.fullmatch(text)
    return Letter(found[2], bool(found[1])) if found else None


def letters_for_words(value: Any) -> Any:
    """Return what was read as words as letters, where every one of them is a letter; else the value as it is.

    In Python and in JSON ``["a", "b"]`` may be either; where numbers are wanted they are letters.
    """
    if isinstance(value, str):
        return read_letter(value) or value
    if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
        letters = [read_letter(word) for word in value]
        return letters if all(letters) else value
    return value


def letters_in(value: Any) -> Iterator[Letter]:
    """Yield the letters of a number, of nested lists or of an array of objects, in the order of writing."""
    if isinstance(value, Letter):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            if not isinstance(item, int | float | Fraction):
                yield from letters_in(item)
    elif getattr(value, "dtype", None) is not None and value.dtype.hasobject:
        yield from letters_in(value.tolist())


def in_order(values: Mapping[str, Any]) -> dict[str, int]:
    """Return the rank of every letter in some givens, counted from 0 in order of appearance."""
    ranks: dict[str, int] = {}
    for value in values.values():
        for letter in letters_in(value):
            ranks.setdefault(letter.name, len(ranks))
    if len(ranks) > MOST_LETTERS:
        raise FullmarksError(f"there are {len(ranks)} different letters; at most {MOST_LETTERS} can be worked with")
    return ranks


def ranked(value: Any, ranks: Mapping[str, int]) -> Any:
    """Return the value of a given with its letters ranked."""
    if isinstance(value, Letter):
        return replace(value, place=ranks[value.name])
    return [ranked(item, ranks) for item in value] if isinstance(value, list) else value


def with_numbers(value: Any, trial: Trial) -> Any:
    """Return the value of a given with numbers in the places of its letters."""
    if isinstance(value, Letter):
        return -trial.of(value.name) if value.negative else trial.of(value.name)
    return [with_numbers(item, trial) for item in value] if isinstance(value, list) else value


def shadows(names: Iterable[str]) -> dict[str, float]:
    """Return the shadow numbers of some letters by name."""
    return {name: float(_SHADOWS.of(name)) for name in names}


def listed(names: Iterable[str]) -> str:
    """Write letters for a message: ``the letter a``, ``the letters a, b and c``."""
    found = list(names)
    if len(found) == 1:
        return f"the letter {found[0]}"
    return f"the letters {', '.join(found[:-1])} and {found[-1]}"


def numbers_for(names: Collection[str]) -> str:
    """Say what to give instead of letters: ``it a number``, ``them numbers``."""
    return "it a number" if len(names) == 1 else "them numbers"
