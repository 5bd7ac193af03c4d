"""Attributes in PyTorch source, looked up in Python's order: of modules, classes, tensors and imports."""

import ast
from collections.abc import Sequence
from typing import Any

from fullmarks.errors import nearest
from fullmarks.operators._pytorch_calls import Caller, run
from fullmarks.operators._pytorch_modules import (
    ATTRIBUTES_OF_MODULES,
    EVERY_MODULE_HAS,
    Chain,
    Instance,
    Module,
    assign_attribute,
    is_private,
)
from fullmarks.operators._pytorch_values import (
    ALL_SIZES,
    TRAINING,
    Bound,
    ClassOfSource,
    FunctionOfSource,
    Library,
    Super,
    Trace,
    known,
    refused,
)


def attribute(reader: Caller, owner: Any, node: ast.Attribute) -> Any:
    """Return ``owner.name``."""
    name = node.attr
    if is_private(name):
        raise refused(node, "private names are not read")
    match owner:
        case Library(path) if not path.startswith("builtins."):
            return Library(f"{path}.{name}")
        case Instance():
            found = _of_instance(owner, name, node)
            is_property = isinstance(found, FunctionOfSource) and found.kind == "property"
            return run(reader, found, (owner,), {}, node) if is_property else found
        case Chain() if name in owner.children and name not in EVERY_MODULE_HAS:
            return owner.children[name]
        case Module() if name == "training":
            return TRAINING
        case Module() if name in EVERY_MODULE_HAS:
            return Bound(owner, name)
        case Trace():
            return ALL_SIZES if name == "shape" else Bound(owner, name)
        case ClassOfSource():
            return _of_class(owner, name, owner, node)
        case Super(of, instance):
            return _of_class(of.base, name, instance, node)
        case list() | dict():
            return Bound(owner, name)
        case _:
            raise refused(node, f"the attribute {name} is not read here")


def _of_class(kind: Any, name: str, owner: Any, node: ast.Attribute) -> Any:
    """Return an attribute that is looked up from a class on; ``owner`` is what it is bound to."""
    if isinstance(kind, ClassOfSource):
        if any(name in one.names for one in kind.lines()):
            value = known(kind.find(name), node)
            if isinstance(value, FunctionOfSource) and value.kind == "property":
                raise refused(node, f"the property {name} is not read here")
            if isinstance(owner, ClassOfSource) and isinstance(value, FunctionOfSource):
                return Bound(owner, value) if value.kind == "classmethod" else value
            return _bound(value, owner)
        kind = kind.root
    if isinstance(kind, Library) and name == "__init__":
        return Bound(owner, kind.path) if isinstance(owner, Instance) else Library(f"{kind.path}.__init__")
    if isinstance(owner, Instance) and owner.is_sequential and name == "forward":
        return Bound(Chain(owner.children, is_called=True), name)
    raise refused(node, f"{ast.unparse(node)} is not known{nearest(name, kind.names if kind is owner else ())}")


def _of_instance(owner: Instance, name: str, node: ast.Attribute) -> Any:
    """Return ``owner.name`` in the order in which Python looks; a property comes unread, as its function."""
    in_class = owner.kind.find(name)
    if isinstance(in_class, FunctionOfSource) and in_class.kind == "property":
        return in_class
    if name in owner.values:
        return known(owner.values[name], node)
    if any(name in one.names for one in owner.kind.lines()):
        return _bound(known(in_class, node), owner)
    if name in owner.children:
        return owner.children[name]
    if name == "training":
        return TRAINING
    if name in EVERY_MODULE_HAS:
        return Bound(owner, name)
    if name in ATTRIBUTES_OF_MODULES:
        raise refused(node, f"{name} of a module is not read")
    code = ast.unparse(node)
    raise refused(node, f"{code} is not assigned in __init__{nearest(name, [*owner.values, *owner.children])}")


def _bound(value: Any, owner: Any) -> Any:
    """Return what an attribute of a class is for one of its instances."""
    match value:
        case FunctionOfSource(kind="plain"):
            return Bound(owner, value)
        case FunctionOfSource(kind="classmethod"):
            return Bound(owner.kind, value)
        case _:
            return value


def attribute_by_name(reader: Caller, how: str, arguments: Sequence[Any], node: ast.Call) -> Any:
    """Read ``getattr`` and ``setattr`` with a name that is known."""
    owner, name, *more = arguments
    if not name.isidentifier() or is_private(name):
        raise refused(node, "an attribute of this name is not read")
    if how == "getattr" and not more:
        looked_up = ast.Attribute(node.args[0], name, ast.Load())
        return attribute(reader, owner, ast.fix_missing_locations(ast.copy_location(looked_up, node)))
    if how == "setattr" and len(more) == 1:
        assign_attribute(owner, name, more[0], node, is_running=reader.is_running)
        reader.changed(owner)
        return None
    raise refused(node, f"{how} is not read with these arguments")
