"""What the names of PyTorch source stand for while it is read: tensors, classes, functions, and what is not known."""

import ast
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from fullmarks.errors import FullmarksError, nearest

LONGEST_CODE = 70  # characters of a line that a message shows
MOST_SHOWN = 300  # parts of the syntax tree that are written out for it
LARGEST_NUMBER = 10**12
MODULE_CLASSES = ("torch.nn.Module", "torch.nn.Sequential")  # that a class of the source may derive from
ALLOWED_DUNDERS = ("__init__", "__repr__", "__str__", "__doc__", "__constants__", "__version__")
RESERVED = (  # methods of nn.Module that decide which parameters there are
    "add_module", "apply", "buffers", "children", "modules", "named_children", "named_modules", "named_parameters",
    "parameters", "register_buffer", "register_module", "register_parameter",
)  # fmt: skip

Function = ast.FunctionDef | ast.Lambda


class Trace(Struct, frozen=True, eq=False):
    """A tensor: the number of the step that it leaves, 0 for the network's input."""

    step: int


class Marker(Struct, frozen=True):
    """A value that is known only by what it stands for."""

    stands_for: str


BATCH = Marker("the number of samples")
ALL_SIZES = Marker("the shape of a tensor")
TRAINING = Marker("training")


class Features(Struct, frozen=True):
    """The number of entries that a sample has in a tensor."""

    of: int


class Library(Struct, frozen=True):
    """What is imported, or a builtin, by its whole path: ``torch.nn.Conv2d``, ``builtins.len``."""

    path: str

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def is_layer(self) -> bool:
        """True for a class of ``torch.nn``; what else is imported may be anything, as ``USE_BIAS`` of another file."""
        return self.path == f"torch.nn.{self.name}" and self.name[:1].isupper()


class Unknown(Struct, frozen=True, eq=False):
    """A value that was not read, and why; it is refused where it is used."""

    why: str


class Scope:
    """The names of a function or of the whole source; ``local`` ones are assigned in it and are looked up nowhere else.

    A method's scope has the class that defines the method, and ``self``, for ``super()``.
    """

    def __init__(
        self,
        names: dict[str, Any],
        parent: "Scope | None" = None,
        local: frozenset[str] = frozenset(),
        owner: "tuple[ClassOfSource, Any] | None" = None,
    ) -> None:
        self.names = names
        self.parent = parent
        self.local = local
        self.owner = owner

    def find(self, node: ast.Name) -> Any:
        """Return the value of a name; raises ``FullmarksError`` for one that has none."""
        scope: Scope | None = self
        visible: list[str] = []
        while scope is not None:
            if node.id in scope.names:
                return known(scope.names[node.id], node)
            if node.id in scope.local:
                raise refused(node, f"{node.id} is used before it is assigned")
            visible += scope.names
            scope = scope.parent
        raise refused(node, f"there is no {node.id} here{nearest(node.id, visible)}")

    def look(self, name: str) -> Any:
        """Return the value of a name as it is, or ``None``."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return None if scope is None else scope.names[name]


class FunctionOfSource(Struct, frozen=True, eq=False):
    """A function of the source; ``owner`` is the class whose method it is, ``local`` are the names that it assigns."""

    node: Function
    defaults: Mapping[str, Any]
    scope: Scope
    local: frozenset[str]
    counts_features: bool
    owner: "ClassOfSource | None" = None
    kind: Literal["plain", "property", "staticmethod", "classmethod"] = "plain"

    @property
    def name(self) -> str:
        """Its name, for messages."""
        return self.node.name if isinstance(self.node, ast.FunctionDef) else "the lambda"


class Bound(Struct, frozen=True, eq=False):
    """A method with the object that it belongs to; of a class of the source, or by name of one of PyTorch's."""

    owner: Any
    method: FunctionOfSource | str


class ClassOfSource:
    """A class of the source: its base, what its body assigns, and why it cannot be read where that is so."""

    def __init__(self, node: ast.ClassDef, base: Any) -> None:
        self.node = node
        self.name = node.name
        self.base = base
        self.names: dict[str, Any] = {}
        self.problem = ""

    def lines(self) -> "list[ClassOfSource]":
        """Return the class and those of the source that it derives from, itself first."""
        found = [self]
        while isinstance(found[-1].base, ClassOfSource):
            found.append(found[-1].base)
        return found

    @property
    def root(self) -> Any:
        """What its line of classes derives from in the end."""
        return self.lines()[-1].base

    @property
    def is_module(self) -> bool:
        """True if it derives from one of PyTorch's modules."""
        return isinstance(self.root, Library) and self.root.path.startswith("torch.nn.")

    def find(self, name: str) -> Any:
        """Return an attribute of the class, perhaps inherited, or ``None``."""
        return next((one.names[name] for one in self.lines() if name in one.names), None)


class Super(Struct, frozen=True, eq=False):
    """``super()``: an instance, seen as one of the base of a class."""

    of: ClassOfSource
    instance: Any


def known(value: Any, node: ast.AST) -> Any:
    """Return a value; raises ``FullmarksError`` with the reason where it was not read."""
    if isinstance(value, Unknown):
        raise refused(node, f"its value is not known: {value.why}")
    return value


def told(node: ast.AST) -> str:
    """Return where something is written: ``line 8, nn.Linear(400, 120)``."""
    code = " ".join(_code(node).split("\n", 1)[0].split())
    shown = code if len(code) <= LONGEST_CODE else f"{code[: LONGEST_CODE - 1]}…"
    return f"line {getattr(node, 'lineno', 1)}, {shown}"


def is_longer(node: ast.AST, most: int) -> bool:
    """True if a piece of source has more than so many parts; no more of them are looked at."""
    waiting, count = [node], 0
    while waiting:
        for one in ast.iter_child_nodes(waiting.pop()):
            count += 1
            if count > most:
                return True
            waiting.append(one)
    return False


def _code(node: ast.AST) -> str:
    """Return what is written at ``node``; of a long call only what is called, as many may be long."""
    if not is_longer(node, MOST_SHOWN):
        return ast.unparse(node)
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return f"{name}(…)"
        case ast.BinOp():
            return "a sum or product"
        case _:
            return ast.unparse(node)


def refused(node: ast.AST, why: str) -> FullmarksError:
    """Return the refusal of what is written at ``node``."""
    return FullmarksError(f"{told(node)}: {why}")
