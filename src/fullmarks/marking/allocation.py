"""Sharing out a part's marks over the lines of its working and the points of its discussion."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fullmarks.math.marks import Mark
from fullmarks.operators._operator import Point
from fullmarks.solution.lines import Line
from fullmarks.solution.solve import PartSolution, Solution

if TYPE_CHECKING:
    from fullmarks.marking.accepted import Accepted
    from fullmarks.marking.wrong_answers import WrongAnswer


class MarkedLine(Struct, frozen=True):
    """A line of working with the marks it earns here; a mark that got nothing is left out."""

    line: Line
    marks: tuple[Mark, ...]  # worth is what the mark is worth in this part


class MarkedPoint(Struct, frozen=True):
    """A point of a discussion and what it earns here."""

    point: Point
    marks: int


class MarkedPart(Struct, frozen=True):
    """A part with its marks shared out. Of a discussion, ``discussion_marks`` are reached by any ``needed`` points."""

    solved: PartSolution
    marks: int
    lines: tuple[MarkedLine, ...]
    points: tuple[MarkedPoint, ...]
    needed: int
    discussion_marks: int


class MarkedSolution(Struct, frozen=True):
    """A solution with every part's marks."""

    solution: Solution
    parts: tuple[MarkedPart, ...]
    # What is worked out once, for whoever asks first, by the functions `wrong_answers` and `accepted_range`.
    wrong_answers: "list[list[WrongAnswer]]" = field(default_factory=list)
    ranges: "dict[str, Accepted]" = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The marks of all parts together."""
        return sum(part.marks for part in self.parts)


def share(total: int, weights: Sequence[int], rank_in_ties: Sequence[int] | None = None) -> list[int]:
    """Share ``total`` out in whole marks in proportion to ``weights`` by largest remainder.

    Of equal remainders those of the higher ``rank_in_ties`` go first, then those in front. No weights share nothing.
    """
    everything = sum(weights)
    if everything == 0:
        return [0] * len(weights)
    shares = [total * weight // everything for weight in weights]
    ranks = rank_in_ties or [0] * len(weights)
    order = sorted(
        range(len(weights)),
        key=lambda place: (-(total * weights[place] % everything), -ranks[place], place),
    )
    for place in order[: total - sum(shares)]:
        shares[place] += 1
    return shares


def mark(solution: Solution, total: int | None = None) -> MarkedSolution:
    """Share out the marks of every part; with ``total``, scale the parts to it first."""
    part_marks = [natural_or_stated(part) for part in solution.parts]
    if total is not None:
        part_marks = share(total, part_marks)
    return MarkedSolution(
        solution, tuple(_marked(part, marks) for part, marks in zip(solution.parts, part_marks, strict=True))
    )


def natural_or_stated(part: PartSolution) -> int:
    """Return the marks that the problem states for a part, else the sum of its natural weights."""
    if part.part.marks is not None:
        return part.part.marks
    natural = sum(mark.worth for line in part.lines for mark in line.marks) + _discussion_weight(part)
    return max(natural, 1)


def _discussion_weight(part: PartSolution) -> int:
    if part.discussion is None:
        return 0
    worths = sorted((point.worth for point in part.discussion.points), reverse=True)
    return sum(worths[: part.discussion.needed])


def _marked(part: PartSolution, total: int) -> MarkedPart:
    line_marks = [(place, mark) for place, line in enumerate(part.lines) for mark in line.marks]
    weights = [mark.worth for _, mark in line_marks] + [_discussion_weight(part)]
    ranks = [_rank(mark, is_answer=place == len(part.lines) - 1) for place, mark in line_marks]
    shares = share(total, weights, [*ranks, 0])
    *line_shares, discussion_marks = shares
    own: list[list[Mark]] = [[] for _line in part.lines]
    for (place, mark), worth in zip(line_marks, line_shares, strict=True):
        if worth:
            own[place].append(Mark(mark.code, mark.purpose, worth))
    lines = [MarkedLine(line, tuple(marks)) for line, marks in zip(part.lines, own, strict=True)]
    points, needed = _marked_points(part, discussion_marks)
    return MarkedPart(part, total, tuple(lines), points, needed, discussion_marks)


def _rank(mark: Mark, *, is_answer: bool) -> int:
    """Return who goes first where marks are scarce: the answer itself, then values on the way, then methods."""
    if is_answer and mark.code != "M":
        return 2
    return int(mark.code == "A")


def _marked_points(part: PartSolution, total: int) -> tuple[tuple[MarkedPoint, ...], int]:
    """Share a discussion's marks over its points: over as many as are needed, the others being worth as much."""
    if part.discussion is None:
        return (), 0
    points = part.discussion.points
    needed = min(part.discussion.needed, len(points), total or len(points))  # a point is worth a whole mark or more
    shares = share(total, [point.worth for point in points[:needed]])
    shares += [max(min(shares, default=1), 1)] * (len(points) - needed)
    return tuple(MarkedPoint(point, worth) for point, worth in zip(points, shares, strict=True)), needed
