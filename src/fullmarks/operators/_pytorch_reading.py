"""Reading PyTorch source: what its expressions stand for, where a tensor is the step of the network that it leaves.

Nothing is run. Every expression is understood or refused with its line, and all work is counted.
"""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.operators._network import Layer, Step
from fullmarks.operators._network_rows import MOST_ROWS
from fullmarks.operators._pytorch_arithmetic import (
    combined,
    compared,
    constant,
    entries_of,
    is_true,
    item,
    number,
    of_bounded_length,
    part,
)
from fullmarks.operators._pytorch_attributes import attribute, attribute_by_name
from fullmarks.operators._pytorch_calls import call
from fullmarks.operators._pytorch_functions import counts_features, is_idle, locals_of, super_of
from fullmarks.operators._pytorch_library import (
    added,
)
from fullmarks.operators._pytorch_modules import (
    LayerModule,
    Module,
    assign_attribute,
)
from fullmarks.operators._pytorch_values import (
    Bound,
    FunctionOfSource,
    Library,
    Scope,
    Trace,
    Unknown,
    refused,
    told,
)

MOVES = ("to", "cpu", "cuda")  # methods whose arguments, a device or type, need not be known
MOST_READ = 100_000  # expressions, statements and calls


class Use(Struct, frozen=True, eq=False):
    """One step that ``forward`` takes, and the numbers of those whose tensors it takes."""

    step: Step
    sources: tuple[int, ...]
    module: LayerModule | None = None


class Reader:
    """Reads the expressions of one source, and takes down the steps of the network that runs."""

    def __init__(self) -> None:
        self.is_running = False
        self.uses: list[Use] = []
        self.changes = 0  # of what there was before the statement that is being read
        self.fresh: dict[int, object] = {}  # the modules and lists that this statement has made
        self._read = 0
        self.depth = 0  # of calls within calls

    def count(self, node: ast.AST, more: int = 0) -> None:
        """Count one thing that is read, and more for a long one; too many are refused."""
        self._read += 1 + more
        if self._read > MOST_READ:
            raise refused(node, f"reading the network takes more than {MOST_READ:,} steps")

    def changed(self, owner: object) -> None:
        """Note that a module or list was changed, if this statement has not made it."""
        self.changes += id(owner) not in self.fresh

    def step(self, layer: Layer, node: ast.AST, *sources: Trace, module: LayerModule | None = None) -> Trace:
        """Take down one use of a layer."""
        if not self.is_running:
            raise refused(node, "a layer is used outside of forward")
        if len(self.uses) == MOST_ROWS:
            raise refused(node, f"the network has more than {MOST_ROWS:,} layers")
        place, name = (told(node), "") if module is None else (told(module.place), module.name)
        self.uses.append(Use(Step(layer, place, name), tuple(source.step for source in sources), module))
        return Trace(len(self.uses))

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return what an expression stands for."""
        found = self._value(node, scope)
        if isinstance(node, ast.List | ast.Dict | ast.ListComp | ast.GeneratorExp | ast.BinOp | ast.Lambda):
            self.fresh[id(found)] = found
        self.count(node, len(found) // 10 if isinstance(found, list | tuple | str | dict) else 0)
        return found

    def _value(self, node: ast.expr, scope: Scope) -> Any:
        match node:
            case ast.Constant():
                return constant(node)
            case ast.Name():
                return scope.find(node)
            case ast.Tuple(elts=items):
                return tuple(self._items(items, scope))
            case ast.List(elts=items):
                return self._items(items, scope)
            case ast.Dict(keys=keys, values=values):
                return self._dictionary(keys, values, scope, node)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not is_true(self.value(operand, scope), node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -number(self.value(operand, scope), node)
            case ast.BinOp(left=left, op=operation, right=right):
                return self.binary(self.value(left, scope), operation, self.value(right, scope), node)
            case ast.BoolOp(op=operation, values=values):
                return self._either(isinstance(operation, ast.Or), values, scope)
            case ast.Compare(left=left, ops=[operation], comparators=[right]):
                return compared(self.value(left, scope), operation, self.value(right, scope), node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if is_true(self.value(test, scope), test) else orelse, scope)
            case ast.Attribute(value=owner):
                return attribute(self, self.value(owner, scope), node)
            case ast.Subscript(value=owner, slice=ast.Slice(lower=lower, upper=upper, step=step)):
                return part(self.value(owner, scope), self._slice((lower, upper, step), scope), node)
            case ast.Subscript(value=owner, slice=index):
                return item(self.value(owner, scope), self.value(index, scope), node)
            case ast.Call():
                return self._called(node, scope)
            case ast.ListComp(elt=element, generators=loops) | ast.GeneratorExp(elt=element, generators=loops):
                found: list[Any] = []
                self._comprehension(element, loops, Scope({}, scope, owner=scope.owner), found)
                return found
            case ast.JoinedStr(values=parts):
                return self._text(parts, scope)
            case ast.Lambda():
                return self.function(node, scope)
            case _:
                raise refused(node, "this expression is not read")

    def _items(self, nodes: Sequence[ast.expr], scope: Scope) -> list[Any]:
        found: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found += entries_of(self.value(node.value, scope), node)
                of_bounded_length(found, node)
            else:
                found.append(self.value(node, scope))
        return found

    def _dictionary(
        self, keys: Sequence[ast.expr | None], values: Sequence[ast.expr], scope: Scope, node: ast.AST
    ) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in zip(keys, values, strict=True):
            name = None if key is None else self.value(key, scope)
            if type(name) not in (str, int):
                raise refused(node, "the keys of a dictionary are words or whole numbers here")
            found[name] = self.value(value, scope)
        return found

    def _either(self, wanted: bool, nodes: Sequence[ast.expr], scope: Scope) -> Any:
        for node in nodes[:-1]:
            value = self.value(node, scope)
            if is_true(value, node) == wanted:
                return value
        return self.value(nodes[-1], scope)

    def _slice(self, bounds: Sequence[ast.expr | None], scope: Scope) -> slice:
        found = [None if one is None else self.value(one, scope) for one in bounds]
        for one, value in zip(bounds, found, strict=True):
            if one is not None and value is not None and type(value) is not int:
                raise refused(one, "a whole number is expected here")
        return slice(*found)

    def _comprehension(
        self, element: ast.expr, loops: Sequence[ast.comprehension], scope: Scope, found: list[Any]
    ) -> None:
        if not loops:
            found.append(self.value(element, scope))
            of_bounded_length(found, element)
            return
        loop, *inner = loops
        for one in entries_of(self.value(loop.iter, scope), loop.iter):
            self.assign(loop.target, one, scope)
            if all(is_true(self.value(test, scope), test) for test in loop.ifs):
                self._comprehension(element, inner, scope, found)

    def _text(self, parts: Sequence[ast.expr], scope: Scope) -> str:
        text = ""
        for one in parts:
            value = constant(one) if isinstance(one, ast.Constant) else None
            if isinstance(one, ast.FormattedValue) and one.conversion == -1 and one.format_spec is None:
                value = self.value(one.value, scope)
            if type(value) not in (str, int):
                raise refused(one, "only words and whole numbers are put into a text")
            text = of_bounded_length(text + str(value), one)
        return text

    def binary(self, left: Any, operation: ast.operator, right: Any, node: ast.AST) -> Any:
        """Return what arithmetic gives; the sum of two tensors is a step of the network."""
        if isinstance(left, Trace) and isinstance(right, Trace) and isinstance(operation, ast.Add):
            return added(self, left, right, node)
        return combined(left, operation, right, node)

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Keep a value by a name or as an attribute, or several by several."""
        match target:
            case ast.Name(id=name):
                scope.names[name] = value
            case ast.Attribute(value=owner, attr=name):
                changed = self.value(owner, scope)
                assign_attribute(changed, name, value, target, is_running=self.is_running)
                self.changed(changed)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                values = entries_of(value, target)
                if len(values) != len(targets):
                    raise refused(target, f"{len(values)} values for {len(targets)} names")
                for one, single in zip(targets, values, strict=True):
                    self.assign(one, single, scope)
            case _:
                raise refused(target, "an assignment to this is not read")

    def function(
        self, node: ast.FunctionDef | ast.Lambda, scope: Scope, defaults_in: Scope | None = None, **more: Any
    ) -> FunctionOfSource:
        """Return a function; its defaults are read now, as Python does, in a class among the names of its body."""
        arguments = node.args
        plain = [*arguments.posonlyargs, *arguments.args]
        pairs = list(zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults, strict=True))
        pairs += [(one, given) for one, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if given]
        defaults = {one.arg: self._default(given, defaults_in or scope) for one, given in pairs}
        self.count(node, sum(1 for _ in ast.walk(node)) // 10)
        return FunctionOfSource(node, defaults, scope, locals_of(node), counts_features(node), **more)

    def _default(self, node: ast.expr, scope: Scope) -> Any:
        try:
            return self.value(node, scope)
        except FullmarksError as problem:
            if self.depth:
                raise
            return Unknown(str(problem))  # outside of functions, only what is used must be understood

    def _called(self, node: ast.Call, scope: Scope) -> Any:
        function = self.value(node.func, scope)
        if isinstance(function, Bound) and isinstance(function.owner, Module | Trace):
            fixed = {"register_buffer": 1, **dict.fromkeys(MOVES, 0)}.get(str(function.method))
            if fixed is not None and all(is_idle(one, scope) for one in (*node.args[fixed:], *node.keywords)):
                return call(self, function, self._items(node.args[:fixed], scope), {}, node)
        arguments = self._items(node.args, scope)
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            several = {keyword.arg: value} if keyword.arg else value
            if not isinstance(several, dict) or any(not _is_new(name, named) for name in several):
                raise refused(node, "a dictionary of new names is expected behind **")
            named |= several
        match function:
            case Library("builtins.super"):
                return super_of(arguments, scope, node)
            case Library("builtins.getattr" | "builtins.setattr") if len(arguments) >= 2 and type(arguments[1]) is str:  # noqa: PLR2004
                return attribute_by_name(self, function.name, arguments, node)
            case _:
                return call(self, function, arguments, named, node)


def _is_new(name: Any, named: Mapping[str, Any]) -> bool:
    return isinstance(name, str) and name.isidentifier() and name not in named
