"""Pictures made of characters, and how they are put beside, above and inside one another."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, Literal

from msgspec import Struct

Alignment = Literal["left", "centre", "right"]

# Single bracket, then top, stretch, middle and bottom of a tall one.
TALL: Final[dict[str, tuple[str, str, str, str]]] = {
    "(": ("⎛", "⎜", "⎜", "⎝"), ")": ("⎞", "⎟", "⎟", "⎠"), "[": ("⎡", "⎢", "⎢", "⎣"), "]": ("⎤", "⎥", "⎥", "⎦"),
    "{": ("⎧", "⎪", "⎨", "⎩"), "}": ("⎫", "⎪", "⎬", "⎭"), "|": ("│", "│", "│", "│"), "‖": ("‖", "‖", "‖", "‖"),
    "⌈": ("⎡", "⎢", "⎢", "⎢"), "⌉": ("⎤", "⎥", "⎥", "⎥"), "⌊": ("⎢", "⎢", "⎢", "⎣"), "⌋": ("⎥", "⎥", "⎥", "⎦"),
    "": ("", "", "", ""),
}  # fmt: skip


class Drawing(Struct, frozen=True):
    """Lines of equal width, the index of the line on which neighbours stand, and that width."""

    lines: tuple[str, ...]
    baseline: int
    width: int  # in columns of a terminal

    @property
    def height(self) -> int:
        """How many lines the drawing covers."""
        return len(self.lines)


def columns_of(line: str) -> int:
    """Return how many columns of a terminal a line covers: two for wide letters, none for combining marks."""
    return len(line) if line.isascii() else sum(map(_columns_of_character, line))


@lru_cache(maxsize=4096)
def _columns_of_character(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def padded(line: str, width: int, align: Alignment = "left") -> str:
    """Return a line with blanks up to ``width`` columns."""
    missing = max(width - columns_of(line), 0)
    before = {"left": 0, "centre": missing // 2, "right": missing}[align]
    return " " * before + line + " " * (missing - before)


def one_line(text: str) -> Drawing:
    """Return a drawing of one line."""
    return Drawing((text,), 0, columns_of(text))


def beside(drawings: Sequence[Drawing]) -> Drawing:
    """Return drawings side by side on one baseline."""
    if len(drawings) == 1:
        return drawings[0]
    if all(len(drawing.lines) == 1 for drawing in drawings):
        text = "".join(drawing.lines[0] for drawing in drawings)
        return Drawing((text,), 0, sum(drawing.width for drawing in drawings))
    above = max(drawing.baseline for drawing in drawings)
    below = max(drawing.height - drawing.baseline for drawing in drawings)
    columns = []
    for drawing in drawings:
        blank = " " * drawing.width
        before = [blank] * (above - drawing.baseline)
        after = [blank] * (below - drawing.height + drawing.baseline)
        columns.append([*before, *drawing.lines, *after])
    width = sum(drawing.width for drawing in drawings)
    return Drawing(tuple("".join(pieces) for pieces in zip(*columns, strict=True)), above, width)


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
    return Drawing(tuple(lines), baseline, width)


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
            pieces.append(Drawing(lines, cell.baseline, width))
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
    return Drawing(tuple(lines), baseline, columns_of(top))


def fenced(left: str, body: Drawing, right: str) -> Drawing:
    """Return a drawing between brackets as tall as it is."""
    left_side, right_side = (bracket(symbol, body.height, body.baseline) for symbol in (left, right))
    return beside([left_side, body, right_side])
