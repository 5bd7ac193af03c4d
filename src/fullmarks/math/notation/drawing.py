"""Pictures made of characters, and how they are put beside, above and inside one another."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Alignment = Literal["left", "centre", "right"]

# Single bracket, then top, stretch, middle and bottom of a tall one.
TALL: Final[dict[str, tuple[str, str, str, str]]] = {
    "(": ("⎛", "⎜", "⎜", "⎝"), ")": ("⎞", "⎟", "⎟", "⎠"), "[": ("⎡", "⎢", "⎢", "⎣"), "]": ("⎤", "⎥", "⎥", "⎦"),
    "{": ("⎧", "⎪", "⎨", "⎩"), "}": ("⎫", "⎪", "⎬", "⎭"), "|": ("│", "│", "│", "│"), "‖": ("‖", "‖", "‖", "‖"),
    "⌈": ("⎡", "⎢", "⎢", "⎢"), "⌉": ("⎤", "⎥", "⎥", "⎥"), "⌊": ("⎢", "⎢", "⎢", "⎣"), "⌋": ("⎥", "⎥", "⎥", "⎦"),
    "": ("", "", "", ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines of equal width, and the index of the line on which neighbours stand."""

    lines: tuple[str, ...]
    baseline: int

    @property
    def width(self) -> int:
        """How many columns of a terminal the drawing covers."""
        return columns_of(self.lines[0])

    @property
    def height(self) -> int:
        """How many lines the drawing covers."""
        return len(self.lines)


def columns_of(line: str) -> int:
    """Return how many columns of a terminal a line covers: two for wide letters, none for combining marks."""
    columns = 0
    for character in line:
        if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
            continue
        columns += 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
    return columns


def padded(line: str, width: int, align: Alignment = "left") -> str:
    """Return a line with blanks up to ``width`` columns."""
    missing = max(width - columns_of(line), 0)
    before = {"left": 0, "centre": missing // 2, "right": missing}[align]
    return " " * before + line + " " * (missing - before)


def one_line(text: str) -> Drawing:
    """Return a drawing of one line."""
    return Drawing((text,), 0)


def beside(drawings: Sequence[Drawing]) -> Drawing:
    """Return drawings side by side on one baseline."""
    if not drawings:
        return one_line("")
    above = max(drawing.baseline for drawing in drawings)
    below = max(drawing.height - drawing.baseline for drawing in drawings)
    columns = []
    for drawing in drawings:
        blank = " " * drawing.width
        before = [blank] * (above - drawing.baseline)
        after = [blank] * (below - drawing.height + drawing.baseline)
        columns.append([*before, *drawing.lines, *after])
    return Drawing(tuple("".join(pieces) for pieces in zip(*columns, strict=True)), above)


def stacked(drawings: Sequence[Drawing], on: int = 0, align: Alignment = "centre", *, airy: bool = False) -> Drawing:
    """Return drawings one below another, on the baseline of number ``on``; ``airy`` parts tall neighbours by a line."""
    width = max(drawing.width for drawing in drawings)
    lines: list[str] = []
    baseline = 0
    for number, drawing in enumerate(drawings):
        if airy and number and max(drawing.height, drawings[number - 1].height) > 1:
            lines.append(" " * width)
        if number == on:
            baseline = len(lines) + drawing.baseline
        lines.extend(padded(line, width, align) for line in drawing.lines)
    return Drawing(tuple(lines), baseline)


def in_columns(rows: Sequence[Sequence[Drawing]], alignments: Iterable[Alignment], gap: int) -> list[Drawing]:
    """Return each row of cells as one drawing, its cells as wide as their columns."""
    sides = list(alignments)
    widths = [max((row[column].width for row in rows if column < len(row)), default=0) for column in range(len(sides))]
    drawn = []
    for row in rows:
        pieces: list[Drawing] = []
        for column, (width, side) in enumerate(zip(widths, sides, strict=True)):
            cell = row[column] if column < len(row) else one_line("")
            lines = tuple(padded(line, width, side) for line in cell.lines)
            pieces.extend([one_line(" " * gap)] if column else [])
            pieces.append(Drawing(lines, cell.baseline))
        drawn.append(beside(pieces))
    return drawn


def bracket(symbol: str, height: int, baseline: int) -> Drawing:
    """Return a bracket of some height; a brace has its point in the middle, so three lines are its least."""
    if height == 1:
        return one_line(symbol)
    top, stretch, middle, bottom = TALL[symbol]
    lines = [top, *[stretch] * (height - 2), bottom]
    if height > 2:  # noqa: PLR2004  # two lines have no middle
        lines[height // 2] = middle
    return Drawing(tuple(lines), baseline)


def fenced(left: str, body: Drawing, right: str) -> Drawing:
    """Return a drawing between brackets as tall as it is."""
    left_side, right_side = (bracket(symbol, body.height, body.baseline) for symbol in (left, right))
    return beside([left_side, body, right_side])
