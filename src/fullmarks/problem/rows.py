"""Numbers typed as text: entries in a row, rows in a matrix, blocks of rows as channels, and no decimal commas."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from fullmarks.errors import FullmarksError
from fullmarks.math.letters import Letter, read_letter
from fullmarks.problem.model import Value
from fullmarks.problem.numerals import exact_number, meant_number, why_no_number
from fullmarks.problem.tokens import ascii_line
from fullmarks.problem.values import checked_value, shape_of

EXAMPLE = 'such as 0.1, 1/3, "4 0 1" or "4 0 1; 4 0 2"'

_BETWEEN_BLOCKS = re.compile(r"\s*\|\s*|[ \t]*\n(?:[ \t]*\n)+[ \t]*")
_GLUED = re.compile(r"[0-9],[0-9]", re.ASCII)  # a comma that may be a decimal one


def is_rows(text: str) -> bool:
    """Return whether a typed value is rows of numbers: one of its entries is a number, or it has a ``;``."""
    return ";" in text or any(exact_number(token) is not None for token in re.split(r"[\s,|]+", text))


def read_rows(text: str, where: str) -> Value:
    """Return ``4 0 1`` as a vector, ``4 0; 1 2`` (or lines) as rows, and blocks of rows as channels.

    Blocks are separated by a blank line or ``|``. ``0.1 0.4;`` is one row, and ``1 2; 3 4 |`` one channel. A decimal
    comma is refused, and so are blocks of different shapes.
    """
    text = "\n".join(text.splitlines()).strip()
    _refuse_decimal_commas(text, where)
    blocks = _BETWEEN_BLOCKS.split(text)
    has_channels = len(blocks) > 1
    if has_channels and not blocks[-1]:
        blocks.pop()
    if not has_channels:
        return _read_block(blocks[0], where, one_row_is_a_vector=True)
    channels = []
    for place, block in enumerate(blocks, 1):
        here = f"{where}: channel {place}"
        if not block:
            raise FullmarksError(f"{here}: is empty; channels are separated by one '|' or a blank line")
        channels.append(_read_block(block, here))
    return joined(channels, where)


def joined(channels: Sequence[Any], where: str) -> Value:
    """Return matrices as the channels of one array, or refuse two that differ in shape."""
    first = shape_of(channels[0])
    for place, channel in enumerate(channels[1:], 2):
        if shape_of(channel) != first:
            raise FullmarksError(
                f"{where}: channel {place} is {_size(shape_of(channel))}, channel 1 is {_size(first)}; blocks of rows "
                "(separated by a blank line or '|') are channels, which all need the same shape"
            )
    return list(channels)


def read_entry(token: str, where: str) -> int | Fraction | Letter:
    """Return one cell of numbers: a number or a letter."""
    number = exact_number(token)
    if number is not None:
        return number
    letter = read_letter(token)
    if letter is not None:
        return letter
    if not token:
        raise FullmarksError(f"{where}: has an empty cell; expected a number in each")
    raise FullmarksError(f"{where}: {ascii_line(token)} is no number{why_no_number(token)}; expected one {EXAMPLE}")


def _read_block(block: str, where: str, *, one_row_is_a_vector: bool = False) -> Value:
    lines = [line.strip() for line in block.split("\n")]  # a matrix that was pasted has a row a line
    text = ";".join([*(line.removesuffix(";") for line in lines[:-1]), lines[-1]])
    rows = [row.split() for row in text.replace(",", " ").split(";")]
    is_matrix = len(rows) > 1
    if is_matrix and not rows[-1]:
        rows.pop()  # "0.1 0.4;" is one row
    read = []
    for place, row in enumerate(rows, 1):
        here = f"{where}: row {place}" if is_matrix else where
        if not row:
            raise FullmarksError(f"{here}: is empty; rows are separated by one ';'")
        read.append([read_entry(token, here) for token in row])
    return checked_value(read[0] if one_row_is_a_vector and not is_matrix else read, where)


def _refuse_decimal_commas(text: str, where: str) -> None:
    """Refuse ``0,5``, which may be one number or two, unless another comma can only separate: ``4,0,1; 0,2,2``."""
    rows = [[chunk.strip(",") for chunk in row.split()] for row in re.split(r"[;|\n]", text)]
    rows = [row for row in rows if any(_GLUED.search(chunk) for chunk in row)]
    glued = [chunk for row in rows for chunk in row if _GLUED.search(chunk)]
    decimals = [chunk for chunk in glued if meant_number(chunk) is not None]
    if not decimals or (len(decimals) < len(glued) and all(len(row) == 1 for row in rows)):
        return
    shown = decimals[0]
    raise FullmarksError(
        f"{where}: {ascii_line(shown)} has a decimal comma, or a comma between two entries; "
        f'write {meant_number(shown)} for one number, "{shown.replace(",", " ")}" for two'
    )


def _size(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))
