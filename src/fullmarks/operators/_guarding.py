"""An operator's own functions at work: where one has a slip, the message names operator, file, line and what to do."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

from msgspec.structs import replace

from fullmarks.errors import FullmarksError, OperatorFault, nearest
from fullmarks.math.expression import Expr
from fullmarks.math.figures import Figure
from fullmarks.operators._operator import Discussion, Mistake, Operator

_MENTION = re.compile(r"\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}", re.ASCII)
_PACKAGE = Path(__file__).resolve().parent.parent
_FOR_MISTAKES = (ValueError, IndexError, ZeroDivisionError)  # how arguments that a mistake changed may not fit
_NUMPY = (
    "NumPy's functions do not take an Expr: use those of fullmarks.math.functions (exp, sqrt, maximum …), or its own "
    "methods such as x.sum()"
)
_TRUTH = "an Expr is neither true nor false, nor has it an order: use maximum or branches of fullmarks.math.functions"
_RETURN = "end it with return"
EXPECTED: Mapping[str, tuple[type, ...]] = {
    "working": (Expr,),
    "discuss": (Discussion,),
    "sample": (dict,),
    "graph": (tuple,),
    "figure": (Figure, type(None)),
}
_GUARDED = ("check", "evaluate", "in_words", *EXPECTED)


def guarded(operator: Operator, file: str) -> Operator:
    """Return the operator with every function of its own watched; ``file`` is where they are written.

    Raises ``OperatorFault`` at once where its wording shows an argument, or a mistake changes a line, that it lacks.
    """
    _check_wording(operator, file)
    _check_mistakes(operator, file)
    changes: dict[str, Any] = {}
    for role in _GUARDED:
        function = getattr(operator, role)
        if function is not None:
            changes[role] = _watched(function, role, operator.name, file)
    mistakes = tuple(_watched_mistake(one, operator.name, file) for one in operator.mistakes)
    return replace(operator, **changes, mistakes=mistakes)


def place_of(function: Callable[..., Any] | None) -> str:
    """Return the file and the line where a function is written."""
    code = getattr(inspect.unwrap(function), "__code__", None) if function is not None else None
    return f"{code.co_filename}, line {code.co_firstlineno}" if code is not None else "its file"


def _check_wording(operator: Operator, file: str) -> None:
    names = [*(argument.name for argument in operator.arguments), "result"]
    for name in _MENTION.findall(operator.ask):
        if name not in names:
            raise OperatorFault(
                f"operator {operator.name}: {file}: ask: {{{name}}}: there is no argument {name!r}"
                f"{nearest(name, names)} (there are {', '.join(names)})"
            )


def _check_mistakes(operator: Operator, file: str) -> None:
    """Refuse a mistake in a line whose name is written nowhere: it would never be recognised."""
    names = [*(argument.name for argument in operator.arguments), "result"]
    for wrong in operator.mistakes:
        wanted = list(wrong.changes)
        wanted += [name for change in wrong.changes.values() if callable(change) for name in _parameters(change)]
        for name in wanted:
            if name not in names and not _is_written(name, file):
                raise OperatorFault(
                    f"operator {operator.name}: {file}: the mistake {wrong.because!r}: there is no argument or line "
                    f"{name!r}{nearest(name, names)}; expected an argument, or a line that working names with let"
                )


def _parameters(change: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(change).parameters)


def _is_written(name: str, file: str) -> bool:
    """Return whether a file, or what operators share, has the name of a line, or its letter before an index."""
    written = re.compile(rf"""["'](?:{re.escape(name)}["']|{re.escape(name.partition("_")[0])}(?:_|["']))""")
    return written.search(_source(file)) is not None or written.search(_shared_source()) is not None


@functools.cache
def _shared_source() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("_*.py")))


def _source(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _watched_mistake(wrong: Mistake, operator_name: str, file: str) -> Mistake:
    role = f"the mistake {wrong.because!r}"
    return replace(
        wrong,
        changes={
            name: _watched(change, role, operator_name, file) if callable(change) else change
            for name, change in wrong.changes.items()
        },
    )


def _watched(function: Callable[..., Any], role: str, name: str, file: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def watched(*values: Any, **named: Any) -> Any:
        try:
            found = function(*values, **named)
        except (FullmarksError, OperatorFault, MemoryError):
            raise
        except Exception as fault:
            slip = _slip(fault, function, f"operator {name}", file, role)
            if slip is None:
                fault.add_note(
                    f"on the way through operator {name}: {_line_of(fault, file) or place_of(function)}: {role}"
                )
                raise
            raise slip from fault
        _check_result(found, role, f"operator {name}: {place_of(function)}")
        return found

    return watched


def _check_result(found: Any, role: str, where: str) -> None:
    expected = EXPECTED.get(role)
    if expected is None and role != "evaluate":
        return
    if expected is not None and isinstance(found, expected):
        return
    if expected is None and found is not None:
        return
    if found is None:
        raise OperatorFault(f"{where}: {role} returned nothing; {_RETURN}")
    raise OperatorFault(f"{where}: {role} returned a {type(found).__name__}; expected {_wanted(expected)}")


def _wanted(expected: tuple[type, ...] | None) -> str:
    names = [kind.__name__ for kind in expected or () if kind is not type(None)]
    return f"{'an' if names[0][0] in 'AEIOU' else 'a'} {names[0]}"


def _slip(fault: Exception, function: Callable[..., Any], operator: str, file: str, role: str) -> OperatorFault | None:
    """Return what to say of a fault that the operator's file caused, or ``None`` for a fault of the program."""
    frames = extract_tb(fault.__traceback__)
    own = [place for place, frame in enumerate(frames) if frame.filename == file]
    deeper = frames[own[-1] + 1 :] if own else frames[1:]
    hint = _hint(fault, [frame.filename for frame in deeper])
    if not hint and any(_is_ours(frame.filename) for frame in deeper):
        return None
    place = _line_of(fault, file) or place_of(function)
    if not own and isinstance(fault, TypeError):
        hint = "it is called with the operator's arguments by name, and a mistake with lines too"
    said = f"{operator}: {place}: {role}: {type(fault).__name__}: {' '.join(str(fault).split())[:200]}"
    kinds = tuple(kind for kind in _FOR_MISTAKES if isinstance(fault, kind))
    slip: type[OperatorFault] = type("OperatorFault", (OperatorFault, *kinds), {}) if kinds else OperatorFault
    return slip(said + (f"; {hint}" if hint else ""))


def _line_of(fault: Exception, file: str) -> str:
    """Return the deepest line of an operator's file that a fault passed through, or nothing."""
    own = [frame.lineno for frame in extract_tb(fault.__traceback__) if frame.filename == file]
    return f"{file}, line {own[-1]}" if own else ""


def _hint(fault: Exception, deeper: list[str]) -> str:
    text = str(fault)
    if "truth value" in text or ("not supported between" in text and "Expr" in text):
        return _TRUTH
    if "NoneType" in text:
        return "a function may have returned nothing: end it with return"
    in_numpy = any("numpy" in filename for filename in deeper)
    if "__array_ufunc__" in text or (in_numpy and ("Expr" in text or isinstance(fault, TypeError))):
        return _NUMPY
    return "see the operations of an Expr in fullmarks.math.functions" if "Expr" in text else ""


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(_PACKAGE) and path.parent != _PACKAGE / "operators"
