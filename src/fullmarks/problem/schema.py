"""The keys of a problem file and the type of each, and how msgspec's refusals read to a lecturer."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal, TypeVar

import msgspec

from fullmarks.errors import FullmarksError, nearest
from fullmarks.problem.tokens import ascii_line
from fullmarks.problem.values import kind_of


class ProblemTable(msgspec.Struct, forbid_unknown_fields=True):
    """The top level of a problem file."""

    title: str
    part: list[dict[str, Any]]
    id: str = ""
    topic: str = ""
    level: Literal["easy", "medium", "hard"] = "medium"
    source: str = ""
    setting: str = ""
    tags: list[str] = []
    require: list[str] = []
    given: dict[str, Any] = {}
    where: dict[str, str] = {}
    symbol: dict[str, str] = {}
    reason: dict[str, str] = {}
    shown: dict[str, str] = {}


class GivenTable(msgspec.Struct, forbid_unknown_fields=True):
    """One ``[given.NAME]``."""

    value: Any = msgspec.UNSET
    label: str = ""
    symbol: str = ""
    draw: dict[str, Any] | None = None


class DrawTable(msgspec.Struct, forbid_unknown_fields=True):
    """One ``draw = { … }``."""

    integers: list[int] | None = None
    decimals: list[Any] | None = None
    step: Any = None
    choice: list[Any] | None = None
    shape: list[int] | None = None
    nonzero: bool = False


class PartTable(msgspec.Struct, forbid_unknown_fields=True):
    """One ``[[part]]``."""

    find: str | None = None
    discuss: str | None = None
    ask: str | None = None
    points: list[Any] | None = None
    needed: int | None = None
    marks: int | None = None


class PointTable(msgspec.Struct, forbid_unknown_fields=True):
    """One entry of ``points`` that says what it is worth."""

    words: str
    worth: int = 1


Table = TypeVar("Table", bound=msgspec.Struct)

_PATH = re.compile(r"^(?P<reason>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_EXPECTED = re.compile(r"Expected `([^`]*)`")
_MISSING = re.compile(r"missing required field `([^`]*)`")
_KINDS: Mapping[str, str] = {
    "str": "text", "int": "a whole number", "bool": "true or false", "array": "a list", "object": "a table",
}  # fmt: skip
_NEEDED: Mapping[str, str] = {
    "title": 'title = "…"', "words": 'words = "…"', "part": "at least one [[part]] with find, discuss or points",
    "question": "at least one [[question]] with problem, parts or pick",
}  # fmt: skip


def converted(table: Any, kind: type[Table], where: str) -> Table:
    """Return a TOML table as ``kind``, or refuse it naming the key, what was found and what is expected."""
    if not isinstance(table, dict):
        raise FullmarksError(f"{where}: is {kind_of(table)}; expected a table")
    known = [field.name for field in msgspec.structs.fields(kind)]
    for key in table:
        if key not in known:
            raise FullmarksError(
                f"{where}: unknown key {ascii_line(key)}{nearest(key, known)} (the keys are {', '.join(known)})"
            )
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as problem:
        raise FullmarksError(_in_words(str(problem), table, where)) from None


def _in_words(message: str, table: Mapping[str, Any], where: str) -> str:
    found = _PATH.match(message)
    reason, path = (found["reason"], found["path"] or "") if found else (message, "")
    missing = _MISSING.search(reason)
    if missing:
        return f"{where}: {missing[1]} is missing; expected {_NEEDED.get(missing[1], missing[1])}"
    field, value = _at(table, path)
    here = f"{where}: {field}" if field else where
    if "enum value" in reason:
        known = ("easy", "medium", "hard")
        return f"{here}: {ascii_line(str(value))} is none of {', '.join(known)}{nearest(str(value), known)}"
    expected = _EXPECTED.search(reason)
    wanted = " or ".join(_KINDS[word] for word in expected[1].split(" | ") if word in _KINDS) if expected else reason
    return f"{here}: {_shown(value)} is {kind_of(value)}; expected {wanted}"


def _at(table: Mapping[str, Any], path: str) -> tuple[str, Any]:
    """Return the field that msgspec's path leads to, in a reader's words, and what stands there."""
    words: list[str] = []
    value: Any = table
    for key, place in re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", path):
        if key:
            words.append(key)
            value = value[key]
        elif place == "...":  # msgspec does not say which key of a table: it is the first that is no text
            name, value = next((item for item in value.items() if not isinstance(item[1], str)), ("", value))
            words.append(name)
        else:
            words.append(f"entry {int(place) + 1}")
            value = value[int(place)]
    return ": ".join(words), value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        return str(float(value))
    return ascii_line(value) if isinstance(value, str) else ascii_line(str(value))[1:-1]
