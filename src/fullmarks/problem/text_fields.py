"""Which field of a problem or a blueprint holds a character, for messages about what a format cannot print."""

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import fields

from fullmarks.errors import FullmarksError, UnprintableError

AS_IN_THE_FILE: Final = {"parts": "part", "symbols": "symbol", "reasons": "reason"}
NOT_PRINTED: Final = frozenset({"id", "path", "tags", "topic", "questions"})


@contextmanager
def naming_the_field(*records: Any) -> Iterator[None]:
    """Raise the ``UnprintableError`` of the block as one that names file and field of the first record that has it."""
    try:
        yield
    except UnprintableError as problem:
        for record in records:
            for field, text in _texts(record):
                if problem.character in unicodedata.normalize("NFC", text):
                    path = f"{record.path}: " if record.path else ""
                    raise FullmarksError(f"{path}{field}: {problem}") from problem
        raise


def _texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text inside a value with the name of its field, as a problem file or a blueprint has it."""
    match value:
        case str():
            yield field, value
        case Struct():
            for name in (one.name for one in fields(value) if one.name not in NOT_PRINTED):
                yield from _texts(getattr(value, name), _below(field, AS_IN_THE_FILE.get(name, name)))
        case Mapping():
            for name, item in value.items():
                yield from _texts(item, _below(field, str(name)))
        case list() | tuple():
            for place, item in enumerate(value, 1):
                yield from _texts(item, f"{field} {place}")


def _below(field: str, name: str) -> str:
    return f"{field}: {name}" if field else name
