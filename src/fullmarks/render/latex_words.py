"""Plain text as LaTeX that pdflatex can set: every special character escaped, every other one known or refused."""

import re
import unicodedata
from typing import Final

from fullmarks.errors import UnprintableError
from fullmarks.math.notation.latex import SIGNS
from fullmarks.math.notation.vocabulary import GREEK
from fullmarks.render.words import printable

LONGEST_PIECE: Final = 20
"""Characters of a listing between two places where its line may break."""

SPECIAL: Final[dict[str, str]] = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
}  # fmt: skip

JOINING: Final = re.compile(r"([-,'])(?=\1)")
"""Two of these in a row would be set as a dash or a quotation mark."""

ACCENTS: Final[dict[str, str]] = {
    "\u0300": r"\`", "\u0301": r"\'", "\u0302": r"\^", "\u0303": r"\~", "\u0304": r"\=", "\u0306": r"\u",
    "\u0307": r"\.", "\u0308": r"\"", "\u030a": r"\r", "\u030b": r"\H", "\u030c": r"\v", "\u0323": r"\d",
    "\u0327": r"\c", "\u0328": r"\k",
}  # fmt: skip

MARKS_BELOW: Final = frozenset("\u0323\u0327\u0328")

LETTERS: Final[dict[str, str]] = {
    "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "ø": r"\o{}", "Ø": r"\O{}", "œ": r"\oe{}", "Œ": r"\OE{}",
    "ł": r"\l{}", "Ł": r"\L{}", "đ": r"\dj{}", "Đ": r"\DJ{}", "ð": r"\dh{}", "Ð": r"\DH{}", "þ": r"\th{}",
    "Þ": r"\TH{}", "ı": r"\i{}",
}  # fmt: skip

PUNCTUATION: Final[dict[str, str]] = {
    "–": "--", "—": "---", "‘": r"\textquoteleft{}", "’": r"\textquoteright{}", "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}", "„": r"\quotedblbase{}", "‚": r"\quotesinglbase{}", "«": r"\guillemotleft{}",
    "»": r"\guillemotright{}", "‹": r"\guilsinglleft{}", "›": r"\guilsinglright{}", "‐": "-", "‑": r"\mbox{-}",
    "\u00a0": "~", "\u2009": r"\,", "\u202f": r"\,", "•": r"\textbullet{}", "·": r"\textperiodcentered{}",
    "°": r"\textdegree{}", "§": r"\S{}", "¶": r"\P{}", "©": r"\textcopyright{}", "®": r"\textregistered{}",
    "™": r"\texttrademark{}", "€": r"\texteuro{}", "£": r"\pounds{}", "¥": r"\textyen{}", "¡": r"\textexclamdown{}",
    "¿": r"\textquestiondown{}", "ª": r"\textordfeminine{}", "º": r"\textordmasculine{}", "µ": r"\textmu{}",
}  # fmt: skip

MATHEMATICS: Final[dict[str, str]] = (
    {sign: form for sign, form in SIGNS.items() if not sign.isascii()}
    | {letter: rf"\{name}" for name, letter in GREEK.items()}
    | {digit: f"{{}}_{value}" for value, digit in enumerate("₀₁₂₃₄₅₆₇₈₉")}
    | {digit: f"{{}}^{value}" for value, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
    | {
        "√": r"\surd", "∑": r"\sum", "∏": r"\prod", "←": r"\leftarrow", "↔": r"\leftrightarrow", "⇒": r"\Rightarrow",
        "⇔": r"\Leftrightarrow", "↑": r"\uparrow", "↓": r"\downarrow", "∘": r"\circ", "∩": r"\cap", "∪": r"\cup",
        "⊂": r"\subset", "⊆": r"\subseteq", "∉": r"\notin", "∅": r"\emptyset", "≡": r"\equiv", "≪": r"\ll",
        "≫": r"\gg", "÷": r"\div", "‖": r"\Vert", "∫": r"\int", "⊤": r"\top", "ᵀ": r"{}^{\mathsf{T}}",
        "ⁿ": "{}^n", "⁻": "{}^-", "⁺": "{}^+", "ᵢ": "{}_i", "ⱼ": "{}_j", "ₖ": "{}_k", "ₜ": "{}_t", "ₙ": "{}_n",
        "ₕ": "{}_h", "ₓ": "{}_x", "₋": "{}_-", "₊": "{}_+", "½": r"\tfrac12", "¼": r"\tfrac14", "¾": r"\tfrac34",
        "✓": r"\checkmark", "ℝ": r"\mathbb{R}", "¬": r"\neg", "⊗": r"\otimes",
    }
)  # fmt: skip


def escaped(text: str) -> str:
    """Return words as LaTeX in which nothing is a command; characters beyond ASCII are left to ``in_ascii``."""
    return _escaped(printable(text))


def escaped_line(line: str) -> str:
    """Return one line of a listing as LaTeX, all its blanks kept; a long one may go on below."""
    pieces = [line[start : start + LONGEST_PIECE] for start in range(0, len(line), LONGEST_PIECE)]
    return r"\allowbreak{}".join(_escaped(piece).replace(" ", "~") for piece in pieces)


def in_ascii(source: str) -> str:
    """Return a LaTeX file with every character beyond ASCII as a command; text and mathematics alike.

    Raises UnprintableError naming a character that pdflatex has no letter for.
    """
    composed = unicodedata.normalize("NFC", source)
    return "".join(character if character.isascii() else _command(character) for character in composed)


def _escaped(text: str) -> str:
    # At the start of a row, a bracket or a star would be read as an argument of the line break before it.
    parted = JOINING.sub(r"\1{}", "".join(SPECIAL.get(character, character) for character in text))
    return f"{{{parted[0]}}}{parted[1:]}" if parted.startswith(("[", "*")) else parted


def _command(character: str) -> str:
    if character in MATHEMATICS:
        return rf"\ensuremath{{{MATHEMATICS[character]}}}"
    known = LETTERS.get(character) or PUNCTUATION.get(character)
    if known:
        return known
    base, *marks = list(unicodedata.normalize("NFD", character))
    if not base.isascii() or not marks or any(mark not in ACCENTS for mark in marks):
        raise UnprintableError(character, "cannot be set by pdflatex")
    letter = base
    # The font has accented letters to put a mark below, but not the other way round.
    for mark in sorted(marks, key=MARKS_BELOW.__contains__):
        letter = f"{ACCENTS[mark]}{{{letter}}}"
    return letter
