"""The notation tree: what a formula looks like on paper or aloud, as frozen data without behaviour.

An emitter (``latex``, ``typst``, ``terminal``, ``speech``) is one module beside this one, a ``match`` over ``Node``.
"""

from dataclasses import dataclass
from typing import Literal

Style = Literal["italic", "bold", "upright"]

# The relations and operators there are; every emitter has a table with exactly these keys.
SignKind = Literal[
    "=", "≈", "+", "−", "×", "⋅", "⊙", "/", ",", ";", ":", "<", ">", "≤", "≥", "≠", "∈", "→", "…", "⋮",
    "∗", "|", "∂", "∇", "!", "′", "∞", "±", "∀", "⊕", "%", "↦", "∼", "∝", "(", ")", "[", "]",
]  # fmt: skip
Bracket = Literal["(", "[", "{", "|", "‖", "⌈", "⌊", ""]


@dataclass(frozen=True, slots=True)
class Number:
    """Digits as they are to be read, with an ASCII minus: ``-0.982``."""

    text: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """One letter, or the name of a Greek one (``sigma``, ``Delta``), in a style; bold for vectors and matrices."""

    name: str
    style: Style = "italic"


@dataclass(frozen=True, slots=True)
class Text:
    """Upright words inside a formula, spaces kept: ``if``, ``softmax``, ``tanh``."""

    words: str


@dataclass(frozen=True, slots=True)
class Sign:
    """An operator, a relation or punctuation; the emitter sets the spacing that its kind has."""

    kind: SignKind


@dataclass(frozen=True, slots=True)
class Space:
    """A visible gap: ``thin`` between factors, ``wide`` between formulas on one line."""

    width: Literal["thin", "wide"] = "thin"


@dataclass(frozen=True, slots=True)
class Row:
    """Nodes one after another."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Fraction:
    """One node above another."""

    top: "Node"
    bottom: "Node"


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    body: "Node"


@dataclass(frozen=True, slots=True)
class Script:
    """A base with something below right, above right, or both."""

    base: "Node"
    below: "Node | None" = None
    above: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Accent:
    """A base with a mark over it."""

    base: "Node"
    mark: Literal["hat", "bar", "tilde", "vec", "dot"]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of entries in square brackets; a vector is a matrix of one column."""

    rows: "tuple[tuple[Node, ...], ...]"


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to arguments in round brackets: ``max(1, 5, 6)``, ``σ(x)``."""

    function: "Node"
    arguments: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class BigOperator:
    """A sum, product or maximum with its limits, before its body."""

    kind: Literal["sum", "product", "max", "min"]
    body: "Node"
    below: "Node | None" = None
    above: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Fence:
    """A node between brackets that grow with it."""

    body: "Node"
    left: Bracket = "("
    right: Literal[")", "]", "}", "|", "‖", "⌉", "⌋", ""] = ")"


@dataclass(frozen=True, slots=True)
class BraceNote:
    """A node with a brace below it that carries a word or two."""

    body: "Node"
    note: str


@dataclass(frozen=True, slots=True)
class Cases:
    """Values with the conditions under which they hold, after one large brace."""

    branches: "tuple[tuple[Node, Node], ...]"


@dataclass(frozen=True, slots=True)
class Aligned:
    """Lines aligned at their cells' borders: each line is its left side, then the relation with its right side."""

    lines: "tuple[tuple[Node, ...], ...]"


Node = (
    Number | Symbol | Text | Sign | Space | Row | Fraction | Root | Script | Accent | Matrix | Call | BigOperator
    | Fence | BraceNote | Cases | Aligned
)  # fmt: skip
