"""Numerals as people type them, read exactly: ``0.1`` is one tenth."""

import re
import sys
import unicodedata
from fractions import Fraction

MOST_DIGITS = 60
LARGEST_EXPONENT = 300  # beyond this no float has the number, and its fraction would fill the memory

_SURE_BITS = 1000  # a number between 2^-1000 and 2^1000 is well within the floats
_SMALLEST, _LARGEST = Fraction(sys.float_info.min), Fraction(sys.float_info.max)

_NUMERAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:/[0-9.eE+-]+)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?", re.ASCII)


def exact_number(text: str) -> int | Fraction | None:
    """Return the number that ``text`` writes, an integer where it has no decimal point, or nothing.

    Decimals (``0.1``, ``-.5``, ``1e-5``) and fractions of two of them (``1/3``) are numbers; a numeral of more than 60
    characters, a number too large or too small for a float, and a division by zero are none.
    """
    above, slash, below = text.partition("/")
    numerator = _decimal(above)
    if not slash or numerator is None:
        return numerator
    denominator = _decimal(below)
    return _held(Fraction(numerator) / denominator) if denominator else None


def fits_a_float(number: int | Fraction) -> bool:
    """Return whether a float holds the number with all its digits: 0, or neither too large nor too small."""
    if abs(number.numerator.bit_length() - number.denominator.bit_length()) < _SURE_BITS:
        return True  # comparing with the bounds takes ten times as long, and arrays have a million entries
    magnitude = abs(Fraction(number))
    return magnitude == 0 or _SMALLEST <= magnitude <= _LARGEST


def meant_number(text: str) -> str | None:
    """Return how a number is typed that was written with a decimal comma, full-width digits or a typographic minus."""
    meant = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").replace(",", ".")
    return meant if meant != text and exact_number(meant) is not None else None


def why_no_number(token: str) -> str:
    """Return, in brackets for a message, why what looks like a number is none, or how it is typed; else nothing."""
    if token.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return " (numbers are finite)"
    if _NUMERAL.fullmatch(token) and exact_number(token) is None:
        return " (it is too long, too large or too small, or divides by zero)"
    meant = meant_number(token)
    return f" (write {meant})" if meant is not None else ""


def decimal_text(value: Fraction) -> str | None:
    """Return ``value`` as a decimal without loss, or nothing where it has none (one third)."""
    places, rest = 0, value.denominator
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1:
        return None
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _decimal(text: str) -> int | Fraction | None:
    text = text.strip()
    if _DECIMAL.fullmatch(text) is None or len(text) > MOST_DIGITS:
        return None
    mantissa, _, exponent = text.lower().partition("e")
    if exponent and abs(int(exponent)) > LARGEST_EXPONENT:
        return None
    if exponent:
        return _held(Fraction(text))
    return Fraction(text) if "." in mantissa else int(text)


def _held(number: Fraction) -> Fraction | None:
    return number if fits_a_float(number) else None
