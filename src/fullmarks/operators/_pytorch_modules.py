"""What stands for PyTorch's tensors and modules while source is read: trails of layers, and what makes them longer."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.operators._network import BatchNorm, Convolution, Layer, LayerNorm, Linear, Residual, Step

LONGEST_CODE = 70  # characters of a line that a message shows


class Trace(Struct, frozen=True, eq=False):
    """A tensor: the layers that it came through."""

    steps: tuple[Step, ...]


class Marker(Struct, frozen=True):
    """A value that is known only by what it stands for."""

    stands_for: str


BATCH = Marker("the number of samples")
ALL_SIZES = Marker("the shape of a tensor")
ALL_FEATURES = Marker("the number of entries of a sample")


class Module:
    """A module that can be called: one layer, several after one another, or an instance of a class of the source."""

    def __init__(self, children: Mapping[str, "Module"] | None = None) -> None:
        self.name = ""
        self.children: dict[str, Module] = dict(children or {})

    def rename(self, name: str) -> None:
        """Call this module, and what it is made of, by the attribute that it is assigned to."""
        self.name = name
        for key, child in self.children.items():
            child.rename(f"{name}.{key}" if name else key)

    def called(self, arguments: Sequence[Any], named: Mapping[str, Any], place: ast.AST) -> Any:
        """Return what a call gives; a single tensor goes through the parts one after another."""
        trace = _only_tensor(arguments, named, place)
        for child in self.children.values():
            trace = child.called((trace,), {}, place)
        return trace

    def refuse_unused(self, steps: Sequence[Step]) -> None:
        """Raise ``FullmarksError`` for a layer whose parameters exist although nothing goes through it."""
        for child in self.children.values():
            child.refuse_unused(steps)


class LayerModule(Module):
    """One layer, and where it was written."""

    def __init__(self, layer: Layer, place: ast.AST) -> None:
        super().__init__()
        self.layer = layer
        self.place = place

    def called(self, arguments: Sequence[Any], named: Mapping[str, Any], place: ast.AST) -> Trace:
        """Return the tensor behind the layer."""
        trace = _only_tensor(arguments, named, place)
        return Trace((*trace.steps, Step(self.layer, told(self.place), self.name)))

    def refuse_unused(self, steps: Sequence[Step]) -> None:
        """Raise ``FullmarksError`` where the layer has parameters and is not among ``steps``."""
        has_parameters = isinstance(self.layer, Convolution | Linear | BatchNorm | LayerNorm)
        if has_parameters and not _is_used(self.layer, steps):
            raise refused(self.place, f"forward never uses self.{self.name}; use it or take it out")


def _is_used(layer: Layer, steps: Sequence[Step]) -> bool:
    for step in steps:
        match step.layer:
            case Residual(body, shortcut):
                if _is_used(layer, body) or _is_used(layer, shortcut):
                    return True
            case used if used is layer:
                return True
    return False


def _only_tensor(arguments: Sequence[Any], named: Mapping[str, Any], place: ast.AST) -> Trace:
    if len(arguments) != 1 or named or not isinstance(arguments[0], Trace):
        raise refused(place, "a layer is called with one tensor")
    return arguments[0]


def told(node: ast.AST) -> str:
    """Say where something is written: ``line 8, nn.Linear(400, 120)``."""
    code = " ".join(ast.unparse(node).split("\n", 1)[0].split())
    shown = code if len(code) <= LONGEST_CODE else f"{code[: LONGEST_CODE - 1]}…"
    return f"line {getattr(node, 'lineno', 1)}, {shown}"


def refused(node: ast.AST, why: str) -> FullmarksError:
    """Return the refusal of what stands at ``node``."""
    return FullmarksError(f"{told(node)}: {why}")
