"""Functions of PyTorch source: which names are theirs, how a call's arguments meet their parameters, ``super()``."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fullmarks.errors import nearest
from fullmarks.operators._pytorch_modules import Instance, Module
from fullmarks.operators._pytorch_values import (
    ClassOfSource,
    FunctionOfSource,
    Library,
    Scope,
    Super,
    is_longer,
    refused,
)

COUNTS_FEATURES = (  # PyTorch's first tutorial counts the entries of a sample so
    "size = x.size()[1:]\nn = 1\nfor s in size:\n    n *= s\nreturn n",
    "size = x.size()[1:]\nn = 1\nfor s in size:\n    n = n * s\nreturn n",
    "size = x.shape[1:]\nn = 1\nfor s in size:\n    n *= s\nreturn n",
)


LONGEST_COUNT = 80  # parts of its syntax tree


def bound_arguments(
    function: FunctionOfSource, arguments: Sequence[Any], named: Mapping[str, Any], node: ast.AST
) -> dict[str, Any]:
    """Return the values of a function's parameters in a call."""
    given = function.node.args
    first = [one.arg for one in given.posonlyargs]
    plain = [*first, *(one.arg for one in given.args)]
    by_name = [*plain[len(first) :], *(one.arg for one in given.kwonlyargs)]
    own = 1 if function.owner is not None and function.kind != "staticmethod" else 0  # self is not counted
    if len(arguments) > len(plain) and given.vararg is None:
        raise refused(node, f"{len(arguments) - own} arguments for {function.name}, which takes {len(plain) - own}")
    names = dict(zip(plain, arguments, strict=False))
    others: dict[str, Any] = {}
    for name, value in named.items():
        if name in names:
            raise refused(node, f"{function.name} has its argument {name} twice")
        if name in by_name:
            names[name] = value
        elif given.kwarg is not None:
            others[name] = value
        else:
            raise refused(node, f"{function.name} has no parameter {name}{nearest(name, by_name)}")
    if given.vararg is not None:
        names[given.vararg.arg] = tuple(arguments[len(plain) :])
    if given.kwarg is not None:
        names[given.kwarg.arg] = others
    for name in [*plain, *by_name]:
        if name not in names and name in function.defaults:
            names[name] = function.defaults[name]
        if name not in names:
            raise refused(node, f"{function.name} lacks its argument {name}")
    return names


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is within a function and not within another function, class or comprehension in it."""
    waiting = list(ast.iter_child_nodes(node))
    inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
    while waiting:
        one = waiting.pop()
        yield one
        if not isinstance(one, inner | ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
            waiting += ast.iter_child_nodes(one)


def names_bound(node: ast.AST) -> frozenset[str]:
    """Return the names that are assigned within a function or statement."""
    found: set[str] = set()
    for one in [node, *own_nodes(node)]:
        match one:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                found |= {alias.asname or alias.name.partition(".")[0] for alias in aliases}
    found |= {one.target.id for one in ast.walk(node) if isinstance(one, ast.NamedExpr)}
    return frozenset(found)


def locals_of(node: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    """Return the names that are a function's own, wherever in it they are assigned; generators are refused."""
    if isinstance(node, ast.Lambda):
        return frozenset()
    if any(isinstance(one, ast.Yield | ast.YieldFrom) for one in own_nodes(node)):
        raise refused(node, f"{node.name} is a generator, which is not read")
    return frozenset().union(*(names_bound(statement) for statement in node.body))


def counts_features(node: ast.FunctionDef | ast.Lambda) -> bool:
    """True if a method of ``self`` and one tensor counts the entries of a sample, as PyTorch's first tutorial does."""
    if isinstance(node, ast.Lambda) or len(node.args.args) != 2:  # noqa: PLR2004 - self and x
        return False
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if len(body) != 4 or is_longer(node, LONGEST_COUNT):  # noqa: PLR2004 - the lines of the method
        return False
    written = _with_plain_names(body, node.args.args[1].arg)
    return any(written == _with_plain_names(ast.parse(known).body, "x") for known in COUNTS_FEATURES)


def _with_plain_names(body: Sequence[ast.stmt], first: str) -> list[str]:
    """Return statements with their names numbered in the order in which they are met."""
    numbers = {first: "name_0"}
    texts = []
    for statement in body:
        copied = ast.parse(ast.unparse(statement))
        for one in ast.walk(copied):
            if isinstance(one, ast.Name):
                one.id = numbers.setdefault(one.id, f"name_{len(numbers)}")
        texts.append(ast.dump(copied))
    return texts


def is_idle(node: ast.AST, scope: Scope) -> bool:
    """True if an expression of known names is no module, assigns nothing and calls nothing but libraries."""
    for one in ast.walk(node):
        if isinstance(one, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom | ast.Lambda):
            return False
        if isinstance(one, ast.Name) and isinstance(scope.look(one.id), Module | None):
            return False
        if isinstance(one, ast.Call):
            root = one.func
            while isinstance(root, ast.Attribute):
                root = root.value
            value = scope.look(root.id) if isinstance(root, ast.Name) else None
            path = ast.unparse(one.func)
            if not isinstance(value, Library) or value.path.startswith(("torch.nn", "builtins")) or ".nn." in path:
                return False
    return True


def super_of(arguments: Sequence[Any], scope: Scope, node: ast.AST) -> Super:
    """Return ``super()`` or ``super(Net, self)`` within a method of an instance."""
    if scope.owner is None:
        raise refused(node, "super() belongs into a method")
    kind, owner = scope.owner
    if arguments:
        if len(arguments) != 2 or arguments[1] is not owner or not isinstance(arguments[0], ClassOfSource):  # noqa: PLR2004
            raise refused(node, "super(Class, self) is expected here")
        (kind, _) = arguments
    if not isinstance(owner, Instance) or kind not in owner.kind.lines():
        raise refused(node, "self is not an instance of this class")
    if not isinstance(kind.base, ClassOfSource | Library):
        raise refused(node, f"what {kind.name} derives from is not read")
    return Super(kind, owner)
