"""Where the page furniture is, and how little a template may do: put words in place and choose between them."""

from base64 import b64encode
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fullmarks.errors import FullmarksError, nearest

if TYPE_CHECKING:
    import jinja2
    from jinja2 import nodes

LARGEST: Final = 1_000_000  # characters of a template
ALLOWED: Final = frozenset(
    {"Template", "Output", "TemplateData", "Name", "Const", "If", "CondExpr", "Not", "And", "Or", "Compare", "Operand"}
)
"""What Jinja2 calls the parts of a template that neither read files, nor call anything, nor go round in circles."""


@cache
def template(name: str) -> str:
    """Return the text of a template such as ``typst/fullmarks.typ``; one that cannot be read is refused."""
    path = _path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as problem:
        raise FullmarksError(f"templates/{name}: cannot be read: {problem}") from None
    _refuse_large(len(text), name)
    return text


@cache
def data_address(name: str, kind: str) -> str:
    """Return a file beside the templates, such as a font, as a ``data:`` address of a media type."""
    try:
        data = _path(name).read_bytes()
    except OSError as problem:
        raise FullmarksError(f"templates/{name}: cannot be read: {problem}") from None
    _refuse_large(len(data), name)
    return f"data:{kind};base64,{b64encode(data).decode()}"


def _path(name: str) -> Path:
    package = Path(__file__).parents[1]
    # A wheel carries the templates inside the package; an editable install leaves them at the top of the checkout.
    for folder in (package / "templates", package.parents[1] / "templates"):
        if (folder / name).is_file():
            return folder / name
    raise FullmarksError(f"templates/{name} is missing; reinstall fullmarks, or put the file back")


def _refuse_large(size: int, name: str) -> None:
    if size > LARGEST:
        raise FullmarksError(f"templates/{name}: is larger than {LARGEST:,} characters, the most that is read")


def frame(name: str, known: Collection[str], environment: "jinja2.Environment") -> "jinja2.Template":
    """Return a template that a lecturer may have changed, made safe to fill in with the words of ``known``.

    Raises ``FullmarksError`` naming file and line where it is no template, asks for other words, or does more than
    print and choose: such a page could read files, or never end.
    """
    import jinja2

    try:
        tree = environment.parse(template(name), name)
    except jinja2.TemplateSyntaxError as problem:
        raise FullmarksError(f"templates/{name}: line {problem.lineno}: {problem.message}") from None
    except RecursionError:
        raise FullmarksError(f"templates/{name}: is nested too deep") from None
    for node in _nodes(tree):
        _refuse(node, known, f"templates/{name}: line {node.lineno}")
    return environment.from_string(tree)


def _nodes(tree: "nodes.Node") -> "list[nodes.Node]":
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(node.iter_child_nodes())
    return found


def _refuse(node: "nodes.Node", known: Collection[str], where: str) -> None:
    kind = type(node).__name__
    if kind not in ALLOWED:
        raise FullmarksError(
            f"{where}: {kind.lower()} is not allowed in a template; it may only print {', '.join(known)}, and choose "
            "with if, elif, else"
        )
    name = getattr(node, "name", None)
    if kind == "Name" and name not in known:
        raise FullmarksError(f"{where}: there is no {name!r}{nearest(str(name), known)} (there are {', '.join(known)})")
