"""The LaTeX that prose may use: one table from every macro to what it means in the notation tree."""

from typing import Final, Literal, get_args

from msgspec import Struct

from fullmarks.math.notation import Node, Sign, SignKind, Space, Style, Symbol, Text
from fullmarks.math.notation.vocabulary import GREEK, LATEX_FUNCTIONS


class Styled(Struct, frozen=True):
    """A macro that sets its argument in a style."""

    style: Style


class Accented(Struct, frozen=True):
    """A macro that puts a mark over its argument."""

    mark: Literal["hat", "bar", "tilde", "vec", "dot"]


class Big(Struct, frozen=True):
    """A big operator, whose limits and body follow it."""

    kind: Literal["sum", "product"]


class Delimiter(Struct, frozen=True):
    """A bracket; ``either`` opens or closes as what stands before it demands, ``loose`` may stand without a partner."""

    bracket: str
    role: Literal["open", "close", "either"]
    loose: bool = False


class Structure(Struct, frozen=True):
    """A macro with a meaning of its own, which the reader spells out."""

    kind: Literal["fraction", "root", "text", "function", "brace note", "left", "right", "ignored"]


Meaning = Node | Styled | Accented | Big | Delimiter | Structure

SIGNS: Final[dict[str, SignKind]] = {
    "approx": "≈", "times": "×", "cdot": "⋅", "odot": "⊙", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "in": "∈", "to": "→", "rightarrow": "→", "ldots": "…", "dots": "…", "cdots": "…",
    "vdots": "⋮", "ast": "∗", "star": "∗", "mid": "|", "partial": "∂", "nabla": "∇", "prime": "′", "infty": "∞",
    "pm": "±", "forall": "∀", "oplus": "⊕", "%": "%", "mapsto": "↦", "sim": "∼", "propto": "∝", "lt": "<", "gt": ">",
    "colon": ":",
}  # fmt: skip

MACROS: Final[dict[str, Meaning]] = {
    **{name: Symbol(name) for name in GREEK},
    **{name: Text(name) for name in LATEX_FUNCTIONS},
    **{name: Sign(kind) for name, kind in SIGNS.items()},
    "top": Symbol("T", "upright"), "intercal": Symbol("T", "upright"), "_": Text("_"),
    ",": Space("thin"), ":": Space("thin"), ";": Space("thin"), " ": Space("thin"), "quad": Space("wide"),
    "qquad": Space("wide"),
    "mathbf": Styled("bold"), "boldsymbol": Styled("bold"), "bm": Styled("bold"), "mathit": Styled("italic"),
    "mathrm": Styled("upright"), "mathsf": Styled("upright"),
    # The tree has neither blackboard nor script letters: sets are bold as in older books, losses italic.
    "mathbb": Styled("bold"), "mathcal": Styled("italic"),
    "hat": Accented("hat"), "widehat": Accented("hat"), "bar": Accented("bar"), "overline": Accented("bar"),
    "tilde": Accented("tilde"), "widetilde": Accented("tilde"), "vec": Accented("vec"), "dot": Accented("dot"),
    "sum": Big("sum"), "prod": Big("product"),
    "{": Delimiter("{", "open"), "lbrace": Delimiter("{", "open"), "}": Delimiter("}", "close"),
    "rbrace": Delimiter("}", "close"), "lvert": Delimiter("|", "open"), "rvert": Delimiter("|", "close"),
    "lVert": Delimiter("‖", "open"), "rVert": Delimiter("‖", "close"), "|": Delimiter("‖", "either"),
    "Vert": Delimiter("‖", "either"), "vert": Delimiter("|", "either", loose=True),
    "lceil": Delimiter("⌈", "open"), "rceil": Delimiter("⌉", "close"), "lfloor": Delimiter("⌊", "open"),
    "rfloor": Delimiter("⌋", "close"), "left": Structure("left"), "right": Structure("right"),
    "frac": Structure("fraction"), "dfrac": Structure("fraction"), "tfrac": Structure("fraction"),
    "sqrt": Structure("root"), "text": Structure("text"), "textrm": Structure("text"), "mbox": Structure("text"),
    "operatorname": Structure("function"), "underbrace": Structure("brace note"),
    **{size: Structure("ignored") for size in ("big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bigg", "Bigg")},
    **{name: Structure("ignored") for name in ("!", "displaystyle", "textstyle", "limits", "nolimits")},
}  # fmt: skip

DELIMITERS: Final[dict[str, Delimiter]] = {
    "(": Delimiter("(", "open", loose=True), "[": Delimiter("[", "open", loose=True),
    ")": Delimiter(")", "close", loose=True), "]": Delimiter("]", "close", loose=True),
    "|": Delimiter("|", "either", loose=True),
}  # fmt: skip
"""Brackets typed as themselves; they may stand alone, as in ``p(y|x)``."""

CHARACTERS: Final[dict[str, Node]] = {
    **{kind: Sign(kind) for kind in get_args(SignKind) if kind not in DELIMITERS},
    **{letter: Symbol(name) for name, letter in GREEK.items()},
    "-": Sign("−"), "*": Sign("∗"), ".": Text("."), "?": Text("?"), "~": Space("thin"),
}  # fmt: skip
"""Characters other than letters and digits that mean something without a backslash."""

TEXT_CHARACTERS: Final[dict[str, str]] = {
    "textbackslash": "\\", "{": "{", "}": "}", "$": "$", "&": "&", "#": "#", "%": "%", "_": "_",
    "textasciicircum": "^", "textasciitilde": "~", "textless": "<", "textgreater": ">", "textbar": "|", " ": " ",
}  # fmt: skip
"""Macros inside words."""

MATRICES: Final = ("bmatrix", "pmatrix", "matrix", "array")
LINES: Final = ("aligned", "align", "align*", "split", "gathered")
ENVIRONMENTS: Final = (*MATRICES, *LINES, "cases")


def arguments_of(meaning: Meaning) -> str:
    """Return the arguments that a macro takes, as pylatexenc writes them."""
    match meaning:
        case Styled() | Accented():
            return "{"
        case Structure("fraction"):
            return "{{"
        case Structure("root"):
            return "[{"
        case Structure("text" | "brace note"):
            return "{"
        case Structure("function"):
            return "*{"
        case _:
            return ""
