"""Which quantities are words or switches, not numbers: they cannot be what a part finds."""

from collections.abc import Mapping

from fullmarks.errors import FullmarksError
from fullmarks.math.kernels import KERNELS
from fullmarks.problem.model import Value
from fullmarks.problem.syntax import Constant, Formula, Name, Sequence, Shown, Word


def refuse_words_to_find(name: str, where: Mapping[str, Formula], values: Mapping[str, Value], place: str) -> None:
    """Raise ``FullmarksError`` where ``name`` is a word, a switch or a list of words; ``place`` begins the message."""
    if name in where and _is_words(where[name], where, values):
        raise FullmarksError(f"{place}: {name!r} is no number or array, so there is nothing to find")


def _is_words(formula: Formula, where: Mapping[str, Formula], values: Mapping[str, Value]) -> bool:
    match formula:
        case Word(text):
            return text not in KERNELS
        case Constant():
            return True
        case Sequence(items):
            return bool(items) and all(isinstance(item, Word) for item in items)
        case Shown(body):
            return _is_words(body, where, values)
        case Name(name) if name in where:
            return _is_words(where[name], where, values)
        case Name(name):
            return name in values and _is_word(values[name])
        case _:
            return False


def _is_word(value: Value) -> bool:
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], str)
    return value is None or isinstance(value, bool) or (isinstance(value, str) and value not in KERNELS)
