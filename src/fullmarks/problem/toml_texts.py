"""Every text of a TOML file, keys and values alike, with the field it stands in as a reader names it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from fullmarks.characters import check_characters
from fullmarks.problem.tokens import ascii_line

TABLES = ("part", "question")  # whose entries are counted as they are called: part 2


def check_texts(tables: dict[str, Any], path: str) -> None:
    """Raise ``FullmarksError`` naming file and field for a character that is never printed, in any text or key."""
    for field, text in _texts(tables):
        if not text.isprintable():
            check_characters(text, f"{path}: {field}")


def _texts(tables: dict[str, Any]) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, Any]] = [("", tables)]
    while waiting:
        field, value = waiting.pop()
        within = f"{field}: " if field else ""
        match value:
            case str():
                yield field, value
            case dict():
                yield from ((f"{within}the key {ascii_line(key)}", key) for key in value)
                waiting += reversed([(f"{within}{key}", item) for key, item in value.items()])
            case list():
                entry = field if field in TABLES else f"{within}entry"
                waiting += reversed(
                    [(f"{entry} {place}", item) for place, item in enumerate(value, 1) if not _is_number(item)]
                )


def _is_number(item: Any) -> bool:
    return not isinstance(item, str | dict | list | dt.date)
