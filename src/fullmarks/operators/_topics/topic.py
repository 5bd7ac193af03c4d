"""What is said of a method: what it is, what speaks for it and what against it, each as a full sentence."""

from msgspec import Struct


class Topic(Struct, frozen=True):
    """A model, method or idea of the lecture; every sentence is a point that can be credited on its own."""

    title: str  # as it stands in a sentence: "zero padding"
    idea: tuple[str, ...]
    advantages: tuple[str, ...] = ()
    disadvantages: tuple[str, ...] = ()
