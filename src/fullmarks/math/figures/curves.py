"""Curves of functions of one number with points marked on them, each with its coordinates beside it."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil, cos, floor, log10, pi, sin
from typing import Final

import numpy as np
from msgspec import Struct

from fullmarks.math.expression import Array, Expr, entry
from fullmarks.math.figures import Disc, Figure, Label, Place, Shape, Stroke
from fullmarks.math.figures.room import Rectangle, Room
from fullmarks.math.figures.runs import TEXT_SIZE, widest_of
from fullmarks.math.figures.words import listed
from fullmarks.math.notation import Fence, Node, Row, Sign, Symbol
from fullmarks.math.notation.terminal import text as characters_of
from fullmarks.math.numbers import exact
from fullmarks.math.writing import number

MOST_POINTS: Final = 9
LARGEST: Final = 1000.0  # beyond this a drawing shows nothing near 0
PLACES: Final = 3
WIDTH: Final = 400.0  # pixels of the frame, as everything here
HEIGHT: Final = 190.0
LEFT: Final = 46.0  # room for the numbers left of the frame
ABOVE: Final = 22.0
BELOW: Final = 34.0
MARGIN: Final = 6.0
LETTER_HEIGHT: Final = 12.0
TICK: Final = 4.0
DOT: Final = 3.0
SAMPLES: Final = 160
TICKS_ACROSS, TICKS_UP = 10, 5
EDGE: Final = 0.05  # of the furthest point, beyond it
HEADROOM: Final = 0.08  # of the curve's height, above it
FOOTROOM: Final = 0.16  # below it, for coordinates under a flat piece
DISTANCES: Final = (8.0, 16.0, 26.0, 38.0, 52.0, 68.0, 86.0, 106.0)  # between a point and its coordinates
DIRECTIONS: Final = 16
UPPER_LEFT, UPPER_RIGHT = 3 / 4 * pi, pi / 4
LONGEST_WITHOUT_LINE: Final = 8.0


class Curve(Struct, frozen=True):
    """A function with its name in words, its formula, how far from 0 it is drawn at least, and where it jumps."""

    name: str
    formula: Node
    function: Callable[[Array], Array]
    span: float
    jumps: tuple[float, ...] = ()


class Point(Struct, frozen=True):
    """A point of the curve, and its coordinates as they are written."""

    x: float
    y: float
    written: Node


class Frame(Struct, frozen=True):
    """What part of the plane is drawn."""

    left: float
    right: float
    bottom: float
    top: float

    def place(self, x: float, y: float) -> Place:
        """Return where a point of the plane is drawn."""
        across, up = (x - self.left) / (self.right - self.left), (y - self.bottom) / (self.top - self.bottom)
        return LEFT + across * WIDTH, ABOVE + (1 - up) * HEIGHT


def curve_with_points(curve: Curve, x: Expr, y: Expr) -> Figure | None:
    """Return the curve with the distinct entries of ``x`` marked, ``y`` being what the function makes of them.

    ``None`` where they are too many, or too far from 0 or too close together, to be read.
    """
    if len(np.unique(x.value.round(PLACES))) > MOST_POINTS:
        return None
    points = distinct_points(x, y)
    if len(points) > MOST_POINTS or max(abs(point.x) for point in points) > LARGEST:
        return None
    low, high = x_range(points, curve.span)
    pieces = sampled(curve, low, high)
    heights = [y for piece in pieces for _, y in piece]
    rise = max(heights) - min(heights) or 1.0
    frame = Frame(low, high, min(heights) - FOOTROOM * rise, max(heights) + HEADROOM * rise)
    drawn = [tuple(frame.place(*point) for point in piece) for piece in pieces]
    labels = _coordinates(points, frame, drawn)
    if labels is None:
        return None
    left_out = [Disc(piece[-1], DOT) for piece in drawn[:-1]]  # where the curve jumps, its new value holds
    shapes = [*_axes(frame, curve.formula), *(Stroke(piece, width=1.6) for piece in drawn), *left_out, *labels]
    told = listed([characters_of(point.written) for point in points])
    marked = "these points" if len(points) > 1 else "this point"
    alt = (
        f"Curve of {curve.name} for x from {_tick_text(low)} to {_tick_text(high)}, "
        f"with {marked} (x, {characters_of(curve.formula)}) marked: {told}."
    )
    return Figure(LEFT + WIDTH + 2 * MARGIN, ABOVE + HEIGHT + BELOW, tuple(shapes), alt)


def distinct_points(x: Expr, y: Expr) -> list[Point]:
    """Return the points from left to right, those that are written alike once."""
    found: dict[str, Point] = {}
    for index in _first_places(x):
        numbers = entry(x, index).number, entry(y, index).number
        inside = Row((number(numbers[0], PLACES).node, Sign(","), number(numbers[1], PLACES).node))
        point = Point(float(numbers[0]), float(numbers[1]), Fence(inside))
        found.setdefault(characters_of(point.written), point)
    return sorted(found.values(), key=lambda point: point.x)


def _first_places(x: Expr) -> list[tuple[int, ...]]:
    """Return where each different value stands first, in order."""
    _values, firsts = np.unique(x.value, return_index=True)
    return [tuple(int(place) for place in np.unravel_index(first, x.shape)) for first in np.sort(firsts)]


def x_range(points: Sequence[Point], span: float) -> tuple[float, float]:
    """Return a range of round numbers around the points, none of them at its ends, with 0 well inside."""
    furthest = max(span, *(abs(point.x) for point in points))
    step = round_step(2 * furthest, TICKS_ACROSS)
    least, beyond = max(span, furthest / 4), EDGE * furthest
    low = min(-least, *(point.x - beyond for point in points))
    high = max(least, *(point.x + beyond for point in points))
    return floor(low / step) * step, ceil(high / step) * step


def round_step(length: float, most: int) -> float:
    """Return the smallest of 1, 2, 5, 10, 20 and so on (or their tenths) that divides a length into few parts."""
    least = length / most
    power = 10.0 ** floor(log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def sampled(curve: Curve, low: float, high: float) -> list[tuple[Place, ...]]:
    """Return points of the curve close to one another, in pieces between its jumps."""
    ends = [low, *curve.jumps, high]
    pieces = []
    for start, end in pairwise(ends):
        x = np.linspace(start, end, SAMPLES)
        y = curve.function(x)
        if end in curve.jumps:
            y[-1] = y[-2]  # the curve comes up to its jump from the left
        pieces.append(tuple((float(across), float(up)) for across, up in zip(x, y, strict=True)))
    return pieces


def _axes(frame: Frame, formula: Node) -> list[Shape]:
    bottom, right = ABOVE + HEIGHT, LEFT + WIDTH
    shapes: list[Shape] = [
        Stroke(((LEFT, ABOVE), (LEFT, bottom), (right, bottom))),
        Label((LEFT + WIDTH / 2, bottom + BELOW - 5), Symbol("x"), TEXT_SIZE),
        Label((LEFT, ABOVE - 8), formula, TEXT_SIZE),
    ]
    if frame.bottom < 0 < frame.top:
        shapes.append(Stroke((frame.place(frame.left, 0), frame.place(frame.right, 0)), dash="dotted", width=0.7))
    shapes.append(Stroke((frame.place(0, frame.bottom), frame.place(0, frame.top)), dash="dotted", width=0.7))
    for x in _ticks(frame.left, frame.right, TICKS_ACROSS):
        across, _ = frame.place(x, 0)
        shapes.append(Stroke(((across, bottom), (across, bottom + TICK))))
        shapes.append(Label((across, bottom + TICK + 10), _tick_node(x), TEXT_SIZE))
    for y in _ticks(frame.bottom, frame.top, TICKS_UP):
        _, down = frame.place(0, y)
        shapes.append(Stroke(((LEFT - TICK, down), (LEFT, down))))
        shapes.append(Label((LEFT - TICK - 3, down + 4), _tick_node(y), TEXT_SIZE, "end"))
    return shapes


def _ticks(low: float, high: float, most: int) -> list[float]:
    step = round_step(high - low, most)
    return [round(count * step, 9) for count in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def _tick_node(value: float) -> Node:
    return number(exact(value), PLACES).node


def _tick_text(value: float) -> str:
    return characters_of(_tick_node(value))


def _coordinates(points: Sequence[Point], frame: Frame, drawn: Sequence[Sequence[Place]]) -> list[Shape] | None:
    """Return dots with their coordinates, which touch neither one another nor a line; ``None`` where none is free."""
    for backwards in (False, True):
        for first in (UPPER_LEFT, UPPER_RIGHT):
            shapes = _placed(points[::-1] if backwards else points, frame, drawn, first)
            if shapes is not None:
                return [*shapes, *(Disc(frame.place(point.x, point.y), DOT, ink=1.0) for point in points)]
    return None


def _placed(
    points: Sequence[Point], frame: Frame, drawn: Sequence[Sequence[Place]], first: float
) -> list[Shape] | None:
    """Place coordinates one after another, preferring the direction ``first``."""
    room = _room(points, frame, drawn)
    shapes: list[Shape] = []
    for point in points:
        place = frame.place(point.x, point.y)
        found = _free_rectangle(place, widest_of([point.written], TEXT_SIZE), room, first)
        if found is None:
            return None
        (left, top, right, bottom), leader = found
        room.take((left, top, right, bottom))
        if leader:
            room.take_line(leader)
            shapes.append(Stroke(leader, width=0.6))
        shapes.append(Label(((left + right) / 2, bottom - 3), point.written, TEXT_SIZE))
    return shapes


def _room(points: Sequence[Point], frame: Frame, drawn: Sequence[Sequence[Place]]) -> Room:
    """Return what the curve, its points and the lines through 0 leave free."""
    room = Room((LEFT + 2, ABOVE, LEFT + WIDTH + MARGIN, ABOVE + HEIGHT - 2))
    for piece in drawn:
        room.take_line(piece)
        room.take(_around(piece[-1]))
    if frame.bottom < 0 < frame.top:
        room.take_line((frame.place(frame.left, 0), frame.place(frame.right, 0)), faint=True)
    room.take_line((frame.place(0, frame.bottom), frame.place(0, frame.top)), faint=True)
    for point in points:
        room.take(_around(frame.place(point.x, point.y)))
    return room


def _around(place: Place) -> Rectangle:
    return place[0] - DOT - 1, place[1] - DOT - 1, place[0] + DOT + 1, place[1] + DOT + 1


def _free_rectangle(place: Place, width: float, room: Room, first: float) -> tuple[Rectangle, tuple[Place, ...]] | None:
    """Return a free rectangle for a label near a point, and the thin line that leads to it where it is not close."""
    for distance in DISTANCES:
        for turn in range(DIRECTIONS):
            angle = first + (turn + 1) // 2 * (-1) ** turn * 2 * pi / DIRECTIONS  # to either side in turn
            across, down = cos(angle), -sin(angle)
            x = place[0] + across * (distance + width / 2)
            y = place[1] + down * (distance + LETTER_HEIGHT / 2)
            rectangle = (x - width / 2, y - LETTER_HEIGHT / 2, x + width / 2, y + LETTER_HEIGHT / 2)
            if not room.is_free(rectangle):
                continue
            if distance <= LONGEST_WITHOUT_LINE:
                return rectangle, ()
            nearest = _within(place[0], rectangle[0], rectangle[2]), _within(place[1], rectangle[1], rectangle[3])
            if room.crosses_nothing_taken(place, nearest):
                return rectangle, (place, nearest)
    return None


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
