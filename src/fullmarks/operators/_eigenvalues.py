"""The eigenvalues of a symmetric matrix of exact numbers, to so many digits that none printed depends on rounding."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

DIGITS = 60  # that are worked with
TRUSTED = 40  # and those that are right: what is smaller beside the largest eigenvalue is 0
MOST_SWEEPS = 30  # a few are enough, each squares what is left beside the diagonal


def roots_of_eigenvalues(matrix: Sequence[Sequence[Fraction]], largest_written: int) -> list[Fraction | float]:
    """Return the roots of the eigenvalues, none of which is negative, the largest first, by Jacobi's rotations.

    A root that has at most ``largest_written`` significant digits is exact; any other is the nearest float.
    """
    with localcontext(prec=DIGITS):
        rows = [[Decimal(number.numerator) / Decimal(number.denominator) for number in row] for row in matrix]
        for _ in range(MOST_SWEEPS):
            if not _rotated(rows):
                break
        eigenvalues = sorted((row[place] for place, row in enumerate(rows)), reverse=True)
        least = eigenvalues[0].scaleb(-TRUSTED)
        return [_plain(one.sqrt(), largest_written) if one > least else Fraction(0) for one in eigenvalues]


def _rotated(rows: list[list[Decimal]]) -> bool:
    """Turn every entry beside the diagonal to 0 in its turn; return whether any was not 0 yet."""
    size = len(rows)
    negligible = max(abs(number) for row in rows for number in row).scaleb(5 - DIGITS)
    is_changed = False
    for one in range(size):
        for other in range(one + 1, size):
            if abs(rows[one][other]) <= negligible:
                continue
            is_changed = True
            ratio = (rows[other][other] - rows[one][one]) / (2 * rows[one][other])
            tangent = (1 if ratio >= 0 else -1) / (abs(ratio) + (ratio**2 + 1).sqrt())
            cosine = 1 / (tangent**2 + 1).sqrt()
            sine = tangent * cosine
            for row in rows:
                row[one], row[other] = cosine * row[one] - sine * row[other], sine * row[one] + cosine * row[other]
            for place in range(size):
                above, below = rows[one][place], rows[other][place]
                rows[one][place], rows[other][place] = cosine * above - sine * below, sine * above + cosine * below
    return is_changed


def _plain(number: Decimal, largest_written: int) -> Fraction | float:
    with localcontext(prec=largest_written):
        written = +number
    is_exact = abs(number - written) <= number.scaleb(-TRUSTED // 2)
    return Fraction(written) if is_exact else float(number)
