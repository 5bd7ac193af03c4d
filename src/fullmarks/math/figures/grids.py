"""Figures of matrices: cells with a window or an entry shaded, or as a heat map, from left to right with signs."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from fullmarks.math.figures import Box, Figure, Label, Shape, Stroke
from fullmarks.math.figures.runs import widest_of, width_of
from fullmarks.math.notation import Node, Text
from fullmarks.math.notation.terminal import text as characters_of

CELL: Final = 24.0  # pixels, as everything here
GAP: Final = 40.0
CAPTION: Final = 30.0  # the room below the grids
TEXT_SIZE: Final = 12.0
SIGN_SIZE: Final = 16.0
MARGIN: Final = 4.0
SHADED: Final = 0.18  # ink of a shaded cell
CELL_PADDING: Final = 10.0
BORDER: Final = 2.4  # the width of a line between blocks


class Grid(Struct, frozen=True):
    """A matrix of short texts with a caption.

    ``shaded`` cells are the window or the entry being made; ``ink`` (0 to 1 a cell) makes it a heat map. Labels
    stand left of the rows and above the columns. Thick lines part it into ``blocks`` of so many rows and columns.
    """

    caption: str
    cells: tuple[tuple[str, ...], ...]
    shaded: frozenset[tuple[int, int]] = frozenset()
    ink: tuple[tuple[float, ...], ...] = ()
    row_labels: tuple[Node, ...] = ()
    column_labels: tuple[Node, ...] = ()
    blocks: tuple[int, int] | None = None


def grids(shown: Sequence[Grid], signs: Sequence[str], alt: str) -> Figure:
    """Return the figure of grids from left to right, with a sign between each two of them."""
    shapes: list[Shape] = []
    left = MARGIN
    above = max(_room_above(grid) for grid in shown)
    tallest = max(len(grid.cells) for grid in shown) * CELL
    middle = above + tallest / 2 + MARGIN / 2
    height = above + tallest + CAPTION
    for place, grid in enumerate(shown):
        labels, width = _room_left(grid), _cell_width(grid) * len(grid.cells[0])
        room = max(labels + width, widest_of((Text(grid.caption),), TEXT_SIZE))
        start = left + (room - labels - width) / 2 + labels
        shapes += _cells(grid, start, middle - len(grid.cells) * CELL / 2)
        shapes.append(Label((left + room / 2, height - 6), Text(grid.caption), TEXT_SIZE))
        left += room
        if place < len(signs):
            if signs[place]:
                shapes.append(Label((left + GAP / 2, middle + 5), Text(signs[place]), SIGN_SIZE))
            left += GAP
    return Figure(left + MARGIN, height, tuple(shapes), alt, grid_characters(shown, signs))


def _room_above(grid: Grid) -> float:
    return CELL * 0.8 if grid.column_labels else 0.0


def _room_left(grid: Grid) -> float:
    return max((width_of(label, TEXT_SIZE) for label in grid.row_labels), default=-6.0) + 6.0


def _cell_width(grid: Grid) -> float:
    texts = [Text(cell) for row in grid.cells for cell in row]
    return max(CELL, *(width_of(label, TEXT_SIZE) + CELL_PADDING for label in (*texts, *grid.column_labels)))


def _cells(grid: Grid, left: float, top: float) -> list[Shape]:
    width = _cell_width(grid)
    drawn: list[Shape] = []
    for row, cells in enumerate(grid.cells):
        for column, text in enumerate(cells):
            x, y = left + (column + 0.5) * width, top + (row + 0.5) * CELL
            ink = grid.ink[row][column] if grid.ink else SHADED * ((row, column) in grid.shaded)
            drawn.append(Box((x, y), width, CELL, ink))
            if text.strip():
                drawn.append(Label((x, y + 4), Text(text), TEXT_SIZE))
    for row, label in enumerate(grid.row_labels):
        drawn.append(Label((left - 6, top + (row + 0.5) * CELL + 4), label, TEXT_SIZE, "end"))
    for column, label in enumerate(grid.column_labels):
        drawn.append(Label((left + (column + 0.5) * width, top - 6), label, TEXT_SIZE))
    return drawn + _borders(grid, left, top)


def _borders(grid: Grid, left: float, top: float) -> list[Shape]:
    """Draw the lines around the blocks of a grid."""
    if grid.blocks is None:
        return []
    rows, columns, width = len(grid.cells), len(grid.cells[0]), _cell_width(grid)
    right, bottom = left + columns * width, top + rows * CELL
    across = [left + column * width for column in range(0, columns + 1, grid.blocks[1])]
    down = [top + row * CELL for row in range(0, rows + 1, grid.blocks[0])]
    return [
        *(Stroke(((x, top - BORDER / 2), (x, bottom + BORDER / 2)), width=BORDER) for x in across),
        *(Stroke(((left - BORDER / 2, y), (right + BORDER / 2, y)), width=BORDER) for y in down),
    ]


def grid_characters(shown: Sequence[Grid], signs: Sequence[str]) -> str:
    """Return grids as lines of characters; shaded cells stand in square brackets, captions below."""
    pictures = [_grid_lines(grid) for grid in shown]
    widths = [max(len(grid.caption), len(lines[0])) for grid, lines in zip(shown, pictures, strict=True)]
    height = max(len(lines) for lines in pictures)
    blank = ("",) * len(signs)
    rows = [
        _side_by_side(
            [_centred_row(lines, row, height).center(width) for lines, width in zip(pictures, widths, strict=True)],
            tuple(signs) if row == height // 2 else blank,
        )
        for row in range(height)
    ]
    captions = [grid.caption.center(width) for grid, width in zip(shown, widths, strict=True)]
    return "\n".join([*rows, _side_by_side(captions, blank)])


def _centred_row(lines: list[str], row: int, height: int) -> str:
    place = row - (height - len(lines)) // 2
    return lines[place] if 0 <= place < len(lines) else " " * len(lines[0])


def _side_by_side(pieces: list[str], signs: tuple[str, ...]) -> str:
    joined = pieces[0]
    for sign, piece in zip(signs, pieces[1:], strict=True):
        joined += f"  {sign or ' '}  {piece}"
    return joined.rstrip()


def _grid_lines(grid: Grid) -> list[str]:
    heads = [characters_of(label) for label in grid.column_labels]
    names = [characters_of(label) for label in grid.row_labels] or [""] * len(grid.cells)
    width = max(1, *(len(text) for text in (*heads, *(cell for row in grid.cells for cell in row))))
    margin = max(len(name) for name in names)
    lines = [" " * margin + "".join(f" {head.rjust(width)} " for head in heads)] if heads else []
    for row, cells in enumerate(grid.cells):
        shown = [
            f"[{cell.rjust(width)}]" if (row, column) in grid.shaded else f" {cell.rjust(width)} "
            for column, cell in enumerate(cells)
        ]
        lines.append(names[row].rjust(margin) + "".join(shown))
    return _parted(lines, grid.blocks, width + 2) if grid.blocks else lines


def _parted(lines: list[str], blocks: tuple[int, int], cell: int) -> list[str]:
    """Put rules between the blocks of a grid without labels, whose cells are so many characters wide."""
    block = cell * blocks[1]
    ruled = ["│".join(line[start : start + block] for start in range(0, len(line), block)) for line in lines]
    rule = "┼".join("─" * block for _ in range(0, len(lines[0]), block))
    parted: list[str] = []
    for row, line in enumerate(ruled):
        parted += [rule, line] if row and row % blocks[0] == 0 else [line]
    return parted
