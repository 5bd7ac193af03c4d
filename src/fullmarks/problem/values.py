"""What a given may be: numbers in lists of equal length, words, switches; checked once, wherever it comes from."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import Any

from fullmarks.errors import FullmarksError
from fullmarks.math.letters import Letter, read_letter
from fullmarks.problem.model import Value
from fullmarks.problem.numerals import exact_number, fits_a_float, why_no_number
from fullmarks.problem.tokens import ascii_line

MOST_AXES = 4
MOST_ENTRIES = 10**6  # of an array that is read from a file
MOST_WORDS = 10_000  # of one list, such as labels
_AXES = ("row", "column", "entry", "entry")


def checked_value(value: Any, where: str) -> Value:
    """Return ``value`` with its numbers exact, or refuse it; ``where`` begins the message.

    Lists must be rectangular, of at most four axes, and hold only finite numbers (``"1/3"`` in quotes is one); a flat
    list of words is kept as words, among numbers ``"a"`` is a letter. NumPy arrays are kept as they are.
    """
    if _is_array(value):
        return _checked_array(value, where)
    if isinstance(value, list | tuple):
        _refuse_too_many_words(value, where)
        if value and all(isinstance(entry, str) and exact_number(entry) is None for entry in value):
            return list(value)
        return _checked_list(value, where, 1)
    if value is None or isinstance(value, bool | Letter):
        return value
    return str(value) if isinstance(value, str) else _checked_number(value, where)


def _is_array(value: Any) -> bool:
    """Return whether ``value`` is an array of NumPy, or of a library that can be read as one; its scalars are."""
    return hasattr(value, "__array__") and hasattr(value, "dtype") and not isinstance(value, str)


def _refuse_too_many_words(value: list[Any] | tuple[Any, ...], where: str) -> None:
    if len(value) > MOST_WORDS and isinstance(value[0], str) and exact_number(value[0]) is None:
        raise FullmarksError(f"{where}: has {len(value):,} words, which is too many; at most {MOST_WORDS:,} are read")


def refuse_too_many(count: int, where: str) -> None:
    """Refuse more entries than are ever worked, before reading them one by one takes minutes."""
    if count > MOST_ENTRIES:
        raise FullmarksError(f"{where}: has {count:,} entries, which is too large; at most {MOST_ENTRIES:,} are read")


def shape_of(value: Value) -> tuple[int, ...]:
    """Return the lengths of a value's axes; a number, a word or a switch has none."""
    shape = getattr(value, "shape", None)
    if shape is not None:
        return tuple(shape)
    lengths = []
    while isinstance(value, list):
        lengths.append(len(value))
        value = value[0]
    return tuple(lengths)


def nested(flat: Iterator[Value], shape: tuple[int, ...]) -> Value:
    """Fill lists of ``shape`` with the entries of ``flat``, last axis first."""
    if not shape:
        return next(flat)
    return [nested(flat, shape[1:]) for _ in range(shape[0])]


def kind_of(value: Any) -> str:
    """Say in a reader's words what a value is: ``a list``, ``a decimal number``."""
    kinds: Mapping[type, str] = {
        bool: "true or false", int: "a whole number", Fraction: "a decimal number", float: "a decimal number",
        str: "text", list: "a list", dict: "a table",
    }  # fmt: skip
    return kinds.get(type(value), f"a {type(value).__name__}")


def _checked_array(given: Any, where: str) -> Value:
    import numpy as np

    if np.ma.is_masked(given):
        raise FullmarksError(f"{where}: the array has masked entries; fill them in first")
    try:
        array = np.asarray(given)
    except Exception as problem:  # noqa: BLE001 - other libraries' arrays refuse in their own ways
        raise FullmarksError(f"{where}: {kind_of(given)} cannot be read as an array: {problem}") from None
    if array.dtype.hasobject and not array.dtype.names:
        return checked_value(array.tolist(), where)
    if array.dtype.kind not in "biuf":
        raise FullmarksError(f"{where}: the array holds {array.dtype}; expected real numbers")
    if array.dtype.kind == "f" and array.dtype.itemsize < np.dtype(float).itemsize:
        array = array.astype(str).astype(float)  # the shortest decimal is what was meant: 0.1, not 0.10000000149
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
        array = array.astype(float) if array.dtype.kind == "f" else array
    if array.ndim == 0:
        return checked_value(array.item(), where)
    if array.ndim > MOST_AXES:
        raise FullmarksError(f"{where}: an array of {array.ndim} axes; at most {MOST_AXES} are read")
    if array.size == 0:
        raise FullmarksError(f"{where}: the array of shape {array.shape} is empty")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise FullmarksError(f"{where}: the array holds nan or inf; expected finite numbers")
    if array.dtype.kind == "u" and array.max() > np.iinfo(np.int64).max:
        raise FullmarksError(f"{where}: the array holds {array.max()}, which is too large")
    kept: Value = np.ascontiguousarray(array).astype(np.int64 if array.dtype.kind in "biu" else np.float64)
    return kept


def _checked_list(items: Any, where: str, axis: int) -> list[Any]:
    if axis > MOST_AXES:
        raise FullmarksError(
            f"{where}: lists within lists more than {MOST_AXES} deep; at most {MOST_AXES} axes are read"
        )
    if not items:
        raise FullmarksError(f"{where}: an empty list; expected at least one entry")
    return _same_shape([_checked_item(item, f"{where}: {_AXES[axis - 1]} {place}", axis)
                        for place, item in enumerate(items, 1)], items, where, axis)  # fmt: skip


def _checked_item(item: Any, where: str, axis: int) -> Any:
    if _is_array(item):
        item = _checked_array(item, where)
        item = item.tolist() if hasattr(item, "tolist") else item
    if isinstance(item, list | tuple):
        return _checked_list(item, where, axis + 1)
    if isinstance(item, str):
        number = exact_number(item)
        entry = read_letter(item) if number is None else number
        if entry is None:
            raise FullmarksError(f"{where}: {ascii_line(item)} is no number{why_no_number(item)}")
        return entry
    if isinstance(item, Letter):
        return item
    return _checked_number(item, where)


def _same_shape(checked: list[Any], items: Any, where: str, axis: int) -> list[Any]:
    expected = shape_of(checked[0])
    for place, item in enumerate(checked[1:], 2):
        found = shape_of(item)
        if found == expected:
            continue
        name = f"{_AXES[axis - 1]} {place}"
        if len(found) != len(expected):
            raise FullmarksError(f"{where}: {name} is {kind_of(items[place - 1])}, the first is {kind_of(items[0])}")
        raise FullmarksError(
            f"{where}: {name} has {_entries(found)}, the first has {_entries(expected)}; all need the same length"
        )
    return checked


def _entries(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) + (" entry" if shape == (1,) else " entries")


def _checked_number(value: Any, where: str) -> int | Fraction:
    number: int | Fraction | None = None
    if isinstance(value, Integral) and not isinstance(value, bool):
        number = int(value)
    elif isinstance(value, Rational | Decimal) and not isinstance(value, bool) and _is_finite(value):
        number = Fraction(value)
    elif isinstance(value, Real) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise FullmarksError(f"{where}: is {float(value)}; expected a finite number")
        number = Fraction(repr(float(value)))  # the shortest decimal is what was meant: 0.1 is one tenth
    if number is None:
        raise FullmarksError(f"{where}: {_shown(value)} is {kind_of(value)}; expected a number")
    if not fits_a_float(number):
        raise FullmarksError(
            f"{where}: the number is too {'large' if abs(Fraction(number)) > 1 else 'small'} to calculate with"
        )
    return number


def _is_finite(value: Rational | Decimal) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else True


def _shown(value: Any) -> str:
    try:
        return ascii_line(str(value))
    except Exception:  # noqa: BLE001 - an object of the caller's whose __str__ fails is refused like any other
        return "the value"
