"""Single values as TOML: numbers exactly, prose in quotes that leave LaTeX alone, arrays in rows that fit a line."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from fullmarks.characters import toml_escaped
from fullmarks.errors import FullmarksError
from fullmarks.math.kernels import KERNELS
from fullmarks.math.letters import Letter
from fullmarks.problem.model import Choice, Decimals, Draw, Integers, Value
from fullmarks.problem.numerals import MOST_DIGITS, decimal_text, exact_number

LONGEST_LINE = 100  # characters of an array on one line; a longer one has a line for each of its items
LONGEST_DECIMAL = 24  # characters; a longer one is written with an exponent
_INDENT = "  "
_DELETE = "\x7f"  # the one control character that TOML escapes and JSON does not


def string(text: str) -> str:
    r"""Return a string in the quotes that need no escapes: ``"plain"``, ``'\mathbf{x}'``, ``'''of more lines'''``."""
    is_plain = all(character.isprintable() or character == "\n" for character in text)
    has_escapes = "\\" in text or '"' in text
    if is_plain and has_escapes and "'" not in text and "\n" not in text:
        return f"'{text}'"
    if is_plain and (has_escapes or "\n" in text) and "'''" not in text:
        return f"'''\n{text}'''"  # TOML drops the line break after the quotes
    return toml_escaped(json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f"))


def value(given: Value, where: str, depth: int = 0) -> str:
    """Return a given's value; ``where`` begins the refusal of a number with more digits than a file may have.

    ``depth`` is the number of lists that it stands in.
    """
    match given:
        case list():
            return array([value(item, where, depth + 1) for item in given], depth)
        case bool():
            return str(given).lower()
        case str() | Letter():
            return string(str(given))
        case int() | Fraction() | float():
            return _number(given, where)
        case _:
            raise FullmarksError(f"{where}: {type(given).__name__} has no place in a problem file")


def array(items: Sequence[str], depth: int = 0) -> str:
    """Return a list: on one line where it fits, else with a line for each item; numbers fill their lines."""
    one_line = f"[{', '.join(items)}]"
    if len(one_line) <= LONGEST_LINE and "\n" not in one_line:
        return one_line
    lines = "".join(f"{_INDENT * (depth + 1)}{', '.join(line)},\n" for line in _lines(items))
    return f"[\n{lines}{_INDENT * depth}]"


def inline_table(how: Draw, where: str, *, shape_follows: bool) -> str:
    """Return ``{ integers = [0, 4] }``; the shape is left out where the given's value has it."""
    match how.source:
        case Integers(low=low, high=high):
            pairs = [f"integers = [{low}, {high}]"]
        case Decimals(low=low, high=high, step=step):
            pairs = [f"decimals = [{_number(low, where)}, {_number(high, where)}]", f"step = {_number(step, where)}"]
        case Choice(values=values):
            pairs = [f"choice = {array([_choice(one, where) for one in values])}"]
        case _:
            assert_never(how.source)
    if not shape_follows and not _is_whole(how):
        pairs.append(f"shape = {list(how.shape)}")
    if how.nonzero:
        pairs.append("nonzero = true")
    return f"{{ {', '.join(pairs)} }}"


def _is_whole(how: Draw) -> bool:
    """Tell whether arrays or words are chosen whole, so that a shape has no meaning."""
    return isinstance(how.source, Choice) and any(isinstance(one, list | str) for one in how.source.values)


def _lines(items: Sequence[str]) -> list[list[str]]:
    """Return the items of every line: a list each, or as many numbers and words as fit."""
    lines: list[list[str]] = []
    room = 0
    for item in items:
        length = len(item) + len(", ")
        if item.startswith("[") or length > room:
            lines.append([])
            room = LONGEST_LINE
        lines[-1].append(item)
        room -= length
    return lines


def _choice(one: Value, where: str) -> str:
    name = next((name for name, kernel in KERNELS.items() if one == [list(row) for row in kernel]), None)
    return value(one, where, 1) if name is None else string(name)


def _number(number: float | Fraction, where: str) -> str:
    """Return a number that is read as exactly this one: an integer, a decimal, or ``"1/3"``."""
    exact = Fraction(repr(number)) if isinstance(number, float) else Fraction(number)
    if exact.denominator == 1 and abs(exact.numerator) < 10**MOST_DIGITS:
        return str(exact.numerator)
    decimal = _decimal(exact)
    text = f"{exact.numerator}/{exact.denominator}" if decimal is None else decimal
    if exact_number(text) != exact:
        raise FullmarksError(f"{where}: {text[:20]}… is longer or larger than the numbers of a problem file may be")
    return string(text) if decimal is None else text


def _decimal(number: Fraction) -> str | None:
    """Return a decimal without loss, with an exponent where it would be long, or nothing where there is none."""
    text = decimal_text(number)
    if text is None or len(text) <= LONGEST_DECIMAL:
        return text
    digits = text.lstrip("-").replace(".", "").strip("0")
    whole, _, part = text.lstrip("-").partition(".")
    exponent = len(whole) - 1 if whole != "0" else -(len(part) - len(part.lstrip("0")) + 1)
    sign = "-" if number < 0 else ""
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{exponent}"
