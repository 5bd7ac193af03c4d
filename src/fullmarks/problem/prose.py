r"""Sentences with mathematics and quantities in them: ``padding {padding}, weights $\mathbf{W}$``."""

import re

from fullmarks.characters import check_characters, refusal
from fullmarks.errors import FullmarksError
from fullmarks.problem.tokens import ascii_line

LONGEST_PROSE = 20_000
LONGEST_FORMULA = 2_000
DEEPEST_FORMULA = 30
_NESTING = re.compile(r"(?P<open>\{|\\left(?![A-Za-z])|\\begin(?![A-Za-z]))|\}|\\right(?![A-Za-z])|\\end(?![A-Za-z])")
_DOLLAR = re.compile(r"(?<!\\)\$")
MENTION = re.compile(r"\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}", re.ASCII)  # outside mathematics
TAB = "\t"
_TAB_IN_LINE = re.compile(r"(?<!\n)(?<!\t)\t")
_SPLIT_MACRO = re.compile(r"\n(abla|eq|u|ot|otin|parallel)(?![A-Za-z])")  # what \nabla … leave behind


def sections(text: str) -> list[tuple[str, bool]]:
    """Return the pieces of ``text`` in order, each with whether it is mathematics (it stood between dollars)."""
    return [(piece, place % 2 == 1) for place, piece in enumerate(_DOLLAR.split(text)) if piece or place % 2]


def mentions(text: str) -> list[str]:
    """Return the quantities that ``{name}`` outside mathematics mentions, each once, in order."""
    found = [name for piece, is_formula in sections(text) if not is_formula for name in MENTION.findall(piece)]
    return list(dict.fromkeys(found))


def check_prose(text: str, where: str) -> None:
    """Refuse control characters, naming what usually causes them, and a dollar without its partner."""
    if len(text) > LONGEST_PROSE:
        raise FullmarksError(f"{where}: has {len(text):,} characters; at most {LONGEST_PROSE:,} are read")
    check_characters(text, where)
    if _TAB_IN_LINE.search(text):
        raise FullmarksError(f"{where}: {refusal(TAB)}")
    if len(_DOLLAR.findall(text)) % 2:
        raise FullmarksError(f"{where}: a $ without its partner; mathematics stands between two, a dollar sign is \\$")
    for piece, is_formula in sections(text):
        if is_formula and (len(piece) > LONGEST_FORMULA or _depth(piece) > DEEPEST_FORMULA):
            raise FullmarksError(
                f"{where}: a formula of {len(piece):,} characters, {_depth(piece)} braces deep; at most "
                f"{LONGEST_FORMULA:,} characters and {DEEPEST_FORMULA} braces are read"
            )
        split = _SPLIT_MACRO.search(piece) if is_formula else None
        if split:
            raise FullmarksError(
                f"{where}: a line break before {split[1]!r}: in double quotes TOML turned \\n{split[1]} into it; "
                "put LaTeX in single quotes: '…'"
            )


def check_braces(text: str, where: str) -> None:
    """Refuse a brace outside mathematics that is no ``{name}``: it would be printed as it is."""
    for piece, is_formula in sections(text):
        rest = "" if is_formula else MENTION.sub("", piece)
        found = next((brace for brace in "{}" if brace in rest), None)
        if found is not None:
            start = rest.index(found)
            raise FullmarksError(
                f"{where}: {ascii_line(rest[start : start + 12])}: a brace that is no {{name}} of a quantity; outside "
                r"mathematics braces show quantities, and a brace itself is written $\{$ or $\}$"
            )


def _depth(formula: str) -> int:
    """Return how many braces, brackets and environments stand within one another at most."""
    depth = deepest = 0
    for opening in _NESTING.finditer(formula):
        depth += 1 if opening["open"] else -1
        deepest = max(deepest, depth)
    return deepest
