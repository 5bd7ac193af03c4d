"""Numbers as people read them: exact where they can be, rounded half away from zero where they cannot.

A number is a ``Fraction`` while it is known exactly and a ``float`` from the first irrational function on, so that
``=`` and ``≈`` are decided and not guessed.
"""

import math
from fractions import Fraction
from typing import Any

Exact = Fraction | float
SIGNIFICANT_DIGITS = 3  # of a value too small for the places asked for


def exact(value: Any) -> Exact:
    """Return the number a person wrote: the float 0.1 is 1/10, because that is what was meant."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int):
        return Fraction(value)
    number = float(value)
    return Fraction(repr(number)) if math.isfinite(number) else number


def fits(number: Exact, places: int) -> bool:
    """Tell whether ``number`` is exact and has at most ``places`` decimals; −∞, the score of a hidden token, is."""
    if isinstance(number, Fraction):
        return bool(10**places % number.denominator == 0)
    return math.isinf(number)


def terminates(number: Exact) -> bool:
    """Tell whether ``number`` is exact and a finite decimal, as 1/8 is and 1/3 is not."""
    if not isinstance(number, Fraction):
        return False
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def rounded(number: Exact, places: int) -> Exact:
    """Round half away from zero to ``places`` decimals, or to three significant digits where that leaves nothing."""
    if not math.isfinite(number) or fits(number, places):
        return number
    scaled = abs(Fraction(number)) * 10**places
    units = math.floor(scaled + Fraction(1, 2))
    if units == 0 and number != 0:
        return rounded(number, _places_of_small(number))
    return Fraction(units, 10**places) * (1 if number > 0 else -1)


def _places_of_small(number: Exact) -> int:
    magnitude = abs(Fraction(number))
    places = 0
    while magnitude < 1:
        magnitude *= 10
        places += 1
    places += SIGNIFICANT_DIGITS - 1
    carried = math.floor(abs(Fraction(number)) * 10**places + Fraction(1, 2)) == 10**SIGNIFICANT_DIGITS
    return places - 1 if carried else places  # 0.0009996 is 0.00100, not 0.001000


def decimal(number: Exact, places: int) -> str:
    """Write ``number`` with an ASCII minus: exact values unpadded (0.5), rounded ones padded (0.980)."""
    if not math.isfinite(number):
        return "nan" if math.isnan(number) else ("inf" if number > 0 else "-inf")
    short = rounded(number, places)
    if not isinstance(short, Fraction):  # pragma: no cover - rounded() of a finite number is a fraction
        raise TypeError(short)
    if fits(number, places):
        return plain(short)
    shown_places = places if fits(short, places) else _places_of_small(number)
    units = abs(short) * 10**shown_places
    digits = str(int(units)).rjust(shown_places + 1, "0")
    sign = "-" if short < 0 else ""
    return f"{sign}{digits[:-shown_places]}.{digits[-shown_places:]}" if shown_places else f"{sign}{digits}"


def plain(number: Fraction) -> str:
    """Write a fraction whose decimals end, with no more digits than it has."""
    places = 0
    while not fits(number, places):
        places += 1
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
