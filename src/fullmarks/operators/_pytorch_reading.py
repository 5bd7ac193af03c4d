"""Reading PyTorch's source: what its expressions and statements stand for, where tensors are the layers behind them.

Nothing is run. A tensor is the trail of layers from the network's input to it, so that a sum of two tensors shows where
they parted: that is a residual block.
"""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from fullmarks.errors import FullmarksError, nearest
from fullmarks.operators._network import Flatten, Residual, Step
from fullmarks.operators._pytorch_layers import FUNCTIONS, MODULES, Taken, made_layer
from fullmarks.operators._pytorch_modules import (
    ALL_FEATURES,
    ALL_SIZES,
    BATCH,
    LayerModule,
    Module,
    Trace,
    refused,
    told,
)

LIBRARIES = ("nn", "torch", "F", "functional")  # the names that PyTorch is customarily imported by
LARGEST_NUMBER = 10**12
MOST_CALLS = 10_000
FLAT_FEATURES = "num_flat_features"  # the method by which PyTorch's first tutorial counts a sample's entries


class Instance(Module):
    """An instance of a class of the source; its attributes are its children and plain values."""

    def __init__(self, node: ast.ClassDef, reader: "Reader") -> None:
        super().__init__()
        self.node = node
        self.reader = reader
        self.values: dict[str, Any] = {}

    def assign(self, name: str, value: Any) -> None:
        """Keep ``self.name = value``."""
        self.values[name] = value
        if isinstance(value, Module):
            self.children[name] = value
            if not value.name:
                value.rename(name)

    def method(self, name: str) -> ast.FunctionDef | None:
        """Return a method of the class."""
        found = (one for one in self.node.body if isinstance(one, ast.FunctionDef) and one.name == name)
        return next(found, None)

    def called(self, arguments: Sequence[Any], named: Mapping[str, Any], place: ast.AST) -> Any:
        """Return what ``forward`` returns."""
        forward = self.method("forward")
        if forward is None:
            raise refused(self.node, f"class {self.node.name} has no forward")
        return self.reader.run(forward, (self, *arguments), named, place)


class Reader:
    """Reads the expressions and statements of one source."""

    def __init__(self, classes: Mapping[str, ast.ClassDef]) -> None:
        self.classes = classes
        self.calls = 0

    def instance(self, name: str, arguments: Sequence[Any], named: Mapping[str, Any], place: ast.AST) -> Instance:
        """Return an instance of a class of the source, its ``__init__`` read with these arguments."""
        made = Instance(self.classes[name], self)
        constructor = made.method("__init__")
        if constructor is not None:
            self.run(constructor, (made, *arguments), named, place)
        return made

    def run(self, function: ast.FunctionDef, arguments: Sequence[Any], named: Mapping[str, Any], place: ast.AST) -> Any:
        """Return what a function returns, its statements read one after another."""
        names = self._bound(function, arguments, named, place)
        for statement in function.body:
            if isinstance(statement, ast.Return):
                return None if statement.value is None else self.value(statement.value, names)
            self._read_statement(statement, names)
        return None

    def _bound(
        self, function: ast.FunctionDef, arguments: Sequence[Any], named: Mapping[str, Any], place: ast.AST
    ) -> dict[str, Any]:
        self.calls += 1
        if self.calls > MOST_CALLS:
            raise refused(place, "the network has too many calls to be read")
        parameters = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        if function.args.vararg or function.args.kwarg or function.args.kwonlyargs:
            raise refused(function, "only plain parameters are read, without * and **")
        if len(arguments) > len(parameters):
            raise refused(
                place, f"{len(arguments) - 1} arguments for {function.name}, which takes {len(parameters) - 1}"
            )
        defaults = function.args.defaults
        names = {
            parameter: self.value(default, {})
            for parameter, default in zip(parameters[len(parameters) - len(defaults) :], defaults, strict=True)
        }
        names |= dict(zip(parameters, arguments, strict=False))
        for name, value in named.items():
            if name not in parameters:
                raise refused(place, f"{function.name} has no parameter {name}{nearest(name, parameters)}")
            names[name] = value
        missing = [parameter for parameter in parameters if parameter not in names]
        if missing:
            raise refused(place, f"{function.name} lacks its argument {missing[0]}")
        return names

    def _read_statement(self, statement: ast.stmt, names: dict[str, Any]) -> None:
        match statement:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
                pass
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))))):
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names[name] = self.value(value, names)
            case ast.Assign(targets=[ast.Attribute(value=owner, attr=name)], value=value):
                instance = self.value(owner, names)
                if not isinstance(instance, Instance):
                    raise refused(statement, "only attributes of self can be assigned")
                instance.assign(name, self.value(value, names))
            case ast.AugAssign(target=ast.Name(id=name), op=operation, value=value):
                both = ast.BinOp(ast.Name(name, ast.Load()), operation, value)
                names[name] = self.value(ast.fix_missing_locations(ast.copy_location(both, statement)), names)
            case _:
                raise refused(statement, "this statement is not read; a network here is made of assignments and return")

    def value(self, node: ast.AST, names: Mapping[str, Any]) -> Any:
        """Return what an expression stands for."""
        match node:
            case ast.Constant(value=value) if value is None or isinstance(value, bool | int | float | str):
                return value
            case ast.Name(id=name):
                if name not in names:
                    raise refused(node, f"there is no {name} here{nearest(name, names)}")
                return names[name]
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return tuple(self.value(item, names) for item in items)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -_number(self.value(operand, names), node)
            case ast.BinOp(left=left, op=operation, right=right):
                return _combined(self.value(left, names), operation, self.value(right, names), node)
            case ast.Attribute(value=owner, attr=attribute):
                return _attribute(self.value(owner, names), attribute, node)
            case ast.Subscript(value=owner, slice=index):
                return _item(self.value(owner, names), self.value(index, names), node)
            case ast.Call():
                return self._called(node, names)
            case _:
                raise refused(node, "this expression is not read")

    def _called(self, node: ast.Call, names: Mapping[str, Any]) -> Any:
        arguments: list[Any] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                several = self.value(argument.value, names)
                arguments += several if isinstance(several, tuple) else [several]
            else:
                arguments.append(self.value(argument, names))
        named = {keyword.arg: self.value(keyword.value, names) for keyword in node.keywords if keyword.arg}
        if len(named) < len(node.keywords):
            raise refused(node, "** is not read")
        function = node.func
        if _is_library(function, names):
            return self._library_call(last_name(function), arguments, named, node)
        if isinstance(function, ast.Attribute):
            owner = self.value(function.value, names)
            if isinstance(owner, Trace):
                return _tensor_method(owner, function.attr, arguments, named, node)
            if isinstance(owner, Instance) and function.attr not in owner.values:
                return self._method_call(owner, function.attr, arguments, named, node)
        called = self.value(function, names)
        if not isinstance(called, Module):
            raise refused(node, "what is called here is no module")
        return called.called(arguments, named, node)

    def _method_call(
        self, owner: Instance, name: str, arguments: list[Any], named: dict[str, Any], node: ast.Call
    ) -> Any:
        if name == FLAT_FEATURES:
            return ALL_FEATURES
        method = owner.method(name)
        if method is None:
            raise refused(node, f"self.{name} is not assigned in __init__{nearest(name, owner.values)}")
        return self.run(method, (owner, *arguments), named, node)

    def _library_call(self, name: str, arguments: list[Any], named: dict[str, Any], node: ast.Call) -> Any:
        try:
            if name in self.classes:
                return self.instance(name, arguments, named, node)
            if name == "Sequential":
                return Module({str(place): _module(part, node) for place, part in enumerate(arguments)})
            if name == "add" and len(arguments) == 2:  # noqa: PLR2004 - torch.add(x, y)
                return _combined(arguments[0], ast.Add(), arguments[1], node)
            if arguments and isinstance(arguments[0], Trace):
                layer = made_layer(FUNCTIONS, Taken(name, arguments[1:], named))
                return Trace((*arguments[0].steps, Step(layer, told(node))))
            return LayerModule(made_layer(MODULES, Taken(name, arguments, named)), node)
        except FullmarksError as problem:
            raise (problem if str(problem).startswith("line ") else refused(node, str(problem))) from None


def _is_library(function: ast.expr, names: Mapping[str, Any]) -> bool:
    """Tell whether a call is of PyTorch, or of a class of the source, and of nothing that has a value here."""
    while isinstance(function, ast.Attribute):
        function = function.value
        if isinstance(function, ast.Name):
            return function.id in LIBRARIES and function.id not in names
    return isinstance(function, ast.Name) and function.id not in names


def last_name(node: ast.AST) -> str:
    """Return ``Conv2d`` of ``torch.nn.Conv2d``."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _tensor_method(trace: Trace, name: str, arguments: list[Any], named: dict[str, Any], node: ast.Call) -> Any:
    match name, arguments:
        case "size", []:
            return ALL_SIZES
        case "size", [0]:
            return BATCH
        case "view" | "reshape", _:
            shape = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], tuple) else tuple(arguments)
            return Trace((*trace.steps, Step(Flatten(_flat_length(shape, node)), told(node))))
        case "contiguous" | "clone" | "detach", []:
            return trace
        case "add", [other]:
            return _combined(trace, ast.Add(), other, node)
        case _:
            try:
                layer = made_layer(FUNCTIONS, Taken(name, arguments, named))
            except FullmarksError as problem:
                raise refused(node, str(problem)) from None
            return Trace((*trace.steps, Step(layer, told(node))))


def _flat_length(shape: tuple[Any, ...], node: ast.AST) -> int | None:
    """Return the length that a view of (samples, length) states, or ``None`` where it is whatever arrives."""
    match shape:
        case (first, second) if first in (-1, BATCH):
            if second == ALL_FEATURES or (second == -1 and first == BATCH):
                return None
            if isinstance(second, int) and second > 0:
                return second
    raise refused(node, "of views, x.view(-1, length) and x.view(x.size(0), -1) are read")


def _attribute(owner: Any, name: str, node: ast.AST) -> Any:
    if isinstance(owner, Instance):
        if name not in owner.values:
            raise refused(node, f"self.{name} is not assigned in __init__{nearest(name, owner.values)}")
        return owner.values[name]
    if isinstance(owner, Trace) and name == "shape":
        return ALL_SIZES
    raise refused(node, f"the attribute {name} is not read here")


def _item(owner: Any, index: Any, node: ast.AST) -> Any:
    if owner == ALL_SIZES and index == 0:
        return BATCH
    if isinstance(owner, tuple) and isinstance(index, int) and -len(owner) <= index < len(owner):
        return owner[index]
    if isinstance(owner, Module) and not isinstance(owner, Instance) and str(index) in owner.children:
        return owner.children[str(index)]
    raise refused(node, "this entry is not known before the network runs; write the number")


def _number(value: Any, node: ast.AST) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(node, "a number is expected here")
    return value


def _combined(left: Any, operation: ast.operator, right: Any, node: ast.AST) -> Any:
    if isinstance(left, Trace) and isinstance(right, Trace):
        if not isinstance(operation, ast.Add):
            raise refused(node, "of two tensors only the sum is read")
        return _sum(left, right, node)
    one, other = _number(left, node), _number(right, node)
    match operation:
        case ast.Add():
            result = one + other
        case ast.Sub():
            result = one - other
        case ast.Mult():
            result = one * other
        case ast.FloorDiv() if other != 0:
            result = one // other
        case _:
            raise refused(node, "of arithmetic, + − * and // are read")
    if abs(result) > LARGEST_NUMBER:
        raise refused(node, f"a number above {LARGEST_NUMBER:,}")
    return result


def _sum(left: Trace, right: Trace, node: ast.AST) -> Trace:
    """Join two tensors where they parted: the longer way is the block's layers, the other its shortcut."""
    pairs = zip(left.steps, right.steps, strict=False)
    together = next((place for place, (one, other) in enumerate(pairs) if one is not other), None)
    shared = min(len(left.steps), len(right.steps)) if together is None else together
    shortcut, body = sorted((left.steps[shared:], right.steps[shared:]), key=len)
    return Trace((*left.steps[:shared], Step(Residual(body, shortcut), told(node))))


def _module(value: Any, node: ast.AST) -> Module:
    if not isinstance(value, Module):
        raise refused(node, "nn.Sequential takes modules")
    return value
