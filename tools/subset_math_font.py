"""Make ``templates/html/math-font.woff2``: the part of STIX Math that formulas in HTML need, under a name of its own.

Source: STIXMath-Regular.otf 1.1.1 (package fonts-stix of Debian), under the SIL Open Font License 1.1, which is beside
the result as ``math-font-licence.txt``; it asks for another name, because STIX is a reserved one. Run it with
``fonttools`` and ``brotli`` installed:

    python tools/subset_math_font.py STIXMath-Regular.otf
"""

import sys
from pathlib import Path
from typing import Final, get_args

from fontTools import subset
from fontTools.ttLib import TTFont

from fullmarks.math.notation import SignKind
from fullmarks.math.notation.mathml import ACCENTS, BOLD, IRREGULAR_BOLD, IRREGULAR_ITALIC, ITALIC, LENGTHS
from fullmarks.math.notation.vocabulary import GREEK

FAMILY: Final = "Fullmarks Math"
RESULT: Final = Path(__file__).parents[1] / "templates" / "html" / "math-font.woff2"
NAMES: Final = {1: FAMILY, 2: "Regular", 3: f"{FAMILY} 1.1.1", 4: FAMILY, 6: "FullmarksMath-Regular"}
COPYRIGHT_AND_LICENCE: Final = (0, 13, 14)


def characters() -> set[str]:
    """Return all that ``mathml`` writes by itself, and the Latin letters of words in formulas."""
    printed = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100), 0x210E)}
    printed |= {*GREEK.values(), *get_args(SignKind), *ACCENTS.values(), *"⌈⌉⌊⌋‖{}|∑∏⏟√−×⋯⋱"}
    for starts in (BOLD, ITALIC):
        for first, start in starts.items():
            printed |= {chr(start + place) for place in range(LENGTHS[first])}
    unassigned = {chr(0x1D455)}  # the letter h of mathematical italics is the Planck constant
    return printed - unassigned | {*IRREGULAR_BOLD.values(), *IRREGULAR_ITALIC.values()}


def main(source: str) -> None:
    """Write the subset; a character that the source lacks is an error."""
    font = TTFont(source)
    wanted = {ord(character) for character in characters()}
    missing = wanted - set(font.getBestCmap())
    if missing:
        sys.exit(f"{source} lacks {', '.join(f'U+{code:04X}' for code in sorted(missing))}")
    options = subset.Options(
        layout_features=["ssty", "dtls", "kern", "ccmp"], name_IDs=[*NAMES, *COPYRIGHT_AND_LICENCE], hinting=False
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    for name, text in NAMES.items():
        font["name"].setName(text, name, 3, 1, 0x409)
        font["name"].removeNames(name, 1)
    cff = font["CFF "].cff
    cff.fontNames = [NAMES[6]]
    cff.topDictIndex[0].FamilyName = cff.topDictIndex[0].FullName = FAMILY
    font["head"].modified = font["head"].created  # the same font from the same source
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(RESULT)


if __name__ == "__main__":
    main(*sys.argv[1:])
