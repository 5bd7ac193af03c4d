"""Inputs for any operator, made from its samples and from what its arguments say they may be."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from operator import itemgetter
from typing import Any, assert_never

from fullmarks.errors import FullmarksError
from fullmarks.math.expression import Expr
from fullmarks.math.writing import LARGEST_MATRIX_IN_FULL, TERMS_IN_FULL
from fullmarks.operators import Operator, load_operator
from fullmarks.operators._arguments import (
    REQUIRED,
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
from fullmarks.operators._binding import agree, bind
from fullmarks.operators._operator import check_arguments, named_lines
from fullmarks.problem.stream import Stream
from fullmarks.solution.entries import ENTRIES_IN_FULL

LEVELS = ("easy", "medium", "hard")
SAMPLES_A_LEVEL = 4
RANDOM_TRIES = 60
RANDOM_WANTED = 14
MOST_TIMES = 10
EVERY_AXIS = 9


@dataclass(frozen=True)
class Draw:
    """One set of arguments for an operator: as written, and read and checked."""

    label: str
    values: Mapping[str, Any]
    bound: Mapping[str, Any]

    def __str__(self) -> str:
        """Name the draw, so that a failing test says how to repeat it."""
        shown = {name: _readable(value) for name, value in self.values.items()}
        return f"{self.label} {shown}"


def _readable(value: Any) -> Any:
    if isinstance(value, list):
        return [_readable(item) for item in value]
    return float(value) if isinstance(value, Fraction) else value


def read(operator: Operator, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments as ``working`` gets them, or refuse them."""
    bound = bind(operator.name, operator.arguments, values)
    check_arguments(operator, bound)
    return bound


@cache
def sample_draws(name: str) -> tuple[Draw, ...]:
    """Return samples of every level. They must be accepted, so a refusal is not caught here."""
    operator = load_operator(name)
    if operator.sample is None:
        return ()
    draws = []
    for level in LEVELS:
        for count in range(SAMPLES_A_LEVEL):
            values = operator.sample(level, Stream("contract", name, level, count))
            draws.append(Draw(f"{name}: sample {level} {count}:", values, read(operator, values)))
    return tuple(draws)


@cache
def random_draws(name: str) -> tuple[Draw, ...]:
    """Return random arguments that the operator accepts: samples with other options, and shapes of its own.

    What it refuses is left out; anything but ``FullmarksError`` is an error of the operator and is not caught.
    """
    operator = load_operator(name)
    draws: list[Draw] = []
    for count in range(RANDOM_TRIES):
        stream = Stream("contract", name, "random", count)
        values = _varied_sample(operator, stream) if count % 2 else _invented(operator, stream)
        label = f"{name}: random draw {count}:"
        if values is None:
            continue
        try:
            draws.append(Draw(label, values, read(operator, values)))
        except FullmarksError:
            continue
        except Exception as crash:
            raise AssertionError(f"{label} {values} is neither accepted nor refused") from crash
        if len(draws) == RANDOM_WANTED:
            break
    return tuple(draws)


@cache
def large_draw(name: str) -> Draw | None:
    """Return a sample with every axis so many times as long that its lines are not written out in full.

    Return ``None`` for an operator that takes no lists of numbers, or whose numbers cannot be repeated.
    """
    operator = load_operator(name)
    for times in range(2, MOST_TIMES + 1):
        draws = [draw for sample in sample_draws(name)[::2] for draw in _repeated_draws(operator, sample, times)]
        large = [(size, draw) for draw in draws if (size := _size_if_large(operator, draw.bound))]
        if large:
            return min(large, key=itemgetter(0))[1]
    return None


def _repeated_draws(operator: Operator, sample: Draw, times: int) -> Iterator[Draw]:
    for axes, share in ((EVERY_AXIS, 1), (1, 1), (1, times)):  # shares of 1 are divided, so that they still add to 1
        values = {key: _repeated(value, times, axes, share) for key, value in sample.values.items()}
        if values == sample.values:
            continue
        with suppress(FullmarksError):
            yield Draw(f"{times} times {sample.label}", values, read(operator, values))


def _repeated(value: Any, times: int, axes: int, share: int) -> Any:
    """Return nested lists with the entries of their first ``axes`` axes repeated; anything else as it is."""
    if not isinstance(value, list) or axes == 0:
        return value
    items = [_repeated(item, times, axes - 1, share) for item in value]
    return [
        Fraction(str(item)) / share if share > 1 and isinstance(item, int | float) else item for item in items
    ] * times


def _size_if_large(operator: Operator, bound: Mapping[str, Any]) -> int:
    """Return how many numbers there are if an array has more columns, and a line more entries, than are printed.

    Where every line is a single number, it must be that of more terms than are printed.
    """
    arrays = [value for value in bound.values() if isinstance(value, Expr) and value.ndim]
    if operator.working is not None:
        lines = list(named_lines(operator.working(**bound), bound).values())
        entries, terms = (max(array.size for array in group) for group in (lines, arrays))
        if entries <= ENTRIES_IN_FULL and not (entries == 1 and terms > TERMS_IN_FULL):
            return 0
        arrays += lines
    is_wide = any(array.ndim and array.shape[-1] > LARGEST_MATRIX_IN_FULL for array in arrays)
    return sum(array.size for array in arrays) if is_wide else 0


def every_draw(name: str) -> tuple[Draw, ...]:
    """Return the samples, then the random draws."""
    return sample_draws(name) + random_draws(name)


def _invented(operator: Operator, stream: Stream) -> dict[str, Any] | None:
    lengths: dict[str, int] = {}
    values = {}
    for argument in operator.arguments:
        if argument.default is not REQUIRED and stream.below(2):
            continue
        value = _value(argument, lengths, stream)
        if value is not None:
            values[argument.name] = value
        elif argument.required:
            return None
    return values


def _varied_sample(operator: Operator, stream: Stream) -> dict[str, Any] | None:
    if operator.sample is None:
        return None
    values = operator.sample(stream.choice(LEVELS), stream)
    lengths = agree(operator.name, operator.arguments, bind(operator.name, operator.arguments, values))
    for argument in operator.arguments:
        is_tensor = isinstance(argument.kind, Tensor)
        if argument.required and not (is_tensor and stream.below(4) == 0):
            continue
        if stream.below(2):
            value = _value(argument, lengths, stream)
            if value is not None:
                values[argument.name] = value
    return values


def _value(argument: Argument, lengths: dict[str, int], stream: Stream) -> Any:
    """Return a random value, or ``None`` where the kind does not say what values there are."""
    kind: Kind = argument.kind
    match kind:
        case Tensor():
            return _tensor(kind, lengths, stream)
        case Whole(least):
            return stream.integer(least, least + 3)
        case Pair(least):
            one, other = stream.integer(least, least + 2), stream.integer(least, least + 2)
            return stream.choice([one, [one, other]])
        case Padding(words):
            widths = stream.integers(0, 2, 4)
            return stream.choice([widths[0], widths[:2], widths, *words])
        case Sizes(allowed):
            count = stream.choice(allowed)
            sizes = stream.integers(1, 9, count)
            return sizes[0] if count == 1 else sizes
        case Flag():
            return stream.choice([True, False])
        case FlagOrNumber():
            return stream.choice([True, False, 2, Fraction(1, 2), 0, -1])
        case Real():
            return stream.choice([0, 1, -1, Fraction(1, 10), Fraction(3, 2), 100])
        case Choice(options):
            return stream.choice(options)
        case Words(options):
            return [stream.choice(options) for _ in range(stream.integer(1, 3))] if options else None
        case _:
            assert_never(kind)


def _tensor(kind: Tensor, lengths: dict[str, int], stream: Stream) -> Any:
    words = (*kind.words, *kind.named)
    if words and stream.below(4) == 0:
        return stream.choice(words)
    letters = stream.choice(kind.alternatives)
    shape = tuple(_length(letter, lengths, stream) for letter in letters)
    match stream.below(5):
        case 0 | 1:
            return stream.decimals(-2, 2, *shape)
        case 2:
            return stream.integers(0, 4, *shape)
        case 3:
            return stream.integers(0, 1, *shape)
        case _:
            return _shares(shape, stream)


def _length(letters: str, lengths: dict[str, int], stream: Stream) -> int:
    """Return the length of an axis, of sums such as ``n+d`` and ``4n`` by their letters."""
    if letters not in lengths:
        terms = [re.fullmatch(r"(\d*)([A-Za-z]\w*)", term) for term in letters.split("+")]
        if letters.isdigit():
            lengths[letters] = int(letters)
        elif len(terms) == 1 or not all(terms):
            lengths[letters] = _fresh_length(letters, lengths, stream)
        else:
            lengths[letters] = sum(
                int(term[1] or 1) * _length(term[2], lengths, stream) for term in terms if term is not None
            )
    return lengths[letters]


def _fresh_length(letter: str, lengths: dict[str, int], stream: Stream) -> int:
    multiple = re.fullmatch(r"(\d+)([A-Za-z]\w*)", letter)
    if multiple:
        return int(multiple[1]) * _length(multiple[2], lengths, stream)
    related = lengths.get(letter.partition("_")[0])
    if related is not None and stream.below(3):
        return related
    return stream.integer(2, 6) if letter[0] in "HW" else stream.integer(1, 4)


def _shares(shape: tuple[int, ...], stream: Stream) -> Any:
    """Return entries that add to 1 along the last axis."""
    if not shape:
        return Fraction(stream.integer(1, 9), 10)
    if len(shape) > 1:
        return [_shares(shape[1:], stream) for _ in range(shape[0])]
    parts: list[int] = stream.integers(1, 9, *shape)
    return [Fraction(part, sum(parts)) for part in parts]


def wrong_values(argument: Argument) -> Iterator[tuple[str, Any]]:
    """Yield values that no argument of this kind may have, each with what is wrong with it."""
    kind: Kind = argument.kind
    word = "no such word"
    match kind:
        case Tensor():
            yield from [("NaN", [[float("nan"), 1]]), ("infinity", [float("inf")]), ("an empty list", [])]
            yield from [("empty rows", [[], []]), ("ragged rows", [[1, 2], [3]]), ("true", True), ("a word", word)]
            yield from [("true inside", [[1, True]]), ("a word inside", [1, word]), ("nothing inside", [1, None])]
            ranks = {len(letters) for letters in kind.alternatives}
            for axes in range(1, 6):
                if axes not in ranks:
                    yield f"{axes} axes", _twos(axes)
        case Whole(least):
            yield from [
                ("too small", least - 1),
                ("a fraction", 1.5),
                ("true", True),
                ("a word", word),
                ("a list", [1]),
            ]
            yield from [("NaN", float("nan")), ("infinity", float("inf"))]
        case Pair(least):
            yield from [("three numbers", [1, 1, 1]), ("too small", least - 1), ("a fraction", [1, 1.5]), ("empty", [])]
            yield from [("true", True), ("a word", word), ("NaN", float("nan"))]
        case Padding():
            yield from [("negative", -1), ("three numbers", [1, 1, 1]), ("a fraction", 0.5), ("a word", word)]
            yield from [("true", True), ("empty", [])]
        case Sizes(allowed):
            yield from [("too many numbers", [1] * (max(allowed) + 1)), ("zero", 0), ("a word", word), ("true", True)]
            yield from [("empty", []), ("a fraction", 2.5)]
        case Flag():
            yield from [("a number", 2), ("a word", word), ("a list", [True])]
        case FlagOrNumber():
            yield from [("a word", word), ("two numbers", [1, 2]), ("NaN", float("nan"))]
        case Real():
            yield from [("a word", word), ("true", True), ("two numbers", [1, 2]), ("NaN", float("nan"))]
            yield from [("infinity", float("inf")), ("empty", [])]
        case Choice():
            yield from [("another word", word), ("a number", 1), ("true", True)]
        case Words(options):
            yield from [("an empty list", []), ("a number inside", [1])]
            if options:
                yield "another word", [word]
        case _:
            assert_never(kind)


def _twos(axes: int) -> Any:
    return 2 if axes == 0 else [_twos(axes - 1)] * 2


def shared_axes(operator: Operator, draw: Draw) -> Iterator[tuple[str, int]]:
    """Yield the argument and axis of every letter that more than one axis of this draw has."""
    places: dict[str, list[tuple[str, int]]] = {}
    for argument in operator.arguments:
        tensor = draw.bound[argument.name]
        if argument.name not in draw.values or not isinstance(argument.kind, Tensor) or not isinstance(tensor, Expr):
            continue
        letters = next(one for one in argument.kind.alternatives if len(one) == tensor.ndim)
        for axis, letter in enumerate(letters):
            places.setdefault(letter, []).append((argument.name, axis))
    for found in places.values():
        if len(found) > 1:
            yield from found


def lengthened(rows: Any, axis: int) -> Any:
    """Return nested lists with the last entry along ``axis`` twice."""
    if axis == 0:
        return [*rows, rows[-1]]
    return [lengthened(row, axis - 1) for row in rows]
