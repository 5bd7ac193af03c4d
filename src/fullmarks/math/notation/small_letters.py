"""Scripts and accents in characters: the small letters that Unicode has, and what stands in where it has none."""

import re
import unicodedata
from typing import Final

from fullmarks.math.notation.drawing import Drawing, beside, columns_of, fenced, one_line, padded, stacked

SUBSCRIPTS: Final = str.maketrans("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
SUPERSCRIPTS: Final = str.maketrans(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW′∗",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ′*",
)

COMBINING: Final = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "vec": "\u20d7", "dot": "\u0307"}


def scripted(base: Drawing, lower: Drawing | None, upper: Drawing | None) -> Drawing:
    """Return a drawing with one at its lower right, one at its upper right, or both."""
    if any(part is not None and part.height > 1 for part in (lower, upper)):
        return _raised_and_lowered(base, lower, upper)
    subscript = "" if lower is None else _subscript(lower.lines[0])
    superscript = "" if upper is None else _superscript(upper.lines[0])
    if base.height == 1:
        return one_line(base.lines[0] + subscript + superscript)
    width = max(columns_of(subscript), columns_of(superscript))
    corner = [" " * width] * base.height
    corner[-1] = padded(subscript, width)
    corner[0] = padded(superscript, width)
    return beside([base, Drawing(tuple(corner), base.baseline, width)])


def _raised_and_lowered(base: Drawing, lower: Drawing | None, upper: Drawing | None) -> Drawing:
    """Draw scripts of several lines wholly above and below the line of the base."""
    empty = one_line("")
    scripts = stacked([upper or empty, *[empty] * base.height, lower or empty], align="left")
    height_above = (upper or empty).height
    return beside([base, Drawing(scripts.lines, height_above + base.baseline, scripts.width)])


def _subscript(words: str) -> str:
    tight = words.replace(" ", "")
    letters = sum(letter.isalpha() for letter in tight)
    # A whole word in small letters is hard to read, and few fonts have all of them.
    if letters <= 1 and all(ord(letter) in SUBSCRIPTS for letter in tight):
        return tight.translate(SUBSCRIPTS)
    return f"_{tight}" if tight.isalnum() else f"_{{{tight}}}"


def _superscript(words: str) -> str:
    tight = words.replace(" ", "")
    if all(ord(letter) in SUPERSCRIPTS for letter in tight):
        return tight.translate(SUPERSCRIPTS)
    return f"^{tight}" if re.fullmatch(r"−?(\w+|\d+\.\d+)|\([^()]*\)", tight) else f"^({tight})"


def accented(base: Drawing, mark: str) -> Drawing:
    """Return a drawing with a mark over it, which is spelled out where the base is no single letter."""
    if base.height == 1 and base.width == 1:
        return one_line(unicodedata.normalize("NFC", base.lines[0] + COMBINING[mark]))
    return beside([one_line(mark), fenced("(", base, ")")])
