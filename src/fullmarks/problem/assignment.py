"""``NAME=VALUE`` as typed on a command line: rows, lists, fractions, named kernels, switches, words, files."""

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from fullmarks.errors import FullmarksError, nearest
from fullmarks.math.kernels import KERNELS
from fullmarks.math.letters import Letter, read_letter
from fullmarks.problem.data_files import no_table, read_data_file, read_json
from fullmarks.problem.formula import check_name
from fullmarks.problem.model import Value
from fullmarks.problem.numerals import exact_number
from fullmarks.problem.tokens import CONSTANTS, ascii_line
from fullmarks.problem.values import checked_value

_NUMERAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:/[0-9.eE+-]+)?", re.ASCII)
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


def read_value(text: str, where: str, words: frozenset[str] | None = None, *, listed: bool = False) -> Value:
    """Read the value of ``NAME=VALUE``; ``where`` (the name) begins the message of a refusal.

    ``words`` are the options that the argument knows: another word is refused with the nearest. With none given any
    word is kept. A kernel's name is its matrix. ``listed`` values are words whatever they are, as labels: ``cat dog``.
    """
    text = text.strip()
    if not text.strip(" ,"):
        raise FullmarksError(f"{where}: has no value; expected one {_EXAMPLE}")
    file = file_named(text)
    if file is not None:
        try:
            return read_data_file(file, _entry)
        except FullmarksError as problem:
            raise FullmarksError(f"{where}: {problem}") from None
    if text.startswith("["):
        return checked_value(read_json(text, where), where)
    if text.startswith("{"):
        raise FullmarksError(no_table(where))
    if listed and text not in CONSTANTS:
        return _listed_words(text)
    number = exact_number(text)
    if number is not None:
        return number
    if text in CONSTANTS and text not in (words or ()):
        return CONSTANTS[text]
    if _starts_as_number(text) or ";" in text or (words is not None and "\n" in text):
        return _read_rows(text, where)
    return _read_words(text, where, words)


def file_named(text: str) -> Path | None:
    """Return the file that the text of a value names, as ``@image.csv`` does."""
    text = text.strip()
    return Path(text[1:]) if text.startswith("@") else None


def named_kernel(word: str) -> list[list[int | Fraction]]:
    """Return a fresh copy of the kernel of that name."""
    return [list(row) for row in KERNELS[word]]


def _starts_as_number(text: str) -> bool:
    return any(exact_number(token) is not None for token in re.split(r"[\s,]+", text))


def _listed_words(text: str) -> list[str]:
    """Split words at the strongest separator there is, so that one of them may have blanks: ``hot dog, cat``."""
    separator = next((sign for sign in ";\n," if sign in text), None)
    return [word.strip() for word in text.split(separator) if word.strip()]


def _read_rows(text: str, where: str) -> Value:
    lines = [line.strip() for line in text.splitlines() if line.strip()]  # a matrix that was pasted has a row a line
    joined = ";".join([*(line.removesuffix(";") for line in lines[:-1]), lines[-1]])
    rows = [row.split() for row in joined.replace(",", " ").split(";")]
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


def _entry(token: str, where: str) -> int | Fraction | Letter:
    number = exact_number(token)
    if number is not None:
        return number
    letter = read_letter(token)
    if letter is not None:
        return letter
    if not token:
        raise FullmarksError(f"{where}: has an empty cell; expected a number in each")
    raise FullmarksError(f"{where}: {ascii_line(token)} is no number{_as_typed(token)}; expected one {_EXAMPLE}")


def _hint(word: str, known: list[str]) -> str:
    """Say why a word is no number, where it looks like one; else which word was meant."""
    if word in KERNELS:
        return " here (it is a kernel)"
    if word.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return " (numbers are finite)"
    if _NUMERAL.fullmatch(word):
        return " (it is too long, too large or too small, or divides by zero)"
    return f"{_as_typed(word)}{nearest(word, known)}"


def _as_typed(token: str) -> str:
    """Say how a number is typed that came with full-width digits, a typographic minus or a decimal comma."""
    plain = unicodedata.normalize("NFKC", token).replace("−", "-").replace("–", "-")
    meant = plain.replace(",", ".")
    return f" (write {meant})" if meant != token and exact_number(meant) is not None else ""


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
        letters = [letter for letter in map(read_letter, tokens) if letter is not None]
        if len(letters) == len(tokens) and (len(tokens) > 1 or not words):
            return letters if len(letters) > 1 else letters[0]
        known = sorted(words) if words else sorted(KERNELS)
        listed = f" (it takes {', '.join(known)})" if words else f"; expected numbers {_EXAMPLE}"
        raise FullmarksError(f"{where}: {ascii_line(unknown)} is neither a number nor a known word"
                             f"{_hint(unknown, known)}{listed}")  # fmt: skip
    return text
