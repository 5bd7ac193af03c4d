"""What a list of the bank says of each problem: read from the top of its file, formulas and operators left alone."""

from pathlib import Path

from msgspec import Struct

from fullmarks.problem.bank import bank_files
from fullmarks.problem.files import LARGEST_PROBLEM, read_text
from fullmarks.problem.reading import read_toml


class Listed(Struct, frozen=True):
    """One problem in a list; ``marks`` are none where a part leaves them to the operators."""

    id: str
    title: str
    topic: str
    level: str
    marks: int | None


def listed_problems(topic: str | None = None) -> list[Listed]:
    """Return the problems of the bank (or of a topic, which is a folder of it), sorted by topic, then id.

    Raises ``FullmarksError`` for a file that is no TOML.
    """
    return [_listed(name, path) for name, path in bank_files().items() if topic in (None, path.parent.name)]


def _listed(name: str, path: Path) -> Listed:
    table = read_toml(read_text(path, LARGEST_PROBLEM), str(path))
    marks = [part.get("marks") for part in table.get("part", [])]
    return Listed(
        id=name,
        title=str(table.get("title", "")),
        topic=path.parent.name,
        level=str(table.get("level", "medium")),
        marks=None if None in marks else sum(marks),
    )
