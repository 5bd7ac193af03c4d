"""Calls in PyTorch source: of functions and classes of the source, of modules, and of what PyTorch and Python have."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from fullmarks.operators._network import Layer
from fullmarks.operators._pytorch_functions import bound_arguments
from fullmarks.operators._pytorch_library import (
    called_library,
    called_on_module,
    called_on_tensor,
    called_on_values,
    initialised,
)
from fullmarks.operators._pytorch_modules import KEEP_THE_MODULE, Chain, Instance, LayerModule, Module
from fullmarks.operators._pytorch_statements import Evaluator, Returned, read_statements
from fullmarks.operators._pytorch_values import (
    MODULE_CLASSES,
    Bound,
    ClassOfSource,
    Features,
    FunctionOfSource,
    Library,
    Scope,
    Trace,
    known,
    refused,
)

DEEPEST_CALL = 30


class Caller(Evaluator, Protocol):
    """What reads expressions and takes down steps: a ``Reader``."""

    is_running: bool
    depth: int
    fresh: dict[int, object]

    def step(self, layer: Layer, node: ast.AST, *sources: Trace, module: LayerModule | None = None) -> Trace:
        """Take down one use of a layer."""


def call(reader: Caller, function: Any, arguments: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
    """Return what a call gives."""
    reader.count(node)
    match function:
        case Library(path):
            made = called_library(reader, path, list(arguments), named, node)
            reader.fresh[id(made)] = made
            return made
        case FunctionOfSource():
            return run(reader, function, arguments, named, node)
        case ClassOfSource():
            return instance(reader, function, arguments, named, node)
        case Module():
            return forward(reader, function, arguments, named, node)
        case Bound(owner, FunctionOfSource() as method):
            return run(reader, method, (owner, *arguments), named, node)
        case Bound(Trace() as trace, str(name)):
            return called_on_tensor(reader, trace, name, list(arguments), named, node)
        case Bound(Instance() as owner, "torch.nn.Module" | "torch.nn.Sequential" as root):
            return initialised(owner, root, list(arguments), named, node)
        case Bound(Chain() as owner, "forward"):
            return forward(reader, owner, arguments, named, node)
        case Bound(Module(), str()):
            result = called_on_module(reader, function, list(arguments), named, node)
            if function.method not in KEEP_THE_MODULE:
                reader.changed(function.owner)
            return result
        case Bound(owner, str(name)):
            result = called_on_values(owner, name, list(arguments), named, node)
            reader.changed(owner)
            return result
        case _:
            raise refused(node, "what is called here is neither a module nor a function")


def forward(reader: Caller, module: Module, arguments: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
    """Return what a call of a module gives."""
    reader.count(node)
    if isinstance(module, Instance):
        method = module.values.get("forward", known(module.kind.find("forward"), node))
        if isinstance(method, FunctionOfSource) and method.kind == "plain" and "forward" not in module.values:
            return run(reader, method, (module, *arguments), named, node)
        if method is not None or not module.is_sequential:
            raise refused(module.kind.node, f"class {module.kind.name} has no forward that is read")
    if len(arguments) != 1 or named or not isinstance(arguments[0], Trace):
        raise refused(node, "a layer is called with one tensor")
    if isinstance(module, LayerModule):
        return reader.step(module.layer, node, arguments[0], module=module)
    if isinstance(module, Chain) and not module.is_called:
        raise refused(node, "nn.ModuleList cannot be called, only its entries")
    (trace,) = arguments
    for child in module.children.values():
        trace = forward(reader, child, (trace,), {}, node)
    return trace


def instance(
    reader: Caller, kind: ClassOfSource, arguments: Sequence[Any], named: Mapping[str, Any], node: ast.AST
) -> Instance:
    """Return an instance of a class of the source, its ``__init__`` read with these arguments."""
    for one in kind.lines():
        if one.problem:
            raise refused(node, f"class {one.name} is not read: {one.problem}")
    if not isinstance(kind.root, Library) or kind.root.path not in MODULE_CLASSES:
        raise refused(node, f"class {kind.name} derives neither from nn.Module nor from nn.Sequential")
    made = Instance(kind)
    reader.fresh[id(made)] = made
    constructor = known(kind.find("__init__"), node)
    if isinstance(constructor, FunctionOfSource):
        run(reader, constructor, (made, *arguments), named, node)
    else:
        initialised(made, kind.root.path, list(arguments), named, node)
    if not made.is_ready:
        raise refused(kind.node, f"the __init__ of {kind.name} does not call super().__init__()")
    return made


def run(
    reader: Caller, function: FunctionOfSource, arguments: Sequence[Any], named: Mapping[str, Any], node: ast.AST
) -> Any:
    """Return what a function returns."""
    reader.count(node)
    if function.counts_features and len(arguments) == 2 and isinstance(arguments[1], Trace) and not named:  # noqa: PLR2004
        return Features(arguments[1].step)
    if reader.depth == DEEPEST_CALL:
        raise refused(node, f"calls are nested deeper than {DEEPEST_CALL}")
    names = bound_arguments(function, arguments, named, node)
    owner = None if function.owner is None or not arguments else (function.owner, arguments[0])
    scope = Scope(names, function.scope, function.local, owner)
    reader.depth += 1
    try:
        if isinstance(function.node, ast.Lambda):
            return reader.value(function.node.body, scope)
        end = read_statements(reader, function.node.body, scope)
        return end.value if isinstance(end, Returned) else None
    finally:
        reader.depth -= 1
