"""What an operator may be given: kinds of arguments, how each is read, and how shapes must agree."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

REQUIRED: Any = object()
MOST_AXES = 4


class Tensor(Struct, frozen=True):
    """Numbers of given shapes: ``"number | n | C H W"``; equal letters stand for equal lengths in one call.

    ``named`` are words that stand for arrays (``sobel_x``); ``words`` are passed on as they are (``causal``).
    ``along_rows`` says that a matrix is worked row by row, so that a column, typed as ``1; 2``, is meant as a vector.
    """

    shapes: str
    named: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    along_rows: bool = False

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Return the letters of each shape allowed."""
        return tuple(() if one.strip() == "number" else tuple(one.split()) for one in self.shapes.split("|"))


class Whole(Struct, frozen=True):
    """A whole number of at least ``least``."""

    least: int = 1


class Pair(Struct, frozen=True):
    """A whole number for both axes, or ``[height, width]``; read as a pair."""

    least: int = 1


class Padding(Struct, frozen=True):
    """A whole number, ``[height, width]``, ``[top, left, bottom, right]``, ``same`` or ``valid``.

    Read as (top, left, bottom, right), or as the word.
    """

    words: tuple[str, ...] = ("same", "valid")


class Sizes(Struct, frozen=True):
    """A whole number, or a list of some of them: ``32``, ``[H, W]``, ``[C, H, W]``; read as a tuple."""

    lengths: tuple[int, ...] = (1, 2, 3)


class Flag(Struct, frozen=True):
    """``true`` or ``false``."""


class Real(Struct, frozen=True):
    """A number that shapes a formula, such as a slope; read as a plain number, so it may carry a symbol there."""


class FlagOrNumber(Struct, frozen=True):
    """``true``, ``false``, or a number to use instead."""


class Choice(Struct, frozen=True):
    """One of a few words."""

    options: tuple[str, ...]


class Words(Struct, frozen=True):
    """A list of words; of ``options`` where there are any. Any word is taken beside ``known`` ones."""

    options: tuple[str, ...] = ()
    known: tuple[str, ...] = ()  # words that a formula may have without quotes, as it may have options


Kind = Tensor | Whole | Pair | Padding | Sizes | Flag | Real | FlagOrNumber | Choice | Words


class Argument(Struct, frozen=True):
    """One argument of an operator: its name, what it may be, what it means, and its value where none is given."""

    name: str
    kind: Kind
    meaning: str
    default: Any = REQUIRED
    symbol: str = ""  # LaTeX, for a problem that nobody wrote down; made from the name where absent
    symbol_for: Mapping[str, str] = field(default_factory=dict)  # other symbols, by a word given: {"input": "i"}

    @property
    def required(self) -> bool:
        """Tell whether the argument must be given."""
        return self.default is REQUIRED
