"""The whole vocabulary of a document on one page: frozen blocks without behaviour, for every renderer to walk.

Words in blocks are plain text: a renderer escapes them for its format and never reads markup in them.
"""

from dataclasses import dataclass, field
from typing import Literal

from fullmarks.math.notation import Node


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text, perhaps emphasised or in a fixed-width face."""

    text: str
    style: Literal["plain", "strong", "emphasis", "code"] = "plain"


@dataclass(frozen=True, slots=True)
class Formula:
    """Mathematics inside a sentence."""

    node: Node


Inline = Words | Formula
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the document's title; level 1 is the highest."""

    text: Inlines
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``marks`` ("M1", "A2", "[3]") stand in the right margin of its last line."""

    text: Inlines
    marks: str = ""
    style: Literal["plain", "note"] = "plain"


@dataclass(frozen=True, slots=True)
class Given:
    """One given quantity: ``Initial hidden state, h₀ = […]``; the label may be empty."""

    label: Inlines
    formula: Node


@dataclass(frozen=True, slots=True)
class Givens:
    """The given quantities, one below another (several short ones may share a line)."""

    items: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of working: left side (absent where the line goes on), right side from its relation on, marks."""

    left: Node | None
    right: Node
    marks: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Working:
    """Lines of working, one below another, aligned between left and right sides, marks in the margin."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a part, set off from the working (a frame, a rule, bold), marks in the margin beside it."""

    formula: Node
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, with marks in the margin."""

    text: Inlines
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of points."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row; every cell is a sentence, perhaps with mathematics."""

    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A listing, kept as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: SVG markup of our own making, what it shows in words, and a character picture or nothing."""

    svg: str
    alt: str
    characters: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Blocks behind a hanging label: ``1.`` a question, ``(a)`` a part, ``(ii)`` a part of a part."""

    label: str
    body: "tuple[Block, ...]"
    kind: Literal["question", "part", "subpart"] = "part"


@dataclass(frozen=True, slots=True)
class Total:
    """The marks of a whole question, at the right below it: ``(18 Marks)``."""

    text: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The head of an exam paper: session, date, duration, total, instructions, room for the candidate's name."""

    session: str
    date: str
    duration: str
    total: str
    instructions: tuple[str, ...]
    candidate: tuple[tuple[str, str], ...]  # what is asked for ("Name"), and what is printed there or nothing


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page, where there are pages."""


Block = (
    Heading | Paragraph | Givens | Working | Answer | Bullets | Table | Code | Picture | Labelled | Total | Cover
    | PageBreak
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A titled sequence of blocks."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    kind: Literal["solution", "question", "paper", "scheme"] = "solution"
    footer: str = field(default="")  # printed beside "Page x of y"
