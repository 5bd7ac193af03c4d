"""PyTorch source as a network: the classes of a module and their ``__init__`` and ``forward``, read and never run."""

import ast
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.operators._network import Step
from fullmarks.operators._pytorch_modules import Module, Trace, refused
from fullmarks.operators._pytorch_reading import Reader, last_name

MODULE_CLASSES = ("Module", "Sequential")


class Parsed(Struct, frozen=True):
    """The modules of a source by name, and the assignments outside of them."""

    classes: Mapping[str, ast.ClassDef]
    assignments: tuple[ast.Assign, ...]


def looks_like_source(text: str) -> bool:
    """Tell whether a text is a program and not the name of a network or a single layer."""
    return "\n" in text or "(" in text


def read_source(text: str) -> tuple[Step, ...]:
    """Return the layers that ``forward`` of the last module goes through, in order.

    A residual sum becomes a block. Raises ``FullmarksError`` with the line for whatever is not read.
    """
    try:
        parsed = _parsed(text)
        return _traced(parsed)
    except RecursionError:
        raise FullmarksError("the source is nested too deep to be read") from None


def _parsed(text: str) -> Parsed:
    try:
        tree = ast.parse(text)
    except SyntaxError as problem:
        line = (problem.text or "").strip()[:60]
        raise FullmarksError(f"line {problem.lineno} is no Python: {problem.msg}: {line}") from None
    except (ValueError, MemoryError) as problem:
        raise FullmarksError(f"the source cannot be read: {problem}") from None
    classes = {
        node.name: node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(last_name(base) in MODULE_CLASSES for base in node.bases)
    }
    return Parsed(classes, tuple(node for node in tree.body if isinstance(node, ast.Assign)))


def _traced(parsed: Parsed) -> tuple[Step, ...]:
    if parsed.classes:
        *_, (name, node) = parsed.classes.items()
        network: Any = Reader(parsed.classes).instance(name, (), {}, node)
        place: ast.AST = node
    else:
        if not parsed.assignments:
            raise FullmarksError("there is no class of nn.Module in the source, and no nn.Sequential either")
        place = parsed.assignments[-1].value
        network = Reader(parsed.classes).value(place, {})
    if not isinstance(network, Module):
        raise refused(place, "this is no nn.Module")
    found = network.called((Trace(()),), {}, place)
    if not isinstance(found, Trace):
        raise refused(place, "forward returns no tensor")
    if not found.steps:
        raise refused(place, "forward goes through no layer")
    network.refuse_unused(found.steps)
    return found.steps
