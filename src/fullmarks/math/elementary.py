"""The functions of the calculator for single numbers, each the float nearest to the true value on every computer.

The C library and NumPy leave the last digit of e^x to the processor, and with it a printed digit now and then. Decimal
arithmetic is the same everywhere: here it has so many digits that only the last step, to a float, rounds.
"""

import math
from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache

Number = Fraction | float
_DIGITS = 28  # what a float holds, and so many more that rounding to it is not in doubt
_REMEMBERED = 10_000  # results of each function: one number is worked for the array, for its row and for the range
_LARGEST_EXPONENT = 710  # e to this is infinite as a float, and e to minus this and a few more is 0
_SMALLEST_EXPONENT = -746
_NEARLY_LINEAR = Decimal("1e-8")  # below this, two terms of a series are exact enough
_WHOLE_POWER = 100  # up to which a whole power is multiplied out
_FLAT = 6  # from here on the error function is 1 as a float


def _context(digits: int = _DIGITS) -> Context:
    return Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


_CONTEXT = _context()


def _decimal(number: Number, context: Context = _CONTEXT) -> Decimal:
    if isinstance(number, Fraction):
        return context.divide(Decimal(number.numerator), Decimal(number.denominator))
    return Decimal(number)


def nearest_float(number: Number) -> float:
    """Return the float nearest to a number; one that no float holds is infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


@lru_cache(_REMEMBERED)
def exp(number: Number) -> float:
    """Return e to the power of a number."""
    if not _SMALLEST_EXPONENT < number < _LARGEST_EXPONENT:  # NaN, too
        return math.nan if number != number else math.inf if number > 0 else 0.0  # noqa: PLR0124 - only NaN differs
    return float(_CONTEXT.exp(_decimal(number)))


@lru_cache(_REMEMBERED)
def ln(number: Number) -> float:
    """Return the natural logarithm: −∞ of 0, and no number below it."""
    if not number > 0:
        return -math.inf if number == 0 else math.nan
    return float(_CONTEXT.ln(_decimal(number)))


@lru_cache(_REMEMBERED)
def sqrt(number: Number) -> float:
    """Return the square root, where there is one."""
    if not number >= 0:
        return math.nan
    return float(_CONTEXT.sqrt(_decimal(number)))


@lru_cache(_REMEMBERED)
def sigmoid(number: Number) -> float:
    """Return 1 / (1 + e^(−x))."""
    if not _SMALLEST_EXPONENT < number < -_SMALLEST_EXPONENT:
        return math.nan if number != number else float(number > 0)  # noqa: PLR0124 - only NaN differs
    power = _CONTEXT.exp(-_decimal(number))
    return float(_CONTEXT.divide(1, _CONTEXT.add(1, power)))


@lru_cache(_REMEMBERED)
def tanh(number: Number) -> float:
    """Return the hyperbolic tangent."""
    if not -_LARGEST_EXPONENT < number < _LARGEST_EXPONENT:
        return math.nan if number != number else 1.0 if number > 0 else -1.0  # noqa: PLR0124 - only NaN differs
    x = _decimal(number)
    if abs(x) < _NEARLY_LINEAR:
        return float(_CONTEXT.subtract(x, _CONTEXT.divide(_CONTEXT.power(x, 3), 3)))
    power = _CONTEXT.exp(_CONTEXT.multiply(2, x))
    return float(_CONTEXT.divide(_CONTEXT.subtract(power, 1), _CONTEXT.add(power, 1)))


def sin(number: Number) -> float:
    """Return the sine of an angle in radians."""
    return _sine(number, quarters=0)


def cos(number: Number) -> float:
    """Return the cosine of an angle in radians."""
    return _sine(number, quarters=1)


def tan(number: Number) -> float:
    """Return the tangent of an angle in radians: of the two nearest floats of sine and cosine."""
    return sin(number) / cos(number)


@lru_cache(_REMEMBERED)
def _sine(number: Number, *, quarters: int) -> float:
    """Return the sine of an angle and so many right angles more, by its series."""
    if isinstance(number, float) and not math.isfinite(number):
        return math.nan
    context = _context(2 * _DIGITS + max(0, _decimal(number).adjusted()))
    right_angle = context.divide(_pi(context.prec), 2)
    x = _decimal(number, context)
    turns = int(context.to_integral_value(context.divide(x, right_angle)))
    x = context.subtract(x, context.multiply(turns, right_angle))  # at most half a right angle
    even = (turns + quarters) % 2 == 1  # the cosine's series
    term = total = Decimal(1) if even else x
    count, square = 0 if even else 1, context.multiply(x, x)
    while term and term.adjusted() > total.adjusted() - context.prec:
        term = context.divide(context.multiply(-term, square), (count + 1) * (count + 2))
        total = context.add(total, term)
        count += 2
    return float(total) * (-1 if (turns + quarters) % 4 >= 2 else 1)  # noqa: PLR2004 - the lower half of the circle


@cache
def _pi(digits: int) -> Decimal:
    """Return π by Machin's formula, in whole numbers of 10^(−digits)."""
    one: int = 10 ** (digits + 10)

    def arctangent_of_one_over(number: int) -> int:
        power = one // number
        total = power
        count, sign = 1, 1
        while power:
            power //= number * number
            count, sign = count + 2, -sign
            total += sign * (power // count)
        return total

    return Decimal(4 * (4 * arctangent_of_one_over(5) - arctangent_of_one_over(239))).scaleb(
        -digits - 10, _context(digits + 20)
    )


@lru_cache(_REMEMBERED)
def erf(number: Number) -> float:
    """Return the error function, by the series whose terms all have one sign (Abramowitz and Stegun, 7.1.6)."""
    if not -_FLAT < number < _FLAT:
        return math.nan if number != number else 1.0 if number > 0 else -1.0  # noqa: PLR0124 - only NaN differs
    x = _decimal(number)
    term = total = x
    count, doubled_square = 1, _CONTEXT.multiply(2, _CONTEXT.multiply(x, x))
    while term and term.adjusted() > total.adjusted() - _DIGITS:
        count += 2
        term = _CONTEXT.divide(_CONTEXT.multiply(term, doubled_square), count)
        total = _CONTEXT.add(total, term)
    scale = _CONTEXT.divide(2, _CONTEXT.sqrt(_pi(_DIGITS)))
    decay = _CONTEXT.exp(-_CONTEXT.divide(doubled_square, 2))
    return float(_CONTEXT.multiply(scale, _CONTEXT.multiply(decay, total)))


@lru_cache(_REMEMBERED)
def power(base: Number, exponent: Number) -> float:
    """Return a base above 0 to any power, or any base to a whole one."""
    if not (math.isfinite(base) and math.isfinite(exponent)) or (base <= 0 and exponent != int(exponent)):
        return math.nan
    if base <= 0 or (exponent == int(exponent) and -_WHOLE_POWER <= exponent <= _WHOLE_POWER):
        return nearest_float(Fraction(base) ** int(exponent))
    logarithm = _CONTEXT.multiply(_CONTEXT.ln(_decimal(base)), _decimal(exponent))
    if not _SMALLEST_EXPONENT < logarithm < _LARGEST_EXPONENT:
        return math.inf if logarithm > 0 else 0.0
    return float(_CONTEXT.exp(logarithm))


FUNCTIONS: dict[str, Callable[[Number], float]] = {
    "exp": exp,
    "ln": ln,
    "sqrt": sqrt,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "sin": sin,
    "cos": cos,
    "erf": erf,
}
