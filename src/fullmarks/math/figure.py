"""Drawings made of labelled cells, as data, and as SVG or characters."""

from html import escape

from msgspec import Struct

CELL = 24  # pixels, as everything here
GAP = 40
CAPTION = 30  # the room below the grids
CAPTION_LETTER = 5.6  # the width of an average letter of a caption


class Grid(Struct, frozen=True):
    """A matrix of short texts with a caption; ``shaded`` cells are the window or the entry being made."""

    caption: str
    cells: tuple[tuple[str, ...], ...]
    shaded: frozenset[tuple[int, int]] = frozenset()


class Figure(Struct, frozen=True):
    """Grids from left to right with signs between them, and what they show in words."""

    grids: tuple[Grid, ...]
    signs: tuple[str, ...]
    alt: str


def figure_svg(figure: Figure) -> str:
    """Return the figure as an SVG picture that reads in black and white."""
    parts: list[str] = []
    left = 4.0
    height = max(len(grid.cells) for grid in figure.grids) * CELL + CAPTION
    for place, grid in enumerate(figure.grids):
        width = _cell_width(grid) * len(grid.cells[0])
        room = max(width, CAPTION_LETTER * len(grid.caption))
        parts += _cells(grid, left + (room - width) / 2, (height - CAPTION - len(grid.cells) * CELL) / 2 + 2)
        parts.append(_label(left + room / 2, height - 6, grid.caption, 12))
        left += room
        if place < len(figure.signs):
            parts.append(_label(left + GAP / 2, (height - CAPTION) / 2 + 7, figure.signs[place], 16))
            left += GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + 4:g} {height:g}" width="{left + 4:g}" '
        f'height="{height:g}" font-family="Libertinus Serif, serif">{"".join(parts)}</svg>'
    )


def _cells(grid: Grid, left: float, top: float) -> list[str]:
    width = _cell_width(grid)
    drawn = []
    for row, cells in enumerate(grid.cells):
        for column, text in enumerate(cells):
            x, y = left + column * width, top + row * CELL
            fill = "#d0d0d0" if (row, column) in grid.shaded else "#ffffff"
            drawn.append(
                f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{CELL}" fill="{fill}" stroke="#000000" '
                f'stroke-width="0.7"/>{_label(x + width / 2, y + CELL / 2 + 4, text, 12)}'
            )
    return drawn


def _cell_width(grid: Grid) -> float:
    longest = max(len(cell) for row in grid.cells for cell in row)
    return max(CELL, 7.5 * longest + 8)


def _label(x: float, y: float, text: str, size: int) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="middle">{escape(text)}</text>'


def figure_characters(figure: Figure) -> str:
    """Return the figure as lines of characters; shaded cells stand in square brackets, captions below."""
    columns = [_grid_lines(grid) for grid in figure.grids]
    widths = [max(len(grid.caption), len(lines[0])) for grid, lines in zip(figure.grids, columns, strict=True)]
    height = max(len(lines) for lines in columns)
    rows = [
        _side_by_side(
            [_centred_row(lines, row, height).center(width) for lines, width in zip(columns, widths, strict=True)],
            figure.signs if row == height // 2 else ("",) * len(figure.signs),
        )
        for row in range(height)
    ]
    captions = [grid.caption.center(width) for grid, width in zip(figure.grids, widths, strict=True)]
    return "\n".join([*rows, _side_by_side(captions, ("",) * len(figure.signs))])


def _centred_row(lines: list[str], row: int, height: int) -> str:
    place = row - (height - len(lines)) // 2
    return lines[place] if 0 <= place < len(lines) else " " * len(lines[0])


def _side_by_side(pieces: list[str], signs: tuple[str, ...]) -> str:
    joined = pieces[0]
    for sign, piece in zip(signs, pieces[1:], strict=True):
        joined += f"  {sign or ' '}  {piece}"
    return joined.rstrip()


def _grid_lines(grid: Grid) -> list[str]:
    width = max(1, *(len(cell) for row in grid.cells for cell in row))
    return [
        "".join(
            f"[{cell.rjust(width)}]" if (row, column) in grid.shaded else f" {cell.rjust(width)} "
            for column, cell in enumerate(cells)
        )
        for row, cells in enumerate(grid.cells)
    ]
