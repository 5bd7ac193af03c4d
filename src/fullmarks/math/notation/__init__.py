"""The notation tree: what a formula looks like on paper or aloud, as frozen data without behaviour.

An emitter (``latex``, ``typst``, ``mathml``, ``terminal``, ``speech``) is one module beside this
one, a ``match`` over ``Node``.
"""

from typing import Literal

from msgspec import Struct

Style = Literal["italic", "bold", "upright"]

# The relations and operators there are; every emitter has a table with exactly these keys.
SignKind = Literal[
    "=", "≈", "+", "−", "×", "⋅", "⊙", "/", ",", ";", ":", "<", ">", "≤", "≥", "≠", "∈", "→", "…", "⋮",
    "∗", "|", "∂", "∇", "!", "′", "∞", "±", "∀", "⊕", "%", "↦", "∼", "∝", "(", ")", "[", "]",
]  # fmt: skip
Bracket = Literal["(", "[", "{", "|", "‖", "⌈", "⌊", ""]


class Number(Struct, frozen=True):
    """Digits as they are to be read, with an ASCII minus: ``-0.982``."""

    text: str


class Symbol(Struct, frozen=True):
    """One letter, or the name of a Greek one (``sigma``, ``Delta``), in a style; bold for vectors and matrices."""

    name: str
    style: Style = "italic"


class Text(Struct, frozen=True):
    """Upright words inside a formula, spaces kept: ``if``, ``softmax``, ``tanh``."""

    words: str


class Sign(Struct, frozen=True):
    """An operator, a relation or punctuation; the emitter sets the spacing that its kind has."""

    kind: SignKind


class Space(Struct, frozen=True):
    """A visible gap: ``thin`` between factors, ``wide`` between formulas on one line."""

    width: Literal["thin", "wide"] = "thin"


class Row(Struct, frozen=True):
    """Nodes one after another."""

    items: "tuple[Node, ...]"


class Fraction(Struct, frozen=True):
    """One node above another."""

    top: "Node"
    bottom: "Node"


class Root(Struct, frozen=True):
    """A square root."""

    body: "Node"


class Script(Struct, frozen=True):
    """A base with something below right, above right, or both."""

    base: "Node"
    below: "Node | None" = None
    above: "Node | None" = None


class Accent(Struct, frozen=True):
    """A base with a mark over it."""

    base: "Node"
    mark: Literal["hat", "bar", "tilde", "vec", "dot"]


class Matrix(Struct, frozen=True):
    """Rows of entries in square brackets; a vector is a matrix of one column."""

    rows: "tuple[tuple[Node, ...], ...]"


class Call(Struct, frozen=True):
    """A function applied to arguments in round brackets: ``max(1, 5, 6)``, ``σ(x)``."""

    function: "Node"
    arguments: "tuple[Node, ...]"


class BigOperator(Struct, frozen=True):
    """A sum, product or maximum with its limits, before its body."""

    kind: Literal["sum", "product", "max", "min"]
    body: "Node"
    below: "Node | None" = None
    above: "Node | None" = None


class Fence(Struct, frozen=True):
    """A node between brackets that grow with it."""

    body: "Node"
    left: Bracket = "("
    right: Literal[")", "]", "}", "|", "‖", "⌉", "⌋", ""] = ")"


class BraceNote(Struct, frozen=True):
    """A node with a brace below it that carries a word or two."""

    body: "Node"
    note: str


class Cases(Struct, frozen=True):
    """Values with the conditions under which they hold, after one large brace."""

    branches: "tuple[tuple[Node, Node], ...]"


class Aligned(Struct, frozen=True):
    """Lines aligned at their cells' borders: each line is its left side, then the relation with its right side."""

    lines: "tuple[tuple[Node, ...], ...]"


Node = (
    Number | Symbol | Text | Sign | Space | Row | Fraction | Root | Script | Accent | Matrix | Call | BigOperator
    | Fence | BraceNote | Cases | Aligned
)  # fmt: skip
