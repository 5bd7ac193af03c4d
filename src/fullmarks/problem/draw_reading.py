"""How a new problem gets its numbers, as a problem file says it: ``draw = { integers = [0, 4] }``."""

from fractions import Fraction
from math import prod
from typing import Any

from fullmarks.errors import FullmarksError, nearest
from fullmarks.math.kernels import KERNELS
from fullmarks.math.letters import letters_in
from fullmarks.problem.assignment import named_kernel
from fullmarks.problem.model import Choice, Decimals, Draw, Integers, Value
from fullmarks.problem.numerals import exact_number
from fullmarks.problem.schema import DrawTable, converted
from fullmarks.problem.tokens import ascii_line, check_value_words
from fullmarks.problem.values import MOST_AXES, checked_value, shape_of

MOST_ENTRIES = 10**6
MOST_VALUES = 10**15
_DEFAULT_STEP = Fraction(1, 10)
_BOTH_BOUNDS = 2


def read_draw(table: dict[str, Any], value: Value, where: str, *, has_value: bool) -> Draw:
    """Read one ``draw`` table; ``value`` is the given's printed one, whose shape a draw without ``shape`` has."""
    read = converted(table, DrawTable, where)
    kinds = [name for name in ("integers", "decimals", "choice") if getattr(read, name) is not None]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none of them"
        raise FullmarksError(f"{where}: has {found}; expected one of integers, decimals, choice")
    if read.step is not None and read.decimals is None:
        raise FullmarksError(f"{where}: step belongs to decimals, not to {kinds[0]}")
    source = _read_source(read, where)
    if isinstance(source, Choice) and not isinstance(value, str):
        _refuse_misspelt_kernels(source.values, where)
    if isinstance(source, Choice) and next(letters_in(list(source.values)), None) is not None:
        raise FullmarksError(f"{where}: choice has a letter; problems are drawn with numbers only")
    whole = isinstance(source, Choice) and any(shape_of(one) or isinstance(one, str) for one in source.values)
    draw = Draw(source, _read_shape(read, value, where, has_value=has_value or whole), read.nonzero)
    if whole and read.shape is not None:
        raise FullmarksError(f"{where}: shape has no meaning where choice lists whole arrays or words")
    if whole and isinstance(source, Choice):
        _refuse_another_shape(source.values, value if has_value else None, where)
        draw = Draw(source, (), read.nonzero)
    if read.nonzero and not _has_nonzero(source):
        raise FullmarksError(f"{where}: nonzero = true leaves nothing to draw")
    return draw


def kernel_or_value(value: Any, where: str) -> Value:
    """Return a value of a problem file; a kernel's name is its matrix, and ``"1/3"`` a number."""
    if isinstance(value, str) and value in KERNELS:
        return named_kernel(value)
    number = exact_number(value) if isinstance(value, str) else None
    if number is not None:
        return number
    checked = checked_value(value, where)
    check_value_words(checked, where)
    return checked


def _read_source(read: DrawTable, where: str) -> Integers | Decimals | Choice:
    if read.integers is not None:
        low, high = _bounds(read.integers, f"{where}: integers")
        _refuse_too_many(high - low, f"{where}: integers")
        return Integers(int(low), int(high))
    if read.decimals is not None:
        low, high = _bounds(read.decimals, f"{where}: decimals")
        step = _DEFAULT_STEP if read.step is None else Fraction(_number(read.step, f"{where}: step"))
        if step <= 0:
            raise FullmarksError(f"{where}: step is {float(step):g}; expected a number above 0")
        if (high - low) % step:
            raise FullmarksError(
                f"{where}: steps of {float(step):g} from {float(low):g} do not reach {float(high):g}; "
                "choose bounds that are whole steps apart"
            )
        _refuse_too_many((high - low) / step, f"{where}: decimals")
        return Decimals(low, high, step)
    values = tuple(kernel_or_value(one, f"{where}: choice {place}") for place, one in enumerate(read.choice or [], 1))
    if not values:
        raise FullmarksError(f"{where}: choice is empty; expected at least one value")
    return Choice(values)


def _refuse_too_many(count: Fraction, where: str) -> None:
    if count >= MOST_VALUES:
        raise FullmarksError(f"{where}: has more than {MOST_VALUES:,} values to choose from; narrow the bounds")


def _bounds(bounds: list[Any], where: str) -> tuple[Fraction, Fraction]:
    if len(bounds) != _BOTH_BOUNDS:
        raise FullmarksError(f"{where}: has {len(bounds)} numbers; expected [low, high]")
    low, high = (Fraction(_number(bound, where)) for bound in bounds)
    if low > high:
        raise FullmarksError(f"{where}: the bounds are upside down: {float(low):g} is above {float(high):g}")
    return low, high


def _number(value: Any, where: str) -> int | Fraction:
    number = checked_value(value, where)
    if isinstance(number, bool) or not isinstance(number, int | Fraction):
        raise FullmarksError(f"{where}: {ascii_line(str(value))} is no number")
    return number


def _refuse_misspelt_kernels(values: tuple[Value, ...], where: str) -> None:
    """Refuse words that are nearly a kernel's name where the printed value is no word."""
    for place, value in enumerate(values, 1):
        if isinstance(value, str) and nearest(value, KERNELS):
            misspelt = f"{ascii_line(value)} is no kernel's name{nearest(value, KERNELS)}"
            raise FullmarksError(f"{where}: choice {place}: {misspelt}")


def _refuse_another_shape(values: tuple[Value, ...], value: Value, where: str) -> None:
    """Refuse arrays of another shape than the printed value's, or the first one's where none is; words have none."""
    arrays = [(place, one) for place, one in enumerate(values, 1) if not _has_words(one)]
    if _has_words(value) or not arrays:
        return
    expected = shape_of(arrays[0][1] if value is None else value)
    for place, one in arrays:
        if shape_of(one) != expected:
            theirs = f"choice {arrays[0][0]}" if value is None else "the value"
            raise FullmarksError(
                f"{where}: choice {place}: has shape {list(shape_of(one))} but {theirs} has {list(expected)}; "
                "what is drawn must have one shape"
            )


def _has_words(value: Value) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and any(isinstance(entry, str) for entry in value))


def _read_shape(read: DrawTable, value: Value, where: str, *, has_value: bool) -> tuple[int, ...]:
    if read.shape is None:
        if not has_value:
            raise FullmarksError(f"{where}: there is no value to take the shape from; add shape = [rows, columns]")
        return shape_of(value)
    shape = tuple(read.shape)
    if len(shape) > MOST_AXES or any(length < 1 for length in shape) or prod(shape) > MOST_ENTRIES:
        raise FullmarksError(
            f"{where}: shape is {list(shape)}; expected at most {MOST_AXES} lengths above 0 "
            f"and {MOST_ENTRIES:,} entries in all"
        )
    if value is not None and shape != shape_of(value):
        raise FullmarksError(f"{where}: shape is {list(shape)} but the value's is {list(shape_of(value))}; drop one")
    return shape


def _has_nonzero(source: Integers | Decimals | Choice) -> bool:
    match source:
        case Integers(low, high) | Decimals(low, high):
            return low != 0 or high != 0
        case Choice(values):
            return any(value != 0 for value in values)
