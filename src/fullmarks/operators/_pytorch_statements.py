"""The statements of PyTorch source: each is read in its turn, or refused with its line."""

import ast
from collections.abc import Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.operators._network import Convolution, Linear
from fullmarks.operators._pytorch_arithmetic import entries_of, is_true
from fullmarks.operators._pytorch_layers import MODULES
from fullmarks.operators._pytorch_modules import LayerModule, is_private
from fullmarks.operators._pytorch_values import (
    ALLOWED_DUNDERS,
    RESERVED,
    ClassOfSource,
    FunctionOfSource,
    Library,
    Scope,
    Unknown,
    refused,
)

FROM_TORCH_NN = ("Module", "Sequential", "ModuleList", *MODULES)  # the names that ``import *`` brings, of those read
HARMLESS_CONTEXTS = ("torch.no_grad", "torch.inference_mode", "torch.enable_grad")


class Returned(Struct, frozen=True, eq=False):
    """A function's end, and its value."""

    value: Any


End = Returned | Literal["break", "continue"] | None


class Evaluator(Protocol):
    """What reads expressions: a ``Reader``."""

    def changed(self, owner: object) -> None:
        """Note that a module or list was changed."""

    def count(self, node: ast.AST) -> None:
        """Count one thing that is read."""

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return what an expression stands for."""

    def binary(self, left: Any, operation: ast.operator, right: Any, node: ast.AST) -> Any:
        """Return what arithmetic gives."""

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Keep a value."""

    def function(
        self, node: ast.FunctionDef | ast.Lambda, scope: Scope, defaults_in: Scope | None = None, **more: Any
    ) -> FunctionOfSource:
        """Return a function."""


def read_statements(reader: Evaluator, statements: Sequence[ast.stmt], scope: Scope) -> End:
    """Read statements one after another until one ends them."""
    for statement in statements:
        end = read_statement(reader, statement, scope)
        if end is not None:
            return end
    return None


def read_statement(reader: Evaluator, statement: ast.stmt, scope: Scope) -> End:
    """Read one statement; raises ``FullmarksError`` with its line where it is not understood."""
    reader.count(statement)
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.AnnAssign(value=None):
            return None
        case ast.Expr(value=ast.Call() as call):
            if not (_only_prints(call, scope, reader) or _only_fills(call, scope, reader)):
                reader.value(call, scope)
            return None
        case ast.Assign(targets=targets, value=value):
            found = reader.value(value, scope)
            for target in targets:
                reader.assign(target, found, scope)
            return None
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            reader.assign(target, reader.value(value, scope), scope)
            return None
        case ast.AugAssign():
            _read_augmented(reader, statement, scope)
            return None
        case ast.If(test=test, body=body, orelse=orelse):
            return read_statements(reader, body if is_true(reader.value(test, scope), test) else orelse, scope)
        case ast.For(orelse=[]):
            return _read_loop(reader, statement, scope)
        case ast.With(
            items=[ast.withitem(context_expr=ast.Call(func=called, args=[], keywords=[]), optional_vars=None)]
        ):
            context = reader.value(called, scope)
            if isinstance(context, Library) and context.path in HARMLESS_CONTEXTS:
                return read_statements(reader, statement.body, scope)
        case ast.Assert(test=test):
            if is_true(reader.value(test, scope), test):
                return None
            raise refused(statement, "this does not hold")
        case ast.Return(value=value):
            return Returned(None if value is None else reader.value(value, scope))
        case ast.Break():
            return "break"
        case ast.Continue():
            return "continue"
        case ast.Import() | ast.ImportFrom():
            read_import(statement, scope)
            return None
        case ast.FunctionDef(decorator_list=[]):
            scope.names[statement.name] = reader.function(statement, scope)
            return None
        case ast.Raise():
            raise refused(statement, "this ends in an error")
    raise refused(statement, "this statement is not read")


def _read_loop(reader: Evaluator, statement: ast.For, scope: Scope) -> End:
    for one in entries_of(reader.value(statement.iter, scope), statement.iter):
        reader.count(statement)
        reader.assign(statement.target, one, scope)
        end = read_statements(reader, statement.body, scope)
        if end == "break":
            break
        if isinstance(end, Returned):
            return end
    return None


def _read_augmented(reader: Evaluator, statement: ast.AugAssign, scope: Scope) -> None:
    target = statement.target
    if isinstance(target, ast.Subscript):
        raise refused(statement, "an assignment to this is not read")
    loaded = ast.copy_location(
        ast.Name(target.id, ast.Load())
        if isinstance(target, ast.Name)
        else ast.Attribute(target.value, target.attr, ast.Load()),
        target,
    )
    before = reader.value(loaded, scope)
    after = reader.binary(before, statement.op, reader.value(statement.value, scope), statement)
    if isinstance(before, list) and isinstance(after, list):  # += changes the list itself
        reader.changed(before)
        before[:] = after
        after = before
    reader.assign(target, after, scope)


def _only_prints(call: ast.Call, scope: Scope, reader: Evaluator) -> bool:
    """True for ``print`` of what calls nothing but ``x.size()``."""
    if not isinstance(call.func, ast.Name) or call.func.id != "print":
        return False
    if reader.value(call.func, scope) != Library("builtins.print"):
        return False
    inner = [one for argument in (*call.args, *call.keywords) for one in ast.walk(argument)]
    if any(isinstance(one, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom) for one in inner):
        raise refused(call, "only what changes nothing can be printed")
    if not all(_is_size(one) for one in inner if isinstance(one, ast.Call)):
        raise refused(call, "only what calls nothing can be printed")
    for one in inner:
        if isinstance(one, ast.Name) or (isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)):
            reader.value(one, scope)  # refused where there is no such name
    return True


def _is_size(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "size" and isinstance(call.func.value, ast.Name)


def _only_fills(call: ast.Call, scope: Scope, reader: Evaluator) -> bool:
    """True for ``nn.init.…`` of a layer's weight or bias, which changes no count."""
    if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Attribute):
        return False
    if call.func.value.attr != "init":
        return False
    function = reader.value(call.func, scope)
    if not isinstance(function, Library) or not function.path.startswith("torch.nn.init."):
        return False
    match call.args:
        case [ast.Attribute(value=owner, attr="weight" | "bias" as what), *others]:
            layer = reader.value(owner, scope)
            has_it = isinstance(layer, LayerModule) and layer.has_parameters
            if has_it and what == "bias" and isinstance(layer.layer, Convolution | Linear):
                has_it = layer.layer.bias
            values = [*others, *(keyword.value for keyword in call.keywords)]
            if has_it and not any(
                isinstance(one, ast.Call | ast.NamedExpr) for value in values for one in ast.walk(value)
            ):
                return True
    raise refused(call, "only the weight or bias of a layer can be filled")


def read_import(statement: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    """Keep the names that an import brings, as paths."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            first = alias.name.partition(".")[0]
            scope.names[alias.asname or first] = Library(alias.name if alias.asname else first)
        return
    module = "." * statement.level + (statement.module or "")
    for alias in statement.names:
        if alias.name != "*":
            scope.names[alias.asname or alias.name] = Library(f"{module}.{alias.name}")
        elif module == "torch.nn":
            scope.names |= {name: Library(f"torch.nn.{name}") for name in FROM_TORCH_NN}
        elif module not in ("math", "typing"):
            why = f"line {statement.lineno}, from {module} import * may have given it another meaning"
            scope.names |= dict.fromkeys(scope.names, Unknown(why))


def read_class(reader: Evaluator, node: ast.ClassDef, scope: Scope) -> ClassOfSource:
    """Return a class; what is not understood in its body is kept as its ``problem``, for whoever uses the class."""
    try:
        base = _base(reader, node, scope)
    except FullmarksError as problem:
        broken = ClassOfSource(node, None)
        broken.problem = str(problem)
        return broken
    made = ClassOfSource(node, base)
    inside = Scope(made.names, scope)
    for statement in node.body:
        try:
            _read_in_class(reader, statement, inside, made)
        except FullmarksError as problem:
            if isinstance(statement, ast.FunctionDef):
                made.names[statement.name] = Unknown(str(problem))
            else:
                made.problem = made.problem or str(problem)
    for name in made.names:
        is_special = name.startswith("__") and name.endswith("__") and name not in ALLOWED_DUNDERS
        if is_special or is_private(name) or name in RESERVED:
            made.problem = made.problem or f"line {node.lineno}, class {node.name}: its {name} is not read"
    return made


def _base(reader: Evaluator, node: ast.ClassDef, scope: Scope) -> Any:
    if node.decorator_list or node.keywords:
        raise refused(node, "decorators and keywords of a class are not read")
    if len(node.bases) > 1:
        raise refused(node, "a class that derives from several is not read")
    base = reader.value(node.bases[0], scope) if node.bases else None
    if base is not None and not isinstance(base, Library | ClassOfSource):
        raise refused(node, "what it derives from is not read")
    return base


def _read_in_class(reader: Evaluator, statement: ast.stmt, scope: Scope, made: ClassOfSource) -> None:
    outside = scope.parent or scope
    match statement:
        case ast.FunctionDef(decorator_list=[]):
            made.names[statement.name] = reader.function(statement, outside, scope, owner=made)
        case ast.FunctionDef(decorator_list=[ast.Name(id="property" | "staticmethod" | "classmethod" as kind)]):
            made.names[statement.name] = reader.function(statement, outside, scope, owner=made, kind=kind)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            made.names[name] = Unknown(f"line {statement.lineno}, {name}: its decorator or kind is not read")
        case ast.Assign() | ast.AnnAssign() | ast.Pass() | ast.Expr(value=ast.Constant()):
            read_statement(reader, statement, scope)
        case _:
            raise refused(statement, "this statement is not read in a class")
