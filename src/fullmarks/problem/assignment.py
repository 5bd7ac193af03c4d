"""``NAME=VALUE`` as typed on a command line: rows, lists, fractions, named kernels, switches, words, files."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from fullmarks.errors import FullmarksError, nearest
from fullmarks.math.kernels import KERNELS
from fullmarks.math.letters import read_letter
from fullmarks.problem.data_files import no_table, read_data_file, read_json
from fullmarks.problem.formula import check_name
from fullmarks.problem.model import Value
from fullmarks.problem.numerals import exact_number, why_no_number
from fullmarks.problem.rows import EXAMPLE, is_rows, read_rows
from fullmarks.problem.tokens import CONSTANTS, ascii_line
from fullmarks.problem.values import checked_value


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
        raise FullmarksError(f"{where}: has no value; expected one {EXAMPLE}")
    file = file_named(text)
    if file is not None:
        try:
            return read_data_file(file)
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
    if is_rows(text) or (words is not None and any(sign in text for sign in "\n|")):
        return read_rows(text, where)
    return _read_words(text, where, words)


def file_named(text: str) -> Path | None:
    """Return the file that the text of a value names, as ``@image.csv`` does."""
    text = text.strip()
    return Path(text[1:]) if text.startswith("@") else None


def named_kernel(word: str) -> list[list[int | Fraction]]:
    """Return a fresh copy of the kernel of that name."""
    return [list(row) for row in KERNELS[word]]


def _listed_words(text: str) -> list[str]:
    """Split words at the strongest separator there is, so that one of them may have blanks: ``hot dog, cat``."""
    separator = next((sign for sign in ";\n," if sign in text), None)
    return [word.strip() for word in text.split(separator) if word.strip()]


def _hint(word: str, known: list[str]) -> str:
    """Say why a word is no number, where it looks like one; else which word was meant."""
    if word in KERNELS:
        return " here (it is a kernel)"
    return why_no_number(word) or nearest(word, known)


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
        listed = f" (it takes {', '.join(known)})" if words else f"; expected numbers {EXAMPLE}"
        raise FullmarksError(f"{where}: {ascii_line(unknown)} is neither a number nor a known word"
                             f"{_hint(unknown, known)}{listed}")  # fmt: skip
    return text
