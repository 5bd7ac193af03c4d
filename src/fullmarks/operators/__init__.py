"""What the lecture computes: one file an operator. Dropping a file into this folder is its registration."""

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from traceback import extract_tb

from msgspec.structs import replace

from fullmarks.errors import FullmarksError, nearest
from fullmarks.operators._guarding import guarded
from fullmarks.operators._operator import Operator

__all__ = ["Operator", "load_operator", "operator_names"]


@cache
def operator_names() -> frozenset[str]:
    """Return the names of all operators: the files here that do not begin with an underscore."""
    return frozenset(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))


@cache
def load_operator(name: str) -> Operator:
    """Return the operator ``name``, importing only its file.

    Raises ``FullmarksError`` for an unknown name, with the nearest known one.
    """
    if name not in operator_names():
        raise FullmarksError(f"there is no operator {name!r}{nearest(name, operator_names())}")
    try:
        module = import_module(f"{__name__}.{name}")
        operator: Operator = replace(module.operator, name=name, summary=(module.__doc__ or "").strip())
    except (ImportError, SyntaxError, NameError, TypeError, AttributeError, ValueError) as problem:
        raise FullmarksError(f"operator {name} cannot be loaded: {_place(problem, name)}") from problem
    return guarded(operator, module.__file__ or name)


def _place(problem: Exception, name: str) -> str:
    """Say what went wrong while an operator's file was read, and where in it."""
    if isinstance(problem, SyntaxError):
        return f"{problem.filename}, line {problem.lineno}: SyntaxError: {problem.msg}"
    file = next((path for folder in __path__ if (path := Path(folder) / f"{name}.py").exists()), Path(name))
    lines = [frame.lineno for frame in extract_tb(problem.__traceback__) if frame.filename == str(file)]
    line = f", line {lines[-1]}" if lines else ""
    return f"{file}{line}: {type(problem).__name__}: {problem}"
