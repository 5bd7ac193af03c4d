"""Numerals as people type them, read exactly: ``0.1`` is one tenth."""

import re
import unicodedata
from fractions import Fraction

MOST_DIGITS = 60
LARGEST_EXPONENT = 300  # beyond this no float has the number, and its fraction would fill the memory

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?", re.ASCII)


def exact_number(text: str) -> int | Fraction | None:
    """Return the number that ``text`` writes, an integer where it has no decimal point, or nothing.

    Decimals (``0.1``, ``-.5``, ``1e-5``) and fractions of two of them (``1/3``) are numbers; a numeral of more than 60
    digits or beyond 10^300 is none, nor is a division by zero.
    """
    above, slash, below = text.partition("/")
    numerator = _decimal(above)
    if not slash or numerator is None:
        return numerator
    denominator = _decimal(below)
    return Fraction(numerator) / denominator if denominator else None


def meant_number(text: str) -> str | None:
    """Return how a number is typed that was written with a decimal comma, full-width digits or a typographic minus."""
    meant = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").replace(",", ".")
    return meant if meant != text and exact_number(meant) is not None else None


def as_typed(token: str) -> str:
    """Return how a number is typed that came with full-width digits, a typographic minus or a decimal comma."""
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
    if "." in mantissa or exponent:
        return Fraction(text)
    return int(text)
