"""Drawings as data: the shapes that a figure is made of, in pixels from the upper left corner.

``svg`` and ``tikz`` beside this module write them; ``grids``, ``curves`` and ``wiring`` make what lectures draw.
"""

from typing import Literal

from msgspec import Struct

from fullmarks.math.notation import Node

Place = tuple[float, float]
Dash = Literal["solid", "dashed", "dotted"]


class Box(Struct, frozen=True):
    """A rectangle around ``centre``; ``ink`` is how dark it is, from 0 (white) to 1 (black)."""

    centre: Place
    width: float
    height: float
    ink: float = 0.0
    rounded: bool = False
    dash: Dash = "solid"


class Disc(Struct, frozen=True):
    """A circle, white inside unless it has ``ink``."""

    centre: Place
    radius: float
    ink: float = 0.0


class Stroke(Struct, frozen=True):
    """A line through ``points``, perhaps with an arrow head at its end."""

    points: tuple[Place, ...]
    arrow: bool = False
    dash: Dash = "solid"
    width: float = 1.0


class Label(Struct, frozen=True):
    """A short formula or words; ``place`` is on its base line, at its middle, start or end."""

    place: Place
    text: Node
    size: float = 12.0
    anchor: Literal["middle", "start", "end"] = "middle"


Shape = Box | Disc | Stroke | Label


class Figure(Struct, frozen=True):
    """Shapes, drawn in order, what they show in words, and a picture in characters for terminals, or nothing."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    alt: str
    characters: str = ""
