"""The words and signs a formula may be written with, checked before Python's parser sees the text."""

import keyword
import re

from fullmarks.characters import check_characters, with_escapes
from fullmarks.errors import FullmarksError
from fullmarks.problem.numerals import exact_number

LONGEST_FORMULA = 10_000
CONSTANTS = {"true": True, "false": False, "none": None}
CONDITION_WORDS = frozenset({"and", "or", "not"})

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<string>"[^"\n\\]*"|'[^'\n\\]*')
      | (?P<sign>[-+*/@(),=.\[\];<>!])""",
    re.VERBOSE | re.ASCII,
)


_REFUSED = {
    **dict.fromkeys("\"'", "a string that does not end on its line (or has a backslash in it)"),
    **dict.fromkeys("<>!", "a comparison may stand in 'require' only"),
    **dict.fromkeys("{}", "braces are no part of a formula; lists are written [1, 2]"),
    ";": "one formula is expected here; write a second one on its own",
    "^": "there is no power; write a product",
}
_WIDEST = 80  # characters of a formula that an error message shows


def check_tokens(source: str, where: str, *, allowed_words: frozenset[str] = frozenset(), signs: str = "") -> None:
    """Refuse text that is not made of the formula language's words and signs.

    ``allowed_words`` are Python keywords with a meaning here (``and``), ``signs`` those beyond every formula's.
    """
    if len(source) > LONGEST_FORMULA:
        raise FullmarksError(
            f"{where}: a formula of {len(source):,} characters; at most {LONGEST_FORMULA:,} are read, so name a part "
            "of it on a line of its own"
        )
    position, previous = 0, "blank"
    while position < len(source):
        found = _TOKEN.match(source, position)
        kind = (found.lastgroup or "") if found else ""
        if found is None or (kind == "sign" and found[0] in ";<>!" and found[0] not in signs):
            raise FullmarksError(f"{where}: {_shown(source, position)}: {_why_refused(source[position], signs)}")
        reason = _why_misplaced(kind, found[0], previous, allowed_words)
        if reason:
            raise FullmarksError(f"{where}: {_shown(source, position)}: {reason}")
        if kind == "string":
            check_words(found[0][1:-1], where)
        if kind != "blank" or previous != "string":
            previous = kind
        position = found.end()


def _why_misplaced(kind: str, text: str, previous: str, allowed_words: frozenset[str]) -> str:
    """Return why a word or sign cannot stand after the one before it, or at all; nothing where it can."""
    if previous == "number" and kind in ("name", "number", "string"):
        return "a number runs into what follows; a product is written 2*x"
    if previous in ("name", "string") and kind == "string":
        return f"a comma or an operation is missing before the string {text}"
    if kind == "number" and exact_number(text) is None:
        return "the number is too long or too large"
    return _why_no_name(text, allowed_words) if kind == "name" else ""


def _why_no_name(text: str, allowed_words: frozenset[str]) -> str:
    if text in allowed_words or not keyword.iskeyword(text):
        return ""
    if text.lower() in CONSTANTS:
        return f"{text} is written {text.lower()}"
    if text in CONDITION_WORDS:
        return f"{text!r} may stand in 'require' only"
    return f"{text!r} is a reserved word and cannot be a name; choose another"


def _why_refused(character: str, signs: str) -> str:
    if character in _REFUSED:
        return _REFUSED[character]
    if character.isalpha():
        return f"{character!r} is no ASCII letter; names have A-Z, a-z, 0-9 and _"
    extra = f" {' '.join(signs)}" if signs else ""
    shown = ascii_line(character)
    return f"{shown} is no part of a formula; it has names, numbers, strings, lists, calls and + - * / @{extra}"


def _shown(source: str, position: int) -> str:
    """Show where in a formula something stands, without printing all of a long one."""
    start = max(0, position - 20)
    return ascii_line(
        ("…" if start else "") + source[start : position + 20] + ("…" if position + 20 < len(source) else "")
    )


def check_words(text: str, where: str) -> None:
    """Refuse words of a value, such as labels, with a character that is never printed, or with a dollar.

    They are printed as they are, in sentences too, so a dollar would begin a formula there. A text of several lines,
    such as a program, may have dollars.
    """
    check_characters(text, where)
    if "$" in text and "\n" not in text:
        raise FullmarksError(
            f"{where}: {ascii_line(text)} has a $; words of a value are plain text without mathematics"
        )


def check_value_words(value: object, where: str) -> None:
    """Check the words of a value: a word, or a list of some."""
    words = value if isinstance(value, list) else [value]
    for word in words:
        if not isinstance(word, str):
            return  # numbers: a list has either
        check_words(word, where)


def ascii_line(text: str) -> str:
    """Return ``text`` quoted on one line, whatever characters it holds, at most 80 characters of it."""
    shown = with_escapes(text[: _WIDEST + 1])
    return "'" + (shown if len(shown) <= _WIDEST else shown[: _WIDEST - 1] + "…") + "'"
