"""The functions of the calculator: the nearest float, compared with 60 digits of mpmath's."""

import math
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullmarks.math import elementary

TRUE = {
    "exp": mpmath.exp,
    "ln": mpmath.log,
    "sqrt": mpmath.sqrt,
    "tanh": mpmath.tanh,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "erf": mpmath.erf,
}
NUMBERS = st.one_of(
    st.floats(-700, 700),
    st.floats(-3, 3),
    st.floats(-1e-12, 1e-12, allow_subnormal=False),
    st.fractions(-40, 40, max_denominator=99),
    st.integers(-(10**9), 10**9).map(float),
)


@pytest.mark.parametrize("name", sorted(TRUE))
@given(number=NUMBERS)
@settings(max_examples=40, deadline=None)
def test_a_function_gives_the_float_nearest_to_its_true_value(name: str, number: Fraction | float) -> None:
    if name in ("ln", "sqrt"):
        number = abs(number)
    found = elementary.FUNCTIONS[name](number)
    if name == "ln" and number == 0:
        assert found == -math.inf
        return
    with mpmath.workdps(400 if name == "tanh" else 60):
        top, bottom = number.as_integer_ratio()
        true = TRUE[name](mpmath.mpf(top) / bottom)
        assert found == float(true)


@pytest.mark.parametrize("name", sorted(TRUE))
@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, 1e300, -1e300, 5e-324, Fraction(10**400)])
def test_a_function_of_an_extreme_number_is_a_float_and_never_raises(name: str, number: Fraction | float) -> None:
    assert isinstance(elementary.FUNCTIONS[name](number), float)


def test_a_number_beyond_all_floats_is_infinite() -> None:
    assert elementary.nearest_float(Fraction(10**400)) == math.inf
    assert elementary.nearest_float(Fraction(-(10**400))) == -math.inf


def test_a_power_is_exact_where_it_is_whole_and_rounded_once_where_it_is_not() -> None:
    assert elementary.power(10000, Fraction(1, 2)) == 100
    assert elementary.power(1.1, 2) == float(Fraction(1.1) ** 2)
    assert elementary.power(-1.5, 3) == -3.375
    assert math.isnan(elementary.power(-1.5, Fraction(1, 2)))
    assert elementary.power(1e300, 2) == math.inf
