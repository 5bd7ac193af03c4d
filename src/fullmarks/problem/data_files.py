"""Files of numbers: CSV as spreadsheets and programs write it, JSON, and the arrays of numpy.save."""

import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from fullmarks.errors import FullmarksError
from fullmarks.problem.files import LARGEST_ARRAY_FILE, LARGEST_TEXT, read_bytes, read_text
from fullmarks.problem.model import Value
from fullmarks.problem.numerals import exact_number
from fullmarks.problem.rows import joined, read_entry
from fullmarks.problem.tokens import ascii_line
from fullmarks.problem.values import MOST_ENTRIES, checked_value, refuse_too_many

Line = tuple[int, list[str]]  # its number in the file, and its cells
_COMMENT = "# "
_LETTER = re.compile(r"[A-Za-z][0-9]*", re.ASCII)


def read_data_file(path: Path) -> Value:
    """Return the value in a ``.csv``, ``.json`` or ``.npy`` file, or the text of a ``.py`` file, which is never run.

    Raises ``FullmarksError`` naming the file and the line of what is no number.
    """
    here = str(path)
    match path.suffix.lower():
        case ".csv":
            return _read_csv(read_text(path, LARGEST_TEXT), here)
        case ".json":
            return checked_value(read_json(read_text(path, LARGEST_TEXT), here), here)
        case ".npy":
            return checked_value(_read_npy(read_bytes(path, LARGEST_ARRAY_FILE), here), here)
        case ".py":
            return read_text(path, LARGEST_TEXT)
        case suffix:
            raise FullmarksError(
                f"{here}: {suffix or 'a file without suffix'} is not read; expected .csv, .npy or .json"
            )


def read_json(text: str, where: str) -> Any:
    """Return lists of exact numbers; what is no JSON, and an object, is refused."""
    refuse_too_many(text.count(",") + 1, where)
    try:
        value = json.loads(text, parse_float=_json_number, parse_int=_json_number, parse_constant=_json_number)
    except RecursionError:
        raise FullmarksError(f"{where}: lists within lists are nested too deep") from None
    except json.JSONDecodeError as problem:
        raise FullmarksError(
            f"{where}: {ascii_line(text)} is no list of numbers: {problem.msg} at character {problem.pos + 1}; "
            "expected one such as [[4, 0, 1], [4, 0, 2]]"
        ) from None
    if isinstance(value, dict):
        raise FullmarksError(no_table(where))
    return value


def no_table(where: str) -> str:
    """Return the refusal of a JSON object."""
    return f"{where}: is a JSON object {{…}}; expected a number or a list such as [[4, 0, 1], [4, 0, 2]]"


def _json_number(text: str) -> int | Fraction | float:
    number = exact_number(text)
    if number is not None:
        return number
    return float(text) if math.isinf(float(text)) else math.nan  # which of the two a message then says


def _read_csv(text: str, where: str) -> Value:
    """Return rows of numbers; blocks of rows between blank lines are channels."""
    blocks: list[list[Line]] = []
    count, after_gap = 0, True
    for line, cells in _csv_lines(text, where):
        if not any(cells) or cells == ["|"]:
            after_gap = True
            continue
        count += len(cells)
        if count > MOST_ENTRIES:
            continue  # only counted, so that a large file does not fill the memory
        if after_gap:
            blocks.append([])
        blocks[-1].append((line, cells))
        after_gap = False
    refuse_too_many(count, where)
    channels = [_channel(block, where) for block in _without_headers(blocks)]
    if not channels:
        raise FullmarksError(f"{where}: has no numbers")
    return joined(channels, where) if len(channels) > 1 else channels[0]


def _channel(lines: Sequence[Line], where: str) -> Value:
    first_line, first_cells = lines[0]
    for line, cells in lines:
        if len(cells) != len(first_cells):
            raise FullmarksError(
                f"{where}: line {line}: has {_cells(cells)}, line {first_line} has {_cells(first_cells)}; "
                "all need the same length"
            )
    return checked_value(
        [[read_entry(cell, f"{where}: line {line}") for cell in cells] for line, cells in lines], where
    )


def _csv_lines(text: str, where: str) -> Iterator[Line]:
    """Yield the cells of every line but comments; the separator is the strongest that the file has.

    A line without cells, or with empty ones only, is yielded as ``[]``.
    """
    import csv

    lines = [line if not line.startswith("# ") else _COMMENT for line in text.splitlines()]
    separator = next((sign for sign in ";\t," if any(sign in line for line in lines)), None)
    if separator is None:
        yield from ((place, line.replace('"', "").split()) for place, line in enumerate(lines, 1) if line != _COMMENT)
        return
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    try:
        for cells in reader:
            if cells != [_COMMENT]:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as problem:
        raise FullmarksError(f"{where}: line {reader.line_num}: {problem}") from None


def _without_headers(blocks: Sequence[Sequence[Line]]) -> list[Sequence[Line]]:
    """Return the blocks without the lines that name columns, at the top of the file or of a block."""
    top = _headers([cells for block in blocks for _, cells in block])
    left: list[Sequence[Line]] = []
    for block in blocks:
        skipped = min(top, len(block)) if not left else _headers([cells for _, cells in block])
        top -= skipped
        if skipped < len(block):
            left.append(block[skipped:])
    return left


def _headers(rows: list[list[str]]) -> int:
    """Return how many lines at the top name columns: every cell is a name, and no letter to compute with."""
    count = next((place for place, cells in enumerate(rows) if not all(map(_is_name, cells))), 0)
    named = any(cell and not _LETTER.fullmatch(cell) for cells in rows[:count] for cell in cells)
    only_numbers_follow = all(exact_number(cell) is not None for cells in rows[count:] for cell in cells)
    return count if named or only_numbers_follow else 0


def _is_name(cell: str) -> bool:
    """Tell whether a cell is words; 1,5 and nan are not: they must not be passed over as names of columns."""
    try:
        float(cell)
    except ValueError:
        return not cell or any(character.isalpha() for character in cell)
    return False


def _cells(cells: list[str]) -> str:
    return f"{len(cells)} cell{'s' if len(cells) > 1 else ''}"


def _read_npy(content: bytes, where: str) -> Any:
    import numpy as np

    try:
        file = io.BytesIO(content)
        version = np.lib.format.read_magic(file)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(file)
        refuse_too_many(math.prod(shape), where)
        # A header may promise more than the file holds; numpy would set that much memory aside first.
        if dtype.hasobject or math.prod(shape) * dtype.itemsize > len(content):
            raise ValueError("its header does not fit its content")  # noqa: TRY301  one refusal for every way to be bad
        return np.load(io.BytesIO(content), allow_pickle=False)
    except FullmarksError:
        raise
    except Exception as problem:  # noqa: BLE001 - a header is read as Python's literals, which fails in a dozen ways
        raise FullmarksError(f"{where}: is no array that numpy.save wrote: {problem}") from None
