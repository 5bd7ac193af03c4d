from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fullmarks.math.numbers import decimal, exact, fits, plain, rounded, terminates

PLACES = st.integers(0, 6)
DECIMALS = st.decimals(-10_000, 10_000, allow_nan=False, allow_infinity=False, places=9)
FRACTIONS = st.fractions(-1000, 1000, max_denominator=10_000)


def _by_the_decimal_module(number: Decimal, places: int) -> str:
    """Round and write ``number`` by the standard library's decimals alone."""
    if number == round(number, places):
        return _unpadded(number)
    quantum = Decimal(1).scaleb(-places)
    short = number.quantize(quantum, rounding=ROUND_HALF_UP)
    if short == 0 or abs(number) < Decimal("0.000001"):
        short = _three_digits(number)
    return _unpadded(number) if short == number else f"{short:f}"


def _unpadded(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _three_digits(number: Decimal) -> Decimal:
    short = Context(prec=3, rounding=ROUND_HALF_UP).plus(number)
    return short.quantize(Decimal(1).scaleb(short.adjusted() - 2))


@given(DECIMALS, PLACES)
def test_decimals_are_written_as_the_decimal_module_rounds_them(number: Decimal, places: int) -> None:
    assert decimal(Fraction(number), places) == _by_the_decimal_module(number, places)


@given(st.integers(1, 10**6), st.integers(1, 20))
def test_what_three_places_would_hide_is_written_with_three_significant_digits(digits: int, zeros: int) -> None:
    number = Decimal(digits).scaleb(-zeros - 9)
    assume(abs(number) < Decimal("0.0005"))
    written = decimal(Fraction(number), 3)
    assert Decimal(written) == _three_digits(number)
    digits_shown = len(written.removeprefix("0.").lstrip("0"))
    assert digits_shown == 3 or (digits_shown < 3 and Decimal(written) == number)


def test_a_large_float_shows_no_more_digits_than_it_has() -> None:
    assert "." not in decimal(5.184705528587072e21, 3)
    assert decimal(123456789012.34567, 6) == "123456789012.346"


@given(FRACTIONS, PLACES)
def test_rounding_moves_a_number_by_half_a_unit_at_most(number: Fraction, places: int) -> None:
    assert abs(rounded(number, places) - number) <= Fraction(1, 2 * 10**places)


@given(FRACTIONS, PLACES)
def test_rounding_treats_both_signs_alike(number: Fraction, places: int) -> None:
    assert rounded(-number, places) == -rounded(number, places)


@given(FRACTIONS, PLACES)
def test_rounding_twice_changes_nothing_more(number: Fraction, places: int) -> None:
    once = rounded(number, places)
    if abs(number) * 10**places >= Fraction(1, 2):
        assert rounded(once, places) == once


@given(FRACTIONS, PLACES)
def test_what_is_printed_is_the_rounded_number(number: Fraction, places: int) -> None:
    assert Fraction(decimal(number, places)) == rounded(number, places)


@given(st.floats(-1e6, 1e6, allow_nan=False), PLACES)
def test_no_number_is_printed_as_minus_zero(number: float, places: int) -> None:
    written = decimal(number, places)
    assert not (written.startswith("-") and Fraction(written) == 0)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_number_that_a_person_would_have_typed(number: float) -> None:
    assert exact(number) == Fraction(Decimal(repr(number)))


@given(st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=6))
def test_plain_writes_every_digit_and_no_more(number: Decimal) -> None:
    written = plain(Fraction(number))
    assert Fraction(written) == Fraction(number)
    assert "." not in written or not written.endswith("0")


@given(FRACTIONS)
def test_a_number_terminates_where_some_number_of_places_fits_it(number: Fraction) -> None:
    assert terminates(number) == any(fits(number, places) for places in range(20))


@pytest.mark.parametrize(
    ("number", "places", "written"),
    [
        (0.1, 3, "0.1"),
        (Fraction(1, 2), 3, "0.5"),
        (Fraction(49, 50), 3, "0.98"),
        (Fraction(98, 100), 1, "1.0"),
        (Fraction(979999, 10**6), 3, "0.980"),
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(1, 3), 3, "0.333"),
        (Fraction(2, 3), 0, "1"),
        (Fraction(9999, 10**7), 2, "0.00100"),
        (Fraction(1, 30000), 3, "0.0000333"),
        (Fraction(-1, 30000), 3, "-0.0000333"),
        (Fraction(1, 2000), 3, "0.001"),
        (0, 3, "0"),
        (-0.0, 3, "0"),
        (-16, 3, "-16"),
        (1_000_000, 3, "1000000"),
        (float("inf"), 3, "inf"),
        (float("-inf"), 3, "-inf"),
        (float("nan"), 3, "nan"),
    ],
)
def test_numbers_are_written_as_in_a_marking_scheme(number: float, places: int, written: str) -> None:
    assert decimal(exact(number), places) == written


def test_a_result_that_is_known_only_as_a_float_is_padded() -> None:
    assert decimal(0.98, 3) == "0.980"


def test_a_tenth_is_exact_and_a_third_has_no_end() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert fits(exact(0.1), 1)
    assert not terminates(Fraction(1, 3))
    assert not fits(0.5, 3)


@settings(max_examples=50)
@given(st.integers(-(10**6), 10**6), st.integers(1, 5))
def test_a_five_after_the_last_place_rounds_away_from_zero(units: int, places: int) -> None:
    step = Fraction(1, 10**places)
    half_way = units * step + (step / 2 if units >= 0 else -step / 2)
    if units:
        assert rounded(half_way, places) == (abs(units) + 1) * step * (1 if units > 0 else -1)
