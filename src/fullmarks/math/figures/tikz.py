"""A figure as a TikZ picture, for LaTeX."""

from typing import Final, assert_never

from fullmarks.math.figures import Box, Disc, Figure, Label, Place, Shape, Stroke
from fullmarks.math.figures.svg import arrow_head
from fullmarks.math.notation.latex import latex

ANCHORS: Final = {"middle": "base", "start": "base west", "end": "base east"}
POINTS: Final = 0.75  # big points in a pixel


def figure_tikz(figure: Figure) -> str:
    """Return the figure as a ``tikzpicture``; it needs the package ``tikz`` and nothing else."""
    lines = [
        rf"\begin{{tikzpicture}}[x={POINTS}bp,y=-{POINTS}bp,line width=0.5bp]",
        rf"\path (0,0) rectangle ({figure.width:g},{figure.height:g});",
        *(_shape(shape) for shape in figure.shapes),
        r"\end{tikzpicture}",
    ]
    return "\n".join(lines)


def _shape(shape: Shape) -> str:
    match shape:
        case Box((x, y), width, height, ink, rounded, dash):
            style = f"draw,fill=black!{round(100 * ink)}!white,{dash}{',rounded corners=4bp' if rounded else ''}"
            low, high = (x - width / 2, y - height / 2), (x + width / 2, y + height / 2)
            return rf"\path[{style}] {_at(low)} rectangle {_at(high)};"
        case Disc(centre, radius, ink):
            return (
                rf"\path[draw,fill=black!{round(100 * ink)}!white] {_at(centre)} circle[radius={radius * POINTS:g}bp];"
            )
        case Stroke():
            return _stroke(shape)
        case Label(place, text, size, anchor):
            points = size * POINTS
            font = rf"\fontsize{{{points:g}}}{{{points * 1.2:g}}}\selectfont"
            return rf"\node[anchor={ANCHORS[anchor]},inner sep=0pt,font={font}] at {_at(place)} {{${latex(text)}$}};"
        case _:
            assert_never(shape)


def _stroke(stroke: Stroke) -> str:
    points, head = stroke.points, ""
    if stroke.arrow:
        tip, left, right, neck = arrow_head(stroke.points[-2], stroke.points[-1])
        points = (*stroke.points[:-1], neck)
        head = rf"\fill {_at(tip)} -- {_at(left)} -- {_at(right)} -- cycle;"
    path = " -- ".join(_at(point) for point in points)
    return rf"\draw[{stroke.dash},line width={stroke.width * POINTS:g}bp] {path};{head}"


def _at(point: Place) -> str:
    return f"({round(point[0], 2):g},{round(point[1], 2):g})"
