"""The vocabulary of formulas and conditions: a closed list of frozen nodes, and how one walks them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, assert_never

Sign = Literal["+", "-", "*", "/", "@"]
Relation = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Name:
    """A quantity by its name, or an option that is written bare (``order=ifgo``) until `resolving` tells them apart."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number exactly as written: ``0.1`` is one tenth."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Word:
    """A string: an option, a topic, a layer of a network."""

    text: str


@dataclass(frozen=True, slots=True)
class Constant:
    """``true``, ``false`` or ``none``."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of formulas."""

    items: "tuple[Formula, ...]"


@dataclass(frozen=True, slots=True)
class Call:
    """An operator, or in ``require`` one of ``min max abs sum``, applied to arguments."""

    operator: str
    arguments: "tuple[Formula, ...]" = ()
    keywords: "tuple[tuple[str, Formula], ...]" = ()


@dataclass(frozen=True, slots=True)
class Binary:
    """Two formulas under one of the five signs."""

    sign: Sign
    left: "Formula"
    right: "Formula"


@dataclass(frozen=True, slots=True)
class Negative:
    """A formula with a minus before it."""

    body: "Formula"


@dataclass(frozen=True, slots=True)
class Result:
    """One result of the operator that made a quantity: ``Z.weights``."""

    name: str
    result: str


Formula = Name | Number | Word | Constant | Sequence | Call | Binary | Negative | Result


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two formulas under a relation; of arrays it must hold at every entry."""

    relation: Relation
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Distinct:
    """All entries of a formula's value differ from one another."""

    body: Formula


@dataclass(frozen=True, slots=True)
class Both:
    """Every one of the conditions holds."""

    conditions: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the conditions holds."""

    conditions: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
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
    yield formula
    for child in _children(formula):
        yield from parts_of(child)


def _children(
    formula: Formula | Condition,
) -> "tuple[Formula | Condition, ...]":
    match formula:
        case Name() | Number() | Word() | Constant() | Result():
            return ()
        case Sequence(items):
            return items
        case Call(_, arguments, keywords):
            return (*arguments, *(body for _, body in keywords))
        case Binary(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Negative(body) | Distinct(body):
            return (body,)
        case Both(conditions) | Either(conditions):
            return conditions
        case Not(condition):
            return (condition,)
        case _:
            assert_never(formula)
