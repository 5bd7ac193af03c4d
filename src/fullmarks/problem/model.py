"""A problem as data: what is given, how quantities follow from one another, and what each part asks."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field

from fullmarks.math.letters import Letter
from fullmarks.problem.syntax import Condition, Formula

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.generic]
else:
    Array = Any

Entry = int | Fraction | float | str | Letter
Nested = list[Any]  # lists of equal length, at most four deep, of numbers and letters; or one flat list of words
Value = int | Fraction | float | str | Letter | bool | Nested | Array | None
Level = Literal["easy", "medium", "hard"]


class Integers(Struct, frozen=True):
    """Whole numbers from ``low`` to ``high``, both included."""

    low: int
    high: int


class Decimals(Struct, frozen=True):
    """Exact numbers ``low``, ``low + step`` … ``high``."""

    low: Fraction
    high: Fraction
    step: Fraction


class Choice(Struct, frozen=True):
    """One of the values; numbers are chosen anew for every entry, kernels, arrays and words as a whole."""

    values: tuple[Value, ...]


class Draw(Struct, frozen=True):
    """How a new problem gets the numbers of one given; a ``shape`` of no axes is one number."""

    source: Integers | Decimals | Choice
    shape: tuple[int, ...] = ()
    nonzero: bool = False


class Given(Struct, frozen=True):
    """A quantity the question states: its printed value, how it is drawn, or both."""

    name: str
    value: Value = None
    label: str = ""
    symbol: str = ""
    draw: Draw | None = None
    stated: bool = True  # whether it has a printed value (``none`` is one for a call from the command line)


class OwnPoint(Struct, frozen=True):
    """One point of a discussion in the problem's own words: prose, with what it is worth."""

    words: str
    worth: int = 1


class Part(Struct, frozen=True):
    """One question: a quantity to find (``Y``, ``Z.weights``), a discussion, or both.

    A discussion is an operator's (``discuss``) or the problem's own ``points``, of which ``needed`` (or all) earn full
    marks.
    """

    find: str | None = None
    discuss: Formula | None = None
    ask: str | None = None
    marks: int | None = None
    points: tuple[OwnPoint, ...] = ()
    needed: int | None = None


class Problem(Struct, frozen=True):
    """A fixed exercise and, where its givens have a draw, the generator of others like it."""

    id: str
    title: str
    given: Mapping[str, Given]
    where: Mapping[str, Formula]
    parts: tuple[Part, ...]
    topic: str = ""
    level: Level = "medium"
    source: str = ""
    setting: str = ""
    require: tuple[Condition, ...] = ()
    tags: tuple[str, ...] = ()
    symbols: Mapping[str, str] = field(default_factory=dict)  # LaTeX of computed quantities that name theirs
    reasons: Mapping[str, str] = field(default_factory=dict)  # what is done, in a sentence, where a formula computes
    shown: Mapping[str, str] = field(default_factory=dict)  # labels of computed quantities that the question states
    path: str = ""  # the file it was read from, for messages


class Instance(Struct, frozen=True):
    """A problem with every number fixed: as printed where ``seed`` is none, else drawn."""

    problem: Problem
    values: Mapping[str, Value]
    seed: int | str | None = None
    attempts: int = 0
