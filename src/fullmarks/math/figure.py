"""Drawings made of labelled cells, as data, and as SVG or characters."""

from dataclasses import dataclass
from html import escape

CELL = 26  # pixels
GAP = 40


@dataclass(frozen=True)
class Grid:
    """A matrix of short texts with a caption; ``shaded`` cells are the window or the entry being made."""

    caption: str
    cells: tuple[tuple[str, ...], ...]
    shaded: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True)
class Figure:
    """Grids from left to right with signs between them, and what they show in words."""

    grids: tuple[Grid, ...]
    signs: tuple[str, ...]
    alt: str


def figure_svg(figure: Figure) -> str:
    """Return the figure as an SVG picture that reads in black and white."""
    parts: list[str] = []
    left = 4.0
    height = max(len(grid.cells) for grid in figure.grids) * CELL + 34
    for place, grid in enumerate(figure.grids):
        rows, columns = len(grid.cells), len(grid.cells[0])
        width = _cell_width(grid)
        top = (height - 26 - rows * CELL) / 2 + 2
        for row in range(rows):
            for column in range(columns):
                x, y = left + column * width, top + row * CELL
                fill = "#d0d0d0" if (row, column) in grid.shaded else "#ffffff"
                parts.append(
                    f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{CELL}" fill="{fill}" stroke="#000000" '
                    f'stroke-width="0.7"/>' + _label(x + width / 2, y + CELL / 2 + 4, grid.cells[row][column], 12)
                )
        parts.append(_label(left + columns * width / 2, height - 6, grid.caption, 12))
        left += columns * width
        if place < len(figure.signs):
            parts.append(_label(left + GAP / 2, (height - 26) / 2 + 7, figure.signs[place], 16))
            left += GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + 4:g} {height:g}" width="{left + 4:g}" '
        f'height="{height:g}" font-family="Libertinus Serif, serif">{"".join(parts)}</svg>'
    )


def _cell_width(grid: Grid) -> float:
    longest = max(len(cell) for row in grid.cells for cell in row)
    return max(CELL, 7.5 * longest + 8)


def _label(x: float, y: float, text: str, size: int) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="middle">{escape(text)}</text>'


def figure_characters(figure: Figure) -> str:
    """Return the figure as lines of characters; shaded cells stand in square brackets."""
    blocks = [_grid_lines(grid) for grid in figure.grids]
    height = max(len(block) for block in blocks)
    rows = [""] * height
    for place, block in enumerate(blocks):
        width = max(len(line) for line in block)
        top = (height - len(block)) // 2
        sign = figure.signs[place] if place < len(figure.signs) else ""
        for row in range(height):
            line = block[row - top] if 0 <= row - top < len(block) else ""
            middle = f"  {sign}  " if sign and row == height // 2 else "     " if sign else ""
            rows[row] += line.ljust(width) + middle
    return "\n".join(row.rstrip() for row in rows)


def _grid_lines(grid: Grid) -> list[str]:
    width = max(len(cell) for row in grid.cells for cell in row)
    lines = [
        "".join(
            f"[{cell.rjust(width)}]" if (row, column) in grid.shaded else f" {cell.rjust(width)} "
            for column, cell in enumerate(cells)
        )
        for row, cells in enumerate(grid.cells)
    ]
    return [*lines, grid.caption.center(len(lines[0])).rstrip()]
