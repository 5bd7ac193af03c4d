"""PyTorch's modules while source is read: one layer, several in a row, or an instance of a class of the source."""

import ast
from collections.abc import Iterator
from typing import Any

from fullmarks.operators._network import BatchNorm, Convolution, Layer, LayerNorm, Linear
from fullmarks.operators._pytorch_values import (
    ClassOfSource,
    FunctionOfSource,
    refused,
)

ATTRIBUTES_OF_MODULES = (  # that a layer of the same name would not replace
    "add_module", "apply", "bfloat16", "buffers", "children", "compile", "cpu", "cuda", "double", "eval",
    "extra_repr", "float", "forward", "get_parameter", "get_submodule", "half", "load_state_dict", "modules",
    "named_children", "named_modules", "named_parameters", "parameters", "register_buffer", "register_module",
    "register_parameter", "requires_grad_", "share_memory", "state_dict", "to", "train", "training", "type",
    "zero_grad",
)  # fmt: skip
KEEP_THE_MODULE = ("to", "cpu", "cuda", "float", "train", "eval", "requires_grad_")
LONGEST_NAME = 60  # characters
GROWING = ("append", "extend", "insert", "add_module", "register_module")
EVERY_MODULE_HAS = (*KEEP_THE_MODULE, *GROWING, "register_buffer", "forward")


class Module:
    """What all modules have: their children by name; ``name`` is the path from the network to it."""

    def __init__(self) -> None:
        self.name = ""
        self.children: dict[str, Module] = {}


class LayerModule(Module):
    """One layer, and where it was written."""

    def __init__(self, layer: Layer, place: ast.AST) -> None:
        super().__init__()
        self.layer = layer
        self.place = place

    @property
    def has_parameters(self) -> bool:
        """True if it adds to the parameters of a network."""
        return isinstance(self.layer, Convolution | Linear | BatchNorm | LayerNorm)


class Chain(Module):
    """Modules in a row: ``nn.Sequential``, or ``nn.ModuleList``, which cannot be called."""

    def __init__(self, parts: dict[str, Module], *, is_called: bool) -> None:
        super().__init__()
        self.children = parts
        self.is_called = is_called


class Instance(Module):
    """An instance of a class of the source; its attributes are its children and plain values."""

    def __init__(self, kind: ClassOfSource) -> None:
        super().__init__()
        self.kind = kind
        self.values: dict[str, Any] = {}
        self.is_ready = False  # super().__init__() has been called

    @property
    def is_sequential(self) -> bool:
        """True if it derives from ``nn.Sequential``."""
        return bool(self.kind.root.name == "Sequential")


def is_name(name: object) -> bool:
    """True for a word by which a module can be kept and printed."""
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or "." in name:
        return False
    if name in ATTRIBUTES_OF_MODULES or name.startswith("__"):
        return False  # PyTorch refuses a name that every module has
    return name.isidentifier() or (name.isascii() and name.isprintable())


def parts_of(value: Any) -> list[Module] | None:
    """Return the modules that a loop over a module meets, or ``None`` where it cannot be looped over."""
    if isinstance(value, Chain) or (isinstance(value, Instance) and value.is_sequential):
        return list(value.children.values())
    return None


def walk(module: Module, path: str = "") -> Iterator[tuple[str, Module]]:
    """Yield every module within one, itself first, each once with the first path to it; as ``named_modules``."""
    waiting = [(path, module)]
    seen: set[int] = set()
    while waiting:
        here, one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield here, one
        waiting += [(f"{here}.{key}" if here else key, child) for key, child in reversed(one.children.items())]


def is_private(name: str) -> bool:
    """True for a name that Python changes within a class: ``__name``."""
    return name.startswith("__") and not name.endswith("__")


def assign_attribute(owner: Any, name: str, value: Any, node: ast.AST, *, is_running: bool) -> None:
    """Keep ``owner.name = value`` as ``nn.Module`` does."""
    if not isinstance(owner, Instance):
        raise refused(node, "only attributes of self can be assigned")
    if is_private(name) or not name.isidentifier():
        raise refused(node, "an attribute of this name is not read")
    in_class = owner.kind.find(name)
    if isinstance(in_class, FunctionOfSource) and in_class.kind == "property":
        raise refused(node, f"{name} is a property and cannot be assigned")
    if isinstance(value, Module):
        if in_class is not None or name in ATTRIBUTES_OF_MODULES:
            raise refused(node, f"{name} is an attribute of the class too, and that is what self.{name} would give")
        owner.values.pop(name, None)
        register(owner, name, value, node, is_running=is_running)
    elif name in owner.children:
        if value is not None:
            raise refused(node, f"self.{name} is a module and can only be replaced by one")
        del owner.children[name]
        owner.values[name] = None
    else:
        owner.values[name] = value


def register(owner: Module, name: str, child: Any, node: ast.AST, *, is_running: bool) -> None:
    """Make a module part of another; refused while ``forward`` runs, after the parameters were counted."""
    if is_running:
        raise refused(node, "forward makes a layer part of the network while it runs; do it in __init__")
    if not isinstance(child, Module):
        raise refused(node, "a module is expected here")
    if isinstance(owner, Instance) and not owner.is_ready:
        raise refused(node, "super().__init__() is not called before")
    owner.children[name] = child


def grow(owner: Module, how: str, arguments: list[Any], node: ast.AST, *, is_running: bool) -> None:
    """Read ``append``, ``extend``, ``insert`` and ``add_module``."""
    places = len(owner.children)
    match how, arguments:
        case (("add_module" | "register_module"), [str(name), child]) if is_name(name):
            taken = isinstance(owner, Instance) and (name in owner.values or owner.kind.find(name) is not None)
            if taken or name in ATTRIBUTES_OF_MODULES:
                raise refused(node, "there is an attribute of this name already")
            register(owner, name, child, node, is_running=is_running)
        case "append", [child] if parts_of(owner) is not None:
            register(owner, str(places), child, node, is_running=is_running)
        case "extend", [list() | tuple() as children] if parts_of(owner) is not None:
            if not all(isinstance(child, Module) for child in children):
                raise refused(node, "modules are expected here")
            for place, child in enumerate(children, places):
                register(owner, str(place), child, node, is_running=is_running)
        case "insert", [int(place), child] if parts_of(owner) is not None and 0 <= place <= places:
            children = list(owner.children.values())
            register(owner, str(places), child, node, is_running=is_running)
            children.insert(place, child)
            owner.children = {str(number): one for number, one in enumerate(children)}
        case _:
            raise refused(node, f"{how} is not read with these arguments")
