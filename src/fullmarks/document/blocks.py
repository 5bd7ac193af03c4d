"""The whole vocabulary of a document on one page: frozen blocks without behaviour, for every renderer to walk.

Words in blocks are plain text: a renderer escapes them for its format and never reads markup in them.
"""

from typing import Literal

from msgspec import Struct, field

from fullmarks.math.figures import Figure
from fullmarks.math.notation import Node


class Words(Struct, frozen=True):
    """Plain text, perhaps emphasised or in a fixed-width face."""

    text: str
    style: Literal["plain", "strong", "emphasis", "code"] = "plain"


class Formula(Struct, frozen=True):
    """Mathematics inside a sentence."""

    node: Node


Inline = Words | Formula
Inlines = tuple[Inline, ...]


class Heading(Struct, frozen=True):
    """A heading below the document's title; level 1 is the highest."""

    text: Inlines
    level: int = 1


class Paragraph(Struct, frozen=True):
    """A paragraph; ``marks`` ("M1", "A2", "[3]") stand in the right margin of its last line."""

    text: Inlines
    marks: str = ""
    style: Literal["plain", "note"] = "plain"


class Given(Struct, frozen=True):
    """One given quantity: ``Initial hidden state, h₀ = […]``; the label may be empty."""

    label: Inlines
    formula: Node


class Givens(Struct, frozen=True):
    """The given quantities, one below another (several short ones may share a line)."""

    items: tuple[Given, ...]


class Step(Struct, frozen=True):
    """One line of working: left side (absent where the line goes on), right side from its relation on, marks."""

    left: Node | None
    right: Node
    marks: str = ""
    note: str = ""


class Working(Struct, frozen=True):
    """Lines of working, one below another, aligned between left and right sides, marks in the margin."""

    steps: tuple[Step, ...]


class Answer(Struct, frozen=True):
    """The answer of a part, set off from the working (a frame, a rule, bold), marks in the margin beside it."""

    formula: Node
    marks: str = ""


class Item(Struct, frozen=True):
    """One entry of a list, with marks in the margin."""

    text: Inlines
    marks: str = ""


class Bullets(Struct, frozen=True):
    """A list of points."""

    items: tuple[Item, ...]


class Table(Struct, frozen=True):
    """A table with a header row; every cell is a sentence, perhaps with mathematics.

    ``numbers`` are the columns, counted from 0, that stand flush right, so that units are below units.
    """

    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    numbers: tuple[int, ...] = ()


class Code(Struct, frozen=True):
    """A listing, kept as it is."""

    text: str


class Picture(Struct, frozen=True):
    """A drawing, with what it shows in words, and a character picture or nothing."""

    figure: Figure


class Labelled(Struct, frozen=True):
    """Blocks behind a hanging label: ``1.`` a question, ``(a)`` a part, ``(ii)`` a part of a part."""

    label: str
    body: "tuple[Block, ...]"
    kind: Literal["question", "part", "subpart"] = "part"


class Total(Struct, frozen=True):
    """The marks of a whole question, at the right below it: ``(18 Marks)``."""

    text: str


class Cover(Struct, frozen=True):
    """The head of an exam paper: session, date, duration, total, instructions, room for the candidate's name."""

    session: str
    date: str
    duration: str
    total: str
    instructions: tuple[str, ...]
    candidate: tuple[tuple[str, str], ...]  # what is asked for ("Name"), and what is printed there or nothing


class PageBreak(Struct, frozen=True):
    """What follows starts on a new page, where there are pages."""


Block = (
    Heading | Paragraph | Givens | Working | Answer | Bullets | Table | Code | Picture | Labelled | Total | Cover
    | PageBreak
)  # fmt: skip


class Document(Struct, frozen=True):
    """A titled sequence of blocks."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    kind: Literal["solution", "question", "paper", "scheme"] = "solution"
    footer: str = field(default="")  # printed beside "Page x of y"
