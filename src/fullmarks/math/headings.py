"""Headings of an array that is read as a table: what stands above its columns and before its rows."""

from msgspec import Struct

from fullmarks.math.numbers import Exact, decimal, exact

Head = str | int | tuple[int, ...]  # words, a number, or a size such as (6, 28, 28)


class Headings(Struct, frozen=True):
    """Headings for an array of two axes, whose rows begin with words or sizes and go on with the array's numbers.

    ``columns`` has a key for programs and a heading for people, for every column of both kinds.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Head, ...], ...]


def head_text(head: Head) -> str:
    """Write what stands before a row: words and numbers as they are, a size as 6×28×28."""
    return "×".join(str(length) for length in head) if isinstance(head, tuple) else str(head)


def grouped(number: Exact, places: int = 3) -> str:
    """Write a number for a table's cell, its thousands apart: 138,357,544."""
    value = exact(number)
    whole, dot, rest = decimal(-value if value < 0 else value, places).partition(".")
    return f"{'−' if number < 0 else ''}{int(whole):,}{dot}{rest}"
