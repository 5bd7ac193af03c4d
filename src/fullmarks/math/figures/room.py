"""Free room in a drawing: what has been taken by labels, dots and lines, and what is left."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, hypot
from typing import Final

from fullmarks.math.figures import Place

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom
CLOSE: Final = 2.0  # pixels between the points in which a line is looked at
APART: Final = 2.0  # between a label and a line
BESIDE: Final = 4.0  # between two labels on one line
START: Final = 8.0  # how long a leading line may stay near the line that it starts from


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Tell whether two rectangles have more than an edge in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def holds(rectangle: Rectangle, place: Place) -> bool:
    """Tell whether a place is inside a rectangle."""
    return rectangle[0] < place[0] < rectangle[2] and rectangle[1] < place[1] < rectangle[3]


class Room:
    """The inside of ``bounds`` while labels are being placed in it."""

    def __init__(self, bounds: Rectangle) -> None:
        self.bounds = bounds
        self.taken: list[Rectangle] = []
        self.lines: list[Place] = []
        self.faint_lines: list[Place] = []

    def take(self, rectangle: Rectangle) -> None:
        """Note that something stands here."""
        self.taken.append(rectangle)

    def take_line(self, points: Sequence[Place], *, faint: bool = False) -> None:
        """Note that a line runs here; a ``faint`` one may be crossed by lines, but not by labels."""
        noted = self.faint_lines if faint else self.lines
        for start, end in pairwise(points):
            noted += points_between(start, end)

    def is_free(self, rectangle: Rectangle) -> bool:
        """Tell whether a rectangle lies within the bounds and touches nothing."""
        left, top, right, bottom = rectangle
        if left < self.bounds[0] or top < self.bounds[1] or right > self.bounds[2] or bottom > self.bounds[3]:
            return False
        if any(overlap((left - BESIDE, top, right + BESIDE, bottom), other) for other in self.taken):
            return False
        wider = (left - APART, top - APART, right + APART, bottom + APART)
        return not any(holds(wider, place) for place in (*self.lines, *self.faint_lines))

    def crosses_nothing_taken(self, start: Place, end: Place) -> bool:
        """Tell whether a line from something that is there meets nothing else."""
        for place in points_between(start, end):
            if hypot(place[0] - start[0], place[1] - start[1]) < START:
                continue
            if any(holds(rectangle, place) for rectangle in self.taken):
                return False
            if any(hypot(place[0] - x, place[1] - y) < CLOSE for x, y in self.lines):
                return False
        return True


def points_between(start: Place, end: Place) -> list[Place]:
    """Return places along a line, close to one another."""
    count = max(1, ceil(hypot(end[0] - start[0], end[1] - start[1]) / CLOSE))
    return [
        (start[0] + (end[0] - start[0]) * part / count, start[1] + (end[1] - start[1]) * part / count)
        for part in range(count + 1)
    ]
