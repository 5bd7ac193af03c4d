"""Numbers in TOML: decimals exactly as written, and what no field can hold refused wherever it stands."""

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Self

from fullmarks.errors import FullmarksError
from fullmarks.problem.numerals import MOST_DIGITS, exact_number

_LARGEST_WHOLE = 10**MOST_DIGITS


class _Unheld(float):
    """A numeral that no float holds, with its text; ``nan`` to whoever calculates."""

    text: str

    def __new__(cls, text: str) -> Self:
        """Keep the text."""
        number = super().__new__(cls, "nan")
        number.text = text
        return number


def toml_number(text: str) -> Fraction | float:
    """Return a TOML decimal exactly; ``nan`` and ``inf`` (or what is too large) are left to the field they are in.

    What is too long or too small is left to `refuse_unheld_numbers`.
    """
    number = exact_number(text.replace("_", ""))
    if number is not None:
        return Fraction(number)
    return _Unheld(text) if math.isfinite(float(text)) else float(text)


def refuse_unheld_numbers(table: Any, where: str) -> None:
    """Raise ``FullmarksError``, naming the field, for a number that is too long, too large or too small."""
    for field, number in _numbers(table, where):
        if isinstance(number, _Unheld):
            raise FullmarksError(f"{field}: {number.text[:MOST_DIGITS]} is too long or too small a number")
        if isinstance(number, int) and abs(number) >= _LARGEST_WHOLE:
            raise FullmarksError(f"{field}: a whole number has more than {MOST_DIGITS} digits; expected a smaller one")


def _numbers(value: Any, field: str) -> Iterator[tuple[str, int | float]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _numbers(item, f"{field}: {key}")
    elif isinstance(value, list):
        for place, item in enumerate(value, 1):
            within = f"{field}: entry {place}" if not isinstance(item, dict) else f"{field} {place}"
            yield from _numbers(item, within)
    elif isinstance(value, int | float):
        yield field, value
