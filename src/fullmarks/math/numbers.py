"""Numbers as people read them: exact where they can be, rounded half away from zero where they cannot.

A number is a ``Fraction`` while it is known exactly and a ``float`` from the first irrational function on, so that
``=`` and ``≈`` are decided and not guessed.
"""

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from fullmarks.math.letters import Letter
from fullmarks.math.symbolic import Symbolic, has_floats, of_letter, with_every_number

Exact = Fraction | float
SIGNIFICANT_DIGITS = 3  # of a value too small for the places asked for
FEWEST_BESIDE_SMALL = 3  # decimals of an array some entry of which would vanish with fewer
TINY = Fraction(1, 10**6)  # below this a decimal is hard to read whatever the places
FLOAT_DIGITS = 15  # what a float can be trusted with
FLOAT_NOISE = 4e-15  # relative, after some working
MOST_STEADY = 9  # decimals more: a number that could still be rounded wrongly then has nines to the end


def exact(value: Any) -> Exact:
    """Return the number a person wrote: the float 0.1 is 1/10, because that is what was meant."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, Letter):
        letter: Any = of_letter(value)  # an expression behaves as a number
        return letter  # type: ignore[no-any-return]  # and is none to the type checker
    number = float(value)
    return Fraction(repr(number)) if math.isfinite(number) else number


def fits(number: Exact, places: int) -> bool:
    """Tell whether ``number`` is exact and has at most ``places`` decimals; −∞, the score of a hidden token, is."""
    if isinstance(number, Fraction):
        return bool(10**places % number.denominator == 0)
    return not has_floats(number) if isinstance(number, Symbolic) else math.isinf(number)


def terminates(number: Exact) -> bool:
    """Tell whether ``number`` is exact and a finite decimal, as 1/8 is and 1/3 is not."""
    if not isinstance(number, Fraction):
        return False
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def shown_places(number: Exact, places: int) -> int:
    """Return how many decimals a number is shown with where ``places`` are asked for.

    More for what would vanish, so that three significant digits remain; fewer for a float so large
    that its digits would end before.
    """
    if fits(number, places):
        return places
    magnitude = abs(Fraction(number))
    if 0 < magnitude < max(Fraction(1, 2 * 10**places), TINY):
        return max(places, _places_of_small(magnitude))
    if isinstance(number, float):
        return max(0, min(places, FLOAT_DIGITS - len(str(int(magnitude)))))
    return places


def vanishes(number: Exact, places: int) -> bool:
    """Return whether a number would be 0 at ``places`` decimals, so that it keeps significant digits instead."""
    if isinstance(number, Symbolic) or not math.isfinite(number):
        return False
    return not fits(number, places) and 0 < abs(Fraction(number)) < Fraction(1, 2 * 10**places)


def common_places(numbers: Iterable[Exact], places: int) -> int:
    """Return the places of the entries of one array: three where some entry would vanish with fewer.

    So 0.0900 does not stand beside whole numbers.
    """
    is_small = places < FEWEST_BESIDE_SMALL and any(vanishes(number, places) for number in numbers)
    return FEWEST_BESIDE_SMALL if is_small else places


def entry_places(number: Exact, places: int, common: int) -> int:
    """Return the places of one entry of an array shown with ``common`` places, where ``places`` are asked for.

    What keeps three digits with those asked for has no fewer of them here.
    """
    if vanishes(number, places) and shown_places(number, places) > shown_places(number, common):
        return places
    return common


def misleads(number: Exact, shown: int, places: int) -> bool:
    """Return whether a number shown to ``shown`` decimals, rounded again, is not what it is to ``places``.

    0.21446 is 0.214 to three places; shown as 0.2145 it would be taken for 0.215.
    """
    if isinstance(number, Symbolic):
        found = []
        with_every_number(number, lambda one: found.append(misleads(one, shown, places)) or one, floats_only=True)
        return any(found)
    if fits(number, places) or not math.isfinite(number):
        return False
    digits = shown_places(number, places)
    return _half_away(rounded(number, shown), digits) != _half_away(number, digits)


def is_settled(number: Exact, places: int) -> bool:
    """Return whether the noise in the last digits of a float does not decide how it is rounded."""
    if not isinstance(number, float) or not math.isfinite(number):
        return True
    return rounded(number * (1 - FLOAT_NOISE), places) == rounded(number * (1 + FLOAT_NOISE), places)


def steady_places(number: Exact, places: int) -> int:
    """Return at least ``places`` decimals, so many that the number may be rounded again to any fewer of them."""
    for shown in range(places, places + MOST_STEADY):
        if not any(misleads(number, shown, fewer) for fewer in range(places)):
            return shown
    return places


def _places_of_small(magnitude: Fraction) -> int:
    places = max(0, len(str(magnitude.denominator)) - len(str(magnitude.numerator)) - 1)  # or one or two more
    while magnitude * 10**places < 1:
        places += 1
    places += SIGNIFICANT_DIGITS - 1
    carried = math.floor(magnitude * 10**places + Fraction(1, 2)) == 10**SIGNIFICANT_DIGITS
    return places - 1 if carried else places  # 0.0009996 is 0.00100, not 0.001000


def is_tiny(number: Exact) -> bool:
    """Tell whether a number is other than 0 and too small to be read as a decimal."""
    if isinstance(number, Fraction) and number.denominator < TINY.denominator:
        return False
    return math.isfinite(number) and 0 < abs(Fraction(number)) < TINY


def shown_in_full(number: Exact, places: int) -> bool:
    """Tell whether a number is exact and shown with all its digits, so that = may stand before it."""
    if isinstance(number, Symbolic):
        from fullmarks.math.symbolic_writing import is_printed_exactly  # with SymPy behind it, for letters alone

        return is_printed_exactly(number)
    if not isinstance(number, Fraction):
        return math.isinf(number)
    return fits(number, shown_places(number, places))


def rounded(number: Exact, places: int) -> Exact:
    """Round half away from zero to the decimals that the number is shown with; of an expression, its floats."""
    if fits(number, places):
        return number
    if isinstance(number, Symbolic):
        shown: Exact = with_every_number(number, lambda one: rounded(one, places), floats_only=True)
        return shown
    if not math.isfinite(number):
        return number
    digits = shown_places(number, places)
    if fits(number, digits):
        return number
    return _half_away(number, digits)


def _half_away(number: Exact, digits: int) -> Fraction:
    units = math.floor(abs(Fraction(number)) * 10**digits + Fraction(1, 2))
    return Fraction(units, 10**digits) * (1 if number > 0 else -1)


def rounded_throughout(number: Exact, places: int) -> Exact:
    """Round a number, and in an expression every coefficient: so two workings of one row are compared."""
    if isinstance(number, Symbolic):
        compared: Exact = with_every_number(number, lambda one: rounded(one, places), floats_only=False)
        return compared
    return rounded(number, places)


def decimal(number: Exact, places: int) -> str:
    """Write ``number`` with an ASCII minus: exact values unpadded (0.5), rounded ones padded (0.980)."""
    if isinstance(number, Fraction) and fits(number, places):
        return plain(number)
    if not math.isfinite(number):
        return "nan" if math.isnan(number) else ("inf" if number > 0 else "-inf")
    short = Fraction(rounded(number, places))
    if shown_in_full(number, places):
        return plain(short)
    decimals = shown_places(number, places)
    digits = str(int(abs(short) * 10**decimals)).rjust(decimals + 1, "0")
    sign = "-" if short < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def plain(number: Fraction) -> str:
    """Write a fraction whose decimals end, with no more digits than it has."""
    if number.denominator == 1:
        return str(number.numerator)
    places = 0
    while not fits(number, places):
        places += 1
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
