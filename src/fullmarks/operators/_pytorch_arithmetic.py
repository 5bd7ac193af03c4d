"""Plain values of PyTorch source: arithmetic, comparisons and entries, all of a bounded size."""

import ast
from collections.abc import Callable
from typing import Any

from fullmarks.operators._pytorch_modules import Chain, Instance, Module, parts_of
from fullmarks.operators._pytorch_values import (
    ALL_SIZES,
    BATCH,
    LARGEST_NUMBER,
    ClassOfSource,
    FunctionOfSource,
    Library,
    Marker,
    Trace,
    refused,
)

LONGEST_LIST = 2000
LARGEST_EXPONENT = 64
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda one, other: one + other,
    ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other,
    ast.Div: lambda one, other: one / other,
    ast.FloorDiv: lambda one, other: one // other,
    ast.Mod: lambda one, other: one % other,
    ast.Pow: lambda one, other: one**other,
}
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda one, other: one < other,
    ast.LtE: lambda one, other: one <= other,
    ast.Gt: lambda one, other: one > other,
    ast.GtE: lambda one, other: one >= other,
}


def constant(node: ast.Constant) -> Any:
    """Return a number, a word, True, False or None."""
    value = node.value
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return _bounded(value, node)
    raise refused(node, "this constant is not read")


def number(value: Any, node: ast.AST) -> Any:
    """Return a value that is a number; anything else is refused."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(node, "a number is expected here")
    return value


def _bounded(value: Any, node: ast.AST) -> Any:
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise refused(node, f"a number above {LARGEST_NUMBER:,}")
    return value


def combined(left: Any, operation: ast.operator, right: Any, node: ast.AST) -> Any:
    """Return the result of arithmetic on numbers, or of ``+`` and ``*`` on lists."""
    match left, operation, right:
        case (list(), ast.Add(), list()) | (tuple(), ast.Add(), tuple()) | (str(), ast.Add(), str()):
            return of_bounded_length(left + right, node)
        case (list() | tuple(), ast.Mult(), int(count)) if len(left) * max(count, 0) <= LONGEST_LIST:
            return left * count
        case (int(count), ast.Mult(), list() | tuple()) if len(right) * max(count, 0) <= LONGEST_LIST:
            return right * count
    if isinstance(left, Trace) or isinstance(right, Trace):
        raise refused(node, "of arithmetic with tensors, only the sum is read, of two tensors")
    one, other = number(left, node), number(right, node)
    arithmetic = _ARITHMETIC.get(type(operation))
    if arithmetic is None:
        raise refused(node, "of arithmetic, + − * / // % ** are read")
    if isinstance(operation, ast.Pow) and not 0 <= other <= LARGEST_EXPONENT:
        raise refused(node, f"an exponent is from 0 to {LARGEST_EXPONENT}")
    try:
        result = arithmetic(one, other)
    except (ZeroDivisionError, OverflowError):
        raise refused(node, "this has no value") from None
    return _bounded(number(result, node), node)


def of_bounded_length(values: Any, node: ast.AST) -> Any:
    """Return a list, tuple, dict or word that is not too long."""
    if len(values) > LONGEST_LIST:
        raise refused(node, f"this is longer than {LONGEST_LIST:,}")
    return values


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_plain(one) for one in value)
    return value is None or isinstance(value, bool | int | float | str)


def compared(left: Any, operation: ast.cmpop, right: Any, node: ast.AST) -> bool:
    """Return what a comparison of values that are known gives."""
    if isinstance(operation, ast.Is | ast.IsNot) and (left is None or right is None) and not _is_open(left, right):
        return (left is right) == isinstance(operation, ast.Is)
    if isinstance(operation, ast.Eq | ast.NotEq) and _is_plain(left) and _is_plain(right):
        return bool(left == right) == isinstance(operation, ast.Eq)
    if isinstance(operation, ast.In | ast.NotIn) and _is_plain(left) and isinstance(right, list | tuple | dict):
        entries = list(right)
        if _is_plain(entries):
            return (left in entries) == isinstance(operation, ast.In)
    order = _ORDER.get(type(operation))
    if order is not None:
        return order(number(left, node), number(right, node))
    raise refused(node, "this comparison is not known before the network runs")


def _is_open(*values: Any) -> bool:
    return any(isinstance(value, Marker) or (isinstance(value, Library) and not value.is_layer) for value in values)


def is_true(value: Any, node: ast.AST) -> bool:
    """Return whether a value that is known counts as true."""
    if value is None or isinstance(value, bool | int | float | str | list | tuple | dict):
        return bool(value)
    if isinstance(value, Chain):
        return bool(value.children)
    if isinstance(value, Instance) and value.is_sequential:
        return bool(value.children)
    is_layer = isinstance(value, Library) and value.is_layer
    if is_layer or isinstance(value, Module | ClassOfSource | FunctionOfSource):
        return True
    raise refused(node, "whether this holds is not known before the network runs")


def item(owner: Any, index: Any, node: ast.AST) -> Any:
    """Return ``owner[index]``."""
    if owner == ALL_SIZES and index == 0 and index is not False:
        return BATCH
    if isinstance(owner, dict) and isinstance(index, str | int) and index in owner:
        return owner[index]
    entries = owner if isinstance(owner, list | tuple) else parts_of(owner)
    if entries is not None and isinstance(index, int) and not isinstance(index, bool):
        if -len(entries) <= index < len(entries):
            return entries[index]
        raise refused(node, f"there is no entry {index}, only {len(entries)} entries")
    raise refused(node, "this entry is not known before the network runs; write the number")


def part(owner: Any, bounds: slice, node: ast.AST) -> Any:
    """Return ``owner[start:stop:step]``; of a row of modules the same modules in a new row."""
    if bounds.step == 0:
        raise refused(node, "a step of 0")
    if isinstance(owner, list | tuple):
        return owner[bounds]
    if isinstance(owner, Chain):
        chosen = list(owner.children.items())[bounds]
        names = [name for name, _ in chosen] if owner.is_called else [str(place) for place in range(len(chosen))]
        modules = (module for _, module in chosen)
        return Chain(dict(zip(names, modules, strict=True)), is_called=owner.is_called)
    raise refused(node, "a part of this is not known before the network runs")


def entries_of(value: Any, node: ast.AST) -> list[Any]:
    """Return what a loop over a value meets."""
    if isinstance(value, list | tuple | dict):
        return list(value)
    parts = parts_of(value)
    if parts is None:
        raise refused(node, "a loop over this is not read")
    return list(parts)
