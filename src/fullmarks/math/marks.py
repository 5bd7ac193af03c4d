"""The marks that a line of working carries: M for method, A for accuracy, B for what stands on its own."""

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct


class Mark(Struct, frozen=True):
    """A mark of a marking scheme: M for method, A for accuracy, B for what stands on its own."""

    code: Literal["M", "A", "B"]
    purpose: str
    worth: int = 1


def M(purpose: str, worth: int = 1) -> Mark:
    """Return a method mark."""
    return Mark("M", purpose, worth)


def A(purpose: str, worth: int = 1) -> Mark:
    """Return an accuracy mark, given only where its method was seen."""
    return Mark("A", purpose, worth)


def B(purpose: str, worth: int = 1) -> Mark:
    """Return a mark independent of method."""
    return Mark("B", purpose, worth)


class Check(Struct, frozen=True):
    """What a careful reader verifies after a line: a sentence, and an expression of the named quantity."""

    words: str
    expression: Callable[[Any], Any]
