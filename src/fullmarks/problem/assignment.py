"""``NAME=VALUE`` as typed on a command line: rows, lists, fractions, named kernels, switches, words, files."""

import io
import json
import math
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from fullmarks.errors import FullmarksError, nearest
from fullmarks.math.kernels import KERNELS
from fullmarks.problem.files import LARGEST_DATA, read_bytes, read_text
from fullmarks.problem.formula import check_name
from fullmarks.problem.model import Value
from fullmarks.problem.numerals import exact_number
from fullmarks.problem.tokens import CONSTANTS, ascii_line
from fullmarks.problem.values import checked_value

_LETTER = re.compile(r"-?[A-Za-z][0-9]*", re.ASCII)
_EXAMPLE = 'such as 0.1, 1/3, "4 0 1" or "4 0 1; 4 0 2"'


def read_assignments(texts: Iterable[str]) -> dict[str, str]:
    """Split ``NAME=VALUE`` arguments into names and the texts of their values, in order; no name may come twice."""
    values: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign:
            raise FullmarksError(f'{ascii_line(text)}: expected NAME=VALUE, such as x="4 0 1"')
        check_name(name, ascii_line(text))
        if name in values:
            raise FullmarksError(f"{name}: is given twice; give it once")
        values[name] = value
    return values


def read_value(text: str, where: str, words: frozenset[str] | None = None) -> Value:
    """Read the value of ``NAME=VALUE``; ``where`` (the name) begins the message of a refusal.

    ``words`` are the options that the argument knows: another word is refused with the nearest. With none given any
    word is kept. A kernel's name is its matrix.
    """
    text = text.strip()
    if not text.strip(" ,"):
        raise FullmarksError(f"{where}: has no value; expected one {_EXAMPLE}")
    if text.startswith("@"):
        try:
            return _read_file(Path(text[1:]))
        except FullmarksError as problem:
            raise FullmarksError(f"{where}: {problem}") from None
    if text.startswith("["):
        return checked_value(_read_json(text, where), where)
    number = exact_number(text)
    if number is not None:
        return number
    if text in CONSTANTS and text not in (words or ()):
        return CONSTANTS[text]
    if _starts_as_number(text) or ";" in text:
        return _read_rows(text, where)
    return _read_words(text, where, words)


def named_kernel(word: str) -> list[list[int | Fraction]]:
    """Return a fresh copy of the kernel of that name."""
    return [list(row) for row in KERNELS[word]]


def _starts_as_number(text: str) -> bool:
    return any(exact_number(token) is not None for token in re.split(r"[\s,]+", text))


def _read_rows(text: str, where: str) -> Value:
    rows = [row.split() for row in text.replace(",", " ").split(";")]
    is_matrix = len(rows) > 1
    if is_matrix and not rows[-1]:
        rows.pop()  # "0.1 0.4;" is one row
    read = []
    for place, row in enumerate(rows, 1):
        here = f"{where}: row {place}" if is_matrix else where
        if not row:
            raise FullmarksError(f"{here}: is empty; rows are separated by one ';'")
        read.append([_entry(token, here) for token in row])
    return checked_value(read if is_matrix else read[0], where)


def _entry(token: str, where: str) -> int | Fraction:
    number = exact_number(token)
    if number is not None:
        return number
    if _LETTER.fullmatch(token):
        raise FullmarksError(_no_letters(token, where))
    raise FullmarksError(f"{where}: {ascii_line(token)} is no number; expected one {_EXAMPLE}")


def _read_words(text: str, where: str, words: frozenset[str] | None) -> Value:
    tokens = text.replace(",", " ").split()
    if text in KERNELS and (words is None or text in words):
        return named_kernel(text)
    if words is not None and text in words:
        return text
    if words is not None and all(token in words for token in tokens):
        return list(tokens)
    if words is not None:
        unknown = next(token for token in tokens if token not in words)
        if _LETTER.fullmatch(unknown):
            raise FullmarksError(_no_letters(unknown, where))
        known = sorted(words) if words else sorted(KERNELS)
        listed = f" (it takes {', '.join(known)})" if words else f"; expected numbers {_EXAMPLE}"
        raise FullmarksError(f"{where}: {ascii_line(unknown)} is neither a number nor a known word"
                             f"{nearest(unknown, known)}{listed}")  # fmt: skip
    if all(_LETTER.fullmatch(token) for token in tokens):
        raise FullmarksError(_no_letters(tokens[0], where))
    return text


def _no_letters(letter: str, where: str) -> str:
    return f"{where}: letters ({ascii_line(letter)}) cannot be worked with yet; give a number {_EXAMPLE}"


def _read_json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_float=_json_number, parse_int=_json_number, parse_constant=_json_number)
    except RecursionError:
        raise FullmarksError(f"{where}: lists within lists are nested too deep") from None
    except json.JSONDecodeError as problem:
        raise FullmarksError(
            f"{where}: {ascii_line(text)} is no list of numbers: {problem.msg} at character {problem.pos + 1}; "
            "expected one such as [[4, 0, 1], [4, 0, 2]]"
        ) from None


def _json_number(text: str) -> int | Fraction | float:
    number = exact_number(text)
    return math.nan if number is None else number


def _read_file(path: Path) -> Value:
    here = str(path)
    match path.suffix.lower():
        case ".csv":
            return _read_csv(read_text(path, LARGEST_DATA), here)
        case ".json":
            return checked_value(_read_json(read_text(path, LARGEST_DATA), here), here)
        case ".npy":
            return checked_value(_read_npy(read_bytes(path, LARGEST_DATA), here), here)
        case ".py":
            return read_text(path, LARGEST_DATA)  # a network's source, for an operator that reads it and never runs it
        case suffix:
            raise FullmarksError(
                f"{here}: {suffix or 'a file without suffix'} is not read; expected .csv, .npy or .json"
            )


def _read_csv(text: str, where: str) -> Value:
    rows = []
    for place, line in enumerate(text.splitlines(), 1):
        if line.strip():
            cells = [cell.strip().strip('"') for cell in re.split(r"[,;\t]", line)]
            rows.append([_entry(cell, f"{where}: line {place}") for cell in cells])
    return checked_value(rows, where)


def _read_npy(content: bytes, where: str) -> Any:
    import numpy as np

    try:
        file = io.BytesIO(content)
        version = np.lib.format.read_magic(file)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(file)
        # A header may promise more than the file holds; numpy would set that much memory aside first.
        if dtype.hasobject or math.prod(shape) * dtype.itemsize > len(content):
            raise ValueError("its header does not fit its content")  # noqa: TRY301  one refusal for every way to be bad
        return np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError, SyntaxError, TypeError, OverflowError, MemoryError) as problem:
        raise FullmarksError(f"{where}: is no array that numpy.save wrote: {problem}") from None
