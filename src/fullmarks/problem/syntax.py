"""The vocabulary of formulas and conditions: a closed list of frozen nodes, and how one walks them."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, assert_never

from msgspec import Struct

Sign = Literal["+", "-", "*", "/", "@"]
Relation = Literal["<", "<=", ">", ">=", "==", "!="]


class Name(Struct, frozen=True):
    """A quantity by its name, or an option that is written bare (``order=ifgo``) until `resolving` tells them apart."""

    name: str


class Number(Struct, frozen=True):
    """A number exactly as written: ``0.1`` is one tenth."""

    value: Fraction


class Word(Struct, frozen=True):
    """A string: an option, a topic, a layer of a network."""

    text: str


class Constant(Struct, frozen=True):
    """``true``, ``false`` or ``none``."""

    value: bool | None


class Sequence(Struct, frozen=True):
    """A list of formulas."""

    items: "tuple[Formula, ...]"


class Call(Struct, frozen=True):
    """An operator, or in ``require`` one of ``min max abs sum``, applied to arguments."""

    operator: str
    arguments: "tuple[Formula, ...]" = ()
    keywords: "tuple[tuple[str, Formula], ...]" = ()


class Binary(Struct, frozen=True):
    """Two formulas under one of the five signs."""

    sign: Sign
    left: "Formula"
    right: "Formula"


class Negative(Struct, frozen=True):
    """A formula with a minus before it."""

    body: "Formula"


class Result(Struct, frozen=True):
    """One result of the operator that made a quantity: ``Z.weights``."""

    name: str
    result: str


class Shown(Struct, frozen=True):
    """A formula whose value, to the places of an answer, stands in the question: its working is no one's business."""

    body: "Formula"


Formula = Name | Number | Word | Constant | Sequence | Call | Binary | Negative | Result | Shown


class Comparison(Struct, frozen=True):
    """Two formulas under a relation; of arrays it must hold at every entry."""

    relation: Relation
    left: Formula
    right: Formula


class Distinct(Struct, frozen=True):
    """All entries of a formula's value differ from one another."""

    body: Formula


class Both(Struct, frozen=True):
    """Every one of the conditions holds."""

    conditions: "tuple[Condition, ...]"


class Either(Struct, frozen=True):
    """At least one of the conditions holds."""

    conditions: "tuple[Condition, ...]"


class Not(Struct, frozen=True):
    """The condition does not hold."""

    condition: "Condition"


Condition = Comparison | Distinct | Both | Either | Not


def names_in(formula: Formula | Condition) -> list[str]:
    """Return the quantities a formula or condition mentions, each once, in order of appearance."""
    names = [part.name for part in parts_of(formula) if isinstance(part, Name | Result)]
    return list(dict.fromkeys(names))


def calls_in(formula: Formula | Condition) -> list[Call]:
    """Return the calls in a formula or condition, outermost first, in order of appearance."""
    return [part for part in parts_of(formula) if isinstance(part, Call)]


def parts_of(formula: Formula | Condition) -> Iterator[Formula | Condition]:
    """Walk a formula or condition: itself, then everything in it, in order of appearance."""
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += reversed(children_of(part))


def children_of(formula: Formula | Condition) -> "tuple[Formula | Condition, ...]":
    """Return what stands directly in a formula or condition, in order of appearance."""
    match formula:
        case Name() | Number() | Word() | Constant() | Result():
            return ()
        case Sequence(items):
            return items
        case Call(_, arguments, keywords):
            return (*arguments, *(body for _, body in keywords))
        case Binary(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Negative(body) | Distinct(body) | Shown(body):
            return (body,)
        case Both(conditions) | Either(conditions):
            return conditions
        case Not(condition):
            return (condition,)
        case _:
            assert_never(formula)
