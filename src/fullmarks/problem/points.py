"""Marking points in a problem's own words: what a candidate's explanation must say, and what each is worth."""

from collections.abc import Sequence
from typing import Any

from fullmarks.errors import FullmarksError
from fullmarks.problem.model import OwnPoint
from fullmarks.problem.schema import PartTable, PointTable, converted
from fullmarks.problem.values import kind_of

MOST_MARKS = 1000  # of a part, or a point


def read_points(table: PartTable, here: str) -> tuple[OwnPoint, ...]:
    """Return the points of a part, in order; ``here`` begins every message.

    Raises ``FullmarksError`` where one is no sentence, or where nothing would ask the candidate for them.
    """
    if table.points is None:
        if table.needed is not None:
            raise FullmarksError(f'{here}: needed: counts points, and there are none; expected points = ["…"]')
        return ()
    if not table.points:
        raise FullmarksError(f'{here}: points: is empty; expected points = ["…"]')
    if table.discuss is not None:
        raise FullmarksError(f"{here}: has points and discuss; put one of them into a part of its own")
    if not (table.ask or "").strip():
        raise FullmarksError(f'{here}: points: nothing asks for them; expected ask = "…"')
    points = tuple(_read_point(item, f"{here}: points: entry {place}") for place, item in enumerate(table.points, 1))
    _check_needed(table.needed, points, f"{here}: needed")
    return points


def _read_point(item: Any, here: str) -> OwnPoint:
    if not isinstance(item, str | dict):
        raise FullmarksError(f'{here}: is {kind_of(item)}; expected text or {{ words = "…", worth = 2 }}')
    read = PointTable(item) if isinstance(item, str) else converted(item, PointTable, here)
    if not read.words.strip():
        raise FullmarksError(f"{here}: is empty; expected a sentence that earns a mark")
    if not 1 <= read.worth <= MOST_MARKS:
        raise FullmarksError(f"{here}: worth: is {read.worth}; expected a whole number from 1 to {MOST_MARKS}")
    return OwnPoint(read.words, read.worth)


def _check_needed(needed: int | None, points: Sequence[OwnPoint], here: str) -> None:
    if needed is not None and not 1 <= needed <= len(points):
        raise FullmarksError(
            f"{here}: is {needed}; expected a whole number from 1 to {len(points)}, the count of points"
        )
