"""A whole file of PyTorch source: its statements in order, those that cannot be read, and what these might change.

A training script holds much that is no network. What is not understood outside of classes and functions is passed over;
the names that it binds are unknown from there on, and what might change the network is remembered as a suspicion.
"""

import ast
import builtins
import warnings
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.operators._pytorch_functions import names_bound
from fullmarks.operators._pytorch_modules import GROWING, Module
from fullmarks.operators._pytorch_reading import Reader
from fullmarks.operators._pytorch_statements import read_class, read_statement
from fullmarks.operators._pytorch_values import ClassOfSource, FunctionOfSource, Library, Scope, Unknown, refused

LONGEST_SOURCE = 200_000  # characters
MOST_NODES = 40_000  # of the syntax tree
DEEPEST_NODE = 120
MOST_SEARCHED = 400_000  # parts met while following which function calls which
CUSTOMARY = {"torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "functional": "torch.nn.functional"}
HARMLESS_ATTRIBUTES = ("requires_grad", "grad", "lr", "training", "seed")  # that no layer is kept by
ONLY_READ = (  # libraries that leave a network as it is
    "torch", "builtins", "torchsummary", "torchinfo", "torchviz", "thop", "fvcore", "ptflops", "wandb", "torchvision",
    "matplotlib", "numpy", "tqdm", "time", "os", "sys", "random",
)  # fmt: skip
CHANGING_CALLS = ("setattr", "delattr", "exec", "eval", "globals", "locals", "vars", "__setattr__", "__import__")


class Passed(Struct, frozen=True, eq=False):
    """A statement that was passed over, why, the names that it binds, and whether one may be a network."""

    node: ast.stmt
    problem: FullmarksError
    binds: frozenset[str]
    may_make_network: bool


class File:
    """What is left when a file has been read: its names, what was passed over, and what may have changed a network."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.reader = Reader()
        self.scope = Scope({}, Scope({name: Library(f"builtins.{name}") for name in dir(builtins)}))
        if not _imports_torch(tree):  # a fragment is read with the customary names
            self.scope.names |= {name: Library(path) for name, path in CUSTOMARY.items()}
        self.passed: list[Passed] = []
        self.unnamed: list[tuple[ast.Expr, Any]] = []  # values of expressions that are assigned to nothing
        self.searched = 0
        self.functions: dict[str, list[ast.AST]] = {}
        self.methods: dict[str, list[ast.AST]] = {}
        for one in ast.walk(tree):
            known = self.methods if isinstance(one, ast.ClassDef) else self.functions
            for inner in ast.iter_child_nodes(one):
                if isinstance(inner, ast.FunctionDef) and inner.name not in ("__init__", "forward"):
                    known.setdefault(inner.name, []).append(inner)

    def read(self) -> None:
        """Read every statement of the file."""
        self._read(self.tree.body)

    def _read(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if isinstance(statement, ast.ClassDef):
                self.scope.names[statement.name] = read_class(self.reader, statement, self.scope)
            elif _is_main(statement):
                self._read(statement.body)  # type: ignore[attr-defined]  # an If, says _is_main
            else:
                self._read_statement(statement)

    def _read_statement(self, statement: ast.stmt) -> None:
        changes = self.reader.changes
        self.reader.fresh = {}
        try:
            if isinstance(statement, ast.Expr):
                self.unnamed.append((statement, self.reader.value(statement.value, self.scope)))
            elif read_statement(self.reader, statement, self.scope) is not None:
                raise refused(statement, "this belongs into a function or loop")
        except FullmarksError as problem:
            names = names_bound(statement) | self._globals(statement)
            before = [self.scope.names.get(name) for name in names]
            may_be_network = any(isinstance(one, Module) for one in before) or self._makes_network(statement)
            if self.reader.changes > changes:
                raise refused(
                    statement, f"this changes what was read before, but is not understood: {problem}"
                ) from None
            self.passed.append(Passed(statement, problem, names, may_be_network))
            self.scope.names |= dict.fromkeys(names, Unknown(str(problem)))
            self._forget_lists(statement, problem)

    def _makes_network(self, node: ast.AST) -> bool:
        """True if a statement calls a class of the source, or what of PyTorch may be a layer and not a loss."""
        for one in self.nodes(node):
            if isinstance(one, ast.Call):
                kind = self.scope.names.get(one.func.id) if isinstance(one.func, ast.Name) else None
                match kind or self.path_of(one.func):
                    case ClassOfSource() as made if is_network(made):
                        return True
                    case str(path) if path.startswith("torch.nn."):
                        name = path.removeprefix("torch.nn.")
                        if name[:1].isupper() and not name.endswith(("Loss", "Parameter")):
                            return True
        return False

    def _globals(self, statement: ast.stmt) -> frozenset[str]:
        return frozenset(name for one in self.nodes(statement) if isinstance(one, ast.Global) for name in one.names)

    def _forget_lists(self, statement: ast.stmt, problem: FullmarksError) -> None:
        """Forget the lists that a statement names, which may be changed by it, by whatever name they have."""
        values = [self.scope.names.get(one.id) for one in self.nodes(statement) if isinstance(one, ast.Name)]
        changed = set().union(*map(_lists_in, values))
        self.searched += len(self.scope.names) * bool(changed)
        for name, value in self.scope.names.items() if changed else ():
            if changed & _lists_in(value):
                self.scope.names[name] = Unknown(str(problem))

    def reached(self, node: ast.AST, *, with_methods: bool = True) -> Iterator[ast.AST]:
        """Yield a piece of source, and the functions that it names, directly or through others.

        An attribute may be a method of any class, and is taken for each of that name ``with_methods``.
        """
        waiting, seen = [node], {id(node)}
        while waiting:
            piece = waiting.pop()
            yield piece
            for one in self._counted(piece):
                found: list[ast.AST] = []
                if isinstance(one, ast.Name):
                    value = self.scope.names.get(one.id)
                    by_value = [value.node] if isinstance(value, FunctionOfSource) else []
                    found = [*self.functions.get(one.id, []), *by_value]
                elif isinstance(one, ast.Attribute) and with_methods:
                    found = self.methods.get(one.attr, [])
                for function in found:
                    if id(function) not in seen:
                        seen.add(id(function))
                        waiting.append(function)

    def nodes(self, node: ast.AST, *, with_methods: bool = True) -> Iterator[ast.AST]:
        """Yield all that is within a piece of source and what it reaches."""
        return (one for piece in self.reached(node, with_methods=with_methods) for one in self._counted(piece))

    def _counted(self, piece: ast.AST) -> Iterator[ast.AST]:
        for one in ast.walk(piece):
            self.searched += 1
            if self.searched > MOST_SEARCHED:
                raise FullmarksError("the source has too many functions that call each other to be read")
            yield one

    def refuse_changes(self) -> None:
        """Raise ``FullmarksError`` for the first statement passed over that may change a network."""
        for passed in self.passed:
            self.refuse_changes_in(passed.node)

    def refuse_changes_in(self, node: ast.AST) -> None:
        """Raise ``FullmarksError`` where a piece of source names a network and may change one."""
        pieces = list(self.reached(node))
        if any(self._names_network(piece) for piece in pieces):
            for piece in pieces:
                self._refuse_change(piece)

    def _names_network(self, piece: ast.AST) -> bool:
        for one in self._counted(piece):
            if isinstance(one, ast.Name) and isinstance(self.scope.names.get(one.id), Module | ClassOfSource):
                return True
            if isinstance(one, ast.Name | ast.Attribute) and (self.path_of(one) or "").startswith("torch.nn"):
                return True
        return False

    def _refuse_change(self, piece: ast.AST) -> None:
        why = "this may change the network, and is not read; leave out what does not build it"
        for one in self._counted(piece):
            match one:
                case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()) if name not in HARMLESS_ATTRIBUTES:
                    is_own = isinstance(piece, ast.ClassDef) and isinstance(one.value, ast.Name)  # self of no network
                    if not is_own and not self._is_other_library(one):
                        raise refused(one, why)
                case ast.Subscript(value=owner, ctx=ast.Store() | ast.Del()):
                    if self._holds_modules(owner):
                        raise refused(one, why)
                case ast.Call(func=function, args=arguments) if self._may_change(function, arguments):
                    raise refused(one, why)
                case ast.Call(func=ast.Name(id=name)) if name in CHANGING_CALLS:
                    raise refused(one, why)
                case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in (*GROWING, *CHANGING_CALLS):
                    if name.startswith(("add_", "register_", "__")) or self._holds_modules(owner):
                        raise refused(one, why)

    def _may_change(self, function: ast.expr, arguments: list[ast.expr]) -> bool:
        """True for what another library does to a network; PyTorch itself changes one in ``nn.utils`` only."""
        path = self.path_of(function)
        if path is None or path.startswith("torch.nn.utils.clip_grad"):
            return False
        if path.startswith("torch.nn.utils."):
            return True
        roots = [_root(argument) for argument in arguments if isinstance(argument, ast.Name | ast.Attribute)]
        takes_network = any(isinstance(self.scope.names.get(name), Module) for name in roots)
        return takes_network and path.partition(".")[0] not in ONLY_READ

    def path_of(self, node: ast.expr) -> str | None:
        """Return the path of what is imported, ``torch.nn.Linear``, or ``None``."""
        if isinstance(node, ast.Attribute):
            owner = self.path_of(node.value)
            return None if owner is None else f"{owner}.{node.attr}"
        value = self.scope.look(node.id) if isinstance(node, ast.Name) else None
        return value.path if isinstance(value, Library) else None

    def _is_other_library(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name):
                value = self.scope.names.get(node.value.id)
                return isinstance(value, Library) and not (value.path + "." + node.attr).startswith("torch.nn")
            node = node.value
        return False

    def _holds_modules(self, node: ast.expr) -> bool:
        """True where ``model.features[0] = …`` may be meant: by a name of a network, or of what is not known."""
        is_deep = False
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            is_deep = is_deep or isinstance(node, ast.Attribute)
            node = node.func if isinstance(node, ast.Call) else node.value
        value = self.scope.names.get(node.id) if isinstance(node, ast.Name) else None
        return isinstance(value, Module) or (is_deep and not isinstance(value, Library))


def is_network(kind: ClassOfSource) -> bool:
    """True if a class derives from a module, or has a ``forward``."""
    methods = (one.name for one in kind.node.body if isinstance(one, ast.FunctionDef))
    return kind.is_module or "forward" in methods


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def held_by(value: Any) -> Iterator[Any]:
    """Yield a value and what it holds as a list, a tuple, a dictionary or a class that is no module."""
    waiting, seen = [value], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, ClassOfSource) and not one.is_module:
            waiting += one.names.values()
        elif isinstance(one, list | dict | tuple):
            waiting += one.values() if isinstance(one, dict) else one


def _lists_in(value: Any) -> set[int]:
    return {id(one) for one in held_by(value) if isinstance(one, list | dict)}


def parsed(text: str) -> ast.Module:
    """Return the syntax tree of a source that is not too large; raises ``FullmarksError``."""
    if len(text) > LONGEST_SOURCE:
        raise FullmarksError(f"the source has {len(text):,} characters, {LONGEST_SOURCE:,} at most are read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own about odd backslashes
            tree = ast.parse(text)
            _refuse_deep(tree)
            compile(tree, "source", "exec", dont_inherit=True)  # finds what the grammar does not; nothing is run
    except SyntaxError as problem:
        line = (problem.text or "").strip()[:60]
        why = f"{problem.msg}: {line}" if line else problem.msg
        raise FullmarksError(f"line {problem.lineno} is not valid Python: {why}") from None
    except (ValueError, MemoryError) as problem:
        raise FullmarksError(f"the source cannot be read: {problem}") from None
    return tree


def _refuse_deep(tree: ast.Module) -> None:
    waiting: list[tuple[ast.AST, int, int]] = [(tree, 0, 1)]
    count = 0
    while waiting:
        node, depth, line_number = waiting.pop()
        line_number = getattr(node, "lineno", line_number)
        count += 1
        if depth > DEEPEST_NODE:
            raise FullmarksError(f"line {line_number}: the source is nested too deep to be read")
        if count > MOST_NODES:
            raise FullmarksError(f"the source is longer than can be read: more than {MOST_NODES:,} parts")
        waiting += ((one, depth + 1, line_number) for one in ast.iter_child_nodes(node))


def _imports_torch(tree: ast.Module) -> bool:
    modules: list[str] = []
    for one in ast.walk(tree):
        if isinstance(one, ast.Import):
            modules += [alias.name for alias in one.names]
        elif isinstance(one, ast.ImportFrom):
            modules.append(one.module or "")
    return any(name.partition(".")[0] == "torch" for name in modules)


def _is_main(statement: ast.stmt) -> bool:
    match statement:
        case ast.If(
            test=ast.Compare(left=ast.Name("__name__"), ops=[ast.Eq()], comparators=[ast.Constant("__main__")])
        ):
            return True
    return False
