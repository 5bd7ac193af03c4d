"""What an operator may be given: kinds of arguments, how each is read, and how shapes must agree."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

REQUIRED: Any = object()
MOST_AXES = 4


@dataclass(frozen=True)
class Tensor:
    """Numbers of given shapes: ``"number | n | C H W"``; equal letters stand for equal lengths in one call.

    ``named`` are words that stand for arrays (``sobel_x``); ``words`` are passed on as they are (``causal``).
    """

    shapes: str
    named: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Return the letters of each shape allowed."""
        return tuple(() if one.strip() == "number" else tuple(one.split()) for one in self.shapes.split("|"))


@dataclass(frozen=True)
class Whole:
    """A whole number of at least ``least``."""

    least: int = 1


@dataclass(frozen=True)
class Pair:
    """A whole number for both axes, or ``[height, width]``; read as a pair."""

    least: int = 1


@dataclass(frozen=True)
class Padding:
    """A whole number, ``[height, width]``, ``[top, left, bottom, right]``, ``same`` or ``valid``.

    Read as (top, left, bottom, right), or as the word.
    """

    words: tuple[str, ...] = ("same", "valid")


@dataclass(frozen=True)
class Sizes:
    """A whole number, or a list of some of them: ``32``, ``[H, W]``, ``[C, H, W]``; read as a tuple."""

    lengths: tuple[int, ...] = (1, 2, 3)


@dataclass(frozen=True)
class Flag:
    """``true`` or ``false``."""


@dataclass(frozen=True)
class Real:
    """A number that shapes a formula, such as a slope; read as a plain number, so it may carry a symbol there."""


@dataclass(frozen=True)
class FlagOrNumber:
    """``true``, ``false``, or a number to use instead."""


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    options: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """A list of words; of ``options`` where there are any."""

    options: tuple[str, ...] = ()


Kind = Tensor | Whole | Pair | Padding | Sizes | Flag | Real | FlagOrNumber | Choice | Words


@dataclass(frozen=True)
class Argument:
    """One argument of an operator: its name, what it may be, what it means, and its value where none is given."""

    name: str
    kind: Kind
    meaning: str
    default: Any = REQUIRED
    symbol: str = ""  # LaTeX, for a problem that nobody wrote down; made from the name where absent

    @property
    def required(self) -> bool:
        """Tell whether the argument must be given."""
        return self.default is REQUIRED
