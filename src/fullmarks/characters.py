"""Which characters words may hold, and how the others are written where they must be shown: as escapes.

What no page prints (controls, direction overrides, zero-width signs, halves of characters) is refused in input, because
a terminal acts upon it and a reader is shown another text than the one that is there.
"""

import re
import unicodedata
from typing import Final

from fullmarks.errors import FullmarksError

NEVER_PRINTED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # Unicode's categories
JOINERS: Final = "\u200c\u200d"  # invisible, but Persian, Hindi and others are spelt with them
BREAKS: Final = "\n\t"
OVERRIDES: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TOML_ESCAPES: Final = {"\b": "b", "\f": "f", "\r": "r", "\t": "t"}
_EXAMPLES: Final = {"b": r"\beta", "f": r"\frac", "r": r"\rho", "t": r"\theta"}
_KINDS: Final = {"Cs": "half a character", "Co": "a private character", "Cn": "an unassigned character"}
_PERHAPS_UNSEEN: Final = re.compile(r"[^\n -~]")


def never_printed(character: str) -> bool:
    """Return whether a character is left out, or acted upon, wherever it is printed."""
    return unicodedata.category(character) in NEVER_PRINTED and character not in JOINERS


def check_characters(text: str, where: str) -> None:
    """Raise ``FullmarksError`` for a character that is never printed; line breaks and tabs are none of them."""
    if text.isprintable():
        return
    for character in dict.fromkeys(text.replace("\r\n", "\n")):
        if character not in BREAKS and never_printed(character):
            raise FullmarksError(f"{where}: {refusal(character)}")


def refusal(character: str) -> str:
    """Return what is wrong with a character that is never printed, and what to do about it."""
    code = f"U+{ord(character):04X}"
    if character in _TOML_ESCAPES:
        letter = _TOML_ESCAPES[character]
        return (
            f"a control character ({code}): in double quotes TOML turns \\{letter}, as in {_EXAMPLES[letter]}, into "
            "one; put LaTeX in single quotes: '…'"
        )
    category = unicodedata.category(character)
    if category == "Cc":
        return f"a control character ({code}); remove it"
    name = unicodedata.name(character, "")
    named = f"{code}, {name}" if name else code
    if character in OVERRIDES:
        return f"a character that reorders the text around it ({named}); remove it"
    return f"{_KINDS.get(category, 'an invisible character')} ({named}); remove it"


def with_escapes(text: str) -> str:
    r"""Return ``text`` with what is never printed as escapes (``\x1b``, ``\u202e``), for messages and file names."""
    if text.isprintable():
        return text
    return "".join(_escape(character) if never_printed(character) else character for character in text)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - a byte of a file name that is not UTF-8, as Python keeps it
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def json_escaped(quoted: str) -> str:
    r"""Return a JSON string with what is never printed beyond ASCII escaped too: ``\u009b``, ``\ud83d\ude00``."""
    return _PERHAPS_UNSEEN.sub(lambda found: _json_escape(found[0]) if never_printed(found[0]) else found[0], quoted)


def toml_escaped(quoted: str) -> str:
    r"""Return a TOML string between double quotes with what is never printed beyond ASCII escaped: ``\u009b``."""
    return _PERHAPS_UNSEEN.sub(lambda found: _toml_escape(found[0]) if never_printed(found[0]) else found[0], quoted)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))


def _toml_escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four hexadecimal digits
