"""What calls of PyTorch, of Python's builtins and of a tensor's methods give while source is read."""

import ast
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from fullmarks.errors import FullmarksError, nearest
from fullmarks.operators._network import Flatten, Layer, Sum
from fullmarks.operators._pytorch_arithmetic import LONGEST_LIST, entries_of, is_true, number, of_bounded_length
from fullmarks.operators._pytorch_layers import FUNCTIONS, MODULES, TENSOR_FUNCTIONS, Made, Taken, made_layer
from fullmarks.operators._pytorch_modules import (
    GROWING,
    KEEP_THE_MODULE,
    Chain,
    Instance,
    LayerModule,
    Module,
    grow,
    is_name,
)
from fullmarks.operators._pytorch_values import (
    ALL_SIZES,
    BATCH,
    Bound,
    Features,
    Trace,
    Unknown,
    refused,
    told,
)

SAME_TENSOR = ("contiguous", "clone", "detach")
SAME_VALUES = ("to", "cpu", "cuda", "float")  # on another device
Named = Mapping[str, Any]


class Tracer(Protocol):
    """What takes down the steps of a network: a ``Reader``."""

    is_running: bool

    def step(self, layer: Layer, node: ast.AST, *sources: Trace) -> Trace:
        """Take down one use of a layer."""


def called_library(tracer: Tracer, path: str, arguments: list[Any], named: Named, node: ast.AST) -> Any:
    """Return what a call of PyTorch or a builtin gives."""
    try:
        return _called(tracer, path, arguments, dict(named), node)
    except FullmarksError as problem:
        raise (problem if str(problem).startswith("line ") else refused(node, str(problem))) from None


def _called(tracer: Tracer, path: str, arguments: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
    where, _, name = path.rpartition(".")
    match where, name:
        case "builtins", _:
            return _builtin(name, arguments, named, node)
        case "torch.nn", "Sequential":
            return Chain(_parts(arguments, named, node), is_called=True)
        case "torch.nn", "ModuleList":
            children = entries_of(arguments[0], node) if arguments else []
            if len(arguments) > 1 or named:
                raise refused(node, "nn.ModuleList takes one list")
            return Chain(_parts(children, {}, node), is_called=False)
        case "torch.nn", _:
            return LayerModule(made_layer(MODULES, Taken(name, arguments, named)), node)
        case "torch", "add":
            return _sum(tracer, arguments, named, node)
        case (("torch.nn.functional" | "torch"), _):
            tables: dict[str, Mapping[str, Made]] = {"torch": TENSOR_FUNCTIONS, "torch.nn.functional": FUNCTIONS}
            if "input" in named and not arguments:
                arguments = [named.pop("input")]
            return _layer_of_function(tracer, tables[where], name, arguments, named, node)
        case "torch.nn.Module" | "torch.nn.Sequential", "__init__":
            if not arguments:
                raise refused(node, "self is missing")
            initialised(arguments[0], name=where, arguments=arguments[1:], named=named, node=node)
            return None
        case "collections", "OrderedDict":
            return _dictionary(arguments, named, node)
        case _:
            raise refused(node, f"{path} is not read, only PyTorch's layers and what this source defines")


def initialised(owner: Any, name: str, arguments: list[Any], named: Named, node: ast.AST) -> None:
    """Read the ``__init__`` of ``nn.Module`` or ``nn.Sequential``."""
    if not isinstance(owner, Instance):
        raise refused(node, "self is expected here")
    owner.is_ready = True
    owner.children = {}
    if name.endswith("Sequential"):
        owner.children = _parts(arguments, named, node)
    elif arguments or named:
        raise refused(node, "nn.Module takes no arguments")


def _parts(arguments: list[Any], named: Named, node: ast.AST) -> dict[str, Module]:
    if named:
        raise refused(node, f"the argument {next(iter(named))} is not read")
    match arguments:
        case [dict(parts)]:
            pass
        case _:
            parts = {str(place): part for place, part in enumerate(arguments)}
    for name, part in parts.items():
        if not is_name(name) or not isinstance(part, Module):
            raise refused(node, "modules are expected here")
    return dict(parts)


def _layer_of_function(
    tracer: Tracer, known: Mapping[str, Made], name: str, arguments: list[Any], named: Named, node: ast.AST
) -> Trace:
    taken = Taken(name, arguments[1:], named)
    layer = made_layer(known, taken)
    if not arguments or not isinstance(arguments[0], Trace):
        raise refused(node, f"{name} is called with a tensor")
    return tracer.step(layer, node, arguments[0])


def added(tracer: Tracer, left: Trace, right: Trace, node: ast.AST) -> Trace:
    """Return the sum of two tensors."""
    return tracer.step(Sum(), node, left, right)


def _sum(tracer: Tracer, arguments: list[Any], named: Named, node: ast.AST) -> Trace:
    match arguments:
        case [Trace() as left, Trace() as right] if not named:
            return added(tracer, left, right, node)
        case _:
            raise refused(node, "the sum of two tensors is read")


def called_on_tensor(tracer: Tracer, trace: Trace, name: str, arguments: list[Any], named: Named, node: ast.AST) -> Any:
    """Return what a tensor's method gives."""
    match name, arguments:
        case "size", [] if not named:
            return ALL_SIZES
        case "size", [0] if not named and arguments[0] is not False:
            return BATCH
        case "view" | "reshape", _ if not named:
            shape = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], tuple | list) else arguments
            return tracer.step(Flatten(_flat_length(trace, tuple(shape), node)), node, trace)
        case _, [] if name in SAME_TENSOR and not named:
            return trace
        case _ if name in SAME_VALUES:
            return trace
        case "add" | "add_", [other]:
            return _sum(tracer, [trace, other], named, node)
        case _ if name in TENSOR_FUNCTIONS:
            try:
                return _layer_of_function(tracer, TENSOR_FUNCTIONS, name, [trace, *arguments], named, node)
            except FullmarksError as problem:
                raise (problem if str(problem).startswith("line ") else refused(node, str(problem))) from None
        case _:
            listed = ("size", "view", "reshape", *SAME_TENSOR, *SAME_VALUES, "add", *TENSOR_FUNCTIONS)
            if name in listed:
                raise refused(node, f"{name} of a tensor is not read with these arguments")
            raise refused(node, f"{name} of a tensor is not read{nearest(name, listed)} (known: {', '.join(listed)})")


def _flat_length(trace: Trace, shape: tuple[Any, ...], node: ast.AST) -> int | None:
    """Return the length that a view of (samples, length) states, or ``None`` where it is whatever arrives."""
    match shape:
        case (first, second) if first in (-1, BATCH) and type(first) is not bool:
            if second == Features(trace.step) or (second == -1 and first == BATCH):
                return None
            if type(second) is int and second > 0:
                return second
    raise refused(node, "of views, x.view(-1, length) and x.view(x.size(0), -1) are read")


def called_on_module(tracer: Tracer, bound: Bound, arguments: list[Any], named: Named, node: ast.AST) -> Any:
    """Return what one of the methods gives that every module has."""
    owner, name = bound.owner, bound.method
    if name in KEEP_THE_MODULE:
        return owner
    if name in GROWING and not named:
        grow(owner, str(name), arguments, node, is_running=tracer.is_running)
        return owner if parts_can_grow(owner) else None
    if name == "register_buffer" and isinstance(owner, Instance) and arguments and isinstance(arguments[0], str):
        owner.values[arguments[0]] = Unknown(told(node))
        return None
    raise refused(node, f"{name} of a module is not read")


def parts_can_grow(owner: Module) -> bool:
    """True if ``append`` returns the module itself."""
    return isinstance(owner, Chain)


def _dictionary(arguments: list[Any], named: Named, node: ast.AST) -> dict[Any, Any]:
    match arguments:
        case []:
            return dict(named)
        case [dict(entries)]:
            return {**entries, **named}
        case [list() | tuple() as pairs] if all(
            isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str)  # noqa: PLR2004 - a pair
            for pair in pairs
        ):
            return {**dict(pairs), **named}
        case _:
            raise refused(node, "a list of pairs is expected here")


def _builtin(name: str, arguments: list[Any], named: Named, node: ast.AST) -> Any:
    if named and name != "dict":
        raise refused(node, f"{name} is not read with the argument {next(iter(named))}")
    match name, arguments:
        case "len", [Trace()]:
            return BATCH
        case "len", [str(text)]:
            return len(text)
        case "len", [value]:
            return len(entries_of(value, node))
        case "range", _ if 1 <= len(arguments) <= 3 and all(type(one) is int for one in arguments):  # noqa: PLR2004
            return _range(arguments, node)
        case (("list" | "tuple"), []):
            return [] if name == "list" else ()
        case "list", [value]:
            return entries_of(value, node)
        case "tuple", [value]:
            return tuple(entries_of(value, node))
        case "dict", _:
            return _dictionary(arguments, named, node)
        case "enumerate", [value, *start] if len(start) < 2 and all(type(one) is int for one in start):  # noqa: PLR2004
            return [(place, one) for place, one in enumerate(entries_of(value, node), *start)]
        case "zip", _:
            return list(zip(*(entries_of(value, node) for value in arguments), strict=False))
        case "reversed", [value]:
            return entries_of(value, node)[::-1]
        case "bool", [value]:
            return is_true(value, node)
        case "str", [str() | int() as value]:
            return str(value)
        case _ if name in _OF_NUMBERS:
            values = entries_of(arguments[0], node) if name in _OF_LISTS and len(arguments) == 1 else arguments
            is_misused = name not in _OF_LISTS and len(values) != 1
            if is_misused or (name != "sum" and not values) or (name == "sum" and len(arguments) != 1):
                raise refused(node, f"{name} is not read with these arguments")
            numbers = [number(value, node) for value in values]
            return _OF_NUMBERS[name](numbers)
        case _:
            raise refused(node, f"{name} is not read")


_OF_LISTS = ("max", "min", "sum")
_OF_NUMBERS: Mapping[str, Callable[[list[Any]], Any]] = {
    "max": max,
    "min": min,
    "sum": sum,
    "abs": lambda values: abs(values[0]),
    "int": lambda values: int(values[0]),
    "float": lambda values: float(values[0]),
}


def _range(arguments: list[int], node: ast.AST) -> list[int]:
    if len(arguments) == 3 and arguments[2] == 0:  # noqa: PLR2004 - start, stop, step
        raise refused(node, "a step of 0")
    numbers = range(*arguments)
    if len(numbers) > LONGEST_LIST:
        raise refused(node, f"this is longer than {LONGEST_LIST:,}")
    return list(of_bounded_length(numbers, node))


def called_on_values(owner: Any, name: str, arguments: list[Any], named: Named, node: ast.AST) -> Any:
    """Return what a method of a list or a dictionary gives."""
    match owner, name, arguments:
        case list(), "append", [value] if not named:
            owner.append(value)
        case list(), "extend", [values] if not named:
            owner += entries_of(values, node)
        case list(), "insert", [int(place), value] if not named:
            owner.insert(place, value)
        case dict(), "keys", []:
            return list(owner)
        case dict(), "values", []:
            return list(owner.values())
        case dict(), "items", []:
            return list(owner.items())
        case dict(), "get", [str() | int() as key, *default] if len(default) < 2:  # noqa: PLR2004
            return owner.get(key, *default)
        case _:
            raise refused(node, f"{name} is not read here")
    of_bounded_length(owner, node)
    return None
