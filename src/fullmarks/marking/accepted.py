"""The range of answers that a careful candidate reaches by rounding on the way."""

import math
from fractions import Fraction

import numpy as np
from msgspec import Struct

from fullmarks.marking.allocation import MarkedPart, MarkedSolution
from fullmarks.math.expression import Array, Expr, entry
from fullmarks.math.history import entering, lines, numbers_from
from fullmarks.math.number_arrays import as_floats, one_by_one
from fullmarks.math.numbers import fits
from fullmarks.solution.solve import Solution

LARGEST_RANGE = 1000  # entries; beyond this nobody compares by eye


class Accepted(Struct, frozen=True):
    """The least and the greatest value to be accepted, entry by entry: plain numbers."""

    low: Array
    high: Array

    def holds(self, value: Array) -> bool:
        """Tell whether ``value`` is to be accepted: of the answer's shape, and every entry within its range."""
        return value.shape == self.low.shape and bool(((self.low <= value) & (value <= self.high)).all())


def accepted_range(marked: MarkedSolution, part: MarkedPart) -> Accepted | None:
    """Return what is accepted for a part's answer, worked out once, whoever asks.

    ``None`` for an answer in words or in letters, and for one of more entries than anybody compares.
    """
    answer, name = part.solved.answer, part.solved.part.find
    if answer is None or name is None or marked.solution.letters or answer.size > LARGEST_RANGE:
        return None
    if name not in marked.ranges:
        marked.ranges[name] = accepted(answer, marked.solution)
    return marked.ranges[name]


def accepted(answer: Expr, solution: Solution) -> Accepted:
    """Return the envelope of working with full precision, with the places asked for, and with one more.

    One unit of the last place is added on both sides, unless every number on the way is exact within the places.
    """
    on_the_way = entering(answer)
    every_line = [line for line in lines(answer, {}) if id(line) in on_the_way]
    if _all_exact(every_line, solution.places):
        return Accepted(answer.numbers, answer.numbers)
    reached = [answer.numbers]
    for places in (solution.places, solution.places + 1):
        with np.errstate(all="ignore"):
            numbers = _rounded_on_the_way(every_line, answer, places)
        if np.isfinite(as_floats(numbers)).all():
            reached.append(numbers)
    unit = Fraction(1, 10**solution.places)
    low = one_by_one(lambda *numbers: Fraction(min(numbers)) - unit, *reached)
    high = one_by_one(lambda *numbers: Fraction(max(numbers)) + unit, *reached)
    return Accepted(low, high)


def _all_exact(every_line: list[Expr], places: int) -> bool:
    if any(line.size > LARGEST_RANGE for line in every_line):
        return False
    return all(fits(entry(line, index).exact_leaf, places) for line in every_line for index in np.ndindex(*line.shape))


def _rounded_on_the_way(every_line: list[Expr], answer: Expr, places: int) -> Array:
    """Work every line from rounded values of the lines before it."""

    def rounded(number: Fraction | float) -> Fraction | float:
        if not math.isfinite(number):
            return number
        units = math.floor(abs(Fraction(number)) * 10**places + Fraction(1, 2))
        return Fraction(units if number > 0 else -units, 10**places)

    known: dict[int, Array] = {}
    for line in every_line:
        known[id(line)] = one_by_one(rounded, numbers_from(line.arguments[0], known))
    return known[id(answer)]
