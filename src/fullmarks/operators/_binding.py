"""Binding a call's values to an operator's arguments: reading each, and checking that shapes agree."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any, assert_never

import numpy as np

from fullmarks.errors import FullmarksError, nearest
from fullmarks.math.expression import Expr, constant, entry, given
from fullmarks.math.letters import Letter, Undecided
from fullmarks.math.number_arrays import as_floats
from fullmarks.math.numbers import exact
from fullmarks.math.symbolic import Symbolic
from fullmarks.operators._arguments import (
    MOST_AXES,
    Argument,
    Choice,
    Flag,
    FlagOrNumber,
    Kind,
    Padding,
    Pair,
    Real,
    Sizes,
    Tensor,
    Whole,
    Words,
)
from fullmarks.operators._shapes import kind_of_shape, length_in_words, ranks_in_words, shape_text, short_shape
from fullmarks.operators._vectors import if_one_number, of_one_kind, reshaped, with_columns_as_vectors

MOST_WHOLE = 10**9  # a size, a stride, a number of things; beyond it nothing is worked any more


def bind(operator_name: str, arguments: Sequence[Argument], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return every argument of an operator, read and checked: expressions or arrays for tensors, plain values else.

    Numbers that are neither ``Expr`` nor array become an ``Expr``. Raises ``FullmarksError`` naming the operator and
    the argument for whatever is unknown, missing or of the wrong kind, and both shapes where two do not agree.
    """
    names = [argument.name for argument in arguments]
    for name in values:
        if name not in names:
            raise FullmarksError(
                f"{operator_name}: there is no argument {name!r}{nearest(name, names)} (it takes {', '.join(names)})"
            )
    bound: dict[str, Any] = {}
    for argument in arguments:
        where = f"{operator_name}: {argument.name}"
        if argument.name in values and values[argument.name] is not None:
            bound[argument.name] = read(argument.kind, values[argument.name], where)
        elif argument.required:
            raise FullmarksError(f"{where} is missing: {argument.meaning}")
        elif isinstance(argument.kind, Tensor) and isinstance(argument.default, int | float | Fraction):
            bound[argument.name] = given(argument.name, argument.default) if argument.default else _nothing()
        elif argument.name in values and isinstance(argument.kind, Tensor):
            bound[argument.name] = None  # said: mask=none, where a mask is the default
        else:
            bound[argument.name] = argument.default
    bound = of_one_kind(arguments, bound)
    try:
        agree(operator_name, arguments, bound)
    except FullmarksError as misfit:
        bound = with_columns_as_vectors(arguments, bound)
        try:
            agree(operator_name, arguments, bound)
        except FullmarksError:
            raise misfit from None
    return bound


def _nothing() -> Expr:
    return constant(0)


def read(kind: Kind, value: Any, where: str) -> Any:
    """Return ``value`` as the kind has it, or raise ``FullmarksError`` saying what was found and what is expected."""
    if not isinstance(kind, Tensor):
        _refuse_letters(value, where)
    match kind:
        case Tensor():
            return _read_tensor(kind, value, where)
        case Whole(least=least):
            return _whole(value, least, where)
        case Pair(least=least):
            pair = _wholes(value, least, where)
            if len(pair) not in (1, 2):
                raise FullmarksError(f"{where} is {list(pair)}, expected a whole number or [height, width]")
            return (pair[0], pair[-1])
        case Padding(words=words):
            return _read_padding(value, words, where)
        case Sizes(lengths=lengths):
            sizes = _wholes(value, 1, where)
            if len(sizes) not in lengths:
                allowed = " or ".join(str(length) for length in lengths)
                raise FullmarksError(f"{where} has {len(sizes)} numbers, expected {allowed}")
            return sizes
        case Flag():
            if not isinstance(value, bool | np.bool_):
                raise FullmarksError(f"{where} is {_found(value)}, expected true or false")
            return bool(value)
        case Real():
            return _plain_number(value, where)
        case FlagOrNumber():
            return value if isinstance(value, bool) else _plain_number(value, where)
        case Choice(options=options):
            return _word(value, options, where)
        case Words(options=options):
            listed = value if isinstance(value, list | tuple) else [value]
            if not listed:
                raise FullmarksError(f"{where} is empty, expected a list of words")
            return tuple(_word(word, options, where) for word in listed)
        case _:
            assert_never(kind)


def _refuse_letters(value: Any, where: str) -> None:
    """Refuse letters where a plain number, a size or a switch is wanted: shapes and formulas depend on it."""
    items = value if isinstance(value, list | tuple) else [value]
    for item in items:
        entries = [entry(item, index) for index in np.ndindex(item.shape)] if isinstance(item, Expr) else []
        for number in (item, *(one.number for one in entries)):
            if isinstance(number, Symbolic) and number.letters:
                raise Undecided(f"{where} is {number}, a letter; expected a number (letters may be entries of arrays)")


def _read_tensor(kind: Tensor, value: Any, where: str) -> Any:
    if isinstance(value, str):
        if value in kind.words:
            return value
        if value in kind.named:
            return given(value, kind.named[value])
        known = (*kind.named, *kind.words)
        wanted = f"one of {', '.join(known)}, or numbers" if known else "numbers"
        raise FullmarksError(f"{where} is the word {_found(value)}, expected {wanted}{nearest(value, known)}")
    if isinstance(value, bool):
        raise FullmarksError(f"{where} is {str(value).lower()}, expected numbers")
    tensor = value if isinstance(value, Expr | np.ndarray) else given("", numbers_of(value, where))
    shape = tuple(tensor.shape)
    if 0 in shape:
        raise FullmarksError(f"{where} is empty (shape {shape_text(shape)})")
    ranks = sorted({len(alternative) for alternative in kind.alternatives})
    if len(shape) in ranks:
        return tensor
    return _of_rank(tensor, shape, ranks, where)


def _of_rank(tensor: Any, shape: tuple[int, ...], ranks: list[int], where: str) -> Any:
    """Take a column for a vector and a lone entry for a number: the same numbers, fewer axes."""
    long_axes = [length for length in shape if length > 1]
    if len(shape) > len(long_axes):
        if 0 in ranks and not long_axes:
            return reshaped(tensor, ())
        if 1 in ranks and len(long_axes) <= 1:
            return reshaped(tensor, (max(shape, default=1),))
    if shape == ():
        return reshaped(tensor, (1,) * ranks[0])
    expected = ranks_in_words(ranks)
    raise FullmarksError(f"{where} is {kind_of_shape(shape)}, expected {expected}{_how_to_type(shape, ranks)}")


def _how_to_type(shape: tuple[int, ...], ranks: list[int]) -> str:
    if len(shape) == 1 and 2 in ranks:  # noqa: PLR2004 - a matrix
        return '; one row is written "1 2;", a column "1; 2"'
    if 1 in ranks:
        return '; a vector is written "1 2 3"'
    if 3 in ranks:  # noqa: PLR2004 - channels
        return '; channels are written "1 2; 3 4 | 5 6; 7 8"'
    return ""


def numbers_of(value: Any, where: str) -> Any:
    """Return nested lists of finite numbers as an array of objects; ragged rows, NaN and words are refused."""
    try:
        array = np.array(value, dtype=object)
    except ValueError:
        array = np.array(None)
    if array.size == 0:
        raise FullmarksError(f"{where} is an empty list; expected at least one entry")
    ragged = any(isinstance(item, list | tuple) for item in array.reshape(-1))
    if ragged or (array.shape == () and not isinstance(value, int | float | Fraction | Letter)):
        raise FullmarksError(f"{where} is {_found(value)}, expected numbers with rows of equal length")
    if array.ndim > MOST_AXES:
        raise FullmarksError(f"{where} has {array.ndim} axes, expected at most {MOST_AXES}")
    for index, item in np.ndenumerate(array):
        if isinstance(item, bool) or not isinstance(item, int | float | Fraction | np.number | Letter):
            refusal = Undecided if isinstance(item, Symbolic) else FullmarksError
            raise refusal(f"{where}: entry {[place + 1 for place in index]} is {_found(item)}, expected a number")
        if not isfinite(item):
            raise FullmarksError(f"{where}: entry {[place + 1 for place in index]} is {item}, expected a finite number")
    return array


def _plain_number(value: Any, where: str) -> Fraction | float:
    if isinstance(value, Expr | np.ndarray) and value.shape in ((), (1,), (1, 1)):
        number = value.number if isinstance(value, Expr) and value.shape == () else np.ravel(_numbers(value))[0]
    elif isinstance(value, int | float | Fraction) and not isinstance(value, bool):
        number = exact(value)
    else:
        raise FullmarksError(f"{where} is {_found(value)}, expected a number")
    if not isfinite(number):
        raise FullmarksError(f"{where} is {number}, expected a finite number")
    return exact(number)


def floats(value: Any) -> Any:
    """Return the numbers of an expression or an array: such as ``check`` and ``evaluate`` are given."""
    if isinstance(value, Expr):
        return value.value
    return as_floats(value) if isinstance(value, np.ndarray) else value


def _numbers(value: Expr | np.ndarray[Any, Any]) -> Any:
    return value.numbers if isinstance(value, Expr) else value


def _whole(value: Any, least: int, where: str) -> int:
    number = _plain_number(value, where)
    if number != int(number) or number < least:
        raise FullmarksError(f"{where} is {_found(value)}, expected a whole number of at least {least}")
    if number > MOST_WHOLE:
        raise FullmarksError(f"{where} is {_found(value)}, expected a whole number of at most {MOST_WHOLE:,}")
    return int(number)


def _wholes(value: Any, least: int, where: str) -> tuple[int, ...]:
    if isinstance(value, Expr | np.ndarray) and value.shape != ():
        value = np.ravel(_numbers(value)).tolist()
    if isinstance(value, list | tuple):
        return tuple(_whole(item, least, where) for item in value)
    return (_whole(value, least, where),)


def _read_padding(value: Any, words: tuple[str, ...], where: str) -> Any:
    if isinstance(value, str):
        if not words:
            raise FullmarksError(f"{where} is the word {_found(value)}, expected numbers")
        return _word(value, words, where)
    widths = _wholes(value, 0, where)
    match widths:
        case (every,):
            return (every, every, every, every)
        case (vertical, horizontal):
            return (vertical, horizontal, vertical, horizontal)
        case (_, _, _, _):
            return widths
        case _:
            raise FullmarksError(
                f"{where} has {len(widths)} numbers, expected one, [height, width] or [top, left, bottom, right]"
            )


def _word(value: Any, options: tuple[str, ...], where: str) -> str:
    if not isinstance(value, str):
        raise FullmarksError(f"{where} is {_found(value)}, expected a word{_one_of(options)}")
    if options and value not in options:
        known = f"one of {', '.join(options)}{nearest(value, options)}"
        raise FullmarksError(f"{where} is {_found(value)}, expected {known}")
    return value


def _one_of(options: tuple[str, ...]) -> str:
    return f": one of {', '.join(options)}" if options else ""


def _found(value: Any) -> str:
    if isinstance(value, Expr):
        return _found(value.value.tolist())
    if isinstance(value, np.ndarray):
        return _found(floats(value).tolist())
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = (
        str(value).lower()
        if value is None or isinstance(value, bool)
        else repr(value)
        if isinstance(value, str)
        else str(value)
    )
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - what fits a message


def refuse_unequal_shapes(operator_name: str, **tensors: Any) -> None:
    """Raise ``FullmarksError``, naming both shapes and how the second is typed, where two arguments differ in shape."""
    (first, one), (second, other) = tensors.items()
    if one.shape != other.shape:
        hint = if_one_number(second, other.shape or (1,), one.shape[0]) if one.ndim == 1 else ""
        raise FullmarksError(
            f"{operator_name}: {first} is {kind_of_shape(one.shape)} but {second} is {kind_of_shape(other.shape)}, "
            f"expected the same shape{hint}"
        )


def agree(operator_name: str, arguments: Sequence[Argument], bound: Mapping[str, Any]) -> dict[str, int]:
    """Check that equal letters stand for equal lengths in all tensors; return the lengths by letter."""
    lengths: dict[str, tuple[int, str, int]] = {}  # by letter: the length, and the argument and axis it is of
    for argument in arguments:
        tensor = bound[argument.name]
        if not isinstance(argument.kind, Tensor) or not isinstance(tensor, Expr | np.ndarray):
            continue
        letters = next((one for one in argument.kind.alternatives if len(one) == len(tensor.shape)), ())
        if len(letters) != len(tensor.shape) or not letters:
            continue  # a single number, or a default of another shape
        for axis, (letter, length) in enumerate(zip(letters, tensor.shape, strict=True)):
            known, by, known_axis = lengths.setdefault(letter, (length, argument.name, axis))
            if known != length:
                raise FullmarksError(
                    f"{operator_name}: "
                    + _misfit((argument.name, tensor.shape, axis), (by, tuple(bound[by].shape), known_axis))
                )
    return {letter: length for letter, (length, _by, _axis) in lengths.items()}


def _misfit(one: tuple[str, Sequence[int], int], other: tuple[str, Sequence[int], int]) -> str:
    """Say that an axis of one argument is not as long as the axis of another (or of itself) that it belongs to."""
    (name, shape, axis), (by, known_shape, known_axis) = one, other
    if name == by:
        lengths = f"{length_in_words(shape, axis)} and {length_in_words(shape, known_axis)}"
        return f"{name} is {shape_text(shape)}: it has {lengths}, expected as many of one as of the other"
    return (
        f"{name} is {short_shape(shape)} but {by} is {short_shape(known_shape)}: {name} has "
        f"{length_in_words(shape, axis)} and {by} {length_in_words(known_shape, known_axis)}, expected equal numbers"
        + if_one_number(name, shape, known_shape[known_axis])
        + if_one_number(by, known_shape, shape[axis])
    )
