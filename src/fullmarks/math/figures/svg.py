"""A figure as an SVG picture that reads in black and white."""

from html import escape
from math import hypot
from typing import Final, assert_never

from fullmarks.math.figures import Box, Dash, Disc, Figure, Label, Place, Shape, Stroke
from fullmarks.math.figures.runs import SCRIPT_SIZE, Run, runs

HEAD_LENGTH: Final = 7.0
HEAD_WIDTH: Final = 5.0
DASHES: Final[dict[Dash, str]] = {
    "solid": "",
    "dashed": ' stroke-dasharray="6 3"',
    "dotted": ' stroke-dasharray="1.5 2.5"',
}
STYLES: Final = {"italic": ' font-style="italic"', "bold": ' font-weight="bold"', "upright": ""}


def figure_svg(figure: Figure) -> str:
    """Return the figure as SVG; its letters are text, so that they scale and can be found."""
    size = f"{figure.width:g}", f"{figure.height:g}"
    shapes = "".join(_shape(shape) for shape in figure.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}" '
        f'height="{size[1]}" font-family="Libertinus Serif, serif">{shapes}</svg>'
    )


def figure_file(figure: Figure) -> str:
    """Return the figure as an SVG file, on white also where the page that shows it is dark."""
    head, closing, rest = figure_svg(figure).partition(">")
    return f'{head}{closing}<rect width="100%" height="100%" fill="#ffffff"/>{rest}\n'


def _shape(shape: Shape) -> str:
    match shape:
        case Box((x, y), width, height, ink, rounded, dash):
            corner = ' rx="6"' if rounded else ""
            return (
                f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width:g}" height="{height:g}"{corner} '
                f'fill="{_grey(ink)}" stroke="#000000" stroke-width="0.7"{DASHES[dash]}/>'
            )
        case Disc((x, y), radius, ink):
            return (
                f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{_grey(ink)}" stroke="#000000" '
                'stroke-width="0.7"/>'
            )
        case Stroke():
            return _stroke(shape)
        case Label((x, y), text, size, anchor):
            spans = _spans(runs(text), size)
            return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}">{spans}</text>'
        case _:
            assert_never(shape)


def _grey(ink: float) -> str:
    level = round(255 * (1 - ink))
    return f"#{level:02x}{level:02x}{level:02x}"


def _stroke(stroke: Stroke) -> str:
    """Draw a line; the head is a path of its own, since markers clash where several pictures share a page."""
    points, head = stroke.points, ""
    if stroke.arrow:
        tip, left, right, neck = arrow_head(stroke.points[-2], stroke.points[-1])
        points = (*stroke.points[:-1], neck)
        head = f'<path d="M{_at(tip)} L{_at(left)} L{_at(right)} Z" fill="#000000"/>'
    path = " L".join(_at(point) for point in points)
    return (
        f'<path d="M{path}" fill="none" stroke="#000000" stroke-width="{stroke.width:g}"{DASHES[stroke.dash]}/>{head}'
    )


def arrow_head(before: Place, tip: Place) -> tuple[Place, Place, Place, Place]:
    """Return the tip of an arrow, its two barbs, and where its shaft ends."""
    length = hypot(tip[0] - before[0], tip[1] - before[1]) or 1.0
    along = ((tip[0] - before[0]) / length, (tip[1] - before[1]) / length)
    neck = (tip[0] - HEAD_LENGTH * along[0], tip[1] - HEAD_LENGTH * along[1])
    aside = (-along[1] * HEAD_WIDTH / 2, along[0] * HEAD_WIDTH / 2)
    return tip, (neck[0] + aside[0], neck[1] + aside[1]), (neck[0] - aside[0], neck[1] - aside[1]), neck


def _at(point: Place) -> str:
    return f"{round(point[0], 2):g} {round(point[1], 2):g}"


def _spans(parts: tuple[Run, ...], size: float) -> str:
    """Write runs of text; a script is smaller and moved from the line, and what follows it moves back."""
    written, level = [], 0
    for run in parts:
        style, letters = STYLES[run.style], escape(run.letters)
        if run.level == level == 0:
            written.append(f"<tspan{style}>{letters}</tspan>" if style else letters)
            continue
        small = f' font-size="{size * SCRIPT_SIZE:g}"' if run.level else ""
        move = (level - run.level) * size * 0.3
        written.append(f'<tspan dy="{move:g}"{small}{style}>{letters}</tspan>')
        level = run.level
    return "".join(written)
