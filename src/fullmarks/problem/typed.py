"""How a value is typed on a command line: what `assignment` reads, written again."""

import json
import re
import shlex
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from fullmarks.problem.model import Value
from fullmarks.problem.numerals import decimal_text
from fullmarks.problem.values import shape_of

_PLAIN = re.compile(r"[A-Za-z0-9@%+=:,./_-]+", re.ASCII)  # needs no quotes
_ACTIVE_IN_QUOTES = '"$`\\!'  # what a shell acts upon between double quotes


def solve_command(called: str, values: Mapping[str, Value]) -> list[str]:
    """Return the words of a call that can be pasted into a shell: ``fullmarks``, ``solve``, ``relu``, ``x="-1 2"``."""
    givens = [f"{name}={quoted(typed_value(value))}" for name, value in values.items()]
    return ["fullmarks", "solve", quoted(called), *givens]


def typed_value(value: Any) -> str:
    """Write a value as it is typed after ``NAME=``: ``4 0; 1 2`` for a matrix, ``1 2 | 3 4`` for two channels."""
    if hasattr(value, "tolist"):
        return typed_value(value.tolist())
    if isinstance(value, list | tuple):
        return _typed_list(list(value))
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    return _number(value)


def quoted(text: str) -> str:
    """Return ``text`` as one word of a shell, between double quotes where it needs any."""
    if _PLAIN.fullmatch(text):
        return text
    return shlex.quote(text) if any(character in text for character in _ACTIVE_IN_QUOTES) else f'"{text}"'


def _typed_list(items: list[Any]) -> str:
    if all(isinstance(item, str) for item in items):
        return " ".join(items) if all(item.split() == [item] for item in items) else json.dumps(items)
    match len(shape_of(items)):
        case 1:
            return _row(items) if len(items) > 1 else f"[{_row(items)}]"
        case 2:
            return _rows(items) + (";" if len(items) == 1 else "")
        case 3:
            return " | ".join(map(_rows, items)) + (" |" if len(items) == 1 else "")
        case _:
            return _nested(items)


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_nested, value))}]"
    number = _number(value)
    return json.dumps(number) if "/" in number else number


def _rows(rows: list[Any]) -> str:
    return "; ".join(map(_row, rows))


def _row(items: list[Any]) -> str:
    return " ".join(map(_number, items))


def _number(value: Any) -> str:
    if not isinstance(value, int | float | Fraction):
        return str(value)  # a word, or a letter that stands for a number
    exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    decimal = decimal_text(exact)
    return str(exact) if decimal is None else decimal
