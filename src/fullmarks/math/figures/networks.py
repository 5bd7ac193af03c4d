"""Networks as boxes in reading order: each says what its layer is, and below it the size that leaves it."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from fullmarks.math.figures import Box, Figure, Label, Place, Shape, Stroke
from fullmarks.math.figures.runs import TEXT_SIZE, WIDEST, widest_of
from fullmarks.math.figures.wiring import BESIDE, DISC, LINE_HEIGHT, MARGIN, arrow, branch, plus_sign
from fullmarks.math.figures.words import listed
from fullmarks.math.notation import Text

GAP: Final = 22.0  # between boxes, for an arrow
NARROWEST: Final = 44.0
PADDING: Final = 14.0  # left and right of a box's words together
OVERHEAD: Final = 8.0  # above and below a box's words together
BELOW: Final = 20.0  # a box, for the size
LANE: Final = 14.0  # for a wire between rows, or above them
LETTERS: Final = 4.0  # from the middle of a line of words to its base line


class Stage(Struct, frozen=True):
    """A box with lines of words, the size of its output, and how many like it follow one another."""

    lines: tuple[str, ...]
    size: str
    count: int = 1


class Bypass(Struct, frozen=True):
    """Stages with a shortcut beside them, perhaps with stages of its own, and the size of the sum of both."""

    body: tuple[Stage, ...]
    shortcut: tuple[Stage, ...]
    size: str


Part = Stage | Bypass


def network_in_boxes(input_size: str, parts: Sequence[Part]) -> Figure | None:
    """Return the network from left to right, row below row; ``None`` where a part is wider than a row."""
    if any(_width(part) > WIDEST - 2 * (MARGIN + GAP) for part in parts):
        return None
    start = widest_of((Text(input_size),), TEXT_SIZE)
    rows: list[list[Part]] = [[]]
    right = [MARGIN + start + BESIDE]
    for part in parts:
        if right[-1] + GAP + _width(part) > WIDEST - MARGIN - GAP:
            rows.append([])
            right.append(MARGIN)
        rows[-1].append(part)
        right[-1] += GAP + _width(part)
    shapes: list[Shape] = []
    top = MARGIN
    last: Place | None = None
    for place, row in enumerate(rows):
        height = max(_height(part) for part in row)
        middle = top + max(_above(part) for part in row) + height / 2
        if last is None:
            shapes.append(Label((MARGIN, middle + LETTERS), Text(input_size), TEXT_SIZE, "start"))
            end = (MARGIN + start + BESIDE, middle)
        else:
            turn, lane, down = last[0] + GAP / 2, top - LANE / 2, MARGIN
            way = ((turn, last[1]), (turn, lane), (down, lane), (down, middle))
            shapes.append(Stroke((last, *way)))
            end = (MARGIN, middle)
        for part in row:
            drawn, end = _drawn(part, end)
            shapes += drawn
        last = end
        top = middle + height / 2 + BELOW + (LANE if place < len(rows) - 1 else 0)
    return Figure(max(right) + GAP + MARGIN, top + MARGIN, tuple(shapes), _alt(input_size, parts))


def _printed(stage: Stage) -> tuple[str, ...]:
    return stage.lines if stage.count == 1 else (*stage.lines, f"× {stage.count}")


def _stage_width(stage: Stage) -> float:
    words = [Text(line) for line in _printed(stage)]
    return max(NARROWEST, widest_of(words, TEXT_SIZE) + PADDING, widest_of([Text(stage.size)], TEXT_SIZE))


def _stage_height(stages: Sequence[Stage]) -> float:
    return max(len(_printed(stage)) for stage in stages) * LINE_HEIGHT + OVERHEAD


def _chain_width(stages: Sequence[Stage]) -> float:
    return sum(_stage_width(stage) for stage in stages) + GAP * (len(stages) - 1)


def _sum_width(part: Bypass) -> float:
    return max(2 * DISC, widest_of([Text(part.size)], TEXT_SIZE))


def _width(part: Part) -> float:
    """Return how wide a part is without the arrow that leads to it."""
    if isinstance(part, Stage):
        return _stage_width(part)
    beside = _chain_width(part.shortcut) + 2 * GAP - DISC if part.shortcut else 0.0
    return max(_chain_width(part.body), beside) + GAP + _sum_width(part)


def _height(part: Part) -> float:
    return _stage_height([part] if isinstance(part, Stage) else part.body)


def _above(part: Part) -> float:
    """Return the room that a part needs above its boxes."""
    if isinstance(part, Stage):
        return 0.0
    return _stage_height(part.shortcut) + BELOW if part.shortcut else LANE


def _drawn(part: Part, start: Place) -> tuple[list[Shape], Place]:
    """Draw a part behind ``start`` and return it with the place where it ends."""
    if isinstance(part, Stage):
        return _chain([part], start)
    shapes: list[Shape] = []
    forks, level = start[0] + GAP / 3, start[1]
    body, end = _chain(part.body, start)
    across = start[0] + GAP + _width(part) - _sum_width(part) / 2
    shapes += [*body, branch((forks, level)), arrow(end, (across - DISC, level))]
    shapes += plus_sign((across, level))
    shapes.append(_size(part.size, (across, level + _height(part) / 2)))
    top = level - _height(part) / 2
    if part.shortcut:
        lane = top - BELOW - _stage_height(part.shortcut) / 2
        beside, joins = _chain(part.shortcut, (forks, lane))
        shapes += [Stroke(((forks, level), (forks, lane))), *beside]
        shapes.append(arrow(joins, (across, lane), (across, level - DISC)))
    else:
        lane = top - LANE / 2
        shapes.append(arrow((forks, level), (forks, lane), (across, lane), (across, level - DISC)))
    return shapes, (across + DISC, level)


def _chain(stages: Sequence[Stage], start: Place) -> tuple[list[Shape], Place]:
    shapes: list[Shape] = []
    left, level = start
    height = _stage_height(stages)
    for stage in stages:
        width = _stage_width(stage)
        middle = left + GAP + width / 2
        shapes += [arrow((left, level), (left + GAP, level)), Box((middle, level), width, height, rounded=True)]
        first = level - (len(_printed(stage)) - 1) * LINE_HEIGHT / 2 + LETTERS
        shapes += [
            Label((middle, first + number * LINE_HEIGHT), Text(line), TEXT_SIZE)
            for number, line in enumerate(_printed(stage))
        ]
        shapes.append(_size(stage.size, (middle, level + height / 2)))
        left += GAP + width
    return shapes, (left, level)


def _size(size: str, edge: Place) -> Label:
    return Label((edge[0], edge[1] + LINE_HEIGHT), Text(size), TEXT_SIZE)


def _alt(input_size: str, parts: Sequence[Part]) -> str:
    told = [f"Network as a row of boxes with the size of each output. Input: {input_size}."]
    for part in parts:
        if isinstance(part, Stage):
            told.append(f"{_said(part)}.")
            continue
        shortcut = f" through {listed([_said(stage) for stage in part.shortcut])}" if part.shortcut else ""
        body = listed([_said(stage) for stage in part.body]) if part.body else "nothing"
        told.append(f"Residual block: {body}; beside them a shortcut{shortcut}; their sum: {part.size}.")
    return " ".join(told)


def _said(stage: Stage) -> str:
    times = "" if stage.count == 1 else f"{stage.count} times "
    return f"{times}{' '.join(stage.lines)}: {stage.size}"
