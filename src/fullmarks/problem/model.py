"""A problem as data: what is given, how quantities follow from one another, and what each part asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from fullmarks.problem.syntax import Condition, Formula

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.generic]
else:
    Array = Any

Entry = int | Fraction | float | str
Nested = list[Any]  # lists of equal length, at most four deep, of numbers; or one flat list of words
Value = int | Fraction | float | str | bool | Nested | Array | None
Level = Literal["easy", "medium", "hard"]


@dataclass(frozen=True, slots=True)
class Integers:
    """Whole numbers from ``low`` to ``high``, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Decimals:
    """Exact numbers ``low``, ``low + step`` … ``high``."""

    low: Fraction
    high: Fraction
    step: Fraction


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values; numbers are chosen anew for every entry, kernels, arrays and words as a whole."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """How a new problem gets the numbers of one given; a ``shape`` of no axes is one number."""

    source: Integers | Decimals | Choice
    shape: tuple[int, ...] = ()
    nonzero: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A quantity the question states: its printed value, how it is drawn, or both."""

    name: str
    value: Value = None
    label: str = ""
    symbol: str = ""
    draw: Draw | None = None
    stated: bool = True  # whether it has a printed value (``none`` is one for a call from the command line)


@dataclass(frozen=True, slots=True)
class Part:
    """One question: a quantity to find (``Y``, ``Z.weights``), a discussion, or both."""

    find: str | None = None
    discuss: Formula | None = None
    ask: str | None = None
    marks: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
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
    path: str = ""  # the file it was read from, for messages


@dataclass(frozen=True, slots=True)
class Instance:
    """A problem with every number fixed: as printed where ``seed`` is none, else drawn."""

    problem: Problem
    values: Mapping[str, Value]
    seed: int | str | None = None
    attempts: int = 0
