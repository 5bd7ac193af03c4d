"""Which module of a file of PyTorch source is the network: the one built, else the only class unused by others."""

import ast
from collections.abc import Iterable, Iterator

from msgspec import Struct

from fullmarks.errors import FullmarksError
from fullmarks.operators._pytorch_calls import instance
from fullmarks.operators._pytorch_file import File, held_by, is_network
from fullmarks.operators._pytorch_modules import LayerModule, Module, walk
from fullmarks.operators._pytorch_values import ClassOfSource, Unknown, refused

MOST_NAMED = 6  # networks in a message


class Candidate(Struct, frozen=True, eq=False):
    """What may be the network: its name, where it is made, and it; or the class that nobody has built, or a refusal."""

    name: str
    place: ast.AST
    network: Module | ClassOfSource | FullmarksError


def chosen_network(file: File) -> tuple[Module, ast.AST]:
    """Return the one network of a file, and where it is made; raises ``FullmarksError`` unless there is exactly one."""
    built, unread, classes = _built(file), _unread(file), _unused_classes(file)
    has_parts_only = all(isinstance(one.network, LayerModule) for one in built)
    if classes and has_parts_only and not any(_has_parameters(one.network) for one in built):
        built = []
    candidates = [*built, *unread]
    if has_parts_only and not unread:
        candidates += classes
    if not candidates:
        raise _nothing(file)
    if len(candidates) > 1:
        named = [f"{one.name} (line {getattr(one.place, 'lineno', 1)})" for one in candidates]
        listed = ", ".join(named[:MOST_NAMED]) + (" and others" if len(named) > MOST_NAMED else "")
        raise FullmarksError(
            f"the source has several networks: {listed}; leave one, or write at its end which is meant: model = Net()"
        )
    (candidate,) = candidates
    match candidate.network:
        case Module() as network:
            return network, candidate.place
        case ClassOfSource() as kind:
            return _instance(file, kind), kind.node
        case problem:
            raise problem


def _built(file: File) -> list[Candidate]:
    """Return the modules outside of classes that are not part of another; those with parameters, if any has."""
    places = _assignments(file.tree)
    held = [(name, places.get(name, file.tree.body[-1]), value) for name, value in file.scope.names.items()]
    held += [("one without a name", node, value) for node, value in file.unnamed]
    made: dict[int, Candidate] = {}
    for name, place, value in held:
        for one in held_by(value):
            if isinstance(one, Module):
                made.setdefault(id(one), Candidate(name, place, one))
    parts = _parts([one.network for one in made.values()])
    whole = [one for key, one in made.items() if key not in parts]
    return [one for one in whole if _has_parameters(one.network)] or whole


def _has_parameters(network: object) -> bool:
    modules = walk(network) if isinstance(network, Module) else ()
    return any(isinstance(inner, LayerModule) and inner.has_parameters for _, inner in modules)


def _parts(modules: Iterable[object]) -> set[int]:
    """Return the identities of all that is part of one of these modules."""
    waiting, seen, parts = list(modules), set[int](), set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, Module) and id(one) not in seen:
            seen.add(id(one))
            parts |= {id(child) for child in one.children.values()}
            waiting += one.children.values()
    return parts


def _assignments(tree: ast.Module) -> dict[str, ast.AST]:
    """Return where each name is last assigned."""
    return {
        inner.id: one
        for one in ast.walk(tree)
        if isinstance(one, ast.Assign | ast.AnnAssign)
        for inner in ast.iter_child_nodes(one)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    }


def _unread(file: File) -> list[Candidate]:
    """Return the statements that could not be read and seem to make a network that is still there in the end."""
    return [
        Candidate(" or ".join(sorted(passed.binds)), passed.node, passed.problem)
        for passed in file.passed
        if any(isinstance(file.scope.names.get(name), Unknown) for name in passed.binds) and passed.may_make_network
    ]


def _network_classes(file: File) -> dict[str, ClassOfSource]:
    values = file.scope.names.items()
    return {name: value for name, value in values if isinstance(value, ClassOfSource) and is_network(value)}


def _unused_classes(file: File) -> list[Candidate]:
    """Return the classes of modules that no other one names, itself or through functions."""
    classes = _network_classes(file)
    used: set[str] = set()
    for name, kind in classes.items():
        found = file.nodes(kind.node, with_methods=False)
        used |= {one.id for one in found if isinstance(one, ast.Name)} - {name}
    return [Candidate(name, kind.node, kind) for name, kind in classes.items() if name not in used]


def _instance(file: File, kind: ClassOfSource) -> Module:
    """Return an instance of a class that only functions build, if any does, with the arguments given there."""
    calls = {ast.unparse(call): call for call in _calls(file, kind.name)}
    if not calls:
        return instance(file.reader, kind, (), {}, kind.node)
    call = next(iter(calls.values()))
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    for piece in _outside(file):
        file.refuse_changes_in(piece)
    if len(calls) > 1 or any(isinstance(one, ast.Name) for value in values for one in ast.walk(value)):
        raise refused(
            call,
            f"the arguments that {kind.name} is built with are not known; write at the end: model = {kind.name}(…)",
        )
    network = file.reader.value(call, file.scope)
    if not isinstance(network, Module):
        raise refused(call, "this is not a module")
    return network


def _calls(file: File, name: str) -> Iterator[ast.Call]:
    """Yield the calls of a class outside of networks; raises ``FullmarksError`` where it is named and not called."""
    for piece in _outside(file):
        called: set[int] = set()
        for one in _without_annotations(piece):
            match one:
                case ast.Call(func=ast.Name(id=found) as function) if found == name:
                    called.add(id(function))
                    yield one
                case ast.Name(id=found) if found == name and id(one) not in called:
                    raise refused(one, f"what becomes of {name} here is not known; write at the end: model = {name}(…)")


def _outside(file: File) -> list[ast.AST]:
    """Return what was passed over, and the functions and classes that no network reaches."""
    classes = _network_classes(file).values()
    reached = {id(piece) for kind in classes for piece in file.reached(kind.node, with_methods=False)}
    others = (one for one in file.tree.body if isinstance(one, ast.ClassDef | ast.FunctionDef | ast.Expr))
    return [*(passed.node for passed in file.passed), *(one for one in others if id(one) not in reached)]


def _without_annotations(piece: ast.AST) -> Iterator[ast.AST]:
    """Yield what is within a piece of source, from outside inwards, leaving out the types that it states."""
    waiting = [piece]
    while waiting:
        node = waiting.pop()
        yield node
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns"):
                inner = value if isinstance(value, list) else [value]
                waiting += (one for one in inner if isinstance(one, ast.AST))


def _nothing(file: File) -> FullmarksError:
    classes = _network_classes(file)
    if classes:
        return FullmarksError(
            f"each class uses another, so none is the network: {', '.join(classes)}; write model = Net()"
        )
    for passed in reversed(file.passed):
        if passed.binds:
            return FullmarksError(f"there is no network in the source that can be read: {passed.problem}")
    return FullmarksError("there is no class of nn.Module in the source, and no nn.Sequential either")
